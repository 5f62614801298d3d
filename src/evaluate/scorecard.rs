//! Scores: each row's parts and total, then the totals of a year.

mod cells;
mod earlier;
mod year;

use polars::prelude::*;
use rust_decimal::Decimal;

use super::Horizon;
use super::fields::{Fields, Lack, all, both, only_where};
use super::formula;
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{PRECISION, choose, day_of, decimal_or_err, long, null_of, small};
use super::people;
use super::periods;
use super::reader::Reader;
use super::values::{days, decimals, indices, whole, words};
use super::version::{citations, pick, pick_lack};
use crate::calendar::Period;
use crate::ledger::{Outcome, Pool, Score, ScoreSheet};
use crate::normalise::{Columns, Frame, MONEY_SCALE, Table};
use crate::rules::kinds::{MarkSource, Scorecard};
use crate::rules::{Every, Formula, Kind, Operator};
use cells::Marked;

/// Last day, since 1970, of what the row is about.
const DAY: &str = "_k.day";
/// Sum of the parts.
const BASE: &str = "_k.base";
/// One scorecard may take a part from another, that one from a third.
const DEEPEST: usize = 4;

fn marks() -> DataType {
    DataType::Decimal(PRECISION, MONEY_SCALE)
}

fn part_name(at: usize) -> String {
    format!("_k.part{at}")
}

/// Every row that is looked at.
struct Scored {
    /// [`column::ROW`], outcome, version, why, lack, checks, [`column::POINTS`], [`DAY`], and a column a part.
    frame: DataFrame,
    reasons: Vec<String>,
    checks: Vec<Vec<String>>,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Scorecard) -> PolarsResult<Judged> {
    let horizon = widened(context, rule);
    let scored = scored(&Context { horizon: &horizon, ..*context }, table, rule, 0)?;
    let first = context.horizon.period.first.to_epoch_days();
    let parts = (0..most_parts(rule)).map(part_name);
    let dropped: Vec<String> = [DAY.to_owned()].into_iter().chain(parts).collect();
    let own = scored.frame.clone().lazy().filter(col(DAY).is_null().or(col(DAY).gt_eq(small(first))));
    let own = own.drop(by_name(dropped, true, false)).collect()?;
    let mut told = Vec::new();
    let entries = match year_due(rule, context.horizon.period) {
        Some(_) => earlier::with_ledger(context, horizon.period.first, entries(context, table, rule, &scored)?),
        None => Vec::new(),
    };
    let years = year::years(rule, context.horizon.period, &entries);
    let extra = year::verdicts(&years, &mut told)?;
    Ok(Judged {
        frame: own,
        extra: Some(extra),
        reasons: scored.reasons,
        checks: scored.checks,
        told,
        told_of: year::whose(&years),
        versions: citations(context.pack, &rule.cards),
        unit: rule.unit.clone(),
        person: Some(rule.person.clone()),
        ..Judged::default()
    })
}

/// The same for the books.
pub(super) fn sheet(context: &Context, table: &Table, rule: &Scorecard) -> PolarsResult<ScoreSheet> {
    let horizon = widened(context, rule);
    let scored = scored(&Context { horizon: &horizon, ..*context }, table, rule, 0)?;
    let of_year = earlier::with_ledger(context, horizon.period.first, entries(context, table, rule, &scored)?);
    let period = context.horizon.period;
    let scores = of_year.iter().map(|(_, score)| score).filter(|score| score.day.is_none_or(|day| day >= period.first));
    let scores = scores.cloned().collect();
    let years = year::years(rule, period, &of_year).into_iter().map(|year| year.shown).collect();
    Ok(ScoreSheet { scores, of_year: of_year.into_iter().map(|(_, score)| score).collect(), years })
}

fn most_parts(rule: &Scorecard) -> usize {
    rule.cards.versions.iter().map(|version| version.body.parts.len()).max().unwrap_or_default()
}

/// The years whose last month lies in the period.
fn years(period: Period) -> impl Iterator<Item = i32> {
    use chrono::Datelike;
    let december = move |year: &i32| chrono::NaiveDate::from_ymd_opt(*year, 12, 31).is_some_and(|day| period.contains(day));
    (period.first.year()..=period.last.year()).filter(december)
}

/// The first year whose total is due.
fn year_due(rule: &Scorecard, period: Period) -> Option<i32> {
    let combines = rule.cards.versions.iter().any(|version| !version.body.blocks.is_empty());
    years(period).next().filter(|_| combines)
}

