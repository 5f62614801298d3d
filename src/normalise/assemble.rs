//! Sheets to one result: sources get their numbers, datasets their tables, every row its place in the control totals.

use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::*;

use super::build::{Chunk, Pending, build};
use super::column::{ColumnBuilder, Filled};
use super::recognise::{Catalogue, Taken, cell_of, sheet_of, words_of};
use super::rows::{LocalReject, REPAIRS_LISTED};
use super::sheet::{Outcome, ReadSheet, Samples, SheetResult, feedback_columns};
use super::table::Source;
use super::{ColumnMatch, ControlTotal, MissingField, Normalised, Reject, Repair, SheetReading};
use crate::diag::{Code, Diag, Severity, column_letters};
use crate::ingest::FileReport;
use crate::rules::Dataset;

/// Problems of one sheet are listed one by one up to here.
pub const PROBLEMS_LISTED: usize = 50;

/// One file as it was read.
pub struct FileResult {
    pub file: PathBuf,
    pub report: Result<FileReport, Diag>,
    pub sheets: Vec<SheetResult>,
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
                    lacking.push(format!("{}：{lacked}", words_of(&sheet.source)));
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

/// What each column was taken for.
fn describe(out: &mut Normalised, source: u32, taken: &Taken, dataset: &Dataset, samples: &Samples, is_used: bool) {
    let feedback = feedback_columns(taken);
    let is_feedback = |column: u32| feedback.is_some_and(|columns| columns.contains(&column));
    let sample = |column: u32| samples.iter().find(|(c, _)| *c == column).map_or_else(String::new, |(_, text)| text.clone());
    let Taken { heading, matching, .. } = taken;
    for (column, hit) in heading.columns.iter().zip(&matching.hits) {
        let why = match hit {
            Some(hit) => hit.why.clone(),
            None if is_feedback(column.column) => "待修正表的说明列，不读".to_owned(),
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
        why: if is_used { taken.why.clone() } else { format!("{}，但有错误，未采用", taken.why) },
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
        out.diags.push(Diag::note(Code::ColumnUnused, format!("未采用的列：{}", unused.join("、"))).at(sheet_of(source)));
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
    let columns: PolarsResult<Vec<Filled>> =
        fields.map(|(field, builder)| builder.map_or_else(|| Ok(Filled::absent(field, rows)), ColumnBuilder::finish)).collect();
    Ok(Chunk {
        source: id,
        columns: columns?,
        rows: harvest.rows,
        key_hashes: harvest.key_hashes,
        row_hashes: harvest.row_hashes,
        suspects: harvest.suspects,
        mends: harvest.mends,
        column_of: taken.matching.by_field.iter().map(|at| at.map(|at| taken.heading.columns[at].column)).collect(),
        shown,
    })
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
    named.chain(nameless.map(|(column, _)| format!("{} 列（没有列名）", column_letters(*column)))).collect()
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
        let words = format!("{}：{}；整行放入待修正", dataset.fields[*field].name, bad.reason);
        out.diags.push(Diag::warning(bad.code, words).at(cell_of(source, cell.column, cell.row)));
    }
    let more = problems.count().saturating_sub(PROBLEMS_LISTED);
    if let (true, Some(first)) = (more > 0, rejects.first()) {
        let words = format!("这张表另有 {more} 处读不懂，共 {} 行放入待修正", rejects.len());
        out.diags.push(Diag::warning(first.problems[0].2.code, words).at(sheet_of(source)));
    }
}

/// Errors that only the whole can show.
fn conclude(out: &mut Normalised, catalogue: &Catalogue, lacking: &[String]) {
    for total in &out.totals {
        if !total.balances() {
            let source = &out.tables.sources[total.source as usize];
            let words = format!(
                "读入 {} 行，而采用 {} + 待修正 {} + 重复 {} + 非数据 {} + 未认出 {} 不等于它",
                total.read, total.used, total.rejected, total.duplicate, total.furniture, total.unrecognised
            );
            out.diags.push(Diag::error(Code::TotalsUnbalanced, words).at(sheet_of(source)).help("这是程序的错误，请把文件交给维护者"));
        }
    }
    let explained = [Code::ColumnMissing, Code::ColumnRepeated, Code::SheetUnrecognised];
    let is_explained = out.diags.iter().any(|d| d.severity == Severity::Error && explained.contains(&d.code));
    if out.tables.tables.is_empty() && !is_explained {
        let names: Vec<&str> = catalogue.entries.iter().map(|e| e.dataset.name.as_str()).collect();
        let seen = if lacking.is_empty() {
            "没有读到工作表".to_owned()
        } else {
            format!("看过的工作表：\n    {}", lacking.join("\n    "))
        };
        let words = format!("没有一张表被认出来；{seen}");
        let help = format!("数据表有：{}。用 kesu columns 文件名 看每一列被当作什么", names.join("、"));
        out.diags.push(Diag::error(Code::NoDataset, words).help(help));
    }
}
