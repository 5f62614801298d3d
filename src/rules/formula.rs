//! Formulas of `[[derive]]`: SQL arithmetic over fields, parsed and typed when the pack loads.

use rust_decimal::Decimal;

/// A checked formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    Field(String),
    Number(Decimal),
    Text(String),
    Null,
    Negate(Box<Formula>),
    Binary {
        operator: Operator,
        left: Box<Formula>,
        right: Box<Formula>,
    },
    Not(Box<Formula>),
    IsNull(Box<Formula>),
    /// `CASE WHEN … THEN … ELSE … END`; without `ELSE` the rest is null.
    Case {
        branches: Vec<(Formula, Formula)>,
        otherwise: Box<Formula>,
    },
    Coalesce(Vec<Formula>),
    /// Half up, away from zero.
    Round(Box<Formula>, u32),
    Least(Vec<Formula>),
    Greatest(Vec<Formula>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    And,
    Or,
}
