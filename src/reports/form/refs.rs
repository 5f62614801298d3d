//! References in a formula's text: found where they stand, so that the rest of the text stays as it was written.

use std::fmt;
use std::ops::Range;

use crate::diag::column_letters;

pub const LAST_ROW: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// One coordinate; `$` before it fixes it against copying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Columns from zero, rows from one.
    pub at: u32,
    pub fixed: bool,
}

/// `$B$3`; `B` of whole columns has no row, `3` of whole rows no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub column: Option<Axis>,
    pub row: Option<Axis>,
}

/// The sheet that a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// The one that the formula stands on.
    Own,
    Named(String),
    /// Another workbook, or several sheets at once: nothing that rows of one sheet move.
    Elsewhere,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The address without the sheet, in bytes.
    pub span: Range<usize>,
    pub sheet: Sheet,
    pub first: Point,
    pub last: Option<Point>,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollar = |fixed| if fixed { "$" } else { "" };
        if let Some(column) = self.column {
            write!(f, "{}{}", dollar(column.fixed), column_letters(column.at))?;
        }
        if let Some(row) = self.row {
            write!(f, "{}{}", dollar(row.fixed), row.at)?;
        }
        Ok(())
    }
}

impl Reference {
    /// Whether it is about the sheet `name`, the formula standing on `host`.
    pub fn is_of(&self, name: &str, host: &str) -> bool {
        match &self.sheet {
            Sheet::Own => same_sheet(host, name),
            Sheet::Named(sheet) => same_sheet(sheet, name),
            Sheet::Elsewhere => false,
        }
    }
}

/// Spreadsheet programs do not tell capitals from small letters in names of sheets.
pub fn same_sheet(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// The text with some references written anew; `None` leaves one as it is.
pub fn rewrite(formula: &str, mut change: impl FnMut(&Reference) -> Option<String>) -> String {
    let mut out = String::with_capacity(formula.len() + 8);
    let mut at = 0;
    for reference in find(formula) {
        if let Some(text) = change(&reference) {
            out.push_str(&formula[at..reference.span.start]);
            out.push_str(&text);
            at = reference.span.end;
        }
    }
    out.push_str(&formula[at..]);
    out
}

/// `B3` or `B3:D9` with both corners.
pub fn address(first: Point, last: Option<Point>) -> String {
    last.map_or_else(|| first.to_string(), |last| format!("{first}:{last}"))
}

/// Every reference, from left to right. Text in quotes, names, functions and columns of tables are none.
pub fn find(formula: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut sheet = Sheet::Own;
    let mut at = 0;
    while let Some(c) = formula[at..].chars().next() {
        let rest = &formula[at..];
        match c {
            '"' => at += 1 + rest[1..].find('"').map_or(rest.len() - 1, |end| end + 1),
            '\'' => {
                let (name, length) = quoted(rest);
                at += length;
                if formula[at..].starts_with('!') {
                    at += 1;
                    sheet = qualifier(&name);
                }
                continue;
            }
            '[' => {
                at += bracketed(rest);
                sheet = Sheet::Elsewhere;
                continue;
            }
            _ if is_word(c) => {
                let word = word(rest);
                let after = &rest[word.len()..];
                if after.starts_with('!') {
                    at += word.len() + 1;
                    sheet = if sheet == Sheet::Own { Sheet::Named(word.to_owned()) } else { Sheet::Elsewhere };
                    continue;
                }
                let is_call = after.starts_with('(') || after.starts_with('[');
                let reference = if is_call { None } else { reference(word, after) };
                let Some((first, last, length)) = reference else {
                    at += word.len();
                    // `Sheet1:Sheet3!A1`
                    sheet = if after.starts_with(':') { Sheet::Elsewhere } else { Sheet::Own };
                    at += usize::from(after.starts_with(':'));
                    continue;
                };
                found.push(Reference { span: at..at + length, sheet: std::mem::replace(&mut sheet, Sheet::Own), first, last });
                at += length;
                continue;
            }
            _ => at += c.len_utf8(),
        }
        sheet = Sheet::Own;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

fn word(text: &str) -> &str {
    &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())]
}

/// A name in single quotes and how many bytes it takes.
fn quoted(text: &str) -> (String, usize) {
    let mut name = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            name.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            name.push('\'');
        } else {
            return (name, at + 1);
        }
    }
    (name, text.len())
}

fn qualifier(name: &str) -> Sheet {
    // no sheet's own name holds these
    if name.contains(['[', ']', ':']) { Sheet::Elsewhere } else { Sheet::Named(name.to_owned()) }
}

