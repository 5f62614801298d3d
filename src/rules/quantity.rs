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

    /// `3 个工作日`; what a clock measured to the second, in the two largest units that have something: `44天9小时`, `4小时49分`.
    pub fn chinese(&self) -> String {
        let space = if self.unit.title().starts_with('个') { " " } else { "" };
        let amount = self.amount.normalize();
        match (amount.scale(), self.clock_minutes()) {
            (0 | 1, _) | (_, None) => format!("{}{space}{}", amount.round_dp(1).normalize(), self.unit.title()),
            (_, Some(minutes)) if self.unit == Unit::WorkHour => clock(minutes, Unit::WorkHour, false),
            (_, Some(minutes)) => clock(minutes, Unit::Hour, true),
        }
    }

    /// Minutes as hours, none left out: `24小时`, `50小时30分`.
    pub fn in_hours(&self) -> String {
        let hours = if self.unit == Unit::WorkHour { Unit::WorkHour } else { Unit::Hour };
        match self.clock_minutes() {
            Some(0) if self.amount.is_zero() => format!("0{}", hours.title()),
            Some(minutes) => clock(minutes, hours, false),
            None => self.chinese(),
        }
    }

    /// It is told as a number of its own unit; otherwise a clock measured it.
    pub fn is_round(&self) -> bool {
        let amount = self.amount.normalize();
        // nobody writes a tenth of a day
        let parts = if self.unit == Unit::Day { (amount * Decimal::TWO).normalize().scale() == 0 } else { amount.scale() <= 1 };
        parts || self.clock_minutes().is_none()
    }

    /// To the nearest; `None` for what is counted and not measured.
    fn clock_minutes(&self) -> Option<u64> {
        let clock = matches!(self.unit, Unit::Minute | Unit::Hour | Unit::WorkHour | Unit::Day);
        let seconds = self.amount.checked_mul(self.unit.seconds().into()).filter(|_| clock)?;
        u64::try_from((seconds / Decimal::from(60)).round()).ok()
    }
}

/// Two days and more are told in days, unless what is measured is no part of a day.
fn clock(minutes: u64, hours: Unit, in_days: bool) -> String {
    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;
    let two = |large: u64, name: &str, small: u64, part: &str| match small {
        0 => format!("{large}{name}"),
        _ => format!("{large}{name}{small}{part}"),
    };
    match minutes {
        0 => "不到 1 分钟".to_owned(),
        _ if minutes < HOUR => format!("{minutes}分钟"),
        _ if minutes < 2 * DAY || !in_days => two(minutes / HOUR, hours.title(), minutes % HOUR, "分"),
        _ => two(minutes / DAY, "天", minutes % DAY / HOUR, "小时"),
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

    #[test]
    fn what_a_clock_measured_reads_without_a_tail_of_digits() {
        let chinese = |seconds: i64, unit: Unit| Quantity::from_seconds(seconds, unit).chinese();
        assert_eq!(chinese(110 * 3600 + 49 * 60, Unit::Hour), "4天14小时");
        assert_eq!(chinese(4 * 3600 + 49 * 60, Unit::Hour), "4小时49分");
        assert_eq!(chinese(23 * 3600 + 45 * 60, Unit::Day), "23小时45分");
        assert_eq!(chinese(72 * 3600, Unit::Hour), "72小时");
        assert_eq!(chinese(20, Unit::Hour), "不到 1 分钟");
        assert_eq!(chinese(36 * 3600, Unit::Day), "1.5天");
        assert_eq!(chinese(50 * 3600 + 60, Unit::WorkHour), "50工作小时1分");
    }
}
