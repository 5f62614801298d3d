//! What an evader would do with each limit of a pack. A hit is a reason to look, not a fault.

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike, Weekday};
use rust_decimal::Decimal;

use crate::ledger::{Finding, Moment, Outcome};
use crate::reports::sampling::Test;
use crate::rules::{Condition, Kind, Literal, Operand, RuleSet, Test as Cell};

/// How far below a limit is "just under": a twentieth of it.
const NEAR: u32 = 20;
/// So many things done in the same minute are a batch.
const BATCH: usize = 5;
const HOURS: std::ops::Range<u32> = 7..20;

pub(super) fn all(rules: &RuleSet, all: &[Finding]) -> Vec<Test> {
    vec![under_a_limit(rules, all), on_the_last_day(all), outside_hours(all), in_batches(all)]
}

/// Amounts just below one at which a higher post has to approve.
fn under_a_limit(rules: &RuleSet, all: &[Finding]) -> Test {
    let mut limits: BTreeMap<(&str, &str), Vec<Decimal>> = BTreeMap::new();
    for (pack, rule) in rules.rules() {
        if let Kind::Approval(approval) = &rule.kind {
            let own = limits.entry((&pack.id, &rule.head.id)).or_default();
            let rows = approval.tables.versions.iter().flat_map(|version| &version.body.rows);
            rows.for_each(|row| numbers(&row.when, &approval.amount, own));
            own.sort_unstable();
            own.dedup();
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
        test.hits.extend(near.map(|limit| (format!("{amount:.2} 元，限额 {limit:.2} 元"), finding.clone())));
    }
    test
}

fn numbers(condition: &Condition, field: &str, found: &mut Vec<Decimal>) {
    let mut take = |literal: &Literal| {
        if let Literal::Number(number) = literal {
            found.extend((*number > Decimal::ZERO).then_some(*number));
        }
    };
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| numbers(part, field, found)),
        Condition::Not(part) => numbers(part, field, found),
        Condition::Cell { field: own, test } if own == field => match test {
            Cell::Compare(_, Operand::Literal(literal)) => take(literal),
            Cell::Interval { low, high } => low.iter().chain(high).for_each(|(literal, _)| take(literal)),
            _ => {}
        },
        Condition::Cell { .. } | Condition::Formula(_) => {}
    }
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

fn outside_hours(all: &[Finding]) -> Test {
    let timed = all.iter().filter(|finding| matches!(finding.stop, Some(Moment::Datetime(_))));
    let is_odd = |finding: &&Finding| match finding.stop {
        Some(Moment::Datetime(at)) => !HOURS.contains(&at.hour()) || matches!(at.weekday(), Weekday::Sat | Weekday::Sun),
        _ => false,
    };
    Test {
        name: "办公时间以外的签办",
        population: "签办记有时刻的",
        looked: timed.clone().count(),
        note: "早 7 时以前、晚 8 时以后或周末。倒班、调休上班日会误报。",
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

fn shown(what: &str, at: Option<Moment>) -> String {
    at.map(|at| format!("{what} {}", at.to_string().replace('T', " "))).unwrap_or_default()
}
