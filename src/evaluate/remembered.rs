//! What the ledger knows and the tables do not, and rows of the tables that no longer count.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use super::judged::{Context, column};
use super::reader::Reader;
use crate::ledger::YearMonth;
use crate::normalise::Table;

/// `pack/rule`
pub(super) fn rule_name(context: &Context, rule: &str) -> String {
    format!("{}/{rule}", context.pack.id)
}

/// Months of which the table has rows.
pub(super) fn months(table: &Table, day: Expr) -> PolarsResult<BTreeSet<YearMonth>> {
    const DAY: &str = "_k.held";
    let days = table.frame.lazy().select([day.cast(DataType::Date).alias(DAY)]).collect()?;
    let days = days.column(DAY)?.as_materialized_series().date()?.physical().clone();
    Ok(days.iter().flatten().filter_map(NaiveDate::from_epoch_days).map(YearMonth::of).collect())
}

/// The rows, named by a column of theirs, less those whose breach of the rule was rejected or revoked in a closed month.
pub(super) fn less_lifted(
    context: &Context,
    table: &Table,
    rule: &str,
    day: Expr,
    rows: DataFrame,
    named: &str,
) -> PolarsResult<DataFrame> {
    let history = &context.prepared.history;
    if !history.lifts(rule) {
        return Ok(rows);
    }
    let reader = Reader::of(context, table);
    let days = table.frame.lazy().select([day.cast(DataType::Date).alias(column::BEGAN)]).collect()?;
    let days = days.column(column::BEGAN)?.as_materialized_series().date()?.physical().clone();
    let month = |row: usize| days.get(row).and_then(NaiveDate::from_epoch_days).map(YearMonth::of);
    let numbers = rows.column(named)?.as_materialized_series().u32()?.clone();
    let counts =
        numbers.iter().map(|row| row.is_some_and(|row| !history.is_lifted(rule, &reader.subject(row as usize), month(row as usize))));
    rows.filter(&counts.collect::<BooleanChunked>())
}
