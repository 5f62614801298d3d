//! The two forms that come with the pack, in a month's run.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::assert::Assert;
use calamine::{Data, Reader as _, Xlsx, open_workbook};

use super::workbook::Filled;
use crate::cli::{kesu, sample_project};

const PENALTY: &str = "rules/kesu-banfa/forms/奖罚通知单.xlsx";
const REMINDER: &str = "rules/kesu-banfa/forms/催办单.xlsx";

/// The sample project's settings with these forms, in a folder of its own.
fn office(forms: &[(&str, &Path)]) -> tempfile::TempDir {
    let project = sample_project();
    let mut settings = std::fs::read_to_string(project.join("kesu.toml")).unwrap();
    for name in ["rules", "sample-data/kesu-banfa"] {
        let path = project.join(name);
        settings = settings.replace(&format!("= \"{name}\""), &format!("= {:?}", path.to_str().unwrap()));
    }
    for (notice, template) in forms {
        settings.push_str(&format!("\n[[form]]\nnotice = \"{notice}\"\ntemplate = {:?}\n", template.to_str().unwrap()));
    }
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("kesu.toml"), settings).unwrap();
    home
}

fn run(home: &tempfile::TempDir) -> Assert {
    kesu(home.path(), &["run", "--period", "2026-10"])
}

fn said(output: &Assert) -> String {
    String::from_utf8_lossy(&output.get_output().stderr).into_owned()
}

/// Every fine of the findings, by the person or else the unit that bears it.
fn fines(out: &Path) -> BTreeMap<String, f64> {
    let mut reader = csv::Reader::from_path(out.join("findings.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name).unwrap();
    let (kind, outcome, unit, person, amount) = (column("kind"), column("outcome"), column("unit"), column("person"), column("amount"));
    let mut fines = BTreeMap::new();
    for row in reader.records().map(Result::unwrap).filter(|row| &row[kind] == "penalty" && &row[outcome] == "breached") {
        let who = if row[person].is_empty() { &row[unit] } else { &row[person] };
        *fines.entry(who.to_owned()).or_default() += row[amount].parse::<f64>().unwrap();
    }
    fines
}

#[test]
fn a_month_on_both_forms_has_a_file_for_each_notice_and_the_sums_are_those_of_the_findings() {
    let project = sample_project();
    let home = office(&[("kesu-banfa/jiangfa", &project.join(PENALTY)), ("kesu-banfa/cuiban", &project.join(REMINDER))]);
    run(&home).success();
    let out = home.path().join("out/2026-10");
    for gone in ["奖罚通知单.xlsx", "催办单.xlsx"] {
        assert!(!out.join(gone).exists(), "{gone}: the filled files take its place");
    }
    assert!(out.join("奖罚通知单附页.xlsx").is_file() && out.join("洽办单.xlsx").is_file());
    let mut sums = BTreeMap::new();
    for entry in std::fs::read_dir(out.join("奖罚通知单")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let who = name.trim_end_matches(".xlsx").split_once(' ').unwrap().1.to_owned();
        let mut book: Xlsx<_> = open_workbook(entry.path()).unwrap();
        let sheet = book.worksheet_range("奖罚通知单").unwrap();
        let total = sheet.rows().find(|row| row[0] == Data::String("合计".to_owned())).unwrap();
        let Data::Float(total) = total[6] else { panic!("{name} has no sum: {total:?}") };
        sums.insert(who, (total * 100.0).round() / 100.0);
    }
    let fines: BTreeMap<String, f64> = fines(&out).into_iter().map(|(who, sum)| (who, (sum * 100.0).round() / 100.0)).collect();
    assert!(fines.len() > 5, "{fines:?}");
    assert_eq!(sums, fines);
}

#[test]
fn a_filled_form_differs_from_the_template_in_the_sheet_and_the_names_alone() {
    let project = sample_project();
    let home = office(&[("kesu-banfa/jiangfa", &project.join(PENALTY))]);
    run(&home).success();
    let filled = std::fs::read_dir(home.path().join("out/2026-10/奖罚通知单"))
        .unwrap()
        .flatten()
        .max_by_key(|entry| entry.metadata().unwrap().len());
    let (before, after) = (Filled::members(&project.join(PENALTY)), Filled::members(&filled.unwrap().path()));
    assert_eq!(before.len(), after.len());
    let changed: Vec<&str> =
        before.iter().zip(&after).filter(|(before, after)| before != after).map(|(before, _)| before.0.as_str()).collect();
    assert_eq!(changed, ["xl/worksheets/sheet1.xml", "xl/workbook.xml"]);
}

#[test]
fn the_manifest_holds_the_fingerprint_of_the_template() {
    let home = office(&[("kesu-banfa/jiangfa", &sample_project().join(PENALTY))]);
    run(&home).success();
    let manifest = std::fs::read_to_string(home.path().join("out/2026-10/manifest.json")).unwrap();
    assert!(manifest.contains("forms/奖罚通知单.xlsx") && manifest.contains("奖罚通知单/JF-202610-001"), "{manifest}");
}

#[test]
fn a_bad_template_ends_with_status_3_and_the_former_output_is_as_it_was() {
    let home = office(&[]);
    run(&home).success();
    let before = std::fs::read(home.path().join("out/2026-10/manifest.json")).unwrap();
    let bad = office(&[("kesu-banfa/jiangfa", &sample_project().join(REMINDER))]);
    std::fs::copy(bad.path().join("kesu.toml"), home.path().join("kesu.toml")).unwrap();
    let output = run(&home).code(3);
    let said = said(&output);
    for wanted in ["form-invalid", "催办单.xlsx[催办单]!C7", "不认识的占位「逾期类型」", "!E7", "没有写出任何文件"]
    {
        assert!(said.contains(wanted), "no {wanted} in {said}");
    }
    assert_eq!(std::fs::read(home.path().join("out/2026-10/manifest.json")).unwrap(), before);
}

#[test]
fn a_form_for_a_notice_or_from_a_file_that_is_not_there_ends_with_status_3() {
    let home = office(&[("kesu-banfa/jiangfu", &sample_project().join(PENALTY)), ("kesu-banfa/cuiban", Path::new("没有.xlsx"))]);
    let output = run(&home).code(3);
    let said = said(&output);
    for wanted in ["「kesu-banfa/jiangfu」不存在", "是不是 kesu-banfa/jiangfa？", "kesu.toml", "没有.xlsx", "模板不存在"] {
        assert!(said.contains(wanted), "no {wanted} in {said}");
    }
}
