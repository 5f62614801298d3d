//! What was approved is carried out, once, at its own amount.

use super::books::{Company, OCTOBER, rows, said, texts, with};

const DONE: [(&str, &str); 2] = [("执行日期", "2026-12-06"), ("经办人", "李会计")];

fn done<'a>(cells: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [DONE.as_slice(), cells].concat()
}

fn approved() -> (Company, [String; 3]) {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    let of = |name: &str| company.ask(&format!("SELECT number FROM numbers WHERE recipient = '{name}'")).concat().concat();
    let numbers = [of("甲"), of("乙"), of("丙")];
    (company, numbers)
}

fn executed(company: &Company) -> Vec<Vec<String>> {
    company.ask("SELECT number, amount, signed_by, decided_on FROM decisions WHERE state = '已执行' ORDER BY entry, number")
}

#[test]
fn what_was_approved_is_executed_once_at_its_own_amount() {
    let (company, [one, two, three]) = approved();
    let refused = said(&company.decide("execute", "2026-10", &[(&one, &DONE), (&two, &done(&[("执行金额（元）", "60")]))]).code(4));
    assert!(refused.contains("执行金额 60.00 与应执行的不同，应执行的是 50.00") && refused.contains("[执行]!"), "{refused}");
    assert_eq!(executed(&company), [[one.as_str(), "50.00", "李会计", "2026-12-06"]]);
    let again = company.decide("execute", "2026-10", &[(&one, &DONE)]).success();
    assert!(said(&again).contains("已在账上 1 行"), "{}", said(&again));
    let twice = said(&company.decide("execute", "2026-10", &[(&one, &[("执行日期", "2026-12-09"), ("经办人", "张三")])]).code(4));
    assert!(twice.contains("已执行（李会计 2026-12-06），与这一行不同"), "{twice}");
    let early = [("执行日期", "2026-12-01"), ("备注", "工资扣")];
    let words = said(&company.decide("execute", "2026-10", &[(&three, &early)]).code(4));
    assert!(words.contains("没有填经办人") && words.contains("早于决定的日期 2026-12-05"), "{words}");
    assert_eq!(executed(&company).len(), 1);
    let run = said(&company.run("2026-10").success());
    assert!(run.contains("批准未执行 2 张"), "{run}");
    let book = company.path("out/2026-10/奖罚汇总表.xlsx");
    let mut left: Vec<String> = rows(&book, "执行").into_iter().map(|row| row[0].clone()).filter(|cell| cell.starts_with("FK-")).collect();
    left.sort();
    let mut rest = [two, three];
    rest.sort();
    assert_eq!(left, rest, "what was carried out is no longer asked for");
    assert!(rows(&book, "奖罚汇总").concat().contains(&"已执行 50.00".to_owned()));
    // the form still says who approved it
    assert_eq!(texts(&company.path("out/2026-10/罚款通知单.xlsx")).matches("王总").count(), 3);
}

#[test]
fn what_nobody_approved_cannot_be_executed() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    assert!(!texts(&company.path("out/2026-10/奖罚汇总表.xlsx")).contains("执行登记表"));
    let (company, [one, ..]) = approved();
    // an appeal comes in between
    company.decide("appeal", "2026-10", &[(&one, &[("申诉日期", "2026-12-06"), ("理由", "当日请假")])]).success();
    let words = said(&company.decide("execute", "2026-10", &[(&one, &DONE)]).code(4));
    assert!(words.contains("现状是申诉中 50.00，没有可以执行的决定"), "{words}");
    assert!(executed(&company).is_empty());
}

#[test]
fn what_is_revoked_after_it_was_executed_is_to_be_paid_back_once() {
    let (company, [one, ..]) = approved();
    company.decide("execute", "2026-10", &[(&one, &DONE)]).success();
    company.run("2026-10").success();
    let revoked = with(&[("申诉日期", "2026-12-07"), ("处理", "撤销"), ("理由", "查无实据")]);
    company.decide("appeal", "2026-10", &[(&one, &revoked)]).success();
    company.run("2026-10").success();
    let sheet = rows(&company.path("out/2026-10/奖罚汇总表.xlsx"), "执行");
    let own = sheet.iter().find(|row| row[0] == one).unwrap();
    assert_eq!([own[7].as_str(), &own[8]], ["撤销 0.00（已执行 50.00）", "-50"], "{own:?}");
    company
        .decide("execute", "2026-10", &[(&one, &[("执行日期", "2026-12-08"), ("经办人", "李会计"), ("执行金额（元）", "-50")])])
        .success();
    assert_eq!(executed(&company).iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["50.00", "0.00"]);
    company.run("2026-10").success();
    assert!(!rows(&company.path("out/2026-10/奖罚汇总表.xlsx"), "执行").iter().any(|row| row[0] == one));
    // it is revoked all the same
    let states = company.ask(&format!("SELECT state FROM decisions WHERE number = '{one}' ORDER BY entry"));
    assert_eq!(states.concat(), ["批准", "已执行", "撤销", "已执行"]);
    assert!(!texts(&company.path("out/2026-10/罚款通知单.xlsx")).contains(&one), "and not printed");
}

#[test]
fn a_closed_month_is_executed_as_it_was_closed_and_stays_as_it_is() {
    let (company, [one, ..]) = approved();
    company.kesu(&["close", "--period", "2026-10", "--on", "2026-12-10", "--by", "李会计"]).success();
    let outputs = company.outputs("2026-10");
    company.decide("execute", "2026-10", &[(&one, &[("执行日期", "2026-12-15"), ("经办人", "李会计")])]).success();
    assert!(said(&company.run("2026-10").success()).contains("与月结时相同"));
    assert!(outputs == company.outputs("2026-10"));
    company.kesu(&["verify", "out/2026-10"]).success();
}
