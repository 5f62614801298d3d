//! Values of cells and formulas, and what operators make of them.

use std::cmp::Ordering;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::bits::Bits;
use super::parse::Operator;

/// One value, as a spreadsheet program knows it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    Empty,
    Number(Decimal),
    Text(Rc<str>),
    Bool(bool),
    /// `#VALUE!`, `#DIV/0!`, …
    Error(&'static str),
}

pub const VALUE: Scalar = Scalar::Error("#VALUE!");
pub const ABSENT: Scalar = Scalar::Error("#N/A");
pub const DIVISION: Scalar = Scalar::Error("#DIV/0!");
pub const OVERFLOW: Scalar = Scalar::Error("#NUM!");

/// A column or block of values, row by row.
#[derive(Debug, Clone)]
pub enum Array {
    Cells(Vec<Scalar>),
    /// Yes and no. Where `counts`, as 1 and 0: a product of conditions; otherwise logical values, which sums pass over.
    Flags {
        bits: Bits,
        counts: bool,
    },
}

#[derive(Debug, Clone)]
pub enum Value {
    One(Scalar),
    Many(Rc<Array>),
}

impl Array {
    pub fn len(&self) -> usize {
        match self {
            Array::Cells(cells) => cells.len(),
            Array::Flags { bits, .. } => bits.len(),
        }
    }

    pub fn get(&self, at: usize) -> Scalar {
        match self {
            Array::Cells(cells) => cells.get(at).cloned().unwrap_or(VALUE),
            Array::Flags { bits, counts: true } => Scalar::Number(Decimal::from(u8::from(bits.get(at)))),
            Array::Flags { bits, counts: false } => Scalar::Bool(bits.get(at)),
        }
    }
}

impl Scalar {
    pub fn text(text: &str) -> Self {
        Scalar::Text(text.into())
    }

    /// What arithmetic takes it for.
    pub fn number(&self) -> Result<Decimal, Scalar> {
        match self {
            Scalar::Empty => Ok(Decimal::ZERO),
            Scalar::Number(number) => Ok(*number),
            Scalar::Bool(yes) => Ok(Decimal::from(u8::from(*yes))),
            Scalar::Text(text) => text.parse().map_err(|_| VALUE),
            Scalar::Error(_) => Err(self.clone()),
        }
    }

    pub fn truth(&self) -> Result<bool, Scalar> {
        match self {
            Scalar::Text(_) => Err(VALUE),
            other => other.number().map(|number| !number.is_zero()),
        }
    }

    fn written(&self) -> Result<String, Scalar> {
        match self {
            Scalar::Empty => Ok(String::new()),
            Scalar::Number(number) => Ok(number.normalize().to_string()),
            Scalar::Text(text) => Ok(text.to_string()),
            Scalar::Bool(yes) => Ok(if *yes { "TRUE" } else { "FALSE" }.to_owned()),
            Scalar::Error(_) => Err(self.clone()),
        }
    }

    /// Numbers before texts before logical values; texts without regard to case; an empty cell is what the other side needs.
    fn compare(&self, other: &Scalar) -> Result<Ordering, Scalar> {
        use Scalar::{Bool, Empty, Error, Number, Text};
        let zero = Number(Decimal::ZERO);
        Ok(match (self, other) {
            (Error(_), _) => return Err(self.clone()),
            (_, Error(_)) => return Err(other.clone()),
            (Empty, Empty) => Ordering::Equal,
            (Empty, Text(text)) => "".cmp(text),
            (Text(text), Empty) => (**text).cmp(""),
            (Empty, Bool(yes)) => false.cmp(yes),
            (Bool(yes), Empty) => yes.cmp(&false),
            (Empty, Number(_)) => return zero.compare(other),
            (Number(_), Empty) => return self.compare(&zero),
            (Number(a), Number(b)) => a.cmp(b),
            (Text(a), Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
            (Bool(a), Bool(b)) => a.cmp(b),
            (Number(_), _) | (Text(_), Bool(_)) => Ordering::Less,
            (_, Number(_)) | (Bool(_), Text(_)) => Ordering::Greater,
        })
    }

    fn binary(&self, operator: Operator, other: &Scalar) -> Result<Scalar, Scalar> {
        let compared = |right: fn(Ordering) -> bool| self.compare(other).map(|order| Scalar::Bool(right(order)));
        let overflow = || OVERFLOW;
        match operator {
            Operator::Equal => compared(Ordering::is_eq),
            Operator::Unequal => compared(Ordering::is_ne),
            Operator::Less => compared(Ordering::is_lt),
            Operator::AtMost => compared(Ordering::is_le),
            Operator::Greater => compared(Ordering::is_gt),
            Operator::AtLeast => compared(Ordering::is_ge),
            Operator::Join => Ok(Scalar::text(&format!("{}{}", self.written()?, other.written()?))),
            Operator::Add => self.number()?.checked_add(other.number()?).map(Scalar::Number).ok_or_else(overflow),
            Operator::Subtract => self.number()?.checked_sub(other.number()?).map(Scalar::Number).ok_or_else(overflow),
            Operator::Multiply => self.number()?.checked_mul(other.number()?).map(Scalar::Number).ok_or_else(overflow),
            Operator::Divide => {
                let (part, whole) = (self.number()?, other.number()?);
                if whole.is_zero() { Err(DIVISION) } else { part.checked_div(whole).map(Scalar::Number).ok_or_else(overflow) }
            }
        }
    }
}

/// Both sides of the same length, or one of them single.
pub fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    let of = |a: &Scalar, b: &Scalar| a.binary(operator, b).unwrap_or_else(|error| error);
    match (left, right) {
        (Value::One(a), Value::One(b)) => Value::One(of(a, b)),
        (Value::Many(a), Value::One(b)) => array(a.len(), |at| of(&a.get(at), b)),
        (Value::One(a), Value::Many(b)) => array(b.len(), |at| of(a, &b.get(at))),
        (Value::Many(a), Value::Many(b)) if a.len() != b.len() => Value::One(VALUE),
        (Value::Many(a), Value::Many(b)) => match (&**a, &**b, operator) {
            (Array::Flags { bits: a, .. }, Array::Flags { bits: b, .. }, Operator::Multiply) => {
                Value::Many(Rc::new(Array::Flags { bits: a.and(b), counts: true }))
            }
            _ => array(a.len(), |at| of(&a.get(at), &b.get(at))),
        },
    }
}

/// Values one by one; kept as flags where all of them are logical.
pub fn array(len: usize, value: impl Fn(usize) -> Scalar) -> Value {
    let cells: Vec<Scalar> = (0..len).map(value).collect();
    let logical = cells.iter().all(|cell| matches!(cell, Scalar::Bool(_)));
    Value::Many(Rc::new(match logical {
        true => Array::Flags { bits: Bits::new(len, |at| cells.get(at) == Some(&Scalar::Bool(true))), counts: false },
        false => Array::Cells(cells),
    }))
}
