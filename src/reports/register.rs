//! 登记追踪表: every case that was open at some time in the period, with its stations.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::frame::{FrameColumn, Lists, RowVisit, field_style, in_parts};
use super::sheet::{ALERT, Column, LATE, Sheet, Style, Value};
use super::width::Widest;
use super::{Book, Month, wording};
use crate::diag::{Code, Diag};
use crate::evaluate::RegisterDetail;
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{Kind, SentTo, Statistic};
use crate::rules::{Pack, Rule};

const STATUS: &str = "状态";
/// Endings of the columns of a station.
const RECEIVED: &str = "收文";
const SENT: &str = "送出";
/// Room for one time at a station.
const TIME: usize = 12;
const STATES: [&str; 5] = ["在办", "在办逾期", "已结", "逾期结案", "无法判定"];

/// How columns of the detail become columns of the sheet.
enum Show<'m> {
    Plain(&'m str),
    Status,
    /// In and out of one desk, a line each time, in one narrow cell: twelve days side by side would not fit on paper.
    Station(&'m str, String),
}

/// A register of the month.
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

/// One book a register, with what each department gets of it: the rows that name it.
///
/// # Errors
/// A register that is divided cannot be made.
pub fn books<'m>(month: &'m Month<'m>) -> Result<Vec<Book<'m>>, Diag> {
    registers(month).map(book).collect()
}

fn book<'m>(register: Register<'m>) -> Result<Book<'m>, Diag> {
    let title = &register.rule.head.title;
    let (mut shares, mut whole) = (Vec::new(), None);
    for field in register.statistic.send.iter().filter_map(SentTo::field) {
        let surveys = Survey::by(&register, Some(field))?;
        whole = surveys.values().cloned().reduce(Survey::and);
        for (unit, survey) in surveys.into_iter().filter(|(unit, _)| !unit.is_empty()) {
            let (detail, heading) = (register.detail.only(field, &unit), format!("{title} · {unit}"));
            shares.push((unit, Book::new(title, move || Ok(vec![sheet(register, detail.clone(), &survey, &heading)?]))));
        }
    }
    let whole = move || match &whole {
        Some(survey) => Ok(survey.clone()),
        None => Ok(Survey::by(&register, None)?.into_values().reduce(Survey::and).unwrap_or_default()),
    };
    let book = Book::new(title, move || Ok(vec![sheet(register, register.detail.clone(), &whole()?, title)?]));
    Ok(book.sent_to(&register.statistic.send).divided(shares))
}

/// What is to be known of rows before the first of them is written.
#[derive(Clone, Default)]
struct Survey {
    len: usize,
    /// How many cases stand how.
    counts: [usize; STATES.len()],
    widest: Widest,
}

impl Survey {
    /// By what a field holds; without one, and where it holds nothing, of all under an empty name.
    fn by(register: &Register<'_>, field: Option<&str>) -> Result<BTreeMap<String, Self>, Diag> {
        let (columns, shown) = layout(register.month, register.statistic, &register.detail.shape)?;
        let styles: Vec<Style> = columns.iter().map(|column| column.style).collect();
        let mut surveys: BTreeMap<String, Self> = BTreeMap::new();
        register.detail.each(|part| {
            let named = field.map(|field| FrameColumn::new(part, field)).transpose()?;
            let states = part.column(STATUS).is_ok().then(|| FrameColumn::new(part, STATUS)).transpose()?;
            let mut row = 0;
            rows(&shown, part, &mut |values| {
                let name = match named.as_ref().map(|named| named.get(row)) {
                    Some(Value::Text(name)) => name,
                    _ => "".into(),
                };
                if !surveys.contains_key(name.as_ref()) {
                    surveys.insert(name.clone().into_owned(), Self { widest: Widest::new(&styles), ..Self::default() });
                }
                if let Some(survey) = surveys.get_mut(name.as_ref()) {
                    survey.len += 1;
                    survey.widest.see(values);
                    if let Some(Value::Text(state)) = states.as_ref().map(|states| states.get(row))
                        && let Some(at) = STATES.iter().position(|known| *known == state)
                    {
                        survey.counts[at] += 1;
                    }
                }
                row += 1;
            })
        })?;
        Ok(surveys)
    }

    fn and(mut self, other: Self) -> Self {
        self.len += other.len;
        self.counts.iter_mut().zip(other.counts).for_each(|(own, other)| *own += other);
        self.widest.merge(&other.widest);
        self
    }
}

