//! The monthly run: the only place that knows the order of the stages.

pub mod cases;
pub mod explain;
mod forms;
mod made;
mod manifest;
mod month;
mod publish;
pub mod sample;
mod settings;
mod several;
mod view;

use std::path::{Component, Path, PathBuf};

use chrono::NaiveDateTime;

pub use month::{Judged, Keep, Loaded};
pub use settings::Settings;

use crate::calendar::Period;
use crate::diag::Diags;
use crate::evaluate::{Counts, Horizon};
use crate::ledger::Outcome;
use crate::normalise::Progress;
use crate::reports;

/// One run: what to read, what to look at, where to write.
#[derive(Debug, Clone)]
pub struct Job {
    pub settings: Settings,
    pub period: Period,
    pub as_of: NaiveDateTime,
    /// Every verdict into `verdicts.csv`.
    pub verdicts: bool,
}

impl Job {
    pub fn horizon(&self) -> Horizon {
        Horizon { period: self.period, as_of: self.as_of }
    }
}

/// The end of a day: what `as_of` means when only a date is given.
pub fn end_of(day: chrono::NaiveDate) -> NaiveDateTime {
    day.and_hms_opt(23, 59, 59).unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN))
}

/// What a clerk is told at the end.
#[derive(Debug, Default)]
pub struct Summary {
    pub read: u64,
    pub used: u64,
    pub rejected: u64,
    /// Set aside, and mended by another row since.
    pub resolved: u64,
    pub duplicate: u64,
    pub furniture: u64,
    pub unrecognised: u64,
    pub repairs: u64,
    pub packs: Vec<PackSummary>,
    pub written: Vec<PathBuf>,
    pub diags: Diags,
}

/// One pack in the summary.
#[derive(Debug, Default)]
pub struct PackSummary {
    pub title: String,
    /// Tables that the company does not keep and every rule of the pack needs; empty where it keeps one.
    pub lacking: Vec<String>,
    /// Each rule that judged something, in pack order.
    pub rules: Vec<RuleSummary>,
    /// Titles of the rules that found nothing to judge.
    pub idle: Vec<String>,
    /// Titles of the rules that wait for a parameter, with what they lack.
    pub waiting: Vec<(String, Vec<String>)>,
    /// Titles of the rules whose columns the data does not have, with these.
    pub asleep: Vec<(String, Vec<String>)>,
}

/// One rule in the summary.
#[derive(Debug)]
pub struct RuleSummary {
    pub title: String,
    /// A breach of a penalty rule is a fine that is proposed.
    pub is_penalty: bool,
    pub counts: Counts,
    /// Suspicions, which are no breaches.
    pub suspected: u64,
}

impl PackSummary {
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.rules.iter().map(|rule| rule.counts.of(outcome)).sum()
    }
}

impl Summary {
    pub fn findings(&self) -> u64 {
        self.packs.iter().map(|pack| pack.of(Outcome::Breached)).sum()
    }

    /// Rows that somebody still has to mend.
    pub fn set_aside(&self) -> u64 {
        self.rejected - self.resolved
    }
}

/// Reads and judges, writes nothing.
///
/// # Errors
/// Everything that is wrong with the inputs or the rules.
pub fn check(job: &Job, progress: &dyn Progress) -> Result<Summary, Diags> {
    let loaded = Loaded::read(&job.settings, progress)?;
    let judged = loaded.judge(job, Keep::Findings, progress)?;
    Ok(judged.summary(&loaded))
}

/// Reads, judges and writes `out/<period>/`, whole or not at all.
///
/// # Errors
/// Everything that is wrong with the inputs or the rules, or why the output could not be written;
/// the former output is then as it was.
pub fn run(job: &Job, progress: &dyn Progress) -> Result<Summary, Diags> {
    let loaded = Loaded::read(&job.settings, progress)?;
    let keep = if job.verdicts { Keep::Everything } else { Keep::Findings };
    let judged = loaded.judge(job, keep, progress)?;
    let mut summary = judged.summary(&loaded);
    let target = job.settings.out.join(job.period.to_string());
    match write(job, &loaded, &judged, &target, progress) {
        Ok(written) => {
            summary.written = written;
            Ok(summary)
        }
        Err(problems) => {
            let mut diags = summary.diags;
            diags.extend(problems);
            Err(diags)
        }
    }
}

fn write(job: &Job, loaded: &Loaded, judged: &Judged, target: &Path, progress: &dyn Progress) -> Result<Vec<PathBuf>, Diags> {
    let staging = publish::Staging::beside(target)?;
    progress.begin("写工作簿");
    let root = way_back(target);
    let month = judged.month(loaded, job, &root)?;
    let mut outputs = match loaded.rules.packs.as_slice() {
        [] | [_] => reports::write_all(&month, staging.path())?,
        _ => several::write(&month, judged, loaded, job, target, staging.path())?,
    };
    outputs.push(reports::csv::findings(&month.findings, staging.path())?);
    if job.verdicts {
        outputs.push(reports::csv::verdicts(judged.verdicts(), staging.path())?);
    }
    outputs.sort();
    let inputs = manifest::Inputs {
        company: &job.settings.company,
        horizon: &job.horizon(),
        rules: &loaded.rules,
        calendars: &loaded.calendar_files,
        templates: &loaded.templates,
        data: &loaded.files,
        settings: job.settings.file.as_deref(),
        limits: &job.settings.limits,
        normalised: &loaded.normalised,
    };
    outputs.push(manifest::write(&inputs, &outputs, staging.path())?);
    let names = outputs.iter().filter_map(|path| path.strip_prefix(staging.path()).ok()).map(|name| target.join(name)).collect();
    staging.publish()?;
    Ok(names)
}

/// From the output folder back to where the inputs' paths begin: `../../` for `out/2026-10`, the working directory's own
/// path where the output lies elsewhere.
fn way_back(target: &Path) -> String {
    if target.components().all(|part| matches!(part, Component::Normal(_))) {
        return "../".repeat(target.components().count());
    }
    std::env::current_dir().map(|folder| format!("{}/", folder.display())).unwrap_or_default()
}
