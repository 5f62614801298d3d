//! What is owed for every period: in time, late, missing, not yet due, not to be told.

use kesu::dispose::notices;
use kesu::evaluate::smallest_change;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met, Pending};
use kesu::rules::sentence;

use super::world::{Row, World, refusals, text};

const LEDGER: &str = r#"
[dataset]
name = "台账"
[[field]]
name = "报表"
type = "text"
[[field]]
name = "期间"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "提交"
type = "datetime"
[[field]]
name = "收件"
type = "text"
"#;

/// A duty named 月报 with keys of its own and one version.
fn duty(keys: &str, version: &str) -> String {
    format!(
        "[[duty]]\nid = \"d\"\ntitle = \"月报\"\ndataset = \"台账\"\nwhere = {{ \"报表\" = \"月报\" }}\ndone = \"提交\"\n{keys}\n\
         [[duty.version]]\nfrom = 2020-01-01\ncite = \"s 九条\"\n{version}\n"
    )
}

const BY_PERIOD: &str = "period = \"期间\"";
const BY_THE_TENTH: &str = "every = \"month\"\nafter = 1\ndue = \"day 10\"";

fn monthly(rows: &[Row]) -> World {
    World::new(&[LEDGER], &duty(BY_PERIOD, BY_THE_TENTH)).rows("台账", rows)
}

/// One 月报 for September, handed in at a time.
fn september(done: &str) -> World {
    monthly(&[&[("报表", "月报"), ("期间", "2026-09"), ("部门", "总经理室"), ("提交", done)]])
}

/// Keeps the book from being empty.
const OTHER: Row = &[("报表", "周报"), ("期间", "2026-W40"), ("提交", "2026-10-02 09:00")];

#[test]
fn the_due_day_itself_is_in_time_and_the_day_after_is_late() {
    let met = september("2026-10-10 23:59").only("d", "2026-10", "2026-10-31");
    assert_eq!((met.outcome, met.subject.as_str()), (Met, "月报/2026-09"));
    assert_eq!(met.due.map(|due| due.to_string()).as_deref(), Some("2026-10-10"));
    let late = september("2026-10-12 08:00").only("d", "2026-10", "2026-10-31");
    assert_eq!((late.outcome, text(late.overrun), late.place.row), (Breached, "2d".to_owned(), 1));
    assert_eq!(late.message, "月报（2026-09）应于 2026-10-10 前提交，2026-10-12 08:00 才提交，逾期 2天");
}

#[test]
fn what_nobody_handed_in_is_missing_once_the_due_day_is_over() {
    let world = monthly(&[OTHER]);
    assert_eq!(world.only("d", "2026-10", "2026-10-09").outcome, Pending);
    let missing = world.only("d", "2026-10", "2026-10-31");
    assert_eq!((missing.outcome, missing.subject.as_str(), missing.place.row), (Breached, "月报/2026-09", 0));
    assert_eq!((text(missing.overrun), missing.stop), ("21d".to_owned(), None));
    assert_eq!(missing.message, "月报（2026-09）应于 2026-10-10 前提交，至 2026-10-31 没有提交记录，逾期 21天");
    assert_eq!(smallest_change(world.rule("d").1, &missing), "若不晚于 2026-10-10 提交并登记，则合规");
    assert_eq!(world.only("d", "2026-10", "2026-10-10").outcome, Breached, "the tenth is over at its last second");
    assert_eq!(world.only("d", "2026-10", "2026-10-10 17:00").outcome, Pending);
}

#[test]
fn what_happened_after_as_of_is_not_seen() {
    let found = september("2026-10-25 08:00").only("d", "2026-10", "2026-10-20");
    assert_eq!((found.outcome, found.stop), (Breached, None));
}

#[test]
fn a_book_that_nobody_keeps_accuses_nobody() {
    assert_eq!(monthly(&[]).outcomes("d", "2026-10", "2026-10-31"), []);
}

#[test]
fn every_period_that_falls_due_has_a_verdict_of_its_own() {
    let world = monthly(&[
        &[("报表", "月报"), ("期间", "2026-10"), ("提交", "2026-11-03 09:00")],
        &[("报表", "月报"), ("期间", "2026-09"), ("提交", "2026-10-03 09:00")],
    ]);
    let wanted = [("月报/2026-09", Met), ("月报/2026-10", Met), ("月报/2026-11", Breached)];
    assert_eq!(world.outcomes("d", "2026-Q4", "2026-12-31"), wanted.map(|(subject, outcome)| (subject.to_owned(), outcome)));
}

