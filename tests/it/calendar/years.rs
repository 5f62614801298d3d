//! What the shipped calendar holds.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::{date, listed, load, oracle, public, sound};
use crate::support::shared;

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_day_is_worked_or_off_as_the_public_lists_say() {
    let calendar = public();
    for (day, working) in oracle() {
        assert_eq!(calendar.is_working(day), Some(working), "{day}");
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_listed_day_off_names_its_holiday() {
    let calendar = public();
    for listed in listed() {
        let why = calendar.why(listed.day).expect("covered");
        let weekend = listed.day.weekday().number_from_monday() > 5;
        match (listed.off, weekend) {
            (true, _) => assert_eq!(why, format!("{}放假", listed.name)),
            (false, true) => assert_eq!(why, format!("调休上班（{}）", listed.name)),
            // 2020-02-03, when work began again after the lengthened holiday
            (false, false) => assert_eq!(why, "周一"),
        }
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn an_ordinary_day_is_explained_by_its_weekday() {
    let calendar = public();
    let special: Vec<_> = listed().into_iter().map(|listed| listed.day).collect();
    for day in oracle().into_keys().filter(|day| !special.contains(day)) {
        let name = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][day.weekday().num_days_from_monday() as usize];
        assert_eq!(calendar.why(day).as_deref(), Some(name), "{day}");
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_month_has_as_many_working_days_as_the_list_of_months() {
    let calendar = public();
    let mut reader = csv::Reader::from_path(shared("data/calendar/workdays_per_month.csv")).unwrap();
    let mut months = 0;
    for row in reader.deserialize::<(String, i64)>() {
        let (month, expected) = row.unwrap();
        let first = date(&format!("{month}-01"));
        let last = first.checked_add_months(chrono::Months::new(1)).unwrap().pred_opt().unwrap();
        let on_first = i64::from(calendar.is_working(first).unwrap());
        assert_eq!(on_first + calendar.working_days_between(first, last).unwrap(), expected, "{month}");
        months += 1;
    }
    assert_eq!(months, 7 * 12);
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_year_rests_on_a_notice_with_its_address() {
    let calendar = public();
    let in_list: BTreeMap<i32, String> = listed().into_iter().filter_map(|l| Some((l.day.year(), l.notice?))).collect();
    let years: Vec<i32> = calendar.years().map(|(year, _)| year).collect();
    assert_eq!(years, (2011..=2026).collect::<Vec<_>>());
    for (year, notices) in calendar.years() {
        assert_eq!(notices[0].title, format!("国务院办公厅关于{year}年部分节假日安排的通知"));
        for notice in notices {
            assert!(notice.url.contains("://www.gov.cn/zhengce/"), "{}", notice.url);
        }
        if let Some(address) = in_list.get(&year) {
            assert_eq!(&notices[0].url, address);
        }
    }
}

#[test]
fn a_year_without_data_is_not_covered() {
    let calendar = public();
    for outside in ["2010-12-31", "2027-01-01", "1900-01-01", "9999-12-31"].map(date) {
        assert!(!calendar.covers(outside));
        assert_eq!(calendar.is_working(outside), None);
        assert_eq!(calendar.why(outside), None);
        assert_eq!(calendar.roll_forward(outside), None);
        assert_eq!(calendar.add_working_days(outside, 1), None);
        assert_eq!(calendar.working_days_between(outside, date("2020-01-01")), None);
        assert_eq!(calendar.working_days_between(date("2020-01-01"), outside), None);
        let midnight = outside.and_hms_opt(0, 0, 0).unwrap();
        assert_eq!(calendar.add_working_seconds(midnight, 60), None);
        assert_eq!(calendar.working_seconds_between(midnight, date("2020-01-01").and_hms_opt(0, 0, 0).unwrap()), None);
    }
    // 2026-12-31 is a Thursday, worked; the next working day is not known
    assert_eq!(calendar.add_working_days(date("2026-12-31"), 1), None);
}

const WITH_A_HOLE: &str = r#"
calendar = { id = "x", title = "有缺口" }
hours = { shifts = ["08:00-12:00"] }
[[year]]
year = 2013
source = [{ title = "通知", url = "http://example.org/2013" }]
[[year]]
year = 2011
source = [{ title = "通知", url = "http://example.org/2011" }]
"#;

#[test]
fn nothing_is_counted_through_a_hole() {
    let calendar = sound(WITH_A_HOLE);
    assert!(!calendar.covers(date("2012-06-01")));
    assert_eq!(calendar.is_working(date("2012-06-01")), None);
    assert!(!calendar.covers_span(date("2011-12-30"), date("2013-01-01")));
    assert!(!calendar.covers_span(date("2013-01-01"), date("2011-12-30")));
    assert!(calendar.covers_span(date("2011-12-31"), date("2011-01-01")));
    assert_eq!(calendar.working_days_between(date("2011-12-30"), date("2013-01-02")), None);
    // 2011-12-30 is a Friday
    assert_eq!(calendar.add_working_days(date("2011-12-29"), 1), Some(date("2011-12-30")));
    assert_eq!(calendar.add_working_days(date("2011-12-29"), 2), None);
    assert_eq!(calendar.roll_forward(date("2011-12-31")), None);
    let friday_noon = super::moment("2011-12-30 12:00");
    assert_eq!(calendar.add_working_seconds(super::moment("2011-12-30 11:00"), 3600), Some(friday_noon));
    assert_eq!(calendar.add_working_seconds(friday_noon, 1), None);
    assert_eq!(calendar.working_seconds_between(friday_noon, super::moment("2013-01-01 09:00")), None);
    // before the first working moment after the hole there is nothing to go back to
    assert_eq!(calendar.add_working_seconds(super::moment("2013-01-01 08:00"), -1), None);
    // 2013-01-01 is a Tuesday
    assert_eq!(calendar.add_working_days(date("2013-01-01"), 4), Some(date("2013-01-07")));
}

#[test]
fn the_tables_answer_like_the_calendar() {
    for calendar in [public(), sound(WITH_A_HOLE)] {
        let tables = calendar.tables();
        for (index, day) in tables.first_day.iter_days().take(tables.run.len()).enumerate() {
            assert_eq!(calendar.covers(day), tables.run[index] >= 0, "{day}");
            assert_eq!(calendar.is_working(day).unwrap_or(false), tables.working[index], "{day}");
            if tables.working[index] {
                assert_eq!(tables.day_of_ordinal[tables.ordinal[index] as usize], day.to_epoch_days(), "{day}");
            }
        }
        assert_eq!(tables.ordinal.len(), tables.run.len());
        assert_eq!(tables.working.len(), tables.run.len());
        assert_eq!(tables.day_of_ordinal.len() as i32 - 1, *tables.ordinal.last().unwrap());
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_companys_own_list_outweighs_everything_and_leaves_the_rest() {
    let calendar = public();
    let (holiday, workday) = (date("2026-10-01"), date("2026-10-13"));
    assert_eq!((calendar.is_working(holiday), calendar.is_working(workday)), (Some(false), Some(true)));
    let own = calendar.with_overrides(&[(holiday, false), (workday, false), (holiday, true)]);
    assert_eq!(own.is_working(holiday), Some(true));
    assert_eq!(own.why(holiday).as_deref(), Some("公司日历：上班"));
    assert_eq!(own.is_working(workday), Some(false));
    assert_eq!(own.why(workday).as_deref(), Some("公司日历：休息"));
    for (day, working) in oracle().into_iter().filter(|(day, _)| *day != holiday && *day != workday) {
        assert_eq!(own.is_working(day), Some(working), "{day}");
    }
    assert_eq!(own.add_working_days(date("2026-09-30"), 1), Some(holiday));
    assert_eq!(own.working_days_between(date("2026-10-12"), workday), Some(0));
    assert_eq!(calendar.is_working(holiday), Some(false), "the calendar that was asked stays as it was");
}

#[test]
fn a_year_that_the_company_lists_only_in_part_stays_uncovered() {
    let calendar = public();
    let mut days: Vec<_> = date("2027-01-01").iter_days().take_while(|d| d.year() == 2027).map(|d| (d, d.day() % 2 == 0)).collect();
    let last = days.pop().unwrap();
    assert!(!calendar.with_overrides(&days).covers(date("2027-01-01")));
    days.push(last);
    let whole = calendar.with_overrides(&days);
    assert_eq!(whole.is_working(date("2027-01-02")), Some(true));
    assert!(whole.covers_span(date("2026-12-31"), date("2027-12-31")));
    assert_eq!(whole.years().last().map(|(year, notices)| (year, notices.len())), Some((2027, 0)));
}

#[test]
fn closures_and_extra_working_days_are_counted_and_explained() {
    let text = r#"
[calendar]
id = "x"
title = "公司"
[hours]
shifts = ["08:00-12:00", "13:00-17:00"]
[[year]]
year = 2026
source = [{ title = "通知", url = "http://example.org/2026" }]
off = [{ name = "国庆节", days = ["2026-10-01..2026-10-07"] }]
work = [{ name = "国庆节", days = [2026-10-10] }]
[[closure]]
days = ["2026-08-03..2026-08-05", "2026-10-10"]
reason = "设备检修"
[[open]]
days = [2026-10-07, 2026-11-01]
reason = "赶货"
"#;
    let calendar = sound(text);
    let state = |day: &str| (calendar.is_working(date(day)).unwrap(), calendar.why(date(day)).unwrap());
    assert_eq!(state("2026-08-04"), (false, "公司厂休：设备检修".to_owned()));
    assert_eq!(state("2026-08-06"), (true, "周四".to_owned()));
    assert_eq!(state("2026-10-06"), (false, "国庆节放假".to_owned()));
    assert_eq!(state("2026-10-07"), (true, "公司上班：赶货".to_owned()));
    assert_eq!(state("2026-10-10"), (false, "公司厂休：设备检修".to_owned()));
    assert_eq!(state("2026-11-01"), (true, "公司上班：赶货".to_owned()));
    assert_eq!(calendar.seconds_per_day(), 8 * 3600);
}

#[test]
fn a_closure_in_a_year_without_data_is_pointed_out_and_the_rest_holds() {
    let text = format!("{WITH_A_HOLE}[[closure]]\ndays = [\"2013-12-30..2014-01-02\"]\nreason = \"年休\"\n");
    let (calendars, diags) = load(&text);
    assert_eq!(diags.len(), 1);
    assert_eq!((diags[0].code.name(), diags[0].severity), ("calendar-uncovered", kesu::diag::Severity::Warning));
    let calendar = calendars.get("x").unwrap();
    assert_eq!(calendar.is_working(date("2013-12-31")), Some(false));
    assert_eq!(calendar.is_working(date("2014-01-01")), None);
}
