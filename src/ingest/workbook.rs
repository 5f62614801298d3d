//! Workbooks through calamine, every sheet cell by cell.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{
    CellErrorType, Data, DataRef, Ods, OdsError, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::cell::RawValue;
use super::format::Format;
use super::gather::{Fault, Gather, Next, Stop};
use super::metered::{Meter, Metered};
use super::pump::{Pace, pump};
use super::shield::shielded;
use super::{FileReport, FileSink, Limits, SheetSink, problem};
use crate::diag::Diag;

const READ_BUFFER: usize = 256 << 10;

/// Reads every sheet of a workbook in this process; `Xls`, `Xlsb` and `Ods` only where memory is limited.
///
/// # Errors
/// When the file cannot be opened as a workbook, or none of its sheets can.
pub fn read(
    format: Format,
    path: &Path,
    limits: &Limits,
    pace: Pace,
    sink: &mut dyn FileSink,
    report: &mut FileReport,
) -> Result<(), Diag> {
    let file = File::open(path).map_err(|e| problem::unreadable(path, &e))?;
    let file = BufReader::with_capacity(READ_BUFFER, file);
    let mut job = Job { path, limits, pace, report, cells_left: limits.cells };
    match format {
        Format::Xlsx => {
            let (file, meter) = Metered::new(file, path);
            let mut book = open(path, || Xlsx::new(file))?;
            let is_1904 = book.has_1904_epoch();
            job.sheets(book.sheets_metadata().to_vec(), sink, &mut |job, name, sink| job.xlsx_sheet(&mut book, &meter, is_1904, name, sink))
        }
        Format::Xlsb => {
            let mut book = open(path, || Xlsb::new(file))?;
            let is_1904 = book.has_1904_epoch();
            job.sheets(book.sheets_metadata().to_vec(), sink, &mut |job, name, sink| job.xlsb_sheet(&mut book, is_1904, name, sink))
        }
        Format::Xls => {
            let mut book = open(path, || Xls::new(file))?;
            let is_1904 = book.has_1904_epoch();
            job.sheets(book.sheets_metadata().to_vec(), sink, &mut |job, name, sink| {
                job.dense_sheet(|| book.worksheet_range(name).map_err(|e| e.to_string()), is_1904, name, sink)
            })
        }
        Format::Ods => {
            let mut book = open(path, || Ods::new(file))?;
            job.sheets(book.sheets_metadata().to_vec(), sink, &mut |job, name, sink| {
                job.dense_sheet(|| book.worksheet_range(name).map_err(|e| e.to_string()), false, name, sink)
            })
        }
        Format::Text => super::text::read(path, limits, sink, job.report),
    }
}

/// A parser's error, as far as it matters.
trait OpenError: std::fmt::Display {
    fn is_password(&self) -> bool;
}

macro_rules! open_error {
    ($($error:ident)*) => {$(
        impl OpenError for $error {
            fn is_password(&self) -> bool { matches!(self, $error::Password) }
        }
    )*};
}
open_error!(XlsxError XlsbError XlsError OdsError);

fn open<B, E: OpenError>(path: &Path, parse: impl FnOnce() -> Result<B, E>) -> Result<B, Diag> {
    match shielded(parse) {
        Ok(Ok(book)) => Ok(book),
        Ok(Err(error)) if error.is_password() => Err(problem::encrypted(path)),
        Ok(Err(error)) => Err(problem::damaged(path, &error.to_string())),
        Err(_) => Err(problem::damaged(path, "内容有误，解析中断")),
    }
}

/// How reading one sheet ended early.
enum SheetEnd {
    /// Nothing went to the sink.
    Unopened(String),
    /// Rows may have gone to the sink.
    Broken(String),
}

struct Job<'j> {
    path: &'j Path,
    limits: &'j Limits,
    pace: Pace,
    report: &'j mut FileReport,
    cells_left: u64,
}

/// Reads the sheet of this name.
type ReadSheet<'s, 'j> = &'s mut dyn FnMut(&mut Job<'j>, &str, &mut dyn SheetSink) -> Result<(), SheetEnd>;

impl<'j> Job<'j> {
    fn sheets(&mut self, sheets: Vec<Sheet>, sink: &mut dyn FileSink, read: ReadSheet<'_, 'j>) -> Result<(), Diag> {
        let (mut opened, mut failure) = (false, None);
        for sheet in sheets {
            let name = sheet.name;
            if sheet.typ != SheetType::WorkSheet {
                self.report.choices.push(format!("「{name}」不是工作表（图表或宏），跳过"));
                continue;
            }
            if sheet.visible != SheetVisible::Visible {
                self.report.choices.push(format!("工作表「{name}」是隐藏的，也读了"));
            }
            let Some(mut sheet_sink) = sink.sheet(&name) else {
                opened = true;
                continue;
            };
            match read(self, &name, &mut *sheet_sink) {
                Ok(()) => opened = true,
                Err(SheetEnd::Unopened(detail)) => {
                    self.report.warnings.push(problem::sheet_unopened(self.path, &name, &detail));
                    failure.get_or_insert(detail);
                }
                Err(SheetEnd::Broken(detail)) => {
                    opened = true;
                    self.report.warnings.push(problem::sheet_broken(self.path, &name, &detail));
                }
            }
        }
        match failure {
            Some(detail) if !opened => Err(problem::damaged(self.path, &format!("没有一张工作表打得开（{detail}）"))),
            _ => Ok(()),
        }
    }

