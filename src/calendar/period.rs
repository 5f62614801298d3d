//! The stretch of days that a run reports on.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};

/// Whole months, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Period {
    /// `None` for a month that chrono cannot represent.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::months(year, month, 1)
    }

    /// The month that a day lies in.
    pub fn of(day: NaiveDate) -> Option<Self> {
        Self::month(day.year(), day.month())
    }

    fn months(year: i32, month: u32, count: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = first.checked_add_months(Months::new(count))?.pred_opt()?;
        Some(Self { first, last })
    }

    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// As many months as this period has, right before it.
    pub fn previous(&self) -> Option<Self> {
        let months = self.month_count();
        Self::months_from(self.first.checked_sub_months(Months::new(months))?, months)
    }

    /// As many months as this period has, right after it.
    pub fn next(self) -> Option<Self> {
        Self::months_from(self.last.succ_opt()?, self.month_count())
    }

    /// The same months a year earlier.
    pub fn year_ago(&self) -> Option<Self> {
        Self::months_from(self.first.checked_sub_months(Months::new(12))?, self.month_count())
    }

    fn months_from(first: NaiveDate, count: u32) -> Option<Self> {
        Self::months(first.year(), first.month(), count)
    }

    pub fn month_count(&self) -> u32 {
        let years = self.last.year() - self.first.year();
        (years * 12 + self.last.month() as i32 - self.first.month() as i32 + 1).max(1) as u32
    }

    /// `2026年10月`, `2026年1月至6月`
    pub fn chinese(&self) -> String {
        let (first, last) = (self.first, self.last);
        if self.month_count() == 1 {
            format!("{}年{}月", first.year(), first.month())
        } else if first.year() == last.year() && first.month() == 1 && last.month() == 12 {
            format!("{}年", first.year())
        } else if first.year() == last.year() {
            format!("{}年{}月至{}月", first.year(), first.month(), last.month())
        } else {
            format!("{}年{}月至{}年{}月", first.year(), first.month(), last.year(), last.month())
        }
    }
}

impl fmt::Display for Period {
    /// `2026-10`, `2026-Q4`, `2026`, `2026-01..2026-05`: what [`FromStr`] reads, and the output folder's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, months) = (self.first, self.month_count());
        match months {
            1 => write!(f, "{}", first.format("%Y-%m")),
            3 if first.month() % 3 == 1 => write!(f, "{}-Q{}", first.year(), first.month() / 3 + 1),
            12 if first.month() == 1 => write!(f, "{}", first.year()),
            _ => write!(f, "{}..{}", first.format("%Y-%m"), self.last.format("%Y-%m")),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = match text.split_once("..") {
            Some((from, to)) => single(from).zip(single(to)).map(|(from, to)| Period { first: from.first, last: to.last }),
            None => single(text),
        };
        parsed
            .filter(|p| p.first <= p.last)
            .ok_or_else(|| format!("读不懂期间「{text}」，应写作 2026-10、2026-Q4、2026 或 2026-01..2026-06"))
    }
}

fn single(text: &str) -> Option<Period> {
    let text = text.trim();
    match text.split_once('-') {
        None if text.len() == 4 => Period::months(text.parse().ok()?, 1, 12),
        Some((year, part)) if year.len() == 4 => {
            let year = year.parse().ok()?;
            match part.strip_prefix(['Q', 'q']) {
                Some(quarter) => match quarter.parse::<u32>().ok()? {
                    quarter @ 1..=4 => Period::months(year, quarter * 3 - 2, 3),
                    _ => None,
                },
                None if part.len() == 2 => Period::month(year, part.parse().ok()?),
                None => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_period_comes_back_the_same() {
        for text in ["2026-10", "2026-Q4", "2026", "2026-01..2026-05", "2025-11..2026-10"] {
            assert_eq!(text.parse::<Period>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn nonsense_is_refused_with_examples() {
        for text in ["", "2026-13", "2026-Q5", "26-10", "2026-10..2026-09", "2026年10月"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_month_before_january_is_december() {
        let january: Period = "2026-01".parse().expect("a period");
        assert_eq!(january.previous().map(|p| p.to_string()).as_deref(), Some("2025-12"));
        assert_eq!(january.year_ago().map(|p| p.to_string()).as_deref(), Some("2025-01"));
    }
}
