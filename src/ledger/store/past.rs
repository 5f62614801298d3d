//! Earlier months as the company's own books of rewards and penalties tell them.

use rusqlite::params;
use rust_decimal::Decimal;

use super::{Turn, decisions};
use crate::diag::Diag;

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
