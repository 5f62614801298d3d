//! Points of a person over a window of months. Persons are few: this is plain arithmetic over rows that polars has judged.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use polars::prelude::*;
use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::evaluate::judged::column;
use crate::evaluate::people;
use crate::evaluate::periods;
use crate::ledger::{Outcome, Person, PointSum, PointWindow, Standing, YearMonth};
use crate::normalise::MONEY_SCALE;
use crate::rules::Every;
use crate::rules::kinds::{Accumulation, Points, Reached};

/// One judged row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// `None`: only the ledger has it.
    pub row: Option<usize>,
    pub person: Person,
    pub day: Option<NaiveDate>,
    /// `None`: not known, not counted.
    pub points: Option<Decimal>,
    /// The row names no unit, and was given to the person's only one.
    pub adopted: bool,
}

/// The sum of one person, with the row that the verdict points at.
pub(super) struct Sum {
    pub sum: PointSum,
    pub row: Option<usize>,
    /// The name stands in several units of this window.
    pub shared_name: bool,
}

/// All sums of one window.
pub(super) struct Summed<'a> {
    pub version: usize,
    pub line: &'a Reached,
    pub months: Vec<NaiveDate>,
    pub empty: Vec<NaiveDate>,
    /// Months of which the table has fewer rows than the ledger when it was closed, and how many fewer.
    pub fewer: Vec<(NaiveDate, usize)>,
    pub label: String,
    pub sums: Vec<Sum>,
}

impl Summed<'_> {
    pub(super) fn shown(self, period: Period) -> (PointWindow, Vec<PointSum>) {
        let months = self.months.into_iter().filter(|month| *month <= period.last).collect();
        let window = PointWindow { label: self.label, months, empty: self.empty };
        (window, self.sums.into_iter().map(|sum| sum.sum).collect())
    }
}

/// The windows that end in the period or are running in it, each with the version that says so.
fn windows(rule: &Points, period: Period) -> Vec<(usize, &Reached, String, NaiveDate, NaiveDate)> {
    let mut windows = Vec::new();
    for (at, version) in rule.schedules.versions.iter().enumerate() {
        let Some(line) = &version.body.line else { continue };
        let until = rule.schedules.versions.get(at + 1).map(|next| next.from);
        let first_version = at == 0;
        for (label, first, last) in each_window(line.window, period) {
            let begun = version.from <= first || first_version && version.from <= last;
            if begun && until.is_none_or(|until| until > first) {
                windows.push((at, line, label, first, last));
            }
        }
    }
    windows.sort_by_key(|(.., first, last)| (*first, *last));
    windows
}

/// Label, first day, last day that counts.
fn each_window(window: Accumulation, period: Period) -> Vec<(String, NaiveDate, NaiveDate)> {
    let every = match window {
        Accumulation::Calendar(every) => every,
        Accumulation::Rolling(_) => Every::Month,
    };
    let start = periods::first_day(every, period.first);
    let firsts = (0..).map_while(|by| periods::shifted(every, start?, by)).take_while(|first| *first <= period.last);
    let each = firsts.filter_map(|first| {
        let last = periods::shifted(every, first, 1)?.pred_opt()?.min(period.last);
        let begins = match window {
            Accumulation::Calendar(_) => first,
            Accumulation::Rolling(months) => first.checked_sub_months(Months::new(months.saturating_sub(1)))?,
        };
        Some((periods::label(every, first), begins, last))
    });
    each.collect()
}

/// The first day that some window of the period needs.
pub(super) fn earliest(rule: &Points, period: Period) -> NaiveDate {
    windows(rule, period).iter().map(|(.., first, _)| *first).chain([period.first]).min().unwrap_or(period.first)
}

/// The records of a window, each with its person; points are not known where the row may be another's.
fn of_window(records: &[Record], first: NaiveDate, last: NaiveDate) -> (Vec<Record>, BTreeSet<String>) {
    let inside = |record: &Record| record.day.is_none_or(|day| (first..=last).contains(&day));
    let inside = records.iter().enumerate().filter(|(_, record)| inside(record));
    let assigned = people::assigned(inside.map(|(at, record)| (at, &record.person)));
    let own = assigned.rows.into_iter().filter_map(|(person, at, doubt)| {
        let record = records.get(at)?;
        let adopted = person != record.person;
        Some(Record { person, points: record.points.filter(|_| !doubt), adopted, ..record.clone() })
    });
    (own.collect(), assigned.shared)
}

