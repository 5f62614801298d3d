//! Numerator by denominator, per group, against a target.

use kesu::evaluate::smallest_change;
use kesu::ledger::Figures;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met, NotApplicable};
use kesu::rules::{figure_titles, sentence};
use rust_decimal::Decimal;

use super::world::{Row, World, refusals};

const DUES: &str = r#"
[dataset]
name = "应收"
at = "月末"
[[field]]
name = "业务员"
type = "text"
[[field]]
name = "应收额"
type = "money"
[[field]]
name = "受影响"
type = "money"
[[field]]
name = "实收额"
type = "money"
[[field]]
name = "月末"
type = "date"
"#;

const CALLS: &str = r#"
[dataset]
name = "回访"
at = "日期"
[[field]]
name = "业务员"
type = "text"
[[field]]
name = "结果"
type = "text"
[[field]]
name = "日期"
type = "date"
"#;

const PARTS: &str = "numerator = { sum = \"实收额\", name = \"实收\" }\n\
                     denominator = { sum = \"应收额 - COALESCE(受影响, 0)\", name = \"应收\" }";

fn rule(keys: &str, version: &str) -> String {
    format!("[[ratio]]\nid = \"r\"\ntitle = \"回收率\"\n{keys}\n[[ratio.version]]\nfrom = 2020-01-01\ncite = \"s 十三条\"\n{version}\n")
}

fn recovered(version: &str, rows: &[Row]) -> World {
    let keys = format!("dataset = \"应收\"\ngroup = [\"业务员\"]\nperson = \"业务员\"\n{PARTS}");
    World::new(&[DUES, CALLS], &rule(&keys, version)).rows("应收", rows)
}

fn due<'a>(who: &'a str, due: &'a str, hit: &'a str, paid: &'a str) -> [(&'a str, &'a str); 5] {
    [("业务员", who), ("应收额", due), ("受影响", hit), ("实收额", paid), ("月末", "2026-10-31")]
}

fn one(version: &str, paid: &str) -> (Outcome, String) {
    let found = recovered(version, &[&due("张三", "1500", "500", paid)]).only("r", "2026-10", "2026-10-31");
    (found.outcome, found.message)
}

#[test]
fn a_target_is_reached_exactly_and_missed_by_the_smallest_coin() {
    let target = "target = \">= 90%\"";
    assert_eq!(one(target, "900"), (Met, "回收率 90%（实收 900 ÷ 应收 1,000），目标 ≥ 90%".to_owned()));
    assert_eq!(one(target, "899.99"), (Breached, "回收率 89.999%（实收 899.99 ÷ 应收 1,000），目标 ≥ 90%".to_owned()));
    assert_eq!(one("target = \"< 1%\"", "10").0, Breached);
    assert_eq!(one("target = \"< 1%\"", "9.99").0, Met);
    assert_eq!(one("target = \"100%\"", "1000").0, Met);
    assert_eq!(one("target = \"100%\"", "1000.01").0, Breached);
    assert_eq!(one("target = \"(90%..95%]\"", "900").0, Breached);
    assert_eq!(one("target = \"(90%..95%]\"", "950").0, Met);
}

#[test]
fn sums_go_by_group_and_carry_their_figures() {
    let world = recovered(
        "target = \">= 90%\"",
        &[&due("张三", "1000", "", "500"), &due("李四", "300", "", "200"), &due("张三", "500", "500", "450")],
    );
    let found = world.all("r", "2026-10", "2026-10-31");
    let told: Vec<_> = found.iter().map(|found| (found.subject.as_str(), found.person.as_str(), found.outcome, found.place.row)).collect();
    assert_eq!(told, [("张三", "张三", Met, 1), ("李四", "李四", Breached, 2)]);
    let figure = |digits: i64, scale: u32| Some(Decimal::new(digits, scale));
    let wanted = Figures::Share { numerator: figure(200, 0), denominator: figure(300, 0), rate: figure(666_667, 6) };
    assert_eq!(found[1].figures.as_deref(), Some(&wanted));
    assert_eq!(found[1].message, "回收率 66.67%（实收 200 ÷ 应收 300），目标 ≥ 90%");
    assert_eq!(figure_titles(world.rule("r").1), Some(["实收", "应收", "回收率"].map(str::to_owned)));
    assert_eq!(smallest_change(world.rule("r").1, &found[1]), "「实收」达到「应收」的 ≥ 90%");
}

