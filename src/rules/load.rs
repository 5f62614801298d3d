//! Folders of rule files to a checked [`RuleSet`]. Problems of all files are collected; with an error among them the set
//! is not to be used.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use toml::de::DeValue;

use super::check::{Check, Entry};
use super::dataset_file::{self, LoadedDataset};
use super::kinds::{
    Kind, WrittenApproval, WrittenDeadline, WrittenDerive, WrittenDuty, WrittenNotice, WrittenOrder, WrittenPenalty, WrittenRatio,
    WrittenReconcile, WrittenRequire, WrittenSequence, WrittenStatistic,
};
use super::pack_file::{self, PackHead};
use super::params::Param;
use super::shape::{ShapeField, Shapes};
use super::source::{SourceFile, unknown_key};
use super::written::{HasHead, Mark};
use super::{Dataset, Head, Pack, Rule, RuleSet, Severity, Status};
use crate::diag::{Code, Diag, Diags, Place, nearest};

/// Arrays that a rule file may hold.
pub const KINDS: &[&str] =
    &["deadline", "approval", "require", "sequence", "order", "derive", "duty", "reconcile", "ratio", "penalty", "notice", "statistic"];

/// One rule as written, of any kind.
enum Written {
    Deadline(WrittenDeadline),
    Approval(WrittenApproval),
    Require(WrittenRequire),
    Sequence(WrittenSequence),
    Order(WrittenOrder),
    Derive(WrittenDerive),
    Duty(WrittenDuty),
    Reconcile(WrittenReconcile),
    Ratio(WrittenRatio),
    Penalty(WrittenPenalty),
    Notice(WrittenNotice),
    Statistic(WrittenStatistic),
}

/// An as-written rule and where it stands.
struct Found {
    written: Written,
    kind: &'static str,
    file: SourceFile,
    span: Range<usize>,
    maimed: bool,
}

/// A pack before its rules are checked.
struct OpenPack {
    head: PackHead,
    folder: PathBuf,
    manifest: PathBuf,
    found: Vec<Found>,
    entries: Vec<Entry>,
}

/// Loads packs. A root is one pack (it has a `pack.toml`) or a folder of packs; `wanted` names packs by id, none names all.
/// Shared datasets stand in `datasets` beside the packs, a pack's own in its own `datasets`.
pub fn load(roots: &[PathBuf], wanted: &[String], params: &[Param]) -> (RuleSet, Diags) {
    let mut diags = Diags::default();
    let mut files = BTreeSet::new();
    let mut packs: Vec<OpenPack> = Vec::new();
    let mut dataset_files: Vec<PathBuf> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for folder in pack_folders(roots, &mut diags) {
        let manifest = folder.join("pack.toml");
        let Some(file) = SourceFile::open(&manifest, &mut diags) else { continue };
        let Some(head) = pack_file::load(&file, &mut diags) else { continue };
        seen.push(head.id.to_string());
        if !wanted.is_empty() && !wanted.contains(&head.id) {
            continue;
        }
        if let Some(first) = packs.iter().find(|pack| *pack.head.id == *head.id) {
            let place = Place::Text { file: first.manifest.clone(), span: first.head.id.span() };
            let diag = Diag::error(Code::RuleDuplicate, format!("规则包「{}」有两个", head.id.as_str()));
            diags.push(diag.in_text(&manifest, head.id.span()).label(place, "另一个在这里"));
            continue;
        }
        files.insert(manifest.clone());
        let shared = folder.parent().map(|parent| toml_files(&parent.join("datasets"))).unwrap_or_default();
        for path in shared.into_iter().chain(toml_files(&folder.join("datasets"))) {
            if !dataset_files.contains(&path) {
                dataset_files.push(path);
            }
        }
        let found = read_rules(&folder, &mut files, &mut diags);
        let entries = index(&head, &found, &mut diags);
        packs.push(OpenPack { head, folder, manifest, found, entries });
    }
    for id in wanted.iter().filter(|id| !seen.contains(id)) {
        let near = nearest(id, seen.iter().map(String::as_str)).map(|near| format!("是不是 {near}?")).unwrap_or_default();
        let help = format!("{near}找到的规则包:{}", if seen.is_empty() { "一个也没有".to_owned() } else { seen.join("、") });
        diags.push(Diag::error(Code::RuleDangling, format!("没有规则包「{id}」")).help(help));
    }
    files.extend(dataset_files.iter().cloned());
    let datasets = load_datasets(dataset_files, &mut diags);
    let mut shapes = Shapes::new(&datasets);
    let packs: Vec<Pack> = packs.into_iter().map(|pack| pack.check(&mut shapes, params, &mut diags)).collect();
    check_params(&packs, params, &mut diags);
    (RuleSet { packs, datasets, files: files.into_iter().collect() }, diags)
}

