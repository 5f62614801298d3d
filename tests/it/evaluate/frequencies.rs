//! So many times per subject: in every period, after a trigger, with no longer gap; what is not known leaves it open only where
//! it would turn the answer.

use chrono::{Datelike, Days, NaiveDate};
use kesu::evaluate::smallest_change;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met, NotApplicable, Pending};
use kesu::ledger::{Figures, Finding};
use kesu::rules::sentence;
use proptest::prelude::*;

use super::world::{Row, World, refusals, text};

const PROJECTS: &str = r#"
[dataset]
name = "项目"
key = ["项目号"]
[[field]]
name = "项目号"
type = "text"
[[field]]
name = "类别"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "交付"
type = "date"
[[field]]
name = "停用"
type = "date"
[[field]]
name = "首访"
type = "date"
[[field]]
name = "二访"
type = "date"
[[field]]
name = "离店"
type = "datetime"
"#;

const CALLS: &str = r#"
[dataset]
name = "回访"
at = "日期"
[[field]]
name = "对象"
type = "text"
[[field]]
name = "日期"
type = "datetime"
[[field]]
name = "接通"
type = "bool"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "次数"
type = "int"
"#;

const DATASETS: &[&str] = &[PROJECTS, CALLS];

const ON: &str = "events = { dataset = \"回访\", on = { \"项目号\" = \"对象\" } }";

/// A rule with keys of its own and the rows of its one version.
fn rule(keys: &str, rows: &str) -> String {
    format!(
        "[[frequency]]\nid = \"f\"\ntitle = \"回访\"\n{keys}\n[[frequency.version]]\nfrom = 2020-01-01\ncite = \"s 五条\"\nrows = [{rows}]\n"
    )
}

fn of_projects(keys: &str, rows: &str) -> String {
    rule(&format!("dataset = \"项目\"\n{keys}\n{ON}"), rows)
}

const BY_AGE: &str = "{ age = \"<= 1y\", every = \"month\", at_least = 1 }, { age = \"> 1y\", every = \"quarter\", at_least = 1 }";

/// Keeps the log from being empty.
const OTHER: Row = &[("对象", "别家"), ("日期", "2026-10-02")];

fn world(rules: &str, projects: &[Row], calls: &[Row]) -> World {
    World::new(DATASETS, rules).rows("项目", projects).rows("回访", &[&[OTHER], calls].concat())
}

fn outcomes(world: &World, period: &str, as_of: &str) -> Vec<(String, Outcome)> {
    world.outcomes("f", period, as_of)
}

fn said<const N: usize>(wanted: [(&str, Outcome); N]) -> Vec<(String, Outcome)> {
    wanted.map(|(subject, outcome)| (subject.to_owned(), outcome)).to_vec()
}

