//! Which dataset a sheet is, where its heading stands, which column is which field.

use kesu::diag::{Code, Place, Severity};
use kesu::rules::FieldType;

use super::feed::*;

const LEDGER: &str = "客诉编号|客户|国内外|受理日期|结案日期";
const CASE: &str = "261001|甲公司|国内|2026-10-01|2026-10-16";

fn ledger_rows() -> Vec<Vec<Cell>> {
    vec![texts(LEDGER), texts(CASE)]
}

#[test]
fn a_sheet_is_recognised_by_its_heading_alone() {
    let found = read_rows(&all_shipped(), ledger_rows());
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261001"]);
    assert!(found.sheets[0].why.contains("表头"));
}

#[test]
fn each_sheet_of_a_workbook_is_a_dataset_of_its_own() {
    let book = Book::default()
        .sheet("封面", vec![texts("客诉月报"), texts("总经理室")])
        .sheet("台账", ledger_rows())
        .sheet("流转", vec![texts("编号|站序|部门|收文时间|送出时间"), texts("261001|1|品管部|2026-10-01 9:00|2026-10-01 15:00")])
        .sheet("核决", vec![texts("编号|金额|职务|批准日期"), texts("261001|500|副总|2026-10-10")])
        .sheet("责任", vec![texts("编号|责任部门|比率|类别"), texts("261001|制造部|100%|赔款")]);
    let found = read(&[("2026年10月客诉台账.xlsx", book)], &all_shipped());
    assert_eq!(errors(&found), []);
    let names: Vec<Option<&str>> = found.totals.iter().map(|t| t.dataset.as_deref()).collect();
    assert_eq!(names, [None, Some("客诉台账"), Some("流转记录"), Some("核决记录"), Some("责任与损失")]);
    assert_eq!(found.totals[0].unrecognised, 2);
    assert_eq!(column(&found, "流转记录", "站别"), ["质管部"]);
    assert_eq!(column(&found, "核决记录", "核决人职务"), ["副总经理"]);
    assert_eq!(column(&found, "责任与损失", "损失类别"), ["索赔"]);
    let cover = found.diags.iter().find(|d| d.code == Code::SheetUnrecognised).unwrap();
    assert_eq!(cover.severity, Severity::Note);
}

#[test]
fn several_files_make_one_table_in_the_order_of_the_files() {
    let book = |number: &str| Book::default().sheet("1", vec![texts(LEDGER), texts(&CASE.replace("261001", number))]);
    let found = read(&[("华南.xlsx", book("261002")), ("华东.xlsx", book("261001"))], &all_shipped());
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261002", "261001"]);
    assert_eq!(column(&found, "客诉台账", "_source"), ["0", "1"]);
    assert_eq!(column(&found, "客诉台账", "_row"), ["2", "2"]);
}

#[test]
fn titles_blank_rows_and_a_second_heading_row_are_stepped_over() {
    let rows = vec![
        texts("示例制造有限公司"),
        texts("2026 年 10 月客诉登记台账"),
        vec![],
        texts("客诉信息||| 受理||"),
        texts("* 客诉编号|客户\n名称|内 / 外 销|日期|金额（元）|结案日期"),
        vec![],
        texts("261001|甲公司|内销|2026-10-01|500|"),
    ];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "国内外"), ["国内"]);
    assert_eq!(column(&found, "客诉台账", "受理日期"), ["2026-10-01"]);
    assert_eq!(column(&found, "客诉台账", "_row"), ["7"]);
    assert_eq!(found.sheets[0].heading_rows, [4, 5]);
    assert_eq!(found.totals[0].furniture, 4);
    let why = |header: &str| found.columns.iter().find(|c| c.header == header).unwrap().why.clone();
    assert!(why("受理日期").contains("两行表头"), "{}", why("受理日期"));
    assert!(why("金额（元）").contains("别名「金额」"), "{}", why("金额（元）"));
}

