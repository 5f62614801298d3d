//! Sheets to one result: sources get their numbers, datasets their tables, every row its place in the control totals.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::*;

use super::column::{self, ColumnBuilder};
use super::duplicates::{Verdict, find};
use super::heading::Matching;
use super::recognise::{Catalogue, Taken, cell_of, sheet_of};
use super::rows::{LocalReject, REPAIRS_LISTED};
use super::sheet::{Outcome, ReadSheet, Samples, SheetResult, feedback_columns};
use super::table::{Origin, Source, Table, frame};
use super::{ColumnMatch, ControlTotal, MissingField, Normalised, Reject, Repair, SheetReading};
use crate::diag::{CellRef, Code, Diag, Severity, column_letters};
use crate::ingest::FileReport;
use crate::rules::Dataset;

/// Problems of one sheet are listed one by one up to here.
const PROBLEMS_LISTED: usize = 50;

/// One file as it was read.
pub struct FileResult {
    pub file: PathBuf,
    pub report: Result<FileReport, Diag>,
    pub sheets: Vec<SheetResult>,
}

/// One sheet's rows of one dataset.
pub struct Chunk {
    pub source: u32,
    pub columns: Vec<Column>,
    pub rows: Vec<u32>,
    pub key_hashes: Vec<u64>,
    pub row_hashes: Vec<u64>,
    suspects: std::collections::HashMap<u32, Vec<String>>,
    mends: Vec<(String, String)>,
    column_of: Vec<Option<u32>>,
    shown: Vec<u32>,
}

/// A reject and the hash of its key, until it is known whether it was mended.
struct Pending {
    reject: Reject,
    key_hash: Option<u64>,
}

pub fn assemble(files: Vec<FileResult>, catalogue: &Catalogue) -> Normalised {
    let mut out = Normalised::default();
    let mut chunks: Vec<Vec<Chunk>> = catalogue.entries.iter().map(|_| Vec::new()).collect();
    let mut rejects: Vec<Pending> = Vec::new();
    let mut lacking: Vec<String> = Vec::new();
    for file in files {
        let name = file.file.to_string_lossy().replace('\\', "/");
        match file.report {
            Ok(report) => {
                out.choices.extend(report.choices.into_iter().map(|words| (name.clone(), words)));
                out.diags.extend(report.warnings);
            }
            Err(diag) => out.diags.push(diag),
        }
        for sheet in file.sheets {
            let id = out.tables.sources.len() as u32;
            out.diags.extend(sheet.diags);
            let mut total = ControlTotal { source: id, read: sheet.read, ..ControlTotal::default() };
            match sheet.outcome {
                Outcome::Unrecognised { lacked, refused, samples } => {
                    total.unrecognised = sheet.read;
                    lacking.push(format!("{}:{lacked}", place_words(&sheet.source)));
                    match refused {
                        Some(taken) => describe(&mut out, id, &taken, &catalogue.entries[taken.entry].dataset, &samples, false),
                        None => out.sheets.push(SheetReading { source: id, why: lacked, ..SheetReading::default() }),
                    }
                }
                Outcome::Read(read) => {
                    let entry = read.taken.entry;
                    let dataset = catalogue.entries[entry].dataset.clone();
                    total.dataset = Some(dataset.name.clone());
                    total.furniture = sheet.furniture;
                    total.used = read.harvest.rows.len() as u64;
                    total.rejected = read.harvest.rejects.len() as u64;
                    describe(&mut out, id, &read.taken, &dataset, &read.samples, true);
                    match harvest(&mut out, &mut rejects, id, &sheet.source, *read, &dataset) {
                        Ok(chunk) => chunks[entry].push(chunk),
                        Err(error) => out.diags.push(Diag::error(Code::RuleFault, error.to_string()).at(sheet_of(&sheet.source))),
                    }
                }
            }
            out.tables.sources.push(sheet.source);
            out.totals.push(total);
        }
    }
    for (entry, chunks) in catalogue.entries.iter().zip(chunks) {
        if !chunks.is_empty() {
            build(&mut out, &mut rejects, &entry.dataset, chunks);
        }
    }
    rejects.sort_by_key(|p| (p.reject.source, p.reject.row));
    out.rejects = rejects.into_iter().map(|p| p.reject).collect();
    conclude(&mut out, catalogue, &lacking);
    out
}

fn place_words(source: &Source) -> String {
    if source.sheet.is_empty() { source.file.clone() } else { format!("{}[{}]", source.file, source.sheet) }
}

