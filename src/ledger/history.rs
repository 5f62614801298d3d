//! Earlier months, for those rules that count how often.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// What the ledger knows of closed months, and what the company's own books told it.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub times: Vec<Time>,
    /// Rule (`pack/rule`) and subject of what was rejected or revoked: it does not count, also where a table still has the row.
    pub lifted: BTreeSet<(String, String)>,
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

impl History {
    /// Of one rule.
    pub fn of<'h>(&'h self, rule: &'h str) -> impl Iterator<Item = &'h Time> {
        self.times.iter().filter(move |time| time.rule == rule)
    }

    pub fn is_lifted(&self, rule: &str, subject: &str) -> bool {
        self.lifted.contains(&(rule.to_owned(), subject.to_owned()))
    }
}
