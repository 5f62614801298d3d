//! Formulas as expressions. Products keep every digit of both factors, so that only `ROUND` rounds.

use polars::prelude::*;

use super::fields::{Fields, Lack, all, bits, both, only_where};
use super::lower::{PRECISION, choose, decimal_or_err, long, null_of};
use super::predicate::alike;
use crate::rules::{Formula, Operator};

/// Digits that a quotient keeps behind the point.
const QUOTIENT: usize = 16;
/// Beyond this a product is rounded before it is multiplied on.
const WIDEST: usize = 24;

/// A formula's value, its type, and what it would have needed where it is null for want of a field.
#[derive(Clone)]
pub(super) struct Value {
    pub expr: Expr,
    pub dtype: DataType,
    pub lack: Lack,
}

impl Value {
    fn plain(expr: Expr, dtype: DataType) -> Self {
        Self { expr, dtype, lack: None }
    }

    fn scale(&self) -> Option<usize> {
        match self.dtype {
            DataType::Decimal(_, scale) => Some(scale),
            _ => None,
        }
    }

    /// The same number with so many digits; fewer ones round half up.
    fn at_scale(&self, scale: usize) -> Expr {
        match self.scale() {
            Some(now) if now == scale => self.expr.clone(),
            Some(now) if now > scale => round(self.expr.clone(), scale).cast(decimal_type(scale)),
            _ => self.expr.clone().cast(decimal_type(scale)),
        }
    }
}

fn decimal_type(scale: usize) -> DataType {
    DataType::Decimal(PRECISION, scale)
}

/// Half up, away from zero.
pub(super) fn round(expr: Expr, digits: usize) -> Expr {
    expr.round(u32::try_from(digits).unwrap_or(u32::MAX), RoundMode::HalfAwayFromZero)
}

/// Digits of a figure that is shown; a quotient has more.
const SHOWN: usize = 8;

/// The type of a figure in a verdict.
pub(super) fn figure_type(dtype: &DataType) -> DataType {
    match dtype {
        DataType::Decimal(_, scale) => decimal_type((*scale).min(SHOWN)),
        _ => decimal_type(0),
    }
}

/// A number as a figure of a verdict.
pub(super) fn figure(value: &Value) -> Expr {
    value.at_scale(value.scale().unwrap_or(0).min(SHOWN))
}

/// The value as a column of `dtype`, null where something needed is missing.
pub(super) fn column(formula: &Formula, fields: &Fields, dtype: &DataType) -> PolarsResult<Value> {
    let value = lower(formula, fields)?;
    let expr = match dtype {
        DataType::Decimal(_, scale) if value.dtype.is_decimal() => value.at_scale(*scale),
        DataType::Int64 if value.dtype.is_decimal() => value.at_scale(0).cast(DataType::Int64),
        _ => value.expr.clone().cast(dtype.clone()),
    };
    let lack = value.lack;
    let expr = match &lack {
        Some(lack) => choose([(lack.clone().eq(long(0)), expr)], null_of(dtype.clone())),
        None => expr,
    };
    Ok(Value { expr, dtype: dtype.clone(), lack })
}

pub(super) fn lower(formula: &Formula, fields: &Fields) -> PolarsResult<Value> {
    Ok(match formula {
        Formula::Field(field) => {
            let (expr, dtype) = (fields.column(field)?, fields.dtype(field)?);
            let lack = fields.lack(field)?;
            match dtype {
                DataType::Int64 | DataType::Int32 => Value { expr: expr.cast(decimal_type(0)), dtype: decimal_type(0), lack },
                dtype => Value { expr, dtype, lack },
            }
        }
        Formula::Number(number) => {
            let scale = number.normalize().scale() as usize;
            Value::plain(decimal_or_err(*number, scale)?, decimal_type(scale))
        }
        Formula::Text(text) => Value::plain(lit(text.as_str()), DataType::String),
        Formula::Null => Value::plain(null_of(DataType::Null), DataType::Null),
        Formula::Negate(inner) => {
            let inner = lower(inner, fields)?;
            let zero = decimal_or_err(rust_decimal::Decimal::ZERO, inner.scale().unwrap_or(0))?;
            Value { expr: zero - inner.expr.clone(), ..inner }
        }
        Formula::Binary { operator, left, right } => binary(*operator, lower(left, fields)?, lower(right, fields)?, fields)?,
        Formula::Not(inner) => {
            let inner = lower(inner, fields)?;
            Value { expr: inner.expr.not(), ..inner }
        }
        Formula::IsNull(inner) => Value::plain(lower(inner, fields)?.expr.is_null(), DataType::Boolean),
        Formula::Case { branches, otherwise } => case(branches, otherwise, fields)?,
        Formula::Coalesce(parts) => coalesce(&lower_all(parts, fields)?),
        Formula::Round(inner, digits) => {
            let (inner, digits) = (lower(inner, fields)?, *digits as usize);
            match inner.scale() {
                Some(scale) if scale > digits => Value { expr: inner.at_scale(digits), dtype: decimal_type(digits), lack: inner.lack },
                _ => inner,
            }
        }
        Formula::Least(parts) => extreme(lower_all(parts, fields)?, |a, b| a.lt_eq(b)),
        Formula::Greatest(parts) => extreme(lower_all(parts, fields)?, |a, b| a.gt_eq(b)),
    })
}

fn lower_all(parts: &[Formula], fields: &Fields) -> PolarsResult<Vec<Value>> {
    parts.iter().map(|part| lower(part, fields)).collect()
}

