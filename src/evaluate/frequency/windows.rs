//! When something is owed: the periods, the time after a trigger, the time from one event to the next. A row each, a subject
//! may have several.

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use super::super::civil;
use super::super::clock::{Clock, DAY, Measure, Point, Tick, limit_size};
use super::super::judged::{Context, column};
use super::super::lower::{choose, long, null_of, small};
use super::super::periods;
use super::super::version::index;
use super::subjects::{ID, LACK, Population, SINCE, Segment, TRIGGER, TRIGGER_DAY, UNTIL, segments};
use super::tally::{AT, Events};
use crate::rules::kinds::{Age, Frequency, Window, Within};
use crate::rules::{Every, Quantity, Unit};

/// First and last second in which something counts.
pub(super) const FROM: &str = "_k.from";
pub(super) const TO: &str = "_k.to";
/// It is judged now; else what was done so far is told.
pub(super) const CLOSED: &str = "_k.closed";
/// The subject is there throughout.
pub(super) const APPLIES: &str = "_k.applies";
/// The calendar knows the window.
pub(super) const COVERED: &str = "_k.covered";
/// Which version a day falls under.
const VERSION_THEN: &str = "_k.version_then";
/// The day (since 1970) that a gap is counted from, and the last such day of the subject.
const POINT: &str = "_k.point";
const LATEST: &str = "_k.latest";

fn second(day: Expr) -> Expr {
    day.cast(DataType::Int64) * long(DAY)
}

fn end_of(day: Expr) -> Expr {
    second(day) + long(DAY - 1)
}

/// One row of the rule over the subjects that it asks.
struct Asked<'a> {
    context: &'a Context<'a>,
    rule: &'a Frequency,
    version: usize,
    index: i32,
    age: Option<Age>,
    /// Subjects that the row asks.
    rows: LazyFrame,
}

/// `None` where no window of any row touches the period.
pub(super) fn build(context: &Context, rule: &Frequency, population: &Population, events: &Events) -> PolarsResult<Option<DataFrame>> {
    let mut parts: Vec<LazyFrame> = Vec::new();
    for version in 0..rule.asks.versions.len() {
        for segment in segments(rule, version) {
            for (index, ask) in &segment.asks {
                let rows = asked(population, &segment, *index);
                let asked = Asked { context, rule, version, index: *index, age: segment.age, rows };
                match &ask.window {
                    Window::Every { every, months } => parts.extend(asked.periods(*every, months)),
                    Window::Within { within, not_before } => {
                        parts.push(asked.after_trigger(within, not_before.as_ref(), population, events)?);
                    }
                    Window::Gap(gap) => parts.extend(asked.gaps(gap, population, events)?),
                }
            }
        }
    }
    let keys = population.keys.iter().map(String::as_str).filter(|key| *key != ID);
    let subject = population.frame.column(column::SUBJECT).is_ok().then_some(column::SUBJECT);
    let own =
        [ID, column::ROW, column::LACK, column::LIMIT, column::VERSION, column::BEGAN, FROM, TO, column::DUE, CLOSED, APPLIES, COVERED];
    let columns: Vec<Expr> = own.into_iter().chain(keys).chain(subject).map(col).collect();
    let mut whole: Option<DataFrame> = None;
    for part in parts {
        let part = part.select(columns.clone()).collect()?;
        match &mut whole {
            Some(whole) => drop(whole.vstack_mut_owned(part)?),
            None => whole = Some(part),
        }
    }
    if let Some(whole) = &mut whole {
        whole.rechunk_mut();
    }
    Ok(whole)
}

/// The subjects that a row asks, with what they lack to be asked.
fn asked(population: &Population, segment: &Segment, index: i32) -> LazyFrame {
    let lack = col(LACK).or(col(segment.lack.as_str()));
    population.frame.clone().lazy().filter(col(segment.hit.as_str()).eq(small(index))).with_column(lack.alias(column::LACK))
}

