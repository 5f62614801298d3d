//! Verdicts in words.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::approval::{PROMISE_ALONE, PROMISE_EARLY, TOO_LOW};
use super::copies::RECEIPTS;
use super::figures;
use super::frequency;
use super::lines::Line;
use super::order;
use super::scores;
use super::sequence::{FORMAT, MONTH, REPEATED};
use super::signing;
use super::verdicts::View;
use super::words::{self, NEEDS_POST, SIGNED_BY};
use crate::ledger::{Finding, Lengths, Moment, figure, subject, yuan};
use crate::rules::Kind;
use crate::rules::kinds::{Duty, Numbering, Sequence};

/// A breach: the rule's own template, and what the template cannot know.
pub(super) fn breached(view: &View, line: &Line, finding: &Finding) -> String {
    let detail = detail(view, line, finding);
    match &view.head.message {
        _ if line.suspected => detail,
        // a number that nobody used has no row for a template to name
        _ if matches!(view.kind, Kind::Sequence(_)) && line.row.is_none() => detail,
        Some(template) => {
            let named = template.contains("{detail}");
            let text = fill(template, view, line, finding, &detail);
            let deadline = matches!(view.kind, Kind::Deadline(_));
            // one colon a sentence
            let faults = detail.split(RECEIPTS).next().unwrap_or_default();
            let joint = if faults.contains('：') { '，' } else { '：' };
            if named || deadline || detail.is_empty() { text } else { format!("{text}{joint}{detail}") }
        }
        None => detail,
    }
}

/// `{字段}` and the names of quantities; what is not there stays empty.
fn fill(template: &str, view: &View, line: &Line, finding: &Finding, detail: &str) -> String {
    let lengths = finding.lengths();
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(&match name {
            "elapsed" => lengths.elapsed.clone(),
            "limit" => lengths.limit.clone(),
            "overrun" => lengths.overrun.clone(),
            "due" => finding.due.map(Moment::end_words).unwrap_or_default(),
            "amount" => finding.amount.map(figure).unwrap_or_default(),
            "detail" => detail.to_owned(),
            field => {
                // what the template calls yuan is an amount, whoever worked it out
                let amount = line.row.filter(|_| behind.starts_with(" 元")).and_then(|row| view.reader.number(field, row));
                let told = || line.row.and_then(|row| view.reader.told(field, row)).unwrap_or_default();
                amount.map_or_else(told, figure)
            }
        });
        rest = behind;
    }
    text + rest
}

/// Kinds of breach of a rule that knows several; a line may have more than one.
pub(super) fn fault(view: &View, line: &Line) -> String {
    let kinds: &[(i64, &str)] = match &view.kind {
        Kind::Sequence(_) if line.row.is_none() => return "缺号".to_owned(),
        Kind::Sequence(rule) if numbering(rule, line).is_some_and(Numbering::daily) => {
            &[(FORMAT, "格式不合"), (MONTH, "年月日不符"), (REPEATED, "重号")]
        }
        Kind::Sequence(_) => &[(FORMAT, "格式不合"), (MONTH, "年月不符"), (REPEATED, "重号")],
        Kind::Approval(_) if line.suspected => return "疑似拆单".to_owned(),
        Kind::Approval(_) => &[(TOO_LOW, "越权核决"), (PROMISE_EARLY, "先承诺后核决"), (PROMISE_ALONE, "未核决先承诺")],
        Kind::Points(rule) => return scores::points_fault(rule, view, line),
        Kind::Scorecard(_) => return failed(view, line).collect::<Vec<_>>().join("、"),
        _ => &[],
    };
    kinds.iter().filter(|(bit, _)| line.checks & bit != 0).map(|(_, word)| *word).collect::<Vec<_>>().join("、")
}

/// What is worth a word though nothing is wrong: a warning, a title earned.
pub(super) fn mention(view: &View, line: &Line) -> String {
    match &view.kind {
        Kind::Points(_) if line.told.is_some() && line.checks != 0 => "预警".to_owned(),
        Kind::Scorecard(rule) => scores::earned(rule, line),
        _ => String::new(),
    }
}

/// What is wrong, without a template.
fn detail(view: &View, line: &Line, finding: &Finding) -> String {
    match &view.kind {
        Kind::Deadline(_) => deadline(view, finding),
        Kind::Approval(_) if line.suspected => suspected(view, line),
        Kind::Approval(_) => approval(view, line, finding),
        Kind::Require(_) => {
            let receipts = view.judged.receipts.iter().filter_map(|receipts| Some(receipts.told(line.row?)));
            words::gather(failed(view, line)) + &receipts.collect::<String>()
        }
        Kind::Signing(_) => signing::told(view, line),
        Kind::Sequence(_) => sequence(view, line),
        Kind::Order(rule) => match &rule.log {
            Some(log) => order::told(rule, log, view, line),
            None => words::gather(failed(view, line)) + &order::dates(rule, view, line),
        },
        Kind::Penalty(_) => finding.charge.as_ref().map(|charge| charge.told()).unwrap_or_default(),
        Kind::Duty(rule) => duty(rule, view, line, finding),
        Kind::Reconcile(_) | Kind::Ratio(_) | Kind::Frequency(_) | Kind::Points(_) | Kind::Scorecard(_) => noted(view, line),
        Kind::Derive(_) | Kind::Notice(_) | Kind::Statistic(_) => String::new(),
    }
}

