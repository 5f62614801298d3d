//! `kesu verify`: what it proves, and that it finds any byte that was changed.

use std::path::Path;

use kesu::ledger::store::{
    Closed, ClosedNotice, Correction, Decision, FileRecord, FindingRecord, Kind, NoticeRecord, PackRecord, Past, RunRecord, State, Sums,
    Turn, Wanted, problems,
};
use kesu::ledger::{PointsGiven, ScoreGiven, Tally};
use kesu::normalise::Quiet;
use kesu::run::verify::verify;

use super::books::{Company, OCTOBER, said};

#[test]
fn a_month_that_nobody_touched_is_proved_also_after_approvals_and_later_months() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    assert!(said(&company.kesu(&["verify", "out/2026-10"]).success()).contains("核对无误"));
    company.approve_all("2026-10").success();
    company.run("2026-10").success();
    company.run("2026-11").success();
    for month in ["out/2026-10", "out/2026-11"] {
        assert!(said(&company.kesu(&["verify", month]).success()).contains("重做一遍，逐字节相同"));
    }
}

#[test]
fn a_changed_input_rule_or_output_is_named_with_the_place_of_the_change() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let spoil = |file: &str, words: &str| {
        let path = company.path(file);
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad.push(b'\n');
        std::fs::write(&path, bad).unwrap();
        let found = said(&company.kesu(&["verify", "out/2026-10"]).code(3));
        assert!(found.contains(words), "{file}: {found}");
        std::fs::write(&path, good).unwrap();
    };
    spoil("data/违纪登记.csv", "输入 data/违纪登记.csv 与运行时的不同");
    spoil("rules/jilv/rules.toml", "规则 rules/jilv/rules.toml 与运行时的不同");
    spoil("kesu.toml", "kesu.toml 与运行时的不同");
    spoil("out/2026-10/findings.csv", "输出 findings.csv 被改过：第");
    std::fs::write(company.path("data/多余.csv"), "单号,日期\n").unwrap();
    // next month's table in the same folder changes nothing of this month
    assert!(said(&company.kesu(&["verify", "out/2026-10"]).success()).contains("核对无误"));
    std::fs::remove_file(company.path("data/多余.csv")).unwrap();
    std::fs::remove_file(company.path("out/2026-10/罚款通知单.xlsx")).unwrap();
    assert!(said(&company.kesu(&["verify", "out/2026-10"]).code(3)).contains("输出 罚款通知单.xlsx"));
}

#[test]
fn a_cell_that_was_changed_in_a_workbook_is_named() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let number = company.ask("SELECT min(number) FROM numbers").concat().concat();
    let filled = company.filled("approve", "2026-10", &[(&number, &[("受文", "别人")])]);
    std::fs::copy(filled, company.path("out/2026-10/奖罚汇总表.xlsx")).unwrap();
    let found = said(&company.kesu(&["verify", "out/2026-10"]).code(3));
    assert!(found.contains("[奖罚汇总]!C") && found.contains("现为「别人」"), "{found}");
}

/// A ledger with a row of every sort, and nothing beside it.
fn small(ledger: &Path) {
    let (period, number) = ("2026-10", "FK-202610-001");
    let turn = Turn::begin(ledger).unwrap();
    let file = FileRecord { role: "input", path: "登记.csv".into(), bytes: 5, sha256: "ab".into() };
    let pack = PackRecord { pack: "jilv".into(), version: "1".into(), calendar: "cn-public".into() };
    let run = RunRecord { period: period.into(), manifest: "cd".into(), packs: vec![pack], files: vec![file], ..RunRecord::default() };
    turn.put_run(1, &run).unwrap();
    let person = || kesu::ledger::Person { unit: "制造部".into(), name: "甲".into() };
    let (rule, day) = (|| "jilv/jifen".to_owned(), "2026-10-05".parse().unwrap());
    let cause = ("jilv/weiji".to_owned(), "1".to_owned());
    let points = PointsGiven { rule: rule(), person: person(), day, item: "违纪".into(), points: Some(10.into()), cause };
    let class = "月考核".to_owned();
    let score = ScoreGiven { rule: rule(), person: person(), class, label: period.into(), day, score: Some(90.into()) };
    let tally = Tally { count: 3, on_time: 2, late: 1, ..Tally::default() };
    turn.put_sums(1, &Sums { points: vec![points], scores: vec![score], figures: vec![(rule(), tally)] }).unwrap();
    let finding =
        FindingRecord { id: "jilv/weiji/1/2026-10".into(), pack: "jilv".into(), amount: "50.00".into(), ..FindingRecord::default() };
    turn.put_findings(1, period, &["jilv"], [finding.clone()]).unwrap();
    let wanted = Wanted { prefix: "FK", rule: "jilv/fakuan", form: "罚款通知单", recipient: "甲", unit: "制造部" };
    assert_eq!(turn.numbers(1, period, &[wanted]).unwrap(), [number]);
    let notice =
        NoticeRecord { number: number.into(), asks: true, sha256: "ef".into(), findings: vec![finding.id], ..NoticeRecord::default() };
    turn.put_notices(1, period, &["jilv"], &[notice]).unwrap();
    turn.enter(1, Kind::Run, period, "运行").unwrap();
    let decision = Decision {
        state: State::Approved,
        amount: None,
        reason: String::new(),
        signed_by: "王总".into(),
        post: "总经理".into(),
        on: "2026-11-05".into(),
        notice: "ef".into(),
        source: String::new(),
    };
    turn.put_decision(2, number, &decision).unwrap();
    turn.enter(2, Kind::Approve, period, "批示").unwrap();
    let frozen = ClosedNotice { number: number.into(), state: "批准".into(), amount: Some(50.into()), sha256: "ef".into() };
    let closed = Closed {
        period: period.into(),
        run: 1,
        manifest: "cd".into(),
        root: String::new(),
        on: "2026-11-10".into(),
        signed_by: "李会计".into(),
    };
    turn.put_closed(3, &closed, &[frozen]).unwrap();
    turn.enter(3, Kind::Close, period, "月结").unwrap();
    let (recipient, unit, why) = ("甲".to_owned(), "制造部".to_owned(), "不再成立".to_owned());
    let correction = Correction { number: number.into(), recipient, unit, closed: 50.into(), corrected: 0.into(), why };
    turn.put_corrections(4, period, &[correction]).unwrap();
    turn.enter(4, Kind::Restate, period, "更正").unwrap();
    let past = Past {
        period: "2026-09".into(),
        day: "2026-09-20".into(),
        person: "甲".into(),
        unit: "制造部".into(),
        matter: "J-7".into(),
        rule: "jilv/weiji".into(),
        amount: Some(50.into()),
        points: String::new(),
        place: String::new(),
    };
    turn.put_past(5, &[past]).unwrap();
    turn.enter(5, Kind::Import, "2026-09", "转入").unwrap();
    turn.commit().unwrap();
}