/// From the first month of a year whose total is due.
fn widened(context: &Context, rule: &Scorecard) -> Horizon {
    let first = year_due(rule, context.horizon.period).and_then(|year| chrono::NaiveDate::from_ymd_opt(year, 1, 1));
    first.map_or(*context.horizon, |first| context.horizon.since(first))
}

fn scored(context: &Context, table: &Table, rule: &Scorecard, depth: usize) -> PolarsResult<Scored> {
    let table = &dated(table, rule)?;
    let fields = Fields::new(&table.frame);
    let at = placed(context, table, &fields, rule)?;
    let version = at.version(context, &rule.cards);
    let class = match &rule.class {
        Some(class) => fields.lack(class)?,
        None => None,
    };
    let before = all([at.lack.clone(), fields.lack(&rule.person)?, class]);
    let day = at.day.clone().unwrap_or_else(|| null_of(DataType::Int32));
    let rows = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, before)?;
    let before = rows.lack;
    let mut rows = rows.rows.with_column(day.alias(DAY));
    for (version, dated) in rule.cards.versions.iter().enumerate() {
        for (at, part) in dated.body.parts.iter().enumerate() {
            if let MarkSource::Score { rule: other, class } = &part.source {
                rows = borrowed(context, rows, rule, other, class.as_deref(), &cells::borrowed_name(version, at), depth)?;
            }
        }
    }
    let index = col(column::VERSION);
    let marked: Vec<Marked> = rule
        .cards
        .versions
        .iter()
        .enumerate()
        .map(|(version, dated)| cells::marked(rule, version, &dated.body, &fields))
        .collect::<PolarsResult<_>>()?;
    let parts = (0..most_parts(rule)).map(|at| {
        let each = marked.iter().map(|card| card.marks.get(at).map_or_else(|| null_of(marks()), |name| col(name.as_str())));
        pick(&index, each.collect(), marks()).alias(part_name(at))
    });
    let asked: Vec<Expr> = marked.iter().flat_map(|card| card.asked.clone()).collect();
    let staged: Vec<Expr> = marked.iter().flat_map(|card| card.columns.clone()).collect();
    let alone = pick(&index, marked.iter().map(|card| card.alone.clone()).collect(), DataType::Boolean).fill_null(lit(false));
    let judged = rows.with_columns(asked).with_columns(staged).with_columns(parts.chain([alone.alias(cells::ALONE)]).collect::<Vec<_>>());
    let needs: Lack = pick_lack(&index, marked.iter().map(|card| card.lack.clone()).collect());
    let checks = pick(&index, marked.iter().map(|card| card.checks.clone()).collect(), DataType::Int64).fill_null(long(0));
    let (why, lack) = undecided(before, None, needs);
    let frame = judged.with_columns([why.alias(column::WHY), lack.alias(column::LACK), checks.alias(column::CHECKS)]).collect()?;
    totalled(rule, &table.frame, frame, fields.reasons(), marked)
}

/// Rows by the last day of what they are about.
fn placed(context: &Context, table: &Table, fields: &Fields, rule: &Scorecard) -> PolarsResult<At> {
    let Some(period) = &rule.period else { return At::of(context, table, fields, rule.at.as_ref()) };
    let lack = Some(fields.reason(col(DAY).is_null(), format!("{period} 空着或读不懂")));
    Ok(At { day: Some(col(DAY)), seen: lit(true), lack })
}

/// The table with the last day of each row's period. A year has few periods and many rows: each text is read once.
fn dated(table: &Table, rule: &Scorecard) -> PolarsResult<Table> {
    let Some(period) = &rule.period else { return Ok(table.clone()) };
    let (frame, named) = (table.frame.lazy(), col(period.as_str()));
    let frame = match table.frame.dtype(period)? {
        DataType::String => {
            let texts = table.frame.lazy().select([named.clone()]).unique(None, UniqueKeepStrategy::Any);
            let days = texts.with_column(periods::last_day(&named).alias(DAY));
            let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
            frame.join(days, [named.clone()], [named], how)
        }
        dated => frame.with_column(day_of(named, &dated).alias(DAY)),
    };
    Ok(Table { frame: frame.collect()?.into(), ..table.clone() })
}

