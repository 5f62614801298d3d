//! By which time, and how far back times are counted.

use std::ops::Range;

use super::PenaltyRow;
use super::sanction::WrittenPenaltyRow;
use crate::diag::Code;
use crate::rules::check::Check;
use crate::rules::written::Mark;
use crate::rules::{Every, Quantity, Unit};

/// How often it happened, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub low: u32,
    pub high: Option<u32>,
    /// How often in the whole span of time, not which time this one is.
    pub total: bool,
}

/// How far back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookback {
    /// All that the data hold.
    All,
    /// The calendar period that the day lies in.
    Calendar(Every),
    Months(u32),
    Days(u32),
}

const SPANS: &[(&str, Lookback)] = &[
    ("all", Lookback::All),
    ("month", Lookback::Calendar(Every::Month)),
    ("quarter", Lookback::Calendar(Every::Quarter)),
    ("half-year", Lookback::Calendar(Every::HalfYear)),
    ("year", Lookback::Calendar(Every::Year)),
];

/// More times, and a longer way back, are a slip of the pen.
const MOST_TIMES: u32 = 10_000;
const LONGEST_MONTHS: u32 = 1200;
const LONGEST_DAYS: u32 = 36_525;

impl Times {
    /// `第 3 次起`, `本月共 3 次以上`
    pub fn chinese(&self) -> String {
        let (before, end) = if self.total { ("共", "次以上") } else { ("第", "次起") };
        match self.high {
            None => format!("{before} {} {end}", self.low),
            Some(high) if high == self.low => format!("{before} {high} 次"),
            Some(high) => format!("{before} {}–{high} 次", self.low),
        }
    }
}

impl Lookback {
    pub fn chinese(self) -> String {
        match self {
            Lookback::All => "全部数据".to_owned(),
            Lookback::Calendar(every) => format!("同一自然{}", every.title()),
            Lookback::Months(months) => format!("往前 {months} 个月"),
            Lookback::Days(days) => format!("往前 {days} 天"),
        }
    }
}

impl WrittenPenaltyRow {
    /// Inner `None`: the row does not ask.
    pub(super) fn times(&self, check: &mut Check<'_>, stepped: bool) -> Option<Option<Times>> {
        match (&self.nth, &self.total, stepped) {
            (Some(nth), None, true) => check.parsed(nth, |text| times(text, false)).map(Some),
            (None, Some(total), true) => check.parsed(total, |text| times(text, true)).map(Some),
            (None, None, false) => Some(None),
            (None, None, true) if check.maimed => None,
            (None, None, true) => {
                check.error_with(
                    Code::RuleSyntax,
                    check.span.clone(),
                    "steps 的每一步要写 nth 或 total",
                    "例如 { nth = \"1\", fine = \"100\" }",
                );
                None
            }
            (Some(wrong), _, _) | (None, Some(wrong), false) => {
                let help = "按第几次的罚则写在 steps 里，每一步写 nth 或 total 之一";
                check.error_with(Code::RuleSyntax, wrong.span(), "nth 和 total 不能写在这里", help);
                None
            }
        }
    }
}

/// `1`, `1..2`, `>= 3`
fn times(text: &str, total: bool) -> Result<Times, String> {
    let wrong = || format!("读不懂次数「{text}」，应写作 1、1..2 或 >= 3");
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| (1..=MOST_TIMES).contains(number)).ok_or_else(wrong);
    let (low, high) = match (text.strip_prefix(">="), text.split_once("..")) {
        (Some(low), _) => (number(low)?, None),
        (None, Some((low, high))) => (number(low)?, Some(number(high)?)),
        (None, None) => (number(text)?, Some(number(text)?)),
    };
    if high.is_some_and(|high| high < low) { Err(wrong()) } else { Ok(Times { low, high, total }) }
}

/// `asked`: where steps stand, which cannot do without.
pub(super) fn lookback(check: &mut Check<'_>, written: &Option<Mark<String>>, asked: Option<Range<usize>>) -> Option<Option<Lookback>> {
    match (written, asked) {
        (Some(text), Some(_)) => check.parsed(text, span).map(Some),
        (None, None) => Some(None),
        (Some(text), None) => {
            check.error_with(Code::RuleSyntax, text.span(), "没有 steps，不用写 lookback", "去掉 lookback，或把 rows 改成 steps");
            None
        }
        (None, Some(_)) if check.maimed => None,
        (None, Some(span)) => {
            let help = "全部数据写 lookback = \"all\"，自然年写 \"year\"，往前 12 个月写 \"12mo\"；条文没有说的写 \"?计次周期\"";
            check.error_with(Code::RuleSyntax, span, "计次要写明往前看多久", help);
            None
        }
    }
}

