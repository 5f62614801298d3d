//! Periods that come again: which one a day lies in, how one is written, which one a text names.
//! A period's key is its first day, in days since 1970, or its place among months, quarters, half-years, years since year 0.

use chrono::{Datelike, Days, NaiveDate};
use polars::prelude::*;

use super::civil;
use super::lower::{choose, look_up, null_of, small};
use crate::calendar::Calendar;
use crate::rules::Every;

const WEEK: i32 = 7;
/// Days from a Monday to 1970-01-01.
const TO_MONDAY: i32 = 3;

/// Months since January of year 0 to the first of that month.
fn month_start(index: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(index.div_euclid(12), u32::try_from(index.rem_euclid(12)).ok()? + 1, 1)
}

/// One period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// Whether there is such a period is known: the calendar reaches so far.
    pub covered: bool,
}

/// Every period that has a day between two days, in order. Where the calendar does not reach, a working day or a holiday may
/// be any day: a month's first uncovered day stands for the holidays that nobody knows.
pub(super) fn spans(every: Every, calendar: Option<&Calendar>, from: NaiveDate, to: NaiveDate) -> Vec<Span> {
    match every {
        Every::Holiday | Every::HolidayBlock => holidays(every, calendar, from, to),
        _ => {
            let Some(start) = first_day(every, from) else { return Vec::new() };
            let firsts = (0..).map_while(|by| shifted(every, start, by)).take_while(|first| *first <= to);
            let spans = firsts.filter_map(|first| {
                let works = if every == Every::WorkDay { calendar.and_then(|calendar| calendar.is_working(first)) } else { Some(true) };
                let last = shifted(every, first, 1)?.pred_opt()?;
                (works != Some(false)).then_some(Span { first, last, covered: works.is_some() })
            });
            spans.collect()
        }
    }
}

fn holidays(every: Every, calendar: Option<&Calendar>, from: NaiveDate, to: NaiveDate) -> Vec<Span> {
    let is_off = |day: NaiveDate| calendar.and_then(|calendar| calendar.is_holiday(day));
    let off_before = |day: &NaiveDate| day.pred_opt().filter(|before| is_off(*before) == Some(true));
    // a run of days off that began before
    let mut start = from;
    if every == Every::HolidayBlock && is_off(from) == Some(true) {
        while let Some(before) = off_before(&start) {
            start = before;
        }
    }
    let mut spans: Vec<Span> = Vec::new();
    let mut unknown = None;
    for day in start.iter_days() {
        let joins = spans.last().is_some_and(|span| span.covered && span.last.succ_opt() == Some(day));
        if day > to && !(every == Every::HolidayBlock && joins && is_off(day) == Some(true)) {
            break;
        }
        let month = civil::month_index(day);
        match (is_off(day), spans.last_mut()) {
            (Some(false), _) => {}
            (Some(true), Some(span)) if every == Every::HolidayBlock && joins => span.last = day,
            (Some(true), _) => spans.push(Span { first: day, last: day, covered: true }),
            (None, _) if unknown == Some(month) => {}
            (None, _) => {
                unknown = Some(month);
                spans.push(Span { first: day, last: day, covered: false });
            }
        }
    }
    spans
}

/// The first day (days since 1970) of the listed period that a day lies in; null outside them.
pub(super) fn within_spans(spans: &[Span], day: Expr) -> Expr {
    let Some(start) = spans.iter().map(|span| span.first).min() else { return null_of(DataType::Int32) };
    let end = spans.iter().map(|span| span.last).max().unwrap_or(start);
    let mut firsts: Vec<Option<i32>> = vec![None; (end - start).num_days() as usize + 1];
    for span in spans {
        for day in span.first.iter_days().take_while(|day| *day <= span.last) {
            firsts[(day - start).num_days() as usize] = Some(span.first.to_epoch_days());
        }
    }
    look_up(&Series::new("first".into(), firsts), day - small(start.to_epoch_days()))
}

/// First day of the period that a day lies in.
pub(super) fn first_day(every: Every, day: NaiveDate) -> Option<NaiveDate> {
    match (every, every.months()) {
        (_, Some(months)) => {
            let months = months as i32;
            month_start(civil::month_index(day).div_euclid(months) * months)
        }
        (Every::Week, _) => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        _ => Some(day),
    }
}

/// First day of the period so many behind the one that begins with `first`; before it where negative.
pub(super) fn shifted(every: Every, first: NaiveDate, by: i32) -> Option<NaiveDate> {
    match every.months() {
        Some(months) => month_start(civil::month_index(first) + by * months as i32),
        None => first.checked_add_signed(chrono::Duration::days(i64::from(by) * if every == Every::Week { 7 } else { 1 })),
    }
}

/// The key of the period that begins with `first`.
pub(super) fn key(every: Every, first: NaiveDate) -> i32 {
    match every.months() {
        Some(months) => civil::month_index(first).div_euclid(months as i32),
        None => first.to_epoch_days(),
    }
}

/// How much the key grows from one period to the next.
pub(super) fn step(every: Every) -> i32 {
    if every == Every::Week { WEEK } else { 1 }
}

