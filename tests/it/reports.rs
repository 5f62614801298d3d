//! The month's workbooks: what they say, what a spreadsheet program reads in them, and that nothing is lost on the way.

#[path = "reports/capitals.rs"]
mod capitals;
#[path = "reports/csv.rs"]
mod csv;
#[path = "reports/figures.rs"]
mod figures;
#[path = "reports/fixture.rs"]
pub mod fixture;
#[path = "reports/recompute.rs"]
mod recompute;
#[path = "reports/xlsx.rs"]
mod xlsx;

use kesu::reports::{Month, Sheet, books, text};

use fixture::{CASES, Fixture};

/// All sheets of one workbook.
fn sheets<'m>(month: &'m Month<'m>, file: &str) -> Vec<Sheet<'m>> {
    let book = books(month).into_iter().find(|b| b.file == file).unwrap_or_else(|| panic!("{file} is not among the books"));
    book.sheets().unwrap()
}

fn shown(month: &Month<'_>, file: &str) -> String {
    sheets(month, file).iter().map(text::render).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_month_has_its_workbooks_by_name() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let mut files: Vec<String> = books(&month).into_iter().map(|b| b.file).filter(|file| !file.contains('/')).collect();
    files.sort();
    let mut expected =
        ["人事公布单", "催办单", "奖罚通知单", "客诉案件统计表", "待修正", "核决权限稽核表", "洽办单", "登记追踪表", "稽核底稿"]
            .map(|name| format!("{name}.xlsx"));
    expected.sort();
    assert_eq!(files, expected);
}

#[test]
fn without_rejects_there_is_nothing_to_mend() {
    let mut fixture = Fixture::new();
    fixture.input.rejects.clear();
    assert!(books(&fixture.month()).iter().all(|b| b.file != "待修正.xlsx"));
}

macro_rules! reads {
    ($($name:ident: $file:literal;)*) => {$(
        #[test]
        fn $name() {
            let fixture = Fixture::new();
            insta::assert_snapshot!(shown(&fixture.month(), $file));
        }
    )*};
}

reads! {
    statistics_read_as_a_person_would: "客诉案件统计表.xlsx";
    the_register_reads_as_a_person_would: "登记追踪表.xlsx";
    reminders_read_as_a_person_would: "催办单.xlsx";
    inquiries_read_as_a_person_would: "洽办单.xlsx";
    penalties_read_as_a_person_would: "奖罚通知单.xlsx";
    publications_read_as_a_person_would: "人事公布单.xlsx";
    the_copy_of_accounting_reads_as_a_person_would: "分送/会计/奖罚通知单.xlsx";
    the_register_of_a_department_reads_as_a_person_would: "分送/制造部/登记追踪表.xlsx";
    the_findings_of_a_department_read_as_a_person_would: "分送/业务部/问题清单.xlsx";
    approvals_read_as_a_person_would: "核决权限稽核表.xlsx";
    the_audit_reads_as_a_person_would: "稽核底稿.xlsx";
    rejects_read_as_a_person_would: "待修正.xlsx";
}

#[test]
fn a_month_without_closed_cases_says_so_and_draws_nothing() {
    let fixture = Fixture::new();
    let earlier: Vec<_> = CASES.into_iter().filter(|c| c.7 != "2026-10").collect();
    for cases in [earlier.as_slice(), &[]] {
        let month = fixture.month_of(cases);
        let sheets = sheets(&month, "客诉案件统计表.xlsx");
        assert!(text::render(&sheets[0]).contains("本月无结案案件"));
        assert!(sheets.iter().all(|s| s.charts.is_empty()));
    }
}

#[test]
fn a_reminder_goes_to_each_department_on_a_page_of_its_own() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let names: Vec<String> = sheets(&month, "催办单.xlsx").into_iter().map(|s| s.name).collect();
    assert_eq!(names, ["目录", "业务部-001", "制造部-002"]);
}

#[test]
fn very_many_forms_share_one_sheet_with_a_page_each() {
    let fixture = Fixture::new();
    let mut month = fixture.month();
    let one = month.notices.iter().find(|n| n.form == "奖罚通知单").unwrap().clone();
    month.notices = (0..200).map(|at| kesu::dispose::NoticeForm { number: format!("JF-{at:03}"), ..one.clone() }).collect();
    let sheets = sheets(&month, "奖罚通知单.xlsx");
    assert_eq!(sheets.len(), 2);
    // the original, three copies and the appendix of each begin a page; the very first does not need a break
    assert_eq!(sheets[1].breaks.len(), 200 * 5 - 1);
    let text = text::render(&sheets[1]);
    assert_eq!(text.matches("人民币(大写):壹仟零伍元零柒分").count(), 200 * 4);
}

#[test]
fn a_row_that_was_mended_and_fed_back_does_not_wait_any_more() {
    let mut fixture = Fixture::new();
    fixture.input.rejects[0].resolved = true;
    let month = fixture.month();
    assert!(books(&month).iter().all(|b| b.file != "待修正.xlsx"));
    assert!(shown(&month, "稽核底稿.xlsx").contains("已补正"));
}
