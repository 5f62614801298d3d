//! How long every desk took: a line a visit and station, with what its deadline rule says of it.

use polars::prelude::*;

use super::{DAYS, ON_TIME, deadline_words, distinct, in_days, in_months, join_by, money, own, year};
use crate::evaluate::fields::Fields;
use crate::evaluate::judge_rows;
use crate::evaluate::judged::{Context, column};
use crate::evaluate::lower::{choose, day_of, look_up, null_of, small};
use crate::evaluate::predicate::lower;
use crate::normalise::{MONEY_SCALE, ROW, SOURCE, Table};
use crate::rules::kinds::{Deadline, StationTimes, Statistic};
use crate::rules::{Kind, Rule, Status};

pub(in crate::evaluate) const STATION: &str = "时限规则";
pub(in crate::evaluate) const UNIT: &str = "承办部门";
pub(in crate::evaluate) const LIMIT: &str = "时限";
const ENDED: &str = "_k.ended";
/// Limits of a station in the order of its rule.
const LIMIT_ORDER: &str = "_k.limit_order";

/// Visits of the period, station after station, in each by unit and limit; visits that no rule is about come last, without a station.
pub(in crate::evaluate) fn times(context: &Context, rule: &Statistic, spec: &StationTimes) -> PolarsResult<DataFrame> {
    let table = own(context, &rule.dataset)?;
    let wide = year(context.horizon);
    let visits = in_months(context, table, rule)?.collect()?;
    let mut pieces: Vec<DataFrame> = Vec::new();
    let mut rest = visits.clone();
    for id in &spec.rules {
        let named = context.pack.rules.iter().find(|rule| rule.head.id == *id);
        let Some((named, Kind::Deadline(deadline))) = named.map(|rule| (rule, &rule.kind)) else { continue };
        if named.head.status == Status::Retired {
            continue;
        }
        let fields = Fields::new(&table.frame);
        let here = visits.clone().lazy().filter(lower(&deadline.scope, &fields)?.holds()).collect()?;
        let ids = here.clone().lazy().select([col(column::ROW)]);
        rest = rest.lazy().join(ids, [col(column::ROW)], [col(column::ROW)], JoinArgs::new(JoinType::Anti)).collect()?;
        let context = Context { rule: named, horizon: &wide, ..*context };
        pieces.push(columns(station(&context, table, named, deadline, here)?, table, rule, spec)?);
    }
    let nowhere = rest.lazy().with_columns([
        null_of(DataType::String).alias(STATION),
        null_of(DataType::String).alias(LIMIT),
        null_of(DataType::Int32).alias(LIMIT_ORDER),
        null_of(money(MONEY_SCALE)).alias(DAYS),
        lit("不适用").alias(ON_TIME),
    ]);
    pieces.push(columns(nowhere, table, rule, spec)?);
    let mut pieces = pieces.into_iter();
    let Some(mut all) = pieces.next() else { polars_bail!(ComputeError: "没有时限规则") };
    for piece in pieces {
        all.vstack_mut(&piece)?;
    }
    all.rechunk_mut();
    Ok(all)
}

fn columns(visits: LazyFrame, table: &Table, rule: &Statistic, spec: &StationTimes) -> PolarsResult<DataFrame> {
    let order = SortMultipleOptions::default().with_maintain_order(true);
    let visits = visits.with_column(col(spec.unit.as_str()).alias(UNIT)).sort([UNIT, LIMIT_ORDER], order);
    let names = table.dataset.key.iter().chain(&rule.columns).map(String::as_str);
    let names = distinct([STATION, UNIT, LIMIT].into_iter().chain(names).chain([DAYS, ON_TIME, SOURCE, ROW]).collect());
    visits.select(names.into_iter().map(col).collect::<Vec<_>>()).collect()
}

/// The visits to one station; days are those of visits that are over, counted as the rule counts them.
fn station(context: &Context, table: &Table, named: &Rule, deadline: &Deadline, visits: DataFrame) -> PolarsResult<LazyFrame> {
    let fields = Fields::new(&table.frame);
    let (start, start_type) = (fields.column(&deadline.start)?, fields.dtype(&deadline.start)?);
    let (stop, stop_type) = (fields.column(&deadline.stop)?, fields.dtype(&deadline.stop)?);
    let visits = visits.lazy().with_columns([
        lit(named.head.title.as_str()).alias(STATION),
        context.seen(stop.clone(), &stop_type).fill_null(lit(false)).alias(ENDED),
    ]);
    let judged = if named.is_at_rest() { None } else { judge_rows(context)? };
    let Some((_, judged)) = judged else {
        // nobody has said how long it may take: dates alone
        let first = small(i32::from(context.pack.conventions.count_first_day));
        let days = day_of(stop, &stop_type) - day_of(start, &start_type);
        let known = col(ENDED).and(days.clone().gt_eq(small(0)));
        let days = choose([(known, (days + first).cast(money(MONEY_SCALE)))], null_of(money(MONEY_SCALE)));
        let unlimited = [null_of(DataType::String).alias(LIMIT), null_of(DataType::Int32).alias(LIMIT_ORDER)];
        return Ok(visits.with_columns(unlimited).with_columns([days.alias(DAYS), lit("不适用").alias(ON_TIME)]));
    };
    let limits: Vec<String> = judged.limits.iter().map(|limit| limit.quantity.chinese()).collect();
    let (days, word) = (in_days(&judged, column::ELAPSED)?, deadline_words());
    let limit = look_up(&Series::new("limit".into(), limits), col(column::LIMIT));
    let order = col(column::LIMIT).cast(DataType::Int32).alias(LIMIT_ORDER);
    let said = judged.frame.lazy().select([col(column::ROW), days.alias(DAYS), word.alias(ON_TIME), limit.alias(LIMIT), order]);
    let over = choose([(col(ENDED), col(DAYS))], null_of(money(MONEY_SCALE)));
    Ok(join_by(visits, said, column::ROW).with_columns([over.alias(DAYS), col(ON_TIME).fill_null(lit("不适用"))]))
}
