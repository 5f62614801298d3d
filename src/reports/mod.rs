//! Workbooks: a plain [`Sheet`] model, one file a sheet, and `xlsx.rs`, which alone knows rust_xlsxwriter.

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::dispose::NoticeForm;
use crate::evaluate::{Counts, RegisterDetail, SummaryDetail};
use crate::ledger::Finding;
use crate::normalise::Normalised;
use crate::rules::{Pack, Rule, RuleSet};

/// Everything a month's workbooks are made of; all of them are made of the same.
#[derive(Debug)]
pub struct Month<'a> {
    pub company: &'a str,
    pub period: Period,
    pub as_of: NaiveDate,
    pub rules: &'a RuleSet,
    pub input: &'a Normalised,
    /// One a rule, in pack order.
    pub results: Vec<RuleResult<'a>>,
    /// Breached and indeterminate, in order of rule, then source row.
    pub findings: Vec<Finding>,
    pub notices: Vec<NoticeForm>,
    pub summaries: Vec<(&'a Pack, &'a Rule, SummaryDetail)>,
    pub registers: Vec<(&'a Pack, &'a Rule, RegisterDetail)>,
    /// Every verdict of the approval rules, met ones too.
    pub approvals: Vec<Finding>,
    /// Above this many rows a table holds values only, and says so.
    pub formula_rows: usize,
}

/// What became of one rule.
#[derive(Debug)]
pub struct RuleResult<'a> {
    pub pack: &'a Pack,
    pub rule: &'a Rule,
    pub counts: Counts,
}
