//! Data rows, furniture, merged cells, and what is set aside.

use kesu::diag::Code;
use kesu::normalise::Normalised;

use super::feed::*;

const LEDGER: &str = "客诉编号|客户|国内外|受理日期|结案日期|客诉金额";

fn ledger(lines: &[&str]) -> Normalised {
    let mut rows = vec![texts(LEDGER)];
    rows.extend(lines.iter().map(|line| if line.is_empty() { vec![] } else { texts(line) }));
    read_rows(&all_shipped(), rows)
}

fn totals(found: &Normalised) -> [u64; 6] {
    let t = &found.totals[0];
    assert!(t.balances());
    [t.read, t.used, t.rejected, t.duplicate, t.furniture, t.unrecognised]
}

#[test]
fn totals_signatures_notes_and_repeated_headings_are_no_data() {
    let found = ledger(&[
        "261001|甲|国内|2026-10-01||100",
        "本页小计|||||100",
        "",
        LEDGER,
        "261002|乙|国内|2026-10-02||200",
        "|合 计：||||300",
        "总计（2 件）|||||300",
        "注：金额含税",
        "备注：|本表每月十日前报送",
        "以上数据由生产管理组提供，如有疑问请联系。",
        "制表：张三|||审核：李四||主管：",
    ]);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261001", "261002"]);
    assert_eq!(totals(&found), [11, 2, 0, 0, 9, 0]);
}

#[test]
fn a_customer_called_like_a_total_is_data() {
    let found = ledger(&["261001|合计|国内|2026-10-01||100", "261002|小计统计公司|国内|2026-10-01||100", "261003|||||"]);
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261001", "261002", "261003"]);
}

#[test]
fn a_row_prepared_but_not_filled_in_is_no_data() {
    let rows = vec![texts(&format!("序号|{LEDGER}")), texts("1|261001|甲|国内|2026-10-01||"), texts("2||||||"), texts("3||||||")];
    let found = read_rows(&all_shipped(), rows);
    assert_eq!(totals(&found), [4, 1, 0, 0, 3, 0]);
}

#[test]
fn an_unreadable_cell_sets_the_whole_row_aside_with_its_original_cells() {
    let found = ledger(&["261001|甲|国内|2026-02-30||abc", "261002|乙|国内|2026-10-02||200"]);
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261002"]);
    let reject = &found.rejects[0];
    assert_eq!((reject.row, reject.dataset.as_str(), reject.resolved), (2, "客诉台账", false));
    let problems: Vec<(String, &str)> = reject.problems.iter().map(|(cell, field, _)| (cell.to_string(), field.as_str())).collect();
    assert_eq!(problems, [("D2".to_owned(), "受理日期"), ("F2".to_owned(), "客诉金额")]);
    assert_eq!(reject.cells, ["261001", "甲", "国内", "2026-02-30", "", "abc"]);
    assert_eq!(found.headers[0].1, LEDGER.split('|').collect::<Vec<_>>());
    let codes: Vec<Code> = found.diags.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::DateUnreadable, Code::NumberUnreadable]);
}

#[test]
fn a_blank_key_sets_the_row_aside_and_an_empty_cell_elsewhere_does_not() {
    let found = ledger(&["|甲|国内|2026-10-01||100", "261002||国内|||"]);
    assert_eq!(totals(&found), [3, 1, 1, 0, 1, 0]);
    assert!(found.rejects[0].problems[0].2.contains("主键"));
    assert_eq!(column(&found, "客诉台账", "受理日期"), [""]);
}

#[test]
fn a_case_closed_before_it_was_received_is_set_aside() {
    let found = ledger(&["261001|甲|国内|2026-10-02|2026-10-01|100", "261002|甲|国内|2026-10-02|2026-10-02|100"]);
    assert_eq!(column(&found, "客诉台账", "客诉编号"), ["261002"]);
    let (cell, field, reason) = &found.rejects[0].problems[0];
    assert_eq!((cell.to_string().as_str(), field.as_str()), ("E2", "结案日期"));
    assert!(reason.contains("2026-10-01") && reason.contains("2026-10-02"), "{reason}");
}

