//! All rows of a sample, table by table, and what a run must find in them.

use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::{Datelike, NaiveDate, Weekday};
use fastrand::Rng;

use super::condition::Condition;
use super::draft::{Draft, Fault};
use super::found::Found;
use super::plan::{Count, Each, Plan, Plant};
use super::value::Value;
use crate::calendar::{Calendar, Period};

/// What a row is for, before anything is in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seat {
    /// By place in the plan; `None` in a table that belongs to no month.
    pub month: Option<usize>,
    /// Running number in the month, from 1.
    pub seq: usize,
    /// Good rows in the month.
    pub of: usize,
    /// Running number in the table, from 1.
    pub no: usize,
    /// Which of the table's written rows.
    pub line: Option<usize>,
    /// `(table, row)`
    pub partners: Vec<(usize, usize)>,
    pub day: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub seat: Seat,
    pub values: BTreeMap<String, Value>,
}

impl Row {
    pub fn value(&self, field: &str) -> Value {
        self.values.get(field).cloned().unwrap_or(Value::Blank)
    }

    fn fits(&self, condition: &Condition) -> bool {
        condition.holds(|field| Ok::<_, Infallible>(self.value(field))) == Ok(true)
    }
}

pub struct World<'p> {
    pub plan: &'p Plan,
    pub calendar: &'p Calendar,
    seed: u64,
    /// Of each table that was made so far.
    pub rows: Vec<Vec<Row>>,
}

impl<'p> World<'p> {
    /// # Errors
    /// Everything that could not be made.
    pub fn grow(plan: &'p Plan, calendar: &'p Calendar, seed: u64) -> Result<(Self, Vec<Found>), Vec<Fault>> {
        let mut world = Self { plan, calendar, seed, rows: Vec::new() };
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for at in 0..plan.tables.len() {
            let mut rows = Vec::new();
            let mut made = 0;
            for month in plan.tables[at].stretches() {
                match world.stretch(at, month, &mut made) {
                    Ok((more, planted)) => {
                        rows.extend(more);
                        found.extend(planted);
                    }
                    Err(fault) => faults.push(fault),
                }
            }
            if !faults.is_empty() {
                // tables below refer to this one
                return Err(faults);
            }
            world.rows.push(rows);
        }
        found.extend(plan.expects.iter().flat_map(|expect| expect.found(plan)));
        found.sort();
        found.dedup_by(|a, b| a.key() == b.key());
        Ok((world, found))
    }

    /// The rows of one table and month, plants among them.
    fn stretch(&self, at: usize, month: Option<usize>, made: &mut usize) -> Result<(Vec<Row>, Vec<Found>), Fault> {
        let mut seats = self.seats(at, month);
        let of = seats.len();
        for (place, seat) in seats.iter_mut().enumerate() {
            (seat.seq, seat.of, seat.no) = (place + 1, of, *made + place + 1);
        }
        let mut rows: Vec<Option<Row>> = Vec::new();
        for seat in &seats {
            rows.push(Some(Draft::new(self, at, seat, None).row()?));
        }
        let mut found = Vec::new();
        let mut free: Vec<usize> = (0..of).collect();
        for (number, plant) in self.plan.plants.iter().enumerate().filter(|(_, plant)| plant.table == at && plant.is_in(month)) {
            for place in self.places(number, plant, month, &rows, &mut free)? {
                let seat = match plant.add {
                    false => seats[place].clone(),
                    true => Seat { seq: rows.len() + 1, no: *made + rows.len() + 1, ..seats[place].clone() },
                };
                let mut draft = Draft::new(self, at, &seat, Some(&plant.set));
                for find in &plant.finds {
                    found.extend(find.found(&mut draft, self.plan, at, &seat, plant)?);
                }
                let row = draft.row()?;
                match (plant.add, plant.drop) {
                    (true, _) => rows.push(Some(row)),
                    (false, true) => rows[place] = None,
                    (false, false) => rows[place] = Some(row),
                }
            }
        }
        *made += rows.len();
        Ok((rows.into_iter().flatten().collect(), found))
    }

