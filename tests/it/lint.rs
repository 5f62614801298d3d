//! Lint: what a table leaves open or answers twice is proved with an example.

use std::path::Path;

use kesu::diag::{Code, Diag, render};
use kesu::rules::lint::lint;
use kesu::rules::{RuleSet, load};

use crate::rules::{packs, write_pack};

fn lint_of(rules: &RuleSet) -> Vec<Diag> {
    lint(rules).into_iter().collect()
}

fn with_code(diags: &[Diag], code: Code) -> Vec<&Diag> {
    diags.iter().filter(|diag| diag.code == code).collect()
}

#[test]
fn every_pack_of_the_repository_lints_clean() {
    let (rules, _) = packs(&[]);
    let said: Vec<String> = lint(&rules).iter().map(render).collect();
    assert!(said.is_empty(), "{}", said.join("\n\n"));
}

/// A pack with one approval table over 核决记录.
fn approval_pack(folder: &Path, version: &str) -> Vec<Diag> {
    let rules = format!(
        r#"
[[approval]]
id = "hejue"
title = "核决权限"
dataset = "核决记录"
amount = "金额"
actor = "职务"
rank = ["业务部门经理", "副总经理", "总经理"]
[[approval.version]]
from = 2020-01-01
cite = "banfa 十一条"
{version}
"#
    );
    let dataset = r#"
[dataset]
name = "核决记录"
[[field]]
name = "金额"
type = "money"
[[field]]
name = "国内外"
type = "one_of"
values = ["国内", "国外"]
[[field]]
name = "职务"
type = "one_of"
values = ["业务部门经理", "副总经理", "总经理"]
"#;
    write_pack(folder, &[("rules.toml", &rules), ("datasets/hejue.toml", dataset)]);
    let (rules, diags) = load(&[folder.join("pack")], &[], &[]);
    assert!(!diags.has_errors(), "{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"));
    lint_of(&rules).into_iter().filter(|diag| diag.code != Code::RuleNoCases).collect()
}

#[test]
fn the_policys_own_authority_table_has_a_hole_above_100000_and_two_answers_at_150000() {
    let folder = tempfile::tempdir().unwrap();
    let diags = approval_pack(
        folder.path(),
        r#"rows = [
  { when = { "金额" = "<= 100000" },        at_least = "业务部门经理" },
  { when = { "金额" = "[100001..150000]" }, at_least = "副总经理" },
  { when = { "金额" = ">= 150000" },        at_least = "总经理" },
]"#,
    );
    assert_eq!(diags.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::RuleGap, Code::RuleOverlap]);
    assert_eq!(
        diags[0].message,
        "「核决权限」漏档：金额大于 100,000 元且小于 100,001 元（100,000.01 到 100,000.99）时没有规定，例如 金额 = 100,000.01 元"
    );
    assert_eq!(
        diags[1].message,
        "「核决权限」重档：金额恰为 150,000 元时第 2 行（副总经理）与第 3 行（总经理）同时适用，例如 金额 = 150,000 元"
    );
    let drawn = render(&diags[0]).replace(&folder.path().display().to_string(), "");
    assert!(drawn.contains("到这里为止") && drawn.contains("从这里才开始") && drawn.contains("rules.toml:"), "{drawn}");
    assert!(drawn.contains(r#"{ when = { "金额" = "[100001..150000]" }, at_least = "副总经理" }"#), "{drawn}");
}

#[test]
fn a_table_that_meets_at_its_ends_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let diags = approval_pack(
        folder.path(),
        r#"rows = [
  { when = { "金额" = "(0..100000]" },      at_least = "业务部门经理" },
  { when = { "金额" = "(100000..150000]" }, at_least = "副总经理" },
  { when = { "金额" = "(150000..)" },       at_least = "总经理" },
]"#,
    );
    assert!(diags.is_empty(), "{diags:?}");
}

#[test]
fn a_hole_in_two_dimensions_names_both() {
    let folder = tempfile::tempdir().unwrap();
    let diags = approval_pack(
        folder.path(),
        r#"rows = [
  { when = { "金额" = "<= 1000" },                     at_least = "业务部门经理" },
  { when = { "金额" = "> 1000", "国内外" = "国内" },   at_least = "副总经理" },
  { when = { "金额" = "> 5000", "国内外" = "国外" },   at_least = "总经理" },
]"#,
    );
    let [hole] = diags.as_slice() else { panic!("{diags:?}") };
    assert_eq!(hole.code, Code::RuleGap);
    assert!(hole.message.contains("金额大于 1000 元且不超过 5000 元，且国内外为国外时没有规定"), "{}", hole.message);
}

#[test]
fn a_row_behind_a_wider_one_is_never_reached() {
    let folder = tempfile::tempdir().unwrap();
    let diags = approval_pack(
        folder.path(),
        r#"hit = "first"
rows = [
  { when = { "金额" = "> 0" },    at_least = "业务部门经理" },
  { when = { "金额" = "> 1000" }, at_least = "总经理" },
]"#,
    );
    assert_eq!(with_code(&diags, Code::RuleUnreachable).len(), 1, "{diags:?}");
    assert!(diags[0].message.contains("第 2 行"), "{}", diags[0].message);
}

