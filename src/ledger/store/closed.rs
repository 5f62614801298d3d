//! Closed months: which run stands for good, and what became of each of its notices.

use rusqlite::{OptionalExtension as _, params};
use rust_decimal::Decimal;

use super::{Turn, decisions};
use crate::diag::Diag;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub period: String,
    /// Entry of the run.
    pub run: i64,
    pub manifest: String,
    pub root: String,
    pub on: String,
    pub signed_by: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedNotice {
    pub number: String,
    /// 批准, 减免, 驳回 …; 待批 where nobody had decided.
    pub state: String,
    /// What was carried out.
    pub amount: Option<Decimal>,
    /// Of what the notice said.
    pub sha256: String,
}

impl Turn {
    /// # Errors
    /// The ledger cannot be read.
    pub fn closed(&self, period: &str) -> Result<Option<Closed>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT period, run, manifest_sha256, root_sha256, closed_on, signed_by FROM closed WHERE period = ?1";
            let read = |row: &rusqlite::Row<'_>| {
                Ok(Closed {
                    period: row.get(0)?,
                    run: row.get(1)?,
                    manifest: row.get(2)?,
                    root: row.get(3)?,
                    on: row.get(4)?,
                    signed_by: row.get(5)?,
                })
            };
            conn.query_row(sql, [period], read).optional()
        })
    }

    /// The first month before this one that was run and is not closed.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn open_month_before(&self, period: &str) -> Result<Option<String>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT min(period) FROM runs WHERE period < ?1 AND period NOT IN (SELECT period FROM closed)";
            conn.query_row(sql, [period], |row| row.get(0))
        })
    }

    /// The last closed month.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_closed(&self) -> Result<Option<String>, Diag> {
        self.ask(|conn| conn.query_row("SELECT max(period) FROM closed", [], |row| row.get(0)))
    }

    /// # Errors
    /// The ledger cannot be written.
    pub fn put_closed(&self, entry: i64, closed: &Closed, notices: &[ClosedNotice]) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql =
                "INSERT INTO closed (entry, period, run, manifest_sha256, root_sha256, closed_on, signed_by) VALUES (?1,?2,?3,?4,?5,?6,?7)";
            let Closed { period, run, manifest, root, on, signed_by } = closed;
            conn.execute(sql, params![entry, period, run, manifest, root, on, signed_by])?;
            let mut statement =
                conn.prepare("INSERT INTO closed_notices (entry, number, state, amount, sha256) VALUES (?1,?2,?3,?4,?5)")?;
            for ClosedNotice { number, state, amount, sha256 } in notices {
                statement.execute(params![entry, number, state, decisions::yuan(*amount), sha256])?;
            }
            Ok(())
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn closed_notices(&self, period: &str) -> Result<Vec<ClosedNotice>, Diag> {
        self.ask(|conn| {
            let sql = "SELECT c.number, c.state, c.amount, c.sha256 FROM closed_notices c JOIN closed d ON d.entry = c.entry WHERE d.period = ?1 ORDER BY 1";
            let mut statement = conn.prepare(sql)?;
            let rows = statement.query_map([period], |row| {
                Ok(ClosedNotice { number: row.get(0)?, state: row.get(1)?, amount: decisions::money(row, 2)?, sha256: row.get(3)? })
            })?;
            rows.collect()
        })
    }
}
