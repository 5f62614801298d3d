//! What is owed for every period: expected one by one, and looked for among the rows that show what was done.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::clock::{DAY, Measure};
use super::fields::{Fields, Lack, all, bits, both, only_where};
use super::judged::{Context, Judged, Limit, Why, column, outcome};
use super::lower::{choose, day_of, long, null_of, second_of, small};
use super::periods::{self, Span};
use super::predicate::{Answer, Stage, push_plain};
use super::version::citations;
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Duty, Term};
use crate::rules::{DueDay, Every, Quantity, Unit};

/// The period's key; see [`periods`].
const KEY: &str = "_k.key";
/// Second at which the period that is reported on begins.
const BEGINS: &str = "_k.begins";
/// The calendar knows the due day.
const COVERED: &str = "_k.covered";
/// The row is of this duty; null: not known.
const FOUND: &str = "_k.found";
const DONE: &str = "_k.done";
/// The row that was handed in first.
const GIVEN: &str = "_k.given";
/// A row of the same period that cannot be read to the end, and what it lacks.
const DOUBT: &str = "_k.doubt";
const DOUBT_LACK: &str = "_k.doubt_lack";
/// A due day that rolls on may leave its period by so many days.
const FARTHEST_ROLL: u64 = 31;

/// One thing that is owed.
struct Owed {
    key: i32,
    label: String,
    begins: NaiveDate,
    /// The last permitted second.
    due: NaiveDateTime,
    covered: bool,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Duty) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let mut frame = DataFrame::empty();
    // no rows at all: nobody keeps this book, which is not the same as owing everything in it
    let terms = rule.terms.versions.iter().enumerate().filter(|_| table.frame.height() > 0);
    for (version, dated) in terms {
        let until = rule.terms.versions.get(version + 1).map(|next| next.from);
        let spans = spans(context, &dated.body);
        let owed = owed(context, &dated.body, &spans, dated.from, until);
        let each = dated.body.each.as_ref();
        let values =
            each.map_or_else(|| vec![None], |each| each.values.iter().map(|value| Some((each.field.as_str(), value.as_str()))).collect());
        for part in values {
            let expected = expected(rule, version, &owed, part.map(|(_, value)| value))?;
            let judged = held_against(context, table, &fields, rule, (&dated.body, &spans), part, expected)?;
            frame = if frame.width() == 0 { judged } else { frame.vstack(&judged)? };
        }
    }
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.terms),
        limits: rule.terms.versions.iter().map(|version| measured(&version.body)).collect(),
        unit: rule.unit.clone(),
        owner: rule.owner.clone(),
        person: rule.person.clone(),
        stop: Some(rule.done.clone()),
        ..Judged::default()
    })
}

/// What is late is told in days, or by the clock where the due time is one.
fn measured(term: &Term) -> Limit {
    let (unit, measure) = if term.due.time.is_some() { (Unit::Hour, Measure::Clock) } else { (Unit::Day, Measure::Days) };
    Limit { quantity: Quantity { amount: Decimal::ZERO, unit }, measure }
}

/// The periods about which something may fall due within the horizon's.
fn spans(context: &Context, term: &Term) -> Vec<Span> {
    let period = context.horizon.period;
    let spare = Days::new(FARTHEST_ROLL);
    let start = period.first.checked_sub_days(spare).and_then(|day| periods::shifted(term.every, day, -(term.after as i32)));
    let (Some(start), Some(end)) = (start, period.last.checked_add_days(spare)) else { return Vec::new() };
    periods::spans(term.every, context.calendars.get(&context.pack.calendar), start, end)
}

/// Everything that falls due within the horizon's period, of the periods that began while the version was in force.
fn owed(context: &Context, term: &Term, spans: &[Span], from: NaiveDate, until: Option<NaiveDate>) -> Vec<Owed> {
    let owed = spans.iter().filter_map(|about| {
        let begins = about.first;
        let in_force = begins >= from && until.is_none_or(|until| begins < until);
        let wanted = term.months.is_empty() || term.months.contains(&begins.month());
        let owed = (in_force && wanted).then(|| one(context, term, about))??;
        context.horizon.period.contains(owed.due.date()).then_some(owed)
    });
    owed.collect()
}

