//! Cells to batches of whole rows, with the caps that hold for every format.

use std::borrow::Cow;
use std::path::Path;

use super::cell::{RawCell, RawValue, RowBatch};
use super::{FileReport, Limits, problem};
use crate::diag::CellRef;

/// Small enough that a few batches stay in the cache of two cores.
const BATCH_ROWS: usize = 512;
const BATCH_CELLS: usize = 8 << 10;
/// Inline text of one batch, so that long texts do not pile up between two threads.
const BATCH_TEXT: usize = 8 << 20;
/// Of one kind and one sheet; more of the same tells nobody anything.
const NOTES: usize = 100;

/// What a format's reader says when asked for the next cell: zero-based row and column.
pub type Next<'a> = Result<Option<(u32, u32, RawValue<'a>)>, Fault>;

/// Why a format's reader could not give the next cell.
#[derive(Debug)]
pub enum Fault {
    /// One cell is lost, the next can be read.
    Cell(String),
    /// The rest of the sheet is lost.
    Sheet(String),
}

/// Why a sheet ended before its end; Chinese.
#[derive(Debug)]
pub struct Stop(pub String);

/// What was noticed on the way: `(cell, characters)` of texts cut, `(row, detail)` of cells lost.
#[derive(Debug, Default)]
pub struct Notes {
    cut: Vec<(CellRef, usize)>,
    cut_count: usize,
    lost: Vec<(u32, String)>,
}

impl Notes {
    /// The text, cut to `limit` characters.
    pub fn cut<'a>(&mut self, text: Cow<'a, str>, limit: usize, cell: CellRef) -> Cow<'a, str> {
        // there are never more characters than bytes
        if text.len() <= limit {
            return text;
        }
        let Some((end, _)) = text.char_indices().nth(limit) else {
            return text;
        };
        self.cut_count += 1;
        if self.cut.len() < NOTES {
            self.cut.push((cell, text.chars().count()));
        }
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
            Cow::Owned(mut text) => {
                text.truncate(end);
                text.shrink_to_fit();
                Cow::Owned(text)
            }
        }
    }

    /// Writes everything into the report of the file.
    pub fn report(self, path: &Path, sheet: &str, limits: &Limits, report: &mut FileReport) {
        for (row, detail) in &self.lost {
            report.warnings.push(problem::cell_lost(path, sheet, *row, detail));
        }
        let untold = self.cut_count - self.cut.len();
        for (cell, chars) in self.cut {
            report.warnings.push(problem::cell_cut(path, sheet, cell, chars, limits.cell_chars));
        }
        if untold > 0 {
            report.choices.push(format!("工作表「{sheet}」另有 {untold} 格文字过长，同样截短"));
        }
    }
}

/// Fills batches with one sheet's rows.
pub struct Gather<'a, 'l> {
    limits: &'l Limits,
    /// Of the whole file.
    pub cells_left: u64,
    pub notes: Notes,
    /// The first cell of the row after the batch.
    pending: Option<(u32, RawCell<'a>)>,
    last: Option<(u32, u32)>,
}

impl<'a, 'l> Gather<'a, 'l> {
    pub fn new(limits: &'l Limits, cells_left: u64) -> Self {
        Self { limits, cells_left, notes: Notes::default(), pending: None, last: None }
    }

    /// Appends whole rows to `batch`; `true` when there is more behind them.
    pub fn fill(&mut self, batch: &mut RowBatch<'a>, next: &mut impl FnMut() -> Next<'a>) -> Result<bool, Stop> {
        let mut text = 0;
        if let Some((row, cell)) = self.pending.take() {
            batch.push(row, cell);
        }
        loop {
            let (row, column, value) = match next() {
                Ok(Some((row, column, value))) => (row.saturating_add(1), column, value),
                Ok(None) => return Ok(false),
                Err(Fault::Cell(detail)) => {
                    let row = self.last.map_or(1, |(row, _)| row);
                    self.notes.lost.push((row, detail));
                    if self.notes.lost.len() >= NOTES {
                        return Err(Stop(format!("读不懂的单元格超过 {NOTES} 个")));
                    }
                    continue;
                }
                Err(Fault::Sheet(detail)) => {
                    let row = self.last.map_or(0, |(row, _)| row);
                    return Err(Stop(format!("读到第 {row} 行之后中断（{detail}）")));
                }
            };
            if self.last.is_some_and(|last| last >= (row, column)) {
                return Err(Stop(format!("第 {row} 行的单元格次序颠倒或重复")));
            }
            self.last = Some((row, column));
            if self.cells_left == 0 {
                return Err(Stop(format!("单元格总数超过限额 {}", self.limits.cells)));
            }
            self.cells_left -= 1;
            if value.is_empty() {
                continue;
            }
            let value = self.cap(value, CellRef { column, row });
            let weight = if let RawValue::Text(Cow::Owned(owned)) = &value { owned.len() } else { 0 };
            let full = batch.len() >= BATCH_ROWS || batch.cells() >= BATCH_CELLS || text >= BATCH_TEXT;
            if full && batch.last().is_some_and(|(last, _)| last != row) {
                self.pending = Some((row, RawCell { column, value }));
                return Ok(true);
            }
            text += weight;
            batch.push(row, RawCell { column, value });
        }
    }

    fn cap(&mut self, value: RawValue<'a>, cell: CellRef) -> RawValue<'a> {
        match value {
            RawValue::Text(text) => RawValue::Text(self.notes.cut(text, self.limits.cell_chars, cell)),
            other => other,
        }
    }
}
