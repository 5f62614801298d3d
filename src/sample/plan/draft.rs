//! One row in the making: a field is made when it is asked for, the same for the same seed however often.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};
use fastrand::Rng;
use rust_decimal::Decimal;

use super::maker::{Days, Make, Maker, Plain, Pool, Way};
use super::names;
use super::span::{Length, Span};
use super::text::{Part, Ref, Text};
use super::value::Value;
use super::world::{Row, Seat, World};
use crate::calendar::Period;
use crate::rules::{Unit, half_up};

/// What cannot be made, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub span: Range<usize>,
    pub message: String,
}

pub struct Draft<'w> {
    world: &'w World<'w>,
    /// The table, by place in the plan.
    table: usize,
    seat: Seat,
    /// Put over the fields of the table.
    over: Vec<&'w BTreeMap<String, Maker>>,
    values: BTreeMap<String, Value>,
    /// Fields that are being made.
    open: Vec<String>,
    /// The row of each other table that this row refers to.
    partners: BTreeMap<usize, usize>,
}

impl<'w> Draft<'w> {
    pub fn new(world: &'w World<'w>, table: usize, seat: &Seat, set: Option<&'w BTreeMap<String, Maker>>) -> Self {
        let own = &world.plan.tables[table];
        let mut over: Vec<&BTreeMap<String, Maker>> = set.into_iter().collect();
        over.extend(seat.line.and_then(|line| own.lines.get(line)));
        over.push(&own.fields);
        let partners = seat.partners.iter().copied().collect();
        Self { world, table, seat: seat.clone(), over, values: BTreeMap::new(), open: Vec::new(), partners }
    }

    pub fn row(mut self) -> Result<Row, Fault> {
        let fields: Vec<String> = self.over.iter().flat_map(|makers| makers.keys().cloned()).collect();
        for field in fields {
            self.value(&field)?;
        }
        Ok(Row { seat: self.seat, values: self.values })
    }

    pub fn value(&mut self, field: &str) -> Result<Value, Fault> {
        if let Some(value) = self.values.get(field) {
            return Ok(value.clone());
        }
        let Some(maker) = self.over.iter().find_map(|makers| makers.get(field)) else { return Ok(Value::Blank) };
        if self.open.iter().any(|open| open == field) {
            return Err(fault(maker, format!("字段互相引用，没有尽头：{} → {field}", self.open.join(" → "))));
        }
        self.open.push(field.to_owned());
        let mut made = Value::Blank;
        for way in &maker.ways {
            if way.when.holds(|name| self.value(name))? {
                made = self.make(field, maker, way)?;
                break;
            }
        }
        self.open.pop();
        let typed = self.world.plan.tables[self.table].dataset.as_ref().and_then(|dataset| dataset.field(field));
        if let Some(typed) = typed {
            made = made.fit(typed).map_err(|message| fault(maker, message))?;
        }
        self.values.insert(field.to_owned(), made.clone());
        Ok(made)
    }

    /// A text with its references filled in.
    pub fn text(&mut self, text: &Text, span: &Range<usize>) -> Result<String, Fault> {
        let mut said = String::new();
        for part in &text.0 {
            match part {
                Part::Words(words) => said.push_str(words),
                Part::Of(of) => said.push_str(&self.other(of, span)?.text()),
                Part::Seq(digits) => said.push_str(&format!("{:0digits$}", self.seat.seq)),
                Part::No(digits) => said.push_str(&format!("{:0digits$}", self.seat.no)),
                Part::Month(format) => said.push_str(&self.month().first.format(format).to_string()),
            }
        }
        Ok(said)
    }

    fn make(&mut self, field: &str, maker: &Maker, way: &Way) -> Result<Value, Fault> {
        let mut rng = self.rng(field);
        if way.blank.is_some_and(|share| Decimal::from(rng.u32(0..100)) < share) {
            return Ok(Value::Blank);
        }
        let (seq, no) = (self.seat.seq, self.seat.no);
        Ok(match &way.make {
            Make::Plain(plain) => self.plain(plain, maker)?,
            Make::Choice { items, weights } => {
                let mut left = rng.u32(0..weights.iter().sum());
                let at = weights.iter().position(|weight| {
                    let here = left < *weight;
                    left = left.saturating_sub(*weight);
                    here
                });
                self.plain(&items[at.unwrap_or_default()], maker)?
            }
            Make::Cycle(items) => self.plain(&items[(seq - 1) % items.len()], maker)?,
            Make::Day { days, workday, time, month } => {
                let period = self.shifted(*month).ok_or_else(|| fault(maker, "月份超出日历".to_owned()))?;
                let day = self.day(*days, *workday, period, &mut rng).ok_or_else(|| {
                    fault(maker, format!("{} 没有这样的日子；\"each\" 要配 each = \"day\"、\"workday\" 或周几", period.chinese()))
                })?;
                moment(day, time.map(|time| time.any(&mut rng)))
            }
            Make::Between { days, workday, time } => {
                let day = days.low + TimeDelta::days(rng.i64(0..=(days.high - days.low).num_days()));
                moment(self.rolled(day, *workday), time.map(|time| time.any(&mut rng)))
            }
            Make::After { of, by, workday, time } => {
                let start = self.other(of, &maker.span)?;
                if start.is_blank() {
                    return Ok(Value::Blank);
                }
                let length = by.any(&mut rng);
                let end = self
                    .later(&start, length)
                    .ok_or_else(|| fault(maker, format!("「{}」不是日期，或日历没有那一年，算不出 {length:?} 之后", start.text())))?;
                let end = match (end.day(), *workday) {
                    (Some(day), true) => match end {
                        Value::Moment(at) => Value::Moment(self.rolled(day, true).and_time(at.time())),
                        _ => Value::Day(self.rolled(day, true)),
                    },
                    _ => end,
                };
                match (time.map(|time| time.any(&mut rng)), end.day()) {
                    (Some(time), Some(day)) => Value::Moment(day.and_time(time)),
                    _ => end,
                }
            }
            Make::Time(times) => Value::Time(times.any(&mut rng)),
            Make::Number { span, step } => Value::Number(Span::<Decimal>::any(*span, *step, &mut rng)),
            Make::Person(Pool::Each) => Value::Text(names::person(no - 1)),
            Make::Person(Pool::First(count)) => Value::Text(names::person(rng.usize(0..*count))),
            Make::Customer(Pool::Each) => Value::Text(names::customer(no - 1)),
            Make::Customer(Pool::First(count)) => Value::Text(names::customer(rng.usize(0..*count))),
            Make::Calc { sum, round } => {
                let value = sum.value(&mut |of: &Ref| match self.other(of, &maker.span)? {
                    Value::Blank => Ok(None),
                    Value::Number(number) => Ok(Some(number)),
                    other => Err(fault(maker, format!("「{}」不是数，不能计算", other.text()))),
                })?;
                value.map_or(Value::Blank, |number| Value::Number(round.map_or(number, |places| half_up(number, places))))
            }
        })
    }

