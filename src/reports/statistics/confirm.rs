//! `责任归属确认`: every case closed in the period, a line a responsible unit, with room for each department to sign.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;
use rust_decimal::Decimal;

use super::tally::month_number;
use super::{Plan, months};
use crate::diag::{Diag, column_letters};
use crate::evaluate::{Parts, SummaryDetail};
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Stream, Style, Value};
use crate::reports::{text, wording};
use crate::rules::kinds::{Confirm, LOSS, MONTH};

const NAME: &str = "责任归属确认";
/// Display columns for a stamp and a date.
const SIGN: usize = 13;
/// Nobody signs for more cases than this one by one.
const MOST: u64 = 5_000;

/// The confirmed columns of one case, or of one of its shares; `None` where the row has no such column.
type Cells = Vec<Option<Value<'static>>>;

/// `closed`: how many cases ended in the period.
pub fn build<'m>(plan: &Plan<'m>, confirm: &'m Confirm, from: &SummaryDetail<'_>, closed: u64) -> Result<Sheet<'m>, Diag> {
    let mut columns: Vec<Column> = confirm.columns.iter().map(|name| column(plan, from, name)).collect();
    columns.extend(confirm.write.iter().map(|title| Column::new(title.as_str(), Style::Sign).at_least(24)));
    columns.extend(confirm.sign.iter().map(|unit| Column::new(format!("{unit}\n签章/日期"), Style::Sign).at_least(SIGN).at_most(SIGN)));
    let blanks = confirm.write.len() + confirm.sign.len();

    let mut sheet = Sheet::new(NAME, columns).landscape().about("逐案确认责任部门与比率，会同各部门签章");
    wording::heading(&mut sheet, plan.month, &format!("{} · {NAME}", plan.rule.head.title));
    sheet.wide(format!("依据：{}", plan.statistic.clause), Style::Subtitle);
    if closed == 0 || closed > MOST {
        sheet.headings();
        let words = match closed {
            0 => plan.nothing(),
            _ => format!("本期结案 {closed} 件，多于 {MOST} 件，不逐案列出签章；各案的责任部门与损失见「损失分摊明细」。"),
        };
        sheet.wide(words, Style::Paragraph);
        return Ok(sheet);
    }
    let lines = lines(plan, confirm, from)?;
    sheet.wide(format!("共 {closed} 件，{} 行；请各部门逐案确认责任归属与比率，在栏内签章并写日期。", lines.len()), Style::Note);
    let total = total(plan, confirm, &lines);
    let len = lines.len();
    sheet.table(Stream::new(len, move |row, values| {
        values.extend(lines[row].iter().cloned());
        values.extend((0..blanks).map(|_| Value::Blank));
    }));
    if let Some((at, sum)) = total {
        let first = sheet.rows.len() + 1;
        let letter = column_letters(at as u32);
        let formula = format!("ROUND(SUM({letter}{first}:{letter}{}),2)", first + len - 1);
        let mut cells = vec![Cell::text("合计", Style::Label).strong()];
        cells.extend((1..at).map(|_| Cell::new(Value::Blank, Style::Label)));
        cells.push(Cell::new(Value::formula(formula, Cached::Number(sum)), Style::Money).strong());
        cells.resize(sheet.columns.len(), Cell::new(Value::Blank, Style::Label));
        sheet.push(cells);
    }
    sheet.fit();
    sheet.signatures("", &["制表".to_owned(), "主管".to_owned()]);
    Ok(sheet)
}

fn column(plan: &Plan<'_>, from: &SummaryDetail<'_>, name: &str) -> Column {
    let of_share = from.shares.as_ref().map(|parts| (&parts.shape, plan.loss.map_or("", |loss| loss.dataset.as_str())));
    let sources = of_share.into_iter().chain([(&from.subjects.shape, plan.statistic.dataset.as_str())]);
    let style = sources.filter_map(|(frame, dataset)| {
        let column = FrameColumn::new(frame, name).ok()?;
        let dataset = plan.month.rules.dataset(dataset).map(std::convert::AsRef::as_ref);
        Some(field_style(dataset, name).unwrap_or_else(|| column.style()))
    });
    let is_loss = name == LOSS || plan.loss.is_some_and(|loss| loss.share == name);
    let style = if is_loss { Some(Style::Money) } else { style.into_iter().next() };
    let style = style.filter(|style| *style != Style::Text).unwrap_or(Style::Wrapped);
    Column::new(name, style).with_unit().at_most(20)
}

/// Cases of the period in their order, each with its shares in theirs. Where a case has no share yet its own values stand.
fn lines(plan: &Plan<'_>, confirm: &Confirm, from: &SummaryDetail<'_>) -> Result<Vec<Vec<Value<'static>>>, Diag> {
    let mut shares: BTreeMap<String, Vec<Cells>> = BTreeMap::new();
    if let (Some(parts), Some(loss)) = (&from.shares, plan.loss) {
        in_period(plan, parts, &loss.on, &confirm.columns, &mut |key, cells| shares.entry(key).or_default().push(cells))?;
    }
    let mut lines = Vec::new();
    let key = plan.loss.map_or(MONTH, |loss| loss.on.as_str());
    in_period(plan, &from.subjects, key, &confirm.columns, &mut |key, case| {
        let own = shares.get(&key).map_or(&[][..], Vec::as_slice);
        let line = |share: &[Option<Value<'static>>]| {
            let cell = |at: usize| share.get(at).cloned().flatten().or_else(|| case.get(at).cloned().flatten());
            (0..case.len()).map(|at| cell(at).unwrap_or(Value::Blank)).collect::<Vec<_>>()
        };
        match own {
            [] => lines.push(line(&[])),
            own => lines.extend(own.iter().map(|share| line(share))),
        }
    })?;
    Ok(lines)
}

/// Rows of the period: the text of `key`, and the cells of `columns`.
fn in_period(plan: &Plan<'_>, parts: &Parts<'_>, key: &str, columns: &[String], visit: &mut dyn FnMut(String, Cells)) -> Result<(), Diag> {
    let period = months(plan.month.period);
    parts.each(|part: &DataFrame| {
        let (month, key) = (FrameColumn::new(part, MONTH)?, FrameColumn::new(part, key)?);
        let columns: Vec<Option<FrameColumn<'_>>> = columns.iter().map(|name| FrameColumn::new(part, name).ok()).collect();
        let shown = |column: &FrameColumn<'_>, row: usize| text::shown(&column.get(row), Style::Text);
        for row in 0..part.height() {
            if month_number(&shown(&month, row)).is_some_and(|number| period.contains(number)) {
                let cells = columns.iter().map(|column| column.as_ref().map(|column| column.get(row).into_owned()));
                visit(shown(&key, row), cells.collect());
            }
        }
        Ok(())
    })
}

/// Place of the shares' amount among the columns, and its sum.
fn total(plan: &Plan<'_>, confirm: &Confirm, lines: &[Vec<Value<'static>>]) -> Option<(usize, Decimal)> {
    let at = confirm.columns.iter().position(|name| plan.loss.is_some_and(|loss| loss.share == *name)).filter(|at| *at > 0)?;
    let amount = |line: &Vec<Value<'static>>| match line[at] {
        Value::Number(number) => number,
        _ => Decimal::ZERO,
    };
    Some((at, lines.iter().map(amount).sum()))
}
