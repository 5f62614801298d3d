//! A span of ages: `<= 1y`, `> 1y`, `(1y..3y]`.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::rules::{Quantity, Unit};

/// An end of a span, and whether the anniversary itself is inside.
pub type AgeEnd = (Quantity, bool);

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Age {
    pub low: Option<AgeEnd>,
    pub high: Option<AgeEnd>,
}

/// A month's mean length in days: only ages of one rule are put in order with it.
const MONTH_DAYS: Decimal = Decimal::from_parts(30_436_875, 0, 0, false, 6);

fn days(length: &Quantity) -> Decimal {
    let months = match length.unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        _ => return length.amount,
    };
    length.amount * Decimal::from(months) * MONTH_DAYS
}

impl Age {
    /// Some day lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        !before(self.high, other.low) && !before(other.high, self.low)
    }
}

/// The span that ends so is over when the one that begins so begins.
fn before(end: Option<AgeEnd>, begin: Option<AgeEnd>) -> bool {
    let (Some((end, last)), Some((begin, first))) = (end, begin) else { return false };
    let (end, begin) = (days(&end), days(&begin));
    end < begin || end == begin && !(last && first)
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("读不懂年限「{text}」，应写作 <= 1y、> 1y 或 (1y..3y]，单位 d mo q y");
        let length = |text: &str| {
            let length = text.trim().parse::<Quantity>().map_err(|_| wrong())?;
            let whole = length.amount.fract().is_zero();
            let known = matches!(length.unit, Unit::Day | Unit::Month | Unit::Quarter | Unit::Year);
            if known && whole { Ok(length) } else { Err(wrong()) }
        };
        let text = text.trim();
        let age = if let Some(rest) = text.strip_prefix("<=") {
            Age { low: None, high: Some((length(rest)?, true)) }
        } else if let Some(rest) = text.strip_prefix('<') {
            Age { low: None, high: Some((length(rest)?, false)) }
        } else if let Some(rest) = text.strip_prefix(">=") {
            Age { low: Some((length(rest)?, true)), high: None }
        } else if let Some(rest) = text.strip_prefix('>') {
            Age { low: Some((length(rest)?, false)), high: None }
        } else {
            let (low, high) = text.split_once("..").ok_or_else(wrong)?;
            let (low, first) = match low.strip_prefix('[') {
                Some(low) => (low, true),
                None => (low.strip_prefix('(').ok_or_else(wrong)?, false),
            };
            let (high, last) = match high.strip_suffix(']') {
                Some(high) => (high, true),
                None => (high.strip_suffix(')').ok_or_else(wrong)?, false),
            };
            Age { low: Some((length(low)?, first)), high: Some((length(high)?, last)) }
        };
        if before(age.high, age.low) { Err(format!("年限「{text}」里没有一天")) } else { Ok(age) }
    }
}

impl fmt::Display for Age {
    /// `满 1年以后到 3年（含）`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let low = self.low.map(|(low, inside)| format!("满 {}{}", low.chinese(), if inside { "起" } else { "之后" }));
        let high = self.high.map(|(high, inside)| format!("{}{}", high.chinese(), if inside { "以内" } else { "未满" }));
        f.write_str(&low.into_iter().chain(high).collect::<Vec<_>>().join("、"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_an_age_reads_as_chinese() {
        let table = [
            ("<= 1y", "1年以内"),
            ("> 1y", "满 1年之后"),
            (">= 6mo", "满 6 个月起"),
            ("(1y..3y]", "满 1年之后、3年以内"),
            ("< 90d", "90天未满"),
        ];
        for (text, chinese) in table {
            assert_eq!(text.parse::<Age>().map(|age| age.to_string()), Ok(chinese.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_age_that_means_nothing_is_refused() {
        for text in ["", "1y", "<= 1h", "> 3wd", "(3y..1y]", "(1y..1y]", "<= 0.5y", "[1y..", "1y..2y"] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }

    #[test]
    fn ages_overlap_where_a_day_is_in_both() {
        let age = |text: &str| text.parse::<Age>().unwrap();
        for (one, other, overlap) in
            [("<= 1y", "> 1y", false), ("<= 1y", ">= 1y", true), ("< 1y", ">= 12mo", false), ("< 13mo", "> 1y", true)]
        {
            assert_eq!(age(one).overlaps(&age(other)), overlap, "{one} {other}");
            assert_eq!(age(other).overlaps(&age(one)), overlap, "{other} {one}");
        }
    }
}
