//! The bare work behind a run: calamine's streaming read of the input, then rust_xlsxwriter's constant-memory write of the
//! cells that the run put out, one after the other, and nothing else.
//!
//! `bare INPUT_DIR OUTPUT_DIR SCRATCH_DIR` prints `read_seconds write_seconds cells_read cells_written`. The cells to write are
//! taken from the workbooks in OUTPUT_DIR; taking them is not timed.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calamine::{Cell, Data, DataRef, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Cells held between the reader and the writer, so that the clock is read seldom.
const BATCH: usize = 1 << 16;

fn main() -> Outcome<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).filter(|a| a != "--bench").map(PathBuf::from).collect();
    let [input, output, scratch] = arguments.as_slice() else {
        println!("bare INPUT_DIR OUTPUT_DIR SCRATCH_DIR — see benches/README.md");
        return Ok(());
    };
    let mut read = 0_u64;
    let begin = Instant::now();
    for file in workbooks(input)? {
        read += read_through(&file)?;
    }
    let reading = begin.elapsed();
    let (mut writing, mut written) = (Duration::ZERO, 0);
    for file in workbooks(output)? {
        let (took, cells) = write_again(&file, scratch)?;
        writing += took;
        written += cells;
    }
    println!("{:.3} {:.3} {read} {written}", reading.as_secs_f64(), writing.as_secs_f64());
    Ok(())
}

/// The xlsx files in `folder` and below it, in order of path: what each recipient gets is written, too.
fn workbooks(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(workbooks(&path)?);
        } else if path.extension().is_some_and(|e| e == "xlsx") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read_through(file: &Path) -> Outcome<u64> {
    let mut workbook: Xlsx<BufReader<File>> = open_workbook(file)?;
    let mut cells = 0;
    for sheet in workbook.sheet_names() {
        let mut reader = workbook.worksheet_cells_reader(&sheet)?;
        while let Some(cell) = reader.next_cell()? {
            cells += 1;
            black_box(cell.get_value());
        }
    }
    Ok(cells)
}

fn write_again(file: &Path, scratch: &Path) -> Outcome<(Duration, u64)> {
    let mut source: Xlsx<BufReader<File>> = open_workbook(file)?;
    let begin = Instant::now();
    let mut copy = Workbook::new();
    copy.set_tempdir(scratch)?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut took = begin.elapsed();
    let mut count = 0;
    for name in source.sheet_names() {
        let begin = Instant::now();
        let sheet = copy.add_worksheet_with_constant_memory()?;
        sheet.set_name(&name)?;
        took += begin.elapsed();
        let mut reader = source.worksheet_cells_reader(&name)?;
        loop {
            let batch = next_batch(|| Ok(reader.next_cell()?.map(owned)))?;
            let begin = Instant::now();
            for cell in &batch {
                put(sheet, cell, &date)?;
            }
            took += begin.elapsed();
            count += batch.len() as u64;
            if batch.len() < BATCH {
                break;
            }
        }
    }
    let begin = Instant::now();
    copy.save(scratch.join(file.file_name().unwrap_or_default()))?;
    Ok((took + begin.elapsed(), count))
}

fn next_batch(mut next: impl FnMut() -> Outcome<Option<Cell<Data>>>) -> Outcome<Vec<Cell<Data>>> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH {
        match next()? {
            Some(cell) => batch.push(cell),
            None => break,
        }
    }
    Ok(batch)
}

fn owned(cell: Cell<DataRef<'_>>) -> Cell<Data> {
    Cell::new(cell.get_position(), cell.get_value().clone().into())
}

fn put(sheet: &mut Worksheet, cell: &Cell<Data>, date: &Format) -> Outcome<()> {
    let (row, column) = cell.get_position();
    let column = column as u16;
    match cell.get_value() {
        Data::Empty => sheet.write_blank(row, column, date)?,
        Data::Int(number) => sheet.write_number(row, column, *number as f64)?,
        Data::Float(number) => sheet.write_number(row, column, *number)?,
        Data::Bool(value) => sheet.write_boolean(row, column, *value)?,
        Data::DateTime(serial) => sheet.write_number_with_format(row, column, serial.as_f64(), date)?,
        other => sheet.write_string(row, column, other.to_string())?,
    };
    Ok(())
}
