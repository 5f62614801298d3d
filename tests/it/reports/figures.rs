//! Figures of the statistics against sums made here by plain loops over the same twelve cases.

use kesu::reports::sheet::{Cached, Cell, Sheet, Value};
use kesu::reports::{recompute, text};
use kesu::rules::kinds::{Kind, Layout};
use rust_decimal::Decimal;

use super::fixture::{CASES, Case, Fixture, dec};
use super::sheets;

const FILE: &str = "客诉案件统计表.xlsx";

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

fn summary<'s, 'm>(sheets: &'s [Sheet<'m>]) -> &'s Sheet<'m> {
    sheets.iter().find(|sheet| sheet.name == "统计表").unwrap()
}

/// Rows whose first cell reads `label`, as numbers behind it.
fn lines(sheet: &Sheet<'_>, label: &str) -> Vec<Vec<Option<Decimal>>> {
    let is = |cell: &Cell<'_>| matches!(&cell.value, Value::Text(text) if text == label);
    sheet.rows.iter().filter(|row| row.first().is_some_and(is)).map(|row| row[1..].iter().map(number).collect()).collect()
}

/// Count, loss, on time, late, undecided, rate, mean, longest: by hand.
fn expected(cases: &[&Case]) -> [Option<Decimal>; 8] {
    let count = |word: &str| cases.iter().filter(|c| c.9 == word).count();
    let (on_time, late) = (count("是"), count("否"));
    let days: Vec<Decimal> = cases.iter().filter_map(|c| c.8).map(dec).collect();
    let whole = |n: usize| Some(Decimal::from(n));
    [
        whole(cases.len()),
        Some(cases.iter().map(|c| dec(c.10)).sum()),
        whole(on_time),
        whole(late),
        whole(cases.len() - on_time - late),
        (on_time + late > 0).then(|| Decimal::from(on_time) / Decimal::from(on_time + late)),
        (!days.is_empty()).then(|| days.iter().sum::<Decimal>() / Decimal::from(days.len())),
        days.iter().copied().max(),
    ]
}

fn figures(line: &[Option<Decimal>]) -> [Option<Decimal>; 8] {
    [line[0], line[3], line[4], line[5], line[6], line[7], line[8], line[9]]
}

#[test]
fn totals_and_every_group_agree_with_plain_sums() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, FILE);
    let summary = summary(&all);
    let of = |month: &str| CASES.iter().filter(|c| c.7 == month).collect::<Vec<_>>();
    let october = of("2026-10");
    assert_eq!(figures(&lines(summary, "本期（2026-10）")[0]), expected(&october));
    assert_eq!(figures(&lines(summary, "上期（2026-09）")[0]), expected(&of("2026-09")));
    assert!(lines(summary, "去年同期（2025-10）")[0].iter().all(Option::is_none));
    let fields: [fn(&Case) -> &'static str; 6] =
        [|c| c.5, |c| c.4.unwrap_or("（未登记）"), |c| c.3, |c| c.1, |c| c.2, |c| c.6.unwrap_or("（无损失类别）")];
    for field in fields {
        let mut keys: Vec<&str> = october.iter().map(|c| field(c)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let own: Vec<&Case> = october.iter().copied().filter(|c| field(c) == key).collect();
            let found = lines(summary, key);
            assert!(found.iter().any(|line| figures(line) == expected(&own)), "{key}: {found:?} has no {:?}", expected(&own));
        }
    }
}

#[test]
fn shares_add_up_to_the_cases_loss() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, FILE);
    let losses = all.iter().find(|s| s.name == "部门损失").unwrap();
    // 900.00 + 900.50 + 2000.07 + 100.10 + 33.33 and 600.00 + 300.00
    assert_eq!(lines(losses, "制造部")[0][1], Some(dec("3934.00")));
    assert_eq!(lines(losses, "业务部")[0][1], Some(dec("900.00")));
    assert_eq!(lines(losses, "合计")[0][1], Some(dec("4834.00")));
    assert_eq!(lines(losses, "与统计表相差")[0][1], Some(Decimal::ZERO));
}

#[test]
fn a_loss_that_is_not_decided_is_told_apart_from_none() {
    let fixture = Fixture::new();
    let mut cases = CASES.to_vec();
    let october = |case: &&mut Case| case.7 == "2026-10";
    let open = cases.iter_mut().filter(october).find(|case| case.6.is_some()).unwrap();
    open.10 = "";
    let (open, unit) = (open.0, open.5);
    let without = cases.iter_mut().filter(october).find(|case| case.6.is_none()).unwrap();
    without.10 = "";
    assert_ne!(open, without.0);
    let month = fixture.month_of(&cases);
    let all = sheets(&month, FILE);
    let summary = summary(&all);
    // behind the number of cases, two shares and the loss
    for label in ["本期（2026-10）", unit, "合计"] {
        assert_eq!(lines(summary, label)[0][4], Some(Decimal::ONE), "{label}");
    }
    assert_eq!(lines(summary, "（无损失类别）")[0][4], Some(Decimal::ZERO));
    recompute::check(FILE, &all).unwrap();
}

