//! Findings by their stable ids; what a run changes against the one before is what is written.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use super::Turn;
use crate::diag::Diag;
use crate::ledger::digest::Fingerprint;

/// A finding as the ledger keeps it; everything is text, as people read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingRecord {
    pub id: String,
    pub pack: String,
    pub rule: String,
    pub version: String,
    pub clause: String,
    pub outcome: String,
    pub subject: String,
    pub unit: String,
    pub person: String,
    pub day: String,
    pub amount: String,
    pub points: String,
    pub actions: String,
    pub message: String,
    pub place: String,
}

impl FindingRecord {
    /// It says the same; where its row stands may differ.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fingerprint() == other.fingerprint()
    }

    /// Where the row stands may change without the finding being another.
    fn fingerprint(&self) -> String {
        let texts = [
            &self.id,
            &self.version,
            &self.clause,
            &self.outcome,
            &self.unit,
            &self.person,
            &self.day,
            &self.amount,
            &self.points,
            &self.actions,
            &self.message,
        ];
        texts.iter().fold(Fingerprint::default(), |print, text| print.text(text)).finish()
    }
}

/// What an entry says about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// `new`, `changed`, `gone`
    pub state: String,
    /// As it is now; of a gone one, as it was.
    pub finding: FindingRecord,
    /// As it was before.
    pub before: Option<FindingRecord>,
}

const NEW: &str = "new";
const CHANGED: &str = "changed";
const GONE: &str = "gone";

const COLUMNS: &str =
    "id, pack, rule, version, clause, outcome, subject, unit, person, day, amount, points, actions, message, place, state";

fn read(row: &Row<'_>) -> rusqlite::Result<(FindingRecord, String)> {
    let finding = FindingRecord {
        id: row.get(0)?,
        pack: row.get(1)?,
        rule: row.get(2)?,
        version: row.get(3)?,
        clause: row.get(4)?,
        outcome: row.get(5)?,
        subject: row.get(6)?,
        unit: row.get(7)?,
        person: row.get(8)?,
        day: row.get(9)?,
        amount: row.get(10)?,
        points: row.get(11)?,
        actions: row.get(12)?,
        message: row.get(13)?,
        place: row.get(14)?,
    };
    Ok((finding, row.get(15)?))
}

impl Turn {
    /// Enters what is new, changed or gone among the findings of these packs.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_findings(
        &self,
        entry: i64,
        period: &str,
        packs: &[&str],
        findings: impl IntoIterator<Item = FindingRecord>,
    ) -> Result<(), Diag> {
        self.ask(|conn| {
            let mut known = fingerprints(conn, period)?;
            known.retain(|_, (pack, ..)| packs.contains(&pack.as_str()));
            let mut insert = conn.prepare(INSERT)?;
            for finding in findings {
                let print = finding.fingerprint();
                let state = match known.remove(&finding.id) {
                    None => NEW,
                    Some((_, state, _)) if state == GONE => NEW,
                    Some((_, _, before)) if before == print => continue,
                    Some(_) => CHANGED,
                };
                insert.execute(values(entry, period, state, &finding, &print))?;
            }
            for (id, (_, state, print)) in known {
                if state != GONE {
                    let sql = format!("SELECT {COLUMNS} FROM findings WHERE period = ?1 AND id = ?2 ORDER BY entry DESC LIMIT 1");
                    let (finding, _) = conn.query_row(&sql, [period, &id], read)?;
                    insert.execute(values(entry, period, GONE, &finding, &print))?;
                }
            }
            Ok(())
        })
    }

    /// What an entry changed, in order of ids.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn changes_at(&self, entry: i64) -> Result<Vec<Recorded>, Diag> {
        self.ask(|conn| {
            let mut statement = conn.prepare(&format!("SELECT {COLUMNS}, period FROM findings WHERE entry = ?1 ORDER BY id"))?;
            let sql = format!("SELECT {COLUMNS} FROM findings WHERE period = ?1 AND id = ?2 AND entry < ?3 ORDER BY entry DESC LIMIT 1");
            let mut before = conn.prepare(&sql)?;
            let mut rows = statement.query([entry])?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                let (finding, state) = read(row)?;
                let former = match state.as_str() {
                    CHANGED => Some(before.query_row(params![row.get::<_, String>(16)?, finding.id, entry], read)?.0),
                    _ => None,
                };
                changes.push(Recorded { state, finding, before: former });
            }
            Ok(changes)
        })
    }

    /// The month's findings as they stand.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn findings_of(&self, period: &str) -> Result<Vec<FindingRecord>, Diag> {
        self.ask(|conn| {
            let sql = format!("SELECT {COLUMNS}, max(entry) FROM findings WHERE period = ?1 GROUP BY id ORDER BY id");
            let mut statement = conn.prepare(&sql)?;
            let all = statement.query_map([period], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(all.into_iter().filter(|(_, state)| state != GONE).map(|(finding, _)| finding).collect())
        })
    }
}

/// By id: pack, state and fingerprint of the last row.
fn fingerprints(conn: &Connection, period: &str) -> rusqlite::Result<BTreeMap<String, (String, String, String)>> {
    let sql = "SELECT id, pack, state, sha256, max(entry) FROM findings WHERE period = ?1 GROUP BY id";
    let mut statement = conn.prepare(sql)?;
    statement.query_map([period], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?))))?.collect()
}

const INSERT: &str = "INSERT INTO findings (entry, id, period, state, pack, rule, version, clause, outcome, subject, unit, person, day, amount, \
                      points, actions, message, place, sha256) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)";

fn values<'v>(entry: i64, period: &'v str, state: &'v str, f: &'v FindingRecord, print: &'v str) -> impl rusqlite::Params + 'v {
    let texts = [
        &f.id, period, state, &f.pack, &f.rule, &f.version, &f.clause, &f.outcome, &f.subject, &f.unit, &f.person, &f.day, &f.amount,
        &f.points, &f.actions, &f.message, &f.place, print,
    ];
    rusqlite::params_from_iter(std::iter::once(Value::Integer(entry)).chain(texts.into_iter().map(|text| Value::Text(text.to_owned()))))
}
