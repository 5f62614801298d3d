//! Lengths of time as the clauses write them: `30m 24h 4wh 15d 0.5d 3wd 1mo 1q 1y`.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// Clock time, working time or calendar time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Minute,
    Hour,
    WorkHour,
    /// A whole number counts dates; a fraction is clock time (`0.5d` is 12 hours) where both ends have a time.
    Day,
    WorkDay,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub fn suffix(self) -> &'static str {
        match self {
            Unit::Minute => "m",
            Unit::Hour => "h",
            Unit::WorkHour => "wh",
            Unit::Day => "d",
            Unit::WorkDay => "wd",
            Unit::Month => "mo",
            Unit::Quarter => "q",
            Unit::Year => "y",
        }
    }

    /// Behind a number in a Chinese sentence.
    pub fn title(self) -> &'static str {
        match self {
            Unit::Minute => "分钟",
            Unit::Hour => "小时",
            Unit::WorkHour => "工作小时",
            Unit::Day => "天",
            Unit::WorkDay => "个工作日",
            Unit::Month => "个月",
            Unit::Quarter => "个季度",
            Unit::Year => "年",
        }
    }

    /// Seconds that count as one of this unit in `elapsed`; months and longer are elapsed in days.
    pub fn seconds(self) -> i64 {
        match self {
            Unit::Minute => 60,
            Unit::Hour | Unit::WorkHour => 3600,
            Unit::Day | Unit::WorkDay | Unit::Month | Unit::Quarter | Unit::Year => 86_400,
        }
    }
}

/// An amount of a unit; never negative in a limit, may be negative in nothing else either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    pub amount: Decimal,
    pub unit: Unit,
}

impl Quantity {
    /// At most four digits behind the point, as in the csv outputs.
    pub fn from_seconds(seconds: i64, unit: Unit) -> Self {
        let amount = (Decimal::from(seconds) / Decimal::from(unit.seconds())).round_dp(4).normalize();
        Self { amount, unit }
    }

    /// `3 个工作日`
    pub fn chinese(&self) -> String {
        let space = if self.unit.title().starts_with('个') { " " } else { "" };
        format!("{}{space}{}", self.amount.normalize(), self.unit.title())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount.normalize(), self.unit.suffix())
    }
}

impl FromStr for Quantity {
    type Err = String;

    /// The error is a Chinese sentence.
    fn from_str(text: &str) -> Result<Self, String> {
        const UNITS: &[(&str, Unit)] = &[
            ("m", Unit::Minute),
            ("h", Unit::Hour),
            ("wh", Unit::WorkHour),
            ("d", Unit::Day),
            ("wd", Unit::WorkDay),
            ("mo", Unit::Month),
            ("q", Unit::Quarter),
            ("y", Unit::Year),
        ];
        let wrong = || format!("读不懂时长「{text}」，应写作 30m、24h、4wh、15d、0.5d、3wd、1mo、1q 或 1y");
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (number, suffix) = text.split_at(split);
        let unit = UNITS.iter().find(|(name, _)| *name == suffix).map(|(_, unit)| *unit).ok_or_else(wrong)?;
        let amount: Decimal = number.parse().map_err(|_| wrong())?;
        let whole = amount.fract().is_zero();
        if !whole && matches!(unit, Unit::WorkDay | Unit::Month | Unit::Quarter | Unit::Year) {
            return Err(format!("时长「{text}」不能带小数：{}只能是整数", unit.title().trim_start_matches('个')));
        }
        Ok(Self { amount, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_length_comes_back_the_same() {
        for text in ["30m", "24h", "4wh", "15d", "0.5d", "3wd", "1mo", "1q", "1y"] {
            assert_eq!(text.parse::<Quantity>().map(|q| q.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_length_without_number_or_unit_is_refused() {
        for text in ["", "15", "d", "15天", "-3d", "1.5mo", "0.5wd", "1..5d", "15 d", "15D"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_length_reads_as_chinese() {
        let chinese = |text: &str| text.parse::<Quantity>().map(|q| q.chinese());
        assert_eq!(chinese("15d"), Ok("15天".to_owned()));
        assert_eq!(chinese("3wd"), Ok("3 个工作日".to_owned()));
        assert_eq!(chinese("0.50d"), Ok("0.5天".to_owned()));
    }
}
