//! Tables of rows: holes, double answers, rows that never answer, authority that falls.

use std::collections::BTreeSet;
use std::ops::Range;

use super::axis::Atom;
use super::regions::{Point, Region, Space};
use crate::diag::{Code, Diag, Diags, Place, Severity};
use crate::rules::kinds::{Base, Hit};
use crate::rules::{Condition, Kind, Literal, Operand, Ordering, Rule, Shape, Shapes, Test};

/// What several rows that apply at once mean, and whether none may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Unique,
    First,
    Highest,
    /// Every row that applies must hold.
    Every,
}

/// One version of one rule, as far as its rows' conditions go.
struct Table<'a> {
    rule: &'a Rule,
    shape: &'a Shape,
    /// Only what all of these allow is looked at.
    domain: Vec<Condition>,
    rows: Vec<Row<'a>>,
    policy: Policy,
    /// `Some`: no row at all is a hole, this bad.
    hole: Option<Severity>,
    /// Fields by which a larger value never needs a lower answer.
    rising: Option<&'a str>,
}

struct Row<'a> {
    when: &'a Condition,
    span: Range<usize>,
    /// What the row answers, in words.
    answer: String,
    /// Place in the order of posts.
    rank: usize,
}

/// Every table of one rule.
pub fn lint(rule: &Rule, shapes: &Shapes, diags: &mut Diags) {
    for table in tables(rule, shapes) {
        table.lint(diags);
    }
}

fn tables<'a>(rule: &'a Rule, shapes: &'a Shapes) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    match &rule.kind {
        Kind::Deadline(deadline) if deadline.due.is_none() => {
            let Some(shape) = shapes.get(&deadline.dataset) else { return tables };
            for version in &deadline.limits.versions {
                let row = |row: &'a crate::rules::kinds::LimitRow| Row {
                    when: &row.when,
                    span: row.span.clone(),
                    answer: row.limit.chinese(),
                    rank: 0,
                };
                let rows = version.body.iter().map(row).collect();
                let domain = vec![deadline.scope.clone()];
                tables.push(Table { rule, shape, domain, rows, policy: Policy::First, hole: Some(Severity::Warning), rising: None });
            }
        }
        Kind::Frequency(frequency) => {
            let Some(shape) = shapes.get(&frequency.dataset) else { return tables };
            for version in &frequency.asks.versions {
                let mut ages = Vec::new();
                for ask in &version.body {
                    if !ages.contains(&ask.age) {
                        ages.push(ask.age);
                    }
                }
                for age in ages {
                    let row = |ask: &'a crate::rules::kinds::Ask| Row {
                        when: &ask.when,
                        span: ask.span.clone(),
                        answer: ask.chinese(frequency.trigger.as_ref()),
                        rank: 0,
                    };
                    let rows = version.body.iter().filter(|ask| ask.age == age).map(row).collect();
                    let domain = vec![frequency.scope.clone()];
                    tables.push(Table { rule, shape, domain, rows, policy: Policy::First, hole: Some(Severity::Warning), rising: None });
                }
            }
        }
        Kind::Approval(approval) => {
            let Some(shape) = shapes.get(&approval.dataset) else { return tables };
            let above_zero = Test::Compare(Ordering::Greater, Operand::Literal(Literal::Number(rust_decimal::Decimal::ZERO)));
            let positive = Condition::Cell { field: approval.amount.clone(), test: above_zero };
            for version in &approval.tables.versions {
                let rank = |post: &str| approval.rank.iter().position(|known| known == post).unwrap_or_default();
                let row = |row: &'a crate::rules::kinds::ApprovalRow| Row {
                    when: &row.when,
                    span: row.span.clone(),
                    answer: row.at_least.clone(),
                    rank: rank(&row.at_least),
                };
                let policy = match version.body.hit {
                    Hit::Unique => Policy::Unique,
                    Hit::First => Policy::First,
                    Hit::Highest => Policy::Highest,
                };
                let rows = version.body.rows.iter().map(row).collect();
                let domain = vec![approval.scope.clone(), positive.clone()];
                let rising = Some(approval.amount.as_str());
                tables.push(Table { rule, shape, domain, rows, policy, hole: Some(Severity::Error), rising });
            }
        }
        Kind::Require(require) => {
            let Some(shape) = shapes.get(&require.dataset) else { return tables };
            for version in &require.rows.versions {
                let row = |row: &'a crate::rules::kinds::RequireRow| Row {
                    when: &row.when,
                    span: row.span.clone(),
                    answer: String::new(),
                    rank: 0,
                };
                let rows = version.body.iter().map(row).collect();
                let domain = vec![require.scope.clone()];
                tables.push(Table { rule, shape, domain, rows, policy: Policy::Every, hole: None, rising: None });
            }
        }
        Kind::Penalty(penalty) => {
            let Some(shape) = shapes.get(penalty.base.dataset()) else { return tables };
            let domain = match &penalty.base {
                Base::Rows { scope, .. } => vec![scope.clone()],
                Base::Findings { .. } => Vec::new(),
            };
            for version in penalty.terms.versions.iter().filter(|version| !version.body.counts()) {
                let row = |row: &'a crate::rules::kinds::PenaltyRow| Row {
                    when: &row.when,
                    span: row.span.clone(),
                    answer: String::new(),
                    rank: 0,
                };
                let rows = version.body.rows.iter().map(row).collect();
                tables.push(Table { rule, shape, domain: domain.clone(), rows, policy: Policy::First, hole: None, rising: None });
            }
        }
        _ => {}
    }
    tables
}

