//! Who is looked at: rows, the values that rows have, or one thing by its name.

use polars::prelude::*;

use super::super::fields::{Fields, Lack, all, bits};
use super::super::judged::{column, scoped};
use super::super::lower::{choose, day_of, has_time, long, null_of, second_of, small};
use super::super::predicate::{Answer, Stage};
use crate::normalise::Table;
use crate::rules::kinds::{Age, Ask, EventSource, Frequency, Subjects};

/// Number of a subject.
pub(super) const ID: &str = "_k.id";
/// Days since 1970.
pub(super) const SINCE: &str = "_k.since";
pub(super) const UNTIL: &str = "_k.until";
pub(super) const TRIGGER_DAY: &str = "_k.trigger_day";
/// Seconds since 1970.
pub(super) const TRIGGER: &str = "_k.trigger";
/// What a subject lacks, be it asked what it may.
pub(super) const LACK: &str = "_k.own_lack";

pub(super) struct Population {
    /// A row a subject.
    pub frame: DataFrame,
    /// The columns that its events are found by.
    pub keys: Vec<String>,
    pub trigger_timed: bool,
}

/// One version's rows for one span of ages: which of them asks is a column.
pub(super) struct Segment<'a> {
    /// Rows with their numbers through all versions, in order.
    pub asks: Vec<(i32, &'a Ask)>,
    pub age: Option<Age>,
    /// The number of the row that asks; null: none.
    pub hit: String,
    /// What the rows up to it lack.
    pub lack: String,
}

/// The spans of ages of a version, in order of their first rows.
pub(super) fn segments(rule: &Frequency, version: usize) -> Vec<Segment<'_>> {
    let before: usize = rule.asks.versions[..version].iter().map(|version| version.body.len()).sum();
    let mut segments: Vec<Segment> = Vec::new();
    for (ask, index) in rule.asks.versions[version].body.iter().zip(before..) {
        let numbered = (i32::try_from(index).unwrap_or(i32::MAX), ask);
        match segments.iter_mut().find(|segment| segment.age == ask.age) {
            Some(segment) => segment.asks.push(numbered),
            None => {
                let name = format!("{version}_{}", segments.len());
                segments.push(Segment {
                    asks: vec![numbered],
                    age: ask.age,
                    hit: format!("_k.hit{name}"),
                    lack: format!("_k.hit_lack{name}"),
                });
            }
        }
    }
    segments
}

fn key(at: usize) -> String {
    format!("_k.key{at}")
}

impl Population {
    pub(super) fn new(table: &Table, fields: &Fields, rule: &Frequency) -> PolarsResult<Self> {
        let keys = match &rule.events.source {
            EventSource::Own(_) => vec![ID.to_owned()],
            EventSource::Rows { on, .. } => (0..on.len().max(1)).map(key).collect(),
        };
        let trigger_timed = match &rule.trigger {
            Some(trigger) => has_time(&fields.dtype(&trigger.field)?),
            None => false,
        };
        let frame = match &rule.subjects {
            Subjects::One(name) => one(rule, name)?,
            Subjects::Rows => {
                rows(table, fields, rule)?.select(names(rule).iter().map(|name| col(name.as_str())).collect::<Vec<_>>()).collect()?
            }
            Subjects::By { fields: by, values } => grouped(table, fields, rule, by, values)?,
        };
        Ok(Self { frame: frame.with_row_index(ID.into(), None)?, keys, trigger_timed })
    }
}

/// Columns of every population.
fn names(rule: &Frequency) -> Vec<String> {
    let keys = match &rule.events.source {
        EventSource::Own(_) => 0,
        EventSource::Rows { on, .. } => on.len(),
    };
    let hits = (0..rule.asks.versions.len()).flat_map(|version| segments(rule, version)).flat_map(|segment| [segment.hit, segment.lack]);
    (0..keys).map(key).chain(hits).chain([SINCE, UNTIL, TRIGGER_DAY, TRIGGER, LACK, column::ROW].map(str::to_owned)).collect()
}

/// One subject without a row; all that is logged is about it.
fn one(rule: &Frequency, name: &str) -> PolarsResult<DataFrame> {
    let mut columns =
        vec![Column::new(column::SUBJECT.into(), [name]), Column::new(key(0).into(), [0_i32]), Column::new(LACK.into(), [0_i64])];
    for segment in (0..rule.asks.versions.len()).flat_map(|version| segments(rule, version)) {
        columns.push(Column::new(segment.hit.into(), [segment.asks.first().map(|(index, _)| *index)]));
        columns.push(Column::new(segment.lack.into(), [0_i64]));
    }
    let none = [SINCE, UNTIL, TRIGGER_DAY].map(|name| null_of(DataType::Int32).alias(name));
    DataFrame::new(1, columns)?
        .lazy()
        .with_columns(none)
        .with_columns([null_of(DataType::Int64).alias(TRIGGER), null_of(DataType::UInt32).alias(column::ROW)])
        .collect()
}