#[test]
fn a_row_that_is_not_known_makes_its_group_indeterminate_and_says_how_many() {
    let world = recovered(
        "target = \">= 90%\"",
        &[&due("张三", "1000", "", ""), &due("张三", "1000", "", ""), &due("张三", "10", "", "10"), &due("李四", "300", "", "300")],
    );
    let found = world.all("r", "2026-10", "2026-10-31");
    assert_eq!((found[0].outcome, found[0].message.as_str()), (Indeterminate, "无法判定：实收额 为空（2 行）"));
    assert_eq!(found[0].figures.as_deref(), Some(&Figures::Share { numerator: None, denominator: None, rate: None }));
    assert_eq!(found[1].outcome, Met);
}

#[test]
fn a_row_without_its_group_or_its_date_is_listed() {
    let world = recovered("target = \">= 90%\"", &[&due("", "100", "", "100"), &[("业务员", "张三"), ("应收额", "1"), ("实收额", "1")]]);
    let found = world.all("r", "2026-10", "2026-10-31");
    let told: Vec<_> = found.iter().map(|found| (found.subject.as_str(), found.message.as_str())).collect();
    // both parts look at the same row
    assert_eq!(told, [("（未填）", "无法判定：业务员 为空（2 行）"), ("张三", "无法判定：月末 为空（2 行）")]);
}

#[test]
fn by_zero_there_is_no_rate_and_by_less_it_cannot_be_judged() {
    let judged = |due_of: [(&str, &str); 5]| {
        let found = recovered("target = \">= 90%\"", &[&due_of]).only("r", "2026-10", "2026-10-31");
        (found.outcome, found.message)
    };
    assert_eq!(judged(due("张三", "500", "500", "20")), (NotApplicable, "回收率：实收 20 ÷ 应收 0，分母为零，不计比率".to_owned()));
    assert_eq!(judged(due("张三", "400", "500", "20")).0, Indeterminate);
}

#[test]
fn without_a_target_the_figure_is_shown_and_nothing_is_judged() {
    assert_eq!(one("", "850"), (NotApplicable, "回收率 85%（实收 850 ÷ 应收 1,000），未定目标".to_owned()));
    assert_eq!(one("", "").0, Indeterminate);
}

#[test]
fn only_rows_of_the_period_count() {
    let mut other = due("张三", "1000", "", "0");
    other[4].1 = "2026-09-30";
    let world = recovered("target = \">= 90%\"", &[&other, &due("张三", "100", "", "100")]);
    assert_eq!(world.outcomes("r", "2026-10", "2026-10-31"), [("张三".to_owned(), Met)]);
    assert_eq!(world.outcomes("r", "2026-Q4", "2026-12-31"), [("张三".to_owned(), Met)]);
    assert_eq!(world.outcomes("r", "2026-09..2026-10", "2026-10-31"), [("张三".to_owned(), Breached)]);
}

