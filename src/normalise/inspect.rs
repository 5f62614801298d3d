//! Single rows and small columns of the tables as plain values, for people to read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::ledger::Moment;

use super::{Columns, Origin, ROW, SOURCE, Table, Tables, shown};

/// One row of a table.
#[derive(Debug, Clone)]
pub struct RowText {
    pub dataset: String,
    pub origin: Origin,
    /// Fields that are not empty, in the dataset's order.
    pub cells: Vec<CellText>,
}

#[derive(Debug, Clone)]
pub struct CellText {
    pub field: String,
    pub text: String,
    /// For dates and date-times.
    pub moment: Option<Moment>,
    /// A field of the dataset itself, neither looked up nor derived.
    pub is_own: bool,
}

/// A date that a row holds.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: Moment,
    pub field: String,
    /// The desk it happened at, where the row is about one.
    pub station: Option<String>,
    pub dataset: String,
    pub origin: Origin,
}

/// Field that names the desk a row is about.
const STATION: &str = "站别";

/// The rows' own dates, earliest first.
pub fn events(rows: &[RowText]) -> Vec<Event> {
    let mut events: Vec<Event> = rows
        .iter()
        .flat_map(|row| {
            let station = row.cells.iter().find(|cell| cell.field == STATION).map(|cell| &cell.text);
            let dates = row.cells.iter().filter(|cell| cell.is_own).filter_map(|cell| Some((cell.moment?, &cell.field)));
            dates.map(move |(at, field)| Event {
                at,
                field: field.clone(),
                station: station.cloned(),
                dataset: row.dataset.clone(),
                origin: row.origin,
            })
        })
        .collect();
    events.sort_by_key(|event| match event.at {
        Moment::Date(date) => date.and_time(chrono::NaiveTime::MIN),
        Moment::Datetime(at) => at,
    });
    events
}

impl Tables {
    /// Rows of every dataset whose first key field is `subject`, in order of dataset and row.
    pub fn rows_about(&self, subject: &str) -> Vec<RowText> {
        self.tables.iter().flat_map(|table| table.rows_about(subject)).collect()
    }

    /// The rows about each of some subjects: one pass over every table, however many are asked for.
    pub fn rows_about_each(&self, subjects: &[&str]) -> BTreeMap<String, Vec<RowText>> {
        let mut found: BTreeMap<String, Vec<RowText>> = BTreeMap::new();
        for table in &self.tables {
            for (subject, row) in table.places_of(subjects).unwrap_or_default() {
                if let Some(row) = table.row(row) {
                    found.entry(subject).or_default().push(row);
                }
            }
        }
        found
    }

    /// All rows of a dataset, in their order.
    pub fn every_row(&self, dataset: &str) -> Vec<RowText> {
        self.get(dataset).iter().flat_map(|table| (0..table.frame.height()).filter_map(|row| table.row(row))).collect()
    }

    /// Pairs of a date field and a yes-or-no field, rows with an empty one left out; empty without the dataset.
    pub fn dates_and_flags(&self, dataset: &str, date: &str, flag: &str) -> Vec<(NaiveDate, bool)> {
        let Some(frame) = self.get(dataset).map(|t| &t.frame) else { return Vec::new() };
        (0..frame.height())
            .filter_map(|row| match (frame.get(date, row).ok()?, frame.get(flag, row).ok()?) {
                (date, AnyValue::Boolean(flag)) => Some((shown::moment(&date)?.date(), flag)),
                _ => None,
            })
            .collect()
    }
}

impl Table {
    fn rows_about(&self, subject: &str) -> Vec<RowText> {
        let Some(keys) = self.dataset.key.first().and_then(|key| self.frame.column(key).ok()).and_then(|c| c.str().ok().cloned()) else {
            return Vec::new();
        };
        keys.iter().enumerate().filter(|(_, key)| *key == Some(subject)).filter_map(|(row, _)| self.row(row)).collect()
    }

    /// Subject and row number of the rows about one of the subjects.
    fn places_of(&self, subjects: &[&str]) -> PolarsResult<Vec<(String, usize)>> {
        const PLACE: &str = "_k.place";
        let Some(key) = self.dataset.key.first().filter(|key| matches!(self.frame.dtype(key), Ok(DataType::String))) else {
            return Ok(Vec::new());
        };
        let wanted = lit(Series::new("wanted".into(), subjects)).implode(false);
        let rows = self.frame.lazy().select([col(key.as_str())]).with_row_index(PLACE, None);
        let rows = rows.filter(col(key.as_str()).is_in(wanted, false)).collect()?;
        let (keys, places) = (rows.column(key)?.as_materialized_series(), rows.column(PLACE)?.as_materialized_series());
        let pairs = keys.str()?.iter().zip(places.u32()?.iter());
        Ok(pairs.filter_map(|(key, place)| Some((key?.to_owned(), place? as usize))).collect())
    }

    fn row(&self, row: usize) -> Option<RowText> {
        let number = |column: &str| match self.frame.get(column, row) {
            Ok(AnyValue::UInt32(number)) => Some(number),
            _ => None,
        };
        let cells = self
            .frame
            .names()
            .filter(|name| ![SOURCE, ROW].contains(&name.as_str()))
            .filter_map(|name| {
                let value = self.frame.get(name, row).ok()?;
                Some(CellText {
                    field: name.to_string(),
                    text: shown::text(&value)?,
                    moment: shown::moment(&value),
                    is_own: self.dataset.field(name).is_some(),
                })
            })
            .collect();
        Some(RowText { dataset: self.dataset.name.clone(), origin: Origin { source: number(SOURCE)?, row: number(ROW)? }, cells })
    }
}