#[test]
fn every_figure_is_a_live_formula_over_the_detail() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, FILE);
    let figures: Vec<&Cell<'_>> = summary(&all).rows.iter().flatten().filter(|c| number(c).is_some()).collect();
    assert!(figures.len() > 100);
    assert!(figures.iter().all(|c| matches!(c.value, Value::Formula(_))));
}

#[test]
fn keys_that_a_spreadsheet_takes_for_others_are_compared_exactly() {
    let fixture = Fixture::new();
    let month = fixture.month();
    let all = sheets(&month, FILE);
    for (key, exact) in [("0012", true), ("3-4", true), ("料？", true), ("a-001", true), ("=1+1", true), ("制造部", false), ("国外", false)]
    {
        let is = |cell: &Cell<'_>| matches!(&cell.value, Value::Text(text) if text == key);
        let row = summary(&all).rows.iter().find(|row| row.first().is_some_and(is)).unwrap();
        let Value::Formula(formula) = &row[1].value else { panic!("{key} is not counted by a formula") };
        assert_eq!(formula.text.contains("EXACT("), exact, "{}", formula.text);
    }
}

#[test]
fn above_the_limit_there_are_values_only_and_the_sheet_says_so() {
    let fixture = Fixture::new();
    let live = fixture.month();
    let mut month = fixture.month();
    month.formula_rows = 11;
    let (formulas, values) = (sheets(&live, FILE), sheets(&month, FILE));
    for sheet in &values {
        assert!(sheet.rows.iter().flatten().all(|c| !matches!(c.value, Value::Formula(_))), "{}", sheet.name);
    }
    assert!(kesu::reports::text::render(summary(&values)).contains("不是公式"));
    let numbers = |sheet: &Sheet<'_>| sheet.rows.iter().flatten().filter_map(number).collect::<Vec<_>>();
    assert_eq!(numbers(summary(&values)), numbers(summary(&formulas)));
}

#[test]
fn a_quarter_counts_the_months_it_has() {
    let fixture = Fixture::new();
    let mut month = fixture.month();
    month.period = "2026-08..2026-10".parse().unwrap();
    let all = sheets(&month, FILE);
    let line = &lines(summary(&all), "本期（2026-08至2026-10）")[0];
    assert_eq!(figures(line), expected(&CASES.iter().collect::<Vec<_>>()));
}

/// The fixture with its statistic stripped of deadline, losses or both.
fn stripped(times: bool, losses: bool) -> Fixture {
    let mut fixture = Fixture::new();
    for rule in &mut fixture.rules.packs[0].rules {
        if let Kind::Statistic(statistic) = &mut rule.kind
            && let Layout::Summary { loss, confirm, counted, .. } = &mut statistic.layout
        {
            counted.clear();
            if !times {
                statistic.on_time = None;
            }
            if !losses {
                (*loss, *confirm) = (None, None);
            }
        }
    }
    fixture
}

const OF_LOSSES: [&str; 1] = ["损失金额"];
const OF_TIMES: [&str; 6] = ["按期", "逾期", "未判定", "及时率", "平均天数", "最长天数"];

#[test]
fn a_summary_has_no_columns_for_what_its_rule_does_not_name() {
    for (times, losses) in [(false, false), (true, false), (false, true)] {
        let fixture = stripped(times, losses);
        let mut month = fixture.month();
        if !losses {
            month.summaries[0].2.shares = None;
        }
        let all = sheets(&month, FILE);
        recompute::check(FILE, &all).unwrap();
        let titles: Vec<&str> = all.iter().flat_map(|sheet| &sheet.columns).map(|column| column.header.as_str()).collect();
        for (kept, words) in [(losses, &OF_LOSSES[..]), (times, &OF_TIMES[..])] {
            for word in words {
                assert_eq!(titles.iter().any(|title| title.contains(word)), kept, "{word} {times} {losses}: {titles:?}");
            }
        }
        let shown: String = all.iter().map(text::render).collect();
        assert!(!shown.contains("结案件数") && shown.contains("各月件数"), "{shown}");
        let october: Vec<&Case> = CASES.iter().filter(|case| case.7 == "2026-10").collect();
        let [count, loss, on_time, late, undecided, rate, mean, longest] = expected(&october);
        let mut wanted = vec![count, None, None];
        wanted.extend(losses.then_some(loss));
        wanted.extend(times.then_some([on_time, late, undecided, rate, mean, longest]).into_iter().flatten());
        assert_eq!(lines(summary(&all), "本期（2026-10）")[0], wanted);
        let charts: Vec<bool> = all.iter().flat_map(|sheet| &sheet.charts).take(1).map(|chart| chart.line.is_some()).collect();
        assert_eq!(charts, [times]);
    }
}