#[test]
fn rows_are_counted_and_the_two_counts_may_stand_in_two_tables() {
    let keys =
        "dataset = \"应收\"\ngroup = [\"业务员\"]\nnumerator = { dataset = \"回访\", where = { \"结果\" = \"接通\" } }\ndenominator = {}";
    let call = |who: &'static str, result: &'static str| [("业务员", who), ("结果", result), ("日期", "2026-10-08")];
    let world = World::new(&[DUES, CALLS], &rule(keys, "target = \"100%\""))
        .rows("应收", &[&due("张三", "1", "", "1"), &due("李四", "1", "", "1"), &due("李四", "1", "", "1")])
        .rows("回访", &[&call("张三", "接通"), &call("李四", "接通"), &call("李四", "忙音"), &call("王五", "接通")]);
    let found = world.all("r", "2026-10", "2026-10-31");
    let told: Vec<_> = found.iter().map(|found| (found.subject.as_str(), found.outcome, found.place.row, found.message.as_str())).collect();
    let wanted = [
        ("张三", Met, 1, "回收率 100%（回访件数 1 ÷ 应收件数 1），目标 100%"),
        ("李四", Breached, 2, "回收率 50%（回访件数 1 ÷ 应收件数 2），目标 100%"),
        ("王五", NotApplicable, 0, "回收率：回访件数 1 ÷ 应收件数 0，分母为零，不计比率"),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn without_a_group_there_is_one_rate_for_all() {
    let world = World::new(&[DUES], &rule(&format!("dataset = \"应收\"\n{PARTS}"), "target = \">= 50%\""));
    let world = world.rows("应收", &[&due("张三", "100", "", "20"), &due("李四", "100", "", "80")]);
    assert_eq!(world.outcomes("r", "2026-10", "2026-10-31"), [("全体".to_owned(), Met)]);
    assert_eq!(world.outcomes("r", "2026-11", "2026-11-30"), [("全体".to_owned(), NotApplicable)]);
}

#[test]
fn a_table_that_nobody_keeps_gives_no_rate() {
    let world = World::new(&[DUES], &rule(&format!("dataset = \"应收\"\n{PARTS}"), "target = \">= 50%\""));
    assert_eq!(world.outcomes("r", "2026-10", "2026-10-31"), []);
}

#[test]
fn a_rate_without_a_declared_denominator_is_refused() {
    let table = [
        ("numerator = {}", "", "缺少 denominator"),
        ("denominator = {}", "", "缺少 numerator"),
        ("numerator = {}\ndenominator = {}\nperson = \"业务员\"", "", "不在 group 里"),
        ("numerator = {}\ndenominator = { dataset = \"回访\" }", "", "不能另写"),
        ("numerator = { dataset = \"回访\" }\ndenominator = {}\ngroup = [\"业务圆\"]", "", "没有字段「业务圆」"),
        ("numerator = {}\ndenominator = {}", "target = \"九成\"", "九成"),
    ];
    for (keys, version, words) in table {
        let said = refusals(&[DUES, CALLS], &rule(&format!("dataset = \"应收\"\n{keys}"), version));
        assert!(said.contains(words), "{keys} {version}: {said}");
    }
}

#[test]
fn a_ratio_reads_as_chinese() {
    let world = recovered("target = \">= 90%\"", &[]);
    let (pack, rule) = world.rule("r");
    insta::assert_snapshot!(sentence(&world.rules, pack, rule), @r"
    回收率（p/r，比率）
    依据：办法 十三条
    每个业务员一个比率。
    分子「实收」：「应收」的每一行的实收额 的合计。
    分母「应收」：「应收」的每一行的应收额 - 受影响（未填按 0） 的合计。
    2020-01-01 起（办法 十三条）：目标 ≥ 90%。
    ");
}

/// A deadline over the calls, and the rate at which it is kept.
fn kept(keys: &str, target: &str) -> String {
    let deadline = "[[deadline]]\nid = \"d\"\ntitle = \"三日结清\"\ndataset = \"应收\"\nstart = \"月末\"\nstop = \"结清\"\n\
                    [[deadline.version]]\nfrom = 2020-01-01\ncite = \"s 九条\"\nrows = [{ limit = \"3d\" }]\n";
    format!("{deadline}{}", rule(&format!("of = \"d\"\n{keys}"), &format!("target = \"{target}\"")))
}

const SETTLED: &str = r#"
[dataset]
name = "应收"
[[field]]
name = "业务员"
type = "text"
[[field]]
name = "月末"
type = "date"
[[field]]
name = "结清"
type = "date"
"#;

fn settled<'a>(who: &'a str, from: &'a str, to: &'a str) -> [(&'a str, &'a str); 3] {
    [("业务员", who), ("月末", from), ("结清", to)]
}

#[test]
fn the_rate_of_a_rule_is_what_it_found_kept_by_what_was_owed() {
    let rows = [
        settled("张三", "2026-10-01", "2026-10-04"),
        settled("张三", "2026-10-01", "2026-10-05"),
        settled("张三", "2026-10-30", ""),
        settled("李四", "2026-10-01", "2026-10-02"),
        settled("王五", "", "2026-10-02"),
        settled("赵六", "2026-10-30", ""),
    ];
    let rows: Vec<Row> = rows.iter().map(|row| row.as_slice()).collect();
    let world = World::new(&[SETTLED], &kept("group = [\"业务员\"]\nperson = \"业务员\"", "100%")).rows("应收", &rows);
    let found = world.all("r", "2026-10", "2026-10-31");
    let said: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.outcome)).collect();
    assert_eq!(said, [("张三", Breached), ("李四", Met), ("王五", Indeterminate)], "what is not due yet is not owed");
    assert_eq!(found[0].message, "回收率 50%（合规项数 1 ÷ 应做项数 2），目标 100%");
    assert_eq!(found[2].message, "无法判定：「三日结清」无法判定（1 行）");
    let all = World::new(&[SETTLED], &kept("", ">= 50%")).rows("应收", &rows[..2]).only("r", "2026-10", "2026-10-31");
    assert_eq!((all.subject.as_str(), all.outcome), ("全体", Met));
    let (pack, rule) = world.rule("r");
    assert!(sentence(&world.rules, pack, rule).contains("规则 d 判为合规的"));
}

