//! `manifest.json`: fingerprints of everything that went in and came out.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::diag::{Diag, unwritable};
use crate::evaluate::Horizon;
use crate::ingest::Limits;
use crate::ledger::digest::{hex, of_text};
use crate::ledger::store::{FileRecord, PackRecord, RunRecord};
use crate::normalise::Normalised;
use crate::rules::RuleSet;

/// Its name in the output folder.
pub const NAME: &str = "manifest.json";

#[derive(Serialize)]
pub struct Manifest<'a> {
    kesu: &'static str,
    company: &'a str,
    period: String,
    as_of: String,
    job: JobEntry,
    /// Fingerprint of what the ledger held before; absent where none was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<String>,
    packs: Vec<PackEntry<'a>>,
    inputs: Vec<FileEntry>,
    rules: Vec<FileEntry>,
    settings: Vec<FileEntry>,
    limits: &'a Limits,
    control_totals: Vec<TotalEntry<'a>>,
    outputs: Vec<FileEntry>,
}

/// Where things were looked for, as the run was told: enough to do it over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JobEntry {
    pub rules: Vec<PathBuf>,
    pub data: PathBuf,
    pub packs: Vec<String>,
    pub formula_rows: usize,
    pub verdicts: bool,
    /// From the outputs back to where the inputs' paths begin.
    pub source_root: String,
}

#[derive(Serialize)]
struct PackEntry<'a> {
    id: &'a str,
    version: &'a str,
    calendar: &'a str,
}

#[derive(Serialize)]
struct FileEntry {
    path: String,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize)]
struct TotalEntry<'a> {
    file: &'a str,
    sheet: &'a str,
    dataset: Option<&'a str>,
    read: u64,
    used: u64,
    rejected: u64,
    duplicate: u64,
    furniture: u64,
    unrecognised: u64,
}

/// What went into a run.
pub struct Inputs<'a> {
    pub company: &'a str,
    pub horizon: &'a Horizon,
    pub job: JobEntry,
    pub rules: &'a RuleSet,
    pub calendars: &'a [PathBuf],
    /// Forms of the company's own, by rule.
    pub templates: &'a BTreeMap<String, PathBuf>,
    pub data: &'a [PathBuf],
    pub settings: Option<&'a Path>,
    pub limits: &'a Limits,
    pub normalised: &'a Normalised,
}

impl<'a> Manifest<'a> {
    /// Everything but the outputs.
    ///
    /// # Errors
    /// A file that was read cannot be read again.
    pub fn of(inputs: &Inputs<'a>) -> Result<Self, Diag> {
        Ok(Self {
            kesu: env!("CARGO_PKG_VERSION"),
            company: inputs.company,
            period: inputs.horizon.period.to_string(),
            as_of: inputs.horizon.as_of.format("%Y-%m-%dT%H:%M:%S").to_string(),
            job: inputs.job.clone(),
            ledger: None,
            packs: inputs.rules.packs.iter().map(|p| PackEntry { id: &p.id, version: &p.version, calendar: &p.calendar }).collect(),
            inputs: entries(inputs.data, None)?,
            rules: entries(inputs.rules.files.iter().chain(inputs.calendars).chain(inputs.templates.values()), None)?,
            settings: entries(inputs.settings, None)?,
            limits: inputs.limits,
            control_totals: totals(inputs.normalised),
            outputs: Vec::new(),
        })
    }

    /// Fingerprint of what was put in.
    pub fn basis(&self) -> String {
        of_text(&serde_json::to_string(self).unwrap_or_default())
    }

