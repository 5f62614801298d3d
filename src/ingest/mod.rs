//! Files to rows: formats, encodings, limits, origin. Knows neither rules nor datasets.

mod cell;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use cell::{RawCell, RawValue, RowBatch};

use crate::diag::Diag;

/// Caps against broken and malicious files; every one can be set in `kesu.toml`.
#[derive(Debug, Clone, serde::Deserialize)]
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
            child_memory_bytes: 512 << 20,
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
    pub warnings: Vec<Diag>,
}

/// The table files directly in and below `folder`, sorted by path; Office lock files (`~$…`) and hidden ones are left out.
pub fn discover(folder: &Path) -> Result<Vec<PathBuf>, Diag> {
    let _ = folder;
    todo!()
}

/// Reads every sheet of one file into `sink`.
pub fn read(path: &Path, limits: &Limits, sink: &mut dyn FileSink) -> Result<FileReport, Diag> {
    let _ = (path, limits, sink);
    todo!()
}
