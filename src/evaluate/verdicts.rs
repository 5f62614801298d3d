//! Verdicts of one rule, kept as columns; plain [`Finding`]s are made only of those that somebody will read.

use polars::prelude::DataFrame;

use crate::ledger::{Finding, Outcome};

/// How many subjects had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([u64; 5]);

impl Counts {
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub fn add(&mut self, outcome: Outcome, count: u64) {
        self.0[outcome as usize] += count;
    }

    /// All subjects in scope.
    pub fn population(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Subjects with a yes or a no.
    pub fn tested(&self) -> u64 {
        self.of(Outcome::Met) + self.of(Outcome::Breached)
    }
}

/// One rule's verdicts.
#[derive(Debug, Clone, Default)]
pub struct Verdicts {
    frame: DataFrame,
}

impl Verdicts {
    pub fn counts(&self) -> Counts {
        todo!()
    }

    /// Breached and indeterminate ones, in order of the source rows.
    pub fn findings(&self) -> Vec<Finding> {
        todo!()
    }

    /// Every verdict, one after the other.
    pub fn for_each(&self, visit: &mut dyn FnMut(Finding)) {
        let _ = (&self.frame, visit);
        todo!()
    }

    /// Every verdict about one subject.
    pub fn about(&self, subject: &str) -> Vec<Finding> {
        let _ = subject;
        todo!()
    }
}
