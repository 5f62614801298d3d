//! Killed at every write, rename and commit: the ledger and each folder of outputs are as before or as after, never between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kesu::ledger::store::{Turn, problems};

use super::books::{Company, OCTOBER, said, with};

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What others see: the journal, and every published folder by name.
#[derive(Debug, PartialEq, Clone)]
struct Seen {
    journal: Vec<String>,
    folders: BTreeMap<String, Files>,
}

fn seen(company: &Company) -> Seen {
    let mut folders = BTreeMap::new();
    for entry in std::fs::read_dir(company.path("out")).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() && !name.starts_with(".kesu-") {
            let files = crate::support::below(&entry.path());
            let read = |file: PathBuf| (file.clone(), std::fs::read(entry.path().join(file)).unwrap());
            folders.insert(name, files.into_iter().map(read).collect());
        }
    }
    Seen { journal: journal(&company.ledger()), folders }
}

/// Fingerprints of the entries; none where there is no ledger or nothing was ever entered.
fn journal(ledger: &Path) -> Vec<String> {
    if !ledger.exists() {
        return Vec::new();
    }
    let folder = tempfile::tempdir().unwrap();
    Turn::on_copy(ledger, folder.path()).unwrap().journal().unwrap().into_iter().map(|entry| entry.sha256).collect()
}

/// The ledger's bytes but for those of the header that count how often the file was written.
fn content(company: &Company) -> Vec<u8> {
    let mut bytes = std::fs::read(company.ledger()).unwrap();
    bytes[24..28].fill(0);
    bytes[92..96].fill(0);
    bytes
}

/// Does a command on copies of the company, killed at the first point, the second, … until none is left, and over again after
/// each; how many points it passed comes back.
fn killed_everywhere(company: &Company, args: &[&str]) -> usize {
    let before = seen(company);
    let whole = company.copy();
    whole.kesu(args).success();
    let (after, ledger) = (seen(&whole), content(&whole));
    assert_ne!(before, after, "{args:?} changes something");
    for point in 1.. {
        let one = company.copy();
        let killed = one.command(args).env("KESU_DIE_AT", format!("#{point}")).output().unwrap();
        let found = seen(&one);
        if killed.status.success() {
            assert_eq!(found, after);
            return point - 1;
        }
        assert_eq!(killed.status.code(), None, "{args:?} at {point}: {}", String::from_utf8_lossy(&killed.stderr));
        assert!(found.journal == before.journal || found.journal == after.journal, "{args:?} at {point}: the ledger is between");
        for (name, files) in &after.folders {
            let found = found.folders.get(name);
            assert!(found == before.folders.get(name) || found == Some(files), "{args:?} at {point}: {name} is between");
        }
        assert!(found.folders.keys().all(|name| after.folders.contains_key(name)), "{args:?} at {point}");
        one.kesu(args).success();
        assert!(seen(&one) == after, "{args:?} at {point}: done over it is as if nothing had happened");
        assert!(ledger == content(&one), "{args:?} at {point}: and so is the ledger, byte by byte");
    }
    0
}

const RUN: [&str; 3] = ["run", "--period", "2026-10"];
const CLOSE: [&str; 7] = ["close", "--period", "2026-10", "--on", "2026-12-10", "--by", "李会计"];

#[test]
fn a_run_killed_at_any_write_rename_or_commit_is_before_or_after_and_done_over_is_whole() {
    let company = Company::new("1,2026-10-05,甲,制造部,违纪\n");
    // temporary folder, each workbook twice, csv, manifest, four around the commit, two around the rename
    assert!(killed_everywhere(&company, &RUN) > 12);
    company.run("2026-10").success();
    company.register("2,2026-10-06,乙,制造部,违纪\n");
    killed_everywhere(&company, &RUN);
}

