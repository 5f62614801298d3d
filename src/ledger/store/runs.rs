//! Runs: what was read by which rules, and the fingerprint of what came out.

use rusqlite::{OptionalExtension as _, params};

use super::Turn;
use crate::diag::Diag;
use crate::ledger::digest::Fingerprint;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunRecord {
    pub period: String,
    pub as_of: String,
    pub company: String,
    /// Everything that decides what comes out.
    pub basis: String,
    pub manifest: String,
    pub root: String,
    pub packs: Vec<PackRecord>,
    pub files: Vec<FileRecord>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRecord {
    pub pack: String,
    pub version: String,
    pub calendar: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// `input`, `rule`, `setting`
    pub role: &'static str,
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

/// Where a month stands in the ledger.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Fingerprint of all that was entered for this month and earlier ones.
    pub now: String,
    /// The same before the last entry, where that is a run of the month: doing this run over gives the same again.
    pub before: Option<(i64, String)>,
    /// Entry of the month's last run.
    pub last_run: Option<i64>,
}

/// A run by its entry.
#[derive(Debug, Clone)]
pub struct RunHead {
    pub entry: i64,
    pub period: String,
    pub basis: String,
    pub manifest: String,
    pub root: String,
}

impl Turn {
    /// # Errors
    /// The ledger cannot be read.
    pub fn standing(&self, period: &str) -> Result<Standing, Diag> {
        self.ask(|conn| {
            let mut statement = conn.prepare("SELECT seq, kind, period, sha256 FROM journal WHERE period <= ?1 ORDER BY seq")?;
            let mut rows = statement.query([period])?;
            let mut standing = Standing::default();
            let mut print = Fingerprint::default();
            while let Some(row) = rows.next()? {
                let (seq, kind, of): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                standing.before = None;
                if kind == super::Kind::Run.name() && of == period {
                    standing.before = Some((seq, print.clone().finish()));
                    standing.last_run = Some(seq);
                }
                print = print.text(&row.get::<_, String>(3)?);
            }
            standing.now = print.finish();
            Ok(standing)
        })
    }

    /// # Errors
    /// The ledger cannot be written.
    pub fn put_run(&self, entry: i64, run: &RunRecord) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql = "INSERT INTO runs (entry, period, as_of, company, basis_sha256, manifest_sha256, root_sha256) VALUES (?1,?2,?3,?4,?5,?6,?7)";
            conn.execute(sql, params![entry, run.period, run.as_of, run.company, run.basis, run.manifest, run.root])?;
            let mut packs = conn.prepare("INSERT INTO run_packs (entry, pack, version, calendar) VALUES (?1,?2,?3,?4)")?;
            for PackRecord { pack, version, calendar } in &run.packs {
                packs.execute(params![entry, pack, version, calendar])?;
            }
            let mut files = conn.prepare("INSERT OR IGNORE INTO run_files (entry, role, path, bytes, sha256) VALUES (?1,?2,?3,?4,?5)")?;
            for FileRecord { role, path, bytes, sha256 } in &run.files {
                files.execute(params![entry, role, path, i64::try_from(*bytes).unwrap_or(i64::MAX), sha256])?;
            }
            Ok(())
        })
    }

    /// The run of an entry.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn run_at(&self, entry: i64) -> Result<Option<RunHead>, Diag> {
        self.run_where("entry = ?1", entry)
    }

    /// The last run that wrote this `manifest.json`.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn run_of_manifest(&self, sha256: &str) -> Result<Option<RunHead>, Diag> {
        self.run_where("manifest_sha256 = ?1 ORDER BY entry DESC LIMIT 1", sha256)
    }

    /// The month's last run.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn last_run(&self, period: &str) -> Result<Option<RunHead>, Diag> {
        self.run_where("period = ?1 ORDER BY entry DESC LIMIT 1", period)
    }

    /// Whether the month was run before this entry.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn was_run_before(&self, period: &str, entry: i64) -> Result<bool, Diag> {
        self.ask(|conn| {
            conn.query_row("SELECT count(*) > 0 FROM runs WHERE period = ?1 AND entry < ?2", params![period, entry], |row| row.get(0))
        })
    }

    fn run_where(&self, which: &str, value: impl rusqlite::ToSql) -> Result<Option<RunHead>, Diag> {
        self.ask(|conn| {
            let sql = format!("SELECT entry, period, basis_sha256, manifest_sha256, root_sha256 FROM runs WHERE {which}");
            let head = |row: &rusqlite::Row<'_>| {
                Ok(RunHead { entry: row.get(0)?, period: row.get(1)?, basis: row.get(2)?, manifest: row.get(3)?, root: row.get(4)? })
            };
            conn.query_row(&sql, [value], head).optional()
        })
    }

    /// Takes everything back that was entered from this entry on: what the ledger said then. Only for copies; nothing of it can
    /// be committed.
    ///
    /// # Errors
    /// The copy cannot be written.
    pub fn rewind(&self, entry: i64) -> Result<(), Diag> {
        self.ask(|conn| {
            for table in super::journal::TABLES {
                conn.execute_batch(&format!("DROP TRIGGER {table}_stays"))?;
                conn.execute(&format!("DELETE FROM {table} WHERE entry >= ?1"), [entry])?;
            }
            conn.execute_batch("DROP TRIGGER journal_stays")?;
            conn.execute("DELETE FROM journal WHERE seq >= ?1", [entry]).map(drop)
        })
    }
}
