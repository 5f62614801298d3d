//! The cells of a workbook's sheets, as far as formulas look at them.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::Place;
use super::value::Scalar;
use crate::diag::Diag;
use crate::reports::sheet::{Formula, Sheet, Value};

/// Cells above and below the long tables are held as they are, columns of the long tables when they are asked for.
pub struct Grid<'s, 'v> {
    sheets: &'s [Sheet<'v>],
    bodies: HashMap<(usize, usize), Vec<Scalar>>,
}

impl<'s, 'v> Grid<'s, 'v> {
    /// `wanted`: sheet and column of the long tables that formulas refer to.
    pub fn new(sheets: &'s [Sheet<'v>], wanted: &BTreeSet<(usize, usize)>) -> Result<Self, Diag> {
        let mut bodies: HashMap<(usize, usize), Vec<Scalar>> = HashMap::new();
        for (at, sheet) in sheets.iter().enumerate() {
            let columns: Vec<usize> = wanted.iter().filter(|(sheet, _)| *sheet == at).map(|(_, column)| *column).collect();
            let Some(body) = sheet.body.as_ref().filter(|_| !columns.is_empty()) else { continue };
            let mut read = vec![Vec::with_capacity(body.len); columns.len()];
            body.each(0..body.len, |_, values| {
                for (cells, column) in read.iter_mut().zip(&columns) {
                    cells.push(values.get(*column).map_or(Scalar::Empty, scalar));
                }
            })?;
            bodies.extend(columns.into_iter().map(|column| (at, column)).zip(read));
        }
        Ok(Self { sheets, bodies })
    }

    /// `None`: a formula stands there.
    pub fn cell(&self, (sheet, row, column): Place) -> Option<Scalar> {
        let Some(page) = self.sheets.get(sheet) else { return Some(Scalar::Empty) };
        let (above, body) = (page.rows.len(), page.body.as_ref().map_or(0, |body| body.len));
        if (above..above + body).contains(&row) {
            let cells = self.bodies.get(&(sheet, column));
            return Some(cells.and_then(|cells| cells.get(row - above)).cloned().unwrap_or(Scalar::Empty));
        }
        let single = if row < above { page.rows.get(row) } else { page.tail.get(row - above - body) };
        match single.and_then(|cells| cells.get(column)).map(|cell| &cell.value) {
            Some(Value::Formula(_)) => None,
            value => Some(value.map_or(Scalar::Empty, scalar)),
        }
    }
}

/// Every formula, with its place. The long tables hold values only.
pub fn formulas<'s>(sheets: &'s [Sheet<'_>]) -> Vec<(Place, &'s Formula)> {
    let mut found = Vec::new();
    for (sheet, page) in sheets.iter().enumerate() {
        for (at, cells) in page.rows.iter().chain(&page.tail).enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                if let Value::Formula(formula) = &cell.value {
                    found.push(((sheet, page.on_paper(at), column), &**formula));
                }
            }
        }
    }
    found
}

fn scalar(value: &Value<'_>) -> Scalar {
    match value {
        Value::Blank | Value::Formula(_) => Scalar::Empty,
        Value::Text(text) => Scalar::text(text),
        Value::Int(int) => Scalar::Number((*int).into()),
        Value::Number(number) => Scalar::Number(*number),
        Value::Date(date) => Scalar::Number(days(*date)),
        Value::Datetime(at) => Scalar::Number(moment(*at)),
        Value::Time(at) => Scalar::Number(part_of_day(*at)),
        Value::Link(link) => Scalar::text(&link.text),
    }
}

/// Serial number of a day: 1 is the first of 1900, whose February Excel takes to have 29 days.
fn days(date: NaiveDate) -> Decimal {
    NaiveDate::from_ymd_opt(1899, 12, 30).map_or(Decimal::ZERO, |zero| (date - zero).num_days().into())
}

fn moment(at: NaiveDateTime) -> Decimal {
    days(at.date()) + part_of_day(at.time())
}

fn part_of_day(at: NaiveTime) -> Decimal {
    Decimal::from(at.num_seconds_from_midnight()) / Decimal::from(86_400)
}
