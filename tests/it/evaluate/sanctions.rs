//! Sanctions by which time it was: steps, wages, caps, bounds, joint liability. Figures are those of the policy's own tables.

use kesu::dispose::{Settled, settle};
use kesu::ledger::Outcome::{Breached, Indeterminate};
use kesu::ledger::{Bounds, Finding};
use kesu::rules::{parameters, sentence};
use rust_decimal::Decimal;

use super::world::{Row, World, refusals};

const VIOLATIONS: &str = r#"
[dataset]
name = "违规"
key = ["号"]
at = "日期"
[[field]]
name = "号"
type = "text"
[[field]]
name = "日期"
type = "date"
[[field]]
name = "员工"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "主管"
type = "text"
[[field]]
name = "条款"
type = "text"
[[field]]
name = "罚款额"
type = "money"
[[field]]
name = "本表工资"
type = "money"
"#;

const WAGES: &str = r#"
[dataset]
name = "工资"
key = ["姓名", "月份", "项"]
[[field]]
name = "姓名"
type = "text"
[[field]]
name = "项"
type = "text"
[[field]]
name = "月份"
type = "date"
order = "period"
[[field]]
name = "基本工资"
type = "money"
"#;

const FORMS: &str = r#"
[[notice]]
id = "罚"
title = "罚款通知单"
form = "罚款通知单"
prefix = "FK"
body = "b"
cite = "s 一条"
from = 2020-01-01
[[notice]]
id = "公布"
title = "人事公布单"
form = "人事公布单"
prefix = "RS"
body = "b"
cite = "s 一条"
from = 2020-01-01
"#;

/// One penalty over all violations; `head` are keys of the rule, `version` those of its only version.
fn rules(head: &str, version: &str) -> String {
    format!(
        "{FORMS}[[penalty]]\nid = \"p\"\ntitle = \"罚\"\nfrom_rows = {{ dataset = \"违规\" }}\nperson = \"员工\"\nunit = \"部门\"\n\
         notice = \"罚款通知单\"\nannounce = \"人事公布单\"\nconfirm = \"总经理\"\n{head}\n\
         [[penalty.version]]\nfrom = 2020-01-01\ncite = \"s 一条\"\n{version}\n"
    )
}

const WAGE: &str = "wage = { dataset = \"工资\", on = { \"员工\" = \"姓名\" }, month = \"月份\", field = \"基本工资\" }";

fn world(head: &str, version: &str) -> World {
    World::new(&[VIOLATIONS, WAGES], &rules(head, version))
}

/// A row a `(number, day, clause)`, all of 甲.
fn of_one<'a>(rows: &[(&'a str, &'a str, &'a str)]) -> Vec<Vec<(&'static str, &'a str)>> {
    let row = |(number, day, clause): &(&'a str, &'a str, &'a str)| {
        vec![("号", *number), ("日期", *day), ("员工", "甲"), ("部门", "客服部"), ("主管", "丁"), ("条款", *clause)]
    };
    rows.iter().map(row).collect()
}

