//! The detail rows behind monthly tables: ended subjects with their days and losses, and open ones with their stations.

mod borne;
mod times;

pub(super) use borne::borne;
pub(super) use times::times;

use chrono::Months;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::clock::{DAY, Tick, elapsed_unit};
use super::formula::round;
use super::judged::{Context, Judged, column, outcome};
use super::lower::{PRECISION, choose, day_of, decimal_or_err, long, look_up, null_of, small};
use super::predicate::lower;
use super::{Horizon, civil, fields::Fields, others};
use crate::ledger::Outcome;
use crate::normalise::{MONEY_SCALE, ROW, SOURCE, Table, Tables};
use crate::rules::kinds::{DAYS, LOSS, Layout, Loss, MONTH, ON_TIME, Stations, Statistic};
use crate::rules::{FieldType, Kind, Unit};

const DUE: &str = "应完成日";
const OVERDUE: &str = "逾期天数";
const STATE: &str = "状态";
const STATION: &str = "当前站";

/// A year more than the horizon, for what the period is compared with.
pub(super) fn year(horizon: &Horizon) -> Horizon {
    let first = horizon.period.first;
    horizon.since(first.checked_sub_months(Months::new(12)).unwrap_or(first))
}

/// Every subject of the months with its days and losses.
pub(super) fn subjects(context: &Context, rule: &Statistic) -> PolarsResult<DataFrame> {
    let Layout::Summary { groups, loss, .. } = &rule.layout else { polars_bail!(ComputeError: "不是汇总统计") };
    let table = own(context, &rule.dataset)?;
    let named: Vec<&str> = table.dataset.key.iter().chain(groups).chain(&rule.columns).map(String::as_str).collect();
    let taken: Vec<&str> = loss.iter().flat_map(|loss| &loss.take).map(String::as_str).collect();
    // a field that is taken from the losses is not looked for in the table itself
    let in_table = |name: &&str| taken.contains(name) || table.frame.has(name);
    if let Some(unknown) = named.iter().find(|name| !in_table(name)) {
        polars_bail!(ComputeError: "数据表「{}」没有字段「{unknown}」", rule.dataset);
    }
    let subjects = in_months(context, table, rule)?;
    let subjects = join_by(subjects, on_time(context, rule)?, column::ROW);
    let subjects = match loss {
        None => subjects.with_column(null_of(money(2)).alias(LOSS)),
        Some(loss) => with_losses(context, subjects, loss, &taken)?,
    };
    let columns = distinct(named.into_iter().chain([MONTH, DAYS, ON_TIME, LOSS, SOURCE, ROW]).collect());
    subjects.select(columns.into_iter().map(col).collect::<Vec<_>>()).collect()
}

pub(super) fn table<'a>(tables: &'a Tables, dataset: &str) -> PolarsResult<&'a Table> {
    tables.get(dataset).ok_or_else(|| polars_err!(ComputeError: "没有数据表「{dataset}」的数据"))
}

fn own<'a>(context: &Context<'a>, dataset: &str) -> PolarsResult<&'a Table> {
    context.table(dataset).map_or_else(|| table(context.tables, dataset), Ok)
}

fn money(scale: usize) -> DataType {
    DataType::Decimal(PRECISION, scale)
}

