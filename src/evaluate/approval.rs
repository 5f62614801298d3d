//! Who must at least approve what, and no promise before the approval.

use polars::prelude::*;

use super::fields::{Fields, Lack, all, both, only_where};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lower::{choose, day_of, long, null_of, small};
use super::predicate::{Answer, Stage};
use super::split;
use super::version::{citations, first_hit, index, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Approval, ApprovalTable, Hit};

/// Bits of the checks, in this order.
pub(super) const TOO_LOW: i64 = 1;
pub(super) const PROMISE_EARLY: i64 = 2;
pub(super) const PROMISE_ALONE: i64 = 4;

/// Index of a post in `rank`; null where the cell is empty or the post is not ranked.
pub(super) fn rank_of(actor: &Expr, rank: &[String]) -> Expr {
    let posts = rank.iter().zip(0..).map(|(post, index)| (actor.clone().eq(lit(post.as_str())), small(index)));
    choose(posts.collect::<Vec<_>>(), null_of(DataType::Int32))
}

/// The lowest post that may approve, by the table's rows.
pub(super) fn required(
    table: &ApprovalTable,
    rank: &[String],
    mut answer: impl FnMut(usize) -> PolarsResult<Answer>,
) -> PolarsResult<(Expr, Lack)> {
    let posts = table.rows.iter().map(|row| rank.iter().position(|post| *post == row.at_least).and_then(|p| i32::try_from(p).ok()));
    let mut rows = Vec::new();
    for (number, post) in posts.enumerate() {
        rows.push((answer(number)?, post.map_or_else(|| null_of(DataType::Int32), small)));
    }
    Ok(match table.hit {
        Hit::Unique | Hit::First => first_hit(rows, DataType::Int32),
        Hit::Highest => {
            let lack = all(rows.iter().map(|(answer, _)| answer.lack.clone()));
            let higher = |best: Expr, (answer, post): (Answer, Expr)| {
                choose([(answer.holds().and(best.clone().is_null().or(best.clone().lt(post.clone()))), post)], best)
            };
            (rows.into_iter().fold(null_of(DataType::Int32), higher), lack)
        }
    })
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Approval) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let mut at = At::of(context, table, &fields, rule.at.as_ref())?;
    let (actor, amount) = (fields.column(&rule.actor)?, fields.column(&rule.amount)?);
    let promise = match &rule.promise {
        Some(promise) => Some((seen_day(context, &fields, &promise.at)?, seen_day(context, &fields, &promise.approved)?)),
        None => None,
    };
    if let (Some((promised, _)), Some(day)) = (&promise, &at.day) {
        // not approved yet: the promise places the row; an approval that `as_of` does not see yet does not
        let placed = choose([(at.seen.clone().fill_null(lit(false)), day.clone())], promised.clone());
        let nothing = fields.reason(placed.clone().is_null(), undated(rule, table));
        let later = at.seen.clone().not().fill_null(lit(false)).and(promised.clone().is_null());
        at = At { day: Some(placed), seen: later.not(), lack: Some(nothing) };
    }

    let mut stage = Stage::new(&fields, "_k.band");
    let (mut posts, mut lacks) = (Vec::new(), Vec::new());
    for version in &rule.tables.versions {
        let (post, lack) = required(&version.body, &rule.rank, |row| stage.condition(&version.body.rows[row].when))?;
        posts.push(post);
        lacks.push(lack);
    }
    let version = at.version(context, &rule.tables);
    let within = at.within(context.horizon).and(at.seen.clone().fill_null(lit(true)));
    let rows = scoped(table, &fields, &rule.scope, within, version, at.lack.clone())?;

    let index = col(column::VERSION);
    let (post, own) = (col(column::REQUIRED), col(OWN));
    let early = match &promise {
        Some((promised, approved)) => vec![
            (promised.clone().lt(approved.clone()), PROMISE_EARLY),
            (promised.clone().is_not_null().and(approved.clone().is_null()), PROMISE_ALONE),
        ],
        None => Vec::new(),
    };
    let too_low = (own.clone().lt(post.clone()), TOO_LOW);
    let checks = [too_low].into_iter().chain(early).map(|(holds, bit)| choose([(holds, long(bit))], long(0)));
    let checks = checks.reduce(|a, b| a + b).unwrap_or_else(|| long(0));

    let actor_lack = both(fields.lack(&rule.actor)?, fields.lack(&rule.amount)?);
    let row_lack = pick_lack(&index, lacks);
    // where no row of the table asks for a post, it does not matter who signed
    let needed = only_where(post.clone().is_not_null().or(amount.is_null()), actor_lack);
    let (why, lack) = undecided(rows.lack, Some(col(column::CHECKS).neq(long(0))), both(row_lack, needed));
    let unranked = own.is_null().and(actor.clone().is_not_null()).and(post.clone().is_not_null()).and(col(column::CHECKS).eq(long(0)));
    let why = choose([(why.clone().neq(Why::Decided.code()), why), (unranked, Why::UnknownPost.code())], Why::Decided.code());
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (col(column::CHECKS).neq(long(0)), outcome(Outcome::Breached)),
            (post.is_not_null(), outcome(Outcome::Met)),
        ],
        outcome(Outcome::NotApplicable),
    );
    let frame = rows
        .rows
        .with_columns(stage.columns())
        .with_columns([pick(&index, posts, DataType::Int32).alias(column::REQUIRED), rank_of(&actor, &rule.rank).alias(OWN)])
        .with_column(checks.alias(column::CHECKS))
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([
            col(column::ROW),
            verdict.alias(column::OUTCOME),
            index,
            col(column::WHY),
            col(column::LACK),
            col(column::CHECKS),
            col(column::REQUIRED),
        ])
        .collect()?;
    Ok(Judged {
        frame,
        suspected: rule.split.as_ref().map(|by| split::suspected(context, table, rule, by)).transpose()?,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.tables),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        start: rule.promise.as_ref().map(|promise| promise.at.clone()),
        stop: rule.promise.as_ref().map(|promise| promise.approved.clone()),
        ..Judged::default()
    })
}

/// Rank of the row's own approver.
pub(super) const OWN: &str = "_k.own";

/// A date as a day, null where `as_of` does not see it yet.
pub(super) fn seen_day(context: &Context, fields: &Fields, field: &str) -> PolarsResult<Expr> {
    let (column, dtype) = (fields.column(field)?, fields.dtype(field)?);
    let seen = context.seen(column.clone(), &dtype);
    Ok(choose([(seen, day_of(column, &dtype))], null_of(DataType::Int32)))
}

fn undated(rule: &Approval, table: &Table) -> String {
    let at = rule.at.as_ref().or(table.dataset.at.as_ref()).map_or("日期", String::as_str);
    format!("{at} 为空")
}

/// Days since 1970 of the approval, for windows.
pub(super) fn approval_day(context: &Context, table: &Table, rule: &Approval, fields: &Fields) -> PolarsResult<(Expr, Expr)> {
    let at = At::of(context, table, fields, rule.promise.as_ref().map(|p| &p.approved).or(rule.at.as_ref()))?;
    let day = choose([(at.seen.clone(), at.day.clone().unwrap_or_else(|| null_of(DataType::Int32)))], null_of(DataType::Int32));
    let version = index(&day, &rule.tables);
    Ok((day, version))
}
