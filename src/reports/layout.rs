//! How high rows are and how much of them goes on a page. Points, as on paper.

use super::sheet::{Column, Merge, Sheet, Style, Value};
use super::width;

/// A4 without its margins, upright.
const SHORT: f64 = 523.0;
const LONG: f64 = 755.0;
const LANDSCAPE_WIDE: f64 = 770.0;
const LANDSCAPE_HIGH: f64 = 508.0;
/// Of an empty row.
const USUAL: f64 = 15.0;
/// Points of the letters in a cell, and the fewest that can be read on paper.
const FULL: f64 = 11.0;
const LEAST: f64 = 7.0;
/// What programs and printers differ by.
const SURE: f64 = 0.95;

/// Points of a line of text.
fn line_height(style: Style) -> f64 {
    match style {
        Style::Title => 24.0,
        Style::Section => 17.0,
        Style::Sign => 32.0,
        Style::Note => 12.5,
        _ => 15.0,
    }
}

/// Points above and below.
fn room_around(style: Style) -> f64 {
    match style {
        Style::Title => 8.0,
        Style::Signature => 14.0,
        Style::Section => 6.0,
        Style::Note | Style::Subtitle => 2.0,
        _ => 4.0,
    }
}

/// Of a row with these cells; `None` leaves it at its usual height.
pub fn height<'v>(sheet: &Sheet<'_>, cells: impl Iterator<Item = (&'v Value<'v>, Style)>, merges: &[Merge]) -> Option<f64> {
    let mut height: f64 = 0.0;
    for (column, (value, style)) in cells.enumerate() {
        let last = merges.iter().find(|m| m.first == column).map_or(column, |m| m.last);
        let room = || sheet.columns.iter().skip(column).take(last + 1 - column).map(|c| c.width).sum();
        let lines = match value {
            Value::Text(text) if style.wraps() => width::lines(text, room()),
            Value::Link(link) => width::lines(&link.text, room()),
            _ => 1,
        };
        height = height.max(line_height(style) * lines as f64 + room_around(style));
    }
    (height > 0.0).then_some(height)
}

/// Of a row above the body.
pub fn row_height(sheet: &Sheet<'_>, row: usize) -> f64 {
    let cells = sheet.rows[row].iter().map(|cell| (&cell.value, cell.style));
    height(sheet, cells, sheet.merges_at(row)).unwrap_or(USUAL)
}

/// Of each row above the body.
pub fn heights(sheet: &Sheet<'_>) -> Vec<f64> {
    (0..sheet.rows.len()).map(|row| row_height(sheet, row)).collect()
}

/// How much of a sheet's rows a page takes, where the sheet is made small enough for its columns.
pub fn page_height(sheet: &Sheet<'_>) -> f64 {
    room(&sheet.columns, sheet.landscape) * SURE
}

/// Points of rows on a page that is made small enough for these columns, as programs and printers agree on it.
pub fn room(columns: &[Column], landscape: bool) -> f64 {
    let (wide, high) = if landscape { (LANDSCAPE_WIDE, LANDSCAPE_HIGH) } else { (SHORT, LONG) };
    high / (wide / needed(columns)).min(1.0)
}

/// A page that is made small enough for these columns still has letters of [`LEAST`] points.
pub fn is_legible(columns: &[Column], landscape: bool) -> bool {
    let wide = if landscape { LANDSCAPE_WIDE } else { SHORT };
    needed(columns) * LEAST <= wide * FULL
}

/// Eight pixels a character of 宋体 11 and five a cell, of which four are three points.
fn needed(columns: &[Column]) -> f64 {
    columns.iter().map(|column| (column.width * 8 + 5) as f64 * 0.75).sum()
}
