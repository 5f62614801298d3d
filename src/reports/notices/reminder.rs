//! 催办单 and 洽办单: a department's overdue cases. What is still open wants a date, what ended late wants a reason.

use super::Source;
use super::content::{Block, Content};
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
        Column::new(if ended { "逾期原因(请填)" } else { "要求完成日(请填)" }, Style::Wrapped).at_least(if ended { 24 } else { 16 }),
    ];
    content.blocks = blocks(source, form);
    let pack = form.rule.split('/').next().unwrap_or_default();
    let seen = month.as_of.format("%Y-%m-%d");
    content.remarks.push(format!("口径:{};截至 {seen}。{ALERT} 为尚未完成,{LATE} 为已完成而逾期。", wording::conventions(month, pack)));
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()));
    content
}

/// In the order of the rule's blocks; without any, one block without title.
fn blocks<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Vec<Block<'m>> {
    let notice = source.notice(form).filter(|notice| !notice.blocks.is_empty());
    let mut blocks: Vec<Block<'m>> =
        notice.iter().flat_map(|notice| &notice.blocks).map(|block| Block { title: &block.title, lines: Vec::new() }).collect();
    blocks.push(Block { title: if notice.is_some() { OTHERS } else { "" }, lines: Vec::new() });
    let others = blocks.len() - 1;
    for (at, line) in form.lines.iter().enumerate() {
        let dataset = wording::rule(source.month, &line.finding).and_then(|(_, rule)| rule.kind.dataset());
        let own = notice.and_then(|notice| notice.blocks.iter().position(|block| Some(block.dataset.as_str()) == dataset));
        blocks[own.unwrap_or(others)].lines.push(self::line(source, at, &line.finding));
    }
    blocks.retain(|block| !block.lines.is_empty());
    for (at, line) in blocks.iter_mut().flat_map(|block| &mut block.lines).enumerate() {
        line[0] = Value::Int(at as i64 + 1);
    }
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
