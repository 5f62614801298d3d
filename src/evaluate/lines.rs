//! Verdict frames kept small: a million verdicts of a rule take some ten megabytes, and are read line by line.

use polars::prelude::*;

use super::clock::{DAY, Tick};
use super::judged::{Judged, Limit, column};
use crate::ledger::Outcome;
use crate::normalise::shown::decimal;

/// Small numbers that fit a byte.
const BYTES: [&str; 4] = [column::OUTCOME, column::VERSION, column::WHY, column::REQUIRED];
/// Left out where they are zero throughout.
const MOSTLY_ZERO: [&str; 3] = [column::WHY, column::LACK, column::CHECKS];
const SECONDS: [&str; 4] = [column::ELAPSED, column::OVERRUN, column::DUE, column::BEGAN];

/// Gives every column the width that its values need, and drops what says nothing; once.
pub(super) fn narrow(judged: &mut Judged) -> PolarsResult<()> {
    let whole_days = !judged.limits.is_empty() && judged.limits.iter().all(Limit::in_whole_days);
    let to_days = whole_days && judged.tick == Tick::Second;
    for frame in frames(judged) {
        for name in BYTES {
            // a number that does not fit stays as it is
            if let Ok(bytes) = frame.column(name).and_then(|column| column.strict_cast(&DataType::UInt8)) {
                frame.with_column(bytes)?;
            }
        }
        let days = SECONDS.iter().copied().filter(|name| to_days && frame.column(name).is_ok());
        let days: Vec<Expr> = days.map(|name| col(name).floor_div(super::lower::long(DAY)).cast(DataType::Int32)).collect();
        if !days.is_empty() {
            *frame = std::mem::take(frame).lazy().with_columns(days).collect()?;
        }
        for name in MOSTLY_ZERO {
            if frame.column(name).is_ok_and(is_zero) {
                *frame = frame.drop(name)?;
            }
        }
    }
    if to_days {
        judged.tick = Tick::Day;
    }
    Ok(())
}

/// Adds the verdicts of a table's next part.
pub(super) fn append(whole: &mut DataFrame, part: DataFrame) -> PolarsResult<()> {
    let mut part = part;
    for name in MOSTLY_ZERO {
        match (whole.column(name).cloned(), part.column(name).cloned()) {
            (Ok(known), Err(_)) => drop(part.with_column(zeros(&known, part.height())?)?),
            (Err(_), Ok(new)) => drop(whole.with_column(zeros(&new, whole.height())?)?),
            _ => {}
        }
    }
    whole.vstack_mut_owned(part.select(whole.get_column_names_owned())?)?;
    Ok(())
}

/// One piece of one column.
pub(super) fn compact_column(frame: &mut DataFrame, name: &str) -> PolarsResult<()> {
    let whole = frame.column(name)?.rechunk();
    frame.with_column(whole).map(drop)
}

/// One piece a column.
pub(super) fn compact(judged: &mut Judged) {
    for frame in frames(judged) {
        frame.rechunk_mut();
    }
}

fn frames(judged: &mut Judged) -> impl Iterator<Item = &mut DataFrame> {
    [Some(&mut judged.frame), judged.extra.as_mut(), judged.suspected.as_mut()].into_iter().flatten()
}

/// Zeros of a column's name and type.
fn zeros(like: &Column, height: usize) -> PolarsResult<Column> {
    Column::new_scalar(like.name().clone(), Scalar::from(0_i64), height).cast(like.dtype())
}

fn is_zero(column: &Column) -> bool {
    let number = |scalar: &Scalar| scalar.value().extract::<i64>();
    let bound = |scalar: PolarsResult<Scalar>| scalar.ok().and_then(|scalar| number(&scalar));
    match column.as_scalar_column() {
        _ if column.is_empty() => true,
        Some(one) => number(one.scalar()) == Some(0),
        None => column.null_count() == 0 && bound(column.min_reduce()) == Some(0) && bound(column.max_reduce()) == Some(0),
    }
}

/// One line of a verdict frame.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line<'a> {
    pub row: Option<usize>,
    pub subject: Option<&'a str>,
    pub outcome: usize,
    pub version: Option<usize>,
    pub why: usize,
    pub lack: i64,
    pub checks: i64,
    pub limit: Option<usize>,
    /// Seconds on the limit's clock.
    pub elapsed: Option<i64>,
    /// Seconds on the limit's clock.
    pub overrun: Option<i64>,
    /// Seconds since 1970.
    pub due: Option<i64>,
    /// Seconds since 1970.
    pub began: Option<i64>,
    pub times: Option<usize>,
    pub required: Option<usize>,
    pub amount: Option<rust_decimal::Decimal>,
    pub total: Option<rust_decimal::Decimal>,
    pub count: Option<usize>,
    pub walk: Option<usize>,
    pub first: Option<usize>,
    pub left: Option<rust_decimal::Decimal>,
    pub right: Option<rust_decimal::Decimal>,
    pub rate: Option<rust_decimal::Decimal>,
    pub points: Option<rust_decimal::Decimal>,
    pub item: Option<usize>,
    pub told: Option<usize>,
    pub suspected: bool,
}

impl Line<'_> {
    pub(super) fn outcome(&self) -> Outcome {
        Outcome::ALL.get(self.outcome).copied().unwrap_or(Outcome::Indeterminate)
    }
}

