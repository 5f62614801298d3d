//! The run done over in a folder of its own, with the ledger as it was then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;

use super::{Manifest, differs};
use crate::diag::{Diag, Diags, unwritable};
use crate::ledger::store::{RunHead, Turn};
use crate::normalise::Progress;
use crate::run::{Job, Keep, Loaded, Settings, produce};

/// Every difference in one sentence; the inner error says why the run could not be done over.
///
/// # Errors
/// No room for the outputs.
pub(super) fn compare(
    turn: &Turn,
    run: &RunHead,
    manifest: &Manifest,
    out: &Path,
    altered: &BTreeMap<PathBuf, String>,
    progress: &dyn Progress,
) -> Result<Result<Vec<String>, String>, Diags> {
    let job = match job(manifest, out) {
        Ok(job) => job,
        Err(why) => return Ok(Err(why)),
    };
    let mut loaded =
        match Loaded::read_files(&job.settings, Some(manifest.inputs.iter().map(|file| PathBuf::from(&file.path)).collect()), progress) {
            Ok(loaded) => loaded,
            Err(diags) => return Ok(Err(format!("重做时出错：{}", said(&diags)))),
        };
    if let Some(more) = more_rules(&loaded, manifest) {
        return Ok(Err(more));
    }
    let folder = tempfile::tempdir().map_err(|e| unwritable(out, &e))?;
    turn.rewind(run.entry)?;
    loaded.prepared.history = turn.history_before(&run.period)?;
    let keep = if job.verdicts { Keep::Everything } else { Keep::Findings };
    let made = loaded.judge(&job, keep, progress).and_then(|mut judged| {
        let target = target(manifest, out);
        produce(&job, &loaded, &mut judged, Some(turn), &target, folder.path()).map(|produced| produced.manifest)
    });
    let made = match made {
        Ok(made) => made,
        Err(diags) => return Ok(Err(format!("重做时出错：{}", said(&diags)))),
    };
    let mut problems: BTreeMap<PathBuf, String> = altered.clone();
    for file in &manifest.outputs {
        let path = PathBuf::from(&file.path);
        if let Some(words) = differs::files(&folder.path().join(&path), &out.join(&path)) {
            let said = if altered.contains_key(&path) { "被改过" } else { "与重做的不同" };
            problems.insert(path, format!("输出 {} {said}：{words}", file.path));
        }
    }
    let mut problems: Vec<String> = problems.into_values().collect();
    if problems.is_empty() && made != run.manifest {
        problems.push("重做的 manifest.json 与账本记的不同".to_owned());
    }
    if !problems.is_empty() && manifest.kesu != env!("CARGO_PKG_VERSION") {
        problems.push(format!("当时用的是 kesu {}，这是 {}；换用当时的版本才能逐字节核对", manifest.kesu, env!("CARGO_PKG_VERSION")));
    }
    Ok(Ok(problems))
}

/// The job as it was; `Err` says why it cannot be had again.
fn job(manifest: &Manifest, out: &Path) -> Result<Job, String> {
    let entry = &manifest.job;
    if Path::new(&entry.source_root).is_absolute() && target(manifest, out) != std::path::absolute(out).unwrap_or_default() {
        return Err("输出文件夹的位置读不到".to_owned());
    }
    if entry.source_root != crate::run::way_back(&target(manifest, out)) {
        return Err(format!("当时在 {} 里运行；请在那里核对", entry.source_root));
    }
    let folder = manifest.settings.first().and_then(|file| Path::new(&file.path).parent()).filter(|folder| !folder.as_os_str().is_empty());
    let settings = Settings::read(folder.unwrap_or(Path::new("."))).map_err(|diags| said(&Diags::from_iter(diags)))?;
    let settings = Settings {
        rules: entry.rules.clone(),
        data: entry.data.clone(),
        packs: entry.packs.clone(),
        formula_rows: entry.formula_rows,
        ..settings
    };
    let period = manifest.period.parse()?;
    let as_of: NaiveDateTime = manifest.as_of.parse().map_err(|_| format!("截止时刻「{}」读不懂", manifest.as_of))?;
    Ok(Job { settings, period, as_of, verdicts: entry.verdicts, ledger: None })
}

/// Where the outputs stood, as links to the sources see it.
fn target(manifest: &Manifest, out: &Path) -> PathBuf {
    let root = &manifest.job.source_root;
    match root.matches("../").count() {
        0 => std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf()),
        depth => std::iter::repeat_n("out", depth).collect(),
    }
}

/// Rule files that were not there then; tables of other months are no matter, as only those that were read are read again.
fn more_rules(loaded: &Loaded, manifest: &Manifest) -> Option<String> {
    let known = |path: &PathBuf| {
        let path = path.to_string_lossy().replace('\\', "/");
        manifest.rules.iter().any(|file| file.path == path)
    };
    let more: Vec<String> = loaded.rules.files.iter().filter(|path| !known(path)).map(|path| path.display().to_string()).collect();
    (!more.is_empty()).then(|| format!("规则文件夹里多了当时没有的文件：{}；没有重做一遍", more.join("、")))
}

fn said(diags: &Diags) -> String {
    diags.iter().map(|diag: &Diag| diag.message.as_str()).take(3).collect::<Vec<_>>().join("；")
}
