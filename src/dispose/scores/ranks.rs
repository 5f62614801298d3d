//! Places by score. Equal scores share a place, the next one is skipped; within a place people stand in the order of unit and name.

use rust_decimal::Decimal;

use crate::ledger::Person;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Place in the list that was asked about.
    pub index: usize,
    /// From 1; `None` without a score.
    pub place: Option<usize>,
}

/// In order of places; those without a score come last.
pub fn ranked(people: &[(&Person, Option<Decimal>)]) -> Vec<Ranked> {
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by(|a, b| {
        let ((one, first), (other, second)) = (people[*a], people[*b]);
        second.cmp(&first).then_with(|| one.cmp(other)).then(a.cmp(b))
    });
    let mut places: Vec<Ranked> = Vec::with_capacity(order.len());
    for (at, index) in order.into_iter().enumerate() {
        let score = people[index].1;
        let shared = places.last().filter(|before| people[before.index].1 == score).and_then(|before| before.place);
        places.push(Ranked { index, place: score.map(|_| shared.unwrap_or(at + 1)) });
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_share_a_place_and_the_next_is_skipped() {
        let person = |unit: &str, name: &str| Person { unit: unit.into(), name: name.into() };
        let people = [person("二组", "丁"), person("一组", "甲"), person("一组", "乙"), person("一组", "丙")];
        let scores = [Some(90), Some(95), Some(90), None].map(|score| score.map(Decimal::from));
        let list: Vec<_> = people.iter().zip(scores).collect();
        let said: Vec<_> = ranked(&list).into_iter().map(|r| (people[r.index].name.to_string(), r.place)).collect();
        let expected = [("甲", Some(1)), ("乙", Some(2)), ("丁", Some(2)), ("丙", None)];
        assert_eq!(said, expected.map(|(name, place)| (name.to_owned(), place)));
    }
}
