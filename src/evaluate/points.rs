//! Points for rows or breaches, held against the schedule, and their sums over a half-year held against the line.

mod earlier;
mod sums;

use polars::prelude::*;

use super::checks::Checks;
use super::fields::{Fields, all};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{PRECISION, among, choose, decimal_or_err, long, null_of, small};
use super::others;
use super::people;
use super::reader::Reader;
use super::remembered::{less_lifted, rule_name};
use super::values::{days, decimals, indices, whole, words};
use super::version::{citations, pick, pick_lack};
use crate::ledger::{Outcome, Place, PointBook, PointRecord, Pool};
use crate::normalise::{MONEY_SCALE, Table};
use crate::rules::kinds::{Given, Item, Points, Schedule};
use earlier::{of_ledger, remembered};
use sums::Record;

/// Days since 1970 of the row's own date.
const DAY: &str = "_k.day";
/// What the row says it was given.
const SAID: &str = "_k.said";

/// Words of the checks, also the kinds of breach.
pub(super) const UNKNOWN_ITEM: &str = "条款不明";
pub(super) const OUTSIDE: &str = "扣分越界";
pub(super) const OTHER: &str = "分值不符";

fn marks() -> DataType {
    DataType::Decimal(PRECISION, MONEY_SCALE)
}

/// Every row of the period and of the windows that end in it.
struct Gathered {
    /// [`column::ROW`], outcome, version, why, lack, checks, [`column::ITEM`], [`column::POINTS`], [`DAY`].
    frame: DataFrame,
    reasons: Vec<String>,
    checks: Vec<Vec<String>>,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Points) -> PolarsResult<Judged> {
    let gathered = gather(context, table, rule)?;
    let (first, day) = (context.horizon.period.first.to_epoch_days(), col(DAY));
    let own = gathered
        .frame
        .clone()
        .lazy()
        .filter(day.clone().is_null().or(day.gt_eq(small(first))))
        .drop(by_name([DAY], true, false))
        .collect()?;
    let mut records = records(context, table, rule, &gathered.frame)?;
    let remembered = remembered(context, table, rule, &records)?;
    records.extend(remembered.given.into_iter().map(of_ledger));
    let mut told = Vec::new();
    let sums = sums::sums(rule, context.horizon.period, &records, &remembered.fewer);
    let extra = sums::verdicts(&sums, &mut told)?;
    Ok(Judged {
        frame: own,
        extra: Some(extra),
        reasons: gathered.reasons,
        checks: gathered.checks,
        told,
        told_of: sums::people(&sums),
        versions: citations(context.pack, &rule.schedules),
        named_by: named_by(rule),
        unit: rule.unit.clone(),
        person: Some(rule.person.clone()),
        start: Some(rule.at.clone()),
        ..Judged::default()
    })
}

/// A log has no number of its own for each row; a breach is known by its row's key.
fn named_by(rule: &Points) -> Vec<String> {
    match &rule.given {
        Given::Rows { item, .. } => vec![rule.person.clone(), rule.at.clone(), item.clone()],
        Given::Findings(_) => Vec::new(),
    }
}

/// The same for the book: records with their places, and sums.
pub(super) fn book(context: &Context, table: &Table, rule: &Points) -> PolarsResult<PointBook> {
    let gathered = gather(context, table, rule)?;
    let mut records = records(context, table, rule, &gathered.frame)?;
    let reader = Reader::of(context, table);
    let items: Vec<&Item> = rule.schedules.versions.iter().flat_map(|version| &version.body.items).collect();
    let frame = &gathered.frame;
    let (checks, lacks) = (whole(frame, column::CHECKS)?, whole(frame, column::LACK)?);
    let (versions, numbers) = (indices(frame, column::VERSION)?, indices(frame, column::ITEM)?);
    let mut pool = Pool::default();
    let mut shown = Vec::with_capacity(records.len());
    for (at, record) in records.iter().enumerate() {
        let Some(row) = record.row else { continue };
        let item = numbers[at].and_then(|number| items.get(number));
        let failed = versions[at].and_then(|version| gathered.checks.get(version));
        let mut remarks: Vec<String> = words(checks[at], failed.map_or(&[][..], Vec::as_slice)).collect();
        remarks.extend(words(lacks[at], &gathered.reasons));
        if let (Some(also), true) = (item.and_then(|item| item.also.clone()), remarks.is_empty()) {
            remarks.push(also);
        }
        let written = match &rule.given {
            Given::Rows { item, .. } => reader.text(item, row),
            Given::Findings(_) => None,
        };
        let given = match &rule.given {
            Given::Rows { points: Some(field), .. } => reader.number(field, row),
            _ => record.points,
        };
        let cause = match (&rule.given, item) {
            (Given::Findings(_), Some(item)) => (rule_name(context, &item.key), reader.subject(row)),
            _ => Default::default(),
        };
        shown.push(PointRecord {
            person: record.person.clone(),
            day: record.day,
            item: item.map_or_else(|| written.unwrap_or_default(), |item| item.title()),
            points: record.points,
            given,
            remark: remarks.join("、"),
            cause,
            place: reader.place(row, &mut pool),
        });
    }
    let remembered = remembered(context, table, rule, &records)?;
    for given in remembered.given {
        shown.push(PointRecord {
            person: given.person.clone(),
            day: Some(given.day),
            item: given.item.clone(),
            points: given.points,
            given: given.points,
            remark: "取自账本".to_owned(),
            cause: given.cause.clone(),
            place: Place::default(),
        });
        records.push(of_ledger(given));
    }
    let period = context.horizon.period;
    let version = rule.schedules.versions.iter().rposition(|version| version.from <= period.last);
    let windows = sums::sums(rule, period, &records, &remembered.fewer).into_iter().map(|window| window.shown(period)).collect();
    Ok(PointBook { records: shown, version, windows })
}

