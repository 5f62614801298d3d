//! Rows that say the same, and rows that claim the same key.

use kesu::diag::Code;
use kesu::rules::{Dataset, FieldType};

use super::feed::*;

fn dataset() -> Dataset {
    sample(field("值", FieldType::Money))
}

fn sheet(lines: &[&str]) -> Book {
    let mut rows = vec![texts("编号|值|天气")];
    rows.extend(lines.iter().map(|l| texts(l)));
    Book::default().sheet("1", rows)
}

#[test]
fn an_identical_row_is_counted_once_and_listed() {
    let found = read(&[("a.xlsx", sheet(&["1|5", "2|6", "1|5.00"]))], &[dataset()]);
    assert_eq!(column(&found, "样表", "编号"), ["1", "2"]);
    let d = &found.duplicates[0];
    assert_eq!((d.key.as_str(), d.first.row, d.second.row, d.identical), ("1", 2, 4, true));
    let t = &found.totals[0];
    assert_eq!((t.read, t.used, t.duplicate, t.rejected), (4, 2, 1, 0));
    assert_eq!(errors(&found), []);
}

#[test]
fn an_identical_row_in_another_file_is_a_duplicate_too() {
    let found = read(&[("a.xlsx", sheet(&["1|5"])), ("b.xlsx", sheet(&["1|5", "2|6"]))], &[dataset()]);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "样表", "_source"), ["0", "1"]);
    assert_eq!((found.totals[0].used, found.totals[1].used, found.totals[1].duplicate), (1, 1, 1));
}

#[test]
fn a_key_repeated_in_one_sheet_with_other_content_sets_the_second_row_aside() {
    let found = read(&[("a.xlsx", sheet(&["1|5|晴", "1|6|雨", "1|6|雨", "2|7|"]))], &[dataset()]);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "样表", "值"), ["5.0000", "7.0000"]);
    let listed: Vec<(u32, &str, Vec<&str>)> =
        found.rejects.iter().map(|r| (r.row, r.problems[0].2.as_str(), r.cells.iter().map(String::as_str).collect())).collect();
    assert_eq!(listed, [(3, "主键重复：与第 2 行不同", vec!["1", "6", "雨"]), (4, "主键重复：与第 2 行不同", vec!["1", "6", "雨"])]);
    assert!(found.duplicates.iter().all(|d| !d.identical));
    assert_eq!((found.totals[0].used, found.totals[0].rejected), (2, 2));
}

#[test]
fn two_sheets_that_claim_the_same_keys_are_an_error_naming_both() {
    let found = read(&[("a.xlsx", sheet(&["1|5", "2|6"])), ("b.xlsx", sheet(&["2|7", "3|8"]))], &[dataset()]);
    let (code, message) = errors(&found).remove(0);
    assert_eq!(code, Code::KeyClash);
    assert!(message.contains("a.xlsx[1]") && message.contains("b.xlsx[1]") && message.contains("如 2"), "{message}");
    assert!(found.totals.iter().all(kesu::normalise::ControlTotal::balances));
}

#[test]
fn rows_without_a_key_are_all_kept() {
    let dataset = Dataset { key: vec![], ..dataset() };
    let found = read(&[("a.xlsx", sheet(&["1|5", "1|5", "|6"]))], &[dataset]);
    assert_eq!(column(&found, "样表", "编号"), ["1", "1", ""]);
}

#[test]
fn a_key_of_several_fields_is_compared_whole() {
    let rows = ["编号|站序|部门|收文时间", "261001|1|质管部|2026-10-01 9:00", "261001|2|质管部|2026-10-01 9:00"].map(texts).into();
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(found.duplicates.len(), 0);
    assert_eq!(column(&found, "流转记录", "站序"), ["1", "2"]);
}
