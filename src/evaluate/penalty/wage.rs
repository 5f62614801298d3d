//! What shares are of: a field of the row, or the wage that another table holds about the person and the month.

use polars::prelude::*;

use crate::evaluate::civil;
use crate::evaluate::fields::{Fields, Lack, both};
use crate::evaluate::judged::{At, Context};
use crate::evaluate::lower::day_of;
use crate::normalise::Table;
use crate::rules::kinds::{Penalty, Wage};

/// `Decimal`, null where none is found.
pub(super) const WAGE: &str = "_k.wage";
/// `Boolean`: the other table says two different things.
const TWO: &str = "_k.wage.two";
const MONTH: &str = "_k.wage.month";

/// The table with [`WAGE`], where the rule asks for one.
pub(super) fn add(context: &Context, table: &Table, rule: &Penalty) -> PolarsResult<Option<Table>> {
    let Some(wage) = &rule.wage else { return Ok(None) };
    let frame = match &wage.link {
        Some(_) => joined(context, table, rule, wage)?,
        None => {
            let wage = Fields::new(&table.frame).column(&wage.field)?;
            table.frame.lazy().with_columns([wage.alias(WAGE), lit(false).alias(TWO)])
        }
    };
    Ok(Some(Table { frame: frame.collect()?.into(), ..table.clone() }))
}

fn joined(context: &Context, table: &Table, rule: &Penalty, wage: &Wage) -> PolarsResult<LazyFrame> {
    let own = Fields::new(&table.frame);
    let at = At::of(context, table, &own, rule.at.as_ref())?;
    let link = wage.link.as_ref().ok_or_else(|| polars_err!(ComputeError: "没有写从哪张表取工资"))?;
    let other = context.tables.get(&link.dataset).ok_or_else(|| polars_err!(ComputeError: "没有数据表「{}」", link.dataset))?;
    let theirs = Fields::new(&other.frame);
    let mut rows = table.frame.lazy();
    let mut left: Vec<Expr> = link.on.iter().map(|(own, _)| col(own.as_str())).collect();
    let mut keys: Vec<Expr> = link.on.iter().map(|(_, theirs)| col(theirs.as_str())).collect();
    if let Some(month) = &wage.month {
        rows = rows.with_column(civil::month(super::day_of(&at, "按月取工资")?).alias(MONTH));
        left.push(col(MONTH));
        keys.push(civil::month(day_of(theirs.column(month)?, &theirs.dtype(month)?)));
    }
    let named = |at: usize| format!("_k.wage.on{at}");
    let keys: Vec<Expr> = keys.into_iter().enumerate().map(|(at, key)| key.alias(named(at))).collect();
    let names: Vec<Expr> = (0..keys.len()).map(|at| col(named(at))).collect();
    let value = theirs.column(&wage.field)?.alias(WAGE);
    let found = other.frame.lazy().select([keys, vec![value]].concat()).filter(col(WAGE).is_not_null()).group_by(names.clone());
    let found = found.agg([col(WAGE).min(), col(WAGE).min().neq(col(WAGE).max()).alias(TWO)]);
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    Ok(rows.join(found, left, names, how))
}

/// A base of shares, and what it lacks.
pub(super) fn base(of: &str, wage: Option<&Wage>, fields: &Fields) -> PolarsResult<(Expr, DataType, Lack)> {
    let Some(wage) = wage.filter(|wage| wage.field == of) else {
        return Ok((fields.column(of)?, fields.dtype(of)?, fields.lack(of)?));
    };
    let Some(link) = &wage.link else {
        return Ok((fields.column(WAGE)?, fields.dtype(WAGE)?, fields.lack(of)?));
    };
    let none = fields
        .reason(col(WAGE).is_null(), format!("「{}」里没有当事人{}的{of}", link.dataset, if wage.month.is_some() { "当月" } else { "" }));
    let two = fields.reason(col(TWO).fill_null(lit(false)), format!("「{}」里当事人的{of}不止一个数", link.dataset));
    Ok((fields.column(WAGE)?, fields.dtype(WAGE)?, both(Some(none), Some(two))))
}
