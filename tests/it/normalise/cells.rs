//! What one cell means.

use chrono::{Days, NaiveDate};
use kesu::diag::Code;
use kesu::ingest::RawValue;
use kesu::rules::{DayOrder, Field, FieldType};
use proptest::prelude::*;

use super::feed::*;

/// What became of a cell: `Ok((value, reason of the repair))`, or the reason it was set aside with its code.
fn cell(field: Field, raw: Cell) -> Result<(String, Option<&'static str>), (Code, String)> {
    let heading = vec![t("编号"), t("值")];
    let found = read_rows(&[sample(Field { name: "值".to_owned(), ..field })], vec![heading, vec![t("261001"), raw]]);
    assert_eq!(errors(&found), []);
    match found.rejects.first() {
        Some(reject) => {
            let code = found.diags.iter().find(|d| d.message.starts_with("值：")).unwrap().code;
            Err((code, reject.problems[0].2.clone()))
        }
        None => Ok((column(&found, "样表", "值").remove(0), found.repairs.first().map(|r| r.reason))),
    }
}

fn of(ty: FieldType) -> Field {
    field("值", ty)
}

fn value(ty: FieldType, raw: Cell) -> String {
    cell(of(ty), raw).unwrap().0
}

fn code(ty: FieldType, raw: Cell) -> Code {
    cell(of(ty), raw).unwrap_err().0
}

#[test]
fn a_real_date_is_itself_and_no_repair() {
    assert_eq!(cell(of(FieldType::Date), d("2026-10-03")), Ok(("2026-10-03".to_owned(), None)));
}

#[test]
fn a_date_of_the_1904_system_counts_from_1904() {
    // 2026-10-03 is 46298 in the 1900 system, which runs 1462 days ahead
    let raw = RawValue::Serial { days: 46_298.0 - 1462.0, is_1904: true };
    assert_eq!(value(FieldType::Date, raw), "2026-10-03");
}

#[test]
fn a_serial_number_in_a_date_column_is_a_date_and_a_repair() {
    assert_eq!(cell(of(FieldType::Date), n(46_298.0)), Ok(("2026-10-03".to_owned(), Some("序列号转日期"))));
    assert_eq!(code(FieldType::Date, n(5.0)), Code::DateUnreadable);
}

#[test]
fn eight_digits_are_a_date_as_text_and_as_number() {
    assert_eq!(value(FieldType::Date, n(20_261_003.0)), "2026-10-03");
    assert_eq!(value(FieldType::Date, t("20261003")), "2026-10-03");
    assert_eq!(code(FieldType::Date, n(20_260_230.0)), Code::DateUnreadable);
}

#[test]
fn dates_are_read_in_the_ways_people_write_them() {
    for text in [
        "2026年10月3日",
        "2026.10.3",
        "2026/10/3",
        "2026-10-03",
        "2026年10月3号",
        "2026年10月3日",
        " 2026 年 10 月 3 日 ",
        "2026-10-3（星期六）",
        "2026/10/03",
    ] {
        assert_eq!(cell(of(FieldType::Date), t(text)), Ok(("2026-10-03".to_owned(), Some("文本转日期"))), "{text}");
    }
}

#[test]
fn times_are_read_in_the_ways_people_write_them() {
    for (text, expected) in [
        ("2026/10/3 9:05", "2026-10-03 09:05:00"),
        ("2026-10-03 09:05:07", "2026-10-03 09:05:07"),
        ("2026/4/25 9:32:09", "2026-04-25 09:32:09"),
        ("2026年10月3日 上午9:05", "2026-10-03 09:05:00"),
        ("2026年10月3日下午 9:05", "2026-10-03 21:05:00"),
        ("2026年10月3日12时30分", "2026-10-03 12:30:00"),
        ("2026-10-03T09:05:07", "2026-10-03 09:05:07"),
        ("2026/10/3 9:05 PM", "2026-10-03 21:05:00"),
        ("2026/10/3 12:05 AM", "2026-10-03 00:05:00"),
        ("2026-10-03 24:00", "2026-10-04 00:00:00"),
        ("20261003090507", "2026-10-03 09:05:07"),
    ] {
        let read = cell(of(FieldType::Datetime), t(text)).map(|(value, reason)| (value.replace(".000", ""), reason));
        assert_eq!(read, Ok((expected.to_owned(), Some("文本转日期"))), "{text}");
    }
}

