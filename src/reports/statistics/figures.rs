//! A figure of the summary: the formula over the detail sheet, and beside it the value that the formula has.

use rust_decimal::Decimal;

use super::detail::Ranges;
use crate::ledger::Tally;
use crate::reports::formulas::is_plain;
use crate::reports::sheet::{Cached, Value};

/// First and last month as numbers, `202610`, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    pub first: i32,
    pub last: i32,
}

impl Months {
    pub fn contains(self, month: i32) -> bool {
        (self.first..=self.last).contains(&month)
    }
}

/// Which rows of the detail a figure is about.
#[derive(Debug, Clone)]
pub struct Pick {
    pub months: MonthPick,
    /// All of them hold.
    pub keys: Vec<Key>,
}

impl Pick {
    /// Of values that no formula computes.
    pub fn nothing() -> Self {
        Self { months: MonthPick::Cell(String::new()), keys: Vec::new() }
    }
}

#[derive(Debug, Clone)]
pub enum MonthPick {
    Span(Months),
    /// The month in a cell: `$A5`.
    Cell(String),
}

/// Rows whose `column` of the detail has the text of `cell`.
#[derive(Debug, Clone)]
pub struct Key {
    pub column: String,
    pub cell: String,
    /// `COUNTIFS` takes `0012` for `12`, `3-4` for a date, `*` for anything and `ab` for `AB`: keys that are not plain
    /// Chinese are compared with `EXACT`.
    pub exact: bool,
}

impl Key {
    pub fn new(column: &str, cell: String, text: &str) -> Self {
        Self { column: column.to_owned(), cell, exact: !is_plain(text) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Count,
    OnTime,
    Late,
    Loss,
    /// Rows whose loss is not known.
    UnknownLoss,
    MeanDays,
    LongestDays,
}

impl Measure {
    /// What the formula of [`Figures::cell`] computes.
    fn value(self, tally: &Tally) -> Cached {
        let number = match self {
            Measure::Count => tally.count.into(),
            Measure::OnTime => tally.on_time.into(),
            Measure::Late => tally.late.into(),
            Measure::Loss => tally.loss,
            Measure::UnknownLoss => (tally.count - tally.timed).into(),
            Measure::MeanDays => return tally.mean_days().map_or(Cached::Text(""), Cached::Number),
            Measure::LongestDays if tally.timed == 0 => return Cached::Text(""),
            Measure::LongestDays => tally.longest,
        };
        Cached::Number(number)
    }
}

/// Makes figures over one detail sheet.
#[derive(Clone, Copy)]
pub struct Figures<'a> {
    pub ranges: &'a Ranges,
    /// Otherwise values only.
    pub live: bool,
    /// Column of the detail that [`Measure::Loss`] sums.
    pub loss: &'a str,
}

impl Figures<'_> {
    pub fn cell(&self, measure: Measure, pick: &Pick, tally: &Tally) -> Value<'static> {
        let value = measure.value(tally);
        if self.live { Value::formula(self.formula(measure, pick), value) } else { plain(value) }
    }

    /// A formula over cells of the same sheet, with its value.
    pub fn derived(&self, text: String, value: Cached) -> Value<'static> {
        if self.live { Value::formula(text, value) } else { plain(value) }
    }

    pub fn formula(&self, measure: Measure, pick: &Pick) -> String {
        let terms = Terms { ranges: self.ranges, pick };
        let days = || self.ranges.of("天数");
        match measure {
            Measure::Count => terms.count(None),
            Measure::OnTime => terms.count(Some("是")),
            Measure::Late => terms.count(Some("否")),
            Measure::Loss if terms.exact() => format!("ROUND(SUMPRODUCT({},{}),2)", terms.product(), self.ranges.of(self.loss)),
            Measure::Loss => format!("ROUND(SUMIFS({},{}),2)", self.ranges.of(self.loss), terms.criteria()),
            Measure::UnknownLoss => format!("SUMPRODUCT({}*ISBLANK({}))", terms.product(), self.ranges.of(self.loss)),
            Measure::MeanDays if terms.exact() => {
                let (product, days) = (terms.product(), days());
                let known = format!("SUMPRODUCT({product}*ISNUMBER({days}))");
                format!("IF({known}=0,\"\",SUMPRODUCT({product},{days})/{known})")
            }
            Measure::MeanDays => {
                let (criteria, days) = (terms.criteria(), days());
                format!("IF(COUNTIFS({criteria},{days},\"<>\")=0,\"\",AVERAGEIFS({days},{criteria}))")
            }
            Measure::LongestDays => {
                let (product, days) = (terms.product(), days());
                format!("IF(SUMPRODUCT({product}*ISNUMBER({days}))=0,\"\",SUMPRODUCT(MAX({product}*{days})))")
            }
        }
    }
}

/// A pick as criteria of `COUNTIFS` and as factors of `SUMPRODUCT`.
struct Terms<'a> {
    ranges: &'a Ranges,
    pick: &'a Pick,
}

impl Terms<'_> {
    fn exact(&self) -> bool {
        self.pick.keys.iter().any(|key| key.exact)
    }

    fn count(&self, judged: Option<&str>) -> String {
        let on_time = judged.map(|word| (self.ranges.of("按期"), word));
        match (self.exact(), on_time) {
            (true, None) => format!("SUMPRODUCT({})", self.product()),
            (true, Some((range, word))) => format!("SUMPRODUCT({}*({range}=\"{word}\"))", self.product()),
            (false, None) => format!("COUNTIFS({})", self.criteria()),
            (false, Some((range, word))) => format!("COUNTIFS({},{range},\"{word}\")", self.criteria()),
        }
    }

    fn criteria(&self) -> String {
        let month = self.ranges.of("统计月");
        let mut criteria = match &self.pick.months {
            MonthPick::Span(Months { first, last }) if first == last => format!("{month},{first}"),
            MonthPick::Span(Months { first, last }) => format!("{month},\">={first}\",{month},\"<={last}\""),
            MonthPick::Cell(cell) => format!("{month},{cell}"),
        };
        for key in &self.pick.keys {
            criteria.push_str(&format!(",{},{}", self.ranges.of(&key.column), key.cell));
        }
        criteria
    }

    fn product(&self) -> String {
        let month = self.ranges.of("统计月");
        let mut product = match &self.pick.months {
            MonthPick::Span(Months { first, last }) if first == last => format!("({month}={first})"),
            MonthPick::Span(Months { first, last }) => format!("({month}>={first})*({month}<={last})"),
            MonthPick::Cell(cell) => format!("({month}={cell})"),
        };
        for key in &self.pick.keys {
            let (range, cell) = (self.ranges.of(&key.column), &key.cell);
            product.push_str(&if key.exact { format!("*EXACT({range},{cell})") } else { format!("*({range}={cell})") });
        }
        product
    }
}

pub fn plain(value: Cached) -> Value<'static> {
    match value {
        Cached::Number(number) => Value::Number(number),
        Cached::Text(text) => Value::text(text),
    }
}

/// `part / whole`, nothing where there is no whole.
pub fn ratio(part: impl Into<Decimal>, whole: impl Into<Decimal>) -> Cached {
    part.into().checked_div(whole.into()).map_or(Cached::Text(""), Cached::Number)
}