#[test]
fn a_larger_amount_must_not_need_a_lower_post() {
    let folder = tempfile::tempdir().unwrap();
    let diags = approval_pack(
        folder.path(),
        r#"rows = [
  { when = { "金额" = "<= 1000" }, at_least = "总经理" },
  { when = { "金额" = "> 1000" },  at_least = "副总经理" },
]"#,
    );
    let [fall] = with_code(&diags, Code::RuleNotMonotonic)[..] else { panic!("{diags:?}") };
    assert!(fall.message.contains("要总经理") && fall.message.contains("却只要副总经理"), "{}", fall.message);
}

#[test]
fn rules_without_cases_and_boundaries_without_a_case_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let rules = r#"
[[deadline]]
id = "a"
title = "甲"
dataset = "表"
start = "起"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "banfa 一条"
rows = [{ limit = "5d" }]
[[deadline]]
id = "b"
title = "乙"
dataset = "表"
start = "起"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "banfa 二条"
rows = [{ limit = "7d" }]
"#;
    let dataset = "[dataset]\nname = \"表\"\n[[field]]\nname = \"起\"\ntype = \"date\"\n[[field]]\nname = \"止\"\ntype = \"date\"\n";
    let case = "[[case]]\nrule = \"a\"\nname = \"早\"\nas_of = 2026-10-31\nexpect = { outcome = \"met\", elapsed = \"2d\" }\n[[case.\"表\"]]\n\"起\" = 2026-10-01\n\"止\" = 2026-10-03\n";
    write_pack(folder.path(), &[("rules.toml", rules), ("datasets/t.toml", dataset), ("cases/a.toml", case)]);
    let (rules, diags) = load(&[folder.path().join("pack")], &[], &[]);
    assert!(diags.is_empty(), "{diags:?}");
    let diags = lint_of(&rules);
    assert_eq!(diags.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::RuleBoundaryUntested, Code::RuleNoCases]);
    assert!(diags[0].message.contains("5天") && diags[1].message.contains("「b」"), "{diags:?}");
}

#[test]
fn a_due_day_that_no_case_hands_in_on_is_named() {
    let rules = "[[duty]]\nid = \"a\"\ntitle = \"月报\"\ndataset = \"表\"\ndone = \"交\"\n\
                 [[duty.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\nevery = \"month\"\nafter = 1\ndue = \"day 10\"\n";
    let dataset = "[dataset]\nname = \"表\"\n[[field]]\nname = \"交\"\ntype = \"date\"\n";
    let linted = |done: &str| {
        let folder = tempfile::tempdir().unwrap();
        let case = format!(
            "[[case]]\nrule = \"a\"\nname = \"交\"\nas_of = 2026-10-31\nexpect = {{ outcome = \"met\", due = \"2026-10-10\" }}\n\
             [[case.\"表\"]]\n\"交\" = {done}\n"
        );
        write_pack(folder.path(), &[("rules.toml", rules), ("datasets/t.toml", dataset), ("cases/a.toml", &case)]);
        let (rules, diags) = load(&[folder.path().join("pack")], &[], &[]);
        assert!(diags.is_empty(), "{diags:?}");
        lint_of(&rules)
    };
    let early = linted("2026-10-09");
    let [untested] = early.as_slice() else { panic!("{early:?}") };
    assert_eq!((untested.code, untested.message.as_str()), (Code::RuleBoundaryUntested, "规则「a」的边界「第 10 天」没有用例碰到"));
    assert!(linted("2026-10-10").is_empty());
}

#[test]
fn a_limit_of_months_is_touched_by_a_case_that_is_met_on_the_due_day() {
    let rules = "[[deadline]]\nid = \"a\"\ntitle = \"试用\"\ndataset = \"表\"\nstart = \"起\"\nstop = \"止\"\n\
                 [[deadline.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\nrows = [{ limit = \"3mo\" }]\n";
    let dataset = "[dataset]\nname = \"表\"\n[[field]]\nname = \"起\"\ntype = \"date\"\n[[field]]\nname = \"止\"\ntype = \"date\"\n";
    let linted = |expect: &str, stop: &str| {
        let folder = tempfile::tempdir().unwrap();
        let case = format!(
            "[[case]]\nrule = \"a\"\nname = \"转正\"\nas_of = 2026-10-31\nexpect = {{ {expect} }}\n\
             [[case.\"表\"]]\n\"起\" = 2026-07-08\n\"止\" = {stop}\n"
        );
        write_pack(folder.path(), &[("rules.toml", rules), ("datasets/t.toml", dataset), ("cases/a.toml", &case)]);
        let (rules, diags) = load(&[folder.path().join("pack")], &[], &[]);
        assert!(diags.is_empty(), "{diags:?}");
        lint_of(&rules).iter().map(|diag| diag.code).collect::<Vec<_>>()
    };
    let due = "outcome = \"met\", due = \"2026-10-08\"";
    assert!(linted(due, "2026-10-08").is_empty());
    assert_eq!(linted(due, "2026-10-07"), [Code::RuleBoundaryUntested], "the day before");
    assert_eq!(linted("outcome = \"met\"", "2026-10-08"), [Code::RuleBoundaryUntested], "whoever wrote it did not work out the day");
}