fn pack_folders(roots: &[PathBuf], diags: &mut Diags) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for root in roots {
        if root.join("pack.toml").is_file() {
            folders.push(root.clone());
            continue;
        }
        let Ok(entries) = std::fs::read_dir(root) else {
            diags.push(Diag::error(Code::FolderMissing, "规则文件夹打不开").in_file(root).help("请检查 --rules 或 kesu.toml 里的 rules"));
            continue;
        };
        let mut below: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.join("pack.toml").is_file()).collect();
        below.sort();
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

/// The toml files directly in a folder, sorted; none where the folder is absent.
pub(super) fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_toml = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|extension| extension == "toml");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_toml).collect();
    files.sort();
    files
}

fn load_datasets(paths: Vec<PathBuf>, diags: &mut Diags) -> Vec<Arc<Dataset>> {
    let loaded: Vec<LoadedDataset> = paths.iter().filter_map(|path| dataset_file::load(SourceFile::open(path, diags)?, diags)).collect();
    dataset_file::check_all(&loaded, diags);
    let mut datasets: Vec<Arc<Dataset>> = Vec::new();
    for one in loaded {
        if !datasets.iter().any(|known| known.name == one.dataset.name) {
            datasets.push(Arc::new(one.dataset));
        }
    }
    datasets
}

/// Every rule of a pack's files, in order of file and place.
fn read_rules(folder: &Path, files: &mut BTreeSet<PathBuf>, diags: &mut Diags) -> Vec<Found> {
    let mut all = Vec::new();
    for path in toml_files(folder) {
        if path.file_name().is_some_and(|name| name == "pack.toml") {
            continue;
        }
        files.insert(path.clone());
        let Some(file) = SourceFile::open(&path, diags) else { continue };
        let (tree, broken) = file.tree(diags);
        let mut found = Vec::new();
        for (key, value) in tree.get_ref().iter() {
            let name: &str = key.get_ref();
            let Some(kind) = KINDS.iter().copied().find(|kind| *kind == name) else {
                diags.push(unknown_key(name, KINDS).in_text(&path, key.span()));
                continue;
            };
            let DeValue::Array(items) = value.get_ref() else {
                let message = format!("{kind} 要写成双方括号 [[{kind}]]");
                diags.push(Diag::error(Code::RuleSyntax, message).in_text(&path, key.span()));
                continue;
            };
            found.extend(items.iter().filter_map(|item| read_rule(&file, kind, item, broken, diags)));
        }
        found.sort_by_key(|rule| rule.span.start);
        all.append(&mut found);
    }
    all
}

fn read_rule(
    file: &SourceFile,
    kind: &'static str,
    item: &serde_spanned::Spanned<DeValue<'_>>,
    broken: bool,
    diags: &mut Diags,
) -> Option<Found> {
    fn one<T: DeserializeOwned>(
        file: &SourceFile,
        item: &serde_spanned::Spanned<DeValue<'_>>,
        wrap: fn(T) -> Written,
        diags: &mut Diags,
    ) -> Option<(Written, bool)> {
        file.value::<T>(item.clone(), diags).map(|read| (wrap(read.value), read.maimed))
    }
    let (written, maimed) = match kind {
        "deadline" => one(file, item, Written::Deadline, diags),
        "approval" => one(file, item, Written::Approval, diags),
        "require" => one(file, item, Written::Require, diags),
        "sequence" => one(file, item, Written::Sequence, diags),
        "order" => one(file, item, Written::Order, diags),
        "derive" => one(file, item, Written::Derive, diags),
        "duty" => one(file, item, Written::Duty, diags),
        "reconcile" => one(file, item, Written::Reconcile, diags),
        "ratio" => one(file, item, Written::Ratio, diags),
        "penalty" => one(file, item, Written::Penalty, diags),
        "notice" => one(file, item, Written::Notice, diags),
        _ => one(file, item, Written::Statistic, diags),
    }?;
    Some(Found { written, kind, file: file.clone(), span: item.span(), maimed: maimed || broken })
}

