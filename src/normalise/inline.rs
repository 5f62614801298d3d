//! Tables from rows written by hand: the cases of rules.

use std::sync::Arc;

use polars::prelude::*;

use super::coerce::{CellReader, Habits};
use super::column::{ColumnBuilder, Filled};
use super::table::{self, Origin, Table};
use super::value::Value;
use crate::diag::{Code, Diag, nearest};
use crate::ingest::{Limits, RawValue};
use crate::rules::Dataset;

/// Reads each cell as if it stood in a workbook; a field has a column where any row names it. Rows count from 1, the source is 0. A missing value is null, a key's too;
/// a field that the dataset does not have, or a value that cannot be read, is an error. All of them are returned.
pub fn table_from_rows(dataset: Arc<Dataset>, rows: &[Vec<(String, RawValue<'static>)>]) -> Result<Table, Vec<Diag>> {
    let habits = Habits { cell_chars: Limits::default().cell_chars, is_1904: false, all_text: true };
    let readers: Vec<CellReader> = dataset.fields.iter().map(|field| CellReader::new(field, dataset.key.contains(&field.name))).collect();
    let mut builders: Vec<ColumnBuilder> = dataset.fields.iter().map(ColumnBuilder::new).collect();
    let mut problems = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut values = vec![Value::Null; readers.len()];
        for (name, raw) in row {
            let Some(index) = dataset.fields.iter().position(|f| f.name == *name) else {
                problems.push(unknown_field(&dataset, name));
                continue;
            };
            match readers[index].read(raw, habits) {
                Ok((value, _)) => values[index] = value,
                Err(bad) => {
                    problems.push(Diag::error(bad.code, format!("「{}」第 {} 行「{name}」：{}", dataset.name, at + 1, bad.reason)));
                }
            }
        }
        for (builder, value) in builders.iter_mut().zip(&values) {
            builder.push(value);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let origins: Vec<Origin> = (0..rows.len()).map(|at| Origin { source: 0, row: at as u32 + 1 }).collect();
    let columns: PolarsResult<Vec<Filled>> = builders.into_iter().map(ColumnBuilder::finish).collect();
    let frame = columns.and_then(|columns| table::frame(columns, &origins));
    let present = Arc::new(rows.iter().flatten().map(|(name, _)| name.clone()).collect());
    frame.map(|frame| Table { dataset, frame, present }).map_err(|e| vec![Diag::error(Code::RuleFault, e.to_string())])
}

fn unknown_field(dataset: &Dataset, name: &str) -> Diag {
    let names = || dataset.fields.iter().map(|f| f.name.as_str());
    let help = match nearest(name, names()) {
        Some(near) => format!("是不是「{near}」？"),
        None => format!("可用的字段：{}", names().collect::<Vec<_>>().join("、")),
    };
    Diag::error(Code::RuleFieldUnknown, format!("「{}」没有字段「{name}」", dataset.name)).help(help)
}
