//! One cell to one typed value: what it means, what changed its look, or why it cannot be read.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{FixedOffset, NaiveTime, Timelike};

use super::dates::{self, Moment};
use super::fold;
use super::numbers::{self, Exact};
use super::table::{MONEY_SCALE, PERCENT_SCALE};
use super::value::{Value, raw_text};
use crate::diag::Code;
use crate::ingest::RawValue;
use crate::rules::{Field, FieldType};

/// What holds for all cells of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Longest text of a cell, in characters.
    pub cell_chars: usize,
    /// Plain numbers in date columns count from 1904, as the workbook's real dates do.
    pub is_1904: bool,
    /// Every cell is text (csv): a number or date in plain form has not changed its look.
    pub all_text: bool,
}

/// A value, and the words for the list of repairs when its look was changed.
pub type Read<'a> = (Value<'a>, Option<&'static str>);

/// A cell that cannot be read; the row is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub code: Code,
    pub reason: String,
}

fn refuse<T>(code: Code, reason: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable { code, reason: reason.into() })
}

/// Reads the cells of one field.
#[derive(Debug, Clone)]
pub struct CellReader {
    field: Field,
    is_key: bool,
    /// For `one_of`: every known spelling, and whether reading it changes the look.
    spellings: HashMap<String, (usize, Option<&'static str>)>,
    local: FixedOffset,
}

/// The time zone of a pack's clocks: 北京时间.
const LOCAL_SECONDS: i32 = 8 * 3600;

impl CellReader {
    pub fn new(field: &Field, is_key: bool) -> Self {
        let local = FixedOffset::east_opt(LOCAL_SECONDS).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc));
        Self { field: field.clone(), is_key, spellings: spellings(field), local }
    }

    pub fn read<'a>(&self, value: &'a RawValue<'_>, habits: Habits) -> Result<Read<'a>, Unreadable> {
        match value {
            RawValue::Empty => Ok((Value::Null, None)),
            RawValue::Error(error) => refuse(Code::CellError, format!("单元格是错误值 {error}")),
            RawValue::Text(text) => {
                let trimmed = fold::trim(text);
                if trimmed.is_empty() || self.field.null.iter().any(|null| null == trimmed) {
                    return Ok((Value::Null, None));
                }
                if text.len() > habits.cell_chars && text.chars().nth(habits.cell_chars).is_some() {
                    return refuse(Code::CellTooLong, format!("单元格文字超过 {} 个字", habits.cell_chars));
                }
                self.read_text(trimmed, habits)
            }
            _ => self.read_other(value, habits),
        }
    }

    fn read_text<'a>(&self, text: &'a str, habits: Habits) -> Result<Read<'a>, Unreadable> {
        match self.field.ty {
            FieldType::Text => Ok(match self.is_key.then(|| fold::key(text)).flatten() {
                Some(folded) => (Value::Text(Cow::Owned(folded)), Some("全角转半角")),
                None => (Value::Text(Cow::Borrowed(text)), None),
            }),
            FieldType::OneOf => self.read_choice(text),
            FieldType::Bool => match truth(text, &self.field.name) {
                Some(bool) => Ok((Value::Bool(bool), (!matches!(text, "是" | "否")).then_some("转为是/否"))),
                None => refuse(Code::ValueUnknown, format!("「{}」读不出是或否；可写 是、否、√、×、有、无", brief(text))),
            },
            FieldType::Date | FieldType::Datetime => match dates::parse(text, self.field.day_order, self.local) {
                Ok(moment) => {
                    let reason = if moment.moved { "带时区，换算为北京时间" } else { "文本转日期" };
                    let plain = habits.all_text && dates::is_canonical(text);
                    self.place(moment, (!plain).then_some(reason))
                }
                Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", brief(text))),
            },
            FieldType::Time => match dates::parse_time(text) {
                Ok(time) => Ok((time_value(time), (!habits.all_text).then_some("文本转时刻"))),
                Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", brief(text))),
            },
            FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent => match numbers::parse(text) {
                Some(exact) => {
                    let plain = habits.all_text && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'%'));
                    self.number(exact, (!plain).then_some("文本转数字"), || text.to_owned())
                }
                None => refuse(Code::NumberUnreadable, format!("「{}」不是数字", brief(text))),
            },
        }
    }

    fn read_other<'a>(&self, value: &'a RawValue<'_>, habits: Habits) -> Result<Read<'a>, Unreadable> {
        let shown = || raw_text(value);
        match (self.field.ty, value) {
            (FieldType::Date | FieldType::Datetime, RawValue::Serial { days, is_1904 }) => match dates::from_serial(*days, *is_1904) {
                Ok(moment) => self.place(moment, None),
                Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", shown())),
            },
            (FieldType::Date | FieldType::Datetime, RawValue::Number(number)) => {
                match dates::from_number(*number, self.field.day_order, habits.is_1904) {
                    Ok((moment, reason)) => self.place(moment, Some(reason)),
                    Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", shown())),
                }
            }
            (FieldType::Date | FieldType::Datetime, RawValue::Iso(text)) => match dates::parse(text, self.field.day_order, self.local) {
                Ok(moment) => self.place(moment, moment.moved.then_some("带时区，换算为北京时间")),
                Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", brief(text))),
            },
            (FieldType::Time, RawValue::Serial { days: number, .. } | RawValue::Number(number)) if *number >= 0.0 => {
                let reason = match value {
                    _ if *number >= 1.0 => Some("含日期，只取时刻"),
                    RawValue::Number(_) => Some("小数转时刻"),
                    _ => None,
                };
                Ok((time_value(dates::time_from_serial(*number)), reason))
            }
            (FieldType::Time, RawValue::Iso(text)) => match dates::parse(text, self.field.day_order, self.local) {
                Ok(Moment { time: Some(time), .. }) => Ok((time_value(time), Some("含日期，只取时刻"))),
                _ => match dates::parse_time(text) {
                    Ok(time) => Ok((time_value(time), None)),
                    Err(why) => refuse(Code::DateUnreadable, format!("「{}」{why}", brief(text))),
                },
            },
            (FieldType::Date | FieldType::Datetime | FieldType::Time, _) => {
                refuse(Code::DateUnreadable, format!("「{}」不是日期", shown()))
            }
            (FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent, RawValue::Number(number)) => {
                match numbers::from_f64(*number) {
                    Some(exact) => self.number(exact, None, shown),
                    None => refuse(Code::NumberUnreadable, format!("「{number}」太大或不是数字")),
                }
            }
            (FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent, _) => {
                let what = if matches!(value, RawValue::Bool(_)) { "是逻辑值" } else { "是日期" };
                refuse(Code::NumberUnreadable, format!("「{}」{what}，不是数字", shown()))
            }
            (FieldType::Bool, RawValue::Bool(bool)) => Ok((Value::Bool(*bool), None)),
            (FieldType::Bool, RawValue::Number(number)) if *number == 0.0 || *number == 1.0 => {
                Ok((Value::Bool(*number == 1.0), Some("转为是/否")))
            }
            (FieldType::Bool, _) => refuse(Code::ValueUnknown, format!("「{}」读不出是或否", shown())),
            (FieldType::OneOf, _) => self.read_choice(&shown()).map(|(value, reason)| (value, reason.or(Some("数字转文本")))),
            (FieldType::Text, RawValue::Serial { .. } | RawValue::Iso(_)) if self.is_key => {
                refuse(Code::ValueUnknown, format!("「{}」是日期，不是{}", shown(), self.field.name))
            }
            (FieldType::Text, RawValue::Serial { .. }) => Ok((Value::Text(Cow::Owned(shown())), Some("日期转文本"))),
            (FieldType::Text, RawValue::Number(number)) if self.is_key && number.abs() >= 1e15 => {
                refuse(Code::ValueUnknown, format!("「{number:.0}」超过 15 位，末尾几位已被 Excel 改动，请按文本重新填写"))
            }
            (FieldType::Text, _) => Ok((Value::Text(Cow::Owned(shown())), None)),
        }
    }

    fn read_choice<'a>(&self, text: &str) -> Result<Read<'a>, Unreadable> {
        if let Some((at, reason)) = self.spellings.get(text) {
            return Ok((Value::Choice(*at), *reason));
        }
        match self.spellings.get(&fold::squeeze(text)) {
            Some((at, reason)) => Ok((Value::Choice(*at), reason.or(Some("统一写法")))),
            None => refuse(Code::ValueUnknown, format!("「{}」不在允许的取值里：{}", brief(text), self.field.values.join("、"))),
        }
    }

    /// A moment in the field's own type.
    fn place<'a>(&self, moment: Moment, reason: Option<&'static str>) -> Result<Read<'a>, Unreadable> {
        Ok(match (self.field.ty, moment.time) {
            (FieldType::Date, time) => {
                let cut = time.is_some_and(|t| t != NaiveTime::MIN).then_some("含时间，只取日期");
                (Value::date(moment.day), cut.or(reason))
            }
            (_, Some(time)) => (Value::datetime(moment.day, time), reason),
            (_, None) => (Value::datetime(moment.day, NaiveTime::MIN), Some("无时间，按零点计")),
        })
    }

    fn number<'a>(&self, exact: Exact, reason: Option<&'static str>, shown: impl Fn() -> String) -> Result<Read<'a>, Unreadable> {
        let too_large = || Unreadable { code: Code::NumberUnreadable, reason: format!("「{}」数字太大", brief(&shown())) };
        match self.field.ty {
            FieldType::Percent => {
                let above_one = exact.mantissa.unsigned_abs() > 10u128.pow(exact.scale);
                let (hundredth, reason) = match (exact.percent, above_one) {
                    (true, _) => (true, reason),
                    (false, true) => (true, Some("大于 1，按百分数读")),
                    (false, false) => (false, reason),
                };
                let exact = if hundredth { Exact { scale: exact.scale + 2, ..exact } } else { exact };
                let (mantissa, rounded) = exact.at_scale(PERCENT_SCALE as u32).ok_or_else(too_large)?;
                Ok((Value::Decimal(mantissa), if rounded { Some("四舍五入到百分数四位小数") } else { reason }))
            }
            _ if exact.percent => refuse(Code::NumberUnreadable, format!("「{}」是百分数", brief(&shown()))),
            FieldType::Int => match exact.at_scale(0).ok_or_else(too_large)? {
                (_, true) => refuse(Code::NumberUnreadable, format!("「{}」不是整数", brief(&shown()))),
                (whole, false) => i64::try_from(whole).map(|i| (Value::Int(i), reason)).map_err(|_| too_large()),
            },
            _ => {
                let (mantissa, rounded) = exact.at_scale(MONEY_SCALE as u32).ok_or_else(too_large)?;
                Ok((Value::Decimal(mantissa), if rounded { Some("四舍五入到四位小数") } else { reason }))
            }
        }
    }
}

