//! Two figures that must agree, of a row and of a group.

use kesu::evaluate::smallest_change;
use kesu::ledger::Figures;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met};
use kesu::rules::{figure_titles, sentence};
use rust_decimal::Decimal;

use super::world::{Row, World};

const RETURNS: &str = r#"
[dataset]
name = "退货"
key = ["单号"]
at = "签收日期"
[[field]]
name = "单号"
type = "text"
[[field]]
name = "核定"
type = "decimal"
[[field]]
name = "实退"
type = "decimal"
[[field]]
name = "允收"
type = "percent"
[[field]]
name = "请示日期"
type = "date"
[[field]]
name = "签收日期"
type = "date"
"#;

const SHARES: &str = r#"
[dataset]
name = "责任"
key = ["案号", "部门"]
at = "结案"
[[field]]
name = "案号"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "比率"
type = "percent"
[[field]]
name = "全案"
type = "money"
[[field]]
name = "份额"
type = "money"
[[field]]
name = "结案"
type = "date"
"#;

fn rule(keys: &str, version: &str) -> String {
    format!(
        "[[reconcile]]\nid = \"r\"\ntitle = \"核对\"\n{keys}\n[[reconcile.version]]\nfrom = 2020-01-01\ncite = \"s 十三条\"\n{version}\n"
    )
}

fn returned(version: &str, rows: &[Row]) -> World {
    World::new(&[RETURNS], &rule("dataset = \"退货\"\nleft = \"实退\"\nright = \"核定\"", version)).rows("退货", rows)
}

/// 100 were approved, so many came back, and the customer's own margin may be given.
fn came_back(version: &str, back: &str, margin: &str) -> (Outcome, String) {
    let row: Row = &[("单号", "T1"), ("核定", "100"), ("实退", back), ("允收", margin), ("签收日期", "2026-10-08")];
    let found = returned(version, &[row]).only("r", "2026-10", "2026-10-31");
    (found.outcome, found.message)
}

#[test]
fn without_a_margin_only_equal_figures_agree() {
    assert_eq!(came_back("", "100", ""), (Met, String::new()));
    assert_eq!(came_back("", "100.0001", "").0, Breached);
    assert_eq!(came_back("", "112", ""), (Breached, "核定 100，实退 112，多 12（12%），不符".to_owned()));
    assert_eq!(came_back("", "98", ""), (Breached, "核定 100，实退 98，少 2（2%），不符".to_owned()));
}

#[test]
fn a_share_of_the_right_figure_is_allowed_to_its_last_digit() {
    let version = "over = \"10%\"\nunder = \"any\"";
    assert_eq!(came_back(version, "110", ""), (Met, "核定 100，实退 110，多 10（10%），在允差 10% 以内".to_owned()));
    assert_eq!(came_back(version, "110.0001", ""), (Breached, "核定 100，实退 110.0001，多 10.0001（10%），超出允差 10%".to_owned()));
    assert_eq!(came_back(version, "40", ""), (Met, "核定 100，实退 40，少 60（60%），允许".to_owned()));
}

#[test]
fn an_amount_is_allowed_in_the_figures_own_unit() {
    assert_eq!(came_back("over = \"0.5\"\nunder = \"2\"", "100.5", "").0, Met);
    assert_eq!(came_back("over = \"0.5\"\nunder = \"2\"", "100.6", "").0, Breached);
    assert_eq!(came_back("over = \"0.5\"\nunder = \"2\"", "98", "").0, Met);
    assert_eq!(
        came_back("over = \"0.5\"\nunder = \"2\"", "97.9999", ""),
        (Breached, "核定 100，实退 97.9999，少 2.0001（2%），超出允差 2".to_owned())
    );
}

