//! Small pieces of expressions that every kind is built of.

use polars::prelude::*;
use rust_decimal::Decimal;

/// Digits of every decimal column.
pub(super) const PRECISION: usize = 38;

/// The first branch whose condition is true; a condition that is null counts as false here.
pub(super) fn choose(branches: impl IntoIterator<Item = (Expr, Expr)>, otherwise: Expr) -> Expr {
    let branches: Vec<(Expr, Expr)> = branches.into_iter().collect();
    branches.into_iter().rev().fold(otherwise, |rest, (condition, value)| ternary_expr(condition, value, rest))
}

/// An 8-bit literal: outcomes and the like.
pub(super) fn byte(value: u8) -> Expr {
    lit(Scalar::from(value))
}

/// A 32-bit literal: days, indices.
pub(super) fn small(value: i32) -> Expr {
    lit(Scalar::from(value))
}

/// A 64-bit literal: seconds, sets of bits.
pub(super) fn long(value: i64) -> Expr {
    lit(Scalar::from(value))
}

/// Null of a type.
pub(super) fn null_of(dtype: DataType) -> Expr {
    lit(Scalar::null(dtype))
}

/// A decimal literal with at least `scale` digits behind the point; `None` beyond 38 digits.
pub(super) fn decimal(value: Decimal, scale: usize) -> Option<Expr> {
    let value = value.normalize();
    let scale = scale.max(value.scale() as usize);
    let shift = u32::try_from(scale).ok()?.checked_sub(value.scale())?;
    let digits = value.mantissa().checked_mul(10_i128.checked_pow(shift)?)?;
    Some(lit(Scalar::new(DataType::Decimal(PRECISION, scale), AnyValue::Decimal(digits, PRECISION, scale))))
}

/// As [`decimal`], as an error of polars.
pub(super) fn decimal_or_err(value: Decimal, scale: usize) -> PolarsResult<Expr> {
    decimal(value, scale).ok_or_else(|| polars_err!(ComputeError: "{value} has too many digits"))
}

/// The entry of a table at an index; null where the index is null, negative or behind the end.
pub(super) fn look_up(table: &Series, index: Expr) -> Expr {
    lit(table.clone()).gather(index.cast(DataType::UInt32), true)
}

/// The row's number is among these; each is a number of a row, and none is null.
pub(super) fn among(row: &str, rows: DataFrame) -> PolarsResult<Expr> {
    let rows = rows.column(row)?.as_materialized_series().clone();
    Ok(if rows.is_empty() { lit(false) } else { col(row).is_in(lit(rows).implode(false), false) })
}

/// Days since 1970 of a `Date` or `Datetime` column.
pub(super) fn day_of(column: Expr, dtype: &DataType) -> Expr {
    match dtype {
        DataType::Datetime(..) => column.cast(DataType::Int64).floor_div(long(86_400_000)).cast(DataType::Int32),
        _ => column.cast(DataType::Int32),
    }
}

/// Seconds since 1970 of a `Date` (its midnight) or `Datetime` column.
pub(super) fn second_of(column: Expr, dtype: &DataType) -> Expr {
    match dtype {
        DataType::Datetime(..) => column.cast(DataType::Int64).floor_div(long(1000)),
        _ => column.cast(DataType::Int32).cast(DataType::Int64) * long(86_400),
    }
}

pub(super) fn has_time(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Datetime(..))
}
