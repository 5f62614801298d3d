//! A template and one notice's values to a filled workbook.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime, Timelike};
use quick_xml::escape;
use rust_decimal::Decimal;

use super::grid::{self, Cell, Content, Grid, Row};
use super::heights::Widths;
use super::package::damaged;
use super::parts;
use super::refs::LAST_ROW;
use super::results::{Answer, Results};
use super::shift::Shift;
use super::template::Template;
use super::words::{LONGEST, Words};
use super::xml::{self, Edits, Element};
use crate::diag::{Code, Diag, Place, column_letters};
use crate::reports::sheet::{Cached, Style, Value};
use crate::reports::text;

/// What one form says.
#[derive(Debug, Default)]
pub struct FormData<'a> {
    pub heading: Vec<(&'a str, Value<'a>, Style)>,
    /// Names of the lines' values.
    pub columns: Vec<(&'a str, Style)>,
    pub lines: Vec<Vec<Value<'a>>>,
}

impl<'a> FormData<'a> {
    /// A value by name; `line` is the line of the copy of the repeating row, where there is one.
    fn value(&self, name: &str, line: Option<usize>) -> (&Value<'a>, Style) {
        if let Some((_, value, style)) = self.heading.iter().find(|(known, ..)| *known == name) {
            return (value, *style);
        }
        let found = self.columns.iter().position(|(known, _)| *known == name);
        let value = found.and_then(|column| self.lines.get(line?)?.get(column));
        (value.unwrap_or(&Value::Blank), found.map_or(Style::Text, |column| self.columns[column].1))
    }
}

/// What is written into one cell of the filled sheet.
pub enum Filled<'v> {
    /// As in the template.
    Kept,
    /// A number or an empty cell.
    Value(Value<'v>),
    /// As an `is` element, and what it says.
    Text {
        inline: String,
        plain: String,
    },
    Formula {
        text: String,
        array: Option<String>,
    },
}

/// One row of the filled sheet.
pub struct FilledRow<'v> {
    /// Row of the template, by place in its grid.
    pub template: usize,
    pub number: u32,
    pub cells: Vec<Filled<'v>>,
}

impl Template {
    /// Writes the filled form to `path`.
    ///
    /// # Errors
    /// Every value that does not fit, or the file cannot be written.
    pub fn fill(&self, data: &FormData<'_>, path: &Path) -> Result<(), Vec<Diag>> {
        let one = |diag: Diag| vec![diag];
        let parts = self.filled_parts(data)?;
        self.package.write(&parts, path).map_err(one)
    }