fn distinct(names: Vec<&str>) -> Vec<&str> {
    let mut kept = Vec::new();
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// Rows in scope whose `at` lies in the horizon and is seen by `as_of`, with [`column::ROW`] and [`MONTH`].
fn in_months(context: &Context, table: &Table, rule: &Statistic) -> PolarsResult<LazyFrame> {
    let fields = Fields::new(&table.frame);
    let scope = lower(&rule.scope, &fields)?;
    let Some(at) = &rule.at else { polars_bail!(ComputeError: "没有写按哪个日期归入月份") };
    let (at, dtype) = (fields.column(at)?, fields.dtype(at)?);
    let day = day_of(at.clone(), &dtype);
    let (first, last) = (context.horizon.period.first, context.horizon.period.last);
    let inside = day.clone().gt_eq(small(first.to_epoch_days())).and(day.clone().lt_eq(small(last.to_epoch_days())));
    let rows = table.frame.lazy().with_row_index(column::ROW, None);
    let rows = rows.filter(scope.holds().and(inside.and(context.seen(at, &dtype)).fill_null(lit(false))));
    Ok(rows.with_column(month_name(civil::month(day)).alias(MONTH)))
}

/// `2026-10` of months since year 0.
fn month_name(month: Expr) -> Expr {
    let year = month.clone().floor_div(small(12));
    let of_year = month.clone() - year.clone() * small(12) + small(1);
    let zero = choose([(of_year.clone().lt(small(10)), lit("0"))], lit(""));
    concat_str([year.cast(DataType::String), lit("-"), zero, of_year.cast(DataType::String)], "", false)
}

fn join_by(left: LazyFrame, right: LazyFrame, on: &str) -> LazyFrame {
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    left.join(right, [col(on)], [col(on)], how)
}

/// [`DAYS`] and [`ON_TIME`] a row, by the deadline that the statistic names.
fn on_time(context: &Context, rule: &Statistic) -> PolarsResult<LazyFrame> {
    let Some((_, judged)) = deadline(context, rule)? else {
        let none = DataFrame::empty_with_schema(&Schema::from_iter([Field::new(column::ROW.into(), DataType::UInt32)]));
        return Ok(none.lazy().with_columns([null_of(money(MONEY_SCALE)).alias(DAYS), lit("不适用").alias(ON_TIME)]));
    };
    let days = in_days(&judged, column::ELAPSED)?;
    Ok(judged.frame.lazy().select([col(column::ROW), days.alias(DAYS), deadline_words().alias(ON_TIME)]))
}

/// A deadline's outcome as [`ON_TIME`].
fn deadline_words() -> Expr {
    let is = |o: Outcome| col(column::OUTCOME).eq(outcome(o));
    choose(
        [(is(Outcome::Met), lit("是")), (is(Outcome::Breached), lit("否")), (is(Outcome::Indeterminate), lit("无法判定"))],
        lit("不适用"),
    )
}

/// A column of time as days; null where the verdict is indeterminate.
fn in_days(judged: &Judged, name: &str) -> PolarsResult<Expr> {
    // hours and minutes are told in days; working days and hours in days of their own
    let of_work = judged.limits.iter().any(|limit| elapsed_unit(limit.quantity.unit) == Unit::WorkHour);
    let day = if of_work { 8 * 3600 } else { DAY };
    let ticks = col(name).cast(DataType::Decimal(PRECISION, MONEY_SCALE));
    let days = match judged.tick {
        Tick::Day => ticks,
        Tick::Second => ticks / decimal_or_err(Decimal::from(day), MONEY_SCALE)?,
    };
    let decided = col(column::OUTCOME).neq(outcome(Outcome::Indeterminate));
    Ok(choose([(decided, days)], null_of(money(MONEY_SCALE))))
}

/// The named deadline, judged at this horizon; `None` where none is named or it judges nothing.
fn deadline<'a>(context: &Context<'a>, rule: &Statistic) -> PolarsResult<Option<(&'a Table, Judged)>> {
    let Some(id) = &rule.on_time else { return Ok(None) };
    Ok(others::judged(context, id)?.map(|other| (other.table, other.judged)))
}

/// Adds [`LOSS`] and the fields that are taken from the largest share. Keys are texts and compared once; all further grouping
/// goes by the subject's row.
fn with_losses(context: &Context, subjects: LazyFrame, loss: &Loss, taken: &[&str]) -> PolarsResult<LazyFrame> {
    let shares = table(context.tables, &loss.dataset)?;
    let key = || [col(loss.on.as_str())];
    let share = col(loss.share.as_str());
    let subjects = subjects.collect()?;
    let own = subjects.clone().lazy().select([col(loss.on.as_str()), col(column::ROW)]);
    let rows = shares.frame.lazy().with_row_index(SHARE_ROW, None).join(own, key(), key(), JoinArgs::new(JoinType::Inner));
    let by_subject = || [col(column::ROW)];
    let rows = rows.with_column(share.clone().max().over(by_subject())?.alias("_k.largest"));

    let is_largest = share.clone().eq(col("_k.largest")).or(col("_k.largest").is_null());
    let sums = rows.group_by(by_subject()).agg([
        yuan(loss).sum().alias("_k.sum"),
        share.null_count().alias("_k.unknown"),
        choose([(is_largest, col(SHARE_ROW))], null_of(DataType::UInt32)).min().alias("_k.first"),
    ]);
    let total = choose(
        [(col("_k.unknown").gt(lit(0u32)), null_of(money(2)))],
        col("_k.sum").cast(money(2)).fill_null(decimal_or_err(Decimal::ZERO, 2)?),
    );
    let mut added = vec![total.alias(LOSS)];
    for name in taken {
        let column = shares.frame.column(name)?;
        added.push(look_up(column.as_materialized_series(), col("_k.first")).alias(*name));
    }
    Ok(join_by(subjects.lazy(), sums, column::ROW).with_columns(added))
}