/// A column of whole numbers, however narrow.
enum Whole<'a> {
    Byte(&'a UInt8Chunked),
    Row(&'a UInt32Chunked),
    Short(&'a Int32Chunked),
    Long(&'a Int64Chunked),
}

impl<'a> Whole<'a> {
    fn of(frame: &'a DataFrame, name: &str) -> Option<Self> {
        let series = frame.column(name).ok()?.as_materialized_series();
        match series.dtype() {
            DataType::UInt8 => series.u8().ok().map(Whole::Byte),
            DataType::UInt32 => series.u32().ok().map(Whole::Row),
            DataType::Int32 => series.i32().ok().map(Whole::Short),
            _ => series.i64().ok().map(Whole::Long),
        }
    }

    fn get(&self, at: usize) -> Option<i64> {
        match self {
            Whole::Byte(column) => column.get(at).map(i64::from),
            Whole::Row(column) => column.get(at).map(i64::from),
            Whole::Short(column) => column.get(at).map(i64::from),
            Whole::Long(column) => column.get(at),
        }
    }
}

/// A verdict frame's columns, whichever of them the kind has.
pub(super) struct Lines<'a> {
    frame: &'a DataFrame,
    pub suspected: bool,
    row: Option<Whole<'a>>,
    subject: Option<&'a StringChunked>,
    outcome: Option<Whole<'a>>,
    version: Option<Whole<'a>>,
    why: Option<Whole<'a>>,
    lack: Option<Whole<'a>>,
    checks: Option<Whole<'a>>,
    limit: Option<Whole<'a>>,
    elapsed: Option<Whole<'a>>,
    overrun: Option<Whole<'a>>,
    due: Option<Whole<'a>>,
    began: Option<Whole<'a>>,
    times: Option<Whole<'a>>,
    required: Option<Whole<'a>>,
    count: Option<Whole<'a>>,
    walk: Option<Whole<'a>>,
    first: Option<Whole<'a>>,
    item: Option<Whole<'a>>,
    told: Option<Whole<'a>>,
    /// Two figures are held against each other.
    figures: bool,
    /// Seconds of one unit of elapsed, overrun and due.
    unit: i64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(judged: &'a Judged, frame: &'a DataFrame, suspected: bool) -> Self {
        let whole = |name: &str| Whole::of(frame, name);
        Self {
            frame,
            suspected,
            row: whole(column::ROW),
            subject: frame.column(column::SUBJECT).ok().and_then(|c| c.as_materialized_series().str().ok()),
            outcome: whole(column::OUTCOME),
            version: whole(column::VERSION),
            why: whole(column::WHY),
            lack: whole(column::LACK),
            checks: whole(column::CHECKS),
            limit: whole(column::LIMIT),
            elapsed: whole(column::ELAPSED),
            overrun: whole(column::OVERRUN),
            due: whole(column::DUE),
            began: whole(column::BEGAN),
            times: whole(column::TIMES),
            required: whole(column::REQUIRED),
            count: whole(column::COUNT),
            walk: whole(column::WALK),
            first: whole(column::FIRST),
            item: whole(column::ITEM),
            told: whole(column::TOLD),
            figures: frame.column(column::LEFT).is_ok(),
            unit: judged.tick.seconds(),
        }
    }

    pub(super) fn height(&self) -> usize {
        self.frame.height()
    }

    pub(super) fn outcome(&self, at: usize) -> usize {
        index(&self.outcome, at).unwrap_or(Outcome::Indeterminate as usize)
    }

    /// How many lines have each outcome.
    pub(super) fn outcomes(&self) -> [u64; Outcome::ALL.len()] {
        let mut counts = [0; Outcome::ALL.len()];
        match &self.outcome {
            Some(Whole::Byte(column)) if column.null_count() == 0 => {
                column
                    .downcast_iter()
                    .flat_map(|chunk| chunk.values().iter())
                    .for_each(|outcome| counts[usize::from(*outcome).min(Outcome::Indeterminate as usize)] += 1);
            }
            _ => (0..self.height()).for_each(|at| counts[self.outcome(at).min(Outcome::Indeterminate as usize)] += 1),
        }
        counts
    }

    pub(super) fn line(&self, at: usize) -> Line<'a> {
        let figure = |name: &str| if self.figures { self.decimal(name, at) } else { None };
        let seconds = |column: &Option<Whole>| Some(get(column, at)? * self.unit);
        Line {
            row: index(&self.row, at),
            subject: self.subject.and_then(|texts| texts.get(at)),
            outcome: self.outcome(at),
            version: index(&self.version, at),
            why: index(&self.why, at).unwrap_or_default(),
            lack: get(&self.lack, at).unwrap_or_default(),
            checks: get(&self.checks, at).unwrap_or_default(),
            limit: index(&self.limit, at),
            elapsed: seconds(&self.elapsed),
            overrun: seconds(&self.overrun),
            due: seconds(&self.due),
            began: seconds(&self.began),
            times: index(&self.times, at),
            required: index(&self.required, at),
            amount: self.decimal(column::AMOUNT, at),
            total: self.decimal(column::TOTAL, at),
            count: index(&self.count, at),
            walk: index(&self.walk, at),
            first: index(&self.first, at),
            left: figure(column::LEFT),
            right: figure(column::RIGHT),
            rate: figure(column::RATE),
            points: self.decimal(column::POINTS, at),
            item: index(&self.item, at),
            told: index(&self.told, at),
            suspected: self.suspected,
        }
    }

    fn decimal(&self, name: &str, at: usize) -> Option<rust_decimal::Decimal> {
        match self.frame.column(name).ok()?.get(at).ok()? {
            AnyValue::Decimal(digits, _, scale) => decimal(digits, scale),
            _ => None,
        }
    }
}

fn get(column: &Option<Whole>, at: usize) -> Option<i64> {
    column.as_ref().and_then(|column| column.get(at))
}

fn index(column: &Option<Whole>, at: usize) -> Option<usize> {
    get(column, at).and_then(|value| usize::try_from(value).ok())
}