/// What is said of a verdict that is neither breached nor indeterminate: the figures, where there are such.
pub(super) fn noted(view: &View, line: &Line) -> String {
    match &view.kind {
        Kind::Reconcile(rule) => figures::reconcile(rule, view, line).unwrap_or_default(),
        Kind::Ratio(rule) => figures::ratio(rule, view, line).unwrap_or_default(),
        Kind::Frequency(rule) => frequency::told(rule, view, line),
        Kind::Points(rule) => scores::points(rule, view, line),
        Kind::Scorecard(rule) => scores::score(rule, view, line),
        _ => String::new(),
    }
}

/// `客诉案件统计表（2026-09）应于 2026-10-10 前提交，2026-10-12 才提交，逾期 2天`
fn duty(rule: &Duty, view: &View, line: &Line, finding: &Finding) -> String {
    let of = line.subject.and_then(|subject| subject.strip_prefix(rule.name.as_str())?.strip_prefix('/'));
    let of = of.map(|of| subject::words(of).replace('/', "、")).unwrap_or_default();
    let due = finding.due.map(Moment::end_words).unwrap_or_default();
    let so_far = match finding.stop {
        Some(stop) => format!("{} 才提交", stop.words()),
        None => format!("至 {} 没有提交记录", view.as_of.date()),
    };
    let overrun = finding.overrun.as_ref().map(|overrun| format!("，逾期 {}", overrun.chinese())).unwrap_or_default();
    format!("{}（{of}）应于 {due} 前提交，{so_far}{overrun}", rule.name)
}

fn deadline(view: &View, finding: &Finding) -> String {
    let Lengths { limit, elapsed, overrun } = finding.lengths();
    let due = finding.due.map(Moment::end_words).unwrap_or_default();
    let asked = if limit.is_empty() { limit } else { format!("期限 {limit}，") };
    let so_far = match finding.stop {
        Some(stop) => format!("{} 才完成", stop.words()),
        None => format!("至 {} 未完成", view.as_of.date()),
    };
    format!("{asked}应于 {due} 前完成，{so_far}，用时 {elapsed}，逾期 {overrun}")
}

/// The words of a line's failed checks, in their order.
pub(super) fn failed<'a>(view: &'a View, line: &Line) -> impl Iterator<Item = &'a str> + Clone {
    let words = line.version.and_then(|version| view.judged.checks.get(version)).map_or(&[][..], Vec::as_slice);
    let checks = line.checks;
    words.iter().enumerate().filter(move |(bit, _)| checks >> bit & 1 == 1).map(|(_, words)| words.as_str())
}

/// The post that was needed, `副总经理以上`; the highest without 以上.
pub(super) fn needed_post(view: &View, line: &Line) -> Option<String> {
    let Kind::Approval(rule) = &view.kind else { return None };
    let post = rule.rank.get(line.required?)?;
    let highest = line.required? + 1 == rule.rank.len();
    Some(if highest { post.clone() } else { format!("{post}以上") })
}

fn approval(view: &View, line: &Line, finding: &Finding) -> String {
    let Kind::Approval(rule) = &view.kind else { return String::new() };
    let text = |field: &str| line.row.and_then(|row| view.reader.text(field, row)).unwrap_or_default();
    let mut parts = Vec::new();
    if line.checks & TOO_LOW != 0 {
        let post = needed_post(view, line).unwrap_or_default();
        let amount = line.row.and_then(|row| view.reader.number(&rule.amount, row)).map(yuan).unwrap_or_default();
        parts.push(format!("越权核决：{} {amount}{NEEDS_POST}{post}{SIGNED_BY}，实为{}", rule.amount, text(&rule.actor)));
    }
    if let Some(promise) = &rule.promise {
        let (made, approved) = (finding.start.map(Moment::words).unwrap_or_default(), finding.stop.map(Moment::words).unwrap_or_default());
        if line.checks & PROMISE_EARLY != 0 {
            parts.push(format!("先承诺后核决：{} {made} 早于{} {approved}", promise.at, promise.approved));
        }
        if line.checks & PROMISE_ALONE != 0 {
            parts.push(format!("未核决先承诺：{} {made}，至 {} 尚未核决", promise.at, view.as_of.date()));
        }
    }
    parts.join("；")
}

