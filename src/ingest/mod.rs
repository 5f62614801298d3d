//! Files to rows: formats, encodings, limits, origin. Knows neither rules nor datasets.
//!
//! xlsx, xlsm and text are streamed in this process. xls, xlsb, ods, and an xlsx that inflates suspiciously, are read by a
//! child process of the same binary under a memory and a time limit, see [`child`].

mod cell;
pub mod child;
mod delimiter;
mod discover;
mod encoding;
mod format;
mod frame;
mod gather;
mod metered;
mod package;
mod parent;
mod problem;
mod pump;
mod shield;
mod text;
mod utf8;
mod workbook;

use std::ops::ControlFlow;
use std::path::Path;

pub use cell::{RawCell, RawValue, RowBatch};
pub use discover::discover;
pub use parent::set_reader_program;

use crate::diag::Diag;
use format::Format;
use pump::Pace;

/// Caps against broken and malicious files; every one can be set in `kesu.toml`.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub file_bytes: u64,
    pub inflated_bytes: u64,
    /// Inflated over compressed, for one member of the zip.
    pub inflate_ratio: u64,
    pub cells: u64,
    pub shared_strings: u64,
    /// Excel's own limit for a cell is 32,767 characters.
    pub cell_chars: usize,
    /// For formats that must be read whole in a child process.
    pub child_memory_bytes: u64,
    pub child_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            inflated_bytes: 4 << 30,
            inflate_ratio: 1000,
            cells: 100_000_000,
            shared_strings: 20_000_000,
            cell_chars: 32_767,
            // with the parent's own share the two stay below 512 MB
            child_memory_bytes: 384 << 20,
            child_seconds: 60,
        }
    }
}

/// Receives one sheet's rows. Called from one thread, not always the caller's.
pub trait SheetSink: Send {
    /// `Break` ends this sheet early.
    fn rows(&mut self, batch: &RowBatch<'_>) -> ControlFlow<()>;
}

/// Receives one file's sheets in workbook order.
pub trait FileSink {
    /// `None` skips the sheet.
    fn sheet(&mut self, name: &str) -> Option<Box<dyn SheetSink + '_>>;
}

/// What reading one file had to decide: encoding, delimiter, what was skipped.
#[derive(Debug, Default, Clone)]
pub struct FileReport {
    /// Chinese, one line each, for the columns command and the audit workbook.
    pub choices: Vec<String>,
    /// Mostly warnings; an error when rows that already went to the sink are not all of their sheet.
    pub warnings: Vec<Diag>,
}

/// Reads every sheet of one file into `sink`.
///
/// # Errors
/// One [`Diag`] that names the file when nothing of it could be read; a sheet that fails among good ones is in
/// [`FileReport::warnings`] instead.
pub fn read(path: &Path, limits: &Limits, sink: &mut dyn FileSink) -> Result<FileReport, Diag> {
    let found = format::detect(path, limits)?;
    let mut report = FileReport { choices: found.choices, warnings: Vec::new() };
    match found.format {
        Format::Text => text::read(path, limits, sink, &mut report)?,
        Format::Xlsx if !found.suspicious => workbook::read(Format::Xlsx, path, limits, Pace::TwoThreads, sink, &mut report)?,
        format => parent::read(format, path, limits, sink, &mut report)?,
    }
    Ok(report)
}
