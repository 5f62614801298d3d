//! The rows and cells of a template's sheet.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::refs::{self, LAST_ROW};
use super::words::Words;
use super::xml::Element;
use crate::diag::CellRef;

pub struct Grid<'e, 'x> {
    /// `sheetData`; a sheet without it has no cells.
    pub rows: Vec<Row<'e, 'x>>,
}

pub struct Row<'e, 'x> {
    pub number: u32,
    pub element: &'e Element<'x>,
    pub cells: Vec<Cell<'e, 'x>>,
}

pub struct Cell<'e, 'x> {
    pub at: CellRef,
    pub element: &'e Element<'x>,
    pub style: usize,
    pub content: Content<'e>,
}

pub enum Content<'e> {
    /// Nothing, or a value that stays as it is.
    Fixed,
    /// A text with places to fill in.
    Words(Cow<'e, Words>),
    Formula(Formula),
}

/// As it reads in its own cell.
pub struct Formula {
    pub text: String,
    /// `{=…}` over these cells.
    pub array: Option<String>,
}

/// # Errors
/// What a grid of cells cannot be, with the cell.
pub fn read<'e, 'x>(sheet: &'e Element<'x>, source: &str, strings: &'e [Words]) -> Result<Grid<'e, 'x>, (CellRef, String)> {
    let mut shared: BTreeMap<String, (CellRef, String)> = BTreeMap::new();
    let mut rows: Vec<Row<'e, 'x>> = Vec::new();
    for element in sheet.child("sheetData").iter().flat_map(|data| data.children("row")) {
        let before = rows.last().map_or(0, |row| row.number);
        let number = element.number("r").unwrap_or(before + 1);
        if number <= before || number > LAST_ROW {
            return Err((CellRef { column: 0, row: number }, format!("行号 {number} 的次序不对")));
        }
        let mut cells: Vec<Cell<'e, 'x>> = Vec::new();
        for element in element.children("c") {
            let next = cells.last().map_or(0, |cell| cell.at.column + 1);
            let at = match element.attribute("r") {
                None => CellRef { column: next, row: number },
                Some(name) => refs::cell(&name)
                    .filter(|at| at.row == number && at.column >= next)
                    .ok_or_else(|| (CellRef { column: next, row: number }, format!("单元格的位置「{name}」不对")))?,
            };
            let content = content(element, at, source, strings, &mut shared).map_err(|why| (at, why))?;
            let style = element.number("s").unwrap_or_default() as usize;
            cells.push(Cell { at, element, style, content });
        }
        rows.push(Row { number, element, cells });
    }
    Ok(Grid { rows })
}

fn content<'e>(
    cell: &'e Element<'_>,
    at: CellRef,
    source: &str,
    strings: &'e [Words],
    shared: &mut BTreeMap<String, (CellRef, String)>,
) -> Result<Content<'e>, String> {
    if let Some(formula) = cell.child("f") {
        return self::formula(formula, at, shared).map(Content::Formula);
    }
    let words = match cell.attribute("t").as_deref() {
        Some("s") => {
            let number = cell.child("v").and_then(|v| v.text.trim().parse::<usize>().ok());
            Some(Cow::Borrowed(number.and_then(|n| strings.get(n)).ok_or("引用的文字不存在")?))
        }
        Some("inlineStr") => cell.child("is").map(|is| Cow::Owned(Words::of(is, source))),
        Some("str") => cell.child("v").map(|v| Cow::Owned(Words::plain(&v.text))),
        _ => None,
    };
    Ok(words.filter(|words| words.is_open || words.holes().next().is_some()).map_or(Content::Fixed, Content::Words))
}

/// A formula that was filled down is written once, with its first cell.
fn formula(element: &Element<'_>, at: CellRef, shared: &mut BTreeMap<String, (CellRef, String)>) -> Result<Formula, String> {
    let text = element.text.clone();
    match element.attribute("t").as_deref() {
        Some("dataTable") => Err("有模拟运算表，不能填写".to_owned()),
        Some("array") => Ok(Formula { text, array: Some(element.attribute("ref").unwrap_or_else(|| at.to_string())) }),
        Some("shared") => {
            let group = element.attribute("si").unwrap_or_default();
            if !text.is_empty() {
                shared.insert(group, (at, text.clone()));
                return Ok(Formula { text, array: None });
            }
            let (first, text) = shared.get(&group).ok_or("共享公式没有开头")?;
            let apart = |to: u32, from: u32| i64::from(to) - i64::from(from);
            let text = refs::copied(text, apart(at.row, first.row), apart(at.column, first.column));
            Ok(Formula { text, array: None })
        }
        _ => Ok(Formula { text, array: None }),
    }
}
