//! 催办单 and 洽办单: a department's overdue cases. What is still open wants a date, what ended late wants a reason.

use super::content::{Block, Content};
use super::{Source, ordered};
use crate::dispose::NoticeForm;
use crate::ledger::Finding;

use crate::reports::sheet::{ALERT, Column, LATE, Style, Value};
use crate::reports::wording;

/// Over the lines of a dataset that has no block of its own.
const OTHERS: &str = "其他期限逾期";

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let month = source.month;
    let ended = form.lines.iter().all(|line| line.finding.stop.is_some());
    let mut content = super::heading(source, form);
    content.addressed = "受文部门";
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Text),
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
    content.remarks.push(format!("口径：{}；截至 {seen}。{ALERT} 为尚未完成，{LATE} 为已完成而逾期。", wording::conventions(month, pack)));
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()));
    content
}

/// In the order of the rule's blocks; without any, one block without title.
fn blocks<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Vec<Block<'m>> {
    let known = source.notice(form).map_or(&[][..], |notice| notice.blocks.as_slice());
    let mut blocks: Vec<Block<'m>> = known.iter().map(|block| Block { title: &block.title, lines: Vec::new() }).collect();
    blocks.push(Block { title: if known.is_empty() { "" } else { OTHERS }, lines: Vec::new() });
    for (at, (block, line)) in ordered(source.month, form).into_iter().enumerate() {
        blocks[block].lines.push(self::line(source, at, &line.finding));
    }
    blocks.retain(|block| !block.lines.is_empty());
    blocks
}

fn line<'m>(source: &Source<'m>, at: usize, finding: &'m Finding) -> Vec<Value<'m>> {
    let mark = if finding.stop.is_some() { LATE } else { ALERT };
    let overrun = finding.overrun.map_or_else(String::new, |q| format!("{mark} {}", q.chinese()));
    vec![
        Value::Int(at as i64 + 1),
        Value::text(source.number(finding)),
        Value::text(wording::rule_title(source.month, finding)),
        Value::text(wording::moment_text(finding.start)),
        Value::text(wording::moment_text(finding.due)),
        Value::text(if finding.stop.is_some() { wording::moment_text(finding.stop) } else { "未完成".to_owned() }),
        Value::text(wording::quantity(finding.limit)),
        Value::text(wording::quantity(finding.elapsed)),
        Value::text(overrun),
        Value::Blank,
    ]
}
