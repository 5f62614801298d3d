//! A table as an old system exports it: csv in GBK.

use std::path::Path;

use chrono::{Datelike, Timelike};

use super::table::{Places, Stand, Table};
use super::untidy::Cell;

pub fn write(path: &Path, file: &str, table: &Table, places: &mut Places) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(table.columns.iter().map(|c| &c.name))?;
    for (at, row) in table.rows.iter().enumerate() {
        writer.write_record(row.cells.iter().map(text))?;
        places.insert(row.spot.clone(), Stand { file: file.to_owned(), sheet: String::new(), row: at as u32 + 2 });
    }
    let utf8 = writer.into_inner().map_err(|e| e.into_error())?;
    let utf8 = String::from_utf8(utf8).map_err(std::io::Error::other)?;
    let (bytes, _, lossy) = encoding_rs::GBK.encode(&utf8);
    if lossy {
        return Err(std::io::Error::other("a character that GBK does not hold"));
    }
    std::fs::write(path, bytes)
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) | Cell::Money(number) => number.to_string(),
        Cell::Percent(fraction) => format!("{}%", fraction * 100.0),
        Cell::Date(day) => format!("{}/{}/{}", day.year(), day.month(), day.day()),
        Cell::Datetime(at) => format!("{}/{}/{} {}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute()),
    }
}
