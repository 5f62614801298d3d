//! A row that a rule's conditions take.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::calendar::Calendar;
use crate::ingest::RawValue;
use crate::rules::kinds::Approval;
use crate::rules::{Condition, Dataset, FieldType, Kind, Literal, Operand, Ordering, Pack, Quantity, Rule, Test, Unit};
use crate::run::Loaded;

/// Stands where any name does.
const NAME: &str = "试件";

/// Texts by field.
pub(super) struct Row(BTreeMap<String, String>);

impl Row {
    pub fn cells(&self) -> Vec<(String, RawValue<'static>)> {
        self.0.iter().map(|(field, text)| (field.clone(), RawValue::Text(Cow::Owned(text.clone())))).collect()
    }

    /// `None`: no row can be made that all of the conditions take.
    fn of(dataset: &Dataset, conditions: &[&Condition], day: NaiveDate) -> Option<Self> {
        let mut row = Self(dataset.key.iter().map(|field| (field.clone(), NAME.to_owned())).collect());
        conditions.iter().all(|condition| row.take(dataset, condition, day)).then_some(row)
    }

    fn take(&mut self, dataset: &Dataset, condition: &Condition, day: NaiveDate) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.take(dataset, part, day)),
            Condition::Any(parts) => parts.first().is_none_or(|part| self.take(dataset, part, day)),
            Condition::Not(_) | Condition::Formula(_) => false,
            Condition::Cell { field, test: Test::Missing } => !self.0.contains_key(field),
            Condition::Cell { field, test } => match dataset.field(field).and_then(|own| value(test, own.ty, &own.values, day)) {
                Some(text) => {
                    self.0.insert(field.clone(), text);
                    true
                }
                None => false,
            },
        }
    }
}

/// Something that the test takes.
fn value(test: &Test, ty: FieldType, values: &[String], day: NaiveDate) -> Option<String> {
    let number = |literal: &Literal| if let Literal::Number(number) = literal { Some(*number) } else { None };
    match test {
        Test::OneOf(all) => all.first().map(shown),
        Test::Compare(ordering, Operand::Literal(literal)) => {
            let number = number(literal)?;
            Some(match ordering {
                Ordering::AtMost | Ordering::AtLeast => number.to_string(),
                Ordering::Less => (number - Decimal::ONE).to_string(),
                Ordering::Greater | Ordering::NotEqual => (number + Decimal::ONE).to_string(),
            })
        }
        Test::Interval { low, high } => {
            let ends = [low, high].map(|end| end.as_ref().and_then(|(literal, _)| number(literal)));
            Some(match ends {
                [Some(low), Some(high)] => ((low + high) / Decimal::TWO).to_string(),
                [Some(low), None] => (low + Decimal::ONE).to_string(),
                [None, Some(high)] => (high - Decimal::ONE).to_string(),
                [None, None] => return None,
            })
        }
        Test::Present => Some(match ty {
            FieldType::Text => NAME.to_owned(),
            FieldType::OneOf => values.first()?.clone(),
            FieldType::Date | FieldType::Datetime => day.to_string(),
            FieldType::Bool => "是".to_owned(),
            FieldType::Time => "09:00".to_owned(),
            FieldType::Int | FieldType::Decimal | FieldType::Money | FieldType::Percent => "1".to_owned(),
        }),
        Test::Compare(..) | Test::Missing | Test::Like(_) => None,
    }
}

fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Number(number) => number.to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::Datetime(at) => at.to_string(),
        Literal::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
    }
}

/// A case that began on the first working day from `on` and was closed after so long, with the day of its end.
pub(super) fn closed_after(
    loaded: &Loaded,
    pack: &Pack,
    rule: &Rule,
    when: &Condition,
    after: Quantity,
    on: NaiveDate,
) -> Option<(Row, NaiveDate)> {
    let Kind::Deadline(deadline) = &rule.kind else { return None };
    let (dataset, calendar) = (loaded.rules.dataset(&deadline.dataset)?, loaded.calendars.get(&pack.calendar)?);
    let opens = NaiveTime::from_num_seconds_from_midnight_opt(calendar.shifts().first()?.0, 0)?;
    let start = calendar.roll_forward(on)?.and_time(opens);
    let stop = later(start, after, calendar)?;
    let mut row = Row::of(dataset, &[&deadline.scope, when], start.date())?;
    for (field, at) in [(&deadline.start, start), (&deadline.stop, stop)] {
        let text = match dataset.field(field)?.ty {
            FieldType::Date => at.date().to_string(),
            _ => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        };
        row.0.insert(field.clone(), text);
    }
    Some((row, stop.date()))
}

fn later(start: NaiveDateTime, after: Quantity, calendar: &Calendar) -> Option<NaiveDateTime> {
    let whole = after.amount.fract().is_zero().then(|| after.amount.to_u32()).flatten();
    let seconds = || (after.amount * Decimal::from(after.unit.seconds())).to_i64();
    let months = |each: u32| start.checked_add_months(Months::new(whole? * each));
    match (after.unit, whole) {
        (Unit::WorkDay, Some(days)) => Some(calendar.add_working_days(start.date(), days)?.and_time(start.time())),
        (Unit::WorkDay, None) => None,
        (Unit::WorkHour, _) => calendar.add_working_seconds(start, seconds()?),
        (Unit::Minute | Unit::Hour | Unit::Day, _) => start.checked_add_signed(Duration::try_seconds(seconds()?)?),
        (Unit::Month, _) => months(1),
        (Unit::Quarter, _) => months(3),
        (Unit::Year, _) => months(12),
    }
}

/// An amount that somebody approved on the day.
pub(super) fn approved_by(loaded: &Loaded, rule: &Approval, amount: Decimal, post: &str, on: NaiveDate) -> Option<Row> {
    let dataset = loaded.rules.dataset(&rule.dataset)?;
    let mut row = Row::of(dataset, &[&rule.scope], on)?;
    let at = rule.at.as_ref().or(dataset.at.as_ref());
    row.0.extend(at.map(|field| (field.clone(), on.to_string())));
    row.0.insert(rule.amount.clone(), amount.to_string());
    row.0.insert(rule.actor.clone(), post.to_owned());
    Some(row)
}