fn time_value<'a>(time: NaiveTime) -> Value<'a> {
    Value::Time(time.num_seconds_from_midnight() as i32)
}

/// Every spelling of a `one_of` field; a value's own spelling wins over the map, an exact one over a folded one.
fn spellings(field: &Field) -> HashMap<String, (usize, Option<&'static str>)> {
    let mut known = HashMap::new();
    let at = |value: &str| field.values.iter().position(|v| v == value);
    let mapped = || field.map.iter().filter_map(|(spelled, value)| at(value).map(|at| (spelled, at)));
    for (at, value) in field.values.iter().enumerate() {
        known.entry(value.clone()).or_insert((at, None));
    }
    for (spelled, at) in mapped() {
        known.entry(spelled.clone()).or_insert((at, Some("按对照表改写")));
    }
    for (at, value) in field.values.iter().enumerate() {
        known.entry(fold::squeeze(value)).or_insert((at, Some("统一写法")));
    }
    for (spelled, at) in mapped() {
        known.entry(fold::squeeze(spelled)).or_insert((at, Some("按对照表改写")));
    }
    known
}

/// 是 or 否 in the ways people write it, the field's own words included: 成立 and 不成立 in 客诉成立与否.
fn truth(text: &str, field: &str) -> Option<bool> {
    let folded = fold::squeeze(text);
    match folded.as_str() {
        "是" | "√" | "✓" | "✔" | "☑" | "y" | "yes" | "1" | "有" | "true" | "t" | "对" | "v" => return Some(true),
        "否" | "×" | "✗" | "✘" | "x" | "n" | "no" | "0" | "无" | "false" | "f" | "错" | "不" | "没有" => return Some(false),
        _ => {}
    }
    let no = ["没有", "未", "不", "非", "没"].iter().find_map(|no| folded.strip_prefix(no));
    if let Some(words) = no {
        return asks_for(field, words).then_some(false);
    }
    let words = folded.strip_prefix("已").unwrap_or(&folded);
    asks_for(field, words).then_some(true)
}

/// Whether `words` are what a field like 是否附样品 or 客诉成立与否 asks about: 附, 成立.
fn asks_for(field: &str, words: &str) -> bool {
    let field = fold::squeeze(field);
    if words.is_empty() {
        return false;
    }
    match (field.split_once("是否"), field.strip_suffix("与否")) {
        (Some((_, asked)), _) => asked.starts_with(words),
        (_, Some(asked)) => words.chars().count() >= 2 && asked.ends_with(words),
        _ => false,
    }
}

/// Long cells are quoted by their beginning.
pub fn brief(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
