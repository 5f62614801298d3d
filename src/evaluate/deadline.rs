//! From `start` to `stop` within a limit, or by the date in a field.

use polars::prelude::*;

use super::civil;
use super::clock::{Clock, DAY, Measure, Point, Tick, limit_size};
use super::fields::{Fields, Lack, both};
use super::judged::{Context, Judged, Limit, Why, column, outcome, scoped, undecided_or};
use super::lower::{byte, choose, day_of, has_time, long, look_up, null_of, second_of, small};
use super::pause;
use super::predicate::Stage;
use super::version::{citations, first_hit, index, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::Deadline;
use crate::rules::{Quantity, Unit};

const START_DAY: &str = "_k.start_day";
const START_SECOND: &str = "_k.start_second";
const END_DAY: &str = "_k.end_day";
const END_SECOND: &str = "_k.end_second";
/// The stop is there, and `as_of` sees it.
pub(super) const ENDED: &str = "_k.ended";
/// Days or seconds, or months, of the limit that applies.
const SIZE: &str = "_k.size";

/// The subjects of the rule at this horizon, with start and end of their clocks.
struct Subjects {
    rows: LazyFrame,
    lack: Lack,
    start_timed: bool,
    stop_timed: bool,
}

pub(super) fn start() -> Point {
    Point { day: col(START_DAY), second: col(START_SECOND) }
}

pub(super) fn end() -> Point {
    Point { day: col(END_DAY), second: col(END_SECOND) }
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Deadline) -> PolarsResult<Judged> {
    let fields = Fields::of(context, table);
    let subjects = subjects(context, table, rule, &fields)?;
    let (frame, limits, tick) = match &rule.due {
        Some(due) => by_field(rule, due, &fields, subjects)?,
        None => by_limits(context, rule, &fields, subjects)?,
    };
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.limits),
        limits,
        tick,
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        owner: rule.owner.clone(),
        start: Some(rule.start.clone()),
        stop: Some(rule.stop.clone()),
        ..Judged::default()
    })
}

fn subjects(context: &Context, table: &Table, rule: &Deadline, fields: &Fields) -> PolarsResult<Subjects> {
    let (start, start_type) = (fields.column(&rule.start)?, fields.dtype(&rule.start)?);
    let (stop, stop_type) = (fields.column(&rule.stop)?, fields.dtype(&rule.stop)?);
    let stop_day = day_of(stop.clone(), &stop_type);
    let begun = context.seen(start.clone(), &start_type).fill_null(lit(true));
    let first = small(context.horizon.period.first.to_epoch_days());
    let start_day = day_of(start.clone(), &start_type);
    // what ended before it began is told in the month in which it began
    let lasts = stop_day.clone().gt_eq(first.clone()).or(start_day.gt_eq(first)).fill_null(lit(true));
    let version = index(&day_of(start.clone(), &start_type), &rule.limits);
    let scoped = scoped(table, fields, &rule.scope, begun.and(lasts), version, fields.lack(&rule.start)?)?;
    let ended = context.seen(stop.clone(), &stop_type).fill_null(lit(false));
    let end_second = choose([(col(ENDED), second_of(stop, &stop_type))], long(context.as_of_second()));
    let rows = scoped
        .rows
        .with_columns([
            day_of(start.clone(), &start_type).alias(START_DAY),
            second_of(start, &start_type).alias(START_SECOND),
            ended.alias(ENDED),
        ])
        .with_columns([choose([(col(ENDED), stop_day)], small(context.as_of_day())).alias(END_DAY), end_second.alias(END_SECOND)]);
    Ok(Subjects { rows, lack: scoped.lack, start_timed: has_time(&start_type), stop_timed: has_time(&stop_type) })
}

/// It ended before it began.
fn reversed(timed: bool) -> Expr {
    let (start, end) = (start(), end());
    let before = if timed { end.second.lt(start.second) } else { end.day.lt(start.day) };
    col(ENDED).and(before)
}

/// The verdict, from [`column::WHY`], [`column::OVERRUN`] and whether it ended; `na` where nothing is asked.
fn verdict(na: Expr, tick: Tick) -> Expr {
    choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (na, outcome(Outcome::NotApplicable)),
            (col(column::OVERRUN).gt(tick.zero()), outcome(Outcome::Breached)),
            (col(ENDED), outcome(Outcome::Met)),
        ],
        outcome(Outcome::Pending),
    )
}

