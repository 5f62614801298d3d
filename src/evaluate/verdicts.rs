//! Verdicts of one rule, kept as columns; plain [`Finding`]s are made only of those that somebody will read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::clock::elapsed_unit;
use super::frequency;
use super::judged::{Judged, Why};
use super::lines::{Line, Lines};
use super::message;
use super::penalty;
use super::reader::{Reader, from_seconds};
use crate::calendar::Calendar;
use crate::ledger::{Figures, Finding, Findings, Moment, Outcome, Place, Pool};
use crate::rules::kinds::Deadline;
use crate::rules::{Head, Kind, Quantity, Rule};

/// How many subjects had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([u64; Outcome::ALL.len()]);

impl Counts {
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub fn add(&mut self, outcome: Outcome, count: u64) {
        self.0[outcome as usize] += count;
    }

    /// These are no verdicts after all.
    pub fn forget(&mut self, outcome: Outcome) {
        self.0[outcome as usize] = 0;
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

impl Verdicts {
    pub(super) fn new(rule: &Rule, reader: Reader, judged: Judged, as_of: chrono::NaiveDateTime, calendar: Option<&Calendar>) -> Self {
        let view = View { head: rule.head.clone(), kind: rule.kind.clone(), reader, judged, as_of, calendar: calendar.cloned() };
        Self { view: Some(Arc::new(view)) }
    }

    /// Frames that count, then the one that only suspects.
    fn frames<'a>(view: &'a View) -> impl Iterator<Item = Lines<'a>> {
        let counted = [Some(&view.judged.frame), view.judged.extra.as_ref()].into_iter().flatten();
        let counted = counted.map(|frame| Lines::of(&view.judged, frame, false));
        counted.chain(view.judged.suspected.as_ref().map(|frame| Lines::of(&view.judged, frame, true)))
    }

    /// What is only suspected is not part of the population.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let Some(view) = &self.view else { return counts };
        for lines in Self::frames(view).filter(|lines| !lines.suspected) {
            counts.0.iter_mut().zip(lines.outcomes()).for_each(|(sum, count)| *sum += count);
        }
        counts
    }

    /// Breached and indeterminate ones, in order of the source rows; then missing numbers, then what is only suspected.
    pub fn findings(&self) -> Vec<Finding> {
        let (mut findings, mut pool) = (Vec::new(), Pool::default());
        self.visit(&[Outcome::Breached, Outcome::Indeterminate], &mut |view, line| findings.push(view.finding(line, &mut pool)));
        findings
    }

    /// Every verdict, one after the other.
    pub fn for_each(&self, visit: &mut dyn FnMut(Finding)) {
        let mut pool = Pool::default();
        self.visit(&Outcome::ALL, &mut |view, line| visit(view.finding(line, &mut pool)));
    }

    /// Every verdict about one subject: of its own row, or of rows whose key begins with it.
    pub fn about(&self, subject: &str) -> Vec<Finding> {
        let (mut findings, mut pool) = (Vec::new(), Pool::default());
        self.lines_about(subject, &mut |view, line| findings.push(view.finding(line, &mut pool)));
        findings
    }

    pub(super) fn lines_about(&self, subject: &str, visit: &mut dyn FnMut(&View, &Line)) {
        let Some(view) = &self.view else { return };
        let table = &view.reader.table;
        let first = table.dataset.key.first().and_then(|key| table.frame.column(key).ok());
        let begins = first.and_then(|column| column.as_materialized_series().str().ok().cloned());
        self.visit(&Outcome::ALL, &mut |view, line| {
            let own = match (line.row, &begins) {
                _ if line.subject.is_some() || line.began.is_some() || !view.judged.named_by.is_empty() => {
                    is_about(&view.subject(line), subject)
                }
                (Some(row), Some(texts)) => {
                    texts.get(row).is_some_and(|text| text == subject || subject.starts_with(text) && view.reader.subject(row) == subject)
                }
                (Some(row), None) => view.reader.subject(row).split('/').next() == Some(subject),
                (None, _) => false,
            };
            if own {
                visit(view, line);
            }
        });
    }

    fn visit(&self, wanted: &[Outcome], visit: &mut dyn FnMut(&View, &Line)) {
        let Some(view) = &self.view else { return };
        let wanted = Outcome::ALL.map(|outcome| wanted.contains(&outcome));
        for lines in Self::frames(view) {
            for at in (0..lines.height()).filter(|at| wanted.get(lines.outcome(*at)).copied().unwrap_or(true)) {
                visit(view, &lines.line(at));
            }
        }
    }
}

