//! Lists of verdicts: what is in them, in which order, and that their totals are those of the list.

use std::sync::Arc;

use kesu::diag::CellRef;
use kesu::ledger::{Figures, Finding};
use kesu::normalise::Repair;
use kesu::reports::sheet::{Cached, Sheet, Value};
use kesu::reports::{Month, books, recompute, text};
use kesu::rules::Rule;
use kesu::rules::kinds::{GroupBy, Kind, Layout, Listed, Section, Shown, Statistic};

use super::fixture::{Fixture, dec, head};
use super::sheets;

const FILE: &str = "核决清单.xlsx";

fn section(title: &str, outcomes: &[Listed], group: Option<GroupBy>) -> Section {
    Section {
        title: title.into(),
        dataset: "核决记录".into(),
        rules: vec!["hejue".into()],
        outcomes: outcomes.to_vec(),
        columns: vec!["核决人职务".into(), "客诉金额".into()],
        show: vec![Shown::Fault, Shown::Person, Shown::Amount],
        group,
        sum: Vec::new(),
        note: Some("按核决记录".into()),
    }
}

fn fixture(sections: Vec<Section>) -> Fixture {
    let mut fixture = Fixture::new();
    let kind = Kind::Statistic(Statistic {
        send: Vec::new(),
        dataset: "核决记录".into(),
        scope: kesu::rules::Condition::always(),
        at: None,
        by_day: None,
        on_time: None,
        columns: Vec::new(),
        layout: Layout::Listing(sections),
        signatures: vec!["稽核".into()],
        clause: "客诉管理办法 十一条".into(),
    });
    fixture.rules.packs[0].rules.push(Rule { head: head("qingdan", "核决清单"), kind });
    fixture
}

const ALL: [Listed; 5] = [Listed::Met, Listed::Breached, Listed::Pending, Listed::NotApplicable, Listed::Indeterminate];

/// First two cells of each line.
fn listed(sheet: &Sheet<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let Some(body) = &sheet.body else { return lines };
    let each = body.each(0..body.len, |_, values| {
        let shown = |at: usize| text::shown(&values[at], sheet.columns[at].style);
        lines.push((shown(0), shown(1)));
    });
    each.unwrap();
    lines
}

