//! `kesu rules test`: every rule's own cases, through the same stages as a run.

use std::sync::Arc;

use crate::calendar::{Calendars, Period};
use crate::diag::{Code, Diag, Diags};
use crate::evaluate::{self, Horizon};
use crate::normalise::{self, Tables};
use crate::rules::{self, Case, Pack, Param, Rule, RuleSet};

use super::{Settings, end_of, month};

/// What the cases of all packs came to.
#[derive(Debug, Default)]
pub struct CaseReport {
    pub passed: usize,
    pub failures: Diags,
    /// `pack/rule` with its number of cases, in pack order.
    pub by_rule: Vec<(String, usize)>,
}

/// Runs every case of every pack in `settings`.
///
/// # Errors
/// Rule files, calendars or case files that cannot be read.
pub fn run_all(settings: &Settings) -> Result<CaseReport, Diags> {
    let (rules, calendars, _, _) = month::rules_and_calendars(settings)?;
    let (cases, problems) = rules::load_cases(&rules);
    if problems.has_errors() {
        return Err(problems);
    }
    let mut report = CaseReport::default();
    for (pack, rule) in rules.rules() {
        let own: Vec<&Case> = cases.iter().filter(|case| case.pack == pack.id && case.rule == rule.head.id).collect();
        report.by_rule.push((format!("{}/{}", pack.id, rule.head.id), own.len()));
        for case in own {
            match run(settings, &rules, &calendars, case) {
                Ok(differences) if differences.is_empty() => report.passed += 1,
                Ok(differences) => {
                    report.failures.push(failed(case, format!("用例「{}」未通过:{}", case.name, differences.join(";"))));
                }
                Err(problems) => report.failures.extend(problems),
            }
        }
    }
    Ok(report)
}

fn failed(case: &Case, message: String) -> Diag {
    Diag::error(Code::CaseFailed, message).at(case.place.clone()).help("先看是规则错还是用例的期望错,再改其中一个")
}

/// The differences between what the case expects and what the rule says.
fn run(settings: &Settings, rules: &RuleSet, calendars: &Calendars, case: &Case) -> Result<Vec<String>, Diags> {
    let reloaded;
    let rules = if case.params.is_empty() {
        rules
    } else {
        reloaded = with_params(settings, case)?;
        &reloaded
    };
    let Some((pack, rule)) = find(rules, case) else { return Ok(vec![format!("没有规则 {}/{}", case.pack, case.rule)]) };
    let mut tables = Tables { sources: vec![Default::default()], tables: Vec::new() };
    for (name, rows) in &case.tables {
        let Some(dataset) = rules.dataset(name) else { return Ok(vec![format!("没有数据表「{name}」")]) };
        match normalise::table_from_rows(Arc::clone(dataset), rows) {
            Ok(table) => tables.tables.push(table),
            Err(problems) => return Ok(problems.into_iter().map(|p| p.message).collect()),
        }
    }
    let one = |fault: Diag| {
        let mut diags = Diags::default();
        diags.push(fault);
        diags
    };
    let prepared = evaluate::prepare(tables, rules).map_err(|faults| {
        let mut diags = Diags::default();
        diags.extend(faults);
        diags
    })?;
    let period = case.period.or_else(|| Period::of(case.as_of.date())).ok_or_else(|| one(failed(case, "as_of 超出范围".to_owned())))?;
    let horizon = Horizon { period, as_of: if case.as_of_is_date { end_of(case.as_of.date()) } else { case.as_of } };
    let verdicts = evaluate::judge(pack, rule, &prepared, calendars, &horizon).map_err(one)?;
    let mut found = Vec::new();
    verdicts.for_each(&mut |finding| found.push(finding));
    Ok(rules::compare(&case.expect, &found))
}

fn find<'a>(rules: &'a RuleSet, case: &Case) -> Option<(&'a Pack, &'a Rule)> {
    rules.rules().find(|(pack, rule)| pack.id == case.pack && rule.head.id == case.rule)
}

/// The same packs with the case's parameters instead of the company's.
fn with_params(settings: &Settings, case: &Case) -> Result<RuleSet, Diags> {
    let mut params: Vec<Param> = settings.params.iter().filter(|p| p.pack != case.pack || p.rule != case.rule).cloned().collect();
    params.extend(case.params.iter().cloned());
    let (rules, diags) = rules::load(&settings.rules, &settings.packs, &params);
    if diags.has_errors() { Err(diags) } else { Ok(rules) }
}
