//! Points and scores of people, as their books show them.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Place, Shared};

/// Two people of one name in two units are two people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Person {
    /// Empty where the rule has no units or the rows name none.
    pub unit: Shared,
    pub name: Shared,
}

/// One row or breach that was to give points.
#[derive(Debug, Clone, PartialEq)]
pub struct PointRecord {
    pub person: Person,
    /// `None`: the row has no day.
    pub day: Option<NaiveDate>,
    /// `二5 擅离职守`, or as written where the schedule does not have it.
    pub item: String,
    /// `None`: not known, and not counted.
    pub points: Option<Decimal>,
    /// What was written in the log.
    pub given: Option<Decimal>,
    /// What else is asked, or why there are no points.
    pub remark: String,
    /// Rule and subject of the breach that gave them; empty where a row did.
    pub cause: (String, String),
    pub place: Place,
}

/// The sum of a person over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct PointSum {
    pub person: Person,
    /// `2026-H2`, `2026-10`
    pub label: String,
    /// Of each month of [`PointWindow::months`].
    pub months: Vec<Decimal>,
    pub total: Decimal,
    /// Rows whose points are not known.
    pub unknown: usize,
    /// Rows that name no unit were counted in: they stand under another name in the log.
    pub adopted: bool,
    pub standing: Standing,
}

/// How a sum stands to the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    Below,
    /// The highest level of warning that was reached.
    Warned(Decimal),
    /// Since this day.
    Reached(NaiveDate),
    /// Not known, as some rows are not.
    Open,
}

/// Months whose points are added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointWindow {
    pub label: String,
    /// First days, up to the last month of the period.
    pub months: Vec<NaiveDate>,
    /// Months in which nobody has any record at all.
    pub empty: Vec<NaiveDate>,
}

/// All that one points rule says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointBook {
    /// Those of the windows and of the period, in order of rows.
    pub records: Vec<PointRecord>,
    /// Index of the version in force at the end; `None` before the first.
    pub version: Option<usize>,
    pub windows: Vec<(PointWindow, Vec<PointSum>)>,
}

/// One score: a row of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    pub person: Person,
    pub rater: Shared,
    /// 周检, 月考核; empty where there is one sort.
    pub class: Shared,
    /// `2026-10`; as written where it cannot be read.
    pub period: String,
    /// The last day of what it is about.
    pub day: Option<NaiveDate>,
    /// Index of the version.
    pub version: Option<usize>,
    /// Of each part of the card; `None`: missing or wrong.
    pub parts: Vec<Option<Decimal>>,
    /// Of each part, each item as written.
    pub items: Vec<Vec<Option<Decimal>>>,
    pub bonus: Option<Decimal>,
    pub other: Option<Decimal>,
    /// What was lost altogether.
    pub void: String,
    pub score: Option<Decimal>,
    /// Why there is no score.
    pub why: String,
    pub place: Place,
}

/// The mean of one block of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearBlock {
    pub name: String,
    pub weight: Decimal,
    /// Rounded; `None`: something is missing.
    pub mean: Option<Decimal>,
    pub missing: Vec<String>,
    /// The means of its pieces with the number of scores in each.
    pub pieces: Vec<(String, usize, Option<Decimal>)>,
}

/// A person's year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearScore {
    pub person: Person,
    pub year: i32,
    pub blocks: Vec<YearBlock>,
    /// Exact means, as fractions, for those who look how stable a rank is.
    pub exact: Option<Vec<crate::rules::Fraction>>,
    pub total: Option<Decimal>,
    pub awards: Vec<String>,
    /// Of the last row that counted.
    pub place: Place,
}

/// All that one scorecard rule says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScoreSheet {
    /// Of the period, in order of rows.
    pub scores: Vec<Score>,
    /// Those of the whole year too, where its total is due.
    pub of_year: Vec<Score>,
    pub years: Vec<YearScore>,
}
