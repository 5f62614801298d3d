//! A made-up case just below, at and just above each limit that was moved, judged under both sets of rules.

mod row;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::diag::Diags;
use crate::evaluate::{self, Horizon};
use crate::ledger::{Finding, Outcome};
use crate::normalise::{self, Tables};
use crate::rules::kinds::{Approval, Deadline};
use crate::rules::{Condition, Kind, Literal, Operand, Pack, Quantity, Rule, Test};
use crate::run::{Loaded, end_of};

use row::Row;

/// One made-up case and what both sets say of it.
#[derive(Debug)]
pub struct Probe {
    pub rule: String,
    /// `14天`, `1000.01 元`
    pub at: String,
    pub before: String,
    pub after: String,
}

impl Probe {
    /// The two sets decide otherwise; that they name another limit is no difference.
    pub fn differs(&self) -> bool {
        let decided = |words: &str| words.split('（').next().map(str::to_owned);
        decided(&self.before) != decided(&self.after)
    }
}

/// The limits in force on the day that differ between the two sets; those that only one has are moved too.
pub(super) fn probes(sides: &[Loaded; 2], on: NaiveDate) -> Result<Vec<Probe>, Diags> {
    let mut probes = Vec::new();
    for (pack, new) in sides[1].rules.rules() {
        let old = sides[0].rules.rules().find(|(owner, rule)| owner.id == pack.id && rule.head.id == new.head.id);
        let Some((old_pack, old)) = old else { continue };
        let both = [(&sides[0], old_pack, old), (&sides[1], pack, new)];
        match (&old.kind, &new.kind) {
            (Kind::Deadline(before), Kind::Deadline(after)) => probes.extend(deadline(&both, before, after, on)?),
            (Kind::Approval(before), Kind::Approval(after)) => probes.extend(approval(&both, before, after, on)?),
            _ => {}
        }
    }
    Ok(probes)
}

type Both<'a> = [(&'a Loaded, &'a Pack, &'a Rule); 2];

fn deadline(both: &Both<'_>, before: &Deadline, after: &Deadline, on: NaiveDate) -> Result<Vec<Probe>, Diags> {
    let rows = |rule: &Deadline| rule.limits.on(on).map(|version| version.body.clone()).unwrap_or_default();
    let (old, new) = (rows(before), rows(after));
    let mut conditions: Vec<&Condition> = Vec::new();
    for row in old.iter().chain(&new) {
        if !conditions.contains(&&row.when) {
            conditions.push(&row.when);
        }
    }
    let mut probes = Vec::new();
    for when in conditions {
        let of = |rows: &[crate::rules::kinds::LimitRow]| rows.iter().find(|row| row.when == *when).map(|row| row.limit);
        let limits = [of(&old), of(&new)];
        if limits[0] == limits[1] {
            continue;
        }
        let mut tried: Vec<Quantity> = limits.into_iter().flatten().flat_map(around).collect();
        tried.sort_by_key(|quantity| quantity.amount * Decimal::from(quantity.unit.seconds()));
        tried.dedup();
        for quantity in tried {
            let mut said = Vec::new();
            for (loaded, pack, rule) in both {
                said.push(match row::closed_after(loaded, pack, rule, when, quantity, on) {
                    Some((row, stop)) => {
                        verdict(loaded, pack, rule, &row, stop)?.map_or_else(|| "不判".to_owned(), |finding| told(&finding))
                    }
                    None => "条件写不成一件试件".to_owned(),
                });
            }
            probes.push(probe(both, quantity.chinese(), said));
        }
    }
    Ok(probes)
}

/// One less, itself, one more; of what is measured by parts, a minute.
fn around(limit: Quantity) -> Vec<Quantity> {
    let step = if limit.amount.fract().is_zero() { Decimal::ONE } else { Decimal::from(60) / Decimal::from(limit.unit.seconds()) };
    let each = [limit.amount - step, limit.amount, limit.amount + step];
    each.into_iter().filter(|amount| *amount >= Decimal::ZERO).map(|amount| Quantity { amount, ..limit }).collect()
}

