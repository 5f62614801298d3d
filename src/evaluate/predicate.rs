//! Conditions as expressions of three values: true, false, and null where the fields that are there do not decide.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use polars::prelude::*;

use super::fields::{Fields, Lack, all};
use super::formula;
use super::lower::{choose, decimal_or_err, long, small};
use crate::rules::{Condition, Literal, Operand, Ordering, Test};

/// A condition's answer, and what it would have needed where the answer is null.
#[derive(Clone)]
pub(super) struct Answer {
    pub value: Expr,
    pub lack: Lack,
}

impl Answer {
    /// True, unless it is known to be false.
    pub(super) fn may_hold(&self) -> Expr {
        self.value.clone().fill_null(lit(true))
    }

    /// Known and true.
    pub(super) fn holds(&self) -> Expr {
        self.value.clone().fill_null(lit(false))
    }

    pub(super) fn unknown(&self) -> Expr {
        self.value.clone().is_null()
    }
}

/// Conditions that are computed once, as columns of their own, and then named.
pub(super) struct Stage<'a> {
    fields: &'a Fields<'a>,
    prefix: &'static str,
    seen: Vec<(Condition, Answer)>,
    columns: Vec<Expr>,
}

impl<'a> Stage<'a> {
    /// `prefix` keeps the columns of two stages over one frame apart.
    pub(super) fn new(fields: &'a Fields<'a>, prefix: &'static str) -> Self {
        Self { fields, prefix, seen: Vec::new(), columns: Vec::new() }
    }

    /// An answer over a column that [`Stage::columns`] makes.
    pub(super) fn condition(&mut self, condition: &Condition) -> PolarsResult<Answer> {
        if condition.is_always() {
            return Ok(Answer { value: lit(true), lack: None });
        }
        if let Some((_, answer)) = self.seen.iter().find(|(seen, _)| seen == condition) {
            return Ok(answer.clone());
        }
        let lowered = lower(condition, self.fields)?;
        let name = format!("{}{}", self.prefix, self.seen.len());
        let value = col(name.as_str());
        self.columns.push(lowered.value.alias(name.as_str()));
        let lack = lowered.lack.map(|lack| choose([(value.clone().is_null(), lack)], long(0)));
        let answer = Answer { value, lack };
        self.seen.push((condition.clone(), answer.clone()));
        Ok(answer)
    }

    pub(super) fn columns(self) -> Vec<Expr> {
        self.columns
    }
}

/// The answer itself; its `lack` names every empty field that the condition reads, and means something only where the answer is null.
pub(super) fn lower(condition: &Condition, fields: &Fields) -> PolarsResult<Answer> {
    let mut needed = Needed::default();
    let value = value(condition, fields, &mut needed)?;
    let lacks = needed.fields.iter().map(|field| fields.lack(field)).collect::<PolarsResult<Vec<_>>>()?;
    Ok(Answer { value, lack: all(lacks.into_iter().chain(needed.formulas)) })
}

/// What a condition reads.
#[derive(Default)]
struct Needed {
    fields: BTreeSet<String>,
    formulas: Vec<Lack>,
}

fn value(condition: &Condition, fields: &Fields, needed: &mut Needed) -> PolarsResult<Expr> {
    let mut join = |parts: &[Condition], empty: bool, with: fn(Expr, Expr) -> Expr| {
        let parts = parts.iter().map(|part| value(part, fields, needed)).collect::<PolarsResult<Vec<_>>>()?;
        PolarsResult::Ok(parts.into_iter().reduce(with).unwrap_or_else(|| lit(empty)))
    };
    Ok(match condition {
        Condition::All(parts) => join(parts, true, |a, b| a.and(b))?,
        Condition::Any(parts) => join(parts, false, |a, b| a.or(b))?,
        Condition::Not(inner) => value(inner, fields, needed)?.not(),
        Condition::Cell { field, test } => cell(field, test, fields, needed)?,
        Condition::Formula(formula) => {
            let value = formula::lower(formula, fields)?;
            needed.formulas.push(value.lack);
            value.expr
        }
    })
}

