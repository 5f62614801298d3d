//! Folders of rule files to a checked [`RuleSet`]. Problems of all files are collected; with an error among them the set
//! is not to be used.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::de::DeValue;

use super::check::{Check, Entry, Gone};
use super::dataset_file::{self, LoadedDataset};
use super::kinds::{
    Kind, WrittenApproval, WrittenDeadline, WrittenDerive, WrittenDuty, WrittenFrequency, WrittenNotice, WrittenOrder, WrittenPenalty,
    WrittenPoints, WrittenRatio, WrittenReconcile, WrittenRequire, WrittenScorecard, WrittenSequence, WrittenStatistic,
};
use super::off::{Inherited, Off};
use super::overlay::Item;
use super::params::Param;
use super::resolve::{Open, Pick};
use super::shape::{ShapeField, Shapes};
use super::shelf::{Shelf, Volume};
use super::source::{SourceFile, unknown_key};
use super::written::{HasHead, Mark};
use super::{Base, Conventions, Dataset, Head, Layer, Pack, PolicySource, Rule, RuleSet, Severity, Status, reading};
use crate::diag::{Code, Diag, Diags, nearest};

/// Arrays that a rule file may hold.
pub const KINDS: &[&str] = &[
    "deadline",
    "approval",
    "require",
    "sequence",
    "order",
    "derive",
    "duty",
    "frequency",
    "reconcile",
    "ratio",
    "points",
    "scorecard",
    "penalty",
    "notice",
    "statistic",
];

/// Beside the rules: how the pack's sample data is made.
pub const SAMPLE: &str = "sample.toml";

/// One rule as written, of any kind.
enum Written {
    Deadline(WrittenDeadline),
    Approval(WrittenApproval),
    Require(WrittenRequire),
    Sequence(WrittenSequence),
    Order(WrittenOrder),
    Derive(WrittenDerive),
    Duty(WrittenDuty),
    Frequency(Box<WrittenFrequency>),
    Reconcile(WrittenReconcile),
    Ratio(WrittenRatio),
    Points(WrittenPoints),
    Scorecard(Box<WrittenScorecard>),
    Penalty(WrittenPenalty),
    Notice(WrittenNotice),
    Statistic(Box<WrittenStatistic>),
}

/// An as-written rule and where it stands.
struct Found {
    written: Written,
    kind: &'static str,
    file: SourceFile,
    span: Range<usize>,
    maimed: bool,
    layers: Vec<Layer>,
    dropped: Vec<String>,
}

/// A pack before its rules are checked, with all that it takes over from others.
struct OpenPack<'s> {
    volume: &'s Volume,
    bases: Vec<Base>,
    calendar: String,
    conventions: Conventions,
    sources: Vec<PolicySource>,
    found: Vec<Found>,
    entries: Vec<Entry>,
    gone: Vec<Gone>,
    off: Vec<Off>,
    readings: Vec<reading::Reading>,
    resolves: Vec<Open>,
}

/// What the company decided for itself in its settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Company<'a> {
    pub params: &'a [Param],
    pub picks: &'a [Pick],
}

/// Ids of every pack below the roots, those too that run only when they are named.
pub fn pack_ids(roots: &[PathBuf]) -> Vec<String> {
    Shelf::ids(roots)
}

/// [`load_for`] a company that decided nothing but parameters.
pub fn load(roots: &[PathBuf], wanted: &[String], params: &[Param]) -> (RuleSet, Diags) {
    load_for(roots, wanted, Company { params, picks: &[] })
}

