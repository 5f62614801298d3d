//! Working time, against counting minutes one by one.

use std::sync::LazyLock;

use chrono::{Duration, NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{date, moment, oracle, public, sound};
use kesu::calendar::Calendar;

/// Minutes of a day in every position to the shifts 08:30-12:00 and 13:30-17:30: before, at the ends, inside, at lunch, after.
const MINUTES: [i64; 15] = [0, 300, 509, 510, 511, 600, 719, 720, 721, 809, 810, 811, 1049, 1050, 1439];

static PUBLIC: LazyLock<Calendar> = LazyLock::new(public);

/// Working minutes passed at every minute of the covered years, and the earliest minute at which so many had passed.
struct Minutes {
    passed: Vec<u32>,
    earliest: Vec<usize>,
}

static BY_MINUTE: LazyLock<Minutes> = LazyLock::new(|| {
    let (mut passed, mut earliest, mut count) = (Vec::new(), vec![0], 0);
    for (_, working) in oracle() {
        for minute in 0..1440 {
            passed.push(count);
            let at_work = (510..720).contains(&minute) || (810..1050).contains(&minute);
            if working && at_work {
                count += 1;
                earliest.push(passed.len());
            }
        }
    }
    Minutes { passed, earliest }
});

fn first_day() -> NaiveDate {
    date("2011-01-01")
}

fn at(minute: usize) -> NaiveDateTime {
    first_day().and_hms_opt(0, 0, 0).unwrap() + Duration::minutes(minute as i64)
}

#[test]
fn the_shifts_shipped_are_those_that_these_tests_count_by() {
    assert_eq!(PUBLIC.shifts(), [(510 * 60, 720 * 60), (810 * 60, 1050 * 60)]);
    assert_eq!(PUBLIC.seconds_per_day(), 450 * 60);
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn working_time_from_any_minute_class_of_any_day_is_what_the_minutes_sum_to() {
    let minutes = &*BY_MINUTE;
    let last = minutes.passed.len() - 1;
    for day in 0..minutes.passed.len() / 1440 {
        for (class, minute) in MINUTES.into_iter().enumerate() {
            let start = day * 1440 + minute as usize;
            let stop = (start + 137 * (class + 1) * (class + 1)).min(last);
            let expected = 60 * (i64::from(minutes.passed[stop]) - i64::from(minutes.passed[start]));
            assert_eq!(PUBLIC.working_seconds_between(at(start), at(stop)), Some(expected), "{} to {}", at(start), at(stop));
            assert_eq!(PUBLIC.working_seconds_between(at(stop), at(start)), Some(-expected), "{} to {}", at(stop), at(start));
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_deadline_from_any_minute_class_of_any_day_is_the_first_minute_that_sums_to_it() {
    let minutes = &*BY_MINUTE;
    // one minute, to lunch, an hour, to the evening, one day and a minute more, five days
    let limits = [1, 60, 210, 450, 451, 2250];
    for day in 0..minutes.passed.len() / 1440 {
        for minute in MINUTES {
            let start = day * 1440 + minute as usize;
            for limit in limits {
                let expected = minutes.earliest.get(minutes.passed[start] as usize + limit).map(|&minute| at(minute));
                let due = PUBLIC.add_working_seconds(at(start), limit as i64 * 60);
                assert_eq!(due, expected, "{} + {limit} min", at(start));
            }
        }
    }
}

#[test]
fn a_deadline_may_fall_on_the_end_of_a_shift_but_not_on_the_start_of_the_next() {
    // 2026-10-10 is a Saturday worked for the National Day holiday of 1 to 7 October
    let cases = [
        ("2026-10-12 08:30", 210, "2026-10-12 12:00"),
        ("2026-10-12 08:30", 211, "2026-10-12 13:31"),
        ("2026-10-12 12:30", 1, "2026-10-12 13:31"),
        ("2026-10-12 06:00", 450, "2026-10-12 17:30"),
        ("2026-09-30 17:00", 30, "2026-09-30 17:30"),
        ("2026-09-30 17:00", 31, "2026-10-08 08:31"),
        ("2026-10-03 09:00", 60, "2026-10-08 09:30"),
        ("2026-10-09 17:30", 60, "2026-10-10 09:30"),
    ];
    for (start, limit, due) in cases {
        assert_eq!(PUBLIC.add_working_seconds(moment(start), limit * 60), Some(moment(due)), "{start} + {limit} min");
    }
}

#[test]
fn going_back_gives_the_latest_moment() {
    let cases = [
        ("2026-10-12 13:31", -1, "2026-10-12 13:30"),
        ("2026-10-12 13:31", -2, "2026-10-12 11:59"),
        ("2026-10-08 08:30", -30, "2026-09-30 17:00"),
    ];
    for (start, back, expected) in cases {
        assert_eq!(PUBLIC.add_working_seconds(moment(start), back * 60), Some(moment(expected)), "{start} {back} min");
    }
}

#[test]
fn a_night_shift_is_two_stretches_and_its_day_may_end_at_midnight() {
    let calendar = sound(
        r#"
calendar = { id = "x", title = "夜班" }
hours = { shifts = ["00:00-04:00", "20:00-24:00"] }
[[year]]
year = 2026
source = [{ title = "通知", url = "http://example.org/2026" }]
"#,
    );
    // Monday to Tuesday
    assert_eq!(calendar.seconds_per_day(), 8 * 3600);
    assert_eq!(calendar.add_working_seconds(moment("2026-11-09 22:00"), 2 * 3600), Some(moment("2026-11-10 00:00")));
    assert_eq!(calendar.add_working_seconds(moment("2026-11-09 22:00"), 3 * 3600), Some(moment("2026-11-10 01:00")));
    assert_eq!(calendar.working_seconds_between(moment("2026-11-09 22:00"), moment("2026-11-10 21:00")), Some(7 * 3600));
}

prop_compose! {
    /// Any second of the covered years.
    fn any_moment()(seconds in 0..5844_i64 * 86_400) -> NaiveDateTime {
        first_day().and_hms_opt(0, 0, 0).unwrap() + Duration::seconds(seconds)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn elapsed_working_time_gives_back_the_limit_and_a_second_earlier_does_not(start in any_moment(), limit in 1..400_000_i64) {
        if let Some(due) = PUBLIC.add_working_seconds(start, limit) {
            prop_assert_eq!(PUBLIC.working_seconds_between(start, due), Some(limit));
            prop_assert_eq!(PUBLIC.working_seconds_between(start, due - Duration::seconds(1)), Some(limit - 1));
        } else {
            prop_assert!(start > moment("2026-12-01 00:00"), "{start} + {limit} s lies within the covered years");
        }
    }

    #[test]
    fn going_back_is_the_inverse_too(start in any_moment(), limit in 1..400_000_i64) {
        if let Some(before) = PUBLIC.add_working_seconds(start, -limit) {
            prop_assert_eq!(PUBLIC.working_seconds_between(before, start), Some(limit));
            prop_assert_eq!(PUBLIC.working_seconds_between(before + Duration::seconds(1), start), Some(limit - 1));
        } else {
            prop_assert!(start < moment("2011-02-01 00:00"), "{start} - {limit} s lies within the covered years");
        }
    }

    #[test]
    fn later_starts_and_longer_limits_are_never_due_earlier(
        start in any_moment(), delay in 0..300_000_i64, limit in 0..300_000_i64, more in 0..50_000_i64,
    ) {
        let due = PUBLIC.add_working_seconds(start, limit);
        let later_start = PUBLIC.add_working_seconds(start + Duration::seconds(delay), limit);
        let longer = PUBLIC.add_working_seconds(start, limit + more);
        prop_assert!(later_start.is_none_or(|later| due.is_some_and(|due| due <= later)));
        prop_assert!(longer.is_none_or(|longer| due.is_some_and(|due| due <= longer)));
    }

    #[test]
    fn working_time_adds_up_over_a_moment_between(a in any_moment(), b in any_moment(), c in any_moment()) {
        let between = |from, to| PUBLIC.working_seconds_between(from, to).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }
}
