//! The columns of a list: the verdict, the subject's own fields, what the rule says, where it stands.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::ledger::{Figures, Finding};
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::lookup::Lookup;
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::statistics::{blank, group_value};
use crate::reports::{Month, text, wording};
use crate::rules::kinds::{GroupBy, Kind, Measured, Part, Section, Shown};
use crate::rules::{Dataset, Formula, Rule};

/// Column of the outcome.
pub const OUTCOME: usize = 0;
const FIELDS: usize = 2;

pub struct Columns<'m> {
    section: &'m Section,
    lookup: Lookup<'m>,
    fields: Vec<Option<FrameColumn<'m>>>,
    /// What an empty cell of the group is called.
    blank: &'static str,
}

impl<'m> Columns<'m> {
    pub fn new(section: &'m Section, lookup: Lookup<'m>, dataset: Option<&Dataset>) -> Self {
        let blank = match &section.group {
            Some(GroupBy::Field(field)) => blank(dataset, field),
            _ => blank(None, ""),
        };
        let fields = section.columns.iter().map(|field| lookup.column(field)).collect();
        Self { section, lookup, fields, blank }
    }

    /// `rules`: those that are listed.
    pub fn headings(&self, month: &Month<'_>, rules: &[&Rule]) -> Vec<Column> {
        let dataset = month.rules.dataset(&self.section.dataset).map(std::convert::AsRef::as_ref);
        let subject = alike(rules, grouped).unwrap_or_else(|| "编号".to_owned());
        let mut columns = vec![Column::new("结果", Style::Centre), Column::new(subject, Style::Wrapped).at_most(18)];
        for (name, field) in self.section.columns.iter().zip(&self.fields) {
            let style = field_style(dataset, name).or(field.as_ref().map(FrameColumn::style)).unwrap_or(Style::Text);
            columns.push(Column::new(name, if style == Style::Text { Style::Wrapped } else { style }).with_unit().at_most(22));
        }
        columns.extend(self.section.show.iter().map(|shown| match alike(rules, |rule| figure_title(*shown, rule)) {
            Some(title) => Column { header: title, ..heading(*shown) },
            None => heading(*shown),
        }));
        for (shown, column) in self.section.show.iter().zip(&mut columns[FIELDS + self.section.columns.len()..]) {
            if rules.iter().all(|rule| is_money(month, *shown, rule)) {
                column.style = Style::Money;
                *column = column.clone().with_unit();
            }
        }
        columns.push(Column::new("说明", Style::Wrapped).at_least(24).at_most(44));
        columns.push(Column::new("出处", Style::Wrapped).at_most(44));
        columns.push(Column::new("行", Style::Centre));
        columns
    }

    /// Place of the column that the list is broken down by.
    pub fn group_at(&self) -> Option<usize> {
        let section = self.section;
        Some(match section.group.as_ref()? {
            GroupBy::Field(name) => FIELDS + section.columns.iter().position(|column| column == name)?,
            GroupBy::Shown(shown) => self.shown_at(*shown)?,
        })
    }

    pub fn shown_at(&self, shown: Shown) -> Option<usize> {
        Some(FIELDS + self.section.columns.len() + self.section.show.iter().position(|other| *other == shown)?)
    }

    /// The text that the finding is grouped by, as its cell shows it.
    pub fn key(&self, month: &Month<'_>, finding: &Finding, at: usize) -> String {
        let mut values = Vec::new();
        self.fill(month, finding, &mut values);
        text::shown(&values[at], Style::Text)
    }

    /// What the list is to add up: places of columns, and their sums.
    pub fn sums(&self, found: &[Arc<Finding>]) -> Vec<(usize, Decimal)> {
        // what the list is grouped by stands in it as text
        let summed = |at: &usize| Some(FIELDS + at) != self.group_at();
        let places =
            self.section.sum.iter().filter_map(|name| self.section.columns.iter().position(|column| column == name)).filter(summed);
        let mut sums: Vec<(usize, Decimal)> = places.map(|at| (FIELDS + at, Decimal::ZERO)).collect();
        if sums.is_empty() {
            return sums;
        }
        for finding in found {
            let row = self.lookup.row(&finding.place);
            for (at, sum) in &mut sums {
                *sum += match self.fields[*at - FIELDS].as_ref().zip(row).map(|(field, row)| field.get(row)) {
                    Some(Value::Number(number)) => number,
                    Some(Value::Int(int)) => int.into(),
                    _ => Decimal::ZERO,
                };
            }
        }
        sums
    }

    pub fn fill<'x>(&self, month: &'x Month<'x>, finding: &'x Finding, values: &mut Vec<Value<'x>>)
    where
        'm: 'x,
    {
        let row = self.lookup.row(&finding.place);
        let group = self.group_at();
        values.extend([Value::text(wording::verdict(finding)), Value::text(wording::subject(month, finding))]);
        for field in &self.fields {
            values.push(field.as_ref().zip(row).map_or(Value::Blank, |(field, row)| field.get(row)));
        }
        values.extend(self.section.show.iter().map(|shown| value(month, *shown, finding)));
        if let Some(at) = group {
            let value = std::mem::replace(&mut values[at], Value::Blank);
            values[at] = group_value(value, self.blank);
        }
        values.push(Value::text(finding.message.as_str()));
        values.extend(wording::origin(month, &finding.place));
    }
}