fn suspected(view: &View, line: &Line) -> String {
    let Kind::Approval(rule) = &view.kind else { return String::new() };
    let Some(split) = &rule.split else { return String::new() };
    let total = line.total.map(yuan).unwrap_or_default();
    let post = needed_post(view, line).unwrap_or_default();
    let named = |field: &String| match line.row.and_then(|row| view.reader.text(field, row)) {
        Some(value) => format!("{field}（{value}）"),
        None => field.clone(),
    };
    format!(
        "疑似拆单：同{}，{}内 {} 笔合计 {total}，{NEEDS_POST}{post}{SIGNED_BY}",
        split.by.iter().map(named).collect::<Vec<_>>().join("、"),
        split.within.chinese(),
        line.count.unwrap_or_default(),
    )
}

fn sequence(view: &View, line: &Line) -> String {
    let Kind::Sequence(rule) = &view.kind else { return String::new() };
    let Some(row) = line.row else {
        return format!("缺号：{}", line.subject.unwrap_or_default());
    };
    let text = |field: &str| view.reader.text(field, row).unwrap_or_default();
    let template = numbering(rule, line);
    let mut parts = Vec::new();
    if line.checks & FORMAT != 0 {
        parts.push(format!(
            "{}「{}」不合格式（{}）",
            rule.number,
            text(&rule.number),
            template.map(Numbering::chinese).unwrap_or_default()
        ));
    }
    if line.checks & MONTH != 0 {
        let (number, date) = (text(&rule.number), text(&rule.month_from));
        let named = if template.is_some_and(Numbering::daily) { "年月日" } else { "年月" };
        parts.push(format!("{}「{number}」的{named}与{} {date} 不符", rule.number, rule.month_from));
    }
    if line.checks & REPEATED != 0 {
        parts.push(format!("重号：{}「{}」不止一次", rule.number, text(&rule.number)));
    }
    parts.join("；")
}

/// The numbering in force for a line.
fn numbering<'r>(rule: &'r Sequence, line: &Line) -> Option<&'r Numbering> {
    Some(&rule.templates.versions.get(line.version?)?.body)
}

/// `2019-05-01 早于规则的第一个版本 2020-01-01`
pub(super) fn before_first(view: &View, line: &Line) -> String {
    let at = match &view.kind {
        Kind::Deadline(rule) => Some(rule.start.as_str()),
        Kind::Approval(rule) => rule.at.as_deref(),
        Kind::Signing(rule) => rule.at.as_deref(),
        Kind::Require(rule) => rule.at.as_deref(),
        Kind::Derive(rule) => rule.at.as_deref(),
        Kind::Penalty(rule) => rule.at.as_deref(),
        Kind::Sequence(rule) => Some(rule.month_from.as_str()),
        Kind::Order(rule) => rule.at.as_deref(),
        Kind::Reconcile(rule) => rule.at.as_deref(),
        Kind::Points(rule) => Some(rule.at.as_str()),
        Kind::Scorecard(rule) => rule.period.as_deref().or(rule.at.as_deref()),
        Kind::Duty(_) | Kind::Frequency(_) | Kind::Ratio(_) => return "期间早于规则的第一个版本".to_owned(),
        Kind::Notice(_) | Kind::Statistic(_) => None,
    };
    let at = at.or(view.reader.table.dataset.at.as_deref());
    let day = at.and_then(|field| view.reader.text(field, line.row?)).unwrap_or_default();
    format!("{day} 早于规则的第一个版本")
}

/// `日历没有 2027 年数据`
pub(super) fn uncovered(view: &View, line: &Line) -> String {
    let end = view.stop(line).map_or(view.as_of.date(), Moment::date);
    let start = view.start(line).map_or(end, Moment::date);
    let due = view.due(line).map_or(end, Moment::date);
    let (first, last) = (start.min(end).min(due).year(), start.max(end).max(due).year());
    let covered = |year: i32| view.calendar.as_ref().is_some_and(|calendar| calendar.years().any(|(known, _)| known == year));
    let mut missing: Vec<String> = (first..=last).filter(|year| !covered(*year)).map(|year| year.to_string()).collect();
    if missing.is_empty() {
        // start and end are known; what is due lies behind them
        let next = (last..).find(|year| !covered(*year));
        missing.extend(next.map(|year| year.to_string()));
    }
    format!("日历没有 {} 年数据", missing.join("、"))
}

pub(super) fn reversed(view: &View, line: &Line) -> String {
    let name = |field: &Option<String>| field.clone().unwrap_or_default();
    let (start, stop) = (view.start(line).map(Moment::words).unwrap_or_default(), view.stop(line).map(Moment::words).unwrap_or_default());
    format!("{} {stop} 早于{} {start}", name(&view.judged.stop), name(&view.judged.start))
}

pub(super) fn unknown_post(view: &View, line: &Line) -> String {
    let Kind::Approval(rule) = &view.kind else { return signing::unknown_post(view, line) };
    let post = line.row.and_then(|row| view.reader.text(&rule.actor, row)).unwrap_or_default();
    format!("{}「{post}」不在职级表里", rule.actor)
}

pub(super) fn ratios(line: &Line) -> String {
    let percent = line.total.map(|total| (total * Decimal::ONE_HUNDRED).normalize().to_string());
    format!("比率合计 {}%", percent.unwrap_or_default())
}
