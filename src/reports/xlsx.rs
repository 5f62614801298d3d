//! Sheets to an xlsx file. The only place, with its parts, that knows rust_xlsxwriter.

mod charts;
mod fill;
mod formats;
mod names;

use std::io;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Url, Workbook, Worksheet, XlsxError};
use zip::result::ZipError;

use self::formats::{Formats, Weight};
use super::layout;
use super::sheet::{ALERT, Cached, Cell, Column, LATE, Link, Sheet, Stack, Style, Value, leads_out};
use crate::diag::{Diag, unwritable};

/// Rows of a sheet in xlsx.
const MAX_ROWS: usize = 1_048_576;
/// Above this many body rows a sheet is streamed to disk row by row, without lines around the cells.
const STREAMED: usize = 5_000;
/// Above this many single rows a sheet goes to disk row by row, too; it looks the same.
const HELD: usize = 500;
/// Compression of a workbook with a longer sheet than that, of 9: half the time of the usual 6, for a file that is a tenth larger.
const LIGHT: u8 = 3;
/// Points of a row with more than one line.
const TALLER: f64 = 20.0;
/// Excel knows hardly more page breaks of a sheet; further pages end where they are full.
const MAX_BREAKS: usize = 1_000;
/// Links of a sheet; the rest is plain text. Excel refuses more than 65,530, and a workbook with many is slow to open and takes
/// two kilobytes of memory for each of them to write.
const MAX_LINKS: usize = 20_000;
/// Excel's limit for an address, with room for what is escaped in it.
const MAX_LINK: usize = 1_000;
/// Excel's limit for a cell, in UTF-16 units.
const MAX_TEXT: usize = 32_767;
/// Rows that are still readable on one page; a sheet with a chart that has more goes on on the next.
const CHARTED: usize = 60;

/// What stands in the file besides its sheets.
#[derive(Debug, Clone, Copy)]
pub struct Properties<'a> {
    pub title: &'a str,
    pub company: &'a str,
    /// `2026年10月`
    pub period: &'a str,
    /// Creation date: the run's, so that two runs write the same bytes.
    pub as_of: NaiveDate,
}

/// The names that sheets with these wishes get in a workbook of their own, for links between them.
pub fn sheet_names<'a>(wishes: impl Iterator<Item = &'a str>) -> Vec<String> {
    names::unique(wishes)
}

/// Writes one workbook; an existing file is replaced. Says whether it has links to other files.
pub fn write(path: &Path, properties: Properties<'_>, sheets: &[Sheet<'_>]) -> Result<bool, Diag> {
    let broken = |error: XlsxError| unwritable(path, &as_io(error));
    let (mut workbook, leads_out) = build(properties, sheets).map_err(|fault| match fault {
        Fault::Xlsx(error) => broken(error),
        Fault::Row(diag) => *diag,
    })?;
    crate::fault::point("工作簿存盘以前");
    workbook.save(path).map_err(broken)?;
    crate::fault::point("工作簿存盘以后");
    Ok(leads_out)
}

/// The links of a sheet as far as it is written.
#[derive(Default)]
struct Links {
    count: usize,
    /// One of them is to another file.
    lead_out: bool,
}

/// Why a sheet cannot be written.
enum Fault {
    Xlsx(XlsxError),
    /// Some of its rows could not be made.
    Row(Box<Diag>),
}

impl From<Diag> for Fault {
    fn from(diag: Diag) -> Self {
        Fault::Row(Box::new(diag))
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Self {
        Fault::Xlsx(error)
    }
}

fn as_io(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::ZipError(ZipError::Io(error)) => error,
        other => io::Error::other(other),
    }
}

/// The workbook, and whether it has links to other files.
fn build(properties: Properties<'_>, sheets: &[Sheet<'_>]) -> Result<(Workbook, bool), Fault> {
    let mut workbook = Workbook::new();
    let mut leads_out = false;
    if sheets.iter().map(|sheet| sheet.rows.len() + body_len(sheet)).max() > Some(HELD) {
        workbook.set_zip_compression_level(LIGHT);
    }
    workbook.set_default_format(&formats::plain(), 19, 72)?;
    let created = ExcelDateTime::parse_from_str(&properties.as_of.format("%Y-%m-%d").to_string())?;
    let words = DocProperties::new()
        .set_title(properties.title)
        .set_subject(format!("期间 {}", properties.period))
        .set_company(properties.company)
        .set_comment(format!("截至 {} 的情形", properties.as_of))
        .set_author("kesu");
    workbook.set_properties(&words.set_creation_datetime(&created));
    let formats = Formats::new();
    let names = names::unique(sheets.iter().map(|s| s.name.as_str()));
    let mut taken = names.clone();
    for (sheet, name) in sheets.iter().zip(&names) {
        for (part, rows) in parts(sheet).into_iter().enumerate() {
            let name = if part == 0 { name.clone() } else { names::next(name, &mut taken) };
            let writer = Writer { sheet, formats: &formats, part, last: rows.end == body_len(sheet) };
            leads_out |= writer.write(&mut workbook, &name, rows)?.lead_out;
        }
    }
    Ok((workbook, leads_out))
}

