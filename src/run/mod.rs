//! The monthly run: the only place that knows the order of the stages.

mod account;
pub mod audit;
pub mod cases;
pub mod close;
pub mod decide;
pub mod explain;
mod forms;
pub mod import;
mod made;
mod manifest;
mod month;
mod publish;
pub mod replay;
pub mod restate;
pub mod sample;
mod settings;
mod several;
mod sums;
pub mod verify;
mod view;

use std::path::{Component, Path, PathBuf};

use chrono::NaiveDateTime;

use account::Books;
use manifest::{JobEntry, Manifest};
pub use month::{Judged, Keep, Loaded};
pub use restate::Restated;
pub use settings::Settings;

use crate::calendar::Period;
use crate::diag::{Diags, unwritable};
use crate::evaluate::{Counts, Horizon};
use crate::fault;
use crate::ledger::store::{RunRecord, Sums, Turn};
use crate::ledger::{Account, Outcome};
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
    /// `None`: the run keeps none and knows of no other.
    pub ledger: Option<PathBuf>,
}

impl Job {
    pub fn horizon(&self) -> Horizon {
        Horizon { period: self.period, as_of: self.as_of }
    }

    /// Where the outputs go.
    pub fn target(&self) -> PathBuf {
        self.settings.out.join(self.period.to_string())
    }

