//! Numerator by denominator, per group.

use polars::prelude::*;
use rust_decimal::Decimal;

use super::fields::{Fields, all, any_of, bits};
use super::formula::{self, figure};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{choose, decimal_or_err, long, null_of, small};
use super::others::{self, Other};
use super::version::{citations, index, pick};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Measured, Part, Ratio};
use crate::rules::{Dated, Formula, Literal, Operand, Operator, Test};

/// Digits of a rate kept as a fraction: four of a percentage.
const RATE_DIGITS: u32 = 6;
/// The target is reached; null without a target.
const REACHED: &str = "_k.reached";
/// Subject of the one verdict over everything.
const EVERYTHING: &str = "全体";
/// Stands for an empty field in the name of a group.
const UNNAMED: &str = "（未填）";

/// Rows of one part: the group's fields, the value, and what it lacks.
struct Rows {
    frame: LazyFrame,
    value: DataType,
    reasons: Vec<String>,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Ratio) -> PolarsResult<Judged> {
    if table.frame.height() == 0 {
        return Ok(Judged::default());
    }
    let both = match &rule.measured {
        Measured::Parts { numerator, denominator } => Some(parts(context, rule, numerator, denominator)?),
        Measured::Per { numerator, denominators, .. } => per(context, rule, numerator, denominators)?,
        Measured::Kept { rule: id, .. } => kept(context, rule, id)?,
    };
    let Some((rows, reasons)) = both else { return Ok(Judged::default()) };
    let sums = [
        col(column::LEFT).sum(),
        col(column::RIGHT).sum(),
        col(column::ROW).min(),
        any_of(column::LACK, reasons.len()).alias(column::LACK),
        col(column::LACK).neq(long(0)).sum().cast(DataType::UInt32).alias(column::COUNT),
    ];
    let groups: Vec<Expr> = rule.group.iter().map(|field| col(field.as_str())).collect();
    let names: Vec<Expr> = groups.iter().map(|field| field.clone().fill_null(lit(UNNAMED))).collect();
    let summed = if groups.is_empty() { rows.lazy().select(sums) } else { rows.lazy().group_by_stable(groups).agg(sums) };
    let summed = summed.collect()?;
    let subject = if names.is_empty() { lit(EVERYTHING) } else { concat_str(names, "/", false) };

    let fields = Fields::after(&summed, reasons);
    let (over, under) = (Formula::Field(column::LEFT.to_owned()), Formula::Field(column::RIGHT.to_owned()));
    let nothing = Formula::Number(Decimal::ZERO);
    let negative = fields.reason(formula::lower(&binary(Operator::Less, &under, nothing.clone()), &fields)?.expr, "分母为负数".to_owned());
    let none = formula::lower(&binary(Operator::Equal, &under, nothing), &fields)?.expr;
    let rate = formula::lower(&Formula::Round(Box::new(binary(Operator::Divide, &over, under.clone())), RATE_DIGITS), &fields)?;
    let version = index(&small(context.horizon.period.first.to_epoch_days()), &rule.targets);
    let (why, lack) = undecided(Some(col(column::LACK)), None, Some(negative));
    let known = || col(column::WHY).eq(Why::Decided.code());
    let only_known = |value: Expr, dtype: DataType| choose([(known(), value)], null_of(dtype));
    let figures = [formula::lower(&over, &fields)?, formula::lower(&under, &fields)?].map(|value| figure(&value));
    let [shown_over, shown_under] = figures;
    let verdict = choose(
        [
            (known().not(), outcome(Outcome::Indeterminate)),
            (none.or(col(REACHED).is_null()), outcome(Outcome::NotApplicable)),
            (col(REACHED), outcome(Outcome::Met)),
        ],
        outcome(Outcome::Breached),
    );
    let frame = summed
        .clone()
        .lazy()
        .with_columns([version.alias(column::VERSION), subject.alias(column::SUBJECT)])
        .with_columns([reached(&rule.targets, &over, &under, &fields)?.alias(REACHED), why.alias(column::WHY), lack.alias(column::LACK)])
        .select([
            col(column::ROW),
            col(column::SUBJECT),
            verdict.alias(column::OUTCOME),
            col(column::VERSION),
            col(column::WHY),
            col(column::LACK),
            col(column::COUNT),
            only_known(shown_over, figure_type(&fields, column::LEFT)?).alias(column::LEFT),
            only_known(shown_under, figure_type(&fields, column::RIGHT)?).alias(column::RIGHT),
            only_known(rate.expr, rate.dtype).alias(column::RATE),
        ])
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.targets),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

