//! One dataset's sheets to its table: duplicates out, mended rows settled, the rest in order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::*;

use super::assemble::PROBLEMS_LISTED;
use super::column::Filled;
use super::duplicates::{Verdict, find};
use super::frame::Frame;
use super::recognise::{cell_of, sheet_of, words_of};
use super::table::{Origin, Source, Table, frame};
use super::{Normalised, Reject};
use crate::diag::{CellRef, Code, Diag};
use crate::rules::Dataset;

/// One sheet's rows of one dataset.
pub struct Chunk {
    pub source: u32,
    pub columns: Vec<Filled>,
    pub rows: Vec<u32>,
    pub key_hashes: Vec<u64>,
    pub row_hashes: Vec<u64>,
    pub suspects: HashMap<u32, Vec<String>>,
    pub mends: Vec<(String, String)>,
    pub column_of: Vec<Option<u32>>,
    pub shown: Vec<u32>,
}

/// A reject and the hash of its key, until it is known whether it was mended.
pub struct Pending {
    pub reject: Reject,
    pub key_hash: Option<u64>,
}

/// Finds duplicates among a dataset's sheets and makes its table of the rest.
pub fn build(out: &mut Normalised, rejects: &mut Vec<Pending>, dataset: &Arc<Dataset>, chunks: Vec<Chunk>) {
    let found = find(dataset, &chunks);
    let mut dropped: Vec<HashSet<u32>> = chunks.iter().map(|_| HashSet::new()).collect();
    let mut clashes: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
    let (mut same, mut repeats): (BTreeMap<u32, u64>, BTreeMap<u32, u64>) = Default::default();
    for (duplicate, (at, index), verdict) in found {
        let chunk = &chunks[at];
        dropped[at].insert(index);
        let total = &mut out.totals[chunk.source as usize];
        total.used -= 1;
        let (first, second) = (duplicate.first, duplicate.second);
        match verdict {
            Verdict::Identical => {
                total.duplicate += 1;
                *same.entry(chunk.source).or_default() += 1;
            }
            Verdict::Differs => {
                total.rejected += 1;
                if first.source != second.source {
                    clashes.entry((first.source, second.source)).or_default().push(duplicate.key.clone());
                }
                let reject = repeated_key(dataset, chunk, index, first, second);
                let repeated = repeats.entry(chunk.source).or_default();
                *repeated += u64::from(first.source == second.source);
                if first.source == second.source && *repeated <= PROBLEMS_LISTED as u64 {
                    let (cell, _, reason) = &reject.problems[0];
                    let words = format!("{reason}（主键 {}）；整行放入待修正", duplicate.key);
                    let source = &out.tables.sources[chunk.source as usize];
                    let diag = Diag::warning(Code::RowDuplicate, words).at(cell_of(source, cell.column, cell.row));
                    out.diags.push(diag);
                }
                rejects.push(Pending { reject, key_hash: None });
            }
        }
        out.duplicates.push(duplicate);
    }
    for (source, rows) in same {
        let words = format!("{rows} 行与前面的行完全相同，只计一次");
        out.diags.push(Diag::note(Code::RowDuplicate, words).at(sheet_of(&out.tables.sources[source as usize])));
    }
    for (source, rows) in repeats.into_iter().filter(|(_, rows)| *rows > PROBLEMS_LISTED as u64) {
        let words = format!("这张表共 {rows} 行主键重复而内容不同，都放入待修正");
        out.diags.push(Diag::warning(Code::RowDuplicate, words).at(sheet_of(&out.tables.sources[source as usize])));
    }
    for ((first, second), keys) in clashes {
        let (a, b) = (&out.tables.sources[first as usize], &out.tables.sources[second as usize]);
        let few = keys.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("、");
        let words = format!("两张表有 {} 个相同的主键而内容不同：{} 与 {}；如 {few}", keys.len(), words_of(a), words_of(b));
        let diag = Diag::error(Code::KeyClash, words).at(sheet_of(b)).label(sheet_of(a), "先读到的表");
        out.diags.push(diag.help("同一件事只留一行；如果其中一个文件是旧版本，请移出数据文件夹"));
    }
    resolve(rejects, dataset, &chunks, &dropped, &out.tables.sources);
    let has_column = |at: &usize| chunks.iter().any(|chunk| chunk.column_of[*at].is_some());
    let present = (0..dataset.fields.len()).filter(has_column).map(|at| dataset.fields[at].name.clone()).collect();
    match table(dataset, chunks, &dropped) {
        Ok(frame) => out.tables.tables.push(Table { dataset: dataset.clone(), frame, present: Arc::new(present) }),
        Err(error) => out.diags.push(Diag::error(Code::RuleFault, format!("「{}」：{error}", dataset.name))),
    }
}

