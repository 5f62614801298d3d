//! `与上次运行的差异`: which findings are new, gone or changed against the month's run before.

use crate::ledger::store::{FindingRecord, Recorded};
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, wording};
use crate::rules::RuleSet;

/// `None` for a month's first run, and without a ledger.
pub fn sheet<'m>(month: &'m Month<'m>, title: &str) -> Option<Sheet<'m>> {
    let changes = month.account?.changes.as_deref()?;
    let own = |change: &&Recorded| month.rules.packs.iter().any(|pack| pack.id == change.finding.pack);
    let changes: Vec<&Recorded> = changes.iter().filter(own).collect();
    let mut sheet = Sheet::new("与上次运行的差异", columns()).landscape().about("同一个月上次运行以来新增、消失、有变的问题");
    wording::heading(&mut sheet, month, &format!("{title} · 与上次运行的差异"));
    if changes.is_empty() {
        sheet.headings();
        sheet.wide("与上次运行相比，问题没有变化。", Style::Paragraph);
        return Some(sheet);
    }
    sheet.table(Stream::new(changes.len(), move |at, values| values.extend(row(month.rules, changes[at]))));
    Some(sheet)
}

pub fn columns() -> Vec<Column> {
    vec![
        Column::new("差异", Style::Centre),
        Column::new("规则", Style::Wrapped).at_most(18),
        Column::new("编号", Style::Text),
        Column::new("部门", Style::Text),
        Column::new("责任人", Style::Text),
        Column::new("哪里变了", Style::Wrapped).at_least(30).at_most(48),
        Column::new("说明", Style::Wrapped).at_least(30).at_most(48),
        Column::new("出处", Style::Wrapped).at_most(30),
    ]
}

pub fn row<'m>(rules: &RuleSet, change: &'m Recorded) -> [Value<'m>; 8] {
    let Recorded { state, finding, before } = change;
    let title = rules.rules().find(|(pack, rule)| finding.pack == pack.id && finding.rule == rule.head.id);
    [
        Value::text(word(state)),
        Value::text(title.map_or(finding.rule.clone(), |(_, rule)| rule.head.title.clone())),
        Value::text(finding.subject.as_str()),
        Value::text(finding.unit.as_str()),
        Value::text(finding.person.as_str()),
        Value::text(before.as_ref().map(|before| differences(before, finding)).unwrap_or_default()),
        Value::text(finding.message.as_str()),
        Value::text(finding.place.as_str()),
    ]
}

fn word(state: &str) -> &'static str {
    match state {
        "new" => "新增",
        "gone" => "消失",
        _ => "有变",
    }
}

/// `金额 90.00 → 100.00;部门 制造部 → 业务部`
pub fn differences(before: &FindingRecord, now: &FindingRecord) -> String {
    let pairs = [
        ("结果", &before.outcome, &now.outcome),
        ("金额", &before.amount, &now.amount),
        ("分", &before.points, &now.points),
        ("处分", &before.actions, &now.actions),
        ("部门", &before.unit, &now.unit),
        ("责任人", &before.person, &now.person),
        ("日期", &before.day, &now.day),
        ("条款", &before.clause, &now.clause),
        ("版本", &before.version, &now.version),
        ("说明", &before.message, &now.message),
    ];
    let changed: Vec<String> =
        pairs.into_iter().filter(|(_, before, now)| before != now).map(|(name, before, now)| format!("{name} {before} → {now}")).collect();
    changed.join("；")
}
