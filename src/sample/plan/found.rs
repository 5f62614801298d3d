//! What a run must find, from the plan alone.

use std::ops::Range;

use super::draft::{Draft, Fault};
use super::plan::{Plan, Plant};
use super::text::{Part, Text};
use super::value::Value;
use super::world::Seat;
use crate::calendar::Period;
use crate::sample::table::Spot;

/// One line of the answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub month: usize,
    pub rule: String,
    pub outcome: &'static str,
    /// `None` where the table has no key: the finding names the row of the sheet.
    pub subject: Option<String>,
    pub spot: Spot,
    pub note: String,
}

impl Found {
    /// Two of the same are one finding; rows without a key differ by where they stand.
    pub fn key(&self) -> (usize, &str, &str, Option<&str>, Option<&Spot>) {
        let spot = self.subject.is_none().then_some(&self.spot);
        (self.month, &self.rule, self.outcome, self.subject.as_deref(), spot)
    }
}

/// An entry of `finds`.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    pub rule: String,
    pub outcome: &'static str,
    pub subject: Option<Text>,
    pub when: When,
    pub span: Range<usize>,
}

/// In which months.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    Same,
    Next,
    /// That of the row and all after it.
    Onward,
    /// All after it.
    After,
    In(Vec<usize>),
    /// Where this date lies.
    On(Text),
}

impl Find {
    pub fn found(&self, draft: &mut Draft<'_>, plan: &Plan, table: usize, seat: &Seat, plant: &Plant) -> Result<Vec<Found>, Fault> {
        let own = seat.month.unwrap_or(0);
        let all = 0..plan.months.len();
        let months: Vec<usize> = match &self.when {
            When::Same => vec![own],
            When::Next => all.skip(own + 1).take(1).collect(),
            When::Onward => all.skip(own).collect(),
            When::After => all.skip(own + 1).collect(),
            When::In(months) => months.clone(),
            When::On(text) => {
                let said = draft.text(text, &self.span)?;
                let day = said.get(..10).and_then(|day| day.parse().ok());
                let day =
                    day.ok_or_else(|| Fault { span: self.span.clone(), message: format!("month 所指的「{said}」不是日期") })?;
                all.filter(|month| plan.months[*month].contains(day)).collect()
            }
        };
        let subject = match (&self.subject, &plan.tables[table].dataset) {
            (Some(text), _) => Some(draft.text(text, &self.span)?),
            (None, Some(dataset)) if !dataset.key.is_empty() => {
                let parts: Vec<Value> = dataset.key.iter().map(|field| draft.value(field)).collect::<Result<_, _>>()?;
                Some(parts.iter().map(Value::text).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
            }
            _ => None,
        };
        let spot = if plant.drop { Spot::Nowhere } else { Spot::Row(table, seat.no) };
        let line = |month| Found {
            month,
            rule: self.rule.clone(),
            outcome: self.outcome,
            subject: subject.clone(),
            spot: spot.clone(),
            note: plant.note.clone(),
        };
        Ok(months.into_iter().map(line).collect())
    }
}

/// An `[[expect]]`: a finding that follows from many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    pub rule: String,
    pub outcome: &'static str,
    pub subject: Text,
    pub months: Vec<usize>,
    pub note: String,
}

impl Expect {
    pub fn found<'e>(&'e self, plan: &'e Plan) -> impl Iterator<Item = Found> + 'e {
        self.months.iter().map(move |month| Found {
            month: *month,
            rule: self.rule.clone(),
            outcome: self.outcome,
            subject: Some(self.said(plan.months[*month])),
            spot: Spot::Nowhere,
            note: self.note.clone(),
        })
    }

    fn said(&self, month: Period) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Month(format) => month.first.format(format).to_string(),
            Part::Of(_) | Part::Seq(_) | Part::No(_) => String::new(),
        };
        self.subject.0.iter().map(part).collect()
    }
}
