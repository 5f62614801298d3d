//! Stations or steps in their order.

mod log;
mod steps;
mod told;
mod walk;

use polars::prelude::*;

pub(super) use log::Walks;
pub(super) use steps::dates;
pub(super) use told::told;

use super::judged::{Context, Judged};
use crate::normalise::Table;
use crate::rules::kinds::Order;

/// How a finding begins, by what is wrong.
pub(super) const SKIPPED: &str = "跳站：没有经过";
pub(super) const MISPLACED: &str = "倒序：";
pub(super) const AGAIN: &str = "重复到站：";
pub(super) const UNKNOWN: &str = "路线上没有的站：";
pub(super) const EMPTY: &str = "跳步：没有";

pub(super) fn judge(context: &Context, table: &Table, rule: &Order) -> PolarsResult<Judged> {
    match &rule.log {
        Some(log) => log::judge(context, table, rule, log),
        None => steps::judge(context, table, rule),
    }
}

/// What would have complied, from a finding's own words.
pub(super) fn changes(message: &str) -> String {
    let marks = [SKIPPED, EMPTY, MISPLACED, AGAIN, UNKNOWN];
    let begin = marks.iter().filter_map(|mark| message.find(mark)).min().unwrap_or_default();
    message[begin..].split('；').map(change).collect::<Vec<_>>().join("；")
}

fn change(fault: &str) -> String {
    let named = |rest: &str| rest.split(['，', '（']).next().unwrap_or_default().to_owned();
    if let Some(rest) = fault.strip_prefix(SKIPPED) {
        return format!("送经 {}", named(rest));
    }
    if let Some(rest) = fault.strip_prefix(EMPTY) {
        return format!("补办 {}", named(rest));
    }
    if fault.starts_with(AGAIN) || fault.starts_with(UNKNOWN) {
        return format!("不走这一站，或更正站别（「{fault}」）");
    }
    format!("依次序办理，或更正日期（「{fault}」）")
}
