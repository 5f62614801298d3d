//! Two figures of a row, or of a group of rows, held against each other.

use polars::prelude::*;

use super::fields::{Fields, Lack, all, any_of, bits, both, only_where};
use super::formula::{self, figure};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{choose, long, null_of, small};
use super::predicate::{Answer, Stage};
use super::version::{citations, index, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Figure, Margin, Reconcile};
use crate::rules::{Formula, Operator};

/// Bits of the checks: the left figure is larger, or smaller, than allowed.
pub(super) const OVER: i64 = 1;
pub(super) const UNDER: i64 = 2;

/// The latest day of a group.
const DAY: &str = "_k.day";
/// A figure that is not added up differs within the group.
const UNEVEN: [&str; 2] = ["_k.uneven_left", "_k.uneven_right"];
/// What excuses a difference holds.
const EXCUSED: &str = "_k.excused";

pub(super) fn judge(context: &Context, table: &Table, rule: &Reconcile) -> PolarsResult<Judged> {
    let judged = if rule.by.is_empty() { by_row(context, table, rule)? } else { by_group(context, table, rule)? };
    Ok(Judged {
        versions: citations(context.pack, &rule.margins),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        named_by: rule.by.clone(),
        ..judged
    })
}

fn by_row(context: &Context, table: &Table, rule: &Reconcile) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let version = at.version(context, &rule.margins);
    let scoped = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, at.lack.clone())?;
    let figures = [rule.left.formula.clone(), rule.right.formula.clone()];
    compared(rule, &fields, scoped.rows, scoped.lack, figures)
}

fn by_group(context: &Context, table: &Table, rule: &Reconcile) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let seen = at.seen.clone().fill_null(lit(true));
    let scoped = scoped(table, &fields, &rule.scope, seen, null_of(DataType::Int32), None)?;
    let (left, right) = (formula::lower(&rule.left.formula, &fields)?, formula::lower(&rule.right.formula, &fields)?);
    let keys = rule.by.iter().map(|key| fields.lack(key)).collect::<PolarsResult<Vec<_>>>()?;
    let lack = all(keys.into_iter().chain([scoped.lack, left.lack, right.lack]));
    let day = at.day.clone().unwrap_or_else(|| small(context.as_of_day()));
    let groups = scoped
        .rows
        .with_columns([left.expr.alias(column::LEFT), right.expr.alias(column::RIGHT)])
        .with_columns([day.alias(DAY), bits(lack).alias(column::LACK)])
        .group_by_stable(rule.by.iter().map(|key| col(key.as_str())).collect::<Vec<_>>())
        .agg([
            col(column::ROW).first(),
            gathered(&rule.left, column::LEFT),
            gathered(&rule.right, column::RIGHT),
            uneven(&rule.left, column::LEFT).alias(UNEVEN[0]),
            uneven(&rule.right, column::RIGHT).alias(UNEVEN[1]),
            col(DAY).max(),
            any_of(column::LACK, fields.reasons().len()).alias(column::LACK),
        ])
        .collect()?;

    let fields = Fields::after(&groups, fields.reasons());
    let mut lack = Some(col(column::LACK));
    for (figure, uneven) in [&rule.left, &rule.right].into_iter().zip(UNEVEN) {
        let differs = fields.reason(col(uneven), format!("{} 在同一组里各行不一致", figure.title()));
        lack = both(lack, Some(differs));
    }
    if let Some(named) = rule.at.as_ref().or(table.dataset.at.as_ref()) {
        lack = both(lack, Some(fields.reason(col(DAY).is_null(), format!("{named} 为空"))));
    }
    // rows that `as_of` does not see are gone already
    let placed = At { day: at.day.map(|_| col(DAY)), seen: lit(true), lack: None };
    let rows = groups.clone().lazy().filter(placed.within(context.horizon));
    let rows = rows.with_column(index(&col(DAY), &rule.margins).alias(column::VERSION));
    let figures = [column::LEFT, column::RIGHT].map(|name| Formula::Field(name.to_owned()));
    compared(rule, &fields, rows, lack, figures)
}

