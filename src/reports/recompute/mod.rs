//! The second opinion on every figure: formulas of a workbook evaluated over its own cells, before it is saved. What the
//! engine of the statistics counted and what a spreadsheet program will count must be the same, or nothing is published.

mod bits;
mod criteria;
mod functions;
mod grid;
mod parse;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rust_decimal::Decimal;

use self::bits::Bits;
use self::functions::{Falling, RowsByWord};
use self::grid::Grid;
use self::parse::{Expr, Names, Operator, Range};
pub use self::value::Scalar;
use self::value::{Array, Value};
use super::sheet::{Cached, Formula, Sheet};
use crate::diag::{self, CellRef, Code, Diag, Diags};

/// How far apart two figures may be, relative to the larger: a spreadsheet program keeps fifteen digits.
const PRECISION: Decimal = Decimal::from_parts(1, 0, 0, false, 12);
/// Cells of all ranges of a workbook that is not ours, and formulas that lead from one to the next: more is given up rather than
/// waited for.
const MOST_CELLS: usize = 4_000_000;
const LONGEST_CHAIN: usize = 200;

/// Sheet, row and column of a cell, zero-based, as on paper.
type Place = (usize, usize, usize);

/// Evaluates every formula of one workbook and compares it with the value that stands in the file.
///
/// # Errors
/// A problem for each cell whose two values differ, or whose formula cannot be read.
pub fn check(file: &str, sheets: &[Sheet<'_>]) -> Result<(), Diags> {
    let mut diags = Diags::default();
    for stack in sheets.iter().filter_map(|sheet| sheet.stack.as_ref()) {
        // a form adds up its own lines only
        for at in 0..stack.len {
            diags.extend(check(file, &[stack.alone(at)?]).err().into_iter().flatten());
        }
    }
    let names = &super::xlsx::sheet_names(sheets.iter().map(|sheet| sheet.name.as_str()));
    let mut trees = BTreeMap::new();
    let formulas = grid::formulas(sheets);
    for (place, formula) in &formulas {
        match parse::parse(&formula.text, &Names { own: place.0, sheets: names }) {
            Ok(tree) => drop(trees.insert(*place, tree)),
            Err(why) => diags.push(doubtful(file, names, *place, &why)),
        }
    }
    let mut wanted = BTreeSet::new();
    trees.values().for_each(|tree| columns(tree, &mut wanted));
    let workbook = Workbook::new(Grid::new(sheets, &wanted)?, trees);
    for (place, formula) in &formulas {
        let answer = match workbook.trees.get(place) {
            Some(tree) => workbook.single(tree),
            None => continue,
        };
        if let Some(why) = answer.map_or_else(Some, |answer| difference(&answer, &formula.cached)) {
            diags.push(doubtful(file, names, *place, &why));
        }
    }
    if diags.has_errors() { Err(diags) } else { Ok(()) }
}

/// What every formula of a workbook comes to, in order of sheet and row; `None` where this evaluator cannot tell.
///
/// # Errors
/// Cells that cannot be read.
pub fn results(sheets: &[Sheet<'_>]) -> Result<Vec<(Place, Option<Scalar>)>, Diag> {
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let formulas = grid::formulas(sheets);
    let tree = |place: Place, formula: &Formula| Some((place, parse::parse(&formula.text, &Names { own: place.0, sheets: &names }).ok()?));
    let trees = formulas.iter().filter_map(|(place, formula)| tree(*place, formula)).collect();
    let workbook = Workbook::new(Grid::new(sheets, &BTreeSet::new())?, trees);
    workbook.budget.set(MOST_CELLS);
    Ok(formulas.iter().map(|(place, _)| (*place, workbook.cell(*place).ok())).collect())
}

fn doubtful(file: &str, names: &[String], (sheet, row, column): Place, why: &str) -> Diag {
    let cell = CellRef { column: column as u32, row: row as u32 + 1 };
    let sheet = names.get(sheet).cloned().unwrap_or_default();
    Diag::error(Code::FormulaDiffers, format!("公式复核不符：{why}"))
        .at(diag::Place::Cell { file: file.into(), sheet, cell })
        .help("本次不发布任何文件，上次的输出未动；请把这段提示和输入文件交给程序维护人")
}

/// Why the two are not the same.
fn difference(answer: &Scalar, cached: &Cached) -> Option<String> {
    let same = match (answer, cached) {
        (Scalar::Number(a), Cached::Number(b)) => (a - b).abs() <= PRECISION * a.abs().max(b.abs()).max(Decimal::ONE),
        (Scalar::Text(a), Cached::Text(b)) => **a == **b,
        _ => false,
    };
    (!same).then(|| format!("按公式为 {}，按统计为 {}", shown(answer), shown_cached(cached)))
}

fn shown(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Empty => "空".to_owned(),
        Scalar::Number(number) => number.normalize().to_string(),
        Scalar::Text(text) => format!("「{text}」"),
        Scalar::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Scalar::Error(name) => (*name).to_owned(),
    }
}

fn shown_cached(cached: &Cached) -> String {
    match cached {
        Cached::Number(number) => number.normalize().to_string(),
        Cached::Text(text) => format!("「{text}」"),
    }
}

/// Sheets and columns that a formula refers to.
fn columns(tree: &Expr, wanted: &mut BTreeSet<(usize, usize)>) {
    match tree {
        Expr::Range(range) => wanted.extend((range.first.1..=range.last.1).map(|column| (range.sheet, column))),
        Expr::Negate(inner) => columns(inner, wanted),
        Expr::Binary(_, left, right) => [left, right].into_iter().for_each(|side| columns(side, wanted)),
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| columns(argument, wanted)),
        Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) => {}
    }
}

