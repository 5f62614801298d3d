//! Findings to notices: who is told what, and what it costs; scores to ranks.

pub mod scores;

mod joint;
pub mod made;
mod matters;

pub use matters::{Choice, Matter, Ruling, check_choices};

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::ledger::store::Decision;
use crate::ledger::{Finding, Outcome};
use crate::rules::kinds::{Deadline, Duty, Notice, SentTo};
use crate::rules::{Kind, Rule, RuleSet, Status};

impl NoticeForm {
    /// Whether a pack's rule calls for it.
    pub fn is_of(&self, pack: &str) -> bool {
        self.rule.split_once('/').is_some_and(|(own, _)| own == pack)
    }

    /// It holds only once it is approved, by what its lines say: it costs money or points, or makes something public.
    pub fn asks(&self) -> bool {
        let costs = |line: &NoticeLine| line.finding.charge.is_some() || line.finding.amount.is_some();
        let all_points = !self.lines.is_empty() && self.lines.iter().all(|line| line.finding.points.is_some());
        self.announces || all_points || self.lines.iter().any(costs)
    }

    /// Somebody approved it as it is.
    pub fn is_final(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.state.is_final())
    }

    /// Somebody rejected or revoked it as it is.
    pub fn is_lifted(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.state.is_lifted())
    }
}

/// One form for one recipient.
#[derive(Debug, Clone)]
pub struct NoticeForm {
    /// Id of the `notice` rule, `pack/rule`.
    pub rule: String,
    /// `催办单`
    pub form: String,
    /// `CB`
    pub prefix: String,
    /// `CB-202610-001`: form, month, running number; a draft until the ledger gives the final one.
    pub number: String,
    /// Short code of what it says, by which it can be proved; empty without a ledger.
    pub code: String,
    /// What was decided about it as it is.
    pub decision: Option<Decision>,
    /// A unit or a person; empty where the form is for all.
    pub recipient: String,
    /// The department whose cases these are; empty where it is not known or they are several.
    pub unit: String,
    pub lines: Vec<NoticeLine>,
    /// Of a form that lists rows of a dataset: their places in [`Listed::units`].
    pub rows: Vec<usize>,
    /// Sum of the lines' amounts, where the form is about money.
    pub total: Option<Decimal>,
    /// It makes public what is no money: `除名`.
    pub announces: bool,
}

#[derive(Debug, Clone)]
pub struct NoticeLine {
    pub finding: Arc<Finding>,
}

/// The rows that a notice rule lists this month.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    pub rule: &'a Rule,
    /// The unit of each row; `None`: one form lists them all.
    pub units: Vec<Option<String>>,
}

/// The month's findings with what follows from them, and what several packs say about the same thing.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// In order of rule, then source row; what a supervisor bears stands behind what it follows from.
    pub findings: Vec<Arc<Finding>>,
    pub matters: Vec<Matter>,
}

/// Holds back what two packs would punish twice, and lets supervisors bear their part of the rest.
pub fn settle(rules: &RuleSet, findings: Vec<Arc<Finding>>, choices: &[Choice]) -> Settled {
    let (findings, matters) = matters::settle(rules, findings, choices);
    let mut all = Vec::with_capacity(findings.len());
    for finding in findings {
        let borne = joint::borne(&finding).filter(|_| is_active(rules, &finding));
        all.push(finding);
        all.extend(borne.map(Arc::new));
    }
    Settled { findings: all, matters }
}

/// The rule's breaches have consequences.
fn is_active(rules: &RuleSet, finding: &Finding) -> bool {
    rule_of(rules, finding).is_some_and(|rule| rule.head.status == Status::Active)
}

fn rule_of<'a>(rules: &'a RuleSet, finding: &Finding) -> Option<&'a Rule> {
    rules.rules().find(|(pack, rule)| pack.id == finding.pack && rule.head.id == finding.rule).map(|(_, rule)| rule)
}

/// Written where a finding names neither unit nor person.
const NOBODY: &str = "（未填责任部门）";

/// Notice rule, recipient, unit: two people of one name in two departments get a form each.
type Forms = BTreeMap<(usize, String, String), NoticeForm>;

