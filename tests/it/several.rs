//! Several packs in one run: a folder a pack, an overview, one folder for every recipient.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use crate::cli::kesu;
use crate::support::below;

const SETTINGS: &str = r#"
company = "示例物业服务有限公司"
packs   = ["baoxiu", "xunshi", "zhouhui"]

[[param]]
rule  = "baoxiu/fakuan"
name  = "罚款"
value = "50"
from  = 2020-01-01
cite  = "示例"
"#;

/// A company with the fixture packs and the samples of two of them; nobody keeps 巡视记录.
fn company(settings: &str) -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = tempfile::tempdir().unwrap();
    let path = |path: PathBuf| path.to_str().unwrap().to_owned();
    let rules = format!("rules = [{:?}, {:?}]\n", path(root.join("tests/it/fixtures/several")), path(root.join("rules/s0v")));
    std::fs::write(home.path().join("kesu.toml"), format!("{rules}{settings}")).unwrap();
    for pack in ["baoxiu", "zhouhui"] {
        kesu(home.path(), &["sample", &format!("data/{pack}"), "--pack", pack]).code(0);
    }
    home
}

fn said(output: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&output.get_output().stdout).into_owned()
}

/// Lines of findings.csv by pack.
fn findings(folder: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let text = std::fs::read_to_string(folder.join("findings.csv")).unwrap();
    let mut by_pack: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for record in csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes()).records() {
        let record = record.unwrap();
        by_pack.entry(record[0].to_owned()).or_default().push(record.iter().map(str::to_owned).collect());
    }
    by_pack
}

/// The rows of a sheet as texts.
fn rows(file: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &Data| match cell {
        Data::Float(number) => number.to_string(),
        cell => cell.to_string(),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

fn row<'r>(rows: &'r [Vec<String>], first: &str) -> &'r [String] {
    rows.iter().find(|row| row[0] == first).unwrap_or_else(|| panic!("no row {first}: {rows:?}"))
}

#[test]
fn every_pack_has_a_folder_and_every_recipient_one_for_all_packs() {
    let home = company(SETTINGS);
    let output = kesu(home.path(), &["run", "--period", "2026-10"]).code(0);
    let out = home.path().join("out/2026-10");
    let files: BTreeSet<String> = below(&out).into_iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let top: BTreeSet<&str> = files.iter().map(|file| file.split('/').next().unwrap()).collect();
    assert_eq!(
        top,
        BTreeSet::from(["findings.csv", "manifest.json", "分送", "周会制度", "奖罚汇总表.xlsx", "总经理室汇总.xlsx", "报修服务"])
    );
    for file in ["报修服务/催办单.xlsx", "报修服务/罚款通知单.xlsx", "报修服务/稽核底稿.xlsx", "周会制度/稽核底稿.xlsx"]
    {
        assert!(files.contains(file), "{file}: {files:?}");
    }
    let sent: BTreeSet<&String> = files.iter().filter(|file| file.starts_with("分送/")).collect();
    assert!(sent.iter().all(|file| file.split('/').nth(2) == Some("报修服务")), "{sent:?}");
    assert!(files.contains("分送/会计/报修服务/罚款通知单.xlsx") && files.contains("分送/总经理室/报修服务/催办单.xlsx"), "{sent:?}");
    let said = said(&output);
    assert!(said.contains("没有数据：巡视制度（「巡视记录」）"), "{said}");
    assert!(said.contains("  报修服务：") && said.contains("  周会制度："), "{said}");
}

