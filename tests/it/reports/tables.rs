//! Times at the desks and losses by class, against figures worked out by hand; the sheet on which responsibility is confirmed.

use kesu::reports::sheet::{Cached, Cell, Sheet, Value};
use kesu::reports::{Month, recompute, text};
use kesu::rules::kinds::{Kind, Layout, Loss, LossTable, StationTimes, Statistic};
use kesu::rules::{Condition, Rule};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::fixture::{CASES, Fixture, dec, decimals, head};
use super::sheets;

const TIMES: &str = "各站时效统计.xlsx";
const LOSSES: &str = "责任部门损失金额表.xlsx";

fn statistic(id: &str, title: &str, layout: Layout) -> Rule {
    let kind = Kind::Statistic(Statistic {
        send: Vec::new(),
        dataset: "客诉台账".into(),
        scope: Condition::always(),
        at: Some("结案日期".into()),
        by_day: None,
        on_time: None,
        columns: Vec::new(),
        layout,
        signatures: vec!["总经理室".into()],
        clause: "客诉管理办法 十四条".into(),
    });
    Rule { head: head(id, title), kind }
}

/// Rule, unit, limit, days, on time.
type Visit = (Option<&'static str>, &'static str, Option<&'static str>, Option<&'static str>, &'static str);

fn visits() -> Vec<Visit> {
    let first = |days| (Some("总经理室首站时限"), "总经理室", Some("0.5天"), Some(days), if dec(days) > dec("0.5") { "否" } else { "是" });
    let mut visits: Vec<Visit> =
        vec![(Some("质管部站时限"), "质管部", None, Some("3"), "不适用"), (Some("质管部站时限"), "质管部", None, None, "不适用")];
    visits.extend(["0.4", "0.1", "0.2", "0.3", "0.5", "0.6", "0.7", "1.1", "0.8", "0.9", "1"].map(first));
    visits.push((Some("总经理室首站时限"), "总经理室", Some("0.5天"), None, "无法判定"));
    visits.push((Some("业务部门拟意见时限"), "业务部门", Some("3天"), Some("2"), "是"));
    visits.push((Some("业务部门拟意见时限"), "业务部门", Some("7天"), Some("8"), "否"));
    visits.push((None, "经理室", None, None, "不适用"));
    visits
}

fn times(visits: &[Visit]) -> DataFrame {
    let mut frame = df!(
        "时限规则" => visits.iter().map(|v| v.0).collect::<Vec<_>>(), "承办部门" => visits.iter().map(|v| v.1).collect::<Vec<_>>(),
        "时限" => visits.iter().map(|v| v.2).collect::<Vec<_>>(), "按期" => visits.iter().map(|v| v.4).collect::<Vec<_>>(),
        "_source" => vec![0_u32; visits.len()], "_row" => (0..visits.len() as u32).map(|at| at + 2).collect::<Vec<_>>(),
    )
    .unwrap();
    frame.with_column(decimals("天数", &visits.iter().map(|v| v.3).collect::<Vec<_>>(), 4)).unwrap();
    frame
}

/// Unit, class, month, share.
const SHARES: [(&str, &str, &str, Option<&str>); 8] = [
    ("制造部", "索赔", "2026-10", Some("100.10")),
    ("制造部", "退回", "2026-10", Some("20.05")),
    ("业务部", "索赔", "2026-10", Some("300.00")),
    ("制造部", "索赔", "2026-10", Some("0.01")),
    ("业务部", "重修", "2026-10", None),
    ("制造部", "折让", "2026-09", Some("50.00")),
    ("质管部", "折让", "2026-09", Some("7.00")),
    ("0012", "折让", "2026-10", Some("9.99")),
];

fn losses(shares: &[(&str, &str, &str, Option<&str>)]) -> DataFrame {
    let mut frame = df!(
        "客诉编号" => (0..shares.len()).map(|at| format!("26100{at}")).collect::<Vec<_>>(),
        "责任部门" => shares.iter().map(|s| s.0).collect::<Vec<_>>(), "损失类别" => shares.iter().map(|s| s.1).collect::<Vec<_>>(),
        "统计月" => shares.iter().map(|s| s.2).collect::<Vec<_>>(),
        "_source" => vec![0_u32; shares.len()], "_row" => (0..shares.len() as u32).map(|at| at + 2).collect::<Vec<_>>(),
    )
    .unwrap();
    frame.with_column(decimals("部门损失", &shares.iter().map(|s| s.3).collect::<Vec<_>>(), 2)).unwrap();
    frame
}

fn fixture() -> Fixture {
    let mut fixture = Fixture::new();
    let spec = StationTimes { rules: Vec::new(), unit: "站别".into() };
    let loss =
        Loss {
            dataset: "责任与损失".into(), on: "客诉编号".into(), share: "部门损失".into(), take: Vec::new(), columns: Vec::new()
        };
    let classes = ["索赔", "折让", "退回", "重修"].map(str::to_owned).to_vec();
    let table = LossTable { groups: ["责任部门".into(), "损失类别".into()], classes, loss };
    let rules = &mut fixture.rules.packs[0].rules;
    rules.push(statistic("shixiao", "各站时效统计", Layout::StationTimes(spec)));
    rules.push(statistic("sunshi", "责任部门损失金额表", Layout::Losses(table)));
    fixture
}

fn month<'f>(fixture: &'f Fixture, visits: &[Visit], shares: &[(&str, &str, &str, Option<&str>)]) -> Month<'f> {
    let mut month = fixture.month();
    let pack = &fixture.rules.packs[0];
    let rule = |id: &str| pack.rules.iter().find(|r| r.head.id == id).unwrap();
    month.details = vec![(pack, rule("shixiao"), times(visits).into()), (pack, rule("sunshi"), losses(shares).into())];
    month
}

