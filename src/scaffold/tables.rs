//! Empty workbooks with the headings of the tables that rules read, and a sheet that explains them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::diag::{Code, Diag, unwritable};
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::xlsx;
use crate::rules::{Dataset, Field, FieldType, RuleSet};

/// One workbook a table into `dir`, which is made if need be.
///
/// # Errors
/// A file that is there already, and what cannot be written.
pub fn write(dir: &Path, rules: &RuleSet, company: &str) -> Result<Vec<PathBuf>, Diag> {
    let used = used(rules);
    let is_wanted = |dataset: &&Dataset| used.contains(dataset.name.as_str()) && !dataset.made;
    let datasets: Vec<&Dataset> = rules.datasets.iter().map(AsRef::as_ref).filter(is_wanted).collect();
    let paths: Vec<PathBuf> = datasets.iter().map(|dataset| dir.join(format!("{}.xlsx", dataset.name))).collect();
    if let Some(there) = paths.iter().find(|path| path.exists()) {
        return Err(Diag::error(Code::OutputUnwritable, "已经有这个文件，没有改动").in_file(there).help("换一个文件夹，或先移走它"));
    }
    std::fs::create_dir_all(dir).map_err(|e| unwritable(dir, &e))?;
    for (dataset, path) in datasets.into_iter().zip(&paths) {
        let properties = xlsx::Properties { title: &dataset.name, company, period: "", as_of: NaiveDate::default() };
        let mut sheets = [empty(dataset), explained(dataset)];
        sheets.iter_mut().for_each(Sheet::fit);
        xlsx::write(path, properties, &sheets)?;
    }
    Ok(paths)
}

/// What the rules read, and what those tables look up.
fn used(rules: &RuleSet) -> BTreeSet<&str> {
    let mut used = BTreeSet::new();
    let mut open: Vec<&str> = rules.rules().flat_map(|(_, rule)| rule.kind.datasets()).collect();
    while let Some(name) = open.pop() {
        if used.insert(name) {
            open.extend(rules.dataset(name).into_iter().flat_map(|dataset| &dataset.lookups).map(|lookup| lookup.from.as_str()));
        }
    }
    used
}

/// Headings alone, in the first row.
fn empty(dataset: &Dataset) -> Sheet<'_> {
    let column = |field: &Field| Column::new(field.name.clone(), style(field.ty)).at_least(12);
    let mut sheet = Sheet::new(dataset.name.clone(), dataset.fields.iter().map(column).collect()).landscape();
    sheet.table(Stream::new(0, |_, _| {}));
    sheet
}

fn explained(dataset: &Dataset) -> Sheet<'_> {
    let columns = vec![
        Column::new("列", Style::Text).at_least(14),
        Column::new("必须有", Style::Centre),
        Column::new("填什么", Style::Wrapped).at_least(24),
        Column::new("也可以叫", Style::Wrapped).at_least(30),
    ];
    let mut sheet = Sheet::new("填写说明", columns);
    sheet.table(Stream::new(dataset.fields.len(), move |at, values| {
        let field = &dataset.fields[at];
        let needed = if field.required { "是" } else { "" };
        values.extend([field.name.clone(), needed.to_owned(), meaning(field), field.aliases.join("、")].map(Value::text));
    }));
    sheet
}

fn style(ty: FieldType) -> Style {
    match ty {
        FieldType::Date => Style::Date,
        FieldType::Datetime => Style::Datetime,
        FieldType::Money => Style::Money,
        FieldType::Percent => Style::Percent,
        _ => Style::Text,
    }
}

fn meaning(field: &Field) -> String {
    match field.ty {
        FieldType::Text => "文字",
        FieldType::Int => "整数",
        FieldType::Decimal => "数",
        FieldType::Money => "金额（元）",
        FieldType::Percent => "百分数",
        FieldType::Date => "日期",
        FieldType::Datetime => "日期和时刻",
        FieldType::Time => "时刻",
        FieldType::Bool => "是或否",
        FieldType::OneOf => return field.values.join("、"),
    }
    .to_owned()
}
