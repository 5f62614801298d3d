//! Notices on the company's own forms: a file each, filled with what the pages of the default book would say.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::content::Content;
use super::{ORIGINAL, Source};
use crate::diag::{Diag, Diags, unwritable};
use crate::dispose::NoticeForm;
use crate::reports::capitals::capitals;
use crate::reports::file_names::safe;
use crate::reports::form::{FormData, Names, Template};
use crate::reports::sheet::{Style, Value};

/// What a form is about as a whole. No name is also one of a line's.
const HEADING: [&str; 15] = [
    "公司",
    "单据",
    "单据编号",
    "单据日期",
    "期间",
    "受文",
    "部门",
    "状态",
    "联别",
    "正文",
    "依据",
    "附注",
    "件数",
    "合计金额",
    "大写金额",
];
/// The block that a line stands in: 逾案件期限, 逾站期限.
const BLOCK: &str = "分类";

/// One filled file.
#[derive(Clone)]
pub struct Paper<'m> {
    /// Path below the output folder, with `/`.
    pub file: String,
    form: &'m NoticeForm,
    /// Which copy it is.
    mark: String,
}

impl<'m> Paper<'m> {
    /// `folder` ends with `/` or is empty.
    pub fn new(form: &'m NoticeForm, mark: &str, folder: &str) -> Self {
        let name = safe(&format!("{} {}", form.number, form.recipient));
        Self { file: format!("{folder}{}/{name}.xlsx", safe(&form.form)), form, mark: mark.to_owned() }
    }
}

/// The original of every notice that has a form of the company's own; `folder` as in [`Paper::new`].
pub fn papers<'m>(source: &Source<'m>, folder: &str) -> Vec<Paper<'m>> {
    let own = source.month.notices.iter().filter(|form| source.has_own_form(form));
    let mark = |form| if source.notice(form).is_some_and(|notice| notice.original_extra) { ORIGINAL } else { "" };
    own.map(|form| Paper::new(form, mark(form), folder)).collect()
}

/// Fills every paper; the paths come back in their order.
///
/// # Errors
/// Every problem of the templates, or else of the values.
pub fn write<'m>(source: &Source<'m>, papers: &[Paper<'m>], folder: &Path) -> Result<Vec<PathBuf>, Diags> {
    let templates = templates(source, papers)?;
    let filled: Vec<Result<PathBuf, Vec<Diag>>> = papers
        .par_iter()
        .with_max_len(1)
        .map(|paper| {
            let path = folder.join(&paper.file);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|e| vec![unwritable(parent, &e)])?;
            let wages = source.may_know_wages(paper.form, &paper.mark);
            let content = source.content(paper.form, wages).map_err(|diag| vec![diag])?;
            if let Some(template) = templates.get(paper.form.rule.as_str()) {
                template.fill(&data(&content, &paper.mark), &path)?;
            }
            Ok(path)
        })
        .collect();
    let mut paths = Vec::new();
    let mut problems = Diags::default();
    for result in filled {
        match result {
            Ok(path) => paths.push(path),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(paths) } else { Err(problems) }
}

/// Each template once, by its rule.
fn templates<'m>(source: &Source<'m>, papers: &[Paper<'m>]) -> Result<BTreeMap<&'m str, Template>, Diags> {
    let mut templates = BTreeMap::new();
    let mut problems = Diags::default();
    let first: BTreeMap<&str, &NoticeForm> = papers.iter().rev().map(|paper| (paper.form.rule.as_str(), paper.form)).collect();
    for (rule, form) in first {
        let Some(file) = source.month.templates.get(rule) else { continue };
        let content = source.content(form, false)?;
        match Template::open(file, &names(&content)) {
            Ok(template) => drop(templates.insert(rule, template)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(templates) } else { Err(problems) }
}

fn names(content: &Content<'_>) -> Names {
    let line = content.columns.iter().map(|column| plain(&column.header).to_owned()).chain([BLOCK.to_owned()]);
    Names { heading: HEADING.map(str::to_owned).to_vec(), line: line.collect() }
}

/// `金额（元）` is asked for as `金额`.
fn plain(header: &str) -> &str {
    header.split(['(', '\u{ff08}']).next().unwrap_or_default().trim()
}

fn data<'c>(content: &'c Content<'_>, mark: &'c str) -> FormData<'c> {
    let heading = HEADING.map(|name| {
        let (value, style) = heading(content, mark, name);
        (name, value, style)
    });
    let columns = content.columns.iter().map(|column| (plain(&column.header), column.style)).chain([(BLOCK, Style::Text)]).collect();
    let of = |block: &'c str, line: &'c Vec<Value<'_>>| line.iter().map(lent).chain([Value::text(block)]).collect::<Vec<Value<'c>>>();
    let lines = content.blocks.iter().flat_map(|block| block.lines.iter().map(|line| of(block.title, line))).collect();
    FormData { heading: heading.to_vec(), columns, lines }
}

/// The same value, its text borrowed.
fn lent<'c>(value: &'c Value<'_>) -> Value<'c> {
    match value {
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        other => other.clone(),
    }
}

fn heading<'c>(content: &'c Content<'_>, mark: &'c str, name: &str) -> (Value<'c>, Style) {
    let text = |text: &'c str| (Value::text(text), Style::Text);
    match name {
        "公司" => text(content.company),
        "单据" => text(content.form),
        "单据编号" => text(content.number),
        "单据日期" => (Value::Date(content.date), Style::Date),
        "期间" => text(&content.period),
        "受文" => text(content.recipient),
        "部门" => text(content.unit),
        "状态" => text(content.stamp.unwrap_or_default()),
        "联别" => text(mark),
        "正文" => text(content.body),
        "依据" => text(&content.clauses),
        "附注" => (Value::text(content.remarks.join("\n")), Style::Text),
        "件数" => (Value::count(content.lines().count() as u64), Style::Int),
        "合计金额" => (Value::number(content.total), Style::Money),
        "大写金额" => (Value::text(content.total.map(capitals).unwrap_or_default()), Style::Text),
        _ => (Value::Blank, Style::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_with_a_remark_is_asked_for_without_it() {
        assert_eq!(plain("金额（元）"), "金额");
        assert_eq!(plain("要求完成日（请填）"), "要求完成日");
        assert_eq!(plain("案由"), "案由");
    }
}
