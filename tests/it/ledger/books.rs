//! A small company that keeps a ledger, and its workbooks read and filled in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::assert::Assert;
use calamine::{Data, Reader as _, Xlsx, open_workbook};

use crate::cli::kesu;

pub const HEADER: &str = "单号,日期,员工,部门,类别\n";
/// Two people of one department, and one whose fine the manager sets.
pub const OCTOBER: &str = "1,2026-10-05,甲,制造部,违纪\n2,2026-10-06,乙,制造部,违纪\n3,2026-10-07,丙,业务部,重大\n";

/// The pack of the fixtures over a register of offences.
pub struct Company {
    pub home: tempfile::TempDir,
}

impl Company {
    pub fn new(rows: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("tests/it/fixtures/ledger/rules"), &home.path().join("rules"));
        copy(&root.join("rules/calendars"), &home.path().join("rules/calendars"));
        std::fs::create_dir(home.path().join("data")).unwrap();
        std::fs::write(home.path().join("kesu.toml"), "company = \"示例公司\"\n").unwrap();
        let company = Self { home };
        company.register(rows);
        company
    }

    /// Another company that has everything that this one has.
    pub fn copy(&self) -> Self {
        let home = tempfile::tempdir().unwrap();
        copy(self.home.path(), home.path());
        Self { home }
    }

    pub fn register(&self, rows: &str) {
        std::fs::write(self.path("data/违纪登记.csv"), format!("{HEADER}{rows}")).unwrap();
    }

    /// More rules of the pack.
    pub fn rules(&self, text: &str) {
        std::fs::write(self.path("rules/jilv/more.toml"), text).unwrap();
    }

    /// A dataset of its own; `at` is empty where rows have no day.
    pub fn dataset(&self, name: &str, key: &[&str], at: &str, fields: &[(&str, &str)]) {
        let at = if at.is_empty() { String::new() } else { format!("at = \"{at}\"\n") };
        let each: String = fields.iter().map(|(name, ty)| format!("[[field]]\nname = \"{name}\"\ntype = \"{ty}\"\n")).collect();
        let head = format!("[dataset]\nname = \"{name}\"\nkey = {key:?}\n{at}match = [\"*{name}*\"]\n");
        std::fs::write(self.path(&format!("rules/datasets/{name}.toml")), head + &each).unwrap();
    }

    /// Its rows.
    pub fn table(&self, name: &str, head: &str, rows: &str) {
        std::fs::write(self.path(&format!("data/{name}.csv")), format!("{head}\n{rows}")).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn kesu(&self, args: &[&str]) -> Assert {
        kesu(self.home.path(), args)
    }

    pub fn run(&self, month: &str) -> Assert {
        self.kesu(&["run", "--period", month])
    }

    /// A command that is not yet started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kesu"));
        command.current_dir(self.home.path()).args(args);
        command
    }

    pub fn ledger(&self) -> PathBuf {
        self.path("out/ledger.sqlite")
    }

    /// What the ledger says to a question.
    pub fn ask(&self, sql: &str) -> Vec<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("l.sqlite");
        std::fs::copy(self.ledger(), &copy).unwrap();
        let conn = rusqlite::Connection::open(copy).unwrap();
        let mut statement = conn.prepare(sql).unwrap();
        let columns = statement.column_count();
        let text = |row: &rusqlite::Row<'_>, at| match row.get_ref(at).unwrap() {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            value => value.as_str().unwrap_or_default().to_owned(),
        };
        let rows = statement.query_map([], |row| Ok((0..columns).map(|at| text(row, at)).collect())).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Fills in rows of the month's 奖罚汇总表 and hands it to `approve`, `appeal` or `execute`.
    pub fn decide(&self, command: &str, month: &str, rows: &[(&str, &[(&str, &str)])]) -> Assert {
        let filled = self.filled(command, month, rows);
        self.kesu(&[command, filled.to_str().unwrap()])
    }

    pub fn filled(&self, command: &str, month: &str, rows: &[(&str, &[(&str, &str)])]) -> PathBuf {
        let sheet = match command {
            "approve" => "奖罚汇总",
            "appeal" => "申诉",
            _ => "执行",
        };
        let filled = self.path("filled.xlsx");
        fill(&self.path(&format!("out/{month}/奖罚汇总表.xlsx")), sheet, rows, &filled);
        filled
    }

    /// Everybody's notice approved at its own amount, 丙's at 300.
    pub fn approve_all(&self, month: &str) -> Assert {
        let table = rows(&self.path(&format!("out/{month}/奖罚汇总表.xlsx")), "奖罚汇总");
        let head = table.iter().position(|row| row[0] == "单号").unwrap();
        let range = table[head].iter().position(|name| name == "可批范围").unwrap();
        let choice = table[head].iter().position(|name| name == "决定").unwrap();
        let open: Vec<(&str, Vec<(&str, &str)>)> = table[head + 1..]
            .iter()
            .filter(|row| !row[0].is_empty() && row[choice].is_empty())
            .map(|row| {
                let amount = if row[range].starts_with("200") { "300" } else { "" };
                (row[0].as_str(), [BY_MANAGER.as_slice(), &[("决定", "批准"), ("核定金额（元）", amount)]].concat())
            })
            .collect();
        let open: Vec<(&str, &[(&str, &str)])> = open.iter().map(|(number, cells)| (*number, cells.as_slice())).collect();
        self.decide("approve", month, &open)
    }

    /// All files below the output folder of a month.
    pub fn outputs(&self, month: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.path(&format!("out/{month}"));
        crate::support::below(&folder).into_iter().map(|file| (file.clone(), std::fs::read(folder.join(file)).unwrap())).collect()
    }
}

