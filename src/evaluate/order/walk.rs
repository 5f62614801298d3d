//! One walk held against a route: the fewest faults that explain it.

use std::collections::BTreeMap;

/// A place of the route as far as one walk is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Codes of the stations that are this place.
    pub codes: Vec<usize>,
    pub needed: bool,
}

/// What is wrong. `row` and `other` count the walk's rows, `place` and `past` the route's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Needed places without a row, between two rows that are in order; no next row: the case ended.
    Skipped { places: Vec<usize>, before: Option<usize>, next: Option<usize> },
    /// The row stands behind another that should have come after it.
    Late { row: usize, place: usize, other: usize, past: usize },
    /// The row stands before another that should have come first.
    Early { row: usize, place: usize, other: usize, past: usize },
    /// More often than the route allows; `other` is a row of the same station that is in order.
    Again { row: usize, other: usize },
    /// No place of the route is this station.
    Unknown { row: usize },
}

impl Fault {
    /// The row to look at; `None`: the walk's last.
    pub(super) fn row(&self) -> Option<usize> {
        match self {
            Fault::Skipped { next, .. } => *next,
            Fault::Late { row, .. } | Fault::Early { row, .. } | Fault::Again { row, .. } | Fault::Unknown { row } => Some(*row),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub faults: Vec<Fault>,
    /// The last needed place has its row, or the case has ended.
    pub finished: bool,
    /// Places that have a row.
    pub seen: Vec<bool>,
    /// Places before this one are behind the case.
    pub reached: usize,
}

/// A row too many weighs more than one place left out, less than two.
const STRAY: u32 = 3;
const LEFT_OUT: u32 = 2;

/// Holds a walk, a station code a row, against the places. `ended`: nothing more will come.
pub(super) fn hold(walk: &[usize], places: &[Place], ended: bool) -> Held {
    let matched = align(walk, places, ended);
    let mut place_row: Vec<Option<usize>> = vec![None; places.len()];
    for (row, place) in matched.iter().enumerate() {
        if let Some(place) = place {
            place_row[*place] = Some(row);
        }
    }
    let last_needed = places.iter().rposition(|place| place.needed);
    let finished = ended || last_needed.is_some_and(|last| place_row[last..].iter().any(Option::is_some));
    let furthest = place_row.iter().rposition(Option::is_some).map_or(0, |place| place + 1);
    let reached = if finished { places.len() } else { furthest };

    let mut faults = Vec::new();
    let mut explained: Vec<bool> = place_row.iter().map(Option::is_some).collect();
    for (row, _) in matched.iter().enumerate().filter(|(_, place)| place.is_none()) {
        let same = place_row.iter().flatten().copied().filter(|other| alike(walk[row], walk[*other], places));
        let other = same.clone().filter(|other| *other < row).max().or_else(|| same.min());
        // a station that has its row already is looked for only where the case has been
        let within = if other.is_some() { reached } else { places.len() };
        let moved = (0..within).filter(|&place| !explained[place] && places[place].codes.contains(&walk[row])).find_map(|place| {
            let behind = (place + 1..places.len()).find_map(|past| Some((past, place_row[past].filter(|other| *other < row)?)));
            let ahead = || (0..place).rev().find_map(|past| Some((past, place_row[past].filter(|other| *other > row)?)));
            let late = behind.map(|(past, other)| Fault::Late { row, place, other, past });
            late.or_else(|| ahead().map(|(past, other)| Fault::Early { row, place, other, past })).map(|fault| (place, fault))
        });
        faults.push(match (moved, other) {
            (Some((place, fault)), _) => {
                explained[place] = true;
                fault
            }
            (None, Some(other)) => Fault::Again { row, other },
            (None, None) => Fault::Unknown { row },
        });
    }
    let mut place = 0;
    while place < reached {
        if explained[place] || !places[place].needed {
            place += 1;
            continue;
        }
        let next = (place..places.len()).find(|at| place_row[*at].is_some());
        let end = next.unwrap_or(reached);
        let left_out = (place..end).filter(|at| places[*at].needed && !explained[*at]).collect();
        let before = place_row[..place].iter().rev().find_map(|row| *row);
        faults.push(Fault::Skipped { places: left_out, before, next: next.and_then(|at| place_row[at]) });
        place = end;
    }
    faults.sort_by_key(|fault| fault.row().unwrap_or(usize::MAX));
    Held { faults, finished, seen: place_row.iter().map(Option::is_some).collect(), reached }
}

/// Both stations are the same place somewhere.
fn alike(one: usize, two: usize, places: &[Place]) -> bool {
    one == two || places.iter().any(|place| place.codes.contains(&one) && place.codes.contains(&two))
}

/// What it costs to leave a row without a place, by its station: one that came once only is rather a jump than one too many.
fn strays(walk: &[usize], places: &[Place]) -> BTreeMap<usize, u32> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for code in walk {
        *counts.entry(*code).or_default() += 1;
    }
    let jump = u32::try_from(places.len()).unwrap_or(u32::MAX).saturating_mul(LEFT_OUT);
    let cost = |code: usize| {
        let visits: usize = counts.iter().filter(|(other, _)| alike(code, **other, places)).map(|(_, count)| count).sum();
        if visits > 1 { STRAY } else { jump.saturating_add(STRAY) }
    };
    counts.keys().map(|code| (*code, cost(*code))).collect()
}

/// The place of each row in the cheapest explanation; of equals the one that takes rows as early as it can.
fn align(walk: &[usize], places: &[Place], ended: bool) -> Vec<Option<usize>> {
    let (rows, width) = (walk.len(), places.len() + 1);
    let left_out = |place: &Place| if place.needed { LEFT_OUT } else { 0 };
    let strays = strays(walk, places);
    let stray = |row: usize| strays.get(&walk[row]).copied().unwrap_or(STRAY);
    // cost of the walk from a row on, with the places from one on
    let mut cost = vec![0u32; (rows + 1) * width];
    for at in (0..places.len()).rev().filter(|_| ended) {
        cost[rows * width + at] = cost[rows * width + at + 1] + left_out(&places[at]);
    }
    for row in (0..rows).rev() {
        cost[row * width + places.len()] = cost[(row + 1) * width + places.len()] + stray(row);
        for (at, place) in places.iter().enumerate().rev() {
            let without = cost[(row + 1) * width + at] + stray(row);
            let skip = cost[row * width + at + 1] + left_out(place);
            let here = if place.codes.contains(&walk[row]) { cost[(row + 1) * width + at + 1] } else { u32::MAX };
            cost[row * width + at] = here.min(skip).min(without);
        }
    }
    let mut matched = vec![None; rows];
    let (mut row, mut at) = (0, 0);
    while row < rows && at < places.len() {
        let now = cost[row * width + at];
        if places[at].codes.contains(&walk[row]) && now == cost[(row + 1) * width + at + 1] {
            matched[row] = Some(at);
            row += 1;
            at += 1;
        } else if now == cost[(row + 1) * width + at] + stray(row) {
            row += 1;
        } else {
            at += 1;
        }
    }
    matched
}