/// Some threads, each with its own share of the bytes; the places where nothing was found come back.
fn unfound(length: usize, found: impl Fn(usize, &Path) -> bool + Sync) -> Vec<usize> {
    let hands = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let found = &found;
        let shares: Vec<_> = (0..hands)
            .map(|hand| {
                scope.spawn(move || {
                    let folder = tempfile::tempdir().unwrap();
                    (0..length).skip(hand).step_by(hands).filter(|at| !found(*at, folder.path())).collect::<Vec<_>>()
                })
            })
            .collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect()
    })
}

#[test]
fn every_byte_of_a_ledger_that_is_flipped_is_found() {
    let home = tempfile::tempdir().unwrap();
    let ledger = home.path().join("ledger.sqlite");
    small(&ledger);
    assert_eq!(problems(&ledger).unwrap(), Vec::<String>::new());
    let good = std::fs::read(&ledger).unwrap();
    let missed = unfound(good.len(), |at, folder| {
        let file = folder.join("ledger.sqlite");
        let mut bad = good.clone();
        bad[at] ^= 0x01;
        std::fs::write(&file, bad).unwrap();
        !problems(&file).unwrap().is_empty()
    });
    assert!(missed.is_empty(), "{} of {} bytes can be changed unseen: {:?}", missed.len(), good.len(), &missed[..missed.len().min(20)]);
}

#[test]
fn every_byte_of_a_manifest_that_is_flipped_is_found() {
    let company = Company::new("1,2026-10-05,甲,制造部,违纪\n");
    company.run("2026-10").success();
    let good = std::fs::read(company.path("out/2026-10/manifest.json")).unwrap();
    let missed = unfound(good.len(), |at, folder| {
        let mut bad = good.clone();
        bad[at] ^= 0x01;
        std::fs::write(folder.join("manifest.json"), bad).unwrap();
        verify(folder, &company.ledger(), &Quiet).is_ok_and(|verified| !verified.problems.is_empty())
    });
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn a_notice_is_proved_from_its_file_and_a_changed_amount_is_found() {
    let company = Company::new(OCTOBER);
    company.run("2026-10").success();
    let mine = company.path("out/2026-10/分送/制造部/罚款通知单.xlsx");
    let proved = said(&company.kesu(&["verify", "--notice", mine.to_str().unwrap()]).success());
    assert_eq!(proved.matches("属实").count(), 2, "the two notices of the department: {proved}");
    assert!(!proved.contains("丙"), "nothing is said of anybody else: {proved}");
    let forged = company.path("forged.xlsx");
    forge(&mine, &forged);
    let found = said(&company.kesu(&["verify", "--notice", forged.to_str().unwrap(), "--ledger", "out/ledger.sqlite"]).code(3));
    assert!(found.contains("没有账本所记的金额 50.00 元"), "{found}");
}

/// Every 50 becomes a 5.
fn forge(from: &Path, to: &Path) {
    use calamine::{Data, Reader as _};
    let mut read: calamine::Xlsx<_> = calamine::open_workbook(from).unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    for name in read.sheet_names() {
        let page = written.add_worksheet().set_name(&name).unwrap();
        for (row, column, cell) in read.worksheet_range(&name).unwrap().used_cells() {
            match cell {
                Data::Float(number) => page.write_number(row as u32, column as u16, if *number == 50.0 { 5.0 } else { *number }).unwrap(),
                other => page.write_string(row as u32, column as u16, other.to_string()).unwrap(),
            };
        }
    }
    written.save(to).unwrap();
}
