//! Fields that must be there, and what they must say.

use kesu::evaluate::smallest_change;
use kesu::ledger::Outcome::{Breached, Indeterminate, Met, NotApplicable};

use super::world::{Row, World};

const CASES: &str = r#"
[dataset]
name = "台账"
key = ["编号"]
at = "受理日期"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "类别"
type = "text"
[[field]]
name = "料号"
type = "text"
[[field]]
name = "数量"
type = "decimal"
[[field]]
name = "不良数量"
type = "decimal"
[[field]]
name = "备注"
type = "text"
[[field]]
name = "受理日期"
type = "date"
"#;

const FILLED: &str = r#"
[[require]]
id = "r"
title = "填写"
dataset = "台账"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [
  { present = ["料号", "数量"] },
  { when = { "类别" = "质量" }, holds = { "不良数量" = "<= {数量}" } },
]
"#;

fn world(rows: &[Row]) -> World {
    World::new(&[CASES], FILLED).rows("台账", rows)
}

const FULL: Row = &[("编号", "1"), ("类别", "质量"), ("料号", "A"), ("数量", "10"), ("不良数量", "10"), ("受理日期", "2026-10-01")];

#[test]
fn a_row_with_everything_is_met_at_the_boundary() {
    assert_eq!(world(&[FULL]).only("r", "2026-10", "2026-10-31").outcome, Met);
}

#[test]
fn everything_that_is_missing_or_wrong_is_named_at_once() {
    let world = world(&[&[("编号", "1"), ("类别", "质量"), ("数量", "10"), ("不良数量", "10.5"), ("受理日期", "2026-10-01")]]);
    let found = world.only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Breached, "缺：料号；不良数量多于数量"));
    let change = smallest_change(world.rule("r").1, &found);
    assert_eq!(change, "补填 料号；更正「不良数量多于数量」");
}

#[test]
fn a_known_gap_stands_even_where_something_else_is_not_known() {
    let found = world(&[&[("编号", "1"), ("类别", "质量"), ("料号", "A"), ("不良数量", "10"), ("受理日期", "2026-10-01")]]);
    let found = found.only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Breached, "缺：数量"));
}

#[test]
fn a_comparison_with_an_empty_field_is_indeterminate() {
    let found = world(&[&[("编号", "1"), ("类别", "质量"), ("料号", "A"), ("数量", "10"), ("受理日期", "2026-10-01")]]);
    let found = found.only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：不良数量 为空"));
}

#[test]
fn a_condition_that_cannot_be_decided_is_indeterminate() {
    let found = world(&[&[("编号", "1"), ("料号", "A"), ("数量", "10"), ("不良数量", "1"), ("受理日期", "2026-10-01")]]);
    let found = found.only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：类别 为空"));
}

#[test]
fn rows_outside_the_period_or_not_yet_seen_are_not_judged() {
    let world = world(&[
        &[("编号", "before"), ("受理日期", "2026-09-30")],
        &[("编号", "in"), ("类别", "质量"), ("料号", "A"), ("数量", "1"), ("不良数量", "1"), ("受理日期", "2026-10-01")],
        &[("编号", "later"), ("受理日期", "2026-10-21")],
        &[("编号", "after"), ("受理日期", "2026-11-01")],
    ]);
    assert_eq!(world.outcomes("r", "2026-10", "2026-10-20"), [("in".to_owned(), Met)]);
}

#[test]
fn a_row_without_its_date_is_in_scope_and_indeterminate() {
    let found =
        world(&[&[("编号", "1"), ("类别", "质量"), ("料号", "A"), ("数量", "1"), ("不良数量", "1")]]).only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：受理日期 为空"));
}

#[test]
fn where_no_row_of_the_rule_applies_it_is_not_applicable() {
    let rule = FILLED.replace("  { present = [\"料号\", \"数量\"] },\n", "");
    let world = World::new(&[CASES], &rule).rows("台账", &[&[("编号", "1"), ("类别", "其他"), ("受理日期", "2026-10-01")]]);
    assert_eq!(world.only("r", "2026-10", "2026-10-31").outcome, NotApplicable);
}

#[test]
fn a_text_pattern_looks_at_the_whole_cell() {
    let rule = FILLED.replace("{ \"不良数量\" = \"<= {数量}\" }", "{ \"备注\" = \"like *未确定?\" }");
    let note = |text: &str| {
        let row = [("编号", "1"), ("类别", "质量"), ("料号", "A"), ("数量", "1"), ("备注", text), ("受理日期", "2026-10-01")];
        World::new(&[CASES], &rule).rows("台账", &[&row]).only("r", "2026-10", "2026-10-31").outcome
    };
    assert_eq!(note("加工中未确定。"), Met);
    assert_eq!(note("加工中未确定"), Breached);
    assert_eq!(note("未确定。。"), Breached);
}
