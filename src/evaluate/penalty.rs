//! Findings or rows to sanctions. An amount never comes out of something indeterminate.

mod base;
mod cap;
mod history;
mod steps;
mod times;
mod wage;
pub(super) mod words;

use polars::prelude::*;

use super::fields::{Fields, all, both, only_where};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{PRECISION, choose, decimal_or_err, null_of};
use super::once;
use super::predicate::{Stage, lower};
use super::version::{citations, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Condition;
use crate::rules::kinds::{Base, Penalty};
use times::Counted;

/// Yuan and fen.
const FEN: usize = 2;
/// `Boolean`: the row that applies imposes something, whatever it costs.
const IMPOSES: &str = "_k.imposes";
/// `Boolean`: what the record gives lies outside the clause's bounds.
const BEYOND: &str = "_k.beyond";

fn fen() -> DataType {
    DataType::Decimal(PRECISION, FEN)
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Penalty) -> PolarsResult<Judged> {
    let with_wage = wage::add(context, table, rule)?;
    let table = with_wage.as_ref().unwrap_or(table);
    let fields = Fields::new(&table.frame);
    let always = Condition::always();
    let scope = match &rule.base {
        Base::Rows { scope, .. } => scope,
        Base::Findings { .. } => &always,
    };
    let looked = base::look(context, table, rule, &fields)?;
    let (at, within) = (&looked.at, looked.within.clone());
    let version = at.version(context, &rule.terms);
    let applies = once::only_first(table, lower(scope, &fields)?, &rule.once, column::ROW)?;
    let counted = match rule.counts() {
        true => Some(times::count(context, table, rule, &applies, &looked)?),
        false => None,
    };
    let mut stage = Stage::new(&fields, "_k.step");
    let steps = steps::of(rule, &mut stage, &fields)?;
    let rows = scoped(table, &fields, &always, within, version, at.lack.clone())?;
    let index = col(column::VERSION);
    let outside = applies.holds().not().and(applies.unknown().not());
    let personal = personal(rule, &fields, &index)?;
    let needs = all([only_where(applies.unknown(), applies.lack.clone()), pick_lack(&index, steps.lacks), personal]);
    let (why, lack) = undecided(rows.lack, None, needs);
    let why = choose(
        [
            (outside.clone(), Why::Decided.code()),
            (why.clone().eq(Why::Decided.code()).and(col(BEYOND).fill_null(lit(false))), Why::Beyond.code()),
        ],
        why,
    );
    let decided = col(column::WHY).eq(Why::Decided.code()).and(outside.clone().not());
    let zero = || decimal_or_err(rust_decimal::Decimal::ZERO, FEN);
    let (has_times, earlier, remembered) = match counted {
        Some(Counted { frame, earlier, remembered }) => (Some(frame), earlier, remembered),
        None => Default::default(),
    };
    let frame = match has_times {
        Some(times) => rows.rows.left_join(times.lazy(), col(column::ROW), col(column::ROW)),
        None => rows.rows,
    };
    let frame = frame
        .with_columns(stage.columns())
        .with_columns([
            pick(&index, steps.amounts, fen()).alias(column::LEFT),
            pick(&index, steps.numbers, DataType::Int32).alias(column::LIMIT),
            pick(&index, steps.imposes, DataType::Boolean).alias(IMPOSES),
            pick(&index, steps.beyond, DataType::Boolean).alias(BEYOND),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .with_column(choose([(decided, col(column::LEFT))], null_of(fen())).alias(column::LEFT));
    let frame = cap::apply(frame, rule, at, &fields)?;
    let imposes = col(column::LEFT).gt(zero()?).fill_null(lit(false)).or(col(IMPOSES).fill_null(lit(false)));
    let verdict = choose(
        [
            (outside, outcome(Outcome::NotApplicable)),
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (imposes, outcome(Outcome::Breached)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let breached = col(column::OUTCOME).eq(outcome(Outcome::Breached));
    let known = |name: &str, dtype: DataType| choose([(breached.clone(), col(name))], null_of(dtype)).alias(name);
    let mut columns = vec![
        col(column::ROW),
        col(column::OUTCOME),
        index,
        col(column::WHY),
        col(column::LACK),
        col(column::LIMIT),
        known(column::AMOUNT, fen()),
        known(column::LEFT, fen()),
    ];
    columns.extend(rule.wage.is_some().then(|| col(wage::WAGE).alias(column::RIGHT)));
    columns.extend(rule.counts().then(|| known(times::TIMES, DataType::Int32).cast(DataType::UInt32).alias(column::COUNT)));
    let frame = frame.with_column(verdict.alias(column::OUTCOME)).select(columns).collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.terms),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        earlier,
        remembered: (table.frame.height(), remembered),
        ..Judged::default()
    })
}

/// Whose times and whose month: what a version that asks cannot do without.
fn personal(rule: &Penalty, fields: &Fields, version: &Expr) -> PolarsResult<super::fields::Lack> {
    let each = rule.terms.versions.iter().map(|terms| {
        let terms = &terms.body;
        let who = match &rule.person {
            Some(person) if terms.counts() || terms.cap.is_some() => fields.lack(person)?,
            _ => None,
        };
        // two people of one name have a month each
        let who = match &rule.unit {
            Some(unit) if terms.cap.is_some() => both(who, fields.lack(unit)?),
            _ => who,
        };
        if !terms.counts() {
            return Ok(who);
        }
        let same = rule.same.iter().map(|field| fields.lack(field)).collect::<PolarsResult<Vec<_>>>()?;
        let unsure = fields.reason(col(times::UNSURE).fill_null(lit(false)), times::unsure(rule));
        Ok(both(all([who].into_iter().chain(same)), Some(unsure)))
    });
    Ok(pick_lack(version, each.collect::<PolarsResult<Vec<_>>>()?))
}

/// Fields of a rule that must have a day, for what.
fn day_of(at: &At, what: &str) -> PolarsResult<Expr> {
    at.day.clone().ok_or_else(|| polars_err!(ComputeError: "{what}要有日期：规则里写 at，或在数据表里写 at"))
}