#[test]
fn approvals_killed_at_any_commit_are_before_or_after() {
    let company = Company::new("1,2026-10-05,甲,制造部,违纪\n");
    company.run("2026-10").success();
    let filled = company.filled("approve", "2026-10", &[("FK-202610-001", &with(&[("决定", "批准")]))]);
    let name = filled.file_name().unwrap().to_str().unwrap();
    killed_everywhere(&company, &["approve", name]);
    company.kesu(&["approve", name]).success();
    company.run("2026-10").success();
    let done = [("执行日期", "2026-12-06"), ("经办人", "李会计")];
    company.filled("execute", "2026-10", &[("FK-202610-001", &done)]);
    killed_everywhere(&company, &["execute", name]);
}

#[test]
fn a_correction_killed_at_any_write_rename_or_commit_is_before_or_after() {
    let company = Company::new("1,2026-10-05,甲,制造部,违纪\n");
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    // closing twice is refused, so it is not done over here
    for point in ["轮到以后", "账本提交时", "账本收尾以前", "账本压实以后", "账本合并以前", "账本合并以后"]
    {
        let one = company.copy();
        let killed = one.command(&CLOSE).env("KESU_DIE_AT", point).output().unwrap();
        assert!(!killed.status.success(), "{point}");
        let folder = tempfile::tempdir().unwrap();
        let closed = Turn::on_copy(&one.ledger(), folder.path()).unwrap().closed("2026-10").unwrap().is_some();
        assert_eq!(closed, !matches!(point, "轮到以后" | "账本提交时"), "{point}");
        assert_eq!(said(&one.kesu(&CLOSE)).contains("已由李会计"), closed, "{point}");
        one.run("2026-10").success();
        assert_eq!(problems(&one.ledger()).unwrap(), Vec::<String>::new(), "{point}");
    }
    company.kesu(&CLOSE).success();
    company.register("");
    killed_everywhere(&company, &RUN);
}

/// A ledger whose last turn was cut short at a point, as its two files.
fn cut_short(point: &str) -> (Vec<u8>, Vec<u8>, usize) {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let before = journal(&company.ledger()).len();
    company.register(&format!("{OCTOBER}4,2026-10-09,丁,制造部,违纪\n"));
    company.command(&RUN).env("KESU_DIE_AT", point).output().unwrap();
    let log = company.path("out/ledger.sqlite-wal");
    (std::fs::read(company.ledger()).unwrap(), std::fs::read(log).unwrap(), before)
}

#[test]
fn of_a_commit_of_which_only_a_part_reached_the_disk_everything_or_nothing_counts() {
    for point in ["账本收尾以前", "账本合并以前"] {
        let (file, log, before) = cut_short(point);
        let folder = tempfile::tempdir().unwrap();
        let (ledger, beside) = (folder.path().join("l.sqlite"), folder.path().join("l.sqlite-wal"));
        let mut found = Vec::new();
        // a page and what is written before it are 1048 bytes; the middle of each, too
        for length in (0..=log.len()).step_by(524).chain([log.len()]) {
            std::fs::write(&ledger, &file).unwrap();
            std::fs::write(&beside, &log[..length]).unwrap();
            found.push(journal(&ledger).len());
        }
        assert!(found.is_sorted() && found.iter().all(|entries| [before, before + 1].contains(entries)), "{point}: {found:?}");
        assert_eq!((found.first(), found.last()), (Some(&before), Some(&(before + 1))), "{point}");
    }
}

#[test]
fn while_the_log_is_taken_over_page_by_page_the_ledger_is_after() {
    let (old, log, before) = cut_short("账本合并以前");
    let folder = tempfile::tempdir().unwrap();
    let (ledger, beside) = (folder.path().join("l.sqlite"), folder.path().join("l.sqlite-wal"));
    let put = |file: &[u8]| {
        std::fs::write(&ledger, file).unwrap();
        std::fs::write(&beside, &log).unwrap();
        let _ = std::fs::remove_file(folder.path().join("l.sqlite-shm"));
    };
    put(&old);
    Turn::begin(&ledger).unwrap().leave();
    let new = std::fs::read(&ledger).unwrap();
    for pages in 0..=new.len().max(old.len()) / 1024 {
        let cut = pages * 1024;
        let mixed = [&new[..cut.min(new.len())], old.get(cut..).unwrap_or_default()].concat();
        put(&mixed);
        assert_eq!(journal(&ledger).len(), before + 1, "after {pages} pages");
    }
}
