//! 更正表: what a closed month should have been, for each person and department, and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::sheet::{Cached, Cell, Column, Sheet, Stream, Style, Value};
use super::{recompute, xlsx};
use crate::calendar::Period;
use crate::diag::{Diags, column_letters};
use crate::ledger::store::{Closed, Correction, Recorded};
pub use crate::reports::audit::differences;
use crate::rules::RuleSet;

const TITLE: &str = "更正表";
const DIFFERENCE: usize = 6;

#[derive(Debug)]
pub struct Restatement<'a> {
    pub company: &'a str,
    pub period: Period,
    pub as_of: NaiveDate,
    pub rules: &'a RuleSet,
    pub closed: Option<&'a Closed>,
    pub corrections: &'a [Correction],
    pub changes: &'a [Recorded],
}

/// Writes the workbook into `folder`; its name comes back.
///
/// # Errors
/// It cannot be written.
pub fn write(restatement: &Restatement<'_>, folder: &Path) -> Result<PathBuf, Diags> {
    let name = format!("{TITLE}.xlsx");
    let mut sheets = vec![corrections(restatement), sums(restatement), changes(restatement)];
    sheets.iter_mut().for_each(Sheet::fit);
    recompute::check(&name, &sheets)?;
    let period = &restatement.period.chinese();
    let properties = xlsx::Properties { title: TITLE, company: restatement.company, period, as_of: restatement.as_of };
    xlsx::write(&folder.join(&name), properties, &sheets)?;
    Ok(name.into())
}

fn heading(sheet: &mut Sheet<'_>, restatement: &Restatement<'_>, title: &str) {
    sheet.wide(format!("{}{title}", restatement.company), Style::Title);
    let closed = restatement.closed.map(|closed| format!("    {}于 {} 月结", closed.signed_by, closed.on)).unwrap_or_default();
    sheet.wide(format!("更正的月份：{}{closed}", restatement.period.chinese()), Style::Subtitle);
}

fn corrections<'m>(restatement: &Restatement<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("原单号", Style::Text).at_least(14),
        Column::new("受文", Style::Wrapped).at_least(10).at_most(16),
        Column::new("部门", Style::Wrapped).at_least(10).at_most(16),
        Column::new("月结金额（元）", Style::Money),
        Column::new("应为（元）", Style::Money),
        Column::new("补扣或退还", Style::Centre),
        Column::new("差额（元）", Style::Money),
        Column::new("为什么", Style::Wrapped).at_least(36).at_most(60),
    ];
    let mut sheet = Sheet::new(TITLE, columns).landscape().about("每个人、每个部门改多少、为什么");
    heading(&mut sheet, restatement, TITLE);
    sheet.wide("已月结的月份不改。差额在下一个未月结的月份作为更正单报批，批准后补扣或退还。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    let first = sheet.next_row() + 1;
    for one in restatement.corrections {
        let difference = one.difference();
        let word = if difference > Decimal::ZERO { "补扣" } else { "退还" };
        let values = [
            Value::text(if one.number.is_empty() { "（新增）" } else { &one.number }),
            Value::text(one.recipient.as_str()),
            Value::text(one.unit.as_str()),
            Value::Number(one.closed),
            Value::Number(one.corrected),
            Value::text(word),
            Value::Number(difference),
            Value::text(one.why.as_str()),
        ];
        let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        sheet.push(cells);
    }
    if restatement.corrections.is_empty() {
        sheet.wide("问题有变，金额没有要更正的。", Style::Paragraph);
        return sheet;
    }
    let sum: Decimal = restatement.corrections.iter().map(Correction::difference).sum();
    let letter = column_letters(DIFFERENCE as u32);
    let formula = format!("ROUND(SUM({letter}{first}:{letter}{}),2)", sheet.next_row());
    let mut cells = vec![Cell::text("合计", Style::Label).strong()];
    cells.extend((1..DIFFERENCE).map(|_| Cell::new(Value::Blank, Style::Label)));
    cells.push(Cell::new(Value::formula(formula, Cached::Number(sum)), Style::Money).strong());
    cells.push(Cell::new(Value::Blank, Style::Label));
    sheet.push(cells);
    sheet
}

fn sums<'m>(restatement: &Restatement<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("受文", Style::Text).at_least(14),
        Column::new("部门", Style::Text).at_least(14),
        Column::new("补扣（元）", Style::Money),
        Column::new("退还（元）", Style::Money),
    ];
    let mut sheet = Sheet::new("按人按部门", columns).about("差额合计");
    heading(&mut sheet, restatement, "更正合计");
    let mut sums: BTreeMap<(&str, &str), (Decimal, Decimal)> = BTreeMap::new();
    for one in restatement.corrections {
        let (more, back) = sums.entry((&one.unit, &one.recipient)).or_default();
        let difference = one.difference();
        if difference > Decimal::ZERO { *more += difference } else { *back -= difference }
    }
    sheet.headings();
    for ((unit, recipient), (more, back)) in sums {
        let values = [Value::text(recipient), Value::text(unit), Value::Number(more), Value::Number(back)];
        let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        sheet.push(cells);
    }
    sheet
}

fn changes<'m>(restatement: &Restatement<'m>) -> Sheet<'m> {
    let mut sheet = Sheet::new("问题差异", super::audit::change_columns()).landscape().about("与月结时相比，哪些问题新增、消失、有变");
    heading(&mut sheet, restatement, "与月结时的差异");
    let (rules, changes) = (restatement.rules, restatement.changes);
    sheet.table(Stream::new(changes.len(), move |at, values| values.extend(super::audit::change_row(rules, &changes[at]))));
    sheet
}
