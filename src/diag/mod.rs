//! Problems with a file or a rule, for the operator: a code, a place, what is wrong, and the next step.

mod code;
mod output;
mod render;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use code::Code;
pub use output::unwritable;
pub use render::{locate, render};

/// How much a [`Diag`] matters: an error stops the run, a warning is shown, a note only informs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// A cell as Excel names it: zero-based column, one-based row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    pub column: u32,
    pub row: u32,
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row)
    }
}

/// `0` is `A`, `25` is `Z`, `26` is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|&b| b as char).collect()
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Nowhere,
    File(PathBuf),
    Sheet {
        file: PathBuf,
        sheet: String,
    },
    Cell {
        file: PathBuf,
        sheet: String,
        cell: CellRef,
    },
    /// Bytes of a text file: a rule file, a settings file.
    Text {
        file: PathBuf,
        span: Range<usize>,
    },
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diag {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub place: Place,
    /// Further places that explain the first, each with its own words.
    pub labels: Vec<(Place, String)>,
    /// The next step.
    pub help: Option<String>,
}

impl Diag {
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self { code, severity, message: message.into(), place: Place::Nowhere, labels: Vec::new(), help: None }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    #[must_use]
    pub fn in_file(self, file: impl AsRef<Path>) -> Self {
        self.at(Place::File(file.as_ref().to_path_buf()))
    }

    #[must_use]
    pub fn in_text(self, file: impl AsRef<Path>, span: Range<usize>) -> Self {
        self.at(Place::Text { file: file.as_ref().to_path_buf(), span })
    }

    #[must_use]
    pub fn label(mut self, place: Place, words: impl Into<String>) -> Self {
        self.labels.push((place, words.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Problems collected before anything stops.
#[derive(Debug, Clone, Default)]
pub struct Diags(Vec<Diag>);

impl Diags {
    pub fn push(&mut self, diag: Diag) {
        self.0.push(diag);
    }

    pub fn extend(&mut self, other: impl IntoIterator<Item = Diag>) {
        self.0.extend(other);
    }

    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Diag> {
        self.0.iter()
    }
}

impl From<Diag> for Diags {
    fn from(diag: Diag) -> Self {
        Self(vec![diag])
    }
}

impl FromIterator<Diag> for Diags {
    fn from_iter<T: IntoIterator<Item = Diag>>(diags: T) -> Self {
        Self(diags.into_iter().collect())
    }
}

impl IntoIterator for Diags {
    type Item = Diag;
    type IntoIter = std::vec::IntoIter<Diag>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The known name nearest to `wrong`, when one is near enough to be a slip.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
        .filter(|(likeness, _)| *likeness >= 0.4)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_excel() {
        let letters: Vec<String> = [0, 25, 26, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
