//! One calendar and its questions. Every answer is a look-up; `None` says that the covered years do not reach.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::file::Notice;
use super::shifts::Shifts;
use super::special::{Special, is_weekend, weekday};
use super::tables::Tables;

/// Years that a calendar may hold; what lies outside is a slip of the pen, and would make the tables huge.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1950..=2150;

/// Working days and working hours.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub id: String,
    pub title: String,
    /// What each covered year rests on; empty for a year that the company's own 日历 filled in whole.
    notices: BTreeMap<i32, Vec<Notice>>,
    special: BTreeMap<NaiveDate, Special>,
    shifts: Shifts,
    tables: Tables,
}

impl Calendar {
    /// `None` without any year.
    pub(super) fn new(
        id: String,
        title: String,
        notices: BTreeMap<i32, Vec<Notice>>,
        special: BTreeMap<NaiveDate, Special>,
        shifts: Shifts,
    ) -> Option<Self> {
        let years: BTreeSet<i32> = notices.keys().copied().collect();
        let tables = Tables::build(&years, |day| special.get(&day).map_or(!is_weekend(day), Special::working))?;
        Some(Self { id, title, notices, special, shifts, tables })
    }

    /// Covered years with the notices that they rest on.
    pub fn years(&self) -> impl Iterator<Item = (i32, &[Notice])> {
        self.notices.iter().map(|(&year, notices)| (year, notices.as_slice()))
    }

    /// For vectorised look-ups.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Working stretches of every working day, in seconds since midnight.
    pub fn shifts(&self) -> &[(u32, u32)] {
        self.shifts.as_slice()
    }

    pub fn seconds_per_day(&self) -> u32 {
        self.shifts.total()
    }

    pub fn covers(&self, day: NaiveDate) -> bool {
        self.tables.index(day).is_some()
    }

    /// Every day from one to the other is covered, whichever is earlier.
    pub fn covers_span(&self, a: NaiveDate, b: NaiveDate) -> bool {
        self.tables.span(a, b).is_some()
    }

    pub fn is_working(&self, day: NaiveDate) -> Option<bool> {
        self.tables.index(day).map(|index| self.tables.working[index])
    }

    /// The day is off by the public notice; weekends around it that the notice names are, too.
    pub fn is_holiday(&self, day: NaiveDate) -> Option<bool> {
        self.covers(day).then(|| matches!(self.special.get(&day), Some(Special::Holiday(_))))
    }

    /// Why the day is or is not worked: `国庆节放假`, `调休上班（国庆节）`, `公司厂休：…`, or just `周六`.
    pub fn why(&self, day: NaiveDate) -> Option<String> {
        self.covers(day).then(|| self.special.get(&day).map_or_else(|| weekday(day).to_owned(), |special| special.why(day)))
    }

    /// The `count`-th working day after `day`, which itself is not counted; `day` for 0.
    pub fn add_working_days(&self, day: NaiveDate, count: u32) -> Option<NaiveDate> {
        let start = self.tables.index(day)?;
        if count == 0 {
            return Some(day);
        }
        let end = self.tables.working_day(i64::from(self.tables.ordinal[start]) + i64::from(count))?;
        self.covers_span(day, end).then_some(end)
    }

    /// Working days `d` with `from < d <= to`; negative where `to` is earlier.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        let (from, to) = self.tables.span(from, to)?;
        Some(i64::from(self.tables.ordinal[to]) - i64::from(self.tables.ordinal[from]))
    }

    /// `day` if it is worked, else the first working day after it.
    pub fn roll_forward(&self, day: NaiveDate) -> Option<NaiveDate> {
        if self.is_working(day)? { Some(day) } else { self.add_working_days(day, 1) }
    }

    /// The earliest moment `seconds` of working time after `from`; before `from`, and the latest, where negative.
    /// `from` for 0. Fractions of a second are cut off.
    pub fn add_working_seconds(&self, from: NaiveDateTime, seconds: i64) -> Option<NaiveDateTime> {
        let per_day = i64::from(self.seconds_per_day());
        let target = self.position(from)?.checked_add(seconds)?;
        let (full_days, second_of_day) = match seconds {
            0 => return Some(from),
            1.. => {
                let full_days = (target - 1).div_euclid(per_day);
                (full_days, self.shifts.earliest(u32::try_from(target - full_days * per_day).ok()?)?)
            }
            _ => {
                let full_days = target.div_euclid(per_day);
                (full_days, self.shifts.latest(u32::try_from(target - full_days * per_day).ok()?)?)
            }
        };
        let day = self.tables.working_day(full_days + 1)?;
        let moment = day.and_time(NaiveTime::MIN) + Duration::seconds(i64::from(second_of_day));
        self.covers_span(from.date(), moment.date()).then_some(moment)
    }

    /// Working seconds from one moment to the other; negative where `to` is earlier.
    pub fn working_seconds_between(&self, from: NaiveDateTime, to: NaiveDateTime) -> Option<i64> {
        self.tables.span(from.date(), to.date())?;
        Some(self.position(to)? - self.position(from)?)
    }

    /// Working seconds since the first covered day.
    fn position(&self, moment: NaiveDateTime) -> Option<i64> {
        let index = self.tables.index(moment.date())?;
        let working = self.tables.working[index];
        let full_days = i64::from(self.tables.ordinal[index]) - i64::from(working);
        let today = if working { self.shifts.worked_by(moment.num_seconds_from_midnight()) } else { 0 };
        Some(full_days * i64::from(self.seconds_per_day()) + i64::from(today))
    }

    /// The same calendar where the company's own list says otherwise; of two rows for a day the later one holds.
    /// A year that is not covered stays so, unless the list has every day of it.
    #[must_use]
    pub fn with_overrides(&self, days: &[(NaiveDate, bool)]) -> Calendar {
        let listed: BTreeMap<NaiveDate, bool> = days.iter().copied().filter(|(day, _)| YEARS.contains(&day.year())).collect();
        let mut per_year: BTreeMap<i32, u32> = BTreeMap::new();
        for day in listed.keys() {
            *per_year.entry(day.year()).or_default() += 1;
        }
        let mut notices = self.notices.clone();
        for (year, count) in per_year {
            if NaiveDate::from_ymd_opt(year, 12, 31).is_some_and(|last| last.ordinal() == count) {
                notices.entry(year).or_default();
            }
        }
        let mut special = self.special.clone();
        for (day, working) in listed {
            // a holiday that the company keeps is still a holiday
            let kept = !working && matches!(special.get(&day), Some(Special::Holiday(_)));
            if !kept {
                special.insert(day, Special::Listed(working));
            }
        }
        let same = || self.clone();
        Self::new(self.id.clone(), self.title.clone(), notices, special, self.shifts.clone()).unwrap_or_else(same)
    }
}
