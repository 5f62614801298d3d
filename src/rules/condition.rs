//! Condition cells, checked: `field = test`, all of which hold.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::Formula;

/// When a row of a rule applies. An empty `All` always holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Cell {
        field: String,
        test: Test,
    },
    /// `where_sql`: a formula whose answer is yes or no.
    Formula(Formula),
}

impl Condition {
    pub fn always() -> Self {
        Condition::All(Vec::new())
    }

    pub fn is_always(&self) -> bool {
        matches!(self, Condition::All(parts) if parts.is_empty())
    }
}

/// One cell's test.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equals one of; a single value is a list of one.
    OneOf(Vec<Literal>),
    Compare(Ordering, Operand),
    /// `None` is without end; the flag says whether the end itself is inside.
    Interval {
        low: Option<(Literal, bool)>,
        high: Option<(Literal, bool)>,
    },
    Missing,
    Present,
    /// `*` any text, `?` one character.
    Like(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordering {
    Less,
    AtMost,
    Greater,
    AtLeast,
    NotEqual,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Literal(Literal),
    Field(String),
}

/// A constant of the type of the field that it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
    Datetime(NaiveDateTime),
    Bool(bool),
}

impl Literal {
    /// `None` where the two are of different types or have no order.
    pub fn partial_order(&self, other: &Literal) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Literal::Number(one), Literal::Number(two)) => Some(one.cmp(two)),
            (Literal::Date(one), Literal::Date(two)) => Some(one.cmp(two)),
            (Literal::Datetime(one), Literal::Datetime(two)) => Some(one.cmp(two)),
            (Literal::Text(one), Literal::Text(two)) => (one == two).then_some(std::cmp::Ordering::Equal),
            (Literal::Bool(one), Literal::Bool(two)) => Some(one.cmp(two)),
            _ => None,
        }
    }
}
