//! Amounts as sentences write them: thousands apart, the unit behind them.

use rust_decimal::Decimal;

/// `1234.5` as `1,234.50`; what has more than two digits behind the point keeps them.
pub fn figure(amount: Decimal) -> String {
    let amount = amount.normalize();
    grouped(&if amount.scale() <= 2 { format!("{amount:.2}") } else { amount.to_string() })
}

/// `1,234.50 元`
pub fn yuan(amount: Decimal) -> String {
    format!("{} 元", figure(amount))
}

/// `-1234567.5` as `-1,234,567.5`.
pub fn grouped(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_their_thousands_apart_and_two_digits_at_least() {
        let told = |text: &str| yuan(text.parse().expect("a decimal"));
        assert_eq!(told("139000"), "139,000.00 元");
        assert_eq!(told("-1234567.5"), "-1,234,567.50 元");
        assert_eq!(told("999"), "999.00 元");
        assert_eq!(told("0.005"), "0.005 元");
    }
}
