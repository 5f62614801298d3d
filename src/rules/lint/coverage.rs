//! Whether a pack's cases touch its rules and every boundary in them.

use rust_decimal::Decimal;

use super::axis::{constants, ordinal};
use crate::diag::{Code, Diag, Diags};
use crate::ingest::RawValue;
use crate::ledger::Outcome;
use crate::rules::cases::{Case, Expected};
use crate::rules::kinds::{AwardOf, Base};
use crate::rules::{Condition, Kind, Literal, Pack, Quantity, Rule, Shapes, Status, Test, Unit, cell};

pub fn lint(pack: &Pack, cases: &[Case], shapes: &Shapes, diags: &mut Diags) {
    for rule in &pack.rules {
        let judged = !matches!(rule.kind, Kind::Notice(_) | Kind::Statistic(_));
        if !judged || matches!(rule.head.status, Status::MissingParam | Status::Retired) {
            continue;
        }
        let own: Vec<&Case> = cases.iter().filter(|case| case.rule == rule.head.id).collect();
        if own.is_empty() {
            let message = format!("规则「{}」（{}）没有用例", rule.head.id, rule.head.title);
            let help = "在包的 cases 文件夹里加一个 [[case]]，至少写合规、违规、恰好到界各一个";
            diags.push(Diag::warning(Code::RuleNoCases, message).in_text(&rule.head.file, rule.head.span.clone()).help(help));
            continue;
        }
        boundaries(rule, &own, shapes, diags);
    }
}

fn boundaries(rule: &Rule, cases: &[&Case], shapes: &Shapes, diags: &mut Diags) {
    let mut untested = |what: String, span: &std::ops::Range<usize>| {
        let message = format!("规则「{}」的边界{what}没有用例碰到", rule.head.id);
        let help = "加一个恰好落在边界上的用例";
        diags.push(Diag::warning(Code::RuleBoundaryUntested, message).at(rule.head.place(span.clone())).help(help));
    };
    if let Kind::Duty(duty) = &rule.kind {
        for version in &duty.terms.versions {
            if !cases.iter().any(|case| handed_in_on_the_day(case, &duty.done)) {
                untested(format!("「{}」", version.body.due), &rule.head.span);
            }
        }
    }
    for (edge, span) in score_edges(&rule.kind) {
        if !cases.iter().flat_map(|case| &case.expect).any(|expect| expect.points == Some(edge)) {
            untested(format!("「{} 分」", edge.normalize()), &span.unwrap_or(rule.head.span.clone()));
        }
    }
    let rows: Vec<(&Condition, &std::ops::Range<usize>)> = match &rule.kind {
        Kind::Deadline(deadline) => {
            for row in deadline.limits.versions.iter().flat_map(|version| &version.body) {
                // A case touches a limit where it expects just that much time to have passed.
                let touched = cases.iter().flat_map(|case| &case.expect).any(|expect| touches(expect.elapsed, row.limit));
                // A company's number cannot be known to the pack: there a case brings its own, and touches that.
                let open = !rule.head.params.is_empty() && cases.iter().any(|case| touches_its_own(case));
                // months have no number of days: there the day itself is expected
                let months = matches!(row.limit.unit, Unit::Month | Unit::Quarter | Unit::Year);
                let on_the_day = months && cases.iter().any(|case| is_met(case) && handed_in_on_the_day(case, &deadline.stop));
                if !touched && !open && !on_the_day {
                    untested(format!("「{}」", row.limit.chinese()), &row.span);
                }
            }
            deadline.limits.versions.iter().flat_map(|version| &version.body).map(|row| (&row.when, &row.span)).collect()
        }
        Kind::Approval(approval) => {
            approval.tables.versions.iter().flat_map(|version| &version.body.rows).map(|row| (&row.when, &row.span)).collect()
        }
        Kind::Penalty(penalty) => {
            penalty.terms.versions.iter().flat_map(|version| &version.body.rows).map(|row| (&row.when, &row.span)).collect()
        }
        _ => Vec::new(),
    };
    let dataset = match &rule.kind {
        Kind::Deadline(deadline) => &deadline.dataset,
        Kind::Approval(approval) => &approval.dataset,
        Kind::Penalty(penalty) => match &penalty.base {
            Base::Rows { dataset, .. } | Base::Findings { dataset, .. } => dataset,
        },
        _ => return,
    };
    let Some(shape) = shapes.get(dataset) else { return };
    let mut told: Vec<(String, Decimal)> = Vec::new();
    for (when, span) in rows {
        for (field, constant) in edges(when) {
            let Some(known) = shape.field(field) else { continue };
            let values = cases.iter().flat_map(|case| &case.tables).flat_map(|(_, rows)| rows).flatten();
            let mut values = values.filter(|(name, _)| name == field).filter_map(|(_, value)| value_of(known, value));
            let Some(edge) = ordinal(constant) else { continue };
            let key = (field.to_owned(), edge);
            if !told.contains(&key) && !values.any(|value| ordinal(&value) == Some(edge)) {
                untested(format!("「{field} = {}」", crate::rules::words::literal_in(constant, Some(known.ty)).trim()), span);
                told.push(key);
            }
        }
    }
}