#[test]
fn an_offset_is_brought_to_beijing_time() {
    let read = cell(of(FieldType::Datetime), t("2026-10-03T20:05:07Z")).unwrap();
    assert_eq!((read.0.replace(".000", "").as_str(), read.1), ("2026-10-04 04:05:07", Some("带时区，换算为北京时间")));
    assert_eq!(value(FieldType::Date, t("2026-10-03T20:05:07+00:00")), "2026-10-04");
}

#[test]
fn a_date_without_a_time_in_a_datetime_column_is_midnight_and_a_repair() {
    for raw in [d("2026-10-03"), t("2026-10-03"), n(46_298.0)] {
        let read = cell(of(FieldType::Datetime), raw).unwrap();
        assert_eq!((read.0.replace(".000", "").as_str(), read.1), ("2026-10-03 00:00:00", Some("无时间，按零点计")));
    }
}

#[test]
fn a_time_in_a_date_column_is_dropped_with_a_repair() {
    assert_eq!(cell(of(FieldType::Date), d("2026-10-03 09:05:00")), Ok(("2026-10-03".to_owned(), Some("含时间，只取日期"))));
    assert_eq!(cell(of(FieldType::Date), t("2026-10-03 09:05")), Ok(("2026-10-03".to_owned(), Some("含时间，只取日期"))));
}

#[test]
fn dates_that_must_be_guessed_are_refused() {
    for text in [
        "26/10/3",
        "26年10月3日",
        "10月3日",
        "10/3/2026",
        "3-10-26",
        "2026-02-30",
        "2026年13月1日",
        "昨天",
        "2026",
        "2026年10月",
        "10/3",
        "2026-10-03周报",
    ] {
        assert_eq!(code(FieldType::Date, t(text)), Code::DateUnreadable, "{text}");
    }
}

#[test]
fn dates_outside_1990_to_2100_are_refused() {
    for raw in [t("1989-12-31"), t("2101-01-01"), d("1989-12-31"), n(20_000.0), t("0026-10-03")] {
        assert_eq!(code(FieldType::Date, raw), Code::DateUnreadable);
    }
    assert_eq!(value(FieldType::Date, t("1990-01-01")), "1990-01-01");
    assert_eq!(value(FieldType::Date, t("2100-12-31")), "2100-12-31");
}

#[test]
fn day_first_and_month_first_are_read_only_where_the_dataset_says_so() {
    let ordered = |day_order| Field { day_order, ..of(FieldType::Date) };
    assert_eq!(cell(ordered(DayOrder::Mdy), t("10/3/2026")).unwrap().0, "2026-10-03");
    assert_eq!(cell(ordered(DayOrder::Dmy), t("3/10/2026")).unwrap().0, "2026-10-03");
    assert_eq!(cell(ordered(DayOrder::Dmy), t("2026/10/3")).unwrap().0, "2026-10-03");
    assert!(cell(ordered(DayOrder::Mdy), t("13/3/2026")).is_err());
}

#[test]
fn a_column_of_periods_takes_a_month_for_its_first_day_and_other_columns_do_not() {
    let period = || Field { day_order: DayOrder::Period, ..of(FieldType::Date) };
    for raw in [t("2026-10"), t("2026年10月"), n(202_610.0), t("2026-Q4"), d("2026-10-01")] {
        assert_eq!(cell(period(), raw).unwrap().0, "2026-10-01");
    }
    assert_eq!(cell(period(), t("2026-10-03")).unwrap().0, "2026-10-03");
    assert!(cell(period(), t("10月")).is_err());
    assert_eq!(code(FieldType::Date, t("2026-10")), Code::DateUnreadable);
}