fn pairs(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    lines.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_list_holds_the_outcomes_that_it_asks_for_breaches_first() {
    let fixture = fixture(vec![
        section("越权", &[Listed::Breached, Listed::Indeterminate], None),
        section("疑似", &[Listed::Suspected], None),
        section("全部", &ALL, None),
    ]);
    let month = fixture.month();
    let all = sheets(&month, FILE);
    assert_eq!(all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["目录", "越权", "疑似", "全部"]);
    assert_eq!(listed(&all[1]), pairs(&[("▲ 违规", "261003")]));
    assert_eq!(listed(&all[2]), pairs(&[("疑似", "261010")]));
    assert_eq!(listed(&all[3]), pairs(&[("▲ 违规", "261003"), ("合规", "261001")]));
}

#[test]
fn the_totals_of_a_list_are_formulas_over_it() {
    let fixture = fixture(vec![section("全部", &ALL, Some(GroupBy::Field("核决人职务".into())))]);
    let month = fixture.month();
    let all = sheets(&month, FILE);
    let sheet = &all[0];
    let row = |label: &str| sheet.rows.iter().find(|row| row.first().is_some_and(|c| c.value == Value::text(label))).unwrap();
    let cached = |label: &str, at: usize| match &row(label)[at].value {
        Value::Formula(formula) => formula.cached.clone(),
        other => panic!("{other:?} is no formula"),
    };
    for label in ["业务部门经理", "合计"] {
        assert_eq!([2, 3, 4].map(|at| cached(label, at)), [2, 1, 0].map(|n: i64| Cached::Number(n.into())), "{label}");
    }
    recompute::check(FILE, &all).unwrap();
}

#[test]
fn a_list_adds_up_the_columns_that_it_names() {
    let mut all_of_them = section("全部", &ALL, None);
    all_of_them.sum = vec!["客诉金额".into()];
    let fixture = fixture(vec![all_of_them]);
    let month = fixture.month();
    let all = sheets(&month, FILE);
    let amount = all[0].columns.iter().position(|column| column.header == "客诉金额").unwrap();
    let mut whole = dec("0");
    let body = all[0].body.as_ref().unwrap();
    let each = body.each(0..body.len, |_, values| match &values[amount] {
        Value::Number(number) => whole += *number,
        other => panic!("{other:?} is no amount"),
    });
    each.unwrap();
    assert!(whole > dec("0"));
    let total = &all[0].tail[0];
    assert_eq!(total[0].value, Value::text("合计"));
    assert!(matches!(&total[amount].value, Value::Formula(formula) if formula.cached == Cached::Number(whole)));
    recompute::check(FILE, &all).unwrap();
}

#[test]
fn a_list_of_one_is_computed_as_one_of_many() {
    let one = section("越权", &[Listed::Breached], Some(GroupBy::Shown(Shown::Person)));
    let fixture = fixture(vec![one]);
    let month = fixture.month();
    let all = sheets(&month, FILE);
    assert_eq!(listed(&all[0]).len(), 1);
    recompute::check(FILE, &all).unwrap();
}

#[test]
fn a_list_without_lines_says_whether_anything_was_looked_at() {
    let fixture = fixture(vec![section("未到期", &[Listed::Pending], None)]);
    let mut month = fixture.month();
    assert!(text::render(&sheets(&month, FILE)[0]).contains("本期没有应列出的事项。"));
    for result in &mut month.results {
        result.counts = Default::default();
    }
    assert!(text::render(&sheets(&month, FILE)[0]).contains("本期没有可以判定的记录。"));
}

#[test]
fn lists_about_a_table_that_nobody_keeps_make_no_book() {
    let mut about = section("越权", &ALL, None);
    about.dataset = "退货折让台账".into();
    let fixture = fixture(vec![about]);
    let month = fixture.month();
    assert!(books(&month).unwrap().iter().all(|book| book.file != FILE));
}

#[test]
fn a_list_reads_as_a_person_would() {
    let fixture = fixture(vec![section("越权", &ALL, Some(GroupBy::Shown(Shown::Person)))]);
    let month = fixture.month();
    insta::assert_snapshot!(sheets(&month, FILE).iter().map(text::render).collect::<Vec<_>>().join("\n"));
}

#[test]
fn approvals_show_the_breaches_alone_first_and_all_of_them_last() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, "核决权限稽核表.xlsx");
    let lines: Vec<usize> = all.iter().map(|sheet| listed(sheet).len()).collect();
    assert_eq!(all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["目录", "越权清单", "疑似拆单", "全部核决记录"]);
    assert_eq!(lines, [0, 1, 1, 2]);
    assert_eq!(listed(&all[1])[0].1, "261003");
}

#[test]
fn figures_that_were_held_against_each_other_have_columns_of_their_own() {
    let mut wide = section("比率", &[Listed::Breached], None);
    wide.columns.clear();
    wide.show = vec![Shown::Left, Shown::Right, Shown::Difference, Shown::Numerator, Shown::Denominator, Shown::Rate];
    let fixture = fixture(vec![wide]);
    let mut month = fixture.month();
    let wrong = month.findings.iter().find(|f| *f.rule == *"hejue" && !f.suspected).unwrap().clone();
    let with = |figures| Arc::new(Finding { figures: Some(Box::new(figures)), ..(*wrong).clone() });
    let some = |text| Some(dec(text));
    let pair = Figures::Pair { left: some("120"), right: some("100"), difference: some("20") };
    let share = Figures::Share { numerator: some("900"), denominator: some("1000"), rate: some("0.9") };
    month.findings = vec![with(pair), with(share)].into();
    let all = sheets(&month, FILE);
    let mut lines: Vec<Vec<String>> = Vec::new();
    let body = all[0].body.as_ref().unwrap();
    let each = body.each(0..body.len, |_, values| {
        lines.push((2..8).map(|at| text::shown(&values[at], all[0].columns[at].style)).collect());
    });
    each.unwrap();
    assert_eq!(lines, [["120", "100", "20", "", "", ""], ["", "", "", "900", "1,000", "90.00%"]]);
}

