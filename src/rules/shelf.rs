//! Which packs there are, which of them a run wants, and what those are built on.

use std::path::{Path, PathBuf};

use super::pack_file::{self, PackHead};
use super::source::SourceFile;
use crate::diag::{Code, Diag, Diags, nearest};

/// A pack's folder and its `pack.toml`.
pub struct Volume {
    pub head: PackHead,
    pub folder: PathBuf,
    pub manifest: SourceFile,
}

/// Packs, and the wanted ones among them.
pub struct Shelf {
    pub volumes: Vec<Volume>,
    /// A chain a wanted pack: what it is built on, the pack that extends no other first, itself last.
    pub chains: Vec<Vec<usize>>,
}

impl Shelf {
    /// A root is one pack (it has a `pack.toml`) or a folder of packs; `wanted` names packs by id, none names all but those of a
    /// folder that say they run only when they are named. A pack that is
    /// extended need not be wanted; it is looked for among all packs of the roots, then beside the pack that extends it.
    pub fn survey(roots: &[PathBuf], wanted: &[String], diags: &mut Diags) -> Self {
        let mut volumes: Vec<Volume> = Vec::new();
        for folder in pack_folders(roots, diags) {
            let Some(volume) = open(&folder, diags) else { continue };
            let first = volumes.iter().find(|other| *other.head.id == *volume.head.id);
            match first {
                Some(first) => {
                    let place = first.manifest.place(first.head.id.span());
                    let diag = Diag::error(Code::RuleDuplicate, format!("规则包「{}」有两个", volume.head.id.as_str()));
                    diags.push(diag.in_text(&volume.manifest.path, volume.head.id.span()).label(place, "另一个在这里"));
                }
                None => volumes.push(volume),
            }
        }
        let mut shelf = Self { volumes, chains: Vec::new() };
        for id in wanted.iter().filter(|id| shelf.find(id).is_none()) {
            let seen: Vec<&str> = shelf.volumes.iter().map(|volume| volume.head.id.as_str()).collect();
            let near = nearest(id, seen.iter().copied()).map(|near| format!("是不是 {near}？")).unwrap_or_default();
            let help = format!("{near}找到的规则包：{}", if seen.is_empty() { "一个也没有".to_owned() } else { seen.join("、") });
            diags.push(Diag::error(Code::RuleDangling, format!("没有规则包「{id}」")).help(help));
        }
        for at in 0..shelf.volumes.len() {
            let Volume { head, folder, .. } = &shelf.volumes[at];
            let unnamed = || wanted.is_empty() && (head.enabled || roots.contains(folder));
            if wanted.contains(&head.id) || unnamed() {
                let chain = shelf.chain(at, diags);
                shelf.chains.extend(chain);
            }
        }
        shelf
    }

    /// Ids of all packs of the roots; what is wrong with them is said by [`Shelf::survey`].
    pub fn ids(roots: &[PathBuf]) -> Vec<String> {
        let mut aside = Diags::default();
        let folders = pack_folders(roots, &mut aside);
        folders.iter().filter_map(|folder| open(folder, &mut aside)).map(|volume| volume.head.id.to_string()).collect()
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.volumes.iter().position(|volume| *volume.head.id == *id)
    }

    /// What a pack is built on, itself last; `None` where that cannot be told, which is said.
    fn chain(&mut self, pack: usize, diags: &mut Diags) -> Option<Vec<usize>> {
        let mut chain = vec![pack];
        let mut top = pack;
        while let Some(parent) = self.volumes[top].head.extends.clone() {
            let (manifest, folder) = (self.volumes[top].manifest.path.clone(), self.volumes[top].folder.clone());
            let Some(found) = self.find(&parent).or_else(|| self.beside(&folder, &parent, diags)) else {
                let known: Vec<&str> =
                    self.volumes.iter().map(|volume| volume.head.id.as_str()).filter(|id| *id != *self.volumes[top].head.id).collect();
                let near = nearest(&parent, known.iter().copied()).map(|near| format!("是不是 {near}？")).unwrap_or_default();
                let list = if known.is_empty() {
                    "旁边没有别的规则包".to_owned()
                } else {
                    format!("找到的规则包：{}", known.join("、"))
                };
                let diag = Diag::error(Code::RuleDangling, format!("要沿用的规则包「{}」不存在", parent.as_str()));
                diags.push(diag.in_text(&manifest, parent.span()).help(format!("{near}{list}")));
                return None;
            };
            if let Some(at) = chain.iter().position(|known| *known == found) {
                let round: Vec<&str> = chain[at..].iter().chain([&found]).map(|at| self.volumes[*at].head.id.as_str()).collect();
                let diag = Diag::error(Code::RuleDangling, format!("规则包互相沿用，没有尽头：{}", round.join(" → ")));
                diags.push(diag.in_text(&manifest, parent.span()).help("去掉其中一个 extends"));
                return None;
            }
            chain.push(found);
            top = found;
        }
        chain.reverse();
        Some(chain)
    }

    /// A pack that stands in the same folder as the one that extends it, outside the roots.
    fn beside(&mut self, folder: &Path, id: &str, diags: &mut Diags) -> Option<usize> {
        let parent = match folder.file_name().and(folder.parent()) {
            Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
            Some(parent) => parent.to_path_buf(),
            None => folder.join(".."),
        };
        for other in packs_below(&parent).unwrap_or_default() {
            // another pack's faults are not this run's business
            let mut aside = Diags::default();
            let Some(volume) = open(&other, &mut aside) else { continue };
            if *volume.head.id == *id {
                diags.extend(aside);
                self.volumes.push(volume);
                return Some(self.volumes.len() - 1);
            }
        }
        None
    }
}

fn open(folder: &Path, diags: &mut Diags) -> Option<Volume> {
    let manifest = SourceFile::open(&folder.join("pack.toml"), diags)?;
    let head = pack_file::load(&manifest, diags)?;
    Some(Volume { head, folder: folder.to_path_buf(), manifest })
}

fn pack_folders(roots: &[PathBuf], diags: &mut Diags) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for root in roots {
        if root.join("pack.toml").is_file() {
            folders.push(root.clone());
            continue;
        }
        let Some(mut below) = packs_below(root) else {
            diags.push(Diag::error(Code::FolderMissing, "规则文件夹打不开").in_file(root).help("请检查 --rules 或 kesu.toml 里的 rules"));
            continue;
        };
        if below.is_empty() {
            let help = "规则包是一个有 pack.toml 的文件夹";
            diags.push(Diag::error(Code::FolderEmpty, "这里没有规则包").in_file(root).help(help));
        }
        folders.append(&mut below);
    }
    let mut unique: Vec<PathBuf> = Vec::new();
    for folder in folders {
        if !unique.contains(&folder) {
            unique.push(folder);
        }
    }
    unique
}

/// Sorted; `None` where the folder cannot be read.
fn packs_below(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).ok()?;
    let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.join("pack.toml").is_file()).collect();
    below.sort();
    Some(below)
}
