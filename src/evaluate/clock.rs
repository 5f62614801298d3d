//! Clocks as expressions: where on a clock a moment stands, and which moment stands there. Everything is in seconds,
//! a day or working day counting as 86,400; a day that the calendar does not cover is null.

use polars::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::lower::{choose, long, look_up, null_of, small};
use crate::calendar::Calendar;
use crate::rules::{Quantity, Unit};

pub(super) const DAY: i64 = 86_400;

/// What a limit is measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Differences of dates.
    Days,
    /// Seconds through nights and holidays.
    Clock,
    WorkDays,
    /// Seconds within the shifts of working days.
    WorkTime,
    /// Due by calendar months, elapsed in days.
    Months,
}

impl Measure {
    /// `timed`: start and stop both have a time of day.
    pub(super) fn of(limit: &Quantity, timed: bool) -> Self {
        match limit.unit {
            Unit::Minute | Unit::Hour => Measure::Clock,
            Unit::WorkHour => Measure::WorkTime,
            Unit::Day if limit.amount.fract().is_zero() || !timed => Measure::Days,
            Unit::Day => Measure::Clock,
            Unit::WorkDay => Measure::WorkDays,
            Unit::Month | Unit::Quarter | Unit::Year => Measure::Months,
        }
    }

    /// The due moment is a day as a whole.
    pub(super) fn by_day(self) -> bool {
        matches!(self, Measure::Days | Measure::WorkDays | Measure::Months)
    }

    pub(super) fn uses_calendar(self) -> bool {
        matches!(self, Measure::WorkDays | Measure::WorkTime)
    }
}

/// The unit that elapsed time is told in.
pub(super) fn elapsed_unit(limit: Unit) -> Unit {
    match limit {
        Unit::Month | Unit::Quarter | Unit::Year => Unit::Day,
        unit => unit,
    }
}

/// Seconds of a limit, or its months. `None` beyond 64 bits.
pub(super) fn limit_size(limit: &Quantity) -> Option<i64> {
    let factor = match limit.unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        unit => unit.seconds(),
    };
    limit.amount.checked_mul(Decimal::from(factor))?.to_i64()
}

/// What a clock counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tick {
    /// `Int64`.
    #[default]
    Second,
    /// `Int32`: enough where no limit is told in hours, and half the work.
    Day,
}

impl Tick {
    pub(super) fn seconds(self) -> i64 {
        match self {
            Tick::Second => 1,
            Tick::Day => DAY,
        }
    }

    pub(super) fn dtype(self) -> DataType {
        match self {
            Tick::Second => DataType::Int64,
            Tick::Day => DataType::Int32,
        }
    }

    /// So many whole days.
    pub(super) fn days(self, days: Expr) -> Expr {
        match self {
            Tick::Second => days.cast(DataType::Int64) * long(DAY),
            Tick::Day => days,
        }
    }

    pub(super) fn zero(self) -> Expr {
        match self {
            Tick::Second => long(0),
            Tick::Day => small(0),
        }
    }

    /// The day that a moment lies in.
    pub(super) fn day(self, moment: Expr) -> Expr {
        match self {
            Tick::Second => moment.floor_div(long(DAY)).cast(DataType::Int32),
            Tick::Day => moment,
        }
    }
}

/// A moment as two expressions: days since 1970, and seconds since 1970.
#[derive(Clone)]
pub(super) struct Point {
    pub day: Expr,
    pub second: Expr,
}

/// A calendar's tables as series.
pub(super) struct Clock {
    /// Days since 1970 of the tables' first entry.
    first: i32,
    ordinal: Series,
    working: Series,
    /// Only where the calendar has holes: which stretch of covered days a day belongs to.
    run: Option<Series>,
    day_of_ordinal: Series,
    shifts: Vec<(i64, i64)>,
    count_first_day: bool,
    tick: Tick,
}

impl Clock {
    /// Without a calendar nothing is covered.
    pub(super) fn new(calendar: Option<&Calendar>, count_first_day: bool, tick: Tick) -> Self {
        let Some(calendar) = calendar else {
            let none = |name: &str| Series::new_empty(name.into(), &DataType::Int32);
            return Self {
                first: 0,
                ordinal: none("ordinal"),
                working: none("working"),
                run: None,
                day_of_ordinal: none("day"),
                shifts: Vec::new(),
                count_first_day,
                tick,
            };
        };
        let tables = calendar.tables();
        let covered = |index: usize| tables.run[index] != crate::calendar::Tables::HOLE;
        let inside = |values: Vec<i32>| values.into_iter().enumerate().map(|(i, v)| covered(i).then_some(v)).collect::<Vec<_>>();
        let holes = tables.run.contains(&crate::calendar::Tables::HOLE);
        let mut days: Vec<Option<i32>> = tables.day_of_ordinal.iter().copied().map(Some).collect();
        if let Some(before) = days.first_mut() {
            *before = None;
        }
        Self {
            first: tables.first_day.to_epoch_days(),
            ordinal: Series::new("ordinal".into(), inside(tables.ordinal.clone())),
            working: Series::new("working".into(), inside(tables.working.iter().map(|&w| i32::from(w)).collect())),
            run: holes.then(|| Series::new("run".into(), inside(tables.run.clone()))),
            day_of_ordinal: Series::new("day".into(), days),
            shifts: calendar.shifts().iter().map(|&(from, to)| (i64::from(from), i64::from(to))).collect(),
            count_first_day,
            tick,
        }
    }