impl Findings for Verdicts {
    fn each(&self, outcome: Outcome, suspected: bool, visit: &mut dyn FnMut(&Finding)) {
        let mut pool = Pool::default();
        self.visit(&[outcome], &mut |view, line| {
            if line.suspected == suspected {
                visit(&view.finding(line, &mut pool));
            }
        });
    }

    fn count(&self, outcome: Outcome, suspected: bool) -> usize {
        let Some(view) = &self.view else { return 0 };
        let lines = Self::frames(view).filter(|lines| lines.suspected == suspected);
        lines.map(|lines| (0..lines.height()).filter(|at| lines.outcome(*at) == outcome as usize).count()).sum()
    }

    fn clauses(&self) -> BTreeSet<String> {
        let Some(view) = &self.view else { return BTreeSet::new() };
        let mut versions = BTreeSet::new();
        for lines in Self::frames(view).filter(|lines| !lines.suspected) {
            versions.extend((0..lines.height()).filter_map(|at| lines.line(at).version));
        }
        versions.into_iter().filter_map(|version| view.judged.versions.get(version)).map(|(_, clause)| clause.clone()).collect()
    }
}

/// The subject itself, or one whose first part it is.
fn is_about(own: &str, subject: &str) -> bool {
    own.strip_prefix(subject).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl View {
    /// A cell's moment, if `as_of` sees it.
    pub(super) fn seen(&self, field: &str, row: usize) -> Option<Moment> {
        let at = self.reader.moment(field, row)?;
        let seen = match at {
            Moment::Date(date) => date <= self.as_of.date(),
            Moment::Datetime(at) => at <= self.as_of,
        };
        seen.then_some(at)
    }

    fn subject(&self, line: &Line) -> String {
        let label = match &self.kind {
            Kind::Frequency(rule) => frequency::label(rule, line),
            _ => None,
        };
        match label {
            Some(label) => format!("{}/{label}", self.name(line)),
            None => self.name(line),
        }
    }

    fn name(&self, line: &Line) -> String {
        match (line.subject, line.row) {
            (Some(subject), _) => subject.to_owned(),
            (None, Some(row)) if self.judged.named_by.is_empty() => self.reader.subject(row),
            (None, Some(row)) => {
                let named = self.reader.joined(&self.judged.named_by, row);
                if named.is_empty() { self.reader.subject(row) } else { named }
            }
            (None, None) => String::new(),
        }
    }

    pub(super) fn elapsed_unit(&self, line: &Line) -> Option<crate::rules::Unit> {
        Some(elapsed_unit(self.judged.limits.get(line.limit?)?.quantity.unit))
    }

    /// The limit, unless a date in a field stands for it.
    pub(super) fn limit(&self, line: &Line) -> Option<Quantity> {
        let by_field = matches!(&self.kind, Kind::Deadline(Deadline { due: Some(_), .. }) | Kind::Duty(_));
        let limit = self.judged.limits.get(line.limit?)?.quantity;
        // periods have no length of their own
        let of_period = matches!(self.kind, Kind::Frequency(_)) && limit.amount.is_zero();
        (!by_field && !of_period).then_some(limit)
    }

    /// The limit that applies ends with a day.
    pub(super) fn by_day(&self, line: &Line) -> bool {
        line.limit.and_then(|limit| self.judged.limits.get(limit)).is_none_or(|limit| limit.measure.by_day())
    }

    pub(super) fn due(&self, line: &Line) -> Option<Moment> {
        from_seconds(line.due?, self.by_day(line))
    }

    /// The stop, if `as_of` sees it.
    pub(super) fn stop(&self, line: &Line) -> Option<Moment> {
        self.seen(self.judged.stop.as_ref()?, line.row?)
    }

    pub(super) fn start(&self, line: &Line) -> Option<Moment> {
        if let Some(began) = line.began {
            return from_seconds(began, self.by_day(line));
        }
        let (field, row) = (self.judged.start.as_ref()?, line.row?);
        // a promise is looked for as far as `as_of` sees
        if matches!(self.kind, Kind::Approval(_)) { self.seen(field, row) } else { self.reader.moment(field, row) }
    }

    /// The figures that were held against each other.
    fn figures(&self, line: &Line) -> Option<Box<Figures>> {
        match &self.kind {
            Kind::Reconcile(_) => {
                let difference = line.left.zip(line.right).map(|(left, right)| left - right);
                Some(Box::new(Figures::Pair { left: line.left, right: line.right, difference }))
            }
            Kind::Frequency(rule) => {
                let ask = rule.ask(line.limit?)?;
                Some(Box::new(Figures::Times { done: line.times?, least: ask.least, most: ask.most }))
            }
            Kind::Ratio(_) => Some(Box::new(Figures::Share { numerator: line.left, denominator: line.right, rate: line.rate })),
            _ => None,
        }
    }

    /// What was computed, or what was approved.
    fn amount(&self, line: &Line) -> Option<rust_decimal::Decimal> {
        match &self.kind {
            Kind::Approval(rule) => self.reader.number(&rule.amount, line.row?),
            _ => line.amount,
        }
    }

    pub(super) fn finding(&self, line: &Line, pool: &mut Pool) -> Finding {
        let outcome = line.outcome();
        let decided = !matches!(outcome, Outcome::Indeterminate | Outcome::NotApplicable);
        let version = line.version.and_then(|index| self.judged.versions.get(index));
        let unit = self.elapsed_unit(line).filter(|_| decided);
        let quantity = |seconds: Option<i64>| Some(Quantity::from_seconds(seconds?, unit?));
        let mut field = |name: &Option<String>| {
            let text = name.as_ref().and_then(|name| self.reader.text(name, line.row?));
            pool.share(text.as_deref().unwrap_or_default())
        };
        let remembered = line.told.filter(|_| line.row.is_none()).and_then(|told| self.judged.told_of.get(told));
        let (unit_name, person) = match remembered {
            Some(person) => (person.unit.clone(), person.name.clone()),
            None => (field(&self.judged.unit), field(&self.judged.person)),
        };
        let mut finding = Finding {
            pack: pool.share(&self.head.pack),
            rule: pool.share(&self.head.id),
            version: version.map(|(from, _)| *from),
            clause: pool.share(version.map_or("", |(_, clause)| clause.as_str())),
            kind: self.kind.name(),
            outcome,
            severity: if line.suspected { crate::rules::Severity::Minor } else { self.head.severity },
            subject: self.subject(line),
            unit: unit_name,
            person,
            start: self.start(line),
            due: self.due(line).filter(|_| decided),
            stop: self.stop(line),
            limit: self.limit(line),
            elapsed: quantity(line.elapsed),
            overrun: quantity(line.overrun.filter(|seconds| *seconds > 0)),
            amount: self.amount(line).filter(|_| decided),
            points: line.points,
            charge: None,
            figures: self.figures(line),
            place: line.row.map_or_else(Place::default, |row| self.reader.place(row, pool)),
            message: String::new(),
            fault: match outcome {
                Outcome::Breached => message::fault(self, line),
                Outcome::Met => message::mention(self, line),
                _ => String::new(),
            },
            suspected: line.suspected,
        };
        if let (true, Some(owner)) = (finding.unit.is_empty(), &self.judged.owner) {
            finding.unit = pool.share(owner);
        }
        let charged = outcome == Outcome::Breached || Why::of(line.why) == Why::Beyond;
        if let (Kind::Penalty(rule), true) = (&self.kind, charged) {
            finding.charge = Some(Box::new(penalty::words::charge(rule, self, line, &finding, pool)));
        }
        finding.message = match outcome {
            Outcome::Breached => message::breached(self, line, &finding),
            Outcome::Indeterminate => format!("无法判定：{}", self.reason(line)),
            _ => message::noted(self, line),
        };
        finding
    }

    /// Why a verdict is indeterminate.
    fn reason(&self, line: &Line) -> String {
        if let Some(told) = line.told.and_then(|told| self.judged.told.get(told)) {
            return told.clone();
        }
        match Why::of(line.why) {
            Why::BeforeFirst => message::before_first(self, line),
            Why::Uncovered => message::uncovered(self, line),
            Why::Reversed => message::reversed(self, line),
            Why::UnknownPost => message::unknown_post(self, line),
            Why::Ratios => message::ratios(line),
            Why::Beyond => match &self.kind {
                Kind::Penalty(rule) => penalty::words::beyond(rule, self, line),
                _ => String::new(),
            },
            Why::Incomplete => "同一全案的其他份额算不出".to_owned(),
            Why::Lacking | Why::Decided => {
                let bits = self.judged.reasons.iter().enumerate().filter(|(bit, _)| line.lack >> bit & 1 == 1);
                let words = bits.map(|(_, words)| words.as_str()).collect::<Vec<_>>().join("、");
                match line.count {
                    Some(rows) if rows > 0 => format!("{words}（{rows} 行）"),
                    _ => words,
                }
            }
        }
    }
}