    fn filled_parts(&self, data: &FormData<'_>) -> Result<BTreeMap<String, String>, Vec<Diag>> {
        let broken = |why: String| vec![damaged(&self.package.file, &why)];
        let sheets = &self.book.sheets;
        let mut trees = Vec::new();
        for sheet in sheets {
            trees.push(xml::parse(self.book.part(&sheet.part)).map_err(broken)?);
        }
        let mut grids = Vec::new();
        for (sheet, tree) in sheets.iter().zip(&trees) {
            let grid = grid::read(tree, self.book.part(&sheet.part), &self.book.strings);
            grids.push(grid.map_err(|(at, why)| broken(format!("{at}:{why}")))?);
        }
        let shift = self.shift(data, &grids[self.repeating.sheet]).map_err(|diag| vec![diag])?;
        let mut problems = Vec::new();
        let filled: Vec<Vec<FilledRow<'_>>> =
            grids.iter().enumerate().map(|(at, grid)| self.rows(at, grid, data, &shift, &mut problems)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let results = Results::of(&self.book, &grids, &filled).map_err(|diag| vec![diag])?;
        let mut changed = BTreeMap::new();
        for (at, sheet) in sheets.iter().enumerate() {
            let source = self.book.part(&sheet.part);
            let mut edits = Edits::default();
            let widths = Widths::of(&trees[at]);
            for run in runs(&filled[at]) {
                let template = &grids[at].rows[run[0].template];
                let height = |row| widths.height(template, row, &self.book.looks);
                let written: String = run.iter().map(|row| write_row(source, template, row, height(row), &results, at)).collect();
                if written != source[template.element.whole.clone()] {
                    edits.replace(template.element.whole.clone(), written);
                }
            }
            parts::around(&trees[at], &shift, &sheet.name, &mut edits);
            changed.extend(edits.apply(source).map(|text| (sheet.part.clone(), text)));
        }
        self.others(&shift, results.unknown, &mut changed).map_err(|diag| vec![diag])?;
        Ok(changed)
    }

    fn shift(&self, data: &FormData<'_>, grid: &Grid<'_, '_>) -> Result<Shift<'_>, Diag> {
        let last = grid.rows.last().map_or(0, |row| row.number);
        let added = data.lines.len().max(1) - 1;
        match u32::try_from(added).ok().filter(|added| last.checked_add(*added).is_some_and(|last| last <= LAST_ROW)) {
            Some(added) => Ok(Shift { sheet: &self.book.sheets[self.repeating.sheet].name, row: self.repeating.row, added }),
            None => {
                Err(Diag::error(Code::OutputTooLarge, format!("明细有 {} 行，一张工作表放不下", data.lines.len()))
                    .in_file(&self.package.file))
            }
        }
    }

    /// The rows of one sheet with everything filled in, the repeating row once a line.
    fn rows<'v>(
        &self,
        sheet: usize,
        grid: &Grid<'_, '_>,
        data: &'v FormData<'v>,
        shift: &Shift<'_>,
        problems: &mut Vec<Diag>,
    ) -> Vec<FilledRow<'v>> {
        let mut rows = Vec::new();
        let repeats = |row: &Row<'_, '_>| sheet == self.repeating.sheet && row.number == self.repeating.row;
        for (template, row) in grid.rows.iter().enumerate() {
            let number = if sheet == self.repeating.sheet { shift.row(row.number) } else { row.number };
            let copies = if repeats(row) { shift.added } else { 0 };
            for copy in 0..=copies {
                let line = repeats(row).then_some(copy);
                let filled = row.cells.iter().map(|cell| {
                    self.cell(sheet, cell, data, line, shift).unwrap_or_else(|problem| {
                        problems.push(problem);
                        Filled::Kept
                    })
                });
                rows.push(FilledRow { template, number: number + copy, cells: filled.collect() });
            }
        }
        rows
    }