fn judged(world: World, rows: &[Vec<(&'static str, &str)>]) -> Vec<Finding> {
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    world.rows("违规", &rows).all("p", "2026-10", "2026-10-31")
}

fn wage(amount: &str) -> [(&str, &str); 4] {
    [("姓名", "甲"), ("项", "1"), ("月份", "2026-10"), ("基本工资", amount)]
}

/// What `times` late arrivals in October cost somebody who earns `earned`.
fn late(version: &str, times: usize, earned: &str) -> Decimal {
    let days: Vec<String> = (1..=times).map(|day| format!("2026-10-{day:02}")).collect();
    let rows: Vec<(&str, &str, &str)> = days.iter().map(|day| (day.as_str(), day.as_str(), "七1")).collect();
    let world = world(WAGE, version).rows("工资", &[&wage(earned)]);
    let found = judged(world, &of_one(&rows));
    assert_eq!(found.len(), times);
    found.iter().map(|finding| finding.amount.unwrap()).sum()
}

const FIRST: &str = "lookback = \"month\"\nsteps = [{ nth = \"1..2\", share = \"基本工资\", rate = \"1%\" }, { nth = \">= 3\", share = \"基本工资\", rate = \"5%\" }]";
const SECOND: &str = "lookback = \"month\"\nsteps = [{ nth = \"1..3\", share = \"基本工资\", rate = \"1%\" }, { nth = \">= 4\", share = \"基本工资\", rate = \"5%\" }]";
const THIRD: &str = "lookback = \"month\"\nsteps = [{ total = \"1..2\", share = \"基本工资\", rate = \"1%\" }, { total = \">= 3\", share = \"基本工资\", rate = \"5%\" }]";

#[test]
fn lateness_costs_what_each_reading_says() {
    // percent of the wage for one to five times, as the clause can be read in three ways
    for (version, percents) in [(FIRST, [1, 2, 7, 12, 17]), (SECOND, [1, 2, 3, 8, 13]), (THIRD, [1, 2, 15, 20, 25])] {
        for (times, percent) in (1..).zip(percents) {
            assert_eq!(late(version, times, "3000"), Decimal::from(30 * percent), "{times} times: {version}");
        }
    }
    let four = [FIRST, SECOND, THIRD].map(|version| late(version, 4, "3000").to_string());
    assert_eq!(four, ["360.00", "240.00", "600.00"]);
    // each time is rounded by itself: 33.3333 and 166.6665 half up
    assert_eq!(late(FIRST, 3, "3333.33").to_string(), "233.33");
}

#[test]
fn the_first_and_second_time_cost_money_and_the_third_the_job() {
    let steps = "lookback = \"all\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \"2\", fine = \"200\" }, { nth = \">= 3\", action = \"除名\" }]";
    let rows = of_one(&[
        ("a", "2026-03-01", "三1"),
        ("b", "2026-10-20", "三1"),
        ("c", "2026-10-05", "三1"),
        ("d", "2026-10-06", "三2"),
        ("e", "2026-10-20", "三1"),
    ]);
    let found = judged(world("same = \"条款\"", steps), &rows);
    let told: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.outcome, f.amount.map(|a| a.to_string()), f.message.as_str())).collect();
    // by day, then by row: c was the second time, b the third, e the fourth; another clause counts for itself
    assert_eq!(
        told,
        [
            ("b", Breached, None, "第 3 次（前次 a、c；计次：全部数据），除名"),
            ("c", Breached, Some("200.00".to_owned()), "第 2 次（前次 a；计次：全部数据），定额 200.00 元"),
            ("d", Breached, Some("100.00".to_owned()), "第 1 次（计次：全部数据），定额 100.00 元"),
            ("e", Breached, None, "第 4 次（前次 a、b、c；计次：全部数据），除名"),
        ]
    );
}

#[test]
fn times_are_counted_as_far_back_as_the_version_says() {
    let nth = |lookback: &str, before: &str| {
        let steps = format!("lookback = \"{lookback}\"\nsteps = [{{ nth = \"1\", fine = \"100\" }}, {{ nth = \">= 2\", fine = \"200\" }}]");
        let rows = of_one(&[("a", before, "x"), ("b", "2026-10-15", "x")]);
        let found = judged(world("", &steps), &rows);
        found.last().unwrap().amount.unwrap().to_string()
    };
    assert_eq!([nth("year", "2026-01-01"), nth("year", "2025-12-31")], ["200.00", "100.00"]);
    assert_eq!([nth("half-year", "2026-07-01"), nth("half-year", "2026-06-30")], ["200.00", "100.00"]);
    assert_eq!([nth("6mo", "2026-04-16"), nth("6mo", "2026-04-15")], ["200.00", "100.00"]);
    assert_eq!([nth("30d", "2026-09-16"), nth("30d", "2026-09-15")], ["200.00", "100.00"]);
    // before the rule's first day nothing was forbidden by it
    assert_eq!([nth("all", "2020-01-01"), nth("all", "2019-12-31")], ["200.00", "100.00"]);
}

