//! The columns of a list: the verdict, the subject's own fields, what the rule says, where it stands.

use rust_decimal::Decimal;

use crate::ledger::{Figures, Finding};
use crate::reports::frame::{FrameColumn, field_style};
use crate::reports::lookup::Lookup;
use crate::reports::sheet::{Column, Style, Value};
use crate::reports::statistics::group_value;
use crate::reports::{Month, text, wording};
use crate::rules::kinds::{GroupBy, Section, Shown};

/// Column of the outcome.
pub const OUTCOME: usize = 0;
const FIELDS: usize = 2;

pub struct Columns<'m> {
    section: &'m Section,
    lookup: Lookup<'m>,
    fields: Vec<Option<FrameColumn<'m>>>,
}

impl<'m> Columns<'m> {
    pub fn new(section: &'m Section, lookup: Lookup<'m>) -> Self {
        let fields = section.columns.iter().map(|field| lookup.column(field)).collect();
        Self { section, lookup, fields }
    }

    pub fn headings(&self, month: &Month<'_>) -> Vec<Column> {
        let dataset = month.rules.dataset(&self.section.dataset).map(std::convert::AsRef::as_ref);
        let mut columns = vec![Column::new("结果", Style::Centre), Column::new("编号", Style::Wrapped).at_most(18)];
        for (name, field) in self.section.columns.iter().zip(&self.fields) {
            let style = field_style(dataset, name).or(field.as_ref().map(FrameColumn::style)).unwrap_or(Style::Text);
            columns.push(Column::new(name, if style == Style::Text { Style::Wrapped } else { style }).at_most(22));
        }
        columns.extend(self.section.show.iter().map(|shown| heading(*shown)));
        columns.push(Column::new("说明", Style::Wrapped).at_least(24).at_most(44));
        columns.push(Column::new("出处", Style::Wrapped).at_most(30));
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

    pub fn fill<'x>(&self, month: &'x Month<'x>, finding: &'x Finding, values: &mut Vec<Value<'x>>)
    where
        'm: 'x,
    {
        let row = self.lookup.row(&finding.place);
        let group = self.group_at();
        values.extend([Value::text(wording::verdict(finding)), Value::text(finding.subject.as_str())]);
        for field in &self.fields {
            values.push(field.as_ref().zip(row).map_or(Value::Blank, |(field, row)| field.get(row)));
        }
        values.extend(self.section.show.iter().map(|shown| value(month, *shown, finding)));
        if let Some(at) = group {
            let value = std::mem::replace(&mut values[at], Value::Blank);
            values[at] = group_value(value);
        }
        values.push(Value::text(finding.message.as_str()));
        values.extend(wording::origin(month, &finding.place));
    }
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
        Shown::Due => Value::text(wording::moment_text(finding.due)),
        Shown::Stop => Value::text(wording::moment_text(finding.stop)),
        Shown::Limit => Value::text(wording::quantity(finding.limit)),
        Shown::Elapsed => Value::text(wording::quantity(finding.elapsed)),
        Shown::Overrun => Value::text(wording::quantity(finding.overrun)),
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