/// The shares themselves, of subjects of the months.
pub(super) fn shares(context: &Context, rule: &Statistic) -> PolarsResult<DataFrame> {
    let Some(loss) = rule.loss() else { polars_bail!(ComputeError: "统计没有损失") };
    let (subjects, shares) = (table(context.tables, &rule.dataset)?, own(context, &loss.dataset)?);
    let key = || [col(loss.on.as_str())];
    let shares = shares.frame.lazy();
    // few subjects have a share; only their keys are compared, for a join fills in the columns that nobody filled
    let keys = subjects.frame.lazy().select(key()).with_row_index(column::ROW, None);
    let those = keys.join(shares.clone().select(key()), key(), key(), JoinArgs::new(JoinType::Semi)).collect()?;
    let those = subjects.frame.take(those.column(column::ROW)?.idx()?)?;
    let those = Table { frame: those, ..subjects.clone() };
    let months = in_months(context, &those, rule)?.select([col(loss.on.as_str()), col(MONTH)]);
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Inner) };
    let rows = shares.join(months, key(), key(), how).with_column(yuan(loss).alias(loss.share.as_str()));

    let mut names: Vec<&str> = [loss.on.as_str()].into_iter().chain(loss.columns.iter().map(String::as_str)).collect();
    names.retain(|name| *name != loss.share);
    let columns = distinct(names.into_iter().chain([MONTH, loss.share.as_str(), SOURCE, ROW]).collect());
    rows.select(columns.into_iter().map(col).collect::<Vec<_>>()).collect()
}

fn yuan(loss: &Loss) -> Expr {
    round(col(loss.share.as_str()), 2).cast(money(2))
}

/// Row of a share in its own table.
const SHARE_ROW: &str = "_k.share_row";

pub(super) fn register(context: &Context, rule: &Statistic) -> PolarsResult<DataFrame> {
    let Layout::Register { stations } = &rule.layout else { polars_bail!(ComputeError: "不是登记表") };
    let table = own(context, &rule.dataset)?;
    let fields = Fields::new(&table.frame);
    let scope = lower(&rule.scope, &fields)?;
    let rows = table.frame.lazy().with_row_index(column::ROW, None).filter(scope.holds());
    let named = rule.on_time.as_ref().and_then(|id| context.pack.rules.iter().find(|r| r.head.id == *id));
    let stop = match named.map(|rule| &rule.kind) {
        Some(Kind::Deadline(deadline)) => Some(deadline.stop.as_str()),
        _ => None,
    };
    let open = match stop {
        Some(stop) => context.seen(fields.column(stop)?, &fields.dtype(stop)?).fill_null(lit(false)).not(),
        None => lit(true),
    };
    let subjects = match deadline(context, rule)? {
        Some((_, judged)) => {
            let by_day = judged.limits.iter().all(|limit| limit.measure.by_day());
            let columns = states(&judged, open.clone(), by_day)?;
            let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Inner) };
            rows.join(judged.frame.lazy(), [col(column::ROW)], [col(column::ROW)], how)
                .with_column(open.clone().alias("_k.open"))
                .with_columns(columns)
        }
        None => {
            // a deadline that is named and judges nothing leaves its columns to be seen
            let mut no_deadline: Vec<Expr> = [DAYS, OVERDUE].map(|name| null_of(money(MONEY_SCALE)).alias(name)).to_vec();
            no_deadline.extend([null_of(DataType::Date).alias(DUE), lit("无法判定").alias(STATE), lit(true).alias("_k.open")]);
            in_months(context, table, rule)?.with_columns(no_deadline)
        }
    };
    // what happened after `as_of` is not known
    let subjects = match stop {
        Some(stop) => {
            let seen = choose([(open.not(), fields.column(stop)?)], null_of(fields.dtype(stop)?));
            subjects.with_column(seen.alias(stop))
        }
        None => subjects,
    };
    let timed = rule.on_time.iter().flat_map(|_| [DUE, DAYS, OVERDUE, STATE]);
    let names = table.dataset.key.iter().chain(&rule.columns).map(String::as_str).chain(timed).collect();
    let mut columns: Vec<String> = distinct(names).into_iter().map(str::to_owned).collect();
    let subjects = match stations {
        Some(spec) => {
            let (subjects, more) = join_stations(context, subjects, spec)?;
            columns.extend(more);
            subjects
        }
        None => subjects,
    };
    columns.extend([SOURCE, ROW].map(str::to_owned));
    subjects.select(columns.iter().map(|name| col(name.as_str())).collect::<Vec<_>>()).collect()
}

