//! Rows to typed tables: which dataset a sheet is, which field a column is, what a cell means.
//! Nothing silent: repairs, rejects, duplicates and control totals come with the tables.

mod assemble;
mod build;
mod coerce;
mod column;
mod columns;
mod dates;
mod duplicates;
mod fold;
mod frame;
mod furniture;
mod heading;
mod inline;
mod inspect;
mod numbers;
mod recognise;
mod rows;
mod sheet;
pub mod shown;
mod span;
mod table;
mod texts;
mod value;

pub use columns::explain_columns;
pub use frame::{Columns, Frame};
pub use inline::table_from_rows;
pub use inspect::{CellText, Event, RowText, events};
pub use recognise::FEEDBACK;
pub use table::{MONEY_SCALE, Origin, PERCENT_SCALE, ROW, SOURCE, Source, Table, Tables, polars_type};

use std::borrow::Borrow;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diag::{CellRef, Diag, Diags};
use crate::ingest::{self, FileReport, FileSink, Limits};
use crate::rules::Dataset;
use assemble::FileResult;
use recognise::Catalogue;
use sheet::FileReader;

/// A cell whose look was changed on the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    pub source: u32,
    pub cell: CellRef,
    pub field: String,
    pub before: String,
    pub after: String,
    /// Chinese, a few words: `文本转日期`.
    pub reason: &'static str,
}

/// A row set aside whole, with its original cells as text, ready to be mended and fed back.
#[derive(Debug, Clone)]
pub struct Reject {
    pub source: u32,
    pub row: u32,
    pub dataset: String,
    /// `(cell, field, reason)`, at least one.
    pub problems: Vec<(CellRef, String, String)>,
    /// One a column of the sheet's header, in sheet order.
    pub cells: Vec<String>,
    /// The row was mended and fed back, and its mended twin was used.
    pub resolved: bool,
}

/// Two rows that say the same (`identical`) or claim the same key.
#[derive(Debug, Clone)]
pub struct Duplicate {
    pub dataset: String,
    pub key: String,
    pub first: Origin,
    pub second: Origin,
    pub identical: bool,
}

/// Where every row of one sheet went. `read` is the sum of all the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ControlTotal {
    pub source: u32,
    /// `None`: the sheet was not taken for any dataset, and all its rows are in `unrecognised`.
    pub dataset: Option<String>,
    pub read: u64,
    pub used: u64,
    pub rejected: u64,
    pub duplicate: u64,
    /// Titles, headings, totals, signatures, notes.
    pub furniture: u64,
    pub unrecognised: u64,
}

impl ControlTotal {
    pub fn balances(&self) -> bool {
        self.read == self.used + self.rejected + self.duplicate + self.furniture + self.unrecognised
    }
}

/// What one column of one sheet was taken for, and why.
#[derive(Debug, Clone)]
pub struct ColumnMatch {
    pub source: u32,
    pub column: u32,
    pub header: String,
    /// `None`: not used.
    pub field: Option<String>,
    /// Chinese: `与字段同名`, `别名「收案日期」`, `折叠空格后相同` ….
    pub why: String,
    /// The first value below the heading; empty when there is none.
    pub sample: String,
}

/// What one sheet was taken for, and why.
#[derive(Debug, Clone, Default)]
pub struct SheetReading {
    pub source: u32,
    /// `None`: not used.
    pub dataset: Option<String>,
    /// Chinese: `工作表名符合「客诉台账」`.
    pub why: String,
    /// Row numbers of the heading, one or two; empty when none was found.
    pub heading_rows: Vec<u32>,
    /// Fields without a column.
    pub missing: Vec<MissingField>,
}

#[derive(Debug, Clone)]
pub struct MissingField {
    pub field: String,
    pub required: bool,
    /// The header that comes nearest to it.
    pub nearest: Option<String>,
}

/// Everything that came out of the files.
#[derive(Debug, Default)]
pub struct Normalised {
    pub tables: Tables,
    /// Exact number by reason; the list itself is capped.
    pub repair_count: u64,
    pub repairs: Vec<Repair>,
    pub rejects: Vec<Reject>,
    pub duplicates: Vec<Duplicate>,
    pub totals: Vec<ControlTotal>,
    pub columns: Vec<ColumnMatch>,
    /// One a source, in order.
    pub sheets: Vec<SheetReading>,
    /// `(source, original header cells in sheet order)`, for writing rejects back.
    pub headers: Vec<(u32, Vec<String>)>,
    /// What reading decided by itself: `(file, words)`.
    pub choices: Vec<(String, String)>,
    pub diags: Diags,
}

/// Reads `files` and builds one table a dataset. Files are read side by side; the result does not depend on their order
/// in time, only on the order of `files`. Problems are in [`Normalised::diags`]; with an error there nothing is to be published.
pub fn normalise<D: Borrow<Dataset>>(files: &[PathBuf], datasets: &[D], limits: &Limits, progress: &dyn Progress) -> Normalised {
    normalise_with(files, datasets, limits, progress, ingest::read)
}

/// [`normalise`] with another way to read a file.
pub fn normalise_with<D, R>(files: &[PathBuf], datasets: &[D], limits: &Limits, progress: &dyn Progress, read: R) -> Normalised
where
    D: Borrow<Dataset>,
    R: Fn(&Path, &Limits, &mut dyn FileSink) -> Result<FileReport, Diag> + Sync,
{
    progress.begin("读取表格");
    let catalogue = Catalogue::of(datasets);
    let results: Vec<FileResult> = files
        .par_iter()
        .map(|file| {
            let mut reader = FileReader::new(file, &catalogue, limits, progress);
            let report = read(file, limits, &mut reader);
            FileResult { file: file.clone(), report, sheets: reader.finish() }
        })
        .collect();
    assemble::assemble(results, &catalogue)
}

/// Told how far a long piece of work has come.
pub trait Progress: Sync {
    fn begin(&self, what: &str);
    fn advance(&self, rows: u64);
}

/// Says nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str) {}
    fn advance(&self, _: u64) {}
}
