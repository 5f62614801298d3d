//! Dates and times of day as people write them. A year has four digits; nothing is guessed.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::fold::half;
use super::span;
use crate::rules::DayOrder;

/// Years outside are slips of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;
const DAY_MS: f64 = 86_400_000.0;
/// Serial numbers in a cell that is not formatted as a date are taken for dates only in this range (1954 to 2119).
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=80_000.0;

/// What a cell says about a day, and about a time where it says one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
    /// Was written with another offset than the local one.
    pub moved: bool,
}

/// Why a text is no date, in Chinese.
pub type Why = &'static str;

const NO_SUCH_DAY: Why = "没有这一天";
const NO_SUCH_TIME: Why = "没有这个时刻";
const UNREADABLE: Why = "不是日期";
const OUT_OF_RANGE: Why = "年份不在 1990 至 2100 之间";

/// Days since the workbook's epoch. The 29 February 1900 of Excel lies outside the range of years, so one epoch serves.
pub fn from_serial(days: f64, is_1904: bool) -> Result<Moment, Why> {
    let epoch = if is_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    if !days.is_finite() || !(0.0..200_000.0).contains(&days) {
        return Err(OUT_OF_RANGE);
    }
    let whole = days.floor();
    let ms = clock_ms(days - whole);
    let (whole, ms) = if ms >= 86_400_000 { (whole as u64 + 1, 0) } else { (whole as u64, ms) };
    let day = epoch.and_then(|e| e.checked_add_days(Days::new(whole))).ok_or(OUT_OF_RANGE)?;
    let time = (ms > 0).then(|| NaiveTime::MIN + TimeDelta::milliseconds(ms));
    in_range(Moment { day, time, moved: false })
}

/// A time of day from a fraction of a day.
pub fn time_from_serial(days: f64) -> NaiveTime {
    NaiveTime::MIN + TimeDelta::milliseconds(clock_ms(days - days.floor()) % 86_400_000)
}

/// A fraction cannot hold a second exactly: what lies within 5 ms of one is that second.
fn clock_ms(fraction: f64) -> i64 {
    let ms = (fraction * DAY_MS).round() as i64;
    let second = (ms + 500) / 1000 * 1000;
    if (ms - second).abs() <= 5 { second } else { ms }
}

/// A plain number in a date column: `20261003` or a serial number. The second value is the reason to note.
pub fn from_number(number: f64, order: DayOrder, is_1904: bool) -> Result<(Moment, Why), Why> {
    if order == DayOrder::Period
        && let Some(day) = span::first_day(&number.to_string())
    {
        return in_range(Moment { day, time: None, moved: false }).map(|m| (m, "数字转日期"));
    }
    if number.fract() == 0.0 && (19_000_101.0..=21_001_231.0).contains(&number) {
        let packed = number as u32;
        let day = ymd(packed / 10_000, packed / 100 % 100, packed % 100)?;
        return in_range(Moment { day, time: None, moved: false }).map(|m| (m, "八位数字转日期"));
    }
    if SERIALS.contains(&number) {
        return from_serial(number, is_1904).map(|m| (m, "序列号转日期"));
    }
    Err("数字不是日期序列号")
}

/// Reads a date with or without a time. With an offset the moment is brought to `local`.
pub fn parse(text: &str, order: DayOrder, local: FixedOffset) -> Result<Moment, Why> {
    if let Some(moment) = with_offset(text, local) {
        return in_range(moment);
    }
    if order == DayOrder::Period
        && let Some(day) = span::first_day(text)
    {
        return in_range(Moment { day, time: None, moved: false });
    }
    let marks = Marks::of(text)?;
    if let [Mark::Num { value, digits: 14 }] = marks.all() {
        return packed(*value);
    }
    let (day, rest) = date_part(marks.all(), order)?;
    let (time, next_day) = match rest {
        [] => (None, false),
        [Mark::Gap | Mark::Sep('T'), rest @ ..] => clock(rest).map(|(t, n)| (Some(t), n))?,
        rest => clock(rest).map(|(t, n)| (Some(t), n))?,
    };
    let day = if next_day { day.checked_add_days(Days::new(1)).ok_or(OUT_OF_RANGE)? } else { day };
    in_range(Moment { day, time, moved: false })
}

/// Reads a time of day: `9:05`, `9时5分`, `下午 3:05:10`.
pub fn parse_time(text: &str) -> Result<NaiveTime, Why> {
    let marks = Marks::of(text)?;
    match clock(marks.all()) {
        Ok((time, false)) => Ok(time),
        Ok(_) => Err(NO_SUCH_TIME),
        Err(_) => Err("不是时刻"),
    }
}

