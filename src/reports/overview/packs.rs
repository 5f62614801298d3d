//! `各包概况`: a row a pack, and their sums.

use rust_decimal::Decimal;

use super::TITLE;
use crate::diag::column_letters;
use crate::ledger::Outcome;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, Part, RuleResult, wording};

/// Columns in front of the figures.
const NAMES: usize = 4;

pub fn sheet<'m>(month: &'m Month<'m>, parts: &'m [Part<'m>]) -> Sheet<'m> {
    let columns = vec![
        Column::new("制度包", Style::Wrapped).at_least(16).at_most(24),
        Column::new("版本", Style::Centre),
        Column::new("核准", Style::Wrapped).at_most(16),
        Column::new("本期", Style::Wrapped).at_least(16).at_most(30),
        Column::new("规则", Style::Int),
        Column::new("已判规则", Style::Int),
        Column::new("对象", Style::Int),
        Column::new("违规", Style::Int),
        Column::new("疑似", Style::Int),
        Column::new("未到期", Style::Int),
        Column::new("无法判定", Style::Int),
        Column::new("待补参数", Style::Int),
        Column::new("单据", Style::Int),
        Column::new("金额（元）", Style::Money),
    ];
    let mut sheet = Sheet::new("各包概况", columns).landscape().about("每个制度包判了什么、查出多少、开了几张单");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 各包概况"));
    sheet.wide("各包的工作簿在以包名命名的文件夹里；分送给谁的在「分送」里，一个受文者一个文件夹。", Style::Note);
    sheet.wide("对象是各规则所判件数之和，同一件事受几条规则约束就计几次；金额是单据上的金额，批准与否见 奖罚汇总表。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let top = sheet.next_row() + 1;
    let mut totals = [Decimal::ZERO; 10];
    for part in parts {
        let figures = figures(month, part);
        totals.iter_mut().zip(figures).for_each(|(total, figure)| *total += figure);
        let approved = part.pack.approved_on.map(|day| day.to_string()).into_iter().chain(part.pack.approved_by.clone());
        let state = match part.month {
            Some(_) => format!("见文件夹「{}」", part.folder),
            None => format!("没有数据：{}", part.lacking.join("、")),
        };
        let names = [part.pack.title.clone(), part.pack.version.clone(), approved.collect::<Vec<_>>().join(" "), state].map(Value::text);
        row(&mut sheet, names, figures.map(Value::Number), false);
    }
    let last = sheet.next_row();
    let sum = |at: usize, total: Decimal| {
        let letter = column_letters((NAMES + at) as u32);
        Value::formula(format!("SUM({letter}{top}:{letter}{last})"), Cached::Number(total))
    };
    let mut at = 0..;
    let sums = totals.map(|total| sum(at.next().unwrap_or_default(), total));
    row(&mut sheet, ["合计", "", "", ""].map(Value::text), sums, true);
    sheet
}

fn row<'m>(sheet: &mut Sheet<'m>, names: [Value<'m>; NAMES], figures: [Value<'m>; 10], strong: bool) {
    let values = names.into_iter().chain(figures);
    let cells = values.zip(&sheet.columns).map(|(value, column)| Cell { value, style: column.style, strong }).collect();
    sheet.push(cells);
}

fn figures(month: &Month<'_>, part: &Part<'_>) -> [Decimal; 10] {
    let results: Vec<&RuleResult<'_>> = month.results.iter().filter(|result| result.pack.id == part.pack.id).collect();
    let of = |outcome: Outcome| results.iter().map(|result| result.counts.of(outcome)).sum::<u64>();
    let suspected = month.findings.iter().filter(|finding| finding.pack == part.pack.id && finding.suspected).count() as u64;
    let notices = || month.notices.iter().filter(|form| form.is_of(&part.pack.id));
    let counts = [
        results.len() as u64,
        results.iter().filter(|result| result.counts.population() > 0).count() as u64,
        results.iter().map(|result| result.counts.population()).sum(),
        of(Outcome::Breached),
        suspected,
        of(Outcome::Pending),
        of(Outcome::Indeterminate),
        results.iter().filter(|result| !result.rule.head.missing.is_empty()).count() as u64,
        notices().count() as u64,
    ];
    let amount: Decimal = notices().filter_map(|form| form.total).sum();
    let mut figures = [amount; 10];
    figures.iter_mut().zip(counts).for_each(|(figure, count)| *figure = Decimal::from(count));
    figures
}
