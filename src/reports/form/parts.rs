//! What hangs on the rows of a sheet outside its cells: merged ranges, conditions, pictures, comments, names, the chain of
//! calculation.

use super::refs::{self, LAST_ROW};
use super::shift::Shift;
use super::xml::{Edits, Element};

/// Attributes of a sheet that name cells of it.
const PLACES: [&str; 5] = ["ref", "sqref", "activeCell", "topLeftCell", "location"];
/// Elements whose text is a formula.
const FORMULAS: [&str; 4] = ["f", "formula", "formula1", "formula2"];

/// The head and tail of a sheet: everything but its rows. `host` is the sheet's name.
pub fn around(tree: &Element<'_>, shift: &Shift<'_>, host: &str, edits: &mut Edits) {
    if shift.added == 0 {
        return;
    }
    let is_own = refs::same_sheet(host, shift.sheet);
    for part in tree.children.iter().filter(|child| child.name() != "sheetData") {
        if is_own && part.name() == "mergeCells" {
            merges(part, shift, edits);
            continue;
        }
        // the row of a formula of a condition is that of the first cell it is for
        let mut base = None;
        part.visit(&mut |element| {
            if let Some(row) = element.attribute("sqref").and_then(|area| first_row(&area)) {
                base = Some(row);
            }
            if element.name() == "brk" && part.name() == "rowBreaks" && is_own {
                page_break(element, shift, edits);
                return;
            }
            let changes: Vec<(&str, Option<String>)> = PLACES
                .iter()
                .filter_map(|name| {
                    let before = element.attribute(name)?;
                    let holds_for =
                        is_own && (*name == "sqref" && element.name() != "selection" || element.name() == "hyperlink" && *name == "ref");
                    let after = if holds_for { shift.areas(&before) } else { shift.text(&before, host) };
                    (after != before).then_some((*name, Some(after)))
                })
                .collect();
            if !changes.is_empty() {
                edits.set_attributes(element, &changes);
            }
            let after = match element.name() {
                "sqref" if is_own => shift.areas(&element.text),
                name if !FORMULAS.contains(&name) => return,
                _ if is_own && base == Some(shift.row) => shift.copy(&element.text, host, 0),
                _ => shift.text(&element.text, host),
            };
            if after != element.text {
                edits.set_text(element, &after);
            }
        });
    }
}

fn first_row(area: &str) -> Option<u32> {
    refs::find(area).first()?.first.row.map(|row| row.at)
}

/// Merged cells of the repeating row are merged in every copy, others move or grow.
fn merges(part: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    let mut out = String::new();
    let mut count = 0;
    for merge in part.children("mergeCell") {
        let area = merge.attribute("ref").unwrap_or_default();
        let rows = refs::find(&area).first().and_then(|r| Some((r.first.row?.at, r.last?.row?.at)));
        let copies = if rows == Some((shift.row, shift.row)) { shift.added } else { 0 };
        let mut push = |area: String| {
            count += 1;
            out.push_str(&merge.tag_with(&[("ref", Some(area))]));
        };
        if copies == 0 {
            push(shift.text(&area, shift.sheet));
        } else {
            (0..=copies).for_each(|copy| push(refs::copied(&area, copy.into(), 0)));
        }
    }
    edits.set_attributes(part, &[("count", Some(count.to_string()))]);
    edits.replace(part.inner.clone(), out);
}

/// `id` is the row above the break.
fn page_break(element: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    if let Some(row) = element.number("id").filter(|row| *row >= shift.row) {
        let after = row.saturating_add(shift.added).min(LAST_ROW);
        edits.set_attributes(element, &[("id", Some(after.to_string()))]);
    }
}