/// What all of the rules say.
fn alike(rules: &[&Rule], says: impl Fn(&Rule) -> Option<String>) -> Option<String> {
    let said = says(rules.first()?)?;
    rules.iter().all(|rule| says(rule).as_ref() == Some(&said)).then_some(said)
}

/// What the subjects of a rule are, where it makes them itself.
fn grouped(rule: &Rule) -> Option<String> {
    let fields = match &rule.kind {
        Kind::Ratio(ratio) => &ratio.group,
        Kind::Reconcile(reconcile) => &reconcile.by,
        _ => return None,
    };
    (!fields.is_empty()).then(|| fields.join("、"))
}

/// The name that a rule gives to a figure.
fn figure_title(shown: Shown, rule: &Rule) -> Option<String> {
    match (&rule.kind, shown) {
        (Kind::Ratio(ratio), Shown::Numerator) => Some(ratio.titles()[0].to_owned()),
        (Kind::Ratio(ratio), Shown::Denominator) => Some(ratio.titles()[1].to_owned()),
        _ => None,
    }
}

/// A figure that is made of money and numbers alone.
fn is_money(month: &Month<'_>, shown: Shown, rule: &Rule) -> bool {
    let part = |part: &Part| part.sum.as_ref().is_some_and(|sum| of_money(month, &part.dataset, sum));
    match (&rule.kind, shown) {
        (Kind::Ratio(ratio), Shown::Numerator) => match &ratio.measured {
            Measured::Parts { numerator, .. } | Measured::Per { numerator, .. } => part(numerator),
            Measured::Kept { .. } => false,
        },
        (Kind::Ratio(ratio), Shown::Denominator) => matches!(&ratio.measured, Measured::Parts { denominator, .. } if part(denominator)),
        (Kind::Reconcile(rule), Shown::Left | Shown::Right | Shown::Difference) => {
            !rule.left.percent && of_money(month, &rule.dataset, &rule.left.formula)
        }
        _ => false,
    }
}

fn of_money(month: &Month<'_>, dataset: &str, formula: &Formula) -> bool {
    month.rules.dataset(dataset).is_some_and(|dataset| formula.is_money(dataset))
}

fn heading(shown: Shown) -> Column {
    match shown {
        Shown::Rule | Shown::Fault | Shown::Clause => Column::new(shown.title(), Style::Wrapped).at_most(18),
        Shown::Unit | Shown::Person => Column::new(shown.title(), Style::Text),
        Shown::Amount => Column::new("金额（元）", Style::Money),
        Shown::Rate => Column::new(shown.title(), Style::Percent),
        Shown::Left | Shown::Right | Shown::Difference | Shown::Numerator | Shown::Denominator => {
            Column::new(shown.title(), Style::Quantity)
        }
        Shown::Start | Shown::Due | Shown::Stop | Shown::Limit | Shown::Elapsed | Shown::Overrun => {
            Column::new(shown.title(), Style::Centre)
        }
    }
}

fn value<'x>(month: &'x Month<'x>, shown: Shown, finding: &'x Finding) -> Value<'x> {
    match shown {
        Shown::Rule => Value::text(wording::rule_title(month, finding)),
        Shown::Fault if finding.fault.is_empty() => Value::text(wording::rule_title(month, finding)),
        Shown::Fault => Value::text(finding.fault.as_str()),
        Shown::Unit => Value::text(finding.unit.as_str()),
        Shown::Person => Value::text(finding.person.as_str()),
        Shown::Start => Value::text(wording::moment_text(finding.start)),
        Shown::Due => Value::text(wording::due_text(finding.due)),
        Shown::Stop => Value::text(wording::moment_text(finding.stop)),
        Shown::Limit => Value::text(finding.lengths().limit),
        Shown::Elapsed => Value::text(finding.lengths().elapsed),
        Shown::Overrun => Value::text(finding.lengths().overrun),
        Shown::Amount => Value::number(finding.amount),
        Shown::Clause => Value::text(finding.clause.as_str()),
        Shown::Left | Shown::Right | Shown::Difference | Shown::Numerator | Shown::Denominator | Shown::Rate => {
            Value::number(finding.figures.as_deref().and_then(|figures| figure(shown, figures)))
        }
    }
}

/// Nothing where the verdict holds no such figures against each other.
fn figure(shown: Shown, figures: &Figures) -> Option<Decimal> {
    match (*figures, shown) {
        (Figures::Pair { left, .. }, Shown::Left) => left,
        (Figures::Pair { right, .. }, Shown::Right) => right,
        (Figures::Pair { difference, .. }, Shown::Difference) => difference,
        (Figures::Share { numerator, .. }, Shown::Numerator) => numerator,
        (Figures::Share { denominator, .. }, Shown::Denominator) => denominator,
        (Figures::Share { rate, .. }, Shown::Rate) => rate,
        _ => None,
    }
}
