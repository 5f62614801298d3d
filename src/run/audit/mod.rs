//! `kesu audit`: samples that anybody can draw again, and tests that follow from the limits of the packs themselves.

mod limits;
mod rows;
mod samples;

use std::path::PathBuf;

use super::publish::Staging;
use super::{Job, Keep};
use crate::diag::Diags;
use crate::ledger::Finding;
use crate::normalise::Progress;
use crate::reports::sampling::{self, Sampling, Strata};

/// Where the workbook of a month goes.
const SUFFIX: &str = "-稽核";

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    pub seed: u64,
    pub by: Strata,
    /// How many of each sort of sample.
    pub size: usize,
}

/// Judges the month once more and writes 稽核抽样.xlsx; its path comes back.
///
/// # Errors
/// What is wrong with the inputs or the rules, and what cannot be written.
pub fn audit(job: &Job, drawing: Drawing, progress: &dyn Progress) -> Result<PathBuf, Diags> {
    let loaded = super::read(job, progress)?;
    let judged = loaded.judge(job, Keep::Everything, progress)?;
    let mut all: Vec<Finding> = Vec::new();
    for verdicts in judged.verdicts() {
        verdicts.for_each(&mut |finding| all.push(finding));
    }
    let target = job.settings.out.join(format!("{}{SUFFIX}", job.period));
    let staging = Staging::beside(&target)?;
    let sampling = Sampling {
        company: &job.settings.company,
        period: job.period,
        as_of: job.as_of.date(),
        rules: &loaded.rules,
        seed: drawing.seed,
        by: drawing.by,
        random: samples::random(&all, drawing),
        money: samples::money(&all, drawing),
        tests: limits::all(&loaded, &all, job),
    };
    let name = sampling::write(&sampling, staging.path())?;
    staging.publish()?;
    Ok(target.join(name))
}