/// Names of the workbook; `recalculate` asks programs to compute every formula when the file is opened.
pub fn workbook(tree: &Element<'_>, shift: &Shift<'_>, recalculate: bool, edits: &mut Edits) {
    for name in tree.child("definedNames").iter().flat_map(|names| names.children("definedName")) {
        let after = shift.text(&name.text, "");
        if after != name.text {
            edits.set_text(name, &after);
        }
    }
    if !recalculate {
        return;
    }
    let on = [("fullCalcOnLoad", Some("1".to_owned()))];
    match tree.child("calcPr") {
        Some(calculation) => edits.set_attributes(calculation, &on),
        None => {
            let before = ["definedNames", "externalReferences", "sheets"].into_iter().find_map(|name| tree.child(name));
            if let Some(before) = before {
                let end = before.whole.end;
                edits.replace(end..end, format!("<{}calcPr fullCalcOnLoad=\"1\"/>", tree.prefix()));
            }
        }
    }
}

/// The order in which cells are computed; a cell without a formula in it makes Excel repair the file. `id` is the sheet's, an
/// entry without one is of the same sheet as the entry before.
pub fn chain(tree: &Element<'_>, shift: &Shift<'_>, id: &str, edits: &mut Edits) {
    let mut current = String::new();
    for entry in tree.children("c") {
        if let Some(sheet) = entry.attribute("i") {
            current = sheet;
        }
        let Some(at) = entry.attribute("r").and_then(|r| refs::cell(&r)).filter(|_| current == id) else { continue };
        let moved = |row: u32| ("r", Some(format!("{}{row}", crate::diag::column_letters(at.column))));
        let copies = if at.row == shift.row { 0..=shift.added } else { 0..=0 };
        let entries: String = copies.map(|copy| entry.tag_with(&[moved(shift.row(at.row) + copy)])).collect();
        edits.replace(entry.whole.clone(), entries);
    }
}

/// Pictures and shapes below the repeating row move down; one that spans it grows only where it is bound to both its cells.
pub fn drawing(tree: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    for anchor in &tree.children {
        let bound = anchor.attribute("editAs");
        let row = |corner: &str| anchor.child(corner).and_then(|corner| corner.child("row"));
        let number = |element: &Element<'_>| element.text.trim().parse::<u32>().ok().map(|row| row.saturating_add(1));
        let Some(from) = row("from").and_then(number).filter(|_| bound.as_deref() != Some("absolute")) else { continue };
        let keeps_size = bound.as_deref() == Some("oneCell") && from <= shift.row;
        let corners = if keeps_size { &["from"][..] } else { &["from", "to"] };
        for corner in corners.iter().filter_map(|corner| row(corner)) {
            if let Some(before) = number(corner).filter(|before| *before > shift.row) {
                edits.set_text(corner, &(shift.row(before) - 1).to_string());
            }
        }
    }
}

/// Comments, tables, and whatever else names its cells in `ref`.
pub fn places(tree: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    tree.visit(&mut |element| {
        let Some(before) = element.attribute("ref") else { return };
        let after = shift.text(&before, shift.sheet);
        if after != before {
            edits.set_attributes(element, &[("ref", Some(after))]);
        }
    });
}

/// Ranges that charts are drawn from.
pub fn chart(tree: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    tree.visit(&mut |element| {
        if element.name() == "f" && !element.text.is_empty() {
            let after = shift.text(&element.text, "");
            if after != element.text {
                edits.set_text(element, &after);
            }
        }
    });
}

/// The frames of comments and of buttons: `Row` and the third and seventh number of `Anchor`, all from zero.
pub fn frames(tree: &Element<'_>, shift: &Shift<'_>, edits: &mut Edits) {
    let moved = |row: &str| {
        let row: u32 = row.trim().parse().ok()?;
        Some(shift.row(row + 1) - 1)
    };
    tree.visit(&mut |element| match element.name() {
        "Row" => {
            if let Some(row) = moved(&element.text) {
                edits.set_text(element, &row.to_string());
            }
        }
        "Anchor" => {
            let numbers = element.text.split(',').enumerate().map(|(at, number)| match moved(number).filter(|_| at == 2 || at == 6) {
                Some(row) => row.to_string(),
                None => number.trim().to_owned(),
            });
            edits.set_text(element, &numbers.collect::<Vec<_>>().join(", "));
        }
        _ => {}
    });
}
