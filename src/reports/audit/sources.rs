//! What happened to the sources on the way in: duplicates, rejected rows, columns, choices.

use super::TITLE;
use crate::diag::{Severity, column_letters};
use crate::ledger::Place;
use crate::normalise::Origin;
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, wording};

pub fn start<'m>(month: &'m Month<'m>, name: &str, columns: Vec<Column>, note: &str) -> Sheet<'m> {
    let mut sheet = Sheet::new(name, columns).landscape().about(note);
    wording::heading(&mut sheet, month, &format!("{TITLE} · {name}"));
    sheet.wide(note.to_owned(), Style::Note);
    sheet
}

/// The table, or a sentence that there is nothing.
pub fn finish<'m>(mut sheet: Sheet<'m>, rows: Stream<'m>) -> Sheet<'m> {
    if rows.len == 0 {
        sheet.headings();
        sheet.wide("没有。", Style::Paragraph);
    } else {
        sheet.table(rows);
    }
    sheet
}

fn place(month: &Month<'_>, source: u32, row: u32) -> Place {
    let source = month.input.tables.source(source).cloned();
    source.map_or_else(Place::default, |s| Place { file: s.file.into(), sheet: s.sheet.into(), row })
}

pub fn names<'m>(month: &'m Month<'m>, source: u32) -> [Value<'m>; 2] {
    let source = month.input.tables.source(source);
    [Value::text(source.map_or("", |s| month.shown_file(&s.file))), Value::text(source.map_or("", |s| s.sheet.as_str()))]
}

/// `重复`
pub fn duplicates<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("数据表", Style::Text),
        Column::new("主键", Style::Wrapped).at_least(20),
        Column::new("情形", Style::Centre),
        Column::new("先出现", Style::Text),
        Column::new("后出现", Style::Text),
    ];
    let note = "整行相同的只采用先出现的一行；主键相同而内容不同的两行，须由经办人核对。";
    let sheet = start(month, "重复", columns, note);
    finish(
        sheet,
        Stream::new(month.input.duplicates.len(), move |row, values| {
            let duplicate = &month.input.duplicates[row];
            let at = |origin: Origin| {
                let place = place(month, origin.source, origin.row);
                wording::link(month, &place, wording::place(month, &place))
            };
            values.extend([
                Value::text(duplicate.dataset.as_str()),
                Value::text(duplicate.key.as_str()),
                Value::text(if duplicate.identical { "整行相同" } else { "▲ 主键相同" }),
                at(duplicate.first),
                at(duplicate.second),
            ]);
        }),
    )
}

/// `拒收`: the rows themselves are in 待修正.
pub fn rejects<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("数据表", Style::Text),
        Column::new("出处", Style::Text),
        Column::new("单元格", Style::Centre),
        Column::new("字段", Style::Text),
        Column::new("原因", Style::Wrapped).at_least(30).at_most(60),
        Column::new("处理", Style::Centre),
    ];
    let open = month.input.rejects.iter().filter(|r| !r.resolved).count();
    let note = match month.input.rejects.len() {
        0 => "没有拒收的行。".to_owned(),
        all => format!("共拒收 {all} 行，其中 {open} 行原样放在《待修正》里；改好后放回数据文件夹再运行即可。"),
    };
    let sheet = start(month, "拒收", columns, &note);
    let problems: Vec<(usize, usize)> = month
        .input
        .rejects
        .iter()
        .enumerate()
        .flat_map(|(reject, r)| (0..r.problems.len()).map(move |problem| (reject, problem)))
        .collect();
    finish(
        sheet,
        Stream::new(problems.len(), move |row, values| {
            let (reject, problem) = problems[row];
            let reject = &month.input.rejects[reject];
            let (cell, field, why) = &reject.problems[problem];
            let place = place(month, reject.source, reject.row);
            values.extend([
                Value::text(reject.dataset.as_str()),
                wording::link(month, &place, wording::place(month, &place)),
                Value::text(cell.to_string()),
                Value::text(field.as_str()),
                Value::text(why.as_str()),
                Value::text(if reject.resolved { "已补正" } else { "待修正" }),
            ]);
        }),
    )
}

/// `列对照`
pub fn columns<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("文件", Style::Wrapped).at_least(22),
        Column::new("工作表", Style::Text),
        Column::new("列", Style::Centre),
        Column::new("原表头", Style::Wrapped),
        Column::new("当作字段", Style::Text),
        Column::new("理由", Style::Wrapped),
    ];
    let sheet = start(month, "列对照", columns, "每个文件的每一列当作了哪个字段；没有用到的列也列出。");
    finish(
        sheet,
        Stream::new(month.input.columns.len(), move |row, values| {
            let column = &month.input.columns[row];
            values.extend(names(month, column.source));
            values.extend([
                Value::text(column_letters(column.column)),
                Value::text(column.header.as_str()),
                Value::text(column.field.as_deref().unwrap_or("（未用）")),
                Value::text(column.why.as_str()),
            ]);
        }),
    )
}

/// `读取说明`: what reading decided by itself, and warnings.
pub fn choices<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("性质", Style::Centre),
        Column::new("文件", Style::Wrapped).at_least(24),
        Column::new("说明", Style::Wrapped).at_least(60).at_most(80),
    ];
    let sheet = start(month, "读取说明", columns, "读文件时程序自己作的决定（编码、分隔符等）和提示。");
    let mut lines: Vec<(&str, String, String)> =
        month.input.choices.iter().map(|(file, words)| ("决定", below(month, file).to_owned(), words.clone())).collect();
    for diag in month.input.diags.iter() {
        let kind = match diag.severity {
            Severity::Note => "提示",
            Severity::Warning => "▲ 警告",
            Severity::Error => "▲ 错误",
        };
        lines.push((kind, below(month, &place_text(&diag.place)).to_owned(), diag.message.clone()));
    }
    finish(
        sheet,
        Stream::new(lines.len(), move |row, values| {
            let (kind, file, words) = &lines[row];
            values.extend([Value::text(*kind), Value::text(file.clone()), Value::text(words.clone())]);
        }),
    )
}

/// As [`Month::shown_file`]; a file that lies elsewhere keeps its path.
fn below<'f>(month: &Month<'_>, file: &'f str) -> &'f str {
    let folder = month.input.tables.source(0).and_then(|source| source.file.get(..month.source_folder));
    if folder.is_some_and(|folder| file.starts_with(folder)) { month.shown_file(file) } else { file }
}

fn place_text(place: &crate::diag::Place) -> String {
    use crate::diag::Place::{Cell, File, Nowhere, Sheet, Text};
    match place {
        Nowhere => String::new(),
        File(file) | Text { file, .. } => file.display().to_string(),
        Sheet { file, sheet } => format!("{}[{sheet}]", file.display()),
        Cell { file, sheet, cell } => format!("{}[{sheet}]!{cell}", file.display()),
    }
}