/// Loads packs. A root is one pack (it has a `pack.toml`) or a folder of packs; `wanted` names packs by id, none names all but
/// those of a folder that say they run only when they are named. Shared datasets stand in `datasets` beside the packs, a pack's own in its own `datasets`.
pub fn load_for(roots: &[PathBuf], wanted: &[String], company: Company<'_>) -> (RuleSet, Diags) {
    let mut diags = Diags::default();
    let mut files = BTreeSet::new();
    let shelf = Shelf::survey(roots, wanted, &mut diags);
    let used: BTreeSet<usize> = shelf.chains.iter().flatten().copied().collect();
    let mut dataset_files: Vec<PathBuf> = Vec::new();
    let mut texts: BTreeMap<usize, Vec<SourceFile>> = BTreeMap::new();
    for &at in &used {
        let volume = &shelf.volumes[at];
        files.insert(volume.manifest.path.clone());
        let shared = volume.folder.parent().map(|parent| toml_files(&parent.join("datasets"))).unwrap_or_default();
        for path in shared.into_iter().chain(toml_files(&volume.folder.join("datasets"))) {
            if !dataset_files.contains(&path) {
                dataset_files.push(path);
            }
        }
        let is_rules = |path: &PathBuf| path.file_name().is_some_and(|name| name != "pack.toml" && name != SAMPLE);
        let paths = toml_files(&volume.folder).into_iter().filter(is_rules);
        let paths: Vec<PathBuf> = paths.collect();
        files.extend(paths.iter().cloned());
        texts.insert(at, paths.iter().filter_map(|path| SourceFile::open(path, &mut diags)).collect());
    }
    files.extend(dataset_files.iter().cloned());
    let datasets = load_datasets(dataset_files, &mut diags);
    let items: BTreeMap<usize, Vec<Item<'_>>> =
        texts.iter().map(|(at, texts)| (*at, items(&shelf.volumes[*at].head.id, texts, &mut diags))).collect();
    let mut packs: Vec<Pack> = Vec::new();
    for chain in &shelf.chains {
        if let Some(open) = OpenPack::of(chain, &shelf.volumes, &items, &mut diags) {
            packs.push(open.check(&datasets, company.params, &mut diags));
        }
    }
    check_params(&packs, company.params, &mut diags);
    settle(&mut packs, company.picks, &mut diags);
    (RuleSet { packs, datasets, files: files.into_iter().collect() }, said_once(diags))
}

/// A pack and one that extends it say the same of what they share.
fn said_once(diags: Diags) -> Diags {
    let mut once: Vec<Diag> = Vec::new();
    for diag in diags {
        if !once.iter().any(|known| (&known.message, &known.place) == (&diag.message, &diag.place)) {
            once.push(diag);
        }
    }
    Diags::from_iter(once)
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

/// Every rule of a pack's files, in order of file and place; ids that stand twice are reported with both places.
fn items<'t>(pack: &str, texts: &'t [SourceFile], diags: &mut Diags) -> Vec<Item<'t>> {
    let mut all: Vec<Item<'t>> = Vec::new();
    for file in texts {
        let (tree, broken) = file.tree(diags);
        let mut found = Vec::new();
        for (key, value) in tree.into_inner() {
            let name: &str = key.get_ref();
            let Some(kind) = KINDS.iter().copied().find(|kind| *kind == name) else {
                diags.push(unknown_key(name, KINDS).in_text(&file.path, key.span()));
                continue;
            };
            let DeValue::Array(items) = value.into_inner() else {
                let message = format!("{kind} 要写成双方括号 [[{kind}]]");
                diags.push(Diag::error(Code::RuleSyntax, message).in_text(&file.path, key.span()));
                continue;
            };
            found.extend(items.into_iter().map(|item| Item::new(kind, file, item, broken, pack)));
        }
        found.sort_by_key(|item| item.tree.span().start);
        for item in found {
            let twin = item
                .id()
                .and_then(|(id, span)| Some((id, span, all.iter().find(|known| known.id().is_some_and(|(other, _)| other == id))?)));
            if let Some((id, span, first)) = twin {
                let place = first.file.place(first.id().map_or(first.tree.span(), |(_, span)| span));
                let diag = Diag::error(Code::RuleDuplicate, format!("规则包「{pack}」里有两条规则叫「{id}」"));
                diags.push(diag.in_text(&file.path, span).label(place, "先在这里用过").help("给其中一条换个编号"));
            }
            all.push(item);
        }
    }
    all
}