fn by_limits(context: &Context, rule: &Deadline, fields: &Fields, subjects: Subjects) -> PolarsResult<(DataFrame, Vec<Limit>, Tick)> {
    let timed = subjects.start_timed && subjects.stop_timed;
    let mut limits: Vec<Limit> = Vec::new();
    let mut sizes: Vec<i64> = Vec::new();
    let mut stage = Stage::new(fields, "_k.row");
    let (mut hits, mut lacks) = (Vec::new(), Vec::new());
    let few = u8::try_from(rule.limits.versions.iter().map(|version| version.body.len()).sum::<usize>()).is_ok();
    let place = |at: usize| if few { byte(at as u8) } else { small(i32::try_from(at).unwrap_or(i32::MAX)) };
    let place_type = if few { DataType::UInt8 } else { DataType::Int32 };
    for version in &rule.limits.versions {
        let mut rows = Vec::new();
        for row in &version.body {
            rows.push((stage.condition(&row.when)?, place(limits.len())));
            limits.push(Limit { quantity: row.limit, measure: Measure::of(&row.limit, timed) });
            sizes.push(limit_size(&row.limit).ok_or_else(|| polars_err!(ComputeError: "limit {} is too long", row.limit))?);
        }
        let (hit, lack) = first_hit(rows, place_type.clone());
        hits.push(hit);
        lacks.push(lack);
    }
    let version = col(column::VERSION);
    let limit = col(column::LIMIT);
    let in_days = if rule.pause.is_none() { sizes_in_days(&limits, &sizes) } else { None };
    let (tick, sizes) = match in_days {
        Some(days) => (Tick::Day, Series::new("size".into(), days)),
        None => (Tick::Second, Series::new("size".into(), sizes)),
    };
    let rows = subjects
        .rows
        .with_columns(stage.columns())
        .with_column(pick(&version, hits, place_type).alias(column::LIMIT))
        .with_column(look_up(&sizes, limit.clone()).alias(SIZE));

    let clock = Clock::new(context.calendars.get(&context.pack.calendar), context.pack.conventions.count_first_day, tick);
    let measures = Measures::new(&limits);
    let needs = pick_lack(&version, lacks);
    let first_day = |measure| clock.first_day(measure, &start());
    let (rows, pauses) = match &rule.pause {
        None => (rows, None),
        Some(spec) => {
            let bonus = measures.each(&limit, |measure| first_day(measure).unwrap_or_else(|| long(0)));
            let position = |point: &Point| measures.each(&limit, |measure| clock.position(measure, point));
            let asked = measures.each(&limit, |measure| match measure {
                Measure::Months => months_on(&start(), tick) - clock.position(measure, &start()),
                _ => col(SIZE),
            });
            (pause::join(context, spec, rows, fields, &position, &bonus, asked)?, Some(()))
        }
    };
    let paused = |name: &str| pauses.map(|()| col(name).fill_null(long(0)));
    let plus = |sum: Expr, more: Option<Expr>| more.into_iter().fold(sum, |sum, more| sum + more);
    let minus = |sum: Expr, less: Option<Expr>| less.into_iter().fold(sum, |sum, less| sum - less);

    let elapsed = measures.each(&limit, |measure| {
        let passed = plus(clock.position(measure, &end()) - clock.position(measure, &start()), first_day(measure));
        match clock.one_run(measure, &start().day, &end().day) {
            Some(one_run) => choose([(one_run, passed)], null_of(tick.dtype())),
            None => passed,
        }
    });
    let rolls = context.pack.conventions.roll_last_day;
    let due = measures.each(&limit, |measure| match measure {
        Measure::Months => plus(months_on(&start(), tick), paused(pause::BEFORE_DUE)),
        measure => {
            let forward = minus(plus(col(SIZE), paused(pause::BEFORE_DUE)), first_day(measure));
            clock.moment(measure, &start(), &forward)
        }
    });
    let rolled = |measure: Measure| rolls && matches!(measure, Measure::Days | Measure::Months);
    // a day off is only looked up where the verdict hangs on it
    let unrolled = col(column::DUE);
    let due_rolled = measures.each(&limit, |measure| if rolled(measure) { clock.roll(&unrolled) } else { unrolled.clone() });
    let end_of = |measure: Measure| clock.position(measure, &end());
    let overrun = measures.each(&limit, |measure| match measure {
        Measure::Months | Measure::Days if measure == Measure::Months || rolls => {
            let late_by = end_of(measure) - unrolled.clone();
            match rolled(measure) {
                true => choose([(late_by.clone().lt_eq(tick.zero()), late_by)], end_of(measure) - col(ROLLED)),
                false => late_by,
            }
        }
        _ => col(column::ELAPSED) - col(SIZE),
    });

    let applies = limit.clone().is_not_null();
    let uncovered = col(column::ELAPSED).is_null().or(col(column::OVERRUN).is_null());
    let further = [(applies.clone().and(reversed(timed)), Why::Reversed.code()), (applies.clone().and(uncovered), Why::Uncovered.code())];
    let (why, lack) = undecided_or(subjects.lack, None, both(needs, paused(pause::LACK)), further);
    let frame = rows
        .with_columns([minus(elapsed, paused(pause::TOTAL)).alias(column::ELAPSED), due.alias(column::DUE)])
        .with_column(due_rolled.alias(ROLLED))
        .with_column(overrun.alias(column::OVERRUN))
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([
            col(column::ROW),
            verdict(limit.clone().is_null(), tick).alias(column::OUTCOME),
            version,
            col(column::WHY),
            col(column::LACK),
            limit,
            col(column::ELAPSED),
            col(column::OVERRUN),
            col(ROLLED).alias(column::DUE),
        ])
        .collect()?;
    Ok((frame, limits, tick))
}