/// The group's fields, both figures, row and what is lacking, a line a row; and the words of what is lacking.
type Both = (DataFrame, Vec<String>);

fn columns(rule: &Ratio) -> Vec<Expr> {
    rule.group.iter().map(String::as_str).chain([column::LEFT, column::RIGHT, column::ROW, column::LACK]).map(col).collect()
}

fn parts(context: &Context, rule: &Ratio, numerator: &Part, denominator: &Part) -> PolarsResult<Both> {
    let below = part(context, denominator, &rule.group, column::RIGHT, Vec::new())?;
    let above = part(context, numerator, &rule.group, column::LEFT, below.reasons)?;
    // rows of another table are no place of a verdict
    let own = numerator.dataset == rule.dataset();
    let above_rows = if own { above.frame } else { above.frame.with_column(null_of(DataType::UInt32).alias(column::ROW)) };
    let above_rows = above_rows.with_column(zero(&below.value)?.alias(column::RIGHT)).select(columns(rule)).collect()?;
    let rows = below.frame.with_column(zero(&above.value)?.alias(column::LEFT)).select(columns(rule)).collect()?.vstack(&above_rows)?;
    Ok((rows, above.reasons))
}

/// The denominator is one number; `None` before anybody gave it.
fn per(context: &Context, rule: &Ratio, numerator: &Part, denominators: &Dated<Decimal>) -> PolarsResult<Option<Both>> {
    let Some(version) = denominators.on(context.horizon.period.first) else { return Ok(None) };
    let above = part(context, numerator, &rule.group, column::LEFT, Vec::new())?;
    let scale = version.body.scale() as usize;
    let (number, none) = (decimal_or_err(version.body, scale)?, decimal_or_err(Decimal::ZERO, scale)?);
    let alone = DataFrame::new(1, vec![Column::new(column::LACK.into(), [0_i64])])?
        .lazy()
        .with_columns([zero(&above.value)?.alias(column::LEFT), number.alias(column::RIGHT), null_of(DataType::UInt32).alias(column::ROW)])
        .select(columns(rule))
        .collect()?;
    let rows = above.frame.with_column(none.alias(column::RIGHT)).select(columns(rule)).collect()?.vstack(&alone)?;
    Ok(Some((rows, above.reasons)))
}

/// What another rule judged: one each that was kept, one each that had to be. `None` where it judged nothing.
fn kept(context: &Context, rule: &Ratio, id: &str) -> PolarsResult<Option<Both>> {
    let Some(Other { rule: named, table, judged }) = others::judged(context, id)? else { return Ok(None) };
    let is = |wanted: Outcome| col(column::OUTCOME).eq(outcome(wanted));
    let (one, none) = (decimal_or_err(Decimal::ONE, 0)?, decimal_or_err(Decimal::ZERO, 0)?);
    let owed = judged.frame.lazy().filter(is(Outcome::Met).or(is(Outcome::Breached)).or(is(Outcome::Indeterminate))).select([
        col(column::ROW).cast(DataType::UInt32),
        choose([(is(Outcome::Met), one.clone())], none).alias(column::LEFT),
        one.alias(column::RIGHT),
        choose([(is(Outcome::Indeterminate), long(1))], long(0)).alias(column::LACK),
    ]);
    let fields: Vec<Expr> = rule.group.iter().map(|field| col(field.as_str())).chain([col(column::ROW)]).collect();
    let named_rows = table.frame.lazy().with_row_index(column::ROW, None).select(fields);
    let rows =
        owed.join(named_rows, [col(column::ROW)], [col(column::ROW)], JoinArgs::new(JoinType::Left)).select(columns(rule)).collect()?;
    Ok((rows.height() > 0).then(|| (rows, vec![format!("「{}」无法判定", named.head.title)])))
}

