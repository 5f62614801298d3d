//! 人事公布单 out of findings: who gets which sanction that is no money. A draft until approved. How it came about is
//! between the company and the person: wages, bounds and earlier times stand on the notice that the person gets.

use super::Source;
use super::content::{Block, Content};
use super::penalty::{dates, reason};
use crate::dispose::{NoticeForm, NoticeLine};
use crate::reports::sheet::{Column, Style, Value};

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let mut content = super::heading(source, form);
    content.addressed = "部门";
    content.stamp = Some(super::DRAFT);
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("被处分人", Style::Text),
        Column::new("部门", Style::Wrapped).at_least(12),
        Column::new("处分", Style::Wrapped).at_least(14),
        Column::new("事由", Style::Wrapped).at_most(36).at_least(26),
        Column::new("依据条款", Style::Wrapped).at_most(18).at_least(14),
        Column::new("日期", Style::Wrapped).at_least(12),
    ];
    let lines = form.lines.iter().enumerate().map(|(at, line)| self::line(source, at, line)).collect();
    content.blocks = vec![Block { title: "", lines }];
    if !form.is_final() {
        content.remarks.push("本单经批准后公布；批准前为草稿，不得公布。".to_owned());
    }
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()).map(|appeal| format!("申诉：{appeal}")));
    content
}

fn line<'m>(source: &Source<'m>, at: usize, line: &'m NoticeLine) -> Vec<Value<'m>> {
    let finding = &line.finding;
    let actions = finding.charge.as_ref().map(|charge| charge.actions.join("、")).unwrap_or_default();
    vec![
        Value::Int(at as i64 + 1),
        Value::text(finding.person.as_str()),
        Value::text(finding.unit.as_str()),
        Value::text(actions),
        Value::text(reason(source.month, line)),
        Value::text(finding.clause.as_str()),
        Value::text(dates(source.month, finding)),
    ]
}
