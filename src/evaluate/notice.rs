//! The rows that a form lists: those of the period for which its condition is known to hold.

use polars::prelude::*;

use super::judged::{At, Context};
use super::predicate::lower;
use super::{NoticeRows, fields::Fields};
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::FormRows;

const UNDECIDED: &str = "_k.undecided";

pub(super) fn rows(context: &Context, rule: &FormRows) -> PolarsResult<NoticeRows> {
    let Some(table) = context.tables.get(&rule.dataset) else {
        polars_bail!(ComputeError: "没有数据表「{}」的数据", rule.dataset);
    };
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, Some(&rule.at))?;
    let scope = lower(&rule.scope, &fields)?;
    let undated = fields.column(&rule.at)?.is_null();
    let frame = table.frame.lazy().filter(at.within(context.horizon).and(scope.may_hold()));
    let frame = frame.with_column(scope.unknown().or(undated).alias(UNDECIDED));
    let mut names: Vec<&str> = Vec::new();
    let wanted = rule.columns.iter().map(|column| &column.field).chain(&rule.unit).map(String::as_str);
    for name in wanted.chain([SOURCE, ROW]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let columns = || names.iter().map(|name| col(*name)).chain([col(UNDECIDED)]).collect::<Vec<_>>();
    let mut frame = frame.select(columns()).collect()?;
    let undecided = frame.drop_in_place(UNDECIDED)?;
    let undecided = undecided.as_materialized_series().bool()?;
    let frame = frame.filter(&!undecided)?;
    let units = match &rule.unit {
        None => vec![None; frame.height()],
        Some(unit) => {
            let column = frame.column(unit)?.as_materialized_series().str()?;
            column.iter().map(|name| Some(name.unwrap_or_default().to_owned())).collect()
        }
    };
    Ok(NoticeRows { units, undecided: u64::from(undecided.sum().unwrap_or_default()), frame })
}
