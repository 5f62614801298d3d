//! How often it was done: what is sure, and what may have been as well.

use chrono::NaiveDate;
use polars::prelude::*;

use super::super::fields::{Fields, Lack, all, any_of, bits, only_where};
use super::super::judged::{Context, column};
use super::super::lower::{choose, has_time, long, look_up, null_of, second_of, small};
use super::super::once;
use super::super::predicate::lower;
use super::subjects::{ID, Population};
use super::windows::{FROM, TO};
use super::{Frequency, Table};
use crate::rules::kinds::EventSource;

/// Seconds since 1970; null where the row has no date.
pub(super) const AT: &str = "_k.at";
/// How often for sure, and how often perhaps besides.
pub(super) const SURE: &str = "_k.sure";
pub(super) const DOUBTFUL: &str = "_k.doubtful";
/// What the doubtful rows lack.
pub(super) const LACK: &str = "_k.event_lack";
/// Sure until the end of the period, and before it.
pub(super) const BY_NOW: &str = "_k.by_now";
pub(super) const BEFORE: &str = "_k.before";
/// The last row that counted.
pub(super) const LAST: &str = "_k.last";
const WEIGHT: &str = "_k.weight";
/// The row counts, beyond doubt.
const COUNTS: &str = "_k.counts";
const EVENT: &str = "_k.event";
const WINDOW: &str = "_k.window";
/// How often a row may count that does not say how often.
const ANY: i64 = 1_000_000_000;
const DAY: i64 = super::super::clock::DAY;

/// Everything that was logged until `as_of` and may count.
pub(super) struct Events {
    /// Rows that name their subject.
    named: DataFrame,
    /// Rows that may be anybody's.
    nameless: Option<Nameless>,
    keys: Vec<String>,
    /// They have a time of day.
    pub timed: bool,
    never: Expr,
    reasons: Vec<String>,
}

/// Windows with what was done in each.
pub(super) struct Tallied(pub DataFrame);

/// Rows that do not say whose they are.
struct Nameless {
    /// How many have no date either.
    undated: i64,
    /// First day (since 1970) of the next, which holds how many there are up to each day.
    first: i32,
    so_far: Series,
    lack: Expr,
}

impl Events {
    /// `reasons` are those of the subjects.
    pub(super) fn new(
        context: &Context,
        log: &Table,
        population: &Population,
        rule: &Frequency,
        reasons: Vec<String>,
    ) -> PolarsResult<Self> {
        match &rule.events.source {
            EventSource::Own(fields) => own(context, log, population, fields, reasons),
            EventSource::Rows { on, at } => logged(context, log, population, rule, (on, at), reasons),
        }
    }

    pub(super) fn reasons(&self) -> Vec<String> {
        self.reasons.clone()
    }

    /// The bit of a subject that has no day to count from.
    pub(super) fn never(&self) -> Expr {
        self.never.clone()
    }

    /// Rows that count beyond doubt.
    pub(super) fn known(&self) -> LazyFrame {
        self.named.clone().lazy().filter(col(COUNTS))
    }

