//! What a reader hands on: cells with the row numbers that Excel shows.

use std::borrow::Cow;

/// One cell as the file holds it, before anybody says what it means.
#[derive(Debug, Clone, PartialEq)]
pub enum RawValue<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(f64),
    /// A serial number whose cell format is a date; days since the workbook's epoch.
    Serial {
        days: f64,
        is_1904: bool,
    },
    /// A date that the file holds as ISO 8601 text.
    Iso(Cow<'a, str>),
    Bool(bool),
    /// `#DIV/0!` and its kin, as Excel spells them.
    Error(&'static str),
}

impl RawValue<'_> {
    pub fn is_empty(&self) -> bool {
        match self {
            RawValue::Empty => true,
            RawValue::Text(text) | RawValue::Iso(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    pub fn into_owned(self) -> RawValue<'static> {
        match self {
            RawValue::Text(text) => RawValue::Text(Cow::Owned(text.into_owned())),
            RawValue::Iso(text) => RawValue::Iso(Cow::Owned(text.into_owned())),
            RawValue::Empty => RawValue::Empty,
            RawValue::Number(number) => RawValue::Number(number),
            RawValue::Serial { days, is_1904 } => RawValue::Serial { days, is_1904 },
            RawValue::Bool(bool) => RawValue::Bool(bool),
            RawValue::Error(error) => RawValue::Error(error),
        }
    }
}

/// A cell and its zero-based column.
#[derive(Debug, Clone, PartialEq)]
pub struct RawCell<'a> {
    pub column: u32,
    pub value: RawValue<'a>,
}

/// Some rows of one sheet in file order. Empty cells are left out; a row without cells is not there at all.
#[derive(Debug, Default)]
pub struct RowBatch<'a> {
    rows: Vec<(u32, usize)>,
    cells: Vec<RawCell<'a>>,
}

impl<'a> RowBatch<'a> {
    /// Appends a cell; `row` is one-based and never falls.
    pub fn push(&mut self, row: u32, cell: RawCell<'a>) {
        if self.rows.last().is_none_or(|(last, _)| *last != row) {
            self.rows.push((row, self.cells.len()));
        }
        self.cells.push(cell);
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Number of cells in all rows.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The cell pushed last, if there is one: `(row, column)`.
    pub fn last(&self) -> Option<(u32, u32)> {
        Some((self.rows.last()?.0, self.cells.last()?.column))
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.cells.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// `(row number as Excel shows it, its non-empty cells by rising column)`.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[RawCell<'a>])> {
        self.rows.iter().enumerate().map(|(at, &(row, begin))| {
            let end = self.rows.get(at + 1).map_or(self.cells.len(), |(_, begin)| *begin);
            (row, &self.cells[begin..end])
        })
    }
}
