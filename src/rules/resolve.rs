//! Resolves: two clauses conflict, both stay in the pack, and one of them is picked, or both.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::{Gone, cite};
use super::source::SourceFile;
use super::written::Mark;
use super::{Cite, PolicySource};
use crate::diag::{Code, Diag, Diags, Place, nearest};

/// Which of the rules that conflict are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolve {
    pub id: String,
    pub catalog: Vec<String>,
    pub rules: Vec<String>,
    /// At least one of `rules`; the others give no verdicts.
    pub pick: Vec<String>,
    pub note: Option<String>,
    pub cite: Cite,
    /// Why the company picked otherwise than the pack.
    pub company: Option<String>,
}

/// One `[[resolve]]` of the settings file: the company picks for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    pub pack: String,
    pub id: String,
    pub pick: Vec<String>,
    /// Who decided it, and where it is written.
    pub cite: String,
    /// Where it stands in the settings file.
    pub place: Place,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenResolve {
    #[schemars(required, description = "编号，包内唯一，如 X01")]
    pub id: Option<Mark<String>>,
    #[schemars(description = "所落实的目录条目编号")]
    #[serde(default)]
    pub catalog: Vec<String>,
    #[schemars(required, description = "相冲突的规则")]
    #[serde(default)]
    pub rules: Vec<Mark<String>>,
    #[schemars(required, description = "both 都判，或一条规则的编号，或几条")]
    pub pick: Option<Mark<WrittenPick>>,
    #[schemars(description = "冲突在哪里，为什么这样取")]
    pub note: Option<String>,
    #[schemars(required, description = "依据：文件编号 空格 条款")]
    pub cite: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum WrittenPick {
    One(String),
    Many(Vec<String>),
}

impl WrittenPick {
    pub fn names(&self) -> &[String] {
        match self {
            WrittenPick::One(name) => std::slice::from_ref(name),
            WrittenPick::Many(names) => names,
        }
    }
}

/// A pack's `[[resolve]]` whose rules are not looked up yet, and the file that it stands in.
#[derive(Debug, Clone)]
pub struct Open {
    pub written: WrittenResolve,
    pub file: SourceFile,
}

impl Open {
    pub fn is_named(&self, id: Option<&Mark<String>>) -> bool {
        matches!((&self.written.id, id), (Some(own), Some(id)) if **own == **id)
    }

    /// `None` where it is wrong, which is said, or where nothing is left to choose between: the pack switched the rules off.
    pub fn check(&self, rules: &[&str], gone: &[Gone], sources: &[PolicySource], diags: &mut Diags) -> Option<Resolve> {
        let WrittenResolve { id: Some(id), pick: Some(pick), cite: Some(cited), .. } = &self.written else {
            let diag = Diag::error(Code::RuleSyntax, "[[resolve]] 要写 id、rules、pick 和 cite");
            diags.push(match &self.written.id {
                Some(id) => diag.in_text(&self.file.path, id.span()),
                None => diag.in_file(&self.file.path),
            });
            return None;
        };
        let mut left = Vec::new();
        for name in &self.written.rules {
            if rules.contains(&name.as_str()) {
                left.push(name.to_string());
            } else if !gone.iter().any(|gone| gone.id == **name) {
                let near = nearest(name, rules.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
                let diag = Diag::error(Code::RuleDangling, format!("取舍「{}」里没有规则「{}」", id.as_str(), name.as_str()));
                let help = format!("{near}现有：{}", rules.join("、"));
                diags.push(diag.in_text(&self.file.path, name.span()).help(help));
            }
        }
        if self.written.rules.len() < 2 {
            diags.push(
                Diag::error(Code::RuleSyntax, format!("取舍「{}」至少要列两条相冲突的规则", id.as_str()))
                    .in_text(&self.file.path, id.span()),
            );
        }
        let cite = match cite(cited, sources) {
            Ok(cite) => cite,
            Err(diag) => {
                diags.push(diag.in_text(&self.file.path, cited.span()));
                return None;
            }
        };
        if left.len() < 2 {
            return None;
        }
        let all: Vec<String> = self.written.rules.iter().map(|name| name.to_string()).collect();
        let picked = match picked(pick.names(), &all) {
            Ok(picked) => picked,
            Err(diag) => {
                diags.push(diag.in_text(&self.file.path, pick.span()));
                return None;
            }
        };
        let picked: Vec<String> = picked.into_iter().filter(|name| left.contains(name)).collect();
        if picked.is_empty() {
            let message = format!("取舍「{}」选的规则都已停用", id.as_str());
            diags.push(
                Diag::error(Code::RuleDangling, message).in_text(&self.file.path, pick.span()).help("在沿用它的包里改写这一条 [[resolve]]"),
            );
            return None;
        }
        Some(Resolve {
            id: id.to_string(),
            catalog: self.written.catalog.clone(),
            rules: left,
            pick: picked,
            note: self.written.note.clone(),
            cite,
            company: None,
        })
    }
}

/// `both` or some of `rules`; the error has no place yet.
fn picked(names: &[String], rules: &[String]) -> Result<Vec<String>, Diag> {
    if names == ["both"] {
        return Ok(rules.to_vec());
    }
    let Some(wrong) = names.iter().find(|name| !rules.contains(name)) else {
        let chosen: Vec<String> = rules.iter().filter(|rule| names.contains(rule)).cloned().collect();
        return if chosen.is_empty() { Err(Diag::error(Code::RuleValue, "pick 是空的：至少选一条")) } else { Ok(chosen) };
    };
    let near = nearest(wrong, rules.iter().map(String::as_str)).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
    let diag = Diag::error(Code::RuleValue, format!("pick「{wrong}」不在相冲突的规则里"));
    Err(diag.help(format!("{near}可用：both、{}", rules.join("、"))))
}

impl Resolve {
    /// The company's own pick; what is wrong with it is said where it stands.
    pub fn override_with(&mut self, company: &Pick, diags: &mut Diags) {
        match picked(&company.pick, &self.rules) {
            Ok(picked) => {
                self.pick = picked;
                self.company = Some(company.cite.clone());
            }
            Err(diag) => diags.push(diag.at(company.place.clone())),
        }
    }

    /// `采用 a；未采用 b`, by their ids.
    pub fn chinese(&self) -> String {
        self.told(str::to_owned)
    }

    /// The same, with rules called otherwise.
    pub fn told(&self, called: impl Fn(&str) -> String) -> String {
        let names = |picked: bool| {
            let named = self.rules.iter().filter(|rule| self.pick.contains(rule) == picked).map(|rule| called(rule));
            named.collect::<Vec<_>>().join("、")
        };
        match names(false) {
            others if others.is_empty() => format!("都判：{}", names(true)),
            others => format!("采用 {}；未采用 {others}", names(true)),
        }
    }
}
