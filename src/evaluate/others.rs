//! What other rules of the pack say, for the rules that build on them.

use polars::prelude::*;

use super::judge_rows;
use super::judged::{Context, Judged, column, outcome};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::{Rule, Status};

pub(super) struct Other<'a> {
    pub rule: &'a Rule,
    pub table: &'a Table,
    pub judged: Judged,
}

impl Other<'_> {
    /// [`column::ROW`] of the rows with this outcome.
    pub(super) fn rows(&self, wanted: Outcome) -> LazyFrame {
        let wanted = col(column::OUTCOME).eq(outcome(wanted)).and(col(column::ROW).is_not_null());
        self.judged.frame.clone().lazy().filter(wanted).select([col(column::ROW)])
    }
}

/// A rule over this horizon; `None` where it is silent or looked at nothing.
pub(super) fn judged<'a>(context: &Context<'a>, id: &str) -> PolarsResult<Option<Other<'a>>> {
    let named = context.pack.rules.iter().find(|rule| rule.head.id == id);
    let Some(rule) = named.filter(|rule| !context.prepared.is_silent(rule)) else { return Ok(None) };
    let judged = judge_rows(&Context { rule, ..*context })?.filter(|(_, judged)| judged.frame.width() > 0);
    Ok(judged.map(|(table, judged)| Other { rule, table, judged }))
}

/// The same, for what costs somebody something: a rule on trial charges nobody.
pub(super) fn charging<'a>(context: &Context<'a>, id: &str) -> PolarsResult<Option<Other<'a>>> {
    Ok(judged(context, id)?.filter(|other| other.rule.head.status != Status::Preview))
}
