//! Typed tables with the origin of every row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use polars::prelude::*;

use super::column::Filled;
use super::frame::Frame;
use crate::rules::{Dataset, FieldType};

/// Column with the index into [`Tables::sources`], `UInt32`.
pub const SOURCE: &str = "_source";
/// Column with the row number that Excel shows, `UInt32`.
pub const ROW: &str = "_row";

/// One sheet of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// Path as given on the command line or found below the data folder, with `/`.
    pub file: String,
    /// Empty for csv.
    pub sheet: String,
}

/// Where a row came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    pub source: u32,
    pub row: u32,
}

/// One dataset's rows: a column for every field of the dataset in its order (null where the cell was empty or the
/// column absent), then [`SOURCE`] and [`ROW`]. Rows stand in order of source and row.
#[derive(Debug, Clone)]
pub struct Table {
    pub dataset: Arc<Dataset>,
    pub frame: Frame,
    /// Fields that had a column in at least one sheet, empty cells or not.
    pub present: Arc<BTreeSet<String>>,
}

/// All tables of a run.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub sources: Vec<Source>,
    pub tables: Vec<Table>,
}

impl Tables {
    pub fn get(&self, dataset: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.dataset.name == dataset)
    }

    pub fn source(&self, index: u32) -> Option<&Source> {
        self.sources.get(index as usize)
    }
}

/// Digits behind the point of money and plain decimals.
pub const MONEY_SCALE: usize = 4;
/// Digits behind the point of a percentage kept as a fraction: `12.5%` is `0.125000`.
pub const PERCENT_SCALE: usize = 6;
/// Seconds since midnight for `time`, whole milliseconds since 1970 in local time for `datetime`.
pub fn polars_type(field: &FieldType) -> DataType {
    match field {
        FieldType::Text | FieldType::OneOf => DataType::String,
        FieldType::Int => DataType::Int64,
        FieldType::Decimal | FieldType::Money => DataType::Decimal(38, MONEY_SCALE),
        FieldType::Percent => DataType::Decimal(38, PERCENT_SCALE),
        FieldType::Date => DataType::Date,
        FieldType::Datetime => DataType::Datetime(TimeUnit::Milliseconds, None),
        FieldType::Time => DataType::Int32,
        FieldType::Bool => DataType::Boolean,
    }
}

/// Columns of fields and the origin of every row as one frame.
pub(super) fn frame(fields: Vec<Filled>, origins: &[Origin]) -> PolarsResult<Frame> {
    let mut columns = Vec::with_capacity(fields.len() + 2);
    let mut shared = BTreeMap::new();
    for field in fields {
        let (column, texts) = match field {
            Filled::Plain(column) => (column.rechunk(), None),
            Filled::Texts(texts) => texts.kept()?,
        };
        shared.extend(texts.map(|texts| (column.name().clone(), texts)));
        columns.push(column);
    }
    let pick = |name: &str, part: fn(&Origin) -> u32| -> Column {
        UInt32Chunked::from_iter_values(name.into(), origins.iter().map(part)).into_series().into_column()
    };
    columns.push(pick(SOURCE, |o| o.source));
    columns.push(pick(ROW, |o| o.row));
    Ok(Frame::new(DataFrame::new(origins.len(), columns)?, shared))
}