    fn plain(&mut self, plain: &Plain, maker: &Maker) -> Result<Value, Fault> {
        match plain {
            Plain::Value(value) => Ok(value.clone()),
            Plain::Text(text) => match text.alone() {
                Some(of) => self.other(&of.clone(), &maker.span),
                None => self.text(text, &maker.span).map(Value::Text),
            },
        }
    }

    /// A field of this row, or of the row of another table that goes with it.
    fn other(&mut self, of: &Ref, span: &Range<usize>) -> Result<Value, Fault> {
        let Some(name) = &of.table else { return self.value(&of.field) };
        let world = self.world;
        let found = world.plan.tables[..self.table].iter().position(|table| table.name == *name);
        let table = found.ok_or_else(|| Fault { span: span.clone(), message: format!("前面没有表「{name}」") })?;
        let row = match self.partners.get(&table) {
            Some(row) => *row,
            None => {
                let rows = world.candidates(self.table, table, &self.seat);
                let mut rng = self.rng(&format!("→{name}"));
                let row = rng.choice(rows).ok_or_else(|| Fault {
                    span: span.clone(),
                    message: format!("{} 表「{name}」没有可引用的行", self.month().chinese()),
                })?;
                self.partners.insert(table, row);
                row
            }
        };
        Ok(world.rows[table][row].value(&of.field))
    }

    fn month(&self) -> Period {
        self.world.plan.months[self.seat.month.unwrap_or(0)]
    }

    fn shifted(&self, months: i32) -> Option<Period> {
        let (first, by) = (self.month().first, Months::new(months.unsigned_abs()));
        Period::of(if months < 0 { first.checked_sub_months(by)? } else { first.checked_add_months(by)? })
    }

    fn rolled(&self, day: NaiveDate, workday: bool) -> NaiveDate {
        if workday { self.world.calendar.roll_forward(day).unwrap_or(day) } else { day }
    }

    /// Days of a range go along with the rows: a register is kept day by day.
    fn day(&self, days: Days, workday: bool, period: Period, rng: &mut Rng) -> Option<NaiveDate> {
        let span = match days {
            Days::Each => return self.seat.day,
            Days::Last => Span { low: period.last, high: period.last },
            Days::Span(span) => {
                let day = |day: u32| period.first.with_day(day.min(period.last.day()));
                Span { low: day(span.low)?, high: day(span.high)? }
            }
        };
        let mut all: Vec<NaiveDate> = span.low.iter_days().take_while(|day| *day <= span.high).collect();
        if workday {
            match (all.as_slice(), days) {
                ([_], Days::Last) => all = period.first.iter_days().take_while(|day| *day <= period.last).collect(),
                ([only], _) => return Some(self.rolled(*only, true)),
                _ => {}
            }
            all.retain(|day| self.world.is_working(*day));
            if days == Days::Last {
                return all.last().copied();
            }
        }
        let place = (self.seat.seq - 1) as f64 + rng.f64();
        let at = (place / self.seat.of.max(1) as f64 * all.len() as f64) as usize;
        all.get(at.min(all.len().checked_sub(1)?)).copied()
    }

    fn later(&self, start: &Value, by: Length) -> Option<Value> {
        let day = start.day()?;
        let time = match start {
            Value::Moment(at) => Some(at.time()),
            _ => None,
        };
        let months = |months: i64| {
            let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
            if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
        };
        let end = match by.unit {
            Unit::Minute | Unit::Hour => {
                let from = day.and_time(time.unwrap_or(NaiveTime::MIN));
                return from.checked_add_signed(TimeDelta::minutes(by.amount)).map(Value::Moment);
            }
            Unit::WorkDay => self.world.calendar.add_working_days(day, u32::try_from(by.amount).ok()?)?,
            Unit::Month => months(by.amount)?,
            Unit::Year => months(by.amount * 12)?,
            _ => day.checked_add_signed(TimeDelta::days(by.amount))?,
        };
        Some(moment(end, time))
    }

    /// Its numbers depend on seed, table, row and purpose, and on nothing that was made before.
    fn rng(&self, purpose: &str) -> Rng {
        self.world.rng(&format!("{}/{}/{purpose}", self.world.plan.tables[self.table].name, self.seat.no))
    }
}

fn moment(day: NaiveDate, time: Option<NaiveTime>) -> Value {
    time.map_or(Value::Day(day), |time| Value::Moment(day.and_time(time)))
}

fn fault(maker: &Maker, message: String) -> Fault {
    Fault { span: maker.span.clone(), message }
}
