//! Criteria of `COUNTIFS` and its kin: `">=3"`, `"<>"`, `"客*"`, a number, a text.

use std::cmp::Ordering;

use globset::GlobBuilder;
use rust_decimal::Decimal;

use super::value::Scalar;

/// A cell's test.
pub enum Criterion {
    Number(Bound, Decimal),
    /// In small letters, without signs that stand for others.
    Word {
        word: String,
        matches: bool,
    },
    /// In small letters.
    Pattern {
        pattern: globset::GlobMatcher,
        matches: bool,
    },
    Filled,
    Blank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Criterion {
    /// `None`: a criterion that the workbooks never write.
    pub fn of(wanted: &Scalar) -> Option<Self> {
        let text = match wanted {
            Scalar::Number(number) => return Some(Criterion::Number(Bound::Equal, *number)),
            Scalar::Text(text) => text,
            Scalar::Empty | Scalar::Bool(_) | Scalar::Error(_) => return None,
        };
        let bounds = [
            ("<>", Bound::Unequal),
            ("<=", Bound::AtMost),
            (">=", Bound::AtLeast),
            ("=", Bound::Equal),
            ("<", Bound::Less),
            (">", Bound::Greater),
        ];
        let found = bounds.iter().find_map(|(sign, bound)| text.strip_prefix(sign).map(|rest| (*bound, rest)));
        let (bound, rest) = found.unwrap_or((Bound::Equal, text));
        if let Ok(number) = rest.parse() {
            return Some(Criterion::Number(bound, number));
        }
        match (bound, rest) {
            (Bound::Unequal, "") => Some(Criterion::Filled),
            (Bound::Equal, "") => Some(Criterion::Blank),
            (Bound::Equal | Bound::Unequal, words) => {
                let (word, matches) = (words.to_lowercase(), bound == Bound::Equal);
                if !word.contains(['*', '?', '~']) {
                    return Some(Criterion::Word { word, matches });
                }
                let pattern = GlobBuilder::new(&literal(&word)).build().ok()?.compile_matcher();
                Some(Criterion::Pattern { pattern, matches })
            }
            _ => None,
        }
    }

    /// In small letters: the text that a cell must be.
    pub fn word(&self) -> Option<&str> {
        match self {
            Criterion::Word { word, matches: true } => Some(word),
            _ => None,
        }
    }

    pub fn holds(&self, cell: &Scalar) -> bool {
        match self {
            Criterion::Number(Bound::Unequal, wanted) => !matches!(cell, Scalar::Number(number) if number == wanted),
            Criterion::Number(bound, wanted) => matches!(cell, Scalar::Number(number) if bound.admits(number.cmp(wanted))),
            Criterion::Word { word, matches } => match cell {
                Scalar::Text(text) => text.chars().flat_map(char::to_lowercase).eq(word.chars()) == *matches,
                _ => !matches,
            },
            Criterion::Pattern { pattern, matches } => match cell {
                Scalar::Text(text) => pattern.is_match(text.to_lowercase()) == *matches,
                _ => !matches,
            },
            Criterion::Filled => *cell != Scalar::Empty,
            Criterion::Blank => *cell == Scalar::Empty,
        }
    }
}

impl Bound {
    fn admits(self, order: Ordering) -> bool {
        match self {
            Bound::Equal => order.is_eq(),
            Bound::Unequal => order.is_ne(),
            Bound::Less => order.is_lt(),
            Bound::AtMost => order.is_le(),
            Bound::Greater => order.is_gt(),
            Bound::AtLeast => order.is_ge(),
        }
    }
}

/// A spreadsheet's pattern as one of globset: only `*`, `?` and `~` before them mean something.
fn literal(pattern: &str) -> String {
    let mut glob = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' | '?' => glob.push(c),
            '~' => glob.extend(chars.next().map(|next| format!("\\{next}"))),
            '\\' | '[' | ']' | '{' | '}' | '!' => glob.extend(['\\', c]),
            _ => glob.push(c),
        }
    }
    glob
}
