//! The workbook as rows of plain texts, read as any other workbook is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::diag::{CellRef, Code, Diag, Diags, Place};
use crate::ingest::Limits;
use crate::normalise::{Quiet, normalise};
use crate::reports::rulings::{APPEALS, EXECUTIONS, RULINGS};
use crate::rules::{Dataset, Field, FieldType};

/// Which sheet of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Rulings,
    Appeals,
    Executions,
}

impl Sort {
    fn dataset(self) -> Dataset {
        use FieldType::{Date, Money, Text};
        let own: &[(&str, FieldType)] = match self {
            Sort::Rulings => &[("决定", Text)],
            Sort::Appeals => &[("申诉日期", Date), ("处理", Text)],
            Sort::Executions => &[("执行日期", Date), ("执行金额", Money), ("经办人", Text), ("备注", Text)],
        };
        let signed: &[(&str, FieldType)] = match self {
            Sort::Rulings | Sort::Appeals => &[("核定金额", Money), ("理由", Text), ("批准人", Text), ("职务", Text), ("批准日期", Date)],
            Sort::Executions => &[],
        };
        let printed = [("单号", Text), ("受文", Text), ("部门", Text), ("单上金额", Money), ("指纹", Text)];
        let field = |(name, ty): &(&str, FieldType)| Field { name: (*name).to_owned(), ty: *ty, required: true, ..Field::default() };
        let name = match self {
            Sort::Rulings => RULINGS,
            Sort::Appeals => APPEALS,
            Sort::Executions => EXECUTIONS,
        };
        Dataset {
            name: name.to_owned(),
            key: vec!["单号".to_owned()],
            matches: vec![format!("*#{name}")],
            fields: printed.iter().chain(signed).chain(own).map(field).collect(),
            ..Dataset::default()
        }
    }
}

/// What was printed and is not to be filled in.
const PRINTED: [&str; 5] = ["单号", "受文", "部门", "单上金额", "指纹"];

/// One row that names a notice.
#[derive(Debug)]
pub(super) struct Row {
    pub number: String,
    cells: BTreeMap<String, String>,
    columns: BTreeMap<String, u32>,
    file: PathBuf,
    sheet: String,
    row: u32,
}

impl Row {
    /// Empty where nothing was filled in.
    pub fn text(&self, field: &str) -> &str {
        self.cells.get(field).map_or("", |text| text.trim())
    }

    /// Nobody wrote anything into it.
    pub fn is_blank(&self) -> bool {
        self.cells.keys().all(|field| PRINTED.contains(&field.as_str()) || self.text(field).is_empty())
    }

    pub fn place(&self, field: &str) -> Place {
        let column = self.columns.get(field).copied().unwrap_or_default();
        Place::Cell { file: self.file.clone(), sheet: self.sheet.clone(), cell: CellRef { column, row: self.row } }
    }

    pub fn problem(&self, field: &str, message: String, help: &str) -> Diag {
        Diag::error(Code::DecisionInvalid, message).at(self.place(field)).help(help)
    }
}

/// Every row with a number, and what could not be read.
pub(super) fn read(file: &Path, sort: Sort) -> Result<(Vec<Row>, Diags), Diags> {
    let dataset = sort.dataset();
    let normalised = normalise(&[file.to_path_buf()], std::slice::from_ref(&dataset), &Limits::default(), &Quiet);
    if normalised.diags.has_errors() {
        return Err(normalised.diags);
    }
    let source = |at: u32| normalised.tables.source(at).cloned().unwrap_or_default();
    let mut problems = Diags::default();
    for reject in &normalised.rejects {
        let source = source(reject.source);
        for (cell, field, why) in &reject.problems {
            let place = Place::Cell { file: file.to_path_buf(), sheet: source.sheet.clone(), cell: *cell };
            problems.push(Diag::error(Code::DecisionInvalid, format!("「{field}」{why}")).at(place).help("改好这一格再提交"));
        }
    }
    let twice: BTreeSet<&str> =
        normalised.duplicates.iter().filter(|duplicate| !duplicate.identical).map(|duplicate| duplicate.key.as_str()).collect();
    let rows = normalised.tables.every_row(&dataset.name).into_iter().map(|row| {
        let columns = normalised.columns.iter().filter(|column| column.source == row.origin.source);
        let columns = columns.filter_map(|column| Some((column.field.clone()?, column.column))).collect();
        let cells: BTreeMap<String, String> = row.cells.into_iter().map(|cell| (cell.field, cell.text)).collect();
        Row {
            number: cells.get("单号").cloned().unwrap_or_default(),
            cells,
            columns,
            file: file.to_path_buf(),
            sheet: source(row.origin.source).sheet,
            row: row.origin.row,
        }
    });
    // which of the two is meant nobody can tell
    let (again, rows): (Vec<Row>, Vec<Row>) = rows.partition(|row| twice.contains(row.number.as_str()));
    problems.extend(again.iter().map(|row| {
        let message = format!("「{}」在这张表里不止一行，内容又不同，都没有入账", row.number);
        row.problem("单号", message, "只留一行再提交")
    }));
    Ok((rows, problems))
}
