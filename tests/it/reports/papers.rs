//! Forms on paper: whom they speak of, what they keep to themselves, and where their pages end.

use std::sync::Arc;

use kesu::dispose::{NoticeForm, NoticeLine};
use kesu::ledger::{Bounds, Charge, Finding, Moment, Outcome, Place};
use kesu::normalise::Table;
use kesu::reports::Sheet;
use kesu::reports::sheet::Value;
use kesu::rules::kinds::{Joint, JointReading, Kind, Notice, Penalty, Wage};
use kesu::rules::{Dataset, Field, Quantity, Unit};
use polars::prelude::df;

use super::fixture::{Fixture, dates, day, dec, finding, late};
use super::{sheets, shown};

fn form(rule: &str, name: &str, recipient: &str, unit: &str, lines: Vec<NoticeLine>) -> NoticeForm {
    NoticeForm {
        prefix: "JF".into(),
        code: String::new(),
        decision: None,
        rule: format!("kesu-banfa/{rule}"),
        form: name.into(),
        number: "DJ-202610-001".into(),
        recipient: recipient.into(),
        unit: unit.into(),
        lines,
        rows: Vec::new(),
        total: None,
        announces: false,
    }
}

fn line(finding: Finding) -> NoticeLine {
    NoticeLine { finding: Arc::new(finding) }
}

fn charged(message: &str, charge: Charge) -> Finding {
    let mut fine = finding("fakou", "261001", Outcome::Breached, "制造部", 2);
    (fine.kind, fine.person, fine.message) = ("penalty", "周小满".into(), message.to_owned());
    fine.clause = "客诉管理办法 十二条（二）".into();
    fine.place = Place { file: "sample-data/责任与损失.csv".into(), sheet: "".into(), row: 2 };
    fine.charge = Some(Box::new(Charge { day: Some(day("2026-10-11")), ..charge }));
    fine
}

fn penalty(fixture: &mut Fixture) -> &mut Penalty {
    let penalties = fixture.rules.packs[0].rules.iter_mut().filter_map(|rule| match &mut rule.kind {
        Kind::Penalty(penalty) => Some(penalty),
        _ => None,
    });
    penalties.into_iter().next().unwrap()
}

fn notice<'f>(fixture: &'f mut Fixture, id: &str) -> &'f mut Notice {
    let rule = fixture.rules.packs[0].rules.iter_mut().find(|rule| rule.head.id == id).unwrap();
    let Kind::Notice(notice) = &mut rule.kind else { panic!("{id} is no notice") };
    notice
}

/// The workbook of these forms.
fn told(fixture: &Fixture, file: &str, forms: Vec<NoticeForm>) -> String {
    let mut month = fixture.month();
    month.notices = forms.into();
    shown(&month, file)
}

/// A share of the wage, on a fixture whose rule takes it from the row.
fn of_the_wage() -> (Fixture, NoticeForm) {
    let mut fixture = Fixture::new();
    penalty(&mut fixture).wage = Some(Wage { link: None, month: None, field: "基本工资".into() });
    let charge = Charge {
        derivation: "第 1 次（计次：当月），基本工资 3,000.00 × 1% = 30.00 元".into(),
        times: Some(1),
        wage: Some(dec("3000")),
        ..Charge::default()
    };
    let mut fine = charged("迟到", charge);
    fine.amount = Some(dec("30"));
    let mut form = form("jiangfa", "奖罚通知单", "周小满", "制造部", vec![line(fine)]);
    form.total = Some(dec("30"));
    (fixture, form)
}