fn read_rule(item: &Item<'_>, diags: &mut Diags) -> Option<Found> {
    fn one<T: DeserializeOwned>(
        file: &SourceFile,
        item: &serde_spanned::Spanned<DeValue<'_>>,
        wrap: fn(T) -> Written,
        diags: &mut Diags,
    ) -> Option<(Written, bool)> {
        file.value::<T>(item.clone(), diags).map(|read| (wrap(read.value), read.maimed))
    }
    let (file, kind) = (&item.file, item.kind);
    let (written, maimed) = match kind {
        "deadline" => one(file, &item.tree, Written::Deadline, diags),
        "approval" => one(file, &item.tree, Written::Approval, diags),
        "require" => one(file, &item.tree, Written::Require, diags),
        "sequence" => one(file, &item.tree, Written::Sequence, diags),
        "order" => one(file, &item.tree, Written::Order, diags),
        "derive" => one(file, &item.tree, Written::Derive, diags),
        "duty" => one(file, &item.tree, Written::Duty, diags),
        "frequency" => one(file, &item.tree, |rule| Written::Frequency(Box::new(rule)), diags),
        "reconcile" => one(file, &item.tree, Written::Reconcile, diags),
        "ratio" => one(file, &item.tree, Written::Ratio, diags),
        "points" => one(file, &item.tree, Written::Points, diags),
        "scorecard" => one(file, &item.tree, |rule| Written::Scorecard(Box::new(rule)), diags),
        "penalty" => one(file, &item.tree, Written::Penalty, diags),
        "notice" => one(file, &item.tree, Written::Notice, diags),
        _ => one(file, &item.tree, |rule| Written::Statistic(Box::new(rule)), diags),
    }?;
    Some(Found {
        written,
        kind,
        file: file.clone(),
        span: item.tree.span(),
        maimed: maimed || item.broken,
        layers: item.layers.clone(),
        dropped: item.dropped.clone(),
    })
}

/// What rules of the pack can refer to.
fn index(found: &[Found]) -> Vec<Entry> {
    let entry = |rule: &Found| {
        let id = rule.written.head().id.as_ref()?;
        let (form, dataset, reads) = (rule.written.form(), rule.written.dataset(), rule.written.reads());
        let lists = matches!(&rule.written, Written::Notice(notice) if notice.from_rows.is_some());
        Some(Entry { id: id.to_string(), kind: rule.kind, form, lists, dataset, reads, unit: rule.written.unit() })
    };
    found.iter().filter_map(entry).collect()
}

impl<'s> OpenPack<'s> {
    /// The packs of a chain laid over each other, the last one on top.
    fn of(chain: &[usize], volumes: &'s [Volume], items: &BTreeMap<usize, Vec<Item<'_>>>, diags: &mut Diags) -> Option<Self> {
        let (top, below) = chain.split_last()?;
        let mut inherited = Inherited::default();
        let mut sources: Vec<PolicySource> = Vec::new();
        let (mut conventions, mut calendar) = (Conventions::default(), String::new());
        let (mut off, mut resolves): (Vec<Off>, Vec<Open>) = Default::default();
        for at in chain {
            let Volume { head, manifest, .. } = &volumes[*at];
            for source in &head.sources {
                put(&mut sources, source.clone(), |known| known.id == source.id);
            }
            calendar = head.calendar.clone().unwrap_or(calendar);
            conventions.count_first_day = head.conventions.count_first_day.unwrap_or(conventions.count_first_day);
            conventions.roll_last_day = head.conventions.roll_last_day.unwrap_or(conventions.roll_last_day);
            off.extend(head.off.iter().filter_map(|written| inherited.switch_off(written, &head.id, manifest, &sources, diags)));
            inherited.lay(items.get(at).map_or(&[][..], Vec::as_slice), diags);
            for reading in reading::check(&head.readings, &head.id, manifest, &sources, diags) {
                let id = reading.id.clone();
                put(&mut inherited.readings, reading, |known| known.id == id);
            }
            for written in &head.resolves {
                let open = Open { written: written.clone(), file: manifest.clone() };
                put(&mut resolves, open, |known| known.is_named(written.id.as_ref()));
            }
        }
        let found: Vec<Found> = inherited.items.iter().filter_map(|item| read_rule(item, diags)).collect();
        let entries = index(&found);
        let base = |at: &usize| Base { id: volumes[*at].head.id.to_string(), folder: volumes[*at].folder.clone() };
        Some(Self {
            volume: &volumes[*top],
            bases: below.iter().rev().map(base).collect(),
            calendar,
            conventions,
            sources,
            found,
            entries,
            gone: inherited.gone,
            off,
            readings: inherited.readings,
            resolves,
        })
    }

