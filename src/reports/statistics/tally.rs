//! Sums by month and group: the values that the formulas of the summary have.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;
use rust_decimal::Decimal;

use super::figures::Months;
use crate::diag::{Code, Diag};
use crate::evaluate::Parts;
use crate::ledger::Tally;
use crate::reports::frame::FrameColumn;
use crate::reports::sheet::{Style, Value};
use crate::reports::text;
use crate::rules::kinds::LOSS;

/// What a group key is called where a field is empty that should be filled in.
pub const BLANK: &str = "（未填）";
/// Where it need not be.
pub const NOT_RECORDED: &str = "（未登记）";
/// Where it is taken from the losses, and they name none.
pub const NO_LOSS: &str = "（无损失类别）";

/// `202610` of the text `2026-10`.
pub fn month_number(text: &str) -> Option<i32> {
    let (year, month) = text.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 100 + month.parse::<i32>().ok()?)
}

/// Everything that the summary says about the subjects, gathered in one reading of them.
pub struct Gathered {
    /// Rows of the detail.
    pub rows: usize,
    pub all: Tallies,
    /// Of the period alone: every customer of every month would be much.
    by_group: BTreeMap<String, HashMap<String, Sums>>,
    /// Subjects by month whose loss is not decided.
    undecided: BTreeMap<i32, u64>,
}

/// What some subjects come to.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    pub tally: Tally,
    /// Those whose loss is not decided, which is not in the sum of losses.
    pub undecided: u64,
}

impl Gathered {
    /// `blank`: what a group's empty field is called; `lossless`: the group that is empty where there is no loss at all.
    pub fn of(
        subjects: &Parts<'_>,
        groups: &[String],
        lossless: Option<&str>,
        blank: impl Fn(&str) -> &'static str,
        period: Months,
    ) -> Result<Self, Diag> {
        let mut gathered = Self { rows: 0, all: Tallies::default(), by_group: BTreeMap::new(), undecided: BTreeMap::new() };
        subjects.each(|part| {
            gathered.rows += part.height();
            of_subjects(part, None, |month, key, tally| gathered.all.include(month, key, tally))?;
            let open = lossless.map(|group| open_losses(part, group)).transpose()?.unwrap_or_else(DataFrame::empty);
            if open.height() > 0 {
                counted(&open, None, |month, _, tally| *gathered.undecided.entry(month).or_default() += tally.count)?;
            }
            for group in groups {
                let keys = gathered.by_group.entry(group.clone()).or_default();
                of_subjects(part, Some((group, blank(group))), |month, key, tally| {
                    if period.contains(month) {
                        keys.entry(key).or_default().tally.include(tally);
                    }
                })?;
                if open.height() > 0 {
                    counted(&open, Some((group, blank(group))), |month, key, tally| {
                        if period.contains(month) {
                            keys.entry(key).or_default().undecided += tally.count;
                        }
                    })?;
                }
            }
            Ok(())
        })?;
        Ok(gathered)
    }

    /// The values of a group in the period: most first, then by name.
    pub fn ranked(&self, group: &str) -> Vec<(String, Sums)> {
        let keys = self.by_group.get(group).into_iter().flatten();
        let mut ranked: Vec<(String, Sums)> = keys.map(|(key, sums)| (key.clone(), sums.clone())).collect();
        ranked.sort_by(|a, b| b.1.tally.count.cmp(&a.1.tally.count).then_with(|| a.0.cmp(&b.0)));
        ranked
    }

    /// Of all months.
    pub fn leaves_losses_open(&self) -> bool {
        !self.undecided.is_empty()
    }

    /// All together in these months; `None` where there is no subject.
    pub fn within(&self, months: Months) -> Option<Sums> {
        let tally = self.all.within(months)?;
        let undecided = self.undecided.iter().filter(|(month, _)| months.contains(**month)).map(|(_, count)| count).sum();
        Some(Sums { tally, undecided })
    }
}

/// Subjects whose loss is not decided, though `lossless` tells that they have one.
fn open_losses(subjects: &DataFrame, lossless: &str) -> Result<DataFrame, Diag> {
    let open = col(LOSS).is_null().and(col(lossless).is_not_null());
    subjects.clone().lazy().filter(open).collect().map_err(fault)
}

/// How many rows, by month and group.
fn counted(rows: &DataFrame, group: Option<(&str, &str)>, include: impl FnMut(i32, String, &Tally)) -> Result<(), Diag> {
    let read = |frame: &DataFrame| {
        Ok(numbers(frame, "count")?.into_iter().map(|count| Tally { count: whole(count), ..Tally::default() }).collect())
    };
    by_month(rows, group, &[len().cast(DataType::UInt64).alias("count")], read, include)
}

/// Figures by month, all groups together, or by month and the value of `group`.
#[derive(Default)]
pub struct Tallies(BTreeMap<(i32, String), Tally>);

impl Tallies {
    fn include(&mut self, month: i32, key: String, tally: &Tally) {
        self.0.entry((month, key)).or_default().include(tally);
    }

