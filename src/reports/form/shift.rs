//! What moves when the repeating row becomes many rows.

use super::refs::{Axis, LAST_ROW, Point, Reference, address, rewrite};

/// Rows that come in below one row of one sheet.
#[derive(Debug, Clone, Copy)]
pub struct Shift<'s> {
    pub sheet: &'s str,
    /// The repeating row, one-based.
    pub row: u32,
    /// Rows more than the template has.
    pub added: u32,
}

impl Shift<'_> {
    /// Where a row of the template stands afterwards; the repeating row itself stays.
    pub fn row(&self, row: u32) -> u32 {
        if row > self.row { row.saturating_add(self.added).min(LAST_ROW) } else { row }
    }

    /// Where the end of a stretch of rows stands afterwards; one that ends with the repeating row grows.
    fn end(&self, row: u32) -> u32 {
        if row >= self.row { row.saturating_add(self.added).min(LAST_ROW) } else { row }
    }

    /// The references of a text that stands on sheet `host`: a formula, a range, a list of ranges. Ranges that cover the
    /// repeating row grow.
    pub fn text(&self, text: &str, host: &str) -> String {
        if self.added == 0 {
            return text.to_owned();
        }
        rewrite(text, |reference| self.moved(reference, host))
    }

    /// A list of ranges that something holds for, on the sheet itself: what holds for a cell of the repeating row holds for every copy.
    pub fn areas(&self, areas: &str) -> String {
        rewrite(areas, |reference| {
            let last = reference.last.or_else(|| reference.first.row.filter(|row| row.at == self.row).map(|_| reference.first));
            self.moved(&Reference { last, ..reference.clone() }, self.sheet)
        })
    }

    /// A formula of the repeating row in its copy number `copy`. What is not fixed by `$` and does not lie below the row goes along
    /// with the copy; the rest is as in [`Shift::text`].
    pub fn copy(&self, formula: &str, host: &str, copy: u32) -> String {
        let goes_along = |axis: Axis| !axis.fixed && axis.at <= self.row;
        rewrite(formula, |reference| {
            let rows = [Some(reference.first), reference.last].map(|p| p.and_then(|p| p.row));
            if !rows.iter().flatten().any(|axis| goes_along(*axis)) || !reference.is_of(self.sheet, host) {
                return self.moved(reference, host);
            }
            let point = |point: Point, is_end: bool| {
                let row = point.row.map(|axis| match axis {
                    axis if goes_along(axis) => Axis { at: axis.at + copy, ..axis },
                    axis if is_end => Axis { at: self.end(axis.at), ..axis },
                    axis => Axis { at: self.row(axis.at), ..axis },
                });
                Point { row, ..point }
            };
            Some(address(point(reference.first, false), reference.last.map(|last| point(last, true))))
        })
    }

    fn moved(&self, reference: &Reference, host: &str) -> Option<String> {
        if !reference.is_of(self.sheet, host) {
            return None;
        }
        let set =
            |point: Point, at: fn(&Self, u32) -> u32| Point { row: point.row.map(|axis| Axis { at: at(self, axis.at), ..axis }), ..point };
        let Some(last) = reference.last else { return Some(set(reference.first, Self::row).to_string()) };
        let is_reversed = reference.first.row.zip(last.row).is_some_and(|(first, last)| first.at > last.at);
        let (first, last) = if is_reversed {
            (set(reference.first, Self::end), set(last, Self::row))
        } else {
            (set(reference.first, Self::row), set(last, Self::end))
        };
        Some(address(first, Some(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four lines more, at row 8.
    const SHIFT: Shift<'static> = Shift { sheet: "通知单", row: 8, added: 4 };

    fn moved(text: &str) -> String {
        SHIFT.text(text, "通知单")
    }

    #[test]
    fn what_lies_below_moves_and_what_covers_the_row_grows() {
        assert_eq!(moved("SUM(D8:D8)"), "SUM(D8:D12)");
        assert_eq!(moved("SUM($D$5:$D$8)+D9+D7"), "SUM($D$5:$D$12)+D13+D7");
        assert_eq!(moved("SUM(D9:D10)+SUM(D8:D10)+SUM(D1:D7)"), "SUM(D13:D14)+SUM(D8:D14)+SUM(D1:D7)");
        assert_eq!(moved("A1:C3 B8:B9 E9"), "A1:C3 B8:B13 E13");
        assert_eq!(moved("$1:$3"), "$1:$3");
        assert_eq!(moved("SUM(D:D)"), "SUM(D:D)");
        assert_eq!(moved("SUM(D9:D8)"), "SUM(D13:D8)");
    }

    #[test]
    fn what_holds_for_a_cell_of_the_row_holds_for_every_copy() {
        assert_eq!(SHIFT.areas("D8 E9 A1:B8"), "D8:D12 E13 A1:B12");
    }

    #[test]
    fn another_sheet_s_cells_stay() {
        assert_eq!(moved("说明!D9+'通知单'!D9"), "说明!D9+'通知单'!D13");
        assert_eq!(SHIFT.text("D9+通知单!D9", "说明"), "D9+通知单!D13");
    }

    #[test]
    fn a_formula_of_the_row_is_copied_as_by_hand() {
        let copy = |formula| SHIFT.copy(formula, "通知单", 2);
        assert_eq!(copy("D8*E8"), "D10*E10");
        assert_eq!(copy("F7+D8"), "F9+D10");
        assert_eq!(copy("SUM($D$8:D8)"), "SUM($D$8:D10)");
        assert_eq!(copy("D8/SUM($D$8:$D$8)"), "D10/SUM($D$8:$D$12)");
        assert_eq!(copy("D8/D9+$A$1+D$8"), "D10/D13+$A$1+D$8");
        assert_eq!(copy("SUM(A8:C8)"), "SUM(A10:C10)");
    }
}
