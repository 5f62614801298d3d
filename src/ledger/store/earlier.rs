//! What later months need to know of those that are closed.

use super::Turn;
use crate::diag::Diag;
use crate::ledger::{History, Person, PointsGiven, Time, YearMonth};

/// Outcome of a finding that counts.
const BREACHED: &str = "breached";

impl Turn {
    /// What the closed months before this one, and the company's own older books, tell later months.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn history_before(&self, period: &str) -> Result<History, Diag> {
        let mut history = History::default();
        let closed: Vec<(String, i64)> = self.ask(|conn| {
            let mut statement = conn.prepare("SELECT period, run FROM closed WHERE period < ?1 ORDER BY period")?;
            statement.query_map([period], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })?;
        for (name, run) in &closed {
            let Ok(month) = name.parse() else { continue };
            self.add_month(&mut history, name, month)?;
            let sums = self.sums_at(*run)?;
            history.points.extend(sums.points);
            history.scores.extend(sums.scores);
            history.figures.extend(sums.figures.into_iter().map(|(rule, tally)| ((rule, month), tally)));
        }
        let mut points = std::mem::take(&mut history.points);
        points.retain(|given| !history.is_lifted(&given.cause.0, &given.cause.1, Some(YearMonth::of(given.day))));
        history.points = points;
        self.add_past(&mut history, period)?;
        Ok(history)
    }

    fn add_month(&self, history: &mut History, name: &str, month: YearMonth) -> Result<(), Diag> {
        history.months.insert(month);
        for known in self.notices_of(name)?.iter().filter(|known| known.holding().is_some_and(|decision| decision.state.is_lifted())) {
            for (rule, subject) in self.findings_behind(&known.number)? {
                history.lift(rule, subject, month);
            }
        }
        for finding in self.findings_of(name)?.into_iter().filter(|finding| finding.outcome == BREACHED && !finding.person.is_empty()) {
            let rule = format!("{}/{}", finding.pack, finding.rule);
            let day = finding.day.get(..10).and_then(|day| day.parse().ok());
            let (Some(day), false) = (day, history.is_lifted_in(&rule, &finding.subject, month)) else { continue };
            history.times.push(Time { rule, subject: finding.subject, day, person: finding.person, unit: finding.unit });
        }
        Ok(())
    }

    /// Rows of the company's own books count as times, and as points where they have any.
    fn add_past(&self, history: &mut History, period: &str) -> Result<(), Diag> {
        for past in self.past()?.into_iter().filter(|past| !past.rule.is_empty() && *past.period < *period) {
            let Ok(day) = past.day.parse() else { continue };
            if let Ok(points) = past.points.parse() {
                let person = Person { unit: past.unit.as_str().into(), name: past.person.as_str().into() };
                let (rule, item) = (past.rule.clone(), past.matter.clone());
                history.points.push(PointsGiven { rule, person, day, item, points: Some(points), cause: Default::default() });
            }
            history.times.push(Time { rule: past.rule, subject: past.matter, day, person: past.person, unit: past.unit });
        }
        Ok(())
    }

    /// Rule and subject of what a notice is about.
    fn findings_behind(&self, number: &str) -> Result<Vec<(String, String)>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT DISTINCT f.pack || '/' || f.rule, f.subject FROM notice_findings n JOIN findings f ON f.id = n.finding WHERE n.number = ?1";
            let mut statement = conn.prepare(sql)?;
            statement.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }
}
