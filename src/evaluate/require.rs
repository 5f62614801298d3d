//! When a condition holds, fields are present, have certain values, and what belongs to the row elsewhere is there.

use polars::prelude::*;

use super::checks::Checks;
use super::copies;
use super::fields::{Fields, Lack, all, only_where};
use super::judged::{At, Context, Judged, Why, column, guarded, outcome, scoped, undecided};
use super::lower::{byte, choose, long};
use super::predicate::Stage;
use super::related::{self, Join};
use super::version::{citations, pick_lack, pick_or};
use super::words::{self, TypeOf};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Condition;
use crate::rules::kinds::{Copies, Require, RequireRow};

/// Some row of the version holds.
const APPLIES: &str = "_k.applies";

/// One version's rows as expressions.
struct Checked {
    checks: Checks,
    lack: Lack,
    applies: Expr,
    /// What other tables hold, to be joined before any of the others is asked.
    joins: Vec<Join>,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Require) -> PolarsResult<Judged> {
    let fields = Fields::of(context, table);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let mut stage = Stage::new(&fields, "_k.check");
    let versions = rule.rows.versions.iter().enumerate();
    let types = |field: &str| table.dataset.field(field).map(|field| field.ty);
    let versions = versions.map(|(at, v)| check(context, at, &v.body, &mut stage, (&fields, &types))).collect::<PolarsResult<Vec<_>>>()?;
    let version = at.version(context, &rule.rows);
    let rows = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, at.lack.clone())?;

    let index = col(column::VERSION);
    let (mut failed, mut lacks, mut applies, mut words, mut joined) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), rows.rows);
    let in_bytes = versions.iter().all(|version| version.checks.fit_a_byte());
    let none = if in_bytes { byte(0) } else { long(0) };
    for version in versions {
        let (bits, said) = if in_bytes { version.checks.finish_in_a_byte() } else { version.checks.finish() };
        failed.push(bits);
        words.push(said);
        lacks.push(version.lack);
        applies.push(version.applies);
        joined = version.joins.into_iter().fold(joined, |rows, join| join.add(rows));
    }
    // a failed check stands, whatever else is not known
    let fails = col(column::CHECKS).neq(none.clone());
    let (why, lack) = undecided(rows.lack, Some(fails.clone()), pick_lack(&index, lacks));
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (fails, outcome(Outcome::Breached)),
            (col(APPLIES), outcome(Outcome::Met)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let frame = joined
        .with_columns(stage.columns())
        .with_columns([
            pick_or(&index, failed, none).alias(column::CHECKS),
            pick_or(&index, applies, lit(false)).fill_null(lit(false)).alias(APPLIES),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([col(column::ROW), verdict.alias(column::OUTCOME), index, col(column::WHY), col(column::LACK), col(column::CHECKS)])
        .collect()?;
    let copies: Vec<&Copies> = rule.rows.versions.iter().flat_map(|version| &version.body).filter_map(|row| row.copies.as_ref()).collect();
    let breached = match copies.is_empty() {
        true => DataFrame::empty(),
        false => frame.clone().lazy().filter(col(column::OUTCOME).eq(outcome(Outcome::Breached))).select([col(column::ROW)]).collect()?,
    };
    let receipts =
        copies.into_iter().map(|copies| copies::receipts(context, copies, table, &breached)).collect::<PolarsResult<Vec<_>>>()?;
    Ok(Judged {
        frame,
        receipts,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.rows),
        checks: words,
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

fn check(
    context: &Context,
    version: usize,
    rows: &[RequireRow],
    stage: &mut Stage,
    (fields, types): (&Fields, &TypeOf),
) -> PolarsResult<Checked> {
    let mut checks = Checks::default();
    let (mut lacks, mut joins) = (Vec::new(), Vec::new());
    let mut applies = lit(false);
    for (at, row) in rows.iter().enumerate() {
        let when = stage.condition(&row.when)?;
        let mut inner = Vec::new();
        for field in &row.present {
            if !fields.has_gaps(field)? {
                continue;
            }
            checks.fail(when.holds().and(fields.column(field)?.is_null()), words::absent(field));
        }
        for part in parts(&row.holds) {
            let answer = stage.condition(part)?;
            checks.fail(when.holds().and(answer.value.clone().not().fill_null(lit(false))), words::violated(part, types));
            inner.push(only_where(answer.unknown(), answer.lack));
        }
        if let Some(link) = &row.exists {
            let (join, lack) = related::exists(context, link, &when, fields, &format!("_k.exists{version}_{at}"), &mut checks)?;
            joins.push(join);
            inner.push(lack);
        }
        let mut asks = when.holds();
        if let Some(copies) = &row.copies {
            let signed = copies::check(context, copies, &when, fields, &format!("_k.copies{version}_{at}"), &mut checks)?;
            joins.push(signed.join);
            inner.push(signed.lack);
            // before it is issued nothing is asked, unless the row asks for something else as well
            let only = row.present.is_empty() && row.holds.is_always() && row.exists.is_none();
            asks = if only { signed.applies } else { asks };
        }
        lacks.push(guarded(&when, all(inner)));
        applies = applies.or(asks);
    }
    Ok(Checked { checks, lack: all(lacks), applies, joins })
}

/// What holds, piece by piece, so that a message can name the piece that does not.
fn parts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(self::parts).collect(),
        other => vec![other],
    }
}
