//! The command line as its users meet it: what is printed, what is written, and the exit status.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;

/// The repository itself: its `kesu.toml` points at the sample data.
pub fn sample_project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in `folder`.
pub fn kesu(folder: &Path, args: &[&str]) -> Assert {
    Command::new(env!("CARGO_BIN_EXE_kesu")).current_dir(folder).args(args).assert()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A data folder of one csv register, the repository's rules, and an output folder.
struct Office {
    home: tempfile::TempDir,
}

const HEADER: &str = "客诉编号,客户,国内外,受理日期,结案日期,客诉金额\n";

impl Office {
    fn with(files: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("data")).unwrap();
        let office = Self { home };
        for (name, text) in files {
            office.put(name, text.as_bytes());
        }
        office
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.home.path().join("data").join(name), bytes).unwrap();
    }

    fn run(&self, more: &[&str]) -> Assert {
        let rules = sample_project().join("rules/kesu-banfa");
        let mut args = vec!["run", "--period", "2026-10", "--rules", rules.to_str().unwrap(), "--data", "data", "--out", "out"];
        args.extend(more);
        kesu(self.home.path(), &args)
    }

    /// What lies in the output folder, without what SQLite keeps beside a ledger on which a turn was cut short.
    fn beside(&self) -> Vec<String> {
        let listed = std::fs::read_dir(self.home.path().join("out")).unwrap().flatten();
        let mut names: Vec<String> = listed.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.retain(|name| !["ledger.sqlite-shm", "ledger.sqlite-wal"].contains(&name.as_str()));
        names.sort();
        names
    }

    fn out(&self, name: &str) -> PathBuf {
        self.home.path().join("out/2026-10").join(name)
    }
}

