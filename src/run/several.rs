//! A run of several packs: a folder a pack, an overview above them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diag::Diags;
use crate::reports::{self, Month, Part};
use crate::rules::{Pack, RuleSet};

use super::{Job, Judged, Loaded, way_back};

/// One pack as if it ran alone.
#[derive(Debug)]
pub struct OnePack {
    pub rules: RuleSet,
    /// Place of its first rule among those of all packs.
    pub first: usize,
    /// Its folder below that of the period.
    pub folder: String,
    /// From there back to where the inputs' paths begin.
    pub source_root: String,
    /// As in [`lacking`].
    pub lacking: Vec<String>,
}

impl OnePack {
    pub fn pack(&self) -> &Pack {
        &self.rules.packs[0]
    }
}

/// The tables that a pack judges, where the company keeps none of them.
pub fn lacking(loaded: &Loaded, pack: &Pack) -> Vec<String> {
    let datasets = pack.rules.iter().filter_map(|rule| rule.kind.dataset());
    let judged: BTreeSet<&str> = datasets.filter(|name| !loaded.rules.is_made(name)).collect();
    if judged.iter().any(|dataset| loaded.has_rows(dataset)) {
        return Vec::new();
    }
    judged.into_iter().map(str::to_owned).collect()
}

/// Writes everything below `folder`, which becomes `target`; a pack without any table has no folder.
///
/// # Errors
/// What cannot be made or written.
pub fn write(whole: &Month<'_>, judged: &Judged, loaded: &Loaded, job: &Job, target: &Path, folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let packs = apart(loaded, target);
    let mut parts = Vec::new();
    for pack in &packs {
        let month = if pack.lacking.is_empty() { Some(judged.part(pack, loaded, job)?) } else { None };
        parts.push(Part { pack: pack.pack(), folder: &pack.folder, lacking: &pack.lacking, month });
    }
    reports::write_several(whole, &parts, folder)
}

fn apart(loaded: &Loaded, target: &Path) -> Vec<OnePack> {
    let folders = reports::pack_folders(&loaded.rules);
    let mut first = 0;
    let one = |(pack, folder): (&Pack, String)| {
        let rules = RuleSet { packs: vec![pack.clone()], datasets: loaded.rules.datasets.clone(), files: loaded.rules.files.clone() };
        let source_root = way_back(&target.join(&folder));
        first += pack.rules.len();
        OnePack { rules, first: first - pack.rules.len(), folder, source_root, lacking: lacking(loaded, pack) }
    };
    loaded.rules.packs.iter().zip(folders).map(one).collect()
}
