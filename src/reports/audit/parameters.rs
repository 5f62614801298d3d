//! A rule's parameters in a few words.

use chrono::NaiveDate;

use crate::rules::kinds::{Kind, Layout, Sanction, Token};
use crate::rules::{Condition, Literal, Operand, Ordering, Rule, Test};

/// Of the version in force on `day`.
pub fn text(rule: &Rule, day: NaiveDate) -> String {
    match &rule.kind {
        Kind::Deadline(deadline) => match (&deadline.due, deadline.limits.on(day)) {
            (Some(field), _) => format!("不晚于「{field}」"),
            (None, Some(version)) => join(version.body.iter().map(|row| prefixed(&row.when, &format!("{}内", row.limit.chinese())))),
            (None, None) => String::new(),
        },
        Kind::Approval(approval) => {
            let rows = approval.tables.on(day).map(|v| v.body.rows.as_slice()).unwrap_or_default();
            join(rows.iter().map(|row| prefixed(&row.when, &format!("至少{}", row.at_least))))
        }
        Kind::Require(require) => {
            let rows = require.rows.on(day).map(|v| v.body.as_slice()).unwrap_or_default();
            join(rows.iter().map(|row| {
                let mut wants = Vec::new();
                if !row.present.is_empty() {
                    wants.push(format!("须填 {}", row.present.join("、")));
                }
                if !row.holds.is_always() {
                    wants.push(format!("须合 {}", condition(&row.holds)));
                }
                prefixed(&row.when, &wants.join(","))
            }))
        }
        Kind::Sequence(sequence) => sequence.templates.on(day).map_or_else(String::new, |version| {
            let tokens = version.body.tokens.iter().map(|token| match token {
                Token::Text(text) => text.clone(),
                Token::Year4 => "四位年".to_owned(),
                Token::Year2 => "两位年".to_owned(),
                Token::Month2 => "两位月".to_owned(),
                Token::Sequence(digits) => format!("{digits} 位流水"),
            });
            format!("{}({}),每月从 1 起", sequence.number, tokens.collect::<Vec<_>>().join("+"))
        }),
        Kind::Derive(derive) => format!("算出「{}」", derive.field),
        Kind::Penalty(penalty) => {
            let rows = penalty.rows.on(day).map(|v| v.body.as_slice()).unwrap_or_default();
            join(rows.iter().map(|row| {
                let sanction = match &row.sanction {
                    Sanction::Fixed(yuan) => format!("{yuan} 元"),
                    Sanction::Share { of, rate } => format!("{of} × {}%", (*rate * rust_decimal::Decimal::ONE_HUNDRED).normalize()),
                };
                prefixed(&row.when, &sanction)
            }))
        }
        Kind::Notice(notice) if notice.copies.is_empty() => String::new(),
        Kind::Notice(notice) => format!("份别 {}", notice.copies.join("、")),
        Kind::Statistic(statistic) => match &statistic.layout {
            Layout::Summary { groups, .. } => format!("按 {} 分组", groups.join("、")),
            Layout::Register { .. } => "逐案登记".to_owned(),
        },
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

fn prefixed(when: &Condition, what: &str) -> String {
    if when.is_always() { what.to_owned() } else { format!("{}:{what}", condition(when)) }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => parts.iter().map(self::condition).collect::<Vec<_>>().join(" 且 "),
        Condition::Any(parts) => format!("({})", parts.iter().map(self::condition).collect::<Vec<_>>().join(" 或 ")),
        Condition::Not(part) => format!("非({})", self::condition(part)),
        Condition::Cell { field, test } => cell(field, test),
    }
}

fn cell(field: &str, test: &Test) -> String {
    match test {
        Test::OneOf(values) => format!("{field}={}", values.iter().map(literal).collect::<Vec<_>>().join("/")),
        Test::Compare(ordering, operand) => {
            let sign = match ordering {
                Ordering::Less => "<",
                Ordering::AtMost => "≤",
                Ordering::Greater => ">",
                Ordering::AtLeast => "≥",
                Ordering::NotEqual => "≠",
            };
            let operand = match operand {
                Operand::Literal(value) => literal(value),
                Operand::Field(name) => name.clone(),
            };
            format!("{field}{sign}{operand}")
        }
        Test::Interval { low, high } => {
            let low = low.as_ref().map(|(value, inside)| format!("{}{}", literal(value), if *inside { "≤" } else { "<" }));
            let high = high.as_ref().map(|(value, inside)| format!("{}{}", if *inside { "≤" } else { "<" }, literal(value)));
            format!("{}{field}{}", low.unwrap_or_default(), high.unwrap_or_default())
        }
        Test::Missing => format!("{field}为空"),
        Test::Present => format!("{field}不为空"),
        Test::Like(pattern) => format!("{field}形如 {pattern}"),
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Number(number) => crate::reports::text::grouped(&number.normalize().to_string()),
        Literal::Date(date) => date.to_string(),
        Literal::Datetime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Literal::Bool(true) => "是".to_owned(),
        Literal::Bool(false) => "否".to_owned(),
    }
}
