//! Spellings that mean the same: full and half width, spaces, units in brackets.

use unicode_normalization::UnicodeNormalization;

/// The half-width twin of a full-width ASCII character; every kind of space is a space.
pub fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{FFE5}' => '¥',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Without the white space at both ends: no-break and full-width spaces and zero-width marks included.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}')
}

/// NFKC, small letters, without any white space: `国 内` is `国内`, `A` is `a`.
pub fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

/// A heading as it is compared: squeezed, without asterisks and colons.
pub fn heading(text: &str) -> String {
    let mut folded = squeeze(text);
    folded.retain(|c| !matches!(c, '*' | '※' | ':'));
    folded
}

/// `客诉金额（元）` without `（元）`, from a text that [`heading`] has folded; `None` when nothing stands in brackets at the end.
pub fn without_unit(folded: &str) -> Option<&str> {
    let open = match folded.chars().next_back()? {
        ')' => '(',
        ']' => '[',
        '】' => '【',
        '〕' => '〔',
        '>' => '<',
        _ => return None,
    };
    folded.rfind(open).map(|at| &folded[..at])
}

/// Digits, letters and hyphens of a key in half width; `None` when nothing changes.
pub fn key(text: &str) -> Option<String> {
    let is_wide = |c: char| matches!(c, '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' | '\u{FF0D}');
    text.contains(is_wide).then(|| text.chars().map(|c| if is_wide(c) { half(c) } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_spaces_line_breaks_asterisks_and_units() {
        assert_eq!(heading(" 客诉\n金额 *\u{FF0A}\u{FF1A} "), "客诉金额");
        assert_eq!(without_unit(&heading("客诉金额\u{FF08}元\u{FF09}")), Some("客诉金额"));
        assert_eq!(without_unit(&heading("处理天数 [天]")), Some("处理天数"));
        assert_eq!(without_unit("会签/批示"), None);
    }

    #[test]
    fn a_key_keeps_its_chinese_brackets() {
        assert_eq!(key("\u{FF12}6一\u{FF08}二\u{FF09}\u{FF0D}\u{FF21}").as_deref(), Some("26一\u{FF08}二\u{FF09}-A"));
        assert_eq!(key("261001"), None);
    }
}
