//! What is penalised: rows of the month, or those about which other rules found a breach.

use polars::prelude::*;

use crate::evaluate::fields::Fields;
use crate::evaluate::judged::{At, Context, column, outcome};
use crate::evaluate::lower::small;
use crate::evaluate::{Horizon, judge_rows};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Status;
use crate::rules::kinds::{Base, Penalty};

pub(super) struct Looked {
    pub at: At,
    /// Rows of this period.
    pub within: Expr,
    /// Rows of any period that may count as a time.
    pub ever: Expr,
}

pub(super) fn look(context: &Context, table: &Table, rule: &Penalty, fields: &Fields) -> PolarsResult<Looked> {
    let at = At::of(context, table, fields, rule.at.as_ref())?;
    let Base::Findings { rules, .. } = &rule.base else {
        return Ok(Looked { within: at.within(context.horizon), ever: at.seen.clone().fill_null(lit(true)), at });
    };
    // the findings are of this period already
    let within = among(breached(context, table, rules)?);
    let ever = match rule.terms.versions.first() {
        Some(first) if rule.counts() => {
            let mut period = context.horizon.period;
            period.first = period.first.min(first.from);
            let horizon = Horizon { period, ..*context.horizon };
            among(breached(&Context { horizon: &horizon, ..*context }, table, rules)?)
        }
        _ => within.clone(),
    };
    let at = match &rule.at {
        Some(_) => at,
        None => At { day: at.day.map(|day| day.fill_null(small(context.as_of_day()))), lack: None, ..at },
    };
    Ok(Looked { at, within, ever })
}

fn among(rows: Series) -> Expr {
    if rows.is_empty() { lit(false) } else { col(column::ROW).is_in(lit(rows).implode(false), false) }
}

/// Rows of `table` about which one of the rules found a breach. Rules on trial penalise nobody.
fn breached(context: &Context, table: &Table, rules: &[String]) -> PolarsResult<Series> {
    let mut found: Option<Series> = None;
    for id in rules {
        let Some(rule) = context.pack.rules.iter().find(|rule| rule.head.id == *id) else { continue };
        if rule.head.status == Status::Preview {
            continue;
        }
        let Some((other, judged)) = judge_rows(&Context { rule, ..*context })? else { continue };
        let rows = judged.frame.lazy().filter(col(column::OUTCOME).eq(outcome(Outcome::Breached))).select([col(column::ROW)]);
        let rows = if other.dataset.name == table.dataset.name { rows.collect()? } else { alike(rows, other, table)? };
        let rows = rows.column(column::ROW)?.as_materialized_series().drop_nulls();
        found = Some(match found.take() {
            Some(mut known) => known.append(&rows)?.clone(),
            None => rows,
        });
    }
    Ok(found.unwrap_or_else(|| Series::new_empty(column::ROW.into(), &DataType::UInt32)))
}

/// Rows of `table` with the key of the breached rows of another one.
fn alike(rows: LazyFrame, other: &Table, table: &Table) -> PolarsResult<DataFrame> {
    let shared: Vec<Expr> = other.dataset.key.iter().filter(|key| table.frame.column(key).is_ok()).map(|key| col(key.as_str())).collect();
    if shared.is_empty() {
        polars_bail!(ComputeError: "{} 与 {} 没有共同的主键字段", other.dataset.name, table.dataset.name);
    }
    let keys = other.frame.clone().lazy().with_row_index(column::ROW, None).join(
        rows,
        [col(column::ROW)],
        [col(column::ROW)],
        JoinArgs::new(JoinType::Semi),
    );
    table
        .frame
        .clone()
        .lazy()
        .with_row_index(column::ROW, None)
        .join(keys, shared.clone(), shared, JoinArgs::new(JoinType::Semi))
        .select([col(column::ROW)])
        .collect()
}
