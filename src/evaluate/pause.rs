//! Intervals during which the clock stands still; overlapping ones count once.

use polars::prelude::*;

use super::clock::Point;
use super::deadline::{end, start};
use super::fields::Fields;
use super::judged::{Context, column};
use super::lower::{choose, day_of, long, null_of, second_of, small};
use super::predicate::lower;
use crate::rules::kinds::Pause;

/// Seconds on the subject's clock, of all pauses.
pub(super) const TOTAL: &str = "_k.paused";
/// Of the pauses that began no later than the running due moment: by so much it moves.
pub(super) const BEFORE_DUE: &str = "_k.paused_due";
/// Bits: a pause that cannot be placed.
pub(super) const LACK: &str = "_k.pause_lack";

const FROM_DAY: &str = "_k.pause_from_day";
const FROM_SECOND: &str = "_k.pause_from_second";
const TO_DAY: &str = "_k.pause_to_day";
const TO_SECOND: &str = "_k.pause_to_second";
const FROM: &str = "_k.pause_from";
const TO: &str = "_k.pause_to";
const LENGTH: &str = "_k.pause_length";

/// Adds [`TOTAL`], [`BEFORE_DUE`] and [`LACK`] to the subjects; null where there was no pause.
#[allow(clippy::too_many_arguments)]
pub(super) fn join(
    context: &Context,
    spec: &Pause,
    rows: LazyFrame,
    fields: &Fields,
    position: &dyn Fn(&Point) -> Expr,
    bonus: &Expr,
    size: Expr,
) -> PolarsResult<LazyFrame> {
    let Some(table) = context.tables.get(&spec.dataset) else {
        let none = |name: &str| null_of(DataType::Int64).alias(name);
        return Ok(rows.with_columns([none(TOTAL), none(BEFORE_DUE), none(LACK)]));
    };
    let pause_fields = Fields::new(&table.frame);
    let scope = lower(&spec.scope, &pause_fields)?;
    let (from, from_type) = (pause_fields.column(&spec.from)?, pause_fields.dtype(&spec.from)?);
    let (to, to_type) = (pause_fields.column(&spec.to)?, pause_fields.dtype(&spec.to)?);
    let over = context.seen(to.clone(), &to_type).fill_null(lit(false));
    let unplaced = scope.unknown().or(from.clone().is_null());
    let pauses = table.frame.lazy().filter(scope.may_hold().and(context.seen(from.clone(), &from_type).fill_null(lit(true)))).select([
        col(spec.on.as_str()).alias("_k.on"),
        unplaced.alias("_k.unplaced"),
        day_of(from.clone(), &from_type).alias(FROM_DAY),
        second_of(from, &from_type).alias(FROM_SECOND),
        choose([(over.clone(), day_of(to.clone(), &to_type))], small(context.as_of_day())).alias(TO_DAY),
        choose([(over, second_of(to, &to_type))], long(context.as_of_second())).alias(TO_SECOND),
    ]);

    let (from, to) = (Point { day: col(FROM_DAY), second: col(FROM_SECOND) }, Point { day: col(TO_DAY), second: col(TO_SECOND) });
    let clip = |value: Expr| {
        let (low, high) = (position(&start()), position(&end()));
        choose([(value.clone().lt(low.clone()), low), (value.clone().gt(high.clone()), high)], value)
    };
    let row = || [col(column::ROW)];
    let ordered = rows
        .clone()
        .join(pauses, [col(spec.on.as_str())], [col("_k.on")], JoinArgs::new(JoinType::Inner))
        .with_columns([
            clip(position(&from)).alias(FROM),
            clip(position(&to)).alias(TO),
            (position(&start()) - bonus.clone()).alias("_k.zero"),
            size.alias("_k.asked"),
        ])
        .select([column::ROW, FROM, TO, "_k.zero", "_k.asked", "_k.unplaced"].map(col))
        .sort([column::ROW, FROM, TO], SortMultipleOptions::default())
        .collect()?;
    // what an earlier pause already covers does not count again
    let covered = col(TO).cum_max(false).shift(long(1)).over(row())?;
    let begins = choose([(covered.clone().gt(col(FROM)), covered)], col(FROM));
    let length = choose([(col(TO).gt(col("_k.begins")), col(TO) - col("_k.begins"))], long(0));
    let before = col(LENGTH).cum_sum(false).over(row())? - col(LENGTH);
    let net = col("_k.begins") - col("_k.zero") - before;
    // time is up when the clock goes on past the limit, not when it reaches it
    let moves = net.lt_eq(col("_k.asked"));
    let phrase = format!("{}的{} 为空", spec.dataset, spec.from);
    let sums = ordered
        .lazy()
        .with_column(begins.alias("_k.begins"))
        .with_column(length.alias(LENGTH))
        .with_column(choose([(moves, col(LENGTH))], long(0)).alias("_k.moved"))
        .group_by(row())
        .agg([col(LENGTH).sum().alias(TOTAL), col("_k.moved").sum().alias(BEFORE_DUE), col("_k.unplaced").any(true).alias("_k.unplaced")])
        .with_column(fields.reason(col("_k.unplaced"), phrase).alias(LACK))
        .select([column::ROW, TOTAL, BEFORE_DUE, LACK].map(col));
    Ok(rows.join(sums, row(), row(), JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) }))
}
