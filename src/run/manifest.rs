//! `manifest.json`: fingerprints of everything that went in and came out.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::diag::{Diag, unwritable};
use crate::evaluate::Horizon;
use crate::ingest::Limits;
use crate::normalise::Normalised;
use crate::rules::RuleSet;
#[derive(Serialize)]
struct Manifest<'a> {
    kesu: &'static str,
    company: &'a str,
    period: String,
    as_of: String,
    packs: Vec<PackEntry<'a>>,
    inputs: Vec<FileEntry>,
    rules: Vec<FileEntry>,
    settings: Vec<FileEntry>,
    limits: &'a Limits,
    control_totals: Vec<TotalEntry<'a>>,
    outputs: Vec<FileEntry>,
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
    pub rules: &'a RuleSet,
    pub calendars: &'a [PathBuf],
    /// Forms of the company's own, by rule.
    pub templates: &'a BTreeMap<String, PathBuf>,
    pub data: &'a [PathBuf],
    pub settings: Option<&'a Path>,
    pub limits: &'a Limits,
    pub normalised: &'a Normalised,
}

/// Writes `manifest.json` into `folder`, over `outputs` that lie there already.
pub fn write(inputs: &Inputs<'_>, outputs: &[PathBuf], folder: &Path) -> Result<PathBuf, Diag> {
    let path = folder.join("manifest.json");
    let manifest = Manifest {
        kesu: env!("CARGO_PKG_VERSION"),
        company: inputs.company,
        period: inputs.horizon.period.to_string(),
        as_of: inputs.horizon.as_of.format("%Y-%m-%dT%H:%M:%S").to_string(),
        packs: inputs.rules.packs.iter().map(|p| PackEntry { id: &p.id, version: &p.version, calendar: &p.calendar }).collect(),
        inputs: entries(inputs.data, None)?,
        rules: entries(inputs.rules.files.iter().chain(inputs.calendars).chain(inputs.templates.values()), None)?,
        settings: entries(inputs.settings, None)?,
        limits: inputs.limits,
        control_totals: totals(inputs.normalised),
        outputs: entries(outputs, Some(folder))?,
    };
    let mut text = serde_json::to_string_pretty(&manifest).map_err(|e| unwritable(&path, &io::Error::other(e)))?;
    text.push('\n');
    std::fs::write(&path, text).map_err(|e| unwritable(&path, &e))?;
    Ok(path)
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
fn fingerprint(file: &Path) -> io::Result<(u64, String)> {
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
    Ok((bytes, hasher.finalize().iter().map(|b| format!("{b:02x}")).collect()))
}
