//! Numbering: format, month, repeats, gaps.

use kesu::ledger::Outcome::{Breached, Indeterminate, Met};

use super::world::{Row, World};

const TABLE: &str = r#"
[dataset]
name = "台账"
key = ["行"]
[[field]]
name = "行"
type = "text"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "受理日期"
type = "date"
"#;

fn world(template: &str, rows: &[(&str, &str)]) -> World {
    let rule = format!(
        "[[sequence]]\nid = \"n\"\ntitle = \"编号\"\ndataset = \"台账\"\nnumber = \"编号\"\nmonth_from = \"受理日期\"\n\
         [[sequence.version]]\nfrom = 2020-01-01\ncite = \"s 八条\"\ntemplate = \"{template}\"\n"
    );
    let rows: Vec<Vec<(&str, &str)>> = rows.iter().map(|(number, day)| vec![("行", "x"), ("编号", *number), ("受理日期", *day)]).collect();
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    World::new(&[TABLE], &rule).rows("台账", &rows)
}

const YYMMNN: &str = "{yy}{mm}{seq:02}";

fn messages(rows: &[(&str, &str)]) -> Vec<String> {
    world(YYMMNN, rows).judge("n", "2026-10", "2026-10-31").findings().into_iter().map(|f| f.message).collect()
}

#[test]
fn numbers_in_a_row_are_met() {
    let world = world(YYMMNN, &[("261001", "2026-10-01"), ("261002", "2026-10-02"), ("260901", "2026-09-01")]);
    assert_eq!(world.all("n", "2026-10", "2026-10-31").iter().map(|f| f.outcome).collect::<Vec<_>>(), [Met, Met]);
}

#[test]
fn a_wrong_format_is_told_with_the_right_one() {
    for number in ["2610001", "26101", "2610A1", "26-10-01", "261000", "261301", "260001", "+26101", "二六一〇〇一"] {
        let told = messages(&[(number, "2026-10-01")]);
        assert_eq!(told, [format!("编号「{number}」不合格式（年两位＋月两位＋流水号 2 位）")]);
    }
}

#[test]
fn a_larger_number_grows_a_digit() {
    let rows: Vec<(String, String)> = (1..=101).map(|n| (format!("2610{n:02}"), "2026-10-05".to_owned())).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert!(messages(&rows).is_empty());
}

#[test]
fn the_month_must_be_the_one_of_the_date() {
    assert_eq!(messages(&[("260901", "2026-10-01")]), ["编号「260901」的年月与受理日期 2026-10-01 不符"]);
    assert_eq!(messages(&[("251001", "2026-10-01")]), ["编号「251001」的年月与受理日期 2026-10-01 不符"]);
}

#[test]
fn a_repeated_number_is_told_on_every_row_that_has_it() {
    let told = messages(&[("261001", "2026-10-01"), ("261001", "2026-10-02"), ("261002", "2026-10-02")]);
    assert_eq!(told, ["重号：编号「261001」不止一次", "重号：编号「261001」不止一次"]);
}

#[test]
fn every_missing_number_of_the_month_is_a_breach_of_its_own() {
    let world = world(YYMMNN, &[("261002", "2026-10-01"), ("261005", "2026-10-02"), ("260907", "2026-09-02")]);
    let findings = world.judge("n", "2026-10", "2026-10-31").findings();
    let told: Vec<(&str, &str, u32)> = findings.iter().map(|f| (f.subject.as_str(), f.message.as_str(), f.place.row)).collect();
    assert_eq!(told, [("261001", "缺号：261001", 0), ("261003", "缺号：261003", 0), ("261004", "缺号：261004", 0)]);
    assert!(findings.iter().all(|f| f.outcome == Breached && f.clause == "办法 八条"));
    assert_eq!(world.counts("n", "2026-10", "2026-10-31").population(), 5);
}

#[test]
fn a_slip_of_the_pen_does_not_make_a_million_findings() {
    let findings = world(YYMMNN, &[("261001", "2026-10-01"), ("2610999999", "2026-10-02")]).judge("n", "2026-10", "2026-10-31").findings();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].subject, "261002~2610999998");
}

#[test]
fn numbers_not_seen_yet_leave_no_gap() {
    let world = world(YYMMNN, &[("261001", "2026-10-01"), ("261003", "2026-10-25")]);
    assert!(world.judge("n", "2026-10", "2026-10-20").findings().is_empty());
}

#[test]
fn without_its_date_a_number_cannot_be_judged() {
    let world = world(YYMMNN, &[("261001", "")]);
    let found = world.only("n", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：受理日期 为空"));
}

#[test]
fn other_templates_are_read_as_well() {
    let world = world(
        "KS-{yyyy}-{mm}-{seq:03}",
        &[("KS-2026-10-001", "2026-10-01"), ("KS-2026-10-003", "2026-10-02"), ("XX-2026-10-002", "2026-10-02")],
    );
    let told: Vec<String> = world.judge("n", "2026-10", "2026-10-31").findings().into_iter().map(|f| f.message).collect();
    assert!(told[0].contains("XX-2026-10-002") && told[1] == "缺号：KS-2026-10-002", "{told:?}");
}

const DAILY: &str = "{yy}{mm}{dd}{seq:03}";

fn daily(rows: &[(&str, &str)]) -> Vec<String> {
    world(DAILY, rows).judge("n", "2026-10", "2026-10-31").findings().into_iter().map(|f| f.message).collect()
}

#[test]
fn numbers_that_name_the_day_start_anew_each_day() {
    let rows = [("261008001", "2026-10-08"), ("261008002", "2026-10-08"), ("261009001", "2026-10-09"), ("261031001", "2026-10-31")];
    let outcomes: Vec<_> = world(DAILY, &rows).all("n", "2026-10", "2026-10-31").iter().map(|f| f.outcome).collect();
    assert_eq!(outcomes, [Met; 4]);
}

#[test]
fn a_gap_is_one_within_its_day() {
    let told = daily(&[("261008003", "2026-10-08"), ("261009001", "2026-10-09"), ("260930002", "2026-09-30")]);
    assert_eq!(told, ["缺号：261008001", "缺号：261008002"]);
}

#[test]
fn the_day_must_be_the_one_of_the_date() {
    assert_eq!(daily(&[("261007001", "2026-10-08")]), ["编号「261007001」的年月日与受理日期 2026-10-08 不符"]);
    assert_eq!(daily(&[("260908001", "2026-10-08")]), ["编号「260908001」的年月日与受理日期 2026-10-08 不符"]);
}

#[test]
fn a_day_that_no_month_has_is_a_wrong_format() {
    for number in ["261000001", "261032001", "26100801"] {
        assert_eq!(daily(&[(number, "2026-10-08")]), [format!("编号「{number}」不合格式（年两位＋月两位＋日两位＋流水号 3 位）")]);
    }
}

#[test]
fn the_same_running_number_on_two_days_is_no_repeat_but_on_one_day_it_is() {
    let told = daily(&[("261008001", "2026-10-08"), ("261008001", "2026-10-08"), ("261009001", "2026-10-09")]);
    assert_eq!(told, ["重号：编号「261008001」不止一次", "重号：编号「261008001」不止一次"]);
}
