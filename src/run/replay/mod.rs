//! `kesu rules diff`: months judged under two sets of rules, side by side.

pub(in crate::run) mod probes;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_decimal::Decimal;

use super::{Job, Keep, Loaded, Settings, end_of};
use crate::calendar::Period;
use crate::diag::{Code, Diag, Diags};
use crate::ledger::{Finding, Outcome};
use crate::normalise::Progress;
pub use probes::Probe;

/// What changes for whom.
#[derive(Debug, Default)]
pub struct Replay {
    /// By rule: breaches before and after.
    pub rules: BTreeMap<String, (usize, usize)>,
    /// Of the rules, as the newer set calls them.
    titles: BTreeMap<String, String>,
    /// By department, then person: yuan before and after.
    pub people: BTreeMap<(String, String), (Decimal, Decimal)>,
    /// Everything that differs, month by month.
    pub lines: Vec<Line>,
    pub before: Decimal,
    pub after: Decimal,
    /// Made-up cases around the limits that were moved.
    pub probes: Vec<Probe>,
}

/// One case that comes out differently.
#[derive(Debug)]
pub struct Line {
    pub month: String,
    pub rule: String,
    pub subject: String,
    pub unit: String,
    pub person: String,
    /// Yuan; `None`: no breach.
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
}

impl Replay {
    /// What a rule is called.
    pub fn title<'r>(&'r self, rule: &'r str) -> &'r str {
        self.titles.get(rule).map_or(rule, String::as_str)
    }

    /// By department: yuan before and after.
    pub fn units(&self) -> BTreeMap<&str, (Decimal, Decimal)> {
        let mut units: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
        for ((unit, _), (before, after)) in &self.people {
            let sums = units.entry(unit).or_default();
            *sums = (sums.0 + before, sums.1 + after);
        }
        units
    }

    /// Yuan of all lines together; the sums differ by nothing else.
    pub fn explained(&self) -> Decimal {
        self.lines.iter().map(|line| line.after.unwrap_or_default() - line.before.unwrap_or_default()).sum()
    }
}

type Key = (String, String, String, String, String);

/// Judges every month of `over` under both sets of rules.
///
/// # Errors
/// What is wrong with the data or with either of the rules.
pub fn replay(settings: &Settings, old: PathBuf, new: PathBuf, over: Period, progress: &dyn Progress) -> Result<Replay, Diags> {
    let with = |rules: PathBuf| Settings { rules: vec![rules], packs: Vec::new(), ..settings.clone() };
    let sides = [Loaded::read(&with(old), progress)?, Loaded::read(&with(new), progress)?];
    let rules = sides.iter().flat_map(|side| side.rules.rules());
    let titles = rules.map(|(_, rule)| (rule.head.id.clone(), rule.head.title.clone())).collect();
    let mut replay = Replay { titles, ..Replay::default() };
    let mut month = Period::of(over.first);
    while let Some(period) = month.filter(|period| period.last <= over.last) {
        let [before, after] = [breaches(&sides[0], settings, period, progress)?, breaches(&sides[1], settings, period, progress)?];
        replay.compare(period, before, after);
        month = period.next();
    }
    if replay.after - replay.before != replay.explained() {
        let diag = Diag::error(Code::TotalsUnbalanced, "两套规则的合计之差与逐件之差不符");
        return Err(diag.help("这是程序的问题，请连同规则与数据反馈").into());
    }
    replay.probes = probes::probes(&sides, over.last)?;
    Ok(replay)
}

/// Breaches of a month with their yuan; those that share a key are added up.
fn breaches(loaded: &Loaded, settings: &Settings, period: Period, progress: &dyn Progress) -> Result<BTreeMap<Key, Decimal>, Diags> {
    let job = Job { settings: settings.clone(), period, as_of: end_of(period.last), verdicts: false, ledger: None };
    let judged = loaded.judge(&job, Keep::Findings, progress)?;
    let mut found: BTreeMap<Key, Decimal> = BTreeMap::new();
    for finding in judged.findings.iter().filter(|finding| finding.outcome == Outcome::Breached && !finding.suspected) {
        *found.entry(key(finding)).or_default() += finding.amount.unwrap_or_default();
    }
    Ok(found)
}

fn key(finding: &Finding) -> Key {
    let texts = [finding.rule.as_str(), &finding.subject, &finding.unit, &finding.person, &finding.fault];
    let [rule, subject, unit, person, fault] = texts.map(str::to_owned);
    (rule, subject, unit, person, fault)
}

impl Replay {
    fn compare(&mut self, period: Period, before: BTreeMap<Key, Decimal>, after: BTreeMap<Key, Decimal>) {
        for (side, found) in [&before, &after].into_iter().enumerate() {
            for ((rule, _, unit, person, _), amount) in found {
                let counts = self.rules.entry(rule.clone()).or_default();
                let sums = self.people.entry((unit.clone(), person.clone())).or_default();
                match side {
                    0 => (counts.0, sums.0, self.before) = (counts.0 + 1, sums.0 + amount, self.before + amount),
                    _ => (counts.1, sums.1, self.after) = (counts.1 + 1, sums.1 + amount, self.after + amount),
                }
            }
        }
        let keys: std::collections::BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let (before, after) = (before.get(key).copied(), after.get(key).copied());
            if before != after {
                let (rule, subject, unit, person, _) = key.clone();
                self.lines.push(Line { month: period.to_string(), rule, subject, unit, person, before, after });
            }
        }
    }
}
