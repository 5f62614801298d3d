//! A stretch of numbers: `>= 80`, `[50..80)`, `100`. Scores fall into them.

use std::cmp::Ordering as Order;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::cell;
use super::written::WrittenTest;
use super::{FieldType, Literal, Operand, Ordering, Shape, ShapeField, Test};

/// An end, and whether it belongs to the band.
type End = (Decimal, bool);

/// `None` is without end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl Band {
    pub fn contains(&self, number: Decimal) -> bool {
        let above = self.low.is_none_or(|(low, inside)| number > low || inside && number == low);
        let below = self.high.is_none_or(|(high, inside)| number < high || inside && number == high);
        above && below
    }

    /// Of a whole divided into bands: stretches in none of them, and stretches in two, each with the bands at its sides or in it.
    pub fn faults(bands: &[Band], whole: &Band) -> Vec<Fault> {
        let mut cuts: Vec<Decimal> =
            bands.iter().chain([whole]).flat_map(|band| [band.low, band.high]).flatten().map(|(at, _)| at).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let between = cuts.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO);
        let outside = [cuts.first().map(|first| first - Decimal::ONE), cuts.last().map(|last| last + Decimal::ONE)];
        let mut probes: Vec<Decimal> = cuts.iter().copied().chain(between).chain(outside.into_iter().flatten()).collect();
        probes.sort_unstable();
        let mut faults = Vec::new();
        for probe in probes.into_iter().filter(|probe| whole.contains(*probe)) {
            let hit: Vec<usize> = bands.iter().enumerate().filter(|(_, band)| band.contains(probe)).map(|(at, _)| at).collect();
            if hit.len() != 1 && !faults.iter().any(|known: &Fault| known.bands == hit) {
                faults.push(Fault { example: probe, bands: hit });
            }
        }
        faults
    }
}

/// A number that no band holds, or several do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub example: Decimal,
    /// Indices of the bands that hold it; empty: a hole.
    pub bands: Vec<usize>,
}

impl FromStr for Band {
    type Err = String;

    /// As a condition's cell; the error is a Chinese sentence.
    fn from_str(text: &str) -> Result<Self, String> {
        let field = ShapeField { name: "得分".to_owned(), ty: FieldType::Decimal, values: Vec::new() };
        let shape = Shape { dataset: String::new(), fields: Vec::new(), at: None };
        let wrong = || format!("读不懂分数段「{text}」，应写作 \">= 80\"、\"[50..80)\" 或 \"100\"");
        let end = |literal: &Literal| match literal {
            Literal::Number(number) => Ok(*number),
            _ => Err(wrong()),
        };
        let side = |side: Option<(Literal, bool)>| -> Result<Option<End>, String> {
            side.map(|(literal, inside)| Ok((end(&literal)?, inside))).transpose()
        };
        match cell::test(&field, &shape, &WrittenTest::Text(text.to_owned()))? {
            Test::OneOf(numbers) => match numbers.as_slice() {
                [only] => end(only).map(|at| Self { low: Some((at, true)), high: Some((at, true)) }),
                _ => Err(wrong()),
            },
            Test::Compare(ordering, Operand::Literal(literal)) => {
                let at = end(&literal)?;
                match ordering {
                    Ordering::AtLeast => Ok(Self { low: Some((at, true)), high: None }),
                    Ordering::Greater => Ok(Self { low: Some((at, false)), high: None }),
                    Ordering::AtMost => Ok(Self { low: None, high: Some((at, true)) }),
                    Ordering::Less => Ok(Self { low: None, high: Some((at, false)) }),
                    Ordering::NotEqual => Err(wrong()),
                }
            }
            Test::Interval { low, high } => Ok(Self { low: side(low)?, high: side(high)? }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Band {
    /// `80 分以上（含）`-like wording is left to readers: `≥ 80`, `50 ≤ x < 80`, `= 100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |at: &Decimal| at.normalize();
        match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) if low.cmp(high) == Order::Equal => write!(f, "= {}", plain(low)),
            (Some((low, inside)), Some((high, also))) => {
                let (left, right) = (if *inside { "≤" } else { "<" }, if *also { "≤" } else { "<" });
                write!(f, "{} {left} x {right} {}", plain(low), plain(high))
            }
            (Some((low, inside)), None) => write!(f, "{} {}", if *inside { "≥" } else { ">" }, plain(low)),
            (None, Some((high, inside))) => write!(f, "{} {}", if *inside { "≤" } else { "<" }, plain(high)),
            (None, None) => f.write_str("不限"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(text: &str) -> Band {
        text.parse().unwrap_or(Band { low: None, high: None })
    }

    fn faults(bands: &[&str]) -> Vec<(String, Vec<usize>)> {
        let bands: Vec<Band> = bands.iter().map(|text| band(text)).collect();
        Band::faults(&bands, &band("[0..100]")).into_iter().map(|fault| (fault.example.normalize().to_string(), fault.bands)).collect()
    }

    #[test]
    fn an_end_belongs_to_a_band_only_where_it_says_so() {
        let holds = |text: &str, number: i64| band(text).contains(Decimal::from(number));
        assert!(holds(">= 80", 80) && !holds("> 80", 80));
        assert!(holds("[50..80)", 50) && !holds("[50..80)", 80));
        assert!(holds("100", 100) && !holds("100", 101));
        assert!("大于 80".parse::<Band>().is_err() && "!= 80".parse::<Band>().is_err());
    }

    #[test]
    fn three_bands_that_meet_have_no_fault() {
        assert_eq!(faults(&[">= 80", "[50..80)", "< 50"]), []);
    }

    #[test]
    fn the_self_test_read_literally_answers_twice_at_eighty_and_at_fifty() {
        assert_eq!(faults(&[">= 80", "[50..80]", "<= 50"]), [("50".to_owned(), vec![1, 2]), ("80".to_owned(), vec![0, 1])]);
    }

    #[test]
    fn what_lies_between_two_bands_is_a_hole() {
        assert_eq!(faults(&["> 80", "[50..80)", "< 50"]), [("80".to_owned(), vec![])]);
    }
}