/// Bytes up to the bracket that closes the first one.
fn bracketed(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        depth = match c {
            '[' => depth + 1,
            ']' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The reference that begins with `word`, and its length; `after` is what follows.
fn reference(word: &str, after: &str) -> Option<(Point, Option<Point>, usize)> {
    let first = point(word)?;
    let second = after.strip_prefix(':').map(self::word).filter(|second| {
        let next = after[1 + second.len()..].chars().next();
        !matches!(next, Some('(' | '!' | '['))
    });
    let last = second.and_then(|second| Some((point(second)?, second.len())));
    let is_whole = |point: Point| point.column.is_some() && point.row.is_some();
    match last {
        Some((last, length)) if first.column.is_some() == last.column.is_some() && first.row.is_some() == last.row.is_some() => {
            Some((first, Some(last), word.len() + 1 + length))
        }
        // a number or a name, where no range makes rows or columns of it
        _ => is_whole(first).then_some((first, None, word.len())),
    }
}

/// `$B$3`, `B`, `$3`.
fn point(word: &str) -> Option<Point> {
    let (column_fixed, rest) = word.strip_prefix('$').map_or((false, word), |rest| (true, rest));
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (letters, rest) = rest.split_at(letters);
    let (row_fixed, digits) = match rest.strip_prefix('$') {
        Some(digits) if !letters.is_empty() => (true, digits),
        None if letters.is_empty() => (column_fixed, rest),
        None => (false, rest),
        Some(_) => return None,
    };
    let column = match letters {
        "" => None,
        letters => Some(Axis { at: column(letters)?, fixed: column_fixed }),
    };
    let row = match digits {
        "" if row_fixed => return None,
        "" => None,
        digits if digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) => return None,
        digits => Some(Axis { at: digits.parse().ok().filter(|row| *row <= LAST_ROW)?, fixed: row_fixed }),
    };
    (column.is_some() || row.is_some()).then_some(Point { column, row })
}

/// `A` is 0.
fn column(letters: &str) -> Option<u32> {
    if letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (number <= COLUMNS).then(|| number - 1)
}

/// `B3` as column and row.
pub fn cell(text: &str) -> Option<crate::diag::CellRef> {
    let point = point(text)?;
    Some(crate::diag::CellRef { column: point.column?.at, row: point.row?.at })
}

/// A formula as it reads when copied `down` and `right` from where it stands; what leaves the sheet becomes `#REF!`.
pub fn copied(formula: &str, down: i64, right: i64) -> String {
    let moved = |axis: Option<Axis>, by: i64, most: i64| match axis {
        Some(axis) if !axis.fixed => {
            let at = i64::from(axis.at) + by;
            u32::try_from(at).ok().filter(|_| at <= most).map(|at| Some(Axis { at, ..axis }))
        }
        axis => Some(axis),
    };
    let point = |point: Point| {
        let row = moved(point.row, down, LAST_ROW.into())?;
        Some(Point { column: moved(point.column, right, i64::from(COLUMNS) - 1)?, row: row.filter(|row| row.at > 0) })
            .filter(|moved| moved.row.is_some() == point.row.is_some())
    };
    rewrite(formula, |reference| {
        let first = point(reference.first);
        let last = reference.last.map(point);
        Some(match (first, last) {
            (Some(first), None) => first.to_string(),
            (Some(first), Some(Some(last))) => address(first, Some(last)),
            _ => "#REF!".to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(formula: &str) -> Vec<String> {
        find(formula).iter().map(|r| format!("{:?} {}", r.sheet, address(r.first, r.last))).collect()
    }

    #[test]
    fn only_references_are_found() {
        assert_eq!(addresses("SUM($D$8:D9)+E10*1.5"), ["Own $D$8:D9", "Own E10"]);
        assert_eq!(addresses("IF(A1=\"B2:C3\",LOG10(5),名称)&\"A\"\"4\"\"\""), ["Own A1"]);
        assert_eq!(
            addresses("'奖罚 ''通知''单'!A1+明细!$B2+[1]明细!C3+'[x.xlsx]明细'!D4"),
            ["Named(\"奖罚 '通知'单\") A1", "Named(\"明细\") $B2", "Elsewhere C3", "Elsewhere D4"]
        );
        assert_eq!(addresses("SUM(明细:汇总!A1)+SUM(表1[金额])+B2"), ["Elsewhere A1", "Own B2"]);
        assert_eq!(addresses("SUM(A:B)+SUM($1:$3)+ABC1234567+AAAA1+#REF!"), ["Own A:B", "Own $1:$3"]);
    }

    #[test]
    fn a_copied_formula_moves_what_is_not_fixed() {
        assert_eq!(copied("D8*$E$1+$F8+G$2+A:A", 2, 1), "E10*$E$1+$F10+H$2+B:B");
        assert_eq!(copied("D1", -1, 0), "#REF!");
    }
}
