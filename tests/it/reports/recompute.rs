//! The check before publishing: each formula, evaluated over the workbook's own cells, has the value that stands beside it.
//! Expected values are those of Excel's documentation of each function, or worked out by hand.

use kesu::diag::Code;
use kesu::reports::recompute::check;
use kesu::reports::sheet::{Cached, Cell, Column, Sheet, Stream, Style, Value};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::fixture::{day, dec};

/// Rows 4–8 of `明细`: department, days, loss, on time, part number, closed.
const ROWS: [(&str, &str, &str, &str, &str, &str); 5] = [
    ("制造部", "3", "100.10", "是", "A-1", "2026-10-02"),
    ("业务部", "12.5", "0", "否", "a-1", "2026-10-09"),
    ("制造部", "", "20.20", "是", "0012", "2026-09-30"),
    ("质管部", "7", "", "无法判定", "12", "2026-10-31"),
    ("制造部", "9", "5", "否", "*", "2026-10-01"),
];

fn detail<'a>() -> Sheet<'a> {
    let mut sheet = Sheet::new("明细", "部门 天数 损失 按期 料号 结案".split(' ').map(|name| Column::new(name, Style::Text)).collect());
    sheet.wide("客诉案件统计表 · 明细", Style::Title);
    sheet.wide("示例公司", Style::Subtitle);
    sheet.table(Stream::new(ROWS.len(), |at, values| {
        let (department, days, loss, on_time, part, closed) = ROWS[at];
        let number = |text: &str| if text.is_empty() { Value::Blank } else { Value::Number(dec(text)) };
        values.extend([Value::text(department), number(days), number(loss)]);
        values.extend([Value::text(on_time), Value::text(part), Value::Date(day(closed))]);
    }));
    sheet
}

/// One workbook: `统计` with `formulas` in column B from row 1, `=B1` being the first, and the detail.
fn book<'a>(formulas: &[(&str, Cached)]) -> Vec<Sheet<'a>> {
    let mut sheet = Sheet::new("统计", vec![Column::new("", Style::Text), Column::new("", Style::Quantity)]);
    for (text, cached) in formulas {
        let label = Cell::text("制造部", Style::Label);
        sheet.push(vec![label, Cell::new(Value::formula(*text, cached.clone()), Style::Quantity)]);
    }
    vec![sheet, detail()]
}

fn number(text: &str) -> Cached {
    Cached::Number(dec(text))
}

/// What is said about each cell that is not right.
fn problems(formulas: &[(&str, Cached)]) -> Vec<String> {
    match check("客诉案件统计表.xlsx", &book(formulas)) {
        Ok(()) => Vec::new(),
        Err(diags) => diags.iter().map(|diag| format!("{} {}", diag.code.name(), diag.message)).collect(),
    }
}

