//! What was owed and done: each thing in its line, rates over what was owed by now, formulas that say the same.

use kesu::evaluate::Counts;
use kesu::ledger::{Figures, Finding, Moment, Outcome};
use kesu::reports::sheet::{Cached, Sheet, Value};
use kesu::reports::{EveryVerdict, Month, books, recompute, text};
use kesu::rules::kinds::{Dues, Kind, Layout, Statistic};
use kesu::rules::{Condition, Rule};

use super::fixture::{Fixture, day, dec, finding, head};
use super::sheets;

const FILE: &str = "回访应做已做表.xlsx";

fn fixture(rules: &[&str], dataset: &str) -> Fixture {
    let mut fixture = Fixture::new();
    let kind = Kind::Statistic(Statistic {
        send: Vec::new(),
        dataset: dataset.into(),
        scope: Condition::always(),
        at: None,
        by_day: None,
        on_time: None,
        columns: Vec::new(),
        layout: Layout::Dues(Dues { rules: rules.iter().map(|id| (*id).to_owned()).collect(), datasets: vec![dataset.into()] }),
        signatures: Vec::new(),
        clause: "客诉管理办法 十条".into(),
    });
    fixture.rules.packs[0].rules.push(Rule { head: head("yingzuo", "回访应做已做表"), kind });
    fixture
}

/// A callback: how often it was done of once to twice.
fn called(subject: &str, outcome: Outcome, unit: &str, due: &str, done: usize) -> Finding {
    let figures = Figures::Times { done, least: Some(1), most: Some(2) };
    Finding { due: Some(Moment::Date(day(due))), figures: Some(Box::new(figures)), ..finding("jiean", subject, outcome, unit, 3) }
}

fn handed_in(subject: &str, outcome: Outcome, stop: Option<&str>) -> Finding {
    let date = |text: &str| Moment::Date(day(text));
    Finding { due: Some(date("2026-10-10")), stop: stop.map(date), ..finding("hejue", subject, outcome, "", 0) }
}

fn verdicts(rule: &Rule) -> Vec<Finding> {
    use Outcome::{Breached, Indeterminate, Met, NotApplicable, Pending};
    match rule.head.id.as_str() {
        "jiean" => vec![
            called("P1", Met, "客服部", "2026-10-31", 1),
            called("P2", Breached, "客服部", "2026-10-09", 0),
            called("P3", Breached, "客服部", "2026-10-31", 3),
            called("P4", Indeterminate, "客服部", "2026-10-31", 0),
            called("P5", Pending, "客服部", "2026-12-31", 1),
            called("P6", NotApplicable, "客服部", "2026-10-31", 0),
            called("P7", Met, "业务部", "2026-10-31", 2),
        ],
        "hejue" => vec![handed_in("月报/2026-09", Breached, Some("2026-10-12")), handed_in("月报/2026-08", Breached, None)],
        _ => Vec::new(),
    }
}

fn month(fixture: &Fixture) -> Month<'_> {
    Month { every_verdict: EveryVerdict::new(|_, rule| Ok(verdicts(rule))), ..fixture.month() }
}

/// The cached numbers of a line, from what was owed to the rate.
fn figures(sheet: &Sheet<'_>, number: &Value<'_>, unit: &str) -> Vec<String> {
    let line =
        sheet.rows.iter().find(|row| row.first().is_some_and(|c| c.value == *number) && row[2].value == Value::text(unit.to_owned()));
    let cached = |value: &Value<'_>| match value {
        Value::Formula(formula) => match &formula.cached {
            Cached::Number(number) => number.normalize().to_string(),
            Cached::Text(text) => (*text).to_owned(),
        },
        other => panic!("{other:?} is no formula"),
    };
    line.unwrap()[3..].iter().map(|cell| cached(&cell.value)).collect()
}

