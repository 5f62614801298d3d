//! `kesu verify`: the outputs of a month against the ledger, the inputs, and a run done over. One sentence a problem.

mod differs;
mod notice;
mod rerun;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::manifest::{self, JobEntry};
use crate::diag::{Diag, Diags, unwritable};
use crate::ledger::digest::of_text;
use crate::ledger::store::{self, RunHead, Turn};
use crate::normalise::Progress;

pub use notice::{Proved, prove};

/// What was looked at, and every problem in one sentence.
#[derive(Debug, Default)]
pub struct Verified {
    pub entries: usize,
    pub inputs: usize,
    pub outputs: usize,
    /// The run was done over, and every output compared.
    pub redone: bool,
    pub problems: Vec<String>,
}

/// A manifest as it is read back.
#[derive(Debug, Deserialize)]
struct Manifest {
    kesu: String,
    period: String,
    as_of: String,
    job: JobEntry,
    inputs: Vec<File>,
    rules: Vec<File>,
    settings: Vec<File>,
    outputs: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    sha256: String,
}

/// Looks through the outputs in `out` (`out/2026-10`) and the ledger, and does the run over.
///
/// # Errors
/// The folder or the ledger cannot be read at all.
pub fn verify(out: &Path, ledger: &Path, progress: &dyn Progress) -> Result<Verified, Diags> {
    let mut verified = Verified { problems: store::problems(ledger)?, ..Verified::default() };
    let file = out.join(manifest::NAME);
    let text = std::fs::read(&file).map_err(|e| unreadable(&file, &e))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    if !verified.problems.is_empty() {
        // what the ledger says of the run cannot be relied on
        return Ok(verified);
    }
    let folder = tempfile::tempdir().map_err(|e| unwritable(out, &e))?;
    let turn = Turn::on_copy(ledger, folder.path())?;
    verified.entries = turn.journal()?.len();
    let Some(run) = turn.run_of_manifest(&of_text(&text))? else {
        verified.problems.push(format!("{} 与账本记的哪一次运行都不符（被改过，或不是这本账的输出）", file.display()));
        return Ok(verified);
    };
    verified.problems.extend(superseded(&turn, &run)?);
    let manifest: Manifest = match serde_json::from_str(&text) {
        Ok(manifest) => manifest,
        Err(error) => {
            verified.problems.push(format!("{} 读不懂：{error}", file.display()));
            return Ok(verified);
        }
    };
    let mut changed = files(&manifest.inputs, "输入");
    changed.extend(files(&manifest.rules, "规则"));
    changed.extend(files(&manifest.settings, "设置"));
    verified.inputs = manifest.inputs.len() + manifest.rules.len() + manifest.settings.len();
    verified.outputs = manifest.outputs.len();
    let altered = outputs(out, &manifest)?;
    if changed.is_empty() {
        match rerun::compare(&turn, &run, &manifest, out, &altered, progress)? {
            Ok(problems) => {
                verified.redone = true;
                verified.problems.extend(problems);
            }
            Err(why) => {
                verified.problems.extend(altered.into_values());
                verified.problems.push(why);
            }
        }
    } else {
        verified.problems.extend(changed);
        verified.problems.extend(altered.into_values());
        verified.problems.push("输入、规则或设置已不是当时的，没有重做一遍".to_owned());
    }
    Ok(verified)
}

fn superseded(turn: &Turn, run: &RunHead) -> Result<Option<String>, Diag> {
    let last = turn.last_run(&run.period)?.filter(|last| last.entry != run.entry);
    Ok(last.map(|last| format!("这是日记账第 {} 条的输出，{} 后来在第 {} 条又运行过", run.entry, run.period, last.entry)))
}

/// Files that are not what they were.
fn files(files: &[File], what: &str) -> Vec<String> {
    let wrong = |file: &File| match manifest::fingerprint(Path::new(&file.path)) {
        Ok((_, sha256)) if sha256 == file.sha256 => None,
        Ok(_) => Some(format!("{what} {} 与运行时的不同", file.path)),
        Err(error) => Some(format!("{what} {} 读不到：{error}", file.path)),
    };
    files.iter().filter_map(wrong).collect()
}

/// By path: outputs that are not what was written, those that are missing, and those that nobody wrote.
fn outputs(out: &Path, manifest: &Manifest) -> Result<BTreeMap<PathBuf, String>, Diag> {
    let mut problems = BTreeMap::new();
    let mut there = manifest::below(out).map_err(|e| unreadable(out, &e))?;
    there.retain(|path| *path != Path::new(manifest::NAME));
    for file in &manifest.outputs {
        let path = PathBuf::from(&file.path);
        there.retain(|other| *other != path);
        match manifest::fingerprint(&out.join(&path)) {
            Ok((_, sha256)) if sha256 == file.sha256 => {}
            Ok(_) => drop(problems.insert(path, format!("输出 {} 被改过", file.path))),
            Err(_) => drop(problems.insert(path, format!("输出 {} 不见了", file.path))),
        }
    }
    problems.extend(there.into_iter().map(|path| (path.clone(), format!("输出文件夹里多出 {}", path.display()))));
    Ok(problems)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diag {
    Diag::error(crate::diag::Code::FileUnreadable, format!("读不到：{error}"))
        .in_file(path)
        .help("写 kesu verify out/2026-10 这样的输出文件夹")
}
