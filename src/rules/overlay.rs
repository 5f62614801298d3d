//! Rules as trees, before they are read: a rule that a pack inherits, and another laid over it key by key.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Layer;
use super::source::SourceFile;
use crate::diag::{Code, Diag, Diags, nearest};

/// One entry of an array of rules.
#[derive(Debug, Clone)]
pub struct Item<'t> {
    pub kind: &'static str,
    pub file: SourceFile,
    pub tree: Spanned<DeValue<'t>>,
    /// Something of the file could not be read.
    pub broken: bool,
    /// Which pack gave which keys, the pack that extends no other first.
    pub layers: Vec<Layer>,
    /// Rows of the catalogue that the rule realises no more.
    pub dropped: Vec<String>,
}

/// The dates of versions tell them apart, whatever else they hold.
const VERSIONS: &str = "version";
const WITHOUT: &str = "without";

impl<'t> Item<'t> {
    pub fn new(kind: &'static str, file: &SourceFile, tree: Spanned<DeValue<'t>>, broken: bool, pack: &str) -> Self {
        let mut item = Self { kind, file: file.clone(), tree, broken, layers: Vec::new(), dropped: Vec::new() };
        let keys = item.keys();
        item.layers.push(Layer { pack: pack.to_owned(), file: file.path.clone(), keys });
        item
    }

    /// The rule's own id and where it stands, in bytes of the item's text.
    pub fn id(&self) -> Option<(&str, Range<usize>)> {
        let id = self.value("id")?;
        Some((id.get_ref().as_str()?, id.span()))
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key)?.get_ref().as_str()
    }

    /// Rows of the catalogue that the rule still realises.
    pub fn catalog(&self) -> impl Iterator<Item = &str> {
        let rows = self.value("catalog").and_then(|rows| rows.get_ref().as_array());
        rows.into_iter()
            .flat_map(|rows| rows.iter())
            .filter_map(|row| row.get_ref().as_str())
            .filter(|row| !self.dropped.iter().any(|d| d == row))
    }

    fn value(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        find(self.tree.get_ref().as_table()?, key)
    }

    /// The keys as they are written, those of versions with their dates.
    fn keys(&self) -> Vec<String> {
        let Some(table) = self.tree.get_ref().as_table() else { return Vec::new() };
        let mut keys: Vec<(usize, String)> = Vec::new();
        for (key, value) in table.iter() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                (VERSIONS, DeValue::Array(versions)) => {
                    keys.extend(
                        versions.iter().flat_map(|version| version_keys(version).into_iter().map(|key| (version.span().start, key))),
                    );
                }
                (WITHOUT, _) => {}
                (name, _) => keys.push((key.span().start, name.to_owned())),
            }
        }
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// This rule with the keys of `over` in place of its own.
    pub fn overlaid(self, over: Item<'t>, diags: &mut Diags) -> Item<'t> {
        let (file, shift) = over.file.followed_by(&self.file);
        let (span, over_table) = (over.tree.span(), into_table(over.tree.get_ref().clone()));
        let without = names(&over_table, WITHOUT);
        let own: Vec<String> = self.tree.get_ref().as_table().map(keys_of).unwrap_or_default();
        for (name, span) in &without {
            if !own.contains(name) {
                let near = nearest(name, own.iter().map(String::as_str)).map(|near| format!("是不是 {near}？")).unwrap_or_default();
                let diag = Diag::error(Code::RuleUnknownKey, format!("所沿用的规则里没有键「{name}」可以去掉"));
                diags.push(diag.at(over.file.place(span.clone())).help(format!("{near}它写了：{}", own.join("、"))));
            }
        }
        let mut base = into_table(shifted(self.tree, shift).into_inner());
        for (name, _) in &without {
            base = DeTable::from_iter(base.into_iter().filter(|(key, _)| key.get_ref() != name));
        }
        let given = over.layers.last().map(|layer| layer.keys.clone()).unwrap_or_default();
        let mut layers = self.layers;
        for layer in &mut layers {
            layer.keys.retain(|key| !given.contains(key) && !without.iter().any(|(name, _)| key == name));
        }
        layers.extend(over.layers);
        Item {
            kind: self.kind,
            file,
            tree: Spanned::new(span, DeValue::Table(merged(base, over_table))),
            broken: self.broken || over.broken,
            layers,
            // a catalogue that is written anew says itself what it realises
            dropped: if given.iter().any(|key| key == "catalog") { Vec::new() } else { self.dropped },
        }
    }
}