fn cell(field: &str, test: &Test, fields: &Fields, needed: &mut Needed) -> PolarsResult<Expr> {
    let column = fields.column(field)?;
    let dtype = fields.dtype(field)?;
    if !matches!(test, Test::Missing | Test::Present) {
        needed.fields.insert(field.to_owned());
    }
    Ok(match test {
        Test::Missing => column.is_null(),
        Test::Present => column.is_not_null(),
        Test::OneOf(values) => {
            let equal = values.iter().map(|v| Ok(column.clone().eq(literal(v, &dtype)?))).collect::<PolarsResult<Vec<_>>>()?;
            equal.into_iter().reduce(|a, b| a.or(b)).unwrap_or_else(|| lit(false))
        }
        Test::Compare(ordering, Operand::Literal(value)) => compare(*ordering, column, literal(value, &dtype)?),
        Test::Compare(ordering, Operand::Field(other)) => {
            needed.fields.insert(other.clone());
            let (left, right) = alike(column, &dtype, fields.column(other)?, &fields.dtype(other)?);
            compare(*ordering, left, right)
        }
        Test::Interval { low, high } => {
            let low = low.as_ref().map(|(value, inside)| {
                let ordering = if *inside { Ordering::AtLeast } else { Ordering::Greater };
                PolarsResult::Ok(compare(ordering, column.clone(), literal(value, &dtype)?))
            });
            let high = high.as_ref().map(|(value, inside)| {
                let ordering = if *inside { Ordering::AtMost } else { Ordering::Less };
                PolarsResult::Ok(compare(ordering, column.clone(), literal(value, &dtype)?))
            });
            match (low.transpose()?, high.transpose()?) {
                (Some(low), Some(high)) => low.and(high),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => column.is_not_null(),
            }
        }
        Test::Like(pattern) => column.str().contains(lit(regex(pattern)), true),
    })
}

pub(super) fn compare(ordering: Ordering, left: Expr, right: Expr) -> Expr {
    match ordering {
        Ordering::Less => left.lt(right),
        Ordering::AtMost => left.lt_eq(right),
        Ordering::Greater => left.gt(right),
        Ordering::AtLeast => left.gt_eq(right),
        Ordering::NotEqual => left.neq(right),
    }
}

/// A date beside a date-time becomes its midnight; numbers of different kinds meet as decimals.
pub(super) fn alike(left: Expr, left_type: &DataType, right: Expr, right_type: &DataType) -> (Expr, Expr) {
    match (left_type, right_type) {
        (DataType::Date, DataType::Datetime(..)) => (left.cast(right_type.clone()), right),
        (DataType::Datetime(..), DataType::Date) => (left, right.cast(left_type.clone())),
        (DataType::Int64, DataType::Decimal(..)) => (left.cast(right_type.clone()), right),
        (DataType::Decimal(..), DataType::Int64) => (left, right.cast(left_type.clone())),
        _ => (left, right),
    }
}

/// A constant in the column's own type, so that the column need not be converted.
pub(super) fn literal(value: &Literal, dtype: &DataType) -> PolarsResult<Expr> {
    Ok(match value {
        Literal::Text(text) => lit(text.as_str()),
        Literal::Bool(yes) => lit(*yes),
        Literal::Number(number) => match dtype {
            DataType::Decimal(_, scale) => decimal_or_err(*number, *scale)?,
            DataType::Int64 if number.fract().is_zero() => long(i64::try_from(*number).unwrap_or(i64::MAX)),
            DataType::Int32 if number.fract().is_zero() => small(i32::try_from(*number).unwrap_or(i32::MAX)),
            _ => decimal_or_err(*number, 0)?,
        },
        Literal::Date(date) if matches!(dtype, DataType::Datetime(..)) => moment(date.and_time(NaiveTime::MIN)),
        Literal::Date(date) => day(*date),
        Literal::Datetime(at) if matches!(dtype, DataType::Date) => day(at.date()),
        Literal::Datetime(at) => moment(*at),
    })
}

fn day(date: NaiveDate) -> Expr {
    lit(Scalar::new(DataType::Date, AnyValue::Date(date.to_epoch_days())))
}

fn moment(at: NaiveDateTime) -> Expr {
    let millis = at.and_utc().timestamp_millis();
    lit(Scalar::new(DataType::Datetime(TimeUnit::Milliseconds, None), AnyValue::Datetime(millis, TimeUnit::Milliseconds, None)))
}

/// `*` any text, `?` one character, the whole cell.
fn regex(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    for c in pattern.chars() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            c => push_plain(&mut regex, c),
        }
    }
    regex.push('$');
    regex
}

/// A character as itself.
pub(super) fn push_plain(regex: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        regex.push('\\');
    }
    regex.push(c);
}
