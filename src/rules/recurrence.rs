//! How often something is owed, and by when.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveTime, Weekday};

/// The periods that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Day,
    WorkDay,
    /// From Monday.
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
    /// Every day that is off by the public notice.
    Holiday,
    /// Every run of such days.
    HolidayBlock,
}

impl Every {
    pub(super) const WORDS: &'static [(&'static str, Every)] = &[
        ("day", Every::Day),
        ("workday", Every::WorkDay),
        ("week", Every::Week),
        ("month", Every::Month),
        ("quarter", Every::Quarter),
        ("half-year", Every::HalfYear),
        ("year", Every::Year),
        ("holiday", Every::Holiday),
        ("holiday-block", Every::HolidayBlock),
    ];

    /// Months of one period; `None` for days and weeks.
    pub fn months(self) -> Option<u32> {
        match self {
            Every::Day | Every::WorkDay | Every::Week | Every::Holiday | Every::HolidayBlock => None,
            Every::Month => Some(1),
            Every::Quarter => Some(3),
            Every::HalfYear => Some(6),
            Every::Year => Some(12),
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Every::Day => "日",
            Every::WorkDay => "工作日",
            Every::Week => "周",
            Every::Month => "月",
            Every::Quarter => "季",
            Every::HalfYear => "半年",
            Every::Year => "年",
            Every::Holiday => "个放假日",
            Every::HolidayBlock => "段假期",
        }
    }
}

/// `day 10`, `end 17:00`, `周五 10:00`, `month 12 end`: the last permitted day or moment, inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Month of a longer period, from 1.
    pub month: Option<u32>,
    pub day: DueDay,
    /// Without it the day as a whole.
    pub time: Option<NaiveTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDay {
    /// From 1; the last day where the month is shorter.
    Nth(u32),
    End,
    /// The day before the period begins.
    Before,
    On(Weekday),
}

pub(crate) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("周一", Weekday::Mon),
    ("周二", Weekday::Tue),
    ("周三", Weekday::Wed),
    ("周四", Weekday::Thu),
    ("周五", Weekday::Fri),
    ("周六", Weekday::Sat),
    ("周日", Weekday::Sun),
];

impl FromStr for Due {
    type Err = String;

    /// The error is a Chinese sentence.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("读不懂「{text}」，应写作 day 10、end、before、周五 10:00、month 12 end，后面可加钟点 17:00");
        let mut words = text.split_whitespace().peekable();
        let number = |word: Option<&str>| word.and_then(|word| word.parse::<u32>().ok()).filter(|number| *number > 0).ok_or_else(wrong);
        let month = match words.next_if_eq(&"month") {
            Some(_) => Some(number(words.next())?),
            None => None,
        };
        let time_of = |word: &str| NaiveTime::parse_from_str(word, "%H:%M").ok();
        let day = match words.peek().copied() {
            Some(word) if time_of(word).is_some() && month.is_none() => DueDay::End,
            Some(word) => {
                words.next();
                match (word, WEEKDAYS.iter().find(|(name, _)| *name == word)) {
                    ("day", _) => DueDay::Nth(number(words.next())?),
                    ("end", _) => DueDay::End,
                    ("before", _) => DueDay::Before,
                    (_, Some((_, weekday))) => DueDay::On(*weekday),
                    _ => return Err(wrong()),
                }
            }
            None => return Err(wrong()),
        };
        let time = words.next().map(|word| time_of(word).ok_or_else(wrong)).transpose()?;
        if words.next().is_some() { Err(wrong()) } else { Ok(Self { month, day, time }) }
    }
}

impl Due {
    /// Why it does not fit the period.
    pub(super) fn misfit(&self, every: Every) -> Option<String> {
        let months = every.months();
        let longest = match (every, self.month) {
            (Every::Week, _) => 7,
            (Every::Day | Every::WorkDay | Every::Holiday, _) => 1,
            (_, Some(_)) => 31,
            _ => 31 * months.unwrap_or(1),
        };
        match (self.month, self.day) {
            (Some(month), _) if months.is_none_or(|months| months == 1 || month > months) => {
                Some(format!("每{}里没有第 {month} 个月可指定", every.title()))
            }
            (Some(_), DueDay::Before) => Some("before 是期间开始的前一天，不能再指定月份".to_owned()),
            (_, DueDay::On(_)) if every != Every::Week => Some("星期几只用于 every = \"week\"".to_owned()),
            (_, DueDay::Nth(day)) if day > longest => Some(format!("每{}没有第 {day} 天", every.title())),
            _ => None,
        }
    }
}

impl fmt::Display for Due {
    /// `第 12 个月最后一天 17:00`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(month) = self.month {
            write!(f, "第 {month} 个月")?;
        }
        match self.day {
            DueDay::Nth(day) => write!(f, "第 {day} 天")?,
            DueDay::End => f.write_str("最后一天")?,
            DueDay::Before => f.write_str("开始的前一天")?,
            DueDay::On(weekday) => {
                let named = WEEKDAYS.iter().find(|(_, day)| *day == weekday);
                f.write_str(named.map_or("", |(name, _)| name))?;
            }
        }
        match self.time {
            Some(time) => write!(f, " {}", time.format("%H:%M")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_due_day_reads_as_chinese() {
        let table = [
            ("day 10", "第 10 天"),
            ("end", "最后一天"),
            ("before", "开始的前一天"),
            ("周五 10:00", "周五 10:00"),
            ("month 12 end", "第 12 个月最后一天"),
            ("month 1 day 15 17:30", "第 1 个月第 15 天 17:30"),
            ("18:00", "最后一天 18:00"),
        ];
        for (text, chinese) in table {
            assert_eq!(text.parse::<Due>().map(|due| due.to_string()), Ok(chinese.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_due_day_that_means_nothing_is_refused() {
        for text in ["", "10", "day", "day 0", "day ten", "周八", "end 25:00", "end 10:00 10:00", "month", "month 3 10:00"] {
            assert!(text.parse::<Due>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_due_day_outside_its_period_is_a_misfit() {
        let table = [
            ("day 32", Every::Month),
            ("周五", Every::Month),
            ("day 8", Every::Week),
            ("month 4 end", Every::Quarter),
            ("month 1 end", Every::Month),
            ("month 1 before", Every::Year),
            ("day 2", Every::Day),
        ];
        for (text, every) in table {
            assert!(text.parse::<Due>().is_ok_and(|due| due.misfit(every).is_some()), "{text}");
        }
        for (text, every) in [("day 31", Every::Month), ("周日 18:00", Every::Week), ("month 12 end", Every::Year), ("18:00", Every::Day)]
        {
            assert!(text.parse::<Due>().is_ok_and(|due| due.misfit(every).is_none()), "{text}");
        }
    }
}
