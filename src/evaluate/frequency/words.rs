//! A frequency verdict in words.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::explain::hindsight;
use super::super::lines::Line;
use super::super::periods;
use super::super::reader::from_seconds;
use super::super::verdicts::View;
use crate::ledger::{Finding, Moment, Outcome, subject};
use crate::rules::kinds::{Ask, Frequency, Window};
use crate::rules::{Every, Quantity, Unit};

/// What the subject's windows are told apart by: `2026-10`, `自2026-10-05`; nothing where it has but one.
pub(in crate::evaluate) fn label(rule: &Frequency, line: &Line) -> Option<String> {
    let ask = rule.ask(line.limit?)?;
    let began: NaiveDate = from_seconds(line.began?, true)?.date();
    match &ask.window {
        Window::Every { every, .. } => Some(periods::label(*every, began)),
        Window::Gap(_) => Some(format!("自{began}")),
        Window::Within { .. } => None,
    }
}

/// `2026-10 应至少 1 次，至 2026-10-31 有 0 次`; of what was done the figures alone.
pub(in crate::evaluate) fn told(rule: &Frequency, view: &View, line: &Line) -> String {
    let Some(ask) = line.limit.and_then(|index| rule.ask(index)) else { return String::new() };
    let times = line.times.unwrap_or_default();
    let due = view.due(line).map(Moment::end_words).unwrap_or_default();
    let began = line.began.and_then(|began| from_seconds(began, view.by_day(line)));
    // what ended before is told as it stood at its end
    let as_of = view.as_of.date();
    let seen = view.due(line).map_or(as_of, |due| due.date().min(as_of));
    let done = amount(rule, times as u64);
    let asked = asked(rule, ask);
    let kept = line.outcome() == Outcome::Met;
    match &ask.window {
        Window::Every { every, .. } => {
            let span = subject::words(&label(rule, line).unwrap_or_default());
            let is_day = matches!(every, Every::Day | Every::WorkDay | Every::Holiday);
            let so_far = if is_day { format!("有 {done}") } else { format!("至 {seen} 有 {done}") };
            if kept { format!("{span} 有 {done}") } else { format!("{span} {asked}，{so_far}") }
        }
        Window::Within { .. } if kept => format!("至 {seen} 有 {done}"),
        Window::Within { .. } => {
            let (trigger, ahead) = rule.trigger.as_ref().map_or(("", false), |trigger| (trigger.field.as_str(), trigger.ahead));
            let same_day = began.map(Moment::date) == view.due(line).map(Moment::date);
            let began = began.map(Moment::words).unwrap_or_default();
            match (same_day, ahead) {
                (true, _) => format!("{trigger} {began}，当天{asked}，有 {done}"),
                (false, true) => format!("{trigger} {began} 之前{asked}，应于 {due} 前做到，至 {seen} 有 {done}"),
                (false, false) => format!("{trigger} {began} 之后{asked}，应于 {due} 前做到，至 {seen} 有 {done}"),
            }
        }
        Window::Gap(_) if kept => String::new(),
        Window::Gap(gap) => {
            let next = if times == 0 { "没有下一次" } else { "已有下一次" };
            let began = began.map(Moment::words).unwrap_or_default();
            format!("{began} 之后相隔不超过 {}，应于 {due} 前再做一次，{next}", gap.chinese())
        }
    }
}

/// `应至少 1 次`; minutes that must be covered are what there has to be: `应有 24小时`.
fn asked(rule: &Frequency, ask: &Ask) -> String {
    match (ask.least, ask.most) {
        (Some(least), None) if in_minutes(rule).is_some() => format!("应有 {}", amount(rule, least.into())),
        _ => format!("应{}", ask.times()),
    }
}

/// `3 次`, or what the field that is added up counts: `1小时30分`.
fn amount(rule: &Frequency, count: u64) -> String {
    match in_minutes(rule) {
        Some(unit) => Quantity { amount: Decimal::from(count), unit }.in_hours(),
        None => format!("{count} 次"),
    }
}

/// A field that is added up says its unit in its name: 值班分钟.
fn in_minutes(rule: &Frequency) -> Option<Unit> {
    rule.events.sum.as_deref().filter(|field| field.ends_with(Unit::Minute.title())).map(|_| Unit::Minute)
}

/// What little would have complied.
pub(in crate::evaluate) fn change(rule: &Frequency, finding: &Finding) -> String {
    let due = finding.due.map(Moment::end_words).unwrap_or_default();
    let asks = rule.asks.versions.iter().filter(|version| Some(version.from) == finding.version).flat_map(|version| &version.body);
    let least = asks.clone().any(|ask: &Ask| ask.least.is_some());
    if least { hindsight(&format!("不晚于 {due} 做到规定次数并登记")) } else { "不超过规定次数".to_owned() }
}
