//! The answer sheet: every finding that a run must report, and no other.

use std::path::Path;

use super::table::{Places, Spot};

/// Folders that begin with `_` are not read as data.
pub const FILE: &str = "_答案/植入问题.csv";

pub const HEADER: [&str; 8] = ["rule", "period", "subject", "outcome", "file", "sheet", "row", "note"];

/// One finding that a run must report.
pub struct Line<'a> {
    pub rule: &'a str,
    pub period: String,
    /// `None` where the row has no key of its own: it is named by its place.
    pub subject: Option<&'a str>,
    pub outcome: &'a str,
    pub spot: &'a Spot,
    pub note: &'a str,
}

pub fn write<'a>(path: &Path, lines: impl IntoIterator<Item = Line<'a>>, places: &Places) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut writer = with_bom(path)?;
    writer.write_record(HEADER)?;
    for line in lines {
        let (file, sheet, row) =
            places.get(line.spot).map_or(("", "", String::new()), |s| (s.file.as_str(), s.sheet.as_str(), s.row.to_string()));
        let subject = line.subject.map_or_else(|| format!("第 {row} 行"), str::to_owned);
        writer.write_record([line.rule, &line.period, &subject, line.outcome, file, sheet, &row, line.note])?;
    }
    writer.flush()
}

/// UTF-8 with the mark that Excel wants, lines as in RFC 4180.
pub fn with_bom(path: &Path) -> std::io::Result<csv::Writer<std::fs::File>> {
    use std::io::Write;
    let mut file = std::fs::File::create(path)?;
    file.write_all("\u{FEFF}".as_bytes())?;
    Ok(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file))
}