#[test]
fn two_people_of_one_name_do_not_share_their_times() {
    let steps = "lookback = \"all\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \">= 2\", fine = \"200\" }]";
    let row = |number: &'static str, unit: &'static str| vec![("号", number), ("日期", "2026-10-05"), ("员工", "甲"), ("部门", unit)];
    let found = judged(world("", steps), &[row("a", "客服部"), row("b", "物业部")]);
    assert!(found.iter().all(|finding| finding.amount == Some(Decimal::from(100))));
}

#[test]
fn a_row_that_might_be_a_time_leaves_the_number_open() {
    let steps = "lookback = \"year\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \">= 2\", action = \"除名\" }]";
    let mut rows = of_one(&[("a", "2026-02-01", ""), ("b", "2026-10-05", "x")]);
    let found = judged(world("same = \"条款\"", steps), &rows);
    assert_eq!((found[0].outcome, found[0].amount), (Indeterminate, None));
    assert_eq!(found[0].message, "无法判定：同一人另有日期、部门、条款或条件不明的行，数不清是第几次");
    // another year's, or another person's, does not matter
    rows[0][1].1 = "2025-12-31";
    assert_eq!(judged(world("same = \"条款\"", steps), &rows)[0].outcome, Breached);
    (rows[0][1].1, rows[0][2].1) = ("2026-02-01", "乙");
    assert_eq!(judged(world("same = \"条款\"", steps), &rows)[0].outcome, Breached);
    // without its own clause, or without a name, it cannot be counted either
    let own = judged(world("same = \"条款\"", steps), &of_one(&[("b", "2026-10-05", "")]));
    assert_eq!(own[0].message, "无法判定：条款 为空");
    let nameless = vec![vec![("号", "b"), ("日期", "2026-10-05"), ("部门", "客服部"), ("条款", "x")]];
    assert_eq!(judged(world("same = \"条款\"", steps), &nameless)[0].message, "无法判定：员工 为空");
}

#[test]
fn without_a_wage_nobody_is_fined_by_it() {
    let rows = of_one(&[("a", "2026-10-05", "x")]);
    let found = judged(world(WAGE, FIRST).rows("工资", &[]), &rows);
    assert_eq!((found[0].outcome, found[0].amount), (Indeterminate, None));
    assert_eq!(found[0].message, "无法判定：「工资」里没有当事人当月的基本工资");
    let september = [("姓名", "甲"), ("项", "1"), ("月份", "2026-09"), ("基本工资", "3000")];
    assert_eq!(judged(world(WAGE, FIRST).rows("工资", &[&september]), &rows)[0].outcome, Indeterminate);
    let again = [("姓名", "甲"), ("项", "2"), ("月份", "2026-10"), ("基本工资", "3001")];
    let two = judged(world(WAGE, FIRST).rows("工资", &[&wage("3000"), &again]), &rows);
    assert_eq!(two[0].message, "无法判定：「工资」里当事人的基本工资不止一个数");
}

#[test]
fn a_wage_may_stand_in_the_row_itself() {
    let mut rows = of_one(&[("a", "2026-10-05", "x")]);
    rows[0].push(("本表工资", "2800"));
    let version = "rows = [{ share = \"本表工资\", rate = \"100%\", action = \"除名\" }]";
    let found = judged(world("wage = { field = \"本表工资\" }", version), &rows);
    assert_eq!(found[0].message, "本表工资 2,800.00 × 100% = 2,800.00 元，除名");
    let charge = found[0].charge.as_ref().unwrap();
    assert_eq!((charge.wage, charge.actions.as_slice()), (Some(Decimal::from(2800)), ["除名".to_owned()].as_slice()));
}

