//! `问题清单`: every breach and everything that could not be judged, each with a link to its row in the sources.

use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, wording};

pub const NAME: &str = "问题清单";

/// `rows`: which of the month's findings; `None`: all of them.
pub fn sheet<'m>(month: &'m Month<'m>, of: &str, rows: Option<Vec<u32>>) -> Sheet<'m> {
    let columns = vec![
        Column::new("结果", Style::Centre),
        Column::new("程度", Style::Centre),
        Column::new("规则", Style::Wrapped).at_most(16),
        Column::new("编号", Style::Text),
        Column::new("部门", Style::Text),
        Column::new("责任人", Style::Text),
        Column::new("起", Style::Centre),
        Column::new("应完成", Style::Centre),
        Column::new("实际", Style::Centre),
        Column::new("期限", Style::Centre),
        Column::new("已用", Style::Centre),
        Column::new("逾期", Style::Centre),
        Column::new("金额（元）", Style::Money),
        Column::new("条款", Style::Wrapped).at_most(18),
        Column::new("说明", Style::Wrapped).at_most(36),
        Column::new("出处", Style::Wrapped).at_most(44),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new(NAME, columns).landscape().about("每一条违规和无法判定的事项，连到原工作簿的行");
    wording::heading(&mut sheet, month, &format!("{of} · {NAME}"));
    let count = rows.as_ref().map_or(month.findings.len(), Vec::len);
    let link = if rows.is_none() { "点「行」可以打开原工作簿的那一行（原文件须在原处）。" } else { "" };
    sheet.wide(format!("共 {count} 条。{link}"), Style::Note);
    if count == 0 {
        sheet.headings();
        sheet.wide("本期没有问题。", Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(count, move |row, values| {
        let finding = &month.findings[rows.as_ref().map_or(row, |rows| rows[row] as usize)];
        let [source, at] = wording::origin(month, &finding.place);
        let lengths = finding.lengths();
        values.extend([
            Value::text(wording::verdict(finding)),
            Value::text(finding.severity.title()),
            Value::text(wording::rule_title(month, finding)),
            Value::text(wording::subject(month, finding)),
            Value::text(finding.unit.as_str()),
            Value::text(finding.person.as_str()),
            Value::text(wording::moment_text(finding.start)),
            Value::text(wording::due_text(finding.due)),
            Value::text(wording::moment_text(finding.stop)),
            Value::text(lengths.limit),
            Value::text(lengths.elapsed),
            Value::text(lengths.overrun),
            Value::number(finding.amount),
            Value::text(finding.clause.as_str()),
            match rows {
                // a department gets to know what is charged, not what its people earn
                Some(_) => Value::text(wording::without_wage(month, finding, &finding.message)),
                None => Value::text(finding.message.as_str()),
            },
            source,
            at,
        ]);
    }));
    sheet
}