/// `2026-10-03` or `2026-10-03 09:05` in just this form: what we would write ourselves.
pub fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 10 | 16 | 19)
        && bytes.iter().enumerate().all(|(at, &b)| match at {
            4 | 7 => b == b'-',
            10 => b == b' ',
            13 | 16 => b == b':',
            _ => b.is_ascii_digit(),
        })
}

fn with_offset(text: &str, local: FixedOffset) -> Option<Moment> {
    if !text.is_ascii() || text.len() < 20 {
        return None;
    }
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    let moved = moment.offset() != &local;
    let here: NaiveDateTime = moment.with_timezone(&local).naive_local();
    Some(Moment { day: here.date(), time: Some(here.time()), moved })
}

/// `20261003090507`
fn packed(value: u64) -> Result<Moment, Why> {
    let (date, clock) = ((value / 1_000_000) as u32, (value % 1_000_000) as u32);
    let day = ymd(date / 10_000, date / 100 % 100, date % 100)?;
    let time = NaiveTime::from_hms_opt(clock / 10_000, clock / 100 % 100, clock % 100).ok_or(NO_SUCH_TIME)?;
    in_range(Moment { day, time: Some(time), moved: false })
}

fn in_range(moment: Moment) -> Result<Moment, Why> {
    if YEARS.contains(&moment.day.year()) { Ok(moment) } else { Err(OUT_OF_RANGE) }
}

fn ymd(year: u32, month: u32, day: u32) -> Result<NaiveDate, Why> {
    NaiveDate::from_ymd_opt(year as i32, month, day).ok_or(NO_SUCH_DAY)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Num { value: u64, digits: u8 },
    Sep(char),
    Gap,
    Am,
    Pm,
}

/// A text cut into numbers and what stands between them; a fixed array, since whole columns come as text.
struct Marks {
    marks: [Mark; 20],
    len: usize,
}

impl Marks {
    fn of(text: &str) -> Result<Self, Why> {
        let mut all = Self { marks: [Mark::Gap; 20], len: 0 };
        let mut chars = text.chars().map(half).peekable();
        while let Some(c) = chars.next() {
            match c {
                '0'..='9' => {
                    let (mut value, mut digits) = (0u64, 0u8);
                    let mut next = Some(c);
                    while let Some(digit) = next.and_then(|c| c.to_digit(10)) {
                        value = value * 10 + u64::from(digit);
                        digits += 1;
                        if digits > 14 {
                            return Err(UNREADABLE);
                        }
                        next = chars.next_if(char::is_ascii_digit);
                    }
                    all.push(Mark::Num { value, digits })?;
                }
                ' ' | '(' | ')' => all.gap()?,
                '星' if chars.next_if_eq(&'期').is_some() && chars.next_if(is_weekday).is_some() => all.gap()?,
                '周' if chars.next_if(is_weekday).is_some() => all.gap()?,
                '上' | '下' if chars.next_if_eq(&'午').is_some() => all.half_day(if c == '上' { Mark::Am } else { Mark::Pm })?,
                'A' | 'a' | 'P' | 'p' if chars.next_if(|m| matches!(m, 'M' | 'm')).is_some() => {
                    all.half_day(if matches!(c, 'A' | 'a') { Mark::Am } else { Mark::Pm })?;
                }
                't' => all.separate('T')?,
                '号' => all.separate('日')?,
                '点' => all.separate('时')?,
                '年' | '月' | '日' | '时' | '分' | '秒' | '-' | '/' | '.' | ':' | 'T' => all.separate(c)?,
                _ => return Err(UNREADABLE),
            }
        }
        all.drop_gap();
        Ok(all)
    }

    fn all(&self) -> &[Mark] {
        &self.marks[..self.len]
    }

    fn push(&mut self, mark: Mark) -> Result<(), Why> {
        *self.marks.get_mut(self.len).ok_or(UNREADABLE)? = mark;
        self.len += 1;
        Ok(())
    }

    fn drop_gap(&mut self) {
        if self.all().last() == Some(&Mark::Gap) {
            self.len -= 1;
        }
    }

    /// White space counts only between two numbers.
    fn gap(&mut self) -> Result<(), Why> {
        if matches!(self.all().last(), Some(Mark::Num { .. })) { self.push(Mark::Gap) } else { Ok(()) }
    }

    fn separate(&mut self, c: char) -> Result<(), Why> {
        self.drop_gap();
        self.push(Mark::Sep(c))
    }

    fn half_day(&mut self, mark: Mark) -> Result<(), Why> {
        self.drop_gap();
        self.push(mark)
    }
}

fn is_weekday(c: &char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '日' | '天')
}

