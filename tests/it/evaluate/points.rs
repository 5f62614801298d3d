//! Points by the schedule, row by row, and their sums over a half-year.

use kesu::dispose;
use kesu::ledger::Finding;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met};
use kesu::rules::sentence;
use std::sync::Arc;

use super::world::{Row, World, refusals};

const LOG: &str = include_str!("../../../rules/datasets/扣分记录.toml");

const RULE: &str = r#"
[[notice]]
id = "renshi"
title = "人事公布单"
form = "人事公布单"
prefix = "RS"
body = "拟按制度处理。"
from = 2020-01-01
cite = "s 一条"

[[points]]
id = "p"
title = "员工扣分"
dataset = "扣分记录"
at = "日期"
person = "员工"
unit = "部门"
item = "条款"
points = "扣分"
notice = "人事公布单"
[[points.version]]
from = 2020-01-01
cite = "s 二条"
WINDOW
items = [
  { item = "一1", name = "卫生", points = "1" },
  { item = "二2", name = "无故迟到", points = "5" },
  { item = "二5", name = "擅离职守", points = "3..5" },
  { item = "三3", name = "考核未合格", points = "1", also = "抄写试卷 5 遍" },
  { item = "十", name = "大过", points = "10" },
]
"#;

const HALF: &str = "window = \"half-year\"\nwarn = [\"20\", \"25\"]\nlimit = \"30\"\naction = \"不再留任\"";

fn rule(window: &str) -> String {
    RULE.replace("WINDOW", window)
}

fn entry<'a>(who: &'a str, unit: &'a str, day: &'a str, item: &'a str, points: &'a str) -> [(&'a str, &'a str); 5] {
    [("员工", who), ("部门", unit), ("日期", day), ("条款", item), ("扣分", points)]
}

fn world(window: &str, rows: &[[(&str, &str); 5]]) -> World {
    let rows: Vec<Row> = rows.iter().map(|row| row.as_slice()).collect();
    World::new(&[LOG], &rule(window)).rows("扣分记录", &rows)
}

/// The verdict of one row of October.
fn row(item: &str, points: &str) -> Finding {
    world("", &[entry("张三", "一组", "2026-10-05", item, points)]).only("p", "2026-10", "2026-10-31")
}

/// The verdict over the sum of 张三, whose points fall on these days.
fn sum(window: &str, days: &[(&str, &str, &str)], period: &str, end: &str) -> Finding {
    let rows: Vec<_> = days.iter().map(|(day, item, points)| entry("张三", "一组", day, item, points)).collect();
    let all = world(window, &rows).all("p", period, end);
    let mut sums = all.into_iter().filter(|finding| finding.subject.matches('/').count() == 1);
    sums.next().expect("a sum")
}

fn points(finding: &Finding) -> String {
    finding.points.map_or("-".to_owned(), |points| points.normalize().to_string())
}

#[test]
fn a_range_takes_its_ends_and_nothing_beyond_them() {
    let said = |points: &str| row("二5", points).outcome;
    assert_eq!(["2", "3", "4.5", "5", "6", "0", "-1"].map(said), [Breached, Met, Met, Met, Breached, Breached, Breached]);
    assert_eq!(points(&row("二5", "3")), "3");
    let six = row("二5", "6");
    assert_eq!((six.fault.as_str(), points(&six).as_str()), ("扣分越界", "-"));
    assert_eq!(six.message, "二5 擅离职守 应扣 3–5 分，记录扣 6 分，不计入合计");
    assert_eq!((six.place.row, six.person.as_str()), (1, "张三"));
}

#[test]
fn a_range_without_its_points_cannot_be_judged_and_a_fixed_item_needs_none() {
    let open = row("二5", "");
    assert_eq!((open.outcome, open.message.as_str()), (Indeterminate, "无法判定：扣分 为空"));
    let fixed = row("三3", "");
    assert_eq!((fixed.outcome, points(&fixed).as_str()), (Met, "1"));
    assert_eq!(fixed.message, "三3 考核未合格 扣 1 分，另抄写试卷 5 遍");
}

#[test]
fn other_points_than_the_schedule_and_an_unknown_clause_are_breaches_without_points() {
    let other = row("一1", "2");
    assert_eq!((other.outcome, other.fault.as_str(), points(&other).as_str()), (Breached, "分值不符", "-"));
    let unknown = row("五9", "2");
    assert_eq!((unknown.outcome, unknown.fault.as_str()), (Breached, "条款不明"));
    assert_eq!(unknown.message, "扣分标准里没有「五9」这一条，记 2 分不计入合计");
    assert_eq!(row("", "2").message, "无法判定：条款 为空");
}

/// Ten at a time, then a rest in ones.
fn total(points: u32) -> Vec<(&'static str, &'static str, &'static str)> {
    let tens = (0..points / 10).map(|_| ("2026-08-03", "十", "10"));
    tens.chain((0..points % 10).map(|_| ("2026-10-12", "一1", "1"))).collect()
}

