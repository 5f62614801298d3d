//! Exact quotients: means of means, and the weights at which two people change places. A decimal would round in between.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

/// A fraction in lowest terms; the denominator is positive. Operations give `None` beyond 38 digits and for a division by zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    over: i128,
    under: i128,
}

fn common(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs().max(1)
}

impl Fraction {
    pub const ZERO: Fraction = Fraction { over: 0, under: 1 };
    pub const ONE: Fraction = Fraction { over: 1, under: 1 };

    fn new(over: i128, under: i128) -> Option<Self> {
        if under == 0 || over == i128::MIN || under == i128::MIN {
            return None;
        }
        let by = common(over, under) * under.signum();
        Some(Self { over: over / by, under: under / by })
    }

    pub fn whole(number: i64) -> Self {
        Self { over: i128::from(number), under: 1 }
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let by = common(self.under, other.under);
        let (left, right) = (self.over.checked_mul(other.under / by)?, other.over.checked_mul(self.under / by)?);
        Self::new(left.checked_add(right)?, self.under.checked_mul(other.under / by)?)
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { over: other.over.checked_neg()?, under: other.under })
    }

    pub fn times(self, other: Self) -> Option<Self> {
        let (one, two) = (common(self.over, other.under), common(other.over, self.under));
        Self::new((self.over / one).checked_mul(other.over / two)?, (self.under / two).checked_mul(other.under / one)?)
    }

    pub fn by(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.under, other.over)?)
    }

    /// Half away from zero.
    pub fn rounded(self, digits: u32) -> Option<Decimal> {
        let shifted = self.over.checked_mul(10_i128.checked_pow(digits)?)?;
        let (whole, rest) = (shifted / self.under, shifted % self.under);
        let up = rest.unsigned_abs() >= self.under.unsigned_abs() - rest.unsigned_abs();
        let whole = if up { whole + shifted.signum() } else { whole };
        Decimal::try_from_i128_with_scale(whole, digits).ok()
    }

    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

impl From<Decimal> for Fraction {
    fn from(number: Decimal) -> Self {
        let number = number.normalize();
        let under = 10_i128.pow(number.scale());
        Self::new(number.mantissa(), under).unwrap_or(Self::ZERO)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// By whole parts, then by what is left of each turned over: nothing is multiplied, so nothing can be too large.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (*self, *other);
        let mut turned = false;
        loop {
            let (left, right) = (one.over.div_euclid(one.under), two.over.div_euclid(two.under));
            let (rest, also) = (one.over.rem_euclid(one.under), two.over.rem_euclid(two.under));
            let order = match left.cmp(&right) {
                Ordering::Equal if rest == 0 || also == 0 => rest.cmp(&also),
                Ordering::Equal => {
                    (one, two) = (Self { over: one.under, under: rest }, Self { over: two.under, under: also });
                    turned = !turned;
                    continue;
                }
                order => order,
            };
            return if turned { order.reverse() } else { order };
        }
    }
}

/// As a spreadsheet program's `ROUND`.
pub fn half_up(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_thirds_are_one_and_halves_go_up() {
        let third = Fraction::ONE.by(Fraction::whole(3));
        let one = third.and_then(|third| Fraction::sum([third, third, third]));
        assert_eq!(one, Some(Fraction::ONE));
        let rounded =
            |over: i64, under: i64| Fraction::whole(over).by(Fraction::whole(under)).and_then(|f| f.rounded(2)).map(|d| d.to_string());
        assert_eq!(rounded(92_345, 1000), Some("92.35".to_owned()));
        assert_eq!(rounded(-92_345, 1000), Some("-92.35".to_owned()));
        assert_eq!(rounded(2, 3), Some("0.67".to_owned()));
        assert_eq!(rounded(1, 3), Some("0.33".to_owned()));
    }

    #[test]
    fn there_is_no_quotient_by_zero() {
        assert_eq!(Fraction::ONE.by(Fraction::ZERO), None);
        assert!(Fraction::whole(-1) < Fraction::ZERO);
    }

    #[test]
    fn fractions_too_large_to_be_multiplied_are_compared_all_the_same() {
        let of = |over: i128, under: i128| Fraction { over, under };
        let large = i128::MAX - 1;
        assert!(of(large - 1, large) < Fraction::ONE && of(large, large - 1) > Fraction::ONE);
        assert!(of(large - 2, large - 1) < of(large - 1, large));
        assert!(of(-1, 3) < of(-1, 4) && of(1, 3) > of(1, 4) && of(2, 6 / 2) == of(2, 3));
    }
}
