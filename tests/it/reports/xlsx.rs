//! The written files, read back with another library.

use std::path::{Path, PathBuf};

use calamine::{Data, Reader, open_workbook_auto};
use kesu::reports::sheet::{Cached, Cell, Column, Sheet, Stack, Stream, Style, Value};
use kesu::reports::{books, text, width, write_all, xlsx};

use super::fixture::{Fixture, day, dec};

fn properties() -> xlsx::Properties<'static> {
    xlsx::Properties { title: "测试", company: "示例", period: "2026年10月", as_of: day("2026-10-31") }
}

fn owned<'s>(value: &Value<'_>) -> Value<'s> {
    match value {
        Value::Text(text) => Value::text(text.to_string()),
        Value::Blank => Value::Blank,
        Value::Int(int) => Value::Int(*int),
        Value::Number(number) => Value::Number(*number),
        Value::Date(date) => Value::Date(*date),
        Value::Datetime(at) => Value::Datetime(*at),
        Value::Time(at) => Value::Time(*at),
        Value::Formula(formula) => Value::Formula(formula.clone()),
        Value::Link(link) => Value::Link(link.clone()),
    }
}

/// Every cell of a sheet by row and column as it should stand in the file.
fn laid_out<'s>(sheet: &'s Sheet<'_>) -> Vec<Vec<(Value<'s>, Style)>> {
    let single = |row: &'s Vec<kesu::reports::sheet::Cell<'_>>| row.iter().map(|c| (c.value.clone(), c.style)).collect::<Vec<_>>();
    let mut rows: Vec<Vec<(Value<'s>, Style)>> = sheet.rows.iter().map(single).collect();
    if let Some(body) = &sheet.body {
        body.each(0..body.len, |_, values| {
            rows.push(values.iter().map(owned).zip(sheet.columns.iter().map(|c| c.style)).collect());
        })
        .unwrap();
    }
    rows.extend(sheet.tail.iter().map(single));
    rows
}

fn agrees(value: &Value<'_>, read: &Data) -> bool {
    let number = |decimal: rust_decimal::Decimal| {
        let expected: f64 = decimal.to_string().parse().unwrap();
        matches!(read, Data::Float(found) if *found == expected) || matches!(read, Data::Int(found) if *found as f64 == expected)
    };
    match value {
        Value::Blank => matches!(read, Data::Empty),
        Value::Text(words) => matches!(read, Data::String(found) if found.replace("\r\n", "\n") == **words),
        Value::Int(int) => number((*int).into()),
        Value::Number(decimal) => number(*decimal),
        Value::Link(link) => matches!(read, Data::String(found) if *found == link.text),
        Value::Formula(formula) => match &formula.cached {
            Cached::Number(decimal) => number(*decimal),
            Cached::Text("") => matches!(read, Data::Empty) || matches!(read, Data::String(found) if found.is_empty()),
            Cached::Text(words) => matches!(read, Data::String(found) if found == words),
        },
        Value::Date(date) => matches!(read, Data::DateTime(found) if found.as_f64() == (*date - day("1899-12-30")).num_days() as f64),
        Value::Time(at) => {
            let seconds = (*at - chrono::NaiveTime::MIN).num_seconds();
            matches!(read, Data::DateTime(found) if (found.as_f64() * 86_400.0).round() as i64 == seconds)
        }
        Value::Datetime(at) => {
            let seconds = (*at - day("1899-12-30").and_hms_opt(0, 0, 0).unwrap()).num_seconds();
            matches!(read, Data::DateTime(found) if (found.as_f64() * 86_400.0).round() as i64 == seconds)
        }
    }
}

fn write(folder: &Path, fixture: &Fixture) -> Vec<PathBuf> {
    write_all(&fixture.month(), folder).unwrap()
}

#[test]
fn what_is_read_back_is_what_the_model_says() {
    let fixture = Fixture::new();
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path(), &fixture);
    let month = fixture.month();
    let mut cells = 0;
    for (book, path) in books(&month).unwrap().iter().zip(paths) {
        let mut file = open_workbook_auto(&path).unwrap();
        let names = file.sheet_names();
        let sheets = book.sheets().unwrap();
        assert_eq!(names.len(), sheets.len());
        for (sheet, name) in sheets.iter().zip(names) {
            let range = file.worksheet_range(&name).unwrap();
            for (row, line) in laid_out(sheet).iter().enumerate() {
                for (column, (value, _)) in line.iter().enumerate() {
                    let read = range.get_value((row as u32, column as u32)).unwrap_or(&Data::Empty);
                    assert!(agrees(value, read), "{} {name} {row}:{column}: {value:?} was read as {read:?}", book.file);
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 1000);
}

#[test]
fn two_runs_write_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = write(one.path(), &Fixture::new());
    std::thread::sleep(std::time::Duration::from_millis(2100)); // the clock of a zip entry has two-second steps
    let second = write(two.path(), &Fixture::new());
    assert_eq!(first.len(), second.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first.file_name(), second.file_name());
        assert!(std::fs::read(first).unwrap() == std::fs::read(second).unwrap(), "{} differs", first.display());
    }
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("injection.xlsx");
    let texts = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "{=1}", "0012", "1E5", "TRUE", "http://x.example"];
    for long in [false, true] {
        let len = if long { 6_000 } else { texts.len() };
        let mut sheet = Sheet::new("文字", vec![Column::new("=表头", Style::Text)]);
        sheet.table(Stream::new(len, move |row, values| values.push(Value::text(texts[row % texts.len()]))));
        sheet.fit();
        xlsx::write(&path, properties(), &[sheet]).unwrap();
        let mut file = open_workbook_auto(&path).unwrap();
        let range = file.worksheet_range("文字").unwrap();
        assert_eq!(range.height(), len + 1);
        for row in 0..len {
            assert_eq!(range.get_value((row as u32 + 1, 0)), Some(&Data::String(texts[row % texts.len()].to_owned())));
        }
        assert!(file.worksheet_formula("文字").unwrap().cells().all(|(_, _, formula)| formula.is_empty()));
    }
}