#[test]
fn the_customers_own_margin_goes_before_the_companys() {
    let both = "over = \"{允收}\"\nover_or = \"5%\"\nunder = \"any\"";
    assert_eq!(came_back(both, "112", "12%"), (Met, "核定 100，实退 112，多 12（12%），在允差 12% 以内".to_owned()));
    assert_eq!(came_back(both, "112", "10%"), (Breached, "核定 100，实退 112，多 12（12%），超出允差 10%".to_owned()));
    assert_eq!(came_back(both, "105", "").0, Met);
    assert_eq!(came_back(both, "106", ""), (Breached, "核定 100，实退 106，多 6（6%），超出允差 5%".to_owned()));
    let alone = "over = \"{允收}\"\nunder = \"any\"";
    assert_eq!(came_back(alone, "106", ""), (Indeterminate, "无法判定：允收 为空".to_owned()));
    // nothing too much came back, so the margin is not asked for
    assert_eq!(came_back(alone, "100", "").0, Met);
    assert_eq!(came_back(alone, "90", "").0, Met);
}

#[test]
fn a_missing_figure_is_named() {
    assert_eq!(came_back("over = \"10%\"\nunder = \"any\"", "", ""), (Indeterminate, "无法判定：实退 为空".to_owned()));
}

#[test]
fn nothing_approved_leaves_no_share_to_allow() {
    let row: Row = &[("单号", "T1"), ("核定", "0"), ("实退", "3"), ("签收日期", "2026-10-08")];
    let found = returned("over = \"10%\"", &[row]).only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Breached, "核定 0，实退 3，多 3，超出允差 10%"));
}

#[test]
fn a_difference_is_excused_where_leave_was_asked_for_in_time() {
    let version = "unless = { not = { \"请示日期\" = \"missing\" }, \"请示日期\" = \"<= {签收日期}\" }";
    let judged = |asked: &str| {
        let row: Row = &[("单号", "T1"), ("核定", "100"), ("实退", "97"), ("请示日期", asked), ("签收日期", "2026-10-08")];
        let found = returned(version, &[row]).only("r", "2026-10", "2026-10-31");
        (found.outcome, found.message)
    };
    assert_eq!(judged("2026-10-08"), (Met, "核定 100，实退 97，少 3（3%），不符，已办规定手续".to_owned()));
    assert_eq!(judged("2026-10-09"), (Breached, "核定 100，实退 97，少 3（3%），不符".to_owned()));
    assert_eq!(judged("").0, Breached);
}

#[test]
fn a_verdict_carries_its_figures() {
    let row: Row = &[("单号", "T1"), ("核定", "100"), ("实退", "112.5"), ("签收日期", "2026-10-08")];
    let world = returned("", &[row]);
    let found = world.only("r", "2026-10", "2026-10-31");
    let figure = |digits: i64, scale: u32| Some(Decimal::new(digits, scale));
    assert_eq!(found.figures.as_deref(), Some(&Figures::Pair { left: figure(1125, 1), right: figure(100, 0), difference: figure(125, 1) }));
    assert_eq!((found.subject.as_str(), found.place.row), ("T1", 1));
    assert_eq!(figure_titles(world.rule("r").1), Some(["实退", "核定", "差额"].map(str::to_owned)));
    assert_eq!(smallest_change(world.rule("r").1, &found), "查明差额，使「实退」与「核定」相符，或补办规定手续");
}

fn shares(keys: &str, rows: &[Row]) -> World {
    World::new(&[SHARES], &rule(&format!("dataset = \"责任\"\nby = [\"案号\"]\n{keys}"), "")).rows("责任", rows)
}

const WHOLE: &str = "left = \"SUM(比率)\"\nright = \"100%\"";

fn share<'a>(case: &'a str, unit: &'a str, share: &'a str, closed: &'a str) -> [(&'a str, &'a str); 4] {
    [("案号", case), ("部门", unit), ("比率", share), ("结案", closed)]
}

#[test]
fn the_shares_of_a_case_add_up_to_the_whole() {
    let world = shares(
        WHOLE,
        &[
            &share("1", "甲", "60%", "2026-10-08"),
            &share("2", "甲", "60%", "2026-10-08"),
            &share("1", "乙", "40%", "2026-10-08"),
            &share("2", "乙", "35%", "2026-10-08"),
        ],
    );
    let found = world.all("r", "2026-10", "2026-10-31");
    let told: Vec<_> = found.iter().map(|found| (found.subject.as_str(), found.outcome, found.place.row, found.message.as_str())).collect();
    assert_eq!(told, [("1", Met, 1, ""), ("2", Breached, 2, "规定数 100%，比率合计 95%，少 5 个百分点，不符")]);
    let about = world.judge("r", "2026-10", "2026-10-31").about("2");
    assert_eq!(about.len(), 1);
}

