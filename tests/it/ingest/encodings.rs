//! csv and its relatives.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use proptest::prelude::*;
use tempfile::tempdir;

use super::{craft, read};
use kesu::diag::Code;

/// Text as bytes; encoding_rs does not write UTF-16.
fn encode(text: &str, encoding: &'static Encoding, mark: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let wide: Vec<u16> = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).collect();
    if encoding == UTF_16LE {
        bytes.extend(wide.into_iter().flat_map(u16::to_le_bytes));
    } else if encoding == UTF_16BE {
        bytes.extend(wide.into_iter().flat_map(u16::to_be_bytes));
    } else {
        if mark {
            bytes.extend([0xEF, 0xBB, 0xBF]);
        }
        let (encoded, _, errors) = encoding.encode(text);
        assert!(!errors);
        bytes.extend_from_slice(&encoded);
    }
    bytes
}

const HEADER: [&str; 3] = ["客诉编号", "责任部门", "情况说明"];

fn expected(rows: &[(u32, &[&str])]) -> Vec<(u32, Vec<(u32, String)>)> {
    rows.iter().map(|(row, cells)| (*row, (0..).zip(cells.iter().map(|c| (*c).to_owned())).collect())).collect()
}

#[test]
fn every_encoding_gives_the_same_rows_and_is_named() {
    let folder = tempdir().unwrap();
    let text = "客诉编号,责任部门\n261001,品质部\n261002,生产一部\n";
    let cases = [
        (UTF_8, false, "编码 UTF-8，"),
        (UTF_8, true, "编码 UTF-8（有 BOM 标记），"),
        (GB18030, false, "编码 GB18030（推定），"),
        (UTF_16LE, true, "编码 UTF-16LE（有 BOM 标记），"),
        (UTF_16BE, true, "编码 UTF-16BE（有 BOM 标记），"),
        (UTF_16LE, false, "编码 UTF-16LE（推定），"),
        (UTF_16BE, false, "编码 UTF-16BE（推定），"),
    ];
    for (encoding, mark, choice) in cases {
        let path = craft::write(folder.path(), "台账.csv", &encode(text, encoding, mark));
        let (sink, report) = read(&path);
        let rows: [(u32, &[&str]); 3] = [(1, &["客诉编号", "责任部门"]), (2, &["261001", "品质部"]), (3, &["261002", "生产一部"])];
        assert_eq!(sink.texts(), expected(&rows), "{choice}");
        assert_eq!(report.choices, [format!("{choice}分隔符为逗号")]);
        assert!(report.warnings.is_empty());
    }
}

#[test]
fn the_delimiter_is_the_one_that_cuts_evenly() {
    let folder = tempdir().unwrap();
    for (mark, name) in [(",", "逗号"), ("\t", "制表符"), (";", "分号"), ("|", "竖线"), ("\u{ff0c}", "全角逗号")] {
        let text = format!("编号{mark}说明{mark}金额\n1{mark}少件、破损。{mark}3.5\n2{mark}色差{mark}4\n");
        let (sink, report) = read(&craft::write(folder.path(), "a.txt", text.as_bytes()));
        let rows: [(u32, &[&str]); 3] = [(1, &["编号", "说明", "金额"]), (2, &["1", "少件、破损。", "3.5"]), (3, &["2", "色差", "4"])];
        assert_eq!(sink.texts(), expected(&rows), "{name}");
        assert!(report.choices[0].ends_with(&format!("分隔符为{name}")), "{:?}", report.choices);
    }
}

#[test]
fn prose_with_full_width_commas_is_one_column() {
    let folder = tempdir().unwrap();
    let text = "情况说明\n少件\u{ff0c}已补发\n色差\u{ff0c}客户接受\u{ff0c}结案\n";
    let (sink, _) = read(&craft::write(folder.path(), "a.txt", text.as_bytes()));
    assert!(sink.texts().iter().all(|(_, cells)| cells.len() == 1));
}

#[test]
fn rows_are_numbered_as_excel_shows_them() {
    let folder = tempdir().unwrap();
    // a blank line is a row, a line break inside quotes is not
    for end in ["\n", "\r\n"] {
        let text = ["台账", "", "编号,说明", "1,\"两行\n说明\"", "", "", "2,色差"].join(end);
        let (sink, _) = read(&craft::write(folder.path(), "a.csv", text.as_bytes()));
        let rows: [(u32, &[&str]); 4] = [(1, &["台账"]), (3, &["编号", "说明"]), (4, &["1", "两行\n说明"]), (7, &["2", "色差"])];
        assert_eq!(sink.texts(), expected(&rows));
    }
}

