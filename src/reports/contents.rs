//! `目录`: the sheets of a book with links to them.

use super::sheet::{Cell, Column, Sheet, Style, Value};
use super::{Month, wording, xlsx};

pub const NAME: &str = "目录";

/// Puts the contents in front of several sheets that have none yet.
pub fn put<'m>(month: &Month<'_>, title: &str, sheets: &mut Vec<Sheet<'m>>) {
    if sheets.len() < 2 || sheets[0].name == NAME {
        return;
    }
    let names = xlsx::sheet_names(std::iter::once(NAME).chain(sheets.iter().map(|sheet| sheet.name.as_str())));
    let columns = vec![
        Column::new("序", Style::Centre),
        Column::new("工作表", Style::Text).at_least(20),
        Column::new("内容", Style::Wrapped).at_least(48).at_most(60),
        Column::new("行数", Style::Int).at_least(10),
    ];
    let mut contents = Sheet::new(NAME, columns);
    wording::heading(&mut contents, month, &format!("{title} · {NAME}"));
    contents.wide("点「工作表」一栏可以转到该表。", Style::Note);
    contents.headings();
    for (at, sheet) in sheets.iter().enumerate() {
        let rows = sheet.body.as_ref().map_or(Value::Blank, |body| Value::count(body.len as u64));
        let values = [Value::count(at as u64 + 1), link(&names[at + 1]), Value::text(sheet.about.clone()), rows];
        let cells = values.into_iter().zip(&contents.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        contents.push(cells);
    }
    sheets.insert(0, contents);
}

/// To the first cell of a sheet of the same book.
pub fn link(name: &str) -> Value<'static> {
    Value::link(format!("internal:'{}'!A1", name.replace('\'', "''")), name)
}
