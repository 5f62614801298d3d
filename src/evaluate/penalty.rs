//! Findings or rows to sanctions. An amount never comes out of something indeterminate.

use polars::prelude::*;

use super::fields::{Fields, Lack, bits, both, only_where};
use super::formula::round;
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{PRECISION, choose, decimal_or_err, long, null_of, small};
use super::predicate::{Stage, lower};
use super::version::{citations, first_hit, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Base, Penalty, PenaltyRow, Sanction};
use crate::rules::{Condition, Status};

/// Yuan and fen.
const FEN: usize = 2;

pub(super) fn judge(context: &Context, table: &Table, rule: &Penalty) -> PolarsResult<Judged> {
    let named = match &rule.base {
        Base::Rows { .. } => None,
        Base::Findings { rules, .. } => Some(breached(context, table, rules)?),
    };
    let always = Condition::always();
    let scope = match &rule.base {
        Base::Rows { scope, .. } => scope,
        Base::Findings { .. } => &always,
    };
    let fields = Fields::new(&table.frame);
    let mut at = At::of(context, table, &fields, rule.at.as_ref())?;
    let mut within = at.within(context.horizon);
    if let Some(named) = &named {
        // the findings are of this period already
        within = if named.is_empty() { lit(false) } else { col(column::ROW).is_in(lit(named.clone()).implode(false), false) };
        if rule.at.is_none() {
            at = At { day: at.day.map(|day| day.fill_null(small(context.as_of_day()))), lack: None, ..at };
        }
    }
    let mut stage = Stage::new(&fields, "_k.step");
    let (mut amounts, mut lacks, mut steps, mut first) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for version in &rule.rows.versions {
        let sanction = sanction(&version.body, first, &mut stage, &fields)?;
        first += version.body.len();
        amounts.push(sanction.amount);
        lacks.push(sanction.lack);
        steps.push(sanction.step);
    }
    let version = at.version(context, &rule.rows);
    let applies = lower(scope, &fields)?;
    let rows = scoped(table, &fields, &always, within, version, at.lack.clone())?;
    let index = col(column::VERSION);
    let outside = applies.holds().not().and(applies.unknown().not());
    let needs = both(only_where(applies.unknown(), applies.lack.clone()), pick_lack(&index, lacks));
    let (why, lack) = undecided(rows.lack, None, needs);
    let why = choose([(outside.clone(), Why::Decided.code())], why);
    let fen = DataType::Decimal(PRECISION, FEN);
    let positive = col(column::AMOUNT).gt(decimal_or_err(rust_decimal::Decimal::ZERO, FEN)?).fill_null(lit(false));
    let verdict = choose(
        [
            (outside, outcome(Outcome::NotApplicable)),
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (positive, outcome(Outcome::Breached)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let frame = rows
        .rows
        .with_columns(stage.columns())
        .with_columns([
            why.alias(column::WHY),
            lack.alias(column::LACK),
            pick(&index, amounts, fen.clone()).alias(column::AMOUNT),
            pick(&index, steps, DataType::Int32).alias(column::LIMIT),
        ])
        .with_column(verdict.alias(column::OUTCOME))
        .select([
            col(column::ROW),
            col(column::OUTCOME),
            index,
            col(column::WHY),
            col(column::LACK),
            col(column::LIMIT),
            choose([(col(column::OUTCOME).eq(outcome(Outcome::Breached)), col(column::AMOUNT))], null_of(fen)).alias(column::AMOUNT),
        ])
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.rows),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

/// The row of a version that applies.
struct Step {
    /// Yuan, rounded half up to the fen.
    amount: Expr,
    /// Number of the row, counted through all versions.
    step: Expr,
    lack: Lack,
}

fn sanction(rows: &[PenaltyRow], first: usize, stage: &mut Stage, fields: &Fields) -> PolarsResult<Step> {
    let fen = DataType::Decimal(PRECISION, FEN);
    let (mut amounts, mut steps, mut lacks) = (Vec::new(), Vec::new(), Vec::new());
    for (row, number) in rows.iter().zip(first..) {
        let when = stage.condition(&row.when)?;
        let (amount, lack) = match &row.sanction {
            Sanction::Fixed(yuan) => (decimal_or_err(*yuan, FEN)?, None),
            Sanction::Share { of, rate } => {
                let (base, dtype) = (fields.column(of)?, fields.dtype(of)?);
                let scale = match dtype {
                    DataType::Decimal(_, scale) => scale,
                    _ => 0,
                };
                let digits = scale + rate.normalize().scale() as usize;
                let product = base.cast(DataType::Decimal(PRECISION, digits)) * decimal_or_err(*rate, digits)?;
                (round(product, FEN).cast(fen.clone()), fields.lack(of)?)
            }
        };
        amounts.push((when.clone(), amount));
        steps.push((when.clone(), small(i32::try_from(number).unwrap_or(i32::MAX))));
        lacks.push((when, bits(lack)));
    }
    let (amount, before) = first_hit(amounts, fen);
    let base = first_hit(lacks, DataType::Int64).0.fill_null(long(0));
    Ok(Step { amount, step: first_hit(steps, DataType::Int32).0, lack: both(before, Some(base)) })
}

/// Rows of `table` about which one of the rules found a breach. Rules on trial penalise nobody.
fn breached(context: &Context, table: &Table, rules: &[String]) -> PolarsResult<Series> {
    let mut found: Option<Series> = None;
    for id in rules {
        let Some(rule) = context.pack.rules.iter().find(|rule| rule.head.id == *id) else { continue };
        if rule.head.status == Status::Preview {
            continue;
        }
        let Some((other, judged)) = super::judge_rows(&Context { rule, ..*context })? else { continue };
        let rows = judged.frame.lazy().filter(col(column::OUTCOME).eq(outcome(Outcome::Breached))).select([col(column::ROW)]);
        let rows = if other.dataset.name == table.dataset.name { rows.collect()? } else { alike(rows, other, table)? };
        let rows = rows.column(column::ROW)?.as_materialized_series().drop_nulls();
        found = Some(match found.take() {
            Some(mut known) => known.append(&rows)?.clone(),
            None => rows,
        });
    }
    Ok(found.unwrap_or_else(|| Series::new_empty(column::ROW.into(), &DataType::UInt32)))
}

/// Rows of `table` with the key of the breached rows of another one.
fn alike(rows: LazyFrame, other: &Table, table: &Table) -> PolarsResult<DataFrame> {
    let shared: Vec<Expr> = other.dataset.key.iter().filter(|key| table.frame.column(key).is_ok()).map(|key| col(key.as_str())).collect();
    if shared.is_empty() {
        polars_bail!(ComputeError: "{} 与 {} 没有共同的主键字段", other.dataset.name, table.dataset.name);
    }
    let keys = other.frame.clone().lazy().with_row_index(column::ROW, None).join(
        rows,
        [col(column::ROW)],
        [col(column::ROW)],
        JoinArgs::new(JoinType::Semi),
    );
    table
        .frame
        .clone()
        .lazy()
        .with_row_index(column::ROW, None)
        .join(keys, shared.clone(), shared, JoinArgs::new(JoinType::Semi))
        .select([col(column::ROW)])
        .collect()
}
