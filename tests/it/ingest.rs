//! Files to rows: formats, encodings, limits.

mod craft;
mod encodings;
mod refusals;
mod workbooks;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Once;

use kesu::diag::Diag;
use kesu::ingest::{FileReport, FileSink, Limits, RawValue, RowBatch, SheetSink};

/// Row number and its cells as `(column, value)`.
type Row = (u32, Vec<(u32, RawValue<'static>)>);

/// Keeps everything.
#[derive(Debug, Default)]
struct Collected {
    sheets: Vec<(String, Vec<Row>)>,
    batches: usize,
    /// Rows after which a sheet is told to end.
    enough: Option<usize>,
}

struct CollectedSheet<'c> {
    rows: &'c mut Vec<Row>,
    batches: &'c mut usize,
    enough: Option<usize>,
}

impl FileSink for Collected {
    fn sheet(&mut self, name: &str) -> Option<Box<dyn SheetSink + '_>> {
        self.sheets.push((name.to_owned(), Vec::new()));
        let rows = &mut self.sheets.last_mut().unwrap().1;
        Some(Box::new(CollectedSheet { rows, batches: &mut self.batches, enough: self.enough }))
    }
}

impl SheetSink for CollectedSheet<'_> {
    fn rows(&mut self, batch: &RowBatch<'_>) -> ControlFlow<()> {
        *self.batches += 1;
        for (row, cells) in batch.iter() {
            self.rows.push((row, cells.iter().map(|cell| (cell.column, cell.value.clone().into_owned())).collect()));
        }
        if self.enough.is_some_and(|enough| self.rows.len() >= enough) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Collected {
    /// The rows of the only sheet.
    fn only(&self) -> &[Row] {
        assert_eq!(self.sheets.len(), 1);
        &self.sheets[0].1
    }

    /// The only sheet as text: row number and `(column, text)`.
    fn texts(&self) -> Vec<(u32, Vec<(u32, String)>)> {
        let text = |value: &RawValue| match value {
            RawValue::Text(text) => text.to_string(),
            other => panic!("not a text: {other:?}"),
        };
        self.only().iter().map(|(row, cells)| (*row, cells.iter().map(|(c, v)| (*c, text(v))).collect())).collect()
    }
}

fn read_with(path: &Path, limits: &Limits) -> (Collected, Result<FileReport, Diag>) {
    static PROGRAM: Once = Once::new();
    PROGRAM.call_once(|| kesu::ingest::set_reader_program(env!("CARGO_BIN_EXE_kesu")));
    let mut sink = Collected::default();
    let outcome = kesu::ingest::read(path, limits, &mut sink);
    (sink, outcome)
}

fn read(path: &Path) -> (Collected, FileReport) {
    let (sink, outcome) = read_with(path, &Limits::default());
    (sink, outcome.unwrap())
}

fn refusal(path: &Path) -> Diag {
    let (_, outcome) = read_with(path, &Limits::default());
    outcome.unwrap_err()
}