    fn xlsx_sheet(
        &mut self,
        book: &mut Xlsx<Metered<BufReader<File>>>,
        meter: &Meter,
        is_1904: bool,
        name: &str,
        sink: &mut dyn SheetSink,
    ) -> Result<(), SheetEnd> {
        meter.next_cell();
        let mut reader = match shielded(|| book.worksheet_cells_reader(name)) {
            Ok(Ok(reader)) => reader,
            // listed as a worksheet, but a chart or a dialogue
            Ok(Err(XlsxError::NotAWorksheet(_))) => return Ok(()),
            Ok(Err(error)) => return Err(SheetEnd::Unopened(error.to_string())),
            Err(_) => return Err(SheetEnd::Unopened("内容有误".to_owned())),
        };
        // the only one of the reader's methods that hands out its strings without a copy
        let next = || -> Next<'_> {
            meter.next_cell();
            match reader.next_cell_with_formula_metadata() {
                Ok(Some(cell)) => Ok(Some((cell.pos.0, cell.pos.1, by_reference(cell.value, is_1904)))),
                Ok(None) => Ok(None),
                Err(_) if meter.tripped() => Err(Fault::Sheet("有一格文字大得不正常".to_owned())),
                Err(error) => Err(fault(error)),
            }
        };
        self.gather(next, name, sink)
    }

    fn xlsb_sheet(
        &mut self,
        book: &mut Xlsb<BufReader<File>>,
        is_1904: bool,
        name: &str,
        sink: &mut dyn SheetSink,
    ) -> Result<(), SheetEnd> {
        let mut reader = match shielded(|| book.worksheet_cells_reader(name)) {
            Ok(Ok(reader)) => reader,
            Ok(Err(error)) => return Err(SheetEnd::Unopened(error.to_string())),
            Err(_) => return Err(SheetEnd::Unopened("内容有误".to_owned())),
        };
        let next = || -> Next<'_> {
            match reader.next_cell() {
                Ok(Some(cell)) => {
                    let (row, column) = cell.get_position();
                    Ok(Some((row, column, by_reference(cell.get_value().clone(), is_1904))))
                }
                Ok(None) => Ok(None),
                Err(error) => Err(Fault::Sheet(error.to_string())),
            }
        };
        self.gather(next, name, sink)
    }

    fn dense_sheet(
        &mut self,
        range: impl FnOnce() -> Result<calamine::Range<Data>, String>,
        is_1904: bool,
        name: &str,
        sink: &mut dyn SheetSink,
    ) -> Result<(), SheetEnd> {
        let range = match shielded(range) {
            Ok(Ok(range)) => range,
            Ok(Err(detail)) => return Err(SheetEnd::Unopened(detail)),
            Err(_) => return Err(SheetEnd::Unopened("内容有误".to_owned())),
        };
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = range.used_cells();
        let next = || -> Next<'_> {
            Ok(cells.next().map(|(row, column, value)| (top + row as u32, left + column as u32, borrowed(value, is_1904))))
        };
        self.gather(next, name, sink)
    }

    fn gather<'a>(&mut self, next: impl FnMut() -> Next<'a>, name: &str, sink: &mut dyn SheetSink) -> Result<(), SheetEnd> {
        let mut gather = Gather::new(self.limits, self.cells_left);
        let outcome = pump(next, &mut gather, sink, self.pace);
        self.cells_left = gather.cells_left;
        gather.notes.report(self.path, name, self.limits, self.report);
        outcome.map_err(|Stop(detail)| SheetEnd::Broken(detail))
    }
}

/// Whether the sheet can be read on behind the error.
fn fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::CellError(text) => Fault::Cell(format!("不认识的错误值「{text}」")),
        XlsxError::CellTAttribute(_) | XlsxError::Unrecognized { .. } | XlsxError::ParseFloat(_) | XlsxError::Unexpected(_) => {
            Fault::Cell(error.to_string())
        }
        other => Fault::Sheet(other.to_string()),
    }
}

fn by_reference(value: DataRef<'_>, is_1904: bool) -> RawValue<'_> {
    match value {
        DataRef::SharedString(text) => RawValue::Text(Cow::Borrowed(text)),
        DataRef::String(text) => RawValue::Text(Cow::Owned(text)),
        DataRef::Float(number) => RawValue::Number(number),
        DataRef::Int(number) => RawValue::Number(number as f64),
        DataRef::DateTime(date) => RawValue::Serial { days: date.as_f64(), is_1904 },
        DataRef::DateTimeIso(text) => RawValue::Iso(Cow::Owned(text)),
        DataRef::DurationIso(text) => duration(&text).unwrap_or(RawValue::Text(Cow::Owned(text))),
        DataRef::Bool(value) => RawValue::Bool(value),
        DataRef::Error(error) => RawValue::Error(error_text(&error)),
        DataRef::Empty => RawValue::Empty,
    }
}

fn borrowed(value: &Data, is_1904: bool) -> RawValue<'_> {
    match value {
        Data::String(text) => RawValue::Text(Cow::Borrowed(text)),
        Data::Float(number) => RawValue::Number(*number),
        Data::Int(number) => RawValue::Number(*number as f64),
        Data::DateTime(date) => RawValue::Serial { days: date.as_f64(), is_1904 },
        Data::DateTimeIso(text) => RawValue::Iso(Cow::Borrowed(text)),
        Data::DurationIso(text) => duration(text).unwrap_or(RawValue::Text(Cow::Borrowed(text))),
        Data::Bool(value) => RawValue::Bool(*value),
        Data::Error(error) => RawValue::Error(error_text(error)),
        Data::Empty => RawValue::Empty,
    }
}

/// `PT09H05M00S`, the time of day in ods, as the part of a day that Excel would hold.
fn duration(text: &str) -> Option<RawValue<'static>> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, weight) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, behind)) = rest.split_once(unit) {
            seconds += number.parse::<f64>().ok()? * weight;
            rest = behind;
        }
    }
    rest.is_empty().then_some(RawValue::Serial { days: seconds / 86_400.0, is_1904: false })
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}
