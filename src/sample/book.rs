//! Tables to sheets: titles, merged headings, totals, signatures, and paper.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::table::{Frame, Places, Stand, Table};
use super::untidy::Cell;

/// A workbook in the making. Its properties carry a fixed day, so that the same content is the same bytes.
pub struct Book {
    pub workbook: Workbook,
    file: String,
}

struct Formats {
    company: Format,
    title: Format,
    subtitle: Format,
    head: Format,
    text: Format,
    number: Format,
    money: Format,
    percent: Format,
    date: Format,
    datetime: Format,
    total: Format,
    plain: Format,
}

impl Formats {
    fn new() -> Self {
        let font = || Format::new().set_font_name("宋体").set_font_size(10);
        let middle = |format: Format| format.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let boxed = || font().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        Self {
            company: middle(font().set_font_size(14).set_bold()),
            title: middle(font().set_font_size(18).set_bold()),
            subtitle: middle(font()),
            head: middle(boxed().set_bold().set_background_color(0x00D9_E1F2).set_text_wrap()),
            text: boxed(),
            number: boxed().set_num_format("0"),
            money: boxed().set_num_format("#,##0.00"),
            percent: boxed().set_num_format("0%"),
            date: boxed().set_num_format("yyyy/m/d"),
            datetime: boxed().set_num_format("yyyy/m/d h:mm"),
            total: boxed().set_bold().set_num_format("#,##0.##"),
            plain: font(),
        }
    }
}

impl Book {
    pub fn new(file: impl Into<String>) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&fixed_properties()?);
        Ok(Self { workbook, file: file.into() })
    }

    /// Writes `table` on a new sheet and notes where its rows went.
    pub fn sheet(&mut self, name: &str, table: &Table, frame: &Frame, places: &mut Places) -> Result<(), XlsxError> {
        let formats = Formats::new();
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        let mut row = titles(sheet, table, frame, &formats)?;
        row = headings(sheet, row, table, frame, &formats)?;
        sheet.set_freeze_panes(row, 1)?;
        sheet.set_repeat_rows(0, row - 1)?;
        sheet.set_repeat_columns(0, 1)?;
        let mut stands = Vec::with_capacity(table.rows.len());
        let mut since = 0;
        for (at, line) in table.rows.iter().enumerate() {
            if frame.subtotals.contains(&at) {
                sheet.write_with_format(row, 0, "小计", &formats.total)?;
                sheet.write_with_format(row, 1, format!("{} 件", at - since), &formats.total)?;
                since = at;
                row += 1;
            }
            if frame.gaps.contains(&at) {
                row += 1;
            }
            for (column, cell) in line.cells.iter().enumerate() {
                put(sheet, row, column as u16, cell, &formats)?;
            }
            places.insert(line.spot.clone(), Stand { file: self.file.clone(), sheet: name.to_owned(), row: row + 1 });
            stands.push(row);
            row += 1;
        }
        for &(first, column, rows) in &table.merges {
            let (top, bottom, column16) = (stands[first], stands[first + rows - 1], column as u16);
            sheet.merge_range(top, column16, bottom, column16, "", &formats.text)?;
            put(sheet, top, column16, &table.rows[first].cells[column], &formats)?;
        }
        if !frame.totals.is_empty() {
            for column in 0..table.columns.len() {
                sheet.write_blank(row, column as u16, &formats.total)?;
            }
            sheet.write_with_format(row, 0, "合计", &formats.total)?;
            for &(column, sum) in &frame.totals {
                sheet.write_with_format(row, column as u16, sum, &formats.total)?;
            }
            row += 1;
        }
        if let Some(signatures) = &frame.signatures {
            sheet.write_with_format(row + 1, 0, signatures, &formats.plain)?;
        }
        paper(sheet, table.columns.len());
        Ok(())
    }

    /// A sheet of sentences, one a row.
    pub fn notes(&mut self, name: &str, lines: &[&str]) -> Result<(), XlsxError> {
        let formats = Formats::new();
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_column_width(0, 90)?;
        for (row, line) in lines.iter().enumerate() {
            sheet.write_with_format(row as u32, 0, *line, &formats.plain)?;
        }
        Ok(())
    }
}

/// Creation time and author that do not change from run to run.
pub fn fixed_properties() -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new().set_author("示例制造有限公司").set_creation_datetime(&ExcelDateTime::from_ymd(2026, 11, 9)?))
}

fn titles(sheet: &mut Worksheet, table: &Table, frame: &Frame, formats: &Formats) -> Result<u32, XlsxError> {
    let last = (table.columns.len() as u16).saturating_sub(1);
    for (at, title) in frame.titles.iter().enumerate() {
        let format = [&formats.company, &formats.title, &formats.subtitle][at.min(2)];
        sheet.set_row_height(at as u32, [22.0, 28.0, 16.0][at.min(2)])?;
        sheet.merge_range(at as u32, 0, at as u32, last.min(11), title, format)?;
    }
    Ok(frame.titles.len() as u32)
}

fn headings(sheet: &mut Worksheet, row: u32, table: &Table, frame: &Frame, formats: &Formats) -> Result<u32, XlsxError> {
    for (at, column) in table.columns.iter().enumerate() {
        sheet.set_column_width(at as u16, column.width)?;
    }
    if !frame.grouped {
        for (at, column) in table.columns.iter().enumerate() {
            sheet.write_with_format(row, at as u16, &column.name, &formats.head)?;
        }
        return Ok(row + 1);
    }
    let mut at = 0;
    while at < table.columns.len() {
        let column = &table.columns[at];
        let Some(group) = column.group else {
            sheet.merge_range(row, at as u16, row + 1, at as u16, &column.name, &formats.head)?;
            at += 1;
            continue;
        };
        let width = table.columns[at..].iter().take_while(|c| c.group == Some(group)).count();
        if width > 1 {
            sheet.merge_range(row, at as u16, row, (at + width - 1) as u16, group, &formats.head)?;
        } else {
            sheet.write_with_format(row, at as u16, group, &formats.head)?;
        }
        for (offset, column) in table.columns[at..at + width].iter().enumerate() {
            sheet.write_with_format(row + 1, (at + offset) as u16, &column.name, &formats.head)?;
        }
        at += width;
    }
    Ok(row + 2)
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => sheet.write_blank(row, column, &formats.text)?,
        Cell::Text(text) => sheet.write_with_format(row, column, text, &formats.text)?,
        Cell::Number(number) => sheet.write_with_format(row, column, *number, &formats.number)?,
        Cell::Money(yuan) => sheet.write_with_format(row, column, *yuan, &formats.money)?,
        Cell::Percent(fraction) => sheet.write_with_format(row, column, *fraction, &formats.percent)?,
        Cell::Date(day) => sheet.write_with_format(row, column, &excel_date(*day)?, &formats.date)?,
        Cell::Datetime(at) => sheet.write_with_format(row, column, &excel_datetime(*at)?, &formats.datetime)?,
    };
    Ok(())
}

pub fn excel_date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
}

fn excel_datetime(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    excel_date(at.date())?.and_hms(at.hour() as u16, at.minute() as u8, f64::from(at.second()))
}

/// A4 upright, A4 across, or A3 two pages wide.
fn paper(sheet: &mut Worksheet, columns: usize) {
    match columns {
        ..=7 => sheet.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 0),
        8..=20 => sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0),
        _ => sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(2, 0),
    };
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页，共 &N 页");
}
