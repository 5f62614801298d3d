//! One cell of a typed table as plain values.

use chrono::{DateTime, NaiveDate};
use polars::prelude::{AnyValue, TimeUnit};
use rust_decimal::Decimal;

use super::PERCENT_SCALE;
use crate::ledger::Moment;

/// A decimal column's digits; `None` beyond 28 of them.
pub fn decimal(digits: i128, scale: usize) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(digits, u32::try_from(scale).ok()?).ok()
}

/// `None` for anything but a date or a date-time.
pub fn moment(value: &AnyValue) -> Option<Moment> {
    match value {
        AnyValue::Date(days) => NaiveDate::from_epoch_days(*days).map(Moment::Date),
        AnyValue::Datetime(millis, TimeUnit::Milliseconds, _) | AnyValue::DatetimeOwned(millis, TimeUnit::Milliseconds, _) => {
            DateTime::from_timestamp_millis(*millis).map(|at| Moment::Datetime(at.naive_utc()))
        }
        _ => None,
    }
}

/// The cell as people write it, a percentage with its sign; `None` where it is empty.
pub fn text(value: &AnyValue) -> Option<String> {
    Some(match value {
        AnyValue::Null => return None,
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(yes) => if *yes { "是" } else { "否" }.to_owned(),
        AnyValue::Int64(number) => number.to_string(),
        AnyValue::Int32(seconds) => format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60),
        AnyValue::Decimal(digits, _, PERCENT_SCALE) => {
            format!("{}%", (decimal(*digits, PERCENT_SCALE)? * Decimal::ONE_HUNDRED).normalize())
        }
        AnyValue::Decimal(digits, _, scale) => decimal(*digits, *scale)?.normalize().to_string(),
        value => moment(value)?.words(),
    })
}
