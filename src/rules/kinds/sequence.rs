//! Numbering: format, repeats, gaps, month, overflow.

use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Sequence {
    pub dataset: String,
    pub scope: Condition,
    /// The field with the number.
    pub number: String,
    /// The date whose year and month the number carries; it also places the subject in a month.
    pub month_from: String,
    pub unit: Option<String>,
    pub person: Option<String>,
    pub templates: Dated<Numbering>,
}

/// `{yy}{mm}{seq:02}`, counted anew each month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    pub tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Text(String),
    /// Four digits of the year.
    Year4,
    /// Last two digits of the year.
    Year2,
    Month2,
    /// The running number from 1, at least so many digits; a larger number grows a digit.
    Sequence(usize),
}
