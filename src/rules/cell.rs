//! One condition cell: text and a field's type to a typed test. Errors are Chinese sentences.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::shape::{Shape, ShapeField};
use super::written::WrittenTest;
use super::{FieldType, Literal, Operand, Ordering, Test};
use crate::diag::nearest;

/// What a field holds, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Text,
    Number,
    Date,
    Bool,
}

pub fn family(ty: FieldType) -> Family {
    match ty {
        FieldType::Text | FieldType::OneOf => Family::Text,
        FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent | FieldType::Time => Family::Number,
        FieldType::Date | FieldType::Datetime => Family::Date,
        FieldType::Bool => Family::Bool,
    }
}

/// Chinese name of a field type.
pub fn type_title(ty: FieldType) -> &'static str {
    match ty {
        FieldType::Text => "文字",
        FieldType::Int => "整数",
        FieldType::Decimal => "数字",
        FieldType::Money => "金额",
        FieldType::Percent => "百分比",
        FieldType::Date => "日期",
        FieldType::Datetime => "日期时间",
        FieldType::Time => "时刻",
        FieldType::Bool => "是/否",
        FieldType::OneOf => "枚举",
    }
}

/// The test that a cell of `field` says.
pub fn test(field: &ShapeField, shape: &Shape, written: &WrittenTest) -> Result<Test, String> {
    match written {
        WrittenTest::Text(text) => text_test(field, shape, text),
        WrittenTest::List(items) if items.is_empty() => Err("列表是空的，永远不会成立".to_owned()),
        WrittenTest::List(items) => items.iter().map(|item| value(field, item)).collect::<Result<_, _>>().map(Test::OneOf),
        WrittenTest::Table(_) => Err("这里要一个测试，不是表；否定请写 not = { … }，任一请写 any = [{ … }, { … }]".to_owned()),
        other => value(field, other).map(|literal| Test::OneOf(vec![literal])),
    }
}

/// A bare value, not looked into for operators.
fn value(field: &ShapeField, written: &WrittenTest) -> Result<Literal, String> {
    match (written, family(field.ty)) {
        (WrittenTest::Text(text), _) => literal(field, text),
        (WrittenTest::Integer(number), Family::Number) => Ok(Literal::Number(Decimal::from(*number))),
        // The shortest text of a TOML float is what its author wrote.
        (WrittenTest::Float(number), Family::Number) => literal(field, &number.to_string()),
        (WrittenTest::Bool(value), Family::Bool) => Ok(Literal::Bool(*value)),
        (WrittenTest::Datetime(at), Family::Date) => literal(field, &at.to_string()),
        _ => Err(format!("字段「{}」是{}，与这个值的类型不合", field.name, type_title(field.ty))),
    }
}

fn text_test(field: &ShapeField, shape: &Shape, text: &str) -> Result<Test, String> {
    let text = text.trim();
    refuse_full_width(field, text)?;
    match text {
        "" => return Err("测试是空的；问有没有值请写 \"missing\" 或 \"present\"".to_owned()),
        "missing" => return Ok(Test::Missing),
        "present" => return Ok(Test::Present),
        _ => {}
    }
    if let Some(pattern) = text.strip_prefix("like ") {
        if family(field.ty) != Family::Text {
            return Err(format!("字段「{}」是{}，like 只用于文字", field.name, type_title(field.ty)));
        }
        return Ok(Test::Like(pattern.trim().to_owned()));
    }
    const COMPARISONS: &[(&str, Ordering)] =
        &[(">=", Ordering::AtLeast), ("<=", Ordering::AtMost), ("!=", Ordering::NotEqual), (">", Ordering::Greater), ("<", Ordering::Less)];
    for (sign, ordering) in COMPARISONS {
        if let Some(rest) = text.strip_prefix(sign) {
            return compare(field, shape, *ordering, rest.trim());
        }
    }
    if let Some(rest) = text.strip_prefix('=') {
        return Err(format!("相等不用写等号，直接写 \"{}\"", rest.trim_start_matches('=').trim()));
    }
    if text.contains("..") && text.starts_with(['(', '[']) {
        return interval(field, text);
    }
    literal(field, text).map(|literal| Test::OneOf(vec![literal]))
}

fn compare(field: &ShapeField, shape: &Shape, ordering: Ordering, right: &str) -> Result<Test, String> {
    if ordering != Ordering::NotEqual && matches!(family(field.ty), Family::Text | Family::Bool) {
        return Err(format!("字段「{}」是{}，不能比大小", field.name, type_title(field.ty)));
    }
    let Some(other) = right.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return literal(field, right).map(|literal| Test::Compare(ordering, Operand::Literal(literal)));
    };
    let Some(other) = shape.field(other.trim()) else {
        let names = shape.fields.iter().map(|f| f.name.as_str());
        let hint = nearest(other.trim(), names).map(|near| format!("，是不是「{near}」？")).unwrap_or_default();
        return Err(format!("数据表「{}」没有字段「{}」{hint}", shape.dataset, other.trim()));
    };
    if family(other.ty) != family(field.ty) {
        let (one, two) = (type_title(field.ty), type_title(other.ty));
        return Err(format!("「{}」是{one}，「{}」是{two}，不能相比", field.name, other.name));
    }
    Ok(Test::Compare(ordering, Operand::Field(other.name.clone())))
}

