//! Whose rows are whose: two people of one name in two units are two people.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::Reader;
use crate::ledger::{Person, Pool};

/// The person of a row; no name where the cell is empty.
pub(super) fn person(reader: &Reader, name: &str, unit: Option<&String>, row: usize, pool: &mut Pool) -> Person {
    let mut text = |field: &str| pool.share(reader.text(field, row).as_deref().unwrap_or_default());
    let name = text(name);
    Person { unit: unit.map(|unit| text(unit)).unwrap_or_default(), name }
}

/// Rows by their people.
pub(super) struct Assigned {
    /// Person, place in the list that was asked about, and whether it may as well be another's.
    pub rows: Vec<(Person, usize, bool)>,
    /// Names that stand in several units.
    pub shared: BTreeSet<String>,
}

/// A row without a unit belongs to the one unit in which its name stands; where there are several, it is in doubt for each of
/// them. Rows without a name belong to nobody.
pub(super) fn assigned<'p>(people: impl Iterator<Item = (usize, &'p Person)> + Clone) -> Assigned {
    let mut units: BTreeMap<&str, BTreeSet<&Person>> = BTreeMap::new();
    for (_, person) in people.clone().filter(|(_, person)| !person.unit.is_empty()) {
        units.entry(&person.name).or_default().insert(person);
    }
    let mut rows = Vec::new();
    for (at, person) in people.filter(|(_, person)| !person.name.is_empty()) {
        match units.get(person.name.as_str()) {
            Some(named) if person.unit.is_empty() => rows.extend(named.iter().map(|one| ((*one).clone(), at, named.len() > 1))),
            _ => rows.push((person.clone(), at, false)),
        }
    }
    let shared = units.iter().filter(|(_, named)| named.len() > 1).map(|(name, _)| (*name).to_owned()).collect();
    Assigned { rows, shared }
}
