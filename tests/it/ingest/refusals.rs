//! Files that are not read, and what their owner is told.

use std::fs;

use tempfile::tempdir;

use super::{craft, read, read_with, refusal};
use crate::support::shared;
use kesu::diag::{Code, Diag, Place};
use kesu::ingest::{Limits, RawValue, discover};

fn names_its_file(diag: &Diag, name: &str) {
    assert!(matches!(&diag.place, Place::File(file) if file.ends_with(name)), "{diag:?}");
    assert!(diag.help.is_some(), "{diag:?}");
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn an_encrypted_workbook_is_called_that() {
    for name in ["pass_protected.xlsx", "pass_protected.xlsb", "pass_protected.ods", "issue_385.xls"] {
        let diag = refusal(&shared(&format!("data/hostile/calamine/{name}")));
        assert_eq!(diag.code, Code::FileEncrypted, "{name}");
        assert!(diag.help.as_deref().unwrap().contains("另存为不加密的文件"));
        names_its_file(&diag, name);
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_truncated_workbook_is_damaged_wherever_it_was_cut() {
    let folder = tempdir().unwrap();
    let whole = fs::read(shared("data/hostile/calamine/issues.xlsx")).unwrap();
    for tenth in 1..10 {
        let path = craft::write(folder.path(), "半截.xlsx", &whole[..whole.len() * tenth / 10]);
        let diag = refusal(&path);
        assert_eq!(diag.code, Code::FileDamaged, "{tenth}");
        names_its_file(&diag, "半截.xlsx");
    }
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_content_decides_and_not_the_extension() {
    let folder = tempdir().unwrap();
    let book = fs::read(shared("data/hostile/calamine/date.xlsx")).unwrap();
    let (sink, report) = read(&craft::write(folder.path(), "a.xls", &book));
    assert!(matches!(sink.only()[0].1[0].1, RawValue::Serial { .. }));
    assert!(report.choices[0].contains("扩展名是「xls」，内容是 xlsx"), "{:?}", report.choices);

    let (sink, report) = read(&craft::write(folder.path(), "b.xls", "编号\t部门\n1\t品质部\n".as_bytes()));
    assert_eq!(sink.texts().len(), 2);
    assert!(report.choices.iter().any(|line| line.contains("分隔符为制表符")), "{:?}", report.choices);

    let old = fs::read(shared("data/hostile/calamine/date.xls")).unwrap();
    let (sink, _) = read(&craft::write(folder.path(), "c.xlsx", &old));
    assert!(matches!(sink.only()[0].1[0].1, RawValue::Serial { .. }));
}

#[test]
fn a_web_page_named_xls_is_unsupported_with_a_way_out() {
    let folder = tempdir().unwrap();
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>1</td></tr></table></html>";
    let diag = refusal(&craft::write(folder.path(), "导出.xls", page.as_bytes()));
    assert_eq!(diag.code, Code::FileUnsupported);
    assert!(diag.help.as_deref().unwrap().contains("另存为"));
}

#[test]
fn a_complaint_about_a_web_page_is_still_a_table() {
    let folder = tempdir().unwrap();
    let (sink, _) = read(&craft::write(folder.path(), "a.csv", "编号,说明\n1,页面上显示 <html> 字样\n".as_bytes()));
    assert_eq!(sink.texts().len(), 2);
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = tempdir().unwrap();
    for (name, bytes, code) in [
        ("空.xlsx", &b""[..], Code::FileDamaged),
        ("乱.xlsx", &[0, 1, 2, 3, 4, 5, 6, 7, 0xFF, 0, 9, 9, 9][..], Code::FileDamaged),
        ("图.csv", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x01\x02\x03"[..], Code::FileUnsupported),
        ("文.txt", &b"%PDF-1.7\n1 0 obj"[..], Code::FileUnsupported),
    ] {
        assert_eq!(refusal(&craft::write(folder.path(), name, bytes)).code, code, "{name}");
    }
    assert_eq!(refusal(&folder.path().join("没有.xlsx")).code, Code::FileUnreadable);
}

#[test]
fn limits_are_said_with_their_numbers() {
    let folder = tempdir().unwrap();
    let big = craft::write(folder.path(), "a.csv", &[b'1'; 4 << 20]);
    let (_, outcome) = read_with(&big, &Limits { file_bytes: 3 << 20, ..Limits::default() });
    let diag = outcome.unwrap_err();
    assert_eq!(diag.code, Code::FileTooLarge);
    assert!(diag.message.contains("4 MB") && diag.message.contains("3 MB"), "{}", diag.message);

    let book = craft::workbook(folder.path(), "b.xlsx", &[("s", "")], true);
    let (_, outcome) = read_with(&book, &Limits { inflated_bytes: 100, ..Limits::default() });
    assert_eq!(outcome.unwrap_err().code, Code::FileTooLarge);

    let claims = r#"<sst uniqueCount="4000000000"><si><t>a</t></si></sst>"#;
    let diag = refusal(&craft::workbook_with(folder.path(), "c.xlsx", &[("s", "")], Some(claims), true));
    assert_eq!(diag.code, Code::FileTooLarge);
    assert!(diag.message.contains("4000000000"));
}

#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn a_child_out_of_time_is_stopped() {
    let path = shared("data/hostile/calamine/OOM_alloc2.xls");
    let (_, outcome) = read_with(&path, &Limits { child_seconds: 0, ..Limits::default() });
    let diag = outcome.unwrap_err();
    assert_eq!(diag.code, Code::ReaderStopped);
    assert!(diag.message.contains("0 秒"), "{}", diag.message);
}

#[test]
fn a_quote_that_is_never_closed_loses_no_rows_silently() {
    let folder = tempdir().unwrap();
    for lines in [3, 400_000] {
        let text = format!("编号,说明\n1,\"没有配对\n{}", "2，正常的一行\n".repeat(lines));
        let diag = refusal(&craft::write(folder.path(), "a.csv", text.as_bytes()));
        assert_eq!(diag.code, Code::FileDamaged);
        assert!(diag.message.contains("第 2 行起"), "{}", diag.message);
    }
    // a quote that is only a letter, and a closed one with a line break at its end, are in order
    for text in ["编号,管径\n1,5\"\n", "编号,说明\n1,\"末尾换行\n\"\n"] {
        let (sink, _) = read(&craft::write(folder.path(), "a.csv", text.as_bytes()));
        assert_eq!(sink.texts().len(), 2);
    }
}

#[test]
fn a_folder_gives_its_tables_in_order_and_nothing_else() {
    let folder = tempdir().unwrap();
    fs::create_dir_all(folder.path().join("分公司/.隐藏")).unwrap();
    let names = ["b.xlsx", "a.CSV", "分公司/c.ods", "分公司/待修正.xlsx", "z.tsv"];
    for name in names.iter().chain(&["~$b.xlsx", ".d.csv", "说明.docx", "分公司/.隐藏/e.csv"]) {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let found: Vec<String> = discover(folder.path())
        .unwrap()
        .iter()
        .map(|path| path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, ["a.CSV", "b.xlsx", "z.tsv", "分公司/c.ods", "分公司/待修正.xlsx"]);
}

#[test]
fn a_folder_that_is_missing_or_empty_is_said_so() {
    let folder = tempdir().unwrap();
    let empty = discover(folder.path()).unwrap_err();
    let missing = discover(&folder.path().join("没有")).unwrap_err();
    assert_eq!((empty.code, missing.code), (Code::FolderEmpty, Code::FolderMissing));
    assert!(empty.help.is_some() && missing.help.is_some());
}
