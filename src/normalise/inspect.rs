//! Single rows and small columns of the tables as plain values, for people to read.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::ledger::Moment;

use super::{Origin, ROW, SOURCE, Table, Tables, shown};

/// One row of a table.
#[derive(Debug, Clone)]
pub struct RowText {
    pub dataset: String,
    pub origin: Origin,
    /// Fields that are not empty, in the dataset's order.
    pub cells: Vec<CellText>,
}

#[derive(Debug, Clone)]
pub struct CellText {
    pub field: String,
    pub text: String,
    /// For dates and date-times.
    pub moment: Option<Moment>,
}

impl Tables {
    /// Rows of every dataset whose first key field is `subject`, in order of dataset and row.
    pub fn rows_about(&self, subject: &str) -> Vec<RowText> {
        self.tables.iter().flat_map(|table| table.rows_about(subject)).collect()
    }

    /// Pairs of a date field and a yes-or-no field, rows with an empty one left out; empty without the dataset.
    pub fn dates_and_flags(&self, dataset: &str, date: &str, flag: &str) -> Vec<(NaiveDate, bool)> {
        let Some(frame) = self.get(dataset).map(|t| &t.frame) else { return Vec::new() };
        let (Ok(dates), Ok(flags)) = (frame.column(date), frame.column(flag)) else { return Vec::new() };
        (0..frame.height())
            .filter_map(|row| match (dates.get(row).ok()?, flags.get(row).ok()?) {
                (date, AnyValue::Boolean(flag)) => Some((shown::moment(&date)?.date(), flag)),
                _ => None,
            })
            .collect()
    }
}

impl Table {
    fn rows_about(&self, subject: &str) -> Vec<RowText> {
        let Some(keys) = self.dataset.key.first().and_then(|key| self.frame.column(key).ok()).and_then(|c| c.str().ok().cloned()) else {
            return Vec::new();
        };
        keys.iter().enumerate().filter(|(_, key)| *key == Some(subject)).filter_map(|(row, _)| self.row(row)).collect()
    }

    fn row(&self, row: usize) -> Option<RowText> {
        let number = |column: &str| self.frame.column(column).ok()?.u32().ok()?.get(row);
        let cells = self
            .frame
            .columns()
            .iter()
            .filter(|column| ![SOURCE, ROW].contains(&column.name().as_str()))
            .filter_map(|column| {
                let value = column.get(row).ok()?;
                Some(CellText { field: column.name().to_string(), text: shown::text(&value)?, moment: shown::moment(&value) })
            })
            .collect();
        Some(RowText { dataset: self.dataset.name.clone(), origin: Origin { source: number(SOURCE)?, row: number(ROW)? }, cells })
    }
}