fn sheet<'m>(register: Register<'m>, detail: RegisterDetail<'m>, survey: &Survey, title: &str) -> Result<Sheet<'m>, Diag> {
    let Register { month, pack, rule, statistic, .. } = register;
    let (columns, shown) = layout(month, statistic, &register.detail.shape)?;
    let (columns, shown, widths) = visited(columns, shown, survey.widest.widths());
    let mut sheet = Sheet::new(rule.head.title.as_str(), columns).landscape();
    wording::heading(&mut sheet, month, title);
    let stations = shown.iter().any(|show| matches!(show, Show::Station(..)));
    let stations = if stations { "    各站：收文日→送出日，每到一次一行" } else { "" };
    sheet.wide(format!("依据：{}    {}{stations}", statistic.clause, wording::conventions(month, &pack.id)), Style::Subtitle);
    let states = detail.shape.column(STATUS).is_ok();
    let Survey { len, counts, .. } = survey;
    if *len == 0 {
        sheet.headings();
        sheet.wide(if states { "本期没有在办或结案的案件。" } else { "本期没有可列的案件。" }, Style::Paragraph);
    } else {
        let each: Vec<String> = STATES.iter().zip(counts).map(|(state, count)| format!("{state} {count} 件")).collect();
        let each = if states { format!("：{}", each.join("，")) } else { String::new() };
        sheet.wide(format!("合计 {len} 件{each}"), Style::Subtitle);
        let body = in_parts(detail, *len, move |frame, visit| rows(&shown, frame, visit));
        sheet.table(body.with_widths(widths));
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
            columns.push(Column::new(station, Style::Wrapped).at_least(TIME).at_most(TIME));
            shown.push(Show::Station(name, format!("{station}{SENT}")));
        } else if name == STATUS {
            columns.push(Column::new(name, Style::Text));
            shown.push(Show::Status);
        } else {
            let style = field_style(dataset, name).map_or_else(|| Ok(FrameColumn::new(shape, name)?.style()), Ok)?;
            columns.push(Column::new(name, if style == Style::Text { Style::Wrapped } else { style }).with_unit().at_most(22));
            shown.push(Show::Plain(name));
        }
    }
    Ok((columns, shown))
}

/// Without the stations that none of the cases came to.
fn visited<'m>(columns: Vec<Column>, shown: Vec<Show<'m>>, widths: Vec<usize>) -> (Vec<Column>, Vec<Show<'m>>, Vec<usize>) {
    if widths.len() != columns.len() {
        return (columns, shown, widths);
    }
    let all = columns.into_iter().zip(shown).zip(widths);
    let kept = all.filter(|((_, show), width)| !matches!(show, Show::Station(..)) || *width > 0);
    let (pairs, widths): (Vec<(Column, Show<'m>)>, Vec<usize>) = kept.unzip();
    let (columns, shown) = pairs.into_iter().unzip();
    (columns, shown, widths)
}

/// The same, with one part's columns.
enum Source<'f> {
    Plain(FrameColumn<'f>),
    Status(FrameColumn<'f>),
    Station([(&'f Lists, FrameColumn<'f>); 2]),
}

fn rows(shown: &[Show<'_>], frame: &DataFrame, visit: &mut RowVisit<'_>) -> Result<(), Diag> {
    let column = |name: &str| FrameColumn::new(frame, name);
    let stations = shown.iter().flat_map(|show| match show {
        Show::Station(received, sent) => vec![*received, sent.as_str()],
        _ => Vec::new(),
    });
    let lists: Vec<Lists> = stations.map(|name| Lists::new(frame, name)).collect::<Result<_, Diag>>()?;
    let mut moments = lists.chunks_exact(2);
    let sources = shown.iter().map(|show| {
        Ok(match show {
            Show::Plain(name) => Source::Plain(column(name)?),
            Show::Status => Source::Status(column(STATUS)?),
            Show::Station(..) => match moments.next() {
                Some([received, sent]) => {
                    Source::Station([(received, FrameColumn::of(&received.values)?), (sent, FrameColumn::of(&sent.values)?)])
                }
                _ => return Err(Diag::error(Code::RuleFault, "登记表的站没有收文、送出两列")),
            },
        })
    });
    let sources: Vec<Source<'_>> = sources.collect::<Result<_, Diag>>()?;
    let mut values = Vec::new();
    for row in 0..frame.height() {
        values.clear();
        values.extend(sources.iter().map(|source| match source {
            Source::Plain(column) => column.get(row),
            Source::Status(column) => marked(column.get(row)),
            Source::Station([received, sent]) => {
                let times = received.0.of(row).zip(sent.0.of(row));
                let lines = times.map(|(came, left)| time(&received.1.get(came), &sent.1.get(left)));
                Value::text(lines.collect::<Vec<_>>().join("\n"))
            }
        }));
        visit(&values);
    }
    Ok(())
}

/// Seen without colour, too.
fn marked(state: Value<'_>) -> Value<'_> {
    match &state {
        Value::Text(word) if word == "在办逾期" => Value::text(format!("{ALERT} {word}")),
        Value::Text(word) if word == "逾期结案" => Value::text(format!("{LATE} {word}")),
        Value::Text(word) if word == "已结" => Value::text(format!("√ {word}")),
        Value::Text(word) if word == "在办" => Value::text(format!("○ {word}")),
        _ => state,
    }
}

fn station_of<'n>(column: &'n str, ending: &str) -> Option<&'n str> {
    column.strip_suffix(ending).filter(|station| !station.is_empty())
}

/// `10-02→10-05`: the month's days; the time of day is told with the stations' times.
fn time(received: &Value<'_>, sent: &Value<'_>) -> String {
    format!("{}→{}", day(received).unwrap_or_default(), day(sent).unwrap_or_default())
}

fn day(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Date(date) => Some(date.format("%m-%d").to_string()),
        Value::Datetime(at) => Some(at.format("%m-%d").to_string()),
        _ => None,
    }
}