#[test]
fn a_month_costs_no_more_than_its_cap() {
    let version = format!("{THIRD}\ncap = {{ share = \"基本工资\", rate = \"16%\" }}");
    // 4 × 150 = 600, of which 16 % of 3000 = 480 may be charged: the last one gets what is left
    assert_eq!(late(&version, 4, "3000").to_string(), "480.00");
    let fixed = "rows = [{ fine = \"100\" }]\ncap = { fine = \"250\" }";
    let rows = of_one(&[("d", "2026-10-09", "x"), ("c", "2026-10-07", "x"), ("b", "2026-10-05", "x"), ("a", "2026-10-03", "x")]);
    let found = judged(world("", fixed), &rows);
    let told: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.amount.unwrap().to_string(), f.message.as_str())).collect();
    let left = |amount: &str| format!("定额 100.00 元，每人每月封顶（罚扣 250 元），本次计 {amount} 元");
    assert_eq!(
        told,
        [
            ("d", "0.00".to_owned(), left("0.00").as_str()),
            ("c", "50.00".to_owned(), left("50.00").as_str()),
            ("b", "100.00".to_owned(), "定额 100.00 元"),
            ("a", "100.00".to_owned(), "定额 100.00 元"),
        ]
    );
}

fn decided(range: &str, given: &str) -> Finding {
    let mut rows = of_one(&[("a", "2026-10-05", "x")]);
    rows[0].push(("罚款额", given));
    let version = format!("rows = [{{ range = \"{range}\", given = \"罚款额\", action = [\"除名\", \"送执法机关\"] }}]");
    judged(world("", &version), &rows).remove(0)
}

#[test]
fn what_the_record_gives_must_lie_within_the_bounds() {
    for inside in ["10000", "10000.01", "100000"] {
        let found = decided("10000..100000", inside);
        assert_eq!((found.outcome, found.amount), (Breached, Some(inside.parse().unwrap())), "{inside}");
    }
    for (outside, told) in [("9999.99", "9,999.99"), ("100000.01", "100,000.01")] {
        let found = decided("10000..100000", outside);
        assert_eq!((found.outcome, found.amount), (Indeterminate, None), "{outside}");
        assert_eq!(found.message, format!("无法判定：罚款额 {told} 元不合条款的限额（10,000.00–100,000.00 元）"));
    }
    assert_eq!(decided("10..", "10").outcome, Breached);
    assert_eq!(decided("10..", "9.99").message, "无法判定：罚款额 9.99 元不合条款的限额（至少 10.00 元）");
}

#[test]
fn what_the_record_leaves_open_is_for_the_manager_to_decide() {
    let found = decided("10000..100000", "");
    assert_eq!((found.outcome, found.amount), (Breached, None));
    assert_eq!(found.message, "待定：限额 10,000.00–100,000.00 元，由总经理定，除名、送执法机关");
    let bounds = Bounds { low: Decimal::from(10_000), high: Some(Decimal::from(100_000)) };
    assert_eq!(found.charge.unwrap().open, Some(bounds));
}

/// The employee's finding and what follows from it for the supervisor.
fn with_supervisor(version: &str, reading: &str, supervisor: &str) -> Vec<Finding> {
    let mut rows = of_one(&[("a", "2026-10-05", "x")]);
    rows[0][4].1 = supervisor;
    let version = format!("{version}\njoint = {{ who = \"主管\", times = \"2\", reading = \"{reading}\" }}");
    let world = world("", &version);
    let set = world.rules.clone();
    let findings = judged(world, &rows).into_iter().map(std::sync::Arc::new).collect();
    let Settled { findings, .. } = settle(&set, findings, &[]);
    findings.into_iter().map(|finding| (*finding).clone()).collect()
}

#[test]
fn the_supervisor_pays_twice_or_as_much_again() {
    let fine = "rows = [{ fine = \"100\" }]";
    let besides = with_supervisor(fine, "A", "丁");
    let told: Vec<_> = besides.iter().map(|f| (f.person.as_str(), f.amount.unwrap().to_string())).collect();
    assert_eq!(told, [("甲", "100.00".to_owned()), ("丁", "200.00".to_owned())]);
    assert_eq!(besides[1].message, "甲的罚扣由主管丁连带：100.00 × 2 = 200.00 元（读法 A：主管另付员工罚金的 2 倍）");
    let together = with_supervisor(fine, "B", "丁");
    let told: Vec<_> = together.iter().map(|f| (f.person.as_str(), f.amount.unwrap().to_string())).collect();
    assert_eq!(told, [("甲", "100.00".to_owned()), ("丁", "100.00".to_owned())]);
}