fn merged<'t>(mut base: DeTable<'t>, over: DeTable<'t>) -> DeTable<'t> {
    let mut table = DeTable::new();
    for (key, value) in over {
        let under = take(&mut base, key.get_ref());
        let value = match (key.get_ref().as_ref(), under) {
            (WITHOUT, _) => continue,
            (VERSIONS, Some(under)) => versions(under, value),
            _ => value,
        };
        table.insert(key, value);
    }
    table.extend(base);
    table
}

/// Versions of the same day are laid over each other, the others stand side by side.
fn versions<'t>(under: Spanned<DeValue<'t>>, over: Spanned<DeValue<'t>>) -> Spanned<DeValue<'t>> {
    let span = over.span();
    let (DeValue::Array(under), DeValue::Array(over)) = (under.into_inner(), over.get_ref().clone()) else { return over };
    let mut all: Vec<Spanned<DeValue<'t>>> = under.into_iter().collect();
    for version in over {
        let day = from(&version);
        match all.iter().position(|known| day.is_some() && from(known) == day) {
            Some(at) => {
                let (span, base) = (version.span(), into_table(all[at].get_ref().clone()));
                all[at] = Spanned::new(span, DeValue::Table(merged(base, into_table(version.into_inner()))));
            }
            None => all.push(version),
        }
    }
    all.sort_by_key(from);
    let mut array = DeArray::new();
    all.into_iter().for_each(|version| array.push(version));
    Spanned::new(span, DeValue::Array(array))
}

fn from(version: &Spanned<DeValue<'_>>) -> Option<String> {
    find(version.get_ref().as_table()?, "from")?.get_ref().as_datetime().map(ToString::to_string)
}

/// `2020-01-01 版 rows`
fn version_keys(version: &Spanned<DeValue<'_>>) -> Vec<String> {
    let Some(table) = version.get_ref().as_table() else { return Vec::new() };
    let day = from(version).unwrap_or_default();
    keys_of(table).into_iter().filter(|key| key != "from").map(|key| format!("{day} 版 {key}")).collect()
}

fn keys_of(table: &DeTable<'_>) -> Vec<String> {
    let mut keys: Vec<(usize, String)> = table.iter().map(|(key, _)| (key.span().start, key.get_ref().to_string())).collect();
    keys.sort();
    keys.into_iter().map(|(_, key)| key).collect()
}

fn find<'a, 't>(table: &'a DeTable<'t>, name: &str) -> Option<&'a Spanned<DeValue<'t>>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}

fn take<'t>(table: &mut DeTable<'t>, name: &str) -> Option<Spanned<DeValue<'t>>> {
    let key = table.keys().find(|key| key.get_ref() == name)?.clone();
    table.remove(&key)
}

fn names(table: &DeTable<'_>, key: &str) -> Vec<(String, Range<usize>)> {
    let listed = find(table, key).and_then(|value| value.get_ref().as_array());
    listed.into_iter().flat_map(|list| list.iter()).filter_map(|name| Some((name.get_ref().as_str()?.to_owned(), name.span()))).collect()
}

fn into_table(value: DeValue<'_>) -> DeTable<'_> {
    match value {
        DeValue::Table(table) => table,
        _ => DeTable::new(),
    }
}

/// The tree as if its text began so many bytes later.
fn shifted<'t>(value: Spanned<DeValue<'t>>, by: usize) -> Spanned<DeValue<'t>> {
    let moved = |span: Range<usize>| span.start + by..span.end + by;
    let span = moved(value.span());
    let value = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(DeTable::from_iter(
            table.into_iter().map(|(key, value)| (Spanned::new(moved(key.span()), key.into_inner()), shifted(value, by))),
        )),
        DeValue::Array(items) => {
            let mut array = DeArray::new();
            items.into_iter().for_each(|item| array.push(shifted(item, by)));
            DeValue::Array(array)
        }
        other => other,
    };
    Spanned::new(span, value)
}