#[test]
fn the_overview_has_the_figures_of_the_findings() {
    let home = company(SETTINGS);
    kesu(home.path(), &["run", "--period", "2026-10"]).code(0);
    let out = home.path().join("out/2026-10");
    let (book, found) = (out.join("总经理室汇总.xlsx"), findings(&out));
    let packs = rows(&book, "各包概况");
    let heading = packs.iter().find(|row| row[0] == "制度包").unwrap().clone();
    let at = |name: &str| heading.iter().position(|known| known == name).unwrap();
    for (title, id) in [("报修服务", "baoxiu"), ("周会制度", "zhouhui")] {
        let breached = found.get(id).map_or(0, |lines| lines.iter().filter(|line| line[5] == "breached").count());
        assert_eq!(row(&packs, title)[at("违规")], breached.to_string(), "{title}");
    }
    assert_eq!(row(&packs, "巡视制度")[at("本期")], "没有数据：巡视记录");
    assert_eq!(row(&packs, "巡视制度")[at("违规")], "0");
    // everybody of 保洁组 who took an order of October pays 50 for each
    let fines = found["baoxiu"].iter().filter(|line| line[1] == "fakuan").count();
    assert!(fines > 0);
    assert_eq!(row(&packs, "合计")[at("金额（元）")], (fines * 50).to_string());
    let notices = rows(&book, "单据与金额");
    let by_unit = notices.iter().position(|row| row[0].starts_with("金额按部门")).unwrap();
    assert_eq!((notices[by_unit + 2][0].as_str(), notices[by_unit + 2][2].as_str()), ("保洁组", (fines * 50).to_string().as_str()));
    let resting = rows(&book, "没有判的规则");
    let xunshi = row(&resting, "巡视制度");
    assert_eq!(xunshi[3..], ["没有数据".to_owned(), "没有这些表：巡视记录".to_owned()]);
}

#[test]
fn one_pack_alone_says_the_same_and_needs_no_folder() {
    let home = company(SETTINGS);
    kesu(home.path(), &["run", "--period", "2026-10", "--out", "all"]).code(0);
    kesu(home.path(), &["run", "--period", "2026-10", "--pack", "baoxiu", "--out", "one"]).code(0);
    let (all, one) = (home.path().join("all/2026-10"), home.path().join("one/2026-10"));
    assert_eq!(findings(&all)["baoxiu"], findings(&one)["baoxiu"]);
    assert_eq!(findings(&one).len(), 1);
    let alone: BTreeSet<PathBuf> = below(&one).into_iter().filter(|file| !file.starts_with("分送")).collect();
    let names: Vec<&str> = alone.iter().map(|file| file.to_str().unwrap()).collect();
    assert_eq!(names, ["findings.csv", "manifest.json", "催办单.xlsx", "奖罚汇总表.xlsx", "稽核底稿.xlsx", "罚款通知单.xlsx"]);
    for name in names.iter().filter(|name| name.ends_with("单.xlsx")) {
        assert!(all.join("报修服务").join(name).is_file(), "{name}");
    }
}

#[test]
fn two_runs_of_several_packs_are_the_same_bytes() {
    let home = company(SETTINGS);
    let bytes = || {
        kesu(home.path(), &["run", "--period", "2026-10", "--verdicts"]).code(0);
        let out = home.path().join("out");
        below(&out).into_iter().map(|file| (std::fs::read(out.join(&file)).unwrap(), file)).collect::<Vec<_>>()
    };
    assert!(bytes() == bytes());
}

#[test]
fn check_explain_and_columns_take_several_packs_too() {
    let home = company(SETTINGS);
    let checked = said(&kesu(home.path(), &["check", "--period", "2026-10"]).code(0));
    assert!(checked.contains("各制度包：") && checked.contains("只检查"), "{checked}");
    let explained = said(&kesu(home.path(), &["explain", "BX2610001", "--period", "2026-10"]).code(0));
    assert!(explained.contains("baoxiu/banjie") && explained.contains("zhouhui/qianming"), "{explained}");
    let alone = said(&kesu(home.path(), &["explain", "BX2610001", "--period", "2026-10", "--pack", "zhouhui"]).code(0));
    assert!(!alone.contains("baoxiu/banjie") && alone.contains("zhouhui/qianming"), "{alone}");
    let columns = said(&kesu(home.path(), &["columns", "data/zhouhui/周会签到.xlsx"]).code(0));
    assert!(columns.contains("周会签到") && columns.contains("到会时刻"), "{columns}");
}

#[test]
fn a_pack_that_is_not_there_is_named_with_those_that_are() {
    let home = company(SETTINGS);
    let output = kesu(home.path(), &["check", "--period", "2026-10", "--pack", "baoxio"]).code(3);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("没有规则包「baoxio」") && said.contains("是不是 baoxiu？"), "{said}");
}
