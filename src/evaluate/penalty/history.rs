//! Times that the ledger knows of and no table holds, and rows that no longer count.

use polars::prelude::*;

use super::times::{DAY, OTHER, PERSON, SURE, UNIT};
use crate::evaluate::judged::{Context, column};
use crate::evaluate::remembered::{less_lifted, months, rule_name};
use crate::ledger::{Time, YearMonth};
use crate::normalise::Table;

/// The rows that may be a time, less what was rejected or revoked, and with the times of months of which the table has no row at
/// all. Their numbers follow those of the table; their names come back in that order.
pub(super) fn with_history(context: &Context, table: &Table, day: Expr, others: DataFrame) -> PolarsResult<(DataFrame, Vec<String>)> {
    let history = &context.prepared.history;
    let rule = rule_name(context, &context.rule.head.id);
    let others = less_lifted(context, table, &rule, day.clone(), others, &name(column::ROW))?;
    if history.of(&rule).next().is_none() {
        return Ok((others, Vec::new()));
    }
    let held = months(table, day)?;
    let times: Vec<&Time> = history.of(&rule).filter(|time| !held.contains(&YearMonth::of(time.day))).collect();
    let first = table.frame.height() as u32;
    let column = |field: &str, values: Column| values.with_name(field.into());
    let mut columns = Vec::new();
    for (field, dtype) in others.schema().iter() {
        let own = |wanted: &str| field.as_str() == name(wanted);
        let texts = |of: fn(&Time) -> &str| Column::new(PlSmallStr::EMPTY, times.iter().map(|time| of(time)).collect::<Vec<_>>());
        let values = if own(column::ROW) {
            Column::new(PlSmallStr::EMPTY, (first..).take(times.len()).collect::<Vec<u32>>())
        } else if own(DAY) {
            Column::new(PlSmallStr::EMPTY, times.iter().map(|time| time.day.to_epoch_days()).collect::<Vec<i32>>()).cast(dtype)?
        } else if own(PERSON) {
            texts(|time| &time.person)
        } else if own(UNIT) {
            texts(|time| &time.unit)
        } else if own(SURE) {
            Column::new(PlSmallStr::EMPTY, vec![true; times.len()])
        } else {
            // what else a time must have in common is not known of it
            Column::full_null(PlSmallStr::EMPTY, times.len(), dtype)
        };
        columns.push(column(field, values));
    }
    let others = others.vstack(&DataFrame::new(times.len(), columns)?)?;
    Ok((others, times.iter().map(|time| format!("{}（{}）", time.subject, time.day.format("%Y-%m"))).collect()))
}

fn name(column: &str) -> String {
    format!("{OTHER}{column}")
}
