//! The faults of a walk in words: stations with their moments.

use super::walk::Fault;
use super::{AGAIN, MISPLACED, SKIPPED, UNKNOWN};
use crate::evaluate::lines::Line;
use crate::evaluate::verdicts::View;
use crate::rules::kinds::{Log, Order, Stop};

/// A message tells so many faults one by one.
const MOST_TOLD: usize = 8;

/// The faults of a line in words.
pub(in crate::evaluate) fn told(rule: &Order, log: &Log, view: &View, line: &Line) -> String {
    let Some(faults) = line.walk.and_then(|walk| view.judged.walks.faults.get(walk)) else { return String::new() };
    let stops = line.version.and_then(|version| rule.route.versions.get(version)).map_or(&[][..], |version| version.body.as_slice());
    let teller = Teller { rule, log, view, line, stops };
    let told = faults.iter().take(MOST_TOLD).map(|fault| teller.fault(fault)).collect::<Vec<_>>().join("；");
    if faults.len() > MOST_TOLD { format!("{told}；等共 {} 处", faults.len()) } else { told }
}

struct Teller<'a> {
    rule: &'a Order,
    log: &'a Log,
    view: &'a View,
    line: &'a Line<'a>,
    stops: &'a [Stop],
}

impl Teller<'_> {
    /// The table's row that a walk's row is.
    fn row(&self, row: usize) -> Option<usize> {
        let rows = &self.view.judged.walks.rows;
        rows.get(self.line.first? + row).map(|row| row as usize)
    }

    fn text(&self, field: &str, row: usize) -> String {
        self.row(row).and_then(|row| self.view.reader.text(field, row)).unwrap_or_default()
    }

    /// `总经理室（2026-10-05 09:00）`
    fn station(&self, row: usize) -> String {
        self.dated(&self.text(&self.log.station, row), row)
    }

    fn dated(&self, name: &str, row: usize) -> String {
        format!("{name}（{}）", self.text(self.rule.at.as_deref().unwrap_or_default(), row))
    }

    fn title(&self, place: usize) -> &str {
        self.stops.get(place).map_or("", |stop| stop.title.as_str())
    }

    fn fault(&self, fault: &Fault) -> String {
        match fault {
            Fault::Skipped { places, before, next } => {
                let stations = places.iter().map(|place| self.title(*place)).collect::<Vec<_>>().join("、");
                let way = match (before, next) {
                    (Some(before), Some(next)) => format!("{} 之后就到 {}", self.station(*before), self.station(*next)),
                    (None, Some(next)) => format!("第一站就是 {}", self.station(*next)),
                    (Some(before), None) => format!("到 {} 为止就已走完{}", self.station(*before), self.ended()),
                    (None, None) => format!("没有一站在路线上就已走完{}", self.ended()),
                };
                format!("{SKIPPED}{stations}，{way}")
            }
            Fault::Late { row, place, other, past } => {
                let (late, early) = (self.dated(self.title(*place), *row), self.dated(self.title(*past), *other));
                format!("{MISPLACED}{late} 在 {early} 之后，应在其前")
            }
            Fault::Early { row, place, other, past } => {
                let (early, late) = (self.dated(self.title(*place), *row), self.dated(self.title(*past), *other));
                format!("{MISPLACED}{early} 在 {late} 之前，应在其后")
            }
            Fault::Again { row, other } => {
                format!("{AGAIN}{} 在 {} 之外多到一次", self.station(*row), self.text(self.rule.at.as_deref().unwrap_or_default(), *other))
            }
            Fault::Unknown { row } => format!("{UNKNOWN}{}", self.station(*row)),
        }
    }

    /// `（结案日期 2026-10-13）`
    fn ended(&self) -> String {
        let done = self.rule.done.as_ref().and_then(|done| Some((done, self.view.reader.text(done, self.line.row?)?)));
        done.map(|(field, at)| format!("（{field} {at}）")).unwrap_or_default()
    }
}
