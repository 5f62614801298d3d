//! Values of the formulas of a filled form, for the readers that do not compute: previews, phones, other programs.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::book::Book;
use super::fill::{Filled, FilledRow};
use super::grid::{Cell, Content, Grid};
use super::refs::{self, Sheet as Qualifier};
use super::words::Words;
use crate::diag::Diag;
use crate::reports::recompute::{self, Scalar};
use crate::reports::sheet::{self, Cached, Sheet, Style, Value};

/// Longer than spreadsheet programs write, or nested deeper.
const LONGEST: usize = 8192;
const MOST_OPERATORS: usize = 256;
/// What a cell of the template may hold to be reckoned with exactly.
const LARGEST: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);

/// A formula's value in the filled form.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Nothing that was filled in bears on it.
    Kept,
    Known(Scalar),
    /// The program that opens the form has to find out.
    Unknown,
}

pub struct Results {
    answers: HashMap<(usize, u32, u32), Answer>,
    /// Some formula is left to the program that opens the form.
    pub unknown: bool,
}

impl Results {
    pub fn of(book: &Book, grids: &[Grid<'_, '_>], filled: &[Vec<FilledRow<'_>>]) -> Result<Self, Diag> {
        let touched = touched(book, grids);
        let mut results = Self { answers: HashMap::new(), unknown: false };
        let formulas = grids.iter().zip(&touched).any(|(grid, touched)| *touched && cells(grid).any(|cell| formula(cell).is_some()));
        if !formulas {
            return Ok(results);
        }
        let mut is_sure = true;
        let mut sheets = Vec::new();
        for (at, (grid, rows)) in grids.iter().zip(filled).enumerate() {
            sheets.push(page(book, at, touched[at], grid, rows, &mut is_sure));
        }
        for ((sheet, row, column), answer) in recompute::results(&sheets)? {
            let answer = answer.filter(|_| is_sure).map_or(Answer::Unknown, Answer::Known);
            results.unknown |= answer == Answer::Unknown;
            if let (Ok(row), Ok(column)) = (u32::try_from(row + 1), u32::try_from(column)) {
                results.answers.insert((sheet, column, row), answer);
            }
        }
        Ok(results)
    }

    pub fn answer(&self, sheet: usize, column: u32, row: u32) -> &Answer {
        self.answers.get(&(sheet, column, row)).unwrap_or(&Answer::Kept)
    }
}

impl Answer {
    /// The cell's type and its value as text.
    pub fn written(&self) -> (Option<&'static str>, Option<String>) {
        match self {
            Answer::Known(Scalar::Number(number)) => (None, Some(number.normalize().to_string())),
            Answer::Known(Scalar::Text(text)) => (Some("str"), Some(text.to_string())),
            Answer::Known(Scalar::Bool(yes)) => (Some("b"), Some(u8::from(*yes).to_string())),
            Answer::Known(Scalar::Error(name)) => (Some("e"), Some((*name).to_owned())),
            // an empty cell that is referred to shows as nought
            Answer::Known(Scalar::Empty) => (None, Some("0".to_owned())),
            Answer::Kept | Answer::Unknown => (None, None),
        }
    }
}

fn cells<'g, 'e, 'x>(grid: &'g Grid<'e, 'x>) -> impl Iterator<Item = &'g Cell<'e, 'x>> {
    grid.rows.iter().flat_map(|row| &row.cells)
}

fn formula<'c>(cell: &'c Cell<'_, '_>) -> Option<&'c str> {
    match &cell.content {
        Content::Formula(formula) => Some(&formula.text),
        _ => None,
    }
}

/// Sheets that are filled, or that have a formula over such a sheet. What a name or `INDIRECT` stands for is not looked into.
fn touched(book: &Book, grids: &[Grid<'_, '_>]) -> Vec<bool> {
    let mut touched: Vec<bool> = grids.iter().map(|grid| cells(grid).any(|cell| matches!(cell.content, Content::Words(_)))).collect();
    loop {
        let names: Vec<&str> =
            book.sheets.iter().zip(&touched).filter(|(_, touched)| **touched).map(|(sheet, _)| sheet.name.as_str()).collect();
        let reaches = |text: &str| {
            let is_plain = |word: &str| !text.contains(word);
            refs::find(text).iter().any(|reference| match &reference.sheet {
                Qualifier::Named(name) => names.iter().any(|known| refs::same_sheet(known, name)),
                Qualifier::Own => false,
                Qualifier::Elsewhere => true,
            }) || !is_plain("INDIRECT(")
                || book.names.iter().any(|name| text.contains(name.as_str()))
        };
        let next: Vec<bool> =
            grids.iter().zip(&touched).map(|(grid, known)| *known || cells(grid).filter_map(formula).any(reaches)).collect();
        if next == touched {
            return touched;
        }
        touched = next;
    }
}

/// A sheet's cells as the evaluator takes them.
fn page<'v>(book: &Book, at: usize, is_touched: bool, grid: &Grid<'_, '_>, rows: &'v [FilledRow<'v>], is_sure: &mut bool) -> Sheet<'v> {
    let mut sheet = Sheet::new(book.sheets[at].name.as_str(), Vec::new());
    for row in rows {
        sheet.rows.resize_with(row.number.saturating_sub(1) as usize, Vec::new);
        let mut values: Vec<sheet::Cell<'v>> = Vec::new();
        for (cell, filled) in grid.rows[row.template].cells.iter().zip(&row.cells) {
            let value = match filled {
                Filled::Value(value) => value.clone(),
                Filled::Text { plain, .. } => Value::text(plain.as_str()),
                Filled::Formula { text, array: None } if is_touched && is_modest(text) => {
                    Value::formula(text.as_str(), Cached::Number(Decimal::ZERO))
                }
                // left to the program
                Filled::Formula { .. } if is_touched => Value::formula("", Cached::Number(Decimal::ZERO)),
                Filled::Kept | Filled::Formula { .. } => fixed(book, cell, is_sure),
            };
            if value != Value::Blank {
                values.resize_with(cell.at.column as usize, || sheet::Cell::new(Value::Blank, Style::Text));
                values.push(sheet::Cell::new(value, Style::Text));
            }
        }
        sheet.rows.push(values);
    }
    sheet
}

fn is_modest(formula: &str) -> bool {
    formula.len() <= LONGEST && formula.matches(['(', '-', '+', '*', '/', '&']).count() <= MOST_OPERATORS
}

/// A value that the template itself holds.
fn fixed(book: &Book, cell: &Cell<'_, '_>, is_sure: &mut bool) -> Value<'static> {
    let element = cell.element;
    let value = element.child("v").map(|v| v.text.trim()).unwrap_or_default();
    match element.attribute("t").as_deref() {
        _ if value.is_empty() && element.child("is").is_none() => Value::Blank,
        Some("s") => {
            let words = value.parse::<usize>().ok().and_then(|number| book.strings.get(number));
            Value::text(words.map(Words::text).unwrap_or_default())
        }
        Some("inlineStr") => Value::text(element.child("is").map(|is| Words::of(is, "").text()).unwrap_or_default()),
        Some("str") => Value::text(value.to_owned()),
        None | Some("n") => match value.parse().or_else(|_| Decimal::from_scientific(value)) {
            Ok(number) if number.abs() <= LARGEST => Value::Number(number),
            _ => {
                *is_sure = false;
                Value::Blank
            }
        },
        // logical values, errors, days as text: the evaluator has no such cells
        _ => {
            *is_sure = false;
            Value::Blank
        }
    }
}