impl Asked<'_> {
    /// First and last day at which a subject is of the row's age; null: no bound.
    fn ages(&self) -> (Expr, Expr) {
        let end = |end: Option<(Quantity, bool)>, step: i32| match end {
            None => null_of(DataType::Int32),
            Some((length, inside)) => {
                let day = later(col(SINCE), &length);
                if inside { day } else { day + small(step) }
            }
        };
        match self.age {
            Some(age) => (end(age.low, 1), end(age.high, -1)),
            None => (null_of(DataType::Int32), null_of(DataType::Int32)),
        }
    }

    /// Some day between two is one at which the row asks the subject; what is not known counts as none the less.
    fn touches(&self, first: Expr, last: Expr) -> Expr {
        let (low, high) = self.ages();
        let begun = low.lt_eq(last.clone()).fill_null(lit(true)).and(high.gt_eq(first.clone()).fill_null(lit(true)));
        let there = col(SINCE).lt_eq(last).fill_null(lit(true)).and(col(UNTIL).gt_eq(first).fill_null(lit(true)));
        begun.and(there)
    }

    fn numbered(&self, rows: LazyFrame) -> LazyFrame {
        let version = small(i32::try_from(self.version).unwrap_or(i32::MAX));
        rows.with_columns([small(self.index).alias(column::LIMIT), version.alias(column::VERSION)])
    }

    /// Begins while the version is in force.
    fn in_force(&self, day: NaiveDate) -> bool {
        let versions = &self.rule.asks.versions;
        day >= versions[self.version].from && versions.get(self.version + 1).is_none_or(|next| day < next.from)
    }

    /// Periods that have a day in the horizon's: those that end in it are judged.
    fn periods(&self, every: Every, months: &[u32]) -> Vec<LazyFrame> {
        let horizon = self.context.horizon.period;
        let calendar = self.context.calendars.get(&self.context.pack.calendar);
        let spans = periods::spans(every, calendar, horizon.first, horizon.last);
        let wanted = spans.into_iter().filter(|span| {
            let listed = months.is_empty() || months.contains(&span.first.month());
            listed && self.in_force(span.first)
        });
        let each = wanted.map(|span| {
            let (first, last) = (small(span.first.to_epoch_days()), small(span.last.to_epoch_days()));
            let there = col(SINCE).lt_eq(first.clone()).fill_null(lit(true)).and(col(UNTIL).gt_eq(last.clone()).fill_null(lit(true)));
            let rows = self.rows.clone().filter(self.touches(first.clone(), last.clone())).with_columns([
                second(first.clone()).alias(column::BEGAN),
                second(first).alias(FROM),
                end_of(last.clone()).alias(TO),
                end_of(last).alias(column::DUE),
                lit(span.last <= horizon.last).alias(CLOSED),
                (if self.rule.owes_partial { lit(true) } else { there }).alias(APPLIES),
                lit(span.covered).alias(COVERED),
            ]);
            self.numbered(rows)
        });
        each.collect()
    }

    /// From the trigger on, or up to it. What falls due in the period is judged; what falls due later is on its way.
    fn after_trigger(
        &self,
        within: &Within,
        not_before: Option<&Quantity>,
        population: &Population,
        events: &Events,
    ) -> PolarsResult<LazyFrame> {
        let ahead = self.rule.trigger.as_ref().is_some_and(|trigger| trigger.ahead);
        let timed = population.trigger_timed && events.timed;
        let trigger = Point { day: col(TRIGGER_DAY), second: col(TRIGGER) };
        let at = if timed { col(TRIGGER) } else { second(col(TRIGGER_DAY)) };
        let (from, to) = if ahead {
            let to = match not_before {
                Some(length) => self.moment(&trigger, length, true, timed)?,
                None if timed => col(TRIGGER),
                None => end_of(col(TRIGGER_DAY)),
            };
            let Within::Length(length) = within else { polars_bail!(ComputeError: "往前数要写多久") };
            (self.begin(&trigger, length, true, timed)?, to)
        } else {
            let from = match not_before {
                Some(length) => self.begin(&trigger, length, false, timed)?,
                None => at,
            };
            let to = match within {
                Within::Length(length) => self.moment(&trigger, length, false, timed)?,
                Within::End { every, later } => end_of(end_of_period(*every, *later, col(TRIGGER_DAY))),
            };
            (from, to)
        };
        let horizon = self.context.horizon.period;
        let (first, last) = (small(horizon.first.to_epoch_days()), small(horizon.last.to_epoch_days()));
        let due_day = || col(column::DUE).floor_div(long(DAY)).cast(DataType::Int32);
        let begun = col(if ahead { FROM } else { TRIGGER }).lt_eq(long(self.context.as_of_second()));
        let newest = i32::try_from(self.rule.asks.versions.len()).unwrap_or(i32::MAX) - 1;
        // a subject without a trigger is under no version yet: it is told once, by the newest
        let then = choose([(col(TRIGGER_DAY).is_null(), small(newest))], index(&col(TRIGGER_DAY), &self.rule.asks));
        let rows = self
            .rows
            .clone()
            .filter(then.eq(small(i32::try_from(self.version).unwrap_or(i32::MAX))))
            .filter(self.touches(col(TRIGGER_DAY), col(TRIGGER_DAY)))
            .with_columns([
                from.alias(FROM),
                to.clone().alias(TO),
                to.alias(column::DUE),
                (if timed { col(TRIGGER) } else { second(col(TRIGGER_DAY)) }).alias(column::BEGAN),
            ])
            .filter(begun.fill_null(lit(true)).and(due_day().gt_eq(first).fill_null(lit(true))))
            .with_columns([
                due_day().lt_eq(last).fill_null(lit(true)).alias(CLOSED),
                col(UNTIL).gt_eq(due_day()).fill_null(lit(true)).alias(APPLIES),
                col(column::DUE).is_not_null().or(col(TRIGGER_DAY).is_null()).alias(COVERED),
            ]);
        Ok(self.numbered(rows))
    }

    /// From each event, and from the beginning, to the next one: each falls due in one month. The last of them is on its way.
    fn gaps(&self, gap: &Quantity, population: &Population, events: &Events) -> PolarsResult<[LazyFrame; 2]> {
        let keys: Vec<Expr> = population.keys.iter().map(|key| col(key.as_str())).collect();
        let day = |column: &str| col(column).floor_div(long(DAY)).cast(DataType::Int32);
        let done = events.known().select([keys.clone(), vec![day(AT).alias(POINT)]].concat());
        let points = self.rows.clone().join(done, keys.clone(), keys, JoinArgs::new(JoinType::Inner));
        let begun = small(self.context.as_of_day());
        let started = self.rows.clone().filter(col(SINCE).is_not_null().and(col(SINCE).lt_eq(begun))).with_column(col(SINCE).alias(POINT));
        let names: Vec<Expr> = population.frame.get_column_names().into_iter().map(|name| col(name.as_str())).collect();
        let names = [names, vec![col(column::LACK), col(POINT)]].concat();
        let mut points = points.select(names.clone()).collect()?;
        points.vstack_mut_owned(started.select(names).collect()?)?;
        let points = points.lazy().unique_stable(Some(cols([ID, POINT])), UniqueKeepStrategy::First);
        let latest = points.clone().group_by([col(ID)]).agg([col(POINT).max().alias(LATEST)]);
        let point = Point { day: col(POINT), second: second(col(POINT)) };
        let to = self.moment(&point, gap, false, false)?;
        let horizon = self.context.horizon.period;
        let (first, last) = (small(horizon.first.to_epoch_days()), small(horizon.last.to_epoch_days()));
        let due_day = || col(column::DUE).floor_div(long(DAY)).cast(DataType::Int32);
        let judged = due_day().gt_eq(first).and(due_day().lt_eq(last.clone()).or(col(POINT).eq(col(LATEST)))).fill_null(lit(true));
        let version = small(i32::try_from(self.version).unwrap_or(i32::MAX));
        let rows = points
            .clone()
            .join(latest, [col(ID)], [col(ID)], JoinArgs::new(JoinType::Left))
            .with_column(index(&col(POINT), &self.rule.asks).alias(VERSION_THEN))
            .filter(col(VERSION_THEN).eq(version).and(self.touches(col(POINT), col(POINT))))
            .with_columns([
                second(col(POINT)).alias(column::BEGAN),
                // the same day once more is not the next time
                second(col(POINT) + small(1)).alias(FROM),
                to.clone().alias(TO),
                to.alias(column::DUE),
            ])
            .filter(judged)
            .with_columns([
                due_day().lt_eq(last).fill_null(lit(true)).alias(CLOSED),
                col(UNTIL).gt_eq(due_day()).fill_null(lit(true)).alias(APPLIES),
                col(column::DUE).is_not_null().alias(COVERED),
            ]);
        let never = self.never(points, events)?;
        Ok([self.numbered(rows), never])
    }

    /// Subjects that have no day to count from, and that nobody knows to be gone or still to come; told once, by the newest version.
    fn never(&self, points: LazyFrame, events: &Events) -> PolarsResult<LazyFrame> {
        let newest = self.version + 1 == self.rule.asks.versions.len();
        let first = small(self.context.horizon.period.first.to_epoch_days());
        let there = col(SINCE).is_null().and(col(UNTIL).gt_eq(first).fill_null(lit(true)));
        let nothing = [column::BEGAN, FROM, TO, column::DUE].map(|name| null_of(DataType::Int64).alias(name));
        let rows = self
            .rows
            .clone()
            .filter(lit(newest).and(there))
            .join(points.select([col(ID)]), [col(ID)], [col(ID)], JoinArgs::new(JoinType::Anti))
            .with_columns(nothing)
            .with_column(events.never().or(col(column::LACK)).alias(column::LACK))
            .with_columns([lit(true).alias(CLOSED), lit(true).alias(APPLIES), lit(true).alias(COVERED)]);
        Ok(self.numbered(rows))
    }

    /// The last second of a length counted from a point.
    fn moment(&self, point: &Point, length: &Quantity, back: bool, timed: bool) -> PolarsResult<Expr> {
        let (due, whole_day) = self.counted(point, length, back, timed)?;
        Ok(if whole_day { due + long(DAY - 1) } else { due })
    }

    /// The first second of it.
    fn begin(&self, point: &Point, length: &Quantity, back: bool, timed: bool) -> PolarsResult<Expr> {
        Ok(self.counted(point, length, back, timed)?.0)
    }

    /// Seconds since 1970 at a length from a point, and whether that is a day as a whole.
    fn counted(&self, point: &Point, length: &Quantity, back: bool, timed: bool) -> PolarsResult<(Expr, bool)> {
        let (context, conventions) = (self.context, self.context.pack.conventions);
        let clock = Clock::new(context.calendars.get(&context.pack.calendar), conventions.count_first_day, Tick::Second);
        let size = limit_size(length).ok_or_else(|| polars_err!(ComputeError: "{length} is too long"))?;
        let measure = Measure::of(length, timed);
        let size = if back { -size } else { size };
        let due = match measure {
            Measure::Months => second(civil::add_months(point.day.clone(), small(i32::try_from(size).unwrap_or(i32::MAX)))),
            measure => {
                let first_day = if back { None } else { clock.first_day(measure, point) };
                clock.moment(measure, point, &first_day.map_or(long(size), |first_day| long(size) - first_day))
            }
        };
        let rolls = conventions.roll_last_day && !back && matches!(measure, Measure::Days | Measure::Months);
        Ok((if rolls { clock.roll(&due) } else { due }, measure.by_day()))
    }
}

/// The day so much later; only lengths that ages may have.
fn later(day: Expr, length: &Quantity) -> Expr {
    let size = small(limit_size(length).map_or(0, |size| i32::try_from(size).unwrap_or(i32::MAX)));
    match length.unit {
        Unit::Month | Unit::Quarter | Unit::Year => civil::add_months(day, size),
        _ => day + small(limit_size(length).map_or(0, |size| i32::try_from(size / DAY).unwrap_or(i32::MAX))),
    }
}

/// The last day of the period that a day lies in, or of one so many later.
fn end_of_period(every: Every, later: u32, day: Expr) -> Expr {
    let months = i32::try_from(every.months().unwrap_or(1)).unwrap_or(1);
    let next = (civil::month(day).floor_div(small(months)) + small(1 + later as i32)) * small(months);
    civil::day(next, small(1)) - small(1)
}