fn told(finding: &Finding) -> String {
    match finding.limit.filter(|_| matches!(finding.outcome, Outcome::Met | Outcome::Breached)) {
        Some(limit) => format!("{}（{}）", finding.outcome.title(), limit.chinese()),
        None => finding.outcome.title().to_owned(),
    }
}

fn approval(both: &Both<'_>, before: &Approval, after: &Approval, on: NaiveDate) -> Result<Vec<Probe>, Diags> {
    let thresholds = |rule: &Approval| {
        let mut found = BTreeSet::new();
        for row in rule.tables.on(on).iter().flat_map(|version| &version.body.rows) {
            numbers(&row.when, &rule.amount, &mut found);
        }
        found
    };
    let (old, new) = (thresholds(before), thresholds(after));
    let fen = Decimal::new(1, 2);
    let amounts: BTreeSet<Decimal> = old.symmetric_difference(&new).flat_map(|limit| [limit - fen, *limit, limit + fen]).collect();
    let mut probes = Vec::new();
    for amount in amounts.into_iter().filter(|amount| *amount > Decimal::ZERO) {
        let mut said = Vec::new();
        for ((loaded, pack, rule), own) in both.iter().zip([before, after]) {
            said.push(lowest(loaded, pack, rule, own, amount, on)?);
        }
        probes.push(probe(both, format!("{amount:.2} 元"), said));
    }
    Ok(probes)
}

/// The lowest post that may approve the amount.
fn lowest(loaded: &Loaded, pack: &Pack, rule: &Rule, own: &Approval, amount: Decimal, on: NaiveDate) -> Result<String, Diags> {
    for post in &own.rank {
        let Some(row) = row::approved_by(loaded, own, amount, post, on) else { return Ok("条件写不成一件试件".to_owned()) };
        if verdict(loaded, pack, rule, &row, on)?.is_some_and(|finding| finding.outcome == Outcome::Met) {
            return Ok(format!("{post}可批"));
        }
    }
    Ok("没有人可批".to_owned())
}

/// Every number that an amount is held against.
pub(in crate::run) fn numbers(condition: &Condition, field: &str, found: &mut BTreeSet<Decimal>) {
    let mut take = |literal: &Literal| {
        if let Literal::Number(number) = literal {
            found.extend((*number > Decimal::ZERO).then_some(*number));
        }
    };
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| numbers(part, field, found)),
        Condition::Not(part) => numbers(part, field, found),
        Condition::Cell { field: own, test } if own == field => match test {
            Test::Compare(_, Operand::Literal(literal)) => take(literal),
            Test::Interval { low, high } => low.iter().chain(high).for_each(|(literal, _)| take(literal)),
            _ => {}
        },
        Condition::Cell { .. } | Condition::Formula(_) => {}
    }
}

fn probe(both: &Both<'_>, at: String, said: Vec<String>) -> Probe {
    let [before, after] = [0, 1].map(|side| said.get(side).cloned().unwrap_or_default());
    Probe { rule: both[1].2.head.id.clone(), at, before, after }
}

/// What the rule says of the row alone, in the month of the day.
fn verdict(loaded: &Loaded, pack: &Pack, rule: &Rule, row: &Row, day: NaiveDate) -> Result<Option<Finding>, Diags> {
    let dataset = rule.kind.dataset().and_then(|name| loaded.rules.dataset(name));
    let (Some(dataset), Some(period)) = (dataset, Period::of(day)) else { return Ok(None) };
    let table = normalise::table_from_rows(Arc::clone(dataset), &[row.cells()]).map_err(Diags::from_iter)?;
    let tables = Tables { sources: vec![Default::default()], tables: vec![table] };
    let prepared = evaluate::prepare(tables, &loaded.rules).map_err(Diags::from_iter)?;
    if prepared.is_silent(rule) {
        return Ok(None);
    }
    let horizon = Horizon { period, as_of: end_of(period.last) };
    let verdicts = evaluate::judge(pack, rule, &prepared, &loaded.calendars, &horizon).map_err(|fault| Diags::from_iter([fault]))?;
    let mut found = None;
    verdicts.for_each(&mut |finding| {
        if !finding.suspected {
            found.get_or_insert(finding);
        }
    });
    Ok(found)
}
