//! Single cells of a table, for the few rows that somebody will read.

use chrono::DateTime;
use polars::prelude::*;
use rust_decimal::Decimal;

use crate::ledger::{Moment, Place};
use crate::normalise::{ROW, SOURCE, Source, Table, shown};

/// A table with the names of its sources.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub table: Table,
    pub sources: Vec<Source>,
}

impl Reader {
    fn cell(&self, field: &str, row: usize) -> Option<AnyValue<'_>> {
        self.table.frame.column(field).ok()?.get(row).ok().filter(|value| !value.is_null())
    }

    /// The cell as people write it; `None` where it is empty.
    pub(super) fn text(&self, field: &str, row: usize) -> Option<String> {
        shown::text(&self.cell(field, row)?)
    }

    pub(super) fn moment(&self, field: &str, row: usize) -> Option<Moment> {
        shown::moment(&self.cell(field, row)?)
    }

    pub(super) fn number(&self, field: &str, row: usize) -> Option<Decimal> {
        match self.cell(field, row)? {
            AnyValue::Decimal(digits, _, scale) => shown::decimal(digits, scale),
            AnyValue::Int64(number) => Some(Decimal::from(number)),
            _ => None,
        }
    }

    /// Values of the key's fields with `/` between them.
    pub(super) fn subject(&self, key: &[String], row: usize) -> String {
        let values: Vec<String> = key.iter().filter_map(|field| self.text(field, row)).collect();
        if values.is_empty() { format!("第 {} 行", self.place(row).row) } else { values.join("/") }
    }

    pub(super) fn place(&self, row: usize) -> Place {
        let number = |name: &str| match self.cell(name, row) {
            Some(AnyValue::UInt32(number)) => Some(number),
            _ => None,
        };
        let source = number(SOURCE).and_then(|index| self.sources.get(index as usize));
        Place {
            file: source.map(|source| source.file.clone()).unwrap_or_default(),
            sheet: source.map(|source| source.sheet.clone()).unwrap_or_default(),
            row: number(ROW).unwrap_or_default(),
        }
    }
}

/// Seconds since 1970 as a date or a date-time.
pub(super) fn from_seconds(seconds: i64, by_day: bool) -> Option<Moment> {
    let at = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    Some(if by_day { Moment::Date(at.date()) } else { Moment::Datetime(at) })
}
