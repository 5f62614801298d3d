//! What a verdict is about, in the words of an office: the parts of a key stay as they are, periods are spelt out.

/// `工作小结/2026-W50/张三` as `工作小结/2026年第50周/张三`.
pub fn words(subject: &str) -> String {
    subject.split('/').map(|part| period(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join("/")
}

/// As [`words`], with the days that stand for months as months: `2026-10-01/1-002/物业费` as `2026-10/1-002/物业费`.
pub fn words_of_months(subject: &str) -> String {
    let month = |part: &str| part.strip_suffix("-01").filter(|month| is_month(month)).map(str::to_owned);
    subject.split('/').map(|part| month(part).or_else(|| period(part)).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join("/")
}

/// `2026-10`
fn is_month(text: &str) -> bool {
    text.split_once('-')
        .is_some_and(|(year, month)| year.len() == 4 && month.len() == 2 && year.chars().chain(month.chars()).all(|c| c.is_ascii_digit()))
}

/// A week, a quarter or a half of a year; days and months are understood as they stand.
fn period(text: &str) -> Option<String> {
    let (year, part) = text.split_once('-').filter(|(year, _)| year.len() == 4 && year.chars().all(|c| c.is_ascii_digit()))?;
    let number = |text: &str| text.parse::<u32>().ok();
    Some(match (part.get(..1)?, number(part.get(1..)?)?) {
        ("W", week) => format!("{year}年第{week}周"),
        ("Q", quarter) => format!("{year}年第{quarter}季度"),
        ("H", 1) => format!("{year}年上半年"),
        ("H", 2) => format!("{year}年下半年"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_quarters_are_spelt_out_and_other_parts_stay() {
        assert_eq!(words("工作小结/2026-W50/张三"), "工作小结/2026年第50周/张三");
        assert_eq!(words("会审/2026-Q4"), "会审/2026年第4季度");
        assert_eq!(words("预算/2026-H2"), "预算/2026年下半年");
        assert_eq!(words("KS-2026-W1/2026-10-01"), "KS-2026-W1/2026-10-01");
    }

    #[test]
    fn the_first_of_a_month_stands_for_the_month_only_where_that_is_said() {
        assert_eq!(words_of_months("2026-10-01/1-002/物业费"), "2026-10/1-002/物业费");
        assert_eq!(words_of_months("2026-10-02/1-002"), "2026-10-02/1-002");
    }
}