/// Every row that may be a subject, with the columns of [`names`].
fn rows(table: &Table, fields: &Fields, rule: &Frequency) -> PolarsResult<LazyFrame> {
    let mut stage = Stage::new(fields, "_k.ask");
    let mut hits = Vec::new();
    for segment in (0..rule.asks.versions.len()).flat_map(|version| segments(rule, version)) {
        let rows = segment.asks.iter().map(|(index, ask)| Ok((stage.condition(&ask.when)?, small(*index))));
        let (hit, lack) = first_that_may(rows.collect::<PolarsResult<Vec<_>>>()?);
        hits.extend([hit.alias(segment.hit.as_str()), lack.alias(segment.lack.as_str())]);
    }
    let day = |field: &Option<String>| match field {
        Some(field) => Ok(day_of(fields.column(field)?, &fields.dtype(field)?)),
        None => PolarsResult::Ok(null_of(DataType::Int32)),
    };
    let (trigger_day, trigger) = match &rule.trigger {
        Some(trigger) => {
            let (column, dtype) = (fields.column(&trigger.field)?, fields.dtype(&trigger.field)?);
            (day_of(column.clone(), &dtype), second_of(column, &dtype))
        }
        None => (null_of(DataType::Int32), null_of(DataType::Int64)),
    };
    let scoped = scoped(table, fields, &rule.scope, lit(true), null_of(DataType::Int32), None)?;
    let mut lacks: Vec<Lack> = vec![scoped.lack];
    let on = match &rule.events.source {
        EventSource::Rows { on, .. } => on.as_slice(),
        EventSource::Own(_) => &[],
    };
    if rule.subjects == Subjects::Rows {
        for field in on.iter().map(|(own, _)| own).chain(&rule.since).chain(rule.trigger.as_ref().map(|trigger| &trigger.field)) {
            lacks.push(fields.lack(field)?);
        }
    }
    let keys = on.iter().enumerate().map(|(at, (own, _))| col(own.as_str()).alias(key(at)));
    let own = [
        day(&rule.since)?.alias(SINCE),
        day(&rule.until)?.alias(UNTIL),
        trigger_day.alias(TRIGGER_DAY),
        trigger.alias(TRIGGER),
        bits(all(lacks)).alias(LACK),
    ];
    Ok(scoped.rows.with_columns(stage.columns()).with_columns(hits.into_iter().chain(keys).chain(own).collect::<Vec<_>>()))
}

/// The first row that is not known to be none of the subject's business, and what is lacking to know that it is.
fn first_that_may(rows: Vec<(Answer, Expr)>) -> (Expr, Expr) {
    let hit = rows.iter().map(|(answer, index)| (answer.may_hold(), index.clone()));
    let lack = rows.iter().map(|(answer, _)| {
        let lack = choose([(answer.unknown(), bits(answer.lack.clone()))], long(0));
        (answer.may_hold(), lack)
    });
    (choose(hit.collect::<Vec<_>>(), null_of(DataType::Int32)), choose(lack.collect::<Vec<_>>(), long(0)))
}

/// A subject for every value, in order of the rows, or of the values that the rule lists.
fn grouped(table: &Table, fields: &Fields, rule: &Frequency, by: &[String], values: &[String]) -> PolarsResult<DataFrame> {
    let groups: Vec<Expr> = by.iter().map(|field| col(field.as_str())).collect();
    let whole = groups.iter().map(|group| group.clone().is_not_null()).reduce(|a, b| a.and(b)).unwrap_or_else(|| lit(true));
    let ended = choose([(col(UNTIL).null_count().gt(lit(0_u32)), null_of(DataType::Int32))], col(UNTIL).max()).alias(UNTIL);
    let gathered = names(rule).into_iter().map(|name| match name.as_str() {
        SINCE => col(SINCE).min(),
        UNTIL => ended.clone(),
        // a row that is a subject for sure settles it
        LACK => col(LACK).min(),
        first => col(first).first(),
    });
    let seen = rows(table, fields, rule)?.filter(whole).group_by_stable(groups.clone()).agg(gathered.collect::<Vec<_>>());
    let subject = concat_str(groups, "/", false).alias(column::SUBJECT);
    let subjects = if values.is_empty() {
        seen
    } else {
        let listed = DataFrame::new(values.len(), vec![Column::new(by[0].as_str().into(), values)])?.lazy();
        let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
        listed.join(seen, [col(by[0].as_str())], [col(by[0].as_str())], how)
    };
    // a value that no row has is found by its name alone, and asked what every other is
    let keys = match &rule.events.source {
        EventSource::Rows { on, .. } => on.iter().enumerate().map(|(at, (own, _))| col(own.as_str()).alias(key(at))).collect(),
        EventSource::Own(_) => Vec::new(),
    };
    let mut whole = vec![subject];
    whole.extend(keys);
    for segment in (0..rule.asks.versions.len()).flat_map(|version| segments(rule, version)) {
        let always = segment.asks.iter().find(|(_, ask)| ask.when.is_always()).map(|(index, _)| small(*index));
        let always = always.unwrap_or_else(|| null_of(DataType::Int32));
        let absent = col(column::ROW).is_null();
        whole.push(choose([(absent, always)], col(segment.hit.as_str())).alias(segment.hit.as_str()));
        whole.push(col(segment.lack.as_str()).fill_null(long(0)));
    }
    let since = rule.since.as_ref().map(|since| fields.reason(col(SINCE).is_null(), format!("{since} 为空")));
    let lack = all([Some(col(LACK).fill_null(long(0))), since]);
    whole.push(bits(lack).alias(LACK));
    subjects
        .with_columns(whole)
        .select(names(rule).iter().map(String::as_str).chain([column::SUBJECT]).map(col).collect::<Vec<_>>())
        .collect()
}
