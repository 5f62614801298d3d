//! Numbering: format, month or day, repeats, and the numbers that are missing.

use polars::prelude::*;

use super::civil;
use super::fields::{Fields, all, bits};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{among, choose, day_of, long, look_up, null_of, small};
use super::version::{citations, index, pick};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Numbering, Sequence, Token};

/// Bits of the checks, in this order.
pub(super) const FORMAT: i64 = 1;
pub(super) const MONTH: i64 = 2;
pub(super) const REPEATED: i64 = 4;

/// What the number names and is counted within: [`DAYS`] times the months since year 0, and the day where it names one.
const NAMED: &str = "_k.named";
const RUNNING: &str = "_k.running";
/// More missing numbers in a row than this become one verdict.
const LONG_GAP: i64 = 100;
/// More than a month has days.
const DAYS: i64 = 32;
/// Running numbers stay below this in a combined code.
const MOST: i64 = 1_000_000_000_000;

pub(super) fn judge(context: &Context, table: &Table, rule: &Sequence) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, Some(&rule.month_from))?;
    let number = fields.column(&rule.number)?;
    let day = day_of(fields.column(&rule.month_from)?, &fields.dtype(&rule.month_from)?);
    let lack = all([at.lack.clone(), fields.lack(&rule.number)?]);

    // every row that `as_of` sees, whatever its month: a number may stand in the wrong one
    let prefixes = (0..).map(|index| format!("_k.number{index}"));
    let parsed = rule.templates.versions.iter().zip(prefixes).map(|(version, prefix)| parse(&number, &version.body, &prefix));
    let (mut texts, mut goods, mut named, mut running) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for parsed in parsed {
        texts.extend(parsed.columns);
        goods.push(parsed.good);
        named.push(parsed.named);
        running.push(parsed.running);
    }
    // a row without a date is read by the newest template
    let newest = i32::try_from(rule.templates.versions.len()).unwrap_or(i32::MAX) - 1;
    let by_date = index(&day, &rule.templates);
    let reading = choose([(day.clone().is_null(), small(newest))], by_date.clone());
    let index = col(column::VERSION);
    let read = |versions: Vec<Expr>, dtype: DataType| pick(&col("_k.reading"), versions, dtype);
    let only_good = |expr: Expr, dtype: DataType| choose([(col("_k.good"), expr)], null_of(dtype));
    let within = scoped(table, &fields, &rule.scope, at.seen.clone().fill_null(lit(true)), by_date, lack)?;
    let rows = within
        .rows
        .with_column(reading.alias("_k.reading"))
        .with_columns(texts)
        .with_column(read(goods, DataType::Boolean).alias("_k.good"))
        .with_columns([
            only_good(read(named, DataType::Int64), DataType::Int64).alias(NAMED),
            only_good(read(running, DataType::Int64), DataType::Int64).alias(RUNNING),
            civil::month(day.clone()).cast(DataType::Int64).alias("_k.month"),
            civil::day_of_month(day).cast(DataType::Int64).alias("_k.day"),
            at.within(context.horizon).alias("_k.inside"),
            number.is_null().alias("_k.blank"),
        ])
        .with_columns([bits(within.lack).alias("_k.before"), elsewhere().alias("_k.elsewhere")])
        .select(["_k.reading", NAMED, RUNNING, "_k.elsewhere", "_k.inside", "_k.blank", "_k.before", column::ROW, column::VERSION].map(col))
        .collect()?;

    let sorted = rows
        .clone()
        .lazy()
        .filter(col(NAMED).is_not_null())
        .select([col(column::ROW), col("_k.reading"), (col(NAMED) * long(MOST) + col(RUNNING)).alias("_k.code")])
        .sort(["_k.code", column::ROW], SortMultipleOptions::default())
        .collect()?;
    let code = || col("_k.code");
    let repeated = sorted
        .clone()
        .lazy()
        .filter(code().eq(code().shift(long(1))).or(code().eq(code().shift(long(-1)))).fill_null(lit(false)))
        .select([col(column::ROW)])
        .collect()?;

    let check = |holds: Expr, bit: i64| choose([(holds, long(bit))], long(0));
    let is_repeated = among(column::ROW, repeated)?;
    let checks =
        check(col(NAMED).is_null().and(col("_k.blank").not()), FORMAT) + check(col("_k.elsewhere"), MONTH) + check(is_repeated, REPEATED);
    let (why, lack) = undecided(Some(col("_k.before")), None, None);
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (col(column::CHECKS).neq(long(0)), outcome(Outcome::Breached)),
        ],
        outcome(Outcome::Met),
    );
    let frame = rows
        .lazy()
        .filter(col("_k.inside"))
        .with_columns([checks.alias(column::CHECKS), why.alias(column::WHY), lack.alias(column::LACK)])
        .select([col(column::ROW), verdict.alias(column::OUTCOME), index, col(column::WHY), col(column::LACK), col(column::CHECKS)])
        .collect()?;
    Ok(Judged {
        frame,
        extra: Some(gaps(context, rule, &sorted)?),
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.templates),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

/// The number names another month, or another day, than its row.
fn elsewhere() -> Expr {
    let (month, day) = (col(NAMED).floor_div(long(DAYS)), col(NAMED) % long(DAYS));
    let other_day = day.clone().neq(long(0)).and(day.neq(col("_k.day")));
    month.neq(col("_k.month")).or(other_day).fill_null(lit(false))
}

/// A number taken apart by one template.
struct Parsed {
    /// Whole numbers that the text holds, as columns of their own: text is read once.
    columns: Vec<Expr>,
    /// Over `columns`: written by the template.
    good: Expr,
    /// Over `columns`: as [`NAMED`], and the running number.
    named: Expr,
    running: Expr,
}

/// `prefix` keeps the columns of two templates apart.
fn parse(number: &Expr, template: &Numbering, prefix: &str) -> Parsed {
    let fixed: usize = template.tokens.iter().map(width).sum();
    let length = number.clone().str().len_bytes().cast(DataType::Int64);
    // digits that the running number has to itself; bytes are digits wherever the rest turns out well
    let free_name = format!("{prefix}.free");
    let (free_digits, free) = (length - long(size(fixed)), col(free_name.as_str()));
    let mut columns = vec![free_digits.clone().alias(free_name.as_str())];
    let mut good = lit(true);
    let (mut year, mut month, mut day, mut running) = (long(0), long(1), long(0), long(0));
    let mut offset = long(0);
    for part in template.tokens.chunk_by(|a, b| is_digits(a) && is_digits(b)) {
        let name = format!("{prefix}.{}", columns.len());
        if let [Token::Text(text)] = part {
            let chars = long(size(text.chars().count()));
            let written = number.clone().str().slice(offset.clone(), chars.clone().cast(DataType::UInt64));
            columns.push(written.eq(lit(text.as_str())).alias(name.as_str()));
            good = good.and(col(name.as_str()));
            offset = offset + chars;
            continue;
        }
        let counted = part.iter().any(|token| matches!(token, Token::Sequence(_)));
        let own = long(size(part.iter().map(width).sum()));
        let own = if counted { own + free_digits.clone() } else { own };
        let digits = match part.len() == template.tokens.len() {
            true => number.clone(),
            false => number.clone().str().slice(offset.clone(), own.clone().cast(DataType::UInt64)),
        };
        let signed = digits.clone().str().starts_with(lit("+"));
        columns.push(choose([(signed, null_of(DataType::Int64))], digits.cast(DataType::Int64)).alias(name.as_str()));
        let mut rest = col(name.as_str());
        good = good.and(rest.clone().gt_eq(long(0)));
        for token in part.iter().rev() {
            let power = match token {
                Token::Sequence(_) => look_up(&powers(), free.clone()),
                other => long(10_i64.pow(width(other) as u32)),
            };
            let value = rest.clone() % power.clone();
            rest = rest.floor_div(power);
            match token {
                Token::Year4 => year = value,
                Token::Year2 => year = value + long(2000),
                Token::Month2 => month = value,
                Token::Day2 => day = value,
                Token::Sequence(least) => {
                    let least = (*least).max(1);
                    // a digit more than asked only where the number needs it
                    let lowest: Vec<i64> = (0..=MOST_DIGITS).map(|n| if n <= least { 1 } else { 10_i64.pow(n as u32 - 1) }).collect();
                    let enough = value.clone().gt_eq(look_up(&Series::new("lowest".into(), lowest), free.clone()));
                    good = good.and(free.clone().gt_eq(long(size(least)))).and(free.clone().lt_eq(long(size(MOST_DIGITS)))).and(enough);
                    running = value;
                }
                Token::Text(_) => {}
            }
        }
        offset = offset + own;
    }
    let bounded = |value: &Expr, least: i64, most: i64| value.clone().gt_eq(long(least)).and(value.clone().lt_eq(long(most)));
    let good = good.and(bounded(&month, 1, 12)).and(bounded(&day, i64::from(template.daily()), 31)).fill_null(lit(false));
    let named = (year * long(12) + month - long(1)) * long(DAYS) + day;
    Parsed { columns, good, named, running }
}

/// Running numbers have at most so many digits.
const MOST_DIGITS: usize = 12;

fn powers() -> Series {
    Series::new("power".into(), (0..=MOST_DIGITS as u32).map(|n| 10_i64.pow(n)).collect::<Vec<_>>())
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn is_digits(token: &Token) -> bool {
    !matches!(token, Token::Text(_))
}

/// Bytes of a token, the running number's aside.
fn width(token: &Token) -> usize {
    match token {
        Token::Text(text) => text.len(),
        Token::Year4 => 4,
        Token::Year2 | Token::Month2 | Token::Day2 => 2,
        Token::Sequence(_) => 0,
    }
}

/// A verdict for every number missing between 1 and the largest of the month or day, in the months of the period.
fn gaps(context: &Context, rule: &Sequence, sorted: &DataFrame) -> PolarsResult<DataFrame> {
    let period = context.horizon.period;
    let (first, last) = (i64::from(civil::month_index(period.first)), i64::from(civil::month_index(period.last)));
    let named = col("_k.code").floor_div(long(MOST));
    let before = choose([(named.clone().shift(long(1)).eq(named.clone()), col("_k.code").shift(long(1)))], named.clone() * long(MOST));
    let month = col(NAMED).floor_div(long(DAYS));
    let holes = sorted
        .clone()
        .lazy()
        .select([
            named.clone().alias(NAMED),
            (before - named.clone() * long(MOST) + long(1)).alias("_k.from"),
            (col("_k.code") - named * long(MOST) - long(1)).alias("_k.to"),
            col("_k.reading"),
        ])
        .filter(month.clone().gt_eq(long(first)).and(month.lt_eq(long(last))).and(col("_k.to").gt_eq(col("_k.from"))))
        .collect()?;
    let column = |name: &str| holes.column(name).and_then(|column| column.as_materialized_series().cast(&DataType::Int64));
    let (named, from, to, version) = (column(NAMED)?, column("_k.from")?, column("_k.to")?, column("_k.reading")?);
    let (mut subjects, mut versions) = (Vec::new(), Vec::new());
    for (((named, from), to), version) in named.i64()?.iter().zip(from.i64()?.iter()).zip(to.i64()?.iter()).zip(version.i64()?.iter()) {
        let (Some(named), Some(from), Some(to), Some(version)) = (named, from, to, version) else { continue };
        let Some(template) = usize::try_from(version).ok().and_then(|v| rule.templates.versions.get(v)) else { continue };
        let write = |number: i64| written(&template.body, named, number);
        let missing: Vec<String> =
            if to - from >= LONG_GAP { vec![format!("{}~{}", write(from), write(to))] } else { (from..=to).map(write).collect() };
        versions.extend(std::iter::repeat_n(version as i32, missing.len()));
        subjects.extend(missing);
    }
    let height = subjects.len();
    DataFrame::new(
        height,
        vec![
            Column::new(column::SUBJECT.into(), subjects),
            Column::new(column::OUTCOME.into(), vec![Outcome::Breached as i32; height]),
            Column::new(column::VERSION.into(), versions),
        ],
    )
}

/// A number as the template writes it.
fn written(template: &Numbering, named: i64, number: i64) -> String {
    let (month, day) = (named.div_euclid(DAYS), named.rem_euclid(DAYS));
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let token = |token: &Token| match token {
        Token::Text(text) => text.clone(),
        Token::Year4 => format!("{year:04}"),
        Token::Year2 => format!("{:02}", year.rem_euclid(100)),
        Token::Month2 => format!("{month:02}"),
        Token::Day2 => format!("{day:02}"),
        Token::Sequence(least) => format!("{number:0width$}", width = *least),
    };
    template.tokens.iter().map(token).collect()
}
