//! A form on paper: a page a copy, then the appendix.

use rust_decimal::Decimal;

use super::content::{Content, Explanation};
use crate::reports::capitals::capitals;
use crate::reports::sheet::{Cached, Cell, Merge, Sheet, Style, Value};

/// Columns that the name of a fact in the appendix takes.
const NAMES: usize = 2;

/// The form once for each mark, each on a page of its own. `above`: rows that will stand above it on the same sheet.
pub fn sheet<'m>(content: &Content<'m>, marks: &[String], above: usize) -> Sheet<'m> {
    let mut sheet = Sheet::new(content.recipient, content.columns.clone());
    for mark in marks {
        if sheet.next_row() > 0 {
            sheet.breaks.push(sheet.next_row());
        }
        copy(&mut sheet, content, mark, above);
    }
    if !content.cases.is_empty() {
        if sheet.next_row() > 0 {
            sheet.breaks.push(sheet.next_row());
        }
        appendix(&mut sheet, content);
    }
    // with one page only, its headings can be repeated where it runs on
    if marks.len() > 1 || !content.cases.is_empty() {
        (sheet.header, sheet.freeze) = (None, None);
    }
    sheet
}

fn copy<'m>(sheet: &mut Sheet<'m>, content: &Content<'m>, mark: &str, above: usize) {
    top(sheet, mark, content.stamp.unwrap_or_default());
    sheet.wide(content.company, Style::Subtitle);
    sheet.wide(content.form, Style::Title);
    let mut heading = vec![format!("编号：{}", content.number)];
    if !content.recipient.is_empty() {
        heading.push(format!("{}：{}", content.addressed, content.recipient));
    }
    if !content.unit.is_empty() && content.unit != content.recipient {
        heading.push(format!("部门：{}", content.unit));
    }
    heading.extend([format!("期间：{}", content.period), format!("日期：{}", content.date.format("%Y 年 %-m 月 %-d 日"))]);
    sheet.wide(heading.join("    "), Style::Paragraph);
    if !content.body.is_empty() {
        sheet.wide(content.body, Style::Paragraph);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let mut spans = Vec::new();
    for block in content.blocks.iter() {
        if !block.title.is_empty() {
            sheet.wide(format!("{}（{} 件）", block.title, block.lines.len()), Style::Section);
        }
        let first = sheet.next_row();
        for line in &block.lines {
            let cells = line.iter().cloned().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
            sheet.push(cells);
        }
        spans.push((above + first, above + sheet.next_row()));
    }
    match (content.amount, content.total) {
        (Some(column), Some(total)) => {
            sum(sheet, column, total, &spans);
            sheet.fit();
            sheet.wide(format!("人民币（大写）：{}", capitals(total)), Style::Section);
        }
        _ => {
            sheet.fit();
            sheet.wide(format!("合计 {} 件。", content.lines().count()), Style::Paragraph);
        }
    }
    sheet.wide(format!("依据：{}", content.clauses), Style::Note);
    for remark in &content.remarks {
        sheet.wide(remark.clone(), Style::Note);
    }
    sheet.signatures("", content.signatures);
}

/// Which copy it is on the left, whether it holds yet on the right.
fn top(sheet: &mut Sheet<'_>, mark: &str, stamp: &'static str) {
    if mark.is_empty() && stamp.is_empty() {
        return;
    }
    let (row, last) = (sheet.next_row(), sheet.columns.len().saturating_sub(1));
    let half = last / 2;
    let mut cells = vec![Cell::text(mark.to_owned(), Style::Mark)];
    cells.resize(half + 1, Cell::new(Value::Blank, Style::Mark));
    cells.push(Cell::text(stamp, Style::Stamp));
    sheet.push(cells);
    for (first, last) in [(0, half), (half + 1, last)] {
        if first < last {
            sheet.merges.push(Merge { row, first, last });
        }
    }
}

/// Sum of the lines as a formula; its value is the form's own total.
fn sum(sheet: &mut Sheet<'_>, column: usize, total: Decimal, spans: &[(usize, usize)]) {
    let letter = crate::diag::column_letters(column as u32);
    let ranges: Vec<String> =
        spans.iter().filter(|(first, end)| first < end).map(|(first, end)| format!("{letter}{}:{letter}{end}", first + 1)).collect();
    let value = match ranges.is_empty() {
        true => Value::Number(total),
        false => Value::formula(format!("ROUND(SUM({}),2)", ranges.join(",")), Cached::Number(total)),
    };
    let row = sheet.next_row();
    let mut cells: Vec<Cell<'_>> = vec![Cell::text("合计", Style::Label)];
    cells.extend((1..column).map(|_| Cell::new(Value::Blank, Style::Label)));
    cells.push(Cell::new(value, Style::Money).strong());
    sheet.push(cells);
    if column > 1 {
        sheet.merges.push(Merge { row, first: 0, last: column - 1 });
    }
}

fn appendix(sheet: &mut Sheet<'_>, content: &Content<'_>) {
    sheet.wide(format!("{} 附页：逐案说明", content.form), Style::Title);
    sheet.wide(format!("编号：{}    {}", content.number, content.recipient), Style::Subtitle);
    for (at, case) in content.cases.iter().enumerate() {
        explanation(sheet, at + 1, case);
    }
    if content.unexplained > 0 {
        sheet.wide(format!("另有 {} 件没有列在附页，用 kesu explain 编号 查看。", content.unexplained), Style::Note);
    }
}

fn explanation(sheet: &mut Sheet<'_>, number: usize, case: &Explanation) {
    sheet.wide(format!("{number}. {}", case.heading), Style::Section);
    let last = sheet.columns.len().saturating_sub(1);
    for (name, words) in &case.facts {
        let row = sheet.next_row();
        let mut cells = vec![Cell::text(*name, Style::Label)];
        cells.resize(NAMES.min(last), Cell::new(Value::Blank, Style::Label));
        cells.push(Cell::text(words.clone(), Style::Wrapped));
        cells.resize(last + 1, Cell::new(Value::Blank, Style::Wrapped));
        sheet.push(cells);
        for (first, last) in [(0, NAMES - 1), (NAMES, last)] {
            if first < last {
                sheet.merges.push(Merge { row, first, last });
            }
        }
    }
}
