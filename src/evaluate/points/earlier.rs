//! Points of closed months that only the ledger knows.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::sums::{self, Record};
use crate::evaluate::fields::Fields;
use crate::evaluate::judged::{At, Context};
use crate::evaluate::remembered::{months, rule_name};
use crate::ledger::{PointsGiven, YearMonth};
use crate::normalise::Table;
use crate::rules::kinds::Points;

/// What the ledger adds to the table.
#[derive(Default)]
pub(super) struct Remembered<'c> {
    /// Points of closed months of which the table has no row at all, as far back as some window reaches.
    pub given: Vec<&'c PointsGiven>,
    /// By how many the table falls short of a closed month of which it has some rows.
    pub fewer: BTreeMap<YearMonth, usize>,
}

pub(super) fn remembered<'c>(context: &Context<'c>, table: &Table, rule: &Points, own: &[Record]) -> PolarsResult<Remembered<'c>> {
    let (history, period) = (&context.prepared.history, context.horizon.period);
    let (name, first) = (rule_name(context, &context.rule.head.id), sums::earliest(rule, period));
    let known = history.points.iter().filter(|given| given.rule == name && (first..period.first).contains(&given.day));
    let mut by_month: BTreeMap<YearMonth, Vec<&PointsGiven>> = BTreeMap::new();
    known.for_each(|given| by_month.entry(YearMonth::of(given.day)).or_default().push(given));
    if by_month.is_empty() {
        return Ok(Remembered::default());
    }
    let day = At::of(context, table, &Fields::new(&table.frame), Some(&rule.at))?.day;
    let held = day.map(|day| months(table, day)).transpose()?.unwrap_or_default();
    let mut remembered = Remembered::default();
    for (month, given) in by_month {
        let there = own.iter().filter(|record| record.day.map(YearMonth::of) == Some(month)).count();
        match held.contains(&month) {
            false => remembered.given.extend(given),
            true if there < given.len() => drop(remembered.fewer.insert(month, given.len() - there)),
            true => {}
        }
    }
    Ok(remembered)
}

pub(super) fn of_ledger(given: &PointsGiven) -> Record {
    Record { row: None, person: given.person.clone(), day: Some(given.day), points: given.points, adopted: false }
}
