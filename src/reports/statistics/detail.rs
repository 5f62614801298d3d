//! The sheets that the figures are computed from: every closed case, every share of a loss, with its origin.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::Plan;
use super::tally::{BLANK, group_value, month_number};
use crate::diag::{Diag, column_letters};
use crate::evaluate::Parts;
use crate::normalise::{ROW, SOURCE};
use crate::reports::frame::{FrameColumn, RowVisit, field_style, in_parts};
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::{DAYS, LOSS, Layout, ON_TIME};

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
pub fn subjects<'m>(plan: &Plan<'m>, parts: &'m Parts<'m>, rows: usize) -> Result<Detail<'m>, Diag> {
    let groups: Vec<&str> = plan.groups.iter().map(String::as_str).collect();
    build(plan, parts, rows, "明细", &groups, &plan.statistic.dataset, None)
}

/// `明细` with a number in front of each row: which line of the table it counts in.
pub fn numbered<'m>(plan: &Plan<'m>, parts: &'m Parts<'m>, rows: usize, numbers: Numbers) -> Result<Detail<'m>, Diag> {
    build(plan, parts, rows, "明细", &[], &plan.statistic.dataset, Some(numbers))
}

/// `损失分摊明细`: the shares.
pub fn shares<'m>(plan: &Plan<'m>, parts: &'m Parts<'m>, unit: Option<&str>, rows: usize) -> Result<Detail<'m>, Diag> {
    build(plan, parts, rows, "损失分摊明细", unit.as_slice(), plan.loss.map_or("", |loss| loss.dataset.as_str()), None)
}

/// A number in front of each row, by the texts of some of its columns: an empty cell is `None`.
pub struct Numbers {
    pub title: &'static str,
    pub by: [&'static str; 3],
    pub known: BTreeMap<[Option<String>; 3], i64>,
}

impl Numbers {
    fn over<'f>(&'f self, frame: &'f DataFrame) -> Result<impl Fn(usize) -> Value<'static> + 'f, Diag> {
        let keys = texts(frame, self.by)?;
        Ok(move |row| self.known.get(&keys(row)).map_or(Value::Blank, |number| Value::Int(*number)))
    }
}

/// The texts of some columns, row by row.
pub fn texts<'f>(frame: &'f DataFrame, names: [&str; 3]) -> Result<impl Fn(usize) -> [Option<String>; 3] + 'f, Diag> {
    let [one, two, three] = names.map(|name| FrameColumn::new(frame, name));
    let columns = [one?, two?, three?];
    Ok(move |row| {
        columns.each_ref().map(|column| match column.get(row) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        })
    })
}

