//! A calendar laid out for look-ups: adding and subtracting working days without walking over days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

/// All but `day_of_ordinal` have one entry a day, from `first_day` to the last covered day, holes included.
///
/// Two days may be counted between only when both have the same `run`, not [`Tables::HOLE`]: then every day between is covered.
/// * working days `d` with `a < d <= b`: `ordinal[b] - ordinal[a]`
/// * the `n`-th working day after `a`: `day_of_ordinal[ordinal[a] + n]`, if that day has the run of `a`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    pub first_day: NaiveDate,
    /// Working days from `first_day` up to this day, itself included.
    pub ordinal: Vec<i32>,
    /// `false` in a hole.
    pub working: Vec<bool>,
    /// Number of the stretch of covered years, from 0, or [`Tables::HOLE`].
    pub run: Vec<i32>,
    /// Days since 1970-01-01 of the working day with this ordinal; entry 0 is the day before `first_day` and answers nothing.
    pub day_of_ordinal: Vec<i32>,
}

impl Tables {
    /// `run` of a day whose year has no data.
    pub const HOLE: i32 = -1;

    /// `None` without any year, or with one that chrono cannot represent.
    pub(super) fn build(years: &BTreeSet<i32>, is_working: impl Fn(NaiveDate) -> bool) -> Option<Self> {
        let first_day = NaiveDate::from_ymd_opt(*years.first()?, 1, 1)?;
        let last_day = NaiveDate::from_ymd_opt(*years.last()?, 12, 31)?;
        let mut tables = Self {
            first_day,
            ordinal: Vec::new(),
            working: Vec::new(),
            run: Vec::new(),
            day_of_ordinal: vec![first_day.to_epoch_days() - 1],
        };
        let (mut count, mut run, mut inside) = (0, 0, true);
        for day in first_day.iter_days().take_while(|&day| day <= last_day) {
            let covered = years.contains(&day.year());
            if covered && !inside {
                run += 1;
            }
            inside = covered;
            let working = covered && is_working(day);
            if working {
                count += 1;
                tables.day_of_ordinal.push(day.to_epoch_days());
            }
            tables.ordinal.push(count);
            tables.working.push(working);
            tables.run.push(if covered { run } else { Self::HOLE });
        }
        Some(tables)
    }

    /// Index of a covered day.
    pub(super) fn index(&self, day: NaiveDate) -> Option<usize> {
        let index = usize::try_from(day.signed_duration_since(self.first_day).num_days()).ok()?;
        self.run.get(index).filter(|&&run| run != Self::HOLE).map(|_| index)
    }

    /// Index of two days with no hole between them.
    pub(super) fn span(&self, a: NaiveDate, b: NaiveDate) -> Option<(usize, usize)> {
        let (a, b) = (self.index(a)?, self.index(b)?);
        (self.run[a] == self.run[b]).then_some((a, b))
    }

    /// The working day with this ordinal.
    pub(super) fn working_day(&self, ordinal: i64) -> Option<NaiveDate> {
        let index = usize::try_from(ordinal).ok().filter(|&index| index > 0)?;
        self.day_of_ordinal.get(index).and_then(|&days| NaiveDate::from_epoch_days(days))
    }
}
