//! `用工提示`: what rules about the proposed sanctions have to say to whoever approves them. No amount changes by it.

use crate::ledger::Finding;
use crate::reports::sheet::{Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, wording};

const DISCLAIMER: &str =
    "本表是根据公开法规整理的提示，不是法律意见；单上的金额没有因此改动。是否照办，请咨询当地劳动行政部门或律师后决定。";

/// `None` where no rule looks at what is proposed.
pub fn sheet<'m>(month: &'m Month<'m>, title: &str) -> Option<Sheet<'m>> {
    if !month.rules.rules().any(|(_, rule)| rule.reads_made(month.rules)) {
        return None;
    }
    let reminds = |finding: &&'m Finding| wording::rule(month, finding).is_some_and(|(_, rule)| rule.reads_made(month.rules));
    let told: Vec<&Finding> = month.findings.iter().map(|finding| &**finding).filter(reminds).collect();
    let columns = vec![
        Column::new("提示", Style::Wrapped).at_most(22),
        Column::new("对象", Style::Wrapped).at_least(16),
        Column::new("说明", Style::Wrapped).at_least(40).at_most(60),
        Column::new("参考依据", Style::Wrapped).at_least(24).at_most(34),
        Column::new("出处", Style::Wrapped).at_most(26),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new("用工提示", columns).landscape().about("拟开的处罚里，批准以前要留意的地方");
    wording::heading(&mut sheet, month, &format!("{title} · 用工提示"));
    sheet.wide(DISCLAIMER, Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    for finding in &told {
        let [source, row] = wording::origin(month, &finding.place);
        let values = [
            Value::text(wording::rule_title(month, finding)),
            Value::text(wording::subject(month, finding)),
            Value::text(finding.message.as_str()),
            Value::text(finding.clause.as_str()),
            source,
            row,
        ];
        let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        sheet.push(cells);
    }
    if told.is_empty() {
        sheet.wide("本期没有提示。", Style::Paragraph);
    }
    Some(sheet)
}
