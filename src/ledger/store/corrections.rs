//! What a closed month should have been, by those whom it touches.

use rusqlite::{OptionalExtension as _, params};
use rust_decimal::Decimal;

use super::{Kind, Turn, decisions};
use crate::diag::Diag;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Of the closed notice; empty where there was none.
    pub number: String,
    pub recipient: String,
    pub unit: String,
    pub closed: Decimal,
    pub corrected: Decimal,
    pub why: String,
}

impl Correction {
    /// More than nothing is to be paid on top, less is to be paid back.
    pub fn difference(&self) -> Decimal {
        self.corrected - self.closed
    }
}

impl Turn {
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_corrections(&self, entry: i64, period: &str, corrections: &[Correction]) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql = "INSERT INTO corrections (entry, line, period, number, recipient, unit, closed, corrected, difference, why) \
                       VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
            let mut statement = conn.prepare(sql)?;
            for (line, one) in (1i64..).zip(corrections) {
                let yuan = |amount: Decimal| decisions::yuan(Some(amount));
                let (closed, corrected, difference) = (yuan(one.closed), yuan(one.corrected), yuan(one.difference()));
                statement.execute(params![
                    entry,
                    line,
                    period,
                    one.number,
                    one.recipient,
                    one.unit,
                    closed,
                    corrected,
                    difference,
                    one.why
                ])?;
            }
            Ok(())
        })
    }

    /// Those that were entered last for a closed month.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn corrections_of(&self, period: &str) -> Result<Vec<Correction>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT max(seq) FROM journal WHERE kind = ?1 AND period = ?2";
            let last: Option<i64> = conn.query_row(sql, [Kind::Restate.name(), period], |row| row.get(0))?;
            let sql = "SELECT number, recipient, unit, closed, corrected, why FROM corrections WHERE entry = ?1 ORDER BY line";
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([last.unwrap_or_default()], |row| {
                Ok(Correction {
                    number: row.get(0)?,
                    recipient: row.get(1)?,
                    unit: row.get(2)?,
                    closed: decisions::money(row, 3)?.unwrap_or_default(),
                    corrected: decisions::money(row, 4)?.unwrap_or_default(),
                    why: row.get(5)?,
                })
            })?;
            rows.collect()
        })
    }

    /// Closed months before this one that were corrected.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn corrected_before(&self, period: &str) -> Result<Vec<String>, Diag> {
        self.ask(|conn| {
            let mut statement = conn.prepare("SELECT DISTINCT period FROM journal WHERE kind = ?1 AND period < ?2 ORDER BY period")?;
            statement.query_map([Kind::Restate.name(), period], |row| row.get(0))?.collect()
        })
    }

    /// What earlier months took over already of a correction.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn carried_before(&self, period: &str, rule: &str, recipient: &str, unit: &str) -> Result<Decimal, Diag> {
        let numbers: Vec<String> = self.ask(|conn| {
            let sql = "SELECT number FROM numbers WHERE period < ?1 AND rule = ?2 AND recipient = ?3 AND unit = ?4";
            let mut statement = conn.prepare(sql)?;
            statement.query_map([period, rule, recipient, unit], |row| row.get(0))?.collect()
        })?;
        let mut carried = Decimal::ZERO;
        for number in numbers {
            carried += self.notice(&number)?.filter(|known| !known.is_void).and_then(|known| known.amount).unwrap_or_default();
        }
        Ok(carried)
    }

    /// The number that a recipient of a form has in a month.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn number_of(&self, period: &str, rule: &str, recipient: &str, unit: &str) -> Result<Option<String>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT number FROM numbers WHERE period = ?1 AND rule = ?2 AND recipient = ?3 AND unit = ?4";
            conn.query_row(sql, [period, rule, recipient, unit], |row| row.get(0)).optional()
        })
    }
}