#[test]
fn the_earliest_of_several_counts_and_the_others_are_no_breach() {
    let world = monthly(&[
        &[("报表", "月报"), ("期间", "2026-09"), ("提交", "2026-10-20 09:00")],
        &[("报表", "月报"), ("期间", "2026年9月"), ("提交", "2026-10-08 09:00")],
    ]);
    let found = world.only("d", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.place.row), (Met, 2));
}

#[test]
fn a_row_without_its_time_cannot_be_judged_unless_the_rule_says_that_it_is_missing() {
    let rows: &[Row] = &[&[("报表", "月报"), ("期间", "2026-09")]];
    let found = monthly(rows).only("d", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str(), found.place.row), (Indeterminate, "无法判定：提交 为空", 1));
    assert_eq!(monthly(rows).only("d", "2026-10", "2026-10-05").outcome, Pending);
    let strict = duty("period = \"期间\"\nundated = \"missing\"", BY_THE_TENTH);
    let found = World::new(&[LEDGER], &strict).rows("台账", rows).only("d", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.place.row), (Breached, 0));
}

#[test]
fn a_row_that_may_be_the_missing_one_keeps_the_verdict_open() {
    let may_be = |row: Row| {
        let found = monthly(&[row]).only("d", "2026-10", "2026-10-31");
        (found.outcome, found.message, found.place.row)
    };
    let unreadable = (Indeterminate, "无法判定：期间 空着或读不懂".to_owned(), 1);
    assert_eq!(may_be(&[("报表", "月报"), ("期间", "上月"), ("提交", "2026-10-08 09:00")]), unreadable);
    assert_eq!(may_be(&[("报表", "月报"), ("提交", "2026-10-08 09:00")]), unreadable);
    let unnamed = may_be(&[("期间", "2026-09"), ("提交", "2026-10-08 09:00")]);
    assert_eq!(unnamed, (Indeterminate, "无法判定：报表 为空".to_owned(), 1));
    // handed in before the period began, or for another period: not the missing one
    assert_eq!(may_be(&[("报表", "月报"), ("期间", "上月"), ("提交", "2026-08-31 09:00")]).0, Breached);
    assert_eq!(may_be(&[("期间", "2026-08"), ("提交", "2026-10-08 09:00")]).0, Breached);
}

/// What becomes of the period when one row, in time, calls it so.
fn called(every: &str, name: &str, month: &str) -> Outcome {
    let version = format!("every = \"{every}\"\nafter = 1\ndue = \"day 7\"");
    let end = format!("{month}-28");
    let done = format!("{month}-01 09:00");
    let world = World::new(&[LEDGER], &duty(BY_PERIOD, &version));
    let world = world.rows("台账", &[&[("报表", "月报"), ("期间", name), ("提交", done.as_str())]]);
    world.only("d", month, &end).outcome
}

#[test]
fn a_period_is_read_as_people_write_it() {
    let names =
        ["2026-09", "2026-9", "2026/09", "2026.9", "202609", "2026年9月", "2026 年 09 月", "2026年9月份", "2026-09-01", "2026年9月30日"];
    for name in names {
        assert_eq!(called("month", name, "2026-10"), Met, "{name}");
    }
    for name in ["2026-10", "2025-09", "2026-10-01"] {
        assert_eq!(called("month", name, "2026-10"), Breached, "{name}");
    }
    for name in ["九月", "2026-13", "2026-09-31", "2026", "26-09", "2026-09月报"] {
        assert_eq!(called("month", name, "2026-10"), Indeterminate, "{name}");
    }
    for name in ["2026-Q3", "2026年第3季度", "2026年三季度", "2026q3", "2026-07-01"] {
        assert_eq!(called("quarter", name, "2026-10"), Met, "{name}");
    }
    for name in ["2026-H1", "2026年上半年"] {
        assert_eq!(called("half-year", name, "2026-07"), Met, "{name}");
    }
    for name in ["2025", "2025年", "2025年度", "2025-12-31"] {
        assert_eq!(called("year", name, "2026-01"), Met, "{name}");
    }
}

fn judged(keys: &str, version: &str, rows: &[Row], period: &str, end: &str) -> Vec<(String, Outcome)> {
    World::new(&[LEDGER], &duty(keys, version)).rows("台账", rows).outcomes("d", period, end)
}

