//! The sample folder: the same for the same seed, known violations in it, and a run finds exactly those.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use kesu::rules::{Kind, Rule};
use kesu::run::Settings;
use kesu::sample::{Options, write};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/kesu-banfa")
}

fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.insert(entry.strip_prefix(folder).expect("below").to_path_buf(), std::fs::read(&entry).expect("a file"));
            }
        }
    }
    found
}

fn assert_same(left: &Path, right: &Path) {
    let (left, right) = (files_below(left), files_below(right));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    let different: Vec<_> = left.iter().filter(|(name, bytes)| right[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(different.is_empty(), "not the same bytes: {different:?}");
}

fn options(rows: Option<u64>, seed: u64) -> Options {
    Options { rows, seed, flaws: false }
}

#[test]
fn the_committed_sample_is_what_seed_1_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &options(None, 1)).expect("written");
    assert_same(folder.path(), &committed());
}

#[test]
fn another_seed_gives_another_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &options(None, 2)).expect("written");
    let register = Path::new("2026-08/客诉台账-2026年8月.xlsx");
    assert_ne!(std::fs::read(folder.path().join(register)).expect("a file"), std::fs::read(committed().join(register)).expect("a file"));
}

#[test]
fn flaws_spoil_one_workbook_and_leave_the_answers_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &Options { rows: None, seed: 1, flaws: true }).expect("written");
    let (clean, spoilt) = (files_below(&committed()), files_below(folder.path()));
    let different: Vec<_> = clean.iter().filter(|(name, bytes)| spoilt[*name] != **bytes).map(|(name, _)| name).collect();
    assert_eq!(different, [Path::new("2026-09/2026年9月结案资料.xlsx")]);
}

#[test]
fn a_large_sample_is_the_same_twice_and_has_as_many_rows_as_asked_for() {
    let (first, second) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let report = write(first.path(), &options(Some(1000), 7)).expect("written");
    write(second.path(), &options(Some(1000), 7)).expect("written");
    assert_same(first.path(), second.path());
    // 1000 cases, approvals of every fourth, losses of every twentieth, six stations of every twenty-fourth from the fourth on
    assert_eq!(report.rows, 1000 + 250 + 50 + 6 * 42);
}

#[test]
fn a_large_sample_has_about_five_in_a_hundred_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = write(folder.path(), &options(Some(20_000), 1)).expect("written");
    assert!((800..1400).contains(&report.planted), "{}", report.planted);
}

#[test]
fn more_rows_than_a_sheet_holds_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = write(folder.path(), &options(Some(1_048_576), 1)).expect_err("too many");
    assert_eq!(refused.code, kesu::diag::Code::OutputTooLarge);
}

/// What one line of the answer sheet and one line of `findings.csv` have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    rule: String,
    outcome: String,
    subject: String,
    file: String,
    sheet: String,
    row: String,
}

/// Kinds that follow from other findings or list what is owed; the answer sheet holds what people did wrong.
const CONSEQUENCES: [&str; 1] = ["penalty"];

fn lines(path: &Path, keep: impl Fn(&dyn Fn(&str) -> String) -> bool) -> BTreeSet<Line> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| record.expect("a record"))
        .filter_map(|record| {
            let value = |name: &str| {
                let at = header.iter().position(|h| h == name).unwrap_or_else(|| panic!("{} has no column {name}", path.display()));
                record[at].to_owned()
            };
            keep(&value).then(|| Line {
                rule: value("rule"),
                outcome: value("outcome"),
                // a key of several fields begins with the case's number
                subject: value("subject").split(['/', ' ', '|', '·']).next().unwrap_or_default().to_owned(),
                file: value("file").rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
                sheet: value("sheet"),
                // a finding about what is not there has no row
                row: value("row").trim_start_matches('0').to_owned(),
            })
        })
        .collect()
}

