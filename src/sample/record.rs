//! A row of a ledger as plain values, before any workbook spoils them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::table::{Column, Heading, Ledger, Row, Spot, Table, Wording};
use super::untidy::{Cell, Clerk};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Day(NaiveDate),
    Count(i64),
    /// Fen.
    Money(i64),
    Percent(u32),
    Yes(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Value::Day(day)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Value::Yes(yes)
    }
}

/// Fields that are not there are empty cells. Fields that no sheet prints are what the row's case says.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub at: Option<(Ledger, usize)>,
    /// What findings about the row name first.
    pub subject: String,
    /// The month in whose workbook it stands.
    pub filed: u32,
    /// Never written, though it should have been.
    pub is_gone: bool,
    fields: BTreeMap<&'static str, Value>,
}

impl Record {
    pub fn about(subject: &str, filed: u32) -> Self {
        Self { subject: subject.to_owned(), filed, ..Self::default() }
    }

    pub fn with(mut self, field: &'static str, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    pub fn with_some(self, field: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    pub fn set(&mut self, field: &'static str, value: impl Into<Value>) {
        self.fields.insert(field, value.into());
    }

    pub fn clear(&mut self, field: &str) {
        self.fields.remove(field);
    }

    /// Forgets every day after `last`.
    pub fn until(mut self, last: NaiveDate) -> Self {
        self.fields.retain(|_, value| !matches!(value, Value::Day(day) if *day > last));
        self
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// Empty where the field is.
    pub fn said(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub fn on(&self, field: &str) -> Option<NaiveDate> {
        match self.fields.get(field) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    pub fn is_in(&self, field: &str, month: u32) -> bool {
        self.on(field).is_some_and(|day| day.month() == month)
    }

    pub fn number(&self, field: &str) -> Option<i64> {
        match self.fields.get(field) {
            Some(Value::Count(number) | Value::Money(number)) => Some(*number),
            Some(Value::Percent(percent)) => Some(i64::from(*percent)),
            _ => None,
        }
    }

    /// `None` where the field is empty.
    pub fn says_yes(&self, field: &str) -> Option<bool> {
        match self.fields.get(field) {
            Some(Value::Yes(yes)) => Some(*yes),
            _ => None,
        }
    }

    pub fn spot(&self) -> Spot {
        self.at.map_or(Spot::Nowhere, |(ledger, index)| Spot::Line(ledger, index))
    }

    pub fn cell(&self, field: &str, clerk: &mut Clerk) -> Cell {
        match self.fields.get(field) {
            None => Cell::Blank,
            Some(Value::Text(text)) => Cell::Text(text.clone()),
            Some(Value::Day(day)) => clerk.date(*day),
            Some(Value::Count(count)) => clerk.count(*count),
            Some(Value::Money(fen)) => clerk.money(*fen),
            Some(Value::Percent(percent)) => clerk.percent(*percent),
            Some(Value::Yes(true)) => clerk.one_of(&["是", "√"]),
            Some(Value::Yes(false)) => clerk.one_of(&["否", "×"]),
        }
    }
}

pub fn table(records: &[&Record], headings: &[Heading], wording: Wording, clerk: &mut Clerk) -> Table {
    let columns = headings.iter().map(|heading| Column::of(heading, wording)).collect();
    let rows = records
        .iter()
        .map(|record| Row { spot: record.spot(), cells: headings.iter().map(|(field, ..)| record.cell(field, clerk)).collect() });
    Table { columns, rows: rows.collect(), merges: Vec::new() }
}