#[test]
fn longer_periods_are_judged_in_the_month_when_they_fall_due_and_nowhere_else() {
    let due_in = |version: &str| -> Vec<String> {
        let months = (1..=12).map(|month| format!("2026-{month:02}"));
        let found = months.flat_map(|month| judged(BY_PERIOD, version, &[OTHER], &month, &format!("{month}-28")));
        found.map(|(subject, _)| subject.replace("月报/", "")).collect()
    };
    assert_eq!(due_in("every = \"quarter\"\nafter = 1\ndue = \"day 15\""), ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]);
    assert_eq!(due_in("every = \"half-year\"\ndue = \"end\""), ["2026-H1", "2026-H2"]);
    assert_eq!(due_in("every = \"year\"\ndue = \"month 12 day 20\""), ["2026"]);
    assert_eq!(due_in("every = \"month\"\nmonths = [3, 12]\ndue = \"end\""), ["2026-03", "2026-12"]);
    assert_eq!(due_in("every = \"month\"\nmonths = [6]\ndue = \"before\""), ["2026-06"]);
}

#[test]
fn a_report_due_on_the_months_last_day_is_not_forgotten() {
    let found = judged(BY_PERIOD, "every = \"month\"\ndue = \"end\"", &[OTHER], "2026-10", "2026-10-31");
    assert_eq!(found, [("月报/2026-10".to_owned(), Breached)]);
}

#[test]
fn a_weekday_time_is_kept_to_the_minute() {
    // 2026-10-09 is a Friday
    let version = "every = \"week\"\ndue = \"周五 10:00\"";
    let rows: &[Row] = &[
        &[("报表", "月报"), ("期间", "2026-10-05"), ("提交", "2026-10-09 10:00")],
        &[("报表", "月报"), ("期间", "2026-W42"), ("提交", "2026-10-16 10:30")],
    ];
    let world = World::new(&[LEDGER], &duty(BY_PERIOD, version)).rows("台账", rows);
    let found = world.all("d", "2026-10", "2026-10-21");
    let outcomes: Vec<(&str, Outcome)> = found.iter().map(|found| (found.subject.as_str(), found.outcome)).collect();
    let wanted = [
        ("月报/2026-W40", Breached),
        ("月报/2026-W41", Met),
        ("月报/2026-W42", Breached),
        ("月报/2026-W43", Pending),
        ("月报/2026-W44", Pending),
    ];
    assert_eq!(outcomes, wanted);
    assert_eq!(text(found[2].overrun), "0.5h");
    assert_eq!(found[2].due.map(|due| due.to_string()).as_deref(), Some("2026-10-16T10:00"));
}

#[test]
fn a_due_day_off_rolls_on_only_where_the_rule_says_so() {
    // 2026-05-10 is a Sunday and off; the Monday after it is worked
    let rows: &[Row] = &[&[("报表", "月报"), ("期间", "2026-04"), ("提交", "2026-05-11 09:00")]];
    assert_eq!(judged(BY_PERIOD, BY_THE_TENTH, rows, "2026-05", "2026-05-31")[0].1, Breached);
    assert_eq!(judged(BY_PERIOD, &format!("{BY_THE_TENTH}\nroll = true"), rows, "2026-05", "2026-05-31")[0].1, Met);
}

#[test]
fn a_due_day_that_rolls_into_the_next_month_is_judged_there() {
    // 2026-05-31 is a Sunday
    let version = "every = \"month\"\ndue = \"end\"\nroll = true";
    assert_eq!(judged(BY_PERIOD, version, &[OTHER], "2026-05", "2026-05-31"), []);
    let june = judged(BY_PERIOD, version, &[OTHER], "2026-06", "2026-06-30");
    assert_eq!(june, [("月报/2026-05".to_owned(), Breached), ("月报/2026-06".to_owned(), Breached)]);
}

#[test]
fn a_year_without_calendar_data_leaves_a_rolling_day_open() {
    let version = format!("{BY_THE_TENTH}\nroll = true");
    let world = World::new(&[LEDGER], &duty(BY_PERIOD, &version)).rows("台账", &[OTHER]);
    let found = world.only("d", "2031-05", "2031-05-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：日历没有 2031 年数据"));
}