#[test]
fn thirty_reaches_the_line_and_twenty_nine_only_warns() {
    let judged = |points: u32| sum(HALF, &total(points), "2026-10", "2026-10-31");
    let outcomes: Vec<(Outcome, String)> = [19, 20, 25, 29, 30, 31].map(judged).iter().map(|f| (f.outcome, f.fault.clone())).collect();
    let none = String::new;
    let (warned, out) = (|| "预警".to_owned(), || "不再留任".to_owned());
    assert_eq!(outcomes, [(Met, none()), (Met, warned()), (Met, warned()), (Met, warned()), (Breached, out()), (Breached, out())]);
    assert_eq!(judged(29).subject, "张三/2026-H2");
    assert!(judged(29).message.starts_with("2026-H2 累计 29 分（8 月 20、10 月 9），已到预警线 25 分，再扣 1 分不再留任"));
    assert!(judged(31).message.contains("累计 31 分（8 月 30、10 月 1），2026-08-03 满 30 分：不再留任"));
}

#[test]
fn a_calendar_half_year_forgets_june_and_a_rolling_one_does_not() {
    let june = [("2026-06-30", "十", "10"), ("2026-06-30", "十", "10"), ("2026-07-01", "十", "10")];
    let calendar = sum(HALF, &june, "2026-07", "2026-07-31");
    assert_eq!((calendar.subject.as_str(), points(&calendar).as_str()), ("张三/2026-H2", "10"));
    let rolling = HALF.replace("half-year", "6mo");
    let rolled = sum(&rolling, &june, "2026-07", "2026-07-31");
    assert_eq!((rolled.subject.as_str(), points(&rolled).as_str(), rolled.outcome), ("张三/2026-07", "30", Breached));
    let later = sum(&rolling, &june, "2026-11", "2026-11-30");
    assert_eq!(points(&later), "30", "June to November");
    let gone = sum(&rolling, &june, "2026-12", "2026-12-31");
    assert_eq!(points(&gone), "10", "July to December");
}

#[test]
fn months_without_any_record_are_named() {
    let october = sum(HALF, &[("2026-10-05", "一1", "1")], "2026-10", "2026-10-31");
    assert!(october.message.ends_with("；7 月、8 月、9 月没有扣分记录，如未提供则累计不全"), "{}", october.message);
}

#[test]
fn a_row_in_doubt_leaves_the_sum_open_unless_it_is_over_the_line_anyway() {
    let mut days = vec![("2026-10-20", "二5", "")];
    let open = sum(HALF, &days, "2026-10", "2026-10-31");
    assert_eq!((open.outcome, points(&open).as_str()), (Indeterminate, "-"));
    assert!(open.message.starts_with("无法判定：2026-H2 有 1 条扣分记录的分不能定，已知 0 分"), "{}", open.message);
    days.extend(total(30));
    let over = sum(HALF, &days, "2026-10", "2026-10-31");
    assert_eq!(over.outcome, Breached);
    assert!(over.message.contains("另有 1 条的分不能定，未计入"));
}

#[test]
fn what_happens_after_the_day_of_judgement_is_not_counted() {
    let rows = [("2026-10-05", "十", "10"), ("2026-10-25", "十", "10"), ("2026-11-02", "十", "10")];
    assert_eq!(points(&sum(HALF, &rows, "2026-10", "2026-10-20")), "10");
    assert_eq!(points(&sum(HALF, &rows, "2026-10", "2026-10-31")), "20");
    assert_eq!(points(&sum(HALF, &rows, "2026-12", "2026-12-31")), "30");
}

#[test]
fn two_people_of_one_name_are_not_added_together() {
    let two = [entry("张三", "一组", "2026-10-05", "十", "10"), entry("张三", "二组", "2026-10-06", "二2", "5")];
    let world = world(HALF, &two);
    let sums: Vec<(String, String)> = world
        .all("p", "2026-10", "2026-10-31")
        .into_iter()
        .filter(|finding| finding.subject.contains("2026-H2"))
        .map(|finding| (finding.subject.clone(), points(&finding)))
        .collect();
    assert_eq!(sums, [("张三（一组）/2026-H2".to_owned(), "10".to_owned()), ("张三（二组）/2026-H2".to_owned(), "5".to_owned())]);
}

#[test]
fn a_row_without_a_unit_belongs_to_the_only_unit_of_that_name() {
    let one = [entry("张三", "一组", "2026-10-05", "十", "10"), entry("张三", "", "2026-10-06", "二2", "5")];
    let all = world(HALF, &one).all("p", "2026-10", "2026-10-31");
    assert_eq!(all.last().map(points), Some("15".to_owned()));
}

