//! One dimension of a table of rows, cut at the constants that the rows name: points, and what lies between them.

use chrono::{DateTime, Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::rules::cell::{Family, family};
use crate::rules::{Condition, FieldType, Literal, Operand, ShapeField, Test};

/// A stretch of values that no test of the table can tell apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Atom {
    /// An empty cell.
    Missing,
    Value(Literal),
    /// Between two constants, both outside; `None` is without end.
    Between {
        low: Option<Decimal>,
        high: Option<Decimal>,
    },
    /// A text that no row names.
    OtherText,
}

/// A field and its atoms in order.
#[derive(Debug, Clone)]
pub struct Axis {
    pub field: String,
    pub ty: FieldType,
    pub atoms: Vec<Atom>,
}

/// What a text is called that no row names.
const OTHER: &str = "（其他文字）";

impl Axis {
    /// The dimension of `field` as far as `conditions` look at it.
    pub fn new(field: &ShapeField, conditions: &[&Condition]) -> Self {
        let mut tests = Vec::new();
        conditions.iter().for_each(|condition| collect(condition, &field.name, &mut tests));
        let asks_missing = tests.iter().any(|test| matches!(test, Test::Missing | Test::Present));
        let mut atoms = if asks_missing { vec![Atom::Missing] } else { Vec::new() };
        match family(field.ty) {
            Family::Bool => atoms.extend([true, false].map(|value| Atom::Value(Literal::Bool(value)))),
            Family::Text if !field.values.is_empty() => {
                atoms.extend(field.values.iter().map(|value| Atom::Value(Literal::Text(value.clone()))));
            }
            Family::Text => {
                let mut texts: Vec<String> = tests.iter().flat_map(|test| texts_of(test)).collect();
                texts.sort();
                texts.dedup();
                atoms.extend(texts.into_iter().map(|text| Atom::Value(Literal::Text(text))));
                atoms.push(Atom::OtherText);
            }
            Family::Number | Family::Date => atoms.extend(cut(field.ty, &tests)),
        }
        Self { field: field.name.clone(), ty: field.ty, atoms }
    }

    /// A value inside the atom, as a constant that tests can be put to; `None` for an empty cell.
    pub fn example(&self, atom: &Atom) -> Option<Literal> {
        match atom {
            Atom::Missing => None,
            Atom::Value(literal) => Some(literal.clone()),
            Atom::OtherText => Some(Literal::Text(OTHER.to_owned())),
            Atom::Between { low, high } => {
                let inner = match (low, high, step(self.ty)) {
                    (Some(low), _, Some(step)) => low + step,
                    (None, Some(high), Some(step)) => high - step,
                    (Some(low), Some(high), None) => (low + high) / Decimal::TWO,
                    (Some(low), None, None) => low + Decimal::ONE,
                    (None, Some(high), None) => high - Decimal::ONE,
                    (None, None, _) => Decimal::ZERO,
                };
                literal(self.ty, inner)
            }
        }
    }
}

/// Every field that a condition looks at, in order of first appearance.
pub fn fields_of(condition: &Condition, into: &mut Vec<String>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| fields_of(part, into)),
        Condition::Not(inner) => fields_of(inner, into),
        Condition::Cell { field, .. } if !into.contains(field) => into.push(field.clone()),
        Condition::Cell { .. } | Condition::Formula(_) => {}
    }
}

fn collect<'c>(condition: &'c Condition, name: &str, into: &mut Vec<&'c Test>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, name, into)),
        Condition::Not(inner) => collect(inner, name, into),
        Condition::Cell { field, test } if field == name => into.push(test),
        Condition::Cell { .. } | Condition::Formula(_) => {}
    }
}

/// The constants of a test.
pub fn constants(test: &Test) -> Vec<&Literal> {
    match test {
        Test::OneOf(values) => values.iter().collect(),
        Test::Compare(_, Operand::Literal(value)) => vec![value],
        Test::Interval { low, high } => low.iter().chain(high).map(|(value, _)| value).collect(),
        Test::Compare(_, Operand::Field(_)) | Test::Missing | Test::Present | Test::Like(_) => Vec::new(),
    }
}

fn texts_of(test: &Test) -> Vec<String> {
    if let Test::Like(pattern) = test {
        return vec![pattern.replace('*', "").replace('?', "某")];
    }
    let text = |literal: &Literal| match literal {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    };
    constants(test).into_iter().filter_map(text).collect()
}

fn cut(ty: FieldType, tests: &[&Test]) -> Vec<Atom> {
    let mut points: Vec<Decimal> = tests.iter().flat_map(|test| constants(test)).filter_map(ordinal).collect();
    points.sort_unstable();
    points.dedup();
    let mut atoms = Vec::new();
    let mut low: Option<Decimal> = None;
    for point in points {
        atoms.extend(between(ty, low, Some(point)));
        atoms.extend(literal(ty, point).map(Atom::Value));
        low = Some(point);
    }
    atoms.extend(between(ty, low, None));
    atoms
}

/// `None` where nothing lies between two constants: `3` and `4` of whole numbers.
fn between(ty: FieldType, low: Option<Decimal>, high: Option<Decimal>) -> Option<Atom> {
    if let (Some(low), Some(high), Some(step)) = (low, high, step(ty))
        && low + step >= high
    {
        return None;
    }
    Some(Atom::Between { low, high })
}

/// The smallest difference between two values of a type; `None` where there is none.
pub fn step(ty: FieldType) -> Option<Decimal> {
    match ty {
        FieldType::Int | FieldType::Date | FieldType::Datetime | FieldType::Time => Some(Decimal::ONE),
        FieldType::Money => Some(Decimal::new(1, 2)),
        _ => None,
    }
}

/// A place on the number line: numbers themselves, dates by day, moments by second.
pub fn ordinal(literal: &Literal) -> Option<Decimal> {
    match literal {
        Literal::Number(number) => Some(*number),
        Literal::Date(date) => Some(Decimal::from(date.num_days_from_ce())),
        Literal::Datetime(at) => Some(Decimal::from(at.and_utc().timestamp())),
        Literal::Text(_) | Literal::Bool(_) => None,
    }
}

pub fn literal(ty: FieldType, ordinal: Decimal) -> Option<Literal> {
    use rust_decimal::prelude::ToPrimitive;
    match ty {
        FieldType::Date => NaiveDate::from_num_days_from_ce_opt(ordinal.to_i32()?).map(Literal::Date),
        FieldType::Datetime => Some(Literal::Datetime(DateTime::from_timestamp(ordinal.to_i64()?, 0)?.naive_utc())),
        _ => Some(Literal::Number(ordinal)),
    }
}