/// Panics with what is missing and what is too much.
fn assert_planted_is_found(findings: &Path, answers: &Path, month: &str) {
    let planted = lines(answers, |value| value("period") == month);
    let found = lines(findings, |value| !CONSEQUENCES.contains(&value("kind").as_str()));
    let missed: Vec<_> = planted.difference(&found).collect();
    let extra: Vec<_> = found.difference(&planted).collect();
    assert!(
        missed.is_empty() && extra.is_empty(),
        "{month}: {} planted, {} found\nplanted, not found ({}):\n{}\nfound, not planted ({}):\n{}",
        planted.len(),
        found.len(),
        missed.len(),
        listed(&missed),
        extra.len(),
        listed(&extra),
    );
}

fn listed(lines: &[&Line]) -> String {
    lines.iter().map(|l| format!("  {} {} {} {}#{}:{}\n", l.rule, l.outcome, l.subject, l.file, l.sheet, l.row)).collect()
}

/// Why no finding can come of a rule, whatever the data; `None`: one can.
fn excuse(rule: &Rule) -> Option<&'static str> {
    if rule.is_at_rest() {
        return Some("waits for a parameter, or another reading was picked");
    }
    match &rule.kind {
        Kind::Notice(_) | Kind::Statistic(_) => Some("judges nothing"),
        Kind::Penalty(_) => Some("follows from other findings"),
        Kind::Ratio(ratio) if ratio.targets.versions.iter().all(|version| version.body.is_none()) => Some("has no target to miss"),
        _ => None,
    }
}

#[test]
fn every_rule_that_can_be_broken_is_broken_at_least_twice_in_the_answer_sheet() {
    let settings = Settings::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("settings");
    let (rules, diags) = kesu::rules::load_for(&settings.rules, &settings.packs, settings.company_rules());
    assert!(!diags.has_errors(), "{diags:?}");
    let mut by_rule: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines(&committed().join("_答案/植入问题.csv"), |_| true) {
        *by_rule.entry(line.rule).or_default() += 1;
    }
    let breakable: BTreeSet<String> =
        rules.rules().filter(|(_, rule)| excuse(rule).is_none()).map(|(_, rule)| rule.head.id.clone()).collect();
    assert!(breakable.len() >= 90, "{}", breakable.len());
    let seldom: Vec<_> = breakable.iter().filter(|rule| by_rule.get(*rule).is_none_or(|times| *times < 2)).collect();
    assert!(seldom.is_empty(), "broken less than twice: {seldom:?}");
    let unknown: Vec<_> = by_rule.keys().filter(|rule| !breakable.contains(*rule)).collect();
    assert!(unknown.is_empty(), "broken, but nothing can come of it: {unknown:?}");
}

#[test]
fn the_sample_has_every_dataset_and_every_column_that_the_rules_wait_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = Settings::read(root).expect("settings");
    for period in ["2026-08", "2026-09", "2026-10"] {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("kesu"))
            .current_dir(root)
            .args(["check", "--period", period, "--data"])
            .arg(&settings.data)
            .output()
            .expect("a run");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("合规"), "{said}");
        assert!(!said.contains("未启用"), "{period}: {said}");
    }
}

fn run_finds_what_is_planted(month: &str) {
    let out = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(assert_cmd::cargo::cargo_bin!("kesu"))
        .args(["run", "--period", month, "--rules"])
        .arg(root.join("rules/kesu-banfa"))
        .arg("--data")
        .arg(committed())
        .arg("--out")
        .arg(out.path())
        .assert()
        .code(0);
    assert_planted_is_found(&out.path().join(month).join("findings.csv"), &committed().join("_答案/植入问题.csv"), month);
}

#[test]
fn what_was_planted_is_found_in_august_and_nothing_else() {
    run_finds_what_is_planted("2026-08");
}

#[test]
fn what_was_planted_is_found_in_september_and_nothing_else() {
    run_finds_what_is_planted("2026-09");
}

#[test]
fn what_was_planted_is_found_in_october_and_nothing_else() {
    run_finds_what_is_planted("2026-10");
}
