//! Deadlines in days, months and by a field; horizons; pauses.

use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met, NotApplicable, Pending};
use kesu::rules::Unit;
use proptest::prelude::*;

use super::world::{Row, World, text};

pub const CASES: &str = r#"
[dataset]
name = "台账"
key = ["编号"]
at = "受理日期"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "国内外"
type = "one_of"
values = ["国内", "国外"]
[[field]]
name = "受理日期"
type = "date"
[[field]]
name = "结案日期"
type = "date"
[[field]]
name = "承诺日期"
type = "date"
[[field]]
name = "责任部门"
type = "text"
"#;

pub const CLOSING: &str = r#"
[[deadline]]
id = "jiean"
title = "结案期限"
dataset = "台账"
start = "受理日期"
stop = "结案日期"
unit = "责任部门"
message = "{编号} 用了 {elapsed}，期限 {limit}，逾期 {overrun}，应于 {due}"
[[deadline.version]]
from = 2020-01-01
cite = "s 十条"
rows = [{ when = { "国内外" = "国内" }, limit = "15d" }, { when = { "国内外" = "国外" }, limit = "20d" }]
"#;

fn closing(rows: &[Row]) -> World {
    World::new(&[CASES], CLOSING).rows("台账", rows)
}

fn one(market: &str, start: &str, stop: &str) -> World {
    closing(&[&[("编号", "1"), ("国内外", market), ("受理日期", start), ("结案日期", stop), ("责任部门", "制造部")]])
}

