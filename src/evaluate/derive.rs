//! Computed fields: added to their table once, judged row by row.

use polars::prelude::*;
use rust_decimal::Decimal;

use super::fields::Fields;
use super::formula::{self, round};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{PRECISION, choose, decimal_or_err, null_of};
use super::predicate::lower;
use super::version::{citations, index, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::{Frame, MONEY_SCALE, PERCENT_SCALE, Table, polars_type};
use crate::rules::Condition;
use crate::rules::kinds::{Apportion, Derive};

/// Shares may miss one whole by so much, for rates that were typed with two digits: 33.33% three times.
const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 4);

/// The table with the field added: null outside the scope, before the first version, and where something needed is missing.
pub(super) fn add(table: &Table, rule: &Derive) -> PolarsResult<Frame> {
    let fields = Fields::new(&table.frame);
    let dtype = polars_type(&rule.ty);
    let formulas = rule.formulas.versions.iter().map(|v| formula::column(&v.body, &fields, &dtype)).collect::<PolarsResult<Vec<_>>>()?;
    let scope = lower(&rule.scope, &fields)?;
    let version = match rule.at.as_ref().or(table.dataset.at.as_ref()) {
        Some(at) => index(&super::lower::day_of(fields.column(at)?, &fields.dtype(at)?), &rule.formulas),
        None => super::lower::small(i32::try_from(rule.formulas.versions.len()).unwrap_or(i32::MAX) - 1),
    };
    let value = pick(&col(column::VERSION), formulas.into_iter().map(|f| f.expr).collect(), dtype.clone());
    let value = choose([(scope.holds(), value)], null_of(dtype.clone()));
    let with_version = table.frame.lazy().with_column(version.alias(column::VERSION));
    let frame = match &rule.apportion {
        None => with_version.with_column(value.alias(rule.field.as_str())),
        Some(apportion) => {
            let cents = round(value, 2).cast(dtype.clone());
            share_out(
                with_version.with_row_index(column::ROW, None).with_column(cents.alias(rule.field.as_str())),
                rule,
                apportion,
                &dtype,
            )?
        }
    };
    with(table, frame.select([col(rule.field.as_str())]).collect()?)
}

/// The table with an empty field: the rule sleeps, and other rules may name the field.
pub(super) fn add_nothing(table: &Table, rule: &Derive) -> PolarsResult<Frame> {
    let field = Column::full_null(rule.field.as_str().into(), table.frame.height(), &polars_type(&rule.ty));
    with(table, DataFrame::new(table.frame.height(), vec![field])?)
}

fn with(table: &Table, fields: DataFrame) -> PolarsResult<Frame> {
    table.frame.clone().beside(fields.into())
}

/// Moves what is left of `whole` to the row with the largest `by`, the first of equals. A group whose `by` do not add up
/// to one, or one of whose shares is not known, has no shares at all.
fn share_out(rows: LazyFrame, rule: &Derive, apportion: &Apportion, dtype: &DataType) -> PolarsResult<LazyFrame> {
    let (key, field) = ([col(apportion.within.as_str())], col(rule.field.as_str()));
    let by = col(apportion.by.as_str());
    let whole = round(col(apportion.whole.as_str()), 2).cast(dtype.clone());
    let rows = rows.with_columns([
        field.clone().sum().over(&key)?.alias("_k.given"),
        field.clone().null_count().over(&key)?.alias("_k.gaps"),
        by.clone().sum().over(&key)?.alias(RATIO),
        by.clone().max().over(&key)?.alias("_k.most"),
        whole.first().over(&key)?.alias("_k.whole"),
    ]);
    let largest = choose([(by.eq(col("_k.most")), col(column::ROW))], null_of(DataType::UInt32));
    let rows = rows.with_column(largest.alias("_k.largest"));
    let receiver = col("_k.largest").min().over(&key)?;
    let complete = whole_ratio(col(RATIO))?.and(col("_k.gaps").eq(lit(0u32))).and(key[0].clone().is_not_null()).fill_null(lit(false));
    let receives = col(column::ROW).eq(receiver).fill_null(lit(false));
    let left = col("_k.whole") - col("_k.given");
    let shared = choose([(receives, (field.clone() + left).cast(dtype.clone()))], field);
    // what does not add up has no share: nobody may be charged by it
    let shared = choose([(complete, shared)], null_of(dtype.clone()));
    Ok(rows.with_column(shared.alias(rule.field.as_str())))
}

