//! What a rule says about a subject, in plain values.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::{Charge, Shared};
use crate::rules::{Quantity, Severity};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Met,
    Breached,
    /// Still open and not yet due.
    Pending,
    NotApplicable,
    /// A value is missing or the calendar does not reach; never quietly met.
    Indeterminate,
}

impl Outcome {
    pub const ALL: [Outcome; 5] = [Outcome::Met, Outcome::Breached, Outcome::Pending, Outcome::NotApplicable, Outcome::Indeterminate];

    pub fn name(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::Breached => "breached",
            Outcome::Pending => "pending",
            Outcome::NotApplicable => "not_applicable",
            Outcome::Indeterminate => "indeterminate",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Outcome::Met => "合规",
            Outcome::Breached => "违规",
            Outcome::Pending => "未到期",
            Outcome::NotApplicable => "不适用",
            Outcome::Indeterminate => "无法判定",
        }
    }
}

/// A date, with a time where the file had one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    Date(NaiveDate),
    Datetime(NaiveDateTime),
}

impl Moment {
    pub fn date(self) -> NaiveDate {
        match self {
            Moment::Date(date) => date,
            Moment::Datetime(datetime) => datetime.date(),
        }
    }

    /// In a sentence: `2026-10-05 09:00`; at midnight nobody was, the day alone was written.
    pub fn words(self) -> String {
        match self {
            Moment::Datetime(at) if at.time() != NaiveTime::MIN => self.to_string().replace('T', " "),
            _ => self.date().to_string(),
        }
    }

    /// As the end of a limit, where midnight closes the day before: `2026-10-04 24:00`.
    pub fn end_words(self) -> String {
        match self {
            Moment::Datetime(at) if at.time() == NaiveTime::MIN => {
                at.date().pred_opt().map_or_else(|| self.words(), |day| format!("{day} 24:00"))
            }
            _ => self.words(),
        }
    }
}

impl fmt::Display for Moment {
    /// ISO 8601; seconds only where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            Moment::Datetime(at) if at.second() == 0 => write!(f, "{}", at.format("%Y-%m-%dT%H:%M")),
            Moment::Datetime(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S")),
        }
    }
}

/// The cell's row in the operator's own workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Place {
    pub file: Shared,
    pub sheet: Shared,
    /// As Excel shows it; 0 where the finding has no single row.
    pub row: u32,
}

/// What was held against each other; `None` where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// Two figures that must agree, and the left one less the right one.
    Pair { left: Option<Decimal>, right: Option<Decimal>, difference: Option<Decimal> },
    /// A ratio; its rate is a fraction with six digits, half up, and there is none by zero.
    Share { numerator: Option<Decimal>, denominator: Option<Decimal>, rate: Option<Decimal> },
    /// How often it was done for sure, and how often it had to be.
    Times { done: usize, least: Option<u32>, most: Option<u32> },
}

/// One verdict with all that explains it: a row of `findings.csv` or `verdicts.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub pack: Shared,
    pub rule: Shared,
    /// The version's first day.
    pub version: Option<NaiveDate>,
    /// `客诉管理办法 十条（一）`
    pub clause: Shared,
    pub kind: &'static str,
    pub outcome: Outcome,
    pub severity: Severity,
    pub subject: String,
    pub unit: Shared,
    pub person: Shared,
    pub start: Option<Moment>,
    pub due: Option<Moment>,
    pub stop: Option<Moment>,
    pub limit: Option<Quantity>,
    pub elapsed: Option<Quantity>,
    pub overrun: Option<Quantity>,
    /// Yuan.
    pub amount: Option<Decimal>,
    pub points: Option<Decimal>,
    /// Of penalties.
    pub charge: Option<Box<Charge>>,
    /// Of the kinds that hold two figures against each other.
    pub figures: Option<Box<Figures>>,
    pub place: Place,
    pub message: String,
    /// `重号`: the kind of breach in a word, where a rule knows several.
    pub fault: String,
    /// A suspicion to look into, not a breach that is proved: reported, never charged.
    pub suspected: bool,
}

impl Finding {
    /// Of a rule, and nothing said of it yet.
    pub fn bare(rule: &str, kind: &'static str, outcome: Outcome, severity: Severity) -> Self {
        Self {
            pack: Shared::default(),
            rule: rule.into(),
            version: None,
            clause: Shared::default(),
            kind,
            outcome,
            severity,
            subject: String::new(),
            unit: Shared::default(),
            person: Shared::default(),
            start: None,
            due: None,
            stop: None,
            limit: None,
            elapsed: None,
            overrun: None,
            amount: None,
            points: None,
            charge: None,
            figures: None,
            place: Place::default(),
            message: String::new(),
            fault: String::new(),
            suspected: false,
        }
    }
}

/// Verdicts that become plain findings only while they are read: a quarter of a million of them need not exist at once.
pub trait Findings: fmt::Debug + Send + Sync {
    /// Those with this outcome, in their order.
    fn each(&self, outcome: Outcome, suspected: bool, visit: &mut dyn FnMut(&Finding));

    fn count(&self, outcome: Outcome, suspected: bool) -> usize;

    /// Of all that are not only suspected, each clause once.
    fn clauses(&self) -> BTreeSet<String>;
}

impl Findings for Vec<Finding> {
    fn each(&self, outcome: Outcome, suspected: bool, visit: &mut dyn FnMut(&Finding)) {
        self.iter().filter(|finding| finding.outcome == outcome && finding.suspected == suspected).for_each(visit);
    }

    fn count(&self, outcome: Outcome, suspected: bool) -> usize {
        self.iter().filter(|finding| finding.outcome == outcome && finding.suspected == suspected).count()
    }

    fn clauses(&self) -> BTreeSet<String> {
        self.iter().filter(|finding| !finding.suspected).map(|finding| finding.clause.to_string()).collect()
    }
}
