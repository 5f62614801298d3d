//! One month after the other: numbers, runs done over, closing, and what comes out differently afterwards.

use super::books::{Company, OCTOBER, rows, said, texts, with};

#[test]
fn the_same_month_again_gives_the_same_numbers_files_and_ledger_bytes() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let (outputs, ledger) = (company.outputs("2026-10"), std::fs::read(company.ledger()).unwrap());
    let again = company.run("2026-10").success();
    assert!(said(&again).contains("单据 3 张"), "{}", said(&again));
    assert_eq!(outputs.keys().collect::<Vec<_>>(), company.outputs("2026-10").keys().collect::<Vec<_>>());
    for (file, bytes) in &outputs {
        assert!(*bytes == company.outputs("2026-10")[file], "{} differs", file.display());
    }
    assert!(ledger == std::fs::read(company.ledger()).unwrap(), "nothing was entered");
    assert_eq!(company.ask("SELECT count(*) FROM journal"), [["1"]]);
}

#[test]
fn changed_input_is_told_as_a_difference_and_keeps_every_number() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let before = company.ask("SELECT recipient, number FROM numbers ORDER BY number");
    // 甲 was wrongly recorded, 丁 is new and comes before the others by name
    company.register("2,2026-10-06,乙,制造部,违纪\n3,2026-10-07,丙,业务部,重大\n4,2026-10-08,丁,业务部,违纪\n");
    let again = company.run("2026-10").success();
    assert!(said(&again).contains("新增 1，消失 1"), "{}", said(&again));
    let after = company.ask("SELECT recipient, number FROM numbers ORDER BY number");
    assert_eq!(after[..3], before[..], "those who had a number keep it, also 甲，whose notice is void");
    assert_eq!(after[3], ["丁", "FK-202610-004"]);
    let void = company.ask("SELECT number FROM notices WHERE state = 'void'");
    let of = before.iter().find(|row| row[0] == "甲").unwrap();
    assert_eq!(void, [[of[1].clone()]]);
    let listed = rows(&company.path("out/2026-10/稽核底稿.xlsx"), "与上次运行的差异");
    let told: Vec<(&str, &str)> =
        listed.iter().filter(|row| ["新增", "消失"].contains(&row[0].as_str())).map(|row| (row[0].as_str(), row[4].as_str())).collect();
    assert_eq!(told, [("消失", "甲"), ("新增", "丁")]);
    // the row comes back: the number was kept for nobody else
    company.register(OCTOBER);
    company.run("2026-10").success();
    assert_eq!(company.ask("SELECT recipient, number FROM numbers ORDER BY number"), after);
    let form = texts(&company.path("out/2026-10/罚款通知单.xlsx"));
    assert!(form.contains(&of[1]), "{form}");
}

#[test]
fn a_number_stands_on_the_form_in_the_summary_and_in_the_findings() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let numbers = company.ask("SELECT number FROM numbers");
    let (form, summary) = (texts(&company.path("out/2026-10/罚款通知单.xlsx")), texts(&company.path("out/2026-10/奖罚汇总表.xlsx")));
    let findings = std::fs::read_to_string(company.path("out/2026-10/findings.csv")).unwrap();
    assert_eq!(numbers.len(), 3);
    for number in numbers.iter().flatten() {
        assert!(form.contains(number) && summary.contains(number) && findings.contains(number), "{number}");
    }
}

#[test]
fn a_quarter_is_not_entered_and_its_numbers_are_no_months() {
    let company = Company::new(OCTOBER);
    let run = company.run("2026-Q4").success();
    assert!(said(&run).contains("不记入账本"), "{}", said(&run));
    assert!(!company.ledger().exists());
    assert!(texts(&company.path("out/2026-Q4/罚款通知单.xlsx")).contains("FK-2026Q4-001"));
}

#[test]
fn a_run_without_a_ledger_says_what_it_does_not_know() {
    let company = Company::new(OCTOBER);
    let run = company.kesu(&["run", "--period", "2026-10", "--no-ledger"]).success();
    assert!(said(&run).contains("没有用账本") && !company.ledger().exists(), "{}", said(&run));
}

