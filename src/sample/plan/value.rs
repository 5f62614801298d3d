//! What a cell of the sample holds.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ledger::Moment;
use crate::rules::{Field, FieldType};
use crate::sample::untidy::Cell;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Blank,
    Text(String),
    Number(Decimal),
    Day(NaiveDate),
    Moment(NaiveDateTime),
    Time(NaiveTime),
    Yes(bool),
}

impl Value {
    /// A number, a truth value or a date as TOML writes it; `None` for texts, lists and tables.
    pub fn of(written: &toml::Value) -> Option<Self> {
        Some(match written {
            toml::Value::Integer(number) => Value::Number(Decimal::from(*number)),
            toml::Value::Float(number) => Value::Number(number.to_string().parse().ok()?),
            toml::Value::Boolean(yes) => Value::Yes(*yes),
            toml::Value::Datetime(at) => from_text(&at.to_string()),
            _ => return None,
        })
        .filter(|value| !matches!(value, Value::Text(_)))
    }

    pub fn is_blank(&self) -> bool {
        *self == Value::Blank
    }

    /// As findings name it; nothing where it is blank.
    pub fn text(&self) -> String {
        match self {
            Value::Blank => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.normalize().to_string(),
            Value::Day(day) => day.to_string(),
            Value::Moment(at) => Moment::Datetime(*at).to_string().replace('T', " "),
            Value::Time(time) => time.format("%H:%M").to_string(),
            Value::Yes(yes) => if *yes { "是" } else { "否" }.to_owned(),
        }
    }

    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Value::Day(day) => Some(*day),
            Value::Moment(at) => Some(at.date()),
            _ => None,
        }
    }

    /// The same value in the field's type, or what is wrong with it.
    pub fn fit(self, field: &Field) -> Result<Self, String> {
        let wrong = |value: &Value| format!("「{}」不能写进字段「{}」", value.text(), field.name);
        if self.is_blank() {
            return Ok(self);
        }
        let text = self.text();
        match (field.ty, self) {
            (FieldType::Text, value) => Ok(Value::Text(value.text())),
            (FieldType::OneOf, value) => match field.values.contains(&text) || field.map.contains_key(&text) {
                true => Ok(Value::Text(text)),
                false => Err(format!("{}，它的取值：{}", wrong(&value), field.values.join("、"))),
            },
            (FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent, value) => {
                match text.trim_end_matches('%').parse() {
                    Ok(number) => Ok(Value::Number(number)),
                    Err(_) => Err(wrong(&value)),
                }
            }
            (FieldType::Date, value) => match from_text(&text).day() {
                Some(day) => Ok(Value::Day(day)),
                None => Err(wrong(&value)),
            },
            (FieldType::Datetime, value) => match from_text(&text) {
                read @ (Value::Day(_) | Value::Moment(_)) => Ok(read),
                _ => Err(wrong(&value)),
            },
            (FieldType::Time, value) => match from_text(&text) {
                read @ Value::Time(_) => Ok(read),
                Value::Moment(at) => Ok(Value::Time(at.time())),
                _ => Err(wrong(&value)),
            },
            (FieldType::Bool, value) => match text.as_str() {
                "是" => Ok(Value::Yes(true)),
                "否" => Ok(Value::Yes(false)),
                _ => Err(wrong(&value)),
            },
        }
    }

    pub fn cell(&self, ty: FieldType) -> Cell {
        match self {
            Value::Blank => Cell::Blank,
            Value::Number(number) => {
                let number = number.to_f64().unwrap_or_default();
                match ty {
                    FieldType::Money => Cell::Money(number),
                    FieldType::Percent => Cell::Percent(number / 100.0),
                    _ => Cell::Number(number),
                }
            }
            Value::Day(day) => Cell::Date(*day),
            Value::Moment(at) => Cell::Datetime(*at),
            value => Cell::Text(value.text()),
        }
    }
}

/// A date, a moment or a time of day where the text is one, else the text.
fn from_text(text: &str) -> Value {
    let text = text.trim();
    let spaced = text.replace('T', " ");
    if let Ok(day) = text.parse() {
        return Value::Day(day);
    }
    for format in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(&spaced, format) {
            return Value::Moment(at);
        }
    }
    time(text).map_or_else(|| Value::Text(text.to_owned()), Value::Time)
}

pub fn time(text: &str) -> Option<NaiveTime> {
    ["%H:%M:%S", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}
