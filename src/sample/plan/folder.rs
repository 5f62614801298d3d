//! The rows of a sample as workbooks: titles, headings in the office's own words, signatures.

use std::collections::BTreeMap;
use std::path::Path;

use crate::calendar::Period;
use crate::reports::width;
use crate::rules::{Dataset, Field};
use crate::sample::book::Book;
use crate::sample::folder::Trouble;
use crate::sample::table::{self, Column, Frame, Places, Spot};

use super::plan::{Plan, Table};
use super::world::{Row, World};

const NARROWEST: usize = 8;
const WIDEST: usize = 28;

/// A sheet to be: the table by number, and the month that it is of.
type Sheet<'w> = (usize, Option<usize>, Vec<&'w Row>);

/// Writes all workbooks below `dir` and says where every row went. `files` collects their names.
pub fn write(dir: &Path, world: &World<'_>, files: &mut Vec<String>) -> Result<Places, Trouble> {
    let mut places = Places::new();
    for (file, sheets) in books(world) {
        let path = dir.join(&file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        files.push(file.clone());
        let mut book = Book::new(file)?;
        for (at, month, rows) in sheets {
            let own = &world.plan.tables[at];
            let Some(dataset) = &own.dataset else { continue };
            let frame = frame(world.plan, own, month.map(|month| world.plan.months[month]));
            book.sheet(&own.name, &sheet(world.plan, at, dataset, &rows), &frame, &mut places)?;
        }
        book.workbook.save(path)?;
    }
    Ok(places)
}

/// Sheets by file, in order of month and name.
fn books<'w>(world: &'w World<'_>) -> BTreeMap<String, Vec<Sheet<'w>>> {
    let mut books: BTreeMap<String, Vec<Sheet<'_>>> = BTreeMap::new();
    for (at, table) in world.plan.tables.iter().enumerate().filter(|(_, table)| !table.hidden) {
        let months = if table.split { table.stretches() } else { vec![None] };
        for month in months {
            let rows: Vec<&Row> = world.rows[at].iter().filter(|row| month.is_none() || row.seat.month == month).collect();
            let file = match month.map(|month| world.plan.months[month]) {
                Some(month) => format!("{month}/{}-{}.xlsx", table.book, month.chinese()),
                None => format!("{}.xlsx", table.book),
            };
            if !rows.is_empty() {
                books.entry(file).or_default().push((at, month, rows));
            }
        }
    }
    books
}

fn frame(plan: &Plan, table: &Table, month: Option<Period>) -> Frame {
    let mut titles = vec![plan.company.clone(), table.title.clone()];
    titles.extend(month.map(|month| format!("期间：{}", month.chinese())));
    Frame { titles, signatures: month.map(|_| "制表：       审核：".to_owned()), ..Frame::default() }
}

/// The columns that the plan speaks of, and those without which the table is not known.
fn sheet(plan: &Plan, at: usize, dataset: &Dataset, rows: &[&Row]) -> table::Table {
    let own = &plan.tables[at];
    let sets = plan.plants.iter().filter(|plant| plant.table == at).map(|plant| &plant.set);
    let makers: Vec<_> = [&own.fields].into_iter().chain(&own.lines).chain(sets).collect();
    let fields: Vec<&Field> =
        dataset.fields.iter().filter(|field| field.required || makers.iter().any(|made| made.contains_key(&field.name))).collect();
    let columns = fields.iter().map(|field| {
        let name = own.headings.get(&field.name).unwrap_or(&field.name).clone();
        let values = rows.iter().filter_map(|row| row.values.get(&field.name));
        let widest = values.map(|value| width::display(&value.text())).chain([width::display(&name)]).max();
        let width = widest.unwrap_or_default() + 2;
        Column { group: None, name, width: width.clamp(NARROWEST, WIDEST) as f64 }
    });
    let cells = |row: &&Row| table::Row {
        spot: Spot::Row(at, row.seat.no),
        cells: fields.iter().map(|field| row.values.get(&field.name).map_or(super::Cell::Blank, |value| value.cell(field.ty))).collect(),
    };
    table::Table { columns: columns.collect(), rows: rows.iter().map(cells).collect(), merges: Vec::new() }
}
