//! What is penalised: rows of the month, or those about which other rules found a breach.

use polars::prelude::*;

use crate::evaluate::fields::Fields;
use crate::evaluate::judged::{At, Context, column};
use crate::evaluate::lower::{among, choose, null_of, small};
use crate::evaluate::others;
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Base, Penalty};

pub(super) struct Looked {
    pub at: At,
    /// Rows of this period.
    pub within: Expr,
    /// Rows of any period that may count as a time.
    pub ever: Expr,
    /// Those of them that nobody doubts.
    pub sure: Expr,
}

pub(super) fn look(context: &Context, table: &Table, rule: &Penalty, fields: &Fields) -> PolarsResult<Looked> {
    let at = At::of(context, table, fields, rule.at.as_ref())?;
    let Base::Findings { rules, .. } = &rule.base else {
        return Ok(Looked { within: at.within(context.horizon), ever: at.seen.clone().fill_null(lit(true)), sure: lit(true), at });
    };
    // the findings are of this period already
    let Found { breached: within, .. } = found(context, table, rules)?;
    let (sure, ever) = match rule.terms.versions.first() {
        Some(first) if rule.counts() => {
            let horizon = context.horizon.since(first.from);
            let Found { breached, doubtful } = found(&Context { horizon: &horizon, ..*context }, table, rules)?;
            (breached.clone(), breached.or(doubtful))
        }
        _ => (within.clone(), within.clone()),
    };
    let at = match &rule.at {
        Some(_) => at,
        None => {
            let today = choose([(within.clone(), small(context.as_of_day()))], null_of(DataType::Int32));
            At { day: at.day.map(|day| day.fill_null(today)), lack: None, ..at }
        }
    };
    Ok(Looked { at, within, ever, sure })
}

/// Rows of a table about which one of some rules found a breach, and about which one could not say.
struct Found {
    breached: Expr,
    doubtful: Expr,
}

fn found(context: &Context, table: &Table, rules: &[String]) -> PolarsResult<Found> {
    let mut found = Found { breached: lit(false), doubtful: lit(false) };
    for id in rules {
        let Some(other) = others::charging(context, id)? else { continue };
        let rows = |wanted: Outcome| {
            let rows = other.rows(wanted);
            let own = other.table.dataset.name == table.dataset.name;
            among(column::ROW, if own { rows.collect()? } else { alike(rows, other.table, table)? })
        };
        found.breached = found.breached.or(rows(Outcome::Breached)?);
        found.doubtful = found.doubtful.or(rows(Outcome::Indeterminate)?);
    }
    Ok(found)
}

/// Rows of `table` with the key of these rows of another one.
fn alike(rows: LazyFrame, other: &Table, table: &Table) -> PolarsResult<DataFrame> {
    let shared: Vec<Expr> = other.dataset.key.iter().filter(|key| table.frame.has(key)).map(|key| col(key.as_str())).collect();
    if shared.is_empty() {
        polars_bail!(ComputeError: "{} 与 {} 没有共同的主键字段", other.dataset.name, table.dataset.name);
    }
    let keys = other.frame.lazy().with_row_index(column::ROW, None).join(
        rows,
        [col(column::ROW)],
        [col(column::ROW)],
        JoinArgs::new(JoinType::Semi),
    );
    table
        .frame
        .lazy()
        .with_row_index(column::ROW, None)
        .join(keys, shared.clone(), shared, JoinArgs::new(JoinType::Semi))
        .select([col(column::ROW)])
        .collect()
}
