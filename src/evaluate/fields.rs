//! Which fields a rule reads, and which of them a row lacks.

use std::cell::RefCell;

use polars::prelude::*;

use super::judged::Context;
use super::lower::{choose, long};
use crate::normalise::{Columns, Table};

/// A set of bits a row (`Int64`): what was needed and is not there. `None`: nothing can be missing.
pub(super) type Lack = Option<Expr>;

/// The most reasons that are told apart; further ones share the last bit.
const BITS: usize = 62;

/// One table's columns, as far as a rule reads them.
pub(super) struct Fields<'a> {
    frame: &'a dyn Columns,
    /// All rows, where `frame` has only some of them: what may be missing, and by which bit, does not change from part to part.
    whole: &'a dyn Columns,
    first_row: u32,
    reasons: RefCell<Vec<String>>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(frame: &'a dyn Columns) -> Self {
        Self { frame, whole: frame, first_row: 0, reasons: RefCell::default() }
    }

    /// Of a table, or of a part of one.
    pub(super) fn of(context: &Context<'a>, table: &'a Table) -> Self {
        let whole = context.tables.get(&table.dataset.name).map_or(&table.frame, |whole| &whole.frame);
        Self { frame: &table.frame, whole, first_row: context.first_row, reasons: RefCell::default() }
    }

    /// Of a frame made out of another one, whose reasons keep their bits.
    pub(super) fn after(frame: &'a dyn Columns, reasons: Vec<String>) -> Self {
        Self { frame, whole: frame, first_row: 0, reasons: RefCell::new(reasons) }
    }

    /// Number of the first row in the whole table.
    pub(super) fn first_row(&self) -> u32 {
        self.first_row
    }

    pub(super) fn dtype(&self, field: &str) -> PolarsResult<DataType> {
        self.frame.dtype(field)
    }

    /// The column itself; an error where the table has none of that name.
    pub(super) fn column(&self, field: &str) -> PolarsResult<Expr> {
        self.frame.dtype(field)?;
        Ok(col(field))
    }

    /// Some row's cell is empty.
    pub(super) fn has_gaps(&self, field: &str) -> PolarsResult<bool> {
        Ok(self.whole.null_count(field)? > 0)
    }

    /// No row has anything in it: what would be asked of it need not be planned.
    pub(super) fn is_blank(&self, field: &str) -> PolarsResult<bool> {
        Ok(self.whole.null_count(field)? == self.whole.height())
    }

    /// The bit of a field where it is empty.
    pub(super) fn lack(&self, field: &str) -> PolarsResult<Lack> {
        if !self.has_gaps(field)? {
            return Ok(None);
        }
        let column = self.column(field)?;
        Ok(Some(self.reason(column.is_null(), format!("{field} 为空"))))
    }

    /// The bit of a Chinese phrase where `holds`.
    pub(super) fn reason(&self, holds: Expr, phrase: String) -> Expr {
        let mut reasons = self.reasons.borrow_mut();
        let index = reasons.iter().position(|known| *known == phrase).unwrap_or_else(|| {
            reasons.push(phrase);
            reasons.len() - 1
        });
        choose([(holds, long(1 << index.min(BITS - 1)))], long(0))
    }

    /// One phrase a bit, in order.
    pub(super) fn reasons(&self) -> Vec<String> {
        let mut reasons = self.reasons.borrow().clone();
        if reasons.len() > BITS {
            let rest = reasons.split_off(BITS - 1).join("或");
            reasons.push(rest);
        }
        reasons
    }
}

/// What either lacks.
pub(super) fn both(one: Lack, other: Lack) -> Lack {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.or(other)),
        (one, other) => one.or(other),
    }
}

pub(super) fn all(lacks: impl IntoIterator<Item = Lack>) -> Lack {
    lacks.into_iter().fold(None, both)
}

/// `lack` where `condition` is true, else nothing.
pub(super) fn only_where(condition: Expr, lack: Lack) -> Lack {
    lack.map(|lack| choose([(condition, lack)], long(0)))
}

/// As a column: no bit where nothing can be missing.
pub(super) fn bits(lack: Lack) -> Expr {
    lack.unwrap_or_else(|| long(0))
}

/// What any row of a group lacks, out of a column of bits.
pub(super) fn any_of(bits: &str, reasons: usize) -> Expr {
    let each = (0..reasons.min(BITS)).map(|bit| col(bits).and(long(1 << bit)).max());
    each.reduce(|a, b| a + b).unwrap_or_else(|| long(0))
}
