//! What each unit bears of the losses: a line a share, from a year before the period on.

use polars::prelude::*;

use super::{MONTH, distinct, in_months, money, own, year};
use crate::evaluate::formula::round;
use crate::evaluate::judged::Context;
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{LossTable, Statistic};

pub(in crate::evaluate) fn borne(context: &Context, rule: &Statistic, spec: &LossTable) -> PolarsResult<DataFrame> {
    let table = own(context, &rule.dataset)?;
    let rows = in_months(&Context { horizon: &year(context.horizon), ..*context }, table, rule)?;
    let share = spec.loss.share.as_str();
    let names = [&spec.loss.on].into_iter().chain(&spec.groups).chain(&rule.columns).map(String::as_str).filter(|name| *name != share);
    let names = distinct(names.chain([MONTH, share, SOURCE, ROW]).collect());
    let yuan = round(col(share), 2).cast(money(2));
    rows.with_column(yuan.alias(share)).select(names.into_iter().map(col).collect::<Vec<_>>()).collect()
}