fn times(finding: &Finding) -> usize {
    match finding.figures.as_deref() {
        Some(Figures::Times { done, .. }) => *done,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_young_project_is_called_every_month_and_an_old_one_every_quarter() {
    let rules = of_projects("since = \"交付\"", BY_AGE);
    let projects: &[Row] = &[&[("项目号", "新"), ("交付", "2026-05-20")], &[("项目号", "旧"), ("交付", "2024-05-20")]];
    let calls: &[Row] = &[&[("对象", "新"), ("日期", "2026-10-31")], &[("对象", "旧"), ("日期", "2026-10-01")]];
    let world = world(&rules, projects, calls);
    assert_eq!(outcomes(&world, "2026-10", "2026-10-31"), said([("新/2026-10", Met), ("旧/2026-Q4", Pending)]));
    assert_eq!(outcomes(&world, "2026-12", "2026-12-31"), said([("新/2026-12", Breached), ("旧/2026-Q4", Met)]));
    let pending = &world.all("f", "2026-10", "2026-10-31")[1];
    assert_eq!((times(pending), pending.message.as_str()), (1, "2026年第4季度 应至少 1 次，至 2026-10-31 有 1 次"));
    let missed = &world.all("f", "2026-12", "2026-12-31")[0];
    assert_eq!(missed.message, "2026-12 应至少 1 次，至 2026-12-31 有 0 次");
    assert_eq!((missed.place.row, missed.due.map(|due| due.to_string()).as_deref()), (1, Some("2026-12-31")));
    assert_eq!(smallest_change(world.rule("f").1, missed), "若不晚于 2026-12-31 做到规定次数并登记，则合规");
}

#[test]
fn the_month_of_the_anniversary_asks_for_both() {
    let rules = of_projects("since = \"交付\"", BY_AGE);
    let at = |delivered: &str| world(&rules, &[&[("项目号", "P"), ("交付", delivered)]], &[]);
    let both = said([("P/2026-10", Breached), ("P/2026-Q4", Pending)]);
    assert_eq!(outcomes(&at("2025-10-15"), "2026-10", "2026-10-31"), both);
    assert_eq!(outcomes(&at("2025-10-01"), "2026-10", "2026-10-31"), both, "the day itself still belongs to the first year");
    assert_eq!(outcomes(&at("2025-09-30"), "2026-10", "2026-10-31"), said([("P/2026-Q4", Pending)]));
    assert_eq!(outcomes(&at("2025-12-31"), "2026-12", "2026-12-31"), said([("P/2026-12", Breached)]), "no day of Q4 is older than a year");
    assert_eq!(outcomes(&at("2024-02-29"), "2025-02", "2025-02-28"), said([("P/2025-Q1", Pending), ("P/2025-02", Breached)]));
}

#[test]
fn a_subject_that_came_or_went_within_the_period_is_asked_only_where_the_rule_says_so() {
    let monthly = "{ every = \"month\", at_least = 1 }";
    let spans = "since = \"交付\"\nuntil = \"停用\"";
    let projects: &[Row] = &[
        &[("项目号", "整月"), ("交付", "2026-10-01"), ("停用", "2026-10-31")],
        &[("项目号", "晚来"), ("交付", "2026-10-02")],
        &[("项目号", "早走"), ("交付", "2020-01-01"), ("停用", "2026-10-30")],
        &[("项目号", "已走"), ("交付", "2020-01-01"), ("停用", "2026-09-30")],
        &[("项目号", "未来"), ("交付", "2026-11-01")],
    ];
    let found = outcomes(&world(&of_projects(spans, monthly), projects, &[]), "2026-10", "2026-10-31");
    let wanted = said([("整月/2026-10", Breached), ("晚来/2026-10", NotApplicable), ("早走/2026-10", NotApplicable)]);
    assert_eq!(found, wanted);
    let owed = of_projects(&format!("{spans}\npartial = \"owed\""), monthly);
    let found = outcomes(&world(&owed, projects, &[]), "2026-10", "2026-10-31");
    assert_eq!(found, said([("整月/2026-10", Breached), ("晚来/2026-10", Breached), ("早走/2026-10", Breached)]));
}

#[test]
fn only_what_counts_is_counted() {
    let rules = rule(
        "dataset = \"项目\"\nevents = { dataset = \"回访\", on = { \"项目号\" = \"对象\" }, where = { \"接通\" = true } }",
        "{ every = \"month\", at_least = 2 }",
    );
    let call = |got: &'static str| -> Vec<(&str, &str)> { vec![("对象", "P"), ("日期", "2026-10-09"), ("接通", got)] };
    let (yes, no, unknown) = (call("是"), call("否"), call(""));
    let judged = |calls: &[Row]| world(&rules, &[&[("项目号", "P")]], calls).only("f", "2026-10", "2026-10-31");
    assert_eq!(judged(&[&yes, &no]).outcome, Breached);
    assert_eq!(judged(&[&yes, &yes, &unknown]).outcome, Met, "the answer stands, whatever the third was");
    assert_eq!(judged(&[&no, &unknown]).outcome, Breached, "one alone would not do");
    let open = judged(&[&yes, &unknown]);
    assert_eq!((open.outcome, open.message.as_str()), (Indeterminate, "无法判定：接通 为空"));
}

#[test]
fn a_row_without_its_date_or_its_subject_may_be_the_one_that_is_missing() {
    let rules = of_projects("", "{ every = \"month\", at_least = 1 }");
    let judged = |calls: &[Row]| world(&rules, &[&[("项目号", "P")]], calls).only("f", "2026-10", "2026-10-31");
    let undated = judged(&[&[("对象", "P")]]);
    assert_eq!((undated.outcome, undated.message.as_str()), (Indeterminate, "无法判定：「回访」日期 为空"));
    let nameless = judged(&[&[("日期", "2026-10-20")]]);
    assert_eq!((nameless.outcome, nameless.message.as_str()), (Indeterminate, "无法判定：「回访」对象 为空"));
    assert_eq!(judged(&[&[("日期", "2026-09-30")]]).outcome, Breached, "it is of another month");
    assert_eq!(judged(&[&[("日期", "2026-11-01")]]).outcome, Breached, "it is not seen yet");
    assert_eq!(judged(&[&[("日期", "2026-10-31")]]).outcome, Indeterminate);
    assert_eq!(judged(&[&[("对象", "Q")]]).outcome, Breached, "it names another subject");
}

#[test]
fn a_subject_without_its_key_or_its_first_day_is_told_with_the_field() {
    let rules = of_projects("since = \"交付\"", "{ every = \"month\", at_least = 1 }");
    let found = world(&rules, &[&[("项目号", "P")]], &[&[("对象", "P"), ("日期", "2026-10-09")]]).only("f", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：交付 为空"));
    let found = world(&rules, &[&[("交付", "2020-01-01"), ("部门", "甲")]], &[]).only("f", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：项目号 为空"));
}

#[test]
fn a_log_that_nobody_keeps_accuses_nobody() {
    let rules = of_projects("", "{ every = \"month\", at_least = 1 }");
    let world = World::new(DATASETS, &rules).rows("项目", &[&[("项目号", "P")]]);
    assert_eq!(outcomes(&world, "2026-10", "2026-10-31"), []);
}

#[test]
fn the_first_condition_that_applies_asks() {
    let rules = of_projects("", "{ when = { \"类别\" = \"甲\" }, every = \"month\", at_least = 1 }, { every = \"quarter\", at_least = 1 }");
    let projects: &[Row] = &[&[("项目号", "P"), ("类别", "甲")], &[("项目号", "Q"), ("类别", "乙")], &[("项目号", "R")]];
    let found = world(&rules, projects, &[]).all("f", "2026-12", "2026-12-31");
    let said: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.outcome)).collect();
    assert_eq!(said, [("P/2026-12", Breached), ("Q/2026-Q4", Breached), ("R/2026-12", Indeterminate)]);
    assert_eq!(found[2].message, "无法判定：类别 为空");
}

/// Guests are called within three days of leaving.
fn guests(rows: &str, left: &str, calls: &[Row]) -> World {
    let rules = of_projects("after = \"离店\"\nwhere = { \"类别\" = \"散客\" }", rows);
    world(&rules, &[&[("项目号", "G"), ("类别", "散客"), ("离店", left)]], calls)
}

#[test]
fn a_call_counts_from_the_trigger_to_the_last_day() {
    let three = "{ within = \"3d\", at_least = 1 }";
    for (called, outcome) in [("2026-10-09", Breached), ("2026-10-10", Met), ("2026-10-13 23:59", Met), ("2026-10-14 00:00", Breached)] {
        let found = guests(three, "2026-10-10", &[&[("对象", "G"), ("日期", called)]]).only("f", "2026-10", "2026-10-31");
        assert_eq!((found.subject.as_str(), found.outcome), ("G", outcome), "{called}");
        assert_eq!((found.due.unwrap().to_string(), text(found.limit)), ("2026-10-13".to_owned(), "3d".to_owned()));
    }
    let missed = guests(three, "2026-10-10", &[]).only("f", "2026-10", "2026-10-31");
    assert_eq!(missed.message, "离店 2026-10-10 之后应至少 1 次，应于 2026-10-13 前做到，至 2026-10-13 有 0 次");
}

#[test]
fn the_next_day_means_not_the_same_day() {
    let next = "{ within = \"1d\", not_before = \"1d\", at_least = 1 }";
    for (called, outcome) in [("2026-10-10 20:00", Breached), ("2026-10-11", Met), ("2026-10-12", Breached)] {
        let found = guests(next, "2026-10-10 09:00", &[&[("对象", "G"), ("日期", called)]]).only("f", "2026-10", "2026-10-31");
        assert_eq!(found.outcome, outcome, "{called}");
    }
}

#[test]
fn hours_are_counted_by_the_clock() {
    let day = "{ within = \"24h\", at_least = 1 }";
    for (called, outcome) in [("2026-10-10 08:59", Breached), ("2026-10-11 09:00", Met), ("2026-10-11 09:01", Breached)] {
        let found = guests(day, "2026-10-10 09:00", &[&[("对象", "G"), ("日期", called)]]).only("f", "2026-10", "2026-10-31");
        assert_eq!(found.outcome, outcome, "{called}");
    }
}

#[test]
fn what_falls_due_next_month_is_pending_and_judged_once() {
    let left = |calls| guests("{ within = \"3d\", at_least = 1 }", "2026-10-30", calls);
    let none = left(&[]);
    assert_eq!(outcomes(&none, "2026-10", "2026-10-31"), said([("G", Pending)]));
    assert_eq!(outcomes(&none, "2026-11", "2026-11-30"), said([("G", Breached)]));
    assert_eq!(outcomes(&none, "2026-12", "2026-12-31"), []);
    assert_eq!(outcomes(&none, "2026-11", "2026-11-01"), said([("G", Pending)]));
    assert_eq!(outcomes(&none, "2026-09", "2026-09-30"), [], "the guest has not left yet");
    let called = left(&[&[("对象", "G"), ("日期", "2026-11-02")]]);
    assert_eq!(outcomes(&called, "2026-11", "2026-11-30"), said([("G", Met)]));
    assert_eq!(outcomes(&called, "2026-11", "2026-11-02 12:00"), said([("G", Met)]), "nothing more is owed");
}

#[test]
fn a_trigger_that_is_missing_cannot_be_judged() {
    let found = guests("{ within = \"3d\", at_least = 1 }", "", &[]).only("f", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：离店 为空"));
}

#[test]
fn once_or_twice_is_neither_none_nor_three_times() {
    let rows = "{ within = \"next-month-end\", at_least = 1, at_most = 2 }";
    let call: Row = &[("对象", "G"), ("日期", "2026-10-12")];
    for (calls, outcome) in [(0, Breached), (1, Met), (2, Met)] {
        let found = guests(rows, "2026-10-10", &vec![call; calls]).only("f", "2026-11", "2026-11-30");
        assert_eq!((found.outcome, found.due.unwrap().to_string().as_str()), (outcome, "2026-11-30"), "{calls}");
    }
    let early = guests(rows, "2026-10-10", &[call]).only("f", "2026-10", "2026-10-31");
    assert_eq!(early.outcome, Pending, "a third may come");
}

#[test]
fn too_often_is_a_breach_in_the_month_in_which_it_happens_and_in_no_later_one() {
    let rows = "{ within = \"next-month-end\", at_least = 1, at_most = 2 }";
    let october: Row = &[("对象", "G"), ("日期", "2026-10-12")];
    let november: Row = &[("对象", "G"), ("日期", "2026-11-03")];
    let early = guests(rows, "2026-10-10", &[october; 3]);
    assert_eq!(early.only("f", "2026-10", "2026-10-31").outcome, Breached);
    assert!(early.all("f", "2026-11", "2026-11-30").is_empty(), "nobody is told twice of one window");
    let late = guests(rows, "2026-10-10", &[october, october, november]);
    assert_eq!(late.only("f", "2026-10", "2026-11-30").outcome, Pending, "October's run does not know November");
    assert_eq!(late.only("f", "2026-11", "2026-11-30").outcome, Breached);
    let enough = guests(rows, "2026-10-10", &[october; 2]);
    assert_eq!(enough.only("f", "2026-11", "2026-11-30").outcome, Met);
}

#[test]
fn a_quarter_that_is_full_is_told_before_it_ends() {
    let rules = rule("dataset = \"回访\"\nby = [\"对象\"]\nevents = {}", "{ every = \"quarter\", at_most = 1 }");
    let world = World::new(DATASETS, &rules)
        .rows("回访", &[&[("对象", "张三"), ("日期", "2026-10-05")], &[("对象", "张三"), ("日期", "2026-11-06")]]);
    let judged = |month: &str, end: &str| world.outcomes("f", month, end);
    assert_eq!(judged("2026-10", "2026-10-31"), said([("张三/2026-Q4", Pending)]));
    assert_eq!(judged("2026-11", "2026-11-30"), said([("张三/2026-Q4", Breached)]));
    assert_eq!(judged("2026-12", "2026-12-31"), said([]));
    let found = world.only("f", "2026-11", "2026-11-30");
    assert_eq!(found.message, "2026年第4季度 应至多 1 次，至 2026-11-30 有 2 次");
}

#[test]
fn the_end_of_a_period_is_told_across_the_year() {
    for (end, due, month) in [
        ("month-end", "2025-12-31", "2025-12"),
        ("next-month-end", "2026-01-31", "2026-01"),
        ("quarter-end", "2025-12-31", "2025-12"),
        ("year-end", "2025-12-31", "2025-12"),
    ] {
        let world = guests(&format!("{{ within = \"{end}\", at_least = 1 }}"), "2025-12-30", &[]);
        let found = world.only("f", month, &format!("{month}-31"));
        assert_eq!((found.outcome, found.due.unwrap().to_string().as_str()), (Breached, due), "{end}");
    }
}

#[test]
fn a_call_before_the_visit_is_looked_for_ahead_of_it() {
    let rules = rule(
        "dataset = \"项目\"\nbefore = \"交付\"\nevents = { at = [\"首访\"] }",
        "{ within = \"3d\", not_before = \"1d\", at_least = 1 }",
    );
    for (called, outcome) in [("2026-10-06", Breached), ("2026-10-07", Met), ("2026-10-09", Met), ("2026-10-10", Breached), ("", Breached)]
    {
        let world = world(&rules, &[&[("项目号", "P"), ("交付", "2026-10-10"), ("首访", called)]], &[]);
        assert_eq!(world.only("f", "2026-10", "2026-10-31").outcome, outcome, "{called}");
    }
}

#[test]
fn dates_of_the_subjects_own_row_count_once_each() {
    let rules = rule("dataset = \"项目\"\nafter = \"交付\"\nevents = { at = [\"首访\", \"二访\"] }", "{ within = \"7d\", at_least = 2 }");
    for (second, outcome) in [("2026-10-17", Met), ("2026-10-18", Breached), ("", Breached)] {
        let row: Row = &[("项目号", "P"), ("交付", "2026-10-10"), ("首访", "2026-10-11"), ("二访", second)];
        assert_eq!(world(&rules, &[row], &[]).only("f", "2026-10", "2026-10-31").outcome, outcome, "{second}");
    }
}

#[test]
fn at_most_three_times_a_month_and_person() {
    let rules = rule("dataset = \"回访\"\nby = [\"对象\"]\nunit = \"部门\"\nevents = {}", "{ every = \"month\", at_most = 3 }");
    let late = |day: &'static str| -> Vec<(&str, &str)> { vec![("对象", "张三"), ("日期", day), ("部门", "客服部")] };
    let days = [late("2026-10-05"), late("2026-10-06"), late("2026-10-07"), late("2026-10-31 08:10"), late("2026-11-02")];
    let rows: Vec<Row> = days.iter().map(Vec::as_slice).collect();
    let judged = |rows: &[Row]| World::new(DATASETS, &rules).rows("回访", rows).only("f", "2026-10", "2026-10-31");
    assert_eq!(judged(&rows[..3]).outcome, Met);
    let found = judged(&rows);
    assert_eq!((found.outcome, found.subject.as_str(), found.unit.as_str(), times(&found)), (Breached, "张三/2026-10", "客服部", 4));
    assert_eq!(found.place.row, 4, "the row that was one too many");
    assert_eq!(found.message, "2026-10 应至多 3 次，至 2026-10-31 有 4 次");
    let nameless: Row = &[("日期", "2026-10-09")];
    assert_eq!(judged(&[rows[0], rows[1], rows[2], nameless]).outcome, Indeterminate, "it may be the fourth");
    assert_eq!(judged(&[rows[0], rows[1], nameless]).outcome, Met);
}

#[test]
fn rows_of_one_call_are_one_time() {
    let calls: &[Row] =
        &[&[("对象", "P"), ("日期", "2026-10-05")], &[("对象", "P"), ("日期", "2026-10-05")], &[("对象", "P"), ("日期", "2026-10-06")]];
    let count = |once: &str| {
        let rules = of_projects("", "{ every = \"month\", at_most = 2 }").replace(" } }\n", &format!(" }}{once} }}\n"));
        world(&rules, &[&[("项目号", "P"), ("交付", "2026-01-01")]], calls).only("f", "2026-10", "2026-10-31").outcome
    };
    assert_eq!(count(""), Breached);
    assert_eq!(count(", once = [\"对象\", \"日期\"]"), Met);
}

#[test]
fn listed_values_are_asked_even_where_no_row_names_them() {
    let rules = rule(
        "dataset = \"回访\"\nby = [\"对象\"]\nvalues = [\"东区\", \"西区\"]\nowner = \"物业部\"\nevents = {}",
        "{ every = \"month\", at_least = 1 }",
    );
    let world = World::new(DATASETS, &rules).rows("回访", &[OTHER, &[("对象", "东区"), ("日期", "2026-10-09")]]);
    let found = world.all("f", "2026-10", "2026-10-31");
    let said: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.outcome, f.unit.as_str())).collect();
    assert_eq!(said, [("东区/2026-10", Met, "物业部"), ("西区/2026-10", Breached, "物业部")]);
}

#[test]
fn one_thing_twice_a_day_whoever_does_it() {
    let rules =
        rule("dataset = \"回访\"\nname = \"巡视\"\nowner = \"客服部\"\nevents = { sum = \"次数\" }", "{ every = \"day\", at_least = 2 }");
    let rows: &[Row] = &[
        &[("日期", "2026-10-01 09:00"), ("次数", "2")],
        &[("日期", "2026-10-02 09:00"), ("次数", "1")],
        &[("日期", "2026-10-02 16:00"), ("次数", "1")],
        &[("日期", "2026-10-03 09:00"), ("次数", "1")],
        &[("日期", "2026-10-04 09:00")],
    ];
    let found = World::new(DATASETS, &rules).rows("回访", rows).all("f", "2026-10", "2026-10-05");
    assert_eq!(found.len(), 31);
    let first: Vec<_> = found.iter().take(6).map(|f| (f.subject.as_str(), f.outcome)).collect();
    let wanted = [
        ("巡视/2026-10-01", Met),
        ("巡视/2026-10-02", Met),
        ("巡视/2026-10-03", Breached),
        ("巡视/2026-10-04", Indeterminate),
        ("巡视/2026-10-05", Breached),
        ("巡视/2026-10-06", Pending),
    ];
    assert_eq!(first, wanted);
    assert_eq!(found[3].message, "无法判定：「回访」次数 为空");
    assert_eq!((found[2].unit.as_str(), found[2].place.row), ("客服部", 0));
}

#[test]
fn working_days_and_holidays_come_from_the_calendar() {
    let each = |every: &str| {
        let rules = rule("dataset = \"回访\"\nname = \"值守\"\nevents = {}", &format!("{{ every = \"{every}\", at_least = 1 }}"));
        World::new(DATASETS, &rules).rows("回访", &[OTHER]).outcomes("f", "2026-10", "2026-10-31").len()
    };
    // the notice for 2026: off from the 1st to the 7th, Saturday the 10th worked; the other weekdays are 17
    assert_eq!(each("holiday"), 7);
    assert_eq!(each("workday"), 18);
}

#[test]
fn a_gap_is_judged_in_the_month_in_which_it_grows_too_long() {
    let rules = of_projects("since = \"交付\"", "{ gap = \"30d\" }");
    let project: &[Row] = &[&[("项目号", "P"), ("交付", "2026-08-01")]];
    let at = |calls: &[Row], period: &str, as_of: &str| outcomes(&world(&rules, project, calls), period, as_of);
    // 1 August and 30 days are 31 August
    assert_eq!(at(&[], "2026-08", "2026-08-31"), said([("P/自2026-08-01", Breached)]));
    assert_eq!(at(&[], "2026-08", "2026-08-30"), said([("P/自2026-08-01", Pending)]));
    assert_eq!(at(&[], "2026-09", "2026-09-30"), []);
    let on_time: Row = &[("对象", "P"), ("日期", "2026-08-31")];
    let met = said([("P/自2026-08-01", Met), ("P/自2026-08-31", Pending)]);
    assert_eq!(at(&[on_time], "2026-08", "2026-08-31"), met);
    let late: Row = &[("对象", "P"), ("日期", "2026-09-01")];
    assert_eq!(at(&[late], "2026-08", "2026-08-31"), said([("P/自2026-08-01", Breached)]));
    assert_eq!(at(&[late], "2026-09", "2026-09-30"), said([("P/自2026-09-01", Pending)]));
    let twice: &[Row] = &[on_time, on_time];
    assert_eq!(at(twice, "2026-09", "2026-09-30"), said([("P/自2026-08-31", Breached)]), "the same day is not the next time");
}

#[test]
fn who_was_never_visited_and_has_no_first_day_cannot_be_judged() {
    let rules = of_projects("", "{ gap = \"30d\" }");
    let found = world(&rules, &[&[("项目号", "P")]], &[]).only("f", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：从来没有登记过，没有起算的日期"));
}

#[test]
fn who_is_gone_or_still_to_come_is_not_asked_for_a_visit() {
    let rules = of_projects("since = \"交付\"\nuntil = \"停用\"", "{ gap = \"30d\" }");
    let asked = |project: Row| outcomes(&world(&rules, &[project], &[]), "2026-10", "2026-10-31");
    assert_eq!(asked(&[("项目号", "P"), ("交付", "2026-11-01")]), []);
    assert_eq!(asked(&[("项目号", "P"), ("停用", "2026-09-30")]), []);
    assert_eq!(asked(&[("项目号", "P"), ("停用", "2026-10-01")]), said([("P", Indeterminate)]));
    assert_eq!(asked(&[("项目号", "P")]), said([("P", Indeterminate)]));
}

#[test]
fn weeks_and_years_are_judged_where_they_end() {
    let each = |rows: &str, period: &str, as_of: &str| outcomes(&world(&of_projects("", rows), &[&[("项目号", "P")]], &[]), period, as_of);
    let weekly = each("{ every = \"week\", at_least = 1 }", "2026-01", "2026-01-31");
    let wanted =
        [("P/2026-W01", Breached), ("P/2026-W02", Breached), ("P/2026-W03", Breached), ("P/2026-W04", Breached), ("P/2026-W05", Pending)];
    assert_eq!(weekly, said(wanted), "the first week began in December, the last ends in February");
    assert_eq!(each("{ every = \"year\", at_least = 1 }", "2026-11", "2026-11-30"), said([("P/2026", Pending)]));
    assert_eq!(each("{ every = \"year\", at_least = 1 }", "2026-12", "2026-12-31"), said([("P/2026", Breached)]));
    assert_eq!(each("{ every = \"half-year\", at_least = 1 }", "2026-06", "2026-06-30"), said([("P/2026-H1", Breached)]));
    let december = "{ every = \"month\", months = [12], at_least = 1 }";
    assert_eq!(each(december, "2026-11", "2026-11-30"), []);
    assert_eq!(each(december, "2026-12", "2026-12-31"), said([("P/2026-12", Breached)]));
}

#[test]
fn a_period_is_judged_by_the_version_of_its_first_day() {
    let rules = "[[frequency]]\nid = \"f\"\ntitle = \"回访\"\ndataset = \"项目\"\nevents = { dataset = \"回访\", on = { \"项目号\" = \"对象\" } }\n\
        [[frequency.version]]\nfrom = 2020-01-01\ncite = \"s 五条\"\nrows = [{ every = \"quarter\", at_least = 1 }]\n\
        [[frequency.version]]\nfrom = 2026-11-01\ncite = \"s 六条\"\nrows = [{ every = \"month\", at_least = 1 }]\n";
    let found = world(rules, &[&[("项目号", "P")]], &[]).all("f", "2026-12", "2026-12-31");
    let said: Vec<_> = found.iter().map(|f| (f.subject.as_str(), f.clause.as_str())).collect();
    assert_eq!(said, [("P/2026-Q4", "办法 五条"), ("P/2026-12", "办法 六条")]);
}

#[test]
fn a_subject_is_found_by_its_name_with_all_its_periods() {
    let rules = of_projects("", "{ every = \"week\", at_least = 1 }");
    let world = world(&rules, &[&[("项目号", "P")], &[("项目号", "P1")]], &[]);
    let verdicts = world.judge("f", "2026-10", "2026-10-31");
    assert_eq!(verdicts.about("P").len(), 5);
    assert_eq!(verdicts.about("P/2026-W42").len(), 1);
}

#[test]
fn the_rule_reads_as_chinese() {
    let world = World::new(DATASETS, &of_projects("since = \"交付\"\nowner = \"客服部\"", BY_AGE));
    let (pack, rule) = world.rule("f");
    let told = sentence(&world.rules, pack, rule);
    for part in ["次数", "「项目」的每一行是一个对象，从「交付」起", "1年以内：每月至少 1 次", "满 1年之后：每季至少 1 次"]
    {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let table = [
        ("", "{ every = \"month\" }", "没有写多少次"),
        ("", "{ at_least = 1 }", "every、within、gap 要写且只写一种"),
        ("", "{ every = \"month\", gap = \"3d\", at_least = 1 }", "every、within、gap 要写且只写一种"),
        ("", "{ within = \"3d\", at_least = 1 }", "写了 within，规则要写触发日期"),
        ("", "{ every = \"fortnight\", at_least = 1 }", "不认识的取值「fortnight」"),
        ("", "{ every = \"month\", at_least = 3, at_most = 2 }", "至少 3 次，至多 2 次，永远做不到"),
        ("", "{ every = \"month\", at_least = 0 }", "至少的次数从 1 起"),
        ("", "{ every = \"week\", months = [12], at_least = 1 }", "months 只用于"),
        ("", "{ age = \"<= 1y\", every = \"month\", at_least = 1 }", "写了 age，规则要写 since"),
        ("since = \"交付\"", "{ age = \"<= 1y\", every = \"month\", at_least = 1 }, { every = \"year\", at_least = 1 }", "每一行都要写"),
        (
            "since = \"交付\"",
            "{ age = \"<= 1y\", every = \"month\", at_least = 1 }, { age = \">= 1y\", every = \"year\", at_least = 1 }",
            "重叠",
        ),
        ("", "{ gap = \"24h\" }", "gap 的单位用"),
        ("after = \"交付\"", "{ within = \"24h\", at_least = 1 }", "都要是 datetime 字段"),
        ("before = \"交付\"", "{ within = \"3wd\", at_least = 1 }", "往前数不能用工作日"),
        ("after = \"交付\"\nbefore = \"停用\"", "{ within = \"3d\", at_least = 1 }", "只能写一种"),
    ];
    for (keys, rows, said) in table {
        let told = refusals(DATASETS, &of_projects(keys, rows));
        assert!(told.contains(said), "{keys} {rows}: {told}");
    }
    let monthly = "{ every = \"month\", at_least = 1 }";
    let sources = [
        ("dataset = \"项目\"\nname = \"甲\"\nunit = \"部门\"\nevents = { dataset = \"回访\" }", "只有一个对象"),
        ("dataset = \"项目\"\nevents = { dataset = \"回访\" }", "缺少 on"),
        ("dataset = \"项目\"\nevents = {}", "缺少 events.at"),
        ("dataset = \"项目\"\nby = [\"部门\"]\nevents = { dataset = \"回访\", on = { \"项目号\" = \"对象\" } }", "不在 by 里"),
        ("dataset = \"项目\"\nby = [\"部门\", \"类别\"]\nvalues = [\"甲\"]\nevents = { at = \"交付\" }", "values 只能用于一个字段"),
        ("dataset = \"项目\"\nname = \"甲\"\nevents = {}", "没有写按哪个日期归月"),
        ("dataset = \"回访\"\nname = \"甲\"\nevents = { sum = \"部门\" }", "是文字"),
    ];
    for (keys, said) in sources {
        let told = refusals(DATASETS, &rule(keys, monthly));
        assert!(told.contains(said), "{keys}: {told}");
    }
}

#[test]
fn a_number_or_a_period_that_nobody_has_said_keeps_the_rule_silent() {
    let rules = of_projects("status = \"missing-param\"\nmissing = [\"周期\", \"次数\"]", "{ every = \"?周期\", at_least = \"?次数\" }");
    let world = world(&rules, &[&[("项目号", "P")]], &[]);
    assert_eq!(outcomes(&world, "2026-12", "2026-12-31"), []);
}

fn month_end(day: NaiveDate) -> NaiveDate {
    let next = if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
    NaiveDate::from_ymd_opt(next.0, next.1, 1).unwrap().pred_opt().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Against counting by hand: each month of a quarter, three subjects, at least two and at most four calls.
    #[test]
    fn a_months_count_is_what_counting_by_hand_gives(calls in prop::collection::vec((0_usize..3, 0_u64..92), 0..40)) {
        let first = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        let names = ["甲", "乙", "丙"];
        let calls: Vec<(usize, NaiveDate)> = calls.into_iter().map(|(who, after)| (who, first + Days::new(after))).collect();
        let texts: Vec<String> = calls.iter().map(|(_, day)| day.to_string()).collect();
        let rows: Vec<Vec<(&str, &str)>> =
            calls.iter().zip(&texts).map(|((who, _), day)| vec![("对象", names[*who]), ("日期", day.as_str())]).collect();
        let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
        let rules = of_projects("", "{ every = \"month\", at_least = 2, at_most = 4 }");
        let projects: Vec<Vec<(&str, &str)>> = names.iter().map(|name| vec![("项目号", *name)]).collect();
        let projects: Vec<Row> = projects.iter().map(Vec::as_slice).collect();
        let found = world(&rules, &projects, &rows).all("f", "2026-Q4", "2026-12-31");
        let mut wanted = Vec::new();
        for (who, name) in names.iter().enumerate() {
            for month in 10..=12 {
                let begin = NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
                let count = calls.iter().filter(|(other, day)| *other == who && *day >= begin && *day <= month_end(begin)).count();
                wanted.push((format!("{name}/2026-{month}"), count, if (2..=4).contains(&count) { Met } else { Breached }));
            }
        }
        let said: Vec<_> = found.iter().map(|finding| (finding.subject.clone(), times(finding), finding.outcome)).collect();
        prop_assert_eq!(said, wanted);
    }
}
