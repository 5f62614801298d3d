//! Long details that are made part by part: a million rows with all their columns need not be there at once.

use std::sync::{Arc, OnceLock};

use polars::prelude::*;

use super::judged::{Context, Judged, column};
use super::{judge_rows, judged_table, lines};
use crate::diag::{Code, Diag};
use crate::normalise::{Frame, Table};
use crate::rules::Kind;

/// Rows of a detail that are made together: it has many columns.
const ROWS: usize = 1 << 14;
/// Rows that are judged together: what is worked out of them stays near the processor, and planning costs little beside it.
const JUDGED: usize = 1 << 17;
/// A table of no more rows is made once and kept.
const FEW: usize = 4 * ROWS;

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
    /// Numbers of the rows.
    fn rows(&self, frame: &Frame) -> PolarsResult<IdxCa> {
        let texts = frame.column(&self.field)?;
        let is_kept = texts.as_materialized_series().str()?.equal(self.value.as_str());
        Ok((0..).zip(is_kept.iter()).filter(|(_, kept)| *kept == Some(true)).map(|(row, _)| row).collect_ca("row".into()))
    }

    /// The rows themselves, some at a time.
    fn each(&self, frame: &Frame, mut visit: impl FnMut(Frame) -> Result<(), Diag>) -> Result<(), Diag> {
        let fault = |error: PolarsError| Diag::error(Code::RuleFault, format!("按「{}」分不开明细：{error}", self.field));
        let rows = self.rows(frame).map_err(fault)?;
        (0..rows.len()).step_by(ROWS).try_for_each(|first| visit(frame.take(&rows.slice(first as i64, ROWS)).map_err(fault)?))
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
        let opened = |error| Diag::error(Code::RuleFault, format!("明细表打不开：{error}"));
        let make = move |only: Option<&Only>, visit: &mut Visit<'_>| match only {
            Some(only) => only.each(&frame.clone().into(), |part| visit(&part.lazy().collect().map_err(opened)?)),
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
        let kept: OnceLock<Vec<DataFrame>> = OnceLock::new();
        let each = move |only: Option<&Only>, visit: &mut Visit<'_>| {
            let made = |first| make(&part(&table, first, ROWS));
            let mut parts = (0..table.frame.height()).step_by(ROWS);
            match (only, kept.get()) {
                (Some(only), _) => only.each(&table.frame, |frame| visit(&make(&Table { frame, ..table.clone() })?)),
                (None, Some(kept)) => kept.iter().try_for_each(visit),
                (None, None) if table.frame.height() > FEW => parts.try_for_each(|first| visit(&made(first)?)),
                (None, None) => {
                    let frames = parts.map(made).collect::<Result<Vec<_>, Diag>>()?;
                    kept.get_or_init(|| frames).iter().try_for_each(visit)
                }
            }
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
    let Some(long) = judged_table(context).filter(|table| one_by_one && table.frame.height() > JUDGED) else {
        let mut judged = narrow(context)?;
        judged.iter_mut().for_each(lines::compact);
        return Ok(judged);
    };
    let mut whole: Option<Judged> = None;
    for first in (0..long.frame.height()).step_by(JUDGED) {
        let rows = part(long, first, JUDGED);
        let context = Context { part: Some(&rows), first_row: first as u32, ..*context };
        let Some(judged) = narrow(&context)? else { return Ok(None) };
        match &mut whole {
            None => whole = Some(judged),
            Some(whole) => {
                lines::append(&mut whole.frame, judged.frame)?;
                whole.receipts.extend(judged.receipts);
            }
        }
    }
    // which lines are wanted is asked of all of them; the rest is read of few
    whole.as_mut().map_or(Ok(()), |whole| lines::compact_column(&mut whole.frame, column::OUTCOME))?;
    Ok(whole)
}

fn narrow(context: &Context) -> PolarsResult<Option<Judged>> {
    let mut judged = judge_rows(context)?.map(|(_, judged)| judged);
    judged.as_mut().map_or(Ok(()), lines::narrow)?;
    Ok(judged)
}

fn part(table: &Table, first: usize, rows: usize) -> Table {
    Table { frame: table.frame.slice(first, rows), ..table.clone() }
}
