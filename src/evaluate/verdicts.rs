//! Verdicts of one rule, kept as columns; plain [`Finding`]s are made only of those that somebody will read.

use std::sync::Arc;

use polars::prelude::*;

use super::clock::elapsed_unit;
use super::judged::{Judged, Why, column};
use super::message;
use super::reader::{Reader, decimal, from_seconds};
use crate::calendar::Calendar;
use crate::ledger::{Finding, Moment, Outcome, Place};
use crate::rules::{Head, Kind, Quantity, Rule};

/// How many subjects had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([u64; 5]);

impl Counts {
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub fn add(&mut self, outcome: Outcome, count: u64) {
        self.0[outcome as usize] += count;
    }

    /// All subjects in scope.
    pub fn population(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Subjects with a yes or a no.
    pub fn tested(&self) -> u64 {
        self.of(Outcome::Met) + self.of(Outcome::Breached)
    }
}

/// How to read the frames of one rule's verdicts.
pub(super) struct View {
    pub head: Head,
    pub kind: Kind,
    pub reader: Reader,
    pub judged: Judged,
    pub as_of: chrono::NaiveDateTime,
    pub calendar: Option<Calendar>,
}

/// One rule's verdicts.
#[derive(Clone, Default)]
pub struct Verdicts {
    view: Option<Arc<View>>,
}

impl std::fmt::Debug for Verdicts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rule = self.view.as_ref().map(|view| view.head.id.as_str());
        f.debug_struct("Verdicts").field("rule", &rule).field("counts", &self.counts()).finish()
    }
}

/// One line of a verdict frame.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line<'a> {
    pub row: Option<usize>,
    pub subject: Option<&'a str>,
    pub outcome: i32,
    pub version: Option<usize>,
    pub why: i32,
    pub lack: i64,
    pub checks: i64,
    pub limit: Option<usize>,
    pub elapsed: Option<i64>,
    pub overrun: Option<i64>,
    pub due: Option<i64>,
    pub required: Option<usize>,
    pub amount: Option<rust_decimal::Decimal>,
    pub total: Option<rust_decimal::Decimal>,
    pub count: Option<u32>,
    pub suspected: bool,
}

impl Line<'_> {
    pub(super) fn outcome(&self) -> Outcome {
        Outcome::ALL.into_iter().find(|outcome| *outcome as i32 == self.outcome).unwrap_or(Outcome::Indeterminate)
    }
}

/// A verdict frame's columns, whichever of them the kind has.
struct Lines<'a> {
    frame: &'a DataFrame,
    suspected: bool,
}

impl<'a> Lines<'a> {
    fn number<T: PolarsNumericType>(&self, name: &str, at: usize) -> Option<T::Native> {
        let column = self.frame.column(name).ok()?.as_materialized_series();
        column.unpack::<T>().ok()?.get(at)
    }

    fn decimal(&self, name: &str, at: usize) -> Option<rust_decimal::Decimal> {
        match self.frame.column(name).ok()?.get(at).ok()? {
            AnyValue::Decimal(digits, _, scale) => decimal(digits, scale),
            _ => None,
        }
    }

    fn index(&self, name: &str, at: usize) -> Option<usize> {
        self.number::<Int32Type>(name, at).and_then(|index| usize::try_from(index).ok())
    }

