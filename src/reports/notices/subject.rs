//! What a form calls the case that a finding is about, and which rows of the tables tell of it.

use std::collections::BTreeMap;

use crate::ledger::Finding;
use crate::normalise::RowText;
use crate::reports::lookup::Lookup;
use crate::reports::sheet::Value;
use crate::reports::{Month, wording};

/// The rows that findings are about, by the rule that found them.
pub(super) struct Subjects<'m> {
    keyed: BTreeMap<(&'m str, &'m str), (Lookup<'m>, &'m [String])>,
}

#[derive(Debug)]
pub(super) struct Subject {
    /// First field of the key, where it is text: rows of other tables are found by it.
    pub case: Option<String>,
    /// `261008 / 站序 3`, `业务员 宁佩兰 / 月份 2026-08`
    pub words: String,
    key: Vec<(String, String)>,
    /// The key begins with a person or names a day: rows that begin alike are about something else.
    is_alone: bool,
}

impl<'m> Subjects<'m> {
    pub(super) fn new(month: &'m Month<'m>) -> Self {
        let mut keyed = BTreeMap::new();
        for (pack, rule) in month.rules.rules() {
            let Some(table) = rule.kind.dataset().and_then(|dataset| month.tables.get(dataset)) else { continue };
            if !table.dataset.key.is_empty() {
                let found = (Lookup::new(month, &table.dataset.name), table.dataset.key.as_slice());
                keyed.insert((pack.id.as_str(), rule.head.id.as_str()), found);
            }
        }
        Self { keyed }
    }

    pub(super) fn of(&self, finding: &Finding) -> Subject {
        let key = self.key(finding).unwrap_or_default();
        let case = match key.first() {
            Some((_, Value::Text(case))) => Some(case.to_string()),
            _ => None,
        };
        let is_alone = key.iter().enumerate().any(|(at, (_, value))| match value {
            // a person who comes behind a case is one of those whom the case is about
            Value::Text(text) => at == 0 && !finding.person.is_empty() && *text == finding.person.as_str(),
            Value::Date(_) | Value::Datetime(_) => true,
            _ => false,
        });
        // a number alone says nothing behind another part of a key
        let is_number = |value: &Value<'_>| matches!(value, Value::Int(_) | Value::Number(_));
        let key = key.into_iter().filter_map(|(field, value)| Some((is_number(&value), (field.to_owned(), plain(&value)?))));
        let (numbers, key): (Vec<bool>, Vec<(String, String)>) = key.unzip();
        let named = |(field, value): &(String, String)| format!("{field} {}", short(field, value));
        // a report that is owed, a sum: they have names of their own
        let is_row = key.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("/") == finding.subject;
        let words: Vec<String> = match (is_row, is_alone) {
            (false, _) => finding.subject.split('/').map(str::to_owned).collect(),
            (true, false) => {
                let words = |(at, part): (usize, &(String, String))| if at > 0 && numbers[at] { named(part) } else { part.1.clone() };
                key.iter().enumerate().map(words).collect()
            }
            (true, true) => key.iter().map(named).collect(),
        };
        Subject { case, words: words.join(" / "), key, is_alone }
    }

    fn key(&self, finding: &Finding) -> Option<Vec<(&'m str, Value<'m>)>> {
        let (lookup, fields) = self.keyed.get(&(finding.pack.as_str(), finding.rule.as_str()))?;
        let row = lookup.row(&finding.place)?;
        let value = |field: &'m String| Some((field.as_str(), lookup.column(field)?.get(row)));
        Some(fields.iter().filter_map(value).collect())
    }
}

impl Subject {
    /// Of the rows that begin with the same case those that tell of this one: nothing in their keys speaks against it.
    pub(super) fn rows(&self, month: &Month<'_>, finding: &Finding, rows: &[RowText]) -> Vec<RowText> {
        let is_own = |row: &&RowText| {
            let source = month.tables.source(row.origin.source);
            row.origin.row == finding.place.row
                && source.is_some_and(|source| finding.place.file == source.file.as_str() && finding.place.sheet == source.sheet.as_str())
        };
        let fits = |row: &&RowText| {
            let key = month.tables.get(&row.dataset).map_or(&[][..], |table| table.dataset.key.as_slice());
            let cell = |name: &str| row.cells.iter().find(|cell| cell.field == name).map(|cell| cell.text.as_str());
            let mine = |name: &str| self.key.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
            key.iter().all(|name| mine(name).is_none_or(|mine| cell(name) == Some(mine)))
        };
        rows.iter().filter(|row| if self.is_alone { is_own(row) } else { fits(row) }).cloned().collect()
    }
}

/// As the finding's subject is written.
fn plain(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Date(date) => date.to_string(),
        Value::Datetime(at) => wording::moment_text(Some(crate::ledger::Moment::Datetime(*at))),
        _ => return None,
    })
}

/// A month is kept as its first day.
fn short<'v>(field: &str, value: &'v str) -> &'v str {
    if field.ends_with('月') || field.ends_with("月份") { value.strip_suffix("-01").unwrap_or(value) } else { value }
}