/// What rules of the pack can refer to; ids that stand twice are reported with both places.
fn index(pack: &PackHead, found: &[Found], diags: &mut Diags) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for rule in found {
        let Some(id) = rule.written.head().id else { continue };
        if let Some(first) = entries.iter().find(|entry| entry.id == **id) {
            let place = Place::Text { file: first.file.clone(), span: first.span.clone() };
            let diag = Diag::error(Code::RuleDuplicate, format!("规则包「{}」里有两条规则叫「{}」", pack.id.as_str(), id.as_str()));
            diags.push(diag.in_text(&rule.file.path, id.span()).label(place, "先在这里用过").help("给其中一条换个编号"));
        }
        entries.push(Entry {
            id: id.to_string(),
            kind: rule.kind,
            form: rule.written.form(),
            dataset: rule.written.dataset(),
            file: rule.file.path.clone(),
            span: id.span(),
        });
    }
    entries
}

impl OpenPack {
    fn check(self, shapes: &mut Shapes, params: &[Param], diags: &mut Diags) -> Pack {
        let mut rules: Vec<Option<Rule>> = self.found.iter().map(|_| None).collect();
        let derives_first = |derive: bool| self.found.iter().enumerate().filter(move |(_, rule)| (rule.kind == "derive") == derive);
        for (at, found) in derives_first(true).chain(derives_first(false)) {
            let rule = self.check_rule(found, shapes, params, diags);
            if let Some(Rule { kind: Kind::Derive(derive), .. }) = &rule {
                shapes.add(&derive.dataset, ShapeField { name: derive.field.clone(), ty: derive.ty, values: Vec::new() });
            }
            rules[at] = rule;
        }
        Pack {
            id: self.head.id.to_string(),
            title: self.head.title,
            version: self.head.version,
            calendar: self.head.calendar,
            approved_by: self.head.approved_by,
            conventions: self.head.conventions,
            sources: self.head.sources,
            rules: rules.into_iter().flatten().collect(),
            folder: self.folder,
        }
    }

    fn check_rule(&self, found: &Found, shapes: &Shapes, params: &[Param], diags: &mut Diags) -> Option<Rule> {
        let head = found.written.head();
        let span = head.id.as_ref().map_or(found.span.clone(), Mark::span);
        let mut check = Check {
            file: &found.file,
            pack: &self.head.id,
            sources: &self.head.sources,
            shapes,
            entries: &self.entries,
            params,
            diags,
            rule: head.id.as_ref().map(|id| id.to_string()).unwrap_or_default(),
            span: span.clone(),
            maimed: found.maimed,
            day: NaiveDate::MIN,
            open: Vec::new(),
            asked: Vec::new(),
            missing: Vec::new(),
            supplied: Vec::new(),
            cites: Vec::new(),
        };
        let id = check.required(head.id, "id");
        let title = check.required(head.title, "title");
        const STATUSES: &[(&str, Status)] = &[
            ("active", Status::Active),
            ("preview", Status::Preview),
            ("retired", Status::Retired),
            ("missing-param", Status::MissingParam),
        ];
        const SEVERITIES: &[(&str, Severity)] = &[("minor", Severity::Minor), ("major", Severity::Major), ("critical", Severity::Critical)];
        let status = head.status.as_ref().map_or(Some(Status::Active), |word| check.word(word, STATUSES));
        let severity = head.severity.as_ref().map_or(Some(Severity::Major), |word| check.word(word, SEVERITIES));
        let kind = found.written.check(&mut check);
        // Names that the rule lists but asks for nowhere stay open until somebody writes the rule out.
        for name in head.missing {
            if !check.asked.contains(name) && !check.missing.contains(name) {
                check.missing.push(name.to_string());
            }
        }
        let status = status?;
        let is_missing = status == Status::MissingParam;
        if is_missing && head.missing.is_empty() && check.asked.is_empty() {
            check.error_with(Code::RuleSyntax, span.clone(), "写了待补参数却没有说缺什么", "请写 missing = [\"参数名\"]");
        }
        if !is_missing && let Some(first) = head.missing.first() {
            check.error_with(Code::RuleSyntax, first.span(), "列了 missing 的规则要写明状态", "请写 status = \"missing-param\"");
        }
        let status = match (status, check.missing.is_empty()) {
            (Status::MissingParam, true) => Status::Active,
            (Status::Retired, _) => Status::Retired,
            (_, false) => Status::MissingParam,
            (status, true) => status,
        };
        let (missing, params, cites) = (check.missing, check.supplied, check.cites);
        let head = Head {
            pack: self.head.id.to_string(),
            id: id?.to_string(),
            title: title?.to_string(),
            catalog: head.catalog.to_vec(),
            status,
            inferred: head.inferred,
            severity: severity?,
            message: head.message.as_ref().map(|message| message.to_string()),
            note: head.note.clone(),
            missing,
            params,
            cites,
            file: found.file.path.clone(),
            span,
        };
        Some(Rule { head, kind: kind? })
    }
}