#[test]
fn nothing_is_wider_than_its_column() {
    let fixture = Fixture::new();
    let month = fixture.month();
    for book in books(&month).unwrap() {
        for sheet in book.sheets().unwrap() {
            let merged = |row: usize, column: usize| sheet.merges.iter().any(|m| m.row == row && m.first <= column && column <= m.last);
            for (row, line) in laid_out(&sheet).iter().enumerate() {
                for (column, (value, style)) in line.iter().enumerate() {
                    let needed = width::display(&text::shown(value, *style)) + 1;
                    let room = sheet.columns[column].width;
                    let fits = needed <= room
                        || style.wraps()
                        || merged(row, column)
                        || (sheet.body.is_some() && row >= sheet.rows.len() && merged_tail(&sheet, row));
                    assert!(fits, "{} {} {row}:{column} needs {needed}, has {room}: {value:?}", book.file, sheet.name);
                }
            }
        }
    }
}

/// Rows below the body are merged across.
fn merged_tail(sheet: &Sheet<'_>, row: usize) -> bool {
    let body = sheet.body.as_ref().map_or(0, |b| b.len);
    row >= sheet.rows.len() + body && sheet.merges.iter().any(|m| m.row == row - body)
}

/// A form of `at + 1` lines of money and their sum, below so many rows.
fn form(at: usize, above: usize) -> Sheet<'static> {
    let mut form = Sheet::new(format!("单{at}"), vec![Column::new("案由", Style::Text), Column::new("金额", Style::Money)]);
    form.wide(format!("通知单 {at}"), Style::Title);
    for line in 0..=at {
        form.push(vec![Cell::text("逾".repeat(at + 1), Style::Text), Cell::new(Value::Int(line as i64 + 1), Style::Money)]);
    }
    let sum = format!("SUM(B{}:B{})", above + 2, above + at + 2);
    let cached = Cached::Number(((at + 1) * (at + 2) / 2).into());
    form.push(vec![Cell::text("合计", Style::Text), Cell::new(Value::formula(sum, cached), Style::Money)]);
    form
}

