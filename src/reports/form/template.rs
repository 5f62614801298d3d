//! A company's own form, read and checked: every problem of the file at once.

use std::collections::BTreeSet;
use std::path::Path;

use super::book::Book;
use super::grid::{self, Content, Grid};
use super::package::{Package, damaged};
use super::refs;
use super::words::{Words, has_hole};
use super::xml::{self, Element};
use crate::diag::{CellRef, Code, Diag, Place, nearest};

/// What a form can be filled with.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Once a form: `单据编号`, `合计金额`.
    pub heading: Vec<String>,
    /// Once a line: `案由`, `金额`.
    pub line: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeating {
    pub sheet: usize,
    pub row: u32,
}

/// A form that can be filled.
#[derive(Debug)]
pub struct Template {
    pub(super) package: Package,
    pub(super) book: Book,
    pub(super) repeating: Repeating,
}

impl Template {
    /// # Errors
    /// Everything that keeps the form from being filled.
    pub fn open(file: &Path, names: &Names) -> Result<Self, Vec<Diag>> {
        let mut package = Package::open(file).map_err(|diag| vec![diag])?;
        let book = Book::read(&mut package).map_err(|diag| vec![diag])?;
        let mut check = Check { file, book: &book, names, problems: Vec::new(), lines: BTreeSet::new() };
        let mut trees = Vec::new();
        for sheet in &book.sheets {
            match xml::parse(book.part(&sheet.part)) {
                Ok(tree) => trees.push(tree),
                Err(why) => return Err(vec![damaged(file, &format!("工作表「{}」读不懂：{why}", sheet.name))]),
            }
        }
        let mut grids = Vec::new();
        for (at, (sheet, tree)) in book.sheets.iter().zip(&trees).enumerate() {
            match grid::read(tree, book.part(&sheet.part), &book.strings) {
                Ok(grid) => {
                    check.cells(at, &grid);
                    grids.push(grid);
                }
                Err((cell, why)) => check.problem(at, cell, why, "在 Excel 或 WPS 里打开模板，改正后另存为 xlsx"),
            }
            check.elsewhere(at, tree, &mut package);
        }
        let repeating = check.repeating();
        if let Some(repeating) = repeating {
            check.merges(repeating, &trees[repeating.sheet]);
            grids.iter().enumerate().for_each(|(at, grid)| check.formulas(repeating, at, grid));
        }
        let problems = check.problems;
        match repeating {
            Some(repeating) if problems.is_empty() => Ok(Self { package, book, repeating }),
            _ => Err(problems),
        }
    }
}

struct Check<'c> {
    file: &'c Path,
    book: &'c Book,
    names: &'c Names,
    problems: Vec<Diag>,
    /// Sheet, row and first cell of the rows that ask for values of a line.
    lines: BTreeSet<(usize, u32, u32)>,
}