/// The limits in days, or months, where days are enough to measure all of them.
fn sizes_in_days(limits: &[Limit], sizes: &[i64]) -> Option<Vec<i32>> {
    let size = |(limit, size): (&Limit, &i64)| match limit.measure {
        _ if !limit.in_whole_days() => None,
        Measure::Months => i32::try_from(*size).ok(),
        _ => i32::try_from(size / DAY).ok(),
    };
    limits.iter().zip(sizes).map(size).collect()
}

/// Due, after a day off has moved on.
const ROLLED: &str = "_k.rolled";

/// The measures of a rule's limits; usually one.
struct Measures {
    /// One a limit.
    of_limit: Vec<Measure>,
    distinct: Vec<Measure>,
}

impl Measures {
    fn new(limits: &[Limit]) -> Self {
        let of_limit: Vec<Measure> = limits.iter().map(|limit| limit.measure).collect();
        let mut distinct: Vec<Measure> = Vec::new();
        for measure in &of_limit {
            if !distinct.contains(measure) {
                distinct.push(*measure);
            }
        }
        Self { of_limit, distinct }
    }

    /// An expression by the measure of the limit that applies.
    fn each(&self, limit: &Expr, expr: impl Fn(Measure) -> Expr) -> Expr {
        match self.distinct.as_slice() {
            [] => null_of(DataType::Int64),
            [one] => expr(*one),
            several => {
                let branches = several.iter().map(|measure| (self.is(limit, *measure), expr(*measure)));
                choose(branches.collect::<Vec<_>>(), null_of(DataType::Int64))
            }
        }
    }

    fn is(&self, limit: &Expr, measure: Measure) -> Expr {
        let table: Vec<bool> = self.of_limit.iter().map(|m| *m == measure).collect();
        look_up(&Series::new("measure".into(), table), limit.clone())
    }
}

/// The day so many months later.
fn months_on(start: &Point, tick: Tick) -> Expr {
    tick.days(civil::add_months(start.day.clone(), col(SIZE).cast(DataType::Int32)))
}

/// Whole days count unless both ends of the overrun have a time.
fn due_timed(fields: &Fields, rule: &Deadline, due: &str) -> PolarsResult<bool> {
    Ok(has_time(&fields.dtype(due)?) && has_time(&fields.dtype(&rule.stop)?))
}

/// Elapsed and overrun of a due date are told in days, of a due moment in hours.
fn by_field(rule: &Deadline, due: &str, fields: &Fields, subjects: Subjects) -> PolarsResult<(DataFrame, Vec<Limit>, Tick)> {
    let (column_due, due_type) = (fields.column(due)?, fields.dtype(due)?);
    let (tick, unit, measure) = match due_timed(fields, rule, due)? {
        true => (Tick::Second, Unit::Hour, Measure::Clock),
        false => (Tick::Day, Unit::Day, Measure::Days),
    };
    let at = |point: Point| if tick == Tick::Second { point.second } else { point.day };
    let due_at = at(Point { day: day_of(column_due.clone(), &due_type), second: second_of(column_due.clone(), &due_type) });
    let elapsed = at(end()) - at(start());
    let no_due = column_due.is_null();
    let overrun = choose([(no_due.clone(), null_of(tick.dtype()))], at(end()) - due_at.clone());
    // what is due on the day that it is placed by may be done before
    let reversed = if due == rule.start { lit(false) } else { reversed(subjects.start_timed && subjects.stop_timed) };
    let (why, lack) = undecided_or(subjects.lack, None, None, [(reversed, Why::Reversed.code())]);
    // asked without a date: met where the rule says so, and only once it has ended
    let nothing_asked = if rule.no_due_is_met { lit(false) } else { no_due.clone() };
    let verdict = if rule.no_due_is_met {
        choose([(col(column::WHY).eq(Why::Decided.code()).and(no_due), outcome(Outcome::Met))], verdict(nothing_asked, tick))
    } else {
        verdict(nothing_asked, tick)
    };
    let frame = subjects
        .rows
        .with_columns([elapsed.alias(column::ELAPSED), overrun.alias(column::OVERRUN)])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([
            col(column::ROW),
            verdict.alias(column::OUTCOME),
            col(column::VERSION),
            col(column::WHY),
            col(column::LACK),
            small(0).alias(column::LIMIT),
            col(column::ELAPSED),
            col(column::OVERRUN),
            due_at.alias(column::DUE),
        ])
        .collect()?;
    Ok((frame, vec![Limit { quantity: Quantity { amount: rust_decimal::Decimal::ZERO, unit }, measure }], tick))
}
