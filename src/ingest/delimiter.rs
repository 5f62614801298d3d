//! What separates the fields of a text file.

use std::collections::BTreeMap;

use super::utf8::UNIT_SEPARATOR;

/// A separator that real exports use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delimiter {
    pub mark: char,
    /// Chinese, for the report.
    pub name: &'static str,
}

const KNOWN: [Delimiter; 5] = [
    Delimiter { mark: ',', name: "逗号" },
    Delimiter { mark: '\t', name: "制表符" },
    Delimiter { mark: ';', name: "分号" },
    Delimiter { mark: '|', name: "竖线" },
    Delimiter { mark: ',', name: "全角逗号" },
];
const RECORDS: usize = 200;

impl Delimiter {
    /// As csv is told.
    pub fn byte(self) -> u8 {
        u8::try_from(self.mark).ok().filter(u8::is_ascii).unwrap_or(UNIT_SEPARATOR)
    }

    /// The mark to be replaced before csv sees the text.
    pub fn replaced(self) -> Option<char> {
        (!self.mark.is_ascii()).then_some(self.mark)
    }
}

/// The mark that cuts most records of `sample` into the same number of fields; a comma where nothing is cut.
pub fn detect(sample: &str) -> Delimiter {
    let mut best = (0, 1, KNOWN[0]);
    for candidate in KNOWN {
        let (records, fields) = agreement(sample, candidate);
        if fields > 1 && (records, fields) > (best.0, best.1) {
            best = (records, fields, candidate);
        }
    }
    best.2
}

/// How many records have the commonest number of fields above one, and that number.
fn agreement(sample: &str, delimiter: Delimiter) -> (usize, usize) {
    let replaced = delimiter.replaced().map(|mark| sample.replace(mark, "\u{1F}"));
    let text = replaced.as_deref().unwrap_or(sample);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for record in reader.records().take(RECORDS).flatten() {
        if record.len() > 1 {
            *counts.entry(record.len()).or_default() += 1;
        }
    }
    counts.into_iter().map(|(fields, records)| (records, fields)).max().unwrap_or((0, 1))
}
