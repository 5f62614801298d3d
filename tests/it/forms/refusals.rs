//! Templates that cannot be filled: every reason at once, each with file, sheet and cell, and nothing written.

use std::path::Path;

use kesu::reports::form::Template;

use super::workbook::{ROWS, Workbook, names, said};

#[track_caller]
fn says(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
}

/// The template with other rows and nothing below them.
fn with_rows(rows: &str) -> String {
    let mut book = Workbook::new();
    book.sheet(rows, "");
    book.refused()
}

fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn an_unknown_place_names_the_nearest_and_all_of_them() {
    let said = with_rows(&ROWS.replace("编号 {{单据编号}}", "编号 {{单剧编号}}"));
    says(&said, &["form-invalid", "模板.xlsx[通知单]!C3", "不认识的占位「单剧编号」", "是不是 {{单据编号}}？", "受文", "案由、日期、金额"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let rows = format!("<row r=\"1\">{}{}<c r=\"C1\"><f>\"{{{{金额}}}}\"&amp;1</f></c></row>", cell("A1", "{{甲}}"), cell("B1", "{{受文"));
    let said = with_rows(&rows);
    says(
        &said,
        &["!A1", "不认识的占位「甲」", "!B1", "只有「{{」", "!C1", "公式里不能写占位", "没有明细行", "{{序号}} {{案由}} {{日期}} {{金额}}"],
    );
}

#[test]
fn a_form_without_or_with_two_repeating_rows_is_refused() {
    says(&with_rows(&format!("<row r=\"1\">{}</row>", cell("A1", "{{受文}}"))), &["模板没有明细行", "模板.xlsx"]);
    let second = format!("{ROWS}<row r=\"9\">{}</row>", cell("B9", "第 {{序号}} 行"));
    says(&with_rows(&second), &["模板有两个明细行", "模板.xlsx[通知单]!B9", "第一个明细行", "!A5"]);
}

#[test]
fn a_formula_of_one_line_where_all_are_meant_is_refused() {
    let said = with_rows(&ROWS.replace("<f>SUM(D5:D5)</f>", "<f>D5+0</f>"));
    says(&said, &["!D6", "只引用明细行的一格 D5", "SUM(D5:D5)"]);
}

#[test]
fn a_merged_range_that_begins_with_the_row_and_goes_on_is_refused() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", r#"<mergeCell ref="B5:C5"/>"#, r#"<mergeCell ref="B5:C6"/>"#);
    says(&book.refused(), &["模板.xlsx[通知单]!B5", "B5:C6", "跨到下面的行"]);
}

#[test]
fn places_outside_cells_are_refused_and_not_sent_out_unfilled() {
    let mut book = Workbook::new();
    book.replace("xl/worksheets/sheet1.xml", "第 &amp;P 页", "{{单据编号}}");
    book.replace("xl/drawings/drawing1.xml", "</xdr:wsDr>", "<a:t>{</a:t><a:t>{受文}}</a:t></xdr:wsDr>");
    book.replace("xl/comments1.xml", "authorId=\"0\"/>", "authorId=\"0\"><text><t>{{受文}}</t></text></comment>");
    book.replace("xl/workbook.xml", "name=\"填写说明\"", "name=\"{{受文}}\"");
    says(&book.refused(), &["页眉、页脚", "文本框或图形", "批注", "工作表名"]);
}

#[test]
fn cells_in_the_wrong_place_are_refused() {
    says(&with_rows(r#"<row r="3"/><row r="2"/>"#), &["行号 2 的次序不对"]);
    says(&with_rows(r#"<row r="3"><c r="B4"/></row>"#), &["单元格的位置「B4」不对"]);
    says(&with_rows(r#"<row r="3"><c r="B3" t="s"><v>99</v></c></row>"#), &["引用的文字不存在", "!B3"]);
}

/// What is said of a file with these bytes.
fn opened(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    said(&Template::open(&file, &names()).expect_err("refused"))
}

#[test]
fn what_is_no_plain_xlsx_is_refused_by_name() {
    says(&opened("模板.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), &["file-encrypted", "模板.xlsx"]);
    says(&opened("模板.xlsx", b"not a zip"), &["file-damaged", "模板.xlsx"]);
    says(&opened("模板.xlsx", &Workbook::new().bytes()[..4000]), &["file-damaged"]);
    let missing = Template::open(Path::new("没有这个文件.xlsx"), &names()).expect_err("refused");
    says(&said(&missing), &["file-unreadable", "没有这个文件.xlsx"]);
    let mut macros = Workbook::new();
    macros.parts.insert("xl/vbaProject.bin".into(), vec![1]);
    says(&opened("模板.xlsm", &macros.bytes()), &["file-unsupported", "带宏"]);
    let mut signed = Workbook::new();
    signed.parts.insert("_xmlsignatures/sig1.xml".into(), vec![1]);
    says(&opened("模板.xlsx", &signed.bytes()), &["数字签名"]);
    let mut template = Workbook::new();
    template.replace("[Content_Types].xml", "sheet.main+xml", "template.main+xml");
    says(&opened("模板.xltx", &template.bytes()), &["file-unsupported", ".xltx"]);
}

#[test]
fn a_broken_part_is_named() {
    for (part, text, why) in [
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "不完整"),
        ("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><workbook>&b;</workbook>", "文档类型"),
        ("xl/sharedStrings.xml", "<sst><si></sst>", "sharedStrings.xml"),
    ] {
        let mut book = Workbook::new();
        book.put(part, text);
        says(&book.refused(), &["file-damaged", why]);
    }
    let mut deep = Workbook::new();
    deep.put("xl/worksheets/sheet1.xml", &"<a>".repeat(100_000));
    says(&deep.refused(), &["嵌套"]);
    let mut gone = Workbook::new();
    gone.parts.remove("xl/worksheets/sheet1.xml");
    says(&gone.refused(), &["缺少「xl/worksheets/sheet1.xml」"]);
}

#[test]
fn a_part_that_inflates_without_end_is_refused_unread() {
    let mut bomb = Workbook::new();
    bomb.parts.insert("xl/sharedStrings.xml".into(), vec![b' '; 9 << 20]);
    says(&bomb.refused(), &["file-too-large", "sharedStrings.xml", "9 MB"]);
    // a picture may be as large as it likes: it is never inflated
    let mut picture = Workbook::new();
    picture.parts.insert("xl/media/image2.bmp".into(), vec![b' '; 9 << 20]);
    picture.fill(&super::workbook::lines(1));
}

#[test]
fn formulas_made_to_exhaust_the_evaluator_are_left_to_the_program() {
    let nested = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    for formula in [&nested, "SUM(A1:XFD1048576)", "SUM(D7:D8)", "-".repeat(5000).as_str()] {
        let mut book = Workbook::new();
        let row = format!("<row r=\"8\"><c r=\"D8\"><f>{formula}</f></c></row>");
        book.sheet(&format!("{ROWS}{row}"), "");
        book.fill(&super::workbook::lines(2));
    }
}
