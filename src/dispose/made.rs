//! What the run itself proposes, as tables that rules can look at like any other: a reminder is then a rule and no program.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{NoticeForm, rule_of};
use crate::calendar::Period;
use crate::ledger::{Finding, Outcome, Place};
use crate::rules::kinds::Notice;
use crate::rules::{Kind, RuleSet};

/// A row a sanction.
pub const SANCTIONS: &str = "处罚明细";
/// A row a person and month.
pub const SUMS: &str = "处罚合计";

/// A cell that is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Text(String),
    Number(Decimal),
    Day(NaiveDate),
    Flag(bool),
}

#[derive(Debug, Clone, Default)]
pub struct Made {
    pub dataset: &'static str,
    pub rows: Vec<Vec<(&'static str, Fact)>>,
    /// Where each row comes from.
    pub places: Vec<Place>,
}

/// The month's sanctions of people, whether charged or not.
pub fn tables<'f>(
    rules: &RuleSet,
    findings: impl Iterator<Item = &'f Finding> + Clone,
    notices: &[NoticeForm],
    period: Period,
) -> [Made; 2] {
    let of_people = findings.filter(|finding| finding.charge.is_some() && !finding.person.is_empty());
    let mut each = Made { dataset: SANCTIONS, ..Made::default() };
    for (number, finding) in (1u32..).zip(of_people.clone()) {
        each.rows.push(sanction(rules, finding, notices, number));
        each.places.push(finding.place.clone());
    }
    [each, sums(of_people, period)]
}

fn sanction(rules: &RuleSet, finding: &Finding, notices: &[NoticeForm], number: u32) -> Vec<(&'static str, Fact)> {
    let mut row = vec![
        ("序号", Fact::Number(number.into())),
        ("员工", Fact::Text(finding.person.to_string())),
        ("编号", Fact::Text(finding.subject.clone())),
        ("规则", Fact::Text(rule_of(rules, finding).map_or(finding.rule.to_string(), |rule| rule.head.title.clone()))),
        ("条款", Fact::Text(finding.clause.to_string())),
    ];
    let mut put = |name: &'static str, fact: Option<Fact>| row.extend(fact.map(|fact| (name, fact)));
    put("部门", Some(finding.unit.to_string()).filter(|unit| !unit.is_empty()).map(Fact::Text));
    put("金额", finding.amount.map(Fact::Number));
    let forms: Vec<&NoticeForm> = notices.iter().filter(|form| has(form, finding)).collect();
    if !forms.is_empty() {
        let mut names: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        names.dedup();
        put("单据", Some(Fact::Text(names.join("、"))));
        put("有申诉办法", Some(Fact::Flag(forms.iter().all(|form| says_how_to_object(rules, form)))));
    }
    let Some(charge) = finding.charge.as_deref() else { return row };
    put("日期", charge.day.map(Fact::Day));
    let proposed = finding.outcome == Outcome::Breached;
    put("处分", Some(charge.actions.join("、")).filter(|actions| proposed && !actions.is_empty()).map(Fact::Text));
    put("待定", Some(Fact::Flag(charge.open.is_some() && finding.amount.is_none())));
    put("次数", charge.times.map(|times| Fact::Number(times.into())));
    put("前次数", Some(Fact::Number(charge.earlier.into())));
    put("记录金额", charge.given.map(Fact::Number));
    put("限额下限", charge.bounds.map(|bounds| Fact::Number(bounds.low)));
    put("限额上限", charge.bounds.and_then(|bounds| bounds.high).map(Fact::Number));
    put("月工资", charge.wage.map(Fact::Number));
    row
}

fn has(form: &NoticeForm, finding: &Finding) -> bool {
    form.lines.iter().any(|line| std::ptr::eq(&*line.finding, finding))
}

fn says_how_to_object(rules: &RuleSet, form: &NoticeForm) -> bool {
    rules.rules().any(|(pack, rule)| match &rule.kind {
        Kind::Notice(Notice { appeal, .. }) if format!("{}/{}", pack.id, rule.head.id) == form.rule => {
            appeal.as_ref().is_some_and(|appeal| !appeal.trim().is_empty())
        }
        _ => false,
    })
}

/// What a person would bear in a month.
#[derive(Default)]
struct Burden {
    sum: Decimal,
    undecided: u32,
    wages: Vec<Decimal>,
    place: Place,
}

fn sums<'f>(findings: impl Iterator<Item = &'f Finding>, period: Period) -> Made {
    let mut burdens: BTreeMap<(String, String, NaiveDate), Burden> = BTreeMap::new();
    for finding in findings {
        let proposed = finding.charge.as_deref().filter(|charge| charge.held.is_none() && finding.outcome == Outcome::Breached);
        let Some(charge) = proposed else { continue };
        let day = charge.day.unwrap_or(period.last);
        let month = day.with_day(1).unwrap_or(day);
        let burden = burdens.entry((finding.person.to_string(), finding.unit.to_string(), month)).or_default();
        burden.sum += finding.amount.unwrap_or_default();
        burden.undecided += u32::from(charge.open.is_some() && finding.amount.is_none());
        burden.wages.extend(charge.wage);
        burden.place = finding.place.clone();
    }
    let mut made = Made { dataset: SUMS, ..Made::default() };
    for ((person, unit, month), burden) in burdens {
        let wage = burden.wages.first().copied().filter(|first| burden.wages.iter().all(|wage| wage == first));
        let mut row = vec![("员工", Fact::Text(person)), ("月份", Fact::Day(month)), ("扣款合计", Fact::Number(burden.sum))];
        row.extend((!unit.is_empty()).then_some(("部门", Fact::Text(unit))));
        row.push(("待定件数", Fact::Number(burden.undecided.into())));
        row.extend(wage.map(|wage| ("月工资", Fact::Number(wage))));
        row.extend(wage.map(|wage| ("剩余工资", Fact::Number(wage - burden.sum))));
        made.rows.push(row);
        made.places.push(burden.place);
    }
    made
}
