//! Reads one TOML file into as-written values and collects every problem on the way: a wrong key or value is reported,
//! taken out, and the rest is read again.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

use crate::diag::{Code, Diag, Diags, Place, nearest};

/// A rule file in memory, or several put together where a pack overlays a rule of another.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub path: PathBuf,
    pub text: Arc<str>,
    pub seams: Seams,
}

/// Where the parts of a text come from: first byte and file, rising. Empty for a text that is one file.
#[derive(Debug, Clone, Default)]
pub struct Seams(Arc<[(usize, PathBuf)]>);

impl Seams {
    /// File and bytes of a span of the whole text; `path` is the file of a text without seams.
    pub fn locate(&self, path: &Path, span: Range<usize>) -> (PathBuf, Range<usize>) {
        let part = self.0.iter().rev().find(|(start, _)| *start <= span.start);
        match part {
            Some((start, file)) => (file.clone(), span.start - start..span.end.saturating_sub(*start)),
            None => (path.to_path_buf(), span),
        }
    }
}

/// A value that was read, and whether something in it had to be left out.
pub struct Read<T> {
    pub value: T,
    pub maimed: bool,
}

impl SourceFile {
    pub fn open(path: &Path, diags: &mut Diags) -> Option<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(Self { path: path.to_path_buf(), text: text.into(), seams: Seams::default() }),
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::InvalidData => "文件不是 UTF-8 编码，请另存为 UTF-8".to_owned(),
                    _ => format!("文件打不开：{error}"),
                };
                diags.push(Diag::error(Code::FileUnreadable, why).in_file(path));
                None
            }
        }
    }

    /// Where a span stands, the file that it was written in.
    pub fn place(&self, span: Range<usize>) -> Place {
        let (file, span) = self.seams.locate(&self.path, span);
        Place::Text { file, span }
    }

    /// This text with another behind it, and the byte at which that one begins.
    pub fn followed_by(&self, other: &SourceFile) -> (SourceFile, usize) {
        let start = self.text.len() + 1;
        let parts = |file: &SourceFile, start: usize| -> Vec<(usize, PathBuf)> {
            match file.seams.0.is_empty() {
                true => vec![(start, file.path.clone())],
                false => file.seams.0.iter().map(|(at, path)| (start + at, path.clone())).collect(),
            }
        };
        let seams = parts(self, 0).into_iter().chain(parts(other, start)).collect();
        let text = format!("{}\n{}", self.text, other.text).into();
        (SourceFile { path: self.path.clone(), text, seams: Seams(seams) }, start)
    }

    /// The file's tree; syntax errors are reported and what could be read is returned.
    pub fn tree(&self, diags: &mut Diags) -> (Spanned<DeTable<'_>>, bool) {
        let (tree, errors) = DeTable::parse_recoverable(&self.text);
        let broken = !errors.is_empty();
        for error in errors {
            let diag = Diag::error(Code::RuleSyntax, chinese(error.message()));
            diags.push(match error.span() {
                Some(span) => diag.in_text(&self.path, span),
                None => diag.in_file(&self.path),
            });
        }
        (tree, broken)
    }

    /// The whole file as one value; `None` where nothing of it could be read.
    pub fn read<T: DeserializeOwned>(&self, diags: &mut Diags) -> Option<Read<T>> {
        let (tree, broken) = self.tree(diags);
        let span = tree.span();
        let mut read = self.value(Spanned::new(span, DeValue::Table(tree.into_inner())), diags)?;
        read.maimed |= broken;
        Some(read)
    }

    /// One value of the tree.
    pub fn value<T: DeserializeOwned>(&self, mut value: Spanned<DeValue<'_>>, diags: &mut Diags) -> Option<Read<T>> {
        let mut maimed = false;
        loop {
            match T::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(read) => return Some(Read { value: read, maimed }),
                Err(error) => {
                    maimed = true;
                    let span = error.span().unwrap_or(value.span());
                    diags.push(self.explain(error.message(), span.clone()));
                    if !take_out(value.get_mut(), &span) {
                        return None;
                    }
                }
            }
        }
    }

    fn explain(&self, message: &str, span: Range<usize>) -> Diag {
        let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        if let (true, Some((wrong, known))) = (message.starts_with("unknown field"), names.split_first()) {
            return unknown_key(wrong, known).at(self.place(span));
        }
        Diag::error(Code::RuleSyntax, chinese(message)).at(self.place(span))
    }
}

/// An unknown key with the nearest known one and all of them.
pub fn unknown_key(wrong: &str, known: &[&str]) -> Diag {
    let list = known.join("、");
    let help = match nearest(wrong, known.iter().copied()) {
        Some(near) => format!("是不是 {near}？这里可用的键：{list}"),
        None => format!("这里可用的键：{list}"),
    };
    Diag::error(Code::RuleUnknownKey, format!("不认识的键「{wrong}」")).help(help)
}

/// Removes the entry that `span` is about: its key or its value, or else the smallest value that holds it; false where that is
/// the root. The span of a table with a header of its own is the header alone, so every branch is looked into.
fn take_out(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    let holds = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value {
        DeValue::Table(table) => {
            let keys: Vec<_> = table.keys().cloned().collect();
            if let Some(key) = keys.iter().find(|key| key.span() == *span) {
                return table.remove(key).is_some();
            }
            for key in &keys {
                let Some(inner) = table.get_mut(key) else { continue };
                let is_it = inner.span() == *span && !matches!(inner.get_ref(), DeValue::Array(items) if items.len() > 1);
                if !is_it && take_out(inner.get_mut(), span) {
                    return true;
                }
                if holds(&inner.span()) {
                    return table.remove(key).is_some();
                }
            }
            false
        }
        DeValue::Array(items) => {
            let inside = |item: &mut Spanned<DeValue<'_>>| item.span() != *span && take_out(item.get_mut(), span);
            if items.iter_mut().any(inside) {
                return true;
            }
            let Some(at) = items.iter().position(|item| holds(&item.span())) else { return false };
            let mut rest = DeArray::new();
            items.iter().enumerate().filter(|(index, _)| *index != at).for_each(|(_, item)| rest.push(item.clone()));
            *items = rest;
            true
        }
        _ => false,
    }
}

/// The parser's words in Chinese, as far as we know them.
fn chinese(message: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("a boolean", "true 或 false"),
        ("a string", "加引号的文字"),
        ("a sequence", "列表 [ … ]"),
        ("a table", "表 { … }"),
        ("a TOML datetime", "不加引号的日期"),
        ("a map", "表 { … }"),
    ];
    if message.starts_with("invalid type") {
        let wanted = WORDS.iter().find(|(english, _)| message.ends_with(english)).map(|(_, chinese)| *chinese);
        if let Some(wanted) = wanted.or_else(|| message.contains("expected u").then_some("不带引号的非负整数")) {
            return format!("取值的类型不对，这里要{wanted}");
        }
    }
    if message.starts_with("duplicate key") {
        return "同一个键写了两次".to_owned();
    }
    if message.starts_with("expected struct") || message.contains("expected struct") {
        return "取值的类型不对，这里要表 { … }".to_owned();
    }
    format!("写法有误：{message}")
}
