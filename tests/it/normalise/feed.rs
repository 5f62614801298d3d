//! Workbooks held in memory, and the repository's own datasets.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use kesu::diag::{Code, Diag, Severity};
use kesu::ingest::{FileReport, FileSink, Limits, RawCell, RawValue, RowBatch};
use kesu::normalise::{Normalised, Quiet, normalise_with};
use kesu::rules::{Dataset, DayOrder, Field, FieldType, Lookup, OrderCheck};

pub type Cell = RawValue<'static>;

pub fn t(text: &str) -> Cell {
    if text.is_empty() { RawValue::Empty } else { RawValue::Text(text.to_owned().into()) }
}

pub fn n(number: f64) -> Cell {
    RawValue::Number(number)
}

/// A real date of the 1900 system: days since 30 December 1899.
pub fn d(date: &str) -> Cell {
    let moment = match date.len() {
        10 => date.parse::<NaiveDate>().unwrap().and_hms_opt(0, 0, 0).unwrap(),
        _ => NaiveDateTime::parse_from_str(date, "%Y-%m-%d %H:%M:%S").unwrap(),
    };
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap().and_hms_opt(0, 0, 0).unwrap();
    RawValue::Serial { days: (moment - epoch).num_seconds() as f64 / 86_400.0, is_1904: false }
}

/// A row of texts, cells parted by `|`.
pub fn texts(line: &str) -> Vec<Cell> {
    line.split('|').map(|cell| t(cell.trim())).collect()
}

/// Rows with their numbers.
type Rows = Vec<(u32, Vec<Cell>)>;

#[derive(Default, Clone)]
pub struct Book {
    sheets: Vec<(String, Rows)>,
}

impl Book {
    /// Rows from row 1; an empty vector is a blank row, which no reader hands on.
    pub fn sheet(mut self, name: &str, rows: Vec<Vec<Cell>>) -> Self {
        self.sheets.push((name.to_owned(), rows.into_iter().zip(1..).map(|(cells, row)| (row, cells)).collect()));
        self
    }
}

/// Reads books by their path.
pub fn read(books: &[(&str, Book)], datasets: &[Dataset]) -> Normalised {
    let files: Vec<PathBuf> = books.iter().map(|(path, _)| PathBuf::from(path)).collect();
    let by_path: BTreeMap<PathBuf, &Book> = books.iter().map(|(path, book)| (PathBuf::from(path), book)).collect();
    normalise_with(&files, datasets, &Limits::default(), &Quiet, |path: &Path, _: &Limits, sink: &mut dyn FileSink| {
        feed(by_path[path], sink)
    })
}

fn feed(book: &Book, sink: &mut dyn FileSink) -> Result<FileReport, Diag> {
    for (name, rows) in &book.sheets {
        let Some(mut sheet) = sink.sheet(name) else { continue };
        // small batches, so that a heading and its rows come apart
        for part in rows.chunks(3) {
            let mut batch = RowBatch::default();
            for (row, cells) in part {
                for (cell, column) in cells.iter().zip(0..) {
                    if *cell != RawValue::Empty {
                        batch.push(*row, RawCell { column, value: cell.clone() });
                    }
                }
            }
            if sheet.rows(&batch) == ControlFlow::Break(()) {
                break;
            }
        }
    }
    Ok(FileReport::default())
}

/// One book named `投诉.xlsx` with one sheet `数据`.
pub fn read_rows(datasets: &[Dataset], rows: Vec<Vec<Cell>>) -> Normalised {
    read(&[("投诉.xlsx", Book::default().sheet("数据", rows))], datasets)
}

pub fn errors(normalised: &Normalised) -> Vec<(Code, String)> {
    normalised.diags.iter().filter(|d| d.severity == Severity::Error).map(|d| (d.code, d.message.clone())).collect()
}