fn register(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

const CLEAN: &str = "261001,甲公司,国内,2026-10-01,2026-10-16,100\n";

#[test]
fn a_clean_month_ends_with_status_0_and_writes_every_book() {
    let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    office.run(&[]).code(0);
    for name in ["稽核底稿.xlsx", "客诉案件统计表.xlsx", "登记追踪表.xlsx", "findings.csv", "manifest.json"] {
        assert!(office.out(name).is_file(), "{name}");
    }
    assert!(!office.out("verdicts.csv").exists(), "only with --verdicts");
    assert!(!office.out("待修正.xlsx").exists(), "nothing was set aside");
}

#[test]
fn findings_end_with_status_1_only_where_it_was_asked_for() {
    let late = "261001,甲公司,国内,2026-10-01,2026-10-17,100\n";
    let office = Office::with(&[("客诉台账.csv", &register(late))]);
    office.run(&[]).code(0);
    office.run(&["--fail-on-findings"]).code(1);
}

#[test]
fn a_wrong_command_line_ends_with_status_2_and_names_the_slip_in_chinese() {
    let output = kesu(&sample_project(), &["run", "--perod", "2026-10"]).code(2);
    let said = text(&output.get_output().stderr);
    assert!(said.contains("不认识的参数「--perod」，是不是「--period」"), "{said}");
    for period in ["2026-13", "十月"] {
        kesu(&sample_project(), &["run", "--period", period]).code(2);
    }
}

#[test]
fn a_row_set_aside_ends_with_status_4_and_can_be_mended_and_fed_back() {
    for (bad, why) in [
        ("261002,乙公司,国内,2026-02-30,,5\n", "2026-02-30"),
        ("261002,乙公司,国内,2026-10-02,,abc\n", "abc"),
        ("261002,乙公司,海外仓,2026-10-02,,5\n", "海外仓"),
        ("261002,乙公司,国内,2026-10-09,2026-10-08,5\n", "结案日期"),
        (",乙公司,国内,2026-10-09,,5\n", "客诉编号"),
    ] {
        let office = Office::with(&[("客诉台账.csv", &register(&format!("{CLEAN}{bad}")))]);
        let output = office.run(&[]).code(4);
        let said = text(&output.get_output().stderr);
        assert!(said.contains(why) && said.contains("客诉台账.csv"), "{why}: {said}");
        assert!(office.out("待修正.xlsx").is_file(), "{why}");
    }
}

#[test]
fn a_row_mended_in_the_workbook_of_rejects_is_used_and_the_run_ends_with_status_0() {
    let office = Office::with(&[("客诉台账.csv", &register(&format!("{CLEAN}261002,乙公司,国内,2026-10-02,,abc\n")))]);
    office.run(&[]).code(4);
    let mended = mend(&office.out("待修正.xlsx"), "abc", "5");
    office.put("待修正.xlsx", &mended);
    let output = office.run(&[]).code(0);
    let said = text(&output.get_output().stdout);
    assert!(said.contains("搁置 1"), "the bad row is still there and still counted: {said}");
}

/// The workbook with one text cell replaced, everything else as it was.
fn mend(book: &Path, before: &str, after: &str) -> Vec<u8> {
    use calamine::{Data, Reader as _};
    let mut read = calamine::open_workbook_auto(book).unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    for name in read.sheet_names() {
        let range = read.worksheet_range(&name).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        let sheet = written.add_worksheet().set_name(&name).unwrap();
        for (row, column, cell) in range.used_cells() {
            let text = match cell {
                Data::String(text) if text == before => after.to_owned(),
                other => other.to_string(),
            };
            sheet.write_string(top + row as u32, (left as usize + column) as u16, text).unwrap();
        }
    }
    written.save_to_buffer().unwrap()
}

#[test]
fn bad_folders_and_files_end_with_status_3_and_leave_the_former_output_untouched() {
    let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    office.run(&[]).code(0);
    let before = std::fs::read(office.out("findings.csv")).unwrap();
    let missing_column = "客诉编号,客户,受理日期,结案日期,客诉金额\n261001,甲公司,2026-10-01,,5\n";
    let clash = register("261001,丙公司,国外,2026-10-03,,7\n");
    let truncated = &std::fs::read(office.out("稽核底稿.xlsx")).unwrap()[..2000];
    let cases: [(&str, &[u8], &str); 3] = [
        ("客诉台账.csv", missing_column.as_bytes(), "国内外"),
        ("分公司客诉台账.csv", clash.as_bytes(), "261001"),
        ("坏.xlsx", truncated, "坏.xlsx"),
    ];
    for (name, bytes, expected) in cases {
        let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
        office.run(&[]).code(0);
        office.put(name, bytes);
        let output = office.run(&[]).code(3);
        let said = text(&output.get_output().stderr);
        assert!(said.contains(expected), "{name}: {said}");
        assert_eq!(std::fs::read(office.out("findings.csv")).unwrap(), before, "{name}");
        assert_eq!(office.beside(), ["2026-10", "ledger.sqlite"], "{name}: nothing half-written is left");
    }
}

#[test]
fn a_missing_or_empty_data_folder_and_unknown_tables_are_said_plainly() {
    let office = Office::with(&[]);
    office.run(&[]).code(3);
    office.put("菜单.csv", "菜名,价格\n红烧肉,38\n".as_bytes());
    let output = office.run(&[]).code(3);
    let said = text(&output.get_output().stderr);
    assert!(said.contains("菜单.csv"), "{said}");
    kesu(
        office.home.path(),
        &["run", "--period", "2026-10", "--data", "nowhere", "--rules", sample_project().join("rules/kesu-banfa").to_str().unwrap()],
    )
    .code(3);
}

#[cfg(unix)]
#[test]
fn a_read_only_output_folder_and_a_full_disk_leave_the_former_output_untouched() {
    let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    office.run(&[]).code(0);
    let before = std::fs::read(office.out("稽核底稿.xlsx")).unwrap();
    let rules = sample_project().join("rules/kesu-banfa");
    // A file may not grow past 4 blocks: every write beyond fails as on a full disk.
    let script = format!(
        "trap '' XFSZ; ulimit -f 4; exec '{}' run --period 2026-10 --rules '{}' --data data --out out",
        env!("CARGO_BIN_EXE_kesu"),
        rules.display()
    );
    let output = Command::new("bash").current_dir(office.home.path()).args(["-c", &script]).assert().code(3);
    let said = text(&output.get_output().stderr);
    assert!(said.contains("上次的输出未动"), "{said}");
    assert_eq!(std::fs::read(office.out("稽核底稿.xlsx")).unwrap(), before);
    assert_eq!(office.beside(), ["2026-10", "ledger.sqlite"], "nothing half-written is left");
    // `out` is a file: nothing can be created below it, whoever asks.
    let blocked = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    std::fs::write(blocked.home.path().join("out"), "").unwrap();
    blocked.run(&[]).code(3);
}

#[test]
fn a_workbook_open_in_excel_stops_the_run_before_anything_changes() {
    let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    office.run(&[]).code(0);
    std::fs::write(office.out("~$稽核底稿.xlsx"), "").unwrap();
    let output = office.run(&[]).code(3);
    let said = text(&output.get_output().stderr);
    assert!(said.contains("关闭 Excel"), "{said}");
}

#[test]
fn check_prints_the_summary_and_writes_nothing() {
    let office = Office::with(&[("客诉台账.csv", &register(CLEAN))]);
    let rules = sample_project().join("rules/kesu-banfa");
    let output = kesu(office.home.path(), &["check", "--period", "2026-10", "--rules", rules.to_str().unwrap(), "--data", "data"]).code(0);
    assert!(text(&output.get_output().stdout).contains("没有写文件"));
    assert!(!office.home.path().join("out").exists());
}

#[test]
fn explain_counts_the_days_and_says_what_would_have_complied() {
    let office = Office::with(&[("客诉台账.csv", &register("261001,甲公司,国内,2026-10-01,2026-10-18,100\n"))]);
    let rules = sample_project().join("rules/kesu-banfa");
    let output =
        kesu(office.home.path(), &["explain", "261001", "--period", "2026-10", "--rules", rules.to_str().unwrap(), "--data", "data"])
            .code(0);
    let said = text(&output.get_output().stdout);
    for expected in ["受理日期", "结案期限", "逾期 2天", "2026-10-16 第 15 天", "怎样就合规"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    kesu(office.home.path(), &["explain", "269999", "--period", "2026-10", "--rules", rules.to_str().unwrap(), "--data", "data"]).code(3);
}

#[test]
fn the_rule_commands_answer_for_the_shipped_pack() {
    let project = sample_project();
    kesu(&project, &["rules", "lint"]).code(0);
    let tested = kesu(&project, &["rules", "test"]).code(0);
    assert!(text(&tested.get_output().stdout).contains(", 0 failed"));
    let listed = kesu(&project, &["rules", "list"]).code(0);
    assert!(text(&listed.get_output().stdout).contains("jiean"));
    let explained = kesu(&project, &["rules", "explain", "jiean"]).code(0);
    assert!(text(&explained.get_output().stdout).contains("15"));
    let schema = kesu(&project, &["rules", "schema"]).code(0);
    assert!(serde_json::from_slice::<serde_json::Value>(&schema.get_output().stdout).is_ok());
    let unknown = kesu(&project, &["rules", "explain", "jiena"]).code(3);
    assert!(text(&unknown.get_output().stderr).contains("是不是「jiean」"));
}

#[test]
fn the_version_is_printed() {
    let output = kesu(&sample_project(), &["--version"]).code(0);
    assert_eq!(text(&output.get_output().stdout).trim(), concat!("kesu ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_error_code_has_its_line_in_the_docs() {
    let page = std::fs::read_to_string(sample_project().join("docs/errors.md")).unwrap();
    for code in kesu::diag::Code::ALL {
        assert!(page.contains(&format!("| `{}` | {} |", code.name(), code.title())), "{}", code.name());
    }
}

/// A pack over one csv: a record check that its column switches on, and two readings of which one is picked.
const SMALL_PACK: &[(&str, &str)] = &[
    (
        "p/pack.toml",
        r#"schema = 1
[pack]
id = "p"
title = "办法"
version = "1"
calendar = "cn-public"
approved_by = "总经理"
approved_on = 2020-01-01
[[source]]
id = "s"
title = "办法"
[[reading]]
id = "r"
catalog = ["S0-15.1"]
title = "核准"
text = "由规则包落实"
cite = "s 九条"
[[resolve]]
id = "X01"
rules = ["yan", "kuan"]
pick = "kuan"
cite = "s 二条"
"#,
    ),
    (
        "p/datasets/t.toml",
        r#"[dataset]
name = "台账"
key = ["编号"]
[[field]]
name = "编号"
type = "text"
required = true
[[field]]
name = "始"
type = "date"
required = true
[[field]]
name = "止"
type = "date"
[[field]]
name = "协助记录"
type = "text"
"#,
    ),
    (
        "p/r.toml",
        r#"[[require]]
id = "xiezhu"
title = "协助要有记录"
catalog = ["S0-99"]
dataset = "台账"
when_columns = ["协助记录"]
[[require.version]]
from = 2020-01-01
cite = "s 一条"
rows = [{ present = ["协助记录"] }]
[[deadline]]
id = "yan"
title = "严的期限"
catalog = ["S0-10.1"]
dataset = "台账"
start = "始"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "s 二条"
rows = [{ limit = "1d" }]
[[deadline]]
id = "kuan"
title = "宽的期限"
catalog = ["S0-10.1"]
dataset = "台账"
start = "始"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "s 三条"
rows = [{ limit = "5d" }]
"#,
    ),
];

/// The small pack with a register, run over October.
fn small(settings: &str, register: &str, command: &[&str]) -> (tempfile::TempDir, String, i32) {
    let home = tempfile::tempdir().unwrap();
    let settings = format!("rules = \"rules\"\n{settings}");
    let calendar = std::fs::read_to_string(sample_project().join("rules/calendars/cn-public.toml")).unwrap();
    let mut files: Vec<(String, &str)> = SMALL_PACK.iter().map(|(path, text)| (format!("rules/{path}"), *text)).collect();
    files.push(("kesu.toml".into(), &settings));
    files.push(("data/台账.csv".into(), register));
    files.push(("rules/calendars/cn-public.toml".into(), &calendar));
    for (path, text) in files {
        let full = home.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }
    let assert = kesu(home.path(), command);
    let told = format!("{}{}", text(&assert.get_output().stdout), text(&assert.get_output().stderr));
    let status = assert.get_output().status.code().unwrap();
    (home, told, status)
}

const RUN: &[&str] = &["run", "--period", "2026-10"];

#[test]
fn a_rule_without_its_column_and_a_reading_that_was_not_picked_are_told_and_accuse_nobody() {
    let (home, told, status) = small("", "编号,始,止\n1,2026-10-01,2026-10-05\n", RUN);
    assert_eq!(status, 0, "{told}");
    assert!(told.contains("未启用，数据没有所需的列：协助要有记录（「协助记录」）"), "{told}");
    assert!(told.contains("宽的期限：违规 0，合规 1") && !told.contains("严的期限：违规"), "{told}");
    let findings = std::fs::read_to_string(home.path().join("out/2026-10/findings.csv")).unwrap();
    assert_eq!(findings.trim_end().lines().count(), 1, "{findings}");
    let (_, told, _) = small("", "编号,始,止,协助记录\n1,2026-10-01,2026-10-05,\n", RUN);
    assert!(told.contains("协助要有记录：违规 1，合规 0"), "{told}");
}

#[test]
fn the_company_picks_the_other_reading_in_its_settings() {
    let pick = "[[resolve]]\nid = \"p/X01\"\npick = \"yan\"\ncite = \"会议纪要\"\n";
    let (_, told, _) = small(pick, "编号,始,止\n1,2026-10-01,2026-10-05\n", RUN);
    assert!(told.contains("严的期限：违规 1，合规 0") && !told.contains("宽的期限：违规"), "{told}");
    let (_, told, status) = small(&pick.replace("\"yan\"", "\"yann\""), "编号,始,止\n", RUN);
    assert_eq!(status, 3);
    assert!(told.contains("pick「yann」不在相冲突的规则里") && told.contains("kesu.toml:"), "{told}");
}

#[test]
fn the_list_against_a_catalogue_counts_names_the_open_rows_and_fails_on_an_unknown_id() {
    let catalog = sample_project().join("tests/it/fixtures/catalog/catalog.md");
    let list = ["rules", "list", "--catalog", catalog.to_str().unwrap()];
    let (_, told, status) = small("", "编号,始,止\n", &list);
    assert_eq!(status, 0, "{told}");
    let figures =
        |line: &str| told.lines().find(|l| l.starts_with(line)).unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(figures("S0    A"), ["S0", "A", "1", "1", "0", "0"]);
    assert_eq!(figures("S0    C"), ["S0", "C", "2", "2", "0", "0"]);
    assert!(told.contains("S0-10.2.2") && told.contains("质管部没有列时限"), "{told}");
    assert!(told.contains("整个系统没有规则：Q1（2 条）"), "{told}");
    assert!(told.contains("读法 p/r"), "{told}");
    let last: Vec<&str> = told.lines().rev().take(4).collect();
    let ends = ["  目录里没有的编号：0 个", "  C 档 2 条：已实现 2 条，未覆盖 0 条", "  B 档 2 条：已实现 0 条，未覆盖 2 条"];
    assert_eq!(last[..3], ends, "{told}");
    let wrong = std::fs::read_to_string(&catalog).unwrap().replace("S0-99", "S0-98");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.md");
    std::fs::write(&path, wrong).unwrap();
    let (_, told, status) = small("", "编号,始,止\n", &["rules", "list", "--catalog", path.to_str().unwrap()]);
    assert_eq!(status, 3, "{told}");
    assert!(told.contains("p/xiezhu 所写的目录条目「S0-99」不在目录里") && told.contains("是不是 S0-98？"), "{told}");
}

#[test]
fn a_pack_and_the_one_it_extends_may_run_side_by_side() {
    let office = Office::with(&[("客诉台账.csv", &register("261001,甲公司,国内,2026-10-01,2026-10-20,100\n"))]);
    let variant = sample_project().join("rules/s0v");
    office.run(&["--rules", variant.to_str().unwrap()]).success();
    let findings = std::fs::read_to_string(office.out("findings.csv")).unwrap();
    let late: Vec<&str> = findings.lines().filter(|line| line.contains(",jiean,")).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(late, ["kesu-banfa", "kesu-yiwen"]);
    assert!(office.out("客诉管理办法/登记追踪表.xlsx").exists() && office.out("客诉管理办法·异文/登记追踪表.xlsx").exists());
    assert!(office.out("客诉管理办法/洽办单.xlsx").exists() && office.out("总经理室汇总.xlsx").exists());
}