fn span(text: &str) -> Result<Lookback, String> {
    if let Some((_, found)) = SPANS.iter().find(|(word, _)| *word == text) {
        return Ok(*found);
    }
    let words: Vec<&str> = SPANS.iter().map(|(word, _)| *word).collect();
    let wrong = || format!("读不懂「{text}」，可用：{}、6mo、1y、30d", words.join("、"));
    let quantity: Quantity = text.parse().map_err(|_| wrong())?;
    let whole = Some(quantity.amount).filter(|amount| amount.fract().is_zero()).and_then(|amount| u32::try_from(amount).ok());
    let whole = whole.filter(|amount| *amount > 0).ok_or_else(wrong)?;
    let months = |each: u32| whole.checked_mul(each).filter(|months| *months <= LONGEST_MONTHS).map(Lookback::Months);
    let found = match quantity.unit {
        Unit::Day => Some(Lookback::Days(whole)).filter(|_| whole <= LONGEST_DAYS),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        _ => return Err(wrong()),
    };
    found.ok_or_else(|| format!("往前看「{text}」太长，最多 100y；要全部数据写 all"))
}

/// From the first time on, none left out, none twice.
pub(super) fn covers(check: &mut Check<'_>, rows: &[PenaltyRow], lookback: Option<&Lookback>) -> Option<()> {
    let mut steps: Vec<(Times, &PenaltyRow)> = rows.iter().filter_map(|row| Some((row.times?, row))).collect();
    if let (Some((_, row)), true) = (steps.iter().find(|(times, _)| times.total), steps.iter().any(|(times, _)| !times.total)) {
        check.error_with(Code::RuleSyntax, row.span.clone(), "nth 和 total 不能混用", "一个版本里只用一种");
        return None;
    }
    let total = steps.iter().find(|(times, _)| times.total);
    if let (Some((_, row)), false) = (total, matches!(lookback, Some(Lookback::Calendar(_)))) {
        let help = "total 的 lookback 写 month、quarter、half-year 或 year";
        check.error_with(Code::RuleSyntax, row.span.clone(), "按总次数的罚则要有自然的月、季或年", help);
        return None;
    }
    if let Some(row) = rows.iter().find(|row| !row.when.is_always()) {
        check.error_with(Code::RuleSyntax, row.span.clone(), "steps 里不能写 when", "把条件写进 from_rows 的 where，一种条件一条规则");
        return None;
    }
    steps.sort_by_key(|(times, _)| times.low);
    let mut next = Some(1);
    for (times, row) in &steps {
        let expected = next.unwrap_or(u32::MAX);
        if times.low > expected {
            let message = format!("罚则漏了第 {expected} 次：后一步从第 {} 次才开始", times.low);
            check.error_with(Code::RuleGap, row.span.clone(), message, "补上这一步，或让前一步接到这里");
            return None;
        }
        if next.is_none() || times.low < expected {
            check.error(Code::RuleOverlap, row.span.clone(), format!("第 {} 次有两步罚则", times.low));
            return None;
        }
        next = times.high.map(|high| high + 1);
    }
    if let (Some(missing), Some((_, row))) = (next, steps.last()) {
        let message = format!("罚则到第 {} 次为止，第 {missing} 次起没有规定", missing - 1);
        check.error_with(Code::RuleGap, row.span.clone(), message, format!("最后一步写 \">= {}\"", row.times.map_or(1, |times| times.low)));
        return None;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_one_some_or_open() {
        assert_eq!(times("1", false), Ok(Times { low: 1, high: Some(1), total: false }));
        assert_eq!(times("1..2", true), Ok(Times { low: 1, high: Some(2), total: true }));
        assert_eq!(times(">= 3", false), Ok(Times { low: 3, high: None, total: false }));
        for wrong in ["0", "2..1", "three", ">= 0", "", "1..4294967295"] {
            assert!(times(wrong, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_lookback_is_all_a_calendar_period_or_so_long() {
        assert_eq!(span("all"), Ok(Lookback::All));
        assert_eq!(span("half-year"), Ok(Lookback::Calendar(Every::HalfYear)));
        assert_eq!(span("1y"), Ok(Lookback::Months(12)));
        assert_eq!(span("30d"), Ok(Lookback::Days(30)));
        for wrong in ["month2", "1.5mo", "4wh", "0d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_lookback_that_no_data_reach_is_refused() {
        assert_eq!(span("100y"), Ok(Lookback::Months(1200)));
        for wrong in ["101y", "401q", "1201mo", "36526d", "1431655766q", "357913942y", "4294967295y"] {
            assert!(span(wrong).is_err_and(|message| message.contains("太长")), "{wrong}");
        }
    }
}