#[test]
fn every_working_day_owes_one_and_a_day_off_owes_none() {
    // National Day 2026: the 1st to the 7th off, Saturday the 10th worked
    let rows: &[Row] = &[&[("报表", "月报"), ("提交", "2026-10-09 17:59")]];
    let found = judged("", "every = \"workday\"\ndue = \"18:00\"", rows, "2026-10", "2026-10-11");
    let past: Vec<_> =
        found.iter().filter(|(_, outcome)| *outcome != Pending).map(|(subject, outcome)| (subject.as_str(), *outcome)).collect();
    assert_eq!(past, [("月报/2026-10-08", Breached), ("月报/2026-10-09", Met), ("月报/2026-10-10", Breached)]);
}

#[test]
fn without_a_period_the_time_of_handing_in_tells_it() {
    let rows: &[Row] = &[&[("报表", "月报"), ("提交", "2026-10-09 09:00")]];
    let found = judged("", BY_THE_TENTH, rows, "2026-Q4", "2026-11-30");
    assert_eq!(found[..2], [("月报/2026-09".to_owned(), Met), ("月报/2026-10".to_owned(), Breached)]);
}

#[test]
fn each_recipient_is_owed_one() {
    let version = format!("{BY_THE_TENTH}\neach = {{ field = \"收件\", values = [\"营销部\", \"生产部\", \"采购部\"] }}");
    let rows: &[Row] = &[
        &[("报表", "月报"), ("期间", "2026-09"), ("提交", "2026-10-09 09:00"), ("收件", "营销部、生产部二科")],
        &[("报表", "月报"), ("期间", "2026-09"), ("提交", "2026-10-11 09:00"), ("收件", "采购部")],
    ];
    let found = judged(BY_PERIOD, &version, rows, "2026-10", "2026-10-31");
    let wanted = [("月报/2026-09/营销部", Met), ("月报/2026-09/生产部", Breached), ("月报/2026-09/采购部", Breached)];
    assert_eq!(found, wanted.map(|(subject, outcome)| (subject.to_owned(), outcome)));
}

#[test]
fn a_period_is_judged_by_the_version_in_force_when_it_began() {
    let rules = duty(BY_PERIOD, BY_THE_TENTH)
        + "[[duty.version]]\nfrom = 2026-10-01\ncite = \"s 九条之一\"\nevery = \"month\"\nafter = 1\ndue = \"day 5\"\n";
    let row = |period: &'static str, done: &'static str| [("报表", "月报"), ("期间", period), ("提交", done)];
    let world = World::new(&[LEDGER], &rules);
    let world = world.rows("台账", &[&row("2026-09", "2026-10-10 09:00"), &row("2026-10", "2026-11-06 09:00")]);
    let wanted = [("月报/2026-09", Met), ("月报/2026-10", Breached)].map(|(subject, outcome)| (subject.to_owned(), outcome));
    assert_eq!(world.outcomes("d", "2026-10..2026-11", "2026-11-30"), wanted);
    // before the first version nobody owed anything
    assert_eq!(world.outcomes("d", "2019-12..2020-02", "2020-02-29"), [("月报/2020-01".to_owned(), Breached)]);
}

#[test]
fn what_is_missing_and_what_is_late_go_to_the_owner_on_their_own_forms() {
    let keys = "period = \"期间\"\nunit = \"部门\"\nowner = \"总经理室\"\nnotice = { open = \"催办单\", late = \"洽办单\" }";
    let notice = |id: &str, form: &str| {
        format!(
            "[[notice]]\nid = \"{id}\"\ntitle = \"{form}\"\nform = \"{form}\"\nprefix = \"{id}\"\nbody = \"请办。\"\nfrom = 2020-01-01\ncite = \"s 十四条\"\n"
        )
    };
    let rules = duty(keys, BY_THE_TENTH) + &notice("CB", "催办单") + &notice("QB", "洽办单");
    let world = World::new(&[LEDGER], &rules);
    let world = world.rows("台账", &[&[("报表", "月报"), ("期间", "2026-08"), ("部门", "生管组"), ("提交", "2026-09-11 09:00")]]);
    let findings = world.judge("d", "2026-09..2026-10", "2026-10-31").findings();
    let forms = notices(&world.rules, &findings.into_iter().map(std::sync::Arc::new).collect::<Vec<_>>(), &[], "2026-10".parse().unwrap());
    let forms: Vec<(&str, &str)> = forms.iter().map(|form| (form.form.as_str(), form.recipient.as_str())).collect();
    assert_eq!(forms, [("催办单", "总经理室"), ("洽办单", "生管组")]);
}