#[test]
fn columns_merged_over_both_heading_rows_keep_their_upper_text() {
    let rows = vec![texts("客诉编号|客户|国内外|日期||备注"), texts("|||受理日期|结案日期|"), texts("261001|甲|国内|2026-10-01||急")];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "客户"), ["甲"]);
    assert!(found.columns.iter().any(|c| c.header == "备注" && c.field.is_none()));
}

#[test]
fn a_missing_required_column_names_the_nearest_header_and_its_cell() {
    let rows = vec![texts("客诉编号|客户|国内外|受理日期|结案日期日"), texts(CASE)];
    let found = read(&[("x.xlsx", Book::default().sheet("客诉台账", rows))], &all_shipped());
    assert_eq!(errors(&found), [(Code::ColumnMissing, "「客诉台账」缺少必需的列「结案日期」".to_owned())]);
    let diag = found.diags.iter().find(|d| d.code == Code::ColumnMissing).unwrap();
    assert!(matches!(&diag.place, Place::Cell { cell, .. } if cell.to_string() == "E1"));
    assert!(diag.help.as_ref().unwrap().contains("结案日期日"));
    assert!(found.tables.tables.is_empty());
}

#[test]
fn a_file_named_as_a_ledger_must_have_its_columns_too() {
    let rows = vec![texts("客诉编号|客户|国内外|受理日期"), texts("261001|甲|国内|2026-10-01")];
    let found = read(&[("数据/华南客诉登记.csv", Book::default().sheet("", rows))], &all_shipped());
    assert_eq!(errors(&found).len(), 1);
    assert_eq!(errors(&found)[0].0, Code::ColumnMissing);
}

#[test]
fn a_pivot_in_the_same_file_is_left_alone() {
    let pivot = vec![texts("客户|国内外|件数"), texts("甲公司|国内|3")];
    let found = read(&[("客诉台账.xlsx", Book::default().sheet("1", ledger_rows()).sheet("透视", pivot))], &all_shipped());
    assert_eq!(errors(&found), []);
    assert_eq!(found.totals[1].unrecognised, 2);
}

#[test]
fn nothing_recognised_anywhere_is_an_error_that_lists_the_sheets() {
    let book = Book::default().sheet("甲", vec![texts("姓名|电话"), texts("张三|1")]).sheet("乙", vec![]);
    let found = read(&[("x.xlsx", book)], &all_shipped());
    let (code, message) = errors(&found).remove(0);
    assert_eq!(code, Code::NoDataset);
    assert!(message.contains("x.xlsx[甲]") && message.contains("x.xlsx[乙]"), "{message}");
}

#[test]
fn a_sheet_that_could_be_two_datasets_is_an_error_naming_both() {
    let twin = |name: &str| kesu::rules::Dataset { name: name.to_owned(), ..sample(field("值", FieldType::Text)) };
    let found = read_rows(&[twin("甲表"), twin("乙表")], vec![texts("编号|值"), texts("1|a")]);
    let (_, message) = errors(&found).remove(0);
    assert!(message.contains("甲表") && message.contains("乙表"), "{message}");
}

#[test]
fn patterns_ignore_case_and_need_no_extension() {
    let mut dataset = sample(field("值", FieldType::Text));
    dataset.matches = vec!["log-??".to_owned()];
    let rows = || vec![texts("编号|值"), texts("1|a")];
    let found = read(&[("in/LOG-10.XLSX", Book::default().sheet("1", rows()))], std::slice::from_ref(&dataset));
    assert!(found.sheets[0].why.contains("文件名"), "{}", found.sheets[0].why);
    let found = read(&[("log-10/other.xlsx", Book::default().sheet("1", rows()))], &[dataset]);
    assert!(found.sheets[0].why.contains("表头"), "{}", found.sheets[0].why);
}

#[test]
fn two_columns_for_one_field_are_an_error_with_both_cells() {
    let rows = vec![texts("客诉编号|客户名称|客户简称|国内外|受理日期|结案日期"), texts("261001|甲|乙|国内|2026-10-01|")];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(errors(&found)[0].0, Code::ColumnRepeated);
    let diag = found.diags.iter().find(|d| d.code == Code::ColumnRepeated).unwrap();
    assert!(matches!(&diag.place, Place::Cell { cell, .. } if cell.to_string() == "B1"));
    assert!(matches!(&diag.labels[0].0, Place::Cell { cell, .. } if cell.to_string() == "C1"));
}

