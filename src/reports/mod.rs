//! Workbooks: a plain [`Sheet`] model, one file a sheet, and `xlsx.rs`, which alone knows rust_xlsxwriter.

mod approvals;
mod audit;
pub mod capitals;
mod contents;
pub mod csv;
mod distribution;
mod dues;
mod file_names;
pub mod form;
mod formulas;
mod frame;
mod layout;
mod listing;
mod lookup;
mod narrow;
mod notices;
mod overview;
mod people;
pub mod recompute;
mod register;
mod rejects;
pub mod restatement;
pub mod rulings;
pub mod sampling;
mod several;
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

use crate::calendar::{Calendars, Period};
use crate::diag::{Diag, Diags, unwritable};
use crate::dispose::{Matter, NoticeForm};
use crate::evaluate::{Counts, NoticeRows, RegisterDetail, SummaryDetail, TableDetail};
use crate::ledger::{Account, Finding, Findings, History, PointBook, ScoreSheet, Tallied};
use crate::normalise::{Normalised, Tables};
use crate::parallel;
use crate::rules::kinds::SentTo;
use crate::rules::{Pack, Rule, RuleSet};

pub use distribution::SENT;
use distribution::Sent;
pub use notices::{is_public, row_texts};
pub use several::{Part, pack_folders, write_several};
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
    pub findings: Cow<'a, [Arc<Finding>]>,
    pub notices: Cow<'a, [NoticeForm]>,
    /// What several packs say about the same thing.
    pub matters: &'a [Matter],
    pub summaries: Vec<(&'a Pack, &'a Rule, SummaryDetail<'a>)>,
    pub registers: Vec<(&'a Pack, &'a Rule, RegisterDetail<'a>)>,
    /// Times at the desks and losses borne.
    pub details: Vec<(&'a Pack, &'a Rule, TableDetail<'a>)>,
    /// Points of people, by the rule that gives them.
    pub points: Vec<(&'a Pack, &'a Rule, PointBook)>,
    /// Scores of people, by the rule that gives them.
    pub scores: Vec<(&'a Pack, &'a Rule, ScoreSheet)>,
    /// Rows that forms list.
    pub listed: Vec<(&'a Pack, &'a Rule, &'a NoticeRows)>,
    /// Every verdict of the approval rules, met ones too, rule by rule.
    pub approvals: Vec<Box<dyn Findings + 'a>>,
    pub every_verdict: EveryVerdict<'a>,
    /// Above this many rows a table holds values only, and says so.
    pub formula_rows: usize,
    /// Forms of the company's own, by the notice rule `pack/rule`.
    pub templates: &'a BTreeMap<String, PathBuf>,
    /// What the ledger says of the month; `None` where the run keeps none.
    pub account: Option<&'a Account>,
    /// Closed months, where the ledger knows them.
    pub history: &'a History,
    /// Where the totals of the statistics are noted for the ledger.
    pub tallied: &'a Tallied,
    /// One pack of several: what its company keeps no table for is left out.
    pub is_part: bool,
    /// The way from the folder of the workbooks to where the sources' paths begin: `../../`. Links to cells need it.
    pub source_root: &'a str,
    /// How many bytes of a source's path name the folder that all sources lie in: a reader needs what comes behind.
    pub source_folder: usize,
}

impl Month<'_> {
    /// A source's path below the folder of all of them.
    pub fn shown_file<'f>(&self, file: &'f str) -> &'f str {
        file.get(self.source_folder..).unwrap_or(file)
    }
}

