//! How far a weight can be moved before two people change places. Exact: a weight at which two scores are equal is a quotient.
//!
//! A weight moves, the others keep their proportions and share what is left. A score is then a straight line over the weight, and
//! two people change places where their lines cross.

use std::cmp::Ordering;

use crate::rules::Fraction;

/// Who is compared: weights that make a whole, and for each person a value a weight and what is added whatever the weights.
#[derive(Debug, Clone)]
pub struct Contest {
    pub weights: Vec<Fraction>,
    pub people: Vec<(Vec<Fraction>, Fraction)>,
}

/// Within which one weight may lie without any two people changing places.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Index of the weight.
    pub weight: usize,
    pub low: Fraction,
    pub high: Fraction,
    /// Who changes places below `low`; empty: nobody, down to 0.
    pub below: Vec<Swap>,
    /// Who changes places above `high`; empty: nobody, up to the whole.
    pub above: Vec<Swap>,
}

/// Two people, by their place in [`Contest::people`]: the one who is ahead now, and the one who gets ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swap {
    pub ahead: usize,
    pub behind: usize,
}

/// A score as a function of one weight: `at_none + slope × weight`.
struct Line {
    at_none: Fraction,
    slope: Fraction,
}

impl Line {
    fn at(&self, weight: Fraction) -> Option<Fraction> {
        self.at_none.plus(self.slope.times(weight)?)
    }
}

impl Contest {
    /// What somebody scores where one weight has another value.
    pub fn score(&self, person: usize, weight: usize, value: Fraction) -> Option<Fraction> {
        self.line(person, weight)?.at(value)
    }

    fn line(&self, person: usize, weight: usize) -> Option<Line> {
        let (values, bonus) = self.people.get(person)?;
        let own = *self.weights.get(weight)?;
        let others = self.weights.iter().zip(values).enumerate().filter(|(at, _)| *at != weight);
        let rest = Fraction::sum(others.map(|(_, (weight, value))| weight.times(*value)).collect::<Option<Vec<_>>>()?)?;
        let rest = match Fraction::ONE.minus(own)? {
            left if left == Fraction::ZERO => Fraction::ZERO,
            left => rest.by(left)?,
        };
        Some(Line { at_none: rest.plus(*bonus)?, slope: values.get(weight)?.minus(rest)? })
    }

    fn interval(&self, weight: usize) -> Option<Interval> {
        let now = *self.weights.get(weight)?;
        let lines = (0..self.people.len()).map(|person| self.line(person, weight)).collect::<Option<Vec<Line>>>()?;
        let scores = lines.iter().map(|line| line.at(now)).collect::<Option<Vec<_>>>()?;
        let mut found = Interval { weight, low: Fraction::ZERO, high: Fraction::ONE, below: Vec::new(), above: Vec::new() };
        for (ahead, one) in lines.iter().enumerate() {
            for (behind, other) in lines.iter().enumerate() {
                // equal scores have no order that could change
                if scores[ahead] <= scores[behind] {
                    continue;
                }
                let closing = one.slope.minus(other.slope)?;
                if closing == Fraction::ZERO {
                    continue;
                }
                let cross = other.at_none.minus(one.at_none)?.by(closing)?;
                if cross < Fraction::ZERO || cross > Fraction::ONE {
                    continue;
                }
                found.take(cross, now, Swap { ahead, behind });
            }
        }
        Some(found)
    }
}

impl Interval {
    fn take(&mut self, cross: Fraction, now: Fraction, swap: Swap) {
        let (end, swaps, nearer) = match cross < now {
            true => (&mut self.low, &mut self.below, Ordering::Greater),
            false => (&mut self.high, &mut self.above, Ordering::Less),
        };
        // at the very end of all weights they are level, and nothing lies beyond
        if cross == Fraction::ZERO || cross == Fraction::ONE {
            return;
        }
        match cross.cmp(end) {
            Ordering::Equal => swaps.push(swap),
            order if order == nearer => {
                *end = cross;
                *swaps = vec![swap];
            }
            _ => {}
        }
    }
}

/// One a weight; `None` where the figures are beyond exact arithmetic.
pub fn intervals(contest: &Contest) -> Option<Vec<Interval>> {
    (0..contest.weights.len()).map(|weight| contest.interval(weight)).collect()
}
