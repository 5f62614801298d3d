//! 奖罚通知单: what a person or a unit is to bear, how it was computed, and how to object. A draft until approved.

use super::Source;
use super::content::{Block, Content};
use crate::dispose::{NoticeForm, NoticeLine};
use crate::ledger::{Finding, yuan};
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::{Month, wording};
use crate::rules::Rule;
use crate::rules::kinds::Kind;
use rust_decimal::Decimal;

/// Columns of what the case is called, and of its clause.
const NUMBER: usize = 1;
const CLAUSE: usize = 3;
/// Columns of what is no money, and of money and how it was computed.
const SANCTION: usize = 5;
const WORKED_OUT: usize = 6;
const AMOUNT: usize = 7;

/// `wages`: whoever reads it may know what the person earns.
pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm, wages: bool) -> Content<'m> {
    let month = source.month;
    let costs = form.total.is_some() || form.lines.iter().any(|line| line.finding.charge.as_ref().is_some_and(|c| c.open.is_some()));
    let mut content = super::heading(source, form);
    content.addressed = "受处罚人（单位）";
    content.stamp = Some(super::DRAFT);
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Wrapped).at_most(20),
        Column::new("案由", Style::Wrapped).at_most(36).at_least(24),
        Column::new("依据条款", Style::Wrapped).at_most(18).at_least(14),
        Column::new("日期", Style::Wrapped).at_most(12).at_least(12),
        Column::new("处理", Style::Wrapped).at_most(24).at_least(14),
        Column::new("金额计算", Style::Wrapped).at_most(24).at_least(20),
        Column::new("金额（元）", Style::Money).at_least(13),
    ];
    content.optional = &[SANCTION, WORKED_OUT, AMOUNT];
    content.names = &[NUMBER, CLAUSE];
    let lines = form.lines.iter().enumerate().map(|(at, line)| {
        let mut values = self::line(source, at, line);
        let worked_out = match wages {
            true => worked_out(month, line),
            false => wording::without_wage(month, &line.finding, &worked_out(month, line)),
        };
        values[if costs { WORKED_OUT } else { SANCTION }] = Value::text(worked_out);
        values
    });
    let lines = lines.collect();
    content.blocks = vec![Block { title: "", lines }];
    content.total = form.total;
    content.amount = Some(AMOUNT);
    content.remarks.extend(undecided(form));
    content.remarks.extend(tallies(month, form, wages));
    if !form.is_final() {
        let what = if costs { "扣款" } else { "处理" };
        content.remarks.push(format!("本单经{}批准后生效；批准前为草稿，不得据以{what}。", approvers(month, form)));
    }
    if let Some(notice) = source.notice(form) {
        content.remarks.push(appeal(notice.appeal.as_deref(), notice.appeal_days_on(month.as_of)));
        let each: Vec<&str> = notice.copies.iter().map(|copy| copy.mark.as_str()).collect();
        if !each.is_empty() {
            let original = if notice.original_extra { "，正本另存" } else { "" };
            content.remarks.push(format!("份别：{}（共 {} 份{original}）", each.join("、"), each.len()));
        }
    }
    content
}

fn line<'m>(source: &Source<'m>, at: usize, line: &'m NoticeLine) -> Vec<Value<'m>> {
    let finding = &line.finding;
    vec![
        Value::Int(at as i64 + 1),
        Value::text(source.number(finding)),
        Value::text(reason(source.month, line)),
        Value::text(finding.clause.as_str()),
        Value::text(dates(source.month, finding)),
        Value::Blank,
        Value::Blank,
        Value::number(finding.amount),
    ]
}

/// The rule, and what the record says.
pub(super) fn reason(month: &Month<'_>, line: &NoticeLine) -> String {
    match (wording::rule_title(month, &line.finding), said(line)) {
        (title, "") => title.to_owned(),
        (title, message) => format!("{title}：{message}"),
    }
}

