//! Rows that tell one thing twice: a shift with two absences is two rows, and one arrival.

use polars::prelude::*;

use super::lower::among;
use super::predicate::Answer;
use crate::normalise::Table;

/// The condition of rows that count; of those with the same values in the fields only the first does. Empty cells are alike, so
/// that nobody is charged twice for want of an entry. `row` is the name of the row's number.
pub(super) fn only_first(table: &Table, counts: Answer, once: &[String], row: &str) -> PolarsResult<Answer> {
    if once.is_empty() {
        return Ok(counts);
    }
    const FIRST: &str = "_k.first";
    let keys: Vec<Expr> = once.iter().map(|field| col(field.as_str())).collect();
    let first = col(row).min().over(keys)?.alias(FIRST);
    let rows = table.frame.lazy().with_row_index(row, None).filter(counts.holds());
    let repeats = rows.with_column(first).filter(col(row).neq(col(FIRST))).select([col(row)]).collect()?;
    let repeated = among(row, repeats)?;
    Ok(Answer { value: counts.value.and(repeated.not()), lack: counts.lack })
}
