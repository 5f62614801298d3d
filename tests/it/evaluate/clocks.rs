//! Hours, half days, working days and working hours.

use chrono::{Days, NaiveDate};
use kesu::calendar::Calendar;
use kesu::ledger::Finding;
use kesu::ledger::Outcome::{Breached, Met, Pending};
use proptest::prelude::*;

use super::world::{World, day, text};

const ROUTE: &str = r#"
[dataset]
name = "流转"
key = ["编号"]
[[field]]
name = "编号"
type = "text"
[[field]]
name = "收文"
type = "datetime"
[[field]]
name = "送出"
type = "datetime"
"#;

fn world(limit: &str, start: &str, stop: &str) -> World {
    let rules = format!(
        "[[deadline]]\nid = \"d\"\ntitle = \"时限\"\ndataset = \"流转\"\nstart = \"收文\"\nstop = \"送出\"\n\
         [[deadline.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{{ limit = \"{limit}\" }}]\n"
    );
    World::new(&[ROUTE], &rules).rows("流转", &[&[("编号", "1"), ("收文", start), ("送出", stop)]])
}

fn timed(limit: &str, start: &str, stop: &str) -> Finding {
    world(limit, start, stop).only("d", "2026", "2026-12-31")
}

#[test]
fn half_a_day_is_twelve_hours_where_both_ends_have_a_time() {
    let met = timed("0.5d", "2026-10-12 09:00", "2026-10-12 21:00");
    assert_eq!((met.outcome, text(met.elapsed), met.due.unwrap().to_string()), (Met, "0.5d".into(), "2026-10-12T21:00".into()));
    let late = timed("0.5d", "2026-10-12 09:00", "2026-10-12 21:01");
    assert_eq!((late.outcome, text(late.overrun)), (Breached, "0.0007d".into()));
}

#[test]
fn whole_days_between_moments_are_differences_of_dates() {
    let met = timed("1d", "2026-10-12 09:00", "2026-10-13 23:00");
    assert_eq!((met.outcome, text(met.elapsed), met.due.unwrap().to_string()), (Met, "1d".into(), "2026-10-13".into()));
    assert_eq!(timed("1d", "2026-10-12 09:00", "2026-10-14 00:00").outcome, Breached);
}

#[test]
fn hours_run_through_the_night() {
    assert_eq!(timed("24h", "2026-10-12 09:00", "2026-10-13 09:00").outcome, Met);
    let late = timed("24h", "2026-10-12 09:00", "2026-10-13 09:30");
    assert_eq!((late.outcome, text(late.elapsed), text(late.overrun)), (Breached, "24.5h".into(), "0.5h".into()));
    assert_eq!(text(timed("30m", "2026-10-12 09:00", "2026-10-12 09:31").overrun), "1m");
}

#[test]
fn an_open_hour_clock_is_judged_at_the_very_moment() {
    let open = world("24h", "2026-10-12 09:00", "");
    assert_eq!(open.only("d", "2026-10", "2026-10-13 09:00").outcome, Pending);
    assert_eq!(open.only("d", "2026-10", "2026-10-13 09:01").outcome, Breached);
}

#[test]
fn working_days_leave_out_the_national_holiday() {
    // 2026: holiday 1 to 7 October, 10 October is worked
    let met = timed("3wd", "2026-09-30 10:00", "2026-10-10 10:00");
    assert_eq!((met.outcome, text(met.elapsed), met.due.unwrap().to_string()), (Met, "3wd".into(), "2026-10-10".into()));
    let late = timed("3wd", "2026-09-30 10:00", "2026-10-12 10:00");
    assert_eq!((late.outcome, text(late.overrun)), (Breached, "1wd".into()));
}

#[test]
fn finishing_on_a_day_off_after_the_due_day_takes_no_further_working_day() {
    // due on Friday the 16th, finished on Saturday
    let found = timed("1wd", "2026-10-15 10:00", "2026-10-17 10:00");
    assert_eq!((found.outcome, text(found.elapsed), found.due.unwrap().to_string()), (Met, "1wd".into(), "2026-10-16".into()));
}

fn calendar(world: &World) -> Calendar {
    world.calendars.get("cn-public").expect("the public calendar").clone()
}

/// By walking over the days.
fn walked_working_days(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> u32 {
    let mut count = 0;
    let mut at = from;
    while at < to {
        at = at.checked_add_days(Days::new(1)).unwrap();
        count += u32::from(calendar.is_working(at).unwrap());
    }
    count
}

/// By walking over the minutes of the shifts.
fn walked_working_minutes(calendar: &Calendar, from: chrono::NaiveDateTime, to: chrono::NaiveDateTime) -> i64 {
    let mut minutes = 0;
    let mut at = from;
    while at < to {
        let second = chrono::Timelike::num_seconds_from_midnight(&at);
        let inside = calendar.shifts().iter().any(|&(a, b)| a <= second && second < b);
        minutes += i64::from(inside && calendar.is_working(at.date()).unwrap());
        at += chrono::Duration::minutes(1);
    }
    minutes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn working_day_deadlines_agree_with_a_walk_over_days(offset in 0_u64..330, length in 0_u64..30, limit in 0_u32..15) {
        let start = day("2026-01-01").checked_add_days(Days::new(offset)).unwrap();
        let stop = start.checked_add_days(Days::new(length)).unwrap().min(day("2026-12-31"));
        let world = world(&format!("{limit}wd"), &format!("{start} 09:00"), &format!("{stop} 17:00"));
        let calendar = calendar(&world);
        let found = world.only("d", "2026", "2026-12-31");
        let elapsed = walked_working_days(&calendar, start, stop);
        prop_assert_eq!(text(found.elapsed), format!("{elapsed}wd"));
        prop_assert_eq!(found.outcome, if elapsed <= limit { Met } else { Breached });
        prop_assert_eq!(found.due.map(|due| due.date()), calendar.add_working_days(start, limit));
    }

    #[test]
    fn working_hour_deadlines_agree_with_a_walk_over_minutes(from in 0_i64..20_160, length in 0_i64..8_000, limit in 0_i64..40) {
        let base = day("2026-09-21").and_hms_opt(0, 0, 0).unwrap();
        let start = base + chrono::Duration::minutes(from);
        let stop = start + chrono::Duration::minutes(length);
        let show = |at: chrono::NaiveDateTime| at.format("%Y-%m-%d %H:%M").to_string();
        let world = world(&format!("{limit}wh"), &show(start), &show(stop));
        let calendar = calendar(&world);
        let found = world.only("d", "2026", "2026-12-31");
        let minutes = walked_working_minutes(&calendar, start, stop);
        let hours = (rust_decimal::Decimal::from(minutes) / rust_decimal::Decimal::from(60)).round_dp(4).normalize();
        prop_assert_eq!(found.elapsed.unwrap().amount, hours);
        prop_assert_eq!(found.outcome, if minutes <= limit * 60 { Met } else { Breached });
        let due = calendar.add_working_seconds(start, limit * 3600).unwrap();
        prop_assert_eq!(found.due, Some(kesu::ledger::Moment::Datetime(due)));
    }
}