/// How the amount came about. Who bears a part of somebody else's fine does not get to know what that one earns.
fn worked_out(month: &Month<'_>, line: &NoticeLine) -> String {
    let finding = &line.finding;
    let Some(charge) = &finding.charge else { return String::new() };
    let borne = || {
        let for_whom = charge.for_whom.as_ref()?;
        let Kind::Penalty(penalty) = &wording::rule(month, finding)?.1.kind else { return None };
        let terms = penalty.terms.versions.iter().find(|version| Some(version.from) == finding.version)?;
        let times = terms.body.joint.as_ref()?.factor().normalize();
        Some(format!("{for_whom}罚金的 {times} 倍"))
    };
    borne().unwrap_or_else(|| charge.derivation.clone())
}

/// The finding's message without the computation, which has a column of its own, and without what others bear along.
pub(super) fn said(line: &NoticeLine) -> &str {
    let message = line.finding.message.as_str();
    let bare = line.finding.charge.as_ref().and_then(|charge| message.split_once(charge.derivation.as_str()));
    bare.map_or(message, |(bare, _)| bare.trim_end_matches('：'))
}

/// The finding's own dates, or the date that places the penalised row in the month.
pub(super) fn dates(month: &Month<'_>, finding: &Finding) -> String {
    let known: Vec<String> = [finding.start, finding.stop].into_iter().flatten().map(|m| wording::moment_text(Some(m))).collect();
    if !known.is_empty() {
        return known.join("至");
    }
    let Some(day) = finding.charge.as_ref().and_then(|charge| charge.day) else { return String::new() };
    let at = wording::rule(month, finding).and_then(|(_, rule)| match &rule.kind {
        Kind::Penalty(penalty) => penalty.at.as_deref(),
        _ => None,
    });
    match at {
        None | Some("日期") => day.to_string(),
        Some(field) => format!("{field}\n{day}"),
    }
}

/// What the sum leaves out.
fn undecided(form: &NoticeForm) -> Option<String> {
    let is_open = |line: &&NoticeLine| line.finding.charge.as_ref().is_some_and(|charge| charge.open.is_some());
    let open = form.lines.iter().filter(is_open).count();
    (open > 0).then(|| format!("另有 {open} 件金额待定，未计入合计；由批准人在限额之内填写。"))
}

/// Who confirms the penalties of a form, as their rules name them; nothing where none does.
fn approvers(month: &Month<'_>, form: &NoticeForm) -> String {
    let mut posts: Vec<&str> = Vec::new();
    for line in &form.lines {
        if let Some((_, Rule { kind: Kind::Penalty(penalty), .. })) = wording::rule(month, &line.finding)
            && let Some(post) = penalty.confirm.as_deref()
            && !posts.contains(&post)
        {
            posts.push(post);
        }
    }
    posts.join("、")
}

/// `迟到扣款：当月 4 次，基本工资 3000.00 元，合计 360.00 元`: of rules that count times.
fn tallies(month: &Month<'_>, form: &NoticeForm, wages: bool) -> Vec<String> {
    let mut tallies: Vec<(&str, &Finding, usize, Decimal)> = Vec::new();
    for line in &form.lines {
        let finding = &*line.finding;
        if finding.charge.as_ref().is_none_or(|charge| charge.times.is_none()) {
            continue;
        }
        let amount = finding.amount.unwrap_or_default();
        match tallies.iter_mut().find(|(rule, ..)| *rule == finding.rule.as_str()) {
            Some((_, _, count, sum)) => {
                *count += 1;
                *sum += amount;
            }
            None => tallies.push((&finding.rule, finding, 1, amount)),
        }
    }
    let words = |(_, finding, count, sum): (&str, &Finding, usize, Decimal)| {
        let wage = finding.charge.as_ref().and_then(|charge| charge.wage).filter(|_| wages);
        let wage = wage.map(|wage| format!("，月工资 {}", yuan(wage))).unwrap_or_default();
        format!("{}：本期 {count} 次{wage}，合计 {}。", wording::rule_title(month, finding), yuan(sum))
    };
    tallies.into_iter().map(words).collect()
}

/// No last day is printed: the days run from receipt, which is not known here.
fn appeal(words: Option<&str>, days: Option<u32>) -> String {
    let words = words.filter(|words| !words.is_empty()).unwrap_or("对本单有异议的，以签呈专案向总经理室提出。");
    match days {
        Some(days) => format!("申诉：{words}限收到之日起 {days} 天内；签收日期：____________  截止日期：____________"),
        None => format!("申诉：{words}制度未定申诉期限。"),
    }
}
