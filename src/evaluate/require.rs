//! When a condition holds, fields are present and have certain values.

use polars::prelude::*;

use super::fields::{Fields, Lack, all, only_where};
use super::judged::{At, Context, Judged, Why, column, guarded, outcome, scoped, undecided};
use super::lower::{choose, long};
use super::predicate::Stage;
use super::version::{citations, pick, pick_lack};
use super::words;
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Condition;
use crate::rules::kinds::{Require, RequireRow};

/// Checks of one version that are told apart; further ones share the last bit.
const BITS: usize = 62;

/// Some row of the version holds.
const APPLIES: &str = "_k.applies";

/// One version's rows as expressions.
struct Checked {
    /// A bit a failed check.
    failed: Expr,
    lack: Lack,
    applies: Expr,
    words: Vec<String>,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Require) -> PolarsResult<Judged> {
    let fields = Fields::of(context, table);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let mut stage = Stage::new(&fields, "_k.check");
    let versions = rule.rows.versions.iter().map(|v| check(&v.body, &mut stage, &fields)).collect::<PolarsResult<Vec<_>>>()?;
    let version = at.version(context, &rule.rows);
    let rows = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, at.lack.clone())?;

    let index = col(column::VERSION);
    let (mut failed, mut lacks, mut applies, mut words) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for version in versions {
        failed.push(version.failed);
        lacks.push(version.lack);
        applies.push(version.applies);
        words.push(version.words);
    }
    // a failed check stands, whatever else is not known
    let (why, lack) = undecided(rows.lack, Some(col(column::CHECKS).neq(long(0))), pick_lack(&index, lacks));
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (col(column::CHECKS).neq(long(0)), outcome(Outcome::Breached)),
            (col(APPLIES), outcome(Outcome::Met)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let frame = rows
        .rows
        .with_columns(stage.columns())
        .with_columns([
            pick(&index, failed, DataType::Int64).fill_null(long(0)).alias(column::CHECKS),
            pick(&index, applies, DataType::Boolean).fill_null(lit(false)).alias(APPLIES),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([col(column::ROW), verdict.alias(column::OUTCOME), index, col(column::WHY), col(column::LACK), col(column::CHECKS)])
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.rows),
        checks: words,
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

fn check(rows: &[RequireRow], stage: &mut Stage, fields: &Fields) -> PolarsResult<Checked> {
    let mut failed: Option<Expr> = None;
    let mut lacks = Vec::new();
    let mut applies: Option<Expr> = None;
    let mut words: Vec<String> = Vec::new();
    let mut fail = |holds: Expr, phrase: String| {
        let index = words.iter().position(|known| *known == phrase).unwrap_or_else(|| {
            words.push(phrase);
            words.len() - 1
        });
        let bit = choose([(holds, long(1 << index.min(BITS - 1)))], long(0));
        failed = Some(match failed.take() {
            Some(sum) => sum.or(bit),
            None => bit,
        });
    };
    for row in rows {
        let when = stage.condition(&row.when)?;
        let mut inner = Vec::new();
        for field in &row.present {
            if !fields.has_gaps(field)? {
                continue;
            }
            fail(when.holds().and(fields.column(field)?.is_null()), words::absent(field));
        }
        for part in parts(&row.holds) {
            let answer = stage.condition(part)?;
            fail(when.holds().and(answer.value.clone().not().fill_null(lit(false))), words::violated(part));
            inner.push(only_where(answer.unknown(), answer.lack));
        }
        lacks.push(guarded(&when, all(inner)));
        applies = Some(match applies.take() {
            Some(any) => any.or(when.holds()),
            None => when.holds(),
        });
    }
    if words.len() > BITS {
        let rest = words.split_off(BITS - 1).join("、");
        words.push(rest);
    }
    Ok(Checked { failed: failed.unwrap_or_else(|| long(0)), lack: all(lacks), applies: applies.unwrap_or_else(|| lit(false)), words })
}

/// What holds, piece by piece, so that a message can name the piece that does not.
fn parts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(self::parts).collect(),
        other => vec![other],
    }
}
