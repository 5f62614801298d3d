//! So many times per subject: in every period, after a trigger, or with no longer gap between.

mod age;
mod written;

use std::fmt;
use std::ops::Range;

pub use age::Age;
pub use written::WrittenFrequency;

use super::deadline::DeadlineNotices;
use crate::rules::{Condition, Dated, Every, Quantity};

#[derive(Debug, Clone)]
pub struct Frequency {
    /// Whose rows are the subjects, or hold their names.
    pub dataset: String,
    /// Which of the rows are subjects.
    pub scope: Condition,
    pub subjects: Subjects,
    /// A subject counts from this day, and ages from it.
    pub since: Option<String>,
    /// Empty: to this day.
    pub until: Option<String>,
    /// What windows that are no periods are counted from.
    pub trigger: Option<Trigger>,
    /// A period that the subject was only a part of is owed, too.
    pub owes_partial: bool,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// The unit that owes it where no row names one.
    pub owner: Option<String>,
    pub notices: DeadlineNotices,
    pub events: Events,
    pub asks: Dated<Vec<Ask>>,
}

impl Frequency {
    /// An ask by its number through all versions.
    pub fn ask(&self, index: usize) -> Option<&Ask> {
        self.asks.versions.iter().flat_map(|version| &version.body).nth(index)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subjects {
    /// Every row of the dataset.
    Rows,
    /// Every value of these fields together that the dataset has; of the one field these values, where there are some.
    By { fields: Vec<String>, values: Vec<String> },
    /// One thing, of this name.
    One(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    pub field: String,
    /// What is owed is owed before it.
    pub ahead: bool,
}

/// What counts as once.
#[derive(Debug, Clone)]
pub struct Events {
    pub dataset: String,
    pub source: EventSource,
    pub scope: Condition,
    /// Fields in which two rows are one and the same time.
    pub once: Vec<String>,
    /// How many times a row stands for; `None`: one.
    pub sum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventSource {
    /// Dates in the subject's own row.
    Own(Vec<String>),
    /// Rows with the date `at`, found by the subject's field and theirs; without such pairs all rows are about the one subject.
    Rows { on: Vec<(String, String)>, at: String },
}

/// One row of a version.
#[derive(Debug, Clone)]
pub struct Ask {
    pub when: Condition,
    pub age: Option<Age>,
    pub window: Window,
    pub least: Option<u32>,
    pub most: Option<u32>,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Window {
    Every {
        every: Every,
        /// Only these months; empty: all.
        months: Vec<u32>,
    },
    Within {
        within: Within,
        /// What comes sooner does not count.
        not_before: Option<Quantity>,
    },
    /// The longest time between one and the next.
    Gap(Quantity),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Within {
    Length(Quantity),
    /// To the end of the period that the trigger lies in, or of one so many later.
    End {
        every: Every,
        later: u32,
    },
}

impl Within {
    const ENDS: &'static [(&'static str, Every, u32, &'static str)] = &[
        ("month-end", Every::Month, 0, "当月底"),
        ("next-month-end", Every::Month, 1, "次月底"),
        ("quarter-end", Every::Quarter, 0, "当季末"),
        ("year-end", Every::Year, 0, "当年底"),
    ];
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Within::Length(length) => write!(f, "{}内", length.chinese()),
            Within::End { every, later } => {
                let known = Self::ENDS.iter().find(|(_, known, by, _)| known == every && by == later);
                f.write_str(known.map_or("", |(.., chinese)| chinese))
            }
        }
    }
}

impl Ask {
    /// `至少 1 次，至多 2 次`
    pub fn times(&self) -> String {
        let least = self.least.map(|least| format!("至少 {least} 次"));
        let most = self.most.map(|most| format!("至多 {most} 次"));
        least.into_iter().chain(most).collect::<Vec<_>>().join("、")
    }

    /// `1年以内：每月至少 1 次`, without the condition.
    pub fn chinese(&self, trigger: Option<&Trigger>) -> String {
        let age = self.age.as_ref().map(|age| format!("{age}：")).unwrap_or_default();
        let asked = match &self.window {
            Window::Every { every, months } => {
                let months: Vec<String> = months.iter().map(u32::to_string).collect();
                let months = if months.is_empty() { String::new() } else { format!("（{} 月）", months.join("、")) };
                format!("每{}{months}{}", every.title(), self.times())
            }
            Window::Within { within, not_before } => {
                let side = if trigger.is_some_and(|trigger| trigger.ahead) { "前" } else { "后" };
                let field = trigger.map_or("", |trigger| trigger.field.as_str());
                let not_before = not_before.map(|length| format!("（隔 {} 起算）", length.chinese())).unwrap_or_default();
                format!("「{field}」{side} {within}{not_before}{}", self.times())
            }
            Window::Gap(gap) => format!("相隔不超过 {}", gap.chinese()),
        };
        format!("{age}{asked}")
    }
}
