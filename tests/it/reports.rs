//! The month's workbooks: what they say, what a spreadsheet program reads in them, and that nothing is lost on the way.

#[path = "reports/capitals.rs"]
mod capitals;
#[path = "reports/csv.rs"]
mod csv;
#[path = "reports/dues.rs"]
mod dues;
#[path = "reports/figures.rs"]
mod figures;
#[path = "reports/fixture.rs"]
pub mod fixture;
#[path = "reports/listing.rs"]
mod listing;
#[path = "reports/papers.rs"]
mod papers;
#[path = "reports/recompute.rs"]
mod recompute;
#[path = "reports/tables.rs"]
mod tables;
#[path = "reports/xlsx.rs"]
mod xlsx;

use kesu::diag::Diag;
use kesu::reports::{Month, Sheet, books, text};
use kesu::rules::kinds::Kind;
use kesu::rules::{Cite, Off, OffRule, Reading, Resolve};

use fixture::{CASES, Fixture};

/// All sheets of one workbook.
fn sheets<'m>(month: &'m Month<'m>, file: &str) -> Vec<Sheet<'m>> {
    let book = books(month).unwrap().into_iter().find(|b| b.file == file).unwrap_or_else(|| panic!("{file} is not among the books"));
    book.sheets().unwrap()
}

fn shown(month: &Month<'_>, file: &str) -> String {
    sheets(month, file).iter().map(text::render).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_month_has_its_workbooks_by_name() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let mut files: Vec<String> = books(&month).unwrap().into_iter().map(|b| b.file).filter(|file| !file.contains('/')).collect();
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
    assert!(books(&fixture.month()).unwrap().iter().all(|b| b.file != "待修正.xlsx"));
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
        for name in ["统计表", "责任归属确认"] {
            let sheet = sheets.iter().find(|sheet| sheet.name == name).unwrap();
            assert!(text::render(sheet).contains("本月无结案案件"), "{name}");
        }
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
fn a_penalty_notice_says_who_approves_as_its_rule_does() {
    for (post, sentence) in [(Some("管理处主任"), "本单经管理处主任批准后生效"), (None, "本单经批准后生效")] {
        let mut fixture = Fixture::new();
        for rule in &mut fixture.rules.packs[0].rules {
            if let Kind::Penalty(penalty) = &mut rule.kind {
                penalty.confirm = post.map(str::to_owned);
            }
        }
        let told = shown(&fixture.month(), "奖罚通知单.xlsx");
        assert!(told.contains(sentence) && !told.contains("经总经理批准"), "{told}");
    }
}

#[test]
fn very_many_forms_share_one_sheet_with_a_page_each() {
    let fixture = Fixture::new();
    let mut month = fixture.month();
    let one = month.notices.iter().find(|n| n.form == "奖罚通知单").unwrap().clone();
    month.notices = (0..200).map(|at| kesu::dispose::NoticeForm { number: format!("JF-{at:03}"), ..one.clone() }).collect();
    let sheets = sheets(&month, "奖罚通知单.xlsx");
    assert_eq!(sheets.len(), 2);
    // the original and three copies of each are a page, with the short appendix below
    let mut pages = 0;
    let stack = sheets[1].stack.as_ref().unwrap();
    let counted: Result<(), Diag> = stack.each(|_, form| {
        pages += form.breaks.len() + 1;
        Ok(())
    });
    counted.unwrap();
    assert_eq!(pages, 200 * 4);
    let text = text::render(&sheets[1]);
    assert_eq!(text.matches("人民币（大写）：壹仟零伍元零柒分").count(), 200 * 4);
}

#[test]
fn a_row_that_was_mended_and_fed_back_does_not_wait_any_more() {
    let mut fixture = Fixture::new();
    fixture.input.rejects[0].resolved = true;
    let month = fixture.month();
    assert!(books(&month).unwrap().iter().all(|b| b.file != "待修正.xlsx"));
    assert!(shown(&month, "稽核底稿.xlsx").contains("已补正"));
}

#[test]
fn the_audit_lists_readings_picks_what_was_switched_off_and_what_sleeps() {
    let mut fixture = Fixture::new();
    let cite = || Cite { source: "banfa".into(), clause: "十五条".into() };
    let pack = &mut fixture.rules.packs[0];
    pack.readings.push(Reading {
        id: "hezhun".into(),
        pack: "kesu-banfa".into(),
        catalog: vec!["S0-15.1".into()],
        title: "核准".into(),
        text: "由规则包落实".into(),
        cite: cite(),
    });
    let resolve = Resolve {
        id: "X01".into(),
        catalog: Vec::new(),
        rules: vec!["jiean".into(), "hejue".into()],
        pick: vec!["jiean".into()],
        note: Some("两个数".into()),
        cite: cite(),
        company: Some("会议纪要".into()),
    };
    pack.resolves.push(resolve);
    let gone = OffRule { id: "fentan".into(), title: "分摊".into(), file: "x.toml".into() };
    let off = Off {
        pack: "kesu-banfa".into(),
        rules: vec![gone],
        catalog: vec!["S0V-d7".into()],
        note: Some("无附表".into()),
        cite: cite(),
        idle: Vec::new(),
    };
    pack.off.push(off);
    pack.rules.iter_mut().find(|rule| rule.head.id == "hejue").unwrap().head.unpicked = Some("X01".into());
    let absent = ["协助记录".to_owned()];
    let mut month = fixture.month();
    month.results.iter_mut().find(|result| result.rule.head.id == "jiean").unwrap().absent = &absent;
    let sheets = sheets(&month, "稽核底稿.xlsx");
    let told = text::render(sheets.iter().find(|sheet| sheet.name == "口径与取舍").unwrap());
    for words in [
        "核准：由规则包落实",
        "采用 「结案期限」；未采用 「客诉金额核决权限」。两个数",
        "公司另定：会议纪要",
        "无附表。停用：「分摊」",
        "数据没有「协助记录」列",
    ] {
        assert!(told.replace('\n', "").contains(words), "{words} is not in\n{told}");
    }
    let rules = text::render(sheets.iter().find(|sheet| sheet.name == "规则一览").unwrap());
    assert!(rules.contains("未采用") && rules.contains("未启用"), "{rules}");
}
