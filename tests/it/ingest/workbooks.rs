//! xlsx and the formats of the reading child.

use calamine::{Data, Reader};
use tempfile::tempdir;

use super::{Collected, craft, read, read_with};
use crate::support::shared;
use kesu::diag::{CellRef, Code, Place, Severity};
use kesu::ingest::{Limits, RawValue};

fn text(value: &str) -> RawValue<'_> {
    RawValue::Text(value.into())
}

#[test]
fn rows_and_columns_keep_their_places_across_gaps() {
    let folder = tempdir().unwrap();
    let data =
        r#"<row r="3"><c r="B3"><v>1.5</v></c><c r="D3"/></row><row r="4"/><row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row>"#;
    let (sink, _) = read(&craft::workbook(folder.path(), "a.xlsx", &[("3月", data)], true));
    assert_eq!(sink.sheets[0].0, "3月");
    assert_eq!(sink.only(), [(3, vec![(1, RawValue::Number(1.5))]), (1_048_576, vec![(16_383, RawValue::Bool(true))])]);
}

#[test]
fn shared_inline_and_formula_texts_and_errors_are_what_excel_shows() {
    let folder = tempdir().unwrap();
    let strings = r#"<sst uniqueCount="2"><si><t>品质部</t></si><si><r><t>生产</t></r><r><t>一部</t></r></si></sst>"#;
    let data = format!(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>{}<c r="D1" t="str"><f>A1&amp;B1</f><v>合&amp;计</v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F1" t="e"><v>#N/A</v></c><c r="G1" t="inlineStr"><is><t> </t></is></c></row>"#,
        craft::inline("C1", "内联")
    );
    let (sink, report) = read(&craft::workbook_with(folder.path(), "a.xlsx", &[("s", &data)], Some(strings), true));
    let values = ["品质部", "生产一部", "内联", "合&计"].map(text);
    let values = values.into_iter().chain([RawValue::Error("#DIV/0!"), RawValue::Error("#N/A")]);
    assert_eq!(sink.only(), [(1, (0..).zip(values.map(RawValue::into_owned)).collect())]);
    assert!(report.warnings.is_empty());
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn dates_are_serials_with_their_epoch_in_every_format() {
    for format in ["xlsx", "xls", "xlsb"] {
        for (name, is_1904, days) in [("date", false, 44_197.0), ("date_1904", true, 42_735.0)] {
            let (sink, _) = read(&shared(&format!("data/hostile/calamine/{name}.{format}")));
            // both files say 2021-01-01 in A1
            assert_eq!(sink.only()[0].1[0], (0, RawValue::Serial { days, is_1904 }), "{name}.{format}");
        }
    }
    let (sink, _) = read(&shared("data/hostile/calamine/date.ods"));
    assert_eq!(sink.only()[0].1[0], (0, RawValue::Iso("2021-01-01".into())));
}

/// calamine's dense reading of the same file, whose places are known to be right.
fn dense(path: &std::path::Path) -> Vec<(String, Vec<(u32, u32)>)> {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let names: Vec<String> =
        book.sheets_metadata().iter().filter(|s| s.typ == calamine::SheetType::WorkSheet).map(|s| s.name.clone()).collect();
    let mut sheets = Vec::new();
    for name in names {
        let range = book.worksheet_range(&name).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        let blank = |value: &Data| matches!(value, Data::String(text) if text.trim().is_empty());
        let places = range.used_cells().filter(|(_, _, value)| !blank(value));
        sheets.push((name, places.map(|(row, column, _)| (top + row as u32 + 1, left + column as u32)).collect()));
    }
    sheets
}

fn places(sink: &Collected) -> Vec<(String, Vec<(u32, u32)>)> {
    let cells = |rows: &[super::Row]| rows.iter().flat_map(|(row, cells)| cells.iter().map(|c| (*row, c.0)).collect::<Vec<_>>()).collect();
    sink.sheets.iter().map(|(name, rows)| (name.clone(), cells(rows))).collect()
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_format_gives_the_cells_of_a_dense_reading() {
    for stem in ["any_sheets", "issues", "date", "picture"] {
        for format in ["xlsx", "xls", "xlsb", "ods"] {
            let path = shared(&format!("data/hostile/calamine/{stem}.{format}"));
            let (sink, _) = read(&path);
            assert_eq!(places(&sink), dense(&path), "{}", path.display());
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_real_workbook_is_read_whole_by_two_threads() {
    let path = shared("data/real/messages/附件4.xlsx");
    let (sink, report) = read(&path);
    assert_eq!(sink.only().len(), 2817, "a heading and 2,816 messages");
    assert!(sink.batches > 1);
    assert_eq!(places(&sink), dense(&path));
    assert!(report.warnings.is_empty());
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_sheet_ends_when_its_sink_has_enough() {
    let mut sink = Collected { enough: Some(1), ..Collected::default() };
    kesu::ingest::read(&shared("data/real/messages/附件3.xlsx"), &Limits::default(), &mut sink).unwrap();
    assert_eq!((sink.sheets.len(), sink.batches), (2, 2), "one batch of each of the two sheets");
}

#[test]
fn a_damaged_sheet_does_not_hide_the_good_ones() {
    let folder = tempdir().unwrap();
    let good = format!(r#"<row r="1">{}</row>"#, craft::inline("A1", "好"));
    let bad = format!(r#"<row r="1">{}</row><row r="2"><c r="A2"><v>"#, craft::inline("A1", "坏"));
    let (sink, report) = read(&craft::workbook(folder.path(), "a.xlsx", &[("一", &good), ("二", &bad), ("三", &good)], true));
    assert_eq!(sink.sheets[0].1.len() + sink.sheets[2].1.len(), 2);
    let [problem] = report.warnings.as_slice() else { panic!("{:?}", report.warnings) };
    assert_eq!((problem.code, problem.severity), (Code::FileDamaged, Severity::Error), "rows are missing, so a run must stop");
    assert!(matches!(&problem.place, Place::Sheet { sheet, .. } if sheet == "二"));
}

#[test]
fn a_huge_text_that_packs_well_is_cut_and_told() {
    let folder = tempdir().unwrap();
    let data = format!(r#"<row r="1">{}{}</row>"#, craft::inline("A1", "编号"), craft::inline("B1", &"a".repeat(8 << 20)));
    let (sink, report) = read(&craft::workbook(folder.path(), "a.xlsx", &[("s", &data)], true));
    assert_eq!(sink.only()[0].1[1].1, text(&"a".repeat(32_767)));
    let [problem] = report.warnings.as_slice() else { panic!("{:?}", report.warnings) };
    assert_eq!(problem.code, Code::CellTooLong);
    assert!(matches!(&problem.place, Place::Cell { cell: CellRef { column: 1, row: 1 }, .. }));
    assert!(problem.message.contains("8388608"), "{}", problem.message);
}

#[test]
fn a_huge_text_that_does_not_pack_ends_its_sheet() {
    let folder = tempdir().unwrap();
    let good = format!(r#"<row r="1">{}</row>"#, craft::inline("A1", "好"));
    let bad = format!(r#"<row r="1">{}{}</row>"#, craft::inline("A1", "编号"), craft::inline("B1", &"a".repeat(50 << 20)));
    let (sink, report) = read(&craft::workbook(folder.path(), "a.xlsx", &[("大", &bad), ("好", &good)], false));
    assert_eq!(sink.sheets[1].1.len(), 1);
    assert!(matches!(&report.warnings[0].place, Place::Sheet { sheet, .. } if sheet == "大"));
    assert!(report.warnings[0].message.contains("大得不正常"), "{}", report.warnings[0].message);
}

#[test]
fn a_long_run_of_blank_rows_is_no_huge_text() {
    let folder = tempdir().unwrap();
    let mut data: String = (1..=60_000).map(|row| format!(r#"<row r="{row}" ht="15"/>"#)).collect();
    data += &format!(r#"<row r="60001">{}</row>"#, craft::inline("A60001", "末"));
    let (sink, report) = read(&craft::workbook(folder.path(), "a.xlsx", &[("s", &data)], false));
    assert_eq!(sink.only(), [(60_001, vec![(0, text("末"))])]);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
}

#[test]
fn an_error_value_that_is_not_known_is_told_and_the_rest_is_read() {
    let folder = tempdir().unwrap();
    let data = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#SPILL!</v></c><c r="C1"><v>3</v></c></row>"#;
    let (sink, report) = read(&craft::workbook(folder.path(), "a.xlsx", &[("s", data)], true));
    assert_eq!(sink.only(), [(1, vec![(0, RawValue::Number(1.0)), (2, RawValue::Number(3.0))])]);
    assert_eq!(report.warnings[0].code, Code::CellError);
    assert!(report.warnings[0].message.contains("#SPILL!"));
}

#[test]
fn the_cap_on_cells_holds_for_the_whole_file() {
    let folder = tempdir().unwrap();
    let data = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>"#;
    let path = craft::workbook(folder.path(), "a.xlsx", &[("一", data), ("二", data)], true);
    let (_, outcome) = read_with(&path, &Limits { cells: 4, ..Limits::default() });
    assert!(outcome.unwrap().warnings.is_empty());
    let (_, outcome) = read_with(&path, &Limits { cells: 3, ..Limits::default() });
    assert!(outcome.unwrap().warnings[0].message.contains("单元格总数超过限额 3"));
}
