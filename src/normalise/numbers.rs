//! Numbers to exact decimals: a mantissa at a fixed scale, never a binary float.

use super::fold::half;

/// `mantissa / 10^scale`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    pub mantissa: i128,
    pub scale: u32,
    /// Written with `%`; not divided by a hundred yet.
    pub percent: bool,
}

/// More digits than any amount of money has.
const MOST_DIGITS: u32 = 26;

impl Exact {
    /// The value at `scale`, rounded half away from zero, and whether rounding changed it. `None`: too large.
    pub fn at_scale(self, scale: u32) -> Option<(i128, bool)> {
        if scale >= self.scale {
            let mantissa = self.mantissa.checked_mul(10i128.checked_pow(scale - self.scale)?)?;
            return (mantissa.unsigned_abs() < 10u128.pow(37)).then_some((mantissa, false));
        }
        let unit = 10i128.checked_pow(self.scale - scale)?;
        let (whole, rest) = (self.mantissa / unit, self.mantissa % unit);
        let away = if rest.abs() * 2 >= unit { self.mantissa.signum() } else { 0 };
        Some((whole + away, rest != 0))
    }
}

/// A cell's binary number as Excel shows it, by 15 significant digits. `None`: not a number, or too large.
pub fn from_f64(number: f64) -> Option<Exact> {
    if number.abs() < 1e15 {
        // Nearly all cells: at most four decimals, where the double next to the decimal is the cell's own.
        for (scale, unit) in [(0, 1.0), (2, 100.0), (4, 10_000.0)] {
            let mantissa = (number * unit).round();
            if mantissa.abs() < 1e15 && mantissa / unit == number {
                return Some(Exact { mantissa: mantissa as i128, scale, percent: false });
            }
        }
    }
    if !number.is_finite() || number.abs() >= 1e22 {
        return None;
    }
    parse(&format!("{number:.14e}"))
}

/// Reads `1234.5`, `¥1,234.50`, `1.2万元`, `(300)`, `60%`, full-width digits. `None` when it is anything else.
pub fn parse(text: &str) -> Option<Exact> {
    if has_gap(text) {
        return None;
    }
    let mut chars = text.chars().map(half).filter(|c| *c != ' ').peekable();
    let bracketed = chars.next_if_eq(&'(').is_some();
    let mut negative = sign(&mut chars);
    if currency(&mut chars)? && !negative {
        negative = sign(&mut chars);
    }
    let (mut mantissa, mut digits, mut decimals) = (0i128, 0u32, None::<u32>);
    // digits since the last comma
    let mut group = None::<u32>;
    while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        match (c, c.to_digit(10)) {
            (_, Some(digit)) => {
                mantissa = mantissa * 10 + i128::from(digit);
                digits += 1;
                if digits > MOST_DIGITS {
                    return None;
                }
                if let Some(decimals) = &mut decimals {
                    *decimals += 1;
                } else if let Some(group) = &mut group {
                    *group += 1;
                }
            }
            ('.', _) if decimals.is_none() && group.is_none_or(|g| g == 3) => decimals = Some(0),
            // commas stand before every three digits or nowhere
            (',', _) if decimals.is_none() && digits > 0 && group.map_or(digits <= 3, |g| g == 3) => group = Some(0),
            _ => return None,
        }
    }
    if digits == 0 || (decimals.is_none() && group.is_some_and(|g| g != 3)) {
        return None;
    }
    let mut shift = -i64::from(decimals.unwrap_or(0));
    if chars.next_if(|c| matches!(c, 'e' | 'E')).is_some() {
        shift += exponent(&mut chars)?;
    }
    if chars.next_if_eq(&'万').is_some() {
        shift += 4;
    }
    let percent = chars.next_if_eq(&'%').is_some();
    if !percent && chars.next_if_eq(&'元').is_some() {
        chars.next_if_eq(&'整');
    }
    if bracketed && chars.next() != Some(')') || chars.next().is_some() || (bracketed && negative) {
        return None;
    }
    let mantissa = if negative || bracketed { -mantissa } else { mantissa };
    let mut exact = match u32::try_from(shift) {
        Ok(up) => Exact { mantissa: mantissa.checked_mul(10i128.checked_pow(up)?)?, scale: 0, percent },
        Err(_) => Exact { mantissa, scale: u32::try_from(-shift).ok()?, percent },
    };
    while exact.scale > 0 && exact.mantissa % 10 == 0 {
        exact.mantissa /= 10;
        exact.scale -= 1;
    }
    (exact.scale <= 30).then_some(exact)
}

/// Whether white space parts two digits, as in `3 5`: that may be two numbers.
fn has_gap(text: &str) -> bool {
    let (mut digit, mut gap) = (false, false);
    for c in text.chars().map(half) {
        if c == ' ' {
            gap = digit;
            continue;
        }
        if gap && c.is_ascii_digit() {
            return true;
        }
        (digit, gap) = (c.is_ascii_digit(), false);
    }
    false
}

fn sign(chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> bool {
    if chars.next_if(|c| matches!(c, '-' | '−' | '负')).is_some() {
        return true;
    }
    chars.next_if_eq(&'+');
    false
}

/// Steps over `¥` or `RMB`; `None` when only a part of it stands there.
fn currency(chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> Option<bool> {
    if chars.next_if_eq(&'¥').is_some() {
        return Some(true);
    }
    let letters = "RMB".chars().take_while(|letter| chars.next_if(|c| c.eq_ignore_ascii_case(letter)).is_some()).count();
    (letters == 0 || letters == 3).then_some(letters == 3)
}

fn exponent(chars: &mut std::iter::Peekable<impl Iterator<Item = char>>) -> Option<i64> {
    let negative = sign(chars);
    let mut value = None::<i64>;
    while let Some(digit) = chars.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
        value = Some(value.unwrap_or(0) * 10 + i64::from(digit)).filter(|v| *v < 400);
        value?;
    }
    value.map(|v| if negative { -v } else { v })
}

/// A mantissa at `scale` as plain text without idle zeros: `1234.5`.
pub fn show(mantissa: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    let decimals = decimals.trim_end_matches('0');
    let sign = if mantissa < 0 { "-" } else { "" };
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

/// A cell's number as text: by 15 significant digits, whole numbers without a point.
pub fn show_f64(number: f64) -> String {
    match from_f64(number) {
        Some(exact) => show(exact.mantissa, exact.scale as usize),
        None => number.to_string(),
    }
}