/// What each column was taken for.
fn describe(out: &mut Normalised, source: u32, taken: &Taken, dataset: &Dataset, samples: &Samples, is_used: bool) {
    let feedback = feedback_columns(taken);
    let is_feedback = |column: u32| feedback.is_some_and(|columns| columns.contains(&column));
    let sample = |column: u32| samples.iter().find(|(c, _)| *c == column).map_or_else(String::new, |(_, text)| text.clone());
    let Taken { heading, matching, .. } = taken;
    for (column, hit) in heading.columns.iter().zip(&matching.hits) {
        let why = match hit {
            Some(hit) => hit.why.clone(),
            None if is_feedback(column.column) => "待修正表的说明列,不读".to_owned(),
            None => "没有字段叫这个名字".to_owned(),
        };
        out.columns.push(ColumnMatch {
            source,
            column: column.column,
            header: hit.as_ref().map_or_else(|| column.text.clone(), |h| h.header.clone()),
            field: hit.as_ref().map(|h| dataset.fields[h.field].name.clone()),
            why,
            sample: sample(column.column),
        });
    }
    let missing = dataset.fields.iter().enumerate().filter(|(at, _)| matching.by_field[*at].is_none()).map(|(at, field)| {
        let nearest = matching.nearest(heading, dataset, at).map(|c| c.text.clone());
        MissingField { field: field.name.clone(), required: field.required, nearest }
    });
    out.sheets.push(SheetReading {
        source,
        dataset: is_used.then(|| dataset.name.clone()),
        why: if is_used { taken.why.clone() } else { format!("{},但有错误,未采用", taken.why) },
        heading_rows: heading.rows.clone(),
        missing: missing.collect(),
    });
}

/// Moves one sheet's repairs, rejects and headers into the result; what is left goes into the table.
fn harvest(
    out: &mut Normalised,
    rejects: &mut Vec<Pending>,
    id: u32,
    source: &Source,
    read: ReadSheet,
    dataset: &Arc<Dataset>,
) -> PolarsResult<Chunk> {
    let ReadSheet { taken, harvest, shown, samples } = read;
    let unused = unused(&taken, &samples);
    if !unused.is_empty() {
        out.diags.push(Diag::note(Code::ColumnUnused, format!("未采用的列:{}", unused.join("、"))).at(sheet_of(source)));
    }
    out.headers.push((id, headers(&taken, &shown)));
    out.repair_count += harvest.repair_count;
    let room = REPAIRS_LISTED.saturating_sub(out.repairs.len());
    out.repairs.extend(harvest.repairs.into_iter().take(room).map(|r| Repair {
        source: id,
        cell: r.cell,
        field: dataset.fields[r.field].name.clone(),
        before: r.before,
        after: r.after,
        reason: r.reason,
    }));
    warn(out, source, dataset, &harvest.rejects);
    rejects.extend(harvest.rejects.into_iter().map(|r| Pending {
        key_hash: r.key_hash,
        reject: Reject {
            source: id,
            row: r.row,
            dataset: dataset.name.clone(),
            problems: r.problems.into_iter().map(|(cell, field, bad)| (cell, dataset.fields[field].name.clone(), bad.reason)).collect(),
            cells: r.cells,
            resolved: false,
        },
    }));
    let rows = harvest.rows.len();
    let fields = dataset.fields.iter().zip(harvest.builders);
    let columns: PolarsResult<Vec<Column>> =
        fields.map(|(field, builder)| builder.map_or_else(|| Ok(column::absent(field, rows)), ColumnBuilder::finish)).collect();
    Ok(Chunk {
        source: id,
        columns: columns?,
        rows: harvest.rows,
        key_hashes: harvest.key_hashes,
        row_hashes: harvest.row_hashes,
        suspects: harvest.suspects,
        mends: harvest.mends,
        column_of: column_of(&taken.matching, &taken),
        shown,
    })
}

fn column_of(matching: &Matching, taken: &Taken) -> Vec<Option<u32>> {
    matching.by_field.iter().map(|at| at.map(|at| taken.heading.columns[at].column)).collect()
}

