//! Notices: a number belongs to one recipient of one form in one month for good; what the notice says is entered when it changes.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use rust_decimal::Decimal;

use super::{Decision, Turn, decisions};
use crate::diag::Diag;

/// Who wants a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// `JF`
    pub prefix: &'a str,
    /// Notice rule, `pack/rule`.
    pub rule: &'a str,
    pub form: &'a str,
    pub recipient: &'a str,
    pub unit: &'a str,
}

/// What a notice says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeRecord {
    pub number: String,
    /// It holds only once it is approved.
    pub asks: bool,
    pub amount: Option<Decimal>,
    /// Bounds of what may be approved.
    pub low: Decimal,
    pub high: Option<Decimal>,
    /// Who may approve, from the least to the highest; empty where no rule says.
    pub posts: Vec<String>,
    pub text: String,
    pub sha256: String,
    /// Ids of the findings that it is about.
    pub findings: Vec<String>,
}

/// A notice as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub number: String,
    pub period: String,
    pub rule: String,
    pub form: String,
    pub recipient: String,
    pub unit: String,
    /// No longer called for.
    pub is_void: bool,
    pub asks: bool,
    pub amount: Option<Decimal>,
    pub low: Decimal,
    pub high: Option<Decimal>,
    pub posts: Vec<String>,
    pub text: String,
    pub sha256: String,
    /// The last one, whether or not the notice is still the one that was decided on.
    pub decision: Option<Decision>,
    /// The last time that it was carried out; its amount is all that was ever paid.
    pub executed: Option<Decision>,
}

impl Known {
    /// What was paid so far.
    pub fn paid(&self) -> Decimal {
        self.executed.as_ref().and_then(|executed| executed.amount).unwrap_or_default()
    }

    /// The decision, where the notice is still what was decided on.
    pub fn holding(&self) -> Option<&Decision> {
        self.decision.as_ref().filter(|decision| decision.notice == self.sha256)
    }
}

const ISSUED: &str = "issued";
const VOID: &str = "void";
const BETWEEN: &str = "、";

impl Turn {
    /// The number of each, in order; who has none gets the next that was never given.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn numbers(&self, entry: i64, period: &str, wanted: &[Wanted<'_>]) -> Result<Vec<String>, Diag> {
        self.ask(|conn| wanted.iter().map(|wanted| number(conn, entry, period, wanted)).collect())
    }

    /// Enters what notices of these packs say where it changed, and voids those that are no longer called for.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_notices(&self, entry: i64, period: &str, packs: &[&str], notices: &[NoticeRecord]) -> Result<(), Diag> {
        let known = self.notices_of(period)?;
        let mut known: BTreeMap<&str, &Known> = known.iter().map(|known| (known.number.as_str(), known)).collect();
        self.ask(|conn| {
            for notice in notices {
                let same = known.remove(notice.number.as_str()).is_some_and(|known| !known.is_void && known.sha256 == notice.sha256);
                if !same {
                    insert(conn, entry, ISSUED, notice)?;
                }
            }
            let of_packs = |known: &&&Known| known.rule.split_once('/').is_some_and(|(pack, _)| packs.contains(&pack));
            for gone in known.values().filter(of_packs).filter(|known| !known.is_void) {
                insert(conn, entry, VOID, &record_of(gone))?;
            }
            Ok(())
        })
    }

    /// The month's notices with what was decided, by number.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn notices_of(&self, period: &str) -> Result<Vec<Known>, Diag> {
        self.ask(|conn| {
            let mut statement = conn.prepare(&format!("{SELECT} WHERE n.period = ?1 GROUP BY n.number ORDER BY n.number"))?;
            let mut all = statement.query_map([period], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
            all.iter_mut().try_for_each(|known| add_decision(conn, known))?;
            Ok(all)
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn notice(&self, number: &str) -> Result<Option<Known>, Diag> {
        self.ask(|conn| {
            let sql = format!("{SELECT} WHERE n.number = ?1 GROUP BY n.number");
            let mut known = conn.query_row(&sql, [number], read).optional()?;
            known.iter_mut().try_for_each(|known| add_decision(conn, known))?;
            Ok(known)
        })
    }
}

/// Of each number the row that was entered last.
const SELECT: &str = "SELECT n.number, n.period, n.rule, n.form, n.recipient, n.unit, s.state, s.asks, s.amount, s.low, s.high, s.posts, \
                      s.text, s.sha256, max(s.entry) FROM numbers n JOIN notices s ON s.number = n.number";

fn read(row: &Row<'_>) -> rusqlite::Result<Known> {
    let posts: String = row.get(11)?;
    Ok(Known {
        number: row.get(0)?,
        period: row.get(1)?,
        rule: row.get(2)?,
        form: row.get(3)?,
        recipient: row.get(4)?,
        unit: row.get(5)?,
        is_void: row.get::<_, String>(6)? == VOID,
        asks: row.get(7)?,
        amount: decisions::money(row, 8)?,
        low: decisions::money(row, 9)?.unwrap_or_default(),
        high: decisions::money(row, 10)?,
        posts: posts.split(BETWEEN).filter(|post| !post.is_empty()).map(str::to_owned).collect(),
        text: row.get(12)?,
        sha256: row.get(13)?,
        decision: None,
        executed: None,
    })
}

fn add_decision(conn: &Connection, known: &mut Known) -> rusqlite::Result<()> {
    (known.decision, known.executed) = decisions::last(conn, &known.number)?;
    Ok(())
}

fn number(conn: &Connection, entry: i64, period: &str, wanted: &Wanted<'_>) -> rusqlite::Result<String> {
    let Wanted { prefix, rule, form, recipient, unit } = wanted;
    let sql = "SELECT number FROM numbers WHERE period = ?1 AND rule = ?2 AND recipient = ?3 AND unit = ?4";
    if let Some(number) = conn.query_row(sql, [period, rule, recipient, unit], |row| row.get(0)).optional()? {
        return Ok(number);
    }
    let sql = "SELECT coalesce(max(running), 0) + 1 FROM numbers WHERE period = ?1 AND prefix = ?2";
    let running: u32 = conn.query_row(sql, [period, prefix], |row| row.get(0))?;
    let number = format!("{prefix}-{}-{running:03}", period.replace('-', ""));
    let sql =
        "INSERT INTO numbers (entry, number, period, prefix, running, rule, form, recipient, unit) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)";
    conn.execute(sql, params![entry, number, period, prefix, running, rule, form, recipient, unit])?;
    Ok(number)
}

fn insert(conn: &Connection, entry: i64, state: &str, notice: &NoticeRecord) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO notices (entry, number, state, asks, amount, low, high, posts, text, sha256) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
    let yuan = decisions::yuan;
    let NoticeRecord { number, asks, amount, low, high, posts, text, sha256, findings } = notice;
    let values = params![entry, number, state, asks, yuan(*amount), yuan(Some(*low)), yuan(*high), posts.join(BETWEEN), text, sha256];
    conn.execute(sql, values)?;
    let mut statement = conn.prepare("INSERT OR IGNORE INTO notice_findings (entry, number, finding) VALUES (?1,?2,?3)")?;
    findings.iter().try_for_each(|finding| statement.execute(params![entry, number, finding]).map(drop))
}

fn record_of(known: &Known) -> NoticeRecord {
    NoticeRecord {
        number: known.number.clone(),
        asks: known.asks,
        amount: known.amount,
        low: known.low,
        high: known.high,
        posts: known.posts.clone(),
        text: known.text.clone(),
        sha256: known.sha256.clone(),
        findings: Vec::new(),
    }
}