    fn at(&self, table: &Series, day: Expr) -> Expr {
        look_up(table, day - small(self.first))
    }

    /// Where a moment stands on a measure's clock; months are measured in days. Hours need a clock of seconds.
    pub(super) fn position(&self, measure: Measure, point: &Point) -> Expr {
        match measure {
            Measure::Days | Measure::Months => self.tick.days(point.day.clone()),
            Measure::Clock => point.second.clone(),
            Measure::WorkDays => self.tick.days(self.at(&self.ordinal, point.day.clone())),
            Measure::WorkTime => {
                let working = self.at(&self.working, point.day.clone()).cast(DataType::Int64);
                let before = self.at(&self.ordinal, point.day.clone()).cast(DataType::Int64) - working.clone();
                let second = point.second.clone() - point.day.clone().cast(DataType::Int64) * long(DAY);
                let worked = self.shifts.iter().map(|&(from, to)| clamp(second.clone(), from, to) - long(from));
                let worked = worked.reduce(|a, b| a + b).unwrap_or_else(|| long(0));
                before * long(self.seconds_per_day()) + working * worked
            }
        }
    }

    /// What the first day adds to the elapsed time, where it adds something.
    pub(super) fn first_day(&self, measure: Measure, start: &Point) -> Option<Expr> {
        let days = match measure {
            Measure::Days => small(1),
            Measure::WorkDays => self.at(&self.working, start.day.clone()),
            _ => return None,
        };
        self.count_first_day.then(|| self.tick.days(days))
    }

    /// No hole of the calendar lies between two days; always true of a measure without a calendar.
    pub(super) fn one_run(&self, measure: Measure, from: &Expr, to: &Expr) -> Option<Expr> {
        let run = self.run.as_ref().filter(|_| measure.uses_calendar())?;
        Some(self.at(run, from.clone()).eq(self.at(run, to.clone())))
    }

    /// The moment since 1970 at which the clock, started at `start`, has gone `forward` from where it stood; months are not measured so.
    pub(super) fn moment(&self, measure: Measure, start: &Point, forward: &Expr) -> Expr {
        let target = self.position(measure, start) + forward.clone();
        let due = match measure {
            Measure::Clock => target,
            Measure::Days | Measure::Months => self.tick.days(self.tick.day(target)),
            Measure::WorkDays => {
                let day = look_up(&self.day_of_ordinal, self.tick.day(target));
                // nothing to count: due on the day itself, be it worked or not
                let nothing = forward.clone().lt_eq(self.tick.zero());
                let start = start.day.clone();
                self.tick.days(choose([(nothing, start.clone()), (day.clone().lt(start.clone()), start)], day))
            }
            Measure::WorkTime => {
                let per_day = self.seconds_per_day().max(1);
                let full_days = (target.clone() - long(1)).floor_div(long(per_day));
                let rest = target - full_days.clone() * long(per_day);
                let day = look_up(&self.day_of_ordinal, full_days + long(1)).cast(DataType::Int64) * long(DAY);
                choose([(forward.clone().lt_eq(long(0)), start.second.clone())], day + self.second_of_shift(rest))
            }
        };
        let Some(run) = self.run.as_ref().filter(|_| measure.uses_calendar()) else { return due };
        let there = self.at(run, self.tick.day(due.clone()));
        choose([(self.at(run, start.day.clone()).eq(there), due)], null_of(self.tick.dtype()))
    }

    /// A due day (since 1970) that is off moves to the next working day; null where the calendar does not reach.
    pub(super) fn roll(&self, due: &Expr) -> Expr {
        let day = self.tick.day(due.clone());
        let next = self.at(&self.ordinal, day.clone()) + small(1) - self.at(&self.working, day);
        self.tick.days(look_up(&self.day_of_ordinal, next))
    }

    fn seconds_per_day(&self) -> i64 {
        self.shifts.iter().map(|(from, to)| to - from).sum()
    }

    /// The second of the day by which `rest` working seconds have passed.
    fn second_of_shift(&self, rest: Expr) -> Expr {
        let mut before = 0;
        let mut branches = Vec::new();
        for &(from, to) in &self.shifts {
            branches.push((rest.clone().lt_eq(long(before + to - from)), rest.clone() + long(from - before)));
            before += to - from;
        }
        choose(branches, null_of(DataType::Int64))
    }
}

fn clamp(value: Expr, low: i64, high: i64) -> Expr {
    choose([(value.clone().lt(long(low)), long(low)), (value.clone().gt(long(high)), long(high))], value)
}