    fn line(&self, at: usize) -> Line<'a> {
        let subject = self.frame.column(column::SUBJECT).ok();
        Line {
            row: self.number::<UInt32Type>(column::ROW, at).map(|row| row as usize),
            subject: subject.and_then(|texts| texts.as_materialized_series().str().ok()?.get(at)),
            outcome: self.number::<Int32Type>(column::OUTCOME, at).unwrap_or(Outcome::Indeterminate as i32),
            version: self.index(column::VERSION, at),
            why: self.number::<Int32Type>(column::WHY, at).unwrap_or_default(),
            lack: self.number::<Int64Type>(column::LACK, at).unwrap_or_default(),
            checks: self.number::<Int64Type>(column::CHECKS, at).unwrap_or_default(),
            limit: self.index(column::LIMIT, at),
            elapsed: self.number::<Int64Type>(column::ELAPSED, at),
            overrun: self.number::<Int64Type>(column::OVERRUN, at),
            due: self.number::<Int64Type>(column::DUE, at),
            required: self.index(column::REQUIRED, at),
            amount: self.decimal(column::AMOUNT, at),
            total: self.decimal(column::TOTAL, at),
            count: self.number::<UInt32Type>(column::COUNT, at),
            suspected: self.suspected,
        }
    }

    /// Numbers of the lines with one of the outcomes.
    fn with(&self, wanted: &[Outcome]) -> Vec<usize> {
        let outcomes = self.frame.column(column::OUTCOME).ok().and_then(|c| c.as_materialized_series().i32().ok().cloned());
        let Some(outcomes) = outcomes else { return Vec::new() };
        let wanted = |outcome: Option<i32>| wanted.iter().any(|w| outcome == Some(*w as i32));
        outcomes.iter().enumerate().filter(|(_, outcome)| wanted(*outcome)).map(|(at, _)| at).collect()
    }
}

impl Verdicts {
    pub(super) fn new(rule: &Rule, reader: Reader, judged: Judged, as_of: chrono::NaiveDateTime, calendar: Option<&Calendar>) -> Self {
        let view = View { head: rule.head.clone(), kind: rule.kind.clone(), reader, judged, as_of, calendar: calendar.cloned() };
        Self { view: Some(Arc::new(view)) }
    }

    /// Frames that count, then the one that only suspects.
    fn frames<'a>(view: &'a View) -> impl Iterator<Item = Lines<'a>> {
        let counted = [Some(&view.judged.frame), view.judged.extra.as_ref()].into_iter().flatten();
        let counted = counted.map(|frame| Lines { frame, suspected: false });
        counted.chain(view.judged.suspected.as_ref().map(|frame| Lines { frame, suspected: true }))
    }

    /// What is only suspected is not part of the population.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let Some(view) = &self.view else { return counts };
        for lines in Self::frames(view).filter(|lines| !lines.suspected) {
            for outcome in Outcome::ALL {
                counts.add(outcome, lines.with(&[outcome]).len() as u64);
            }
        }
        counts
    }

    /// Breached and indeterminate ones, in order of the source rows; then missing numbers, then what is only suspected.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.visit(&[Outcome::Breached, Outcome::Indeterminate], &mut |view, line| findings.push(view.finding(line)));
        findings
    }

    /// Every verdict, one after the other.
    pub fn for_each(&self, visit: &mut dyn FnMut(Finding)) {
        self.visit(&Outcome::ALL, &mut |view, line| visit(view.finding(line)));
    }

    /// Every verdict about one subject: of its own row, or of rows whose key begins with it.
    pub fn about(&self, subject: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.lines_about(subject, &mut |view, line| findings.push(view.finding(line)));
        findings
    }

    pub(super) fn lines_about(&self, subject: &str, visit: &mut dyn FnMut(&View, &Line)) {
        let Some(view) = &self.view else { return };
        let table = &view.reader.table;
        let first = table.dataset.key.first().and_then(|key| table.frame.column(key).ok());
        let begins = first.and_then(|column| column.as_materialized_series().str().ok().cloned());
        self.visit(&Outcome::ALL, &mut |view, line| {
            let own = match (line.row, &begins) {
                (Some(row), Some(texts)) => {
                    texts.get(row).is_some_and(|text| text == subject || subject.starts_with(text) && view.reader.subject(row) == subject)
                }
                (Some(row), None) => view.reader.subject(row).split('/').next() == Some(subject),
                (None, _) => line.subject == Some(subject),
            };
            if own {
                visit(view, line);
            }
        });
    }

    fn visit(&self, wanted: &[Outcome], visit: &mut dyn FnMut(&View, &Line)) {
        let Some(view) = &self.view else { return };
        for lines in Self::frames(view) {
            for at in lines.with(wanted) {
                visit(view, &lines.line(at));
            }
        }
    }
}