fn number(cell: &Cell<'_>) -> Option<Decimal> {
    match &cell.value {
        Value::Number(number) => Some(*number),
        Value::Int(int) => Some((*int).into()),
        Value::Formula(formula) => match formula.cached {
            Cached::Number(number) => Some(number),
            Cached::Text(_) => None,
        },
        _ => None,
    }
}

/// The numbers of the row in which some cell reads `label`.
fn line(sheet: &Sheet<'_>, label: &str) -> Vec<Option<Decimal>> {
    let is = |cell: &Cell<'_>| matches!(&cell.value, Value::Text(text) if text == label);
    let row = sheet.rows.iter().find(|row| row.iter().take(2).any(is)).unwrap_or_else(|| panic!("{label}"));
    row.iter().map(number).collect()
}

fn numbers(texts: &[&str]) -> Vec<Option<Decimal>> {
    texts.iter().map(|text| (!text.is_empty()).then(|| dec(text))).collect()
}

#[test]
fn a_station_has_the_mean_the_ninetieth_and_the_longest_of_its_known_days() {
    let fixture = fixture();
    let month = month(&fixture, &visits(), &SHARES);
    let all = sheets(&month, TIMES);
    let table = all.iter().find(|s| s.name == "各站时效").unwrap();
    // eleven known days 0.1 … 1.1 with a mean of 0.6; nine tenths of eleven is 9.9, so the tenth; six of eleven are late
    let first = line(table, "总经理室首站 0.5天");
    assert_eq!(first[4..9], numbers(&["12", "11", "0.6", "1", "1.1"]));
    assert_eq!(first[9..12], numbers(&["5", "6", "1"]));
    assert_eq!(first[12].map(|share| share.round_dp(6)), Some(dec("0.545455")));
    assert_eq!(line(table, "业务部门拟意见 3天")[4..], numbers(&["1", "1", "2", "2", "2", "1", "0", "0", "0"]));
    assert_eq!(line(table, "业务部门拟意见 7天")[4..], numbers(&["1", "1", "8", "8", "8", "0", "1", "0", "1"]));
    assert_eq!(line(table, "质管部站")[4..], numbers(&["2", "1", "3", "3", "3", "0", "0", "2", ""]));
    assert_eq!(line(table, "（没有时限规则）")[4..], numbers(&["1", "0", "", "", "", "0", "0", "1", ""]));
}

#[test]
fn of_ten_visits_the_ninth_is_the_ninetieth() {
    let fixture = fixture();
    let days = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    let visits: Vec<Visit> = days.map(|days| (Some("甲时限"), "甲部", Some("3天"), Some(days), "是")).to_vec();
    let month = month(&fixture, &visits, &SHARES);
    let all = sheets(&month, TIMES);
    assert_eq!(line(&all[1], "甲 3天")[7], Some(dec("9")));
}