#[test]
fn the_copy_of_a_department_tells_what_is_charged_and_not_what_the_person_earns() {
    let (fixture, form) = of_the_wage();
    let department = told(&fixture, "分送/制造部/奖罚通知单.xlsx", vec![form.clone()]);
    assert!(department.contains("基本工资 × 1% = 30.00 元") && department.contains("叁拾元整"), "{department}");
    assert!(!department.contains("3,000.00"), "{department}");
    for office in ["会计", "总经理室"] {
        let office = told(&fixture, &format!("分送/{office}/奖罚通知单.xlsx"), vec![form.clone()]);
        assert!(office.contains("基本工资 3,000.00 × 1% = 30.00 元") && office.contains("月工资 3,000.00 元"), "{office}");
    }
    let printed = told(&fixture, "奖罚通知单.xlsx", vec![form]);
    assert_eq!(printed.matches("基本工资 3,000.00").count(), 3, "the original and two of three copies: {printed}");
}

#[test]
fn the_findings_of_a_department_do_not_tell_wages() {
    let (fixture, form) = of_the_wage();
    let mut fine = (*form.lines[0].finding).clone();
    fine.message = "迟到：基本工资 3,000.00 × 1% = 30.00 元".into();
    let mut month = fixture.month();
    month.findings = vec![Arc::new(fine)].into();
    let department = shown(&month, "分送/制造部/问题清单.xlsx");
    assert!(department.contains("基本工资 × 1%") && !department.contains("3,000"), "{department}");
    assert!(shown(&month, "稽核底稿.xlsx").contains("基本工资 3,000.00"));
}

