//! A cell after it has been understood, and both kinds of cells as text.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};

use super::table::{MONEY_SCALE, PERCENT_SCALE};
use super::{dates, numbers};
use crate::ingest::RawValue;
use crate::rules::{Field, FieldType};

/// One typed value in the units of the table's columns; text borrows from the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Value<'a> {
    #[default]
    Null,
    Text(Cow<'a, str>),
    /// Index into the field's `values`.
    Choice(usize),
    Int(i64),
    /// Mantissa at the scale of the field's type.
    Decimal(i128),
    /// Days since 1970.
    Date(i32),
    /// Milliseconds since 1970, local time.
    Datetime(i64),
    /// Seconds since midnight.
    Time(i32),
    Bool(bool),
}

impl Value<'_> {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn date(day: NaiveDate) -> Self {
        Value::Date(day.to_epoch_days())
    }

    pub fn datetime(day: NaiveDate, time: NaiveTime) -> Self {
        Value::Datetime(day.and_time(time).and_utc().timestamp_millis())
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Null => Value::Null,
            Value::Choice(at) => Value::Choice(at),
            Value::Int(int) => Value::Int(int),
            Value::Decimal(mantissa) => Value::Decimal(mantissa),
            Value::Date(day) => Value::Date(day),
            Value::Datetime(ms) => Value::Datetime(ms),
            Value::Time(second) => Value::Time(second),
            Value::Bool(bool) => Value::Bool(bool),
        }
    }

    /// As we write it in lists of repairs and duplicates.
    pub fn show(&self, field: &Field) -> String {
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.to_string(),
            Value::Choice(at) => field.values.get(*at).cloned().unwrap_or_default(),
            Value::Int(int) => int.to_string(),
            Value::Decimal(mantissa) => match field.ty {
                FieldType::Percent => format!("{}%", numbers::show(*mantissa, PERCENT_SCALE - 2)),
                _ => numbers::show(*mantissa, MONEY_SCALE),
            },
            Value::Date(day) => NaiveDate::from_epoch_days(*day).map_or_else(String::new, |d| d.to_string()),
            Value::Datetime(ms) => DateTime::from_timestamp_millis(*ms).map_or_else(String::new, |t| clock(t.date_naive(), t.time())),
            Value::Time(second) => (NaiveTime::MIN + TimeDelta::seconds(i64::from(*second))).format("%H:%M:%S").to_string(),
            Value::Bool(bool) => if *bool { "是" } else { "否" }.to_owned(),
        }
    }
}

fn clock(day: NaiveDate, time: NaiveTime) -> String {
    format!("{day} {}", time.format("%H:%M:%S%.f"))
}

/// A raw cell as Excel would show it.
pub fn raw_text(value: &RawValue<'_>) -> String {
    match value {
        RawValue::Empty => String::new(),
        RawValue::Text(text) | RawValue::Iso(text) => text.to_string(),
        RawValue::Number(number) => numbers::show_f64(*number),
        RawValue::Serial { days, is_1904 } => match dates::from_serial(*days, *is_1904) {
            _ if (0.0..1.0).contains(days) => dates::time_from_serial(*days).format("%H:%M:%S").to_string(),
            Ok(moment) => moment.time.map_or_else(|| moment.day.to_string(), |time| clock(moment.day, time)),
            Err(_) => numbers::show_f64(*days),
        },
        RawValue::Bool(bool) => if *bool { "TRUE" } else { "FALSE" }.to_owned(),
        RawValue::Error(error) => (*error).to_owned(),
    }
}