#[test]
fn a_closed_month_stands_and_its_correction_is_asked_for_in_the_next() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let close = ["close", "--period", "2026-10", "--on", "2026-11-10", "--by", "李会计"];
    let open = company.kesu(&close).code(3);
    assert!(said(&open).contains("还有 3 张单据没有定"), "{}", said(&open));
    company.approve_all("2026-10").success();
    let open = company.kesu(&close).code(3);
    assert!(said(&open).contains("输出还没有跟上"), "{}", said(&open));
    company.run("2026-10").success();
    company.kesu(&close).success();
    assert!(said(&company.kesu(&close).code(3)).contains("已由李会计于 2026-11-10 月结"));
    assert_eq!(company.ask("SELECT amount FROM closed_notices ORDER BY amount"), [["300.00"], ["50.00"], ["50.00"]]);

    let same = company.run("2026-10").success();
    assert!(said(&same).contains("与月结时相同"), "{}", said(&same));
    let (outputs, entries) = (company.outputs("2026-10"), company.ask("SELECT count(*) FROM journal"));

    // a late record: 甲 did it a second time on the 20th (100 on top), and 乙 was innocent (50 back)
    let late = "1,2026-10-05,甲,制造部,违纪\n3,2026-10-07,丙,业务部,重大\n5,2026-10-20,甲,制造部,违纪\n";
    company.register(late);
    let restated = company.run("2026-10").success();
    assert!(said(&restated).contains("差额合计 50.00 元"), "{}", said(&restated));
    assert!(outputs == company.outputs("2026-10"), "the closed month's files stand");
    let table = rows(&company.path("out/2026-10-更正/更正表.xlsx"), "更正表");
    let told: Vec<[&str; 5]> = table
        .iter()
        .filter(|row| ["补扣", "退还"].contains(&row[5].as_str()))
        .map(|row| [row[1].as_str(), row[3].as_str(), row[4].as_str(), row[5].as_str(), row[6].as_str()])
        .collect();
    assert_eq!(told, [["乙", "50", "0", "退还", "-50"], ["甲", "50", "150", "补扣", "100"]]);
    assert_ne!(entries, company.ask("SELECT count(*) FROM journal"), "the correction is entered");
    let entries = company.ask("SELECT count(*) FROM journal");
    company.run("2026-10").success();
    assert_eq!(entries, company.ask("SELECT count(*) FROM journal"), "but only once");

    company.run("2026-11").success();
    let asked = company
        .ask("SELECT n.number, n.recipient, s.amount FROM numbers n JOIN notices s USING (number) WHERE n.period = '2026-11' ORDER BY 1");
    assert_eq!(asked, [["GZ-202611-001", "乙", "-50.00"], ["GZ-202611-002", "甲", "100.00"]]);
    company.approve_all("2026-11").success();
    company.run("2026-11").success();
    company.kesu(&["close", "--period", "2026-11", "--on", "2026-12-10", "--by", "李会计"]).success();
    let november = said(&company.run("2026-11").success());
    assert!(november.contains("与月结时相同"), "what it took over is no fault of its own tables: {november}");
    company.run("2026-12").success();
    assert!(
        company.ask("SELECT number FROM numbers WHERE period = '2026-12'").is_empty(),
        "what November took over is not asked for again"
    );
}

#[test]
fn months_are_closed_in_their_order() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.run("2026-11").success();
    let refused = company.kesu(&["close", "--period", "2026-11", "--on", "2026-12-10", "--by", "李会计"]).code(3);
    assert!(said(&refused).contains("2026-10 还没有月结"), "{}", said(&refused));
}

#[test]
fn an_appeal_after_the_close_becomes_a_correction() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    company.kesu(&["close", "--period", "2026-10", "--on", "2026-11-10", "--by", "李会计"]).success();
    let number = company.ask("SELECT number FROM numbers WHERE recipient = '甲'").concat().concat();
    let revoked = with(&[("申诉日期", "2026-11-12"), ("处理", "撤销"), ("理由", "查无实据")]);
    company.decide("appeal", "2026-10", &[(&number, &revoked)]).success();
    let restated = company.run("2026-10").success();
    assert!(said(&restated).contains("差额合计 -50.00 元"), "{}", said(&restated));
    let table = texts(&company.path("out/2026-10-更正/更正表.xlsx"));
    assert!(table.contains("申诉撤销：查无实据"), "{table}");
}

/// 甲 is fined for the second time in November.
fn november(company: &Company) -> Vec<Vec<String>> {
    company.ask(
        "SELECT amount, message FROM findings WHERE period = '2026-11' AND subject = '9' AND entry = (SELECT max(entry) FROM findings WHERE subject = '9')",
    )
}

const SECOND: &str = "9,2026-11-03,甲,制造部,违纪\n";

