//! Figures of some subjects, by which months are compared.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rust_decimal::Decimal;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    pub count: u64,
    pub on_time: u64,
    pub late: u64,
    pub loss: Decimal,
    /// Subjects whose days are known, the sum and the most of their days; of shares, those whose amount is known.
    pub timed: u64,
    pub days: Decimal,
    pub longest: Decimal,
}

impl Tally {
    pub fn include(&mut self, other: &Tally) {
        self.longest = if self.timed == 0 { other.longest } else { self.longest.max(other.longest) };
        self.count += other.count;
        self.on_time += other.on_time;
        self.late += other.late;
        self.loss += other.loss;
        self.timed += other.timed;
        self.days += other.days;
    }

    pub fn mean_days(&self) -> Option<Decimal> {
        (self.timed > 0).then(|| self.days / Decimal::from(self.timed))
    }
}

/// The totals that the statistics of a run came to, noted while their books are written side by side.
#[derive(Debug, Default)]
pub struct Tallied(Mutex<BTreeMap<String, Tally>>);

impl Tallied {
    /// `rule`: `pack/rule`
    pub fn note(&self, rule: String, tally: Tally) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(rule, tally);
    }

    /// All of them, by rule.
    pub fn all(&self) -> Vec<(String, Tally)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().into_iter().collect()
    }
}
