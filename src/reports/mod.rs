//! Workbooks: a plain [`Sheet`] model, one file a sheet, and `xlsx.rs`, which alone knows rust_xlsxwriter.

mod approvals;
mod audit;
pub mod capitals;
pub mod csv;
pub mod form;
mod frame;
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

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::calendar::Period;
use crate::diag::{Diag, Diags};
use crate::dispose::NoticeForm;
use crate::evaluate::{Counts, RegisterDetail, SummaryDetail};
use crate::ledger::Finding;
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
    pub findings: Cow<'a, [Finding]>,
    pub notices: Cow<'a, [NoticeForm]>,
    pub summaries: Vec<(&'a Pack, &'a Rule, SummaryDetail)>,
    pub registers: Vec<(&'a Pack, &'a Rule, RegisterDetail)>,
    /// Every verdict of the approval rules, met ones too.
    pub approvals: Vec<Finding>,
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
}

type Sheets<'m> = dyn Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm;

/// One workbook; its sheets are built when it is written.
pub struct Book<'m> {
    /// File name without a folder and with `.xlsx`.
    pub file: String,
    build: Box<Sheets<'m>>,
}

impl<'m> Book<'m> {
    fn new(title: &str, build: impl Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm) -> Self {
        let safe: String = title.chars().map(|c| if "\\/:*?\"<>|".contains(c) || c.is_control() { '_' } else { c }).collect();
        Self { file: format!("{safe}.xlsx"), build: Box::new(build) }
    }

    pub fn sheets(&self) -> Result<Vec<Sheet<'m>>, Diag> {
        let mut sheets = (self.build)()?;
        sheets.iter_mut().for_each(Sheet::fit);
        Ok(sheets)
    }
}

/// The month's workbooks, heavy ones first. A workbook without content is not there, except the statistics and the audit.
pub fn books<'m>(month: &'m Month<'m>) -> Vec<Book<'m>> {
    let mut books = Vec::new();
    books.extend(statistics::books(month));
    books.extend(audit::books(month));
    books.extend(register::books(month));
    books.extend(approvals::books(month));
    books.extend(notices::books(month));
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
            xlsx::write(&path, xlsx::Properties { title, company: month.company, as_of: month.as_of }, &sheets)?;
            Ok(path)
        })
        .collect()
}
