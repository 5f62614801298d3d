//! Real files through the readers, and tables written by hand.

use std::sync::Arc;

use kesu::diag::Code;
use kesu::ingest::{Limits, discover};
use kesu::normalise::{Quiet, normalise, table_from_rows};
use kesu::rules::{Dataset, FieldType};

use super::feed::*;
use crate::support::shared;

#[test]
fn csv_files_of_a_folder_become_tables() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = "客诉编号,客户,国内外,受理日期,结案日期,客诉金额\n261001,甲,国内,2026-10-01,2026-10-16,\"1,234.50\"\n261002,乙,国外,2026/10/3,,abc\n合计,,,,,1\n";
    std::fs::write(folder.path().join("客诉台账.csv"), ledger).unwrap();
    let (gbk, _, _) = encoding_rs::GBK.encode("编号,站序,部门,收文时间\n261001,1,质管部,2026-10-01 09:05\n");
    std::fs::write(folder.path().join("流转.csv"), gbk).unwrap();
    let files = discover(folder.path()).unwrap();
    let found = normalise(&files, &all_shipped(), &Limits::default(), &Quiet);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "客诉台账", "客诉金额"), ["1234.5000"]);
    assert_eq!(found.rejects[0].row, 3);
    assert_eq!(column(&found, "流转记录", "站别"), ["质管部"]);
    assert!(!found.choices.is_empty());
}

#[test]
fn a_row_written_by_hand_is_read_as_a_workbooks_would_be() {
    let row = |cells: &[(&str, &str)]| cells.iter().map(|(name, text)| ((*name).to_owned(), t(text))).collect::<Vec<_>>();
    let rows =
        [row(&[("客诉编号", "261001"), ("国内外", "内销"), ("受理日期", "2026-10-01"), ("客诉金额", "1.2万")]), row(&[("客户", "乙")])];
    let table = table_from_rows(Arc::new(shipped("客诉台账")), &rows).unwrap();
    let cell = |field: &str, row: usize| table.frame.column(field).unwrap().get(row).unwrap().str_value().into_owned();
    assert_eq!(
        (cell("国内外", 0), cell("客诉金额", 0), cell("受理日期", 0)),
        ("国内".to_owned(), "12000.0000".to_owned(), "2026-10-01".to_owned())
    );
    assert_eq!((cell("_source", 1), cell("_row", 1)), ("0".to_owned(), "2".to_owned()));
}

#[test]
fn a_field_that_is_not_there_is_an_error_with_the_nearest_name() {
    let rows = [vec![("受理日".to_owned(), t("2026-10-01")), ("客诉金额".to_owned(), t("abc"))]];
    let problems = table_from_rows(Arc::new(shipped("客诉台账")), &rows).unwrap_err();
    assert_eq!(problems.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::RuleFieldUnknown, Code::NumberUnreadable]);
    assert!(problems[0].help.as_ref().unwrap().contains("受理日期"));
}

/// 2,816 citizens' messages; one time is a real date cell, one answer has a date without a time.
#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn every_real_message_has_both_its_times() {
    let found = normalise(&[shared("data/real/messages/附件4.xlsx")], &[messages()], &Limits::default(), &Quiet);
    assert_eq!(errors(&found), []);
    let total = &found.totals[0];
    assert_eq!((total.read, total.used, total.furniture), (2817, 2816, 1));
    for field in ["留言时间", "答复时间"] {
        assert!(column(&found, "留言", field).iter().all(|t| !t.is_empty()));
    }
    let count = |reason: &str| found.repairs.iter().filter(|r| r.reason == reason).count();
    assert_eq!((count("文本转日期"), count("无时间，按零点计")), (2815 + 2815, 1));
    assert_eq!(found.repair_count, 5631);
}

/// The second sheet holds 883 of the 4,326 rows of the first.
#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn two_sheets_of_real_messages_are_read_without_losing_a_row() {
    let mut dataset = messages();
    dataset.fields.retain(|f| f.name != "答复时间");
    let found = normalise(&[shared("data/real/messages/附件3.xlsx")], &[dataset], &Limits::default(), &Quiet);
    let [first, second] = &found.totals[..] else { panic!() };
    assert_eq!((first.read, first.used), (4327, 4326));
    assert_eq!((second.read, second.used + second.duplicate + second.rejected), (884, 883));
    assert!(found.totals.iter().all(kesu::normalise::ControlTotal::balances));
}

fn messages() -> Dataset {
    Dataset {
        name: "留言".to_owned(),
        key: vec!["留言编号".to_owned()],
        fields: vec![
            required("留言编号", FieldType::Text),
            required("留言时间", FieldType::Datetime),
            required("答复时间", FieldType::Datetime),
        ],
        ..Dataset::default()
    }
}
