//! A sheet as plain text, for the terminal and for tests that a person reads.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::sheet::{Cached, Cell, Sheet, Style, Value};
use super::width::display;
use crate::diag::Diag;
use crate::ledger::grouped;

/// What a spreadsheet program would show in the cell; a formula shows its value.
pub fn shown(value: &Value<'_>, style: Style) -> String {
    match value {
        Value::Blank => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Int(int) if style == Style::Month => format!("{:04}-{:02}", int / 100, int % 100),
        Value::Int(int) => number(Decimal::from(*int), style),
        Value::Number(decimal) => number(*decimal, style),
        Value::Date(date) if style == Style::MonthOf => date.format("%Y-%m").to_string(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Datetime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Value::Time(at) => at.format("%H:%M").to_string(),
        Value::Formula(formula) => match &formula.cached {
            Cached::Number(decimal) => number(*decimal, style),
            Cached::Text(text) => (*text).to_owned(),
        },
        Value::Link(link) => link.text.clone(),
    }
}

fn number(number: Decimal, style: Style) -> String {
    let half_up = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    match style {
        Style::Money => grouped(&format!("{:.2}", number.round_dp_with_strategy(2, half_up))),
        Style::Percent => format!("{:.2}%", (number * Decimal::ONE_HUNDRED).round_dp_with_strategy(2, half_up)),
        Style::Points => format!("{:.2}个百分点", number.round_dp_with_strategy(2, half_up)),
        Style::Days => format!("{:.1}", number.round_dp_with_strategy(1, half_up)),
        Style::Int => grouped(&number.round_dp_with_strategy(0, half_up).to_string()),
        _ => grouped(&number.round_dp_with_strategy(4, half_up).normalize().to_string()),
    }
}

/// The sheet as lines: its name, then each row with its cells side by side.
pub fn render(sheet: &Sheet<'_>) -> String {
    let mut rows: Vec<Vec<String>> = sheet.rows.iter().map(|row| texts(row)).collect();
    if let Some(body) = &sheet.body {
        let made = body.each(0..body.len, |_, values| {
            rows.push(values.iter().zip(&sheet.columns).map(|(value, column)| shown(value, column.style)).collect());
        });
        rows.extend(made.err().map(|fault| vec![fault.message]));
    }
    rows.extend(sheet.tail.iter().map(|row| texts(row)));
    if let Some(stack) = &sheet.stack {
        let made = stack.each(|_, form| {
            rows.extend(form.rows.iter().map(|row| texts(row)));
            Ok::<_, Diag>(())
        });
        rows.extend(made.err().map(|fault| vec![fault.message]));
    }
    let mut widths = vec![0; sheet.columns.len()];
    for row in rows.iter().filter(|row| row.len() > 1) {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(display(text));
        }
    }
    let mut out = format!("[{}]\n", sheet.name);
    for row in rows {
        let line = match row.as_slice() {
            [only] => only.clone(),
            cells => cells.iter().zip(&widths).map(|(text, width)| padded(text, *width)).collect::<Vec<_>>().join(" | "),
        };
        let _ = writeln!(out, "{}", line.trim_end());
    }
    for chart in &sheet.charts {
        let line = chart.line.as_ref().map(|line| format!("，{} {}", if line.joined { "线" } else { "点" }, line.name)).unwrap_or_default();
        let _ = writeln!(out, "〔图：{}，柱 {}{line}〕", chart.title, chart.bars.0);
    }
    out
}

fn texts(row: &[Cell<'_>]) -> Vec<String> {
    row.iter().map(|cell| shown(&cell.value, cell.style)).collect()
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display(text))))
}
