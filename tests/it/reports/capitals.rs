//! Amounts in Chinese capitals, against known values and against a reader of such words.

use kesu::reports::capitals::capitals;
use proptest::prelude::*;
use rust_decimal::Decimal;

#[test]
fn known_amounts_are_written_as_on_a_cheque() {
    for (figures, words) in [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.56", "伍角陆分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("100.00", "壹佰元整"),
        ("1500", "壹仟伍佰元整"),
        ("1005.07", "壹仟零伍元零柒分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("20000", "贰万元整"),
        ("100000.01", "壹拾万元零壹分"),
        ("1000001", "壹佰万零壹元整"),
        ("10010000", "壹仟零壹万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("1000100000", "壹拾亿零壹拾万元整"),
        ("-12.30", "负壹拾贰元叁角整"),
    ] {
        assert_eq!(capitals(figures.parse().unwrap()), words, "{figures}");
    }
}

/// Reads such words back without knowing how they were made.
fn fen(words: &str) -> i64 {
    let (sign, words) = words.strip_prefix('负').map_or((1, words), |rest| (-1, rest));
    let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
    for c in words.chars() {
        if let Some(found) = "零壹贰叁肆伍陆柒捌玖".chars().position(|d| d == c) {
            digit = found as i64;
            continue;
        }
        match c {
            '拾' => section += digit * 10,
            '佰' => section += digit * 100,
            '仟' => section += digit * 1000,
            '万' => total += (section + digit) * 10_000 * 100,
            '亿' => total += (section + digit) * 100_000_000 * 100,
            '元' => total += (section + digit) * 100,
            '角' => total += digit * 10,
            '分' => total += digit,
            '整' => {}
            other => panic!("{other} in {words}"),
        }
        if "万亿元角".contains(c) {
            section = 0;
        }
        digit = 0;
    }
    sign * total
}

proptest! {
    #[test]
    fn every_amount_is_read_back_as_itself(amount in prop_oneof![-1_000_000_i64..1_000_000, 0..99_999_999_999_999_i64]) {
        let words = capitals(Decimal::new(amount, 2));
        prop_assert_eq!(fen(&words), amount, "{}", words);
        prop_assert!(!words.contains("零零") && !words.contains("零万") && !words.contains("零亿") && !words.ends_with('元'), "{}", words);
    }
}