    /// Of shares: their number, how many are known, and the sum of `share`.
    pub fn add_shares(&mut self, shares: &DataFrame, group: &str, share: &str) -> Result<(), Diag> {
        let counted = |expr: Expr, name: &str| expr.cast(DataType::UInt64).alias(name);
        let figures = [counted(len(), "count"), counted(col(share).count(), "known"), col(share).sum().alias("loss")];
        let read = |frame: &DataFrame| {
            let (count, known, loss) = (numbers(frame, "count")?, numbers(frame, "known")?, numbers(frame, "loss")?);
            let tally = |row: usize| Tally { count: whole(count[row]), timed: whole(known[row]), loss: loss[row], ..Tally::default() };
            Ok((0..frame.height()).map(tally).collect())
        };
        by_month(shares, Some((group, BLANK)), &figures, read, |month, key, tally| self.include(month, key, tally))
    }

    /// All together in these months; `None` where there is no subject.
    pub fn within(&self, months: Months) -> Option<Tally> {
        let mut sum: Option<Tally> = None;
        for (_, tally) in self.0.iter().filter(|((month, _), _)| months.contains(*month)) {
            sum.get_or_insert_default().include(tally);
        }
        sum
    }

    /// By key in these months: most first, then by name.
    pub fn ranked(&self, months: Months) -> Vec<(String, Tally)> {
        let mut by_key: BTreeMap<&str, Tally> = BTreeMap::new();
        for ((_, key), tally) in self.0.iter().filter(|((month, _), _)| months.contains(*month)) {
            by_key.entry(key).or_default().include(tally);
        }
        let mut ranked: Vec<(String, Tally)> = by_key.into_iter().map(|(key, tally)| (key.to_owned(), tally)).collect();
        ranked.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
        ranked
    }

    pub fn key(&self, months: Months, key: &str) -> Option<Tally> {
        let mut sum: Option<Tally> = None;
        for (_, tally) in self.0.iter().filter(|((month, of), _)| months.contains(*month) && of == key) {
            sum.get_or_insert_default().include(tally);
        }
        sum
    }

    /// Months with subjects, rising.
    pub fn months(&self) -> Vec<i32> {
        let mut months: Vec<i32> = self.0.keys().map(|(month, _)| *month).collect();
        months.dedup();
        months
    }
}

/// Of subjects, with `按期`, `天数` and `损失金额`.
fn of_subjects(subjects: &DataFrame, group: Option<(&str, &str)>, include: impl FnMut(i32, String, &Tally)) -> Result<(), Diag> {
    let judged = |word: &str| col("按期").eq(lit(word)).sum().cast(DataType::UInt64);
    let figures = [
        len().cast(DataType::UInt64).alias("count"),
        judged("是").alias("on_time"),
        judged("否").alias("late"),
        col("损失金额").sum().alias("loss"),
        col("天数").count().cast(DataType::UInt64).alias("timed"),
        col("天数").sum().alias("days"),
        col("天数").max().alias("longest"),
    ];
    let read = |frame: &DataFrame| {
        let [count, on_time, late, loss, timed, days, longest] =
            ["count", "on_time", "late", "loss", "timed", "days", "longest"].map(|name| numbers(frame, name));
        let (count, on_time, late, loss) = (count?, on_time?, late?, loss?);
        let (timed, days, longest) = (timed?, days?, longest?);
        Ok((0..frame.height())
            .map(|row| Tally {
                count: whole(count[row]),
                on_time: whole(on_time[row]),
                late: whole(late[row]),
                loss: loss[row],
                timed: whole(timed[row]),
                days: days[row],
                longest: longest[row],
            })
            .collect())
    };
    by_month(subjects, group, &figures, read, include)
}

/// Hands on the figures of each month, and of each value of `group` where one is named.
fn by_month(
    frame: &DataFrame,
    group: Option<(&str, &str)>,
    figures: &[Expr],
    read: impl Fn(&DataFrame) -> Result<Vec<Tally>, Diag>,
    mut include: impl FnMut(i32, String, &Tally),
) -> Result<(), Diag> {
    let mut by = vec![col("统计月")];
    let (group, blank) = group.map_or((None, BLANK), |(group, blank)| (Some(group), blank));
    by.extend(group.map(col));
    let grouped = frame.clone().lazy().group_by(by).agg(figures).collect().map_err(fault)?;
    let month = FrameColumn::new(&grouped, "统计月")?;
    let key = group.map(|group| FrameColumn::new(&grouped, group)).transpose()?;
    for (row, tally) in read(&grouped)?.iter().enumerate() {
        let Some(month) = month_number(&month_text(&month, row)) else { continue };
        let key = match key.as_ref().map(|key| group_value(key.get(row), blank)) {
            Some(Value::Text(key)) => key.into_owned(),
            _ => String::new(),
        };
        include(month, key, tally);
    }
    Ok(())
}

/// A group's name as it stands in the detail sheet: always text.
pub fn group_value<'v>(value: Value<'v>, blank: &'v str) -> Value<'v> {
    match value {
        Value::Text(_) => value,
        Value::Blank => Value::text(blank),
        other => Value::text(text::shown(&other, Style::Text)),
    }
}

fn month_text(column: &FrameColumn<'_>, row: usize) -> String {
    text::shown(&column.get(row), Style::Text)
}

pub fn fault(error: PolarsError) -> Diag {
    Diag::error(Code::RuleFault, format!("统计汇总出错：{error}"))
}

/// A column of whole or decimal numbers; nothing is zero.
fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<Decimal>, Diag> {
    let column = FrameColumn::new(frame, name)?;
    Ok((0..frame.height())
        .map(|row| match column.get(row) {
            Value::Int(int) => Decimal::from(int),
            Value::Number(decimal) => decimal,
            _ => Decimal::ZERO,
        })
        .collect())
}

fn whole(number: Decimal) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