fn states(judged: &Judged, open: Expr, by_day: bool) -> PolarsResult<Vec<Expr>> {
    let is = |o: Outcome| col(column::OUTCOME).eq(outcome(o));
    let late = is(Outcome::Breached);
    let state = choose(
        [
            (is(Outcome::Indeterminate), lit("无法判定")),
            (open.clone().and(late.clone()), lit("在办逾期")),
            (open, lit("在办")),
            (late.clone(), lit("逾期结案")),
        ],
        lit("已结"),
    );
    let due = match by_day {
        true => judged.tick.day(col(column::DUE)).cast(DataType::Date),
        false => (col(column::DUE) * long(1000)).cast(DataType::Datetime(TimeUnit::Milliseconds, None)),
    };
    let due_type = if by_day { DataType::Date } else { DataType::Datetime(TimeUnit::Milliseconds, None) };
    let decided = is(Outcome::Indeterminate).or(is(Outcome::NotApplicable)).not();
    let overdue = choose([(late, in_days(judged, column::OVERRUN)?)], null_of(money(MONEY_SCALE)));
    Ok(vec![
        choose([(decided, due)], null_of(due_type)).alias(DUE),
        in_days(judged, column::ELAPSED)?.alias(DAYS),
        overdue.alias(OVERDUE),
        state.alias(STATE),
    ])
}

/// Adds the current station, and when each station got the case and sent it on: a list, as `as_of` sees it, of every time that it
/// lay there.
fn join_stations(context: &Context, subjects: LazyFrame, spec: &Stations) -> PolarsResult<(LazyFrame, Vec<String>)> {
    let table = table(context.tables, &spec.dataset)?;
    let fields = Fields::new(&table.frame);
    let key = || [col(spec.on.as_str())];
    let (received, received_type) = (fields.column(&spec.received)?, fields.dtype(&spec.received)?);
    let (sent, sent_type) = (fields.column(&spec.sent)?, fields.dtype(&spec.sent)?);
    let visible = context.seen(received.clone(), &received_type).fill_null(lit(false));
    let gone = context.seen(sent.clone(), &sent_type).fill_null(lit(false));
    let (name, order) = (fields.column(&spec.name)?, fields.column(&spec.order)?);
    let stations = station_names(table, spec)?;
    let number = |index: usize| small(i32::try_from(index).unwrap_or(i32::MAX));
    let numbers = stations.iter().enumerate().map(|(index, station)| (name.clone().eq(lit(station.as_str())), number(index)));
    let subjects = subjects.collect()?;
    let rows = subjects.clone().lazy().select([col(spec.on.as_str()), col(column::ROW).alias(SUBJECT_ROW)]);
    let visits = table.frame.lazy().filter(visible).join(rows, key(), key(), JoinArgs::new(JoinType::Inner)).with_columns([
        choose(numbers.collect::<Vec<_>>(), null_of(DataType::Int32)).alias("_k.number"),
        choose([(gone, sent)], null_of(sent_type)).alias("_k.sent"),
    ]);
    let visits = visits.sort_by_exprs([order.clone(), received.clone()], SortMultipleOptions::default().with_maintain_order(true));

    let mut columns = vec![STATION.to_owned()];
    let mut each = Vec::new();
    for (index, station) in stations.iter().enumerate() {
        let is_here = col("_k.number").eq(number(index));
        let (came, left) = (format!("{station}收文"), format!("{station}送出"));
        each.push(received.clone().filter(is_here.clone()).alias(came.as_str()));
        each.push(col("_k.sent").filter(is_here).alias(left.as_str()));
        columns.extend([came, left]);
    }
    // the last visit that is not over, as its place on the route and the station's number in one
    let count = long(i64::try_from(stations.len().max(1)).unwrap_or(i64::MAX));
    let visit = order.cast(DataType::Int64) * count.clone() + col("_k.number").cast(DataType::Int64);
    let open = choose([(col("_k.sent").is_null(), visit)], null_of(DataType::Int64));
    each.push(open.max().alias("_k.visit"));
    let by_subject = visits.group_by([col(SUBJECT_ROW)]).agg(each);
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let joined = subjects.lazy().join(by_subject, [col(column::ROW)], [col(SUBJECT_ROW)], how);
    let current = look_up(&Series::new("station".into(), stations), col("_k.visit") % count);
    let current = choose([(col("_k.open"), current)], null_of(DataType::String));
    Ok((joined.with_column(current.alias(STATION)), columns))
}

const SUBJECT_ROW: &str = "_k.subject_row";

/// The stations in the order of the dataset's allowed values, or else of their first mention.
fn station_names(table: &Table, spec: &Stations) -> PolarsResult<Vec<String>> {
    if let Some(field) = table.dataset.field(&spec.name).filter(|field| field.ty == FieldType::OneOf) {
        return Ok(field.values.clone());
    }
    let names = table
        .frame
        .lazy()
        .sort([spec.order.as_str()], SortMultipleOptions::default().with_maintain_order(true))
        .select([col(spec.name.as_str()).drop_nulls().unique_stable()])
        .collect()?;
    let names = names.column(&spec.name)?.as_materialized_series().str()?.clone();
    Ok(names.iter().flatten().map(str::to_owned).collect())
}
