//! Checks that a verdict may fail, a bit each, with the words that tell of it.

use polars::prelude::*;

use super::lower::{byte, choose, long};

/// Checks of one version that are told apart; further ones share the last bit.
const BITS: usize = 62;

#[derive(Default)]
pub(super) struct Checks {
    /// A condition, and the place of its words.
    fails: Vec<(Expr, usize)>,
    words: Vec<String>,
}

impl Checks {
    /// Two checks with the same words are one.
    pub(super) fn fail(&mut self, fails: Expr, phrase: String) {
        let index = self.words.iter().position(|known| *known == phrase).unwrap_or_else(|| {
            self.words.push(phrase);
            self.words.len() - 1
        });
        self.fails.push((fails, index));
    }

    pub(super) fn fit_a_byte(&self) -> bool {
        self.words.len() <= 8
    }

    /// The bits of the failed checks (`Int64`), and the words of each bit.
    pub(super) fn finish(self) -> (Expr, Vec<String>) {
        self.set(|bits| long(bits as i64))
    }

    /// The same in a byte (`UInt8`), where they [`fit`](Self::fit_a_byte).
    pub(super) fn finish_in_a_byte(self) -> (Expr, Vec<String>) {
        self.set(|bits| byte(bits as u8))
    }

    fn set(self, bits: impl Fn(u64) -> Expr) -> (Expr, Vec<String>) {
        let each = self.fails.into_iter().map(|(fails, index)| choose([(fails, bits(1 << index.min(BITS - 1)))], bits(0)));
        let failed = each.reduce(|sum, bit| sum.or(bit)).unwrap_or_else(|| bits(0));
        let mut words = self.words;
        if words.len() > BITS {
            let rest = words.split_off(BITS - 1).join("、");
            words.push(rest);
        }
        (failed, words)
    }
}