    /// Which good rows a plant takes, in order.
    fn places(
        &self,
        number: usize,
        plant: &Plant,
        month: Option<usize>,
        rows: &[Option<Row>],
        free: &mut Vec<usize>,
    ) -> Result<Vec<usize>, Fault> {
        let mut fit = Vec::new();
        for place in free.iter().copied() {
            let Some(row) = &rows[place] else { continue };
            if row.fits(&plant.condition) {
                fit.push(place);
            }
        }
        let wanted = plant.count.unwrap_or(fit.len());
        if fit.len() < wanted || fit.is_empty() {
            let month = self.plan.months[month.unwrap_or(0)].chinese();
            let message =
                format!("{month} 表「{}」没被别的植入用掉、又符合 where 的只有 {} 行", self.plan.tables[plant.table].name, fit.len());
            return Err(Fault { span: plant.span.clone(), message });
        }
        self.rng(&format!("植入 {number}/{month:?}")).shuffle(&mut fit);
        fit.truncate(wanted);
        fit.sort_unstable();
        if !plant.add {
            free.retain(|place| !fit.contains(place));
        }
        Ok(fit)
    }

    /// One a row to come: all combinations of what the table has a row for.
    fn seats(&self, at: usize, month: Option<usize>) -> Vec<Seat> {
        let table = &self.plan.tables[at];
        let mut seats = vec![Seat { month, ..Seat::default() }];
        for each in &table.each {
            seats = match each {
                Each::Table(other, condition) => {
                    let rows = self.fitting(*other, month, condition);
                    crossed(&seats, rows, |seat, row| seat.partners.push((*other, row)))
                }
                Each::Days(days) => crossed(&seats, self.days(month, *days), |seat, day| seat.day = Some(day)),
            };
        }
        if !table.lines.is_empty() {
            seats = crossed(&seats, (0..table.lines.len()).collect(), |seat, line| seat.line = Some(line));
        }
        let times = match &table.count {
            Count::Monthly(counts) => counts[month.unwrap_or(0) % counts.len()],
            Count::Once(count) | Count::Each(count) => *count,
        };
        seats.into_iter().flat_map(|seat| std::iter::repeat_n(seat, times)).collect()
    }

    fn days(&self, month: Option<usize>, wanted: EachDay) -> Vec<NaiveDate> {
        let periods: Vec<Period> = match month {
            Some(month) => vec![self.plan.months[month]],
            None => self.plan.months.clone(),
        };
        let is_wanted = |day: &NaiveDate| match wanted {
            EachDay::All => true,
            EachDay::Working => self.is_working(*day),
            EachDay::On(weekday) => day.weekday() == weekday,
        };
        let all = |period: &Period| {
            let last = period.last;
            period.first.iter_days().take_while(move |day| *day <= last)
        };
        periods.iter().flat_map(all).filter(is_wanted).collect()
    }

    /// Where the calendar does not reach, weekends are off.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        self.calendar.is_working(day).unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// Rows of `other` that a row of `table` may refer to.
    pub fn candidates(&self, table: usize, other: usize, seat: &Seat) -> Vec<usize> {
        let picks = &self.plan.tables[table].pick;
        let condition = picks.iter().find(|(picked, _)| *picked == other).map(|(_, condition)| condition);
        self.fitting(other, seat.month, condition.unwrap_or(&Default::default()))
    }

    fn fitting(&self, table: usize, month: Option<usize>, condition: &Condition) -> Vec<usize> {
        let near = |row: &Row| row.seat.month.is_none() || month.is_none() || row.seat.month == month;
        self.rows[table].iter().enumerate().filter(|(_, row)| near(row) && row.fits(condition)).map(|(at, _)| at).collect()
    }

    /// Numbers for one purpose, the same however often they are asked for.
    pub fn rng(&self, purpose: &str) -> Rng {
        let mut mixed = self.seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in purpose.bytes() {
            mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // purposes that differ in their last letter must not give neighbouring numbers
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        Rng::with_seed(mixed ^ (mixed >> 33))
    }
}

/// Every seat with every one of `items`.
fn crossed<T: Copy>(seats: &[Seat], items: Vec<T>, put: impl Fn(&mut Seat, T)) -> Vec<Seat> {
    let mut all = Vec::new();
    for seat in seats {
        for item in &items {
            let mut seat = seat.clone();
            put(&mut seat, *item);
            all.push(seat);
        }
    }
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EachDay {
    All,
    Working,
    On(Weekday),
}