#[test]
fn a_second_time_counts_the_first_of_a_closed_month_that_the_table_no_longer_holds() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    company.kesu(&["close", "--period", "2026-10", "--on", "2026-11-10", "--by", "李会计"]).success();
    company.register(SECOND);
    company.run("2026-11").success();
    let found = november(&company).concat();
    assert_eq!(found[0], "100.00", "{found:?}");
    assert!(found[1].contains("第 2 次（前次 1（2026-10）"), "{found:?}");
    // a table that holds October itself is not counted on top of the ledger
    company.register(&format!("{OCTOBER}{SECOND}"));
    company.run("2026-11").success();
    let found = november(&company).concat();
    assert!(found[0] == "100.00" && found[1].contains("第 2 次（前次 1；"), "{found:?}");
}

#[test]
fn what_was_revoked_on_appeal_stays_in_the_ledger_and_counts_no_more() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    company.kesu(&["close", "--period", "2026-10", "--on", "2026-11-10", "--by", "李会计"]).success();
    let number = company.ask("SELECT number FROM numbers WHERE recipient = '甲'").concat().concat();
    let revoked = with(&[("申诉日期", "2026-11-12"), ("处理", "撤销"), ("理由", "查无实据")]);
    company.decide("appeal", "2026-10", &[(&number, &revoked)]).success();
    for rows in [SECOND.to_owned(), format!("{OCTOBER}{SECOND}")] {
        company.register(&rows);
        company.run("2026-11").success();
        let found = november(&company).concat();
        assert!(found[0] == "50.00" && found[1].contains("第 1 次"), "{found:?}");
    }
    let told = company.ask(&format!("SELECT state FROM decisions WHERE number = '{number}' ORDER BY entry"));
    assert_eq!(told, [["批准"], ["撤销"]]);
}

#[test]
fn months_before_the_ledger_come_from_the_companys_own_book_once() {
    let company = Company::new(SECOND);
    let book = "奖罚台账\n通知单号,开单日期,受罚人,部门,罚款额\nJ-7,2026-09-20,甲,制造部,50\n";
    std::fs::write(company.path("旧账.csv"), book).unwrap();
    let import = ["ledger", "import", "旧账.csv", "--rule", "jilv/weiji"];
    assert!(said(&company.kesu(&import).success()).contains("转入旧账 1 行"));
    assert!(said(&company.kesu(&import).success()).contains("已在账上 1 行"));
    company.run("2026-11").success();
    let found = november(&company).concat();
    assert!(found[0] == "100.00" && found[1].contains("前次 J-7（2026-09）"), "{found:?}");
}

#[test]
fn three_months_are_run_approved_closed_restated_and_proved() {
    let company = Company::new("");
    std::fs::remove_file(company.path("data/违纪登记.csv")).unwrap();
    let put = |month: &str, rows: &str| {
        let rows = format!("{}{rows}", super::books::HEADER);
        std::fs::write(company.path(&format!("data/违纪登记-{month}.csv")), rows).unwrap();
    };
    for (month, next) in [("2026-08", "2026-09-10"), ("2026-09", "2026-10-10"), ("2026-10", "2026-11-10")] {
        put(month, &format!("{month}-1,{month}-05,甲,制造部,违纪\n{month}-2,{month}-06,丙,业务部,重大\n"));
        company.run(month).success();
        company.approve_all(month).success();
        company.run(month).success();
        company.kesu(&["verify", &format!("out/{month}")]).success();
        company.kesu(&["close", "--period", month, "--on", next, "--by", "李会计"]).success();
    }
    // the second and the third time cost twice as much, also when the earlier tables are there
    let fines = company.ask("SELECT period, amount FROM findings WHERE person = '甲' ORDER BY period");
    assert_eq!(fines, [["2026-08", "50.00"], ["2026-09", "100.00"], ["2026-10", "100.00"]]);
    for month in ["2026-08", "2026-09", "2026-10"] {
        let proved = said(&company.kesu(&["verify", &format!("out/{month}")]).success());
        assert!(proved.contains("核对无误"), "{month}: {proved}");
    }
    put("2026-09", "2026-09-2,2026-09-06,丙,业务部,重大\n");
    let restated = said(&company.run("2026-09").success());
    assert!(restated.contains("差额合计 -100.00 元"), "{restated}");
    company.run("2026-11").success();
    let asked = company.ask("SELECT s.amount FROM numbers n JOIN notices s USING (number) WHERE n.period = '2026-11'");
    assert_eq!(asked, [["-100.00"]]);
    company.kesu(&["verify", "out/2026-10"]).code(3);
    assert!(kesu::ledger::store::problems(&company.ledger()).unwrap().is_empty());
}