/// Another scorecard's score of the same person and month, under `name`, and how many there are.
fn borrowed(
    context: &Context,
    rows: LazyFrame,
    rule: &Scorecard,
    other: &str,
    class: Option<&str>,
    name: &str,
    depth: usize,
) -> PolarsResult<LazyFrame> {
    let found = context.pack.rules.iter().find(|known| known.head.id == other);
    let Some((Kind::Scorecard(card), found)) = found.map(|found| (&found.kind, found)) else {
        polars_bail!(ComputeError: "没有评分规则「{other}」");
    };
    if depth >= DEEPEST {
        polars_bail!(ComputeError: "评分规则互相引用：「{other}」");
    }
    let count = format!("{name}.count");
    if context.prepared.is_silent(found) {
        let nothing = [null_of(marks()).alias(name), null_of(DataType::Int64).alias(count.as_str())];
        return Ok(rows.with_columns(nothing));
    }
    const WHO: &str = "_k.who";
    const MONTH: &str = "_k.month";
    let Some(table) = context.tables.get(&card.dataset) else { polars_bail!(ComputeError: "没有数据表「{}」", card.dataset) };
    let scored = scored(&Context { rule: found, ..*context }, table, card, depth + 1)?;
    let month = |day: Expr| periods::key_of(Every::Month, day);
    let classed = class.zip(card.class.as_ref());
    let mut taken = vec![col(card.person.as_str()).alias(WHO)];
    taken.extend(classed.map(|(_, field)| col(field.as_str()).alias("_k.class")));
    let people = table.frame.lazy().select(taken).with_row_index(column::ROW, None);
    let mut scores = scored.frame.lazy().join(people, [col(column::ROW)], [col(column::ROW)], JoinArgs::new(JoinType::Inner));
    if let Some((class, _)) = classed {
        scores = scores.filter(col("_k.class").eq(lit(class)));
    }
    let scores = scores
        .with_column(month(col(DAY)).alias(MONTH))
        .filter(col(MONTH).is_not_null().and(col(WHO).is_not_null()))
        .group_by([col(WHO), col(MONTH)])
        .agg([col(column::POINTS).first().cast(marks()).alias(name), col(column::ROW).count().cast(DataType::Int64).alias(count.as_str())]);
    let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let keyed = rows.with_column(month(col(DAY)).alias(MONTH));
    Ok(keyed.join(scores, [col(rule.person.as_str()), col(MONTH)], [col(WHO), col(MONTH)], how).drop(by_name([MONTH], true, false)))
}

/// Adds the parts up, and holds the sum against the total that somebody wrote down.
fn totalled(rule: &Scorecard, table: &Frame, frame: DataFrame, reasons: Vec<String>, marked: Vec<Marked>) -> PolarsResult<Scored> {
    let index = col(column::VERSION);
    let fields = Fields::after(&frame, reasons.clone());
    let optional = |name: &Option<String>| match name {
        Some(name) => {
            let column = Formula::Field(name.clone());
            Formula::Coalesce(vec![column, Formula::Number(Decimal::ZERO)])
        }
        None => Formula::Number(Decimal::ZERO),
    };
    let binary =
        |operator: Operator, left: Formula, right: Formula| Formula::Binary { operator, left: Box::new(left), right: Box::new(right) };
    let mut sums = Vec::new();
    let wide = DataType::Decimal(PRECISION, SUM_SCALE);
    for version in &rule.cards.versions {
        let card = &version.body;
        let parts = card
            .parts
            .iter()
            .enumerate()
            .map(|(at, part)| binary(Operator::Multiply, Formula::Field(part_name(at)), Formula::Number(part.factor)));
        let sum = parts.reduce(|a, b| binary(Operator::Add, a, b)).unwrap_or(Formula::Null);
        let sum = binary(Operator::Add, binary(Operator::Subtract, sum, optional(&rule.other)), optional(&rule.bonus));
        let rounded = formula::lower(&Formula::Round(Box::new(sum), card.digits), &fields)?;
        sums.push(rounded.expr.cast(wide.clone()));
    }
    let sum = pick(&index, sums, wide.clone());
    let sum = match (&rule.total, rule.total_alone) {
        (Some(total), true) => choose([(col(cells::ALONE), col(total.as_str()).cast(wide.clone()))], sum),
        _ => sum,
    };
    let mut words: Vec<Vec<String>> = marked.into_iter().map(|card| card.words).collect();
    let mut checks = col(column::CHECKS);
    if let Some(total) = rule.total.as_ref().filter(|total| table.has(total)) {
        // the words of the last check stand behind those of the version
        let differs = col(total.as_str()).cast(wide.clone()).neq(col(BASE)).fill_null(lit(false));
        let bits = words.iter_mut().map(|words| {
            let at = words.iter().position(|word| word == cells::SUMS).unwrap_or_else(|| {
                words.push(cells::SUMS.to_owned());
                words.len() - 1
            });
            choose([(differs.clone(), long(1 << at))], long(0))
        });
        checks = checks.or(pick(&index, bits.collect(), DataType::Int64).fill_null(long(0)));
    }
    let failed = col(column::CHECKS).neq(long(0));
    let verdict = choose(
        [(col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)), (failed, outcome(Outcome::Breached))],
        outcome(Outcome::Met),
    );
    let parts: Vec<Expr> = (0..most_parts(rule)).map(|at| col(part_name(at))).collect();
    let points = choose([(col(column::OUTCOME).eq(outcome(Outcome::Met)), col(BASE))], null_of(wide));
    let frame = frame
        .clone()
        .lazy()
        .with_column(sum.alias(BASE))
        .with_column(checks.alias(column::CHECKS))
        .with_column(verdict.alias(column::OUTCOME))
        .with_column(points.alias(column::POINTS))
        .select(
            [column::ROW, column::OUTCOME, column::VERSION, column::WHY, column::LACK, column::CHECKS, column::POINTS, DAY]
                .map(col)
                .into_iter()
                .chain(parts)
                .collect::<Vec<_>>(),
        )
        .collect()?;
    Ok(Scored { frame, reasons, checks: words })
}

