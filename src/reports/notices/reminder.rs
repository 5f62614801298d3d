//! 催办单 and 洽办单: a department's overdue cases. What is still open wants a date, what ended late wants a reason.

use super::{clauses, notice};
use crate::dispose::NoticeForm;
use crate::reports::sheet::{ALERT, Cell, Column, LATE, Sheet, Style, Value};
use crate::reports::{Month, wording};

pub fn page<'m>(month: &'m Month<'m>, form: &'m NoticeForm) -> Sheet<'m> {
    let ended = form.lines.iter().all(|line| line.finding.stop.is_some());
    let columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("逾期类型", Style::Wrapped).at_most(20),
        Column::new("起", Style::Centre),
        Column::new("应完成", Style::Centre),
        Column::new("实际完成", Style::Centre),
        Column::new("期限", Style::Centre),
        Column::new("已用", Style::Centre),
        Column::new("逾期", Style::Centre),
        Column::new(if ended { "逾期原因(请填)" } else { "要求完成日(请填)" }, Style::Wrapped).at_least(if ended { 26 } else { 18 }),
    ];
    let mut sheet = Sheet::new(form.recipient.as_str(), columns).landscape();
    sheet.wide(month.company, Style::Subtitle);
    sheet.wide(form.form.as_str(), Style::Title);
    sheet.wide(
        format!("编号:{}    受文部门:{}    日期:{}", form.number, form.recipient, month.as_of.format("%Y 年 %-m 月 %-d 日")),
        Style::Paragraph,
    );
    let rule = notice(month, form);
    if let Some(rule) = rule.filter(|r| !r.body.is_empty()) {
        sheet.wide(rule.body.as_str(), Style::Paragraph);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    for (at, line) in form.lines.iter().enumerate() {
        let finding = &line.finding;
        let mark = if finding.stop.is_some() { LATE } else { ALERT };
        let overrun = finding.overrun.map_or_else(String::new, |q| format!("{mark} {}", q.chinese()));
        let values = [
            Value::Int(at as i64 + 1),
            Value::text(finding.subject.as_str()),
            Value::text(wording::rule_title(month, finding)),
            Value::text(wording::moment_text(finding.start)),
            Value::text(wording::moment_text(finding.due)),
            Value::text(if finding.stop.is_some() { wording::moment_text(finding.stop) } else { "未完成".to_owned() }),
            Value::text(wording::quantity(finding.limit)),
            Value::text(wording::quantity(finding.elapsed)),
            Value::text(overrun),
            Value::Blank,
        ];
        let cells = values.into_iter().zip(&sheet.columns).enumerate();
        let cells = cells.map(|(at, (value, column))| Cell { value, style: column.style, strong: at == 8 }).collect();
        sheet.push(cells);
    }
    sheet.fit();
    sheet.wide(format!("合计 {} 件。", form.lines.len()), Style::Paragraph);
    let pack = form.rule.split('/').next().unwrap_or_default();
    sheet.wide(format!("依据:{}", clauses(rule, form)), Style::Note);
    sheet.wide(
        format!("口径:{};截至 {}。{ALERT} 为尚未完成,{LATE} 为已完成而逾期。", wording::conventions(month, pack), month.as_of),
        Style::Note,
    );
    if let Some(rule) = rule {
        if let Some(appeal) = &rule.appeal {
            sheet.wide(appeal.as_str(), Style::Note);
        }
        if !rule.copies.is_empty() {
            sheet.wide(format!("分送:{}", rule.copies.join("、")), Style::Note);
        }
        sheet.signatures("", &rule.signatures);
    }
    sheet
}