#[test]
fn money_is_read_in_the_ways_people_write_it() {
    for (text, expected) in [
        ("¥1,234.50", "1234.5"),
        ("¥ 1,234.50 元", "1234.5"),
        ("1234.5元整", "1234.5"),
        ("1.2万", "12000"),
        ("1.2万元", "12000"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("(300)", "-300"),
        ("(300.25)", "-300.25"),
        ("-300", "-300"),
        ("300 ", "300"),
        ("0.0001", "0.0001"),
        ("RMB 88", "88"),
        ("\u{FFE5}1,234.5", "1234.5"),
        ("\u{FF08}300\u{FF09}", "-300"),
    ] {
        let read = cell(of(FieldType::Money), t(text)).unwrap();
        assert_eq!(plain(&read.0), expected, "{text}");
        assert_eq!(read.1, Some("文本转数字"), "{text}");
    }
}

#[test]
fn what_is_no_amount_is_set_aside() {
    for text in ["abc", "12元3", "1,23", "1,2345", "1.2.3", "12 件", "12 34", "约 300", "--3", "60%", "(300", "1e999", "¥"] {
        assert_eq!(code(FieldType::Money, t(text)), Code::NumberUnreadable, "{text}");
    }
    assert_eq!(code(FieldType::Money, d("2026-10-03")), Code::NumberUnreadable);
    assert_eq!(code(FieldType::Money, RawValue::Bool(true)), Code::NumberUnreadable);
    assert_eq!(code(FieldType::Money, n(f64::INFINITY)), Code::NumberUnreadable);
    assert_eq!(code(FieldType::Money, n(1e30)), Code::NumberUnreadable);
}

#[test]
fn a_binary_number_is_the_decimal_that_excel_shows() {
    for (number, expected) in [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1234.56, "1234.56"),
        (2.675, "2.675"),
        (99_999_999_999.99, "99999999999.99"),
        (123_456_789_012.0, "123456789012"),
        (-0.5, "-0.5"),
    ] {
        let read = cell(of(FieldType::Money), n(number)).unwrap();
        assert_eq!((plain(&read.0).as_str(), read.1), (expected, None), "{number}");
    }
}

#[test]
fn decimals_behind_the_fourth_are_rounded_away_from_zero_and_listed() {
    for (number, expected) in [(1.000_05, "1.0001"), (-1.000_05, "-1.0001"), (1.0 / 3.0, "0.3333")] {
        let read = cell(of(FieldType::Money), n(number)).unwrap();
        assert_eq!((plain(&read.0).as_str(), read.1), (expected, Some("四舍五入到四位小数")), "{number}");
    }
}

#[test]
fn percentages_are_fractions_however_they_are_written() {
    let read = |raw| cell(of(FieldType::Percent), raw).map(|(value, reason)| (plain(&value), reason));
    assert_eq!(read(n(0.6)), Ok(("0.6".to_owned(), None)));
    assert_eq!(read(n(1.0)), Ok(("1".to_owned(), None)));
    assert_eq!(read(n(60.0)), Ok(("0.6".to_owned(), Some("大于 1，按百分数读"))));
    assert_eq!(read(n(100.0)), Ok(("1".to_owned(), Some("大于 1，按百分数读"))));
    assert_eq!(read(t("60%")), Ok(("0.6".to_owned(), Some("文本转数字"))));
    assert_eq!(read(t("0.5%")), Ok(("0.005".to_owned(), Some("文本转数字"))));
    assert_eq!(read(t(&wide("60%"))), Ok(("0.6".to_owned(), Some("文本转数字"))));
}

#[test]
fn whole_numbers_have_no_fraction() {
    assert_eq!(value(FieldType::Int, n(3.0)), "3");
    assert_eq!(value(FieldType::Int, t("3")), "3");
    assert_eq!(code(FieldType::Int, n(3.5)), Code::NumberUnreadable);
}