/// Sum of a group's rates.
const RATIO: &str = "_k.ratio";

/// The rates of a group add up to one.
fn whole_ratio(sum: Expr) -> PolarsResult<Expr> {
    let low = decimal_or_err(Decimal::ONE - TOLERANCE, PERCENT_SCALE)?;
    let high = decimal_or_err(Decimal::ONE + TOLERANCE, PERCENT_SCALE)?;
    Ok(sum.clone().gt_eq(low).and(sum.lt_eq(high)))
}

/// The table with [`RATIO`], of whole groups whatever their months.
fn with_ratio(table: &Table, rule: &Derive) -> PolarsResult<Table> {
    let Some(apportion) = &rule.apportion else { return Ok(table.clone()) };
    let sum = col(apportion.by.as_str()).sum().over([col(apportion.within.as_str())])?;
    let frame = with(table, table.frame.lazy().select([sum.alias(RATIO)]).collect()?)?;
    Ok(Table { frame, ..table.clone() })
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Derive) -> PolarsResult<Judged> {
    let fields = Fields::of(context, table);
    let dtype = polars_type(&rule.ty);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let formulas = rule.formulas.versions.iter().map(|v| formula::column(&v.body, &fields, &dtype)).collect::<PolarsResult<Vec<_>>>()?;
    let scope = lower(&rule.scope, &fields)?;
    // outside the scope a row is judged too: not applicable
    let version = match at.day {
        Some(_) => at.version(context, &rule.formulas),
        None => super::lower::small(i32::try_from(rule.formulas.versions.len()).unwrap_or(i32::MAX) - 1),
    };
    let rows = scoped(&with_ratio(table, rule)?, &fields, &Condition::always(), at.within(context.horizon), version, at.lack.clone())?;
    let index = col(column::VERSION);
    let outside = scope.holds().not().and(scope.unknown().not());
    let needs = super::fields::both(
        super::fields::only_where(scope.unknown(), scope.lack.clone()),
        pick_lack(&index, formulas.into_iter().map(|f| f.lack).collect()),
    );
    let (why, lack) = undecided(rows.lack, None, needs);
    let why = choose([(outside.clone(), Why::Decided.code())], why);
    let (why, total) = match &rule.apportion {
        None => (why, null_of(DataType::Decimal(PRECISION, PERCENT_SCALE))),
        Some(_) => {
            let uneven = whole_ratio(col(RATIO))?.not().fill_null(lit(true));
            let asked = why.clone().eq(Why::Decided.code()).and(outside.clone().not());
            let incomplete = asked.clone().and(col(rule.field.as_str()).is_null());
            let branches = [(asked.and(uneven), Why::Ratios.code()), (incomplete, Why::Incomplete.code())];
            (choose(branches, why), col(RATIO))
        }
    };
    let verdict = choose(
        [
            (outside, outcome(Outcome::NotApplicable)),
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (col(rule.field.as_str()).is_not_null(), outcome(Outcome::Met)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let money = DataType::Decimal(PRECISION, MONEY_SCALE);
    let amount = choose([(col(column::OUTCOME).eq(outcome(Outcome::Met)), col(rule.field.as_str()).cast(money.clone()))], null_of(money));
    let frame = rows
        .rows
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK), total.alias(column::TOTAL)])
        .with_column(verdict.alias(column::OUTCOME))
        .select([
            col(column::ROW),
            col(column::OUTCOME),
            index,
            col(column::WHY),
            col(column::LACK),
            amount.alias(column::AMOUNT),
            col(column::TOTAL),
        ])
        .collect()?;
    Ok(Judged { frame, reasons: fields.reasons(), versions: citations(context.pack, &rule.formulas), ..Judged::default() })
}