/// Headers that no field has, and columns that hold values without a header.
fn unused(taken: &Taken, samples: &Samples) -> Vec<String> {
    let feedback = feedback_columns(taken);
    let columns = &taken.heading.columns;
    let named = columns
        .iter()
        .zip(&taken.matching.hits)
        .filter(|(column, hit)| hit.is_none() && feedback.is_none_or(|f| !f.contains(&column.column)))
        .map(|(column, _)| column.text.clone());
    let nameless = samples.iter().filter(|(column, _)| columns.iter().all(|c| c.column != *column));
    named.chain(nameless.map(|(column, _)| format!("{} 列(没有列名)", column_letters(*column)))).collect()
}

/// The heading as one row, in words that will be recognised again.
fn headers(taken: &Taken, shown: &[u32]) -> Vec<String> {
    let columns = &taken.heading.columns;
    let is_repeated = |text: &str| columns.iter().filter(|c| c.text == text).count() > 1;
    let text = |column: &u32| {
        let at = columns.iter().position(|c| c.column == *column)?;
        let (column, hit) = (&columns[at], &taken.matching.hits[at]);
        Some(match (hit, &column.group) {
            (Some(hit), _) => hit.header.clone(),
            (None, Some(group)) if is_repeated(&column.text) => format!("{group}{}", column.text),
            _ => column.text.clone(),
        })
    };
    shown.iter().map(|column| text(column).unwrap_or_default()).collect()
}

fn warn(out: &mut Normalised, source: &Source, dataset: &Dataset, rejects: &[LocalReject]) {
    let problems = rejects.iter().flat_map(|r| &r.problems);
    for (cell, field, bad) in problems.clone().take(PROBLEMS_LISTED) {
        let words = format!("{}:{};整行放入待修正", dataset.fields[*field].name, bad.reason);
        out.diags.push(Diag::warning(bad.code, words).at(cell_of(source, cell.column, cell.row)));
    }
    let more = problems.count().saturating_sub(PROBLEMS_LISTED);
    if let (true, Some(first)) = (more > 0, rejects.first()) {
        let words = format!("这张表另有 {more} 处读不懂,共 {} 行放入待修正", rejects.len());
        out.diags.push(Diag::warning(first.problems[0].2.code, words).at(sheet_of(source)));
    }
}

/// Finds duplicates among a dataset's sheets and makes its table of the rest.
fn build(out: &mut Normalised, rejects: &mut Vec<Pending>, dataset: &Arc<Dataset>, chunks: Vec<Chunk>) {
    let found = find(dataset, &chunks);
    let mut dropped: Vec<HashSet<u32>> = chunks.iter().map(|_| HashSet::new()).collect();
    let mut clashes: std::collections::BTreeMap<(u32, u32), Vec<String>> = std::collections::BTreeMap::new();
    let mut same: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
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
                if first.source == second.source {
                    let (cell, _, reason) = &reject.problems[0];
                    let words = format!("{reason}(主键 {});整行放入待修正", duplicate.key);
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
        let words = format!("{rows} 行与前面的行完全相同,只计一次");
        out.diags.push(Diag::note(Code::RowDuplicate, words).at(sheet_of(&out.tables.sources[source as usize])));
    }
    for ((first, second), keys) in clashes {
        let (a, b) = (&out.tables.sources[first as usize], &out.tables.sources[second as usize]);
        let few = keys.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("、");
        let words = format!("两张表有 {} 个相同的主键而内容不同:{} 与 {};如 {few}", keys.len(), place_words(a), place_words(b));
        let diag = Diag::error(Code::KeyClash, words).at(sheet_of(b)).label(sheet_of(a), "先读到的表");
        out.diags.push(diag.help("同一件事只留一行;如果其中一个文件是旧版本,请移出数据文件夹"));
    }
    resolve(rejects, dataset, &chunks, &dropped, &out.tables.sources);
    match table(dataset, chunks, &dropped) {
        Ok(frame) => out.tables.tables.push(Table { dataset: dataset.clone(), frame }),
        Err(error) => out.diags.push(Diag::error(Code::RuleFault, format!("「{}」:{error}", dataset.name))),
    }
}

fn repeated_key(dataset: &Dataset, chunk: &Chunk, index: u32, first: Origin, second: Origin) -> Reject {
    let field = dataset.key.first().and_then(|name| dataset.fields.iter().position(|f| f.name == *name)).unwrap_or(0);
    let cell = CellRef { column: chunk.column_of[field].unwrap_or(0), row: second.row };
    let typed = || {
        let at = |column: &u32| chunk.column_of.iter().position(|c| c.as_ref() == Some(column));
        let show = |field: usize| chunk.columns[field].get(index as usize).map_or_else(|_| String::new(), |v| v.str_value().into_owned());
        chunk.shown.iter().map(|column| at(column).map_or_else(String::new, show)).collect()
    };
    Reject {
        source: chunk.source,
        row: second.row,
        dataset: dataset.name.clone(),
        problems: vec![(cell, dataset.fields[field].name.clone(), format!("主键重复:与第 {} 行不同", first.row))],
        cells: chunk.suspects.get(&index).cloned().unwrap_or_else(typed),
        resolved: false,
    }
}