#[test]
fn every_thing_owed_counts_in_the_line_of_its_rule_and_unit() {
    let fixture = fixture(&["jiean", "hejue"], "核决记录");
    let month = month(&fixture);
    let all = sheets(&month, FILE);
    assert_eq!(all.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["目录", "应做已做", "应做明细"]);
    let table = &all[1];
    // owed, done, late, missing, too often, unknown, ahead, rate
    assert_eq!(figures(table, &Value::Int(1), "业务部"), ["1", "1", "0", "0", "0", "0", "0", "1"]);
    assert_eq!(figures(table, &Value::Int(2), "客服部"), ["4", "1", "0", "1", "1", "1", "1", "0.25"]);
    assert_eq!(figures(table, &Value::Int(3), "（未写明）"), ["2", "0", "1", "1", "0", "0", "0", "0"]);
    let total = figures(table, &Value::text("合计"), "");
    assert_eq!(total[..7], ["7", "2", "1", "2", "1", "1", "1"]);
    assert!((total[7].parse::<rust_decimal::Decimal>().unwrap() - dec("0.2857")).abs() < dec("0.0001"));
    recompute::check(FILE, &all).unwrap();
}

#[test]
fn the_detail_is_a_calendar_of_who_owes_what_by_when() {
    let fixture = fixture(&["jiean", "hejue"], "核决记录");
    let month = month(&fixture);
    let all = sheets(&month, FILE);
    let (detail, mut lines) = (&all[2], Vec::new());
    let body = detail.body.as_ref().unwrap();
    body.each(0..body.len, |_, values| {
        let shown = |at: usize| text::shown(&values[at], detail.columns[at].style);
        lines.push([1, 3, 6, 7, 8].map(shown).join(" "));
    })
    .unwrap();
    assert_eq!(
        lines,
        [
            "2026-10-09 P2 ≥ 1 次 ≤ 2 次 0 次 ▲ 缺",
            "2026-10-10 月报/2026-09  2026-10-12 迟做",
            "2026-10-10 月报/2026-08   ▲ 缺",
            "2026-10-31 P7 ≥ 1 次 ≤ 2 次 2 次 已做",
            "2026-10-31 P1 ≥ 1 次 ≤ 2 次 1 次 已做",
            "2026-10-31 P3 ≥ 1 次 ≤ 2 次 3 次 超次",
            "2026-10-31 P4 ≥ 1 次 ≤ 2 次 0 次 无法判定",
            "2026-12-31 P5 ≥ 1 次 ≤ 2 次 1 次 未到期",
        ]
    );
}

#[test]
fn the_units_of_one_rule_are_drawn_side_by_side() {
    let one = fixture(&["jiean"], "核决记录");
    assert_eq!(sheets(&month(&one), FILE)[1].charts.len(), 1);
    let several = fixture(&["jiean", "hejue"], "核决记录");
    assert!(sheets(&month(&several), FILE)[1].charts.is_empty(), "the same name would stand below two columns");
}

#[test]
fn a_month_in_which_nothing_is_owed_makes_no_book_unless_something_is_on_its_way() {
    let fixture = fixture(&["hejue"], "核决记录");
    for (outcome, written) in
        [(None, false), (Some(Outcome::NotApplicable), false), (Some(Outcome::Pending), true), (Some(Outcome::Met), true)]
    {
        let mut month = month(&fixture);
        let result = month.results.iter_mut().find(|result| result.rule.head.id == "hejue").unwrap();
        result.counts = Counts::default();
        outcome.into_iter().for_each(|outcome| result.counts.add(outcome, 1));
        assert_eq!(books(&month).unwrap().iter().any(|book| book.file == FILE), written, "{outcome:?}");
    }
}

#[test]
fn above_the_limit_of_formulas_the_figures_are_values() {
    let fixture = fixture(&["jiean"], "核决记录");
    let month = Month { formula_rows: 3, ..month(&fixture) };
    let all = sheets(&month, FILE);
    let table = all.iter().find(|sheet| sheet.name == "应做已做").unwrap();
    assert!(table.rows.iter().flatten().all(|cell| !matches!(cell.value, Value::Formula(_))));
    assert!(text::render(table).contains("各数字为数值，不是公式"));
}

#[test]
fn dues_of_a_table_that_nobody_keeps_make_no_book() {
    let fixture = fixture(&["jiean"], "退货折让台账");
    assert!(books(&month(&fixture)).unwrap().iter().all(|book| book.file != FILE));
}
