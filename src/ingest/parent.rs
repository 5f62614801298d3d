//! Starts the reading child, watches its time, and turns its frames into rows.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use super::format::Format;
use super::{FileReport, FileSink, Limits, child, frame, problem};
use crate::diag::Diag;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The program to start for reading; by default the running one. The first call counts. For tests, whose own binary is
/// not `kesu`.
pub fn set_reader_program(program: impl Into<PathBuf>) {
    // a second call says the same or comes too late
    let _ = PROGRAM.set(program.into());
}

/// What the frames ended with.
enum Answer {
    Done,
    Failed(Diag),
    /// No last frame, or bytes that are no frames.
    Silent,
}

/// Reads one file by a child process.
pub fn read(format: Format, path: &Path, limits: &Limits, sink: &mut dyn FileSink, report: &mut FileReport) -> Result<(), Diag> {
    let broken = |error: io::Error| problem::stopped(path, &format!("启动不了（{error}）"));
    let mut started = start(format, path, limits).map_err(broken)?;
    let Some(output) = started.stdout.take() else {
        return Err(problem::stopped(path, "没有输出"));
    };
    let running = Mutex::new(started);
    let late = AtomicBool::new(false);
    let (finished, waiting) = channel::<()>();
    let answer = thread::scope(|scope| {
        let (running, late) = (&running, &late);
        scope.spawn(move || {
            let limit = Duration::from_secs(limits.child_seconds);
            if waiting.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                late.store(true, Ordering::Relaxed);
                // it may have ended this very moment
                let _ = lock(running).kill();
            }
        });
        let answer = follow(&mut BufReader::new(output), path, sink, report);
        if matches!(answer, Ok(Answer::Silent) | Err(_)) {
            // nothing that could be understood will follow
            let _ = lock(running).kill();
        }
        drop(finished);
        answer
    });
    let status = lock(&running).wait().map_err(broken)?;
    match answer {
        Ok(Answer::Done) => Ok(()),
        Ok(Answer::Failed(diag)) => Err(diag),
        Ok(Answer::Silent) | Err(_) => Err(problem::stopped(path, &why(status, late.load(Ordering::Relaxed), limits))),
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(format: Format, path: &Path, limits: &Limits) -> io::Result<Child> {
    let program = match PROGRAM.get() {
        Some(program) => program.clone(),
        None => std::env::current_exe()?,
    };
    Command::new(program)
        .args([child::COMMAND, format.name(), &serde_json::to_string(limits)?])
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

fn follow(output: &mut impl Read, path: &Path, sink: &mut dyn FileSink, report: &mut FileReport) -> io::Result<Answer> {
    let mut payload = Vec::new();
    let mut kind = frame::read(output, &mut payload)?;
    loop {
        match kind {
            Some(frame::SHEET) => {
                let name = String::from_utf8_lossy(&payload).into_owned();
                let mut sheet = sink.sheet(&name);
                loop {
                    kind = frame::read(output, &mut payload)?;
                    if kind != Some(frame::ROWS) {
                        break;
                    }
                    if let Some(rows) = &mut sheet {
                        let batch = frame::decode(&payload).ok_or(io::ErrorKind::InvalidData)?;
                        if rows.rows(&batch).is_break() {
                            sheet = None;
                        }
                    }
                }
            }
            Some(frame::DONE) => {
                serde_json::from_slice::<frame::Report>(&payload)?.add_to(report, path);
                return Ok(Answer::Done);
            }
            Some(frame::FAILED) => {
                return Ok(Answer::Failed(serde_json::from_slice::<frame::Problem>(&payload)?.into_diag(path)));
            }
            _ => return Ok(Answer::Silent),
        }
    }
}

fn why(status: ExitStatus, late: bool, limits: &Limits) -> String {
    if late {
        return format!("用时超过 {} 秒", limits.child_seconds);
    }
    let memory = limits.child_memory_bytes >> 20;
    match status.code() {
        Some(code) => format!("没有读完就结束了（代码 {code}）"),
        None => format!("内存超过 {memory} MB 或内容有误（{status}）"),
    }
}