    pub(super) fn count(&self, context: &Context, windows: DataFrame) -> PolarsResult<Tallied> {
        let windows = windows.with_row_index(WINDOW.into(), None)?;
        let keys: Vec<Expr> = self.keys.iter().map(|key| col(key.as_str())).collect();
        let span = |name: &str, of: fn(Expr) -> Expr| windows.clone().lazy().select([of(col(name))]).collect();
        let bound = |frame: DataFrame| PolarsResult::Ok(frame.columns()[0].as_materialized_series().i64()?.get(0));
        let (first, last) = (bound(span(FROM, Expr::min)?)?, bound(span(TO, Expr::max)?)?);
        let near = match first.zip(last) {
            Some((first, last)) => col(AT).gt_eq(long(first)).and(col(AT).lt_eq(long(last))).or(col(AT).is_null()),
            None => lit(false),
        };
        let inside = col(AT).gt_eq(col(FROM)).and(col(AT).lt_eq(col(TO))).fill_null(col(AT).is_null().and(col(FROM).is_not_null()));
        let sum_where = |holds: Expr| choose([(holds, col(WEIGHT))], long(0)).sum();
        let period = context.horizon.period;
        let begin = |day: NaiveDate| long(i64::from(day.to_epoch_days()) * DAY);
        let sure_before = |second: Expr| sum_where(col(COUNTS).and(col(AT).lt(second)));
        let done = windows
            .clone()
            .lazy()
            .select([keys.clone(), [WINDOW, FROM, TO].map(col).to_vec()].concat())
            .join(self.named.clone().lazy().filter(near), keys.clone(), keys, JoinArgs::new(JoinType::Inner))
            .filter(inside)
            .group_by([col(WINDOW)])
            .agg([
                sum_where(col(COUNTS)).alias(SURE),
                sum_where(col(COUNTS).not()).alias(DOUBTFUL),
                sure_before(begin(period.last) + long(DAY)).alias(BY_NOW),
                sure_before(begin(period.first)).alias(BEFORE),
                choose([(col(COUNTS), col(EVENT))], null_of(DataType::UInt32)).max().alias(LAST),
                any_of(LACK, self.reasons.len()).alias(LACK),
            ]);
        let (nameless, lack) = match &self.nameless {
            Some(nameless) => {
                let count = nameless.between(col(FROM), col(TO));
                (count.clone(), choose([(count.gt(long(0)), nameless.lack.clone())], long(0)))
            }
            None => (long(0), long(0)),
        };
        let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
        let tallied = windows
            .lazy()
            .join(done, [col(WINDOW)], [col(WINDOW)], how)
            .with_columns([
                col(SURE).fill_null(long(0)),
                col(BY_NOW).fill_null(long(0)),
                col(BEFORE).fill_null(long(0)),
                (col(DOUBTFUL).fill_null(long(0)) + nameless).alias(DOUBTFUL),
                col(LACK).fill_null(long(0)).or(lack).alias(LACK),
            ])
            .collect()?;
        Ok(Tallied(tallied))
    }
}

/// Dates in the subject's own row; an empty one has not been yet.
fn own(context: &Context, table: &Table, population: &Population, dates: &[String], reasons: Vec<String>) -> PolarsResult<Events> {
    let fields = Fields::after(&table.frame, reasons);
    let rows = table.frame.lazy().with_row_index(EVENT, None);
    let ids = population.frame.clone().lazy().select([col(ID), col(column::ROW)]);
    let (mut named, mut timed): (Option<DataFrame>, bool) = (None, true);
    for field in dates {
        let (date, dtype) = (fields.column(field)?, fields.dtype(field)?);
        timed &= has_time(&dtype);
        let part = rows
            .clone()
            .filter(context.seen(date.clone(), &dtype).fill_null(lit(false)))
            .select([col(EVENT), second_of(date, &dtype).alias(AT)])
            .join(ids.clone(), [col(EVENT)], [col(column::ROW)], JoinArgs::new(JoinType::Inner))
            .select([col(ID), col(AT), col(EVENT), long(1).alias(WEIGHT), lit(true).alias(COUNTS), long(0).alias(LACK)])
            .collect()?;
        match &mut named {
            Some(named) => drop(named.vstack_mut_owned(part)?),
            None => named = Some(part),
        }
    }
    let Some(mut named) = named else { polars_bail!(ComputeError: "没有写哪些日期算一次") };
    named.rechunk_mut();
    let never = never(&fields);
    Ok(Events { named, nameless: None, keys: population.keys.clone(), timed, never, reasons: fields.reasons() })
}

