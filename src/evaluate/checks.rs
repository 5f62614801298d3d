//! Checks that a verdict may fail, a bit each, with the words that tell of it.

use polars::prelude::*;

use super::lower::{choose, long};

/// Checks of one version that are told apart; further ones share the last bit.
const BITS: usize = 62;

#[derive(Default)]
pub(super) struct Checks {
    failed: Option<Expr>,
    words: Vec<String>,
}

impl Checks {
    /// Two checks with the same words are one.
    pub(super) fn fail(&mut self, fails: Expr, phrase: String) {
        let index = self.words.iter().position(|known| *known == phrase).unwrap_or_else(|| {
            self.words.push(phrase);
            self.words.len() - 1
        });
        let bit = choose([(fails, long(1 << index.min(BITS - 1)))], long(0));
        self.failed = Some(match self.failed.take() {
            Some(sum) => sum.or(bit),
            None => bit,
        });
    }

    /// The bits of the failed checks, and the words of each bit.
    pub(super) fn finish(self) -> (Expr, Vec<String>) {
        let mut words = self.words;
        if words.len() > BITS {
            let rest = words.split_off(BITS - 1).join("、");
            words.push(rest);
        }
        (self.failed.unwrap_or_else(|| long(0)), words)
    }
}