#[test]
fn ragged_rows_and_empty_cells_keep_their_columns() {
    let folder = tempdir().unwrap();
    let (sink, _) = read(&craft::write(folder.path(), "a.csv", "a,b,c\n1\n,,3,4\n,,\n5,,6\n".as_bytes()));
    let columns: Vec<(u32, Vec<u32>)> = sink.texts().iter().map(|(row, cells)| (*row, cells.iter().map(|c| c.0).collect())).collect();
    assert_eq!(columns, [(1, vec![0, 1, 2]), (2, vec![0]), (3, vec![2, 3]), (5, vec![0, 2])]);
}

#[test]
fn long_files_are_whole_across_the_reading_chunks() {
    let folder = tempdir().unwrap();
    let lines: Vec<String> = (1..=6000).map(|n| format!("{n},客户反映第{n}批色差,{}", "说".repeat(n % 7))).collect();
    for (encoding, mark) in [(UTF_8, false), (GB18030, false), (UTF_16LE, true)] {
        for end in ["\n", "\r\n"] {
            let path = craft::write(folder.path(), "a.csv", &encode(&lines.join(end), encoding, mark));
            let (sink, report) = read(&path);
            assert!(report.warnings.is_empty());
            let rows = sink.texts();
            assert_eq!(rows.len(), lines.len());
            for ((number, line), (row, cells)) in (1..).zip(&lines).zip(&rows) {
                assert_eq!(*row, number);
                let texts: Vec<&str> = cells.iter().map(|c| c.1.as_str()).collect();
                assert_eq!(texts.join(","), line.trim_end_matches(','));
            }
        }
    }
}

#[test]
fn a_few_broken_bytes_do_not_change_the_encoding_but_are_told() {
    let folder = tempdir().unwrap();
    let mut bytes = "客诉编号,责任部门\n261001,品质部\n".repeat(20).into_bytes();
    bytes.extend([0xE5, 0x93, b',', b'x', b'\n']);
    let (sink, report) = read(&craft::write(folder.path(), "a.csv", &bytes));
    assert_eq!(sink.texts()[0].1[0].1, "客诉编号");
    assert_eq!(sink.texts().len(), 41);
    assert_eq!(report.warnings[0].code, Code::EncodingGuessed);
}

#[test]
fn gbk_that_happens_to_be_valid_utf8_is_still_gbk() {
    let folder = tempdir().unwrap();
    // 模 is C4 A3 in GBK, which is ģ in UTF-8
    let (sink, _) = read(&craft::write(folder.path(), "a.csv", &encode("模,模\n", GB18030, false)));
    assert_eq!(sink.texts(), expected(&[(1, &["模", "模"])]));
}

fn field() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        4 => proptest::char::range('\u{4e00}', '\u{9fa5}'),
        3 => proptest::char::range('0', 'z'),
        1 => Just(','), 1 => Just('"'), 1 => Just('\n'), 1 => Just('\u{ff0c}'), 1 => Just('𠮷'), 1 => Just('€'),
    ];
    proptest::collection::vec(letter, 0..9).prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_table_written_in_any_encoding_is_read_back_equal(
        rows in proptest::collection::vec(proptest::array::uniform3(field()), 1..12),
        which in 0..5usize,
    ) {
        let (encoding, mark) = [(UTF_8, false), (UTF_8, true), (GB18030, false), (UTF_16LE, true), (UTF_16BE, true)][which];
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADER).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let folder = tempdir().unwrap();
        let (sink, _) = read(&craft::write(folder.path(), "a.csv", &encode(&text, encoding, mark)));
        let header = HEADER.map(str::to_owned);
        let mut wanted = Vec::new();
        for (number, row) in (1..).zip(std::iter::once(&header).chain(&rows)) {
            let cells: Vec<(u32, String)> = (0..).zip(row.iter().cloned()).filter(|(_, text)| !text.trim().is_empty()).collect();
            if !cells.is_empty() {
                wanted.push((number, cells));
            }
        }
        prop_assert_eq!(sink.texts(), wanted);
    }
}
