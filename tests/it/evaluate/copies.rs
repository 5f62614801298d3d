//! Copies and who signed for them; rows that must stand in another table as well.

use kesu::ledger::Finding;
use kesu::ledger::Outcome::{Breached, Indeterminate, Met, NotApplicable};

use super::world::{Row, World};

const CASES: &str = r#"
[dataset]
name = "台账"
key = ["案号"]
[[field]]
name = "案号"
type = "text"
[[field]]
name = "结案日期"
type = "date"
"#;

const RECEIPTS: &str = r#"
[dataset]
name = "签收"
key = ["行"]
[[field]]
name = "行"
type = "text"
[[field]]
name = "单据"
type = "text"
[[field]]
name = "单据编号"
type = "text"
[[field]]
name = "联次"
type = "int"
[[field]]
name = "签收部门"
type = "text"
[[field]]
name = "签收日期"
type = "date"
"#;

const RULE: &str = r#"
[[require]]
id = "r"
title = "三联签收"
dataset = "台账"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ copies = { dataset = "签收", on = { "案号" = "单据编号" }, where = { "单据" = "处理表" }, copy = "联次", by = "签收部门", at = "签收日期", issued = "结案日期", of = [
  { copy = "1", by = ["质管部", "质量管理部"] },
  { copy = "2", by = "会计科" },
  { copy = 3 },
] } }]
"#;

/// `（联次，签收部门，签收日期）` of the form of case 1.
type Receipt<'a> = (&'a str, &'a str, &'a str);

const WHOLE: [Receipt; 3] = [("1", "质量管理部", "2026-10-10"), ("2", "会计科", "2026-10-11"), ("3", "业务部", "2026-10-12")];

fn judged_by(rule: &str, closed: &str, receipts: &[Receipt]) -> Finding {
    let numbers: Vec<String> = (0..receipts.len()).map(|number| number.to_string()).collect();
    let mut rows: Vec<Vec<(&str, &str)>> = receipts
        .iter()
        .zip(&numbers)
        .map(|((copy, by, at), number)| {
            vec![("行", number.as_str()), ("单据", "处理表"), ("单据编号", "1"), ("联次", *copy), ("签收部门", *by), ("签收日期", *at)]
        })
        .collect();
    // another form and another case, which must not count
    rows.push(vec![("行", "x"), ("单据", "通知单"), ("单据编号", "1"), ("联次", "1"), ("签收部门", "质管部"), ("签收日期", "2026-10-01")]);
    rows.push(vec![("行", "y"), ("单据", "处理表"), ("单据编号", "2"), ("联次", "1"), ("签收部门", "会计科"), ("签收日期", "2026-10-01")]);
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    let world = World::new(&[CASES, RECEIPTS], rule).rows("台账", &[&[("案号", "1"), ("结案日期", closed)]]).rows("签收", &rows);
    world.only("r", "2026-10", "2026-10-31")
}

fn judged(receipts: &[Receipt]) -> (kesu::ledger::Outcome, String) {
    let found = judged_by(RULE, "2026-10-10", receipts);
    // what was signed for is told behind what is wrong
    let (message, _) = found.message.split_once("（现有签收").unwrap_or((found.message.as_str(), ""));
    (found.outcome, message.to_owned())
}

#[test]
fn every_copy_signed_for_on_the_day_of_issue_or_later_is_met() {
    assert_eq!(judged(&WHOLE).0, Met);
}

#[test]
fn a_copy_nobody_signed_for_is_named_with_its_department_at_the_row_of_the_case() {
    let found = judged_by(RULE, "2026-10-10", &WHOLE[..1]);
    assert_eq!(
        (found.outcome, found.message.as_str()),
        (Breached, "第2联（会计科）没有签收；第3联没有签收（现有签收 1 质量管理部 2026-10-10 第1行）")
    );
    assert_eq!((found.subject.as_str(), found.place.row), ("1", 1));
    assert_eq!(judged(&[]).0, Breached);
}

#[test]
fn the_wrong_department_is_told_who_should_have_signed() {
    let (outcome, message) = judged(&[("1", "制造部", "2026-10-10"), WHOLE[1], WHOLE[2]]);
    assert_eq!((outcome, message.as_str()), (Breached, "第1联应由质管部/质量管理部签收，签收部门不符"));
}

#[test]
fn a_signature_a_day_before_the_issue_is_too_early() {
    let (outcome, message) = judged(&[("1", "质管部", "2026-10-09"), WHOLE[1], WHOLE[2]]);
    assert_eq!((outcome, message.as_str()), (Breached, "第1联的签收早于结案日期"));
}