impl Check<'_> {
    fn place(&self, sheet: usize, cell: CellRef) -> Place {
        Place::Cell { file: self.file.to_path_buf(), sheet: self.book.sheets[sheet].name.clone(), cell }
    }

    fn problem(&mut self, sheet: usize, cell: CellRef, what: impl Into<String>, help: impl Into<String>) {
        let diag = Diag::error(Code::FormInvalid, what).at(self.place(sheet, cell)).help(help);
        self.problems.push(diag);
    }

    fn cells(&mut self, sheet: usize, grid: &Grid<'_, '_>) {
        for cell in grid.rows.iter().flat_map(|row| &row.cells) {
            match &cell.content {
                Content::Words(words) => self.words(sheet, cell.at, words),
                Content::Formula(formula) if has_hole(&formula.text) => {
                    let help = "把占位单独写在一格里，公式引用那一格";
                    self.problem(sheet, cell.at, "公式里不能写占位", help);
                }
                Content::Formula(_) | Content::Fixed => {}
            }
        }
    }

    fn words(&mut self, sheet: usize, at: CellRef, words: &Words) {
        if words.is_open {
            self.problem(sheet, at, "占位只有「{{」，没有「}}」", "写成 {{名称}}");
        }
        for name in words.holes() {
            let is = |known: &String| known == name;
            if self.names.line.iter().any(is) {
                self.lines.insert((sheet, at.row, at.column));
            } else if !self.names.heading.iter().any(is) {
                let known = self.names.heading.iter().chain(&self.names.line).map(String::as_str);
                let near = nearest(name, known).map(|near| format!("是不是 {{{{{near}}}}}？")).unwrap_or_default();
                let help = format!("{near}{}", self.known());
                self.problem(sheet, at, format!("不认识的占位「{name}」"), help);
            }
        }
    }

    fn known(&self) -> String {
        format!("整单用的：{}；明细行用的：{}", self.names.heading.join("、"), self.names.line.join("、"))
    }

    /// Places outside cells are not filled, and must not go out unfilled.
    fn elsewhere(&mut self, sheet: usize, tree: &Element<'_>, package: &mut Package) {
        let name = self.book.sheets[sheet].name.clone();
        let mut wrong = Vec::new();
        let outside = tree.children.iter().filter(|child| child.name() != "sheetData");
        if has_hole(&outside.map(all_text).collect::<String>()) {
            wrong.push("页眉、页脚或数据有效性");
        }
        for related in &self.book.sheets[sheet].related {
            let what = match related.kind.as_str() {
                "drawing" => "文本框或图形",
                "comments" | "threadedComment" => "批注",
                _ => continue,
            };
            let text = match package.text(&related.part) {
                Ok(text) => text.unwrap_or_default(),
                Err(diag) => {
                    self.problems.push(diag);
                    continue;
                }
            };
            if xml::parse(&text).is_ok_and(|tree| has_hole(&all_text(&tree))) {
                wrong.push(what);
            }
        }
        if has_hole(&name) {
            wrong.push("工作表名");
        }
        for what in wrong {
            let place = Place::Sheet { file: self.file.to_path_buf(), sheet: name.clone() };
            let diag = Diag::error(Code::FormInvalid, format!("{what}里不能写占位")).at(place);
            self.problems.push(diag.help("占位只写在单元格里"));
        }
    }

    fn repeating(&mut self) -> Option<Repeating> {
        let lines = std::mem::take(&mut self.lines);
        let mut rows: Vec<(usize, u32, u32)> = Vec::new();
        for (sheet, row, column) in lines {
            if rows.last().is_none_or(|last| (last.0, last.1) != (sheet, row)) {
                rows.push((sheet, row, column));
            }
        }
        let Some((sheet, row, column)) = rows.first().copied() else {
            let diag = Diag::error(Code::FormInvalid, "模板没有明细行").in_file(self.file);
            let help = format!("在一行的各格里写明细行用的占位，例如 {{{{{}}}}}。{}", self.names.line.join("}} {{"), self.known());
            self.problems.push(diag.help(help));
            return None;
        };
        let first = self.place(sheet, CellRef { column, row });
        for (sheet, row, column) in rows.iter().skip(1).copied() {
            let diag = Diag::error(Code::FormInvalid, "模板有两个明细行").at(self.place(sheet, CellRef { column, row }));
            let help = "一张单据只有一行可以重复；这里改用整单用的占位，或合到同一行";
            self.problems.push(diag.label(first.clone(), "第一个明细行").help(help));
        }
        Some(Repeating { sheet, row })
    }

    /// A merged range that begins with the repeating row and goes on below cannot be repeated.
    fn merges(&mut self, repeating: Repeating, tree: &Element<'_>) {
        let merges = tree.child("mergeCells");
        for merge in merges.iter().flat_map(|merges| merges.children("mergeCell")).filter_map(|merge| merge.attribute("ref")) {
            let found = refs::find(&merge);
            let rows = found.first().and_then(|r| Some((r.first, r.first.row?.at, r.last?.row?.at)));
            if let Some((corner, first, last)) = rows
                && first == repeating.row
                && last > first
            {
                let cell = CellRef { column: corner.column.map_or(0, |c| c.at), row: first };
                let help = "明细行的合并只能在这一行之内；把合并改为不跨行";
                self.problem(repeating.sheet, cell, format!("合并单元格 {merge} 从明细行跨到下面的行"), help);
            }
        }
    }

    /// What a formula makes of the first line alone is not what it should be of all lines.
    fn formulas(&mut self, repeating: Repeating, sheet: usize, grid: &Grid<'_, '_>) {
        let (name, host) = (&self.book.sheets[repeating.sheet].name, &self.book.sheets[sheet].name);
        let mut wrong = Vec::new();
        for row in &grid.rows {
            let is_repeating = sheet == repeating.sheet && row.number == repeating.row;
            for cell in &row.cells {
                let Content::Formula(formula) = &cell.content else { continue };
                let spans = formula.array.as_deref().is_some_and(|area| {
                    sheet == repeating.sheet
                        && refs::find(area).iter().any(|r| covers(r, repeating.row) && r.last.is_some_and(|l| l.row != r.first.row))
                });
                if spans {
                    wrong.push((cell.at, "数组公式跨明细行，不能重复".to_owned(), "改为普通公式，或让数组公式只占这一行".to_owned()));
                }
                let single = refs::find(&formula.text).into_iter().find(|reference| {
                    !is_repeating && reference.last.is_none() && covers(reference, repeating.row) && reference.is_of(name, host)
                });
                if let Some(reference) = single {
                    let at = &formula.text[reference.span];
                    let what = format!("公式只引用明细行的一格 {at}，明细多于一行时会漏掉其余各行");
                    wrong.push((cell.at, what, format!("改成区域，例如 SUM({at}:{at})，填写时会随明细行变长")));
                }
            }
        }
        for (at, what, help) in wrong {
            self.problem(sheet, at, what, help);
        }
    }
}

fn covers(reference: &refs::Reference, row: u32) -> bool {
    let Some(first) = reference.first.row else { return false };
    let last = reference.last.and_then(|last| last.row).unwrap_or(first);
    (first.at.min(last.at)..=first.at.max(last.at)).contains(&row)
}

/// The character data of an element and all below it, in order of elements.
fn all_text(element: &Element<'_>) -> String {
    let mut text = String::new();
    element.visit(&mut |element| text.push_str(&element.text));
    text
}
