//! Samples that packs describe themselves, in `sample.toml`: tables, how their fields are made, what is planted in them and what
//! must be found. The answers follow from the plan alone.

mod condition;
mod draft;
mod folder;
mod found;
mod maker;
mod names;
#[allow(clippy::module_inception, reason = "the checked file itself")]
mod plan;
mod read;
mod span;
mod sum;
mod text;
mod value;
mod world;
mod written;

use std::path::{Path, PathBuf};

use super::answers;
use super::untidy::Cell;
use super::{Report, unwritable};
use crate::calendar::Calendar;
use crate::diag::{Code, Diag, Diags};
use crate::rules::{Pack, RuleSet, SAMPLE};

use found::Found;
use plan::Plan;
use world::World;

/// The file that describes a pack's sample; `None` where it has none.
pub fn file(pack: &Pack) -> Option<PathBuf> {
    Some(pack.folder.join(SAMPLE)).filter(|path| path.is_file())
}

/// Makes the sample without writing it.
///
/// # Errors
/// Everything that is wrong with the pack's `sample.toml`.
pub fn check(path: &Path, pack: &Pack, rules: &RuleSet, calendar: &Calendar) -> Result<(), Diags> {
    let plan = read::read(path, pack, rules)?;
    grow(path, &plan, calendar, 1).map(|_| ())
}

/// Writes the workbooks that `path` describes and their answer sheet into `dir`; files of the same names are replaced. The same seed
/// gives the same bytes.
///
/// # Errors
/// What is wrong with the file, and what cannot be written.
pub fn write(dir: &Path, path: &Path, pack: &Pack, rules: &RuleSet, calendar: &Calendar, seed: u64) -> Result<Report, Diags> {
    let plan = read::read(path, pack, rules)?;
    let (world, found) = grow(path, &plan, calendar, seed)?;
    let found: Vec<Found> = found.into_iter().filter(|line| judges(pack, &line.rule)).collect();
    let mut files = Vec::new();
    let written = folder::write(dir, &world, &mut files);
    let places = written.map_err(|trouble| unwritable(dir, files.last().map_or("", String::as_str), &trouble))?;
    files.push(answers::FILE.to_owned());
    let lines = found.iter().map(|line| answers::Line {
        rule: &line.rule,
        period: plan.months[line.month].to_string(),
        subject: line.subject.as_deref(),
        outcome: line.outcome,
        spot: &line.spot,
        note: &line.note,
    });
    answers::write(&dir.join(answers::FILE), lines, &places).map_err(|e| unwritable(dir, answers::FILE, &e.into()))?;
    Ok(Report { files: files.into_iter().map(PathBuf::from).collect(), rows: places.len() as u64, planted: found.len() as u64 })
}

/// Nothing is found by a rule that waits for a parameter, is retired, or was not picked.
fn judges(pack: &Pack, id: &str) -> bool {
    pack.rules.iter().any(|rule| rule.head.id == id && !rule.is_at_rest())
}

fn grow<'p>(path: &Path, plan: &'p Plan, calendar: &'p Calendar, seed: u64) -> Result<(World<'p>, Vec<Found>), Diags> {
    World::grow(plan, calendar, seed).map_err(|faults| {
        let diag =
            |fault: draft::Fault| Diag::error(Code::RuleValue, fault.message).in_text(path, fault.span).help("写法见 docs/sample.md");
        faults.into_iter().map(diag).collect()
    })
}
