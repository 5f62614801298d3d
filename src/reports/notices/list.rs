//! 人事公布单 and its like: rows of a dataset as a form. A draft until approved.

use super::Source;
use super::content::{Block, Content};
use crate::diag::Diag;
use crate::dispose::NoticeForm;
use crate::evaluate::NoticeRows;
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::text::shown;
use crate::rules::kinds::FormRows;

pub fn content<'m>(source: &Source<'m>, form: &'m NoticeForm, rows: &'m FormRows) -> Result<Content<'m>, Diag> {
    let month = source.month;
    let mut content = super::heading(source, form);
    content.addressed = "部门";
    content.stamp = Some(super::DRAFT);
    content.columns.push(Column::new("序号", Style::Centre));
    if !form.is_final() {
        content.remarks.push("本单经批准后公布；批准前为草稿，不得公布。".to_owned());
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
    content.blocks = vec![Block { title: "", lines: form.rows.iter().enumerate().map(line).collect() }];
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