    /// Months are entered in the ledger; a quarter would tell of the same breaches once more.
    pub fn keeps_books(&self) -> bool {
        self.ledger.is_some() && self.period.month_count() == 1
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
    /// What the ledger says; `None` where the run keeps none.
    pub account: Option<Account>,
    /// The month was closed: what it should have been.
    pub restated: Option<Restated>,
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

/// Everything read, with what the ledger knows of earlier months; the ledger itself is only looked at.
///
/// # Errors
/// Everything that is wrong with inputs, rules or ledger.
pub fn read(job: &Job, progress: &dyn Progress) -> Result<Loaded, Diags> {
    let mut loaded = Loaded::read(&job.settings, progress)?;
    if let Some(ledger) = job.ledger.as_ref().filter(|ledger| job.keeps_books() && ledger.is_file()) {
        let folder = tempfile::tempdir().map_err(|e| unwritable(ledger, &e))?;
        loaded.prepared.history = Turn::on_copy(ledger, folder.path())?.history_before(&job.period.to_string())?;
    }
    Ok(loaded)
}

/// Reads and judges, writes nothing.
///
/// # Errors
/// Everything that is wrong with the inputs or the rules.
pub fn check(job: &Job, progress: &dyn Progress) -> Result<Summary, Diags> {
    let loaded = read(job, progress)?;
    let judged = loaded.judge(job, Keep::Findings, progress)?;
    Ok(judged.summary(&loaded))
}

/// Reads, judges and writes `out/<period>/`, whole or not at all, and enters it in the ledger.
///
/// The ledger goes first: a run that is cut short after that has numbers that nobody was told, and doing it over gives the same
/// numbers and mends the files. The other way round papers could bear numbers that the ledger gives to somebody else.
///
/// # Errors
/// Everything that is wrong with the inputs or the rules, or why the output could not be written;
/// the former output is then as it was.
pub fn run(job: &Job, progress: &dyn Progress) -> Result<Summary, Diags> {
    let mut loaded = Loaded::read(&job.settings, progress)?;
    let mut turn = match &job.ledger {
        Some(path) if job.keeps_books() => Some(Turn::begin(path)?),
        _ => None,
    };
    let closed = match &turn {
        Some(turn) => turn.closed(&job.period.to_string())?.is_some(),
        None => false,
    };
    if let Some(turn) = &turn {
        loaded.prepared.history = turn.history_before(&job.period.to_string())?;
    }
    let keep = if job.verdicts { Keep::Everything } else { Keep::Findings };
    let mut judged = loaded.judge(job, keep, progress)?;
    let mut summary = judged.summary(&loaded);
    if let Some(turn) = turn.take_if(|_| closed) {
        summary.restated = Some(restate::restate(job, &loaded, &mut judged, turn)?);
        return Ok(summary);
    }
    let target = job.target();
    match write(job, &loaded, &mut judged, turn, &target, progress) {
        Ok(written) => {
            summary.written = written;
            summary.account = judged.account;
            Ok(summary)
        }
        Err(problems) => {
            let mut diags = summary.diags;
            diags.extend(problems);
            Err(diags)
        }
    }
}

fn write(
    job: &Job,
    loaded: &Loaded,
    judged: &mut Judged,
    turn: Option<Turn>,
    target: &Path,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, Diags> {
    let staging = publish::Staging::beside(target)?;
    progress.begin("写工作簿");
    let produced = produce(job, loaded, judged, turn.as_ref(), target, staging.path())?;
    let names = produced.outputs.iter().filter_map(|path| path.strip_prefix(staging.path()).ok()).map(|name| target.join(name)).collect();
    let entered = produced.books.map(|books| books.close(produced.run, produced.manifest, &produced.sums)).transpose()?;
    fault::point("账本提交以前");
    match (turn, entered) {
        (Some(turn), Some(true)) => turn.commit()?,
        (Some(turn), _) => turn.leave(),
        (None, _) => {}
    }
    fault::point("输出就位以前");
    staging.publish()?;
    Ok(names)
}

/// Outputs that lie in a folder and are not yet published, and what the ledger is to say of them.
struct Produced<'t> {
    outputs: Vec<PathBuf>,
    books: Option<Books<'t>>,
    run: RunRecord,
    sums: Sums,
    /// Fingerprint of `manifest.json`.
    manifest: String,
}

/// Writes everything into `folder` as it is to stand in `target`.
fn produce<'t>(
    job: &Job,
    loaded: &Loaded,
    judged: &mut Judged,
    turn: Option<&'t Turn>,
    target: &Path,
    folder: &Path,
) -> Result<Produced<'t>, Diags> {
    let settings = &job.settings;
    let inputs = manifest::Inputs {
        company: &settings.company,
        horizon: &job.horizon(),
        job: JobEntry {
            rules: settings.rules.clone(),
            data: settings.data.clone(),
            packs: settings.packs.clone(),
            formula_rows: settings.formula_rows,
            verdicts: job.verdicts,
            source_root: way_back(target),
        },
        rules: &loaded.rules,
        calendars: &loaded.calendar_files,
        templates: &loaded.templates,
        data: &loaded.files,
        settings: settings.file.as_deref(),
        limits: &settings.limits,
        normalised: &loaded.normalised,
    };
    let manifest = Manifest::of(&inputs)?;
    let mut books = turn.map(|turn| Books::open(turn, job, &manifest.basis())).transpose()?;
    if let Some(books) = &mut books {
        books.take(loaded, judged)?;
    }
    let root = way_back(target);
    let month = judged.month(loaded, job, &root)?;
    let mut outputs = match loaded.rules.packs.as_slice() {
        [] | [_] => reports::write_all(&month, folder)?,
        _ => several::write(&month, judged, loaded, job, target, folder)?,
    };
    outputs.push(reports::csv::findings(&month.findings, judged.notices.iter().chain(&judged.lifted), folder)?);
    if job.verdicts {
        outputs.push(reports::csv::verdicts(judged.verdicts(), folder)?);
    }
    outputs.sort();
    let sums = if books.is_some() { sums::of(loaded, judged, job)? } else { Sums::default() };
    let run = manifest.record();
    let (path, manifest) = manifest.write(books.as_ref().map(|books| books.before.clone()), &outputs, folder)?;
    outputs.push(path);
    Ok(Produced { outputs, books, run, sums, manifest })
}

/// From the output folder back to where the inputs' paths begin: `../../` for `out/2026-10`, the working directory's own
/// path where the output lies elsewhere.
fn way_back(target: &Path) -> String {
    if target.components().all(|part| matches!(part, Component::Normal(_))) {
        return "../".repeat(target.components().count());
    }
    std::env::current_dir().map(|folder| format!("{}/", folder.display())).unwrap_or_default()
}