/// Every form that findings or rows call for: by form in rule order, then by recipient, each numbered from 1.
pub fn notices(rules: &RuleSet, findings: &[Arc<Finding>], listed: &[Listed<'_>], period: Period) -> Vec<NoticeForm> {
    let mut forms = Forms::new();
    for finding in findings {
        for (at, rule, announces) in called_for(rules, finding, period) {
            let (to, unit) = if announces { ("", announced_to(rule, finding)) } else { (recipient(finding), finding.unit.as_str()) };
            let Some(form) = form(&mut forms, at, rule, to, unit) else { continue };
            form.announces = announces;
            if let (Some(amount), false) = (finding.amount, announces) {
                form.total = Some(form.total.unwrap_or_default() + amount);
            }
            form.lines.push(NoticeLine { finding: Arc::clone(finding) });
        }
    }
    for listed in listed {
        let place = notice_rules(rules).position(|rule| std::ptr::eq(rule, listed.rule));
        let Some(at) = place else { continue };
        for (row, unit) in listed.units.iter().enumerate() {
            let unit = unit.as_deref();
            let recipient = unit.map_or("", |unit| if unit.is_empty() { NOBODY } else { unit });
            if let Some(form) = form(&mut forms, at, listed.rule, recipient, unit.unwrap_or_default()) {
                form.rows.push(row);
            }
        }
    }
    number(forms, period)
}

fn form<'f>(forms: &'f mut Forms, at: usize, rule: &Rule, recipient: &str, unit: &str) -> Option<&'f mut NoticeForm> {
    let Kind::Notice(notice) = &rule.kind else { return None };
    let new = || NoticeForm {
        rule: format!("{}/{}", rule.head.pack, rule.head.id),
        form: notice.form.clone(),
        prefix: notice.prefix.clone(),
        number: String::new(),
        code: String::new(),
        decision: None,
        recipient: recipient.to_owned(),
        unit: unit.to_owned(),
        lines: Vec::new(),
        rows: Vec::new(),
        total: None,
        announces: false,
    };
    Some(forms.entry((at, recipient.to_owned(), unit.to_owned())).or_insert_with(new))
}

/// `202610`; of a longer period its own name, so that nobody takes the number for one of a month.
fn number(forms: Forms, period: Period) -> Vec<NoticeForm> {
    let month = match period.month_count() {
        1 => period.last.format("%Y%m").to_string(),
        _ => period.to_string().replace(['-', '.'], ""),
    };
    let mut running: BTreeMap<String, u32> = BTreeMap::new();
    let mut forms: Vec<NoticeForm> = forms.into_values().collect();
    for form in &mut forms {
        let next = running.entry(form.prefix.clone()).or_default();
        *next += 1;
        form.number = format!("{}-{month}-{next:03}", form.prefix);
    }
    forms
}

fn notice_rules(rules: &RuleSet) -> impl Iterator<Item = &Rule> {
    rules.rules().filter_map(|(_, rule)| matches!(rule.kind, Kind::Notice(_)).then_some(rule))
}

/// The notice rules that a breach leads to, each with its place among the notice rules, and whether it makes public what is no
/// money. Suspicions, rules in preview and what is held back call for none.
fn called_for<'a>(rules: &'a RuleSet, finding: &Finding, period: Period) -> Vec<(usize, &'a Rule, bool)> {
    let charge = finding.charge.as_deref();
    if finding.outcome != Outcome::Breached || finding.suspected || charge.is_some_and(|charge| charge.held.is_some()) {
        return Vec::new();
    }
    let Some(rule) = rule_of(rules, finding).filter(|rule| rule.head.status == Status::Active) else { return Vec::new() };
    let wanted: Vec<(&str, bool)> = match &rule.kind {
        Kind::Deadline(Deadline { notices, .. }) | Kind::Duty(Duty { notices, .. }) => {
            let of_stage = if finding.stop.is_none() { &notices.open } else { &notices.late };
            of_stage.iter().map(|name| (name.as_str(), false)).collect()
        }
        Kind::Frequency(frequency) => frequency.notices.open.iter().map(|name| (name.as_str(), false)).collect(),
        Kind::Penalty(penalty) => {
            let acts = charge.is_some_and(|charge| !charge.actions.is_empty());
            let costs = charge.is_none_or(|charge| charge.costs(finding.amount));
            let public = penalty.announce.iter().filter(|_| acts).map(|name| (name.as_str(), true));
            let told = penalty.notice.iter().filter(|_| costs || penalty.announce.is_none()).map(|name| (name.as_str(), false));
            told.chain(public).collect()
        }
        // a row that does not fit the schedule has no points; a sum is told of in the month in which it reached the line
        Kind::Points(points) if finding.points.is_some() && reached_in(finding, period) => {
            points.notice.iter().map(|name| (name.as_str(), false)).collect()
        }
        _ => Vec::new(),
    };
    let place = |(wanted, public): (&str, bool)| {
        let found = notice_rules(rules).enumerate().find(|(_, notice)| notice.head.pack == finding.pack && notice.head.id == wanted);
        found.map(|(at, rule)| (at, rule, public))
    };
    wanted.into_iter().filter_map(place).collect()
}

/// The department that an announcement is for; empty where one sheet is for all.
fn announced_to<'f>(notice: &Rule, finding: &'f Finding) -> &'f str {
    let each = |notice: &Notice| notice.copies.iter().any(|copy| matches!(copy.to, Some(SentTo::Each(_))));
    if matches!(&notice.kind, Kind::Notice(notice) if each(notice)) { &finding.unit } else { "" }
}

fn reached_in(finding: &Finding, period: Period) -> bool {
    finding.start.is_some_and(|start| period.contains(start.date()))
}

/// A penalty goes to the person where one is named, everything else to the unit.
fn recipient(finding: &Finding) -> &str {
    let (first, second) =
        if matches!(finding.kind, "penalty" | "points") { (&finding.person, &finding.unit) } else { (&finding.unit, &finding.person) };
    [first, second].into_iter().find(|name| !name.is_empty()).map_or(NOBODY, |name| name.as_str())
}
