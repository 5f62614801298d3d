//! Named styles as fonts, lines and number formats. 宋体 is known to Excel, WPS and LibreOffice alike; a machine
//! without it takes its own Chinese face.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::reports::sheet::{Cached, Style, Value};

const FACE: &str = "宋体";
/// `202610` as `2026-10`.
pub const MONTH: &str = "0000\"-\"00";
/// By digits behind the point.
const QUANTITIES: [&str; 5] = ["#,##0_ ", "#,##0.0_ ", "#,##0.00_ ", "#,##0.000_ ", "#,##0.0000_ "];
const LINE: Color = Color::RGB(0x8C_8C_8C);
const HEADER: Color = Color::RGB(0xD9_E2_EC);
const LABEL: Color = Color::RGB(0xF2_F2_F2);
const FILL: Color = Color::RGB(0xFF_FB_E0);
const MARKED: Color = Color::RGB(0xFC_E4_E4);

/// How much a cell stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Plain,
    /// Totals.
    Strong,
    /// What must be seen: its text begins with a mark.
    Marked,
}

pub struct Formats {
    /// By style, then weight.
    cells: Vec<[Format; 3]>,
    /// Plain numbers, by digits behind the point, then weight.
    quantities: Vec<[Format; 3]>,
    streamed: Vec<Format>,
    streamed_quantities: Vec<Format>,
    streamed_mark: Format,
    link: Format,
}

impl Formats {
    pub fn new() -> Self {
        let weights = |plain: Format, strong: Format| [plain.clone(), strong, plain.set_bold().set_background_color(MARKED)];
        let cells = Style::ALL.iter().map(|style| weights(cell(*style), strong(*style))).collect();
        let quantity = Style::Quantity;
        let quantities =
            QUANTITIES.iter().map(|look| weights(cell(quantity).set_num_format(*look), strong(quantity).set_num_format(*look))).collect();
        let streamed_quantities = QUANTITIES.iter().map(|look| plain().set_num_format(*look)).collect();
        let streamed = Style::ALL.iter().map(|style| numbers(plain(), *style)).collect();
        let link = boxed(plain()).set_text_wrap().set_font_color(Color::RGB(0x05_63_C1)).set_underline(FormatUnderline::Single);
        Self { cells, quantities, streamed, streamed_quantities, streamed_mark: plain().set_bold().set_background_color(MARKED), link }
    }

    pub fn get(&self, style: Style, weight: Weight) -> &Format {
        &self.cells[style as usize][weight as usize]
    }

    /// The look of a value in a column of this style: a plain number shows the digits that it has, a moment at midnight its day.
    pub fn of(&self, value: &Value<'_>, style: Style, weight: Weight) -> &Format {
        match (value, style) {
            (Value::Date(_), Style::Datetime) => self.get(Style::Date, weight),
            (value, Style::Quantity) => &self.quantities[digits(value)][weight as usize],
            _ => self.get(style, weight),
        }
    }

    /// As [`Formats::of`] without lines; `None` where the column's own look will do.
    pub fn streamed_of(&self, value: &Value<'_>, style: Style) -> Option<&Format> {
        match (value, style) {
            (Value::Date(_), Style::Datetime) => Some(self.streamed(Style::Date)),
            (value, Style::Quantity) => Some(digits(value)).filter(|digits| *digits > 0).map(|digits| &self.streamed_quantities[digits]),
            _ => None,
        }
    }

    /// Without lines, for columns that run to the end of the sheet.
    pub fn streamed(&self, style: Style) -> &Format {
        &self.streamed[style as usize]
    }

    pub fn streamed_mark(&self) -> &Format {
        &self.streamed_mark
    }

    pub fn link(&self) -> &Format {
        &self.link
    }
}

/// Digits behind the point that are shown.
fn digits(value: &Value<'_>) -> usize {
    let of = |number: Decimal| (number.normalize().scale() as usize).min(QUANTITIES.len() - 1);
    match value {
        Value::Number(number) => of(*number),
        Value::Formula(formula) => match formula.cached {
            Cached::Number(number) => of(number),
            Cached::Text(_) => 0,
        },
        _ => 0,
    }
}

pub fn plain() -> Format {
    Format::new().set_font_name(FACE).set_font_size(11).set_align(FormatAlign::VerticalCenter)
}

fn boxed(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(LINE)
}

fn cell(style: Style) -> Format {
    let format = plain();
    match style {
        Style::Title => format.set_font_size(16).set_bold().set_align(FormatAlign::Center),
        Style::Subtitle => format.set_align(FormatAlign::Center).set_text_wrap(),
        Style::Paragraph => format.set_text_wrap(),
        Style::Note => format.set_font_size(9).set_text_wrap().set_font_color(Color::RGB(0x40_40_40)),
        Style::Section => format.set_font_size(12).set_bold(),
        Style::Header => boxed(format).set_bold().set_align(FormatAlign::Center).set_text_wrap().set_background_color(HEADER),
        Style::Label => boxed(format).set_text_wrap().set_bold().set_background_color(LABEL),
        Style::Wrapped => boxed(format).set_text_wrap(),
        Style::Sign => boxed(format),
        Style::Signature => format.set_text_wrap(),
        Style::Stamp => format.set_bold().set_font_size(12).set_align(FormatAlign::Right).set_font_color(Color::RGB(0xB0_00_00)),
        Style::Mark => format.set_bold(),
        Style::Fill | Style::FillMoney | Style::FillDate => {
            let open = boxed(format).set_unlocked().set_background_color(FILL);
            match style {
                Style::FillMoney => numbers(open, Style::Money),
                Style::FillDate => numbers(open, Style::Date),
                _ => open.set_text_wrap(),
            }
        }
        body => numbers(boxed(format), body),
    }
}

fn strong(style: Style) -> Format {
    let format = cell(style).set_bold();
    match style {
        Style::Title
        | Style::Paragraph
        | Style::Section
        | Style::Signature
        | Style::Note
        | Style::Stamp
        | Style::Mark
        | Style::Subtitle => format,
        _ => format.set_background_color(LABEL),
    }
}

fn numbers(format: Format, style: Style) -> Format {
    match style {
        Style::Centre => format.set_align(FormatAlign::Center),
        Style::Quantity => format.set_num_format(QUANTITIES[0]),
        Style::Int => format.set_num_format("#,##0_ "),
        Style::Money => format.set_num_format("#,##0.00_ "),
        Style::Percent => format.set_num_format("0.00%_ "),
        Style::Points => format.set_num_format("0.00\"个百分点\"_ "),
        Style::Days => format.set_num_format("0.0_ "),
        Style::Month => format.set_num_format(MONTH).set_align(FormatAlign::Center),
        Style::MonthOf => format.set_num_format("yyyy-mm").set_align(FormatAlign::Center),
        Style::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        Style::Datetime => format.set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Center),
        Style::Time => format.set_num_format("hh:mm").set_align(FormatAlign::Center),
        Style::Wrapped => format.set_text_wrap(),
        _ => format,
    }
}