/// Rows of a log.
fn logged(
    context: &Context,
    log: &Table,
    population: &Population,
    rule: &Frequency,
    (on, at): (&[(String, String)], &str),
    reasons: Vec<String>,
) -> PolarsResult<Events> {
    let fields = Fields::after(&log.frame, reasons);
    let name = &rule.events.dataset;
    let scope = once::only_first(log, lower(&rule.events.scope, &fields)?, &rule.events.once, EVENT)?;
    let (date, dtype) = (fields.column(at)?, fields.dtype(at)?);
    let empty = |field: &str| -> PolarsResult<Lack> {
        let gaps = fields.has_gaps(field)?;
        Ok(gaps.then(|| fields.reason(col(field).is_null(), format!("「{name}」{field} 为空"))))
    };
    let weight = match &rule.events.sum {
        Some(sum) => col(sum.as_str()).cast(DataType::Int64),
        None => long(1),
    };
    let counted = rule.events.sum.as_ref().map(|sum| empty(sum)).transpose()?.flatten();
    let lack = all([only_where(scope.unknown(), scope.lack.clone()), empty(at)?, counted]);
    let mut nameless_lack = Vec::new();
    for (_, theirs) in on {
        nameless_lack.push(empty(theirs)?);
    }
    let nameless_lack = all(nameless_lack);
    let has_name = on.iter().map(|(_, theirs)| col(theirs.as_str()).is_not_null()).reduce(|a, b| a.and(b)).unwrap_or_else(|| lit(true));
    let keys: Vec<Expr> = match on {
        [] => population.keys.iter().map(|key| small(0).alias(key.as_str())).collect(),
        on => population.keys.iter().zip(on).map(|(key, (_, theirs))| col(theirs.as_str()).alias(key.as_str())).collect(),
    };
    let columns = [
        second_of(date.clone(), &dtype).alias(AT),
        weight.fill_null(long(ANY)).alias(WEIGHT),
        bits(lack.clone()).eq(long(0)).and(scope.holds()).alias(COUNTS),
        bits(lack).alias(LACK),
        col(EVENT),
    ];
    let rows = log.frame.lazy().with_row_index(EVENT, None).filter(scope.may_hold().and(context.seen(date, &dtype).fill_null(lit(true))));
    let named = rows.clone().filter(has_name.clone()).select([keys, columns.to_vec()].concat()).collect()?;
    let nameless = match nameless_lack {
        Some(lack) => {
            let lost = rows.filter(has_name.not()).with_columns([columns[0].clone(), columns[1].clone()]);
            // the bits of the rows are those of the fields that some of them lack
            let bits = lost.clone().select([col(AT), col(WEIGHT), lack.alias(LACK)]).collect()?;
            Nameless::of(&bits)?
        }
        None => None,
    };
    let never = never(&fields);
    Ok(Events { named, nameless, keys: population.keys.clone(), timed: has_time(&dtype), never, reasons: fields.reasons() })
}

fn never(fields: &Fields) -> Expr {
    fields.reason(lit(true), "从来没有登记过，没有起算的日期".to_owned())
}

impl Nameless {
    /// `None` where every row says whose it is.
    fn of(rows: &DataFrame) -> PolarsResult<Option<Self>> {
        if rows.height() == 0 {
            return Ok(None);
        }
        let (at, weight) = (rows.column(AT)?.i64()?, rows.column(WEIGHT)?.i64()?);
        let lack = rows.column(LACK)?.i64()?.iter().flatten().fold(0, |all, bits| all | bits);
        let mut days: Vec<(i64, i64)> = Vec::new();
        let mut undated = 0;
        for (at, weight) in at.iter().zip(weight.iter()) {
            match at {
                Some(at) => days.push((at.div_euclid(DAY), weight.unwrap_or(1))),
                None => undated += weight.unwrap_or(1),
            }
        }
        days.sort_unstable();
        let first = days.first().map_or(0, |(day, _)| *day);
        let last = days.last().map_or(0, |(day, _)| *day);
        let mut so_far = Vec::new();
        let (mut next, mut total) = (0, 0);
        for day in first..=last {
            while let Some((_, weight)) = days.get(next).filter(|(own, _)| *own == day) {
                total += weight;
                next += 1;
            }
            so_far.push(total);
        }
        let first = i32::try_from(first).unwrap_or_default();
        Ok(Some(Self { undated, first, so_far: Series::new("so_far".into(), so_far), lack: long(lack) }))
    }

    /// How many there may be between two seconds; day by day, and rather too many.
    fn between(&self, from: Expr, to: Expr) -> Expr {
        let day = |second: Expr| second.floor_div(long(DAY)).cast(DataType::Int32) - small(self.first);
        let last = i32::try_from(self.so_far.len()).unwrap_or(i32::MAX) - 1;
        let up_to = |index: Expr| {
            let bounded = choose([(index.clone().gt(small(last)), small(last))], index.clone());
            choose([(index.lt(small(0)), long(0))], look_up(&self.so_far, bounded))
        };
        let dated = up_to(day(to)) - up_to(day(from) - small(1));
        dated.fill_null(long(0)) + long(self.undated)
    }
}
