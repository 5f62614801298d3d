//! What is added up over months and compared with them, from a ledger of closed months of which no table is left.

use super::books::{Company, rows, said, with};

const POINTS: &str = r#"
[[points]]
id = "jifen"
title = "违纪记分"
dataset = "违纪登记"
findings = ["weiji"]
at = "日期"
person = "员工"
unit = "部门"
[[points.version]]
from = 2020-01-01
cite = "jilv 一条"
window = "half-year"
limit = "30"
action = "不再留任"
items = [{ rule = "weiji", name = "违纪", points = "10" }]

[[statistic]]
id = "jifen-biao"
title = "记分月汇总"
cite = "jilv 一条"
[statistic.points]
rule = "jifen"
"#;

const SCORES: &str = r#"
[[scorecard]]
id = "kaohe"
title = "员工考核"
dataset = "考核评分"
period = "期间"
type = "考核类型"
person = "员工"
unit = "部门"
[[scorecard.version]]
from = 2020-01-01
cite = "jilv 一条"
parts = [{ name = "绩", full = "100", field = "绩" }]
combine = [
  { name = "月考核", weight = "50%", of = [{ type = "月考核", each = "month" }] },
  { name = "年终考评", weight = "50%", of = [{ type = "年终考评", each = "year" }] },
]

[[statistic]]
id = "niandu"
title = "年度考核统计表"
cite = "jilv 一条"
[statistic.scores]
rule = "kaohe"
book = "year"
"#;

const CASES: &str = r#"
[[deadline]]
id = "jiean"
title = "结案期限"
dataset = "案件"
start = "受理日期"
stop = "结案日期"
[[deadline.version]]
from = 2020-01-01
cite = "jilv 一条"
rows = [{ limit = "10d" }]

[[statistic]]
id = "tongji"
title = "案件统计表"
dataset = "案件"
at = "结案日期"
on_time = "jiean"
cite = "jilv 一条"
[statistic.summary]
groups = ["部门"]
"#;

fn close(company: &Company, month: &str, on: &str) {
    if company.path(&format!("out/{month}/奖罚汇总表.xlsx")).exists() {
        company.approve_all(month).success();
    }
    company.run(month).success();
    company.kesu(&["close", "--period", month, "--on", on, "--by", "李会计"]).success();
}

