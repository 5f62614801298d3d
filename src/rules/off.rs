//! What a pack does not take over from the pack that it extends.

use std::path::PathBuf;

use globset::{Glob, GlobMatcher};
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Gone, cite};
use super::overlay::Item;
use super::reading::Reading;
use super::source::SourceFile;
use super::written::Mark;
use super::{Cite, PolicySource};
use crate::diag::{Code, Diag, Diags, Place, nearest};

/// One `[[off]]` and what it switched off.
#[derive(Debug, Clone, PartialEq)]
pub struct Off {
    /// The pack that says so: this one, or one that it extends.
    pub pack: String,
    pub rules: Vec<OffRule>,
    /// Rows of the catalogue that are realised by switching these off.
    pub catalog: Vec<String>,
    pub note: Option<String>,
    pub cite: Cite,
    /// Patterns that nothing answered to.
    pub idle: Vec<(String, Place)>,
}

/// A rule as it was where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct OffRule {
    pub id: String,
    pub title: String,
    pub file: PathBuf,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenOff {
    #[schemars(description = "停用哪些规则：编号，可用 * 和 ?")]
    #[serde(default)]
    pub rules: Vec<Mark<String>>,
    #[schemars(description = "停用哪些目录条目，可用 * 和 ?；一条规则的条目全部停用，规则才停用")]
    #[serde(default)]
    pub catalog_off: Vec<Mark<String>>,
    #[schemars(description = "这样停用所落实的目录条目编号")]
    #[serde(default)]
    pub catalog: Vec<String>,
    #[schemars(description = "为什么")]
    pub note: Option<String>,
    #[schemars(required, description = "依据：文件编号 空格 条款")]
    pub cite: Option<Mark<String>>,
}

/// What one pack inherits, while it is cut down and laid over.
#[derive(Default)]
pub struct Inherited<'t> {
    pub items: Vec<Item<'t>>,
    pub readings: Vec<Reading>,
    pub gone: Vec<Gone>,
}

/// A pattern and whether anything answered to it.
struct Pattern<'w> {
    written: &'w Mark<String>,
    glob: Option<GlobMatcher>,
    met: bool,
}

impl<'w> Pattern<'w> {
    fn of(written: &'w Mark<String>, file: &SourceFile, diags: &mut Diags) -> Self {
        let glob = Glob::new(written);
        if glob.is_err() {
            let diag = Diag::error(Code::RuleValue, format!("读不懂样式「{}」", written.as_str())).in_text(&file.path, written.span());
            diags.push(diag.help("* 是任意文字，? 是一个字"));
        }
        Self { written, glob: glob.ok().map(|glob| glob.compile_matcher()), met: false }
    }

    fn takes(&mut self, name: &str) -> bool {
        let takes = self.glob.as_ref().is_some_and(|glob| glob.is_match(name));
        self.met |= takes;
        takes
    }
}

impl<'t> Inherited<'t> {
    /// Lays a pack's own rules over what it inherits: one of the same id over the other, a new one behind.
    pub fn lay(&mut self, own: &[Item<'t>], diags: &mut Diags) {
        let inherited = self.items.len();
        for item in own {
            let below = &self.items[..inherited];
            let place = item.id().and_then(|(id, _)| below.iter().position(|known| known.id().is_some_and(|(other, _)| other == id)));
            let Some(at) = place else {
                self.items.push(item.clone());
                continue;
            };
            if let (true, Some((id, span))) = (self.items[at].kind != item.kind, item.id()) {
                let message = format!("规则「{id}」在所沿用的包里是 {}，这里写成 {}", self.items[at].kind, item.kind);
                let diag = Diag::error(Code::RuleDuplicate, message).at(item.file.place(span));
                diags.push(diag.help("换个编号，或先用 [[off]] 停用原来的一条"));
                continue;
            }
            self.items[at] = self.items[at].clone().overlaid(item.clone(), diags);
        }
    }

    /// Takes out what one `[[off]]` names.
    pub fn switch_off(
        &mut self,
        off: &Mark<WrittenOff>,
        pack: &str,
        file: &SourceFile,
        sources: &[PolicySource],
        diags: &mut Diags,
    ) -> Option<Off> {
        let mut rules: Vec<Pattern<'_>> = off.rules.iter().map(|name| Pattern::of(name, file, diags)).collect();
        let mut rows: Vec<Pattern<'_>> = off.catalog_off.iter().map(|name| Pattern::of(name, file, diags)).collect();
        let known: Vec<String> = self.items.iter().filter_map(|item| item.id()).map(|(id, _)| id.to_owned()).collect();
        let mut out = Vec::new();
        for mut item in std::mem::take(&mut self.items) {
            let Some(id) = item.id().map(|(id, _)| id.to_owned()) else { continue };
            let named = any(&mut rules, &id);
            let dropped: Vec<String> = item.catalog().filter(|row| any(&mut rows, row)).map(str::to_owned).collect();
            let lost_a_row = !dropped.is_empty();
            item.dropped.extend(dropped);
            let lost_all = lost_a_row && item.catalog().next().is_none();
            if !named && !lost_all {
                self.items.push(item);
                continue;
            }
            out.push(OffRule { id: id.clone(), title: item.text("title").unwrap_or_default().to_owned(), file: item.file.path.clone() });
            let text = |key: &str| item.text(key).map(str::to_owned);
            let field = if item.kind == "derive" { text("field") } else { None };
            self.gone.push(Gone { id, kind: item.kind, form: text("form"), field, by: pack.to_owned() });
        }
        for reading in &mut self.readings {
            reading.catalog.retain(|row| !any(&mut rows, row));
        }
        self.readings.retain(|reading| !reading.catalog.is_empty());
        let mut idle = Vec::new();
        for pattern in rules.iter().chain(&rows).filter(|pattern| pattern.glob.is_some() && !pattern.met) {
            let name = pattern.written.as_str();
            let is_rule = off.rules.iter().any(|rule| std::ptr::eq(rule, pattern.written));
            if is_rule && !name.contains(['*', '?']) {
                let near = nearest(name, known.iter().map(String::as_str)).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
                let diag = Diag::error(Code::RuleDangling, format!("要停用的规则「{name}」不存在"));
                diags.push(diag.in_text(&file.path, pattern.written.span()).help(format!("{near}可停用：{}", known.join("、"))));
            } else {
                idle.push((name.to_owned(), file.place(pattern.written.span())));
            }
        }
        let Some(cited) = &off.cite else {
            diags.push(Diag::error(Code::RuleSyntax, "[[off]] 缺少 cite").in_text(&file.path, off.span()).help("请写明停用的依据"));
            return None;
        };
        match cite(cited, sources) {
            Ok(cite) => Some(Off { pack: pack.to_owned(), rules: out, catalog: off.catalog.clone(), note: off.note.clone(), cite, idle }),
            Err(diag) => {
                diags.push(diag.in_text(&file.path, cited.span()));
                None
            }
        }
    }
}

/// Every pattern is asked, so that each knows whether it was met.
fn any(patterns: &mut [Pattern<'_>], name: &str) -> bool {
    let met: Vec<bool> = patterns.iter_mut().map(|pattern| pattern.takes(name)).collect();
    met.contains(&true)
}
