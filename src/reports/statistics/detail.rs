//! The sheets that the figures are computed from: every closed case, every share of a loss, with its origin.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::tally::{group_value, month_number};
use super::{Plan, losses};
use crate::diag::{Diag, column_letters};
use crate::normalise::{ROW, SOURCE};
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::wording;

/// A detail sheet and where its columns stand.
pub struct Detail<'m> {
    pub sheet: Sheet<'m>,
    pub ranges: Ranges,
    /// Short enough for formulas.
    pub live: bool,
}

/// Absolute ranges of a detail sheet's columns.
pub struct Ranges {
    sheet: &'static str,
    /// One-based.
    first: usize,
    last: usize,
    letters: BTreeMap<String, String>,
}

impl Ranges {
    /// `明细!$C$5:$C$40`
    pub fn of(&self, column: &str) -> String {
        let letter = self.letters.get(column).map_or("A", String::as_str);
        format!("{}!${letter}${}:${letter}${}", self.sheet, self.first, self.last)
    }
}

/// `明细`: the cases.
pub fn subjects<'m>(plan: &Plan<'m>, frame: &'m DataFrame) -> Result<Detail<'m>, Diag> {
    build(plan, frame, "明细", plan.groups, &plan.statistic.dataset, None)
}

/// `明细` with a number in front of each row: which line of the table it counts in.
pub fn numbered<'m>(plan: &Plan<'m>, frame: &'m DataFrame, title: &'static str, numbers: Vec<u32>) -> Result<Detail<'m>, Diag> {
    build(plan, frame, "明细", plan.groups, &plan.statistic.dataset, Some((title, numbers)))
}

/// `损失分摊明细`: the shares.
pub fn shares<'m>(plan: &Plan<'m>, frame: &'m DataFrame) -> Result<Detail<'m>, Diag> {
    let unit = losses::unit(plan, frame).map_or(&[][..], std::slice::from_ref);
    build(plan, frame, "损失分摊明细", unit, plan.loss.map_or("", |loss| loss.dataset.as_str()), None)
}

/// How one column of the frame becomes a column of the sheet.
enum Source<'f> {
    Plain(FrameColumn<'f>),
    /// Counted by: as text, never empty.
    Group(FrameColumn<'f>),
    Month(FrameColumn<'f>),
    Number(Vec<u32>),
    /// File and sheet, then the row.
    Origin(FrameColumn<'f>, FrameColumn<'f>),
}

fn build<'m>(
    plan: &Plan<'m>,
    frame: &'m DataFrame,
    name: &'static str,
    groups: &[String],
    dataset: &str,
    numbers: Option<(&'static str, Vec<u32>)>,
) -> Result<Detail<'m>, Diag> {
    let month = plan.month;
    let dataset = month.rules.dataset(dataset).map(std::convert::AsRef::as_ref);
    let mut columns = Vec::new();
    let mut sources = Vec::new();
    let mut letters = BTreeMap::new();
    if let Some((title, numbers)) = numbers {
        letters.insert(title.to_owned(), column_letters(0));
        columns.push(Column::new(title, Style::Centre));
        sources.push(Source::Number(numbers));
    }
    for field in frame.get_column_names().into_iter().map(|name| name.as_str()) {
        if field == SOURCE || field == ROW {
            continue;
        }
        letters.insert(field.to_owned(), column_letters(columns.len() as u32));
        let from = FrameColumn::new(frame, field)?;
        let (style, source) = if field == "统计月" {
            (Style::Month, Source::Month(from))
        } else if groups.iter().any(|g| g == field) {
            (Style::Text, Source::Group(from))
        } else {
            let style = match field {
                "天数" => Style::Quantity,
                "损失金额" => Style::Money,
                field if plan.loss.is_some_and(|loss| loss.share == field) => Style::Money,
                "按期" => Style::Centre,
                field => field_style(dataset, field).unwrap_or_else(|| from.style()),
            };
            (style, Source::Plain(from))
        };
        columns.push(Column::new(field, style).at_most(40));
        sources.push(source);
    }
    columns.push(Column::new("文件", Style::Text));
    columns.push(Column::new("工作表", Style::Text));
    columns.push(Column::new("行", Style::Int));
    sources.push(Source::Origin(FrameColumn::new(frame, SOURCE)?, FrameColumn::new(frame, ROW)?));

    let mut sheet = Sheet::new(name, columns).landscape().about("统计表各数字由本表逐行算出,每行注明出处");
    wording::heading(&mut sheet, month, &format!("{} · {name}", plan.rule.head.title));
    let (len, live) = (frame.height(), frame.height() <= month.formula_rows);
    if !live {
        sheet.wide(format!("本表 {len} 行,超过 {} 行的公式上限:统计表各数字为数值,不是公式。", month.formula_rows), Style::Note);
    }
    sheet.table(Stream::new(len, move |row, values| {
        for source in &sources {
            match source {
                Source::Plain(column) => values.push(column.get(row)),
                Source::Group(column) => values.push(group_value(column.get(row))),
                Source::Month(column) => values.push(month_value(&column.get(row))),
                Source::Number(numbers) => values.push(Value::Int(i64::from(numbers[row]))),
                Source::Origin(source, at) => {
                    let place = match source.get(row) {
                        Value::Int(index) => u32::try_from(index).ok().and_then(|index| month.input.tables.source(index)),
                        _ => None,
                    };
                    values.push(Value::text(place.map_or("", |p| p.file.as_str())));
                    values.push(Value::text(place.map_or("", |p| p.sheet.as_str())));
                    values.push(at.get(row));
                }
            }
        }
    }));
    let first = sheet.rows.len() + 1;
    let ranges = Ranges { sheet: name, first, last: first + len.max(1) - 1, letters };
    Ok(Detail { sheet, ranges, live: live && len > 0 })
}

/// `2026-10` as the number 202610.
fn month_value<'m>(value: &Value<'_>) -> Value<'m> {
    match value {
        Value::Text(text) => month_number(text).map_or(Value::Blank, |month| Value::Int(i64::from(month))),
        _ => Value::Blank,
    }
}