/// Every parameter must meet a rule that asks for it.
fn check_params(packs: &[Pack], params: &[Param], diags: &mut Diags) {
    for param in params {
        // A run of other packs leaves this one's parameters alone.
        let Some(pack) = packs.iter().find(|pack| pack.id == param.pack) else { continue };
        let Some(rule) = pack.rules.iter().find(|rule| rule.head.id == param.rule) else {
            let ids = pack.rules.iter().map(|rule| rule.head.id.as_str());
            let near = nearest(&param.rule, ids).map(|near| format!("是不是 {}/{near}?", pack.id)).unwrap_or_default();
            let diag = Diag::error(Code::RuleDangling, format!("参数「{}」指向的规则「{}/{}」不存在", param.name, param.pack, param.rule));
            diags.push(diag.at(param.place.clone()).help(format!("{near}规则写作 包编号/规则编号")));
            continue;
        };
        let used = rule.head.params.iter().any(|known| known.name == param.name && known.from == param.from);
        if !used {
            let mut names: Vec<&str> = rule.head.params.iter().map(|p| p.name.as_str()).collect();
            names.extend(rule.head.missing.iter().map(String::as_str));
            names.dedup();
            let message = format!("规则「{}/{}」没有用到参数「{}」", param.pack, param.rule, param.name);
            let help =
                if names.is_empty() { "这条规则没有待补参数".to_owned() } else { format!("它的参数:{}", names.join("、")) };
            diags.push(Diag::warning(Code::RuleDangling, message).at(param.place.clone()).help(help));
        }
    }
}

impl Written {
    fn head(&self) -> super::written::WrittenHead<'_> {
        match self {
            Written::Deadline(rule) => rule.head(),
            Written::Approval(rule) => rule.head(),
            Written::Require(rule) => rule.head(),
            Written::Sequence(rule) => rule.head(),
            Written::Order(rule) => rule.head(),
            Written::Derive(rule) => rule.head(),
            Written::Duty(rule) => rule.head(),
            Written::Reconcile(rule) => rule.head(),
            Written::Ratio(rule) => rule.head(),
            Written::Penalty(rule) => rule.head(),
            Written::Notice(rule) => rule.head(),
            Written::Statistic(rule) => rule.head(),
        }
    }

    fn form(&self) -> Option<String> {
        match self {
            Written::Notice(notice) => notice.form.as_ref().map(|form| form.to_string()),
            _ => None,
        }
    }

    fn dataset(&self) -> Option<String> {
        let dataset = match self {
            Written::Deadline(rule) => &rule.dataset,
            Written::Approval(rule) => &rule.dataset,
            Written::Require(rule) => &rule.dataset,
            Written::Sequence(rule) => &rule.dataset,
            Written::Order(rule) => &rule.dataset,
            Written::Derive(rule) => &rule.dataset,
            Written::Reconcile(rule) if rule.by.is_empty() => &rule.dataset,
            Written::Statistic(rule) => &rule.dataset,
            Written::Penalty(rule) => return rule.from_rows.as_ref()?.dataset.as_ref().map(|name| name.to_string()),
            // what these say is about no single row
            Written::Duty(_) | Written::Reconcile(_) | Written::Ratio(_) | Written::Notice(_) => return None,
        };
        dataset.as_ref().map(|name| name.to_string())
    }

    fn check(&self, check: &mut Check<'_>) -> Option<Kind> {
        match self {
            Written::Deadline(rule) => rule.check(check).map(Kind::Deadline),
            Written::Approval(rule) => rule.check(check).map(Kind::Approval),
            Written::Require(rule) => rule.check(check).map(Kind::Require),
            Written::Sequence(rule) => rule.check(check).map(Kind::Sequence),
            Written::Order(rule) => rule.check(check).map(Kind::Order),
            Written::Derive(rule) => rule.check(check).map(Kind::Derive),
            Written::Duty(rule) => rule.check(check).map(Kind::Duty),
            Written::Reconcile(rule) => rule.check(check).map(Kind::Reconcile),
            Written::Ratio(rule) => rule.check(check).map(Kind::Ratio),
            Written::Penalty(rule) => rule.check(check).map(Kind::Penalty),
            Written::Notice(rule) => rule.check(check).map(Kind::Notice),
            Written::Statistic(rule) => rule.check(check).map(Kind::Statistic),
        }
    }
}
