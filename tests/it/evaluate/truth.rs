//! The truth table of conditions: every test, with its field there, not satisfied, and absent, and a version that covers the day or not.

use kesu::ledger::Outcome::{self, Indeterminate, Met, NotApplicable};

use super::world::World;

const TABLE: &str = r#"
[dataset]
name = "表"
key = ["号"]
at = "日"
[[field]]
name = "号"
type = "text"
[[field]]
name = "日"
type = "date"
[[field]]
name = "文"
type = "text"
[[field]]
name = "数"
type = "decimal"
[[field]]
name = "整"
type = "int"
[[field]]
name = "另"
type = "decimal"
[[field]]
name = "期"
type = "date"
[[field]]
name = "时"
type = "datetime"
[[field]]
name = "否"
type = "bool"
"#;

/// What a rule says whose only row applies when `test` holds: met where it does, not applicable where it does not.
fn says(when: &str, cells: &[(&str, &str)], day: &str) -> Outcome {
    let rules = format!(
        "[[require]]\nid = \"r\"\ntitle = \"t\"\ndataset = \"表\"\n[[require.version]]\nfrom = 2026-10-01\ncite = \"s 一\"\n\
         rows = [{{ when = {{ {when} }}, present = [\"号\"] }}]\n"
    );
    let row = [&[("号", "1"), ("日", day)], cells].concat();
    World::new(&[TABLE], &rules).rows("表", &[&row]).only("r", &day[..7], "2026-12-31").outcome
}

/// `(test, a cell that satisfies it, a cell that does not)` of a field.
const TESTS: &[(&str, &str, &str, &str)] = &[
    ("文", "\"甲\"", "甲", "乙"),
    ("文", "[\"甲\", \"乙\"]", "乙", "丙"),
    ("文", "\"!= 甲\"", "乙", "甲"),
    ("文", "\"like 甲*\"", "甲乙", "乙甲"),
    ("数", "\"> 5000\"", "5000.0001", "5000"),
    ("数", "\">= 5000\"", "5000", "4999.9999"),
    ("数", "\"< 3\"", "2.9999", "3"),
    ("数", "\"<= 3\"", "3", "3.0001"),
    ("数", "\"!= 0\"", "0.0001", "0"),
    ("数", "\"(100000..150000]\"", "150000", "100000"),
    ("数", "\"[100000..150000)\"", "100000", "150000"),
    ("整", "\"> 2\"", "3", "2"),
    ("整", "[1, 2]", "2", "3"),
    ("期", "\">= 2026-10-05\"", "2026-10-05", "2026-10-04"),
    ("时", "\"< 2026-10-05\"", "2026-10-04 23:59", "2026-10-05 00:00"),
    ("否", "true", "是", "否"),
];

#[test]
fn every_test_says_yes_no_or_that_it_cannot_know() {
    for (field, test, yes, no) in TESTS {
        let when = format!("\"{field}\" = {test}");
        assert_eq!(says(&when, &[(field, yes)], "2026-10-01"), Met, "{when} with {yes}");
        assert_eq!(says(&when, &[(field, no)], "2026-10-01"), NotApplicable, "{when} with {no}");
        assert_eq!(says(&when, &[(field, "")], "2026-10-01"), Indeterminate, "{when} without a value");
        for cell in [*yes, *no, ""] {
            assert_eq!(says(&when, &[(field, cell)], "2026-09-30"), Indeterminate, "{when} before the first version");
        }
    }
}

#[test]
fn emptiness_is_always_known() {
    for (test, with, without) in [("present", Met, NotApplicable), ("missing", NotApplicable, Met)] {
        let when = format!("\"文\" = \"{test}\"");
        assert_eq!(says(&when, &[("文", "甲")], "2026-10-01"), with);
        assert_eq!(says(&when, &[("文", "")], "2026-10-01"), without);
    }
}

#[test]
fn another_field_is_needed_as_much_as_the_first() {
    let when = "\"数\" = \"<= {另}\"";
    assert_eq!(says(when, &[("数", "3"), ("另", "3")], "2026-10-01"), Met);
    assert_eq!(says(when, &[("数", "3.0001"), ("另", "3")], "2026-10-01"), NotApplicable);
    assert_eq!(says(when, &[("数", "3"), ("另", "")], "2026-10-01"), Indeterminate);
    assert_eq!(says(when, &[("数", ""), ("另", "3")], "2026-10-01"), Indeterminate);
}

#[test]
fn one_part_that_is_false_decides_whatever_else_is_missing() {
    let when = "\"文\" = \"甲\", \"数\" = \"> 5\"";
    assert_eq!(says(when, &[("文", "乙"), ("数", "")], "2026-10-01"), NotApplicable);
    assert_eq!(says(when, &[("文", "甲"), ("数", "")], "2026-10-01"), Indeterminate);
    assert_eq!(says(when, &[("文", ""), ("数", "1")], "2026-10-01"), NotApplicable);
}

#[test]
fn one_alternative_that_is_true_decides_whatever_else_is_missing() {
    let when = "any = [{ \"文\" = \"甲\" }, { \"数\" = \"> 5\" }]";
    assert_eq!(says(when, &[("文", "甲"), ("数", "")], "2026-10-01"), Met);
    assert_eq!(says(when, &[("文", "乙"), ("数", "")], "2026-10-01"), Indeterminate);
    assert_eq!(says(when, &[("文", "乙"), ("数", "5")], "2026-10-01"), NotApplicable);
}

#[test]
fn the_opposite_of_what_is_not_known_is_not_known() {
    let when = "not = { \"文\" = \"甲\" }";
    assert_eq!(says(when, &[("文", "乙")], "2026-10-01"), Met);
    assert_eq!(says(when, &[("文", "甲")], "2026-10-01"), NotApplicable);
    assert_eq!(says(when, &[("文", "")], "2026-10-01"), Indeterminate);
}
