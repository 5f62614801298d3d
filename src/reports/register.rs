//! 登记追踪表: every case that was open at some time in the period, with its stations.

use std::collections::BTreeSet;

use polars::prelude::DataFrame;

use super::frame::{FrameColumn, RowVisit, field_style, in_parts};
use super::sheet::{ALERT, Column, LATE, Sheet, Style, Value};
use super::{Book, Month, wording};
use crate::diag::Diag;
use crate::evaluate::RegisterDetail;
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{Kind, SentTo, Statistic};
use crate::rules::{Pack, Rule};

const STATUS: &str = "状态";
/// Endings of the columns of a station.
const RECEIVED: &str = "收文";
const SENT: &str = "送出";
const STATES: [&str; 5] = ["在办", "在办逾期", "已结", "逾期结案", "无法判定"];

/// How columns of the detail become columns of the sheet.
enum Show<'m> {
    Plain(&'m str),
    Status,
    /// In and out of one desk, in one narrow cell: twelve moments side by side would not fit on paper.
    Station(&'m str, String),
}

/// A register of the month, or a department's rows of it.
#[derive(Clone, Copy)]
struct Register<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    detail: &'m RegisterDetail<'m>,
}

fn registers<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Register<'m>> {
    month.registers.iter().filter_map(move |(pack, rule, detail)| match &rule.kind {
        Kind::Statistic(statistic) => Some(Register { month, pack, rule, statistic, detail }),
        _ => None,
    })
}

/// One book a register.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    registers(month).map(|register| {
        let heading = &register.rule.head.title;
        Book::new(heading, move || Ok(vec![sheet(register, register.detail.clone(), heading)?])).sent_to(&register.statistic.send)
    })
}

/// Each department with the rows that name it, of the registers that are sent so.
///
/// # Errors
/// The register cannot be made.
pub fn parts<'m>(month: &'m Month<'m>) -> Result<Vec<(String, Book<'m>)>, Diag> {
    let mut parts = Vec::new();
    for register in registers(month) {
        for field in register.statistic.send.iter().filter_map(SentTo::field) {
            for unit in units(register.detail, field)? {
                let (detail, heading) = (register.detail.only(field, &unit), format!("{} · {unit}", register.rule.head.title));
                parts.push((unit, Book::new(&register.rule.head.title, move || Ok(vec![sheet(register, detail.clone(), &heading)?]))));
            }
        }
    }
    Ok(parts)
}

/// The departments that a field names.
fn units(detail: &RegisterDetail<'_>, field: &str) -> Result<BTreeSet<String>, Diag> {
    let mut units = BTreeSet::new();
    detail.each(|part| {
        let column = FrameColumn::new(part, field)?;
        for row in 0..part.height() {
            if let Value::Text(unit) = column.get(row)
                && !units.contains(unit.as_ref())
            {
                units.insert(unit.into_owned());
            }
        }
        Ok(())
    })?;
    Ok(units)
}

fn sheet<'m>(register: Register<'m>, detail: RegisterDetail<'m>, title: &str) -> Result<Sheet<'m>, Diag> {
    let Register { month, pack, rule, statistic, .. } = register;
    let (columns, shown) = layout(month, statistic, &register.detail.shape)?;
    let mut sheet = Sheet::new(rule.head.title.as_str(), columns).landscape();
    wording::heading(&mut sheet, month, title);
    let stations = shown.iter().any(|show| matches!(show, Show::Station(..)));
    let stations = if stations { "    各站：收 = 收文，送 = 送出（月-日）" } else { "" };
    sheet.wide(format!("依据：{}    {}{stations}", statistic.clause, wording::conventions(month, &pack.id)), Style::Subtitle);
    let states = detail.shape.column(STATUS).is_ok();
    let (mut len, mut counts) = (0, [0_usize; STATES.len()]);
    detail.each(|part| {
        len += part.height();
        if states {
            count(&FrameColumn::new(part, STATUS)?, part.height(), &mut counts)
        }
        Ok(())
    })?;
    if len == 0 {
        sheet.headings();
        sheet.wide(if states { "本期没有在办或结案的案件。" } else { "本期没有可列的案件。" }, Style::Paragraph);
    } else {
        let each: Vec<String> = STATES.iter().zip(counts).map(|(state, count)| format!("{state} {count} 件")).collect();
        let each = if states { format!("：{}", each.join("，")) } else { String::new() };
        sheet.wide(format!("合计 {len} 件{each}"), Style::Subtitle);
        sheet.table(in_parts(detail, len, move |frame, visit| rows(&shown, frame, visit)));
    }
    sheet.fit();
    sheet.signatures("", &statistic.signatures);
    Ok(sheet)
}

fn layout<'m>(month: &'m Month<'m>, statistic: &Statistic, shape: &'m DataFrame) -> Result<(Vec<Column>, Vec<Show<'m>>), Diag> {
    let dataset = month.rules.dataset(&statistic.dataset).map(std::convert::AsRef::as_ref);
    let (mut columns, mut shown) = (Vec::new(), Vec::new());
    for name in shape.get_column_names().into_iter().map(|name| name.as_str()) {
        let has = |station: &str, ending: &str| shape.column(&format!("{station}{ending}")).is_ok();
        if name == SOURCE || name == ROW || station_of(name, SENT).is_some_and(|station| has(station, RECEIVED)) {
            continue;
        }
        if let Some(station) = station_of(name, RECEIVED).filter(|station| has(station, SENT)) {
            columns.push(Column::new(station, Style::Wrapped).at_most(16));
            shown.push(Show::Station(name, format!("{station}{SENT}")));
        } else if name == STATUS {
            columns.push(Column::new(name, Style::Text));
            shown.push(Show::Status);
        } else {
            let style = field_style(dataset, name).map_or_else(|| Ok(FrameColumn::new(shape, name)?.style()), Ok)?;
            columns.push(Column::new(name, if style == Style::Text { Style::Wrapped } else { style }).at_most(22));
            shown.push(Show::Plain(name));
        }
    }
    Ok((columns, shown))
}

/// The same, with one part's columns.
enum Source<'f> {
    Plain(FrameColumn<'f>),
    Status(FrameColumn<'f>),
    Station(FrameColumn<'f>, FrameColumn<'f>),
}

fn rows(shown: &[Show<'_>], frame: &DataFrame, visit: &mut RowVisit<'_>) -> Result<(), Diag> {
    let column = |name: &str| FrameColumn::new(frame, name);
    let sources = shown.iter().map(|show| {
        Ok(match show {
            Show::Plain(name) => Source::Plain(column(name)?),
            Show::Status => Source::Status(column(STATUS)?),
            Show::Station(received, sent) => Source::Station(column(received)?, column(sent)?),
        })
    });
    let sources: Vec<Source<'_>> = sources.collect::<Result<_, Diag>>()?;
    let mut values = Vec::new();
    for row in 0..frame.height() {
        values.clear();
        values.extend(sources.iter().map(|source| match source {
            Source::Plain(column) => column.get(row),
            Source::Status(column) => marked(column.get(row)),
            Source::Station(received, sent) => Value::text(station(&received.get(row), &sent.get(row))),
        }));
        visit(&values);
    }
    Ok(())
}

/// How many cases stand how.
fn count(states: &FrameColumn<'_>, rows: usize, counts: &mut [usize; STATES.len()]) {
    for row in 0..rows {
        if let Value::Text(state) = states.get(row)
            && let Some(at) = STATES.iter().position(|known| *known == state)
        {
            counts[at] += 1;
        }
    }
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