/// A group's figure.
fn gathered(figure: &Figure, name: &str) -> Expr {
    if figure.sum { col(name).sum() } else { col(name).first() }
}

fn uneven(figure: &Figure, name: &str) -> Expr {
    if figure.sum { lit(false).first() } else { col(name).min().neq(col(name).max()).fill_null(lit(false)) }
}

/// Verdicts over rows that have both figures and a version; `before` is what scope and version lack.
fn compared(rule: &Reconcile, fields: &Fields, rows: LazyFrame, before: Lack, figures: [Formula; 2]) -> PolarsResult<Judged> {
    let [left, right] = figures;
    let mut stage = Stage::new(fields, "_k.unless");
    let (mut over, mut under, mut excuses, mut lacks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for version in &rule.margins.versions {
        let above = exceeds(&left, &right, &version.body.over, &right, fields)?;
        let below = exceeds(&right, &left, &version.body.under, &right, fields)?;
        lacks.push(both(above.lack, below.lack));
        over.push(above.value);
        under.push(below.value);
        excuses.push(match &version.body.unless {
            Some(unless) => stage.condition(unless)?,
            None => Answer { value: lit(false), lack: None },
        });
    }
    let version = col(column::VERSION);
    let failed = || col(column::CHECKS).neq(long(0));
    let excuse_lack = pick_lack(&version, excuses.iter().map(|answer| only_where(answer.unknown(), answer.lack.clone())).collect());
    let excused = pick(&version, excuses.into_iter().map(|answer| answer.value).collect(), DataType::Boolean);
    let needs = both(pick_lack(&version, lacks), only_where(failed(), excuse_lack));
    let (why, lack) = undecided(before, None, needs);
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (failed().and(col(EXCUSED).not()), outcome(Outcome::Breached)),
        ],
        outcome(Outcome::Met),
    );
    let check = |each: Vec<Expr>, bit: i64| {
        let holds = pick(&version, each, DataType::Boolean).fill_null(lit(false));
        choose([(holds, long(bit))], long(0))
    };
    let frame = rows
        .with_columns(stage.columns())
        .with_columns([
            (check(over, OVER) + check(under, UNDER)).alias(column::CHECKS),
            excused.fill_null(lit(false)).alias(EXCUSED),
            figure(&formula::lower(&left, fields)?).alias(column::LEFT),
            figure(&formula::lower(&right, fields)?).alias(column::RIGHT),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([
            col(column::ROW),
            verdict.alias(column::OUTCOME),
            version,
            col(column::WHY),
            col(column::LACK),
            col(column::CHECKS),
            col(column::LEFT),
            col(column::RIGHT),
        ])
        .collect()?;
    Ok(Judged { frame, reasons: fields.reasons(), ..Judged::default() })
}

/// `more` lies farther above `less` than the margin allows; shares are of `right`.
fn exceeds(more: &Formula, less: &Formula, margin: &Margin, right: &Formula, fields: &Fields) -> PolarsResult<Answer> {
    let binary =
        |operator, left: &Formula, right: Formula| Formula::Binary { operator, left: Box::new(left.clone()), right: Box::new(right) };
    let size = || Formula::Greatest(vec![right.clone(), Formula::Negate(Box::new(right.clone()))]);
    let allowed = match margin {
        Margin::Any => return Ok(Answer { value: lit(false), lack: None }),
        Margin::Amount(amount) => Formula::Number(*amount),
        Margin::Share(share) => binary(Operator::Multiply, &Formula::Number(*share), size()),
        Margin::ShareIn { field, or } => {
            let named = Formula::Field(field.clone());
            let share = match or {
                Some(or) => Formula::Coalesce(vec![named, Formula::Number(*or)]),
                None => named,
            };
            binary(Operator::Multiply, &share, size())
        }
    };
    let larger = binary(Operator::Greater, more, less.clone());
    let beyond = binary(Operator::Greater, &binary(Operator::Subtract, more, less.clone()), allowed);
    // asked only where there is a difference: what is equal needs no margin
    let exceeds = formula::lower(&binary(Operator::And, &larger, beyond), fields)?;
    Ok(Answer { value: exceeds.expr, lack: exceeds.lack })
}
