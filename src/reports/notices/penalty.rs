//! 奖罚通知单: what a person or a unit is to bear, how it was computed, and how to object. A draft until approved.

use super::{clauses, notice};
use crate::dispose::NoticeForm;
use crate::reports::capitals::capitals;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, wording};

const AMOUNT: usize = 6;

pub fn page<'m>(month: &'m Month<'m>, form: &'m NoticeForm) -> Sheet<'m> {
    let columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("案由", Style::Wrapped).at_most(34).at_least(24),
        Column::new("依据条款", Style::Wrapped).at_most(26).at_least(18),
        Column::new("日期", Style::Wrapped).at_most(14).at_least(14),
        Column::new("金额怎么来的", Style::Wrapped).at_most(38).at_least(26),
        Column::new("金额(元)", Style::Money).at_least(14),
    ];
    let mut sheet = Sheet::new(form.recipient.as_str(), columns).landscape();
    sheet.wide("草稿·待批", Style::Stamp);
    sheet.wide(month.company, Style::Subtitle);
    sheet.wide(form.form.as_str(), Style::Title);
    sheet.wide(
        format!(
            "编号:{}    受处罚人(单位):{}    期间:{}    日期:{}",
            form.number,
            form.recipient,
            month.period.chinese(),
            month.as_of.format("%Y 年 %-m 月 %-d 日")
        ),
        Style::Paragraph,
    );
    let rule = notice(month, form);
    if let Some(rule) = rule.filter(|r| !r.body.is_empty()) {
        sheet.wide(rule.body.as_str(), Style::Paragraph);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let first = sheet.next_row();
    for (at, line) in form.lines.iter().enumerate() {
        let finding = &line.finding;
        let reason = match (wording::rule_title(month, finding), finding.message.as_str()) {
            (title, "") => title.to_owned(),
            (title, message) => format!("{title}:{message}"),
        };
        let values = [
            Value::Int(at as i64 + 1),
            Value::text(finding.subject.as_str()),
            Value::text(reason),
            Value::text(finding.clause.as_str()),
            Value::text(dates(finding)),
            Value::text(line.derivation.as_str()),
            Value::number(finding.amount),
        ];
        let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        sheet.push(cells);
    }
    total(&mut sheet, form, first);
    sheet.fit();
    if let Some(total) = form.total {
        sheet.wide(format!("人民币(大写):{}", capitals(total)), Style::Section);
    }
    let clause = rule.map_or("", |r| r.clause.as_str());
    sheet.wide(
        format!("依据:{}", [clause, &clauses(form)].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(";")),
        Style::Note,
    );
    sheet.wide("本单经总经理批准后生效;批准前为草稿,不得据以扣款。", Style::Note);
    let Some(rule) = rule else { return sheet };
    sheet.wide(appeal(rule.appeal.as_deref(), rule.appeal_days), Style::Note);
    if !rule.copies.is_empty() {
        sheet.wide(format!("份别:{}(共 {} 份)", rule.copies.join("、"), rule.copies.len()), Style::Note);
    }
    sheet.signatures("", &rule.signatures);
    sheet
}

/// From the first to the last date that the finding names.
fn dates(finding: &crate::ledger::Finding) -> String {
    let known: Vec<String> = [finding.start, finding.stop].into_iter().flatten().map(|m| wording::moment_text(Some(m))).collect();
    known.join("至")
}

/// Sum of the lines as a formula; its value is the form's own total.
fn total(sheet: &mut Sheet<'_>, form: &NoticeForm, first: usize) {
    let letter = crate::diag::column_letters(AMOUNT as u32);
    let last = sheet.next_row();
    let value = match form.total {
        Some(total) if last > first => Value::formula(format!("ROUND(SUM({letter}{}:{letter}{last}),2)", first + 1), Cached::Number(total)),
        total => Value::number(total),
    };
    let row = sheet.next_row();
    let mut cells: Vec<Cell<'_>> = vec![Cell::text("合计", Style::Label)];
    cells.extend((1..AMOUNT).map(|_| Cell::new(Value::Blank, Style::Label)));
    cells.push(Cell::new(value, Style::Money).strong());
    sheet.push(cells);
    sheet.merges.push(crate::reports::sheet::Merge { row, first: 0, last: AMOUNT - 1 });
}

fn appeal(words: Option<&str>, days: Option<u32>) -> String {
    match (words, days) {
        (Some(words), _) if !words.is_empty() => format!("申诉:{words}"),
        (_, Some(days)) => format!("申诉:对本单有异议的,收到之日起 {days} 天内以签呈向总经理室提出。"),
        _ => "申诉:对本单有异议的,以签呈专案向总经理室提出;制度未定申诉期限。".to_owned(),
    }
}
