//! Checked rules over tables: a verdict for every subject in scope. Rules are lowered to polars expressions.

mod verdicts;

pub use verdicts::{Counts, Verdicts};

use chrono::NaiveDateTime;
use polars::prelude::DataFrame;

use crate::calendar::Period;
use crate::diag::Diag;
use crate::normalise::Tables;
use crate::rules::{Pack, Rule, RuleSet};

/// What a run looks at: subjects of the period, as they stood at `as_of`. What happened later is not seen.
#[derive(Debug, Clone, Copy)]
pub struct Horizon {
    pub period: Period,
    pub as_of: NaiveDateTime,
}

/// Tables with lookups and derived fields added, and the verdicts of the `derive` rules on the way.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub tables: Tables,
}

/// Adds every dataset's lookups, then every pack's `derive` fields in order.
pub fn prepare(tables: Tables, rules: &RuleSet) -> Result<Prepared, Vec<Diag>> {
    let _ = (tables, rules);
    todo!()
}

/// One rule over its dataset. A rule that fails inside, a panic of polars included, is one Diag with the rule's id.
/// `notice` and `statistic` rules judge nothing and give no verdicts; neither does a rule whose parameter is missing.
pub fn judge(
    pack: &Pack,
    rule: &Rule,
    prepared: &Prepared,
    calendars: &crate::calendar::Calendars,
    horizon: &Horizon,
) -> Result<Verdicts, Diag> {
    let _ = (pack, rule, prepared, calendars, horizon);
    todo!()
}

/// The detail behind a summary statistic.
#[derive(Debug, Clone)]
pub struct SummaryDetail {
    /// A row a subject that ended in one of the months: key fields, groups, `columns`, then
    /// `统计月` (String `2026-10`), `天数` (Decimal(38,4), null unknown), `按期` (String `是`/`否`/`无法判定`/`不适用`),
    /// `损失金额` (Decimal(38,2)), `_source`, `_row`.
    pub subjects: DataFrame,
    /// A row a share: key, `columns`, `统计月`, the share in yuan (Decimal(38,2)), `_source`, `_row`.
    pub shares: Option<DataFrame>,
}

/// The detail behind a register: a row a subject, key fields, `columns`, then `应完成日`, `天数`, `逾期天数`, `状态`
/// (`在办` `在办逾期` `已结` `逾期结案` `无法判定`), and with stations `当前站` and, a station each, `<站别>收文` and `<站别>送出`.
pub type RegisterDetail = DataFrame;

/// Months from a year before the period to its end.
pub fn summary(
    pack: &Pack,
    rule: &Rule,
    prepared: &Prepared,
    calendars: &crate::calendar::Calendars,
    horizon: &Horizon,
) -> Result<SummaryDetail, Diag> {
    let _ = (pack, rule, prepared, calendars, horizon);
    todo!()
}

pub fn register(
    pack: &Pack,
    rule: &Rule,
    prepared: &Prepared,
    calendars: &crate::calendar::Calendars,
    horizon: &Horizon,
) -> Result<RegisterDetail, Diag> {
    let _ = (pack, rule, prepared, calendars, horizon);
    todo!()
}