#[test]
fn a_silent_rule_has_no_rate() {
    let row = settled("张三", "2026-10-01", "2026-10-04");
    let rates = |status: &str| {
        let rules = kept("", "100%").replace("id = \"d\"", &format!("id = \"d\"\n{status}"));
        World::new(&[SETTLED], &rules).rows("应收", &[&row]).outcomes("r", "2026-10", "2026-10-31")
    };
    assert_eq!(rates(""), [("全体".to_owned(), Met)]);
    assert_eq!(rates("status = \"retired\""), []);
}

#[test]
fn a_rate_of_a_rule_takes_everything_else_from_it() {
    let twice = kept("dataset = \"应收\"\nnumerator = {}", "100%");
    assert_eq!(refusals(&[SETTLED], &twice).matches("写了 of，分子分母由那条规则决定").count(), 2);
    let unknown = rule("of = \"x\"", "");
    assert!(refusals(&[SETTLED], &unknown).contains("没有规则「x」"));
    let of_itself = rule("of = \"r\"", "");
    assert!(refusals(&[SETTLED], &of_itself).contains("不逐项判定"));
}

#[test]
fn a_fixed_denominator_is_a_number_that_somebody_declared() {
    let numerator = "dataset = \"回访\"\nnumerator = { where = { \"结果\" = \"有效\" } }";
    let complaints = |households: &str, rows: &[Row]| {
        let keys = format!("{numerator}\ndenominator = {{ name = \"户数\" }}");
        let version = format!("target = \"< 1%\"\ndenominator = {households}");
        World::new(&[DUES, CALLS], &rule(&keys, &version)).rows("回访", rows)
    };
    let valid: Row = &[("结果", "有效"), ("日期", "2026-10-09")];
    let other: Row = &[("结果", "无效"), ("日期", "2026-10-09")];
    let met = complaints("200", &[valid, other]).only("r", "2026-10", "2026-10-31");
    assert_eq!((met.outcome, met.message.as_str()), (Met, "回收率 0.5%（回访件数 1 ÷ 户数 200），目标 < 1%"));
    assert_eq!(complaints("200", &[valid, valid]).only("r", "2026-10", "2026-10-31").outcome, Breached, "one of a hundred is not below");
    assert_eq!(complaints("200", &[other]).only("r", "2026-10", "2026-10-31").outcome, Met, "none of two hundred");
    assert_eq!(complaints("\"?户数\"", &[valid]).outcomes("r", "2026-10", "2026-10-31"), [], "nobody has declared it");
    let refused = |keys: &str, version: &str| refusals(&[DUES, CALLS], &rule(&format!("{numerator}\n{keys}"), version));
    assert!(refused("group = [\"业务员\"]", "denominator = 3").contains("固定的分母不能分组"));
    assert!(refused("denominator = { sum = \"应收额\" }", "denominator = 3").contains("这里只写 name"));
    assert!(refused("", "denominator = 0").contains("要大于零"));
}
