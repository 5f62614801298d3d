//! No row is ever lost, whatever the cells say.

use kesu::ingest::RawValue;
use proptest::prelude::*;

use super::feed::*;

fn any_cell() -> impl Strategy<Value = Cell> {
    let words = [
        "",
        "客诉编号",
        "合计",
        "小计",
        "制表：",
        "注：x",
        "备注",
        "261001",
        "261002",
        "甲",
        "国内",
        "昨天",
        "2026-10-01",
        "2026-10-20",
        "100",
        "abc",
        " ",
        "60%",
        "制造部",
        "业务部门",
        "索赔",
        "责任部门",
        "-",
    ];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(t),
        1 => (0i32..4).prop_map(|i| n(f64::from(i))),
        1 => (46_200i32..46_400).prop_map(|i| RawValue::Serial { days: f64::from(i), is_1904: false }),
        1 => Just(RawValue::Error("#N/A")),
        1 => any::<f64>().prop_map(n),
        1 => "\\PC{0,12}".prop_map(|s| t(&s)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_control_totals_of_junk_balance(
        headed in proptest::sample::select(vec!["", "客诉编号|客户|国内外|受理日期|结案日期|客诉金额", "客诉编号|责任部门|责任人|责任比率|损失类别|实际赔偿金额"]),
        rows in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..7), 0..45),
        more in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..7), 0..10),
    ) {
        let count = |rows: &[Vec<Cell>]| rows.iter().filter(|r| r.iter().any(|c| *c != RawValue::Empty)).count() as u64;
        let with_heading = |rows: Vec<Vec<Cell>>| if headed.is_empty() { rows } else { std::iter::once(texts(headed)).chain(rows).collect() };
        let (rows, more) = (with_heading(rows), with_heading(more));
        let expected = [count(&rows), count(&more)];
        let found = read(&[("a.xlsx", Book::default().sheet("1", rows)), ("b.xlsx", Book::default().sheet("2", more))], &all_shipped());
        for (total, expected) in found.totals.iter().zip(expected) {
            prop_assert!(total.balances(), "{total:?}");
            prop_assert_eq!(total.read, expected);
        }
        for (at, total) in found.totals.iter().enumerate() {
            let rejects = found.rejects.iter().filter(|r| r.source as usize == at).count() as u64;
            prop_assert_eq!(total.rejected, rejects);
        }
        let used: u64 = found.totals.iter().map(|t| t.used).sum();
        let height: usize = found.tables.tables.iter().map(|t| t.frame.height()).sum();
        prop_assert_eq!(used, height as u64);
    }
}
