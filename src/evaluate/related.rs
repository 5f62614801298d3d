//! What another table holds about a row, gathered by the key before it is joined: one line a key.

use polars::prelude::*;

use super::checks::Checks;
use super::fields::{Fields, Lack, all, bits, only_where};
use super::judged::Context;
use super::lower::{long, small};
use super::predicate::{Answer, lower};
use crate::normalise::Table;
use crate::rules::kinds::Link;
use crate::rules::words;

/// A join to come.
pub(super) struct Join {
    own: Vec<Expr>,
    theirs: Vec<Expr>,
    frame: LazyFrame,
}

impl Join {
    /// `frame` has a line a key, its columns named as [`Related::keys`] does.
    pub(super) fn new(link: &Link, prefix: &str, frame: LazyFrame) -> Self {
        let own = link.on.iter().map(|(own, _)| col(own.as_str())).collect();
        let theirs = (0..link.on.len()).map(|at| col(format!("{prefix}.on{at}"))).collect();
        Self { own, theirs, frame }
    }

    /// The rows in their order, with the frame's columns; null where it has none of the key.
    pub(super) fn add(self, rows: LazyFrame) -> LazyFrame {
        let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
        rows.join(self.frame, self.own, self.theirs, how)
    }
}

/// The other table of a link.
pub(super) struct Related<'a> {
    pub fields: Fields<'a>,
    pub scope: Answer,
    pub table: &'a Table,
}

impl<'a> Related<'a> {
    pub(super) fn new(context: &Context<'a>, link: &Link) -> PolarsResult<Self> {
        let table = context.tables.get(&link.dataset).ok_or_else(|| polars_err!(ComputeError: "没有数据表「{}」", link.dataset))?;
        let fields = Fields::new(&table.frame);
        let scope = lower(&link.scope, &fields)?;
        Ok(Self { fields, scope, table })
    }

    /// Its rows that may count.
    pub(super) fn rows(&self) -> LazyFrame {
        self.table.frame.lazy().filter(self.scope.may_hold())
    }

    /// The same rows with their number in the table.
    pub(super) fn numbered(&self, name: &str) -> LazyFrame {
        self.table.frame.lazy().with_row_index(name, None).filter(self.scope.may_hold())
    }

    /// The fields of the key, under names that no other join has.
    pub(super) fn keys(link: &Link, prefix: &str) -> Vec<Expr> {
        link.on.iter().enumerate().map(|(at, (_, theirs))| col(theirs.as_str()).alias(format!("{prefix}.on{at}"))).collect()
    }

    /// The row has no whole key, or the other table was not handed in at all.
    pub(super) fn lack(&self, link: &Link, own: &Fields) -> PolarsResult<Lack> {
        let keys = link.on.iter().map(|(field, _)| own.lack(field)).collect::<PolarsResult<Vec<_>>>()?;
        let nothing = (self.table.frame.height() == 0).then(|| own.reason(lit(true), format!("「{}」没有数据", link.dataset)));
        Ok(all(keys.into_iter().chain([nothing])))
    }
}

/// Fails where `when` holds and the other table has no such row; comes back with what that lacks.
pub(super) fn exists(
    context: &Context,
    link: &Link,
    when: &Answer,
    fields: &Fields,
    prefix: &str,
    checks: &mut Checks,
) -> PolarsResult<(Join, Lack)> {
    let related = Related::new(context, link)?;
    let found = format!("{prefix}.found");
    let keys = Related::keys(link, prefix);
    let names: Vec<Expr> = (0..keys.len()).map(|at| col(format!("{prefix}.on{at}"))).collect();
    let sure = related.scope.holds().cast(DataType::Int32).alias(found.as_str());
    let frame = related.rows().select([keys, vec![sure]].concat()).group_by(names).agg([col(found.as_str()).max()]);
    let found = col(found.as_str());
    let lack = related.lack(link, fields)?;
    let known = bits(lack.clone()).eq(long(0));
    let named: Vec<&str> = link.on.iter().map(|(own, _)| own.as_str()).collect();
    let wanted = match link.scope.is_always() {
        true => String::new(),
        false => format!("、{}的行", words::condition(&link.scope, None)),
    };
    checks
        .fail(when.holds().and(known).and(found.clone().is_null()), format!("「{}」里没有这个{}{wanted}", link.dataset, named.join("、")));
    let unsure = fields.reason(found.eq(small(0)).fill_null(lit(false)), format!("「{}」里对应的行条件不明", link.dataset));
    let lack = all([lack, (!link.scope.is_always()).then_some(unsure)]);
    Ok((Join::new(link, prefix, frame), only_where(when.holds(), lack)))
}