fn interval(field: &ShapeField, text: &str) -> Result<Test, String> {
    let wrong = || format!("读不懂区间「{text}」，应写作 \"(100000..150000]\":方括号含端点，圆括号不含");
    if matches!(family(field.ty), Family::Text | Family::Bool) {
        return Err(format!("字段「{}」是{}，不能用区间", field.name, type_title(field.ty)));
    }
    let low_inside = text.starts_with('[');
    let high_inside = text.ends_with(']');
    let inner = text.strip_prefix(['(', '[']).and_then(|t| t.strip_suffix([')', ']'])).ok_or_else(wrong)?;
    let (low, high) = inner.split_once("..").ok_or_else(wrong)?;
    let end = |text: &str, inside: bool| -> Result<Option<(Literal, bool)>, String> {
        match text.trim() {
            "" if inside => Err(format!("区间「{inner}」没有端点的一边要用圆括号")),
            "" => Ok(None),
            text => literal(field, text).map(|literal| Some((literal, inside))),
        }
    };
    let (low, high) = (end(low, low_inside)?, end(high, high_inside)?);
    match (&low, &high) {
        (None, None) => return Err(wrong()),
        (Some((low, low_in)), Some((high, high_in))) => {
            let order = low.partial_order(high);
            if order == Some(std::cmp::Ordering::Greater) || (order == Some(std::cmp::Ordering::Equal) && !(*low_in && *high_in)) {
                return Err(format!("区间「{text}」里一个值也没有"));
            }
        }
        _ => {}
    }
    Ok(Test::Interval { low, high })
}

/// A constant of the field's type.
pub fn literal(field: &ShapeField, text: &str) -> Result<Literal, String> {
    let wrong = |example: &str| format!("字段「{}」是{}，读不懂「{text}」，应写作 {example}", field.name, type_title(field.ty));
    match field.ty {
        FieldType::Text => Ok(Literal::Text(text.to_owned())),
        FieldType::OneOf if field.values.is_empty() || field.values.iter().any(|v| v == text) => Ok(Literal::Text(text.to_owned())),
        FieldType::OneOf => {
            let near =
                nearest(text, field.values.iter().map(String::as_str)).map(|near| format!("，是不是「{near}」？")).unwrap_or_default();
            Err(format!("字段「{}」没有取值「{text}」{near}；可用：{}", field.name, field.values.join("、")))
        }
        FieldType::Int => match number(text) {
            Some(number) if number.fract().is_zero() => Ok(Literal::Number(number)),
            _ => Err(wrong("3")),
        },
        FieldType::Decimal | FieldType::Money => number(text).map(Literal::Number).ok_or_else(|| wrong("100000 或 0.5")),
        FieldType::Percent => percent(text).map(Literal::Number).ok_or_else(|| wrong("25% 或 0.25")),
        FieldType::Date => date(text).map(Literal::Date).ok_or_else(|| wrong("2026-10-01")),
        FieldType::Datetime => datetime(text).map(Literal::Datetime).ok_or_else(|| wrong("2026-10-01 09:00")),
        FieldType::Time => time(text).map(|t| Literal::Number(t.num_seconds_from_midnight().into())).ok_or_else(|| wrong("17:30")),
        FieldType::Bool => match text {
            "true" | "是" => Ok(Literal::Bool(true)),
            "false" | "否" => Ok(Literal::Bool(false)),
            _ => Err(wrong("true 或 false")),
        },
    }
}

pub fn number(text: &str) -> Option<Decimal> {
    let text = text.replace('_', "");
    Decimal::from_str_exact(&text).ok()
}

/// `25%` or `0.25`, as a fraction.
pub fn percent(text: &str) -> Option<Decimal> {
    match text.strip_suffix('%') {
        Some(number_text) => number(number_text.trim())?.checked_div(Decimal::ONE_HUNDRED),
        None => number(text),
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn datetime(text: &str) -> Option<NaiveDateTime> {
    const FORMS: &[&str] = &["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let full = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    full.or_else(|| date(text)?.and_hms_opt(0, 0, 0))
}

/// `08:30` of the seconds since midnight that a time of day is kept as.
pub fn clock(seconds: &Decimal) -> String {
    let minutes = u64::try_from((seconds / Decimal::from(60)).trunc()).unwrap_or_default();
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn time(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

/// Input methods slip in full-width signs; a text may hold them, an operator may not.
fn refuse_full_width(field: &ShapeField, text: &str) -> Result<(), String> {
    let is_text = family(field.ty) == Family::Text;
    let operator = |c: &char| half_width(*c).is_some_and(|half| half.contains(['>', '<', '=', '!']));
    let found: Vec<String> = match is_text {
        true => text.chars().take(2).filter(operator).map(String::from).collect(),
        false => text.chars().filter(|c| half_width(*c).is_some()).map(String::from).collect(),
    };
    if !is_text && (text.contains(',') || text.contains('\u{ff0c}') || text.contains('\u{3001}')) {
        return Err("数字里不要写逗号；区间请写 \"(100000..150000]\"，多个值请写成列表 [\"1\", \"2\"]".to_owned());
    }
    if found.is_empty() {
        return Ok(());
    }
    let half: String = text.chars().map(|c| half_width(c).unwrap_or_else(|| c.to_string())).collect();
    Err(format!("用了全角符号 {}，请换成半角：\"{half}\"", found.join(" ")))
}

/// What was meant by a full-width sign; `None` for any other character.
fn half_width(c: char) -> Option<String> {
    match c {
        '\u{2265}' => Some(">=".to_owned()),
        '\u{2264}' => Some("<=".to_owned()),
        '\u{2260}' => Some("!=".to_owned()),
        '\u{3010}' => Some("[".to_owned()),
        '\u{3011}' => Some("]".to_owned()),
        '\u{3002}' => Some(".".to_owned()),
        '\u{2026}' => Some("..".to_owned()),
        '\u{3000}' => Some(" ".to_owned()),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).map(String::from),
        _ => None,
    }
}
