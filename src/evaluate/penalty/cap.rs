//! The most that a person bears in a calendar month: used up in order of the days.

use polars::prelude::*;

use super::steps::{figure, least};
use super::{FEN, fen};
use crate::evaluate::civil;
use crate::evaluate::fields::Fields;
use crate::evaluate::judged::{At, column};
use crate::evaluate::lower::decimal_or_err;
use crate::evaluate::version::pick;
use crate::rules::kinds::Penalty;

const DAY: &str = "_k.cap.day";
const MONTH: &str = "_k.cap.month";
const SUM: &str = "_k.cap.sum";
const MOST: &str = "_k.cap.most";

/// [`column::AMOUNT`] out of [`column::LEFT`], which stays what it would be without a cap.
pub(super) fn apply(frame: LazyFrame, rule: &Penalty, at: &At, fields: &Fields) -> PolarsResult<LazyFrame> {
    if rule.terms.versions.iter().all(|version| version.body.cap.is_none()) {
        return Ok(frame.with_column(col(column::LEFT).alias(column::AMOUNT)));
    }
    let day = super::day_of(at, "按月封顶")?;
    let most = rule.terms.versions.iter().map(|version| match &version.body.cap {
        Some(cap) => figure(cap, rule.wage.as_ref(), fields).map(|(most, _)| most),
        None => Ok(crate::evaluate::lower::null_of(fen())),
    });
    let most = pick(&col(column::VERSION), most.collect::<PolarsResult<Vec<_>>>()?, fen());
    let who = rule.person.iter().chain(&rule.unit).map(|field| col(field.as_str()));
    let mine: Vec<Expr> = who.chain([col(MONTH)]).collect();
    let zero = decimal_or_err(rust_decimal::Decimal::ZERO, FEN)?;
    let gross = col(column::LEFT).fill_null(zero);
    let sum = gross.clone().cum_sum(false).over(mine)?.cast(fen());
    let left = least(col(SUM), col(MOST)) - least(col(SUM) - gross, col(MOST));
    let by_day = SortMultipleOptions::default().with_maintain_order(true);
    Ok(frame
        .with_columns([day.clone().alias(DAY), civil::month(day).alias(MONTH), most.alias(MOST)])
        .sort([DAY, column::ROW], by_day.clone())
        .with_column(sum.alias(SUM))
        .sort([column::ROW], by_day)
        .with_column(when(col(column::LEFT).is_null()).then(col(column::LEFT)).otherwise(left).cast(fen()).alias(column::AMOUNT)))
}
