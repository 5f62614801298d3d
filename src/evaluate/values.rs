//! Columns of small frames as plain values.

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use crate::normalise::shown;

pub(super) fn whole(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    Ok(frame.column(name)?.cast(&DataType::Int64)?.i64()?.iter().collect())
}

/// Counts and places: what is below zero is none.
pub(super) fn indices(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<usize>>> {
    Ok(whole(frame, name)?.into_iter().map(|value| value.and_then(|value| usize::try_from(value).ok())).collect())
}

/// Out of days since 1970.
pub(super) fn days(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<NaiveDate>>> {
    let day = |value: i64| NaiveDate::from_epoch_days(i32::try_from(value).ok()?);
    Ok(whole(frame, name)?.into_iter().map(|value| value.and_then(day)).collect())
}

pub(super) fn decimals(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<Decimal>>> {
    let column = frame.column(name)?;
    let value = |at: usize| match column.get(at) {
        Ok(AnyValue::Decimal(digits, _, scale)) => shown::decimal(digits, scale),
        _ => None,
    };
    Ok((0..frame.height()).map(value).collect())
}

/// The words of a set of bits.
pub(super) fn words(set: Option<i64>, words: &[String]) -> impl Iterator<Item = String> + '_ {
    let set = set.unwrap_or_default();
    words.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1).map(|(_, word)| word.clone())
}
