//! Suspected splitting: approvals alike in some fields that lie within a span of days, each within its approver's
//! power, and together beyond the power of every one of them. Linear: one grouping, one sort, and a shift a day of the span.

use polars::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::approval::{OWN, approval_day, rank_of, required};
use super::fields::Fields;
use super::judged::{Context, column, outcome};
use super::lower::{choose, decimal_or_err, long, null_of, small};
use super::predicate::{Stage, lower};
use super::version::{self, pick};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Condition;
use crate::rules::kinds::{Approval, Split};

const DAY: &str = "_k.day";
/// Rank of the highest approver of a day.
const TOP: &str = "_k.top";
/// Rows of the window that ends on a day, and its highest approver.
const WINDOW_ROWS: &str = "_k.rows";
const WINDOW_TOP: &str = "_k.highest";
/// The window's total is beyond all of its approvers.
const BEYOND: &str = "_k.beyond";
/// Of the windows that hold a day, the one with the largest total.
const BEST: &str = "_k.best";
const BEST_ROWS: &str = "_k.best_rows";
const BEST_POST: &str = "_k.best_post";
const INSIDE: &str = "_k.inside";
/// The longest span, in days, that is looked at.
const LONGEST: i64 = 366;

pub(super) fn suspected(context: &Context, table: &Table, rule: &Approval, by: &Split) -> PolarsResult<DataFrame> {
    let within = by.within.amount.trunc().to_i64().unwrap_or(LONGEST).clamp(0, LONGEST);
    let fields = Fields::new(&table.frame);
    let (day, version) = approval_day(context, table, rule, &fields)?;
    let mut stage = Stage::new(&fields, "_k.own_band");
    let scope = lower(&rule.scope, &fields)?;
    let mut keys = by.by.clone();
    for version in &rule.tables.versions {
        for row in &version.body.rows {
            conditions(&row.when, &rule.amount, &mut keys);
        }
    }
    let mut own_posts = Vec::new();
    for version in &rule.tables.versions {
        own_posts.push(required(&version.body, &rule.rank, |row| stage.condition(&version.body.rows[row].when))?.0);
    }
    let version_index = col(column::VERSION);
    let key_columns = || keys.iter().map(|key| col(key.as_str())).collect::<Vec<_>>();
    let complete = by.by.iter().map(|key| col(key.as_str()).is_not_null()).fold(lit(true), |all, one| all.and(one));
    let amount = fields.column(&rule.amount)?;

    // what each approver could sign alone; the rest is an ordinary breach
    let rows = table
        .frame
        .lazy()
        .with_row_index(column::ROW, None)
        .filter(scope.holds().and(complete).and(amount.clone().is_not_null()).and(day.clone().is_not_null()))
        .with_columns(stage.columns())
        .with_columns([day.alias(DAY), version.alias(column::VERSION), rank_of(&fields.column(&rule.actor)?, &rule.rank).alias(OWN)])
        .with_column(pick(&version_index, own_posts, DataType::Int32).alias(column::REQUIRED))
        .filter(col(OWN).gt_eq(col(column::REQUIRED)))
        .select([key_columns(), vec![col(column::ROW), col(DAY), col(OWN), amount]].concat())
        .collect()?;
    if rows.height() == 0 {
        return Ok(DataFrame::empty());
    }

    let names: Vec<PlSmallStr> = keys.iter().map(|key| key.as_str().into()).chain([DAY.into()]).collect();
    let days = rows
        .clone()
        .lazy()
        .group_by([key_columns(), vec![col(DAY)]].concat())
        .agg([col(rule.amount.as_str()).sum(), len().alias(column::COUNT), col(OWN).max().alias(TOP)])
        .sort(names, SortMultipleOptions::default().with_nulls_last(true))
        .collect()?;

    // windows that end on each day
    let same = |offset: i64, reach: Expr| {
        let alike = keys.iter().map(|key| col(key.as_str()).eq_missing(col(key.as_str()).shift(long(offset))));
        alike.fold(reach.lt_eq(small(i32::try_from(within).unwrap_or(i32::MAX))), |all, one| all.and(one)).fill_null(lit(false))
    };
    let back = |offset: i64| same(offset, col(DAY) - col(DAY).shift(long(offset)));
    let forth = |offset: i64| same(-offset, col(DAY).shift(long(-offset)) - col(DAY));
    let amount_type = fields.dtype(&rule.amount)?;
    let steps = within.min(i64::try_from(days.height()).unwrap_or(i64::MAX) - 1);
    let own = [col(rule.amount.as_str()).alias(column::TOTAL), col(column::COUNT).alias(WINDOW_ROWS), col(TOP).alias(WINDOW_TOP)];
    let mut windows = days.lazy().with_columns(own);
    for offset in 1..=steps {
        // a column a step: an expression that named itself twice in every step would double each time
        let inside = col(INSIDE);
        let earlier = |name: &str, dtype: &DataType| choose([(inside.clone(), col(name).shift(long(offset)))], null_of(dtype.clone()));
        let zero = decimal_or_err(Decimal::ZERO, scale(&amount_type))?;
        windows = windows.with_column(back(offset).alias(INSIDE)).with_columns([
            col(column::TOTAL) + earlier(rule.amount.as_str(), &amount_type).fill_null(zero),
            col(WINDOW_ROWS) + earlier(column::COUNT, &DataType::UInt32).fill_null(lit(0u32)),
            choose([(col(TOP).shift(long(offset)).gt(col(WINDOW_TOP)).and(col(INSIDE)), col(TOP).shift(long(offset)))], col(WINDOW_TOP))
                .alias(WINDOW_TOP),
        ]);
    }
    // the table again, asked about the window's total
    let windows = windows
        .with_column(col(column::TOTAL).alias(rule.amount.as_str()))
        .with_column(version::index(&col(DAY), &rule.tables).alias(column::VERSION))
        .collect()?;
    let total_fields = Fields::new(&windows);
    let mut stage = Stage::new(&total_fields, "_k.sum_band");
    let mut posts = Vec::new();
    for version in &rule.tables.versions {
        posts.push(required(&version.body, &rule.rank, |row| stage.condition(&version.body.rows[row].when))?.0);
    }
    let beyond = col(WINDOW_ROWS).gt(lit(1u32)).and(col(column::REQUIRED).gt(col(WINDOW_TOP))).fill_null(lit(false));
    let flagged = windows
        .clone()
        .lazy()
        .with_columns(stage.columns())
        .with_column(pick(&version_index, posts, DataType::Int32).alias(column::REQUIRED))
        .with_column(beyond.alias(BEYOND));
    // a day belongs to every window that ends within the span after it; the largest total tells
    let told = [
        (column::TOTAL, BEST, amount_type.clone()),
        (WINDOW_ROWS, BEST_ROWS, DataType::UInt32),
        (column::REQUIRED, BEST_POST, DataType::Int32),
    ];
    let first = told.iter().map(|(from, to, dtype)| choose([(col(BEYOND), col(*from))], null_of(dtype.clone())).alias(*to));
    let mut flagged = flagged.with_columns(first.collect::<Vec<_>>());
    for offset in 1..=steps {
        let step = |name: &str| col(name).shift(long(-offset));
        let here = forth(offset).and(step(BEYOND).fill_null(lit(false)));
        let better = here.and(col(BEST).is_null().or(step(column::TOTAL).gt(col(BEST))));
        let taken = told.iter().map(|(from, to, _)| choose([(col(INSIDE), step(from))], col(*to)).alias(*to));
        flagged = flagged.with_column(better.alias(INSIDE)).with_columns(taken.collect::<Vec<_>>());
    }
    let on = [key_columns(), vec![col(DAY)]].concat();
    let suspects = flagged
        .filter(col(BEST).is_not_null())
        .select([on.clone(), [BEST, BEST_ROWS, BEST_POST, column::VERSION].map(col).to_vec()].concat());
    let inside = (small(context.horizon.period.first.to_epoch_days()), small(context.horizon.period.last.to_epoch_days()));
    rows.lazy()
        .filter(col(DAY).gt_eq(inside.0).and(col(DAY).lt_eq(inside.1)))
        .select([on.clone(), vec![col(column::ROW)]].concat())
        .join(suspects, on.clone(), on, JoinArgs { nulls_equal: true, ..JoinArgs::new(JoinType::Inner) })
        .select([
            col(column::ROW),
            outcome(Outcome::Breached).alias(column::OUTCOME),
            col(column::VERSION),
            col(BEST).alias(column::TOTAL),
            col(BEST_ROWS).alias(column::COUNT),
            col(BEST_POST).alias(column::REQUIRED),
        ])
        .sort([column::ROW], SortMultipleOptions::default())
        .collect()
}

fn scale(dtype: &DataType) -> usize {
    match dtype {
        DataType::Decimal(_, scale) => *scale,
        _ => 0,
    }
}

/// Fields besides the amount that the table asks about: rows that differ in them do not add up.
fn conditions(condition: &Condition, amount: &str, keys: &mut Vec<String>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| conditions(part, amount, keys)),
        Condition::Not(inner) => conditions(inner, amount, keys),
        Condition::Cell { field, .. } if field != amount && !keys.contains(field) => keys.push(field.clone()),
        // what a formula reads is the window's last day's
        Condition::Cell { .. } | Condition::Formula(_) => {}
    }
}