/// Everything from the first month that some window needs to the end of the period.
fn gather(context: &Context, table: &Table, rule: &Points) -> PolarsResult<Gathered> {
    let wide = context.horizon.since(sums::earliest(rule, context.horizon.period));
    let context = Context { horizon: &wide, ..*context };
    match &rule.given {
        Given::Rows { scope, item, points } => rows(&context, table, rule, scope, item, points.as_deref()),
        Given::Findings(rules) => findings(&context, table, rule, rules),
    }
}

fn rows(
    context: &Context,
    table: &Table,
    rule: &Points,
    scope: &crate::rules::Condition,
    item: &str,
    points: Option<&str>,
) -> PolarsResult<Gathered> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, Some(&rule.at))?;
    let version = at.version(context, &rule.schedules);
    let before = all([at.lack.clone(), fields.lack(&rule.person)?, fields.lack(item)?]);
    let scoped = scoped(table, &fields, scope, at.within(context.horizon), version, before)?;
    let said = match points {
        Some(points) => fields.column(points)?.cast(marks()),
        None => null_of(marks()),
    };
    let written = fields.column(item)?;
    let (mut found, mut least, mut most, mut needs, mut checks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut words = Vec::new();
    let mut number = 0_i32;
    for version in &rule.schedules.versions {
        let keyed = |value: &dyn Fn(&Item) -> PolarsResult<Expr>, items: &[Item], dtype: DataType| {
            let each = items.iter().map(|item| Ok((written.clone().eq(lit(item.key.as_str())), value(item)?)));
            PolarsResult::Ok(choose(each.collect::<PolarsResult<Vec<_>>>()?, null_of(dtype)))
        };
        let items = &version.body.items;
        let numbers = items.iter().zip(number..).map(|(item, number)| (written.clone().eq(lit(item.key.as_str())), small(number)));
        found.push(choose(numbers.collect::<Vec<_>>(), null_of(DataType::Int32)));
        number += i32::try_from(items.len()).unwrap_or(i32::MAX);
        least.push(keyed(&|item| decimal_or_err(item.least, MONEY_SCALE), items, marks())?);
        most.push(keyed(&|item| decimal_or_err(item.most, MONEY_SCALE), items, marks())?);
        let ranged = col(LEAST).neq(col(MOST)).fill_null(lit(false));
        let wanting = points.map(|points| fields.reason(ranged.clone().and(col(SAID).is_null()), format!("{points} 为空")));
        needs.push(wanting);
        let (given, zero) = (col(SAID), decimal_or_err(rust_decimal::Decimal::ZERO, MONEY_SCALE)?);
        let outside = ranged.clone().and(given.clone().lt(col(LEAST)).or(given.clone().gt(col(MOST)))).or(given.clone().lt_eq(zero));
        let mut failed = Checks::default();
        failed.fail(written.clone().is_not_null().and(col(column::ITEM).is_null()), UNKNOWN_ITEM.to_owned());
        failed.fail(outside.clone().fill_null(lit(false)), OUTSIDE.to_owned());
        let differs = ranged.not().and(given.neq(col(LEAST))).and(outside.not()).fill_null(lit(false));
        failed.fail(differs, OTHER.to_owned());
        let (bits, said) = failed.finish();
        checks.push(bits);
        words.push(said);
    }
    let index = col(column::VERSION);
    let (why, lack) = undecided(scoped.lack, None, pick_lack(&index, needs));
    let failed = col(column::CHECKS).neq(long(0)).fill_null(lit(false));
    let verdict = choose(
        [(col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)), (failed, outcome(Outcome::Breached))],
        outcome(Outcome::Met),
    );
    let day = at.day.unwrap_or_else(|| null_of(DataType::Int32));
    let frame = scoped
        .rows
        .with_columns([
            pick(&index, found, DataType::Int32).alias(column::ITEM),
            pick(&index, least, marks()).alias(LEAST),
            pick(&index, most, marks()).alias(MOST),
            said.alias(SAID),
            day.alias(DAY),
        ])
        .with_columns([
            why.alias(column::WHY),
            lack.alias(column::LACK),
            pick(&index, checks, DataType::Int64).fill_null(long(0)).alias(column::CHECKS),
        ])
        .with_column(verdict.alias(column::OUTCOME))
        .with_column(
            choose([(col(column::OUTCOME).eq(outcome(Outcome::Met)), col(SAID).fill_null(col(LEAST)))], null_of(marks()))
                .alias(column::POINTS),
        )
        .select(COLUMNS.map(col))
        .collect()?;
    Ok(Gathered { frame, reasons: fields.reasons(), checks: words })
}