fn binary(operator: Operator, left: Value, right: Value, fields: &Fields) -> PolarsResult<Value> {
    let lack = both(left.lack.clone(), right.lack.clone());
    Ok(match operator {
        Operator::Add | Operator::Subtract => {
            let scale = left.scale().unwrap_or(0).max(right.scale().unwrap_or(0));
            let (l, r) = (left.at_scale(scale), right.at_scale(scale));
            Value { expr: if operator == Operator::Add { l + r } else { l - r }, dtype: decimal_type(scale), lack }
        }
        Operator::Multiply => {
            let (ls, rs) = (left.scale().unwrap_or(0), right.scale().unwrap_or(0));
            let (ls, rs) = if ls + rs > WIDEST { (ls.min(WIDEST / 2), rs.min(WIDEST / 2)) } else { (ls, rs) };
            // polars keeps the larger scale of the two factors and rounds half to even; widened first, nothing is left to round
            let widened = Value::plain(left.at_scale(ls), decimal_type(ls)).at_scale(ls + rs);
            Value { expr: widened * right.at_scale(rs), dtype: decimal_type(ls + rs), lack }
        }
        Operator::Divide => {
            let scale = left.scale().unwrap_or(0).max(right.scale().unwrap_or(0)).max(QUOTIENT);
            let zero = decimal_or_err(rust_decimal::Decimal::ZERO, right.scale().unwrap_or(0))?;
            let by_zero = right.expr.clone().eq(zero);
            let divisor = choose([(by_zero.clone(), null_of(right.dtype.clone()))], right.expr.clone());
            let lack = both(lack, Some(fields.reason(by_zero, "除数为零".to_owned())));
            Value { expr: left.at_scale(scale) / divisor, dtype: decimal_type(scale), lack }
        }
        Operator::And | Operator::Or => {
            let expr = if operator == Operator::And { left.expr.and(right.expr) } else { left.expr.or(right.expr) };
            let lack = only_where(expr.clone().is_null(), lack);
            Value { expr, dtype: DataType::Boolean, lack }
        }
        comparison => {
            let (l, r) = match (left.scale(), right.scale()) {
                (Some(ls), Some(rs)) => (left.at_scale(ls.max(rs)), right.at_scale(ls.max(rs))),
                _ => alike(left.expr, &left.dtype, right.expr, &right.dtype),
            };
            let expr = match comparison {
                Operator::Equal => l.eq(r),
                Operator::NotEqual => l.neq(r),
                Operator::Less => l.lt(r),
                Operator::AtMost => l.lt_eq(r),
                Operator::Greater => l.gt(r),
                _ => l.gt_eq(r),
            };
            Value { expr, dtype: DataType::Boolean, lack }
        }
    })
}

/// Values brought to one type.
fn same_type(values: &[Value]) -> (Vec<Expr>, DataType) {
    let known = values.iter().filter(|value| value.dtype != DataType::Null);
    let dtype = match known.clone().filter_map(Value::scale).max() {
        Some(scale) => decimal_type(scale),
        None => known.clone().next().map_or(DataType::Null, |value| value.dtype.clone()),
    };
    let convert = |value: &Value| match (&dtype, value.scale()) {
        (DataType::Decimal(_, scale), Some(_)) => value.at_scale(*scale),
        _ if value.dtype == DataType::Null => null_of(dtype.clone()),
        _ => value.expr.clone(),
    };
    (values.iter().map(convert).collect(), dtype)
}

/// A branch is asked only where no branch before it holds; only what the way through the branches needs can be lacking.
fn case(branches: &[(Formula, Formula)], otherwise: &Formula, fields: &Fields) -> PolarsResult<Value> {
    let conditions = branches.iter().map(|(condition, _)| lower(condition, fields)).collect::<PolarsResult<Vec<_>>>()?;
    let mut values = branches.iter().map(|(_, value)| lower(value, fields)).collect::<PolarsResult<Vec<_>>>()?;
    values.push(lower(otherwise, fields)?);
    let (exprs, dtype) = same_type(&values);
    let lacking = conditions.iter().chain(&values).any(|value| value.lack.is_some());
    let mut exprs = exprs.into_iter();
    let mut lacks = values.iter().map(|value| value.lack.clone());
    let (mut value_of, mut lack_of) = (Vec::new(), Vec::new());
    for condition in &conditions {
        if let Some(lack) = &condition.lack {
            let undecided = condition.expr.clone().is_null().and(lack.clone().neq(long(0)));
            value_of.push((undecided.clone(), null_of(dtype.clone())));
            lack_of.push((undecided, lack.clone()));
        }
        value_of.extend(exprs.next().map(|value| (condition.expr.clone(), value)));
        lack_of.extend(lacks.next().map(|lack| (condition.expr.clone(), bits(lack))));
    }
    let last = exprs.next().unwrap_or_else(|| null_of(dtype.clone()));
    let lack = lacking.then(|| choose(lack_of, bits(lacks.next().flatten())));
    Ok(Value { expr: choose(value_of, last), dtype, lack })
}

fn coalesce(values: &[Value]) -> Value {
    let (exprs, dtype) = same_type(values);
    let expr = exprs.into_iter().reduce(|first, next| first.fill_null(next)).unwrap_or_else(|| null_of(dtype.clone()));
    let never = values.iter().any(|value| value.lack.is_none() && value.dtype != DataType::Null);
    let lack = if never { None } else { only_where(expr.clone().is_null(), all(values.iter().map(|value| value.lack.clone()))) };
    Value { expr, dtype, lack }
}

fn extreme(values: Vec<Value>, better: fn(Expr, Expr) -> Expr) -> Value {
    let (exprs, dtype) = same_type(&values);
    let lack = all(values.into_iter().map(|value| value.lack));
    let best = exprs.into_iter().reduce(|a, b| choose([(better(a.clone(), b.clone()), a)], b));
    Value { expr: best.unwrap_or_else(|| null_of(dtype.clone())), dtype, lack }
}
