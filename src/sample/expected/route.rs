//! The order of the stations, told apart by what this office can get wrong.

use super::Book;
use crate::sample::case::{Case, Station};
use crate::sample::table::Spot;

/// Where each desk stands on the way; the two desks that come twice are told by their seat.
const WAY: [&str; 7] = ["总经理室", "质管部", "制造部", "研发部", "业务部门", "总经理室", "业务部门"];
const OPTIONAL: usize = 3;

impl Book<'_> {
    pub fn route(&mut self, case: &Case) {
        let last = self.last();
        let seen: Vec<&Station> = case.stations.iter().filter(|station| station.received.date() <= last).collect();
        let concerns = seen.iter().any(|station| self.has(station.received.date())) || case.closed.is_some_and(|closed| self.has(closed));
        if !concerns {
            return;
        }
        if let Some((seat, note)) = wrong(&seen) {
            self.add("liuzhuan", "breached", case, Spot::Station(case.number.clone(), seat), note);
        }
    }
}

/// The seat of the first row that is not where it should be.
fn wrong(seen: &[&Station]) -> Option<(usize, String)> {
    let mut next = 0;
    for station in seen {
        let at = (next..WAY.len()).find(|at| WAY[*at] == station.desk);
        match at {
            None => return Some((station.seat, format!("{}又来一次", station.desk))),
            Some(at) if (next..at).any(|between| between != OPTIONAL) => {
                return Some((station.seat, format!("没有经过{}就到{}", WAY[next], station.desk)));
            }
            Some(at) => next = at + 1,
        }
    }
    None
}
