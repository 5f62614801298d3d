//! Which time it is: earlier rows of the same person about the same thing, as far back as the version looks.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::base::Looked;
use super::history::with_history;
use crate::evaluate::civil;
use crate::evaluate::judged::{Context, column};
use crate::evaluate::lower::{long, null_of, small};
use crate::evaluate::periods;
use crate::evaluate::predicate::Answer;
use crate::evaluate::version::pick;
use crate::normalise::Table;
use crate::rules::kinds::{Lookback, Penalty, Terms};

/// `Int32`: which time, or how often in all.
pub(super) const TIMES: &str = "_k.times";
/// `Boolean`: a row of the same person might be a time as well.
pub(super) const UNSURE: &str = "_k.unsure";

pub(super) const DAY: &str = "_t.day";
pub(super) const PERSON: &str = "_t.person";
pub(super) const UNIT: &str = "_t.unit";
/// The row is known to be one that the rule looks at.
pub(super) const SURE: &str = "_t.sure";
const NOW: &str = "_t.now";
/// Before the names of the other row of a pair.
pub(super) const OTHER: &str = "_o";

pub(super) struct Counted {
    /// [`column::ROW`], [`TIMES`], [`UNSURE`].
    pub frame: DataFrame,
    /// The rows that were counted before a row, or besides it.
    pub earlier: BTreeMap<usize, Vec<usize>>,
    /// Names of those that only the ledger knows.
    pub remembered: Vec<String>,
}

/// Why a time cannot be counted.
pub(super) fn unsure(rule: &Penalty) -> String {
    let fields: Vec<&str> = rule.unit.iter().chain(&rule.same).map(String::as_str).collect();
    let fields = if fields.is_empty() { String::new() } else { format!("、{}", fields.join("、")) };
    format!("同一人另有日期{fields}或条件不明的行，数不清是第几次")
}

pub(super) fn count(context: &Context, table: &Table, rule: &Penalty, applies: &Answer, looked: &Looked) -> PolarsResult<Counted> {
    let day = super::day_of(&looked.at, "计次")?;
    let person = rule.person.as_ref().ok_or_else(|| polars_err!(ComputeError: "计次要写 person"))?;
    let first = rule.terms.versions.first().map_or(i32::MAX, |version| version.from.to_epoch_days());
    let mut columns = vec![
        col(column::ROW),
        day.clone().alias(DAY),
        col(person.as_str()).alias(PERSON),
        looked.sure.clone().and(applies.holds()).and(day.clone().is_not_null()).alias(SURE),
        looked.within.clone().alias(NOW),
        looked.at.version(context, &rule.terms).alias(column::VERSION),
    ];
    columns.extend(rule.unit.as_ref().map(|unit| col(unit.as_str()).alias(UNIT)));
    columns.extend(rule.same.iter().enumerate().map(|(at, field)| col(field.as_str()).alias(same(at))));
    let since = day.clone().gt_eq(small(first)).fill_null(lit(true));
    let times = table.frame.lazy().with_row_index(column::ROW, None).filter(looked.ever.clone().and(since).and(applies.may_hold()));
    let times = times.select(columns).filter(col(PERSON).is_not_null());
    let others = times.clone().select([col("*").name().prefix(OTHER)]).collect()?;
    let (others, remembered) = with_history(context, table, day, others)?;
    let pairs = times.filter(col(NOW)).join(others.lazy(), [col(PERSON)], [other(PERSON)], JoinArgs::new(JoinType::Inner));
    let terms = || rule.terms.versions.iter().map(|version| &version.body);
    let version = col(column::VERSION);
    let near = pick(&version, terms().map(near).collect(), DataType::Boolean);
    let in_all = pick(&version, terms().map(|terms| lit(in_all(terms))).collect(), DataType::Boolean);
    let itself = other(column::ROW).eq(col(column::ROW));
    let earlier_row = other(DAY).eq(col(DAY)).and(other(column::ROW).lt(col(column::ROW)));
    let before = other(DAY).lt(col(DAY)).or(earlier_row).or(in_all.clone());
    let alike = rule.unit.iter().map(|_| UNIT.to_owned()).chain((0..rule.same.len()).map(same));
    let alike = alike.map(|name| other(&name).eq(col(name.as_str()))).reduce(Expr::and);
    let hit = alike.into_iter().fold(near.and(before), Expr::and);
    let counted = hit.clone().fill_null(lit(false)).and(other(SURE));
    let pairs = pairs
        .with_column(counted.alias("_t.counted"))
        .with_column(hit.fill_null(lit(true)).and(col("_t.counted").not()).and(itself.clone().not()).alias("_t.maybe"))
        .with_columns([in_all.alias("_t.all"), itself.alias("_t.itself")])
        .select([col(column::ROW), other(column::ROW), col("_t.counted"), col("_t.maybe"), col("_t.all"), col("_t.itself")])
        .collect()?;
    let sum = col("_t.counted").cast(DataType::Int32).sum() + (col("_t.all").first().not()).cast(DataType::Int32);
    let frame = pairs
        .clone()
        .lazy()
        .group_by([col(column::ROW)])
        .agg([sum.cast(DataType::Int32).alias(TIMES), col("_t.maybe").max().alias(UNSURE)]);
    let listed = pairs.lazy().filter(col("_t.counted").and(col("_t.itself").not())).select([col(column::ROW), other(column::ROW)]);
    Ok(Counted { frame: frame.collect()?, earlier: lists(&listed.collect()?)?, remembered })
}

fn same(at: usize) -> String {
    format!("_t.same{at}")
}

fn other(name: &str) -> Expr {
    col(format!("{OTHER}{name}"))
}

fn in_all(terms: &Terms) -> bool {
    terms.rows.iter().any(|row| row.times.is_some_and(|times| times.total))
}

/// The other row lies within the span that the version looks back over.
fn near(terms: &Terms) -> Expr {
    match terms.lookback {
        None => null_of(DataType::Boolean),
        Some(Lookback::All) => lit(true),
        Some(Lookback::Calendar(every)) => periods::key_of(every, other(DAY)).eq(periods::key_of(every, col(DAY))),
        Some(Lookback::Months(months)) => {
            let back = small(-i32::try_from(months).unwrap_or(i32::MAX));
            other(DAY).gt(civil::add_months(col(DAY), back))
        }
        Some(Lookback::Days(days)) => {
            let days = long(i64::from(days));
            other(DAY).cast(DataType::Int64).gt(col(DAY).cast(DataType::Int64) - days)
        }
    }
}

fn lists(pairs: &DataFrame) -> PolarsResult<BTreeMap<usize, Vec<usize>>> {
    let rows = |name: &str| PolarsResult::Ok(pairs.column(name)?.as_materialized_series().u32()?.clone());
    let (rows, others) = (rows(column::ROW)?, rows(&format!("{OTHER}{}", column::ROW))?);
    let mut lists: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, other) in rows.iter().zip(others.iter()) {
        if let (Some(row), Some(other)) = (row, other) {
            lists.entry(row as usize).or_default().push(other as usize);
        }
    }
    lists.values_mut().for_each(|list| list.sort_unstable());
    Ok(lists)
}
