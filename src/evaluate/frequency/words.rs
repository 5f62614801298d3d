//! A frequency verdict in words.

use chrono::NaiveDate;

use super::super::lines::Line;
use super::super::periods;
use super::super::reader::from_seconds;
use super::super::verdicts::View;
use crate::ledger::{Finding, Moment};
use crate::rules::kinds::{Ask, Frequency, Window};

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

/// `2026-10：至少 1 次，至 2026-10-31 有 0 次`
pub(in crate::evaluate) fn told(rule: &Frequency, view: &View, line: &Line) -> String {
    let Some(ask) = line.limit.and_then(|index| rule.ask(index)) else { return String::new() };
    let times = line.times.unwrap_or_default();
    let due = view.due(line).map(spaced).unwrap_or_default();
    let began = line.began.and_then(|began| from_seconds(began, view.by_day(line))).map(spaced).unwrap_or_default();
    // what ended before is told as it stood at its end
    let as_of = view.as_of.date();
    let seen = view.due(line).map_or(as_of, |due| due.date().min(as_of));
    let so_far = format!("至 {seen} 有 {times} 次");
    match &ask.window {
        Window::Every { .. } => format!("{}：{}，{so_far}", label(rule, line).unwrap_or_default(), ask.times()),
        Window::Within { .. } => {
            let (trigger, ahead) = rule.trigger.as_ref().map_or(("", false), |trigger| (trigger.field.as_str(), trigger.ahead));
            let side = if ahead { "之前" } else { "之后" };
            format!("{trigger} {began} {side}{}，应于 {due} 前做到，{so_far}", ask.times())
        }
        Window::Gap(gap) => {
            let next = if times == 0 { "没有下一次" } else { "已有下一次" };
            format!("{began} 之后相隔不超过 {}，应于 {due} 前再做一次，{next}", gap.chinese())
        }
    }
}

/// What little would have complied.
pub(in crate::evaluate) fn change(rule: &Frequency, finding: &Finding) -> String {
    let due = finding.due.map(spaced).unwrap_or_default();
    let asks = rule.asks.versions.iter().filter(|version| Some(version.from) == finding.version).flat_map(|version| &version.body);
    let least = asks.clone().any(|ask: &Ask| ask.least.is_some());
    if least { format!("不晚于 {due} 做到规定次数并登记") } else { "不超过规定次数".to_owned() }
}

fn spaced(moment: Moment) -> String {
    moment.to_string().replace('T', " ")
}
