//! Values in cells.

use calamine::Data;
use kesu::reports::form::FormData;
use kesu::reports::sheet::{Style, Value};
use rust_decimal::Decimal;

use super::workbook::{Workbook, day, lines};

fn text(words: &str) -> Data {
    Data::String(words.to_owned())
}

#[test]
fn every_line_is_a_row_in_the_looks_of_the_repeating_row() {
    let filled = Workbook::new().fill(&lines(3));
    for (row, amount) in [(5, 100.05), (6, 200.05), (7, 300.05)] {
        assert_eq!(filled.value(&format!("A{row}")), Data::Float(f64::from(row - 4)));
        assert_eq!(filled.value(&format!("B{row}")), text(&format!("=案由 {}", row - 4)), "text never becomes a formula");
        assert_eq!(filled.value(&format!("D{row}")), Data::Float(amount));
        assert_eq!(filled.value(&format!("E{row}")), Data::Float(amount * 2.0), "the formula of the row has its value");
        let sheet = filled.sheet();
        assert!(sheet.contains(&format!(r#"<row r="{row}" spans="1:5" "#)), "{sheet}");
        assert!(sheet.contains(&format!(r#"<c r="D{row}" s="1">"#)) && sheet.contains(&format!("<f>D{row}*2</f>")), "{sheet}");
    }
    assert_eq!(filled.value("A8"), text("合计"));
    assert_eq!(filled.value("D8"), Data::Float(600.15));
    assert!(filled.sheet().contains("<f>SUM(D5:D7)</f><v>600.15</v>"), "the sum grew and holds the sum: {}", filled.sheet());
    assert_eq!(filled.value("A9"), Data::Float(7.0), "what stood below moved down");
}

#[test]
fn one_line_moves_nothing() {
    let filled = Workbook::new().fill(&lines(1));
    assert_eq!(filled.value("D5"), Data::Float(100.05));
    assert!(filled.sheet().contains("<f>SUM(D5:D5)</f><v>100.05</v>"), "{}", filled.sheet());
    assert_eq!(filled.value("A7"), Data::Float(7.0));
}

#[test]
fn no_line_leaves_the_row_empty() {
    let filled = Workbook::new().fill(&lines(0));
    assert_eq!(filled.value("A5"), Data::Empty);
    assert!(filled.sheet().contains(r#"<c r="D5" s="1"/>"#), "{}", filled.sheet());
    assert!(filled.sheet().contains("<f>SUM(D5:D5)</f><v>0</v>"), "{}", filled.sheet());
}

#[test]
fn a_day_is_a_day_where_the_cell_shows_days_and_text_elsewhere() {
    let filled = Workbook::new().fill(&lines(1));
    // 31 October 2026 is day 46326, counted from the last of 1899
    assert!(filled.sheet().contains(r#"<c r="A3" s="2"><v>46326</v></c>"#), "{}", filled.sheet());
    assert_eq!(filled.value("B3"), text("2026-10-31"));
    let mut book = Workbook::new();
    book.replace("xl/workbook.xml", "<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let filled = book.fill(&lines(1));
    assert!(filled.sheet().contains(r#"<c r="A3" s="2"><v>44864</v></c>"#), "1462 days fewer: {}", filled.sheet());
}

#[test]
fn several_places_in_a_text_stay_a_text() {
    let filled = Workbook::new().fill(&lines(1));
    assert_eq!(filled.value("C3"), text("编号 JF-202610-001,共 1,234,567.50 元,2026-10-31"));
}

#[test]
fn a_place_that_the_program_split_into_runs_keeps_the_looks() {
    let filled = Workbook::new().fill(&lines(1));
    assert_eq!(filled.value("A2"), text("受文:生产部 <一厂> & \"二厂\" 启"));
    let sheet = filled.sheet();
    assert!(sheet.contains("<r><rPr><b/></rPr><t xml:space=\"preserve\">受文:生产部 &lt;一厂&gt; &amp; \"二厂\"</t></r>"), "{sheet}");
    assert!(!sheet.contains("<sz val=\"9\"/>"), "the run that held only the name is gone: {sheet}");
}

#[test]
fn a_height_that_nobody_set_is_fitted_to_the_new_text() {
    let mut data = lines(2);
    // B5:C5 is 40 units wide and holds 20 Chinese letters of 11 points, less its frame
    data.lines[1][1] = Value::text("长".repeat(50));
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", "<sheetData>", r#"<cols><col min="2" max="3" width="20"/></cols><sheetData>"#);
    let sheet = book.fill(&data).sheet();
    assert!(sheet.contains(r#"<row r="1" ht="30" customHeight="1">"#), "somebody set it: {sheet}");
    assert!(sheet.contains(r#"<row r="5" spans="1:5" ht="16.96">"#), "one line: {sheet}");
    assert!(sheet.contains(r#"<row r="6" spans="1:5" ht="46.88">"#), "three lines: {sheet}");
}

#[test]
fn what_xml_forbids_is_left_out_and_what_reads_as_an_escape_is_kept() {
    let mut data = lines(1);
    data.lines[0][1] = Value::text("甲\u{0}\u{1b}乙_x0041_\n丙");
    let filled = Workbook::new().fill(&data);
    assert_eq!(filled.value("B5"), text("甲乙_x0041_\n丙"));
}

#[test]
fn a_text_longer_than_a_cell_holds_is_refused_with_its_line() {
    let mut data = lines(2);
    data.lines[1][1] = Value::text("长".repeat(32_768));
    let said = super::workbook::said(&Workbook::new().try_fill(&data).err().unwrap());
    assert!(said.contains("第 2 行明细") && said.contains("32768") && said.contains("模板.xlsx[通知单]!B5"), "{said}");
    data.lines[1][1] = Value::text("长".repeat(32_767));
    Workbook::new().fill(&data);
}

#[test]
fn a_missing_value_leaves_its_cell_empty() {
    let mut data = lines(2);
    data.lines[0][3] = Value::Blank;
    let filled = Workbook::new().fill(&data);
    assert_eq!(filled.value("D5"), Data::Empty);
    assert!(filled.sheet().contains("<f>SUM(D5:D6)</f><v>200.05</v>"), "{}", filled.sheet());
}

#[test]
fn a_formula_that_kesu_cannot_evaluate_is_left_to_the_program_that_opens_the_form() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", "<f>SUM(D5:D5)</f><v>0</v>", "<f>STDEV(D5:D5)</f><v>0</v>");
    let filled = book.fill(&lines(3));
    assert!(filled.sheet().contains("<f>STDEV(D5:D7)</f></c>"), "no value is better than a wrong one: {}", filled.sheet());
    assert!(filled.part("xl/workbook.xml").contains(r#"<calcPr calcId="191029" fullCalcOnLoad="1"/>"#));
    assert!(!Workbook::new().fill(&lines(3)).part("xl/workbook.xml").contains("fullCalcOnLoad"));
}

#[test]
fn a_running_total_of_many_lines_is_computed() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", "<f>D5*2</f>", "<f>SUM($D$5:D5)</f>");
    let filled = book.fill(&lines(300));
    // 100 × (1 + … + 300) + 0.05 × 300
    assert_eq!(filled.value("E304"), Data::Float(4_515_015.0));
    assert!(filled.sheet().contains("<f>SUM($D$5:D304)</f>"));
    // 4,000 lines are eight million cells to add up: left to the program that opens the form
    let filled = book.fill(&lines(4_000));
    assert!(filled.sheet().contains("<f>SUM($D$5:D4003)</f></c>"));
    assert!(filled.part("xl/workbook.xml").contains("fullCalcOnLoad"));
}

#[test]
fn a_sheet_with_a_prefix_is_filled_with_the_prefix() {
    let mut book = Workbook::new();
    let rows = r#"<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>{{序号}}-{{案由}}</x:t></x:is></x:c><x:c r="B1" t="inlineStr"><x:is><x:t>{{金额}}</x:t></x:is></x:c></x:row>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    book.put("xl/worksheets/sheet1.xml", &format!("<x:worksheet xmlns:x=\"{main}\"><x:sheetData>{rows}</x:sheetData></x:worksheet>"));
    let sheet = book.fill(&lines(2)).sheet();
    assert!(sheet.contains(r#"<x:c r="A2" t="inlineStr"><x:is><x:t xml:space="preserve">2-=案由 2</x:t></x:is></x:c>"#), "{sheet}");
    assert!(sheet.contains(r#"<x:c r="B2"><x:v>200.05</x:v></x:c>"#), "{sheet}");
}

#[test]
fn values_of_every_kind_find_their_form() {
    let mut data = FormData {
        columns: vec![("序号", Style::Text), ("案由", Style::Text), ("日期", Style::Text), ("金额", Style::Text)],
        ..lines(0)
    };
    let at = day(10, 3).and_hms_opt(18, 0, 0).unwrap();
    data.lines = vec![vec![
        Value::Number(Decimal::new(-15, 1)),
        Value::link("internal:'目录'!A1".to_owned(), "目录"),
        Value::Datetime(at),
        Value::Int(7),
    ]];
    let filled = Workbook::new().fill(&data);
    assert_eq!(filled.value("A5"), Data::Float(-1.5));
    assert_eq!(filled.value("B5"), text("目录"));
    assert!(filled.sheet().contains(r#"<c r="C5" s="2"><v>46298.75</v></c>"#), "{}", filled.sheet());
    assert_eq!(filled.value("D5"), Data::Float(7.0));
}