    fn cell<'v>(
        &self,
        sheet: usize,
        cell: &Cell<'_, '_>,
        data: &'v FormData<'v>,
        line: Option<u32>,
        shift: &Shift<'_>,
    ) -> Result<Filled<'v>, Diag> {
        let host = &self.book.sheets[sheet].name;
        match &cell.content {
            Content::Fixed => Ok(Filled::Kept),
            Content::Formula(formula) => {
                let moved = |text: &str| line.map_or_else(|| shift.text(text, host), |copy| shift.copy(text, host, copy));
                Ok(Filled::Formula { text: moved(&formula.text), array: formula.array.as_deref().map(moved) })
            }
            Content::Words(words) => {
                let line = line.and_then(|line| usize::try_from(line).ok());
                if let Some(value) = words.only_hole().map(|name| data.value(name, line).0)
                    && let Some(value) = self.as_value(value, cell.style)
                {
                    return Ok(Filled::Value(value));
                }
                self.as_text(sheet, cell, words, data, line)
            }
        }
    }

    /// A value that is no text; a date only where the cell shows dates, it would read as a number otherwise.
    fn as_value<'v>(&self, value: &'v Value<'v>, style: usize) -> Option<Value<'v>> {
        let shows_dates = self.book.looks.get(style).is_some_and(|look| look.shows_dates);
        let number = |number: Decimal| Some(Value::Number(number));
        match value {
            Value::Blank | Value::Int(_) | Value::Number(_) => Some(value.clone()),
            Value::Date(date) if shows_dates => number(self.serial(date.and_time(chrono::NaiveTime::MIN))?),
            Value::Datetime(at) if shows_dates => number(self.serial(*at)?),
            Value::Time(at) if shows_dates => number(Decimal::from(at.num_seconds_from_midnight()) / Decimal::from(86_400)),
            Value::Formula(formula) => match formula.cached {
                Cached::Number(cached) => number(cached),
                Cached::Text(_) => None,
            },
            Value::Text(_) | Value::Link(_) | Value::Date(_) | Value::Datetime(_) | Value::Time(_) => None,
        }
    }

    /// Days since the workbook's first.
    fn serial(&self, at: NaiveDateTime) -> Option<Decimal> {
        let zero = if self.book.from_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) }?;
        let seconds = (at.time() - chrono::NaiveTime::MIN).num_seconds();
        Some(Decimal::from((at.date() - zero).num_days()) + Decimal::from(seconds) / Decimal::from(86_400))
    }

    fn as_text<'v>(
        &self,
        sheet: usize,
        cell: &Cell<'_, '_>,
        words: &Words,
        data: &FormData<'_>,
        line: Option<usize>,
    ) -> Result<Filled<'v>, Diag> {
        let shown = |name: &str| {
            let (value, style) = data.value(name, line);
            Cow::Owned::<str>(text::shown(value, style))
        };
        words.inline(cell.element.prefix(), shown).map(|(inline, plain)| Filled::Text { inline, plain }).map_err(|length| {
            let what = match line {
                Some(line) => format!("第 {} 行明细填进这一格有 {length} 个字，超过 {LONGEST} 个", line + 1),
                None => format!("填进这一格有 {length} 个字，超过 {LONGEST} 个"),
            };
            let sheet = self.book.sheets[sheet].name.clone();
            Diag::error(Code::FormInvalid, what)
                .at(Place::Cell { file: self.package.file.clone(), sheet, cell: cell.at })
                .help("缩短原始资料里的这段文字")
        })
    }

    /// Parts besides the sheets themselves.
    fn others(&self, shift: &Shift<'_>, recalculate: bool, changed: &mut BTreeMap<String, String>) -> Result<(), Diag> {
        type Change = fn(&Element<'_>, &Shift<'_>, &mut Edits);
        let mut package = self.package.clone();
        let mut apply = |part: &str, change: &dyn Fn(&Element<'_>, &mut Edits)| -> Result<(), Diag> {
            let Some(source) = package.text(part)? else { return Ok(()) };
            let tree = xml::parse(&source).map_err(|why| damaged(&self.package.file, &format!("「{part}」读不懂：{why}")))?;
            let mut edits = Edits::default();
            change(&tree, &mut edits);
            changed.extend(edits.apply(&source).map(|text| (part.to_owned(), text)));
            Ok(())
        };
        apply(super::book::WORKBOOK, &|tree, edits| parts::workbook(tree, shift, recalculate, edits))?;
        if shift.added == 0 {
            return Ok(());
        }
        let sheet = &self.book.sheets[self.repeating.sheet];
        for related in &sheet.related {
            let change: Change = match related.kind.as_str() {
                "drawing" => parts::drawing,
                "comments" | "threadedComment" | "table" => parts::places,
                "vmlDrawing" => parts::frames,
                _ => continue,
            };
            apply(&related.part, &|tree, edits| change(tree, shift, edits))?;
        }
        for name in self.package.names() {
            if name.starts_with("xl/charts/chart") {
                apply(&name, &|tree, edits| parts::chart(tree, shift, edits))?;
            } else if name == "xl/calcChain.xml" {
                apply(&name, &|tree, edits| parts::chain(tree, shift, &sheet.id, edits))?;
            }
        }
        Ok(())
    }
}

