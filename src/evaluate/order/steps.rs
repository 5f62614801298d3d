//! Moments of one row, each not before the one in front of it.

use polars::prelude::*;

use super::EMPTY;
use crate::evaluate::checks::Checks;
use crate::evaluate::fields::{Fields, Lack, all, only_where};
use crate::evaluate::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use crate::evaluate::lines::Line;
use crate::evaluate::lower::{choose, day_of, has_time, long, second_of};
use crate::evaluate::predicate::Stage;
use crate::evaluate::verdicts::View;
use crate::evaluate::version::{citations, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Need, Order, Stop};

const BEGUN: &str = "_k.begun";
const COMPLETE: &str = "_k.complete";

/// One version's steps as expressions.
struct Checked {
    failed: Expr,
    words: Vec<String>,
    lack: Lack,
    /// Some step has its moment.
    begun: Expr,
    /// Every step that is needed has its moment.
    complete: Expr,
}

/// One step.
struct Step<'a> {
    stop: &'a Stop,
    field: &'a str,
    column: Expr,
    dtype: DataType,
    /// `as_of` sees its moment.
    filled: Expr,
    needed: Expr,
    unknown: Expr,
    lack: Lack,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Order) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let mut stage = Stage::new(&fields, "_k.step");
    let done = match &rule.done {
        Some(done) => context.seen(fields.column(done)?, &fields.dtype(done)?).fill_null(lit(false)),
        None => lit(false),
    };
    let (mut failed, mut lacks, mut begun, mut complete, mut words) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for version in &rule.route.versions {
        let checked = check(context, &version.body, &done, &mut stage, &fields)?;
        failed.push(checked.failed);
        lacks.push(checked.lack);
        begun.push(checked.begun);
        complete.push(checked.complete);
        words.push(checked.words);
    }
    let version = at.version(context, &rule.route);
    let rows = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, at.lack.clone())?;
    let index = col(column::VERSION);
    let (why, lack) = undecided(rows.lack, Some(col(column::CHECKS).neq(long(0))), pick_lack(&index, lacks));
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (col(column::CHECKS).neq(long(0)), outcome(Outcome::Breached)),
            (col(COMPLETE), outcome(Outcome::Met)),
            (col(BEGUN), outcome(Outcome::Pending)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let flag = |each: Vec<Expr>| pick(&index, each, DataType::Boolean).fill_null(lit(false));
    let frame = rows
        .rows
        .with_columns(stage.columns())
        .with_columns([
            pick(&index, failed, DataType::Int64).fill_null(long(0)).alias(column::CHECKS),
            flag(begun).alias(BEGUN),
            flag(complete).alias(COMPLETE),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([col(column::ROW), verdict.alias(column::OUTCOME), index, col(column::WHY), col(column::LACK), col(column::CHECKS)])
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.route),
        checks: words,
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

fn check(context: &Context, stops: &[Stop], done: &Expr, stage: &mut Stage, fields: &Fields) -> PolarsResult<Checked> {
    let steps = stops.iter().map(|stop| step(context, stop, stage, fields)).collect::<PolarsResult<Vec<_>>>()?;
    let mut checks = Checks::default();
    let mut lacks = Vec::new();
    let begun = steps.iter().fold(lit(false), |any, step| any.or(step.filled.clone()));
    let mut complete = lit(true);
    // a case that ended without any of its dates has not been written up, which proves no step to have been left out
    let blank = done.clone().and(begun.clone().not());
    let ended = done.clone().and(begun.clone());
    for (at, step) in steps.iter().enumerate() {
        let later = steps[at + 1..].iter().fold(ended.clone(), |any, later| any.or(later.filled.clone()));
        let empty = step.filled.clone().not().and(later);
        checks.fail(empty.clone().and(step.needed.clone()), format!("{EMPTY}{}", step.stop.title));
        lacks.push(only_where(empty.and(step.unknown.clone()), step.lack.clone()));
        lacks.push(only_where(blank.clone().and(step.needed.clone()), fields.lack(step.field)?));
        complete = complete.and(step.filled.clone().or(step.needed.clone().or(step.unknown.clone()).not()));
    }
    for (at, earlier) in steps.iter().enumerate() {
        let mut between = lit(true);
        for later in &steps[at + 1..] {
            let timed = has_time(&earlier.dtype) && has_time(&later.dtype);
            let moment = |step: &Step| match timed {
                true => second_of(step.column.clone(), &step.dtype),
                false => day_of(step.column.clone(), &step.dtype),
            };
            let reversed = earlier.filled.clone().and(later.filled.clone()).and(moment(later).lt(moment(earlier)).fill_null(lit(false)));
            checks.fail(between.clone().and(reversed), format!("{}{} 早于{}", super::MISPLACED, later.stop.title, earlier.stop.title));
            between = between.and(later.filled.clone().not());
        }
    }
    let (failed, words) = checks.finish();
    Ok(Checked { failed, words, lack: all(lacks), begun, complete })
}

fn step<'a>(context: &Context, stop: &'a Stop, stage: &mut Stage, fields: &Fields) -> PolarsResult<Step<'a>> {
    let field = stop.names.first().map_or("", String::as_str);
    let (column, dtype) = (fields.column(field)?, fields.dtype(field)?);
    let (needed, unknown, lack) = match &stop.need {
        Need::Always => (lit(true), lit(false), None),
        Need::Never => (lit(false), lit(false), None),
        Need::When(when) => {
            let answer = stage.condition(when)?;
            (answer.holds(), answer.unknown(), answer.lack)
        }
    };
    let filled = context.seen(column.clone(), &dtype).fill_null(lit(false));
    Ok(Step { stop, field, column, dtype, filled, needed, unknown, lack })
}

/// `（收表日期 2026-10-03、登记日期 2026-10-02）`: the row's moments, so that a message need not send anybody to the workbook.
pub(in crate::evaluate) fn dates(rule: &Order, view: &View, line: &Line) -> String {
    let stops = line.version.and_then(|version| rule.route.versions.get(version)).map_or(&[][..], |version| version.body.as_slice());
    let moments = stops.iter().filter_map(|stop| {
        let at = view.seen(stop.names.first()?, line.row?)?;
        Some(format!("{} {}", stop.title, at.words()))
    });
    let moments: Vec<String> = moments.collect();
    if moments.is_empty() { String::new() } else { format!("（{}）", moments.join("、")) }
}