/// Whether it can come to more than one value.
fn may_be_many(tree: &Expr) -> bool {
    match tree {
        Expr::Range(range) => range.first != range.last,
        Expr::Negate(_) | Expr::Binary(..) => true,
        Expr::Call(name, _) => matches!(name.as_str(), "EXACT" | "ISBLANK" | "ISNUMBER"),
        Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) => false,
    }
}

/// A workbook's cells and formulas, with what has been computed so far.
struct Workbook<'s, 'v> {
    grid: Grid<'s, 'v>,
    trees: BTreeMap<Place, Expr>,
    /// `None` while a cell is being computed.
    cells: RefCell<HashMap<Place, Option<Scalar>>>,
    arrays: RefCell<HashMap<Expr, Rc<Array>>>,
    masks: RefCell<HashMap<(Expr, String), Rc<Bits>>>,
    words: RefCell<HashMap<Expr, Rc<RowsByWord>>>,
    falling: RefCell<HashMap<Expr, Rc<Falling>>>,
    /// Cells that are being computed.
    chain: Cell<usize>,
    /// Cells of ranges that may still be looked at.
    budget: Cell<usize>,
}

impl<'s, 'v> Workbook<'s, 'v> {
    fn new(grid: Grid<'s, 'v>, trees: BTreeMap<Place, Expr>) -> Self {
        Self {
            grid,
            trees,
            cells: RefCell::default(),
            arrays: RefCell::default(),
            masks: RefCell::default(),
            words: RefCell::default(),
            falling: RefCell::default(),
            chain: Cell::default(),
            budget: Cell::new(usize::MAX),
        }
    }

    fn single(&self, tree: &Expr) -> Result<Scalar, String> {
        match self.value(tree)? {
            Value::One(scalar) => Ok(scalar),
            Value::Many(_) => Err("应为单个值的地方是一片区域".to_owned()),
        }
    }

    fn value(&self, tree: &Expr) -> Result<Value, String> {
        let known = if may_be_many(tree) { self.arrays.borrow().get(tree).cloned() } else { None };
        if let Some(known) = known {
            return Ok(Value::Many(known));
        }
        let value = match tree {
            Expr::Number(number) => Value::One(Scalar::Number(*number)),
            Expr::Text(text) => Value::One(Scalar::text(text)),
            Expr::Bool(yes) => Value::One(Scalar::Bool(*yes)),
            Expr::Range(range) => self.range(range)?,
            Expr::Negate(inner) => value::binary(Operator::Subtract, &Value::One(Scalar::Number(Decimal::ZERO)), &self.value(inner)?),
            Expr::Binary(operator, left, right) => {
                let (among, other) = (self.value(left)?, self.value(right)?);
                let found = match (operator, &other) {
                    (Operator::Equal, Value::One(wanted)) => self.rows_with(left, &among, wanted, false),
                    _ => None,
                };
                found.unwrap_or_else(|| value::binary(*operator, &among, &other))
            }
            Expr::Call(name, arguments) => self.call(name, arguments)?,
        };
        if let Value::Many(array) = &value {
            self.arrays.borrow_mut().insert(tree.clone(), Rc::clone(array));
        }
        Ok(value)
    }

    fn range(&self, range: &Range) -> Result<Value, String> {
        if range.first == range.last {
            return self.cell((range.sheet, range.first.0, range.first.1)).map(Value::One);
        }
        let cells = (range.last.0 - range.first.0 + 1).saturating_mul(range.last.1 - range.first.1 + 1);
        self.budget.set(self.budget.get().checked_sub(cells).ok_or("引用的单元格太多")?);
        let places = (range.first.0..=range.last.0).flat_map(|row| (range.first.1..=range.last.1).map(move |column| (row, column)));
        let cells = places.map(|(row, column)| self.cell((range.sheet, row, column))).collect::<Result<Vec<_>, _>>()?;
        Ok(Value::Many(Rc::new(Array::Cells(cells))))
    }

    fn cell(&self, place: Place) -> Result<Scalar, String> {
        if let Some(value) = self.grid.cell(place) {
            return Ok(value);
        }
        if let Some(known) = self.cells.borrow().get(&place) {
            return known.clone().ok_or_else(|| "公式循环引用".to_owned());
        }
        let tree = self.trees.get(&place).ok_or_else(|| "引用的公式读不懂".to_owned())?;
        if self.chain.get() == LONGEST_CHAIN {
            return Err("公式一个引用一个，太长".to_owned());
        }
        self.cells.borrow_mut().insert(place, None);
        self.chain.set(self.chain.get() + 1);
        let value = self.single(tree);
        self.chain.set(self.chain.get() - 1);
        let value = value?;
        self.cells.borrow_mut().insert(place, Some(value.clone()));
        Ok(value)
    }
}