#[test]
fn a_notice_is_drawn_up_in_the_month_in_which_the_line_is_reached_and_not_again() {
    let rows: Vec<_> = [("2026-08-03", "十"), ("2026-08-04", "十"), ("2026-10-05", "十"), ("2026-10-09", "二5")]
        .iter()
        .map(|(day, item)| entry("张三", "一组", day, item, if *item == "二5" { "9" } else { "10" }))
        .collect();
    let world = world(HALF, &rows);
    let notices = |period: &str, end: &str| {
        let findings: Vec<Arc<Finding>> = world.judge("p", period, end).findings().into_iter().map(Arc::new).collect();
        let told = dispose::notices(&world.rules, &findings, &[], period.parse().unwrap());
        told.iter().map(|form| (form.form.clone(), form.recipient.clone(), form.lines.len())).collect::<Vec<_>>()
    };
    assert_eq!(notices("2026-10", "2026-10-31"), [("人事公布单".to_owned(), "张三".to_owned(), 1)]);
    assert_eq!(notices("2026-09", "2026-09-30"), []);
    assert_eq!(notices("2026-11", "2026-11-30"), [], "told of in October");
}

#[test]
fn breaches_of_other_rules_cost_points_of_the_person_they_name() {
    const LATE: &str = r#"
[[deadline]]
id = "d"
title = "办结"
dataset = "工单"
start = "起"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "s 三条"
rows = [{ limit = "3d" }]
[[points]]
id = "p"
title = "逾期扣分"
dataset = "工单"
findings = ["d"]
at = "止"
person = "经办人"
[[points.version]]
from = 2020-01-01
cite = "s 四条"
window = "quarter"
limit = "4"
action = "约谈"
items = [{ rule = "d", name = "逾期", points = "2" }]
"#;
    const JOBS: &str = "[dataset]\nname = \"工单\"\nkey = [\"号\"]\nat = \"起\"\n[[field]]\nname = \"号\"\ntype = \"text\"\n\
        [[field]]\nname = \"经办人\"\ntype = \"text\"\n[[field]]\nname = \"起\"\ntype = \"date\"\n[[field]]\nname = \"止\"\ntype = \"date\"\n";
    let job = |number, who, stop| [("号", number), ("经办人", who), ("起", "2026-10-01"), ("止", stop)];
    let jobs = [job("1", "李四", "2026-10-04"), job("2", "李四", "2026-10-05"), job("3", "李四", "2026-10-09"), job("4", "王五", "")];
    let rows: Vec<Row> = jobs.iter().map(|row| row.as_slice()).collect();
    let world = World::new(&[JOBS], LATE).rows("工单", &rows);
    let all: Vec<(String, Outcome, String)> =
        world.all("p", "2026-10", "2026-10-31").iter().map(|f| (f.subject.clone(), f.outcome, points(f))).collect();
    let two = || "2".to_owned();
    let said = [("2".to_owned(), Met, two()), ("3".to_owned(), Met, two()), ("李四/2026-Q4".to_owned(), Breached, "4".to_owned())];
    assert_eq!(all, said, "the open case has no month yet");
    let asleep = LATE.replace("id = \"d\"\n", "id = \"d\"\nwhen_columns = [\"暂停\"]\n");
    let jobs = format!("{JOBS}[[field]]\nname = \"暂停\"\ntype = \"date\"\n");
    assert_eq!(World::new(&[&jobs], &asleep).rows("工单", &rows).all("p", "2026-10", "2026-10-31"), [], "a rule that sleeps costs nothing");
}

#[test]
fn a_schedule_that_cannot_be_meant_is_refused() {
    let refused = |from: &str, to: &str| refusals(&[LOG], &rule(HALF).replace(from, to));
    assert_eq!(refused("", ""), "");
    assert!(refused("\"3..5\"", "\"5..3\"").contains("小的写前面"));
    assert!(refused("item = \"二2\"", "item = \"一1\"").contains("「一1」写了两次"));
    assert!(refused("warn = [\"20\", \"25\"]", "warn = [\"30\"]").contains("预警的分数要小于 30"));
    assert!(refused("action = \"不再留任\"", "").contains("window、limit、action 要一起写"));
    assert!(refused("\"half-year\"", "\"半年\"").contains("读不懂累计的时段「半年」"));
    assert!(refused("points = \"扣分\"", "").contains("「二5」是区间分"));
}

#[test]
fn the_schedule_reads_as_chinese() {
    let world = world(HALF, &[]);
    let (pack, rule) = world.rule("p");
    let said = sentence(&world.rules, pack, rule);
    assert!(said.contains("二5 擅离职守 3–5 分"), "{said}");
    assert!(said.contains("自然半年累计满 30 分不再留任，20、25 分预警"), "{said}");
    assert!(world.all("p", "2026-10", "2026-10-31").is_empty());
}
