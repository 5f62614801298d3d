//! Conditions in Chinese words.

use super::cell::clock;
use super::{Condition, FieldType, Literal, Operand, Ordering, Shape, Test};

/// `国内外为国内，且客诉金额大于 100000 元`; empty where the condition always holds.
pub fn condition(condition: &Condition, shape: Option<&Shape>) -> String {
    match condition {
        Condition::All(parts) => join(parts, "，且", shape),
        Condition::Any(parts) => format!("（{}）", join(parts, "）或（", shape)),
        Condition::Not(inner) => format!("并非（{}）", self::condition(inner, shape)),
        Condition::Cell { field, test } => cell(field, test, shape),
        Condition::Formula(formula) => formula.to_string(),
    }
}

/// Only the values where that says enough: `国内`.
pub fn short(condition: &Condition, shape: Option<&Shape>) -> String {
    match condition {
        Condition::All(parts) => parts.iter().map(|part| short(part, shape)).collect::<Vec<_>>().join("、"),
        Condition::Cell { test: Test::OneOf(values), .. } if !values.iter().any(|v| matches!(v, Literal::Bool(_) | Literal::Number(_))) => {
            values.iter().map(plain).collect::<Vec<_>>().join("/")
        }
        other => self::condition(other, shape),
    }
}

fn join(parts: &[Condition], between: &str, shape: Option<&Shape>) -> String {
    parts.iter().map(|part| condition(part, shape)).collect::<Vec<_>>().join(between)
}

fn cell(field: &str, test: &Test, shape: Option<&Shape>) -> String {
    let ty = shape.and_then(|shape| shape.field(field)).map(|f| f.ty);
    let value = |literal: &Literal| literal_in(literal, ty);
    match test {
        Test::OneOf(values) if values.len() == 1 => format!("{field}为{}", values.iter().map(value).collect::<String>()),
        // values that hold the comma of a list are told apart by quotes
        Test::OneOf(values) if values.iter().map(value).any(|value| value.contains('、')) => {
            format!("{field}为{}之一", values.iter().map(|each| format!("「{}」", value(each))).collect::<String>())
        }
        Test::OneOf(values) => format!("{field}为{}之一", values.iter().map(value).collect::<Vec<_>>().join("、")),
        Test::Compare(ordering, right) => {
            let right = match right {
                Operand::Literal(literal) => value(literal),
                Operand::Field(name) => format!("「{name}」"),
            };
            let is_moment = match ty {
                Some(ty) => matches!(ty, FieldType::Date | FieldType::Datetime | FieldType::Time),
                None => field.ends_with("日期") || field.ends_with("时间"),
            };
            let word = match (ordering, is_moment) {
                (Ordering::Less, false) => "小于",
                (Ordering::AtMost, false) => "不超过",
                (Ordering::Greater, false) => "大于",
                (Ordering::AtLeast, false) => "不低于",
                (Ordering::NotEqual, _) => "不等于",
                (Ordering::Less, true) => "早于",
                (Ordering::AtMost, true) => "不晚于",
                (Ordering::Greater, true) => "晚于",
                (Ordering::AtLeast, true) => "不早于",
            };
            format!("{field}{word}{right}")
        }
        Test::Interval { low, high } => {
            let low = low.as_ref().map(|(end, inside)| format!("{}{}", if *inside { "不低于" } else { "大于" }, value(end)));
            let high = high.as_ref().map(|(end, inside)| format!("{}{}", if *inside { "不超过" } else { "小于" }, value(end)));
            let ends: Vec<String> = low.into_iter().chain(high).collect();
            format!("{field}{}", ends.join("且"))
        }
        Test::Missing => format!("{field}未填"),
        Test::Present => format!("{field}已填"),
        Test::Like(pattern) => format!("{field}形如「{pattern}」"),
    }
}

/// A constant as the workbook would show it.
pub fn literal_in(literal: &Literal, ty: Option<FieldType>) -> String {
    match (literal, ty) {
        (Literal::Number(number), Some(FieldType::Money)) => format!(" {} 元", readable(number)),
        (Literal::Number(number), Some(FieldType::Percent)) => format!(" {}%", (number * rust_decimal::Decimal::ONE_HUNDRED).normalize()),
        (Literal::Number(seconds), Some(FieldType::Time)) => format!(" {} ", clock(seconds)),
        (Literal::Number(number), _) => format!(" {} ", readable(number)),
        (Literal::Text(text), _) => text.clone(),
        (other, _) => format!(" {} ", plain(other)),
    }
}

/// With its thousands apart where it is long; a year is not.
fn readable(number: &rust_decimal::Decimal) -> String {
    let digits = number.normalize().to_string();
    if number.abs() < rust_decimal::Decimal::from(10_000) { digits } else { crate::ledger::grouped(&digits) }
}

fn plain(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Number(number) => number.normalize().to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::Datetime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Literal::Bool(true) => "是".to_owned(),
        Literal::Bool(false) => "否".to_owned(),
    }
}
