//! The journal: what was done, one entry each, every entry bound to the one before it by its fingerprint.

use rusqlite::{Connection, params, types::ValueRef};

use super::Turn;
use crate::diag::Diag;
use crate::ledger::digest::Fingerprint;

/// Tables whose rows belong to an entry, each with `entry` as its first column.
pub(super) const TABLES: [&str; 15] = [
    "runs",
    "run_packs",
    "run_files",
    "points",
    "scores",
    "figures",
    "findings",
    "numbers",
    "notices",
    "notice_findings",
    "decisions",
    "closed",
    "closed_notices",
    "corrections",
    "past",
];

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Run,
    Approve,
    Appeal,
    Execute,
    Close,
    Restate,
    Import,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Run => "run",
            Kind::Approve => "approve",
            Kind::Appeal => "appeal",
            Kind::Execute => "execute",
            Kind::Close => "close",
            Kind::Restate => "restate",
            Kind::Import => "import",
        }
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: i64,
    pub kind: String,
    pub period: String,
    pub said: String,
    pub writer: String,
    pub rows: String,
    pub before: String,
    pub sha256: String,
}

impl Entry {
    /// What its fingerprint must be.
    pub(super) fn computed(&self) -> String {
        let texts = [&self.kind, &self.period, &self.said, &self.writer, &self.rows, &self.before];
        texts.iter().fold(Fingerprint::default().text(&self.seq.to_string()), |print, text| print.text(text)).finish()
    }
}

impl Turn {
    /// The number that the next entry will have; rows are written with it before the entry itself.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn next_entry(&self) -> Result<i64, Diag> {
        self.ask(|conn| conn.query_row("SELECT coalesce(max(seq), 0) + 1 FROM journal", [], |row| row.get(0)))
    }

    /// Writes the entry over the rows that bear its number.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn enter(&self, seq: i64, kind: Kind, period: &str, said: &str) -> Result<(), Diag> {
        self.ask(|conn| {
            let before = conn.query_row("SELECT sha256 FROM journal WHERE seq = ?1", [seq - 1], |row| row.get(0));
            let mut entry = Entry {
                seq,
                kind: kind.name().to_owned(),
                period: period.to_owned(),
                said: said.to_owned(),
                writer: writer(),
                rows: rows_of(conn, seq)?,
                before: if seq == 1 { String::new() } else { before? },
                sha256: String::new(),
            };
            entry.sha256 = entry.computed();
            let sql = "INSERT INTO journal (seq, kind, period, said, writer, rows_sha256, before_sha256, sha256) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)";
            let Entry { kind, period, said, writer, rows, before, sha256, .. } = entry;
            conn.execute(sql, params![seq, kind, period, said, writer, rows, before, sha256]).map(drop)
        })
    }

    /// The whole journal.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn journal(&self) -> Result<Vec<Entry>, Diag> {
        self.ask(entries)
    }
}

/// The program and the SQLite that write the file.
pub(super) fn writer() -> String {
    format!("kesu {} SQLite {}", env!("CARGO_PKG_VERSION"), rusqlite::version())
}

pub(super) fn entries(conn: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let sql = "SELECT seq, kind, period, said, writer, rows_sha256, before_sha256, sha256 FROM journal ORDER BY seq";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Entry {
            seq: row.get(0)?,
            kind: row.get(1)?,
            period: row.get(2)?,
            said: row.get(3)?,
            writer: row.get(4)?,
            rows: row.get(5)?,
            before: row.get(6)?,
            sha256: row.get(7)?,
        })
    })?;
    rows.collect()
}

/// Fingerprint of every cell of every row that bears the number, table by table in the order of their keys.
pub(super) fn rows_of(conn: &Connection, seq: i64) -> rusqlite::Result<String> {
    let mut print = Fingerprint::default();
    for table in TABLES {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} WHERE entry = ?1 ORDER BY 1, 2, 3"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([seq])?;
        while let Some(row) = rows.next()? {
            print.add(table.as_bytes());
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => print.add(b"n"),
                    ValueRef::Integer(number) => print.add(format!("i{number}").as_bytes()),
                    ValueRef::Real(number) => print.add(format!("r{number}").as_bytes()),
                    // the same bytes as a text and as none differ in one bit of the file
                    ValueRef::Text(text) => {
                        print.add(b"t");
                        print.add(text);
                    }
                    ValueRef::Blob(bytes) => {
                        print.add(b"b");
                        print.add(bytes);
                    }
                }
            }
        }
    }
    Ok(print.finish())
}