#[test]
fn the_smallest_change_speaks_of_what_is_wrong_and_not_of_what_is_there() {
    let rule = RULE.replace("title = \"三联签收\"", "title = \"三联签收\"\nmessage = \"{案号} 的处理表签收不全\"");
    let found = judged_by(&rule, "2026-10-10", &WHOLE[..2]);
    assert_eq!(found.message, "1 的处理表签收不全：第3联没有签收（现有签收 1 质量管理部 2026-10-10 第1行、2 会计科 2026-10-11 第2行）");
    let world = World::new(&[CASES, RECEIPTS], &rule);
    assert_eq!(kesu::evaluate::smallest_change(world.rule("r").1, &found), "更正「第3联没有签收」");
}

#[test]
fn one_copy_signed_for_twice_is_a_breach() {
    let (outcome, message) = judged(&[WHOLE[0], WHOLE[0], WHOLE[1], WHOLE[2]]);
    assert_eq!((outcome, message.as_str()), (Breached, "第1联签收不止一次"));
}

#[test]
fn a_signature_that_as_of_does_not_see_has_not_happened() {
    assert_eq!(judged(&[WHOLE[0], WHOLE[1], ("3", "业务部", "2026-11-01")]).1, "第3联没有签收");
}

#[test]
fn a_record_with_a_gap_is_indeterminate_with_the_field_named() {
    for (receipt, told) in [
        (("3", "业务部", ""), "无法判定：签收的签收日期 为空"),
        (("3", "", "2026-10-12"), "无法判定：签收的签收部门 为空"),
        (("", "业务部", "2026-10-12"), "无法判定：签收有一行看不出是哪一联"),
    ] {
        assert_eq!(judged(&[WHOLE[0], WHOLE[1], receipt]), (Indeterminate, told.to_owned()));
    }
    // what is known to be wrong stands
    assert_eq!(judged(&[WHOLE[0], ("3", "业务部", "")]), (Breached, "第2联（会计科）没有签收".to_owned()));
}

#[test]
fn before_the_issue_nothing_is_asked_unless_somebody_signed_already() {
    assert_eq!(judged_by(RULE, "", &[]).outcome, NotApplicable);
    assert_eq!(judged_by(RULE, "2026-11-02", &[]).outcome, NotApplicable);
    let found = judged_by(RULE, "", &WHOLE[..1]);
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：已有签收，而结案日期 为空或晚于截止"));
}

#[test]
fn without_a_field_for_the_copy_the_departments_tell_them_apart() {
    let rule =
        RULE.replace("copy = \"联次\", ", "").replace("copy = \"1\", ", "").replace("copy = \"2\", ", "").replace("  { copy = 3 },\n", "");
    let told = |receipts: &[Receipt]| judged_by(&rule, "2026-10-10", receipts);
    assert_eq!(told(&WHOLE[..2]).outcome, Met);
    assert_eq!(told(&WHOLE[1..]).message, "质管部/质量管理部没有签收（现有签收 会计科 2026-10-11 第1行、业务部 2026-10-12 第2行）");
}

const EXISTS: &str = r#"
[[require]]
id = "r"
title = "有案可查"
dataset = "签收"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ when = { "单据" = "处理表" }, exists = { dataset = "台账", on = { "单据编号" = "案号" } } }]
[[require]]
id = "reverse"
title = "有签收可查"
dataset = "台账"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ exists = { dataset = "签收", on = { "案号" = "单据编号" }, where = { "单据" = "处理表" } } }]
"#;

#[test]
fn a_row_without_its_counterpart_is_found_in_both_directions_with_its_own_row() {
    let receipts: [Row; 4] = [
        &[("行", "a"), ("单据", "处理表"), ("单据编号", "1")],
        &[("行", "b"), ("单据", "处理表"), ("单据编号", "9")],
        &[("行", "c"), ("单据", "通知单"), ("单据编号", "2")],
        &[("行", "d"), ("单据", "处理表")],
    ];
    let world = World::new(&[CASES, RECEIPTS], EXISTS).rows("签收", &receipts).rows("台账", &[&[("案号", "1")], &[("案号", "2")]]);
    let told = |rule: &str| -> Vec<(String, kesu::ledger::Outcome, String, u32)> {
        world.all(rule, "2026-10", "2026-10-31").into_iter().map(|f| (f.subject, f.outcome, f.message, f.place.row)).collect()
    };
    assert_eq!(
        told("r"),
        [
            ("a".into(), Met, String::new(), 1),
            ("b".into(), Breached, "「台账」里没有这个单据编号".into(), 2),
            ("c".into(), NotApplicable, String::new(), 3),
            ("d".into(), Indeterminate, "无法判定：单据编号 为空".into(), 4),
        ]
    );
    assert_eq!(
        told("reverse"),
        [("1".into(), Met, String::new(), 1), ("2".into(), Breached, "「签收」里没有这个案号、单据为处理表的行".into(), 2)]
    );
}

#[test]
fn a_table_that_was_not_handed_in_proves_nothing() {
    let world = World::new(&[CASES, RECEIPTS], EXISTS).rows("台账", &[&[("案号", "1")]]);
    let found = world.only("reverse", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：「签收」没有数据"));
}
