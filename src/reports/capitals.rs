//! Amounts in Chinese capitals, as on cheques and penalty notices.

use rust_decimal::{Decimal, RoundingStrategy};

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 3] = ["", "万", "亿"];
/// A trillion yuan; no notice comes near.
const LIMIT: u128 = 10_u128.pow(12);

/// `1005.07` is `壹仟零伍元零柒分`, `1500` is `壹仟伍佰元整`, rounded half up to the fen. Amounts from
/// a trillion yuan on come back in figures.
pub fn capitals(amount: Decimal) -> String {
    let fen = (amount.abs() * Decimal::ONE_HUNDRED).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let Ok(fen) = fen.to_string().parse::<u128>() else { return amount.to_string() };
    let (yuan, jiao, fen) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    if yuan >= LIMIT {
        return amount.to_string();
    }
    let mut text = String::new();
    if amount.is_sign_negative() && (yuan, jiao, fen) != (0, 0, 0) {
        text.push('负');
    }
    if yuan > 0 {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    match (yuan, jiao, fen) {
        (0, 0, 0) => text.push_str("零元整"),
        (_, 0, 0) => text.push('整'),
        (_, jiao, 0) => text.extend([DIGITS[jiao], '角', '整']),
        (0, 0, fen) => text.extend([DIGITS[fen], '分']),
        (_, 0, fen) => text.extend(['零', DIGITS[fen], '分']),
        (_, jiao, fen) => text.extend([DIGITS[jiao], '角', DIGITS[fen], '分']),
    }
    text
}

/// Groups of four digits from the right; one zero stands for any run of zeros between two digits.
fn whole(yuan: u128) -> String {
    let digits: Vec<usize> = yuan.to_string().bytes().map(|b| usize::from(b - b'0')).collect();
    let mut text = String::new();
    let (mut zero_waits, mut group_has_digit) = (false, false);
    for (at, &digit) in digits.iter().enumerate() {
        let place = digits.len() - 1 - at;
        if digit == 0 {
            zero_waits = true;
        } else {
            if zero_waits {
                text.push('零');
            }
            zero_waits = false;
            group_has_digit = true;
            text.push(DIGITS[digit]);
            text.push_str(PLACES[place % 4]);
        }
        if place.is_multiple_of(4) {
            if group_has_digit {
                text.push_str(GROUPS[place / 4]);
            }
            group_has_digit = false;
        }
    }
    text
}
