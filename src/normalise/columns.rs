//! What every sheet and column was taken for, as text.

use std::fmt::Write as _;

use super::{Normalised, SheetReading};
use crate::diag::column_letters;

/// For `kesu columns`: a block a sheet.
pub fn explain_columns(normalised: &Normalised) -> String {
    let mut text = String::new();
    for sheet in &normalised.sheets {
        if !text.is_empty() {
            text.push('\n');
        }
        explain_sheet(&mut text, normalised, sheet);
    }
    text
}

fn explain_sheet(text: &mut String, normalised: &Normalised, sheet: &SheetReading) {
    if let Some(source) = normalised.tables.source(sheet.source) {
        let _ = match source.sheet.as_str() {
            "" => writeln!(text, "{}", source.file),
            name => writeln!(text, "{} [{name}]", source.file),
        };
    }
    match &sheet.dataset {
        Some(dataset) => writeln!(text, "  数据表：{dataset}（{}）", sheet.why),
        None => writeln!(text, "  数据表：未采用（{}）", sheet.why),
    }
    .unwrap_or_default();
    if !sheet.heading_rows.is_empty() {
        let rows: Vec<String> = sheet.heading_rows.iter().map(u32::to_string).collect();
        let _ = writeln!(text, "  表头：第 {} 行", rows.join("、"));
    }
    for column in normalised.columns.iter().filter(|c| c.source == sheet.source) {
        let field = column.field.as_deref().unwrap_or("未采用");
        let header = column.header.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(text, "  {:<3} {header} → {field}（{}）", column_letters(column.column), column.why);
        let _ = match column.sample.as_str() {
            "" => writeln!(text, " 无数据"),
            sample => writeln!(text, " 例：{sample}"),
        };
    }
    for missing in &sheet.missing {
        let kind = if missing.required { "缺必需的列" } else { "没有的列" };
        let _ = write!(text, "  {kind}：{}", missing.field);
        let _ = match &missing.nearest {
            Some(near) => writeln!(text, "（最接近的列名：{near}）"),
            None => writeln!(text),
        };
    }
    if let Some(total) = normalised.totals.iter().find(|t| t.source == sheet.source) {
        let _ = writeln!(
            text,
            "  行数：读入 {} = 采用 {} + 待修正 {} + 重复 {} + 标题合计等 {} + 未认出 {}",
            total.read, total.used, total.rejected, total.duplicate, total.furniture, total.unrecognised
        );
    }
}
