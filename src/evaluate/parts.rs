//! Long details that are made part by part: a million rows with all their columns need not be there at once.

use polars::prelude::DataFrame;

use crate::diag::Diag;
use crate::normalise::Table;

/// Rows of a table that are looked at together.
const ROWS: usize = 1 << 16;

type Visit<'v> = dyn FnMut(&DataFrame) -> Result<(), Diag> + 'v;
type Make<'a> = dyn Fn(&mut Visit<'_>) -> Result<(), Diag> + Send + Sync + 'a;

/// A table that is made anew, a part at a time, whenever somebody reads it.
pub struct Parts<'a> {
    /// The columns, without rows.
    pub shape: DataFrame,
    make: Box<Make<'a>>,
}

impl std::fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Parts").field(&self.shape.schema()).finish()
    }
}

impl From<DataFrame> for Parts<'_> {
    fn from(frame: DataFrame) -> Self {
        Self { shape: frame.clear(), make: Box::new(move |visit| visit(&frame)) }
    }
}

impl<'a> Parts<'a> {
    /// What `make` makes of `table`, some of its rows at a time. It is tried without any row at once, so that what is wrong with a
    /// rule shows before anything is written.
    pub(super) fn new(table: Table, make: impl Fn(&Table) -> Result<DataFrame, Diag> + Send + Sync + 'a) -> Result<Self, Diag> {
        let shape = make(&part(&table, 0, 0))?;
        let each = move |visit: &mut Visit<'_>| {
            (0..table.frame.height()).step_by(ROWS).try_for_each(|first| visit(&make(&part(&table, first, ROWS))?))
        };
        Ok(Self { shape, make: Box::new(each) })
    }

    /// The rows in their order; a part may be empty.
    pub fn each(&self, mut visit: impl FnMut(&DataFrame) -> Result<(), Diag>) -> Result<(), Diag> {
        (self.make)(&mut visit)
    }
}

fn part(table: &Table, first: usize, rows: usize) -> Table {
    Table { frame: table.frame.slice(first as i64, rows), ..table.clone() }
}