const LEAST: &str = "_k.least";
const MOST: &str = "_k.most";

const COLUMNS: [&str; 9] =
    [column::ROW, column::OUTCOME, column::VERSION, column::WHY, column::LACK, column::CHECKS, column::ITEM, column::POINTS, DAY];

/// A line for each breach of each rule, with the points of that rule. Rules on trial cost no points.
fn findings(context: &Context, table: &Table, rule: &Points, rules: &[String]) -> PolarsResult<Gathered> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, Some(&rule.at))?;
    let version = at.version(context, &rule.schedules);
    // a breach without that day is of no month yet
    let day = at.day.clone().unwrap_or_else(|| null_of(DataType::Int32));
    let within = at.within(context.horizon).and(day.clone().is_not_null());
    let lack = fields.lack(&rule.person)?;
    let mut frame: Option<DataFrame> = None;
    for id in rules {
        let Some(other) = others::charging(context, id)? else { continue };
        let breaches = other.rows(Outcome::Breached).collect()?;
        let breaches = less_lifted(context, table, &rule_name(context, id), day.clone(), breaches, column::ROW)?;
        let named = among(column::ROW, breaches)?;
        let of_version = |schedule: &Schedule| schedule.items.iter().position(|item| item.key == *id);
        let (mut points, mut items, mut number) = (Vec::new(), Vec::new(), 0_usize);
        for version in &rule.schedules.versions {
            let found = of_version(&version.body);
            let item = found.and_then(|at| version.body.items.get(at));
            points.push(item.map_or_else(|| Ok(null_of(marks())), |item| decimal_or_err(item.least, MONEY_SCALE))?);
            items.push(found.map_or_else(|| null_of(DataType::Int32), |at| small(i32::try_from(number + at).unwrap_or(i32::MAX))));
            number += version.body.items.len();
        }
        let index = col(column::VERSION);
        let scoped = scoped(table, &fields, &crate::rules::Condition::always(), within.clone(), version.clone(), lack.clone())?;
        let (why, lack) = undecided(scoped.lack, None, None);
        let verdict = choose([(col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate))], outcome(Outcome::Met));
        let one = scoped
            .rows
            .filter(named)
            .with_columns([
                why.alias(column::WHY),
                lack.alias(column::LACK),
                long(0).alias(column::CHECKS),
                pick(&index, items, DataType::Int32).alias(column::ITEM),
                pick(&index, points, marks()).alias(column::POINTS),
                day.clone().alias(DAY),
            ])
            .filter(col(column::POINTS).is_not_null())
            .with_column(verdict.alias(column::OUTCOME))
            .select(COLUMNS.map(col))
            .collect()?;
        frame = Some(match frame.take() {
            Some(known) => known.vstack(&one)?,
            None => one,
        });
    }
    let frame = match frame {
        Some(frame) => frame.sort([column::ROW], SortMultipleOptions::default().with_maintain_order(true))?,
        None => empty()?,
    };
    Ok(Gathered { frame, reasons: fields.reasons(), checks: vec![Vec::new(); rule.schedules.versions.len()] })
}

/// No rule looked at anything.
fn empty() -> PolarsResult<DataFrame> {
    let of = |name: &str, dtype: DataType| Column::new_empty(name.into(), &dtype);
    let int = |name: &str| of(name, DataType::Int32);
    DataFrame::new(
        0,
        vec![
            of(column::ROW, DataType::UInt32),
            int(column::OUTCOME),
            int(column::VERSION),
            int(column::WHY),
            of(column::LACK, DataType::Int64),
            of(column::CHECKS, DataType::Int64),
            int(column::ITEM),
            of(column::POINTS, marks()),
            int(DAY),
        ],
    )
}

/// The gathered rows as plain values, each with its person.
fn records(context: &Context, table: &Table, rule: &Points, frame: &DataFrame) -> PolarsResult<Vec<Record>> {
    let reader = Reader::of(context, table);
    let (rows, days, points) = (indices(frame, column::ROW)?, days(frame, DAY)?, decimals(frame, column::POINTS)?);
    let mut pool = Pool::default();
    let mut records = Vec::with_capacity(frame.height());
    for at in 0..frame.height() {
        let Some(row) = rows[at] else { continue };
        records.push(Record {
            row: Some(row),
            person: people::person(&reader, &rule.person, rule.unit.as_ref(), row, &mut pool),
            day: days[at],
            points: points[at],
            adopted: false,
        });
    }
    Ok(records)
}