#[test]
fn a_supervisor_bears_nothing_that_cannot_be_computed() {
    let dismissed = with_supervisor("rows = [{ action = \"除名\" }]", "A", "丁");
    assert_eq!((dismissed[1].outcome, dismissed[1].amount), (Indeterminate, None));
    assert!(dismissed[1].message.contains("只有处分，没有罚金"), "{}", dismissed[1].message);
    let nobody = with_supervisor("rows = [{ fine = \"100\" }]", "A", "");
    assert_eq!((nobody[0].outcome, nobody[1].outcome), (Breached, Indeterminate));
    assert_eq!(nobody[1].message, "无法判定：甲的罚扣由主管连带，「主管」没有填");
    // whoever supervises himself is fined once
    assert_eq!(with_supervisor("rows = [{ fine = \"100\" }]", "A", "甲").len(), 1);
    let open = with_supervisor("rows = [{ range = \"10..50\" }]", "A", "丁");
    let bounds = Bounds { low: Decimal::from(20), high: Some(Decimal::from(100)) };
    assert_eq!((open[1].amount, open[1].charge.as_ref().unwrap().open), (None, Some(bounds)));
}

#[test]
fn a_quarter_of_what_came_back_is_exact() {
    let table = VIOLATIONS.replace("name = \"罚款额\"", "name = \"退货额\"");
    let rules = rules("", "rows = [{ share = \"退货额\", rate = \"25%\" }]");
    // 120 pieces at 50 yuan
    let row = [("号", "a"), ("日期", "2026-10-05"), ("员工", "甲"), ("退货额", "6000")];
    let found = World::new(&[&table, WAGES], &rules).rows("违规", &[&row]).only("p", "2026-10", "2026-10-31");
    assert_eq!(found.amount.unwrap().to_string(), "1500.00");
}

#[test]
fn steps_leave_no_time_out_and_name_none_twice() {
    let said = |steps: &str| refusals(&[VIOLATIONS, WAGES], &rules("", &format!("lookback = \"all\"\nsteps = [{steps}]")));
    let one = "{ nth = \"1\", fine = \"1\" }";
    assert_eq!(said(&format!("{one}, {{ nth = \">= 3\", fine = \"2\" }}")), "罚则漏了第 2 次：后一步从第 3 次才开始");
    assert_eq!(said("{ nth = \">= 2\", fine = \"2\" }"), "罚则漏了第 1 次：后一步从第 2 次才开始");
    assert_eq!(said("{ nth = \"1..2\", fine = \"1\" }, { nth = \">= 2\", fine = \"2\" }"), "第 2 次有两步罚则");
    assert_eq!(said("{ nth = \">= 1\", fine = \"1\" }, { nth = \"4\", fine = \"2\" }"), "第 4 次有两步罚则");
    assert_eq!(said(one), "罚则到第 1 次为止，第 2 次起没有规定");
    assert_eq!(said(&format!("{one}, {{ total = \">= 2\", fine = \"2\" }}")), "nth 和 total 不能混用");
    assert_eq!(said("{ total = \">= 1\", fine = \"2\" }"), "按总次数的罚则要有自然的月、季或年");
    assert_eq!(said(&format!("{one}, {{ fine = \"2\" }}")), "steps 的每一步要写 nth 或 total");
    assert_eq!(said("{ nth = \"1..4294967295\", fine = \"1\" }"), "读不懂次数「1..4294967295」，应写作 1、1..2 或 >= 3");
}