/// Rows that come from the same row of the template.
fn runs<'f, 'v>(rows: &'f [FilledRow<'v>]) -> impl Iterator<Item = &'f [FilledRow<'v>]> {
    rows.chunk_by(|a, b| a.template == b.template)
}

fn write_row(source: &str, template: &Row<'_, '_>, row: &FilledRow<'_>, height: Option<f64>, results: &Results, sheet: usize) -> String {
    let element = template.element;
    let number = row.number.to_string();
    let mut changes = Vec::new();
    if element.attribute("r").as_deref() != Some(&number) {
        changes.push(("r", Some(number)));
    }
    if let Some(height) = height.filter(|_| element.attribute("customHeight").is_none_or(|v| v == "0" || v == "false")) {
        changes.push(("ht", Some(format!("{height:.2}"))));
    }
    let mut out = if changes.is_empty() { source[element.open.clone()].to_owned() } else { element.tag_with(&changes) };
    let mut at = element.inner.start;
    for (cell, filled) in template.cells.iter().zip(&row.cells) {
        out.push_str(&source[at..cell.element.whole.start]);
        write_cell(&mut out, source, cell, row.number, filled, results, sheet);
        at = cell.element.whole.end;
    }
    out.push_str(&source[at..element.whole.end]);
    out
}

fn write_cell(out: &mut String, source: &str, cell: &Cell<'_, '_>, row: u32, filled: &Filled<'_>, results: &Results, sheet: usize) {
    let element = cell.element;
    let name = format!("{}{row}", column_letters(cell.at.column));
    let tag = |kind: Option<&str>| element.tag_with(&[("r", Some(name.clone())), ("t", kind.map(str::to_owned))]);
    let prefix = element.prefix();
    let full = |kind: Option<&str>, inner: &str| {
        let open = tag(kind);
        format!("{}>{inner}</{prefix}c>", open.trim_end_matches("/>").trim_end_matches('>'))
    };
    let written = match filled {
        Filled::Kept if row == cell.at.row => source[element.whole.clone()].to_owned(),
        Filled::Kept => {
            element.tag_with(&[("r", Some(name.clone()))]) + &source[element.inner.start.min(element.whole.end)..element.whole.end]
        }
        Filled::Value(value) => match value {
            Value::Int(int) => full(None, &format!("<{prefix}v>{int}</{prefix}v>")),
            Value::Number(number) => full(None, &format!("<{prefix}v>{}</{prefix}v>", number.normalize())),
            _ => format!("{}/>", tag(None).trim_end_matches("/>").trim_end_matches('>')),
        },
        Filled::Text { inline, .. } => full(Some("inlineStr"), inline),
        Filled::Formula { text, array } => {
            let answer = results.answer(sheet, cell.at.column, row);
            if matches!(answer, Answer::Kept) && row == cell.at.row && text == &written_formula(cell) {
                source[element.whole.clone()].to_owned()
            } else {
                let (kind, value) = answer.written();
                let value = value.map(|value| format!("<{prefix}v>{}</{prefix}v>", escape::partial_escape(&*value))).unwrap_or_default();
                let formula = formula_tag(element, array.as_deref());
                full(kind, &format!("{formula}{}</{prefix}f>{value}", escape::partial_escape(text.as_str())))
            }
        }
    };
    out.push_str(&written);
}

fn written_formula(cell: &Cell<'_, '_>) -> String {
    match &cell.content {
        Content::Formula(formula) => formula.text.clone(),
        _ => String::new(),
    }
}

/// `<f …>` of a formula that stands for itself.
fn formula_tag(cell: &Element<'_>, array: Option<&str>) -> String {
    let Some(formula) = cell.child("f") else { return String::new() };
    let kind = array.map(|_| "array".to_owned());
    let tag = formula.tag_with(&[("t", kind), ("ref", array.map(str::to_owned)), ("si", None)]);
    format!("{}>", tag.trim_end_matches("/>").trim_end_matches('>'))
}
