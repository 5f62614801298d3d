//! How clerks type the same value in different ways.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use fastrand::Rng;

/// One cell as it goes into a workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Blank,
    Text(String),
    Number(f64),
    /// Yuan, with a money format.
    Money(f64),
    /// A fraction, shown as so many per cent.
    Percent(f64),
    Date(NaiveDate),
    Datetime(NaiveDateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

/// A clerk: the more careless, the more of the cells are not what Excel would like.
pub struct Clerk {
    rng: Rng,
    /// Of a hundred cells.
    careless: u32,
}

impl Clerk {
    pub fn new(seed: u64, careless: u32) -> Self {
        Self { rng: Rng::with_seed(seed), careless }
    }

    fn slips(&mut self) -> bool {
        self.rng.u32(0..100) < self.careless
    }

    pub fn date(&mut self, day: NaiveDate) -> Cell {
        if !self.slips() {
            return Cell::Date(day);
        }
        match self.rng.u32(0..4) {
            0 => Cell::Text(format!("{}年{}月{}日", day.year(), day.month(), day.day())),
            1 => Cell::Text(format!("{}.{}.{}", day.year(), day.month(), day.day())),
            2 => Cell::Text(day.format("%Y-%m-%d").to_string()),
            // a serial number whose cell lost its date format
            _ => Cell::Number(serial(day)),
        }
    }

    pub fn datetime(&mut self, at: NaiveDateTime) -> Cell {
        if !self.slips() {
            return Cell::Datetime(at);
        }
        let (day, hour, minute) = (at.date(), at.hour(), at.minute());
        match self.rng.u32(0..3) {
            0 => Cell::Text(format!("{}/{}/{} {hour}:{minute:02}", day.year(), day.month(), day.day())),
            1 => Cell::Text(format!("{}年{}月{}日 {hour}：{minute:02}", day.year(), day.month(), day.day())),
            _ => Cell::Text(format!("{} {hour:02}:{minute:02}", day.format("%Y-%m-%d"))),
        }
    }

    pub fn count(&mut self, count: i64) -> Cell {
        if !self.slips() {
            return Cell::Number(count as f64);
        }
        match self.rng.u32(0..2) {
            0 => Cell::Text(full_width(&count.to_string())),
            _ => Cell::Text(thousands(count)),
        }
    }

    pub fn money(&mut self, fen: i64) -> Cell {
        if !self.slips() {
            return Cell::Money(yuan(fen));
        }
        match self.rng.u32(0..4) {
            0 if fen >= 1_000_000 && fen % 10_000 == 0 => Cell::Text(format!("{}万", decimal(fen, 1_000_000))),
            1 => Cell::Text(format!("¥{}.{:02}", thousands(fen / 100), fen % 100)),
            2 => Cell::Text(full_width(&decimal(fen, 100))),
            _ => Cell::Text(format!("{}元", decimal(fen, 100))),
        }
    }

    pub fn percent(&mut self, percent: u32) -> Cell {
        if self.slips() { Cell::Text(format!("{percent}%")) } else { Cell::Percent(f64::from(percent) / 100.0) }
    }

    /// Spaces around or inside, as copying from mails leaves them.
    pub fn name(&mut self, text: &str) -> Cell {
        if self.careless > 0 && self.rng.u32(0..25) == 0 { Cell::Text(format!("{text} ")) } else { text.into() }
    }

    pub fn one_of(&mut self, ways: &[&str]) -> Cell {
        let at = if self.slips() { self.rng.usize(0..ways.len()) } else { 0 };
        if ways[at].is_empty() { Cell::Blank } else { ways[at].into() }
    }
}

/// Days since 1899-12-30, as Excel counts.
pub fn serial(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce() - 693_594)
}

pub fn yuan(fen: i64) -> f64 {
    fen as f64 / 100.0
}

/// `amount / unit` without trailing zeros; `unit` is a power of ten.
fn decimal(amount: i64, unit: i64) -> String {
    let digits = unit.ilog10() as usize;
    let text = format!("{}.{:0digits$}", amount / unit, amount % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn thousands(count: i64) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let mut parts = Vec::new();
    if first > 0 {
        parts.push(&digits[..first]);
    }
    let mut rest = &digits[first..];
    while !rest.is_empty() {
        let (part, more) = rest.split_at(3);
        parts.push(part);
        rest = more;
    }
    parts.join(",")
}

fn full_width(text: &str) -> String {
    let widen = |c: char| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_graphic());
    text.chars().map(|c| widen(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        assert_eq!(decimal(1_250_000, 1_000_000), "1.25");
        assert_eq!(decimal(120_050, 100), "1200.5");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
        assert_eq!(full_width("12.5"), "\u{FF11}\u{FF12}\u{FF0E}\u{FF15}");
    }

    #[test]
    fn serial_numbers_are_those_of_excel() {
        assert_eq!(NaiveDate::from_ymd_opt(2026, 8, 3).map(serial), Some(46237.0));
    }
}
