//! From … to: `1..20`, `08:30..17:30`, `1d..3d`.

use std::str::FromStr;

use chrono::{NaiveTime, Weekday};
use fastrand::Rng;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::value;
use crate::rules::{Quantity, Unit, WEEKDAYS};

/// Both ends inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span<T> {
    pub low: T,
    pub high: T,
}

impl<T: Copy + PartialOrd> Span<T> {
    /// `a..b`, or `a` for `a..a`; `None` where an end cannot be read or the ends are the wrong way round.
    pub fn read(text: &str, one: impl Fn(&str) -> Option<T>) -> Option<Self> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let (low, high) = (one(low.trim())?, one(high.trim())?);
        (low <= high).then_some(Self { low, high })
    }

    pub fn parse(text: &str) -> Option<Self>
    where
        T: FromStr,
    {
        Self::read(text, |end| end.parse().ok())
    }
}

impl Span<NaiveTime> {
    pub fn times(text: &str) -> Option<Self> {
        Self::read(text, value::time)
    }

    /// To the minute.
    pub fn any(self, rng: &mut Rng) -> NaiveTime {
        let minutes = (self.high - self.low).num_minutes();
        self.low + chrono::TimeDelta::minutes(rng.i64(0..=minutes.max(0)))
    }
}

impl Span<Decimal> {
    /// One of the steps from the low end.
    pub fn any(self, step: Decimal, rng: &mut Rng) -> Decimal {
        let steps = ((self.high - self.low) / step).trunc().to_u64().unwrap_or_default();
        self.low + step * Decimal::from(rng.u64(0..=steps))
    }
}

/// A length of time that may be negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    pub amount: i64,
    pub unit: Unit,
}

/// From one length to another of the same unit, or of clock units, then in minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lengths {
    pub low: i64,
    pub high: i64,
    pub unit: Unit,
}

impl Lengths {
    pub fn read(text: &str) -> Option<Self> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let (low, high) = (length(low.trim())?, length(high.trim())?);
        let (low, high) = match low.unit == high.unit {
            true => (low, high),
            false => (low.minutes()?, high.minutes()?),
        };
        let unit = if low.amount == 0 { high.unit } else { low.unit };
        (low.amount <= high.amount).then_some(Self { low: low.amount, high: high.amount, unit })
    }

    /// Hours are told to the minute.
    pub fn any(self, rng: &mut Rng) -> Length {
        match self.unit {
            Unit::Hour => Length { amount: rng.i64(self.low * 60..=self.high * 60), unit: Unit::Minute },
            unit => Length { amount: rng.i64(self.low..=self.high), unit },
        }
    }
}

impl Length {
    fn minutes(self) -> Option<Self> {
        let minutes = match self.unit {
            Unit::Minute => 1,
            Unit::Hour => 60,
            Unit::Day => 24 * 60,
            _ => return None,
        };
        Some(Self { amount: self.amount * minutes, unit: Unit::Minute })
    }
}

fn length(text: &str) -> Option<Length> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let quantity: Quantity = text.parse().ok()?;
    let allowed = matches!(quantity.unit, Unit::Minute | Unit::Hour | Unit::Day | Unit::WorkDay | Unit::Month | Unit::Year);
    let amount = quantity.amount.is_integer().then(|| quantity.amount.to_i64()).flatten()?;
    (allowed && (sign > 0 || quantity.unit != Unit::WorkDay)).then_some(Length { amount: sign * amount, unit: quantity.unit })
}

pub fn weekday(text: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_two_units_are_told_in_minutes() {
        assert_eq!(Lengths::read("2h..1d"), Some(Lengths { low: 120, high: 1440, unit: Unit::Minute }));
        assert_eq!(Lengths::read("-2d..0d"), Some(Lengths { low: -2, high: 0, unit: Unit::Day }));
        for wrong in ["3d..1d", "-1wd", "1d..1mo", "x"] {
            assert_eq!(Lengths::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_range_holds_both_ends() {
        let span = Span::<Decimal>::parse("1..2").expect("a range");
        let seen: std::collections::BTreeSet<Decimal> = (0..100).map(|seed| span.any(Decimal::ONE, &mut Rng::with_seed(seed))).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [Decimal::ONE, Decimal::TWO]);
    }
}