fn repeated_key(dataset: &Dataset, chunk: &Chunk, index: u32, first: Origin, second: Origin) -> Reject {
    let field = dataset.key.first().and_then(|name| dataset.fields.iter().position(|f| f.name == *name)).unwrap_or(0);
    let cell = CellRef { column: chunk.column_of[field].unwrap_or(0), row: second.row };
    let typed = || {
        let at = |column: &u32| chunk.column_of.iter().position(|c| c.as_ref() == Some(column));
        let show = |field: usize| chunk.columns[field].get(index as usize).str_value().into_owned();
        chunk.shown.iter().map(|column| at(column).map_or_else(String::new, show)).collect()
    };
    Reject {
        source: chunk.source,
        row: second.row,
        dataset: dataset.name.clone(),
        problems: vec![(cell, dataset.fields[field].name.clone(), format!("主键重复：与第 {} 行不同", first.row))],
        cells: chunk.suspects.get(&index).cloned().unwrap_or_else(typed),
        resolved: false,
    }
}

/// A rejected row whose mended twin was used is settled: it has the twin's key, or the twin names its place.
fn resolve(rejects: &mut [Pending], dataset: &Dataset, chunks: &[Chunk], dropped: &[HashSet<u32>], sources: &[Source]) {
    let mut keys = HashSet::<u64>::new();
    let mut places: HashMap<u32, Vec<(&str, &str)>> = HashMap::new();
    for (chunk, dropped) in chunks.iter().zip(dropped) {
        for (index, (file, place)) in chunk.mends.iter().enumerate().filter(|(i, _)| !dropped.contains(&(*i as u32))) {
            keys.extend(chunk.key_hashes.get(index));
            if let Some(row) = last_number(place) {
                places.entry(row).or_default().push((file, place));
            }
        }
    }
    for pending in rejects.iter_mut().filter(|p| p.reject.dataset == dataset.name) {
        let reject = &mut pending.reject;
        let source = &sources[reject.source as usize];
        let is_named = || places.get(&reject.row).is_some_and(|places| places.iter().any(|(file, place)| names(file, place, source)));
        reject.resolved = pending.key_hash.is_some_and(|key| keys.contains(&key)) || is_named();
    }
}

/// `[3月]!F17` ends in row 17, `第 17 行` does too.
fn last_number(place: &str) -> Option<u32> {
    let digits = place.trim_end_matches(|c: char| !c.is_ascii_digit());
    digits[digits.trim_end_matches(|c: char| c.is_ascii_digit()).len()..].parse().ok()
}

/// Whether 原文件 and 原位置 of a mended row speak of this sheet.
fn names(file: &str, place: &str, source: &Source) -> bool {
    let own = source.file.rsplit('/').next().unwrap_or(&source.file);
    file.contains(own) && (place.contains(&source.sheet) || file.contains(&source.sheet))
}

fn table(dataset: &Dataset, chunks: Vec<Chunk>, dropped: &[HashSet<u32>]) -> PolarsResult<Frame> {
    let mut origins: Vec<Origin> = Vec::with_capacity(chunks.iter().map(|chunk| chunk.rows.len()).sum());
    let mut parts = Vec::with_capacity(chunks.len());
    for (chunk, dropped) in chunks.into_iter().zip(dropped) {
        let keeps = |at: u32| !dropped.contains(&at);
        origins.extend((0..).zip(&chunk.rows).filter(|(at, _)| keeps(*at)).map(|(_, &row)| Origin { source: chunk.source, row }));
        let kept = (!dropped.is_empty()).then(|| BooleanChunked::from_iter_values("keep".into(), (0..chunk.rows.len() as u32).map(keeps)));
        parts.push((chunk.columns.into_iter(), kept));
    }
    // field by field, so that no more than one of them is there twice
    let mut columns = Vec::with_capacity(dataset.fields.len());
    for field in &dataset.fields {
        let mut whole: Option<Filled> = None;
        for (fields, kept) in &mut parts {
            let Some(column) = fields.next() else { polars_bail!(NoData: "{}", field.name) };
            let column = match kept {
                Some(kept) => column.filter(kept)?,
                None => column,
            };
            whole = Some(match whole {
                None => column,
                Some(above) => Filled::above(above, column)?,
            });
        }
        columns.extend(whole);
    }
    frame(columns, &origins)
}