#[test]
fn a_unit_bears_the_sum_of_its_shares_of_each_class() {
    let fixture = fixture();
    let month = month(&fixture, &visits(), &SHARES);
    let all = sheets(&month, LOSSES);
    let table = all.iter().find(|s| s.name == "损失金额表").unwrap();
    // unit, 索赔 折让 退回 重修, sum, share, cumulative, lines, undecided, the month before, a year ago
    let works = line(table, "制造部");
    assert_eq!(works[1..6], numbers(&["100.11", "0", "20.05", "0", "120.16"]));
    assert_eq!(works[8..12], numbers(&["3", "0", "50.00", ""]));
    let sales = line(table, "业务部");
    assert_eq!(sales[1..6], numbers(&["300.00", "0", "0", "0", "300.00"]));
    assert_eq!(sales[8..12], numbers(&["2", "1", "0", ""]));
    assert_eq!(line(table, "0012")[1..6], numbers(&["0", "9.99", "0", "0", "9.99"]));
    let total = line(table, "合计");
    assert_eq!(total[1..6], numbers(&["400.11", "9.99", "20.05", "0", "430.15"]));
    assert_eq!(total[8..10], numbers(&["6", "1"]));
    assert_eq!(sales[6].map(|share| share.round_dp(6)), Some(dec("0.697431")), "300 of 430.15");
}

#[test]
fn every_figure_of_the_tables_is_a_formula_with_the_value_that_it_has() {
    let fixture = fixture();
    let month = month(&fixture, &visits(), &SHARES);
    for file in [TIMES, LOSSES] {
        let all = sheets(&month, file);
        assert!(all[1].rows.iter().flatten().any(|cell| matches!(cell.value, Value::Formula(_))), "{file}");
        recompute::check(file, &all).unwrap();
    }
}

#[test]
fn a_table_of_a_single_row_is_computed_as_one_of_many() {
    let fixture = fixture();
    let month = month(&fixture, &visits()[2..3], &SHARES[7..]);
    for file in [TIMES, LOSSES] {
        recompute::check(file, &sheets(&month, file)).unwrap();
    }
}

#[test]
fn above_the_limit_the_tables_hold_values_and_say_so() {
    let fixture = fixture();
    let mut few = month(&fixture, &visits(), &SHARES);
    few.formula_rows = 3;
    let live = month(&fixture, &visits(), &SHARES);
    for file in [TIMES, LOSSES] {
        let (values, formulas) = (sheets(&few, file), sheets(&live, file));
        assert!(text::render(&values[1]).contains("不是公式"), "{file}");
        assert!(values[1].rows.iter().flatten().all(|cell| !matches!(cell.value, Value::Formula(_))), "{file}");
        let numbers = |sheet: &Sheet<'_>| sheet.rows.iter().flatten().filter_map(number).collect::<Vec<_>>();
        assert_eq!(numbers(&values[1]), numbers(&formulas[1]), "{file}");
    }
}

#[test]
fn without_closed_cases_the_tables_say_so_and_draw_nothing() {
    let fixture = fixture();
    let month = month(&fixture, &[], &SHARES[5..7]);
    for (file, words) in [(TIMES, "没有可统计的站"), (LOSSES, "本期没有结案而分摊损失的案件")] {
        let all = sheets(&month, file);
        assert!(text::render(&all[1]).contains(words), "{file}");
        assert!(all.iter().all(|sheet| sheet.charts.is_empty()), "{file}");
    }
}

#[test]
fn the_tables_read_as_a_person_would() {
    let fixture = fixture();
    let month = month(&fixture, &visits(), &SHARES);
    let shown = |file| sheets(&month, file).iter().map(text::render).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("times_read_as_a_person_would", shown(TIMES));
    insta::assert_snapshot!("losses_read_as_a_person_would", shown(LOSSES));
}

#[test]
fn every_closed_case_is_confirmed_a_line_a_responsible_unit() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, "客诉案件统计表.xlsx");
    let sheet = all.iter().find(|s| s.name == "责任归属确认").unwrap();
    let body = sheet.body.as_ref().unwrap();
    let mut lines: Vec<(String, String)> = Vec::new();
    let each = body.each(0..body.len, |_, values| {
        let shown = |at: usize| text::shown(&values[at], sheet.columns[at].style);
        lines.push((shown(0), shown(2)));
        assert_eq!(values.len(), sheet.columns.len());
        assert!(values[5..].iter().all(|value| *value == Value::Blank), "what is filled in by hand is empty");
    });
    each.unwrap();
    // the first case is shared 60:40; the fifth has no share yet and shows its own department
    let closed = CASES.iter().filter(|case| case.7 == "2026-10").count();
    assert_eq!(lines.len(), closed + 1);
    assert_eq!(lines[..2], [("261001".into(), "制造部".into()), ("261001".into(), "业务部".into())]);
    assert!(lines.contains(&("261005".into(), "业务部".into())));
    let Some(Value::Formula(total)) = sheet.tail[0].get(3).map(|cell| &cell.value) else { panic!("no total") };
    assert_eq!(total.cached, Cached::Number(dec("4834.00")));
}
