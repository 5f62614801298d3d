//! Earlier months, for those rules that count how often or add up over months, and for the statistics that compare.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{Person, Tally};

/// What the ledger knows of closed months, and what the company's own books told it.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub times: Vec<Time>,
    /// Points that were given in closed months and still count.
    pub points: Vec<PointsGiven>,
    /// Scores of closed months.
    pub scores: Vec<ScoreGiven>,
    /// Totals of closed months, by statistic rule (`pack/rule`) and month.
    pub figures: BTreeMap<(String, YearMonth), Tally>,
    /// The closed months.
    pub months: BTreeSet<YearMonth>,
    /// What was rejected or revoked does not count, also where a table still has the row.
    lifted: BTreeMap<(String, String), BTreeSet<YearMonth>>,
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    pub year: i32,
    pub month: u32,
}

impl YearMonth {
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }
}

impl FromStr for YearMonth {
    type Err = ();

    /// `2026-10`
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        Ok(Self { year: year.parse().map_err(drop)?, month: month.parse().map_err(drop)? })
    }
}

/// Something that counts as a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// `pack/rule`
    pub rule: String,
    pub subject: String,
    pub day: NaiveDate,
    pub person: String,
    pub unit: String,
}

/// Points of one row or breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsGiven {
    /// `pack/rule`
    pub rule: String,
    pub person: Person,
    pub day: NaiveDate,
    pub item: String,
    /// `None`: they are not known.
    pub points: Option<Decimal>,
    /// Rule (`pack/rule`) and subject of the breach that gave them; empty where a row gave them.
    pub cause: (String, String),
}

/// One score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreGiven {
    /// `pack/rule`
    pub rule: String,
    pub person: Person,
    pub class: String,
    /// `2026-10`, as it was written.
    pub label: String,
    pub day: NaiveDate,
    pub score: Option<Decimal>,
}

impl History {
    /// Of one rule.
    pub fn of<'h>(&'h self, rule: &'h str) -> impl Iterator<Item = &'h Time> {
        self.times.iter().filter(move |time| time.rule == rule)
    }

    /// That a month's breach does not count.
    pub fn lift(&mut self, rule: String, subject: String, month: YearMonth) {
        self.lifted.entry((rule, subject)).or_default().insert(month);
    }

    /// In that month.
    pub fn is_lifted_in(&self, rule: &str, subject: &str, month: YearMonth) -> bool {
        self.lifted.get(&(rule.to_owned(), subject.to_owned())).is_some_and(|months| months.contains(&month))
    }

    /// In that month; a subject that is named by a key is the same whenever it is looked at, one that is named by its row is not.
    pub fn is_lifted(&self, rule: &str, subject: &str, month: Option<YearMonth>) -> bool {
        let is_row = subject.starts_with("第 ") && subject.ends_with(" 行");
        let lifted = self.lifted.get(&(rule.to_owned(), subject.to_owned()));
        lifted.is_some_and(|months| !is_row || month.is_some_and(|month| months.contains(&month)))
    }

    /// Anything of this rule.
    pub fn lifts(&self, rule: &str) -> bool {
        self.lifted.keys().any(|(lifted, _)| lifted == rule)
    }

    /// What a statistic said of a month.
    pub fn figure(&self, rule: &str, month: YearMonth) -> Option<&Tally> {
        self.figures.get(&(rule.to_owned(), month))
    }
}
