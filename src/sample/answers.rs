//! The answer sheet: every finding that a run must report, and no other.

use std::path::Path;

use super::expected::Expected;
use super::office::YEAR;
use super::table::Places;

/// Folders that begin with `_` are not read as data.
pub const FILE: &str = "_答案/植入问题.csv";

pub const HEADER: [&str; 8] = ["rule", "period", "subject", "outcome", "file", "sheet", "row", "note"];

pub fn write(path: &Path, expected: &[Expected], places: &Places) -> std::io::Result<()> {
    let mut writer = with_bom(path)?;
    writer.write_record(HEADER)?;
    for finding in expected {
        let (file, sheet, row) =
            places.get(&finding.spot).map_or(("", "", String::new()), |s| (s.file.as_str(), s.sheet.as_str(), s.row.to_string()));
        let period = format!("{YEAR}-{:02}", finding.month);
        writer.write_record([finding.rule, &period, &finding.subject, finding.outcome, file, sheet, &row, &finding.note])?;
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
