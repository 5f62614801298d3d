//! 人事公布单, 派工单 and their like: rows of a dataset as a form. What makes something public is a draft until approved.

use super::Source;
use super::content::{Block, Content};
use crate::diag::Diag;
use crate::dispose::NoticeForm;
use crate::evaluate::NoticeRows;
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::text::shown;
use crate::rules::kinds::{FormColumn, FormRows};

/// Who signs for a row of their own and must not read the others'.
const OUTSIDERS: [&str; 4] = ["客户", "用户", "住户", "业主"];
/// In the name of a form, or in its sentence.
const PUBLIC: [&str; 5] = ["公布", "公示", "公告", "张榜", "处分"];

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm, rows: &'m FormRows) -> Result<Content<'m>, Diag> {
    let month = source.month;
    let mut content = super::heading(source, form);
    content.addressed = "部门";
    content.columns.push(Column::new("序号", Style::Centre));
    if is_public(form, content.body) {
        content.stamp = Some(super::DRAFT);
        if !form.is_final() {
            content.remarks.push("本单经批准后公布；批准前为草稿，不得公布。".to_owned());
        }
    }
    let Some((_, _, listed)) = month.listed.iter().find(|(pack, rule, _)| form.rule == format!("{}/{}", pack.id, rule.head.id)) else {
        return Ok(content);
    };
    let dataset = month.rules.dataset(&rows.dataset).map(std::convert::AsRef::as_ref);
    let mut columns = Vec::new();
    for column in &rows.columns {
        let values = FrameColumn::new(&listed.frame, &column.field)?;
        let style = match field_style(dataset, &column.field).unwrap_or_else(|| values.style()) {
            Style::Text => Style::Wrapped,
            style => style,
        };
        content.columns.push(Column::new(column.title.as_str(), style).at_most(26));
        columns.push(values);
    }
    let line = |(at, row): (usize, &usize)| {
        std::iter::once(Value::Int(at as i64 + 1)).chain(columns.iter().map(|column| column.get(*row))).collect()
    };
    let lines: Vec<Vec<Value<'m>>> = form.rows.iter().enumerate().map(line).collect();
    content.is_split = content.signatures.iter().any(|name| OUTSIDERS.iter().any(|outsider| name.starts_with(outsider)));
    content.blocks = match content.is_split {
        true => apart(&rows.columns, lines),
        false => vec![Block { title: "", lines }],
    };
    if listed.undecided > 0 {
        content.remarks.push(format!("另有 {} 行缺「{}」或条件所需的资料，未列入。", listed.undecided, rows.at));
    }
    content.remarks.extend(source.notice(form).and_then(|notice| notice.appeal.clone()));
    Ok(content)
}

/// Each listed row in words, as the form prints it.
///
/// # Errors
/// A column is missing.
pub fn row_texts(rows: &FormRows, listed: &NoticeRows) -> Result<Vec<String>, Diag> {
    let columns = rows.columns.iter().map(|column| FrameColumn::new(&listed.frame, &column.field));
    let columns = columns.collect::<Result<Vec<_>, Diag>>()?;
    let text = |row| columns.iter().map(|column| shown(&column.get(row), column.style())).collect::<Vec<_>>().join(" | ");
    Ok((0..listed.units.len()).map(text).collect())
}

/// Whether a form that lists rows makes something public, and waits for approval; `body` is its sentence.
pub fn is_public(form: &NoticeForm, body: &str) -> bool {
    PUBLIC.iter().any(|word| form.form.contains(word) || body.contains(word))
}

/// A block for everybody who signs, in the order in which they come; a block a row where no column names them.
fn apart<'m>(columns: &[FormColumn], lines: Vec<Vec<Value<'m>>>) -> Vec<Block<'m>> {
    // before the columns of the rows stands their running number
    let named = columns.iter().position(|column| OUTSIDERS.iter().any(|outsider| column.title.starts_with(outsider))).map(|at| at + 1);
    let mut blocks: Vec<(Value<'m>, Block<'m>)> = Vec::new();
    for mut line in lines {
        let who = named.and_then(|at| line.get(at)).cloned().unwrap_or(Value::Blank);
        let at = blocks.iter().position(|(known, _)| who != Value::Blank && *known == who).unwrap_or_else(|| {
            blocks.push((who, Block { title: "", lines: Vec::new() }));
            blocks.len() - 1
        });
        let lines = &mut blocks[at].1.lines;
        line[0] = Value::count(lines.len() as u64 + 1);
        lines.push(line);
    }
    blocks.into_iter().map(|(_, block)| block).collect()
}
