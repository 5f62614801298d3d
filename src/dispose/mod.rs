//! Findings to notices: who is told what, and what it costs.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;
use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::ledger::{Finding, Outcome};
use crate::rules::kinds::{Deadline, Duty};
use crate::rules::{Kind, Rule, RuleSet, Status};

/// One form for one recipient.
#[derive(Debug, Clone)]
pub struct NoticeForm {
    /// Id of the `notice` rule, `pack/rule`.
    pub rule: String,
    /// `催办单`
    pub form: String,
    /// `CB-202610-001`: form, month, running number; a draft until the ledger gives the final one.
    pub number: String,
    /// A unit or a person.
    pub recipient: String,
    pub lines: Vec<NoticeLine>,
    /// Sum of the lines' amounts, where the form is about money.
    pub total: Option<Decimal>,
}

#[derive(Debug, Clone)]
pub struct NoticeLine {
    pub finding: Arc<Finding>,
    /// How the amount came about: `部门损失 900.00 × 10% = 90.00`; empty without money.
    pub derivation: String,
}

/// Written where a finding names neither unit nor person.
const NOBODY: &str = "(未填责任部门)";

/// Every form that the findings call for: by form in rule order, then by recipient, each numbered from 1.
pub fn notices(rules: &RuleSet, findings: &[Arc<Finding>], period: Period) -> Vec<NoticeForm> {
    let mut forms: BTreeMap<(usize, String), NoticeForm> = BTreeMap::new();
    for finding in findings {
        let Some((at, rule)) = called_for(rules, finding) else { continue };
        let Kind::Notice(notice) = &rule.kind else { continue };
        let recipient = recipient(finding);
        let form = forms.entry((at, recipient.to_owned())).or_insert_with(|| NoticeForm {
            rule: format!("{}/{}", rule.head.pack, rule.head.id),
            form: notice.form.clone(),
            number: String::new(),
            recipient: recipient.to_owned(),
            lines: Vec::new(),
            total: None,
        });
        if let Some(amount) = finding.amount {
            form.total = Some(form.total.unwrap_or_default() + amount);
        }
        let derivation = if finding.amount.is_some() { finding.message.clone() } else { String::new() };
        form.lines.push(NoticeLine { finding: Arc::clone(finding), derivation });
    }
    number(rules, forms, period)
}

fn number(rules: &RuleSet, forms: BTreeMap<(usize, String), NoticeForm>, period: Period) -> Vec<NoticeForm> {
    let prefixes: Vec<&str> = notice_rules(rules).map(|(_, prefix)| prefix).collect();
    let month = format!("{:04}{:02}", period.last.year(), period.last.month());
    let mut running: BTreeMap<&str, u32> = BTreeMap::new();
    forms
        .into_iter()
        .map(|((at, _), mut form)| {
            let prefix = prefixes.get(at).copied().unwrap_or_default();
            let next = running.entry(prefix).or_default();
            *next += 1;
            form.number = format!("{prefix}-{month}-{next:03}");
            form
        })
        .collect()
}

fn notice_rules(rules: &RuleSet) -> impl Iterator<Item = (&Rule, &str)> {
    rules.rules().filter_map(|(_, rule)| match &rule.kind {
        Kind::Notice(notice) => Some((rule, notice.prefix.as_str())),
        _ => None,
    })
}

/// The notice rule that a breach leads to, with its place among the notice rules. Suspicions and rules in preview call for none.
fn called_for<'a>(rules: &'a RuleSet, finding: &Finding) -> Option<(usize, &'a Rule)> {
    if finding.outcome != Outcome::Breached || finding.suspected {
        return None;
    }
    let (_, rule) = rules.rules().find(|(pack, rule)| pack.id == finding.pack && rule.head.id == finding.rule)?;
    if rule.head.status != Status::Active {
        return None;
    }
    let wanted = match &rule.kind {
        Kind::Deadline(Deadline { notices, .. }) | Kind::Duty(Duty { notices, .. }) => {
            let of_stage = if finding.stop.is_none() { &notices.open } else { &notices.late };
            of_stage.as_deref()?
        }
        Kind::Penalty(penalty) => penalty.notice.as_str(),
        _ => return None,
    };
    notice_rules(rules)
        .enumerate()
        .find(|(_, (notice, _))| notice.head.pack == finding.pack && notice.head.id == wanted)
        .map(|(at, (rule, _))| (at, rule))
}

/// A penalty goes to the person where one is named, everything else to the unit.
fn recipient(finding: &Finding) -> &str {
    let (first, second) = if finding.kind == "penalty" { (&finding.person, &finding.unit) } else { (&finding.unit, &finding.person) };
    [first, second].into_iter().find(|name| !name.is_empty()).map_or(NOBODY, |name| name.as_str())
}
