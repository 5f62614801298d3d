//! Display width of texts, and widths and heights that follow from it: a Chinese character is two columns wide.

use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

use super::sheet::{Cached, Cell, Sheet, Stream, Style, Value};
use super::{narrow, text};

/// Columns that a text takes in a fixed font.
pub fn display(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { UnicodeWidthStr::width(text) }
}

/// Room at both sides of a cell's text.
const PADDING: usize = 2;
const NARROWEST: usize = 6;
const TITLE_POINTS: usize = 16;
const BODY_POINTS: usize = 11;

/// Columns of text that surely go on a line of a cell.
pub fn room(width: usize) -> usize {
    // a character is eleven points wide where a column is twelve; the end of a line that may not break there stays empty
    (width * 12 / 11).saturating_sub(1).max(1)
}

/// Lines that a text takes in a cell of `width` columns.
pub fn lines(text: &str, width: usize) -> usize {
    let room = room(width);
    text.split('\n').map(|line| display(line).div_ceil(room).max(1)).sum()
}

/// Widths of all columns of a sheet from headings, single cells and every row of the body. Texts that are merged across
/// columns and texts that wrap do not widen a column beyond its limit.
pub fn fit(sheet: &mut Sheet<'_>) {
    let mut widest: Vec<usize> = sheet.columns.iter().map(|c| c.width.max(NARROWEST)).collect();
    // what the headings do not need
    let mut content: Vec<usize> = sheet.columns.iter().map(|c| c.least.max(NARROWEST)).collect();
    let mut note = |column: usize, width: usize, is_heading: bool| {
        for widest in [Some(&mut widest), Some(&mut content).filter(|_| !is_heading)].into_iter().flatten() {
            if let Some(widest) = widest.get_mut(column) {
                *widest = (*widest).max(width);
            }
        }
    };
    for (at, row) in sheet.rows.iter().chain(&sheet.tail).enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let merged = sheet.merges_at(at).iter().any(|m| m.first <= column && column <= m.last);
            if !merged {
                note(column, cell_width(cell), cell.style == Style::Header);
            }
        }
    }
    if let Some(body) = &sheet.body {
        let styles: Vec<Style> = sheet.columns.iter().map(|c| c.style).collect();
        for (column, width) in body.widths.get_or_init(|| body_widths(body, &styles)).iter().enumerate() {
            note(column, *width, false);
        }
    }
    for (column, width) in sheet.columns.iter_mut().zip(widest) {
        let heading = longest_word(&column.header);
        column.width = width.min(column.most).max(heading.min(column.most)).max(column.width);
    }
    narrow::narrow(sheet, &content);
    room_for_title(sheet);
}

/// A title stands across all columns and does not wrap: where they are too few for it, all of them are widened.
fn room_for_title(sheet: &mut Sheet<'_>) {
    let titles = sheet.rows.iter().flatten().filter(|cell| cell.style == Style::Title);
    let widest = titles.filter_map(|cell| if let Value::Text(text) = &cell.value { Some(display(text)) } else { None }).max();
    let needed = (widest.unwrap_or(0) * TITLE_POINTS).div_ceil(BODY_POINTS);
    let room: usize = sheet.columns.iter().map(|column| column.width).sum();
    let more = needed.saturating_sub(room).div_ceil(sheet.columns.len().max(1));
    sheet.columns.iter_mut().for_each(|column| column.width += more);
}

/// Of every row. What cannot be made is told when the sheet is written.
fn body_widths(body: &Stream<'_>, styles: &[Style]) -> Vec<usize> {
    let mut widest = Widest::new(styles);
    let looked_at = body.each(0..body.len, |_, values| widest.see(values));
    if looked_at.is_err() { Vec::new() } else { widest.widths() }
}

/// The widest value of each column of the rows that it is shown.
#[derive(Clone, Default)]
pub struct Widest(Vec<WidestOf>);

#[derive(Clone)]
struct WidestOf {
    style: Style,
    width: usize,
    low: Decimal,
    high: Decimal,
}

impl Widest {
    pub fn new(styles: &[Style]) -> Self {
        Self(styles.iter().map(|style| WidestOf { style: *style, width: 0, low: Decimal::ZERO, high: Decimal::ZERO }).collect())
    }

    pub fn see(&mut self, row: &[Value<'_>]) {
        self.0.iter_mut().zip(row).for_each(|(column, value)| column.see(value));
    }

    /// Of the rows that either has seen.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            own.width = own.width.max(other.width);
            own.among(other.low);
            own.among(other.high);
        }
    }

    pub fn widths(&self) -> Vec<usize> {
        let of = |column: &WidestOf| {
            [column.low, column.high].into_iter().map(|number| number_width(number, column.style)).fold(column.width, usize::max)
        };
        self.0.iter().map(of).collect()
    }
}

impl WidestOf {
    fn see(&mut self, value: &Value<'_>) {
        let width = match value {
            // a Chinese character is three bytes and two columns: a shorter text cannot be wider
            Value::Text(text) if text.len() + PADDING <= self.width => 0,
            Value::Text(text) => display(text) + PADDING,
            Value::Blank => 0,
            Value::Number(number) => return self.among(*number),
            Value::Int(int) if self.style != Style::Month => return self.among((*int).into()),
            Value::Date(_) => "2026-10-31".len() + PADDING,
            Value::Datetime(_) => "2026-10-31 09:05".len() + PADDING,
            Value::Time(_) => "09:05".len() + PADDING,
            other => display(&text::shown(other, self.style)) + PADDING,
        };
        self.width = self.width.max(width);
    }

    fn among(&mut self, number: Decimal) {
        (self.low, self.high) = (self.low.min(number), self.high.max(number));
    }
}

/// Where there is need a heading takes two lines, however short it is.
pub fn half_heading(header: &str) -> usize {
    display(header).div_ceil(2) + PADDING
}

/// A heading may wrap, but not into more than two lines.
fn longest_word(header: &str) -> usize {
    let width = display(header);
    if width > 12 { width.div_ceil(2) + PADDING + 1 } else { width + PADDING }
}

fn cell_width(cell: &Cell<'_>) -> usize {
    match &cell.value {
        Value::Blank => 0,
        Value::Text(text) if cell.style == Style::Header => longest_word(text),
        Value::Number(number) => number_width(*number, cell.style),
        Value::Formula(formula) => match &formula.cached {
            Cached::Number(number) => number_width(*number, cell.style),
            Cached::Text(text) => display(text) + PADDING,
        },
        other => display(&text::shown(other, cell.style)) + PADDING,
    }
}

/// All four digits that `Quantity` may show are allowed for.
fn number_width(number: Decimal, style: Style) -> usize {
    if number.is_zero() { 0 } else { display(&text::shown(&Value::Number(number), style)) + PADDING }
}