/// Sums and scores at which something else follows, with the row that says so.
fn score_edges(kind: &Kind) -> Vec<(Decimal, Option<std::ops::Range<usize>>)> {
    let mut edges: Vec<(Decimal, Option<std::ops::Range<usize>>)> = match kind {
        Kind::Points(points) => {
            points.schedules.versions.iter().filter_map(|version| version.body.line.as_ref()).map(|line| (line.limit, None)).collect()
        }
        Kind::Scorecard(card) => {
            let grades = card.cards.versions.iter().flat_map(|version| &version.body.grades);
            let ends = grades.flat_map(|grade| [grade.band.low, grade.band.high].map(|end| (end, Some(grade.span.clone()))));
            let whole =
                card.cards.versions.iter().flat_map(|version| &version.body.awards).filter(|award| !matches!(award.of, AwardOf::Part(_)));
            let awards = whole.flat_map(|award| [award.band.low, award.band.high].map(|end| (end, None)));
            ends.chain(awards).filter_map(|(end, span)| end.map(|(at, _)| (at, span))).collect()
        }
        _ => Vec::new(),
    };
    edges.sort_by_key(|(edge, _)| *edge);
    edges.dedup_by_key(|(edge, _)| *edge);
    edges
}

fn is_met(case: &Case) -> bool {
    case.expect.iter().any(|expect| expect.outcome == Expected::Verdict(Outcome::Met))
}

/// A case whose due day is expected, and that hands in on it.
fn handed_in_on_the_day(case: &Case, done: &str) -> bool {
    let dues: Vec<&str> = case.expect.iter().filter_map(|expect| expect.due.as_deref()?.get(..10)).collect();
    let mut cells = case.tables.iter().flat_map(|(_, rows)| rows).flatten().filter(|(name, _)| name == done);
    cells.any(|(_, value)| match value {
        RawValue::Text(text) | RawValue::Iso(text) => dues.iter().any(|due| text.starts_with(due)),
        _ => false,
    })
}

fn touches(elapsed: Option<Quantity>, limit: Quantity) -> bool {
    elapsed.is_some_and(|elapsed| elapsed.unit == limit.unit && elapsed.amount == limit.amount)
}

/// Whether the case expects just so much time as it supplies for a parameter.
fn touches_its_own(case: &Case) -> bool {
    let supplied = case.params.iter().filter_map(|(_, value)| value.parse().ok());
    supplied.into_iter().any(|limit: Quantity| case.expect.iter().any(|expect| touches(expect.elapsed, limit)))
}

/// Constants at which a comparison or an interval turns over.
fn edges(condition: &Condition) -> Vec<(&str, &Literal)> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(edges).collect(),
        Condition::Not(inner) => edges(inner),
        Condition::Cell { field, test: test @ (Test::Compare(..) | Test::Interval { .. }) } => {
            let numbers = constants(test).into_iter().filter(|literal| ordinal(literal).is_some_and(|edge| !edge.is_zero()));
            numbers.map(|literal| (field.as_str(), literal)).collect()
        }
        Condition::Cell { .. } | Condition::Formula(_) => Vec::new(),
    }
}

fn value_of(field: &crate::rules::ShapeField, value: &RawValue<'_>) -> Option<Literal> {
    match value {
        RawValue::Text(text) | RawValue::Iso(text) => cell::literal(field, text).ok(),
        RawValue::Number(number) => cell::literal(field, &number.to_string()).ok(),
        _ => None,
    }
}