pub(super) fn sums<'a>(rule: &'a Points, period: Period, records: &[Record], fewer: &BTreeMap<YearMonth, usize>) -> Vec<Summed<'a>> {
    let each = windows(rule, period).into_iter().map(|(version, line, label, first, last)| {
        let (own, shared) = of_window(records, first, last);
        let months: Vec<NaiveDate> =
            (0..).map_while(|by| periods::shifted(Every::Month, first, by)).take_while(|month| *month <= last).collect();
        let is_empty = |month: &&NaiveDate| !own.iter().filter_map(|record| record.day).any(|day| same_month(day, **month));
        let empty = months.iter().filter(is_empty).copied().collect();
        let fewer = months.iter().filter_map(|month| Some((*month, *fewer.get(&YearMonth::of(*month))?))).collect();
        let mut by_person: BTreeMap<&Person, Vec<&Record>> = BTreeMap::new();
        for record in &own {
            by_person.entry(&record.person).or_default().push(record);
        }
        let sums = by_person.into_iter().map(|(person, own)| {
            let shared_name = shared.contains(person.name.as_str());
            one(person, own, line, &months, &label, shared_name)
        });
        let sums = sums.collect();
        Summed { version, line, empty, fewer, label, sums, months }
    });
    each.collect()
}

fn same_month(day: NaiveDate, month: NaiveDate) -> bool {
    (day.year(), day.month()) == (month.year(), month.month())
}

fn one(person: &Person, mut own: Vec<&Record>, line: &Reached, months: &[NaiveDate], label: &str, shared_name: bool) -> Sum {
    own.sort_by_key(|record| (record.day.is_none(), record.day, record.row));
    let (mut total, mut reached) = (Decimal::ZERO, None);
    for record in &own {
        total += record.points.unwrap_or_default();
        if let (true, None, Some(day)) = (total >= line.limit, reached, record.day) {
            reached = Some((day, record.row));
        }
    }
    let unknown = own.iter().filter(|record| record.points.is_none()).count();
    let of_month = |month: &NaiveDate| {
        let inside = own.iter().filter(|record| record.day.is_some_and(|day| same_month(day, *month)));
        inside.filter_map(|record| record.points).sum()
    };
    let warned = line.warn.iter().rev().find(|level| total >= **level);
    let standing = match (reached, unknown, warned) {
        (Some((day, _)), ..) => Standing::Reached(day),
        (None, 1.., _) => Standing::Open,
        (None, 0, Some(level)) => Standing::Warned(*level),
        (None, 0, None) => Standing::Below,
    };
    let row = match (reached, standing) {
        (Some((_, row)), _) => row,
        (None, Standing::Open) => own.iter().find(|record| record.points.is_none()).and_then(|record| record.row),
        _ => own.last().and_then(|record| record.row),
    };
    let months = months.iter().map(of_month).collect();
    let adopted = own.iter().any(|record| record.adopted);
    let sum = PointSum { person: person.clone(), label: label.to_owned(), months, total, unknown, adopted, standing };
    Sum { sum, row, shared_name }
}

/// Whose the verdicts are, in their order.
pub(super) fn people(windows: &[Summed]) -> Vec<Person> {
    windows.iter().flat_map(|window| window.sums.iter().map(|sum| sum.sum.person.clone())).collect()
}

