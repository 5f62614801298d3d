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

#[cfg(test)]
mod tests {
    use super::super::sheet::Stream;
    use super::*;
    use crate::reports::sheet::Value;

    fn fitted(rows: usize) -> Sheet<'static> {
        let styles = [Style::Wrapped, Style::Text, Style::Date];
        let columns = (0..24).map(|at| Column::new("处理方式与结果", styles[at % 3])).collect();
        let mut sheet = Sheet::new("明细", columns).landscape();
        sheet.table(Stream::new(rows, |_, values| values.extend((0..24).map(|_| Value::text("一二三四五六七八九十一二三四五六七八九十")))));
        sheet.fit();
        sheet
    }

    #[test]
    fn texts_give_way_and_dates_keep_their_line() {
        let sheet = fitted(3);
        assert!(sheet.columns.iter().all(|column| column.style != Style::Text), "what is narrower than its text wraps");
        assert!(sheet.columns[0].width < 42 && sheet.columns[0].width >= NARROWEST, "{}", sheet.columns[0].width);
        assert_eq!(sheet.columns[2].width, 42, "its values do not wrap");
    }

    #[test]
    fn what_nobody_prints_keeps_its_widths() {
        assert_eq!(fitted(PRINTED + 1).columns[1].width, 42);
    }
}
