//! That nothing in the file was changed: its content against the journal, and its bytes against its content.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use rusqlite::Connection;

use super::journal::{self, TABLES, entries, rows_of};
use super::{PACKED, SCHEMA, Turn};
use crate::diag::{Code, Diag};

/// Bytes 24–27 and 92–95 of the header count changes, 96–99 say which SQLite wrote last; 18 and 19 that it is in WAL mode.
const CHANGES: [std::ops::Range<usize>; 2] = [24..28, 92..96];
const WAL: std::ops::Range<usize> = 18..20;
const COOKIE: std::ops::Range<usize> = 40..44;
/// Texts are UTF-8, and no size of a cache is suggested: packing takes both over as they are.
const FIXED: [(std::ops::Range<usize>, i32); 2] = [(48..52, 0), (56..60, 1)];
const HEADER: usize = 100;

/// Type, name, table and text of a table, an index or a trigger, and the page of a trigger, which has none.
type Made = (String, String, String, String, i64);

/// What is wrong with the content, one sentence each.
pub(super) fn content(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut problems = Vec::new();
    if schema(conn)? != expected()? {
        problems.push("表的结构与这一版账本的不同".to_owned());
        return Ok(problems);
    }
    let mut before = String::new();
    let mut known = BTreeSet::new();
    for (at, entry) in (1..).zip(entries(conn)?) {
        known.insert(entry.seq);
        if entry.seq != at {
            problems.push(format!("日记账缺第 {at} 条"));
        } else if entry.computed() != entry.sha256 {
            problems.push(format!("日记账第 {at} 条被改过（算出的指纹与记下的不同）"));
        } else if entry.before != before {
            problems.push(format!("日记账第 {at} 条接不上第 {} 条（前一条的指纹不同）", at - 1));
        } else if rows_of(conn, at)? != entry.rows {
            problems.push(format!("日记账第 {at} 条（{} {}）所记的行被改过、加过或删过", entry.period, entry.said));
        }
        before = entry.sha256;
        if !problems.is_empty() {
            return Ok(problems);
        }
    }
    for table in TABLES {
        let mut statement = conn.prepare(&format!("SELECT DISTINCT entry FROM {table}"))?;
        let found = statement.query_map([], |row| row.get::<_, i64>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        problems.extend(found.iter().filter(|seq| !known.contains(seq)).map(|seq| format!("表 {table} 有日记账没有的第 {seq} 条的行")));
    }
    Ok(problems)
}

/// The tables as they are made; the same for every ledger.
fn expected() -> rusqlite::Result<Vec<Made>> {
    static MADE: OnceLock<Vec<Made>> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made.clone());
    }
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(SCHEMA)?;
    Ok(MADE.get_or_init(|| schema(&fresh).unwrap_or_default()).clone())
}

fn schema(conn: &Connection) -> rusqlite::Result<Vec<Made>> {
    // a trigger has no page of its own; packing takes over whatever stands there
    let sql = "SELECT type, name, tbl_name, coalesce(sql, ''), CASE type WHEN 'trigger' THEN rootpage ELSE 0 END FROM sqlite_schema \
               ORDER BY name";
    let mut statement = conn.prepare(sql)?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?.collect()
}

/// Every problem of a ledger file, one sentence each; the file is not touched.
///
/// # Errors
/// No copy of it can be made.
pub fn problems(path: &Path) -> Result<Vec<String>, Diag> {
    let folder = tempfile::tempdir().map_err(|e| crate::diag::unwritable(path, &e))?;
    let copy = super::copied(path, folder.path())?;
    let interrupted = super::with_suffix(&copy, "-wal").exists();
    let bytes = std::fs::read(&copy).map_err(|e| crate::diag::unwritable(path, &e))?;
    let found = (|| {
        let turn = Turn::open(&copy, "OFF")?;
        turn.check_file()?;
        turn.check_sound("integrity_check")?;
        let mut problems = turn.ask(content)?;
        if problems.is_empty() {
            let repacked = folder.path().join("packed.sqlite");
            let last = turn.journal()?.pop();
            turn.ask(|conn| conn.execute("VACUUM INTO ?1", [repacked.to_string_lossy()]).map(drop))?;
            let packed = std::fs::read(&repacked).map_err(|e| crate::diag::unwritable(&repacked, &e))?;
            let same_writer = last.is_none_or(|last| last.writer == journal::writer());
            problems.extend(bytes_differ(&bytes, &packed, interrupted, same_writer));
        }
        Ok::<_, Diag>(problems)
    })();
    Ok(match found {
        Ok(problems) => problems,
        Err(diag) if diag.code == Code::OutputUnwritable => return Err(diag),
        Err(diag) => vec![diag.message],
    })
}

/// The file against what packing its content gives. An interrupted turn leaves a file that is not packed; its content was
/// checked all the same.
fn bytes_differ(found: &[u8], packed: &[u8], interrupted: bool, same_writer: bool) -> Option<String> {
    let number = |range: &std::ops::Range<usize>| found.get(range.clone()).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes);
    if interrupted || number(&COOKIE) != Some(PACKED) {
        return Some("账本上次写入后没有收尾（程序被中断，或文件被改过）；再运行一次 kesu run 就会收尾".to_owned());
    }
    if !same_writer {
        return None;
    }
    if found.len() != packed.len() {
        return Some(format!("账本文件长 {} 字节，按内容应长 {} 字节", found.len(), packed.len()));
    }
    let explained =
        |at: usize| at < HEADER && (CHANGES.iter().any(|range| range.contains(&at)) || WAL.contains(&at) || COOKIE.contains(&at));
    let fixed = FIXED.iter().all(|(range, value)| number(range) == Some(*value));
    let header = number(&CHANGES[0]) == number(&CHANGES[1]) && found[WAL] == [2, 2] && fixed;
    let differs = (0..found.len()).find(|at| found[*at] != packed[*at] && !explained(*at));
    match (header, differs) {
        (true, None) => None,
        (false, _) => Some("账本文件头有字节被改过".to_owned()),
        (true, Some(at)) => Some(format!("账本文件第 {} 字节不属于账本的内容，被改过", at + 1)),
    }
}
