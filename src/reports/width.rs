//! Display width of texts, and widths and heights that follow from it: a Chinese character is two columns wide.

use rust_decimal::Decimal;
use unicode_width::UnicodeWidthStr;

use super::sheet::{Cached, Cell, Sheet, Stream, Style, Value};
use super::text;

/// Columns that a text takes in a fixed font.
pub fn display(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { UnicodeWidthStr::width(text) }
}

/// Room at both sides of a cell's text.
const PADDING: usize = 2;
const NARROWEST: usize = 6;
const TITLE_POINTS: usize = 16;
const BODY_POINTS: usize = 11;

/// Lines that a text takes in a cell of `width` columns.
pub fn lines(text: &str, width: usize) -> usize {
    // a character is eleven points wide where a column is twelve; the end of a line that may not break there stays empty
    let room = (width * 12 / 11).saturating_sub(1).max(1);
    text.split('\n').map(|line| display(line).div_ceil(room).max(1)).sum()
}

/// Widths of all columns of a sheet from headings, single cells and every row of the body. Texts that are merged across
/// columns and texts that wrap do not widen a column beyond its limit.
pub fn fit(sheet: &mut Sheet<'_>) {
    let mut widest: Vec<usize> = sheet.columns.iter().map(|c| c.width.max(NARROWEST)).collect();
    let mut note = |column: usize, width: usize| {
        if let Some(widest) = widest.get_mut(column) {
            *widest = (*widest).max(width);
        }
    };
    for (at, row) in sheet.rows.iter().chain(&sheet.tail).enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let merged = sheet.merges_at(at).iter().any(|m| m.first <= column && column <= m.last);
            if !merged {
                note(column, cell_width(cell));
            }
        }
    }
    if let Some(body) = &sheet.body {
        let styles: Vec<Style> = sheet.columns.iter().map(|c| c.style).collect();
        for (column, width) in body.widths.get_or_init(|| body_widths(body, &styles)).iter().enumerate() {
            note(column, *width);
        }
    }
    for (column, width) in sheet.columns.iter_mut().zip(widest) {
        let heading = longest_word(&column.header);
        column.width = width.min(column.most).max(heading.min(column.most)).max(column.width);
    }
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
    let mut widest = vec![0; styles.len()];
    let mut numbers: Vec<(Decimal, Decimal)> = vec![Default::default(); styles.len()];
    let looked_at = body.each(0..body.len, |_, values| {
        for (column, value) in values.iter().enumerate().take(styles.len()) {
            match value {
                // a Chinese character is three bytes and two columns: a shorter text cannot be wider
                Value::Text(text) if text.len() + PADDING > widest[column] => {
                    widest[column] = widest[column].max(display(text) + PADDING);
                }
                Value::Text(_) | Value::Blank => {}
                Value::Number(number) => extremes(&mut numbers[column], *number),
                Value::Int(int) if styles[column] != Style::Month => extremes(&mut numbers[column], (*int).into()),
                Value::Date(_) => widest[column] = widest[column].max("2026-10-31".len() + PADDING),
                Value::Datetime(_) => widest[column] = widest[column].max("2026-10-31 09:05".len() + PADDING),
                Value::Time(_) => widest[column] = widest[column].max("09:05".len() + PADDING),
                other => widest[column] = widest[column].max(display(&text::shown(other, styles[column])) + PADDING),
            }
        }
    });
    if looked_at.is_err() {
        return Vec::new();
    }
    for (column, (low, high)) in numbers.into_iter().enumerate() {
        for number in [low, high] {
            widest[column] = widest[column].max(number_width(number, styles[column]));
        }
    }
    widest
}

fn extremes((low, high): &mut (Decimal, Decimal), number: Decimal) {
    (*low, *high) = ((*low).min(number), (*high).max(number));
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
