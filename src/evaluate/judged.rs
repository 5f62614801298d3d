//! What judging one rule leaves behind: a compact frame of verdicts, and how to read it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::clock::{DAY, Measure, Tick, limit_size};
use super::copies::Receipts;
use super::fields::{Fields, Lack, all, bits, only_where};
use super::lower::{byte, choose, day_of, has_time, long, second_of, small};
use super::order::Walks;
use super::predicate::{Answer, Stage};
use super::{Horizon, Prepared, version};
use crate::ledger::{Outcome, Person};
use crate::normalise::{Table, Tables};
use crate::rules::{Condition, Dated, Pack, Quantity, Rule};

/// Columns of verdict frames; no field of a dataset can have such a name.
pub(super) mod column {
    /// `UInt32`, index into the table; null where a verdict is about no row.
    pub const ROW: &str = "_k.row";
    /// `UInt8`, see [`crate::ledger::Outcome`].
    pub const OUTCOME: &str = "_k.outcome";
    /// `Int32`, index of the version; null where none applies.
    pub const VERSION: &str = "_k.version";
    /// `UInt8`, see [`super::Why`].
    pub const WHY: &str = "_k.why";
    /// `Int64`, a bit a reason.
    pub const LACK: &str = "_k.lack";
    /// `Int64`, or narrower, a bit a failed check.
    pub const CHECKS: &str = "_k.checks";
    /// `Int32`, or narrower, index of the limit, or of a penalty's row, through all versions.
    pub const LIMIT: &str = "_k.limit";
    /// `Int64`, seconds on the limit's clock; see [`super::Judged::tick`].
    pub const ELAPSED: &str = "_k.elapsed";
    /// `Int64`, seconds on the limit's clock.
    pub const OVERRUN: &str = "_k.overrun";
    /// `Int64`, seconds since 1970.
    pub const DUE: &str = "_k.due";
    /// `Int64`, seconds since 1970: where the time began in which something is owed.
    pub const BEGAN: &str = "_k.began";
    /// `UInt32`: how often it was done.
    pub const TIMES: &str = "_k.times";
    /// `Decimal`, yuan.
    pub const AMOUNT: &str = "_k.amount";
    /// `Int32`, rank of the post that was needed.
    pub const REQUIRED: &str = "_k.required";
    /// `String`, of a verdict that is about no row.
    pub const SUBJECT: &str = "_k.subject";
    /// `Decimal`: a sum over several rows.
    pub const TOTAL: &str = "_k.total";
    /// `UInt32`: how many rows.
    pub const COUNT: &str = "_k.count";
    /// `UInt32`, index into [`super::Judged::walks`].
    pub const WALK: &str = "_k.walk_number";
    /// `UInt32`: where the case's rows begin in [`super::Judged::walks`].
    pub const FIRST: &str = "_k.first";
    /// `Decimal`: the two figures that were held against each other, and their quotient.
    pub const LEFT: &str = "_k.left";
    pub const RIGHT: &str = "_k.right";
    pub const RATE: &str = "_k.rate";
    /// `Decimal`: points or a score.
    pub const POINTS: &str = "_k.points";
    /// `Int32`, index of a schedule's item through all versions.
    pub const ITEM: &str = "_k.item";
    /// `UInt32`, index into [`super::Judged::told`].
    pub const TOLD: &str = "_k.told";
}

/// Why a verdict is indeterminate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Decided = 0,
    /// See the bits of [`column::LACK`].
    Lacking = 1,
    /// The case began before the rule's first version.
    BeforeFirst = 2,
    /// The calendar does not reach.
    Uncovered = 3,
    /// It ended before it began.
    Reversed = 4,
    /// A post that the rule does not rank.
    UnknownPost = 5,
    /// Shares that do not add up to one.
    Ratios = 6,
    /// Another share of the same whole is not known.
    Incomplete = 7,
    /// The record says an amount that the clause does not allow.
    Beyond = 8,
}

