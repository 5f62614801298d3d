//! One thing that several packs speak about: shown side by side, and charged by the one that the company named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::rule_of;
use crate::diag::{Code, Diag, Diags, Place, nearest};
use crate::ledger::{Finding, Moment, Outcome};
use crate::rules::{RuleSet, Status};

/// One `[[charge]]` of the settings file: which packs punish an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub event: String,
    pub packs: Vec<String>,
    /// Who decided it, and where it is written.
    pub cite: String,
    pub place: Place,
}

/// What happened to one person on one day, by the rules of at least two packs.
#[derive(Debug, Clone)]
pub struct Matter {
    pub event: String,
    pub person: String,
    pub day: NaiveDate,
    pub lines: Vec<Arc<Finding>>,
    pub ruling: Ruling,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// At most one pack punishes it.
    Single,
    /// Nobody has said which pack does.
    Waiting,
    /// Charged by these packs, as the company decided.
    Decided { packs: Vec<String>, cite: String },
}

/// Kinds that punish; what others find about the same thing is only shown.
const PUNISHING: [&str; 2] = ["penalty", "points"];

/// The findings again, those that must wait marked so, and what belongs together.
pub(super) fn settle(rules: &RuleSet, mut findings: Vec<Arc<Finding>>, choices: &[Choice]) -> (Vec<Arc<Finding>>, Vec<Matter>) {
    let mut held: BTreeMap<usize, String> = BTreeMap::new();
    let mut matters = Vec::new();
    for ((event, person, day), places) in alike(rules, &findings) {
        for places in by_unit(&findings, places) {
            let packs: BTreeSet<&str> = places.iter().map(|at| findings[*at].pack.as_str()).collect();
            if packs.len() < 2 {
                continue;
            }
            let ruling = ruling(&event, &findings, &places, choices);
            held.extend(places.iter().filter_map(|at| Some((*at, waits(&ruling, &findings[*at])?))));
            matters.push((event.clone(), person.clone(), day, places, ruling));
        }
    }
    for (at, why) in held {
        let finding = Arc::make_mut(&mut findings[at]);
        finding.message.push_str(&format!("（{why}）"));
        if let Some(charge) = &mut finding.charge {
            charge.held = Some(why);
        }
    }
    let matter = |(event, person, day, places, ruling): (String, String, NaiveDate, Vec<usize>, Ruling)| Matter {
        event,
        person,
        day,
        lines: places.into_iter().map(|at| Arc::clone(&findings[at])).collect(),
        ruling,
    };
    let matters = matters.into_iter().map(matter).collect();
    (findings, matters)
}

type Key = (String, String, NaiveDate);

/// Places of breaches with the same event, person and day.
fn alike(rules: &RuleSet, findings: &[Arc<Finding>]) -> BTreeMap<Key, Vec<usize>> {
    let mut alike: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    if rules.rules().all(|(_, rule)| rule.head.event.is_none()) {
        return alike;
    }
    for (at, finding) in findings.iter().enumerate() {
        if finding.outcome != Outcome::Breached || finding.suspected || finding.person.is_empty() {
            continue;
        }
        let rule = rule_of(rules, finding).filter(|rule| rule.head.status == Status::Active);
        let day = finding.charge.as_ref().and_then(|charge| charge.day).or(finding.start.map(Moment::date));
        if let (Some(event), Some(day)) = (rule.and_then(|rule| rule.head.event.clone()), day) {
            alike.entry((event, finding.person.to_string(), day)).or_default().push(at);
        }
    }
    alike
}

/// Two people of one name in two departments are two people, where every finding names its department.
fn by_unit(findings: &[Arc<Finding>], places: Vec<usize>) -> Vec<Vec<usize>> {
    if places.iter().any(|at| findings[*at].unit.is_empty()) {
        return vec![places];
    }
    let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in places {
        units.entry(findings[at].unit.as_str()).or_default().push(at);
    }
    units.into_values().collect()
}

fn punishes(finding: &Finding) -> bool {
    PUNISHING.contains(&finding.kind)
}

fn ruling(event: &str, findings: &[Arc<Finding>], places: &[usize], choices: &[Choice]) -> Ruling {
    let punishing: BTreeSet<&str> = places.iter().map(|at| &findings[*at]).filter(|f| punishes(f)).map(|f| f.pack.as_str()).collect();
    if punishing.len() < 2 {
        return Ruling::Single;
    }
    let choice = choices.iter().find(|choice| choice.event == event && choice.packs.iter().any(|pack| punishing.contains(pack.as_str())));
    choice.map_or(Ruling::Waiting, |choice| Ruling::Decided { packs: choice.packs.clone(), cite: choice.cite.clone() })
}

/// Why a penalty is not charged.
fn waits(ruling: &Ruling, finding: &Finding) -> Option<String> {
    finding.charge.as_ref()?;
    match ruling {
        Ruling::Single => None,
        Ruling::Waiting => Some("同一事件几个制度都有罚则，待公司定由哪个制度罚，先不开单".to_owned()),
        Ruling::Decided { packs, .. } if packs.iter().any(|pack| finding.pack == *pack) => None,
        Ruling::Decided { packs, cite } => Some(format!("同一事件由 {} 罚，本件不另罚；依据：{cite}", packs.join("、"))),
    }
}

/// Every choice must meet an event that its packs know.
pub fn check_choices(rules: &RuleSet, choices: &[Choice]) -> Diags {
    let mut diags = Diags::default();
    for choice in choices {
        for pack in choice.packs.iter().filter_map(|id| rules.packs.iter().find(|pack| pack.id == *id)) {
            let known: BTreeSet<&str> = pack.rules.iter().filter_map(|rule| rule.head.event.as_deref()).collect();
            if !known.contains(choice.event.as_str()) {
                let near = nearest(&choice.event, known.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
                let list = if known.is_empty() {
                    "这个包没有写 event".to_owned()
                } else {
                    format!("它的事件：{}", Vec::from_iter(known).join("、"))
                };
                let diag = Diag::error(Code::RuleDangling, format!("规则包「{}」没有事件「{}」", pack.id, choice.event));
                diags.push(diag.at(choice.place.clone()).help(format!("{near}{list}")));
            }
        }
    }
    diags
}
