//! Months, quarters and years as people write them in a column of periods.

use chrono::NaiveDate;

use super::fold;

/// The first day of `2026-10`, `2026年10月`, `202610`, `2026Q4`, `2026年第四季度`, `2026年`; `None` for anything else.
pub fn first_day(text: &str) -> Option<NaiveDate> {
    let folded = fold::squeeze(text);
    let (year, rest) = folded.split_at_checked(4)?;
    let year: i32 = year.parse().ok()?;
    let rest = rest.strip_prefix(['年', '-', '/', '.']).unwrap_or(rest);
    NaiveDate::from_ymd_opt(year, first_month(rest)?, 1)
}

fn first_month(rest: &str) -> Option<u32> {
    if rest.is_empty() || rest == "年度" || rest == "度" {
        return Some(1);
    }
    let quarter = rest.strip_prefix('q').or_else(|| rest.strip_prefix('第').unwrap_or(rest).strip_suffix("季度"));
    if let Some(quarter) = quarter {
        return ["1一", "2二", "3三", "4四"].iter().zip([1, 4, 7, 10]).find(|(names, _)| is_one_of(names, quarter)).map(|(_, month)| month);
    }
    let month = rest.strip_suffix('月').unwrap_or(rest);
    if month.len() > 2 || !month.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    month.parse().ok()
}

fn is_one_of(names: &str, text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if names.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_a_quarter_and_a_year_stand_for_their_first_day() {
        let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
        for text in ["2026-10", "2026年10月", "2026/10", "2026.10", "202610", "2026Q4", "2026-Q4", "2026年第四季度", "2026年4季度"]
        {
            assert_eq!(first_day(text), day(2026, 10), "{text}");
        }
        for text in ["2026年9月", "2026-9", "2026 年 09 月"] {
            assert_eq!(first_day(text), day(2026, 9), "{text}");
        }
        for text in ["2026", "2026年", "2026年度"] {
            assert_eq!(first_day(text), day(2026, 1), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_period() {
        for text in ["", "10月", "26-10", "2026-13", "2026-00", "2026-10-03", "20261003", "2026年5季度", "本月", "二〇二六年"] {
            assert_eq!(first_day(text), None, "{text}");
        }
    }
}