/// Targets of the links of a sheet's single cells.
fn links(sheet: &Sheet<'_>) -> Vec<String> {
    let target = |value: &Value<'_>| match value {
        Value::Link(link) => Some(link.target.clone()),
        _ => None,
    };
    sheet.rows.iter().flatten().filter_map(|cell| target(&cell.value)).collect()
}

#[test]
fn a_book_of_several_sheets_begins_with_links_to_all_of_them() {
    let fixture = Fixture::new();
    let month = fixture.month();
    for book in books(&month).unwrap() {
        let all = book.sheets().unwrap();
        let has_contents = all[0].name == "目录";
        assert_eq!(has_contents, all.len() > 1 && book.file != "待修正.xlsx", "{}", book.file);
        if has_contents {
            let wanted: Vec<String> = all[1..].iter().map(|sheet| format!("internal:'{}'!A1", sheet.name)).collect();
            assert_eq!(links(&all[0]), wanted, "{}", book.file);
        }
    }
}

fn with_repairs(count: u32) -> Fixture {
    let mut fixture = Fixture::new();
    let repair = |at: u32| Repair {
        source: at % 2,
        cell: CellRef { column: 4, row: at + 3 },
        field: if at.is_multiple_of(3) { "受理日期" } else { "客诉金额" }.into(),
        before: "甲".into(),
        after: "乙".into(),
        reason: "文本转日期",
    };
    fixture.input.repairs = (0..count).map(repair).collect();
    fixture.input.repair_count = u64::from(count);
    fixture
}

#[test]
fn many_repairs_print_as_sums_and_a_few_examples_and_all_are_in_the_sheet() {
    let fixture = with_repairs(600);
    let month: Month<'_> = fixture.month();
    let all = sheets(&month, "稽核底稿.xlsx");
    let sheet = all.iter().find(|s| s.name == "修复清单").unwrap();
    assert_eq!(sheet.body.as_ref().unwrap().len, 600);
    assert!(sheet.printed.is_some_and(|most| most < 100));
    let text = text::render(sheet);
    assert!(text.contains("打印只含小计和前 30 处"), "{text}");
    // six hundred by two files and two fields: each third one a date, half of them in each file
    let counts: Vec<Cached> = sheet
        .rows
        .iter()
        .flatten()
        .filter_map(|cell| match &cell.value {
            Value::Formula(formula) => Some(formula.cached.clone()),
            _ => None,
        })
        .collect();
    let mut expected = [100, 200, 100, 200, 600].map(|n: i64| Cached::Number(n.into())).to_vec();
    assert_eq!(counts.len(), expected.len());
    for count in &counts {
        let at = expected.iter().position(|known| known == count).unwrap_or_else(|| panic!("{counts:?}"));
        expected.remove(at);
    }
    recompute::check("稽核底稿.xlsx", &all).unwrap();
}

#[test]
fn more_kinds_of_repairs_than_fit_are_put_together() {
    let mut fixture = with_repairs(300);
    for (at, repair) in fixture.input.repairs.iter_mut().enumerate() {
        repair.field = format!("字段{}", at % 100);
    }
    let month = fixture.month();
    let all = sheets(&month, "稽核底稿.xlsx");
    let sheet = all.iter().find(|s| s.name == "修复清单").unwrap();
    assert!(text::render(sheet).contains("其余 76 项"), "a hundred fields, twenty-four lines");
    recompute::check("稽核底稿.xlsx", &all).unwrap();
}