impl Why {
    pub(super) fn of(code: usize) -> Self {
        [Why::Lacking, Why::BeforeFirst, Why::Uncovered, Why::Reversed, Why::UnknownPost, Why::Ratios, Why::Incomplete, Why::Beyond]
            .into_iter()
            .find(|why| *why as usize == code)
            .unwrap_or(Why::Decided)
    }

    pub(super) fn code(self) -> Expr {
        byte(self as u8)
    }
}

pub(super) fn outcome(outcome: Outcome) -> Expr {
    byte(outcome as u8)
}

/// A limit, and whether its due moment is a day as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub quantity: Quantity,
    pub measure: Measure,
}

impl Limit {
    /// Nothing that is measured against it is finer than a day.
    pub(super) fn in_whole_days(&self) -> bool {
        match self.measure {
            Measure::Months => true,
            Measure::Days | Measure::WorkDays => limit_size(&self.quantity).is_some_and(|size| size % DAY == 0),
            Measure::Clock | Measure::WorkTime => false,
        }
    }
}

/// Verdicts and what it takes to put them into words.
#[derive(Default)]
pub(super) struct Judged {
    pub frame: DataFrame,
    /// Further verdicts that are about no single row: missing numbers.
    pub extra: Option<DataFrame>,
    /// Rows that look split; not part of the population.
    pub suspected: Option<DataFrame>,
    /// What the verdicts of a log speak of.
    pub walks: Walks,
    /// Of each row, the rows that were counted as times before it or besides it.
    pub earlier: BTreeMap<usize, Vec<usize>>,
    /// Times that only the ledger knows, by name: their numbers begin where the table ends.
    pub remembered: (usize, Vec<String>),
    /// What was signed for, of the rows that lack something.
    pub receipts: Vec<Receipts>,
    pub reasons: Vec<String>,
    pub versions: Vec<(NaiveDate, String)>,
    pub limits: Vec<Limit>,
    /// Of each version, the words of each failed check.
    pub checks: Vec<Vec<String>>,
    /// What verdicts over sums of rows say.
    pub told: Vec<String>,
    /// Whose sums those are; of one without a row in the table nothing else says it.
    pub told_of: Vec<Person>,
    pub unit: Option<String>,
    /// Stands for the unit where no row names one.
    pub owner: Option<String>,
    /// Fields that name the subject, instead of the dataset's key.
    pub named_by: Vec<String>,
    pub person: Option<String>,
    pub start: Option<String>,
    pub stop: Option<String>,
    /// What elapsed, overrun, due and began are counted in.
    pub tick: Tick,
}

/// All that judging one rule needs.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub pack: &'a Pack,
    pub rule: &'a Rule,
    pub tables: &'a Tables,
    pub prepared: &'a Prepared,
    /// Some rows of a table, where not all are judged at once; what they are joined with is whole.
    pub part: Option<&'a Table>,
    /// Number of the part's first row in its table.
    pub first_row: u32,
    pub calendars: &'a crate::calendar::Calendars,
    pub horizon: &'a Horizon,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        pack: &'a Pack,
        rule: &'a Rule,
        prepared: &'a Prepared,
        calendars: &'a crate::calendar::Calendars,
        horizon: &'a Horizon,
    ) -> Self {
        Self { pack, rule, tables: prepared.of(pack), prepared, part: None, first_row: 0, calendars, horizon }
    }

    /// The rows to judge.
    pub(super) fn table(&self, dataset: &str) -> Option<&'a Table> {
        self.part.filter(|part| part.dataset.name == dataset).or_else(|| self.tables.get(dataset))
    }

    pub(super) fn as_of_day(&self) -> i32 {
        self.horizon.as_of.date().to_epoch_days()
    }

    pub(super) fn as_of_second(&self) -> i64 {
        self.horizon.as_of.and_utc().timestamp()
    }

    /// Not later than `as_of`; null where the column is.
    pub(super) fn seen(&self, column: Expr, dtype: &DataType) -> Expr {
        match has_time(dtype) {
            true => second_of(column, dtype).lt_eq(long(self.as_of_second())),
            false => day_of(column, dtype).lt_eq(small(self.as_of_day())),
        }
    }
}

