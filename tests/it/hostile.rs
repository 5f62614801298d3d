//! Broken and malicious files, each read by the built program in a process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::shared;

const MEMORY_KB: u64 = 512 << 10;
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of reading one file.
struct Outcome {
    status: ExitStatus,
    stderr: String,
    /// Sum of the high-water marks of the program and its children.
    peak_kb: u64,
    rows: u32,
    sheets: usize,
    refusal: Option<String>,
    took: Duration,
}

fn files() -> Vec<PathBuf> {
    let folder = shared("data/hostile");
    let mut found: Vec<PathBuf> = [folder.clone(), folder.join("calamine")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .filter(|path| !["rs", "md"].iter().any(|other| path.extension().is_some_and(|e| e == *other)))
        .collect();
    found.sort();
    found
}

fn probe(path: &Path) -> Outcome {
    let begin = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kesu"))
        .args(["__read", "any", "{}"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let bytes = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let words = thread::spawn(move || {
        let mut words = String::new();
        stderr.read_to_string(&mut words).unwrap();
        words
    });
    let mut peaks: BTreeMap<u32, u64> = BTreeMap::new();
    let status = loop {
        for process in family(child.id()) {
            let peak = peaks.entry(process).or_default();
            *peak = (*peak).max(high_water_kb(process));
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(1));
    };
    let (sheets, rows, refusal) = contents(&bytes.join().unwrap());
    Outcome { status, stderr: words.join().unwrap(), peak_kb: peaks.values().sum(), rows, sheets, refusal, took: begin.elapsed() }
}

fn family(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|id| id.parse().ok()) {
            all.extend(family(child));
        }
    }
    all
}

fn high_water_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Walks the frames: sheets, rows, and the message of a refusal.
fn contents(bytes: &[u8]) -> (usize, u32, Option<String>) {
    let (mut rest, mut sheets, mut rows, mut refusal) = (bytes, 0, 0, None);
    while let Some((&kind, behind)) = rest.split_first() {
        let (length, behind) = behind.split_at(4);
        let (payload, behind) = behind.split_at(u32::from_le_bytes(length.try_into().unwrap()) as usize);
        match kind {
            b'S' => sheets += 1,
            b'R' => rows += u32::from_le_bytes(payload[..4].try_into().unwrap()),
            b'X' => refusal = Some(String::from_utf8(payload.to_vec()).unwrap()),
            b'D' => {}
            other => panic!("unknown frame {other}"),
        }
        rest = behind;
    }
    (sheets, rows, refusal)
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_hostile_file_is_read_or_refused_calmly_and_within_memory() {
    let files = files();
    assert!(files.len() > 100, "only {} files", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let outcome = probe(path);
        let mut complain = |what: String| wrong.push(format!("{}: {what}", path.display()));
        if !outcome.status.success() {
            complain(format!("ended with {}", outcome.status));
        }
        if !outcome.stderr.is_empty() {
            complain(format!("said {}", outcome.stderr));
        }
        if outcome.peak_kb > MEMORY_KB {
            complain(format!("took {} KB", outcome.peak_kb));
        }
        if outcome.sheets == 0 && outcome.refusal.is_none() {
            complain("neither sheets nor a refusal".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_cell_in_the_far_corner_costs_nothing() {
    let outcome = probe(&shared("data/hostile/far-corner.xlsx"));
    assert_eq!((outcome.sheets, outcome.rows, outcome.refusal), (1, 2, None));
    assert!(outcome.peak_kb < 64 << 10, "{} KB", outcome.peak_kb);
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn an_inflate_bomb_is_refused_at_once() {
    let outcome = probe(&shared("data/hostile/inflate-bomb.xlsx"));
    assert!(outcome.refusal.is_some_and(|words| words.contains("file-too-large")));
    assert!(outcome.took < Duration::from_secs(5), "{:?}", outcome.took);
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_child_that_outgrows_its_memory_is_a_refusal() {
    let outcome = probe(&shared("data/hostile/oleloop.xls"));
    assert!(outcome.refusal.is_some_and(|words| words.contains("reader-stopped")));
}
