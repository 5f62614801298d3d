//! Who may approve what, promises, and splitting.

use kesu::evaluate::smallest_change;
use kesu::ledger::Finding;
use kesu::ledger::Outcome::{Breached, Indeterminate, Met, NotApplicable};

use super::world::{Row, World};

const TABLE: &str = r#"
[dataset]
name = "核决"
key = ["编号"]
at = "核决日期"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "客户"
type = "text"
[[field]]
name = "金额"
type = "money"
[[field]]
name = "职务"
type = "text"
[[field]]
name = "核决日期"
type = "date"
[[field]]
name = "承诺日期"
type = "date"
"#;

const RULE: &str = r#"
[[approval]]
id = "a"
title = "权限"
dataset = "核决"
amount = "金额"
actor = "职务"
rank = ["经理", "副总经理", "总经理"]
promise = { at = "承诺日期", approved = "核决日期" }
split = { by = ["客户"], within = "7d" }
severity = "critical"
[[approval.version]]
from = 2020-01-01
cite = "s 十一条"
rows = [
  { when = { "金额" = "(0..100000]" }, at_least = "经理" },
  { when = { "金额" = "(100000..150000]" }, at_least = "副总经理" },
  { when = { "金额" = "> 150000" }, at_least = "总经理" },
]
"#;

fn world(rows: &[Row]) -> World {
    World::new(&[TABLE], RULE).rows("核决", rows)
}

fn one(amount: &str, post: &str, approved: &str, promised: &str) -> Finding {
    let row = [("编号", "1"), ("客户", "甲"), ("金额", amount), ("职务", post), ("核决日期", approved), ("承诺日期", promised)];
    world(&[&row]).only("a", "2026-10", "2026-10-31")
}

#[test]
fn each_band_ends_with_its_own_figure() {
    for (amount, lowest) in [("0.01", 0), ("100000", 0), ("100000.01", 1), ("100001", 1), ("150000", 1), ("150000.01", 2), ("999999999", 2)]
    {
        for (rank, post) in ["经理", "副总经理", "总经理"].into_iter().enumerate() {
            let expected = if rank >= lowest { Met } else { Breached };
            assert_eq!(one(amount, post, "2026-10-10", "").outcome, expected, "{amount} by {post}");
        }
    }
}

#[test]
fn too_low_a_post_is_told_with_the_post_that_was_needed() {
    let found = one("120000", "经理", "2026-10-10", "");
    assert_eq!(found.message, "越权核决：金额 120,000.00 元应由副总经理以上核决，实为经理");
    let world = world(&[]);
    assert_eq!(smallest_change(world.rule("a").1, &found), "若由副总经理以上核决，则合规");
    assert!(one("160000", "副总经理", "2026-10-10", "").message.contains("应由总经理核决"));
}

#[test]
fn a_promise_on_the_day_of_the_approval_is_met_and_a_day_before_is_not() {
    assert_eq!(one("100", "经理", "2026-10-10", "2026-10-10").outcome, Met);
    let found = one("100", "经理", "2026-10-10", "2026-10-09");
    assert_eq!((found.outcome, found.message.as_str()), (Breached, "先承诺后核决：承诺日期 2026-10-09 早于核决日期 2026-10-10"));
}

#[test]
fn both_reasons_are_told() {
    let found = one("120000", "经理", "2026-10-10", "2026-10-09");
    assert!(found.message.contains("越权核决") && found.message.contains("先承诺后核决"), "{}", found.message);
}

#[test]
fn a_promise_that_nobody_approved_is_breached() {
    let found = one("100", "", "", "2026-10-09");
    assert_eq!((found.outcome, found.message.as_str()), (Breached, "未核决先承诺：承诺日期 2026-10-09，至 2026-10-31 尚未核决"));
    // approved later than what is seen
    let found = one("100", "经理", "2026-11-02", "2026-10-09");
    assert_eq!(found.outcome, Breached);
}