/// The day at the front, and what follows it.
fn date_part(marks: &[Mark], order: DayOrder) -> Result<(NaiveDate, &[Mark]), Why> {
    use Mark::{Num, Sep};
    match marks {
        [Num { value, digits: 8 }, rest @ ..] => {
            let packed = *value as u32;
            Ok((ymd(packed / 10_000, packed / 100 % 100, packed % 100)?, rest))
        }
        [
            Num { value: year, digits: 4 },
            Sep('年'),
            Num { value: month, digits: 1..=2 },
            Sep('月'),
            Num { value: day, digits: 1..=2 },
            Sep('日'),
            rest @ ..,
        ]
        | [
            Num { value: year, digits: 4 },
            Sep('年'),
            Num { value: month, digits: 1..=2 },
            Sep('月'),
            Num { value: day, digits: 1..=2 },
            rest @ ..,
        ] => Ok((ymd(*year as u32, *month as u32, *day as u32)?, rest)),
        [
            Num { value: a, digits: m },
            Sep(s @ ('-' | '/' | '.')),
            Num { value: b, digits: 1..=2 },
            Sep(t),
            Num { value: c, digits: n },
            rest @ ..,
        ] if s == t => {
            let (a, b, c) = (*a as u32, *b as u32, *c as u32);
            match (m, n, order) {
                (4, 1..=2, _) => Ok((ymd(a, b, c)?, rest)),
                (1..=2, 4, DayOrder::Dmy) => Ok((ymd(c, b, a)?, rest)),
                (1..=2, 4, DayOrder::Mdy) => Ok((ymd(c, a, b)?, rest)),
                (1..=2, 4, DayOrder::Ymd | DayOrder::Period) => Err("月和日分不清先后，请写成 2026-10-03"),
                (1..=2, 1..=2, _) => Err("年份要写四位"),
                _ => Err(UNREADABLE),
            }
        }
        [Num { digits: 2, .. }, Sep('年'), ..] => Err("年份要写四位"),
        [Num { digits: 1..=2, .. }, Sep('月'), ..] | [Num { digits: 1..=2, .. }, Sep('-' | '/' | '.'), Num { digits: 1..=2, .. }] => {
            Err("没有写年份")
        }
        [Num { digits: 4, .. }, Sep('年' | '-' | '/' | '.'), Num { digits: 1..=2, .. }]
        | [Num { digits: 4, .. }, Sep('年'), Num { digits: 1..=2, .. }, Sep('月')] => Err("没有写到日"),
        _ => Err(UNREADABLE),
    }
}

/// A time of day; `true` for 24:00, the midnight after.
fn clock(marks: &[Mark]) -> Result<(NaiveTime, bool), Why> {
    use Mark::{Am, Num, Pm, Sep};
    let (half, marks) = match marks {
        [half @ (Am | Pm), rest @ ..] | [rest @ .., half @ (Am | Pm)] => (Some(*half), rest),
        _ => (None, marks),
    };
    let (hour, minute, second, ms) = match marks {
        [Num { value: h, digits: 1..=2 }, Sep('时')] => (*h, 0, 0, 0),
        [Num { value: h, digits: 1..=2 }, Sep(':'), Num { value: m, digits: 2 }]
        | [Num { value: h, digits: 1..=2 }, Sep('时'), Num { value: m, digits: 1..=2 }, Sep('分')] => (*h, *m, 0, 0),
        [Num { value: h, digits: 1..=2 }, Sep(':'), Num { value: m, digits: 2 }, Sep(':'), Num { value: s, digits: 2 }]
        | [
            Num { value: h, digits: 1..=2 },
            Sep('时'),
            Num { value: m, digits: 1..=2 },
            Sep('分'),
            Num { value: s, digits: 1..=2 },
            Sep('秒'),
        ] => (*h, *m, *s, 0),
        [
            Num { value: h, digits: 1..=2 },
            Sep(':'),
            Num { value: m, digits: 2 },
            Sep(':'),
            Num { value: s, digits: 2 },
            Sep('.'),
            Num { value, digits: digits @ 1..=9 },
        ] => (*h, *m, *s, value * 1000 / 10u64.pow(u32::from(*digits))),
        _ => return Err(UNREADABLE),
    };
    if half.is_none() && (hour, minute, second, ms) == (24, 0, 0, 0) {
        return Ok((NaiveTime::MIN, true));
    }
    let hour = match half {
        Some(Pm) if hour < 12 => hour + 12,
        Some(Am) if hour == 12 => 0,
        Some(Am) if hour > 12 => return Err(NO_SUCH_TIME),
        _ => hour,
    };
    NaiveTime::from_hms_milli_opt(hour as u32, minute as u32, second as u32, ms as u32).map(|t| (t, false)).ok_or(NO_SUCH_TIME)
}
