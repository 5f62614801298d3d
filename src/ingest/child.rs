//! The reading child: `kesu __read FORMAT LIMITS PATH` reads one workbook and writes frames to its standard output.
//!
//! A broken xls can make its parser allocate without bound or run out of stack; here that ends a process that was made for
//! it, under a memory limit set before the file is opened.

use std::ffi::OsString;
use std::io::{self, BufWriter, Stdout, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::cell::RowBatch;
use super::format::Format;
use super::pump::Pace;
use super::{FileReport, FileSink, Limits, SheetSink, frame, workbook};
use crate::diag::Diag;

/// The hidden subcommand that the program's `main` hands to [`serve`].
pub const COMMAND: &str = "__read";
/// Instead of a format: whatever the file is, children and all, as [`super::read`] does it.
const ANY: &str = "any";

/// Serves the arguments behind [`COMMAND`]. Ends with success when frames with an answer were written, even a refusal.
pub fn serve(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let [format, limits, path] = arguments.as_slice() else {
        return ExitCode::from(2);
    };
    let (Some(format), Some(limits)) = (format.to_str(), limits.to_str().and_then(|text| serde_json::from_str(text).ok())) else {
        return ExitCode::from(2);
    };
    match answer(format, &limits, &PathBuf::from(path)) {
        Ok(()) => ExitCode::SUCCESS,
        // the parent is gone
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(format: &str, limits: &Limits, path: &Path) -> io::Result<()> {
    let mut sink = FrameSink { out: BufWriter::new(io::stdout()), bytes: Vec::new(), failure: None };
    let outcome = match Format::ALL.into_iter().find(|known| known.name() == format) {
        Some(format) => {
            limit_memory(limits.child_memory_bytes)?;
            let mut report = FileReport::default();
            workbook::read(format, path, limits, Pace::OneThread, &mut sink, &mut report).map(|()| report)
        }
        None if format == ANY => super::read(path, limits, &mut sink),
        None => return Err(io::ErrorKind::InvalidInput.into()),
    };
    sink.finish(outcome)
}

#[cfg(unix)]
fn limit_memory(bytes: u64) -> io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)
}

#[cfg(not(unix))]
fn limit_memory(_: u64) -> io::Result<()> {
    Ok(())
}

struct FrameSink {
    out: BufWriter<Stdout>,
    bytes: Vec<u8>,
    failure: Option<io::Error>,
}

impl FrameSink {
    fn finish(mut self, outcome: Result<FileReport, Diag>) -> io::Result<()> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let (kind, json) = match &outcome {
            Ok(report) => (frame::DONE, serde_json::to_vec(&frame::Report::of(report))?),
            Err(diag) => (frame::FAILED, serde_json::to_vec(&frame::Problem::of(diag))?),
        };
        frame::write(&mut self.out, kind, &json)?;
        self.out.flush()
    }

    fn note(&mut self, written: io::Result<()>) -> ControlFlow<()> {
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}

impl FileSink for FrameSink {
    fn sheet(&mut self, name: &str) -> Option<Box<dyn SheetSink + '_>> {
        let written = frame::write(&mut self.out, frame::SHEET, name.as_bytes());
        self.note(written).is_continue().then_some(Box::new(FrameSheet(self)) as Box<dyn SheetSink>)
    }
}

struct FrameSheet<'s>(&'s mut FrameSink);

impl SheetSink for FrameSheet<'_> {
    fn rows(&mut self, batch: &RowBatch<'_>) -> ControlFlow<()> {
        let sink = &mut *self.0;
        frame::encode(batch, &mut sink.bytes);
        let written = frame::write(&mut sink.out, frame::ROWS, &sink.bytes);
        sink.note(written)
    }
}
