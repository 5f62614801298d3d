//! What was decided about a notice, one after the other.

use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};
use rust_decimal::Decimal;

use super::Turn;
use crate::diag::Diag;

/// What becomes of a notice; one that nobody decided on is waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Approved,
    Reduced,
    Rejected,
    Appealed,
    Upheld,
    Revoked,
    Executed,
}

impl State {
    pub const ALL: [State; 7] =
        [State::Approved, State::Reduced, State::Rejected, State::Appealed, State::Upheld, State::Revoked, State::Executed];

    pub fn title(self) -> &'static str {
        match self {
            State::Approved => "批准",
            State::Reduced => "减免",
            State::Rejected => "驳回",
            State::Appealed => "申诉中",
            State::Upheld => "维持",
            State::Revoked => "撤销",
            State::Executed => "已执行",
        }
    }

    /// It is no draft any more and may be carried out.
    pub fn is_final(self) -> bool {
        matches!(self, State::Approved | State::Reduced | State::Upheld)
    }

    /// Nothing follows from it, and it does not count as a time.
    pub fn is_lifted(self) -> bool {
        matches!(self, State::Rejected | State::Revoked)
    }
}

impl std::str::FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        State::ALL.into_iter().find(|state| state.title() == text).ok_or_else(|| format!("没有「{text}」这种决定"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub state: State,
    /// What is to be paid; `None` where the notice is about no money.
    pub amount: Option<Decimal>,
    pub reason: String,
    pub signed_by: String,
    pub post: String,
    /// `2026-11-05`
    pub on: String,
    /// Fingerprint of the notice that was decided on.
    pub notice: String,
    /// File and cell that it was read from.
    pub source: String,
}

impl Turn {
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_decision(&self, entry: i64, number: &str, decision: &Decision) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql = "INSERT INTO decisions (entry, number, state, amount, reason, signed_by, post, decided_on, notice_sha256, source) \
                       VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
            let Decision { state, amount, reason, signed_by, post, on, notice, source } = decision;
            conn.execute(sql, params![entry, number, state.title(), yuan(*amount), reason, signed_by, post, on, notice, source]).map(drop)
        })
    }

    /// Everything that was ever decided on a notice, the first first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn decisions_on(&self, number: &str) -> Result<Vec<Decision>, Diag> {
        self.ask(|conn| {
            let mut statement = conn.prepare(&format!("{SELECT} WHERE number = ?1 ORDER BY entry"))?;
            statement.query_map([number], read)?.collect()
        })
    }
}

const SELECT: &str = "SELECT state, amount, reason, signed_by, post, decided_on, notice_sha256, source FROM decisions";

/// The last one about the notice itself, and the last that says it was carried out.
pub(super) fn last(conn: &Connection, number: &str) -> rusqlite::Result<(Option<Decision>, Option<Decision>)> {
    let executed = State::Executed.title();
    let one = |which: &str| {
        let sql = format!("{SELECT} WHERE number = ?1 AND state {which} ?2 ORDER BY entry DESC LIMIT 1");
        conn.query_row(&sql, [number, executed], read).optional()
    };
    Ok((one("<>")?, one("=")?))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let state: String = row.get(0)?;
    Ok(Decision {
        state: state.parse().map_err(|e: String| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, e.into()))?,
        amount: money(row, 1)?,
        reason: row.get(2)?,
        signed_by: row.get(3)?,
        post: row.get(4)?,
        on: row.get(5)?,
        notice: row.get(6)?,
        source: row.get(7)?,
    })
}

/// Money is written as decimal text; none as empty text.
pub(super) fn yuan(amount: Option<Decimal>) -> String {
    amount.map(|amount| format!("{amount:.2}")).unwrap_or_default()
}

pub(super) fn money(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Decimal>> {
    let text: String = row.get(column)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e: rust_decimal::Error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, e.into()))
}
