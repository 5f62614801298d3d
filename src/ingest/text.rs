//! csv and its relatives: one sheet without a name, all cells text.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::cell::{RawCell, RawValue, RowBatch};
use super::encoding::{self, Guess};
use super::gather::Notes;
use super::utf8::{Utf8, Watch};
use super::{FileReport, FileSink, Limits, delimiter, problem};
use crate::diag::{CellRef, Code, Diag};

const SAMPLE: u64 = 64 << 10;
const BATCH: usize = 2048;
/// A quote that is never closed swallows the rest of the file; in a large one it is noticed here.
const RECORD_BYTES: u64 = 4 << 20;

/// Reads a text file; encoding and delimiter are found, and told in `report`.
pub fn read(path: &Path, limits: &Limits, sink: &mut dyn FileSink, report: &mut FileReport) -> Result<(), Diag> {
    let unreadable = |e: std::io::Error| problem::unreadable(path, &e);
    let guess = encoding::detect(path).map_err(unreadable)?;
    let sample = sample(path, &guess).map_err(unreadable)?;
    if sample.contains('\0') {
        return Err(problem::unsupported(path, "内容不是文字，也不是认识的表格格式"));
    }
    let delimiter = delimiter::detect(&sample);
    report.choices.push(format!("编码 {}，分隔符为{}", guess.words(), delimiter.name));

    let mut file = File::open(path).map_err(unreadable)?;
    file.seek(SeekFrom::Start(guess.mark as u64)).map_err(unreadable)?;
    let (text, watch) = Utf8::new(file, guess.encoding, delimiter.replaced(), RECORD_BYTES);
    let mut reader = ReaderBuilder::new().delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(text);
    let mut notes = Notes::default();
    let outcome = match sink.sheet("") {
        Some(mut sink) => rows(&mut reader, &watch, limits, &mut notes, path, &mut *sink),
        None => Ok(()),
    };
    notes.report(path, "", limits, report);
    if watch.had_errors() {
        let message = format!("有些字节按 {} 读不成文字，已用「\u{fffd}」代替", guess.name());
        report.warnings.push(
            Diag::warning(Code::EncodingGuessed, message).in_file(path).help("用记事本或 WPS 打开检查；确认无误后另存为 UTF-8 编码的 csv"),
        );
    }
    outcome
}

/// The beginning of the text, in whole lines where there are several.
fn sample(path: &Path, guess: &Guess) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(guess.mark as u64))?;
    let (reader, _) = Utf8::new(file.take(SAMPLE), guess.encoding, None, u64::MAX);
    let mut bytes = Vec::new();
    std::io::BufReader::new(reader).read_to_end(&mut bytes)?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if bytes.len() as u64 >= SAMPLE
        && let Some(end) = text.trim_end_matches('\n').rfind('\n')
    {
        text.truncate(end + 1);
    }
    Ok(text)
}

fn unclosed(path: &Path, row: u32) -> Diag {
    problem::damaged(path, &format!("第 {row} 行起引号没有配对，后面的行都并进了一格（或一条记录超过 {} MB）", RECORD_BYTES >> 20))
}

fn rows<R: Read>(
    reader: &mut csv::Reader<R>,
    watch: &Arc<Watch>,
    limits: &Limits,
    notes: &mut Notes,
    path: &Path,
    sink: &mut dyn super::SheetSink,
) -> Result<(), Diag> {
    let mut records: Vec<(u32, StringRecord)> = Vec::new();
    records.resize_with(BATCH, Default::default);
    let (mut row, mut cells_left, mut ended, mut open_at_end) = (0u32, limits.cells, false, false);
    while !ended {
        let (mut filled, mut bytes) = (0, 0);
        while filled < BATCH && bytes < RECORD_BYTES as usize {
            let (number, record) = &mut records[filled];
            let before = reader.position().line();
            watch.next_record();
            match reader.read_record(record) {
                Ok(true) => {}
                Ok(false) => {
                    ended = true;
                    if open_at_end && watch.quotes_are_odd() {
                        return Err(unclosed(path, row));
                    }
                    break;
                }
                Err(_) => {
                    return Err(unclosed(path, row + 1));
                }
            }
            // lines that are not in the record itself are blank lines before it; Excel numbers those too
            let inside = record.as_slice().bytes().filter(|&byte| byte == b'\n').count() as u64;
            let blank = (reader.position().line() - before).saturating_sub(inside + 1);
            row = row.saturating_add(1).saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
            *number = row;
            // the line end behind the last record of a file is no part of it unless a quote is still open
            open_at_end = record.as_slice().ends_with('\n');
            bytes += record.as_slice().len();
            filled += 1;
        }
        let mut batch = RowBatch::default();
        for (row, record) in &records[..filled] {
            for (column, field) in (0u32..).zip(record.iter()) {
                if field.trim().is_empty() {
                    continue;
                }
                if cells_left == 0 {
                    return Err(problem::too_large(path, &format!("单元格总数超过 {}", limits.cells)));
                }
                cells_left -= 1;
                let text = notes.cut(Cow::Borrowed(field), limits.cell_chars, CellRef { column, row: *row });
                batch.push(*row, RawCell { column, value: RawValue::Text(text) });
            }
        }
        if !batch.is_empty() && sink.rows(&batch).is_break() {
            break;
        }
    }
    Ok(())
}
