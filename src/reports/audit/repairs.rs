//! `修复清单`: what was read otherwise than it stood there. By file, field and reason first; then each cell, which is
//! long and stays on the screen.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::sources::{finish, names, start};
use crate::reports::formulas::Rows;
use crate::reports::sheet::{Cached, Cell, Column, Merge, Sheet, Stream, Style, Value};
use crate::reports::{Month, text};

/// So many cells are printed as an example of the list.
const PRINTED: usize = 30;
/// Lines of the sums, which go on one page; the fewest repairs are put together.
const MOST: usize = 24;
/// Columns of the list that the sums go by, and where the sums have them.
const KEYS: [(usize, usize); 4] = [(0, 0), (1, 1), (3, 3), (6, REASON)];
/// Columns of the sums, of which the last runs to the sheet's edge.
const COUNT: usize = 2;
const REASON: usize = 4;
const LAST: usize = 6;

pub fn sheet<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("文件", Style::Text).at_least(22),
        Column::new("工作表", Style::Text),
        Column::new("单元格", Style::Centre),
        Column::new("字段", Style::Text),
        Column::new("原来", Style::Text).at_most(40),
        Column::new("读作", Style::Text).at_most(40),
        Column::new("原因", Style::Text),
    ];
    let (count, listed) = (month.input.repair_count, month.input.repairs.len());
    let kept = if (listed as u64) < count { format!("，下面只列前 {listed} 处") } else { String::new() };
    let printed =
        if listed > PRINTED { format!("打印只含小计和前 {PRINTED} 处，其余在屏幕上看。") } else { String::new() };
    let mut sheet = start(month, "修复清单", columns, &format!("共修复 {count} 处{kept}。{printed}"));
    if listed > 0 {
        sums(&mut sheet, month);
    }
    sheet.printed = Some(PRINTED);
    finish(
        sheet,
        Stream::new(listed, move |row, values| {
            let repair = &month.input.repairs[row];
            values.extend(names(month, repair.source));
            values.extend([
                Value::text(repair.cell.to_string()),
                Value::text(repair.field.as_str()),
                Value::text(repair.before.as_str()),
                Value::text(repair.after.as_str()),
                Value::text(repair.reason),
            ]);
        }),
    )
}

/// How many of the listed cells, by file, sheet, field and reason.
fn sums(sheet: &mut Sheet<'_>, month: &Month<'_>) {
    let repairs = &month.input.repairs;
    let mut by: BTreeMap<(u32, &str, &str), u64> = BTreeMap::new();
    for repair in repairs {
        *by.entry((repair.source, repair.field.as_str(), repair.reason)).or_default() += 1;
    }
    let mut lines: Vec<_> = by.into_iter().collect();
    lines.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let rest = lines.split_off(lines.len().min(MOST));
    lines.sort();
    let heading = ["文件", "工作表", "处数", "字段", "原因", "", ""];
    sheet.merges.push(Merge { row: sheet.next_row(), first: REASON, last: LAST });
    sheet.push(heading.map(|title| Cell::text(title, Style::Header)).to_vec());
    // the list begins below the sums, what was put together, their total, a blank row and its own headings
    let first = sheet.next_row() + lines.len() + usize::from(!rest.is_empty()) + 3 + 1;
    let rows = Rows { first, last: first + repairs.len() - 1 };
    let live = repairs.len() <= month.formula_rows;
    let figure = |formula: String, count: u64| {
        let count = Decimal::from(count);
        if live { Value::formula(formula, Cached::Number(count)) } else { Value::Number(count) }
    };
    let letter = |column: usize| crate::diag::column_letters(column as u32);
    let sum = |top: usize, last: usize| format!("SUM({0}{top}:{0}{last})", letter(COUNT));
    let top = sheet.next_row() + 1;
    for ((source, field, reason), count) in &lines {
        let row = sheet.next_row() + 1;
        let same = KEYS.map(|(column, at)| rows.same(column, &format!("${}{row}", letter(at))));
        let [file, page] = names(month, *source).map(|name| text::shown(&name, Style::Text));
        line(sheet, [file, page, (*field).to_owned(), (*reason).to_owned()], figure(rows.count(&same), *count), false);
    }
    let left: u64 = rest.iter().map(|(_, count)| count).sum();
    let last = sheet.next_row();
    if !rest.is_empty() {
        let formula = format!("{}-{}", repairs.len(), sum(top, last));
        line(sheet, [format!("其余 {} 项", rest.len()), String::new(), String::new(), String::new()], figure(formula, left), false);
    }
    let formula = sum(top, sheet.next_row());
    line(sheet, ["合计", "", "", ""].map(str::to_owned), figure(formula, repairs.len() as u64), true);
    sheet.blank();
    // the headings of the list are repeated on its own pages alone
    if lines.len() + repairs.len().min(PRINTED) > MOST {
        sheet.breaks.push(sheet.next_row());
    }
}

fn line(sheet: &mut Sheet<'_>, [file, page, field, reason]: [String; 4], count: Value<'static>, strong: bool) {
    let row = sheet.next_row();
    sheet.merges.push(Merge { row, first: REASON, last: LAST });
    let mut values = [file, page, String::new(), field, reason, String::new(), String::new()].map(Value::text);
    values[COUNT] = count;
    let style = |at: usize| if at == COUNT { Style::Int } else { Style::Text };
    sheet.push(values.into_iter().enumerate().map(|(at, value)| Cell { value, style: style(at), strong }).collect());
}
