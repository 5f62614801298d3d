//! The calendar against the public lists, and against loops that count days and minutes one by one.

mod days;
mod files;
mod hours;
mod years;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use kesu::calendar::{Calendar, Calendars};
use kesu::diag::Diag;

use crate::support::shared;

const LISTS: [&str; 2] = ["data/calendar/cn_offdays_makeup_2011_2019.csv", "data/calendar/cn_offdays_makeup_2020_2026.csv"];

/// The calendar that is shipped.
fn public() -> Calendar {
    let (calendars, diags, files) = Calendars::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/calendars"));
    assert!(diags.is_empty(), "{diags:?}");
    assert!(files.iter().any(|file| file.ends_with("cn-public.toml")));
    calendars.get("cn-public").expect("the shipped calendar").clone()
}

/// A calendar file of that text, read.
fn load(text: &str) -> (Calendars, Vec<Diag>) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("a.toml"), text).expect("written");
    let (calendars, diags, _) = Calendars::load(dir.path());
    (calendars, diags.into_iter().collect())
}

/// `text` must be a sound file with a calendar `x`.
fn sound(text: &str) -> Calendar {
    let (calendars, diags) = load(text);
    assert!(diags.is_empty(), "{diags:?}");
    calendars.get("x").expect("a calendar x").clone()
}

/// One line of a public list.
struct Listed {
    day: NaiveDate,
    off: bool,
    name: String,
    notice: Option<String>,
}

fn listed() -> Vec<Listed> {
    let mut all = Vec::new();
    for list in LISTS {
        let mut reader = csv::Reader::from_path(shared(list)).expect("a csv");
        for row in reader.deserialize::<BTreeMap<String, String>>() {
            let row = row.expect("a row");
            let off = match row["kind"].as_str() {
                "offday_weekday" | "offday_weekend" => true,
                "makeup_workday" => false,
                other => panic!("unknown kind {other}"),
            };
            let notice = row.get("year_notice").cloned();
            all.push(Listed { day: date(&row["date"]), off, name: row["name"].clone(), notice });
        }
    }
    assert!(all.len() > 400, "the lists are much shorter than they were");
    all
}

/// Every day of 2011 to 2026 and whether it is worked, from the lists alone.
fn oracle() -> BTreeMap<NaiveDate, bool> {
    let days = date("2011-01-01").iter_days().take_while(|day| day.year() <= 2026);
    let mut all: BTreeMap<NaiveDate, bool> = days.map(|day| (day, !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))).collect();
    for listed in listed() {
        all.insert(listed.day, !listed.off);
    }
    all
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a moment")
}