#[test]
fn what_counts_says_whose_and_how_far_back() {
    let said = |head: &str, version: &str| refusals(&[VIOLATIONS, WAGES], &rules(head, version));
    let steps = "steps = [{ nth = \">= 1\", fine = \"1\" }]";
    assert_eq!(said("", steps), "计次要写明往前看多久");
    assert_eq!(said("", "rows = [{ fine = \"1\" }]\nlookback = \"all\""), "没有 steps，不用写 lookback");
    assert_eq!(said("", &format!("lookback = \"357913942y\"\n{steps}")), "往前看「357913942y」太长，最多 100y；要全部数据写 all");
    assert_eq!(said("", "rows = [{ nth = \"1\", fine = \"1\" }]"), "nth 和 total 不能写在这里");
    let joint = |inside: &str| format!("rows = [{{ fine = \"1\" }}]\njoint = {{ {inside} }}");
    assert_eq!(said("", &joint("who = \"经理\", times = \"2\", reading = \"A\"")), "数据表「违规」没有字段「经理」");
    assert_eq!(said("", &joint("who = \"主管\", times = \"2\", reading = \"C\"")), "不认识的取值「C」");
    assert_eq!(said("", &joint("who = \"主管\", times = \"1\", reading = \"B\"")), "按这个倍数主管不用付，不用写 joint");
    let nobody = rules("", &format!("lookback = \"all\"\n{steps}")).replace("person = \"员工\"\n", "");
    assert_eq!(refusals(&[VIOLATIONS, WAGES], &nobody), "计次、封顶、连带都按人算，规则没有写 person");
    let unsent = rules("", "rows = [{ fine = \"1\" }]").replace("notice = \"罚款通知单\"\n", "");
    assert_eq!(refusals(&[VIOLATIONS, WAGES], &unsent), "规则「p」缺少 notice");
}

#[test]
fn times_of_breaches_are_counted_across_the_months() {
    let require = "[[require]]\nid = \"r\"\ntitle = \"要填\"\ndataset = \"违规\"\n[[require.version]]\nfrom = 2020-01-01\ncite = \"s 一条\"\nrows = [{ present = [\"条款\"] }]\n";
    let steps = "lookback = \"year\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \">= 2\", fine = \"200\" }]";
    let rules = rules("", steps).replace("from_rows = { dataset = \"违规\" }", "findings = [\"r\"]") + require;
    let rows = of_one(&[("a", "2026-03-01", ""), ("b", "2026-04-01", "x"), ("c", "2026-10-05", "")]);
    let found = judged(World::new(&[VIOLATIONS, WAGES], &rules), &rows);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "第 2 次（前次 a；计次：同一自然年），定额 200.00 元");
}

#[test]
fn an_earlier_row_that_may_have_been_a_breach_leaves_the_number_open() {
    let require = "[[require]]\nid = \"r\"\ntitle = \"不得超过\"\ndataset = \"违规\"\n[[require.version]]\nfrom = 2020-01-01\n\
                   cite = \"s 一条\"\nrows = [{ holds = { \"罚款额\" = \"<= 100\" } }]\n";
    let steps = "lookback = \"year\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \">= 2\", fine = \"200\" }]";
    let rules = rules("", steps).replace("from_rows = { dataset = \"违规\" }", "findings = [\"r\"]") + require;
    let last = |before: &str| {
        let mut rows = of_one(&[("a", "2026-03-01", "x"), ("b", "2026-10-05", "x")]);
        rows[0].push(("罚款额", before));
        rows[1].push(("罚款额", "101"));
        judged(World::new(&[VIOLATIONS, WAGES], &rules), &rows).pop().unwrap()
    };
    assert_eq!(last("100").amount.unwrap().to_string(), "100.00");
    assert_eq!(last("101").amount.unwrap().to_string(), "200.00");
    let open = last("");
    assert_eq!((open.outcome, open.amount), (Indeterminate, None));
    assert_eq!(open.message, "无法判定：同一人另有日期、部门或条件不明的行，数不清是第几次");
}

