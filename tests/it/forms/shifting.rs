//! What hangs on rows goes with them when one row becomes four.

use super::workbook::{ROWS, Workbook, lines};

#[track_caller]
fn has(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
}

#[test]
fn merged_cells_of_the_row_are_merged_in_every_copy() {
    let sheet = Workbook::new().fill(&lines(4)).sheet();
    has(
        &sheet,
        &[
            r#"<mergeCells count="6"><mergeCell ref="A1:E1"/><mergeCell ref="B5:C5"/><mergeCell ref="B6:C6"/><mergeCell ref="B7:C7"/><mergeCell ref="B8:C8"/><mergeCell ref="A10:C10"/></mergeCells>"#,
        ],
    );
}

#[test]
fn a_merged_range_that_spans_the_row_from_above_grows() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", r#"<mergeCell ref="B5:C5"/>"#, r#"<mergeCell ref="E4:E6"/>"#);
    has(&book.fill(&lines(4)).sheet(), &[r#"<mergeCell ref="E4:E9"/>"#]);
}

#[test]
fn conditions_validations_filters_links_and_page_breaks_shift() {
    let sheet = Workbook::new().fill(&lines(4)).sheet();
    has(
        &sheet,
        &[
            r#"<dimension ref="A1:E10"/>"#,
            r#"<selection activeCell="D10" sqref="D10"/>"#,
            r#"<autoFilter ref="A4:E8"/>"#,
            r#"<conditionalFormatting sqref="D5:D8">"#,
            r#"<formula>$D5&gt;D$9/2</formula>"#,
            r#"sqref="C5:C8 A9"><formula1>$A$9:$A$10</formula1>"#,
            r#"<hyperlink ref="A9" location="通知单!A10"/>"#,
            r#"<brk id="4" max="16383" man="1"/><brk id="9" max="16383" man="1"/>"#,
        ],
    );
}

#[test]
fn the_print_area_grows_and_the_print_titles_stay() {
    let book = Workbook::new().fill(&lines(4)).part("xl/workbook.xml");
    has(&book, &["通知单!$A$1:$E$10<", "通知单!$4:$4<"]);
}

#[test]
fn pictures_comments_and_the_chain_of_calculation_follow() {
    let filled = Workbook::new().fill(&lines(4));
    let rows: Vec<String> =
        filled.part("xl/drawings/drawing1.xml").split("<xdr:row>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    // above; below from and to; keeps its size from and to; is bound to both its cells from and to
    assert_eq!(rows, ["0", "8", "9", "3", "6", "4", "8"]);
    has(&filled.part("xl/comments1.xml"), &[r#"<comment ref="D9" authorId="0"/>"#]);
    has(&filled.part("xl/drawings/vmlDrawing1.vml"), &["<x:Anchor>4, 15, 8, 2, 6, 31, 11, 1</x:Anchor><x:Row>8</x:Row>"]);
    has(&filled.part("xl/calcChain.xml"), &[r#"<c r="D9" i="1"/><c r="E5"/><c r="E6"/><c r="E7"/><c r="E8"/>"#]);
}

#[test]
fn formulas_that_were_filled_down_stand_for_themselves() {
    let mut book = Workbook::new();
    let rows = ROWS.replace(
        r#"<row r="7" ht="44" customHeight="1"><c r="A7"><v>7</v></c></row>"#,
        concat!(
            r#"<row r="7"><c r="A7"><f t="shared" ref="A7:A8" si="0">SUM(D$5:D5)+D6</f><v>0</v></c></row>"#,
            r#"<row r="8"><c r="A8"><f t="shared" si="0"/><v>0</v></c><c r="B8"><f t="array" ref="B8:C8">D6:E6*1</f><v>0</v></c></row>"#,
        ),
    );
    book.sheet(&rows, "");
    let sheet = book.fill(&lines(4)).sheet();
    // D5:D6 of the second one: the filled rows and the sum below them
    has(
        &sheet,
        &[
            r#"<c r="A10"><f>SUM(D$5:D8)+D9</f><v>2000.4</v></c>"#,
            r#"<c r="A11"><f>SUM(D$5:D9)+D10</f><v>2000.4</v></c>"#,
            r#"<f t="array" ref="B11:C11">D9:E9*1</f></c>"#,
        ],
    );
}

#[test]
fn a_table_over_the_row_grows() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/_rels/sheet1.xml.rels", "<Relationship Id=\"rId1\"", concat!(
        r#"<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" Target="../tables/table1.xml"/>"#,
        "<Relationship Id=\"rId1\""
    ));
    book.put("xl/tables/table1.xml", r#"<table ref="A4:E5"><autoFilter ref="A4:E5"/></table>"#);
    has(&book.fill(&lines(4)).part("xl/tables/table1.xml"), &[r#"<table ref="A4:E8"><autoFilter ref="A4:E8"/>"#]);
}

#[test]
fn a_chart_over_the_row_is_drawn_from_every_line() {
    let mut book = Workbook::new();
    book.put("xl/charts/chart1.xml", "<c:chart><c:f>通知单!$D$5:$D$5</c:f><c:f>填写说明!$D$5:$D$6</c:f></c:chart>");
    has(&book.fill(&lines(4)).part("xl/charts/chart1.xml"), &["通知单!$D$5:$D$8", "填写说明!$D$5:$D$6"]);
}
