//! `责任归属确认`: every case closed in the period, a line a responsible unit, with room for each department to sign.

use std::collections::BTreeMap;

use super::tally::month_number;
use super::{Plan, months};
use crate::diag::{Diag, column_letters};
use crate::evaluate::SummaryDetail;
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Stream, Style, Value};
use crate::reports::{text, wording};
use crate::rules::kinds::{Confirm, MONTH};

const NAME: &str = "责任归属确认";
/// Display columns for a stamp and a date.
const SIGN: usize = 13;

/// Row of the cases, and of its shares where it has any.
type Line = (usize, Option<usize>);

/// A column of the shares, of the cases, or of both: where a case has no share its own value stands.
struct Source<'m> {
    of_share: Option<FrameColumn<'m>>,
    of_case: Option<FrameColumn<'m>>,
}

pub fn build<'m>(plan: &Plan<'m>, confirm: &'m Confirm, from: &'m SummaryDetail) -> Result<Sheet<'m>, Diag> {
    let lines = lines(plan, from)?;
    let mut columns = Vec::new();
    let mut sources = Vec::new();
    for name in &confirm.columns {
        let source = Source {
            of_share: from.shares.as_ref().and_then(|frame| FrameColumn::new(frame, name).ok()),
            of_case: FrameColumn::new(&from.subjects, name).ok(),
        };
        let style = match &source {
            _ if plan.loss.is_some_and(|loss| loss.share == *name) => Style::Money,
            Source { of_share: Some(column), .. } => style(plan, plan.loss.map_or("", |loss| &loss.dataset), name, column),
            Source { of_case: Some(column), .. } => style(plan, &plan.statistic.dataset, name, column),
            _ => Style::Wrapped,
        };
        columns.push(Column::new(name.as_str(), style).at_most(20));
        sources.push(source);
    }
    columns.extend(confirm.write.iter().map(|title| Column::new(title.as_str(), Style::Sign).at_least(24)));
    columns.extend(confirm.sign.iter().map(|unit| Column::new(format!("{unit}\n签章/日期"), Style::Sign).at_least(SIGN).at_most(SIGN)));
    let blanks = confirm.write.len() + confirm.sign.len();

    let mut sheet = Sheet::new(NAME, columns).landscape().about("逐案确认责任部门与比率,会同各部门签章");
    wording::heading(&mut sheet, plan.month, &format!("{} · {NAME}", plan.rule.head.title));
    sheet.wide(format!("依据:{}", plan.statistic.clause), Style::Subtitle);
    if lines.is_empty() {
        sheet.headings();
        sheet.wide("本月无结案案件。", Style::Paragraph);
        return Ok(sheet);
    }
    let mut cases: Vec<usize> = lines.iter().map(|(case, _)| *case).collect();
    cases.dedup();
    sheet.wide(format!("共 {} 件,{} 行;请各部门逐案确认责任归属与比率,在栏内签章并写日期。", cases.len(), lines.len()), Style::Note);
    let total = total(plan, confirm, from, &lines)?;
    let len = lines.len();
    sheet.table(Stream::new(len, move |row, values| {
        let (case, share) = lines[row];
        for source in &sources {
            values.push(match (&source.of_share, share, &source.of_case) {
                (Some(column), Some(share), _) => column.get(share),
                (_, _, Some(column)) => column.get(case),
                _ => Value::Blank,
            });
        }
        values.extend((0..blanks).map(|_| Value::Blank));
    }));
    if let Some((at, known)) = total {
        let first = sheet.rows.len() + 1;
        let letter = column_letters(at as u32);
        let live = len <= plan.month.formula_rows;
        let formula = format!("ROUND(SUM({letter}{first}:{letter}{}),2)", first + len - 1);
        let value = if live { Value::formula(formula, Cached::Number(known)) } else { Value::Number(known) };
        let mut cells = vec![Cell::text("合计", Style::Label).strong()];
        cells.extend((1..at).map(|_| Cell::new(Value::Blank, Style::Label)));
        cells.push(Cell::new(value, Style::Money).strong());
        sheet.push(cells);
    }
    sheet.fit();
    sheet.signatures("", &["制表".to_owned(), "主管".to_owned()]);
    Ok(sheet)
}

fn style(plan: &Plan<'_>, dataset: &str, name: &str, column: &FrameColumn<'_>) -> Style {
    let dataset = plan.month.rules.dataset(dataset).map(std::convert::AsRef::as_ref);
    match field_style(dataset, name).unwrap_or_else(|| if name == "损失金额" { Style::Money } else { column.style() }) {
        Style::Text => Style::Wrapped,
        style => style,
    }
}

/// Cases of the period in their order, each with its shares in theirs.
fn lines(plan: &Plan<'_>, from: &SummaryDetail) -> Result<Vec<Line>, Diag> {
    let period = months(plan.month.period);
    let mut shares: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    if let (Some(frame), Some(loss)) = (&from.shares, plan.loss) {
        let key = FrameColumn::new(frame, &loss.on)?;
        (0..frame.height()).for_each(|row| shares.entry(shown(&key, row)).or_default().push(row));
    }
    let month = FrameColumn::new(&from.subjects, MONTH)?;
    let key = plan.loss.map(|loss| FrameColumn::new(&from.subjects, &loss.on)).transpose()?;
    let mut lines = Vec::new();
    for case in 0..from.subjects.height() {
        if !month_number(&shown(&month, case)).is_some_and(|number| period.contains(number)) {
            continue;
        }
        match key.as_ref().and_then(|key| shares.get(&shown(key, case))) {
            Some(own) => lines.extend(own.iter().map(|share| (case, Some(*share)))),
            None => lines.push((case, None)),
        }
    }
    Ok(lines)
}

/// Place of the shares' amount among the columns, and its sum.
fn total(plan: &Plan<'_>, confirm: &Confirm, from: &SummaryDetail, lines: &[Line]) -> Result<Option<(usize, rust_decimal::Decimal)>, Diag> {
    let Some((loss, frame)) = plan.loss.zip(from.shares.as_ref()) else { return Ok(None) };
    let Some(at) = confirm.columns.iter().position(|name| *name == loss.share).filter(|at| *at > 0) else { return Ok(None) };
    let amounts = FrameColumn::new(frame, &loss.share)?;
    let amount = |share: usize| match amounts.get(share) {
        Value::Number(number) => Some(number),
        _ => None,
    };
    Ok(Some((at, lines.iter().filter_map(|(_, share)| amount((*share)?)).sum())))
}

fn shown(column: &FrameColumn<'_>, row: usize) -> String {
    text::shown(&column.get(row), Style::Text)
}