#[test]
fn every_kind_of_formula_that_the_workbooks_write_has_its_known_value() {
    let known = [
        ("1+2*3-4/8", "6.5"),
        ("-(2+3)*2", "-10"),
        ("SUM(明细!$B$4:$B$8)", "31.5"),
        ("MAX(明细!$B$4:$B$8)", "12.5"),
        ("MIN(明细!B4:B8,2)", "2"),
        ("COUNTIFS(明细!$A$4:$A$8,A1)", "3"),
        ("COUNTIFS(明细!$A$4:$A$8,\"制造部\",明细!$D$4:$D$8,\"是\")", "2"),
        ("COUNTIFS(明细!$A$4:$A$8,\"制*\")", "3"),
        ("COUNTIFS(明细!$E$4:$E$8,\"A-1\")", "2"),
        ("COUNTIFS(明细!$E$4:$E$8,\"~*\")", "1"),
        ("COUNTIFS(明细!$B$4:$B$8,\">=7\",明细!$B$4:$B$8,\"<12.5\")", "2"),
        ("COUNTIFS(明细!$B$4:$B$8,\"<>\")", "4"),
        ("SUMIFS(明细!$C$4:$C$8,明细!$A$4:$A$8,$A$1)", "125.3"),
        ("AVERAGEIFS(明细!$B$4:$B$8,明细!$A$4:$A$8,\"制造部\")", "6"),
        ("MAXIFS(明细!$B$4:$B$8,明细!$A$4:$A$8,\"制造部\")", "9"),
        ("SUMPRODUCT((明细!$F$4:$F$8>=46296)*EXACT(明细!$E$4:$E$8,\"A-1\"))", "1"),
        ("SUMPRODUCT((明细!$A$4:$A$8=\"制造部\")*ISNUMBER(明细!$B$4:$B$8))", "2"),
        ("SUMPRODUCT((明细!$A$4:$A$8=\"制造部\")*(明细!$D$4:$D$8<>\"否\"),明细!$C$4:$C$8)", "120.3"),
        ("SUMPRODUCT(MAX((明细!$A$4:$A$8=A1)*明细!$B$4:$B$8))", "9"),
        ("SUMPRODUCT(LARGE((明细!$A$4:$A$8=A1)*明细!$B$4:$B$8,2))", "3"),
        ("LARGE(明细!$B$4:$B$8,1)", "12.5"),
        ("SUMPRODUCT((明细!$A$4:$A$8=\"质管部\")*ISBLANK(明细!$C$4:$C$8))", "1"),
        ("SUMPRODUCT(EXACT(明细!$B$4:$B$8,\"\")*1)", "1"),
        ("SUMPRODUCT(EXACT(明细!$A$4:$A$4,A1)*1,明细!$C$4:$C$4)", "100.1"),
        ("SUMIFS(明细!$C$4:$C$4,明细!$A$4:$A$4,A1)", "100.1"),
        ("AVERAGEIFS(明细!$B$4:$B$4,明细!$A$4:$A$4,A1)", "3"),
        ("ROUNDUP(11*9/10,0)", "10"),
        ("RANK(明细!B8,明细!$B$4:$B$8)", "2"),
        ("RANK(3,明细!$B$4:$B$8)", "4"),
        ("IFERROR(RANK(8,明细!$B$4:$B$8),0)", "0"),
        ("ROUNDUP(10*9/10,0)", "9"),
        ("ROUNDUP(-1.2,0)", "-2"),
        ("ROUND(2.345,2)", "2.35"),
        ("ROUND(-2.345,2)", "-2.35"),
        ("ROUND(10/3,1)", "3.3"),
        ("IF(1=2,5,IF(\"a\"=\"A\",7,8))", "7"),
        ("IFERROR(1/0,4)", "4"),
        ("IF(AND(1<2,OR(2<1,3=3)),1,0)", "1"),
        ("IF(明细!B6=0,1,0)", "1"),
    ];
    for (text, value) in known {
        assert_eq!(problems(&[(text, number(value))]), [""; 0], "{text}");
        assert_eq!(problems(&[(text, number("99.99"))]).len(), 1, "{text} must not be taken for 99.99");
    }
}

#[test]
fn a_sum_of_bare_conditions_is_zero_as_in_a_spreadsheet() {
    assert_eq!(problems(&[("SUMPRODUCT(明细!$A$4:$A$8=\"制造部\")", number("0"))]), [""; 0]);
}

#[test]
fn two_alike_have_the_same_rank_and_the_next_one_is_left_out() {
    let ranks = [("1+1", "2"), ("2*1", "2"), ("1*1", "1"), ("RANK(B1,B1:B3)", "1"), ("RANK(B2,B1:B3)", "1"), ("RANK(B3,B1:B3)", "3")];
    assert_eq!(problems(&ranks.map(|(text, value)| (text, number(value)))), [""; 0]);
}

#[test]
fn texts_and_formulas_over_other_formulas_are_followed() {
    let chain = [
        ("SUM(明细!B4:B8)", number("31.5")),
        ("IF(B1>30,\"√ 平\",\"×\")", Cached::Text("√ 平")),
        ("B1/B4", number("15.75")),
        ("1+1", number("2")),
    ];
    assert_eq!(problems(&chain), [""; 0]);
    assert_eq!(problems(&[("IF(1=1,\"\",1)", Cached::Text(""))]), [""; 0]);
    assert_eq!(problems(&[("\"共\"&2&\"件\"", Cached::Text("共2件"))]), [""; 0]);
}