#[test]
fn one_arrival_on_two_rows_is_one_time() {
    let version = "lookback = \"month\"\nsteps = [{ nth = \"1\", fine = \"100\" }, { nth = \">= 2\", fine = \"200\" }]";
    let rows = of_one(&[("a", "2026-10-03", "x"), ("b", "2026-10-03", "x"), ("c", "2026-10-03", "y"), ("d", "2026-10-07", "x")]);
    let fines = |once: &str| -> Vec<Option<String>> {
        judged(world(once, version), &rows).iter().map(|found| found.amount.map(|amount| amount.to_string())).collect()
    };
    let said = |amounts: [&str; 4]| amounts.map(|amount| (!amount.is_empty()).then(|| amount.to_owned())).to_vec();
    assert_eq!(fines(""), said(["100.00", "200.00", "200.00", "200.00"]));
    assert_eq!(fines("once = [\"员工\", \"日期\", \"条款\"]"), said(["100.00", "", "200.00", "200.00"]));
    assert_eq!(fines("once = [\"员工\", \"日期\"]"), said(["100.00", "", "", "200.00"]));
}

#[test]
fn whose_month_is_capped_must_be_known() {
    let version = "rows = [{ fine = \"100\" }]\ncap = { fine = \"150\" }";
    let mut rows = of_one(&[("a", "2026-10-03", "x"), ("b", "2026-10-05", "x"), ("c", "2026-10-07", "x")]);
    rows[1].retain(|(field, _)| *field != "部门");
    let found = judged(world("", version), &rows);
    let told: Vec<_> = found.iter().map(|f| (f.outcome, f.amount.map(|amount| amount.to_string()))).collect();
    let fined = |amount: &str| (Breached, Some(amount.to_owned()));
    assert_eq!(told, [fined("100.00"), (Indeterminate, None), fined("50.00")]);
    assert_eq!(found[1].message, "无法判定：部门 为空");
}

#[test]
fn a_penalty_is_explained_in_chinese() {
    let steps = "lookback = \"12mo\"\nsteps = [{ nth = \"1..2\", share = \"基本工资\", rate = \"1%\" }, { nth = \">= 3\", fine = \"50\", action = \"调岗\" }]\n\
                 joint = { who = \"主管\", times = \"2\", reading = \"B\" }\ncap = { fine = \"500\" }";
    let world = world(&format!("same = \"条款\"\nevent = \"迟到\"\n{WAGE}"), steps);
    let (pack, rule) = world.rule("p");
    let told = sentence(&world.rules, pack, rule);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "罚（p/p，罚扣）",
            "依据：办法 一条",
            "「违规」的每一行，开罚款通知单、人事公布单，经总经理批准后生效。",
            "按「员工、部门」计次，「条款」相同的算同一种；先看日期，同一天的按行的先后。",
            "「基本工资」取自「工资」「月份」为当月的行；没有或不止一个数的，无法判定，不罚。",
            "2020-01-01 起（办法 一条）：第 1–2 次，罚扣基本工资的 1%；第 3 次起，罚扣 50 元，并调岗；计次看往前 12 个月；\
             主管看「主管」，读法 B：员工与主管合计为员工罚金的 2 倍，主管付 1 倍；每人每个自然月最多罚扣 500 元。",
            "事件：迟到；别的规则包对同一个人同一天的同一事件也有规定的，放在一起对照。",
        ]
    );
    let short = "第 1–2 次 罚扣基本工资的 1%；第 3 次起 罚扣 50 元，并调岗；计次：往前 12 个月；\
                 主管连带：读法 B：员工与主管合计为员工罚金的 2 倍，主管付 1 倍；每人每月封顶：罚扣 500 元";
    assert_eq!(parameters(rule), short);
}

#[test]
fn a_form_that_lists_rows_is_no_form_for_penalties() {
    let listing = "from_rows = { dataset = \"违规\" }\nat = \"日期\"\ncolumns = [\"员工\"]\ncite = \"s 一条\"\nfrom = 2020-01-01\n[[notice]]\nid = \"公布\"";
    let rules = rules("", "rows = [{ fine = \"1\" }]").replace("cite = \"s 一条\"\nfrom = 2020-01-01\n[[notice]]\nid = \"公布\"", listing);
    assert_eq!(refusals(&[VIOLATIONS, WAGES], &rules), "单据「罚款通知单」列的是数据表的行，不能由罚扣开");
}