fn body_len(sheet: &Sheet<'_>) -> usize {
    sheet.body.as_ref().map_or(0, |body| body.len)
}

/// The body's rows sheet by sheet: what one sheet cannot hold goes on on the next.
fn parts(sheet: &Sheet<'_>) -> Vec<std::ops::Range<usize>> {
    let (len, room) = (body_len(sheet), (MAX_ROWS - sheet.rows.len() - sheet.tail.len()).max(1));
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.is_empty() || start < len {
        let end = (start + room).min(len);
        parts.push(start..end);
        start = end;
    }
    parts
}

struct Writer<'w, 's> {
    sheet: &'w Sheet<'s>,
    formats: &'w Formats,
    part: usize,
    /// The part with the body's end, and with what stands below it.
    last: bool,
}

impl Writer<'_, '_> {
    fn write(&self, workbook: &mut Workbook, name: &str, rows: std::ops::Range<usize>) -> Result<Links, Fault> {
        let sheet = self.sheet;
        let streamed = rows.len() > STREAMED;
        let to_disk = streamed || sheet.rows.len() > HELD || sheet.stack.is_some();
        let page = if to_disk { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
        // a formula whose value is empty text would otherwise be written with the value 0
        page.set_name(name)?.set_formula_result_default("");
        self.lay_out(page, streamed, rows.len())?;
        let mut links = Links::default();
        for (at, row) in sheet.rows.iter().enumerate() {
            self.row(page, at, at, row, &mut links)?;
        }
        let first = sheet.rows.len();
        let mut failed = Ok(());
        if let Some(body) = &sheet.body {
            let made = body.each(rows.clone(), |row, values| {
                // what is printed looks as in a shorter table
                let bare = streamed && sheet.printed.is_none_or(|most| row >= most);
                if failed.is_ok() {
                    failed = self.values(page, first + row - rows.start, values, bare, &mut links);
                }
            });
            made?;
        }
        failed?;
        if let Some(stack) = &sheet.stack {
            self.stack(page, stack, &mut links)?;
        }
        if self.last {
            for (at, row) in sheet.tail.iter().enumerate() {
                self.row(page, first + at, first + rows.len() + at, row, &mut links)?;
            }
        }
        if self.part == 0 {
            for chart in &sheet.charts {
                charts::insert(page, chart)?;
            }
            fill::open(page, &sheet.fill)?;
        }
        Ok(links)
    }

    /// The forms one below the other, in columns that are wide enough for each of them.
    fn stack(&self, page: &mut Worksheet, stack: &Stack<'_>, links: &mut Links) -> Result<(), Fault> {
        let (mut columns, mut breaks): (Vec<Column>, Vec<u32>) = Default::default();
        stack.each(|above, form| {
            let writer = Writer { sheet: &form, ..*self };
            for (at, row) in form.rows.iter().enumerate() {
                writer.row(page, at, above + at, row, links)?;
            }
            breaks.extend((above > 0).then_some(above as u32));
            breaks.extend(form.breaks.iter().map(|row| (row + above) as u32));
            columns.extend(form.columns.iter().skip(columns.len()).cloned());
            for (column, other) in columns.iter_mut().zip(&form.columns) {
                column.width = column.width.max(other.width);
            }
            Ok::<_, Fault>(())
        })?;
        widths(page, &columns)?;
        Ok(page_breaks(page, breaks)?)
    }

    /// Widths, paper, panes, filter.
    fn lay_out(&self, page: &mut Worksheet, streamed: bool, body: usize) -> Result<(), XlsxError> {
        let sheet = self.sheet;
        widths(page, &sheet.columns)?;
        if streamed {
            for (at, column) in sheet.columns.iter().enumerate() {
                page.set_column_format(at as u16, self.formats.streamed(column.style))?;
            }
        }
        // a chart is not cut in two by the end of a page
        let pages_tall = u16::from(!sheet.charts.is_empty() && sheet.rows.len() + body <= CHARTED);
        page.set_paper_size(9).set_print_fit_to_pages(1, pages_tall).set_print_center_horizontally(true);
        page.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        page.set_header("&R&9&A");
        if !sheet.counts_pages {
            page.set_footer("&C&9第 &P 页 共 &N 页");
        }
        if sheet.landscape {
            page.set_landscape();
        }
        if let Some(row) = sheet.freeze {
            page.set_freeze_panes(row as u32, 0)?;
        }
        if let Some(row) = sheet.header {
            page.set_repeat_rows(row as u32, row as u32)?;
            if sheet.filter && !sheet.columns.is_empty() {
                page.autofilter(row as u32, 0, (row + body) as u32, sheet.columns.len() as u16 - 1)?;
            }
        }
        if let Some(most) = sheet.printed.filter(|most| *most < body) {
            let last = (sheet.rows.len() + most).saturating_sub(1);
            page.set_print_area(0, 0, last as u32, sheet.columns.len().saturating_sub(1) as u16)?;
        }
        page_breaks(page, sheet.breaks.iter().map(|row| *row as u32).collect())?;
        page.set_screen_gridlines(false);
        Ok(())
    }

    /// A row of single cells; `at` counts without the body and is what merges refer to, `row` is its place on the page.
    fn row(&self, page: &mut Worksheet, at: usize, row: usize, cells: &[Cell<'_>], links: &mut Links) -> Result<(), XlsxError> {
        let merges = self.sheet.merges_at(at);
        if let Some(height) = layout::height(self.sheet, cells.iter().map(|c| (&c.value, c.style)), merges) {
            page.set_row_height(row as u32, height)?;
        }
        for (column, cell) in cells.iter().enumerate() {
            let strong = if cell.strong { Weight::Strong } else { Weight::Plain };
            let format = self.formats.of(&cell.value, cell.style, if is_marked(&cell.value, cell.style) { Weight::Marked } else { strong });
            match merges.iter().find(|m| m.first <= column && column <= m.last) {
                Some(merge) if merge.first == column => {
                    page.merge_range(row as u32, column as u16, row as u32, merge.last as u16, "", format)?;
                    self.value(page, row, column, &cell.value, Some(format), links)?;
                }
                Some(_) => {}
                None => self.value(page, row, column, &cell.value, Some(format), links)?,
            }
        }
        Ok(())
    }

    fn values(&self, page: &mut Worksheet, row: usize, values: &[Value<'_>], streamed: bool, links: &mut Links) -> Result<(), XlsxError> {
        let styled = || values.iter().zip(&self.sheet.columns).map(|(value, column)| (value, column.style));
        // most rows of a long table keep the usual height, which need not be written
        if let Some(height) = layout::height(self.sheet, styled(), &[]).filter(|height| !streamed || *height > TALLER) {
            page.set_row_height(row as u32, height)?;
        }
        for (column, (value, style)) in styled().enumerate() {
            if matches!(value, Value::Formula(_)) {
                return Err(XlsxError::ParameterError("a formula in a long table has not been checked".to_owned()));
            }
            let format = match (streamed, is_marked(value, style)) {
                (true, false) => self.formats.streamed_of(value, style),
                (true, true) => Some(self.formats.streamed_mark()),
                (false, marked) => Some(self.formats.of(value, style, if marked { Weight::Marked } else { Weight::Plain })),
            };
            self.value(page, row, column, value, format, links)?;
        }
        Ok(())
    }

    /// `format` absent: the column's.
    fn value(
        &self,
        page: &mut Worksheet,
        row: usize,
        column: usize,
        value: &Value<'_>,
        format: Option<&Format>,
        links: &mut Links,
    ) -> Result<(), XlsxError> {
        let (row, column) = (row as u32, column as u16);
        let number = |page: &mut Worksheet, number: f64| -> Result<(), XlsxError> {
            match format {
                Some(format) => page.write_number_with_format(row, column, number, format)?,
                None => page.write_number(row, column, number)?,
            };
            Ok(())
        };
        match value {
            Value::Blank => {
                if let Some(format) = format {
                    page.write_blank(row, column, format)?;
                }
            }
            Value::Text(words) => text(page, row, column, words, format)?,
            Value::Int(int) => number(page, *int as f64)?,
            Value::Number(decimal) => number(page, binary(*decimal))?,
            Value::Date(date) => match serial(date.and_time(NaiveTime::MIN)) {
                Some(serial) => number(page, serial)?,
                None => text(page, row, column, &date.to_string(), format)?,
            },
            Value::Datetime(at) => match serial(*at) {
                Some(serial) => number(page, serial)?,
                None => text(page, row, column, &at.to_string(), format)?,
            },
            Value::Time(at) => number(page, part_of_day(*at))?,
            Value::Formula(formula) => {
                let result = match &formula.cached {
                    Cached::Number(decimal) => binary(*decimal).to_string(),
                    Cached::Text(words) => (*words).to_owned(),
                };
                let formula = Formula::new(&formula.text).set_result(result);
                match format {
                    Some(format) => page.write_formula_with_format(row, column, formula, format)?,
                    None => page.write_formula(row, column, formula)?,
                };
            }
            Value::Link(link) => {
                links.count += 1;
                links.lead_out |= leads_out(value);
                if links.count <= MAX_LINKS { self.link(page, row, column, link)? } else { text(page, row, column, &link.text, format)? }
            }
        }
        Ok(())
    }

    fn link(&self, page: &mut Worksheet, row: u32, column: u16, link: &Link) -> Result<(), XlsxError> {
        let target = if link.target.starts_with(Link::INTERNAL) { link.target.clone() } else { format!("file:///{}", link.target) };
        if target.encode_utf16().count() > MAX_LINK {
            return text(page, row, column, &link.text, Some(self.formats.get(Style::Wrapped, Weight::Plain)));
        }
        page.write_url_with_format(row, column, Url::new(target).set_text(&link.text), self.formats.link())?;
        Ok(())
    }
}

fn widths(page: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    for (at, column) in columns.iter().enumerate() {
        page.set_column_width(at as u16, column.width.clamp(1, 250) as f64)?;
    }
    Ok(())
}

fn page_breaks(page: &mut Worksheet, mut breaks: Vec<u32>) -> Result<(), XlsxError> {
    breaks.truncate(MAX_BREAKS);
    if !breaks.is_empty() {
        page.set_page_breaks(&breaks)?;
    }
    Ok(())
}

/// A sentence may begin with the mark that it explains.
fn is_marked(value: &Value<'_>, style: Style) -> bool {
    matches!(value, Value::Text(text) if text.starts_with([ALERT, LATE])) && !matches!(style, Style::Paragraph | Style::Note)
}

fn text(page: &mut Worksheet, row: u32, column: u16, words: &str, format: Option<&Format>) -> Result<(), XlsxError> {
    let words = within_limit(words);
    match format {
        Some(format) => page.write_string_with_format(row, column, words, format)?,
        None => page.write_string(row, column, words)?,
    };
    Ok(())
}

/// What Excel cannot hold in a cell is cut, visibly.
fn within_limit(words: &str) -> String {
    if words.len() <= MAX_TEXT || words.encode_utf16().count() <= MAX_TEXT {
        return words.to_owned();
    }
    let cut: Vec<u16> = words.encode_utf16().take(MAX_TEXT - 1).collect();
    let mut kept = String::from_utf16_lossy(&cut);
    if kept.ends_with('\u{fffd}') {
        kept.pop();
    }
    kept.push('…');
    kept
}

/// The nearest binary number: what Excel makes of the same digits typed in.
fn binary(decimal: Decimal) -> f64 {
    const EXACT: i128 = 1 << 53;
    let (mantissa, scale) = (decimal.mantissa(), decimal.scale());
    if mantissa.abs() < EXACT && scale <= 22 {
        mantissa as f64 / 10_f64.powi(scale as i32)
    } else {
        decimal.to_string().parse().unwrap_or(f64::NAN)
    }
}

/// Days since the epoch of Excel; `None` before March 1900, where its calendar is wrong.
fn serial(at: NaiveDateTime) -> Option<f64> {
    let days = at.date().signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (days > 60).then_some(days as f64 + part_of_day(at.time()))
}

fn part_of_day(at: NaiveTime) -> f64 {
    f64::from(at.num_seconds_from_midnight()) / 86_400.0
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Stream;
    use super::*;

    #[test]
    fn a_decimal_becomes_the_double_of_its_own_digits() {
        for text in ["0.1", "1234567.8912", "-0.07", "99999999999999999.99", "0.0000000000000000000000001"] {
            let decimal: Decimal = text.parse().expect("a decimal");
            assert_eq!(binary(decimal), text.parse::<f64>().expect("a double"), "{text}");
        }
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a day").and_hms_opt(12, 0, 0).expect("noon");
        assert_eq!(serial(day(2026, 10, 31)), Some(46_326.5));
        assert_eq!(serial(day(1900, 3, 1)), Some(61.5));
        assert_eq!(serial(day(1899, 12, 31)), None);
    }

    #[test]
    fn a_body_too_long_for_one_sheet_goes_on_on_the_next() {
        let mut sheet = Sheet::new("明细", vec![Column::new("编号", Style::Text)]);
        sheet.table(Stream::new(2_500_000, |_, _| {}));
        let parts = parts(&sheet);
        assert_eq!(parts, [0..1_048_575, 1_048_575..2_097_150, 2_097_150..2_500_000]);
    }
}
