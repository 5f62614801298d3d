//! 人事公布单 for who has reached the line of points: which sum, since when, by which clause. A draft until approved.

use super::Source;
use super::content::{Block, Content};
use crate::dispose::{NoticeForm, NoticeLine};
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::wording;

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let mut content = super::heading(source, form);
    content.addressed = "姓名";
    content.stamp = Some(super::DRAFT);
    content.columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("案由", Style::Wrapped).at_least(44).at_most(52),
        Column::new("依据条款", Style::Wrapped).at_most(18).at_least(16),
        Column::new("到线日期", Style::Wrapped).at_most(12).at_least(12),
        Column::new("累计分", Style::Quantity).at_least(10),
    ];
    let lines = form.lines.iter().enumerate().map(|(at, line)| self::line(source, at, line)).collect();
    content.blocks = vec![Block { title: "", lines }];
    if !form.is_final() {
        content.remarks.push("本单经批准后生效；批准前为草稿，不得据以处理。".to_owned());
    }
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()));
    content
}

fn line<'m>(source: &Source<'m>, at: usize, line: &'m NoticeLine) -> Vec<Value<'m>> {
    let finding = &line.finding;
    vec![
        Value::count(at as u64 + 1),
        Value::text(format!("{}：{}", wording::rule_title(source.month, finding), finding.message)),
        Value::text(finding.clause.as_str()),
        Value::text(wording::moment_text(finding.start)),
        Value::number(finding.points),
    ]
}