/// See [`Month::source_folder`].
pub fn source_folder<'f>(files: impl Iterator<Item = &'f str>) -> usize {
    let folder = |file: &'f str| file.rfind(['/', '\\']).map_or("", |at| &file[..=at]);
    let common = files.map(folder).reduce(|one, other| {
        let alike = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        one[..one.floor_char_boundary(alike)].rfind(['/', '\\']).map_or("", |at| &one[..=at])
    });
    common.map_or(0, str::len)
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
#[derive(Clone)]
pub struct Book<'m> {
    /// Path below the output folder with `/` and `.xlsx`: `分送/会计/奖罚通知单.xlsx`.
    pub file: String,
    /// What the contents are headed with; without it the book has none.
    contents: Option<&'m Month<'m>>,
    /// Offices that are sent the whole.
    send: &'m [SentTo],
    /// What departments get of it.
    shares: Vec<(String, Book<'m>)>,
    build: Arc<Sheets<'m>>,
    /// What the whole is built by, of a book that differs from it by links out of it only.
    original: Option<Arc<Sheets<'m>>>,
}

impl<'m> Book<'m> {
    fn new(title: &str, build: impl Fn() -> Result<Vec<Sheet<'m>>, Diag> + Send + Sync + 'm) -> Self {
        let file = format!("{}.xlsx", file_names::safe(title));
        Self { file, send: &[], shares: Vec::new(), build: Arc::new(build), original: None, contents: None }
    }

    fn with_contents(self, month: &'m Month<'m>) -> Self {
        Self { contents: Some(month), ..self }
    }

    fn sent_to(self, send: &'m [SentTo]) -> Self {
        Self { send, ..self }
    }

    fn divided(self, shares: Vec<(String, Book<'m>)>) -> Self {
        Self { shares, ..self }
    }

    fn below(self, folder: &str) -> Self {
        Self { file: format!("{folder}/{}", self.file), ..self }
    }

    /// Without links to the files that it was made from.
    fn unlinked(self) -> Self {
        let build = self.build.clone();
        Self { build: Arc::new(move || Ok(build()?.into_iter().map(Sheet::unlinked).collect())), original: Some(self.build), ..self }
    }

    fn title(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or_default().trim_end_matches(".xlsx")
    }

    pub fn sheets(&self) -> Result<Vec<Sheet<'m>>, Diag> {
        let mut sheets = (self.build)()?;
        if let Some(month) = self.contents {
            contents::put(month, self.title(), &mut sheets);
        }
        sheets.iter_mut().for_each(Sheet::fit);
        Ok(sheets)
    }
}

/// The month's workbooks, heavy ones first (two are written side by side while the light ones wait), then what is
/// sent to whom. A workbook without content is not there, except the
/// statistics and the audit. Those of several sheets begin with their contents, except the rows to be mended, which are fed
/// back as they are.
///
/// # Errors
/// A table that is to be divided among departments cannot be made.
pub fn books<'m>(month: &'m Month<'m>) -> Result<Vec<Book<'m>>, Diag> {
    Ok(books_and_papers(&notices::Source::new(month))?.0)
}

/// The workbooks, and the notices on forms of the company's own.
fn books_and_papers<'m>(source: &notices::Source<'m>) -> Result<(Vec<Book<'m>>, Vec<notices::Paper<'m>>), Diag> {
    let month = source.month;
    let mut books = own_books(source)?;
    books.extend(rejects::books(month));
    books.extend(rulings::book(month).map(|book| book.with_contents(month)));
    let sent = Sent::gather(source, &books);
    let folders = distribution::folders([&sent]);
    let (sent, to_send) = sent.packed(source, &folders, None);
    books.extend(sent.into_iter().map(|book| book.with_contents(month)));
    let mut papers = notices::papers(source, "");
    papers.extend(to_send);
    Ok((books, papers))
}

/// What the rules of the month say, as workbooks.
fn own_books<'m>(source: &notices::Source<'m>) -> Result<Vec<Book<'m>>, Diag> {
    let month = source.month;
    let mut books = Vec::new();
    books.extend(statistics::books(month));
    books.extend(register::books(month)?);
    books.extend(people::books(month));
    books.extend(approvals::books(month));
    books.extend(audit::books(month));
    books.extend(listing::books(month));
    books.extend(dues::books(month));
    books.extend(notices::books(source));
    Ok(books.into_iter().map(|book| book.with_contents(month)).collect())
}

/// Writes all workbooks into `folder`, side by side; the paths come back in order of [`books`], then those of filled forms.
///
/// # Errors
/// What cannot be written, and every formula whose value is not what the statistics say.
pub fn write_all(month: &Month<'_>, folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let source = notices::Source::new(month);
    let (books, papers) = books_and_papers(&source)?;
    let filled = notices::write(&source, &papers, folder)?;
    let mut paths = write_books(month, &books, folder)?;
    paths.extend(filled);
    Ok(paths)
}

fn write_books(month: &Month<'_>, books: &[Book<'_>], folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let original = |at: usize| {
        let book = &books[at];
        let original = book.original.as_ref()?;
        books.iter().position(|other| Arc::ptr_eq(&other.build, original) && other.title() == book.title())
    };
    let (copies, made): (Vec<usize>, Vec<usize>) = (0..books.len()).partition(|at| original(*at).is_some());
    let path = |at: usize| folder.join(&books[at].file);
    let leads_out: BTreeMap<usize, bool> =
        parallel::each(&made, |at| Ok((*at, write(month, &books[*at], &path(*at))?))).into_iter().collect::<Result<_, Diags>>()?;
    let copied = parallel::each(&copies, |at| match original(*at).filter(|original| leads_out.get(original) == Some(&false)) {
        Some(original) => copy(&path(original), &path(*at)).map_err(Diags::from),
        None => write(month, &books[*at], &path(*at)).map(drop),
    });
    copied.into_iter().collect::<Result<(), Diags>>()?;
    Ok((0..books.len()).map(path).collect())
}

fn copy(original: &Path, path: &Path) -> Result<(), Diag> {
    folder_of(path)?;
    crate::fault::point("工作簿抄送以前");
    std::fs::copy(original, path).map(drop).map_err(|e| unwritable(path, &e))
}

fn folder_of(path: &Path) -> Result<(), Diag> {
    path.parent().map_or(Ok(()), |parent| std::fs::create_dir_all(parent).map_err(|e| unwritable(parent, &e)))
}

/// Whether it has links to other files.
fn write(month: &Month<'_>, book: &Book<'_>, path: &Path) -> Result<bool, Diags> {
    folder_of(path)?;
    let sheets = book.sheets()?;
    recompute::check(&book.file, &sheets)?;
    let period = &month.period.chinese();
    let properties = xlsx::Properties { title: book.title(), company: month.company, period, as_of: month.as_of };
    Ok(xlsx::write(path, properties, &sheets)?)
}