impl Table<'_> {
    fn lint(&self, diags: &mut Diags) {
        let conditions: Vec<&Condition> = self.domain.iter().chain(self.rows.iter().map(|row| row.when)).collect();
        let Some(space) = Space::new(self.shape, &conditions) else {
            let message = format!("「{}」的条件组合太多，没有检查漏档与重档", self.rule.head.title);
            diags.push(Diag::note(Code::RuleGap, message).in_text(&self.rule.head.file, self.rule.head.span.clone()));
            return;
        };
        let mut holes = Vec::new();
        let mut doubles = Vec::new();
        let mut answering: BTreeSet<usize> = BTreeSet::new();
        let mut answers: Vec<(Point, usize)> = Vec::new();
        for point in space.points() {
            if self.domain.iter().any(|condition| space.truth(condition, &point) == Some(false)) {
                continue;
            }
            let truths: Vec<_> = self.rows.iter().map(|row| space.truth(row.when, &point)).collect();
            let yes: Vec<usize> = truths.iter().enumerate().filter(|(_, truth)| **truth == Some(true)).map(|(at, _)| at).collect();
            let perhaps = truths.contains(&None);
            if yes.is_empty() && !perhaps {
                holes.push(((), point.clone()));
            }
            if yes.len() > 1 {
                doubles.push((yes.clone(), point.clone()));
            }
            let may_answer = truths.iter().enumerate().filter(|(_, truth)| **truth != Some(false)).map(|(at, _)| at);
            match self.policy {
                Policy::First => answering.extend(may_answer.take_while(|at| yes.first().is_none_or(|first| at <= first))),
                _ => answering.extend(may_answer),
            }
            let answer = match self.policy {
                Policy::Highest => yes.iter().copied().max_by_key(|at| self.rows[*at].rank),
                _ => yes.first().copied(),
            };
            answers.extend(answer.filter(|_| !perhaps).map(|answer| (point, answer)));
        }
        if let Some(severity) = self.hole {
            for (_, region) in space.merge(holes) {
                diags.push(self.hole(&space, &region, severity));
            }
        }
        if self.policy == Policy::Unique {
            for (rows, region) in space.merge(doubles) {
                diags.push(self.double(&space, &region, &rows));
            }
        }
        for (at, row) in self.rows.iter().enumerate().filter(|(at, _)| !answering.contains(at)) {
            let why = if self.policy == Policy::First { "，前面的行已经包住了它" } else { "" };
            let message = format!("「{}」第 {} 行永远轮不到{why}", self.rule.head.title, at + 1);
            diags.push(
                Diag::warning(Code::RuleUnreachable, message).at(self.rule.head.place(row.span.clone())).help("删掉这一行，或改它的条件"),
            );
        }
        if let Some(field) = self.rising {
            self.falling(&space, field, &answers, diags);
        }
    }

    fn place(&self, row: usize) -> Place {
        self.rule.head.place(self.rows[row].span.clone())
    }

    fn hole(&self, space: &Space, region: &Region, severity: Severity) -> Diag {
        let message = format!("「{}」漏档：{}时没有规定，例如 {}", self.rule.head.title, space.describe(region), space.example(region));
        let mut diag = Diag::error(Code::RuleGap, message).help("给这一段加一行，或把相邻一行的端点改到相接");
        diag.severity = severity;
        let (before, after) = self.neighbours(space, region);
        match (before, after) {
            (Some(before), Some(after)) if before != after => {
                diag.at(self.place(before)).label(self.place(before), "到这里为止").label(self.place(after), "从这里才开始")
            }
            (Some(row), _) | (None, Some(row)) => diag.at(self.place(row)),
            (None, None) => diag.in_text(&self.rule.head.file, self.rule.head.span.clone()),
        }
    }

    /// The rows that answer right before and right behind a hole, along the first line where there are such.
    fn neighbours(&self, space: &Space, region: &Region) -> (Option<usize>, Option<usize>) {
        let answers = |point: &Point| (0..self.rows.len()).find(|&at| space.truth(self.rows[at].when, point) == Some(true));
        let corner: Option<Point> = region.0.iter().map(|set| set.first().copied()).collect();
        let Some(corner) = corner else { return (None, None) };
        for (axis, set) in region.0.iter().enumerate() {
            let moved = |to: Option<usize>| {
                let to = to.filter(|to| *to < space.axes[axis].atoms.len())?;
                let mut point = corner.clone();
                point[axis] = to;
                answers(&point)
            };
            let before = moved(set.first().and_then(|first| first.checked_sub(1)));
            let after = moved(set.last().map(|last| last + 1));
            if before.is_some() || after.is_some() {
                return (before, after);
            }
        }
        (None, None)
    }

    fn double(&self, space: &Space, region: &Region, rows: &[usize]) -> Diag {
        let named: Vec<String> = rows.iter().map(|at| format!("第 {} 行（{}）", at + 1, self.rows[*at].answer)).collect();
        let message = format!(
            "「{}」重档：{}时{}同时适用，例如 {}",
            self.rule.head.title,
            space.describe(region),
            named.join("与"),
            space.example(region)
        );
        let mut diag = Diag::error(Code::RuleOverlap, message).help("改端点使各行不相交，或写 hit = \"first\" / \"highest\" 说明用哪一行");
        for (at, row) in rows.iter().enumerate() {
            diag = if at == 0 { diag.at(self.place(*row)) } else { diag };
            diag = diag.label(self.place(*row), self.rows[*row].answer.clone());
        }
        diag
    }

    /// Along the amount, all else equal, the post must not fall.
    fn falling(&self, space: &Space, field: &str, answers: &[(Point, usize)], diags: &mut Diags) {
        let Some(axis) = space.axes.iter().position(|axis| axis.field == field) else { return };
        let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (point, row) in answers.iter().filter(|(point, _)| !matches!(space.axes[axis].atoms[point[axis]], Atom::Missing)) {
            let same_line = |other: &Point| other.iter().enumerate().all(|(at, index)| at == axis || *index == point[at]);
            let higher = answers
                .iter()
                .find(|(other, answer)| same_line(other) && other[axis] > point[axis] && self.rows[*answer].rank < self.rows[*row].rank);
            let Some((larger, lower)) = higher.filter(|(_, lower)| told.insert((*row, *lower))) else { continue };
            let region = |point: &Point| Region(point.iter().map(|at| BTreeSet::from([*at])).collect());
            let message = format!(
                "「{}」权限颠倒：{} 要{}，{} 却只要{}",
                self.rule.head.title,
                space.example(&region(point)),
                self.rows[*row].answer,
                space.example(&region(larger)),
                self.rows[*lower].answer
            );
            let diag = Diag::error(Code::RuleNotMonotonic, message).at(self.place(*row)).label(self.place(*row), "金额小");
            diags.push(diag.label(self.place(*lower), "金额大，职务反而低").help("金额越大，职务不应越低"));
        }
    }
}