/// `2026-10-09` `2026-W41` `2026-10` `2026-Q4` `2026-H2` `2026`
pub(super) fn label(every: Every, first: NaiveDate) -> String {
    let (year, month) = (first.year(), first.month0());
    match every {
        Every::Day | Every::WorkDay | Every::Holiday | Every::HolidayBlock => first.to_string(),
        Every::Week => format!("{}-W{:02}", first.iso_week().year(), first.iso_week().week()),
        Every::Month => format!("{year}-{:02}", month + 1),
        Every::Quarter => format!("{year}-Q{}", month / 3 + 1),
        Every::HalfYear => format!("{year}-H{}", month / 6 + 1),
        Every::Year => year.to_string(),
    }
}

/// The key of the period that a day (days since 1970) lies in.
pub(super) fn key_of(every: Every, day: Expr) -> Expr {
    match every.months() {
        Some(1) => civil::month(day),
        Some(months) => civil::month(day).floor_div(small(months as i32)),
        None if every == Every::Week => day.clone() - (day + small(TO_MONDAY)) % small(WEEK),
        None => day,
    }
}

/// The key of the period that a text names; null where it names none. A date names the period that it lies in.
pub(super) fn named(every: Every, text: &Expr) -> Expr {
    let own = match every {
        Every::Day | Every::WorkDay | Every::Holiday | Every::HolidayBlock => null_of(DataType::Int32),
        Every::Week => week(text),
        Every::Month => month(text),
        Every::Quarter => part(text, QUARTER, 4, &["一", "二", "三", "四"]),
        Every::HalfYear => part(text, HALF_YEAR, 2, &["上", "下"]),
        Every::Year => number(text, YEAR, 1),
    };
    key_of(every, day(text)).fill_null(own)
}

/// The last day of whatever period a text names: a day, a week, a month, a part of a year, a year.
pub(super) fn last_day(text: &Expr) -> Expr {
    let before = |month: Expr| civil::day(month, small(1)) - small(1);
    let of_months = |own: Expr, months: i32| before((own + small(1)) * small(months));
    let week = week(text) + small(WEEK - 1);
    let half = of_months(part(text, HALF_YEAR, 2, &["上", "下"]), 6);
    let quarter = of_months(part(text, QUARTER, 4, &["一", "二", "三", "四"]), 3);
    let year = of_months(number(text, YEAR, 1), 12);
    [of_months(month(text), 1), week, half, quarter, year].into_iter().fold(day(text), |known, next| known.fill_null(next))
}

const DAY: &str = r"^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T].*)?$";
const SHORT_DAY: &str = r"^([0-9]{4})([0-9]{2})([0-9]{2})$";
const MONTH: &str = r"^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*(?:月|月份|月度)?$";
const SHORT_MONTH: &str = r"^([0-9]{4})([0-9]{2})$";
const QUARTER: &str = r"^([0-9]{4})\s*(?:年|年度|[-/.])?\s*(?:[Qq]|第|第\s)?\s*([1-4一二三四])\s*(?:季|季度)?$";
const HALF_YEAR: &str = r"^([0-9]{4})\s*(?:年|年度|[-/.])?\s*(?:[Hh]([12])|([上下])半年)$";
const YEAR: &str = r"^([0-9]{4})\s*(?:年|年度)?$";
const WEEK_OF_YEAR: &str = r"^([0-9]{4})-?[Ww]([0-9]{1,2})$";

fn capture(text: &Expr, pattern: &str, group: usize) -> Expr {
    text.clone().str().extract(lit(pattern), group)
}

fn number(text: &Expr, pattern: &str, group: usize) -> Expr {
    capture(text, pattern, group).cast(DataType::Int32)
}

/// A number within bounds, else null.
fn within(number: Expr, most: i32) -> Expr {
    choose([(number.clone().gt_eq(small(1)).and(number.clone().lt_eq(small(most))), number)], null_of(DataType::Int32))
}

fn month_of(text: &Expr, pattern: &str) -> Expr {
    number(text, pattern, 1) * small(12) + within(number(text, pattern, 2), 12) - small(1)
}

fn month(text: &Expr) -> Expr {
    month_of(text, MONTH).fill_null(month_of(text, SHORT_MONTH))
}

fn day(text: &Expr) -> Expr {
    let by = |pattern: &str| civil::day(month_of(text, pattern), number(text, pattern, 3));
    by(DAY).fill_null(by(SHORT_DAY))
}

/// ISO weeks alone: how a company numbers its weeks is not to be guessed.
fn week(text: &Expr) -> Expr {
    let fourth = civil::day(number(text, WEEK_OF_YEAR, 1) * small(12), small(4));
    key_of(Every::Week, fourth) + (within(number(text, WEEK_OF_YEAR, 2), 53) - small(1)) * small(WEEK)
}

/// A part of a year, by its number or its word.
fn part(text: &Expr, pattern: &str, parts: i32, words: &[&str]) -> Expr {
    let written = capture(text, pattern, 2).fill_null(capture(text, pattern, 3));
    let worded = words.iter().zip(1..).map(|(word, index)| (written.clone().eq(lit(*word)), small(index)));
    let index = choose(worded.collect::<Vec<_>>(), written.cast(DataType::Int32));
    number(text, pattern, 1) * small(parts) + within(index, parts) - small(1)
}