/// How one column of the frame becomes a column of the sheet.
#[derive(Clone, Copy)]
enum Show {
    Plain,
    /// Counted by: as text, never empty.
    Group(&'static str),
    Month,
}

fn build<'m>(
    plan: &Plan<'m>,
    parts: &'m Parts<'m>,
    len: usize,
    name: &'static str,
    groups: &[&str],
    dataset: &str,
    numbers: Option<Numbers>,
) -> Result<Detail<'m>, Diag> {
    let month = plan.month;
    let is_shares = plan.loss.is_some_and(|loss| loss.dataset == dataset) && plan.statistic.dataset != dataset;
    let dataset = month.rules.dataset(dataset).map(std::convert::AsRef::as_ref);
    let mut columns = Vec::new();
    let mut shown: Vec<(&'m str, Show)> = Vec::new();
    let mut letters = BTreeMap::new();
    if let Some(numbers) = &numbers {
        letters.insert(numbers.title.to_owned(), column_letters(0));
        columns.push(Column::new(numbers.title, Style::Centre));
    }
    for field in parts.shape.get_column_names().into_iter().map(|name| name.as_str()) {
        if field == SOURCE || field == ROW || unused(plan, field) {
            continue;
        }
        letters.insert(field.to_owned(), column_letters(columns.len() as u32));
        let (style, show) = if field == "统计月" {
            (Style::Month, Show::Month)
        } else if groups.contains(&field) {
            (Style::Text, Show::Group(if is_shares { BLANK } else { plan.blank(field) }))
        } else {
            let style = match field {
                "天数" => Style::Days,
                "损失金额" => Style::Money,
                field if plan.loss.is_some_and(|loss| loss.share == field) => Style::Money,
                "按期" => Style::Centre,
                field => match field_style(dataset, field) {
                    Some(style) => style,
                    None => FrameColumn::new(&parts.shape, field)?.style(),
                },
            };
            (style, Show::Plain)
        };
        columns.push(Column::new(field, style).with_unit().at_most(40));
        shown.push((field, show));
    }
    columns.push(Column::new("文件", Style::Text));
    columns.push(Column::new("工作表", Style::Text));
    columns.push(Column::new("行", Style::Int));

    let mut sheet = Sheet::new(name, columns).landscape().about("统计表各数字由本表逐行算出，每行注明出处");
    wording::heading(&mut sheet, month, &format!("{} · {name}", plan.rule.head.title));
    let live = len <= month.formula_rows;
    if !live {
        sheet.wide(format!("本表 {len} 行，超过 {} 行的公式上限：统计表各数字为数值，不是公式。", month.formula_rows), Style::Note);
    }
    let is_numbered = numbers.is_some();
    let rows = move |frame: &DataFrame, visit: &mut RowVisit<'_>| {
        let sources = shown.iter().map(|(field, show)| Ok((FrameColumn::new(frame, field)?, *show)));
        let sources: Vec<(FrameColumn<'_>, Show)> = sources.collect::<Result<_, Diag>>()?;
        let (source, at) = (FrameColumn::new(frame, SOURCE)?, FrameColumn::new(frame, ROW)?);
        let numbers = numbers.as_ref().map(|numbers| numbers.over(frame)).transpose()?;
        let mut values = Vec::new();
        for row in 0..frame.height() {
            values.clear();
            values.extend(numbers.as_ref().map(|number| number(row)));
            values.extend(sources.iter().map(|(column, show)| match show {
                Show::Plain => column.get(row),
                Show::Group(blank) => group_value(column.get(row), blank),
                Show::Month => month_value(&column.get(row)),
            }));
            let place = match source.get(row) {
                Value::Int(index) => u32::try_from(index).ok().and_then(|index| month.input.tables.source(index)),
                _ => None,
            };
            values.push(Value::text(place.map_or("", |p| month.shown_file(&p.file))));
            values.push(Value::text(place.map_or("", |p| p.sheet.as_str())));
            values.push(at.get(row));
            visit(&values);
        }
        Ok(())
    };
    if len == 0 {
        sheet.headings();
        sheet.wide("没有可列的行。", Style::Paragraph);
    } else {
        let rows = in_parts(parts.clone(), len, rows);
        sheet.table(if is_numbered && live { by_number(rows) } else { rows });
    }
    let first = sheet.rows.len() + 1;
    let ranges = Ranges { sheet: name, first, last: first + len.max(1) - 1, letters };
    Ok(Detail { sheet, ranges, live: live && len > 0 })
}

/// The same rows in order of the numbers in front of them.
fn by_number<'m>(rows: Stream<'m>) -> Stream<'m> {
    Stream::made(rows.len, move |wanted, visit| {
        let mut sorted: Vec<Vec<Value<'static>>> = Vec::with_capacity(rows.len);
        rows.each(0..rows.len, |_, values| sorted.push(values.iter().cloned().map(Value::into_owned).collect()))?;
        sorted.sort_by_key(|values| if let Some(Value::Int(number)) = values.first() { *number } else { i64::MAX });
        for row in wanted {
            visit(row, &sorted[row]);
        }
        Ok(())
    })
}

/// A summary without a deadline has no times, one without losses no losses.
fn unused(plan: &Plan<'_>, field: &str) -> bool {
    let Layout::Summary { loss, .. } = &plan.statistic.layout else { return false };
    (plan.statistic.on_time.is_none() && [DAYS, ON_TIME].contains(&field)) || (loss.is_none() && field == LOSS)
}

/// `2026-10` as the number 202610.
fn month_value<'m>(value: &Value<'_>) -> Value<'m> {
    match value {
        Value::Text(text) => month_number(text).map_or(Value::Blank, |month| Value::Int(i64::from(month))),
        _ => Value::Blank,
    }
}
