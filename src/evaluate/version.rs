//! Which dated version applies: the one in force on the day the case began.

use polars::prelude::*;

use super::fields::{Lack, bits};
use super::lower::{choose, null_of, small};
use super::predicate::Answer;
use crate::rules::{Dated, Pack};

/// Index of the version in force on `day` (days since 1970); null before the first, and where the day is null.
pub(super) fn index<T>(day: &Expr, dated: &Dated<T>) -> Expr {
    let newest_first = dated.versions.iter().enumerate().rev();
    let branches = newest_first
        .map(|(index, version)| (day.clone().gt_eq(small(version.from.to_epoch_days())), small(i32::try_from(index).unwrap_or(i32::MAX))));
    choose(branches.collect::<Vec<_>>(), null_of(DataType::Int32))
}

/// One expression a version, each where its version applies; `dtype` null elsewhere.
pub(super) fn pick(version: &Expr, each: Vec<Expr>, dtype: DataType) -> Expr {
    pick_or(version, each, null_of(dtype))
}

/// One expression a version, each where its version applies.
pub(super) fn pick_or(version: &Expr, each: Vec<Expr>, otherwise: Expr) -> Expr {
    let branches =
        each.into_iter().enumerate().map(|(index, value)| (version.clone().eq(small(i32::try_from(index).unwrap_or(i32::MAX))), value));
    choose(branches.collect::<Vec<_>>(), otherwise)
}

/// What the version that applies lacks.
pub(super) fn pick_lack(version: &Expr, each: Vec<Lack>) -> Lack {
    if each.iter().all(Option::is_none) {
        return None;
    }
    Some(pick_or(version, each.into_iter().map(bits).collect(), bits(None)).fill_null(bits(None)))
}

/// The first row whose condition holds: its value, and what is lacking where a row before it cannot be decided.
pub(super) fn first_hit(rows: Vec<(Answer, Expr)>, dtype: DataType) -> (Expr, Lack) {
    let lacking = rows.iter().any(|(answer, _)| answer.lack.is_some());
    let lack = lacking.then(|| {
        let branches = rows.iter().flat_map(|(answer, _)| {
            let unknown = answer.lack.clone().map(|lack| (answer.unknown(), lack));
            unknown.into_iter().chain([(answer.value.clone(), bits(None))])
        });
        choose(branches.collect::<Vec<_>>(), bits(None))
    });
    let value = choose(rows.into_iter().map(|(answer, value)| (answer.holds(), value)).collect::<Vec<_>>(), null_of(dtype));
    (value, lack)
}

/// `(first day, citation as people read it)`, one a version.
pub(super) fn citations<T>(pack: &Pack, dated: &Dated<T>) -> Vec<(chrono::NaiveDate, String)> {
    let cite = |version: &crate::rules::Version<T>| {
        let source = pack.sources.iter().find(|source| source.id == version.cite.source);
        let title = source.map_or(version.cite.source.as_str(), |source| source.title.as_str());
        [title, version.cite.clause.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    dated.versions.iter().map(|version| (version.from, cite(version))).collect()
}