#[test]
fn what_is_missing_is_named() {
    let told = |found: Finding| (found.outcome, found.message);
    assert_eq!(told(one("100", "", "2026-10-10", "")), (Indeterminate, "无法判定：职务 为空".to_owned()));
    assert_eq!(told(one("", "经理", "2026-10-10", "")), (Indeterminate, "无法判定：金额 为空".to_owned()));
    assert_eq!(told(one("100", "经理", "", "")), (Indeterminate, "无法判定：核决日期 为空".to_owned()));
    assert_eq!(told(one("100", "组长", "2026-10-10", "")), (Indeterminate, "无法判定：职务「组长」不在职级表里".to_owned()));
}

#[test]
fn an_amount_that_no_band_has_is_not_applicable() {
    assert_eq!(one("0", "经理", "2026-10-10", "").outcome, NotApplicable);
}

#[test]
fn a_promise_after_as_of_is_not_told() {
    let promised = |day| one("100000.01", "经理", "2026-10-20", day).start;
    assert_eq!(promised("2026-11-01"), None);
    assert!(promised("2026-10-31").is_some());
}

#[test]
fn an_approval_after_as_of_is_not_seen() {
    let rows: &[Row] = &[&[("编号", "1"), ("客户", "甲"), ("金额", "1"), ("职务", "经理"), ("核决日期", "2026-10-20"), ("承诺日期", "")]];
    assert!(world(rows).all("a", "2026-10", "2026-10-15").is_empty());
}

/// Approvals of one customer: `(number, amount, post, day)`.
fn suspects(rows: &[(&str, &str, &str, &str)]) -> Vec<Finding> {
    let rows: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|(number, amount, post, day)| {
            let customer = if number.starts_with('x') { "乙" } else { "甲" };
            vec![("编号", *number), ("客户", customer), ("金额", *amount), ("职务", *post), ("核决日期", *day)]
        })
        .collect();
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    let judged = world(&rows).judge("a", "2026-10", "2026-10-31");
    assert_eq!(judged.counts().population() as usize, rows.len());
    judged.findings().into_iter().filter(|found| found.suspected).collect()
}

#[test]
fn approvals_within_the_span_that_together_need_a_higher_post_are_suspected() {
    let found =
        suspects(&[("1", "60000", "经理", "2026-10-01"), ("2", "60000", "经理", "2026-10-08"), ("x", "60000", "经理", "2026-10-08")]);
    assert_eq!(found.iter().map(|f| f.subject.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(found[0].message, "疑似拆单：同客户（甲），7天内 2 笔合计 120,000.00 元，应由副总经理以上核决");
    assert_eq!((found[0].outcome, found[0].severity), (Breached, kesu::rules::Severity::Minor));
}

#[test]
fn a_day_more_apart_or_a_yuan_less_is_not_suspected() {
    assert!(suspects(&[("1", "60000", "经理", "2026-10-01"), ("2", "60000", "经理", "2026-10-09")]).is_empty());
    assert!(suspects(&[("1", "50000", "经理", "2026-10-01"), ("2", "50000", "经理", "2026-10-02")]).is_empty());
}

#[test]
fn where_one_of_them_had_the_power_nothing_is_suspected() {
    assert!(suspects(&[("1", "60000", "副总经理", "2026-10-01"), ("2", "60000", "经理", "2026-10-02")]).is_empty());
}

#[test]
fn many_small_ones_over_several_days_are_suspected_together() {
    let found = suspects(&[
        ("1", "40000", "经理", "2026-10-01"),
        ("2", "40000", "经理", "2026-10-03"),
        ("3", "40000", "经理", "2026-10-03"),
        ("4", "40000", "经理", "2026-10-20"),
    ]);
    assert_eq!(found.iter().map(|f| f.subject.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert!(found[0].message.contains("3 笔合计 120,000.00 元"), "{}", found[0].message);
}

#[test]
fn an_ordinary_breach_is_not_suspected_of_splitting_too() {
    assert!(suspects(&[("1", "120000", "经理", "2026-10-01"), ("2", "10", "经理", "2026-10-02")]).is_empty());
}