impl View {
    pub(super) fn elapsed_unit(&self, line: &Line) -> Option<crate::rules::Unit> {
        Some(elapsed_unit(self.judged.limits.get(line.limit?)?.quantity.unit))
    }

    /// The limit, unless a date in a field stands for it.
    pub(super) fn limit(&self, line: &Line) -> Option<Quantity> {
        let by_field = matches!(&self.kind, Kind::Deadline(rule) if rule.due.is_some());
        if by_field { None } else { Some(self.judged.limits.get(line.limit?)?.quantity) }
    }

    pub(super) fn due(&self, line: &Line) -> Option<Moment> {
        let by_day = self.judged.limits.get(line.limit?).is_none_or(|limit| limit.measure.by_day());
        from_seconds(line.due?, by_day)
    }

    /// The stop, if `as_of` sees it.
    pub(super) fn stop(&self, line: &Line) -> Option<Moment> {
        let stop = self.reader.moment(self.judged.stop.as_ref()?, line.row?)?;
        let seen = match stop {
            Moment::Date(date) => date <= self.as_of.date(),
            Moment::Datetime(at) => at <= self.as_of,
        };
        seen.then_some(stop)
    }

    pub(super) fn start(&self, line: &Line) -> Option<Moment> {
        self.reader.moment(self.judged.start.as_ref()?, line.row?)
    }

    pub(super) fn finding(&self, line: &Line) -> Finding {
        let outcome = line.outcome();
        let decided = !matches!(outcome, Outcome::Indeterminate | Outcome::NotApplicable);
        let version = line.version.and_then(|index| self.judged.versions.get(index));
        let unit = self.elapsed_unit(line).filter(|_| decided);
        let quantity = |seconds: Option<i64>| Some(Quantity::from_seconds(seconds?, unit?));
        let field = |name: &Option<String>| name.as_ref().and_then(|name| self.reader.text(name, line.row?)).unwrap_or_default();
        let mut finding = Finding {
            pack: self.head.pack.clone(),
            rule: self.head.id.clone(),
            version: version.map(|(from, _)| *from),
            clause: version.map(|(_, clause)| clause.clone()).unwrap_or_default(),
            kind: self.kind.name(),
            outcome,
            severity: if line.suspected { crate::rules::Severity::Minor } else { self.head.severity },
            subject: line.row.map_or_else(|| line.subject.unwrap_or_default().to_owned(), |row| self.reader.subject(row)),
            unit: field(&self.judged.unit),
            person: field(&self.judged.person),
            start: self.start(line),
            due: self.due(line).filter(|_| decided),
            stop: self.stop(line),
            limit: self.limit(line),
            elapsed: quantity(line.elapsed),
            overrun: quantity(line.overrun.filter(|seconds| *seconds > 0)),
            amount: line.amount.filter(|_| decided),
            points: None,
            place: line.row.map_or_else(Place::default, |row| self.reader.place(row)),
            message: String::new(),
            suspected: line.suspected,
        };
        finding.message = match outcome {
            Outcome::Breached => message::breached(self, line, &finding),
            Outcome::Indeterminate => format!("无法判定:{}", self.reason(line)),
            _ => String::new(),
        };
        finding
    }

    /// Why a verdict is indeterminate.
    fn reason(&self, line: &Line) -> String {
        match Why::of(line.why) {
            Why::BeforeFirst => message::before_first(self, line),
            Why::Uncovered => message::uncovered(self, line),
            Why::Reversed => message::reversed(self, line),
            Why::UnknownPost => message::unknown_post(self, line),
            Why::Ratios => message::ratios(line),
            Why::Lacking | Why::Decided => {
                let bits = self.judged.reasons.iter().enumerate().filter(|(bit, _)| line.lack >> bit & 1 == 1);
                bits.map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("、")
            }
        }
    }
}
