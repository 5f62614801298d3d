//! `findings.csv` and `verdicts.csv`: UTF-8 with BOM, RFC 4180, one header row, columns by contract.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::diag::{Diag, unwritable};
use crate::dispose::NoticeForm;
use crate::evaluate::Verdicts;
use crate::ledger::Finding;

pub const COLUMNS: [&str; 22] = [
    "pack", "rule", "version", "clause", "kind", "outcome", "severity", "subject", "unit", "person", "start", "due", "stop", "limit",
    "elapsed", "overrun", "amount", "points", "file", "sheet", "row", "message",
];

/// Writes findings one after the other.
pub struct FindingsWriter<W: Write> {
    csv: csv::Writer<W>,
    numbered: bool,
}

/// The last column of `findings.csv`: numbers of the notices that a finding led to.
const NOTICE: &str = "notice";

impl<W: Write> FindingsWriter<W> {
    /// Writes the BOM and the header row.
    pub fn new(out: W) -> io::Result<Self> {
        Self::begin(out, false)
    }

    /// `numbered`: with a last column for the notices.
    fn begin(mut out: W, numbered: bool) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(COLUMNS.iter().chain(numbered.then_some(&NOTICE)))?;
        Ok(Self { csv, numbered })
    }

    pub fn write(&mut self, finding: &Finding) -> io::Result<()> {
        self.write_with(finding, "")
    }

    /// `notice`: numbers of the notices that it led to.
    pub fn write_with(&mut self, finding: &Finding, notice: &str) -> io::Result<()> {
        let shown = |value: Option<&dyn ToString>| value.map(ToString::to_string).unwrap_or_default();
        let csv = &mut self.csv;
        csv.write_field(&*guarded(&finding.pack))?;
        csv.write_field(&*guarded(&finding.rule))?;
        csv.write_field(shown(finding.version.as_ref().map(|v| v as _)))?;
        csv.write_field(&*guarded(&finding.clause))?;
        csv.write_field(finding.kind)?;
        csv.write_field(finding.outcome.name())?;
        csv.write_field(finding.severity.name())?;
        csv.write_field(&*guarded(&finding.subject))?;
        csv.write_field(&*guarded(&finding.unit))?;
        csv.write_field(&*guarded(&finding.person))?;
        for moment in [&finding.start, &finding.due, &finding.stop] {
            csv.write_field(shown(moment.as_ref().map(|m| m as _)))?;
        }
        for quantity in [&finding.limit, &finding.elapsed, &finding.overrun] {
            csv.write_field(shown(quantity.as_ref().map(|q| q as _)))?;
        }
        csv.write_field(finding.amount.map(yuan).unwrap_or_default())?;
        csv.write_field(finding.points.map(|p| p.normalize().to_string()).unwrap_or_default())?;
        csv.write_field(&*guarded(&finding.place.file))?;
        csv.write_field(&*guarded(&finding.place.sheet))?;
        csv.write_field(if finding.place.row == 0 { String::new() } else { finding.place.row.to_string() })?;
        csv.write_field(&*guarded(&finding.message))?;
        if self.numbered {
            csv.write_field(notice)?;
        }
        csv.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Flushes and hands the writer back.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(|error| error.into_error())
    }
}

/// Writes `findings.csv` into `folder`; `notices` are all that the findings led to, those that nobody prints too.
pub fn findings<'n>(findings: &[Arc<Finding>], notices: impl IntoIterator<Item = &'n NoticeForm>, folder: &Path) -> Result<PathBuf, Diag> {
    let mut numbers: HashMap<*const Finding, String> = HashMap::new();
    for form in notices {
        for line in &form.lines {
            let known = numbers.entry(Arc::as_ptr(&line.finding)).or_default();
            if !known.contains(&form.number) {
                known.push_str(if known.is_empty() { "" } else { "、" });
                known.push_str(&form.number);
            }
        }
    }
    write_file(&folder.join("findings.csv"), true, |writer| {
        let number = |finding| numbers.get(&Arc::as_ptr(finding)).map_or("", String::as_str);
        findings.iter().try_for_each(|finding| writer.write_with(finding, number(finding)))
    })
}

/// Writes `verdicts.csv` into `folder`: every verdict of every rule, one rule after the other.
pub fn verdicts<'a>(verdicts: impl Iterator<Item = &'a Verdicts>, folder: &Path) -> Result<PathBuf, Diag> {
    write_file(&folder.join("verdicts.csv"), false, |writer| {
        for verdicts in verdicts {
            let mut written = Ok(());
            verdicts.for_each(&mut |finding| {
                if written.is_ok() {
                    written = writer.write(&finding);
                }
            });
            written?;
        }
        Ok(())
    })
}

fn write_file(
    path: &Path,
    numbered: bool,
    rows: impl FnOnce(&mut FindingsWriter<BufWriter<File>>) -> io::Result<()>,
) -> Result<PathBuf, Diag> {
    let write = || {
        let mut writer = FindingsWriter::begin(BufWriter::new(File::create(path)?), numbered)?;
        rows(&mut writer)?;
        crate::fault::point("csv 存盘以前");
        writer.finish()?.flush()
    };
    write().map_err(|error| unwritable(path, &error))?;
    Ok(path.to_path_buf())
}

fn yuan(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// A text that a spreadsheet program would take for a formula gets `'` in front.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
