//! Workbooks: a plain [`Sheet`] model, one file a sheet, and `xlsx.rs`, which alone knows rust_xlsxwriter.

mod approvals;
mod audit;
pub mod capitals;
mod contents;
pub mod csv;
mod formulas;
mod frame;
mod listing;
mod lookup;
mod notices;
pub mod recompute;
mod register;
mod rejects;
pub mod sheet;
mod statistics;
pub mod text;
pub mod width;
mod wording;
pub mod xlsx;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::calendar::Period;
use crate::diag::{Diag, Diags};
use crate::dispose::NoticeForm;
use crate::evaluate::{Counts, RegisterDetail, SummaryDetail, TableDetail};
use crate::ledger::{Finding, Findings};
use crate::normalise::{Normalised, Tables};
use crate::rules::{Pack, Rule, RuleSet};

pub use sheet::Sheet;

/// Everything a month's workbooks are made of; all of them are made of the same.
#[derive(Debug)]
pub struct Month<'a> {
    pub company: &'a str,
    pub period: Period,
    pub as_of: NaiveDate,
    pub rules: &'a RuleSet,
    pub input: &'a Normalised,
    /// The tables that were judged, with lookups and derived fields.
    pub tables: &'a Tables,
    /// One a rule, in pack order.
    pub results: Vec<RuleResult<'a>>,
    /// Breached and indeterminate, in order of rule, then source row.
    pub findings: Cow<'a, [Arc<Finding>]>,
    pub notices: Cow<'a, [NoticeForm]>,
    pub summaries: Vec<(&'a Pack, &'a Rule, SummaryDetail<'a>)>,
    pub registers: Vec<(&'a Pack, &'a Rule, RegisterDetail<'a>)>,
    /// Times at the desks and losses borne.
    pub details: Vec<(&'a Pack, &'a Rule, TableDetail<'a>)>,
    /// Every verdict of the approval rules, met ones too, rule by rule.
    pub approvals: Vec<Box<dyn Findings + 'a>>,
    pub every_verdict: EveryVerdict<'a>,
    /// Above this many rows a table holds values only, and says so.
    pub formula_rows: usize,
    /// The way from the folder of the workbooks to where the sources' paths begin: `../../`. Links to cells need it.
    pub source_root: &'a str,
}

/// What became of one rule.
#[derive(Debug)]
pub struct RuleResult<'a> {
    pub pack: &'a Pack,
    pub rule: &'a Rule,
    pub counts: Counts,
    /// Columns that the rule is switched on by and the data does not have.
    pub absent: &'a [String],
}

type Ask<'a> = dyn Fn(&Pack, &Rule) -> Result<Vec<Finding>, Diag> + Send + Sync + 'a;

/// All verdicts of one rule, met ones too, made when a book asks for them.
pub struct EveryVerdict<'a>(Box<Ask<'a>>);

impl<'a> EveryVerdict<'a> {
    pub fn new(ask: impl Fn(&Pack, &Rule) -> Result<Vec<Finding>, Diag> + Send + Sync + 'a) -> Self {
        Self(Box::new(ask))
    }

    pub fn of(&self, pack: &Pack, rule: &Rule) -> Result<Vec<Finding>, Diag> {
        (self.0)(pack, rule)
    }
}

impl std::fmt::Debug for EveryVerdict<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EveryVerdict")
    }
}

type Sheets<'m> = dyn Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm;

/// One workbook; its sheets are built when it is written.
pub struct Book<'m> {
    /// File name without a folder and with `.xlsx`.
    pub file: String,
    build: Box<Sheets<'m>>,
    /// What the contents are headed with; without it the book has none.
    contents: Option<&'m Month<'m>>,
}

impl<'m> Book<'m> {
    fn new(title: &str, build: impl Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm) -> Self {
        let safe: String = title.chars().map(|c| if "\\/:*?\"<>|".contains(c) || c.is_control() { '_' } else { c }).collect();
        Self { file: format!("{safe}.xlsx"), build: Box::new(build), contents: None }
    }

    fn with_contents(self, month: &'m Month<'m>) -> Self {
        Self { contents: Some(month), ..self }
    }

    pub fn sheets(&self) -> Result<Vec<Sheet<'m>>, Diag> {
        let mut sheets = (self.build)()?;
        if let Some(month) = self.contents {
            contents::put(month, self.file.trim_end_matches(".xlsx"), &mut sheets);
        }
        sheets.iter_mut().for_each(Sheet::fit);
        Ok(sheets)
    }
}

impl Month<'_> {
    /// The title of a statistic, with its pack's where another pack has one of the same title.
    fn statistic_title(&self, pack: &Pack, rule: &Rule) -> String {
        let all =
            self.summaries.iter().map(|(pack, rule, _)| (pack, rule)).chain(self.registers.iter().map(|(pack, rule, _)| (pack, rule)));
        let mut alike = all.filter(|(other, known)| known.head.title == rule.head.title && other.id != pack.id);
        match alike.next() {
            Some(_) => format!("{}({})", rule.head.title, pack.title),
            None => rule.head.title.clone(),
        }
    }
}

/// The month's workbooks, heavy ones first. A workbook without content is not there, except the statistics and the audit.
/// Those of several sheets begin with their contents, except the rows to be mended, which are fed back as they are.
pub fn books<'m>(month: &'m Month<'m>) -> Vec<Book<'m>> {
    let mut books = Vec::new();
    books.extend(statistics::books(month));
    books.extend(audit::books(month));
    books.extend(register::books(month));
    books.extend(approvals::books(month));
    books.extend(listing::books(month));
    books.extend(notices::books(month));
    books = books.into_iter().map(|book| book.with_contents(month)).collect();
    books.extend(rejects::books(month));
    books
}

/// Writes all workbooks into `folder`, side by side; the paths come back in order of [`books`].
///
/// # Errors
/// What cannot be written, and every formula whose value is not what the statistics say.
pub fn write_all(month: &Month<'_>, folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    books(month)
        .into_par_iter()
        .with_max_len(1)
        .map(|book| {
            let path = folder.join(&book.file);
            let title = book.file.trim_end_matches(".xlsx");
            let sheets = book.sheets()?;
            recompute::check(&book.file, &sheets)?;
            let period = &month.period.chinese();
            xlsx::write(&path, xlsx::Properties { title, company: month.company, period, as_of: month.as_of }, &sheets)?;
            Ok(path)
        })
        .collect()
}
