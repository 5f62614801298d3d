//! Which notice is written on which form of the company's own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Settings;
use crate::diag::{Code, Diag, Diags, nearest};
use crate::rules::{Kind, RuleSet};

/// By notice rule, `pack/rule`: what the rule names, and over it what the company's settings name.
///
/// # Errors
/// Settings for a notice that is not there, and templates that are not there.
pub fn templates(settings: &Settings, rules: &RuleSet) -> Result<BTreeMap<String, PathBuf>, Diags> {
    let mut templates = BTreeMap::new();
    let mut known: Vec<String> = Vec::new();
    for (pack, rule) in rules.rules() {
        let Kind::Notice(notice) = &rule.kind else { continue };
        let id = format!("{}/{}", pack.id, rule.head.id);
        templates.extend(notice.template.clone().map(|file| (id.clone(), file)));
        known.push(id);
    }
    let mut problems = Diags::default();
    for form in &settings.forms {
        if known.contains(&form.notice) {
            templates.insert(form.notice.clone(), form.template.clone());
            continue;
        }
        let near = nearest(&form.notice, known.iter().map(String::as_str)).map(|near| format!("是不是 {near}？")).unwrap_or_default();
        let diag = Diag::error(Code::RuleDangling, format!("[[form]] 所指的单据「{}」不存在", form.notice)).at(form.place.clone());
        problems.push(diag.help(format!("{near}可用的单据：{}", known.join("、"))));
    }
    for (id, file) in templates.iter().filter(|(_, file)| !file.is_file()) {
        let diag = Diag::error(Code::FileUnreadable, format!("单据「{id}」的模板不存在")).in_file(file);
        problems.push(diag.help("检查 template 的路径：规则里的从规则包的文件夹算起，kesu.toml 里的从 kesu.toml 所在的文件夹算起"));
    }
    if problems.is_empty() { Ok(templates) } else { Err(problems) }
}
