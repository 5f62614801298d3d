//! The ledger in one SQLite file. Every table only grows; each thing done is one transaction and one entry of the journal.
//!
//! The file is in WAL mode while somebody works on it. [`Turn::commit`] leaves it packed and alone: no second file beside it,
//! and no byte in it that its content does not explain, so that [`whole`] can find any byte that was changed.

mod closed;
mod corrections;
mod decisions;
mod earlier;
mod findings;
mod journal;
mod notices;
mod past;
mod runs;
mod sums;
mod whole;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

pub use closed::{Closed, ClosedNotice};
pub use corrections::Correction;
pub use decisions::{Decision, State};
pub use findings::{FindingRecord, Recorded};
pub use journal::{Entry, Kind};
pub use notices::{Known, NoticeRecord, Wanted};
pub use past::Past;
pub use runs::{FileRecord, PackRecord, RunHead, RunRecord, Standing};
pub use sums::Sums;
pub use whole::problems;

use crate::diag::{Code, Diag};

const SCHEMA: &str = include_str!("schema/001.sql");
const VERSION: i32 = 1;
/// `kesu` in ASCII: which program a file belongs to.
const APPLICATION: i32 = 0x6b65_7375;
/// How long a second run waits for the first.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the schema's counter says of a file that is packed, and of one in which something was entered since: a turn that is cut
/// short between the two is told by it, and the next turn packs.
const PACKED: i32 = 1;
const LOOSE: i32 = 2;

/// One person's turn at the ledger: nobody else writes until it is committed or dropped, and dropping undoes it.
#[derive(Debug)]
pub struct Turn {
    conn: Connection,
    path: PathBuf,
}

impl Turn {
    /// Opens the ledger, makes it where there is none, and waits for the turn.
    ///
    /// # Errors
    /// It is damaged, was edited by hand, belongs to a newer kesu, or somebody else holds it.
    pub fn begin(path: &Path) -> Result<Self, Diag> {
        Self::begin_with(path, "FULL")
    }

    /// `synchronous`: as SQLite names it; a copy need not outlive a power cut.
    fn begin_with(path: &Path, synchronous: &str) -> Result<Self, Diag> {
        let turn = Self::open(path, synchronous)?;
        turn.check_file()?;
        turn.ask(|conn| {
            conn.pragma_update(None, "journal_mode", "WAL")?;
            // rows are written before the entry that they belong to
            conn.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")?;
            let made: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if made == 0 {
                conn.execute_batch(SCHEMA)?;
                conn.pragma_update(None, "user_version", VERSION)?;
                conn.pragma_update(None, "application_id", APPLICATION)?;
            }
            Ok(())
        })?;
        turn.check_content()?;
        crate::fault::point("轮到以后");
        Ok(turn)
    }

    /// Looks at a copy: the file itself stays as it is, and what is entered here is lost.
    ///
    /// # Errors
    /// As for [`Turn::begin`], and where no copy can be made.
    pub fn on_copy(path: &Path, folder: &Path) -> Result<Self, Diag> {
        let copy = copied(path, folder)?;
        Self::begin_with(&copy, "OFF").map_err(|diag| diag.in_file(path))
    }