fn one(context: &Context, term: &Term, about: &Span) -> Option<Owed> {
    let calendar = context.calendars.get(&context.pack.calendar);
    let works = |day: NaiveDate| calendar.and_then(|calendar| calendar.is_working(day));
    let mut covered = about.covered;
    // the period in which it is due, or its month
    let target = match term.after {
        0 => about.first,
        after => periods::shifted(term.every, about.first, i32::try_from(after).ok()?)?,
    };
    let last_of = |every, first| periods::shifted(every, first, 1)?.pred_opt();
    let (first, last) = match term.due.month {
        Some(month) => {
            let first = periods::shifted(Every::Month, target, i32::try_from(month).ok()? - 1)?;
            (first, last_of(Every::Month, first)?)
        }
        None if term.after == 0 => (about.first, about.last),
        None => (target, last_of(term.every, target)?),
    };
    let mut day = match term.due.day {
        DueDay::Nth(nth) => first.checked_add_days(Days::new(u64::from(nth) - 1))?.min(last),
        DueDay::End => last,
        DueDay::Before => first.pred_opt()?,
        DueDay::On(weekday) => first.checked_add_days(Days::new(u64::from(weekday.num_days_from_monday())))?,
    };
    if term.roll.unwrap_or(context.pack.conventions.roll_last_day) && works(day) != Some(true) {
        match calendar.and_then(|calendar| calendar.roll_forward(day)) {
            Some(rolled) => day = rolled,
            None => covered = false,
        }
    }
    let time = term.due.time.or_else(|| NaiveTime::from_hms_opt(23, 59, 59))?;
    Some(Owed {
        key: periods::key(term.every, about.first),
        label: periods::label(term.every, about.first),
        begins: about.first,
        due: day.and_time(time),
        covered,
    })
}

/// A row for each thing owed, with its subject: `客诉案件统计表/2026-09`, `质量信息反馈表/2026-09/营销部`.
fn expected(rule: &Duty, version: usize, owed: &[Owed], value: Option<&str>) -> PolarsResult<DataFrame> {
    let suffix = value.map(|value| format!("/{value}")).unwrap_or_default();
    let subject = |one: &Owed| format!("{}/{}{suffix}", rule.name, one.label);
    let version = i32::try_from(version).unwrap_or(i32::MAX);
    let second = |at: NaiveDateTime| at.and_utc().timestamp();
    DataFrame::new(
        owed.len(),
        vec![
            Column::new(KEY.into(), owed.iter().map(|one| one.key).collect::<Vec<_>>()),
            Column::new(column::SUBJECT.into(), owed.iter().map(subject).collect::<Vec<_>>()),
            Column::new(BEGINS.into(), owed.iter().map(|one| second(one.begins.and_time(NaiveTime::MIN))).collect::<Vec<_>>()),
            Column::new(column::DUE.into(), owed.iter().map(|one| second(one.due)).collect::<Vec<_>>()),
            Column::new(COVERED.into(), owed.iter().map(|one| one.covered).collect::<Vec<_>>()),
            Column::new(column::VERSION.into(), vec![version; owed.len()]),
            // a version has one measure
            Column::new(column::LIMIT.into(), vec![version; owed.len()]),
        ],
    )
}

/// Rows that may be of this duty, with their period and time.
fn rows(
    context: &Context,
    table: &Table,
    fields: &Fields,
    rule: &Duty,
    (term, spans): (&Term, &[Span]),
    part: Option<(&str, &str)>,
) -> PolarsResult<DataFrame> {
    let mut stage = Stage::new(fields, "_k.scope");
    let scope = stage.condition(&rule.scope)?;
    let found = match part {
        Some((field, value)) => {
            let own = listed(fields, field, value)?;
            Answer { value: scope.value.and(own.value), lack: both(scope.lack, own.lack) }
        }
        None => scope,
    };
    let (done, done_type) = (fields.column(&rule.done)?, fields.dtype(&rule.done)?);
    let key = match &rule.period {
        Some(period) => match fields.dtype(period)? {
            DataType::String => periods::named(term.every, &fields.column(period)?),
            dated => periods::key_of(term.every, day_of(fields.column(period)?, &dated)),
        },
        None => periods::key_of(term.every, day_of(done.clone(), &done_type)) - small(term.after as i32 * periods::step(term.every)),
    };
    let key = match term.every {
        // any day of the holidays names them
        Every::HolidayBlock => periods::within_spans(spans, key.clone()).fill_null(key),
        _ => key,
    };
    let unreadable = match &rule.period {
        Some(period) => format!("{period} 空着或读不懂"),
        None => format!("{} 为空", rule.done),
    };
    let lack: Lack = all([
        only_where(col(FOUND).is_null(), found.lack),
        Some(fields.reason(col(KEY).is_null(), unreadable)),
        Some(fields.reason(col(DONE).is_null(), format!("{} 为空", rule.done))),
    ]);
    let seen = context.seen(done.clone(), &done_type);
    let seen = if rule.undated_is_missing { seen.fill_null(lit(false)) } else { seen.fill_null(lit(true)) };
    table
        .frame
        .lazy()
        .with_row_index(column::ROW, None)
        .filter(seen)
        .with_columns(stage.columns())
        .with_columns([found.value.alias(FOUND), key.alias(KEY), second_of(done, &done_type).alias(DONE)])
        .filter(col(FOUND).fill_null(lit(true)))
        .with_column(bits(lack).alias(column::LACK))
        .select([column::ROW, FOUND, KEY, DONE, column::LACK].map(col))
        .collect()
}