#[test]
fn yes_and_no_have_many_spellings() {
    for yes in [t("是"), t("√"), t("Y"), t("有"), t("TRUE"), n(1.0), RawValue::Bool(true), t("1"), t(" 是 ")] {
        assert_eq!(value(FieldType::Bool, yes), "true");
    }
    for no in [t("否"), t("×"), t("n"), t("无"), t("false"), n(0.0), RawValue::Bool(false)] {
        assert_eq!(value(FieldType::Bool, no), "false");
    }
    assert_eq!(code(FieldType::Bool, t("大概")), Code::ValueUnknown);
    assert_eq!(code(FieldType::Bool, n(2.0)), Code::ValueUnknown);
}

#[test]
fn yes_and_no_may_use_the_fields_own_words() {
    let mut ledger = shipped("客诉台账");
    for field in &mut ledger.fields {
        field.required = matches!(field.name.as_str(), "客诉编号" | "客诉成立与否");
    }
    ledger.order.clear();
    let rows = ["客诉编号|客诉成立与否|是否附样品|客户是否接受", "261001|成立|已附|不接受", "261002|不成立|未附|接受", "261003|客诉||"];
    let found = read_rows(&[ledger], rows.map(texts).into());
    assert_eq!(column(&found, "客诉台账", "客诉成立与否"), ["true", "false"]);
    assert_eq!(column(&found, "客诉台账", "是否附样品"), ["true", "false"]);
    assert_eq!(column(&found, "客诉台账", "客户是否接受"), ["false", "true"]);
    assert_eq!(found.rejects[0].row, 4);
}

#[test]
fn a_choice_is_read_by_value_by_map_and_after_folding() {
    let market = Field {
        values: vec!["国内".to_owned(), "国外".to_owned()],
        map: [("出口".to_owned(), "国外".to_owned())].into(),
        ..of(FieldType::OneOf)
    };
    assert_eq!(cell(market.clone(), t("国内 ")), Ok(("国内".to_owned(), None)));
    assert_eq!(cell(market.clone(), t("国 外")), Ok(("国外".to_owned(), Some("统一写法"))));
    assert_eq!(cell(market.clone(), t("出口")), Ok(("国外".to_owned(), Some("按对照表改写"))));
    let (code, reason) = cell(market, t("省外")).unwrap_err();
    assert_eq!(code, Code::ValueUnknown);
    assert!(reason.contains("国内、国外"), "{reason}");
}

#[test]
fn text_loses_only_the_space_around_it() {
    assert_eq!(cell(of(FieldType::Text), t("\u{a0}华东\u{3000}公司\u{3000}")), Ok(("华东\u{3000}公司".to_owned(), None)));
    assert_eq!(cell(of(FieldType::Text), n(261_001.0)), Ok(("261001".to_owned(), None)));
    assert_eq!(value(FieldType::Text, n(0.1)), "0.1");
}

#[test]
fn a_key_is_written_in_half_width() {
    let rows = vec![texts("编号|值"), vec![t(&wide("26100A")), t("甲")], vec![n(261_002.0), t("乙")]];
    let found = read_rows(&[sample(of(FieldType::Text))], rows);
    assert_eq!(column(&found, "样表", "编号"), ["26100A", "261002"]);
    let listed: Vec<_> = found.repairs.iter().map(|r| (r.cell.to_string(), r.before.clone(), r.after.as_str())).collect();
    assert_eq!(listed, [("A2".to_owned(), wide("26100A"), "26100A")]);
}

#[test]
fn a_key_that_excel_made_a_date_or_rounded_is_set_aside() {
    let rows = vec![texts("编号|值"), vec![d("2026-10-01"), t("甲")], vec![n(12_345_678_901_234_567.0), t("乙")]];
    let found = read_rows(&[sample(of(FieldType::Text))], rows);
    assert_eq!(found.rejects.len(), 2);
}

#[test]
fn an_error_value_sets_the_row_aside() {
    assert_eq!(code(FieldType::Money, RawValue::Error("#N/A")), Code::CellError);
    assert_eq!(code(FieldType::Text, RawValue::Error("#REF!")), Code::CellError);
}

