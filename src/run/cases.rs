//! `kesu rules test`: every rule's own cases, through the same stages as a run.

use std::borrow::Cow;
use std::sync::Arc;

use crate::calendar::Calendars;
use crate::diag::{Code, Diag, Diags};
use crate::evaluate::{self, Horizon};
use crate::ledger::Moment;
use crate::normalise::{self, Tables};
use crate::rules::cases::{self, Case};
use crate::rules::{self, Pack, Param, RuleSet};

use super::{Settings, end_of, month};

/// What the cases of all packs came to.
#[derive(Debug, Default)]
pub struct CaseReport {
    pub passed: usize,
    pub failures: Diags,
    /// `pack/rule` with its number of cases, in pack order.
    pub by_rule: Vec<(String, usize)>,
}

/// Runs every case of every pack in `settings`. The company's own parameters and picks do not count here: a case brings its own
/// parameters, and a rule that was not picked is tried too.
///
/// # Errors
/// Rule files, calendars or case files that cannot be read.
pub fn run_all(settings: &Settings) -> Result<CaseReport, Diags> {
    let bare = Settings { params: Vec::new(), picks: Vec::new(), ..settings.clone() };
    let (rules, calendars, _, _) = month::rules_and_calendars(&bare)?;
    let mut report = CaseReport::default();
    for pack in &rules.packs {
        let (cases, problems) = cases::cases(pack);
        if problems.has_errors() {
            return Err(problems);
        }
        for rule in &pack.rules {
            let own: Vec<&Case> = cases.iter().filter(|case| case.rule == rule.head.id).collect();
            report.by_rule.push((format!("{}/{}", pack.id, rule.head.id), own.len()));
            for case in own {
                match run(&bare, &rules, pack, &calendars, case) {
                    Ok(differences) if differences.is_empty() => report.passed += 1,
                    Ok(differences) => report.failures.push(failed(case, &differences)),
                    Err(problems) => report.failures.extend(problems),
                }
            }
        }
    }
    Ok(report)
}

fn failed(case: &Case, differences: &[String]) -> Diag {
    Diag::error(Code::CaseFailed, format!("用例「{}」未通过：{}", case.name, differences.join("；")))
        .in_text(&case.file, case.span.clone())
        .help("先看是规则错还是用例的期望错，再改其中一个")
}

/// The differences between what the case expects and what the rule says.
fn run(settings: &Settings, rules: &RuleSet, pack: &Pack, calendars: &Calendars, case: &Case) -> Result<Vec<String>, Diags> {
    let mut rules = Cow::Borrowed(rules);
    if !case.params.is_empty() {
        rules = Cow::Owned(reload(settings, pack, case)?);
    }
    if rules.rules().any(|(owner, rule)| owner.id == pack.id && rule.head.id == case.rule && rule.head.unpicked.is_some()) {
        rules.to_mut().pick_only(&pack.id, &case.rule);
    }
    let Some((pack, rule)) = rules.rules().find(|(owner, rule)| owner.id == pack.id && rule.head.id == case.rule) else {
        return Ok(vec![format!("没有规则 {}/{}", pack.id, case.rule)]);
    };
    let mut tables = Tables { sources: vec![Default::default()], tables: Vec::new() };
    for (name, rows) in &case.tables {
        let Some(dataset) = rules.dataset(name) else { return Ok(vec![format!("没有数据表「{name}」")]) };
        match normalise::table_from_rows(Arc::clone(dataset), rows) {
            Ok(table) => tables.tables.push(table),
            Err(problems) => return Ok(problems.into_iter().map(|p| p.message).collect()),
        }
    }
    let prepared = evaluate::prepare(tables, &rules).map_err(Diags::from_iter)?;
    let as_of = match case.as_of {
        Moment::Date(date) => end_of(date),
        Moment::Datetime(at) => at,
    };
    let horizon = Horizon { period: case.period, as_of };
    let verdicts = evaluate::judge(pack, rule, &prepared, calendars, &horizon).map_err(|fault| Diags::from_iter([fault]))?;
    let mut found = Vec::new();
    verdicts.for_each(&mut |finding| found.push(finding));
    Ok(case.expect.iter().flat_map(|expect| cases::compare(expect, &found)).collect())
}

/// The same packs with the case's parameters.
fn reload(settings: &Settings, pack: &Pack, case: &Case) -> Result<RuleSet, Diags> {
    let params: Vec<Param> = case
        .params
        .iter()
        .map(|(name, value)| Param {
            pack: pack.id.clone(),
            rule: case.rule.clone(),
            name: name.clone(),
            value: value.clone(),
            from: chrono::NaiveDate::MIN,
            cite: format!("用例「{}」", case.name),
            place: crate::diag::Place::Text { file: case.file.clone(), span: case.span.clone() },
        })
        .collect();
    let (rules, diags) = rules::load(&settings.rules, &settings.packs, &params);
    if diags.has_errors() { Err(diags) } else { Ok(rules) }
}