    fn open(path: &Path, synchronous: &str) -> Result<Self, Diag> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| crate::diag::unwritable(folder, &e))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let conn = Connection::open_with_flags(path, flags)?;
            conn.busy_timeout(PATIENCE)?;
            conn.pragma_update(None, "foreign_keys", true)?;
            conn.pragma_update(None, "secure_delete", true)?;
            conn.pragma_update(None, "synchronous", synchronous)?;
            // pages are small so that a ledger of few entries is small, too; of one that exists they stay as they are
            conn.pragma_update(None, "page_size", 1024)?;
            Ok(conn)
        };
        let conn = open().map_err(|error| fault(path, &error))?;
        Ok(Self { conn, path: path.to_owned() })
    }

    /// Before anything is changed: whose file it is, which version, and whether SQLite itself finds it sound.
    fn check_file(&self) -> Result<(), Diag> {
        let (version, application, tables): (i32, i32, i64) = self.ask(|conn| {
            Ok((
                conn.pragma_query_value(None, "user_version", |row| row.get(0))?,
                conn.pragma_query_value(None, "application_id", |row| row.get(0))?,
                conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
            ))
        })?;
        if version > VERSION {
            let message = format!("账本是更新的 kesu 写的（第 {version} 版，本程序只懂第 {VERSION} 版），没有改动");
            return Err(Diag::error(Code::LedgerNewer, message).in_file(&self.path).help("换用写它的那个版本或更新的 kesu"));
        }
        if tables > 0 && (version < 1 || application != APPLICATION) {
            return Err(self.damaged("这不是 kesu 的账本"));
        }
        self.check_sound("quick_check")
    }

    /// What SQLite itself finds: `quick_check`, or `integrity_check`, which holds indexes against their tables, too.
    fn check_sound(&self, check: &str) -> Result<(), Diag> {
        let said: String = self.ask(|conn| conn.pragma_query_value(None, check, |row| row.get(0)))?;
        if said == "ok" { Ok(()) } else { Err(self.damaged(&format!("账本文件已损坏（{said}）"))) }
    }

    /// That nobody changed anything: tables as they were made, every entry as it was written.
    fn check_content(&self) -> Result<(), Diag> {
        match self.ask(|conn| Ok(whole::content(conn)?.into_iter().next()))? {
            None => Ok(()),
            Some(problem) => {
                let help = "账本只由 kesu 写；用备份换回原来的账本，再运行 kesu verify 核对";
                Err(Diag::error(Code::LedgerAltered, format!("账本被改动过，没有写入：{problem}")).in_file(&self.path).help(help))
            }
        }
    }

    fn damaged(&self, words: &str) -> Diag {
        Diag::error(Code::LedgerDamaged, format!("{words}，没有改动"))
            .in_file(&self.path)
            .help("用备份换回账本，或用 --ledger 指明正确的文件")
    }

    /// Makes everything that was entered last, and packs the file.
    ///
    /// # Errors
    /// The disk is full or the file cannot be written; the ledger is then as it was. A failure while packing is none: the next
    /// turn packs.
    pub fn commit(self) -> Result<(), Diag> {
        self.ask(|conn| {
            conn.pragma_update(None, "schema_version", LOOSE)?;
            crate::fault::point("账本提交时");
            conn.execute_batch("COMMIT")
        })?;
        crate::fault::point("账本收尾以前");
        let _ = pack(&self.conn);
        Ok(())
    }

    /// Where nothing was entered: gives the turn back, and packs what an interrupted turn left.
    pub fn leave(self) {
        let _ = self.conn.execute_batch("ROLLBACK");
        let packed = self.conn.pragma_query_value(None, "schema_version", |row| row.get::<_, i32>(0));
        if packed.is_ok_and(|counter| counter != PACKED) {
            let _ = pack(&self.conn);
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Diag> {
        question(&self.conn).map_err(|error| fault(&self.path, &error))
    }
}

/// Rewrites the file without gaps. The schema's counter is set to a fixed value because it would otherwise count how often this
/// was done, and a change of it could not be told from another count; the pages that tables begin on are always the same.
fn pack(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("VACUUM")?;
    crate::fault::point("账本压实以后");
    conn.pragma_update(None, "schema_version", PACKED)?;
    crate::fault::point("账本合并以前");
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    crate::fault::point("账本合并以后");
    Ok(())
}

/// The ledger with what SQLite keeps beside it, in another folder.
fn copied(path: &Path, folder: &Path) -> Result<PathBuf, Diag> {
    let copy = folder.join("ledger.sqlite");
    let unreadable =
        |e: std::io::Error| Diag::error(Code::FileUnreadable, format!("账本打不开：{e}")).in_file(path).help("核对 --ledger 的路径和权限");
    std::fs::copy(path, &copy).map_err(unreadable)?;
    let log = with_suffix(path, "-wal");
    if log.exists() {
        std::fs::copy(&log, with_suffix(&copy, "-wal")).map_err(unreadable)?;
    }
    Ok(copy)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What SQLite says, for the operator.
fn fault(path: &Path, error: &Error) -> Diag {
    let diag = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let message = format!("另一个 kesu 正在写这本账，等了 {} 秒还没有轮到，没有改动", PATIENCE.as_secs());
            Diag::error(Code::LedgerBusy, message).help("等那一次运行结束再运行；关掉打开着账本的 SQLite 浏览器")
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => {
            Diag::error(Code::OutputUnwritable, format!("账本写不进去（磁盘已满或读写出错），账本和上次的输出未动：{error}"))
                .help("腾出磁盘空间，再运行一次")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            Diag::error(Code::OutputUnwritable, format!("账本打不开或没有写入权限，没有改动：{error}"))
                .help("换一个可写的文件夹，用 --ledger 指明账本，或用 --no-ledger 不记账运行")
        }
        _ => Diag::error(Code::LedgerDamaged, format!("账本读写出错，没有改动：{error}")).help("用备份换回账本，再运行 kesu verify 核对"),
    };
    diag.in_file(path)
}