#[test]
fn the_fields_own_name_wins_over_an_alias_with_a_warning() {
    let rows = vec![texts("客诉编号|客户名称|客户|国内外|受理日期|结案日期"), texts("261001|甲|乙|国内|2026-10-01|")];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "客户"), ["乙"]);
    assert!(found.diags.iter().any(|d| d.code == Code::ColumnRepeated && d.severity == Severity::Warning));
}

#[test]
fn unused_columns_are_listed() {
    let rows = vec![texts(&format!("{LEDGER}|天气")), texts(&format!("{CASE}|晴"))];
    let found = read_rows(&all_shipped(), rows);
    let note = found.diags.iter().find(|d| d.code == Code::ColumnUnused).unwrap();
    assert!(note.message.contains("天气"));
    assert_eq!(found.columns.iter().find(|c| c.header == "天气").unwrap().sample, "晴");
}

#[test]
fn a_column_with_values_but_no_header_is_listed_too() {
    let rows = vec![texts(LEDGER), texts(&format!("{CASE}|晴"))];
    let found = read_rows(&all_shipped(), rows);
    let note = found.diags.iter().find(|d| d.code == Code::ColumnUnused).unwrap();
    assert!(note.message.contains("F 列"), "{}", note.message);
}

#[test]
fn a_row_of_units_below_the_heading_is_no_data() {
    let rows = vec![texts(&format!("{LEDGER}|客诉金额")), texts("|||（年月日）|（年月日）|（元）"), texts(&format!("{CASE}|5"))];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!((found.totals[0].used, found.totals[0].furniture), (1, 2));
}

#[test]
fn a_heading_below_the_thirtieth_row_is_not_found() {
    let mut rows: Vec<Vec<Cell>> = (0..30).map(|i| texts(&format!("说明第 {i} 条"))).collect();
    rows.extend(ledger_rows());
    assert_eq!(errors(&read_rows(&all_shipped(), rows))[0].0, Code::NoDataset);
}

#[test]
fn returns_and_allowances_are_one_ledger_and_either_number_will_do() {
    let returns = vec![texts("退货单号|客诉编号|核定退货量"), texts("TH01|261001|120")];
    let allowances = vec![texts("折让单号|客诉编号|折让金额"), texts("ZR01|261002|500")];
    let found = read(&[("甲.xlsx", Book::default().sheet("1", returns).sheet("2", allowances))], &all_shipped());
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "退货折让台账", "退货单号"), ["TH01", ""]);
    assert_eq!(column(&found, "退货折让台账", "折让单号"), ["", "ZR01"]);
}

#[test]
fn a_ledger_of_returns_without_either_number_is_refused_by_name_and_left_alone_without() {
    let rows = || vec![texts("客诉编号|核定退货量|实退量"), texts("261001|120|118")];
    let named = read(&[("x.xlsx", Book::default().sheet("退货台账", rows()))], &all_shipped());
    assert_eq!(errors(&named), [(Code::ColumnMissing, "「退货折让台账」的列「退货单号」、「折让单号」至少要有一个".to_owned())]);
    let other = read(&[("x.xlsx", Book::default().sheet("1", ledger_rows()).sheet("附页", rows()))], &all_shipped());
    assert_eq!(errors(&other), []);
    assert_eq!(other.totals[1].unrecognised, 2);
}

#[test]
fn every_shipped_dataset_is_recognised_by_its_own_headings() {
    for dataset in all_shipped() {
        let heading: Vec<Cell> = dataset.fields.iter().map(|field| t(&field.name)).collect();
        let found = read_rows(&all_shipped(), vec![heading.clone(), heading.iter().map(|_| t("")).collect()]);
        assert_eq!(errors(&found), [], "{}", dataset.name);
        assert_eq!(found.sheets[0].dataset.as_deref(), Some(dataset.name.as_str()));
    }
}