    fn check(self, datasets: &[Arc<Dataset>], params: &[Param], diags: &mut Diags) -> Pack {
        let head = &self.volume.head;
        let mut shapes = Shapes::new(datasets);
        let mut rules: Vec<Option<Rule>> = self.found.iter().map(|_| None).collect();
        let derives_first = |derive: bool| self.found.iter().enumerate().filter(move |(_, rule)| (rule.kind == "derive") == derive);
        for (at, found) in derives_first(true).chain(derives_first(false)) {
            let mut own = Diags::default();
            let rule = self.check_rule(found, &shapes, params, &mut own);
            diags.extend(own.into_iter().map(|diag| self.inherited_by(found, diag)));
            if let Some(Rule { kind: Kind::Derive(derive), .. }) = &rule {
                shapes.add(&derive.dataset, ShapeField { name: derive.field.clone(), ty: derive.ty, values: Vec::new() });
            }
            rules[at] = rule;
        }
        let ids: Vec<&str> = self.entries.iter().map(|entry| entry.id.as_str()).collect();
        let resolves = self.resolves.iter().filter_map(|open| open.check(&ids, &self.gone, &self.sources, diags)).collect();
        Pack {
            id: head.id.to_string(),
            title: head.title.clone(),
            version: head.version.clone(),
            bases: self.bases,
            calendar: self.calendar,
            approved_by: head.approved_by.clone(),
            approved_on: head.approved_on,
            conventions: self.conventions,
            sources: self.sources,
            rules: rules.into_iter().flatten().collect(),
            readings: self.readings,
            resolves,
            off: self.off,
            folder: self.volume.folder.clone(),
        }
    }

    /// A fault of a rule that stands in another pack names the pack that takes it over.
    fn inherited_by(&self, found: &Found, diag: Diag) -> Diag {
        let Volume { head, manifest, .. } = self.volume;
        match (&head.extends, found.layers.first()) {
            (Some(extends), Some(layer)) if layer.pack != *head.id => {
                let words = format!("规则包 {} 沿用了这条规则", head.id.as_str());
                diag.label(manifest.place(extends.span()), words)
            }
            _ => diag,
        }
    }