#[test]
fn an_unknown_choice_lists_what_is_allowed() {
    let found = ledger(&["261001|甲|省外|2026-10-02||100"]);
    assert!(found.rejects[0].problems[0].2.contains("国内、国外"));
}

#[test]
fn problems_are_listed_one_by_one_up_to_fifty_and_then_summed_up() {
    let lines: Vec<String> = (0..80).map(|i| format!("26{i:04}|甲|国内|昨天||")).collect();
    let found = ledger(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found.rejects.len(), 80);
    assert_eq!(found.diags.iter().count(), 51);
    assert!(found.diags.iter().last().unwrap().message.contains("30"));
}

const LOSSES: &str = "客诉编号|责任部门|责任人|责任比率|损失类别|实际赔偿金额";

fn losses(lines: &[&str]) -> Normalised {
    let mut rows = vec![texts(LOSSES)];
    rows.extend(lines.iter().map(|line| texts(line)));
    read_rows(&all_shipped(), rows)
}

#[test]
fn merged_cells_are_filled_down_within_a_case() {
    let found = losses(&["261001|制造部||60%|索赔|1000", "|业务部门||40%||", "261002|制造部||100%|折让|"]);
    assert_eq!(column(&found, "责任与损失", "客诉编号"), ["261001", "261001", "261002"]);
    assert_eq!(column(&found, "责任与损失", "损失类别"), ["索赔", "索赔", "折让"]);
    assert_eq!(column(&found, "责任与损失", "实际赔偿金额"), ["1000.0000", "1000.0000", ""]);
    assert!(found.repairs.iter().any(|r| r.cell.to_string() == "A3" && r.before.is_empty() && r.after == "261001"));
}

#[test]
fn a_case_number_written_again_still_takes_the_losses_above() {
    let found = losses(&["261001|制造部||60%|索赔|1000", "261001|业务部门||40%||"]);
    assert_eq!(column(&found, "责任与损失", "实际赔偿金额"), ["1000.0000", "1000.0000"]);
}

#[test]
fn nothing_is_filled_down_across_a_total_or_from_a_row_that_could_not_be_read() {
    let found = losses(&["261001|制造部||60%|索赔|abc", "|业务部门||40%||", "小计|||100%||", "|研发部||100%|索赔|5"]);
    assert!(found.tables.get("责任与损失").unwrap().frame.height() == 0);
    assert_eq!(found.rejects.iter().map(|r| r.row).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!(totals(&found), [5, 0, 3, 0, 2, 0]);
}

#[test]
fn a_subtotal_of_a_case_in_the_second_key_column_is_no_data() {
    let found = losses(&["261001|制造部||60%|索赔|1000", "|业务部门||40%||", "|小计||100%||1000"]);
    assert_eq!(totals(&found), [4, 2, 0, 0, 2, 0]);
}

#[test]
fn a_part_of_the_key_whose_column_is_optional_may_be_empty() {
    let found = losses(&["261001|制造部||60%|索赔|1000", "|制造部|张三|40%||"]);
    assert_eq!(totals(&found), [3, 2, 0, 0, 1, 0]);
}

#[test]
fn every_repair_has_a_place_a_before_and_an_after() {
    let found = ledger(&["261001|甲|内销|2026年10月1日||¥1,000"]);
    let listed: Vec<(String, &str, &str, &str)> =
        found.repairs.iter().map(|r| (r.cell.to_string(), r.before.as_str(), r.after.as_str(), r.reason)).collect();
    assert_eq!(
        listed,
        [
            ("C2".to_owned(), "内销", "国内", "按对照表改写"),
            ("D2".to_owned(), "2026年10月1日", "2026-10-01", "文本转日期"),
            ("F2".to_owned(), "¥1,000", "1000", "文本转数字"),
        ]
    );
    assert_eq!(found.repair_count, 3);
}

#[test]
fn the_repairs_of_a_row_set_aside_are_not_listed() {
    let found = ledger(&["261001|甲|内销|昨天||¥1,000"]);
    assert_eq!((found.repair_count, found.repairs.len()), (0, 0));
}