/// Who signs, and when.
pub const BY_MANAGER: [(&str, &str); 3] = [("批准人", "王总"), ("职务", "总经理"), ("批准日期", "2026-12-05")];

pub fn with<'a>(cells: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [BY_MANAGER.as_slice(), cells].concat()
}

pub fn said(output: &Assert) -> String {
    let output = output.get_output();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The rows of a sheet as texts.
pub fn rows(file: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// All texts of all sheets.
pub fn texts(file: &Path) -> String {
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let sheets: Vec<String> = book.sheet_names();
    sheets
        .iter()
        .flat_map(|sheet| book.worksheet_range(sheet).unwrap().used_cells().map(|cell| cell.2.to_string()).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .join("\n")
}

/// A copy of the workbook in which rows, named by their first cell, have other texts under some headings of one sheet.
fn fill(book: &Path, sheet: &str, edits: &[(&str, &[(&str, &str)])], target: &Path) {
    let mut read: Xlsx<_> = open_workbook(book).unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    for name in read.sheet_names() {
        let range = read.worksheet_range(&name).unwrap();
        let page = written.add_worksheet().set_name(&name).unwrap();
        for (row, column, cell) in range.used_cells() {
            match cell {
                Data::Float(number) => page.write_number(row as u32, column as u16, *number).unwrap(),
                other => page.write_string(row as u32, column as u16, other.to_string()).unwrap(),
            };
        }
        if name != sheet {
            continue;
        }
        let texts: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
        let head = texts.iter().position(|row| row[0] == "单号").unwrap();
        for (number, cells) in edits {
            let row = texts.iter().position(|row| row[0] == *number).unwrap_or_else(|| panic!("no row {number} in {texts:?}"));
            for (heading, text) in *cells {
                let column = texts[head].iter().position(|name| name == heading).unwrap_or_else(|| panic!("no column {heading}"));
                page.write_string(row as u32, column as u16, *text).unwrap();
            }
        }
    }
    written.save(target).unwrap();
}

fn copy(from: &Path, to: &Path) {
    for file in crate::support::below(from) {
        let target = to.join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(from.join(&file), target).unwrap();
    }
}