/// Points of 甲 and of 乙 in October's half-year, as the verdicts say them: outcome, points.
fn sums(company: &Company, extra: &[&str]) -> Vec<(String, String)> {
    company.kesu(&[&["run", "--period", "2026-10", "--verdicts"], extra].concat()).success();
    let csv = std::fs::read_to_string(company.path("out/2026-10/verdicts.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (subject, outcome, points, person, unit) = (at("subject"), at("outcome"), at("points"), at("person"), at("unit"));
    let mut found = Vec::new();
    for row in reader.records().map(Result::unwrap) {
        if let Some(name) = row[subject].strip_suffix("/2026-H2") {
            assert_eq!((&row[person], &row[unit]), (name, "制造部"), "whose sum it is");
            found.push((name.to_owned(), format!("{} {}", &row[outcome], &row[points])));
        }
    }
    found
}

fn said_of(all: &[(String, String)]) -> Vec<(&str, &str)> {
    all.iter().map(|(name, words)| (name.as_str(), words.as_str())).collect()
}

#[test]
fn half_year_points_count_closed_months_of_the_ledger_and_not_what_was_revoked() {
    let company = Company::new("");
    company.rules(POINTS);
    let (august, september, october) =
        ("1,2026-08-05,甲,制造部,违纪\n", "2,2026-09-05,甲,制造部,违纪\n3,2026-09-07,乙,制造部,违纪\n", "4,2026-10-05,甲,制造部,违纪\n");
    for (month, on, rows) in [("2026-08", "2026-09-10", august), ("2026-09", "2026-10-10", september)] {
        company.register(rows);
        company.run(month).success();
        close(&company, month, on);
    }
    company.register(october);
    // three times ten is the line; 乙 has no row of his own in October
    assert_eq!(said_of(&sums(&company, &[])), [("乙", "met 10"), ("甲", "breached 30")]);
    let detail = rows(&company.path("out/2026-10/记分月汇总.xlsx"), "扣分明细");
    assert_eq!(detail.iter().filter(|row| row.get(7).is_some_and(|remark| remark == "取自账本")).count(), 3, "{detail:?}");
    assert_eq!(said_of(&sums(&company, &["--no-ledger"])), [("甲", "met 10")], "without a ledger nothing is known of them");
    let told = said(&company.kesu(&["run", "--period", "2026-10", "--no-ledger"]).success());
    assert!(told.contains("没有用账本") && told.contains("扣分"), "{told}");

    // a late row of September hides the two that were closed; the sum says so
    company.register(&format!("9,2026-09-20,丙,制造部,违纪\n{october}"));
    company.run("2026-10").success();
    let csv = |company: &Company| {
        company.kesu(&["run", "--period", "2026-10", "--verdicts"]).success();
        std::fs::read_to_string(company.path("out/2026-10/verdicts.csv")).unwrap()
    };
    assert!(csv(&company).contains("9 月的扣分记录比月结时少 1 条，如数据不全则累计不全"), "{}", csv(&company));
    company.register(october);

    let number = company.ask("SELECT number FROM numbers WHERE period = '2026-08'").concat().concat();
    let revoked = with(&[("申诉日期", "2026-10-12"), ("处理", "撤销"), ("理由", "查无实据")]);
    company.decide("appeal", "2026-08", &[(&number, &revoked)]).success();
    assert_eq!(said_of(&sums(&company, &[])), [("乙", "met 10"), ("甲", "met 20")]);
    // also where all the rows are still there
    company.register(&format!("{august}{september}{october}"));
    assert_eq!(said_of(&sums(&company, &[])), [("乙", "met 10"), ("甲", "met 20")]);
    assert_eq!(said_of(&sums(&company, &["--no-ledger"])), [("乙", "met 10"), ("甲", "breached 30")]);
    company.run("2026-10").success();
    company.kesu(&["verify", "out/2026-10"]).success();
}

#[test]
fn points_of_months_before_the_ledger_come_from_the_companys_own_book() {
    let company = Company::new("4,2026-10-05,甲,制造部,违纪\n");
    company.rules(POINTS);
    let book = "奖罚台账\n通知单号,开单日期,受罚人,部门,分值\nJ-7,2026-08-20,甲,制造部,15\nJ-8,2026-06-20,甲,制造部,9\n";
    std::fs::write(company.path("旧账.csv"), book).unwrap();
    company.kesu(&["ledger", "import", "旧账.csv", "--rule", "jilv/jifen"]).success();
    // ten of October and fifteen of August; June is of another half-year
    assert_eq!(said_of(&sums(&company, &[])), [("甲", "met 25")]);
}

#[test]
fn a_years_score_is_made_of_the_closed_months_of_the_ledger() {
    let fields = [("员工", "text"), ("部门", "text"), ("考核类型", "text"), ("期间", "text"), ("绩", "decimal")];
    let company = Company::new("");
    company.rules(SCORES);
    company.dataset("考核评分", &["员工", "考核类型", "期间"], "", &fields);
    let put = |rows: &str| company.table("考核评分", "员工,部门,考核类型,期间,绩", rows);
    for month in 1..=11 {
        let name = format!("2026-{month:02}");
        put(&format!("甲,制造部,月考核,{name},{}\n", 80 + month));
        company.run(&name).success();
        close(&company, &name, &format!("2026-{:02}-10", month + 1));
    }
    put("甲,制造部,月考核,2026-12,92\n甲,制造部,年终考评,2026,100\n");
    company.run("2026-12").success();
    // months 81 to 92 have the mean 86.5; (86.5 + 100) / 2
    let table = rows(&company.path("out/2026-12/年度考核统计表.xlsx"), "年度统计表");
    let own = table.iter().find(|row| row.get(3).is_some_and(|name| name == "甲")).unwrap();
    assert_eq!(own[4..7], ["86.5", "100", "93.25"], "{own:?}");
    company.kesu(&["run", "--period", "2026-12", "--no-ledger"]).success();
    let table = rows(&company.path("out/2026-12/年度考核统计表.xlsx"), "年度统计表");
    assert!(table.concat().concat().contains("月考核缺 2026-01"), "{table:?}");
}

#[test]
fn last_month_is_compared_from_the_ledger_when_its_rows_are_gone() {
    let fields = [("编号", "text"), ("部门", "text"), ("受理日期", "date"), ("结案日期", "date")];
    let company = Company::new("");
    company.rules(CASES);
    company.dataset("案件", &["编号"], "", &fields);
    let put = |rows: &str| company.table("案件", "编号,部门,受理日期,结案日期", rows);
    let totals = |extra: &[&str]| {
        company.kesu(&[&["run", "--period", "2026-10"], extra].concat()).success();
        let table = rows(&company.path("out/2026-10/案件统计表.xlsx"), "统计表");
        let line = |name: &str| table.iter().find(|row| row[0].starts_with(name)).unwrap().clone();
        [line("本期"), line("上期"), line("较上期增减")]
    };
    // in September three were closed in time after 2, 4 and 6 days, one late after 20
    put("1,甲部,2026-09-01,2026-09-03\n2,甲部,2026-09-01,2026-09-05\n3,乙部,2026-09-01,2026-09-07\n4,乙部,2026-09-01,2026-09-21\n");
    company.run("2026-09").success();
    close(&company, "2026-09", "2026-10-10");
    put("5,甲部,2026-10-01,2026-10-04\n6,甲部,2026-10-01,2026-10-31\n");
    let [own, last, change] = totals(&[]);
    let head = ["件数", "占比", "累计占比", "按期", "逾期", "未判定", "及时率", "平均天数", "最长天数"];
    let figure = |row: &[String], name: &str| row[1 + head.iter().position(|head| *head == name).unwrap()].clone();
    assert_eq!(last[0], "上期（2026-09，取自账本）");
    for (name, figures) in [
        ("件数", ["2", "4", "-2"]),
        ("按期", ["1", "3", "-2"]),
        ("逾期", ["1", "1", "0"]),
        ("平均天数", ["16.5", "8", "8.5"]),
        ("最长天数", ["30", "20", "10"]),
    ] {
        assert_eq!([figure(&own, name), figure(&last, name), figure(&change, name)], figures, "{name}");
    }
    // the rate falls from three of four to one of two, 25 points
    assert_eq!([figure(&last, "及时率"), figure(&change, "及时率")], ["0.75", "-25"]);
    let [_, last, _] = totals(&["--no-ledger"]);
    assert_eq!(last[1], "无数据");
}
