//! Approvals and appeals that come back in the workbook.

use super::books::{Company, OCTOBER, said, texts, with};

fn numbers(company: &Company) -> [String; 3] {
    let of = |name: &str| company.ask(&format!("SELECT number FROM numbers WHERE recipient = '{name}'")).concat().concat();
    [of("甲"), of("乙"), of("丙")]
}

#[test]
fn what_was_approved_loses_its_draft_stamp_and_what_was_rejected_is_not_printed() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, two, three] = numbers(&company);
    let forms = company.path("out/2026-10/罚款通知单.xlsx");
    assert_eq!(texts(&forms).matches("草稿·待批").count(), 3);
    let (approved, rejected) = (with(&[("决定", "批准")]), with(&[("决定", "驳回"), ("理由", "证据不足")]));
    company.decide("approve", "2026-10", &[(&one, &approved), (&two, &rejected)]).success();
    company.run("2026-10").success();
    let printed = texts(&forms);
    assert_eq!(printed.matches("草稿·待批").count(), 1, "only 丙's is still a draft: {printed}");
    assert!(printed.contains(&one) && !printed.contains(&two) && printed.contains(&three), "{printed}");
    assert!(printed.contains("批准：核定 50.00 元") && printed.contains("王总"), "{printed}");
}

#[test]
fn every_problem_of_a_workbook_is_told_with_its_cell_and_good_rows_enter() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, two, three] = numbers(&company);
    let good = with(&[("决定", "批准")]);
    let no_reason = [("决定", "减免"), ("核定金额（元）", "20"), ("批准人", "赵主任"), ("职务", "主任"), ("批准日期", "2026-09-01")];
    let too_much = with(&[("决定", "批准"), ("核定金额（元）", "600"), ("指纹", "0000-0000-0000")]);
    let refused = company.decide("approve", "2026-10", &[(&one, &good), (&two, &no_reason), (&three, &too_much)]).code(4);
    let words = said(&refused);
    for wanted in
        ["没有写理由", "主任无权批准；有权批准的：总经理", "早于单据的月份", "不在可批范围 200.00–500.00", "印出以后单据的内容变了"]
    {
        assert!(words.contains(wanted), "{wanted}: {words}");
    }
    assert_eq!(words.matches("[奖罚汇总]!").count(), 5, "each with its cell: {words}");
    assert_eq!(company.ask("SELECT number, state, amount FROM decisions"), [[one.as_str(), "批准", "50.00"]]);
}

#[test]
fn the_same_workbook_twice_enters_once_and_another_amount_is_refused() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [_, _, three] = numbers(&company);
    let first = with(&[("决定", "批准"), ("核定金额（元）", "300")]);
    company.decide("approve", "2026-10", &[(&three, &first)]).success();
    let again = company.decide("approve", "2026-10", &[(&three, &first)]).success();
    assert!(said(&again).contains("已在账上 1 行"), "{}", said(&again));
    let other = with(&[("决定", "批准"), ("核定金额（元）", "400")]);
    let refused = company.decide("approve", "2026-10", &[(&three, &other)]).code(4);
    assert!(said(&refused).contains("已有决定：批准 300.00"), "{}", said(&refused));
    assert_eq!(company.ask("SELECT amount FROM decisions"), [["300.00"]]);
}

#[test]
fn a_notice_with_two_rows_of_different_amounts_in_one_workbook_is_not_entered_at_all() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, two, three] = numbers(&company);
    let first = with(&[("决定", "批准"), ("核定金额（元）", "300")]);
    let (second, good) = (with(&[("单号", &three), ("决定", "批准"), ("核定金额（元）", "400")]), with(&[("决定", "批准")]));
    let refused = said(&company.decide("approve", "2026-10", &[(&one, &good), (&three, &first), (&two, &second)]).code(4));
    assert!(refused.contains(&format!("「{three}」在这张表里不止一行")), "{refused}");
    assert_eq!(company.ask("SELECT number FROM decisions"), [[one]], "neither of the two amounts");
}

#[test]
fn a_workbook_of_another_month_or_of_another_company_changes_nothing() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, ..] = numbers(&company);
    let filled = company.filled("approve", "2026-10", &[(&one, &with(&[("决定", "批准")]))]);
    let refused = company.kesu(&["approve", filled.to_str().unwrap(), "--period", "2026-11"]).code(3);
    assert!(said(&refused).contains("这是 2026-10 的表，不是 2026-11 的"), "{}", said(&refused));
    let other = Company::new("9,2026-09-05,戊,质管部,违纪\n");
    other.run("2026-09").success();
    let refused = other.kesu(&["approve", filled.to_str().unwrap()]).code(3);
    assert!(said(&refused).contains("没有一个单号是这本账里的"), "{}", said(&refused));
    assert!(company.ask("SELECT * FROM decisions").is_empty() && other.ask("SELECT * FROM decisions").is_empty());
}

#[test]
fn a_notice_that_changed_after_its_approval_is_a_draft_again() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.register(&format!("{OCTOBER}4,2026-10-09,甲,制造部,违纪\n"));
    let run = company.run("2026-10").success();
    assert!(said(&run).contains("待批 1 张"), "{}", said(&run));
    assert!(texts(&company.path("out/2026-10/奖罚汇总表.xlsx")).contains("待批（批准后内容有变）"));
}

#[test]
fn an_appeal_is_under_way_until_it_is_decided() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, two, _] = numbers(&company);
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    let under_way = [("申诉日期", "2026-11-08"), ("理由", "当日请假")];
    company.decide("appeal", "2026-10", &[(&one, &under_way)]).success();
    company.run("2026-10").success();
    assert!(texts(&company.path("out/2026-10/罚款通知单.xlsx")).contains("申诉中"));
    let too_much = with(&[("申诉日期", "2026-11-08"), ("处理", "减免"), ("核定金额（元）", "80"), ("理由", "当日请假")]);
    assert!(said(&company.decide("appeal", "2026-10", &[(&one, &too_much)]).code(4)).contains("减免后的金额 80.00"));
    let reduced = with(&[("申诉日期", "2026-11-08"), ("处理", "减免"), ("核定金额（元）", "20"), ("理由", "当日请假")]);
    let upheld = with(&[("申诉日期", "2026-11-08"), ("处理", "维持"), ("理由", "属实")]);
    company.decide("appeal", "2026-10", &[(&one, &reduced), (&two, &upheld)]).success();
    let states = company.ask("SELECT state, amount FROM decisions WHERE entry = (SELECT max(seq) FROM journal) ORDER BY state");
    assert_eq!(states, [["减免", "20.00"], ["维持", "50.00"]]);
    let again = company.decide("appeal", "2026-10", &[(&one, &reduced), (&two, &upheld)]).success();
    assert!(said(&again).contains("已在账上 2 行"), "{}", said(&again));
}

#[test]
fn what_was_printed_and_changed_by_hand_is_found() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let [one, two, three] = numbers(&company);
    let name = with(&[("决定", "批准"), ("受文", "别人")]);
    let amount = with(&[("决定", "批准"), ("单上金额（元）", "5")]);
    let fine = with(&[("决定", "批准"), ("核定金额（元）", "250.005")]);
    let refused = said(&company.decide("approve", "2026-10", &[(&one, &name), (&two, &amount), (&three, &fine)]).code(4));
    for wanted in ["受文「别人」被改过", "单上金额被改过，单据上是 50.00", "不到分以下"] {
        assert!(refused.contains(wanted), "{wanted}: {refused}");
    }
    assert!(company.ask("SELECT * FROM decisions").is_empty());
}
