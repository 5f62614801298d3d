//! What is sent to whom: a folder a recipient, and nothing in it about anybody else's cases.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, open_workbook_auto};

use crate::cli::{kesu, sample_project};
use crate::support::below;

/// Every text of the package, hidden parts and properties included; and every cell as a reader sees it.
fn texts(file: &Path) -> String {
    let mut text = String::new();
    let mut package = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        text.push_str(&part.name().unwrap());
        part.read_to_string(&mut text).unwrap();
    }
    let mut book = open_workbook_auto(file).unwrap();
    for name in book.sheet_names() {
        for cell in book.worksheet_range(&name).unwrap().used_cells() {
            if let Data::String(words) = cell.2 {
                text.push_str(words);
                text.push('\n');
            }
        }
    }
    text
}

struct Row {
    unit: String,
    person: String,
    case: String,
}

/// What was found, by the findings file of the run.
fn findings(out: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(out.join("findings.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (unit, person, subject) = (at("unit"), at("person"), at("subject"));
    let row = |row: csv::StringRecord| Row {
        unit: row[unit].to_owned(),
        person: row[person].to_owned(),
        case: row[subject].split('/').next().unwrap_or_default().to_owned(),
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Number and responsible department of every case in the month's own register.
fn register(out: &Path) -> Vec<(String, String)> {
    let mut book = open_workbook_auto(out.join("登记追踪表.xlsx")).unwrap();
    let range = book.worksheet_range("登记追踪表").unwrap();
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let head = rows.iter().position(|row| row[0] == "客诉编号").unwrap();
    let unit = rows[head].iter().position(|cell| cell == "责任部门").unwrap();
    rows[head + 1..].iter().map(|row| (row[0].clone(), row[unit].clone())).filter(|(_, unit)| !unit.is_empty()).collect()
}

fn month(home: &Path) -> PathBuf {
    kesu(&sample_project(), &["run", "--period", "2026-10", "--out", home.to_str().unwrap()]).success();
    home.join("2026-10")
}

#[test]
fn a_department_finds_nothing_about_cases_or_people_of_another() {
    let home = tempfile::tempdir().unwrap();
    let out = month(home.path());
    let (found, registered) = (findings(&out), register(&out));
    let numbers: BTreeSet<&str> =
        found.iter().map(|row| row.case.as_str()).chain(registered.iter().map(|(case, _)| case.as_str())).collect();
    let people: BTreeSet<&str> = found.iter().map(|row| row.person.as_str()).filter(|person| !person.is_empty()).collect();
    let offices = ["会计", "总经理室", "人事"];
    let mut looked_at = 0;
    for file in below(&out.join("分送")) {
        let unit = file.iter().next().unwrap().to_str().unwrap();
        if offices.contains(&unit) {
            continue;
        }
        let own_cases: BTreeSet<&str> = (found.iter().filter(|row| row.unit == unit).map(|row| row.case.as_str()))
            .chain(registered.iter().filter(|(_, of)| of == unit).map(|(case, _)| case.as_str()))
            .collect();
        let own_people: BTreeSet<&str> = found.iter().filter(|row| row.unit == unit).map(|row| row.person.as_str()).collect();
        let text = texts(&out.join("分送").join(&file));
        for case in numbers.difference(&own_cases) {
            assert!(!text.contains(case), "{} tells of case {case}", file.display());
        }
        for person in people.difference(&own_people) {
            assert!(!text.contains(person), "{} names {person}", file.display());
        }
        assert!(own_cases.iter().any(|case| text.contains(case)), "{} tells of no case", file.display());
        assert!(!text.contains("file:///"), "{} links to the sources", file.display());
        looked_at += 1;
    }
    assert!(looked_at > 10, "only {looked_at} files");
}

#[test]
fn each_copy_of_a_penalty_goes_to_its_own_folder_and_to_no_other() {
    let home = tempfile::tempdir().unwrap();
    let out = month(home.path()).join("分送");
    let marks = [("总经理室", "第一份 总经理室自存"), ("会计", "第二份 会计单位查核"), ("制造一部", "第三份 处罚部门扣奖金")];
    for (folder, own) in marks {
        let mut book = open_workbook_auto(out.join(folder).join("奖罚通知单.xlsx")).unwrap();
        let (mut forms, mut found) = (0, BTreeMap::new());
        for name in book.sheet_names().into_iter().filter(|name| name != "目录") {
            forms += 1;
            for cell in book.worksheet_range(&name).unwrap().used_cells() {
                if let Some((_, mark)) = marks.iter().find(|(_, mark)| cell.2 == *mark) {
                    *found.entry(*mark).or_insert(0) += 1;
                }
            }
        }
        assert!(forms > 0);
        assert_eq!(found, BTreeMap::from([(own, forms)]), "{folder}");
    }
}

#[test]
fn the_manifest_lists_what_is_sent_by_its_path_below_the_output() {
    let home = tempfile::tempdir().unwrap();
    let out = month(home.path());
    let manifest: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
    let listed: BTreeSet<&str> = manifest["outputs"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    let there: Vec<String> = below(&out).iter().map(|file| file.to_str().unwrap().to_owned()).collect();
    let there: BTreeSet<&str> = there.iter().map(String::as_str).filter(|file| *file != "manifest.json").collect();
    assert!(listed.contains("分送/会计/奖罚通知单.xlsx"));
    assert_eq!(listed, there);
}

/// A month of one register in which each department has one overdue case.
fn office(units: &[String], ledger: Option<&str>) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("data")).unwrap();
    let mut text = String::from("客诉编号,客户,国内外,受理日期,结案日期,责任部门\n");
    for (at, unit) in units.iter().enumerate() {
        text.push_str(&format!("2609{:03},甲公司,国内,2026-09-01,,\"{unit}\"\n", at + 1));
    }
    std::fs::write(home.path().join("data/客诉台账.csv"), text).unwrap();
    if let Some(ledger) = ledger {
        std::fs::write(home.path().join("data/奖罚处分台账.csv"), ledger).unwrap();
    }
    let rules = sample_project().join("rules/kesu-banfa");
    kesu(home.path(), &["run", "--period", "2026-10", "--rules", rules.to_str().unwrap()]).success();
    home
}

fn folders(home: &Path) -> BTreeSet<String> {
    let sent = std::fs::read_dir(home.join("out/2026-10/分送")).unwrap();
    sent.flatten().map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn folder_names_stay_inside_and_apart() {
    let units = ["制造/一部", "制造_一部", "..", "con", "业务部. "].map(str::to_owned);
    let home = office(&units, None);
    let expected = ["制造_一部", "制造_一部 (2)", "_", "_con", "业务部", "总经理室", "会计"].map(str::to_owned);
    assert_eq!(folders(home.path()), BTreeSet::from(expected));
    let number = |folder: &str| {
        let file = home.path().join("out/2026-10/分送").join(folder).join("催办单.xlsx");
        texts(&file).contains("2609001")
    };
    assert!(number("制造_一部") && !number("制造_一部 (2)"), "each folder holds its own department's case");
}

#[test]
fn hundreds_of_departments_get_a_file_each() {
    let units: Vec<String> = (1..=150).map(|at| format!("第{at}部")).collect();
    let home = office(&units, None);
    let mut files = folders(home.path());
    assert!(files.remove("总经理室") && files.remove("会计"), "offices keep their folders");
    assert_eq!(files, units.iter().map(|unit| format!("{unit}.xlsx")).collect());
    let mut book = open_workbook_auto(home.path().join("out/2026-10/分送/第7部.xlsx")).unwrap();
    assert_eq!(book.sheet_names().len(), 4, "目录，催办单，登记追踪表，问题清单");
    let text: String = book.sheet_names().iter().map(|name| format!("{:?}", book.worksheet_range(name).unwrap())).collect();
    assert!(text.contains("2609007") && !text.contains("2609008"));
}

#[test]
fn a_sanction_that_was_approved_in_the_month_is_sent_to_personnel() {
    let ledger = "通知单号,客诉编号,员工,单位,事由,是否行政处分,处分种类,批准人,批准日期\n\
        JF-1,2609001,周小满,制造部,漏检,是,记过,总经理,2026-10-08\n\
        JF-2,2609001,吴谷雨,制造部,漏检,是,申诫,,\n\
        JF-3,2609001,郑立夏,制造部,漏检,,,总经理,2026-10-08\n\
        JF-4,,冯白露,行政部,迟到,是,申诫,总经理,2026-10-08\n";
    let home = office(&["制造部".to_owned()], Some(ledger));
    let mut book = open_workbook_auto(home.path().join("out/2026-10/分送/人事/人事公布单.xlsx")).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let cells: Vec<String> = range.used_cells().map(|cell| cell.2.to_string()).collect();
    let has = |words: &str| cells.iter().any(|cell| cell.contains(words));
    assert!(has("周小满") && has("记过") && has("2609001") && has("草稿·待批"), "{cells:?}");
    assert!(!has("吴谷雨"), "nobody has approved it yet");
    assert!(!has("郑立夏"), "a fine is no sanction");
    assert!(!has("冯白露"), "not because of a complaint");
    assert!(has("另有 1 行"), "{cells:?}");
}
