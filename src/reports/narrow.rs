//! Columns made narrower until a page that holds all of them can still be read: their texts take more lines instead.

use super::layout;
use super::sheet::{Column, Sheet, Style};
use super::width;

/// A column of texts is not made narrower than this.
const NARROWEST: usize = 10;
/// Percent of its width that a column keeps at least.
const SMALLEST: usize = 40;
/// Nobody prints a table of more rows.
const PRINTED: usize = 5_000;

/// First headings take two lines; then every column of texts gives up the same share of its width. `content`: what the columns
/// need below their headings.
pub fn narrow(sheet: &mut Sheet<'_>, content: &[usize]) {
    let long = sheet.body.as_ref().is_some_and(|body| body.len > PRINTED);
    if long || layout::is_legible(&sheet.columns, sheet.landscape) {
        return;
    }
    for (column, content) in sheet.columns.iter_mut().zip(content).filter(|(column, _)| !wraps(column) && !column.style.wraps()) {
        column.width = width::half_heading(&column.header).max(*content).min(column.width);
    }
    let full: Vec<usize> = sheet.columns.iter().map(|column| column.width).collect();
    for percent in (SMALLEST..100).rev().step_by(2) {
        for (column, full) in sheet.columns.iter_mut().zip(&full).filter(|(column, _)| wraps(column)) {
            let least = NARROWEST.max(column.least).max(width::half_heading(&column.header)).min(*full);
            column.width = (full * percent / 100).max(least);
        }
        if layout::is_legible(&sheet.columns, sheet.landscape) {
            break;
        }
    }
    for (column, full) in sheet.columns.iter_mut().zip(full) {
        if column.style == Style::Text && column.width < full {
            column.style = Style::Wrapped;
        }
    }
    wrap(sheet);
}

fn wraps(column: &Column) -> bool {
    matches!(column.style, Style::Text | Style::Wrapped | Style::Label)
}

/// Single cells of a column whose texts now wrap.
fn wrap(sheet: &mut Sheet<'_>) {
    let wrapped: Vec<bool> = sheet.columns.iter().map(|column| column.style == Style::Wrapped).collect();
    for at in 0..sheet.next_row() {
        let merges = sheet.merges_at(at).to_vec();
        let above = sheet.rows.len();
        let row = if at < above { &mut sheet.rows[at] } else { &mut sheet.tail[at - above] };
        for (column, cell) in row.iter_mut().enumerate() {
            let merged = merges.iter().any(|merge| merge.first <= column && column <= merge.last);
            if cell.style == Style::Text && !merged && wrapped.get(column) == Some(&true) {
                cell.style = Style::Wrapped;
            }
        }
    }
}
