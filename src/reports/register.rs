//! 登记追踪表: every case that was open at some time in the period, with its stations.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::DataFrame;

use super::frame::{FrameColumn, field_style};
use super::sheet::{ALERT, Column, LATE, Sheet, Stream, Style, Value};
use super::{Book, Month, wording};
use crate::diag::Diag;
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{Kind, SentTo, Statistic};
use crate::rules::{Pack, Rule};

const STATUS: &str = "状态";
/// Endings of the columns of a station.
const RECEIVED: &str = "收文";
const SENT: &str = "送出";
const STATES: [&str; 5] = ["在办", "在办逾期", "已结", "逾期结案", "无法判定"];

/// How columns of the detail become columns of the sheet.
enum Source<'m> {
    Plain(FrameColumn<'m>),
    Status(FrameColumn<'m>),
    /// In and out of one desk, in one narrow cell: twelve moments side by side would not fit on paper.
    Station(FrameColumn<'m>, FrameColumn<'m>),
}

/// A register of the month.
#[derive(Clone, Copy)]
struct Register<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    frame: &'m DataFrame,
}

fn registers<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Register<'m>> {
    month.registers.iter().filter_map(move |(pack, rule, frame)| match &rule.kind {
        Kind::Statistic(statistic) => Some(Register { month, pack, rule, statistic, frame }),
        _ => None,
    })
}

/// One book a register.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    registers(month).map(|register| {
        let title = &register.rule.head.title;
        Book::new(title, move || Ok(vec![sheet(register, title, None)?])).sent_to(&register.statistic.send)
    })
}

/// Each department with the rows that name it, of the registers that are sent so.
pub fn parts<'m>(month: &'m Month<'m>) -> Vec<(String, Book<'m>)> {
    let mut parts = Vec::new();
    for register in registers(month) {
        for (unit, rows) in rows_by_unit(&register) {
            let (title, heading) = (&register.rule.head.title, format!("{} · {unit}", register.rule.head.title));
            let rows = Arc::new(rows);
            parts.push((unit, Book::new(title, move || Ok(vec![sheet(register, &heading, Some(Arc::clone(&rows)))?]))));
        }
    }
    parts
}

fn rows_by_unit(register: &Register<'_>) -> BTreeMap<String, Vec<u32>> {
    let mut by_unit: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for to in &register.statistic.send {
        let SentTo::Each(field) = to else { continue };
        let Ok(units) = FrameColumn::new(register.frame, field) else { continue };
        for row in 0..register.frame.height() {
            if let Value::Text(unit) = units.get(row) {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                match by_unit.get_mut(unit.as_ref()) {
                    Some(rows) => rows.push(row),
                    None => drop(by_unit.insert(unit.into_owned(), vec![row])),
                }
            }
        }
    }
    by_unit
}

/// `rows`: which rows of the register; `None`: all of them.
fn sheet<'m>(register: Register<'m>, title: &str, rows: Option<Arc<Vec<u32>>>) -> Result<Sheet<'m>, Diag> {
    let Register { month, pack, rule, statistic, frame } = register;
    let count = rows.as_ref().map_or(frame.height(), |rows| rows.len());
    let place = move |row: usize| rows.as_ref().map_or(row, |rows| rows[row] as usize);
    let dataset = month.rules.dataset(&statistic.dataset).map(std::convert::AsRef::as_ref);
    let mut columns = Vec::new();
    let mut sources = Vec::new();
    let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
    for name in &names {
        if *name == SOURCE
            || *name == ROW
            || station_of(name, SENT).is_some_and(|station| names.contains(&format!("{station}{RECEIVED}").as_str()))
        {
            continue;
        }
        let source = FrameColumn::new(frame, name)?;
        if let Some(station) = station_of(name, RECEIVED)
            && let Ok(sent) = FrameColumn::new(frame, &format!("{station}{SENT}"))
        {
            columns.push(Column::new(station, Style::Wrapped).at_most(16));
            sources.push(Source::Station(source, sent));
            continue;
        }
        if *name == STATUS {
            columns.push(Column::new(*name, Style::Text));
            sources.push(Source::Status(source));
            continue;
        }
        let style = field_style(dataset, name).unwrap_or_else(|| source.style());
        columns.push(Column::new(*name, if style == Style::Text { Style::Wrapped } else { style }).at_most(22));
        sources.push(Source::Plain(source));
    }
    let states = names.contains(&STATUS).then(|| FrameColumn::new(frame, STATUS)).transpose()?;
    let mut sheet = Sheet::new(rule.head.title.as_str(), columns).landscape();
    wording::heading(&mut sheet, month, title);
    sheet.wide(
        format!("依据:{}    {}    各站:收 = 收文,送 = 送出(月-日)", statistic.clause, wording::conventions(month, &pack.id)),
        Style::Subtitle,
    );
    if count == 0 {
        sheet.headings();
        sheet.wide("本期没有在办或结案的案件。", Style::Paragraph);
    } else {
        if let Some(states) = &states {
            sheet.wide(tally(states, (0..count).map(&place)), Style::Subtitle);
        }
        sheet.table(Stream::new(count, move |row, values| {
            let row = place(row);
            values.extend(sources.iter().map(|source| match source {
                Source::Plain(column) => column.get(row),
                Source::Status(column) => marked(column.get(row)),
                Source::Station(received, sent) => Value::text(station(&received.get(row), &sent.get(row))),
            }));
        }));
    }
    sheet.fit();
    sheet.signatures("", &statistic.signatures);
    Ok(sheet)
}

/// How many cases stand how.
fn tally(states: &FrameColumn<'_>, rows: impl ExactSizeIterator<Item = usize>) -> String {
    let mut counts = [0_usize; STATES.len()];
    let all = rows.len();
    for row in rows {
        if let Value::Text(state) = states.get(row)
            && let Some(at) = STATES.iter().position(|known| *known == state)
        {
            counts[at] += 1;
        }
    }
    let each: Vec<String> = STATES.iter().zip(counts).map(|(state, count)| format!("{state} {count} 件")).collect();
    format!("合计 {all} 件:{}", each.join(","))
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

fn station_of<'n>(column: &'n str, ending: &str) -> Option<&'n str> {
    column.strip_suffix(ending).filter(|station| !station.is_empty())
}

/// `收 10-02 09:00` above `送 10-05 17:00`.
fn station(received: &Value<'_>, sent: &Value<'_>) -> String {
    let line = |word: &str, at: &Value<'_>| moment(at).map(|moment| format!("{word} {moment}"));
    [line("收", received), line("送", sent)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn moment(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Date(date) => Some(date.format("%m-%d").to_string()),
        Value::Datetime(at) => Some(at.format("%m-%d %H:%M").to_string()),
        _ => None,
    }
}
