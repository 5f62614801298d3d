//! Single cells of a table, for the few rows that somebody will read.

use chrono::DateTime;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::judged::Context;
use crate::ledger::{Moment, Place, Pool, figure};
use crate::normalise::{ROW, SOURCE, Source, Table, shown};
use crate::rules::{Field, FieldType};

/// A table with the names of its sources.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub table: Table,
    pub sources: Vec<Source>,
}

impl Reader {
    pub(super) fn of(context: &Context, table: &Table) -> Self {
        Self { table: table.clone(), sources: context.tables.sources.clone() }
    }

    fn cell(&self, field: &str, row: usize) -> Option<AnyValue<'_>> {
        self.table.frame.get(field, row).ok().filter(|value| !value.is_null())
    }

    /// The cell as people write it; `None` where it is empty.
    pub(super) fn text(&self, field: &str, row: usize) -> Option<String> {
        let text = self.exact(field, row)?;
        let is_month = self.table.dataset.field(field).is_some_and(Field::is_month);
        Some(if is_month { text.chars().take("2026-10".len()).collect() } else { text })
    }

    /// As a sentence writes it: an amount has its thousands apart.
    pub(super) fn told(&self, field: &str, row: usize) -> Option<String> {
        let is_money = self.table.dataset.field(field).is_some_and(|field| field.ty == FieldType::Money);
        if is_money { self.number(field, row).map(figure) } else { self.text(field, row) }
    }

    /// The same, where a key is made of it.
    fn exact(&self, field: &str, row: usize) -> Option<String> {
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

    /// Key values with `/` between them.
    pub(super) fn subject(&self, row: usize) -> String {
        let key = &self.table.dataset.key;
        match key.is_empty() {
            true => format!("第 {} 行", self.sheet_row(row)),
            false => self.joined(key, row),
        }
    }

    /// Values with `/` between them.
    pub(super) fn joined(&self, fields: &[String], row: usize) -> String {
        fields.iter().filter_map(|field| self.exact(field, row)).collect::<Vec<_>>().join("/")
    }

    pub(super) fn place(&self, row: usize, pool: &mut Pool) -> Place {
        let source = self.number_of(SOURCE, row).and_then(|index| self.sources.get(index as usize));
        Place {
            file: pool.share(source.map_or("", |source| source.file.as_str())),
            sheet: pool.share(source.map_or("", |source| source.sheet.as_str())),
            row: self.sheet_row(row),
        }
    }

    /// The row that Excel shows.
    pub(super) fn sheet_row(&self, row: usize) -> u32 {
        self.number_of(ROW, row).unwrap_or_default()
    }

    fn number_of(&self, origin: &str, row: usize) -> Option<u32> {
        match self.cell(origin, row)? {
            AnyValue::UInt32(number) => Some(number),
            _ => None,
        }
    }
}

/// Seconds since 1970 as a date or a date-time.
pub(super) fn from_seconds(seconds: i64, by_day: bool) -> Option<Moment> {
    let at = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    Some(if by_day { Moment::Date(at.date()) } else { Moment::Datetime(at) })
}
