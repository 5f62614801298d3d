//! Figures over a list on the same sheet. Keys are compared with `EXACT`, since `COUNTIFS` takes `0012` for `12` and `*`
//! for anything; `SUMPRODUCT` needs no array formula in any spreadsheet program.

use crate::diag::column_letters;

/// Whether `COUNTIFS` takes the text for itself and nothing else: `0012` is also `12`, `*` is anything, `ab` is also `AB`.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 100 && text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The rows of a list, one-based, both ends inside.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    pub first: usize,
    pub last: usize,
}

impl Rows {
    /// `$C$5:$C$40`
    fn of(self, column: usize) -> String {
        let letters = column_letters(column as u32);
        format!("${letters}${}:${letters}${}", self.first, self.last)
    }

    /// Rows where `column` reads as `with` does: a cell, or a text in quotes.
    pub fn same(self, column: usize, with: &str) -> String {
        format!("EXACT({},{with})", self.of(column))
    }

    /// How many rows meet all of `factors`.
    pub fn count(self, factors: &[String]) -> String {
        format!("SUMPRODUCT({}*1)", factors.join("*"))
    }

    /// Sum of `column` in the rows that meet all of `factors`, to the fen.
    pub fn sum(self, factors: &[String], column: usize) -> String {
        format!("ROUND(SUMPRODUCT({}*1,{}),2)", factors.join("*"), self.of(column))
    }
}