/// A table's rows that a rule looks at, with the version that applies to each.
pub(super) struct Scoped {
    /// The table's columns, [`column::ROW`] and [`column::VERSION`], and the stage's own.
    pub rows: LazyFrame,
    /// What scope and version lack.
    pub lack: Lack,
}

/// Rows that the period holds by their `at`, or that have none; `day` is days since 1970 and picks the version.
pub(super) struct At {
    pub day: Option<Expr>,
    pub seen: Expr,
    pub lack: Lack,
}

impl At {
    pub(super) fn of(context: &Context, table: &Table, fields: &Fields, named: Option<&String>) -> PolarsResult<Self> {
        let Some(field) = named.or(table.dataset.at.as_ref()) else {
            return Ok(Self { day: None, seen: lit(true), lack: None });
        };
        let (column, dtype) = (fields.column(field)?, fields.dtype(field)?);
        let seen = context.seen(column.clone(), &dtype);
        Ok(Self { day: Some(day_of(column, &dtype)), seen, lack: fields.lack(field)? })
    }

    /// In the period and seen by `as_of`, or without a date.
    pub(super) fn within(&self, horizon: &Horizon) -> Expr {
        let Some(day) = &self.day else { return lit(true) };
        let (first, last) = (horizon.period.first.to_epoch_days(), horizon.period.last.to_epoch_days());
        let inside = day.clone().gt_eq(small(first)).and(day.clone().lt_eq(small(last))).and(self.seen.clone());
        inside.fill_null(lit(true))
    }

    pub(super) fn version<T>(&self, context: &Context, dated: &Dated<T>) -> Expr {
        let day = self.day.clone().unwrap_or_else(|| small(context.as_of_day()));
        version::index(&day, dated)
    }
}

/// Rows of `table` inside `within` whose scope may hold.
pub(super) fn scoped(table: &Table, fields: &Fields, scope: &Condition, within: Expr, version: Expr, lack: Lack) -> PolarsResult<Scoped> {
    let mut stage = Stage::new(fields, "_k.scope");
    let answer = stage.condition(scope)?;
    let rows = table.frame.numbered(column::ROW, fields.first_row())?.filter(within).with_columns(stage.columns());
    let rows = if scope.is_always() { rows } else { rows.filter(answer.may_hold()) };
    let lack = all([answer.lack.clone(), lack]);
    Ok(Scoped { rows: rows.with_column(version.alias(column::VERSION)), lack })
}

/// `(why, lack)` where the scope, the version, or what a kind `needs` cannot be decided. Where `settled` the verdict is
/// known, whatever else is not.
pub(super) fn undecided(before: Lack, settled: Option<Expr>, needs: Lack) -> (Expr, Expr) {
    undecided_or(before, settled, needs, [])
}

/// The same; of a verdict with all that it needs the `further` reasons tell whether it is decided.
pub(super) fn undecided_or(
    before: Lack,
    settled: Option<Expr>,
    needs: Lack,
    further: impl IntoIterator<Item = (Expr, Expr)>,
) -> (Expr, Expr) {
    let lack = all([before.clone(), needs.clone()]);
    let no_version = col(column::VERSION).is_null();
    let mut branches = Vec::new();
    if let Some(before) = before {
        branches.push((before.neq(long(0)), Why::Lacking.code()));
    }
    branches.push((no_version, Why::BeforeFirst.code()));
    branches.extend(settled.map(|settled| (settled, Why::Decided.code())));
    if let Some(needs) = needs {
        branches.push((needs.neq(long(0)), Why::Lacking.code()));
    }
    branches.extend(further);
    (choose(branches, Why::Decided.code()), bits(lack))
}

/// What a row's condition lacks, as long as the condition guards it.
pub(super) fn guarded(when: &Answer, inner: Lack) -> Lack {
    all([when.lack.clone(), only_where(when.holds(), inner)])
}
