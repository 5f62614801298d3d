//! So many times per subject: the windows in which something is owed, and what was done in each.

mod subjects;
mod tally;
mod windows;
mod words;

pub(super) use words::{change, label, told};

use polars::prelude::*;
use rust_decimal::Decimal;

use super::clock::Measure;
use super::fields::{Fields, bits, both};
use super::judged::{Context, Judged, Limit, Why, column, outcome};
use super::lower::{choose, long, look_up, null_of};
use super::version::citations;
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Frequency, Subjects, Window, Within};
use crate::rules::{Quantity, Unit};

use subjects::Population;
use tally::{Events, Tallied};

const LEAST: &str = "_k.least";
const MOST: &str = "_k.most";
const FAILED: &str = "_k.failed";
const KEPT: &str = "_k.kept";
/// More than allowed by the end of the period, and already before it.
const EXCEEDED: &str = "_k.exceeded";
const TOLD: &str = "_k.told";

pub(super) fn judge(context: &Context, table: &Table, rule: &Frequency) -> PolarsResult<Judged> {
    let Some(log) = context.tables.get(&rule.events.dataset) else {
        polars_bail!(ComputeError: "没有数据表「{}」", rule.events.dataset);
    };
    // nobody keeps this log, which is not the same as nothing done
    if log.frame.height() == 0 || (table.frame.height() == 0 && rule.subjects == Subjects::Rows) {
        return Ok(Judged::default());
    }
    let fields = Fields::new(&table.frame);
    let population = Population::new(table, &fields, rule)?;
    let events = Events::new(context, log, &population, rule, fields.reasons())?;
    let Some(windows) = windows::build(context, rule, &population, &events)? else { return Ok(Judged::default()) };
    let counted = events.count(context, windows)?;
    let frame = verdicts(context, rule, counted)?;
    Ok(Judged {
        frame,
        reasons: events.reasons(),
        versions: citations(context.pack, &rule.asks),
        limits: rule.asks.versions.iter().flat_map(|version| &version.body).map(|ask| measured(&ask.window)).collect(),
        unit: rule.unit.clone(),
        owner: rule.owner.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

fn measured(window: &Window) -> Limit {
    let quantity = match window {
        Window::Within { within: Within::Length(length), .. } | Window::Gap(length) => *length,
        Window::Within { .. } | Window::Every { .. } => Quantity { amount: Decimal::ZERO, unit: Unit::Day },
    };
    Limit { quantity, measure: Measure::of(&quantity, true) }
}

/// What is sure decides; what may have been done as well leaves it open where it would turn the answer.
fn verdicts(context: &Context, rule: &Frequency, counted: Tallied) -> PolarsResult<DataFrame> {
    let asks = || rule.asks.versions.iter().flat_map(|version| &version.body);
    let least: Vec<i64> = asks().map(|ask| ask.least.map_or(0, i64::from)).collect();
    let most: Vec<i64> = asks().map(|ask| ask.most.map_or(i64::MAX, i64::from)).collect();
    let limit = col(column::LIMIT);
    let (low, high) = (col(tally::SURE), col(tally::SURE) + col(tally::DOUBTFUL));
    let too_many = low.clone().gt(col(MOST));
    let past = col(column::DUE).lt_eq(long(context.as_of_second())).fill_null(lit(true));
    let failed = too_many.or(high.clone().lt(col(LEAST)).and(past.clone()));
    let open_ended = col(MOST).eq(long(i64::MAX));
    let kept = low.gt_eq(col(LEAST)).and(high.lt_eq(col(MOST)).and(past.clone()).or(open_ended));
    let (lacking, closed) = (col(column::LACK).neq(long(0)), col(windows::CLOSED));
    let decided = || col(column::WHY).eq(Why::Decided.code());
    let undecided = closed.clone().and(past).and(col(FAILED).not()).and(col(KEPT).not());
    let why = choose(
        [
            (lacking, Why::Lacking.code()),
            (col(windows::APPLIES).not(), Why::Decided.code()),
            (col(windows::COVERED).not(), Why::Uncovered.code()),
            (undecided, Why::Lacking.code()),
        ],
        Why::Decided.code(),
    );
    // what was too often in an earlier month was told there
    let told = decided().and(col(windows::APPLIES)).and(col(TOLD));
    let verdict = choose(
        [
            (decided().not(), outcome(Outcome::Indeterminate)),
            (col(windows::APPLIES).not(), outcome(Outcome::NotApplicable)),
            (col(EXCEEDED), outcome(Outcome::Breached)),
            (closed.clone().and(col(FAILED)), outcome(Outcome::Breached)),
            (closed.and(col(KEPT)), outcome(Outcome::Met)),
        ],
        outcome(Outcome::Pending),
    );
    // the subject's own row, or of a log grouped by its fields the last that counted
    let own = matches!(rule.subjects, Subjects::By { .. }) && rule.events.dataset == rule.dataset;
    let row = if own { col(tally::LAST).fill_null(col(column::ROW)) } else { col(column::ROW) };
    let subject = counted.0.column(column::SUBJECT).is_ok().then(|| col(column::SUBJECT));
    let lack = choose([(decided(), long(0))], bits(both(Some(col(column::LACK)), Some(col(tally::LACK)))));
    let selected = [
        Some(row.alias(column::ROW)),
        subject,
        Some(verdict.alias(column::OUTCOME)),
        Some(col(column::VERSION)),
        Some(col(column::WHY)),
        Some(lack.alias(column::LACK)),
        Some(limit.clone()),
        Some(choose([(col(column::WHY).neq(Why::Uncovered.code()), col(column::DUE))], null_of(DataType::Int64)).alias(column::DUE)),
        Some(col(column::BEGAN)),
        Some(col(tally::SURE).cast(DataType::UInt32).alias(column::TIMES)),
    ];
    counted
        .0
        .lazy()
        .with_columns([
            look_up(&Series::new("least".into(), least), limit.clone()).alias(LEAST),
            look_up(&Series::new("most".into(), most), limit).alias(MOST),
        ])
        .with_columns([
            failed.alias(FAILED),
            kept.alias(KEPT),
            col(tally::BY_NOW).gt(col(MOST)).alias(EXCEEDED),
            col(tally::BEFORE).gt(col(MOST)).alias(TOLD),
        ])
        .with_column(why.alias(column::WHY))
        .filter(told.not())
        .sort([subjects::ID, column::BEGAN], SortMultipleOptions::default().with_maintain_order(true))
        .select(selected.into_iter().flatten().collect::<Vec<_>>())
        .collect()
}