/// A verdict a person and window; what it says goes to `told`.
pub(super) fn verdicts(windows: &[Summed], told: &mut Vec<String>) -> PolarsResult<DataFrame> {
    let all: Vec<(&Summed, &Sum)> = windows.iter().flat_map(|window| window.sums.iter().map(move |sum| (window, sum))).collect();
    let first = u32::try_from(told.len()).unwrap_or(u32::MAX);
    told.extend(all.iter().map(|(window, sum)| words(window, sum)));
    let outcome = |sum: &Sum| match sum.sum.standing {
        Standing::Reached(_) => Outcome::Breached,
        Standing::Open => Outcome::Indeterminate,
        Standing::Below | Standing::Warned(_) => Outcome::Met,
    };
    let subject = |sum: &Sum| {
        let unit = if sum.shared_name { format!("（{}）", sum.sum.person.unit) } else { String::new() };
        format!("{}{unit}/{}", sum.sum.person.name, sum.sum.label)
    };
    let points = all.iter().map(|(_, sum)| match sum.sum.standing {
        Standing::Open => None,
        _ => Some(scaled(sum.sum.total)),
    });
    let points: Int128Chunked = points.collect();
    let points = points.into_series().with_name(column::POINTS.into()).into_decimal(38, MONEY_SCALE)?;
    let warned = |sum: &Sum| i64::from(matches!(sum.sum.standing, Standing::Warned(_)));
    DataFrame::new(
        all.len(),
        vec![
            Column::new(column::ROW.into(), all.iter().map(|(_, sum)| sum.row.and_then(|row| u32::try_from(row).ok())).collect::<Vec<_>>()),
            Column::new(column::SUBJECT.into(), all.iter().map(|(_, sum)| subject(sum)).collect::<Vec<_>>()),
            Column::new(column::OUTCOME.into(), all.iter().map(|(_, sum)| outcome(sum) as i32).collect::<Vec<_>>()),
            Column::new(column::VERSION.into(), all.iter().map(|(window, _)| window.version as i32).collect::<Vec<_>>()),
            Column::new(column::CHECKS.into(), all.iter().map(|(_, sum)| warned(sum)).collect::<Vec<_>>()),
            Column::new(column::TOLD.into(), (first..).take(all.len()).collect::<Vec<_>>()),
            points.into(),
        ],
    )
}

fn scaled(points: Decimal) -> i128 {
    let mut points = points;
    points.rescale(MONEY_SCALE as u32);
    points.mantissa()
}

/// `2026-H2 累计 30 分（7月 12、9月 13、10月 5），满 30 分：不再留任`
fn words(window: &Summed, sum: &Sum) -> String {
    let Sum { sum, shared_name, .. } = sum;
    let plain = |points: Decimal| points.normalize().to_string();
    let months = window.months.iter().zip(&sum.months).filter(|(_, points)| !points.is_zero());
    let months: Vec<String> = months.map(|(month, points)| format!("{} 月 {}", month.month(), plain(*points))).collect();
    let months = if months.is_empty() { String::new() } else { format!("（{}）", months.join("、")) };
    let line = window.line;
    let limit = plain(line.limit);
    let mut text = match sum.standing {
        Standing::Reached(day) => {
            format!("{} 累计 {} 分{months}，{day} 满 {limit} 分：{}", sum.label, plain(sum.total), line.action)
        }
        Standing::Warned(level) => format!(
            "{} 累计 {} 分{months}，已到预警线 {} 分，再扣 {} 分{}",
            sum.label,
            plain(sum.total),
            plain(level),
            plain(line.limit - sum.total),
            line.action
        ),
        Standing::Open => {
            format!(
                "{} 有 {} 条扣分记录的分不能定，已知 {} 分{months}，满 {limit} 分{}",
                sum.label,
                sum.unknown,
                plain(sum.total),
                line.action
            )
        }
        Standing::Below => format!("{} 累计 {} 分{months}", sum.label, plain(sum.total)),
    };
    if sum.unknown > 0 && sum.standing != Standing::Open {
        text += &format!("；另有 {} 条的分不能定，未计入", sum.unknown);
    }
    if *shared_name {
        text += "；同名的人在几个部门都有记录，分别累计";
    }
    if !window.empty.is_empty() {
        let empty: Vec<String> = window.empty.iter().map(|month| format!("{} 月", month.month())).collect();
        text += &format!("；{}没有扣分记录，如未提供则累计不全", empty.join("、"));
    }
    for (month, fewer) in &window.fewer {
        text += &format!("；{} 月的扣分记录比月结时少 {fewer} 条，如数据不全则累计不全", month.month());
    }
    text
}
