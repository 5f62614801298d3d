//! Readings: rows of the catalogue that no rule judges, because the pack itself or a way of reading the text realises them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::cite;
use super::source::SourceFile;
use super::written::Mark;
use super::{Cite, PolicySource};
use crate::diag::{Code, Diag, Diags};

/// How the pack reads a clause, printed as 口径.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub id: String,
    /// The pack that says so: this one, or one that it extends.
    pub pack: String,
    pub catalog: Vec<String>,
    pub title: String,
    pub text: String,
    pub cite: Cite,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenReading {
    #[schemars(required, description = "编号，包内唯一")]
    pub id: Option<Mark<String>>,
    #[schemars(description = "所落实的目录条目编号")]
    #[serde(default)]
    pub catalog: Vec<String>,
    #[schemars(required, description = "标题")]
    pub title: Option<String>,
    #[schemars(required, description = "怎么读、为什么")]
    pub text: Option<String>,
    #[schemars(required, description = "依据：文件编号 空格 条款")]
    pub cite: Option<Mark<String>>,
}

/// A pack's own readings; ids that stand twice are reported.
pub fn check(written: &[WrittenReading], pack: &str, file: &SourceFile, sources: &[PolicySource], diags: &mut Diags) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    for one in written {
        let (Some(id), Some(title), Some(text), Some(cited)) = (&one.id, &one.title, &one.text, &one.cite) else {
            let diag = Diag::error(Code::RuleSyntax, "[[reading]] 要写 id、title、text 和 cite");
            diags.push(match &one.id {
                Some(id) => diag.in_text(&file.path, id.span()),
                None => diag.in_file(&file.path),
            });
            continue;
        };
        if readings.iter().any(|known| known.id == **id) {
            diags.push(Diag::error(Code::RuleDuplicate, format!("读法「{}」写了两次", id.as_str())).in_text(&file.path, id.span()));
            continue;
        }
        match cite(cited, sources) {
            Ok(cite) => readings.push(Reading {
                id: id.to_string(),
                pack: pack.to_owned(),
                catalog: one.catalog.clone(),
                title: title.clone(),
                text: text.clone(),
                cite,
            }),
            Err(diag) => diags.push(diag.in_text(&file.path, cited.span())),
        }
    }
    readings
}
