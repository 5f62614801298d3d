//! 催办单 and 洽办单: overdue cases of a department or a person. What is still open wants a date, what ended late wants a reason.

use super::content::{Block, Content};
use super::{Source, ordered};
use crate::dispose::NoticeForm;
use crate::ledger::{Finding, Moment};
use crate::reports::sheet::{ALERT, Column, LATE, Style, Value};
use crate::reports::wording;

/// Over the lines of a dataset that has no block of its own.
const OTHERS: &str = "其他期限逾期";
/// Over the lines that are due, but not overdue.
const DUE: &str = "截至当日到期，尚未办妥";
/// Above lines of which the form's own sentence does not speak.
const OPEN_BODY: &str = "下列事项已到或已过期限，请即办理，填明要求完成日并回报。";
const LATE_BODY: &str = "下列事项办妥时已过期限，请查明原因并填复。";
/// 起, 期限, 已用, 逾期: a report that is owed has only the day by which.
const OPTIONAL: [usize; 4] = [3, 6, 7, 8];
/// Column of what the case is called.
const NUMBER: usize = 1;

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let month = source.month;
    let ended = form.lines.iter().all(|line| line.finding.stop.is_some());
    let mut content = super::heading(source, form);
    content.addressed = if is_for_a_person(form) { "受文人" } else { "受文部门" };
    if is_for_a_person(form) {
        content.signatures.iter_mut().for_each(|name| *name = name.replace("承办部门", "承办人"));
    }
    if speaks_of_others(source, form) {
        content.body = if ended { LATE_BODY } else { OPEN_BODY };
    }
    content.optional = &OPTIONAL;
    content.names = &[NUMBER];
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Wrapped).at_most(20),
        Column::new("逾期类型", Style::Wrapped).at_most(16).at_least(12),
        Column::new("起", Style::Wrapped).at_most(12).at_least(12),
        Column::new("应完成", Style::Wrapped).at_most(12).at_least(12),
        Column::new("实际完成", Style::Wrapped).at_most(12).at_least(12),
        Column::new("期限", Style::Centre),
        Column::new("已用", Style::Centre),
        Column::new("逾期", Style::Centre),
        Column::new(if ended { "逾期原因（请填）" } else { "要求完成日（请填）" }, Style::Wrapped).at_least(if ended { 24 } else { 16 }),
    ];
    content.blocks = blocks(source, form);
    let pack = form.rule.split('/').next().unwrap_or_default();
    let seen = month.as_of.format("%Y-%m-%d");
    let mut counted = wording::conventions_of(month, pack, form.lines.iter().filter_map(|line| line.finding.limit));
    counted.push(format!("截至 {seen}"));
    content.remarks.push(format!("口径：{}。{ALERT} 为尚未完成，{LATE} 为已完成而逾期。", counted.join("；")));
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()));
    content
}

/// In the order of the rule's blocks; without any, one block without title.
fn blocks<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Vec<Block<'m>> {
    let known = source.notice(form).map_or(&[][..], |notice| notice.blocks.as_slice());
    let mut blocks: Vec<Block<'m>> = known.iter().map(|block| Block { title: &block.title, lines: Vec::new() }).collect();
    blocks.push(Block { title: if known.is_empty() { "" } else { OTHERS }, lines: Vec::new() });
    blocks.push(Block { title: DUE, lines: Vec::new() });
    for (at, (block, line)) in ordered(source.month, form).into_iter().enumerate() {
        blocks[block].lines.push(self::line(source, at, &line.finding));
    }
    blocks.retain(|block| !block.lines.is_empty());
    blocks
}

fn is_for_a_person(form: &NoticeForm) -> bool {
    form.unit.is_empty() && form.lines.iter().all(|line| line.finding.person == form.recipient)
}

/// The form's own sentence is about the datasets of its blocks, and about what is overdue.
fn speaks_of_others(source: &Source<'_>, form: &NoticeForm) -> bool {
    let known = source.notice(form).map_or(0, |notice| notice.blocks.len());
    ordered(source.month, form).into_iter().any(|(block, _)| block > known || (known > 0 && block == known))
}

/// Days since the due day, where the rule does not tell the time that is over.
fn overdue(source: &Source<'_>, finding: &Finding, overrun: String) -> String {
    let told = finding.overrun.filter(|overrun| !overrun.amount.is_zero()).map(|_| overrun);
    let since = |due: Moment| source.month.as_of.signed_duration_since(due.date()).num_days();
    let days = || finding.due.filter(|_| finding.stop.is_none()).map(since).filter(|days| *days > 0);
    let mark = if finding.stop.is_some() { LATE } else { ALERT };
    told.or_else(|| days().map(|days| format!("{days}天"))).map(|words| format!("{mark} {words}")).unwrap_or_default()
}

/// When, or where the case lies that is still open: whoever is reminded can see who holds it.
fn done(source: &Source<'_>, finding: &Finding) -> String {
    match (finding.stop, source.station(finding)) {
        (None, station) if station.is_empty() => "未完成".to_owned(),
        (None, station) => format!("未完成\n最近一站：{station}"),
        (stop, _) => wording::moment_text(stop),
    }
}

fn line<'m>(source: &Source<'m>, at: usize, finding: &'m Finding) -> Vec<Value<'m>> {
    let lengths = finding.lengths();
    vec![
        Value::Int(at as i64 + 1),
        Value::text(source.number(finding)),
        Value::text(wording::rule_title(source.month, finding)),
        Value::text(wording::moment_text(finding.start)),
        Value::text(wording::moment_text(finding.due)),
        Value::text(done(source, finding)),
        Value::text(lengths.limit),
        Value::text(lengths.elapsed),
        Value::text(overdue(source, finding, lengths.overrun)),
        Value::Blank,
    ]
}
