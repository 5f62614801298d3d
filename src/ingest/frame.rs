//! What the child writes and the parent reads: frames of a kind byte, a length and a payload.
//!
//! `S` a sheet begins (its name) · `R` rows of it · `D` done (the report, JSON) · `X` failed (one problem, JSON)

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::FileReport;
use super::cell::{RawCell, RawValue, RowBatch};
use crate::diag::{CellRef, Code, Diag, Place, Severity};

pub const SHEET: u8 = b'S';
pub const ROWS: u8 = b'R';
pub const DONE: u8 = b'D';
pub const FAILED: u8 = b'X';

/// A child that is out of its mind must not make the parent reserve memory.
const LONGEST: u32 = 256 << 20;
const ERRORS: [&str; 8] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];

pub fn write(out: &mut impl Write, kind: u8, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).ok().filter(|&n| n <= LONGEST).ok_or(io::ErrorKind::InvalidInput)?;
    out.write_all(&[kind])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(payload)
}

/// The next frame's kind, its payload in `payload`; `None` at the end.
pub fn read(from: &mut impl Read, payload: &mut Vec<u8>) -> io::Result<Option<u8>> {
    let mut kind = [0];
    if from.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    payload.clear();
    if from.take(u64::from(length)).read_to_end(payload)? < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(kind[0]))
}

/// Rows as bytes, little endian: row count, then for each row its number and cell count, then the cells.
pub fn encode(batch: &RowBatch<'_>, out: &mut Vec<u8>) {
    out.clear();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    out.extend(count(batch.len()));
    for (row, cells) in batch.iter() {
        out.extend(row.to_le_bytes());
        out.extend(count(cells.len()));
        for cell in cells {
            out.extend(cell.column.to_le_bytes());
            let mut text = |tag: u8, text: &str| {
                out.push(tag);
                out.extend(count(text.len()));
                out.extend(text.as_bytes());
            };
            match &cell.value {
                RawValue::Empty => out.push(0),
                RawValue::Text(value) => text(1, value),
                RawValue::Iso(value) => text(2, value),
                RawValue::Number(number) => {
                    out.push(3);
                    out.extend(number.to_le_bytes());
                }
                RawValue::Serial { days, is_1904 } => {
                    out.push(if *is_1904 { 5 } else { 4 });
                    out.extend(days.to_le_bytes());
                }
                RawValue::Bool(value) => out.push(if *value { 7 } else { 6 }),
                RawValue::Error(error) => {
                    out.push(8);
                    out.push(ERRORS.iter().position(|known| known == error).unwrap_or_default() as u8);
                }
            }
        }
    }
}

/// The rows of a payload; `None` when the bytes are not as [`encode`] writes them.
pub fn decode(payload: &[u8]) -> Option<RowBatch<'_>> {
    let mut bytes = Bytes(payload);
    let mut batch = RowBatch::default();
    for _ in 0..bytes.u32()? {
        let (row, cells) = (bytes.u32()?, bytes.u32()?);
        for _ in 0..cells {
            let column = bytes.u32()?;
            let value = match bytes.take(1)?[0] {
                0 => RawValue::Empty,
                1 => RawValue::Text(Cow::Borrowed(bytes.text()?)),
                2 => RawValue::Iso(Cow::Borrowed(bytes.text()?)),
                3 => RawValue::Number(bytes.f64()?),
                tag @ (4 | 5) => RawValue::Serial { days: bytes.f64()?, is_1904: tag == 5 },
                tag @ (6 | 7) => RawValue::Bool(tag == 7),
                8 => RawValue::Error(ERRORS.get(usize::from(bytes.take(1)?[0]))?),
                _ => return None,
            };
            batch.push(row, RawCell { column, value });
        }
    }
    Some(batch)
}

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn f64(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.u32()? as usize;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

/// A [`Diag`] on its way; the file is the one being read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Problem {
    code: String,
    severity: u8,
    message: String,
    help: Option<String>,
    sheet: Option<String>,
    cell: Option<(u32, u32)>,
}

impl Problem {
    pub fn of(diag: &Diag) -> Self {
        let (sheet, cell) = match &diag.place {
            Place::Sheet { sheet, .. } => (Some(sheet.clone()), None),
            Place::Cell { sheet, cell, .. } => (Some(sheet.clone()), Some((cell.column, cell.row))),
            _ => (None, None),
        };
        let severity = match diag.severity {
            Severity::Note => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        Self { code: diag.code.name().to_owned(), severity, message: diag.message.clone(), help: diag.help.clone(), sheet, cell }
    }

    pub fn into_diag(self, file: &Path) -> Diag {
        let code = Code::ALL.iter().copied().find(|code| code.name() == self.code).unwrap_or(Code::FileDamaged);
        let diag = match self.severity {
            0 => Diag::note(code, self.message),
            1 => Diag::warning(code, self.message),
            _ => Diag::error(code, self.message),
        };
        let file = file.to_path_buf();
        let diag = diag.at(match (self.sheet, self.cell) {
            (Some(sheet), Some((column, row))) => Place::Cell { file, sheet, cell: CellRef { column, row } },
            (Some(sheet), None) => Place::Sheet { file, sheet },
            (None, _) => Place::File(file),
        });
        match self.help {
            Some(help) => diag.help(help),
            None => diag,
        }
    }
}

/// A [`FileReport`] on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    choices: Vec<String>,
    problems: Vec<Problem>,
}

impl Report {
    pub fn of(report: &FileReport) -> Self {
        Self { choices: report.choices.clone(), problems: report.warnings.iter().map(Problem::of).collect() }
    }

    pub fn add_to(self, report: &mut FileReport, file: &Path) {
        report.choices.extend(self.choices);
        report.warnings.extend(self.problems.into_iter().map(|problem| problem.into_diag(file)));
    }
}
