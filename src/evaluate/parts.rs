//! Long details that are made part by part: a million rows with all their columns need not be there at once.

use std::sync::Arc;

use polars::prelude::*;

use super::judged::{Context, Judged, column};
use super::{judge_rows, judged_table, lines};
use crate::diag::{Code, Diag};
use crate::normalise::Table;
use crate::rules::Kind;

/// Rows of a table that are looked at together.
const ROWS: usize = 1 << 14;

type Visit<'v> = dyn FnMut(&DataFrame) -> Result<(), Diag> + 'v;
type Make<'a> = dyn Fn(Option<&Only>, &mut Visit<'_>) -> Result<(), Diag> + Send + Sync + 'a;

/// A table that is made anew, a part at a time, whenever somebody reads it.
#[derive(Clone)]
pub struct Parts<'a> {
    /// The columns, without rows.
    pub shape: DataFrame,
    make: Arc<Make<'a>>,
    only: Option<Only>,
}

/// The rows in which a text field has this value.
#[derive(Debug, Clone)]
struct Only {
    field: String,
    value: String,
}

impl Only {
    fn of(&self, frame: &DataFrame) -> Result<DataFrame, Diag> {
        let kept = || frame.filter(&frame.column(&self.field)?.as_materialized_series().str()?.equal(self.value.as_str()));
        kept().map_err(|error: PolarsError| Diag::error(Code::RuleFault, format!("按「{}」分不开明细：{error}", self.field)))
    }
}

impl std::fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Parts").field(&self.shape.schema()).finish()
    }
}

impl From<DataFrame> for Parts<'_> {
    fn from(frame: DataFrame) -> Self {
        let shape = frame.clear();
        let make = move |only: Option<&Only>, visit: &mut Visit<'_>| match only {
            Some(only) => visit(&only.of(&frame)?),
            None => visit(&frame),
        };
        Self { shape, make: Arc::new(make), only: None }
    }
}

impl<'a> Parts<'a> {
    /// What `make` makes of `table`, some of its rows at a time. It is tried without any row at once, so that what is wrong with a
    /// rule shows before anything is written.
    pub(super) fn new(table: Table, make: impl Fn(&Table) -> Result<DataFrame, Diag> + Send + Sync + 'a) -> Result<Self, Diag> {
        let shape = make(&part(&table, 0, 0))?;
        let each = move |only: Option<&Only>, visit: &mut Visit<'_>| {
            (0..table.frame.height()).step_by(ROWS).try_for_each(|first| {
                let part = part(&table, first, ROWS);
                let part = match only {
                    Some(only) => Table { frame: only.of(&part.frame)?, ..part },
                    None => part,
                };
                if part.frame.height() == 0 { Ok(()) } else { visit(&make(&part)?) }
            })
        };
        Ok(Self { shape, make: Arc::new(each), only: None })
    }

    /// Of the rows of the table that it is made from, those in which a text field has this value.
    #[must_use]
    pub fn only(&self, field: &str, value: &str) -> Self {
        Self { only: Some(Only { field: field.to_owned(), value: value.to_owned() }), ..self.clone() }
    }

    /// The rows in their order.
    pub fn each(&self, mut visit: impl FnMut(&DataFrame) -> Result<(), Diag>) -> Result<(), Diag> {
        (self.make)(self.only.as_ref(), &mut visit)
    }
}

/// A rule over its dataset, its verdicts narrow. Where each row is judged by itself a long table is judged part by part: what is
/// worked out on the way is then no longer than a part.
pub(super) fn judge(context: &Context) -> PolarsResult<Option<Judged>> {
    let one_by_one = match &context.rule.kind {
        Kind::Deadline(_) | Kind::Require(_) => true,
        Kind::Derive(rule) => rule.apportion.is_none(),
        _ => false,
    };
    let Some(long) = judged_table(context).filter(|table| one_by_one && table.frame.height() > ROWS) else {
        return narrow(context);
    };
    let mut whole: Option<Judged> = None;
    for first in (0..long.frame.height()).step_by(ROWS) {
        let Some(mut judged) = narrow(&Context { part: Some(&part(long, first, ROWS)), ..*context })? else { return Ok(None) };
        let offset = lit(Scalar::from(first as u32));
        let frame = judged.frame.lazy().with_column((col(column::ROW) + offset).alias(column::ROW)).collect()?;
        match &mut whole {
            None => {
                judged.frame = frame;
                whole = Some(judged);
            }
            Some(whole) => drop(whole.frame.vstack_mut_owned(frame)?),
        }
    }
    Ok(whole)
}

fn narrow(context: &Context) -> PolarsResult<Option<Judged>> {
    let mut judged = judge_rows(context)?.map(|(_, judged)| judged);
    judged.as_mut().map_or(Ok(()), lines::narrow)?;
    Ok(judged)
}

fn part(table: &Table, first: usize, rows: usize) -> Table {
    Table { frame: table.frame.slice(first as i64, rows), ..table.clone() }
}