#[test]
fn forms_that_share_a_sheet_stand_one_below_the_other_on_pages_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stack.xlsx");
    let mut sheet = Sheet::new("全部", Vec::new());
    sheet.stack = Some(Stack::new(40, |at, above| Ok(form(at, above))));
    assert!(kesu::reports::recompute::check("stack.xlsx", std::slice::from_ref(&sheet)).is_ok());
    xlsx::write(&path, properties(), std::slice::from_ref(&sheet)).unwrap();
    let mut file = open_workbook_auto(&path).unwrap();
    let (range, formulas) = (file.worksheet_range("全部").unwrap(), file.worksheet_formula("全部").unwrap());
    let mut first = 0;
    let mut begins = Vec::new();
    for at in 0..40_usize {
        begins.push(first);
        assert_eq!(range.get_value((first, 0)), Some(&Data::String(format!("通知单 {at}"))));
        let sum = first + at as u32 + 2;
        assert_eq!(range.get_value((sum, 1)), Some(&Data::Float(((at + 1) * (at + 2) / 2) as f64)));
        assert_eq!(formulas.get_value((sum, 1)), Some(&format!("SUM(B{}:B{})", first + 2, sum)), "of the form's own lines");
        first = sum + 1;
    }
    let xml = member(&path, "xl/worksheets/sheet1.xml");
    for begin in &begins[1..] {
        assert!(xml.contains(&format!("<brk id=\"{begin}\"")), "a page begins at row {begin}");
    }
    let width: f64 =
        xml.split("<col min=\"1\"").nth(1).unwrap().split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(width > 80.0, "wide enough for forty characters, not {width}");
}

#[test]
fn a_sum_that_is_wrong_on_one_of_many_forms_is_found() {
    let mut sheet = Sheet::new("全部", Vec::new());
    sheet.stack = Some(Stack::new(70, |at, above| {
        let mut form = form(at, above);
        if at == 66 {
            form.rows[3][1].value = Value::Int(999);
        }
        Ok(form)
    }));
    assert_eq!(kesu::reports::recompute::check("stack.xlsx", &[sheet]).unwrap_err().iter().count(), 1);
}

fn member(path: &Path, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_text_beyond_what_a_cell_holds_is_cut_visibly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.xlsx");
    let mut sheet = Sheet::new("长", vec![Column::new("文字", Style::Wrapped)]);
    sheet.table(Stream::new(1, |_, values| values.push(Value::text("长".repeat(40_000)))));
    sheet.fit();
    xlsx::write(&path, properties(), &[sheet]).unwrap();
    let mut file = open_workbook_auto(&path).unwrap();
    let range = file.worksheet_range("长").unwrap();
    let Some(Data::String(text)) = range.get_value((1, 0)) else { panic!("no text") };
    assert_eq!(text.chars().count(), 32_767);
    assert!(text.ends_with('…'));
}

#[test]
fn links_lead_from_the_output_folder_to_the_row_of_the_source() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let audit = books(&month).unwrap().into_iter().find(|b| b.file == "稽核底稿.xlsx").unwrap().sheets().unwrap();
    let findings = audit.iter().find(|s| s.name == "问题清单").unwrap();
    let mut targets = Vec::new();
    let made = findings.body.as_ref().unwrap().each(0..1, |_, values| {
        targets.extend(values.iter().filter_map(|v| match v {
            Value::Link(link) => Some(link.target.clone()),
            _ => None,
        }));
    });
    made.unwrap();
    assert_eq!(targets, ["../../sample-data/客诉台账%202026年.xlsx#'10月'!A4"]);
}

#[test]
fn money_keeps_every_fen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("money.xlsx");
    let amounts = ["0.1", "0.07", "1234567.89", "99999999999.99", "-0.01"];
    let mut sheet = Sheet::new("金额", vec![Column::new("金额", Style::Money)]);
    sheet.table(Stream::new(amounts.len(), move |row, values| values.push(Value::Number(dec(amounts[row])))));
    sheet.fit();
    xlsx::write(&path, properties(), &[sheet]).unwrap();
    let mut file = open_workbook_auto(&path).unwrap();
    let range = file.worksheet_range("金额").unwrap();
    for (row, amount) in amounts.iter().enumerate() {
        assert_eq!(range.get_value((row as u32 + 1, 0)), Some(&Data::Float(amount.parse().unwrap())));
    }
}
