//! Months as look-ups: which month a day lies in, and where a month begins.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use super::lower::{choose, look_up, null_of, small};

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2199;

/// Every day from 1900 to 2199.
struct Civil {
    /// Days since 1970 of the first entry.
    first: i32,
    /// Months since January of year 0.
    month: Series,
    day_of_month: Series,
    /// Months since January of year 0 of the first entry of the next two.
    first_month: i32,
    month_start: Series,
    month_length: Series,
}

static CIVIL: LazyLock<Civil> = LazyLock::new(|| {
    let days = || (FIRST_YEAR..=LAST_YEAR).flat_map(|year| (1..=12).flat_map(move |month| NaiveDate::from_ymd_opt(year, month, 1)));
    let starts: Vec<i32> = days().map(|day| day.to_epoch_days()).collect();
    let lengths: Vec<i32> = days().map(|day| i32::from(day.num_days_in_month())).collect();
    let first_month = FIRST_YEAR * 12;
    let (mut month, mut day_of_month) = (Vec::new(), Vec::new());
    for (index, length) in (first_month..).zip(&lengths) {
        for day in 1..=*length {
            month.push(index);
            day_of_month.push(day);
        }
    }
    Civil {
        first: starts.first().copied().unwrap_or_default(),
        month: Series::new("month".into(), month),
        day_of_month: Series::new("day".into(), day_of_month),
        first_month,
        month_start: Series::new("start".into(), starts),
        month_length: Series::new("length".into(), lengths),
    }
});

/// Months since January of year 0 (`year * 12 + month - 1`) of days since 1970.
pub(super) fn month(day: Expr) -> Expr {
    look_up(&CIVIL.month, day - small(CIVIL.first))
}

/// The day of the month of days since 1970, from 1.
pub(super) fn day_of_month(day: Expr) -> Expr {
    look_up(&CIVIL.day_of_month, day - small(CIVIL.first))
}

/// As [`month`], of one day.
pub(super) fn month_index(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

/// The same day so many months later, or that month's last day where it is shorter.
pub(super) fn add_months(day: Expr, months: Expr) -> Expr {
    let target = month(day.clone()) + months - small(CIVIL.first_month);
    let length = look_up(&CIVIL.month_length, target.clone());
    let of_month = day_of_month(day);
    let clamped = choose([(of_month.clone().gt(length.clone()), length)], of_month);
    look_up(&CIVIL.month_start, target) + clamped - small(1)
}

/// Days since 1970 of a day of a month; null where the month has no such day.
pub(super) fn day(month: Expr, of_month: Expr) -> Expr {
    let month = month - small(CIVIL.first_month);
    let length = look_up(&CIVIL.month_length, month.clone());
    let there = of_month.clone().gt_eq(small(1)).and(of_month.clone().lt_eq(length));
    choose([(there, look_up(&CIVIL.month_start, month) + of_month - small(1))], null_of(DataType::Int32))
}