/// Whether a cell that may list several names this one.
fn listed(fields: &Fields, field: &str, value: &str) -> PolarsResult<Answer> {
    let mut pattern = String::from(r"(?:^|[、,，;；/\s])");
    value.chars().for_each(|c| push_plain(&mut pattern, c));
    pattern.push_str(r"(?:$|[、,，;；/\s])");
    Ok(Answer { value: fields.column(field)?.str().contains(lit(pattern), true), lack: fields.lack(field)? })
}

fn held_against(
    context: &Context,
    table: &Table,
    fields: &Fields,
    rule: &Duty,
    (term, spans): (&Term, &[Span]),
    part: Option<(&str, &str)>,
    expected: DataFrame,
) -> PolarsResult<DataFrame> {
    let rows = rows(context, table, fields, rule, (term, spans), part)?.lazy();
    let known = || col(FOUND).fill_null(lit(false));
    let given = rows
        .clone()
        .filter(known().and(col(KEY).is_not_null()).and(col(DONE).is_not_null()))
        .sort([DONE, column::ROW], SortMultipleOptions::default())
        .group_by_stable([col(KEY)])
        .agg([col(column::ROW).first().alias(GIVEN), col(DONE).first()]);
    let doubt = rows
        .clone()
        .filter(col(KEY).is_not_null().and(known().not().or(col(DONE).is_null())))
        .group_by_stable([col(KEY)])
        .agg([col(column::ROW).first().alias(DOUBT), col(column::LACK).first().alias(DOUBT_LACK)]);
    // of rows that tell no period, the last one: it may be for any period that had begun by then
    let loose = rows
        .filter(col(KEY).is_null())
        .with_column(col(DONE).fill_null(long(i64::MAX)))
        .sort([DONE], SortMultipleOptions::default().with_order_descending(true))
        .limit(1)
        .collect()?;
    let loose = Loose::of(&loose)?;

    let (done, due) = (|| col(DONE), || col(column::DUE));
    let in_time = || done().lt_eq(due()).fill_null(lit(false));
    let failed = in_time().not().and(done().is_not_null().or(due().lt_eq(long(context.as_of_second()))));
    let doubted = || col(DOUBT).is_not_null();
    let why = choose(
        [(failed.clone().not(), Why::Decided.code()), (doubted(), Why::Lacking.code()), (col(COVERED).not(), Why::Uncovered.code())],
        Why::Decided.code(),
    );
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (failed, outcome(Outcome::Breached)),
            (in_time(), outcome(Outcome::Met)),
        ],
        outcome(Outcome::Pending),
    );
    let end = done().fill_null(long(context.as_of_second()));
    let overrun = match term.due.time {
        Some(_) => end - due(),
        None => (end.floor_div(long(DAY)) - due().floor_div(long(DAY))) * long(DAY),
    };
    let lacking = || col(column::WHY).eq(Why::Lacking.code());
    let left = |frame: LazyFrame, other: LazyFrame| frame.join(other, [col(KEY)], [col(KEY)], JoinArgs::new(JoinType::Left));
    left(left(expected.lazy(), given), doubt)
        .with_columns([
            choose([(doubted(), col(DOUBT)), (loose.may_be(), loose.row())], null_of(DataType::UInt32)).alias(DOUBT),
            choose([(doubted(), col(DOUBT_LACK))], loose.lack()).alias(DOUBT_LACK),
        ])
        .with_column(why.alias(column::WHY))
        .sort([BEGINS], SortMultipleOptions::default())
        .select([
            choose([(lacking(), col(DOUBT))], col(GIVEN)).alias(column::ROW),
            col(column::SUBJECT),
            verdict.alias(column::OUTCOME),
            col(column::VERSION),
            col(column::WHY),
            choose([(lacking(), col(DOUBT_LACK))], long(0)).alias(column::LACK),
            col(column::LIMIT),
            overrun.alias(column::OVERRUN),
            due(),
        ])
        .collect()
}

/// The latest row that tells no period.
struct Loose(Option<(u32, i64, i64)>);

impl Loose {
    fn of(frame: &DataFrame) -> PolarsResult<Self> {
        let row = frame.column(column::ROW)?.u32()?.iter().next().flatten();
        let (done, lack) = (frame.column(DONE)?.i64()?.iter().next().flatten(), frame.column(column::LACK)?.i64()?.iter().next().flatten());
        Ok(Self(row.zip(done).zip(lack).map(|((row, done), lack)| (row, done, lack))))
    }

    fn may_be(&self) -> Expr {
        self.0.map_or_else(|| lit(false), |(_, done, _)| col(BEGINS).lt_eq(long(done)))
    }

    fn row(&self) -> Expr {
        self.0.map_or_else(|| null_of(DataType::UInt32), |(row, ..)| lit(Scalar::from(row)))
    }

    fn lack(&self) -> Expr {
        long(self.0.map_or(0, |(.., lack)| lack))
    }
}
