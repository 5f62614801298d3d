//! Adding and subtracting working days, against counting on the fingers.

use chrono::NaiveDate;

use super::{date, oracle, public};

/// Covered days in order with whether they are worked.
fn walk() -> Vec<(NaiveDate, bool)> {
    oracle().into_iter().collect()
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_nth_working_day_is_found_as_by_walking() {
    let (calendar, days) = (public(), walk());
    for (start, &(day, _)) in days.iter().enumerate() {
        assert_eq!(calendar.add_working_days(day, 0), Some(day));
        let mut following = days[start + 1..].iter().filter(|(_, working)| *working);
        for count in 1..=25 {
            let expected = following.next().map(|&(day, _)| day);
            assert_eq!(calendar.add_working_days(day, count), expected, "{count} working days after {day}");
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_difference_gives_back_what_was_added_and_no_earlier_day_does() {
    let calendar = public();
    for (day, _) in walk() {
        for count in [1_u32, 2, 3, 5, 10, 21, 250, 1000] {
            let Some(due) = calendar.add_working_days(day, count) else { continue };
            let eve = due.pred_opt().unwrap();
            assert_eq!(calendar.working_days_between(day, due), Some(i64::from(count)), "{day} + {count}");
            assert_eq!(calendar.working_days_between(day, eve), Some(i64::from(count) - 1), "{day} + {count}");
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_difference_is_what_walking_counts_and_turns_its_sign() {
    let (calendar, days) = (public(), walk());
    for (start, &(from, _)) in days.iter().enumerate() {
        let mut count = 0;
        for (offset, &(to, working)) in days[start..].iter().take(40).enumerate() {
            if offset > 0 {
                count += i64::from(working);
            }
            assert_eq!(calendar.working_days_between(from, to), Some(count), "{from} to {to}");
            assert_eq!(calendar.working_days_between(to, from), Some(-count), "{to} to {from}");
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_later_start_is_never_due_earlier() {
    let (calendar, days) = (public(), walk());
    for pair in days.windows(2) {
        for count in [1, 3, 15] {
            let (Some(first), Some(second)) = (calendar.add_working_days(pair[0].0, count), calendar.add_working_days(pair[1].0, count))
            else {
                continue;
            };
            assert!(first <= second, "{} + {count}", pair[0].0);
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_day_off_rolls_to_the_first_working_day_and_a_working_day_stays() {
    let (calendar, days) = (public(), walk());
    for (start, &(day, _)) in days.iter().enumerate() {
        let expected = days[start..].iter().find(|(_, working)| *working).map(|&(day, _)| day);
        assert_eq!(calendar.roll_forward(day), expected, "{day}");
    }
}

#[test]
fn a_number_of_days_beyond_all_data_has_no_answer() {
    let calendar = public();
    assert_eq!(calendar.add_working_days(date("2026-01-05"), 100_000), None);
    assert_eq!(calendar.add_working_days(date("2026-01-05"), u32::MAX), None);
}
