//! How each rater marks beside all of them: shown, never corrected.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::ledger::{Score, Shared};
use crate::rules::Fraction;

#[derive(Debug, Clone, PartialEq)]
pub struct Rater {
    /// Empty where the rows name none.
    pub name: Shared,
    /// Scores that he gave.
    pub count: usize,
    pub mean: Decimal,
    pub least: Decimal,
    pub most: Decimal,
    /// His mean less the mean of all, both as they are shown.
    pub above: Decimal,
}

/// By name; rows without a score say nothing of a rater.
pub fn raters(scores: &[&Score], digits: u32) -> Vec<Rater> {
    let mut by_rater: BTreeMap<&Shared, Vec<Decimal>> = BTreeMap::new();
    for score in scores {
        by_rater.entry(&score.rater).or_default().extend(score.score);
    }
    let all = by_rater.values().flatten();
    let Some(whole) = mean(all.copied()) else { return Vec::new() };
    let each = by_rater.into_iter().filter_map(|(name, given)| {
        let own = mean(given.iter().copied())?;
        Some(Rater {
            name: name.clone(),
            count: given.len(),
            mean: own.rounded(digits)?,
            least: *given.iter().min()?,
            most: *given.iter().max()?,
            above: own.rounded(digits)? - whole.rounded(digits)?,
        })
    });
    each.collect()
}

fn mean(numbers: impl Iterator<Item = Decimal> + Clone) -> Option<Fraction> {
    let count = i64::try_from(numbers.clone().count()).ok()?;
    Fraction::sum(numbers.map(Fraction::from))?.by(Fraction::whole(count))
}
