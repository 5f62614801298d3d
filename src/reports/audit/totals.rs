//! `控制总数`: where every row of every sheet went.

use super::TITLE;
use crate::normalise::ControlTotal;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, wording};

pub fn sheet<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("文件", Style::Wrapped).at_least(24).at_most(60),
        Column::new("工作表", Style::Text),
        Column::new("数据表", Style::Text),
        Column::new("读入行", Style::Int),
        Column::new("采用", Style::Int),
        Column::new("拒收", Style::Int),
        Column::new("重复", Style::Int),
        Column::new("标题合计等", Style::Int),
        Column::new("未识别", Style::Int),
        Column::new("勾稽", Style::Centre),
    ];
    let mut sheet = Sheet::new("控制总数", columns).landscape().about("每个文件每张工作表读入的行去了哪里");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 控制总数"));
    sheet.wide("勾稽：读入行 = 采用 + 拒收 + 重复 + 标题合计等 + 未识别。拒收的行在《待修正》，重复的行在「重复」。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let first = sheet.next_row();
    for total in &month.input.totals {
        let source = month.input.tables.source(total.source);
        let names = [
            source.map_or("", |s| month.shown_file(&s.file)),
            source.map_or("", |s| s.sheet.as_str()),
            total.dataset.as_deref().unwrap_or("（未采用）"),
        ];
        line(&mut sheet, names, total, None);
    }
    let mut sum = ControlTotal::default();
    for total in &month.input.totals {
        sum.read += total.read;
        sum.used += total.used;
        sum.rejected += total.rejected;
        sum.duplicate += total.duplicate;
        sum.furniture += total.furniture;
        sum.unrecognised += total.unrecognised;
    }
    if !month.input.totals.is_empty() {
        line(&mut sheet, ["合计", "", ""], &sum, Some(first));
    }
    sheet
}

/// `first`: the line is the sum from that row down to here.
fn line<'m>(sheet: &mut Sheet<'m>, names: [&'m str; 3], total: &ControlTotal, first: Option<usize>) {
    let row = sheet.next_row() + 1;
    let numbers = [total.read, total.used, total.rejected, total.duplicate, total.furniture, total.unrecognised];
    let mut values: Vec<Value<'m>> = names.into_iter().map(Value::text).collect();
    for (letter, number) in ('D'..='I').zip(numbers) {
        values.push(match first {
            Some(first) => Value::formula(format!("SUM({letter}{}:{letter}{})", first + 1, row - 1), Cached::Number(number.into())),
            None => Value::count(number),
        });
    }
    let verdict = if total.balances() { "√ 平" } else { "× 不平" };
    values.push(Value::formula(format!("IF(D{row}=SUM(E{row}:I{row}),\"√ 平\",\"× 不平\")"), Cached::Text(verdict)));
    let strong = first.is_some() || !total.balances();
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell { value, style: column.style, strong }).collect();
    sheet.push(cells);
}
