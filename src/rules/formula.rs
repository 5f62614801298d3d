//! Formulas of `[[derive]]`: SQL arithmetic over fields, parsed and typed when the pack loads.

use std::fmt;

use rust_decimal::Decimal;

use super::{Dataset, FieldType, Ordering};

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

impl From<Ordering> for Operator {
    fn from(ordering: Ordering) -> Self {
        match ordering {
            Ordering::Less => Operator::Less,
            Ordering::AtMost => Operator::AtMost,
            Ordering::Greater => Operator::Greater,
            Ordering::AtLeast => Operator::AtLeast,
            Ordering::NotEqual => Operator::NotEqual,
        }
    }
}

impl Operator {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "×",
            Operator::Divide => "÷",
            Operator::Equal => "=",
            Operator::NotEqual => "≠",
            Operator::Less => "<",
            Operator::AtMost => "≤",
            Operator::Greater => ">",
            Operator::AtLeast => "≥",
            Operator::And => "且",
            Operator::Or => "或",
        }
    }

    /// A larger number binds tighter.
    fn strength(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal | Operator::NotEqual | Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast => 3,
            Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide => 5,
        }
    }
}

impl Formula {
    /// Whether something is divided in it.
    pub fn divides(&self) -> bool {
        match self {
            Formula::Field(_) | Formula::Number(_) | Formula::Text(_) | Formula::Null => false,
            Formula::Binary { operator, left, right } => *operator == Operator::Divide || left.divides() || right.divides(),
            Formula::Negate(inner) | Formula::Not(inner) | Formula::IsNull(inner) | Formula::Round(inner, _) => inner.divides(),
            Formula::Case { branches, otherwise } => {
                otherwise.divides() || branches.iter().any(|(when, then)| when.divides() || then.divides())
            }
            Formula::Coalesce(parts) | Formula::Least(parts) | Formula::Greatest(parts) => parts.iter().any(Formula::divides),
        }
    }

    /// Made of amounts alone: a product with a quantity would be money as well, a quotient of two amounts would not.
    pub fn is_money(&self, dataset: &Dataset) -> bool {
        let fields = self.fields();
        let money = |name: &&str| dataset.field(name).is_some_and(|field| field.ty == FieldType::Money);
        !fields.is_empty() && fields.iter().all(money) && !self.divides()
    }

    /// The fields that it reads, as often as it names them.
    pub fn fields(&self) -> Vec<&str> {
        fn of(parts: [&Formula; 2]) -> Vec<&str> {
            parts.into_iter().flat_map(Formula::fields).collect()
        }
        match self {
            Formula::Field(name) => vec![name],
            Formula::Number(_) | Formula::Text(_) | Formula::Null => Vec::new(),
            Formula::Negate(inner) | Formula::Not(inner) | Formula::IsNull(inner) | Formula::Round(inner, _) => inner.fields(),
            Formula::Binary { left, right, .. } => of([left, right]),
            Formula::Case { branches, otherwise } => {
                branches.iter().flat_map(|(when, then)| of([when, then])).chain(otherwise.fields()).collect()
            }
            Formula::Coalesce(parts) | Formula::Least(parts) | Formula::Greatest(parts) => parts.iter().flat_map(Formula::fields).collect(),
        }
    }
}

impl fmt::Display for Formula {
    /// As a reader of policy would write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, name: &str, parts: &[Formula]| -> fmt::Result {
            let parts: Vec<String> = parts.iter().map(Formula::to_string).collect();
            write!(f, "{name}（{}）", parts.join("，"))
        };
        match self {
            Formula::Field(name) => f.write_str(name),
            Formula::Number(number) => write!(f, "{}", number.normalize()),
            Formula::Text(text) => write!(f, "「{text}」"),
            Formula::Null => f.write_str("空"),
            Formula::Negate(inner) => match **inner {
                Formula::Binary { .. } => write!(f, "-（{inner}）"),
                _ => write!(f, "-{inner}"),
            },
            Formula::Not(inner) => write!(f, "非（{inner}）"),
            Formula::IsNull(inner) => write!(f, "{inner} 未填"),
            Formula::Coalesce(parts) => match parts.as_slice() {
                [value, Formula::Number(number)] => write!(f, "{value}（未填按 {}）", number.normalize()),
                parts => list(f, "首个有值", parts),
            },
            Formula::Round(inner, digits) => write!(f, "四舍五入到 {digits} 位小数（{inner}）"),
            Formula::Least(parts) => list(f, "最小", parts),
            Formula::Greatest(parts) => list(f, "最大", parts),
            Formula::Case { branches, otherwise } => {
                for (when, then) in branches {
                    write!(f, "{when} 时为 {then}；")?;
                }
                match **otherwise {
                    Formula::Null => f.write_str("其余为空"),
                    ref other => write!(f, "其余为 {other}"),
                }
            }
            Formula::Binary { operator, left, right } => {
                let side = |f: &mut fmt::Formatter<'_>, part: &Formula, strict: bool| match part {
                    Formula::Binary { operator: inner, .. }
                        if inner.strength() < operator.strength() || (strict && inner.strength() == operator.strength()) =>
                    {
                        write!(f, "（{part}）")
                    }
                    _ => write!(f, "{part}"),
                };
                side(f, left, false)?;
                write!(f, " {} ", operator.sign())?;
                side(f, right, true)
            }
        }
    }
}
