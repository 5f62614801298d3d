//! How tall a row has to be for the texts that were filled in. Spreadsheet programs keep the heights that a file from another
//! program comes with, so that a text of three lines in a row of one would be cut off on paper.

use super::book::Look;
use super::fill::{Filled, FilledRow};
use super::grid::Row;
use super::refs;
use super::xml::Element;
use crate::reports::width::display;

/// Of a column that nobody set, and of a row.
const WIDTH: f64 = 8.43;
const HEIGHT: f64 = 15.0;
/// Pixels of a unit of column width; what the frame takes; points to pixels.
const UNIT: f64 = 7.0;
const PIXELS: f64 = 96.0 / 72.0;
/// Line height over size of letters, and the least room above and below.
const LINE: f64 = 1.36;
const ROOM: f64 = 2.0;
/// Excel's own limit, in points.
const TALLEST: f64 = 409.0;

/// What the widths of a sheet's cells are made of.
pub struct Widths {
    columns: Vec<(u32, u32, f64)>,
    default: f64,
    height: f64,
    /// First row, last row, first column, last column.
    merges: Vec<[u32; 4]>,
}

impl Widths {
    pub fn of(sheet: &Element<'_>) -> Self {
        let number = |element: &Element<'_>, name: &str| element.attribute(name)?.parse::<f64>().ok();
        let format = sheet.child("sheetFormatPr");
        let columns = sheet.child("cols").into_iter().flat_map(|columns| columns.children("col"));
        let columns = columns.filter_map(|column| {
            Some((column.number("min")?.checked_sub(1)?, column.number("max")?.checked_sub(1)?, number(column, "width")?))
        });
        let merges = sheet.child("mergeCells").into_iter().flat_map(|merges| merges.children("mergeCell"));
        let merges = merges.filter_map(|merge| {
            let area = refs::find(&merge.attribute("ref")?).into_iter().next()?;
            let last = area.last?;
            Some([area.first.row?.at, last.row?.at, area.first.column?.at, last.column?.at])
        });
        Self {
            columns: columns.collect(),
            default: format.and_then(|format| number(format, "defaultColWidth")).unwrap_or(WIDTH),
            height: format.and_then(|format| number(format, "defaultRowHeight")).unwrap_or(HEIGHT),
            merges: merges.collect(),
        }
    }

    fn column(&self, at: u32) -> f64 {
        let own = self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&at));
        own.map_or(self.default, |(.., width)| *width)
    }

    /// Of the cell that stands there in the template; `None` where it spans rows.
    fn cell(&self, row: u32, column: u32) -> Option<f64> {
        match self.merges.iter().find(|merge| merge[0] == row && merge[2] == column) {
            None => Some(self.column(column)),
            Some([first, last, ..]) if first < last => None,
            Some([.., first, last]) => Some((*first..=*last).map(|at| self.column(at)).sum()),
        }
    }

    /// In points; `None` where no text was filled in.
    pub fn height(&self, template: &Row<'_, '_>, row: &FilledRow<'_>, looks: &[Look]) -> Option<f64> {
        let texts = template.cells.iter().zip(&row.cells).filter_map(|(cell, filled)| match filled {
            Filled::Text { plain, .. } => Some((cell, plain)),
            _ => None,
        });
        texts
            .map(|(cell, text)| {
                let look = looks.get(cell.style).copied().unwrap_or_default();
                let width = self.cell(template.number, cell.at.column).filter(|_| look.wraps);
                let lines = width.map_or(1.0, |width| lines(text, width, look.size));
                (lines * look.size * LINE + ROOM).max(self.height).min(TALLEST)
            })
            .reduce(f64::max)
    }
}

/// Lines that a text takes; a letter is half as wide as it is tall, a Chinese one as wide.
fn lines(text: &str, width: f64, size: f64) -> f64 {
    let room = (width * UNIT).max(1.0);
    text.split('\n').map(|line| (display(line) as f64 * size * PIXELS / 2.0 / room).ceil().max(1.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_lines_that_its_width_asks_for() {
        // 20 units are 140 pixels, a Chinese letter of 10.5 points is 14 pixels wide
        assert_eq!(lines(&"字".repeat(10), 20.0, 10.5), 1.0);
        assert_eq!(lines(&"字".repeat(11), 20.0, 10.5), 2.0);
        assert_eq!(lines("一\n二\n\n四", 20.0, 10.5), 4.0);
    }
}