#[test]
fn an_announcement_tells_who_and_what_and_neither_wages_nor_bounds() {
    let fixture = Fixture::new();
    let derivation = "月工资 4,265.00 × 100% = 4,265.00 元，限额 100.00–500.00 元，除名";
    let charge = Charge {
        derivation: derivation.into(),
        actions: vec!["除名".into()],
        bounds: Some(Bounds { low: dec("100"), high: Some(dec("500")) }),
        ..Charge::default()
    };
    let sanction = charged(&format!("泄露客户资料：{derivation}"), charge);
    let mut form = form("jiangfa", "处分公布单", "", "", vec![line(sanction)]);
    form.announces = true;
    let told = told(&fixture, "处分公布单.xlsx", vec![form]);
    for words in ["周小满", "制造部", "除名", "泄露客户资料", "客诉管理办法 十二条（二）", "草稿·待批"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    for words in ["4265", "4,265", "限额", "500.00", "附页"] {
        assert!(!told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_supervisor_is_told_the_multiple_and_not_the_wage_it_comes_from() {
    let mut fixture = Fixture::new();
    let joint = Joint { who: "主管".into(), times: dec("2"), reading: JointReading::Besides };
    penalty(&mut fixture).terms.versions[0].body.joint = Some(joint);
    let derivation = "4,265.00 × 2 = 8,530.00 元（读法 A：主管另付员工罚金的 2 倍）";
    let charge = Charge { derivation: derivation.into(), for_whom: Some("周敏".into()), ..Charge::default() };
    let mut borne = charged(&format!("周敏的罚扣由主管周小满连带：{derivation}"), charge);
    borne.amount = Some(dec("8530"));
    let mut form = form("jiangfa", "奖罚通知单", "周小满", "制造部", vec![line(borne)]);
    form.total = Some(dec("8530"));
    let told = told(&fixture, "奖罚通知单.xlsx", vec![form]);
    assert!(told.contains("周敏罚金的 2 倍") && told.contains("8,530.00"), "{told}");
    assert!(!told.contains("4,265") && !told.contains("4265") && !told.contains("读法"), "{told}");
}

#[test]
fn a_notice_about_points_has_no_column_of_money() {
    let fixture = Fixture::new();
    let charge = Charge { derivation: "扣 5 分".into(), actions: vec!["扣 5 分".into()], ..Charge::default() };
    let form = form("jiangfa", "扣分通知单", "周小满", "制造部", vec![line(charged("上班时间办私事", charge))]);
    let told = told(&fixture, "扣分通知单.xlsx", vec![form]);
    assert!(told.contains("处理") && told.contains("扣 5 分") && told.contains("不得据以处理"), "{told}");
    assert!(!told.contains("金额"), "{told}");
}

#[test]
fn months_are_told_by_their_days_and_not_counted_out() {
    let fixture = Fixture::new();
    let mut case = late("261008", "制造部", 10, ["2026-07-10", "2026-10-10"], None, ["15", "113", "21"]);
    case.limit = Some(Quantity { amount: dec("3"), unit: Unit::Month });
    let told = told(&fixture, "催办单.xlsx", vec![form("cuiban", "催办单", "制造部", "制造部", vec![line(case)])]);
    let expected = "期限 3 个月，起算日 2026-07-10（受理日期），应完成日 2026-10-10，逾期 21天";
    assert!(told.contains(expected), "{told}");
    assert!(!told.contains("第 1"), "no day is the n-th: {told}");
}

/// Receivables of one salesman: a row a month.
fn receivables() -> Fixture {
    let mut fixture = Fixture::new();
    let mut frame = df!("业务员" => ["宁佩兰", "宁佩兰"], "_source" => [0_u32, 0], "_row" => [4_u32, 6]).unwrap();
    for (name, values) in [("月份", ["2026-08-01", "2026-09-01"]), ("受理日期", ["2026-08-20", "2026-09-21"])] {
        frame.with_column(dates(name, &values.map(Some))).unwrap();
    }
    let field = |name: &str| Field { name: name.into(), ..Field::default() };
    let dataset = Dataset {
        name: "客诉台账".into(),
        key: ["业务员", "月份"].map(str::to_owned).to_vec(),
        fields: ["业务员", "月份", "受理日期"].map(field).to_vec(),
        ..Dataset::default()
    };
    fixture.tables.tables[0] = Table { dataset: Arc::new(dataset), frame: frame.into(), present: Arc::default() };
    fixture
}

#[test]
fn a_case_that_a_person_and_a_month_name_is_told_with_its_fields_and_its_own_dates_alone() {
    let fixture = receivables();
    let mut owed = late("宁佩兰/2026-08-01", "", 4, ["2026-08-20", "2026-09-30"], None, ["15", "72", "31"]);
    owed.person = "宁佩兰".into();
    let told = told(&fixture, "催办单.xlsx", vec![form("cuiban", "催办单", "宁佩兰", "", vec![line(owed)])]);
    assert!(told.contains("业务员 宁佩兰 / 月份 2026-08"), "{told}");
    assert!(told.contains("受文人：宁佩兰") && !told.contains("受文部门："), "{told}");
    assert!(told.contains("2026-08-20 受理") && !told.contains("09-21"), "of the row in question only: {told}");
    assert!(!told.contains("08-01 月份"), "the month that names the row is nothing that happened: {told}");
}

#[test]
fn a_case_is_named_by_its_whole_key() {
    let fixture = Fixture::new();
    let told = shown(&fixture.month(), "催办单.xlsx");
    assert!(told.contains("261008 / 3"), "{told}");
}

#[test]
fn what_is_due_today_is_not_called_overdue_and_what_was_due_before_says_for_how_long() {
    let fixture = Fixture::new();
    let owed = |subject: &str, due: &str| {
        let mut owed = finding("jiean", subject, Outcome::Breached, "制造部", 0);
        owed.due = Some(Moment::Date(day(due)));
        line(owed)
    };
    let lines = vec![owed("日报/2026-10-31", "2026-10-31"), owed("日报/2026-10-22", "2026-10-22")];
    let told = told(&fixture, "催办单.xlsx", vec![form("cuiban", "催办单", "制造部", "制造部", lines)]);
    assert!(told.contains("截至当日到期，尚未办妥（1 件）") && told.contains("逾总期限（1 件）"), "{told}");
    assert!(told.contains("下列事项已到或已过期限") && !told.contains("下列案件已逾期限"), "{told}");
    // of both copies
    assert_eq!(told.matches("▲ 9天").count(), 2, "{told}");
    assert_eq!(told.matches('▲').count(), 4, "the mark is told of once a copy, and stands once: {told}");
    assert!(!told.contains("| 已用"), "columns that nothing is in are left out: {told}");
}

#[test]
fn whoever_signs_for_a_row_gets_a_slip_without_the_others() {
    let mut fixture = Fixture::new();
    let repair = notice(&mut fixture, "renshi");
    (repair.body, repair.signatures) = ("下列维修请按时上门。".into(), vec!["维修人员".into(), "客户签字".into()]);
    repair.rows.as_mut().unwrap().columns[0].title = "客户".into();
    let mut month = fixture.month();
    let mut form = form("renshi", "维修服务单", "", "", Vec::new());
    form.rows = vec![0, 1];
    month.notices = vec![form].into();
    let sheet = sheets(&month, "维修服务单.xlsx").remove(0);
    let slips = pages(&sheet);
    assert_eq!(slips.len(), 2);
    assert!(slips[0].contains("周小满") && !slips[0].contains("吴谷雨") && slips[0].contains("第 1 张 共 2 张"), "{slips:?}");
    assert!(slips[1].contains("吴谷雨") && !slips[1].contains("周小满") && slips[1].contains("客户签字"), "{slips:?}");
    assert!(!slips.concat().contains("草稿"), "nobody has to approve what is neither a penalty nor made public");
}

/// The text of each page.
fn pages(sheet: &Sheet<'_>) -> Vec<String> {
    let mut pages = vec![String::new()];
    for (at, row) in sheet.rows.iter().enumerate() {
        if sheet.breaks.contains(&at) {
            pages.push(String::new());
        }
        let words = row.iter().map(|cell| match &cell.value {
            Value::Text(text) => text.to_string(),
            Value::Int(int) => int.to_string(),
            _ => String::new(),
        });
        let words = words.collect::<Vec<_>>().join("|");
        pages.last_mut().unwrap().push_str(&format!("{words}\n"));
    }
    pages
}

#[test]
fn nobody_signs_on_a_page_without_a_line_and_every_page_says_whose_it_is() {
    let fixture = Fixture::new();
    let mut month = fixture.month();
    // somewhere among these lengths the signatures do not fit any more
    for count in 12..40 {
        let case = || late("261008", "制造部", 10, ["2026-10-05", "2026-10-20"], None, ["15", "26", "11"]);
        let lines = (0..count).map(|_| line(case())).collect();
        month.notices = vec![form("cuiban", "催办单", "制造部", "制造部", lines)].into();
        let sheet = sheets(&month, "催办单.xlsx").remove(0);
        let pages = pages(&sheet);
        let signed = |page: &&String| page.contains("承办：____");
        assert_eq!(pages.iter().filter(signed).count(), 2, "a copy for the department, one for the office");
        for page in pages.iter().filter(signed) {
            assert!(page.lines().any(|line| line.contains("|261008|")), "{count} lines: {page}");
        }
        assert!(pages.iter().all(|page| page.contains("DJ-202610-001")), "{count} lines");
        assert!(pages.iter().filter(|page| page.contains("|261008|")).all(|page| page.contains("序号|编号")), "{count} lines");
    }
}

#[test]
fn a_case_of_the_appendix_is_not_cut_by_the_end_of_a_page() {
    let fixture = Fixture::new();
    let mut month = fixture.month();
    let case = || late("261008", "制造部", 10, ["2026-10-05", "2026-10-20"], None, ["15", "26", "11"]);
    month.notices = vec![form("cuiban", "催办单", "制造部", "制造部", (0..40).map(|_| line(case())).collect())].into();
    let sheet = sheets(&month, "催办单.xlsx").remove(0);
    let told: Vec<String> = pages(&sheet).into_iter().filter(|page| page.contains("附页")).collect();
    assert!(told.len() > 1, "{}", told.len());
    for page in &told {
        assert!(page.contains("（各联共用，请随各联复印）"), "two copies share it: {page}");
        assert_eq!(page.matches("结案期限（").count(), page.matches("怎样就合规").count(), "{page}");
        assert!(page.contains("DJ-202610-001") && page.contains(&format!("共 {} 页", told.len())), "{page}");
    }
}
