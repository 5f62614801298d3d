//! 奖罚通知单: what a person or a unit is to bear, how it was computed, and how to object. A draft until approved.

use super::Source;
use super::content::{Block, Content};
use crate::dispose::{NoticeForm, NoticeLine};
use crate::ledger::Finding;
use crate::reports::lookup::Lookup;
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::{Month, text, wording};
use crate::rules::kinds::{Kind, Penalty, Sanction};

const AMOUNT: usize = 6;

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let month = source.month;
    let mut content = super::heading(source, form);
    content.addressed = "受处罚人(单位)";
    content.stamp = Some(super::DRAFT);
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("案由", Style::Wrapped).at_most(30).at_least(24),
        Column::new("依据条款", Style::Wrapped).at_most(16).at_least(14),
        Column::new("日期", Style::Wrapped).at_most(12).at_least(12),
        Column::new("金额怎么来的", Style::Wrapped).at_most(24).at_least(20),
        Column::new("金额(元)", Style::Money).at_least(13),
    ];
    let bases = bases(month, form);
    let lines = form.lines.iter().enumerate().map(|(at, line)| self::line(source, &bases, at, line)).collect();
    content.blocks = vec![Block { title: "", lines }];
    content.total = form.total;
    content.amount = Some(AMOUNT);
    content.remarks.push("本单经总经理批准后生效;批准前为草稿,不得据以扣款。".to_owned());
    if let Some(notice) = source.notice(form) {
        content.remarks.push(appeal(notice.appeal.as_deref(), notice.appeal_days_on(month.as_of)));
        let each: Vec<&str> = notice.copies.iter().map(|copy| copy.mark.as_str()).collect();
        if !each.is_empty() {
            let original = if notice.original_extra { ",正本另存" } else { "" };
            content.remarks.push(format!("份别:{}(共 {} 份{original})", each.join("、"), each.len()));
        }
    }
    content
}

fn line<'m>(source: &Source<'m>, bases: &[Base<'m>], at: usize, line: &'m NoticeLine) -> Vec<Value<'m>> {
    let finding = &line.finding;
    let sum = base(bases, finding).and_then(|base| sum(base, finding));
    let reason = match (wording::rule_title(source.month, finding), said(finding, sum.as_deref())) {
        (title, "") => title.to_owned(),
        (title, message) => format!("{title}:{message}"),
    };
    vec![
        Value::Int(at as i64 + 1),
        Value::text(source.number(finding)),
        Value::text(reason),
        Value::text(finding.clause.as_str()),
        Value::text(dates(bases, finding)),
        Value::text(worked_out(line, sum)),
        Value::number(finding.amount),
    ]
}

/// What one penalty rule is computed from.
struct Base<'m> {
    pack: &'m str,
    rule: &'m str,
    penalty: &'m Penalty,
    lookup: Lookup<'m>,
}

/// Of the rules that the form's lines come from.
fn bases<'m>(month: &'m Month<'m>, form: &NoticeForm) -> Vec<Base<'m>> {
    let called = |pack: &str, rule: &str| form.lines.iter().any(|line| line.finding.pack == pack && line.finding.rule == rule);
    let rules = month.rules.rules().filter(|(pack, rule)| called(&pack.id, &rule.head.id));
    rules
        .filter_map(|(pack, rule)| match &rule.kind {
            Kind::Penalty(penalty) => {
                let lookup = Lookup::new(month, penalty.base.dataset());
                Some(Base { pack: &pack.id, rule: &rule.head.id, penalty, lookup })
            }
            _ => None,
        })
        .collect()
}

fn base<'a, 'm>(bases: &'a [Base<'m>], finding: &Finding) -> Option<&'a Base<'m>> {
    bases.iter().find(|base| base.pack == finding.pack && base.rule == finding.rule)
}

/// The finding's message without the computation, which has a column of its own.
fn said<'f>(finding: &'f Finding, sum: Option<&str>) -> &'f str {
    let message = finding.message.as_str();
    let bare = sum.and_then(|sum| message.strip_suffix(&sum.replace(',', "")));
    bare.map_or(message, |bare| bare.trim_end_matches(':'))
}

/// What the line says of its amount, unless the reason says it already, and the computation where there is one.
fn worked_out(line: &NoticeLine, sum: Option<String>) -> String {
    let said = Some(line.derivation.as_str()).filter(|words| !words.is_empty() && **words != line.finding.message);
    said.map(str::to_owned).into_iter().chain(sum).collect::<Vec<_>>().join(";")
}

/// `部门损失 900.00 × 10% = 90.00` where the version in force leaves no choice.
fn sum(base: &Base<'_>, finding: &Finding) -> Option<String> {
    let version = base.penalty.rows.versions.iter().find(|version| Some(version.from) == finding.version)?;
    let [row] = version.body.as_slice() else { return None };
    let amount = text::shown(&Value::number(finding.amount), Style::Money);
    Some(match &row.sanction {
        Sanction::Fixed(yuan) => format!("每案 {} 元", text::shown(&Value::Number(*yuan), Style::Money)),
        Sanction::Share { of, rate } => {
            let whole = base.lookup.column(of)?.get(base.lookup.row(&finding.place)?);
            let rate = (*rate * rust_decimal::Decimal::ONE_HUNDRED).normalize();
            format!("{of} {} × {rate}% = {amount}", text::shown(&whole, Style::Money))
        }
    })
}

/// The finding's own dates, or the date that places the penalised row in the month.
fn dates(bases: &[Base<'_>], finding: &Finding) -> String {
    let known: Vec<String> = [finding.start, finding.stop].into_iter().flatten().map(|m| wording::moment_text(Some(m))).collect();
    if !known.is_empty() {
        return known.join("至");
    }
    let placed = || {
        let base = base(bases, finding)?;
        let at = base.penalty.at.as_deref()?;
        let value = base.lookup.column(at)?.get(base.lookup.row(&finding.place)?);
        Some(format!("{at}\n{}", text::shown(&value, Style::Date)))
    };
    placed().unwrap_or_default()
}

/// No last day is printed: the days run from receipt, which is not known here.
fn appeal(words: Option<&str>, days: Option<u32>) -> String {
    let words = words.filter(|words| !words.is_empty()).unwrap_or("对本单有异议的,以签呈专案向总经理室提出。");
    match days {
        Some(days) => format!("申诉:{words}限收到之日起 {days} 天内;签收日期:____________  截止日期:____________"),
        None => format!("申诉:{words}制度未定申诉期限。"),
    }
}
