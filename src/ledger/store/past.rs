//! Earlier months as the company's own books of rewards and penalties tell them.

use rusqlite::params;
use rust_decimal::Decimal;

use super::{Turn, decisions};
use crate::diag::Diag;
use crate::ledger::{History, Time};

/// Outcome of a finding that counts.
const BREACHED: &str = "breached";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// `2026-09`
    pub period: String,
    pub day: String,
    pub person: String,
    pub unit: String,
    pub matter: String,
    /// `pack/rule`; empty where it counts as a time for no rule.
    pub rule: String,
    pub amount: Option<Decimal>,
    pub points: String,
    pub place: String,
}

impl Turn {
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_past(&self, entry: i64, rows: &[Past]) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql = "INSERT INTO past (entry, line, period, day, person, unit, matter, rule, amount, points, place) \
                       VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)";
            let mut statement = conn.prepare(sql)?;
            for (line, row) in (1i64..).zip(rows) {
                let Past { period, day, person, unit, matter, rule, amount, points, place } = row;
                let amount = decisions::yuan(*amount);
                statement.execute(params![entry, line, period, day, person, unit, matter, rule, amount, points, place])?;
            }
            Ok(())
        })
    }

    /// All of them, in the order of their days.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn past(&self) -> Result<Vec<Past>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT period, day, person, unit, matter, rule, amount, points, place FROM past ORDER BY day, entry, line";
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(Past {
                    period: row.get(0)?,
                    day: row.get(1)?,
                    person: row.get(2)?,
                    unit: row.get(3)?,
                    matter: row.get(4)?,
                    rule: row.get(5)?,
                    amount: decisions::money(row, 6)?,
                    points: row.get(7)?,
                    place: row.get(8)?,
                })
            })?;
            rows.collect()
        })
    }
}

impl Turn {
    /// What counts as a time in months after those that are closed, and what no longer does.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn history_before(&self, period: &str) -> Result<History, Diag> {
        let mut history = History::default();
        let closed: Vec<String> = self.ask(|conn| {
            let mut statement = conn.prepare("SELECT period FROM closed WHERE period < ?1 ORDER BY period")?;
            statement.query_map([period], |row| row.get(0))?.collect()
        })?;
        for month in closed {
            for known in self.notices_of(&month)?.iter().filter(|known| known.holding().is_some_and(|decision| decision.state.is_lifted()))
            {
                history.lifted.extend(self.findings_behind(&known.number)?);
            }
            for finding in self.findings_of(&month)?.into_iter().filter(|finding| finding.outcome == BREACHED && !finding.person.is_empty())
            {
                let rule = format!("{}/{}", finding.pack, finding.rule);
                let day = finding.day.get(..10).and_then(|day| day.parse().ok());
                let (Some(day), false) = (day, history.is_lifted(&rule, &finding.subject)) else { continue };
                history.times.push(Time { rule, subject: finding.subject, day, person: finding.person, unit: finding.unit });
            }
        }
        for past in self.past()?.into_iter().filter(|past| !past.rule.is_empty() && *past.period < *period) {
            if let Ok(day) = past.day.parse() {
                history.times.push(Time { rule: past.rule, subject: past.matter, day, person: past.person, unit: past.unit });
            }
        }
        Ok(history)
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
