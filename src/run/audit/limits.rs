//! What an evader would do with each limit of a pack. A hit is a reason to look, not a fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Timelike, Weekday};
use rust_decimal::Decimal;

use super::rows;
use crate::calendar::Calendar;
use crate::ledger::{Finding, Moment, Outcome, yuan};
use crate::reports::sampling::Test;
use crate::rules::{Kind, RuleSet};
use crate::run::replay::probes::numbers;
use crate::run::{Job, Loaded};

/// How far below a limit is "just under": a twentieth of it.
const NEAR: u32 = 20;
/// So many things done in the same minute are a batch.
const BATCH: usize = 5;

pub(super) fn all(loaded: &Loaded, all: &[Finding], job: &Job) -> Vec<Test> {
    let (rules, tables) = (&loaded.rules, &loaded.prepared.tables);
    vec![
        under_a_limit(rules, all),
        on_the_last_day(all),
        outside_hours(loaded, all),
        in_batches(all),
        rows::copied(tables, rules, job.period),
        rows::reopened(rules, tables, all, job.as_of.date()),
        missing_numbers(all),
    ]
}

/// Amounts just below one at which a higher post has to approve.
fn under_a_limit(rules: &RuleSet, all: &[Finding]) -> Test {
    let mut limits: BTreeMap<(&str, &str), BTreeSet<Decimal>> = BTreeMap::new();
    for (pack, rule) in rules.rules() {
        if let Kind::Approval(approval) = &rule.kind {
            let own = limits.entry((&pack.id, &rule.head.id)).or_default();
            let rows = approval.tables.versions.iter().flat_map(|version| &version.body.rows);
            rows.for_each(|row| numbers(&row.when, &approval.amount, own));
        }
    }
    let mut test = Test {
        name: "金额刚好低于核决限额",
        population: "有金额的核决记录",
        looked: 0,
        note: "限额以下百分之五以内。正常的报价也会落在这里；同一客户、同一经办人反复出现才可疑。",
        hits: Vec::new(),
    };
    for finding in all {
        let (Some(limits), Some(amount)) = (limits.get(&(finding.pack.as_str(), finding.rule.as_str())), finding.amount) else { continue };
        test.looked += 1;
        let near = limits.iter().find(|limit| amount <= **limit && amount > **limit - **limit / Decimal::from(NEAR));
        test.hits.extend(near.map(|limit| (format!("{}，限额 {}", yuan(amount), yuan(*limit)), finding.clone())));
    }
    test
}

fn on_the_last_day(all: &[Finding]) -> Test {
    let timed = all.iter().filter(|finding| finding.kind == "deadline" && finding.outcome == Outcome::Met && finding.stop.is_some());
    let on_the_day = |finding: &&Finding| match (finding.due, finding.stop) {
        (Some(due), Some(stop)) => due.date() == stop.date(),
        _ => false,
    };
    Test {
        name: "恰在期限最后一天办结",
        population: "期限之内办结的",
        looked: timed.clone().count(),
        note: "赶在最后一天办结是常事；所占比例明显高于别的部门，或办结后又重开的，才值得查。",
        hits: timed.filter(on_the_day).map(|finding| (shown("办结", finding.stop), finding.clone())).collect(),
    }
}

fn outside_hours(loaded: &Loaded, all: &[Finding]) -> Test {
    let timed = all.iter().filter(|finding| matches!(finding.stop, Some(Moment::Datetime(_))));
    let calendars: BTreeMap<&str, &Calendar> =
        loaded.rules.packs.iter().filter_map(|pack| Some((pack.id.as_str(), loaded.calendars.get(&pack.calendar)?))).collect();
    let is_odd = |finding: &&Finding| match finding.stop {
        Some(Moment::Datetime(at)) => {
            let calendar = calendars.get(finding.pack.as_str());
            let weekend = matches!(at.weekday(), Weekday::Sat | Weekday::Sun);
            let is_off = calendar.and_then(|calendar| calendar.is_working(at.date())).map_or(weekend, |working| !working);
            let shifts = calendar.map_or(&[][..], |calendar| calendar.shifts());
            let (first, last) = (shifts.iter().map(|shift| shift.0).min(), shifts.iter().map(|shift| shift.1).max());
            let second = at.num_seconds_from_midnight();
            is_off || first.is_some_and(|first| second < first) || last.is_some_and(|last| second > last)
        }
        _ => false,
    };
    Test {
        name: "办公时间以外的签办",
        population: "签办记有时刻的",
        looked: timed.clone().count(),
        note: "制度包工作日历的上班时间以外，或不上班的日子。倒班、加班会误报；成批出现、集中在一个人的才值得查。",
        hits: timed.filter(is_odd).map(|finding| (shown("签办", finding.stop), finding.clone())).collect(),
    }
}

fn in_batches(all: &[Finding]) -> Test {
    let mut minutes: BTreeMap<(&str, &str, String), Vec<&Finding>> = BTreeMap::new();
    let mut looked = 0;
    for finding in all {
        if let Some(Moment::Datetime(at)) = finding.stop {
            looked += 1;
            minutes.entry((&finding.pack, &finding.rule, at.format("%Y-%m-%d %H:%M").to_string())).or_default().push(finding);
        }
    }
    let batches = minutes.into_iter().filter(|(_, batch)| batch.len() >= BATCH);
    let hits = batches.flat_map(|((.., minute), batch)| {
        let words = format!("{minute} 同一分钟 {} 件", batch.len());
        batch.into_iter().map(move |finding| (words.clone(), finding.clone())).collect::<Vec<_>>()
    });
    Test {
        name: "同一分钟成批签办",
        population: "签办记有时刻的",
        looked,
        note: "系统批量导入的时刻会误报；人工签办的，多半是事后补签。",
        hits: hits.collect(),
    }
}

/// Numbers that nobody gave out, as the numbering rules find them.
fn missing_numbers(all: &[Finding]) -> Test {
    let numbered = || all.iter().filter(|finding| finding.kind == "sequence");
    let missing = numbered().filter(|finding| finding.outcome == Outcome::Breached && finding.place.file.is_empty());
    Test {
        name: "缺号",
        population: "编号规则看过的号",
        looked: numbered().count(),
        note: "作废没有登记、两处各编各的会误报；抽走、不登记的案件也是这个样子，应逐号要下落。",
        hits: missing.map(|finding| (finding.message.clone(), finding.clone())).collect(),
    }
}

fn shown(what: &str, at: Option<Moment>) -> String {
    at.map(|at| format!("{what} {}", at.to_string().replace('T', " "))).unwrap_or_default()
}
