//! A condition put to an example: yes, no, or not to be known from what the example says.

use crate::rules::{Condition, Literal, Operand, Ordering, Test};
use std::cmp::Ordering as Order;

/// `None` is "cannot be known": an empty cell, a comparison with another field.
pub type Truth = Option<bool>;

/// The value of a field in an example: `None` the example does not speak of it, `Some(None)` an empty cell.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<Option<Literal>>;

pub fn holds(condition: &Condition, value: Lookup<'_>) -> Truth {
    match condition {
        Condition::All(parts) => all(parts.iter().map(|part| holds(part, value))),
        Condition::Any(parts) => all(parts.iter().map(|part| holds(part, value).map(|truth| !truth))).map(|truth| !truth),
        Condition::Not(inner) => holds(inner, value).map(|truth| !truth),
        Condition::Formula(_) => None,
        Condition::Cell { field, test } => {
            let value = value(field)?;
            match (test, value) {
                (Test::Missing, value) => Some(value.is_none()),
                (Test::Present, value) => Some(value.is_some()),
                (_, None) => None,
                (test, Some(value)) => passes(test, &value),
            }
        }
    }
}

fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

fn passes(test: &Test, value: &Literal) -> Truth {
    match test {
        Test::OneOf(values) => Some(values.contains(value) || values.iter().any(|v| v.partial_order(value) == Some(Order::Equal))),
        Test::Compare(_, Operand::Field(_)) => None,
        Test::Compare(ordering, Operand::Literal(literal)) => {
            let order = value.partial_order(literal);
            Some(match ordering {
                Ordering::Less => order == Some(Order::Less),
                Ordering::AtMost => matches!(order, Some(Order::Less | Order::Equal)),
                Ordering::Greater => order == Some(Order::Greater),
                Ordering::AtLeast => matches!(order, Some(Order::Greater | Order::Equal)),
                Ordering::NotEqual => order != Some(Order::Equal),
            })
        }
        Test::Interval { low, high } => {
            let above = low.as_ref().is_none_or(|(end, inside)| match value.partial_order(end) {
                Some(Order::Greater) => true,
                Some(Order::Equal) => *inside,
                _ => false,
            });
            let below = high.as_ref().is_none_or(|(end, inside)| match value.partial_order(end) {
                Some(Order::Less) => true,
                Some(Order::Equal) => *inside,
                _ => false,
            });
            Some(above && below)
        }
        Test::Like(pattern) => match value {
            Literal::Text(text) => Some(like(pattern, text)),
            _ => None,
        },
        Test::Missing | Test::Present => None,
    }
}

/// `*` any text, `?` one character.
pub fn like(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    // reached[j]: the pattern so far matches the first j characters.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for sign in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match sign {
                '*' => reached[at] || (at > 0 && next[at - 1]),
                '?' => at > 0 && reached[at - 1],
                other => at > 0 && reached[at - 1] && text[at - 1] == other,
            };
        }
        reached = next;
    }
    reached[text.len()]
}
