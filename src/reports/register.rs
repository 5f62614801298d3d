//! 登记追踪表: every case that was open at some time in the period, with its stations.

use polars::prelude::DataFrame;

use super::frame::{FrameColumn, field_style};
use super::sheet::{ALERT, Column, LATE, Sheet, Stream, Style, Value};
use super::{Book, Month, wording};
use crate::diag::Diag;
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{Kind, Statistic};
use crate::rules::{Pack, Rule};

const STATUS: &str = "状态";
const STATES: [&str; 5] = ["在办", "在办逾期", "已结", "逾期结案", "无法判定"];

/// One book a register.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.registers.iter().filter_map(move |(pack, rule, detail)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        Some(Book::new(&rule.head.title, move || Ok(vec![sheet(month, pack, rule, statistic, detail)?])))
    })
}

fn sheet<'m>(
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    frame: &'m DataFrame,
) -> Result<Sheet<'m>, Diag> {
    let dataset = month.rules.dataset(&statistic.dataset).map(std::convert::AsRef::as_ref);
    let mut columns = Vec::new();
    let mut sources = Vec::new();
    let mut states = None;
    for name in frame.get_column_names().into_iter().map(|name| name.as_str()) {
        if name == SOURCE || name == ROW {
            continue;
        }
        let source = FrameColumn::new(frame, name)?;
        if name == STATUS {
            states = Some(FrameColumn::new(frame, name)?);
        }
        let style = field_style(dataset, name).unwrap_or_else(|| source.style());
        let style = if style == Style::Text { Style::Wrapped } else { style };
        columns.push(Column::new(name, style).at_most(if name == STATUS { 16 } else { 24 }));
        sources.push((name == STATUS, source));
    }
    let mut sheet = Sheet::new(rule.head.title.as_str(), columns).landscape();
    wording::heading(&mut sheet, month, &rule.head.title);
    sheet.wide(format!("依据:{}    {}", statistic.clause, wording::conventions(month, &pack.id)), Style::Subtitle);
    if frame.height() == 0 {
        sheet.headings();
        sheet.wide("本期没有在办或结案的案件。", Style::Paragraph);
    } else {
        if let Some(states) = &states {
            sheet.wide(tally(states, frame.height()), Style::Subtitle);
        }
        sheet.table(Stream::new(frame.height(), move |row, values| {
            values.extend(sources.iter().map(|(is_status, column)| if *is_status { marked(column.get(row)) } else { column.get(row) }));
        }));
    }
    sheet.fit();
    sheet.signatures("", &statistic.signatures);
    Ok(sheet)
}

/// How many cases stand how.
fn tally(states: &FrameColumn<'_>, rows: usize) -> String {
    let mut counts = [0_usize; STATES.len()];
    for row in 0..rows {
        if let Value::Text(state) = states.get(row)
            && let Some(at) = STATES.iter().position(|known| *known == state)
        {
            counts[at] += 1;
        }
    }
    let each: Vec<String> = STATES.iter().zip(counts).map(|(state, count)| format!("{state} {count} 件")).collect();
    format!("合计 {rows} 件:{}", each.join(","))
}

/// Seen without colour, too.
fn marked(state: Value<'_>) -> Value<'_> {
    match &state {
        Value::Text(word) if word == "在办逾期" => Value::text(format!("{ALERT} {word}")),
        Value::Text(word) if word == "逾期结案" => Value::text(format!("{LATE} {word}")),
        Value::Text(word) if word == "无法判定" => Value::text(format!("? {word}")),
        Value::Text(word) if word == "已结" => Value::text(format!("√ {word}")),
        Value::Text(word) if word == "在办" => Value::text(format!("○ {word}")),
        _ => state,
    }
}
