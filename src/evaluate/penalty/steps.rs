//! The row of a version that applies: what it costs, and whether it imposes anything at all.

use polars::prelude::*;

use super::{FEN, fen, times, wage};
use crate::evaluate::fields::{Fields, Lack, bits, both};
use crate::evaluate::formula::round;
use crate::evaluate::lower::{PRECISION, choose, decimal_or_err, long, null_of, small};
use crate::evaluate::predicate::{Answer, Stage};
use crate::evaluate::version::first_hit;
use crate::rules::kinds::{Amount, Penalty, PenaltyRow, Wage};

/// An entry a version.
#[derive(Default)]
pub(super) struct Steps {
    /// Yuan, rounded half up to the fen.
    pub amounts: Vec<Expr>,
    /// Number of the row, counted through all versions.
    pub numbers: Vec<Expr>,
    pub imposes: Vec<Expr>,
    pub beyond: Vec<Expr>,
    pub lacks: Vec<Lack>,
}

pub(super) fn of(rule: &Penalty, stage: &mut Stage, fields: &Fields) -> PolarsResult<Steps> {
    let mut steps = Steps::default();
    let mut first = 0;
    for version in &rule.terms.versions {
        let terms = &version.body;
        let lack = steps.add(&terms.rows, first, rule.wage.as_ref(), stage, fields)?;
        let cap = match &terms.cap {
            Some(Amount::Share { of, .. }) => wage::base(of, rule.wage.as_ref(), fields)?.2,
            _ => None,
        };
        steps.lacks.push(both(lack, cap));
        first += terms.rows.len();
    }
    Ok(steps)
}

impl Steps {
    fn add(&mut self, rows: &[PenaltyRow], first: usize, wage: Option<&Wage>, stage: &mut Stage, fields: &Fields) -> PolarsResult<Lack> {
        let (mut amounts, mut numbers, mut imposes, mut beyond, mut lacks) = <(Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
        for (row, number) in rows.iter().zip(first..) {
            let when = match row.times {
                Some(bounds) => {
                    let from = col(times::TIMES).gt_eq(small(i32::try_from(bounds.low).unwrap_or(i32::MAX)));
                    let to = bounds.high.map(|high| col(times::TIMES).lt_eq(small(i32::try_from(high).unwrap_or(i32::MAX))));
                    Answer { value: to.into_iter().fold(from, Expr::and).fill_null(lit(false)), lack: None }
                }
                None => stage.condition(&row.when)?,
            };
            let cost = match &row.sanction.amount {
                Some(amount) => cost(amount, wage, fields)?,
                None => Cost { yuan: null_of(fen()), open: lit(false), beyond: lit(false), lack: None },
            };
            amounts.push((when.clone(), cost.yuan));
            numbers.push((when.clone(), small(i32::try_from(number).unwrap_or(i32::MAX))));
            imposes.push((when.clone(), cost.open.or(lit(!row.sanction.actions.is_empty()))));
            beyond.push((when.clone(), cost.beyond));
            lacks.push((when, bits(cost.lack)));
        }
        let (amount, before) = first_hit(amounts, fen());
        self.amounts.push(amount);
        self.numbers.push(first_hit(numbers, DataType::Int32).0);
        self.imposes.push(first_hit(imposes, DataType::Boolean).0);
        self.beyond.push(first_hit(beyond, DataType::Boolean).0);
        let base = first_hit(lacks, DataType::Int64).0.fill_null(long(0));
        Ok(both(before, Some(base)))
    }
}

struct Cost {
    yuan: Expr,
    /// Nobody has said yet how much.
    open: Expr,
    /// The record says something that the clause does not allow.
    beyond: Expr,
    lack: Lack,
}

fn cost(amount: &Amount, wage: Option<&Wage>, fields: &Fields) -> PolarsResult<Cost> {
    let settled = |yuan: Expr, lack: Lack| Cost { yuan, open: lit(false), beyond: lit(false), lack };
    Ok(match amount {
        Amount::Fixed(_) | Amount::Share { .. } => {
            let (yuan, lack) = figure(amount, wage, fields)?;
            settled(yuan, lack)
        }
        Amount::Range { given: None, .. } => Cost { open: lit(true), ..settled(null_of(fen()), None) },
        Amount::Range { low, high, given: Some(field) } => {
            let given = fields.column(field)?.cast(DataType::Decimal(PRECISION, 4));
            let below = given.clone().lt(decimal_or_err(*low, 4)?);
            let above = match high {
                Some(high) => given.clone().gt(decimal_or_err(*high, 4)?),
                None => lit(false),
            };
            let beyond = below.or(above).fill_null(lit(false));
            Cost { yuan: round(given.clone(), FEN).cast(fen()), open: given.is_null(), beyond, lack: None }
        }
    })
}

/// Yuan where they are known beforehand.
pub(super) fn figure(amount: &Amount, wage: Option<&Wage>, fields: &Fields) -> PolarsResult<(Expr, Lack)> {
    Ok(match amount {
        Amount::Fixed(yuan) => (decimal_or_err(*yuan, FEN)?, None),
        Amount::Share { of, rate } => {
            let (base, dtype, lack) = wage::base(of, wage, fields)?;
            let scale = match dtype {
                DataType::Decimal(_, scale) => scale,
                _ => 0,
            };
            let digits = scale + rate.normalize().scale() as usize;
            let product = base.cast(DataType::Decimal(PRECISION, digits)) * decimal_or_err(*rate, digits)?;
            (round(product, FEN).cast(fen()), lack)
        }
        Amount::Range { .. } => (null_of(fen()), None),
    })
}

/// The lesser of the two; the first where the other is null.
pub(super) fn least(one: Expr, other: Expr) -> Expr {
    choose([(other.clone().lt(one.clone()), other)], one)
}
