//! Computed fields: the policy's own figures, exact to the fen, never through a binary float.

use kesu::ledger::Outcome::{Indeterminate, Met, NotApplicable};
use kesu::normalise::Columns as _;
use polars::prelude::*;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::world::{Row, World};

fn losses(rows: &[Row]) -> World {
    World::banfa()
        .rows(
            "客诉台账",
            &[
                &[("客诉编号", "1"), ("客户", "甲"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-10")],
                &[("客诉编号", "2"), ("客户", "甲"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-11")],
            ],
        )
        .rows("责任与损失", rows)
}

/// `(outcome, amount)` of every verdict.
fn amounts(world: &World, rule: &str) -> Vec<(kesu::ledger::Outcome, String)> {
    world
        .all(rule, "2026-10", "2026-10-31")
        .into_iter()
        .map(|f| (f.outcome, f.amount.map(|a| format!("{a:.2}")).unwrap_or_default()))
        .collect()
}

#[test]
fn a_quarter_of_the_price_of_what_came_back_is_lost() {
    let world = losses(&[&[
        ("客诉编号", "1"),
        ("责任部门", "制造部"),
        ("责任比率", "100%"),
        ("损失类别", "退回"),
        ("实际退回数量", "120"),
        ("实际售价", "50"),
    ]]);
    assert_eq!(amounts(&world, "sunshi"), [(Met, "1500.00".to_owned())]);
}

#[test]
fn rework_costs_handling_carriage_and_wastage() {
    let row = |loss: &'static str| {
        [
            ("客诉编号", "1"),
            ("责任部门", "制造部"),
            ("责任比率", "100%"),
            ("损失类别", "重修"),
            ("重新处理费用", "800"),
            ("搬运费", "120"),
            ("损耗金额", loss),
        ]
    };
    assert_eq!(amounts(&losses(&[&row("")]), "sunshi"), [(Met, "920.00".to_owned())]);
    assert_eq!(amounts(&losses(&[&row("30.5")]), "sunshi"), [(Met, "950.50".to_owned())]);
}

#[test]
fn what_the_way_through_the_formula_needs_must_be_there_and_nothing_else() {
    let world = losses(&[
        &[("客诉编号", "1"), ("责任部门", "制造部"), ("责任比率", "100%"), ("损失类别", "索赔"), ("实际赔偿金额", "12.34")],
        &[("客诉编号", "1"), ("责任部门", "业务部"), ("责任比率", "0%"), ("损失类别", "退回"), ("实际退回数量", "3")],
    ]);
    let all = world.all("sunshi", "2026-10", "2026-10-31");
    assert_eq!((all[0].outcome, all[0].amount), (Met, Some(Decimal::new(123_400, 4))));
    assert_eq!((all[1].outcome, all[1].message.as_str(), all[1].amount), (Indeterminate, "无法判定：实际售价 为空", None));
}

#[test]
fn shares_add_up_to_the_whole_to_the_fen() {
    let row = |unit: &'static str, ratio: &'static str| {
        [("客诉编号", "1"), ("责任部门", unit), ("责任比率", ratio), ("损失类别", "索赔"), ("实际赔偿金额", "100.00")]
    };
    let thirds = losses(&[&row("甲部", "33.3333%"), &row("乙部", "33.3333%"), &row("丙部", "33.3334%")]);
    assert_eq!(amounts(&thirds, "fentan").into_iter().map(|(_, a)| a).collect::<Vec<_>>(), ["33.33", "33.33", "33.34"]);
    let equal = losses(&[&row("甲部", "33.33%"), &row("乙部", "33.33%"), &row("丙部", "33.33%")]);
    assert_eq!(amounts(&equal, "fentan").into_iter().map(|(_, a)| a).collect::<Vec<_>>(), ["33.34", "33.33", "33.33"]);
}

#[test]
fn shares_of_rates_that_do_not_add_up_are_indeterminate() {
    let row = |unit: &'static str, ratio: &'static str| {
        [("客诉编号", "1"), ("责任部门", unit), ("责任比率", ratio), ("损失类别", "索赔"), ("实际赔偿金额", "100.00")]
    };
    let world = losses(&[&row("甲部", "60%"), &row("乙部", "30%")]);
    for found in world.all("fentan", "2026-10", "2026-10-31") {
        assert_eq!((found.outcome, found.message.as_str(), found.amount), (Indeterminate, "无法判定：比率合计 90%", None));
    }
}

#[test]
fn what_does_not_add_up_or_is_not_complete_leaves_no_share_to_charge_by() {
    let row = |unit: &'static str, ratio: &'static str, loss: &'static str| {
        [("客诉编号", "1"), ("责任部门", unit), ("责任比率", ratio), ("损失类别", "索赔"), ("实际赔偿金额", loss)]
    };
    let uneven = losses(&[&row("甲部", "60%", "100"), &row("乙部", "30%", "100")]);
    let incomplete = losses(&[&row("甲部", "60%", "100"), &row("乙部", "40%", "")]);
    for world in [&uneven, &incomplete] {
        let prepared = world.prepared();
        let shares = prepared.tables.get("责任与损失").unwrap().frame.column("部门损失").unwrap().clone();
        assert_eq!(shares.null_count(), 2);
    }
    let told: Vec<String> = incomplete.all("fentan", "2026-10", "2026-10-31").into_iter().map(|f| f.message).collect();
    assert_eq!(told, ["无法判定：同一全案的其他份额算不出", "无法判定：损失金额 为空"]);
}

const TABLE: &str = r#"
[dataset]
name = "表"
key = ["号"]
[[field]]
name = "号"
type = "text"
[[field]]
name = "组"
type = "text"
[[field]]
name = "甲"
type = "money"
[[field]]
name = "乙"
type = "decimal"
[[field]]
name = "率"
type = "percent"
"#;

fn derived(formula: &str, rows: &[Row]) -> World {
    let rule = format!(
        "[[derive]]\nid = \"d\"\ntitle = \"t\"\ndataset = \"表\"\nfield = \"得\"\ntype = \"money\"\n\
         [[derive.version]]\nfrom = 2020-01-01\ncite = \"s 一\"\nformula = \"{formula}\"\n"
    );
    World::new(&[TABLE], &rule).rows("表", rows)
}

fn value(formula: &str, cells: &[(&str, &str)]) -> Option<Decimal> {
    let row = [&[("号", "1")], cells].concat();
    derived(formula, &[&row]).only("d", "2026-10", "2026-10-31").amount
}

fn fen(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn halves_round_away_from_zero() {
    assert_eq!(value("ROUND(甲, 2)", &[("甲", "0.005")]), fen("0.01"));
    assert_eq!(value("ROUND(甲, 2)", &[("甲", "-0.005")]), fen("-0.01"));
    assert_eq!(value("ROUND(甲, 2)", &[("甲", "0.0049")]), fen("0"));
    // 0.13 × 0.5 = 0.065: half to even would give 0.06
    assert_eq!(value("ROUND(甲 * 0.5, 2)", &[("甲", "0.13")]), fen("0.07"));
    // a product is not rounded before it is rounded: 0.0099 × 0.505 = 0.0049995
    assert_eq!(value("ROUND(甲 * 乙, 2)", &[("甲", "0.0099"), ("乙", "0.505")]), fen("0"));
}

#[test]
fn sums_differences_quotients_and_extremes_are_exact() {
    assert_eq!(value("甲 + 乙 - 0.1", &[("甲", "0.1"), ("乙", "0.2")]), fen("0.2"));
    assert_eq!(value("ROUND(甲 / 乙, 2)", &[("甲", "10"), ("乙", "3")]), fen("3.33"));
    assert_eq!(value("LEAST(甲, 乙, 7)", &[("甲", "8"), ("乙", "7.5")]), fen("7"));
    assert_eq!(value("GREATEST(甲, 乙)", &[("甲", "8"), ("乙", "7.5")]), fen("8"));
    assert_eq!(value("-甲", &[("甲", "8")]), fen("-8"));
    assert_eq!(value("COALESCE(甲, 乙)", &[("甲", ""), ("乙", "7.5")]), fen("7.5"));
}

#[test]
fn dividing_by_zero_is_indeterminate() {
    let found = derived("甲 / 乙", &[&[("号", "1"), ("甲", "1"), ("乙", "0")]]).only("d", "2026-10", "2026-10-31");
    assert_eq!((found.outcome, found.message.as_str()), (Indeterminate, "无法判定：除数为零"));
}

#[test]
fn a_formula_that_has_no_answer_is_not_applicable() {
    let found = derived("CASE WHEN 甲 > 5 THEN 1 END", &[&[("号", "1"), ("甲", "1")]]).only("d", "2026-10", "2026-10-31");
    assert_eq!(found.outcome, NotApplicable);
}

#[test]
fn no_float_stands_among_money() {
    let world = losses(&[&[
        ("客诉编号", "1"),
        ("责任部门", "制造部"),
        ("责任比率", "60%"),
        ("损失类别", "退回"),
        ("实际退回数量", "1"),
        ("实际售价", "3"),
    ]]);
    for table in &world.prepared().tables.tables {
        for name in table.frame.names() {
            let dtype = table.frame.dtype(name).unwrap();
            assert!(!dtype.is_float(), "{name} is {dtype}");
        }
    }
    let table = world.prepared();
    let table = table.tables.get("责任与损失").unwrap();
    assert_eq!(table.frame.column("部门损失").unwrap().dtype(), &DataType::Decimal(38, 4));
}

fn decimal(units: i64, scale: u32) -> Decimal {
    Decimal::new(units, scale)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn products_agree_with_exact_decimals(price in -9_999_999_999_i64..9_999_999_999, count in 0_i64..999_999_999, rate in 0_i64..2_000_000) {
        let (price, count, rate) = (decimal(price, 4), decimal(count, 4), decimal(rate, 6));
        let percent = (rate * Decimal::ONE_HUNDRED).to_string() + "%";
        let texts = (price.to_string(), count.to_string());
        let got = value("ROUND(甲 * 乙 * 率 * 0.25, 2)", &[("甲", &texts.0), ("乙", &texts.1), ("率", &percent)]);
        let exact = price * count * rate * decimal(25, 2);
        prop_assert_eq!(got, Some(exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)));
    }

    #[test]
    fn shares_always_add_up(whole in 1_i64..99_999_999, weights in proptest::collection::vec(1_i64..1_000, 1..6)) {
        let sum: i64 = weights.iter().sum();
        let mut rates: Vec<Decimal> = weights.iter().map(|w| (Decimal::from(*w) / Decimal::from(sum)).round_dp(6)).collect();
        let rest = Decimal::ONE - rates.iter().sum::<Decimal>();
        rates[0] += rest;
        let texts: Vec<String> = rates.iter().map(|rate| format!("{}%", rate * Decimal::ONE_HUNDRED)).collect();
        let whole = decimal(whole, 2);
        let money = whole.to_string();
        let rows: Vec<Vec<(&str, &str)>> = texts.iter().map(|rate| vec![("号", "1"), ("组", "g"), ("甲", money.as_str()), ("率", rate.as_str())]).collect();
        let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
        let rule = "[[derive]]\nid = \"d\"\ntitle = \"t\"\ndataset = \"表\"\nfield = \"得\"\ntype = \"money\"\n\
                    apportion = { within = \"组\", whole = \"甲\", by = \"率\" }\n\
                    [[derive.version]]\nfrom = 2020-01-01\ncite = \"s 一\"\nformula = \"甲 * 率\"\n";
        let shares: Vec<Decimal> = World::new(&[TABLE], rule).rows("表", &rows).all("d", "2026-10", "2026-10-31").into_iter().map(|f| f.amount.unwrap()).collect();
        prop_assert_eq!(shares.iter().sum::<Decimal>(), whole);
        // no share is off by more than its own rounding and what was left
        for (share, rate) in shares.iter().zip(&rates) {
            prop_assert!((*share - whole * *rate).abs() <= Decimal::new(5, 3) * Decimal::from(shares.len()), "{share} of {whole} at {rate}");
        }
    }
}
