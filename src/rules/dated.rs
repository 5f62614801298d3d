//! Dated versions: every number has a date and a source.

use chrono::NaiveDate;

/// A document and a clause in it: `banfa 十条（一）`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cite {
    pub source: String,
    pub clause: String,
}

/// A body with the day from which it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<T> {
    pub from: NaiveDate,
    pub cite: Cite,
    pub body: T,
}

/// Versions by rising `from`, no two alike, at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated<T> {
    pub versions: Vec<Version<T>>,
}

impl<T> Dated<T> {
    /// The version in force on `day`; `None` before the first.
    pub fn on(&self, day: NaiveDate) -> Option<&Version<T>> {
        self.versions.iter().rev().find(|v| v.from <= day)
    }
}
