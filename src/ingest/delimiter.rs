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

const FULL_WIDTH: Delimiter = Delimiter { mark: '\u{ff0c}', name: "全角逗号" };
const KNOWN: [Delimiter; 5] = [
    Delimiter { mark: ',', name: "逗号" },
    Delimiter { mark: '\t', name: "制表符" },
    Delimiter { mark: ';', name: "分号" },
    Delimiter { mark: '|', name: "竖线" },
    FULL_WIDTH,
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

/// The mark that cuts most records of `sample` into the same number of fields; a comma where nothing is cut. Prose is full of
/// full-width commas, so that one must cut every record alike.
pub fn detect(sample: &str) -> Delimiter {
    let mut best = (0, 1, KNOWN[0]);
    for candidate in KNOWN {
        let cut = Cut::of(sample, candidate);
        if candidate == FULL_WIDTH && (best.0 > 0 || cut.alike < cut.records.max(2)) {
            continue;
        }
        if cut.fields > 1 && (cut.alike, cut.fields) > (best.0, best.1) {
            best = (cut.alike, cut.fields, candidate);
        }
    }
    best.2
}

/// How a delimiter cuts a sample.
struct Cut {
    records: usize,
    /// Records that have the commonest number of fields above one.
    alike: usize,
    fields: usize,
}

impl Cut {
    fn of(sample: &str, delimiter: Delimiter) -> Self {
        let replaced = delimiter.replaced().map(|mark| sample.replace(mark, "\u{1F}"));
        let text = replaced.as_deref().unwrap_or(sample);
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for record in reader.records().take(RECORDS).flatten() {
            *counts.entry(record.len()).or_default() += 1;
        }
        let records = counts.values().sum();
        let commonest = counts.into_iter().filter(|(fields, _)| *fields > 1).map(|(fields, alike)| (alike, fields)).max();
        let (alike, fields) = commonest.unwrap_or((0, 1));
        Self { records, alike, fields }
    }
}