#[test]
fn a_text_longer_than_a_cell_can_hold_sets_the_row_aside() {
    assert_eq!(code(FieldType::Text, t(&"长".repeat(32_768))), Code::CellTooLong);
    assert!(cell(of(FieldType::Text), t(&"长".repeat(32_767))).is_ok());
}

#[test]
fn texts_that_mean_empty_are_empty_without_a_repair() {
    let closed = Field { null: vec!["未结".to_owned(), "-".to_owned()], ..of(FieldType::Date) };
    assert_eq!(cell(closed.clone(), t("未结 ")), Ok((String::new(), None)));
    assert_eq!(cell(closed.clone(), t("-")), Ok((String::new(), None)));
    assert_eq!(cell(closed, t("/")).unwrap_err().0, Code::DateUnreadable);
}

#[test]
fn times_of_day_are_seconds_since_midnight() {
    for raw in [t("9:05"), t("09:05:00"), t("上午9:05"), t("9时5分"), n((9.0 * 60.0 + 5.0) / 1440.0)] {
        assert_eq!(value(FieldType::Time, raw), "32700");
    }
    assert_eq!(code(FieldType::Time, t("25:00")), Code::DateUnreadable);
}

#[test]
fn in_a_text_file_plain_numbers_and_dates_are_no_repairs() {
    let amount = Field { required: true, ..field("金额", FieldType::Money) };
    let mut dataset = sample(of(FieldType::Date));
    dataset.fields.push(amount);
    let rows = ["编号|值|金额", "261001|2026-10-03|1234.5", "261002|2026/10/3|1,234.5"].map(texts).into();
    let found = read(&[("x.csv", Book::default().sheet("", rows))], &[dataset]);
    assert_eq!(found.repairs.iter().map(|r| r.cell.to_string()).collect::<Vec<_>>(), ["B3", "C3"]);
    assert_eq!(found.repair_count, 2);
}

/// polars shows a decimal with all its places.
fn plain(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

fn wide(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_notation_of_a_day_is_the_same_day(offset in 0u64..40_542) {
        let day = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + Days::new(offset);
        let notations = ["%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y年%m月%d日", "%Y%m%d"].map(|f| day.format(f).to_string());
        let mut rows = vec![texts("编号|值")];
        for (at, text) in notations.iter().enumerate() {
            rows.push(vec![n(at as f64), t(text)]);
            rows.push(vec![n(100.0 + at as f64), t(&wide(text))]);
        }
        rows.push(vec![n(200.0), d(&day.to_string())]);
        let count = rows.len() - 1;
        let found = read_rows(&[sample(of(FieldType::Date))], rows);
        prop_assert_eq!(column(&found, "样表", "值"), vec![day.to_string(); count]);
    }

    #[test]
    fn every_notation_of_an_amount_is_the_same_decimal(fen in -99_999_999_999i64..99_999_999_999) {
        let (sign, yuan, rest) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
        let digits = yuan.to_string();
        let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
        let plain_text = format!("{sign}{digits}.{rest:02}");
        let commas = format!("{sign}{}.{rest:02}", grouped.join(","));
        let mut notations = vec![plain_text.clone(), commas.clone(), wide(&commas), format!("{commas} 元"), format!("¥{commas}"), format!("{plain_text}00")];
        if fen < 0 {
            notations.push(format!("({}.{rest:02})", grouped.join(",")));
        }
        let mut rows = vec![texts("编号|值")];
        rows.extend(notations.iter().enumerate().map(|(at, text)| vec![n(at as f64), t(text)]));
        rows.push(vec![n(200.0), n(fen as f64 / 100.0)]);
        let count = rows.len() - 1;
        let found = read_rows(&[sample(of(FieldType::Money))], rows);
        let expected = if fen % 100 == 0 { format!("{sign}{digits}") } else { plain(&plain_text) };
        let read: Vec<String> = column(&found, "样表", "值").iter().map(|v| plain(v)).collect();
        prop_assert_eq!(read, vec![expected; count]);
    }
}