#[test]
fn who_must_act_stands_in_where_no_department_is_named() {
    let owned = CLOSING.replace("unit = \"责任部门\"", "unit = \"责任部门\"\nowner = \"业务部门\"");
    for (department, unit) in [("", "业务部门"), ("制造部", "制造部")] {
        let row: Row = &[("编号", "1"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("责任部门", department)];
        let found = World::new(&[CASES], &owned).rows("台账", &[row]).only("jiean", "2026-10", "2026-10-31");
        assert_eq!((found.outcome, found.unit.as_str()), (Breached, unit));
    }
}

#[test]
fn half_a_day_between_two_dates_is_half_a_day() {
    let halves = CLOSING.replace("limit = \"15d\"", "limit = \"2.5d\"").replace("limit = \"20d\"", "limit = \"2d\"");
    let closed = |stop: &str| {
        let row: Row = &[("编号", "1"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", stop), ("责任部门", "制造部")];
        World::new(&[CASES], &halves).rows("台账", &[row]).only("jiean", "2026-10", "2026-10-31")
    };
    assert_eq!(closed("2026-10-03").outcome, Met);
    let late = closed("2026-10-04");
    assert_eq!(late.outcome, Breached);
    let overrun = late.overrun.as_ref().map(|overrun| (overrun.amount.to_string(), overrun.unit));
    assert_eq!(overrun, Some(("0.5".to_owned(), Unit::Day)), "{}", late.message);
}

#[test]
fn the_last_of_three_hundred_limits_is_told_like_the_first() {
    let limits: Vec<String> =
        (1..=300).map(|days| format!("{{ when = {{ \"责任部门\" = \"{days}组\" }}, limit = \"{days}d\" }}")).collect();
    let (head, _) = CLOSING.split_once("rows =").expect("rows");
    let rules = format!("{head}rows = [{}]", limits.join(", "));
    for days in [1, 255, 256, 257, 300] {
        let unit = format!("{days}组");
        let row: Row = &[("编号", "1"), ("国内外", "国内"), ("受理日期", "2025-12-01"), ("责任部门", &unit)];
        let found = World::new(&[CASES], &rules).rows("台账", &[row]).only("jiean", "2026-10", "2026-10-31");
        assert_eq!(found.outcome, Breached);
        assert_eq!(found.limit.as_ref().map(|limit| limit.amount.to_string()), Some(days.to_string()), "{}", found.message);
    }
}

#[test]
fn a_case_that_ended_in_an_earlier_month_than_it_began_is_told_once() {
    let reversed = one("国内", "2026-10-01", "2026-09-30");
    let told = |period: &str, end: &str| reversed.all("jiean", period, end).into_iter().map(|f| f.outcome).collect::<Vec<_>>();
    assert_eq!(told("2026-09", "2026-09-30"), []);
    assert_eq!(told("2026-10", "2026-10-31"), [Indeterminate]);
    assert_eq!(told("2026-11", "2026-11-30"), []);
}

#[test]
fn what_is_due_on_its_own_first_day_may_be_done_before() {
    let planned = CLOSING.replace("start = \"受理日期\"", "start = \"承诺日期\"\ndue = \"承诺日期\"");
    let planned = &planned[..planned.find("rows = ").unwrap()];
    for (done, outcome) in [("2026-09-30", Met), ("2026-10-05", Met), ("2026-10-06", Breached)] {
        let row: Row = &[("编号", "1"), ("承诺日期", "2026-10-05"), ("结案日期", done)];
        let world = World::new(&[CASES], planned).rows("台账", &[row]);
        assert_eq!(world.outcomes("jiean", "2026-10", "2026-10-31"), [("1".to_owned(), outcome)], "{done}");
    }
}

#[test]
fn a_domestic_case_closed_on_the_fifteenth_day_is_met() {
    let found = one("国内", "2026-10-01", "2026-10-16").only("jiean", "2026-10", "2026-10-31");
    assert_eq!(
        (found.outcome, text(found.elapsed), text(found.limit), text(found.overrun)),
        (Met, "15d".into(), "15d".into(), String::new())
    );
    assert_eq!(found.due.unwrap().to_string(), "2026-10-16");
    assert_eq!((found.clause.as_str(), found.version.unwrap().to_string()), ("办法 十条", "2020-01-01".to_owned()));
}

#[test]
fn a_day_later_it_is_breached_by_one_day() {
    let found = one("国内", "2026-10-01", "2026-10-17").only("jiean", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, text(found.elapsed), text(found.overrun)), (Breached, "16d".into(), "1d".into()));
    assert_eq!(found.message, "1 用了 16天，期限 15天，逾期 1天，应于 2026-10-16");
    assert_eq!((found.unit.as_str(), found.place.file.as_str(), found.place.row), ("制造部", "a.xlsx", 1));
}

#[test]
fn a_foreign_case_has_twenty_days() {
    assert_eq!(one("国外", "2026-10-01", "2026-10-21").only("jiean", "2026-10", "2026-10-31").outcome, Met);
    assert_eq!(one("国外", "2026-10-01", "2026-10-22").only("jiean", "2026-10", "2026-10-31").outcome, Breached);
}

#[test]
fn an_open_case_is_pending_until_its_due_day_is_over() {
    let open = one("国内", "2026-10-01", "");
    assert_eq!(open.only("jiean", "2026-10", "2026-10-16").outcome, Pending);
    let late = open.only("jiean", "2026-10", "2026-10-17");
    assert_eq!((late.outcome, text(late.elapsed), text(late.overrun), late.stop), (Breached, "16d".into(), "1d".into(), None));
}

#[test]
fn what_happens_after_as_of_is_not_seen() {
    let later = one("国内", "2026-10-01", "2026-10-20");
    assert_eq!(later.only("jiean", "2026-10", "2026-10-10").outcome, Pending);
    assert_eq!(later.only("jiean", "2026-10", "2026-10-10").stop, None);
    assert!(one("国内", "2026-10-20", "").all("jiean", "2026-10", "2026-10-19").is_empty());
}

#[test]
fn a_case_that_ended_before_the_period_is_out_of_scope() {
    assert!(one("国内", "2026-09-01", "2026-09-30").all("jiean", "2026-10", "2026-10-31").is_empty());
    assert_eq!(one("国内", "2026-09-01", "2026-10-01").only("jiean", "2026-10", "2026-10-31").outcome, Breached);
}

#[test]
fn a_missing_start_is_indeterminate_and_named() {
    let found = one("国内", "", "2026-10-16").only("jiean", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：受理日期 为空"));
    assert_eq!((found.elapsed, found.due), (None, None));
}

#[test]
fn a_limit_that_hangs_on_a_missing_field_is_indeterminate_and_names_it() {
    let found = one("", "2026-10-01", "2026-10-16").only("jiean", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：国内外 为空"));
}

#[test]
fn before_the_first_version_nothing_is_said() {
    let found = one("国内", "2019-05-01", "2026-10-16").only("jiean", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：2019-05-01 早于规则的第一个版本"));
}

#[test]
fn an_end_before_the_start_is_indeterminate_with_both_dates() {
    let found = one("国内", "2026-10-10", "2026-10-05").only("jiean", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：结案日期 2026-10-05 早于受理日期 2026-10-10"));
}

#[test]
fn the_version_is_the_one_of_the_day_the_case_began() {
    let rules = r#"
[[deadline]]
id = "d"
title = "期限"
dataset = "台账"
start = "受理日期"
stop = "结案日期"
[[deadline.version]]
from = 2020-01-01
cite = "s 旧"
rows = [{ limit = "10d" }]
[[deadline.version]]
from = 2026-10-01
cite = "s 新"
rows = [{ limit = "5d" }]
"#;
    let world = World::new(&[CASES], rules).rows(
        "台账",
        &[
            &[("编号", "old"), ("受理日期", "2026-09-30"), ("结案日期", "2026-10-10")],
            &[("编号", "new"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-10")],
        ],
    );
    let all = world.all("d", "2026-10", "2026-10-31");
    let told: Vec<(Outcome, &str)> = all.iter().map(|f| (f.outcome, f.clause.as_str())).collect();
    assert_eq!(told, [(Met, "办法 旧"), (Breached, "办法 新")]);
}

fn simple(limit: &str, conventions: &str, start: &str, stop: &str, end: &str) -> kesu::ledger::Finding {
    let rules = format!(
        "[[deadline]]\nid = \"d\"\ntitle = \"期限\"\ndataset = \"台账\"\nstart = \"受理日期\"\nstop = \"结案日期\"\n\
         [[deadline.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{{ limit = \"{limit}\" }}]\n"
    );
    let period = &end[..7];
    World::with_conventions(&[CASES], &rules, conventions)
        .rows("台账", &[&[("编号", "1"), ("受理日期", start), ("结案日期", stop)]])
        .only("d", period, end)
}

const PLAIN: &str = "count_first_day = false\nroll_last_day = false";
const FIRST_DAY: &str = "count_first_day = true\nroll_last_day = false";
const ROLLED: &str = "count_first_day = false\nroll_last_day = true";

#[test]
fn where_the_first_day_counts_the_due_day_is_one_earlier() {
    let met = simple("15d", FIRST_DAY, "2026-10-01", "2026-10-15", "2026-10-31");
    assert_eq!((met.outcome, text(met.elapsed), met.due.unwrap().to_string()), (Met, "15d".into(), "2026-10-15".into()));
    assert_eq!(simple("15d", FIRST_DAY, "2026-10-01", "2026-10-16", "2026-10-31").outcome, Breached);
}

#[test]
fn a_last_day_off_rolls_to_the_next_working_day_where_the_pack_says_so() {
    // 2026-10-10 is a make-up working day; 15 days after 2026-09-25 fall on it, 15 after 09-26 on Sunday the 11th
    let on_sunday = simple("15d", ROLLED, "2026-09-26", "2026-10-12", "2026-10-31");
    assert_eq!((on_sunday.outcome, on_sunday.due.unwrap().to_string()), (Met, "2026-10-12".into()));
    let late = simple("15d", ROLLED, "2026-09-26", "2026-10-13", "2026-10-31");
    assert_eq!((late.outcome, text(late.overrun)), (Breached, "1d".into()));
    assert_eq!(simple("15d", PLAIN, "2026-09-26", "2026-10-12", "2026-10-31").outcome, Breached);
}

#[test]
fn a_month_ends_on_the_same_day_of_the_next_month_or_its_last() {
    let found = simple("1mo", PLAIN, "2026-01-31", "2026-02-28", "2026-02-28");
    assert_eq!((found.outcome, found.due.unwrap().to_string(), text(found.elapsed)), (Met, "2026-02-28".into(), "28d".into()));
    let late = simple("1mo", PLAIN, "2026-01-31", "2026-03-01", "2026-03-31");
    assert_eq!((late.outcome, text(late.overrun)), (Breached, "1d".into()));
    assert_eq!(simple("1q", PLAIN, "2026-01-15", "2026-04-15", "2026-04-30").outcome, Met);
    assert_eq!(simple("1y", PLAIN, "2024-02-29", "2025-02-28", "2025-02-28").outcome, Met);
    assert_eq!(simple("1y", PLAIN, "2024-02-29", "2025-03-01", "2025-03-31").outcome, Breached);
}

#[test]
fn a_year_without_calendar_data_makes_working_days_indeterminate() {
    let found = simple("3wd", PLAIN, "2026-12-30", "2027-01-08", "2027-01-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：日历没有 2027 年数据"));
}

#[test]
fn a_case_without_a_limit_row_is_not_applicable() {
    let rules = CLOSING.replace(", { when = { \"国内外\" = \"国外\" }, limit = \"20d\" }", "");
    let world = World::new(&[CASES], &rules).rows("台账", &[&[("编号", "1"), ("国内外", "国外"), ("受理日期", "2026-10-01")]]);
    assert_eq!(world.only("jiean", "2026-10", "2026-10-31").outcome, NotApplicable);
}

#[test]
fn a_due_date_in_a_field_is_the_last_good_day() {
    let rules = |no_due: &str| {
        format!(
            "[[deadline]]\nid = \"d\"\ntitle = \"承诺\"\ndataset = \"台账\"\nstart = \"受理日期\"\nstop = \"结案日期\"\ndue = \"承诺日期\"\n{no_due}\n\
             [[deadline.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\n"
        )
    };
    let rows: &[Row] = &[
        &[("编号", "on"), ("受理日期", "2026-10-01"), ("承诺日期", "2026-10-05"), ("结案日期", "2026-10-05")],
        &[("编号", "late"), ("受理日期", "2026-10-01"), ("承诺日期", "2026-10-05"), ("结案日期", "2026-10-07")],
        &[("编号", "open"), ("受理日期", "2026-10-01"), ("承诺日期", "2026-11-05"), ("结案日期", "")],
        &[("编号", "none"), ("受理日期", "2026-10-01"), ("承诺日期", ""), ("结案日期", "2026-10-07")],
    ];
    let world = World::new(&[CASES], &rules("")).rows("台账", rows);
    let all = world.all("d", "2026-10", "2026-10-31");
    assert_eq!(all.iter().map(|f| f.outcome).collect::<Vec<_>>(), [Met, Breached, Pending, NotApplicable]);
    assert_eq!((text(all[1].overrun), all[1].limit), ("2d".to_owned(), None));
    let lenient = World::new(&[CASES], &rules("no_due = \"met\"")).rows("台账", rows);
    assert_eq!(lenient.all("d", "2026-10", "2026-10-31")[3].outcome, Met);
}

#[test]
fn counts_are_the_verdicts_counted() {
    let world = closing(&[
        &[("编号", "1"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-16")],
        &[("编号", "2"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-17")],
        &[("编号", "3"), ("国内外", ""), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-17")],
        &[("编号", "4"), ("国内外", "国内"), ("受理日期", "2026-10-30"), ("结案日期", "")],
    ]);
    let counts = world.counts("jiean", "2026-10", "2026-10-31");
    assert_eq!(Outcome::ALL.map(|outcome| counts.of(outcome)), [1, 1, 1, 0, 1]);
    assert_eq!((counts.population(), counts.tested()), (4, 2));
    let findings: Vec<String> = world.judge("jiean", "2026-10", "2026-10-31").findings().into_iter().map(|f| f.subject).collect();
    assert_eq!(findings, ["2", "3"]);
    assert_eq!(world.judge("jiean", "2026-10", "2026-10-31").about("4")[0].outcome, Pending);
}

#[test]
fn a_rule_that_fails_inside_is_one_problem_with_its_id() {
    let mut world = one("国内", "2026-10-01", "2026-10-16");
    let table = &mut world.tables.tables[0];
    let others: Vec<String> = table.frame.names().map(ToString::to_string).filter(|name| name != "国内外").collect();
    table.frame = table.frame.select(others.iter().map(String::as_str)).unwrap();
    let diag = world.try_judge("jiean", "2026-10", "2026-10-31").unwrap_err();
    assert_eq!(diag.code, kesu::diag::Code::RuleFault);
    assert!(diag.message.contains("jiean"), "{}", diag.message);
}

const PAUSES: &str = r#"
[dataset]
name = "停表"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "始"
type = "date"
[[field]]
name = "终"
type = "date"
"#;

fn paused(limit: &str, stop: &str, pauses: &[(&str, &str)]) -> kesu::ledger::Finding {
    let rules = format!(
        "[[deadline]]\nid = \"d\"\ntitle = \"期限\"\ndataset = \"台账\"\nstart = \"受理日期\"\nstop = \"结案日期\"\n\
         pause = {{ dataset = \"停表\", on = \"编号\", from = \"始\", to = \"终\" }}\n\
         [[deadline.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{{ limit = \"{limit}\" }}]\n"
    );
    let rows: Vec<Vec<(&str, &str)>> = pauses.iter().map(|(from, to)| vec![("编号", "1"), ("始", *from), ("终", *to)]).collect();
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    World::new(&[CASES, PAUSES], &rules)
        .rows(
            "台账",
            &[
                &[("编号", "1"), ("受理日期", "2026-03-01"), ("结案日期", stop)],
                &[("编号", "2"), ("受理日期", "2026-03-01"), ("结案日期", "2026-03-02")],
            ],
        )
        .rows("停表", &rows)
        .all("d", "2026-03", "2026-03-31")
        .swap_remove(0)
}

#[test]
fn overlapping_pauses_count_once_and_move_the_due_day() {
    let found = paused("5d", "2026-03-10", &[("2026-03-02", "2026-03-05"), ("2026-03-04", "2026-03-06")]);
    assert_eq!((found.outcome, text(found.elapsed), found.due.unwrap().to_string()), (Met, "5d".into(), "2026-03-10".into()));
    assert_eq!(paused("5d", "2026-03-11", &[("2026-03-02", "2026-03-05"), ("2026-03-04", "2026-03-06")]).outcome, Breached);
}

#[test]
fn a_pause_that_begins_after_time_is_up_does_not_help() {
    let found = paused("5d", "2026-03-12", &[("2026-03-07", "2026-03-12")]);
    assert_eq!((found.due.unwrap().to_string(), text(found.elapsed)), ("2026-03-06".into(), "6d".into()));
    assert_eq!(found.outcome, Breached);
}

#[test]
fn a_pause_that_begins_on_the_last_day_moves_it() {
    let found = paused("8d", "2026-03-10", &[("2026-03-09", "2026-03-10")]);
    assert_eq!((found.due.unwrap().to_string(), text(found.elapsed)), ("2026-03-10".into(), "8d".into()));
    assert_eq!(found.outcome, Met);
}

#[test]
fn a_pause_without_a_beginning_is_indeterminate() {
    let found = paused("5d", "2026-03-12", &[("", "2026-03-12")]);
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：停表的始 为空"));
}

fn march(day: i64) -> String {
    format!("2026-03-{day:02}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Against a walk over the days: a day is the one that ends with it.
    #[test]
    fn pauses_agree_with_a_walk_over_days(
        limit in 0_i64..12,
        stop in 1_i64..28,
        pauses in proptest::collection::vec((1_i64..28, 0_i64..8), 0..4),
    ) {
        let spans: Vec<(String, String)> = pauses.iter().map(|(from, length)| (march(*from), march((from + length).min(31)))).collect();
        let spans: Vec<(&str, &str)> = spans.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let found = paused(&format!("{limit}d"), &march(stop), &spans);
        // the step from day d to d + 1 stands still if some pause holds both
        let still = |d: i64| pauses.iter().any(|(from, length)| *from <= d && d < (from + length).min(31));
        let elapsed = (1..stop).filter(|d| !still(*d)).count() as i64;
        prop_assert_eq!(text(found.elapsed), format!("{elapsed}d"));
        prop_assert_eq!(found.outcome, if elapsed <= limit { Met } else { Breached });
        prop_assert_eq!(found.outcome == Met, found.stop.map(|m| m.date()) <= found.due.map(|m| m.date()));
    }
}
