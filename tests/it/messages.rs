//! Real citizens' messages: every row accounted for, and elapsed time in hours, days and working days.
//! The figures are facts of the files, reckoned by `fixtures/messages/facts.py` without this program.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;

use crate::support::shared;

/// Row of 附件4, number, elapsed in clock hours, in days, in working days.
const KNOWN: [(u32, &str, &str, &str, &str); 12] = [
    (2, "2549", "365.4122h", "15d", "10wd"),           // 2019-04-25 09:32:09 to 2019-05-10 14:56:53
    (6, "2574", "376.8031h", "16d", "11wd"),           // 2019-04-23 17:03:19 to 2019-05-09 09:51:30
    (7, "2759", "745.4133h", "31d", "22wd"),           // the only real date cell
    (9, "3681", "684.5169h", "29d", "20wd"),           // begins on a holiday
    (12, "3685", "1697.6008h", "71d", "46wd"),         // over new year and spring festival with make-up days
    (100, "4542", "335.3061h", "14d", "7wd"),          // over the national holiday of 2018
    (129, "4969", "44.6461h", "2d", "2wd"),            // within all limits
    (502, "10694", "4.7964h", "0d", "0wd"),            // the same day
    (593, "16552", "72.7317h", "3d", "3wd"),           // 44 minutes over 72 hours
    (1141, "27610", "853.9156h", "36d", "25wd"),       // the reply has no time: midnight
    (2735, "159285", "27850.4706h", "1161d", "796wd"), // the longest
    (2817, "185986", "3540.455h", "148d", "100wd"),    // the last row, from 2011 to 2012
];

/// Rule, verdicts met, verdicts breached, verdicts pending.
const TOTALS: [(&str, usize, usize, usize); 4] = [
    ("dafu-72h", 448, 2816 - 448, 0),
    ("dafu-15d", 1755, 2816 - 1755, 0),
    ("dafu-10wd", 1737, 2816 - 1737, 0),
    ("weida-15d", 0, 4324 + 882, 2 + 1),
];

struct Verdict {
    outcome: String,
    subject: String,
    elapsed: String,
}

/// Verdicts by rule, file name, sheet and row.
fn verdicts(csv: &Path) -> BTreeMap<(String, String, String, u32), Verdict> {
    let text = std::fs::read_to_string(csv).expect("verdicts.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut found = BTreeMap::new();
    for record in reader.records().map(|r| r.expect("a record")) {
        let value = |name: &str| record[header.iter().position(|h| h == name).expect("the column")].to_owned();
        let file = value("file").rsplit('/').next().unwrap_or_default().to_owned();
        let key = (value("rule"), file, value("sheet"), value("row").parse().expect("a row number"));
        let verdict = Verdict { outcome: value("outcome"), subject: value("subject"), elapsed: value("elapsed") };
        assert!(found.insert(key.clone(), verdict).is_none(), "two verdicts for {key:?}");
    }
    found
}

fn judged() -> BTreeMap<(String, String, String, u32), Verdict> {
    let out = tempfile::tempdir().expect("a folder");
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/messages");
    Command::new(assert_cmd::cargo::cargo_bin!("kesu"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", "--verdicts", "--period", "2011-01..2020-01", "--rules"])
        .arg(&pack)
        .arg("--data")
        .arg(shared("data/real/messages"))
        .arg("--out")
        .arg(out.path())
        .assert()
        .code(0);
    verdicts(&out.path().join("2011-01..2020-01/verdicts.csv"))
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_message_has_a_verdict_from_every_rule_with_its_elapsed_time() {
    let verdicts = judged();
    for (rule, met, breached, pending) in TOTALS {
        let of = |outcome: &str| verdicts.iter().filter(|(key, v)| key.0 == rule && v.outcome == outcome).count();
        assert_eq!((of("met"), of("breached"), of("pending")), (met, breached, pending), "{rule}");
        assert_eq!(verdicts.keys().filter(|key| key.0 == rule).count(), met + breached + pending, "{rule}: nothing else");
    }
    assert!(verdicts.values().all(|v| !v.elapsed.is_empty()));
    // row 1 is the heading, so 2,816 messages stand in rows 2 to 2817
    for row in 2..=2817 {
        for rule in ["dafu-72h", "dafu-15d", "dafu-10wd"] {
            assert!(verdicts.contains_key(&(rule.into(), "附件4.xlsx".into(), "Sheet1".into(), row)), "{rule} row {row}");
        }
    }
    for (sheet, last) in [("Sheet1", 4327), ("剔除后", 884)] {
        for row in 2..=last {
            assert!(verdicts.contains_key(&("weida-15d".into(), "附件3.xlsx".into(), sheet.into(), row)), "{sheet} row {row}");
        }
    }
    for (row, number, hours, days, working_days) in KNOWN {
        for (rule, elapsed) in [("dafu-72h", hours), ("dafu-15d", days), ("dafu-10wd", working_days)] {
            let verdict = &verdicts[&(rule.into(), "附件4.xlsx".into(), "Sheet1".into(), row)];
            assert_eq!((verdict.subject.as_str(), verdict.elapsed.as_str()), (number, elapsed), "{rule} row {row}");
        }
    }
}

#[test]
fn the_cases_of_the_message_pack_hold() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/messages");
    Command::new(assert_cmd::cargo::cargo_bin!("kesu"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["rules", "test", "--rules"])
        .arg(&pack)
        .assert()
        .success();
}