fn figure_type(fields: &Fields, name: &str) -> PolarsResult<DataType> {
    Ok(formula::figure_type(&fields.dtype(name)?))
}

fn zero(dtype: &DataType) -> PolarsResult<Expr> {
    let scale = match dtype {
        DataType::Decimal(_, scale) => *scale,
        _ => 0,
    };
    decimal_or_err(Decimal::ZERO, scale)
}

/// The rows that a part adds up, its values under `name`. `reasons` are those of the part before it.
fn part(context: &Context, part: &Part, group: &[String], name: &str, reasons: Vec<String>) -> PolarsResult<Rows> {
    let Some(table) = context.tables.get(&part.dataset) else {
        polars_bail!(ComputeError: "没有数据表「{}」", part.dataset);
    };
    let fields = Fields::after(&table.frame, reasons);
    let at = At::of(context, table, &fields, part.at.as_ref())?;
    let rows = scoped(table, &fields, &part.scope, at.within(context.horizon), null_of(DataType::Int32), at.lack.clone())?;
    let one = Formula::Number(Decimal::ONE);
    let value = formula::lower(part.sum.as_ref().unwrap_or(&one), &fields)?;
    let groups = group.iter().map(|field| fields.lack(field)).collect::<PolarsResult<Vec<_>>>()?;
    let lack = all(groups.into_iter().chain([rows.lack, value.lack]));
    let frame = rows.rows.with_columns([value.expr.alias(name), bits(lack).alias(column::LACK)]);
    Ok(Rows { frame, value: value.dtype, reasons: fields.reasons() })
}

fn binary(operator: Operator, left: &Formula, right: Formula) -> Formula {
    Formula::Binary { operator, left: Box::new(left.clone()), right: Box::new(right) }
}

/// Whether the version's target is reached. A denominator is above zero where this is asked, so nothing is divided.
fn reached(targets: &Dated<Option<Test>>, over: &Formula, under: &Formula, fields: &Fields) -> PolarsResult<Expr> {
    let share = |rate: &Literal| match rate {
        Literal::Number(rate) => binary(Operator::Multiply, &Formula::Number(*rate), under.clone()),
        _ => Formula::Null,
    };
    let compare = |operator: Operator, rate: &Literal| binary(operator, over, share(rate));
    let each = targets.versions.iter().map(|version| {
        let end = |end: &Option<(Literal, bool)>, inside: Operator, outside: Operator| {
            end.as_ref().map(|(rate, is_inside)| compare(if *is_inside { inside } else { outside }, rate))
        };
        let formula = match &version.body {
            Some(Test::OneOf(rates)) => rates.iter().map(|rate| compare(Operator::Equal, rate)).reduce(|a, b| binary(Operator::Or, &a, b)),
            Some(Test::Compare(ordering, Operand::Literal(rate))) => Some(compare(Operator::from(*ordering), rate)),
            Some(Test::Interval { low, high }) => {
                let ends = [end(low, Operator::AtLeast, Operator::Greater), end(high, Operator::AtMost, Operator::Less)];
                ends.into_iter().flatten().reduce(|a, b| binary(Operator::And, &a, b))
            }
            _ => None,
        };
        match formula {
            Some(formula) => Ok(formula::lower(&formula, fields)?.expr),
            None => Ok(null_of(DataType::Boolean)),
        }
    });
    Ok(pick(&col(column::VERSION), each.collect::<PolarsResult<Vec<_>>>()?, DataType::Boolean))
}
