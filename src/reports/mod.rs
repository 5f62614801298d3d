//! Workbooks: a plain [`Sheet`] model, one file a sheet, and `xlsx.rs`, which alone knows rust_xlsxwriter.

mod approvals;
mod audit;
pub mod capitals;
pub mod csv;
mod distribution;
mod file_names;
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
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::calendar::{Calendars, Period};
use crate::diag::{Diag, Diags, unwritable};
use crate::dispose::NoticeForm;
use crate::evaluate::{Counts, NoticeRows, RegisterDetail, SummaryDetail};
use crate::ledger::Finding;
use crate::normalise::{Normalised, Tables};
use crate::rules::kinds::SentTo;
use crate::rules::{Pack, Rule, RuleSet};

pub use distribution::SENT;
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
    pub calendars: &'a Calendars,
    /// One a rule, in pack order.
    pub results: Vec<RuleResult<'a>>,
    /// Breached and indeterminate, in order of rule, then source row.
    pub findings: Cow<'a, [Finding]>,
    pub notices: Cow<'a, [NoticeForm]>,
    pub summaries: Vec<(&'a Pack, &'a Rule, SummaryDetail)>,
    pub registers: Vec<(&'a Pack, &'a Rule, RegisterDetail)>,
    /// Rows that forms list.
    pub listed: Vec<(&'a Pack, &'a Rule, &'a NoticeRows)>,
    /// Every verdict of the approval rules, met ones too.
    pub approvals: Vec<Finding>,
    /// Above this many rows a table holds values only, and says so.
    pub formula_rows: usize,
    /// Forms of the company's own, by the notice rule `pack/rule`.
    pub templates: &'a BTreeMap<String, PathBuf>,
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
#[derive(Clone)]
pub struct Book<'m> {
    /// Path below the output folder with `/` and `.xlsx`: `分送/会计/奖罚通知单.xlsx`.
    pub file: String,
    /// Offices that are sent the whole.
    send: &'m [SentTo],
    build: Arc<Sheets<'m>>,
}

impl<'m> Book<'m> {
    fn new(title: &str, build: impl Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm) -> Self {
        Self { file: format!("{}.xlsx", file_names::safe(title)), send: &[], build: Arc::new(build) }
    }

    fn sent_to(self, send: &'m [SentTo]) -> Self {
        Self { send, ..self }
    }

    fn below(self, folder: &str) -> Self {
        Self { file: format!("{folder}/{}", self.file), ..self }
    }

    /// Without links to the files that it was made from.
    fn unlinked(self) -> Self {
        let build = self.build;
        Self { build: Arc::new(move || Ok(build()?.into_iter().map(Sheet::unlinked).collect())), ..self }
    }

    fn title(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".xlsx")
    }

    pub fn sheets(&self) -> Result<Vec<Sheet<'m>>, Diag> {
        let mut sheets = (self.build)()?;
        sheets.iter_mut().for_each(Sheet::fit);
        Ok(sheets)
    }
}

/// The month's workbooks, heavy ones first, then what is sent to whom. A workbook without content is not there, except the
/// statistics and the audit.
pub fn books<'m>(month: &'m Month<'m>) -> Vec<Book<'m>> {
    books_and_papers(&notices::Source::new(month)).0
}

/// The workbooks, and the notices on forms of the company's own.
fn books_and_papers<'m>(source: &notices::Source<'m>) -> (Vec<Book<'m>>, Vec<notices::Paper<'m>>) {
    let month = source.month;
    let mut books = Vec::new();
    books.extend(statistics::books(month));
    books.extend(audit::books(month));
    books.extend(register::books(month));
    books.extend(approvals::books(month));
    books.extend(notices::books(source));
    books.extend(rejects::books(month));
    let sent = distribution::sent(source, &books);
    books.extend(sent.books);
    let mut papers = notices::papers(source);
    papers.extend(sent.papers);
    (books, papers)
}

/// Writes all workbooks into `folder`, side by side; the paths come back in order of [`books`], then those of filled forms.
///
/// # Errors
/// What cannot be written, and every formula whose value is not what the statistics say.
pub fn write_all(month: &Month<'_>, folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let source = notices::Source::new(month);
    let (books, papers) = books_and_papers(&source);
    let filled = notices::write(&source, &papers, folder)?;
    let written: Result<Vec<PathBuf>, Diags> = books
        .into_par_iter()
        .with_max_len(1)
        .map(|book| {
            let path = folder.join(&book.file);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|e| unwritable(parent, &e))?;
            let sheets = book.sheets()?;
            recompute::check(&book.file, &sheets)?;
            let properties = xlsx::Properties { title: book.title(), company: month.company, as_of: month.as_of };
            xlsx::write(&path, properties, &sheets)?;
            Ok(path)
        })
        .collect();
    written.map(|books| books.into_iter().chain(filled).collect())
}