#[test]
fn every_wrong_figure_is_named_with_its_cell_and_both_values() {
    let wrong =
        [("SUM(明细!B4:B8)", number("31.5")), ("SUM(明细!B4:B8)", number("31.49")), ("1/0", number("1")), ("1/0", Cached::Text(""))];
    let Err(diags) = check("客诉案件统计表.xlsx", &book(&wrong)) else { panic!("three figures are wrong") };
    let places: Vec<String> = diags.iter().map(|diag| format!("{:?}", diag.place)).collect();
    assert_eq!(diags.iter().map(|diag| diag.code).collect::<Vec<_>>(), [Code::FormulaDiffers; 3]);
    assert!(places[0].contains("统计") && places[0].contains("row: 2") && places[0].contains("column: 1"), "{places:?}");
    let messages: Vec<&str> = diags.iter().map(|diag| diag.message.as_str()).collect();
    assert_eq!(messages[0], "公式复核不符：按公式为 31.5，按统计为 31.49");
    assert_eq!(messages[1], "公式复核不符：按公式为 #DIV/0!，按统计为 1");
}

#[test]
fn what_cannot_be_read_is_said_and_not_passed_over() {
    for (text, word) in [
        ("NETWORKDAYS(1,2)", "NETWORKDAYS"),
        ("SUM(别的!A1:A2)", "别的"),
        ("1+", "没有写完"),
        ("(1+2", ")"),
        ("\"abc", "引号"),
        ("B2", "循环"),
        ("COUNTIFS(明细!A4:A8,1,明细!A4:A7,1)", "长短"),
    ] {
        let said = problems(&[("1", number("1")), (text, number("1"))]);
        assert!(said.len() == 1 && said[0].contains(word), "{text}: {said:?}");
    }
}

proptest! {
    #[test]
    fn conditional_counts_and_sums_agree_with_a_plain_loop(
        rows in prop::collection::vec((0..4_u8, prop::option::of(-500..500_i64)), 2..40),
        bound in -500..500_i64,
    ) {
        let mut data = Sheet::new("数据", vec![Column::new("组", Style::Text), Column::new("数", Style::Quantity)]);
        for (group, value) in &rows {
            let value = value.map_or(Value::Blank, |value| Value::Number(Decimal::new(value, 1)));
            data.push(vec![Cell::text(format!("组{group}"), Style::Text), Cell::new(value, Style::Quantity)]);
        }
        let last = rows.len();
        let picked: Vec<Decimal> = rows
            .iter()
            .filter_map(|(group, value)| value.filter(|value| *group == 1 && *value >= bound).map(|value| Decimal::new(value, 1)))
            .collect();
        let criteria = format!("数据!A1:A{last},\"组1\",数据!B1:B{last},\">={}\"", Decimal::new(bound, 1));
        let product = format!("(数据!A1:A{last}=\"组1\")*ISNUMBER(数据!B1:B{last})*(数据!B1:B{last}>={})", Decimal::new(bound, 1));
        let sum: Decimal = picked.iter().sum();
        let texts = [
            (format!("COUNTIFS({criteria})"), Decimal::from(picked.len())),
            (format!("SUMIFS(数据!B1:B{last},{criteria})"), sum),
            (format!("SUMPRODUCT({product})"), Decimal::from(picked.len())),
            (format!("SUMPRODUCT({product},数据!B1:B{last})"), sum),
        ];
        let mut sheet = Sheet::new("统计", vec![Column::new("", Style::Quantity)]);
        for (text, value) in texts {
            sheet.push(vec![Cell::new(Value::formula(text, Cached::Number(value)), Style::Quantity)]);
        }
        let outcome = check("统计.xlsx", &[sheet, data]);
        prop_assert!(outcome.is_ok(), "{:?}", outcome.err());
    }
}