#[test]
fn a_report_can_be_asked_about_by_its_name() {
    let verdicts = monthly(&[OTHER]).judge("d", "2026-10", "2026-10-31");
    let about = |subject: &str| verdicts.about(subject).len();
    assert_eq!((about("月报"), about("月报/2026-09"), about("月"), about("周报")), (1, 1, 0, 0));
}

#[test]
fn a_duty_reads_as_chinese() {
    let version = format!("{BY_THE_TENTH}\neach = {{ field = \"收件\", values = [\"营销部\", \"生产部\"] }}");
    let world = World::new(&[LEDGER], &duty(BY_PERIOD, &version));
    let (pack, rule) = world.rule("d");
    insta::assert_snapshot!(sentence(&world.rules, pack, rule), @r"
    月报（p/d，定期应做）
    依据：办法 九条
    「台账」中报表为月报的每一行算「月报」的一次提交，按「期间」归期，时间看「提交」。
    2020-01-01 起（办法 九条）：每月，不晚于下一月第 10 天，收件 营销部、生产部 各一份，末日逢休不顺延。
    到期不交、迟交为违规（较重）。
    ");
}

#[test]
fn every_run_of_holidays_owes_one_before_it_begins() {
    let version = "every = \"holiday-block\"\ndue = \"before\"";
    let roster = |period: &str, done: &str| {
        let row: Row = &[("报表", "月报"), ("期间", period), ("提交", done)];
        World::new(&[LEDGER], &duty(BY_PERIOD, version)).rows("台账", &[row])
    };
    // the notice for 2026: 25 to 27 September, 1 to 7 October
    let met = roster("2026-10-03", "2026-09-30 20:00").all("d", "2026-09", "2026-09-30");
    let said: Vec<_> = met.iter().map(|f| (f.subject.as_str(), f.outcome)).collect();
    assert_eq!(said, [("月报/2026-09-25", Breached), ("月报/2026-10-01", Met)]);
    assert_eq!(met[0].due.map(|due| due.to_string()).as_deref(), Some("2026-09-24"));
    let late = roster("2026年10月1日", "2026-10-01 08:00").all("d", "2026-09", "2026-09-30");
    assert_eq!(late[1].outcome, Breached, "it is not seen by the end of September");
    assert_eq!(roster("2026-10-01", "2026-09-30").outcomes("d", "2026-10", "2026-10-31"), [], "October has no holiday to come");
}

#[test]
fn every_day_of_a_holiday_owes_one_and_other_days_owe_none() {
    let rows: &[Row] = &[&[("报表", "月报"), ("提交", "2026-10-02 09:00")], &[("报表", "月报"), ("提交", "2026-10-09 09:00")]];
    let world = World::new(&[LEDGER], &duty("", "every = \"holiday\"\ndue = \"18:00\"")).rows("台账", rows);
    let found = world.outcomes("d", "2026-10", "2026-10-31");
    let wanted = (1..=7).map(|day| (format!("月报/2026-10-0{day}"), if day == 2 { Met } else { Breached }));
    assert_eq!(found, wanted.collect::<Vec<_>>());
}

#[test]
fn holidays_of_a_year_without_calendar_data_are_told_once() {
    let world = World::new(&[LEDGER], &duty("", "every = \"holiday\"\ndue = \"18:00\"")).rows("台账", &[OTHER]);
    let found = world.only("d", "2031-10", "2031-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：日历没有 2031 年数据"));
}

#[test]
fn holidays_have_no_next_one_and_a_run_of_them_needs_its_period() {
    let after = duty(BY_PERIOD, "every = \"holiday\"\nafter = 1\ndue = \"18:00\"");
    assert!(refusals(&[LEDGER], &after).contains("没有「下一期」"));
    let nameless = duty("", "every = \"holiday-block\"\ndue = \"before\"");
    assert!(refusals(&[LEDGER], &nameless).contains("holiday-block 要有写明是哪段假期的字段"));
}

#[test]
fn a_period_that_nobody_has_said_keeps_the_duty_silent() {
    let open = duty("status = \"missing-param\"\nmissing = [\"周期\"]", "every = \"?周期\"\ndue = \"end\"");
    assert_eq!(World::new(&[LEDGER], &open).rows("台账", &[OTHER]).outcomes("d", "2026-10", "2026-10-31"), []);
}