    fn check_rule(&self, found: &Found, shapes: &Shapes, params: &[Param], diags: &mut Diags) -> Option<Rule> {
        let head = found.written.head();
        let span = head.id.as_ref().map_or(found.span.clone(), Mark::span);
        let mut check = Check {
            file: &found.file,
            pack: &self.volume.head.id,
            sources: &self.sources,
            shapes,
            entries: &self.entries,
            gone: &self.gone,
            params,
            diags,
            rule: head.id.as_ref().map(|id| id.to_string()).unwrap_or_default(),
            span: span.clone(),
            maimed: found.maimed,
            day: None,
            open: Vec::new(),
            asks: false,
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
        let when_columns = check.when_columns(head.when_columns, found.written.dataset().or_else(|| found.written.of_people()));
        if let Some(first) = head.without.first() {
            let help = "自己的规则直接去掉那个键；without 只用来改写所沿用的规则";
            check.error_with(Code::RuleSyntax, first.span(), "这条规则没有沿用别的规则，不能写 without", help);
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
        let (file, span) = found.file.seams.locate(&found.file.path, span);
        let head = Head {
            pack: self.volume.head.id.to_string(),
            id: id?.to_string(),
            title: title?.to_string(),
            catalog: head.catalog.iter().filter(|row| !found.dropped.contains(row)).cloned().collect(),
            status,
            inferred: head.inferred,
            severity: severity?,
            message: head.message.as_ref().map(|message| message.to_string()),
            note: head.note.clone(),
            event: head.event.as_ref().map(|event| event.to_string()),
            missing,
            params,
            cites,
            when_columns,
            unpicked: None,
            layers: found.layers.clone(),
            file,
            span,
            seams: found.file.seams.clone(),
        };
        Some(Rule { head, kind: kind? })
    }
}

/// Takes the place of the one that `same` finds, or comes last.
fn put<T>(list: &mut Vec<T>, value: T, same: impl Fn(&T) -> bool) {
    match list.iter_mut().find(|known| same(known)) {
        Some(known) => *known = value,
        None => list.push(value),
    }
}

/// The company's own picks, then the rules that nobody picked.
fn settle(packs: &mut [Pack], picks: &[Pick], diags: &mut Diags) {
    for pick in picks {
        // A run of other packs leaves this one's conflicts alone.
        let Some(pack) = packs.iter_mut().find(|pack| pack.id == pick.pack) else { continue };
        let ids: Vec<String> = pack.resolves.iter().map(|resolve| resolve.id.clone()).collect();
        let Some(resolve) = pack.resolves.iter_mut().find(|resolve| resolve.id == pick.id) else {
            let near =
                nearest(&pick.id, ids.iter().map(String::as_str)).map(|near| format!("是不是 {}/{near}？", pick.pack)).unwrap_or_default();
            let list = if ids.is_empty() { "这个包没有取舍".to_owned() } else { format!("它的取舍：{}", ids.join("、")) };
            let diag = Diag::error(Code::RuleDangling, format!("规则包「{}」没有取舍「{}」", pick.pack, pick.id));
            diags.push(diag.at(pick.place.clone()).help(format!("{near}{list}")));
            continue;
        };
        resolve.override_with(pick, diags);
    }
    for pack in packs {
        for rule in &mut pack.rules {
            let against =
                pack.resolves.iter().find(|resolve| resolve.rules.contains(&rule.head.id) && !resolve.pick.contains(&rule.head.id));
            rule.head.unpicked = against.map(|resolve| resolve.id.clone());
        }
    }
}

/// Every parameter must meet a rule that asks for it.
fn check_params(packs: &[Pack], params: &[Param], diags: &mut Diags) {
    for param in params {
        // A run of other packs leaves this one's parameters alone.
        let Some(pack) = packs.iter().find(|pack| pack.id == param.pack) else { continue };
        let Some(rule) = pack.rules.iter().find(|rule| rule.head.id == param.rule) else {
            let ids = pack.rules.iter().map(|rule| rule.head.id.as_str());
            let near = nearest(&param.rule, ids).map(|near| format!("是不是 {}/{near}？", pack.id)).unwrap_or_default();
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
            let help = if names.is_empty() {
                "这条规则没有待补参数".to_owned()
            } else {
                format!("它的参数：{}", names.join("、"))
            };
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
            Written::Frequency(rule) => rule.head(),
            Written::Reconcile(rule) => rule.head(),
            Written::Ratio(rule) => rule.head(),
            Written::Points(rule) => rule.head(),
            Written::Scorecard(rule) => rule.head(),
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

    /// Of rules whose books are divided among units.
    fn unit(&self) -> Option<String> {
        let unit = match self {
            Written::Points(rule) => &rule.unit,
            Written::Scorecard(rule) => &rule.unit,
            _ => return None,
        };
        unit.as_ref().map(|unit| unit.to_string())
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
            Written::Frequency(rule) if rule.name.is_none() => &rule.dataset,
            // what these say is about no single row
            Written::Duty(_) | Written::Frequency(_) | Written::Reconcile(_) | Written::Ratio(_) | Written::Notice(_) => return None,
            // a record that is wrong is nobody's breach, and a sum is of no single row
            Written::Points(_) | Written::Scorecard(_) => return None,
        };
        dataset.as_ref().map(|name| name.to_string())
    }

    /// The dataset of a rule whose books are divided among units.
    fn of_people(&self) -> Option<String> {
        let dataset = match self {
            Written::Points(rule) => &rule.dataset,
            Written::Scorecard(rule) => &rule.dataset,
            _ => return None,
        };
        dataset.as_ref().map(|name| name.to_string())
    }

    /// As [`Written::dataset`], also of rules that sum rows up.
    fn reads(&self) -> Option<String> {
        let summed = match self {
            Written::Duty(rule) => &rule.dataset,
            Written::Frequency(rule) => &rule.dataset,
            Written::Reconcile(rule) => &rule.dataset,
            Written::Ratio(rule) => &rule.dataset,
            Written::Statistic(_) => return None,
            _ => return self.dataset().or_else(|| self.of_people()),
        };
        summed.as_ref().map(|name| name.to_string())
    }

    fn check(&self, check: &mut Check<'_>) -> Option<Kind> {
        match self {
            Written::Deadline(rule) => rule.check(check).map(Kind::Deadline),
            Written::Approval(rule) => rule.check(check),
            Written::Require(rule) => rule.check(check).map(Kind::Require),
            Written::Sequence(rule) => rule.check(check).map(Kind::Sequence),
            Written::Order(rule) => rule.check(check).map(Kind::Order),
            Written::Derive(rule) => rule.check(check).map(Kind::Derive),
            Written::Duty(rule) => rule.check(check).map(Kind::Duty),
            Written::Frequency(rule) => rule.check(check).map(|rule| Kind::Frequency(Box::new(rule))),
            Written::Reconcile(rule) => rule.check(check).map(Kind::Reconcile),
            Written::Ratio(rule) => rule.check(check).map(Kind::Ratio),
            Written::Points(rule) => rule.check(check).map(Kind::Points),
            Written::Scorecard(rule) => rule.check(check).map(|card| Kind::Scorecard(Box::new(card))),
            Written::Penalty(rule) => rule.check(check).map(Kind::Penalty),
            Written::Notice(rule) => rule.check(check).map(Kind::Notice),
            Written::Statistic(rule) => rule.check(check).map(Kind::Statistic),
        }
    }
}