/// A rejected row whose mended twin was used is settled: it has the twin's key, or the twin names its place.
fn resolve(rejects: &mut [Pending], dataset: &Dataset, chunks: &[Chunk], dropped: &[HashSet<u32>], sources: &[Source]) {
    let (mut keys, mut places) = (HashSet::<u64>::new(), HashSet::new());
    for (chunk, dropped) in chunks.iter().zip(dropped) {
        for (index, (file, place)) in chunk.mends.iter().enumerate().filter(|(i, _)| !dropped.contains(&(*i as u32))) {
            keys.extend(chunk.key_hashes.get(index));
            places.insert((file.as_str(), place.as_str()));
        }
    }
    if places.is_empty() {
        return;
    }
    for pending in rejects.iter_mut().filter(|p| p.reject.dataset == dataset.name) {
        let reject = &mut pending.reject;
        let source = &sources[reject.source as usize];
        let is_here = |(file, place): &(&str, &str)| names(file, place, source, reject.row);
        reject.resolved = pending.key_hash.is_some_and(|key| keys.contains(&key)) || places.iter().any(is_here);
    }
}

/// Whether 原文件 and 原位置 of a mended row name this row.
fn names(file: &str, place: &str, source: &Source, row: u32) -> bool {
    let digits = place.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number = &digits[digits.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    let own = source.file.rsplit('/').next().unwrap_or(&source.file);
    number.parse() == Ok(row) && file.contains(own) && (place.contains(&source.sheet) || file.contains(&source.sheet))
}

fn table(dataset: &Dataset, chunks: Vec<Chunk>, dropped: &[HashSet<u32>]) -> PolarsResult<DataFrame> {
    let mut whole: Option<DataFrame> = None;
    for (chunk, dropped) in chunks.into_iter().zip(dropped) {
        let origins: Vec<Origin> = chunk.rows.iter().map(|&row| Origin { source: chunk.source, row }).collect();
        let mut part = frame(chunk.columns, &origins)?;
        if !dropped.is_empty() {
            let keep = (0..part.height() as u32).map(|at| !dropped.contains(&at));
            part = part.filter(&BooleanChunked::from_iter_values("keep".into(), keep))?;
        }
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => {
                whole.vstack_mut_owned(part)?;
            }
        }
    }
    let mut whole = whole.ok_or_else(|| polars_err!(NoData: "{}", dataset.name))?;
    whole.rechunk_mut_par();
    Ok(whole)
}

/// Errors that only the whole can show.
fn conclude(out: &mut Normalised, catalogue: &Catalogue, lacking: &[String]) {
    for total in &out.totals {
        if !total.balances() {
            let source = &out.tables.sources[total.source as usize];
            let words = format!(
                "读入 {} 行,而采用 {} + 待修正 {} + 重复 {} + 非数据 {} + 未认出 {} 不等于它",
                total.read, total.used, total.rejected, total.duplicate, total.furniture, total.unrecognised
            );
            out.diags.push(Diag::error(Code::TotalsUnbalanced, words).at(sheet_of(source)).help("这是程序的错误,请把文件交给维护者"));
        }
    }
    let explained = [Code::ColumnMissing, Code::ColumnRepeated, Code::SheetUnrecognised];
    let is_explained = out.diags.iter().any(|d| d.severity == Severity::Error && explained.contains(&d.code));
    if out.tables.tables.is_empty() && !is_explained {
        let names: Vec<&str> = catalogue.entries.iter().map(|e| e.dataset.name.as_str()).collect();
        let seen = if lacking.is_empty() {
            "没有读到工作表".to_owned()
        } else {
            format!("看过的工作表:\n    {}", lacking.join("\n    "))
        };
        let words = format!("没有一张表被认出来;{seen}");
        let help = format!("数据表有:{}。用 kesu columns 文件名 看每一列被当作什么", names.join("、"));
        out.diags.push(Diag::error(Code::NoDataset, words).help(help));
    }
}
