//! A verdict's own row in the tables: values that the finding itself does not carry.

use std::collections::BTreeMap;

use super::Month;
use super::frame::FrameColumn;
use super::sheet::Value;
use crate::ledger::Place;
use crate::normalise::{ROW, SOURCE, Table};

/// Rows of one dataset by the place that a finding names.
pub struct Lookup<'m> {
    table: Option<&'m Table>,
    /// Source and row of the sheet, a pair a row of the table, rising as the table's rows do.
    origins: Option<(FrameColumn<'m>, FrameColumn<'m>)>,
    sources: BTreeMap<(&'m str, &'m str), i64>,
}

impl<'m> Lookup<'m> {
    /// A dataset that is not there has no rows.
    pub fn new(month: &'m Month<'m>, dataset: &str) -> Self {
        let table = month.tables.get(dataset);
        let column = |name| table.and_then(|table| FrameColumn::of_table(&table.frame, name).ok());
        let sources = (0..).zip(&month.tables.sources).map(|(at, s)| ((s.file.as_str(), s.sheet.as_str()), at)).collect();
        Self { table, origins: column(SOURCE).zip(column(ROW)), sources }
    }

    /// The column of a field; `None` where the dataset has no such field.
    pub fn column(&self, field: &str) -> Option<FrameColumn<'m>> {
        FrameColumn::of_table(&self.table?.frame, field).ok()
    }

    /// Row of the table.
    pub fn row(&self, place: &Place) -> Option<usize> {
        let (sources, rows) = self.origins.as_ref()?;
        let wanted = (*self.sources.get(&(place.file.as_str(), place.sheet.as_str()))?, i64::from(place.row));
        let origin = |at: usize| match (sources.get(at), rows.get(at)) {
            (Value::Int(source), Value::Int(row)) => (source, row),
            _ => (-1, -1),
        };
        let (mut low, mut high) = (0, self.table?.frame.height());
        while low < high {
            let middle = low + (high - low) / 2;
            if origin(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        (low < self.table?.frame.height() && origin(low) == wanted).then_some(low)
    }
}