/// A column as text, one a row; null is empty.
pub fn column(normalised: &Normalised, dataset: &str, field: &str) -> Vec<String> {
    let table = normalised.tables.get(dataset).unwrap_or_else(|| panic!("no table {dataset}: {:?}", errors(normalised)));
    let column = table.frame.column(field).unwrap();
    (0..table.frame.height())
        .map(|row| {
            let value = column.get(row).unwrap();
            if value.is_null() { String::new() } else { value.str_value().into_owned() }
        })
        .collect()
}

/// A field by name and type.
pub fn field(name: &str, ty: FieldType) -> Field {
    Field { name: name.to_owned(), ty, ..Field::default() }
}

pub fn required(name: &str, ty: FieldType) -> Field {
    Field { required: true, ..field(name, ty) }
}

/// `编号` as key, and one field 值 to try a type on.
pub fn sample(value: Field) -> Dataset {
    Dataset {
        name: "样表".to_owned(),
        key: vec!["编号".to_owned()],
        fields: vec![required("编号", FieldType::Text), Field { required: true, ..value }],
        ..Dataset::default()
    }
}

/// The repository's dataset of that name.
pub fn shipped(name: &str) -> Dataset {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let found = ["datasets", "kesu-banfa/datasets"].map(|folder| root.join(folder).join(format!("{name}.toml")));
    let path = found.iter().find(|p| p.exists()).unwrap();
    let file: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        value.and_then(|v| v.as_array()).into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let text = |table: &toml::Table, key: &str| table.get(key).map(|v| v.as_str().unwrap().to_owned());
    let flag = |table: &toml::Table, key: &str| table.get(key).is_some_and(|v| v.as_bool().unwrap());
    let tables = |key: &str| file.get(key).and_then(|v| v.as_array()).into_iter().flatten().map(|v| v.as_table().unwrap());
    let head = file["dataset"].as_table().unwrap();
    let fields = tables("field").map(|f| Field {
        name: text(f, "name").unwrap(),
        aliases: strings(f.get("aliases")),
        ty: kind(&text(f, "type").unwrap()),
        required: flag(f, "required"),
        values: strings(f.get("values")),
        map: f
            .get("map")
            .and_then(|m| m.as_table())
            .into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned()))
            .collect(),
        day_order: if text(f, "order").as_deref() == Some("period") { DayOrder::Period } else { DayOrder::Ymd },
        null: strings(f.get("null")),
        fill_down: flag(f, "fill_down"),
    });
    let order = head.get("order").and_then(|v| v.as_array()).into_iter().flatten().map(|v| v.as_table().unwrap());
    Dataset {
        name: text(head, "name").unwrap(),
        key: strings(head.get("key")),
        matches: strings(head.get("match")),
        at: text(head, "at"),
        either: strings(head.get("either")),
        fields: fields.collect(),
        lookups: tables("lookup")
            .map(|l| Lookup { from: text(l, "from").unwrap(), on: text(l, "on").unwrap(), take: strings(l.get("take")) })
            .collect(),
        order: order.map(|o| OrderCheck { earlier: text(o, "earlier").unwrap(), later: text(o, "later").unwrap() }).collect(),
        made: flag(head, "made"),
    }
}

fn kind(name: &str) -> FieldType {
    match name {
        "text" => FieldType::Text,
        "int" => FieldType::Int,
        "decimal" => FieldType::Decimal,
        "money" => FieldType::Money,
        "percent" => FieldType::Percent,
        "date" => FieldType::Date,
        "datetime" => FieldType::Datetime,
        "time" => FieldType::Time,
        "bool" => FieldType::Bool,
        "one_of" => FieldType::OneOf,
        other => panic!("{other}"),
    }
}

pub fn all_shipped() -> Vec<Dataset> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut names = Vec::new();
    for folder in ["datasets", "kesu-banfa/datasets"] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            names.push(file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    names.sort();
    names.iter().map(|name| shipped(name)).collect()
}