    /// What the ledger keeps of it.
    pub fn record(&self) -> RunRecord {
        let files = |role: &'static str, entries: &[FileEntry]| {
            let file =
                move |entry: &FileEntry| FileRecord { role, path: entry.path.clone(), bytes: entry.bytes, sha256: entry.sha256.clone() };
            entries.iter().map(file).collect::<Vec<_>>()
        };
        let pack = |pack: &PackEntry<'_>| PackRecord {
            pack: pack.id.to_owned(),
            version: pack.version.to_owned(),
            calendar: pack.calendar.to_owned(),
        };
        RunRecord {
            period: self.period.clone(),
            as_of: self.as_of.clone(),
            company: self.company.to_owned(),
            packs: self.packs.iter().map(pack).collect(),
            files: [files("input", &self.inputs), files("rule", &self.rules), files("setting", &self.settings)].concat(),
            ..RunRecord::default()
        }
    }

    /// Writes `manifest.json` into `folder`, over `outputs` that lie there already; its fingerprint comes back with its path.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(mut self, ledger: Option<String>, outputs: &[PathBuf], folder: &Path) -> Result<(PathBuf, String), Diag> {
        let path = folder.join(NAME);
        (self.ledger, self.outputs) = (ledger, entries(outputs, Some(folder))?);
        let mut text = serde_json::to_string_pretty(&self).map_err(|e| unwritable(&path, &io::Error::other(e)))?;
        text.push('\n');
        crate::fault::point("清单存盘以前");
        std::fs::write(&path, &text).map_err(|e| unwritable(&path, &e))?;
        crate::fault::point("清单存盘以后");
        Ok((path, of_text(&text)))
    }
}

fn totals(normalised: &Normalised) -> Vec<TotalEntry<'_>> {
    normalised
        .totals
        .iter()
        .filter_map(|total| {
            let source = normalised.tables.source(total.source)?;
            Some(TotalEntry {
                file: &source.file,
                sheet: &source.sheet,
                dataset: total.dataset.as_deref(),
                read: total.read,
                used: total.used,
                rejected: total.rejected,
                duplicate: total.duplicate,
                furniture: total.furniture,
                unrecognised: total.unrecognised,
            })
        })
        .collect()
}

fn entries<P: AsRef<Path>>(files: impl IntoIterator<Item = P>, below: Option<&Path>) -> Result<Vec<FileEntry>, Diag> {
    files
        .into_iter()
        .map(|file| {
            let file = file.as_ref();
            let (bytes, sha256) = fingerprint(file).map_err(|e| unwritable(file, &e))?;
            let named = below.and_then(|folder| file.strip_prefix(folder).ok()).unwrap_or(file);
            Ok(FileEntry { path: named.to_string_lossy().replace('\\', "/"), bytes, sha256 })
        })
        .collect()
}

/// Length and SHA-256 in lower-case hex.
pub fn fingerprint(file: &Path) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut reader = BufReader::with_capacity(1 << 16, File::open(file)?);
    let mut bytes = 0;
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        let length = chunk.len();
        bytes += length as u64;
        reader.consume(length);
    }
    Ok((bytes, hex(&hasher.finalize())))
}

/// What in an output folder is not as its manifest says, and whether it is the manifest of this fingerprint.
///
/// # Errors
/// The folder cannot be read.
pub fn unlike(folder: &Path, sha256: &str) -> Result<Vec<String>, Diag> {
    #[derive(Deserialize)]
    struct Listed {
        outputs: Vec<ListedFile>,
    }
    #[derive(Deserialize)]
    struct ListedFile {
        path: String,
        sha256: String,
    }
    let path = folder.join(NAME);
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Ok(vec![format!("没有 {}", path.display())]);
    };
    if of_text(&text) != sha256 {
        return Ok(vec![format!("{} 不是最后一次运行写的", path.display())]);
    }
    let Ok(listed) = serde_json::from_str::<Listed>(&text) else { return Ok(vec![format!("{} 读不懂", path.display())]) };
    let wrong = |file: &ListedFile| fingerprint(&folder.join(&file.path)).map_or(true, |(_, found)| found != file.sha256);
    Ok(listed.outputs.iter().filter(|file| wrong(file)).map(|file| format!("输出 {} 不是运行时写的样子", file.path)).collect())
}

/// Every file below a folder, by its path there, in order.
///
/// # Errors
/// The folder cannot be read.
pub fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push(name.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