#[test]
fn a_group_with_a_figure_missing_is_indeterminate() {
    let world = shares(WHOLE, &[&share("1", "甲", "60%", "2026-10-08"), &share("1", "乙", "", "2026-10-08")]);
    let found = world.only("r", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：比率 为空"));
}

#[test]
fn a_group_is_whole_whatever_the_months_of_its_rows_and_judged_in_the_latest() {
    let world = shares(WHOLE, &[&share("1", "甲", "60%", "2026-09-30"), &share("1", "乙", "40%", "2026-10-08")]);
    assert_eq!(world.outcomes("r", "2026-10", "2026-10-31"), [("1".to_owned(), Met)]);
    assert_eq!(world.outcomes("r", "2026-09", "2026-09-30"), [("1".to_owned(), Breached)], "the second row is not seen yet");
    assert_eq!(world.outcomes("r", "2026-09", "2026-10-31"), []);
}

#[test]
fn a_figure_that_is_not_added_up_must_be_the_same_in_every_row() {
    let row = |unit: &'static str, whole: &'static str, part: &'static str| {
        [("案号", "1"), ("部门", unit), ("全案", whole), ("份额", part), ("结案", "2026-10-08")]
    };
    let judged = |second: &'static str| {
        let world = shares("left = \"SUM(份额)\"\nright = \"全案\"", &[&row("甲", "900", "600"), &row("乙", second, "300")]);
        let found = world.only("r", "2026-10", "2026-10-31");
        (found.outcome, found.message)
    };
    assert_eq!(judged("900"), (Met, String::new()));
    assert_eq!(judged("800"), (Indeterminate, "无法判定：全案 在同一组里各行不一致".to_owned()));
}

#[test]
fn figures_and_margins_that_make_no_sense_are_refused() {
    let wrong = [
        ("left = \"SUM(实退)\"\nright = \"核定\"", "", "逐行核对时没有 SUM"),
        ("left = \"实退\"\nright = \"核定\"", "over = \"any\"\nunder = \"any\"", "没有什么可核对"),
        ("left = \"实退\"\nright = \"核定\"", "over = \"一成\"", "读不懂允差"),
        ("left = \"实退\"\nright = \"核定\"", "over = \"-1\"", "读不懂允差"),
        ("left = \"实退\"\nright = \"核定\"", "over = \"{允受}\"", "没有字段「允受」"),
        ("left = \"实退\"\nright = \"核定\"", "over_or = \"5%\"", "允差没有取自字段"),
        ("left = \"实退\"\nright = \"签收日期\"", "", "数字"),
        ("left = \"实退\"\nright = \"核定\"\nby = [\"单号\"]", "over = \"{允收}\"", "允差不能取自字段"),
        ("left = \"实退\"\nright = \"核定\"\nby = [\"单号\"]", "unless = { \"请示日期\" = \"present\" }", "不能写 unless"),
    ];
    for (keys, version, words) in wrong {
        let said = super::world::refusals(&[RETURNS], &rule(&format!("dataset = \"退货\"\n{keys}"), version));
        assert!(said.contains(words), "{keys} {version}: {said}");
    }
}

#[test]
fn a_reconciliation_reads_as_chinese() {
    let version = "over = \"{允收}\"\nover_or = \"5%\"\nunder = \"any\"\nunless = { \"请示日期\" = \"present\" }";
    let world = returned(version, &[]);
    let (pack, rule) = world.rule("r");
    insta::assert_snapshot!(sentence(&world.rules, pack, rule), @r"
    核对（p/r，两数核对）
    依据：办法 十三条
    「退货」的每一行，「实退」与「核定」核对。
    2020-01-01 起（办法 十三条）：允许多：「允收」，未填按 5%；允许少：不限。不合而请示日期已填的仍算合规。
    ");
    let world = shares(WHOLE, &[]);
    let (pack, rule) = world.rule("r");
    assert!(sentence(&world.rules, pack, rule).contains("「责任」的每一行，案号相同的合起来，「比率合计」与100%核对。"));
}
