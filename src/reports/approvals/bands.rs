//! The post that a row of an approval table asks for, for show: verdicts come from the evaluation alone.

use rust_decimal::Decimal;

use crate::reports::sheet::Value;
use crate::rules::kinds::{ApprovalTable, Hit};
use crate::rules::{Condition, Literal, Operand, Ordering, Test};

/// Empty where no row applies for certain, or where the table takes the highest of several.
pub fn required<'m>(table: &'m ApprovalTable, value: &dyn Fn(&str) -> Option<Value<'m>>) -> &'m str {
    if table.hit == Hit::Highest {
        return "";
    }
    for row in &table.rows {
        match holds(&row.when, value) {
            Some(true) => return &row.at_least,
            Some(false) => {}
            None => return "",
        }
    }
    ""
}

/// `None`: not to be said from single cells.
fn holds<'m>(condition: &Condition, value: &dyn Fn(&str) -> Option<Value<'m>>) -> Option<bool> {
    match condition {
        Condition::All(parts) => parts.iter().try_fold(true, |all, part| Some(all && holds(part, value)?)),
        Condition::Any(parts) => parts.iter().try_fold(false, |any, part| Some(any || holds(part, value)?)),
        Condition::Not(part) => Some(!holds(part, value)?),
        Condition::Cell { field, test } => cell(&value(field)?, test),
        Condition::Formula(_) => None,
    }
}

fn cell(value: &Value<'_>, test: &Test) -> Option<bool> {
    match (value, test) {
        (Value::Text(text), Test::OneOf(known)) => Some(known.iter().any(|k| matches!(k, Literal::Text(k) if k == text))),
        (value, Test::Interval { low, high }) => {
            let number = number(value)?;
            let above = low.as_ref().map(|(end, inside)| beyond(number, end, *inside)).unwrap_or(Some(true))?;
            let below = high.as_ref().map(|(end, inside)| beyond(-number, &negated(end)?, *inside)).unwrap_or(Some(true))?;
            Some(above && below)
        }
        (value, Test::Compare(ordering, Operand::Literal(Literal::Number(other)))) => {
            let number = number(value)?;
            Some(match ordering {
                Ordering::Less => number < *other,
                Ordering::AtMost => number <= *other,
                Ordering::Greater => number > *other,
                Ordering::AtLeast => number >= *other,
                Ordering::NotEqual => number != *other,
            })
        }
        _ => None,
    }
}

fn number(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Int(int) => Some((*int).into()),
        _ => None,
    }
}

/// Above the lower end of an interval.
fn beyond(number: Decimal, end: &Literal, inside: bool) -> Option<bool> {
    match end {
        Literal::Number(end) => Some(number > *end || inside && number == *end),
        _ => None,
    }
}

fn negated(end: &Literal) -> Option<Literal> {
    match end {
        Literal::Number(end) => Some(Literal::Number(-*end)),
        _ => None,
    }
}