/// Digits of a score.
const SUM_SCALE: usize = 4;

/// The scored rows as plain values, each with its row of the table.
fn entries(context: &Context, table: &Table, rule: &Scorecard, scored: &Scored) -> PolarsResult<Vec<(Option<usize>, Score)>> {
    let reader = Reader::of(context, table);
    let frame = &scored.frame;
    let (rows, days, versions) = (indices(frame, column::ROW)?, days(frame, DAY)?, indices(frame, column::VERSION)?);
    let (lacks, checks, scores) = (whole(frame, column::LACK)?, whole(frame, column::CHECKS)?, decimals(frame, column::POINTS)?);
    let parts: Vec<Vec<Option<Decimal>>> = (0..most_parts(rule)).map(|at| decimals(frame, &part_name(at))).collect::<PolarsResult<_>>()?;
    let mut pool = Pool::default();
    let mut entries = Vec::with_capacity(frame.height());
    for at in 0..frame.height() {
        let (Some(row), version, day) = (rows[at], versions[at], days[at]) else { continue };
        let card = version.and_then(|version| rule.cards.versions.get(version)).map(|version| &version.body);
        let mut why = Vec::new();
        if scores[at].is_none() {
            why.extend(words(checks[at], version.and_then(|version| scored.checks.get(version)).map_or(&[][..], Vec::as_slice)));
            why.extend(words(lacks[at], &scored.reasons));
        }
        let text = |field: &Option<String>| field.as_ref().and_then(|field| reader.text(field, row)).unwrap_or_default();
        let number = |field: &Option<String>| field.as_ref().and_then(|field| reader.number(field, row));
        let items = card.map_or_else(Vec::new, |card| {
            let of_part = |source: &MarkSource| match source {
                MarkSource::Cells { items, .. } => items.iter().map(|item| reader.number(&item.field, row)).collect(),
                _ => Vec::new(),
            };
            card.parts.iter().map(|part| of_part(&part.source)).collect()
        });
        let period = match (&rule.period, day) {
            (Some(_), _) => text(&rule.period),
            (None, day) => day.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default(),
        };
        let score = Score {
            person: people::person(&reader, &rule.person, rule.unit.as_ref(), row, &mut pool),
            rater: pool.share(&text(&rule.rater)),
            class: pool.share(&text(&rule.class)),
            period,
            day,
            version,
            parts: parts.iter().take(card.map_or(0, |card| card.parts.len())).map(|part| part[at]).collect(),
            items,
            bonus: number(&rule.bonus),
            other: number(&rule.other),
            void: text(&rule.void),
            score: scores[at],
            why: why.join("、"),
            place: reader.place(row, &mut pool),
        };
        entries.push((Some(row), score));
    }
    Ok(entries)
}

/// What a part lacks where `applies`, or both.
fn guarded(applies: Expr, lacks: impl IntoIterator<Item = Lack>) -> Lack {
    only_where(applies, lacks.into_iter().fold(None, both))
}

/// A plain number as a literal mark.
fn mark(number: Decimal) -> PolarsResult<Expr> {
    decimal_or_err(number, MONEY_SCALE)
}
