//! A worksheet as a plain value: what is on it, how it prints. Knows no file format.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

use super::{layout, width};
use crate::diag::Diag;

/// A cell's content. Text is always text, whatever it begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Blank,
    Text(Cow<'a, str>),
    Int(i64),
    Number(Decimal),
    Date(NaiveDate),
    Datetime(NaiveDateTime),
    /// Of a day.
    Time(NaiveTime),
    Formula(Box<Formula>),
    /// `target` as in a relation of the file: `internal:'目录'!A1`, `../data/台账.xlsx#'台账'!A7`.
    Link(Box<Link>),
}

/// A live formula (without `=`) and the value that a spreadsheet program would compute for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    pub text: String,
    pub cached: Cached,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cached {
    Number(Decimal),
    Text(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub target: String,
    pub text: String,
}

impl Link {
    /// How a target within the workbook begins.
    pub const INTERNAL: &'static str = "internal:";
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Value::Blank } else { Value::Text(text) }
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Blank => Value::Blank,
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Int(int) => Value::Int(int),
            Value::Number(number) => Value::Number(number),
            Value::Date(date) => Value::Date(date),
            Value::Datetime(at) => Value::Datetime(at),
            Value::Time(at) => Value::Time(at),
            Value::Formula(formula) => Value::Formula(formula),
            Value::Link(link) => Value::Link(link),
        }
    }

    pub fn link(target: String, text: impl Into<String>) -> Self {
        Value::Link(Box::new(Link { target, text: text.into() }))
    }

    pub fn number(number: Option<Decimal>) -> Self {
        number.map_or(Value::Blank, Value::Number)
    }

    /// Midnight is what a column of moments holds where only the day was written.
    pub fn moment(at: NaiveDateTime) -> Self {
        if at.time() == NaiveTime::MIN { Value::Date(at.date()) } else { Value::Datetime(at) }
    }

    /// Counts of rows; Excel holds them exactly.
    pub fn count(count: u64) -> Self {
        i64::try_from(count).map_or(Value::Number(Decimal::from(count)), Value::Int)
    }

    pub fn formula(text: impl Into<String>, cached: Cached) -> Self {
        Value::Formula(Box::new(Formula { text: text.into(), cached }))
    }
}

/// Marks that stand before a text which must be seen on a black and white print, too; such a cell is written bold.
pub const ALERT: char = '▲';
pub const LATE: char = '△';

/// Named looks; the writer of a format decides on fonts and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// Heading of a page.
    Title,
    /// Company, period, clause below the heading.
    Subtitle,
    /// A sentence of a form.
    Paragraph,
    /// Remark in small print.
    Note,
    /// Heading of a section.
    Section,
    Header,
    /// Name of a figure, left, light ground.
    Label,
    Text,
    /// Text that may take several lines.
    Wrapped,
    Centre,
    Int,
    Money,
    Percent,
    /// A difference of two percentages, a hundred times as large.
    Points,
    /// Plain number, up to four digits behind the point.
    Quantity,
    /// Mean of days: one digit.
    Days,
    /// `202610` shown as `2026-10`.
    Month,
    /// A date as its month: `2026-10`.
    MonthOf,
    Date,
    Datetime,
    Time,
    /// Room to sign.
    Signature,
    /// A box of a table to be signed or filled in by hand.
    Sign,
    /// `草稿·待批`
    Stamp,
    /// Which copy of a form it is.
    Mark,
    /// To be filled in on the screen; on a protected sheet only these can be written to.
    Fill,
    FillMoney,
    FillDate,
}

impl Style {
    pub const ALL: [Style; 28] = [
        Style::Title,
        Style::Subtitle,
        Style::Paragraph,
        Style::Note,
        Style::Section,
        Style::Header,
        Style::Label,
        Style::Text,
        Style::Wrapped,
        Style::Centre,
        Style::Int,
        Style::Money,
        Style::Percent,
        Style::Points,
        Style::Quantity,
        Style::Days,
        Style::Month,
        Style::MonthOf,
        Style::Date,
        Style::Datetime,
        Style::Time,
        Style::Signature,
        Style::Sign,
        Style::Stamp,
        Style::Mark,
        Style::Fill,
        Style::FillMoney,
        Style::FillDate,
    ];

    pub fn wraps(self) -> bool {
        use Style::{Fill, Header, Label, Note, Paragraph, Signature, Subtitle, Wrapped};
        matches!(self, Paragraph | Note | Header | Label | Wrapped | Subtitle | Signature | Fill)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell<'a> {
    pub value: Value<'a>,
    pub style: Style,
    /// Totals and what must be seen.
    pub strong: bool,
}

impl<'a> Cell<'a> {
    pub fn new(value: Value<'a>, style: Style) -> Self {
        Self { value, style, strong: false }
    }

    pub fn text(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self::new(Value::text(text), style)
    }

    #[must_use]
    pub fn strong(mut self) -> Self {
        self.strong = true;
        self
    }
}

/// A column: its heading where the sheet has one table, the look of its body cells, its width in display columns.
#[derive(Debug, Clone)]
pub struct Column {
    pub header: String,
    pub style: Style,
    /// Widest that the content may make it; longer text wraps.
    pub most: usize,
    /// It is not made narrower for a page's sake.
    pub least: usize,
    pub width: usize,
}

impl Column {
    pub fn new(header: impl Into<String>, style: Style) -> Self {
        let most = if style == Style::Wrapped { 44 } else { 120 };
        Self { header: header.into(), style, most, least: 0, width: 0 }
    }

    /// The heading of a column of amounts says that they are yuan.
    #[must_use]
    pub fn with_unit(mut self) -> Self {
        if self.style == Style::Money && !self.header.contains('元') {
            self.header.push_str("（元）");
        }
        self
    }

    #[must_use]
    pub fn at_least(mut self, width: usize) -> Self {
        (self.least, self.width) = (width, width);
        self
    }

    #[must_use]
    pub fn at_most(mut self, width: usize) -> Self {
        self.most = width;
        self
    }
}

type Visit<'v> = dyn FnMut(usize, &[Value<'_>]) + 'v;
type Make<'a> = dyn Fn(Range<usize>, &mut Visit<'_>) -> Result<(), Diag> + Send + Sync + 'a;

/// Rows that are made one by one while a sheet is written: a million of them need not exist as cells. They hold no formulas,
/// which are checked before a sheet is written.
pub struct Stream<'a> {
    pub len: usize,
    make: Box<Make<'a>>,
    /// Widths of its columns, once they were looked for.
    pub(super) widths: OnceLock<Vec<usize>>,
}

impl<'a> Stream<'a> {
    /// Rows by number; `fill` fills in one row's values, at most one a column.
    pub fn new(len: usize, fill: impl Fn(usize, &mut Vec<Value<'a>>) + Send + Sync + 'a) -> Self {
        Self::made(len, move |rows, visit| {
            let mut values = Vec::new();
            for row in rows {
                values.clear();
                fill(row, &mut values);
                visit(row, &values);
            }
            Ok(())
        })
    }

    /// Rows that can only be made in their order: `make` gives those of the range with their numbers.
    pub fn made(len: usize, make: impl Fn(Range<usize>, &mut Visit<'_>) -> Result<(), Diag> + Send + Sync + 'a) -> Self {
        Self { len, make: Box::new(make), widths: OnceLock::new() }
    }

    /// Its widths are known already.
    #[must_use]
    pub fn with_widths(self, widths: Vec<usize>) -> Self {
        Self { widths: OnceLock::from(widths), ..self }
    }

    pub fn each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, &[Value<'_>])) -> Result<(), Diag> {
        (self.make)(rows, &mut visit)
    }
}

impl std::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stream({})", self.len)
    }
}

type MakeForm<'a> = dyn Fn(usize, usize) -> Result<Sheet<'a>, Diag> + Send + Sync + 'a;

/// Forms one below the other, each beginning a page. One at a time is made while they are written: all their cells together are many.
pub struct Stack<'a> {
    pub len: usize,
    /// Of the form with this number, below so many rows.
    make: Box<MakeForm<'a>>,
}

impl<'a> Stack<'a> {
    pub fn new(len: usize, make: impl Fn(usize, usize) -> Result<Sheet<'a>, Diag> + Send + Sync + 'a) -> Self {
        Self { len, make: Box::new(make) }
    }

    /// Each form with the number of rows above it.
    ///
    /// # Errors
    /// What a form cannot be made of, and what `visit` says.
    pub fn each<E: From<Diag>>(&self, mut visit: impl FnMut(usize, Sheet<'a>) -> Result<(), E>) -> Result<(), E> {
        let mut above = 0;
        for at in 0..self.len {
            let mut form = (self.make)(at, above)?;
            form.fit();
            let rows = form.rows.len();
            visit(above, form)?;
            above += rows;
        }
        Ok(())
    }

    /// A form as if it stood alone.
    ///
    /// # Errors
    /// What it cannot be made of.
    pub fn alone(&self, at: usize) -> Result<Sheet<'a>, Diag> {
        (self.make)(at, 0)
    }
}

impl std::fmt::Debug for Stack<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stack({})", self.len)
    }
}

/// Cells of one row that are one: zero-based, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    pub row: usize,
    pub first: usize,
    pub last: usize,
}

/// Zero-based rows and columns of a sheet, ends inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    pub sheet: String,
    pub first: (usize, usize),
    pub last: (usize, usize),
}

/// A cell that somebody fills in, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillIn {
    /// As in [`Merge::row`].
    pub row: usize,
    pub column: usize,
    pub offer: Offer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    OneOf(Vec<&'static str>),
    /// A number, both ends inside; without an upper end any from the lower one on.
    Between(Decimal, Option<Decimal>),
}

/// Shares above a chart's columns.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub area: Area,
    /// One leads to the next: months, a rising sum. Others are marks without a line between them.
    pub joined: bool,
    /// Where its axis ends, in percent.
    pub top: u32,
}

impl Line {
    pub fn joined(name: &str, area: Area) -> Self {
        Self { name: name.to_owned(), area, joined: true, top: 100 }
    }

    /// `most`: the largest of the shares.
    pub fn marks(name: &str, area: Area, most: Decimal) -> Self {
        const TOPS: [u32; 4] = [5, 10, 20, 50];
        let top = TOPS.into_iter().find(|top| most * Decimal::ONE_HUNDRED <= Decimal::from(*top)).unwrap_or(100);
        Self { name: name.to_owned(), area, joined: false, top }
    }
}

/// Columns against the left axis and a line against the right one.
#[derive(Debug, Clone)]
pub struct Chart {
    pub title: String,
    /// Cell whose corner the chart hangs on.
    pub at: (usize, usize),
    pub columns: usize,
    pub rows: usize,
    pub categories: Area,
    /// The categories are months as numbers.
    pub months: bool,
    /// The categories' names have no room side by side.
    pub slanted: bool,
    pub bars: (String, Area),
    /// On an axis of its own.
    pub line: Option<Line>,
    pub bars_axis: String,
}

/// One worksheet.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// As wanted; the writer shortens it to what Excel allows and keeps names apart.
    pub name: String,
    /// What it holds, for the contents of its book.
    pub about: String,
    pub columns: Vec<Column>,
    /// Rows above the body, or the whole sheet.
    pub rows: Vec<Vec<Cell<'a>>>,
    /// A long table below `rows`, in the columns' styles.
    pub body: Option<Stream<'a>>,
    /// Rows below the body.
    pub tail: Vec<Vec<Cell<'a>>>,
    /// Instead of all rows: the forms that they are made up of, which have their own columns and breaks.
    pub stack: Option<Stack<'a>>,
    /// In `rows`, or past its end in `tail`, in order of rows: the body's rows are not counted.
    pub merges: Vec<Merge>,
    pub landscape: bool,
    /// First row that scrolls.
    pub freeze: Option<usize>,
    /// Row with the headings of the table that is filtered; it is also repeated on each page.
    pub header: Option<usize>,
    pub filter: bool,
    /// Only so many rows of the body are printed, and nothing below them; all are on the screen.
    pub printed: Option<usize>,
    /// Rows (as in `merges`) before which a page begins.
    pub breaks: Vec<usize>,
    pub charts: Vec<Chart>,
    /// Where there are any, everything that is not styled to be filled in is locked.
    pub fill: Vec<FillIn>,
    /// Its rows tell the pages of each form on it: none at the foot, where they would be counted through the book.
    pub counts_pages: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            name: name.into(),
            about: String::new(),
            columns,
            rows: Vec::new(),
            body: None,
            tail: Vec::new(),
            stack: None,
            merges: Vec::new(),
            landscape: false,
            freeze: None,
            header: None,
            filter: false,
            printed: None,
            breaks: Vec::new(),
            charts: Vec::new(),
            fill: Vec::new(),
            counts_pages: false,
        }
    }

    #[must_use]
    pub fn landscape(mut self) -> Self {
        self.landscape = true;
        self
    }

    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Number of the next row, zero-based, the body not counted.
    pub fn next_row(&self) -> usize {
        self.rows.len() + self.tail.len()
    }

    pub fn push(&mut self, row: Vec<Cell<'a>>) {
        if self.body.is_some() { self.tail.push(row) } else { self.rows.push(row) }
    }

    /// One text across all columns.
    pub fn wide(&mut self, text: impl Into<Cow<'a, str>>, style: Style) {
        let row = self.next_row();
        self.push(vec![Cell::text(text, style)]);
        if self.columns.len() > 1 {
            self.merges.push(Merge { row, first: 0, last: self.columns.len() - 1 });
        }
    }

    /// Merges of one row; they stand in order of their rows.
    pub fn merges_at(&self, row: usize) -> &[Merge] {
        let first = self.merges.partition_point(|merge| merge.row < row);
        let count = self.merges[first..].partition_point(|merge| merge.row == row);
        &self.merges[first..first + count]
    }

    /// Links to other files become plain text: whoever gets the sheet does not have them.
    #[must_use]
    pub fn unlinked(mut self) -> Self {
        for cell in self.rows.iter_mut().chain(&mut self.tail).flatten() {
            unlink(&mut cell.value);
        }
        self.body = self.body.map(|Stream { len, make, widths }| {
            let unlinked = move |rows: Range<usize>, visit: &mut Visit<'_>| {
                make(rows, &mut |row, values| {
                    if values.iter().any(leads_out) {
                        let mut values = values.to_vec();
                        values.iter_mut().for_each(unlink);
                        visit(row, &values);
                    } else {
                        visit(row, values);
                    }
                })
            };
            Stream { len, make: Box::new(unlinked), widths }
        });
        self.stack = self.stack.map(|Stack { len, make }| Stack::new(len, move |at, above| Ok(make(at, above)?.unlinked())));
        self
    }

    pub fn blank(&mut self) {
        self.push(Vec::new());
    }

    /// The columns' headings as a row.
    pub fn headings(&mut self) {
        let cells = self.columns.iter().map(|column| Cell::text(column.header.clone(), Style::Header)).collect();
        self.push(cells);
    }

    /// Headings that stay in sight, are filtered and repeated on each page, and the rows below them.
    pub fn table(&mut self, body: Stream<'a>) {
        self.header = Some(self.next_row());
        self.headings();
        self.freeze = Some(self.next_row());
        self.filter = body.len > 0;
        self.body = Some(body);
    }

    /// `名称：________` for each who signs, as many in a row as fit.
    pub fn signatures(&mut self, label: &str, names: &[String]) {
        if names.is_empty() {
            return;
        }
        self.blank();
        let room: usize = self.columns.iter().map(|c| c.width).sum();
        let in_a_row = (room / 24).clamp(1, 5);
        for (at, names) in names.chunks(in_a_row).enumerate() {
            let words: Vec<String> = names.iter().map(|name| format!("{name}：______________")).collect();
            let label = if at == 0 { label } else { "" };
            self.wide(format!("{label}{}", words.join("   ")), Style::Signature);
        }
    }

    /// Sets the columns' widths so that nothing is cut off; call it before what depends on widths, and at the end.
    pub fn fit(&mut self) {
        width::fit(self);
    }

    /// Begins a page before each of these rows whose table would be cut by the end of one; they and the sheet's end bound
    /// the tables. A table that is longer than a page is cut where it must be, and its headings are repeated.
    pub fn keep_together(&mut self, tables: &[usize]) {
        let mut cut = false;
        let page = layout::page_height(self);
        let height = |rows: std::ops::Range<usize>| rows.map(|row| layout::row_height(self, row)).sum::<f64>();
        let mut breaks = Vec::new();
        let mut filled = height(0..tables.first().copied().unwrap_or_default());
        for (at, first) in tables.iter().enumerate() {
            let end = tables.get(at + 1).copied().unwrap_or(self.rows.len());
            let own = height(*first..end);
            cut |= own > page;
            if filled + own > page && filled > 0.0 {
                breaks.push(*first);
                filled = 0.0;
            }
            filled = (filled + own) % page;
        }
        self.breaks.extend(breaks);
        self.header = self.header.filter(|_| cut);
    }

    /// Zero-based number on paper of a row counted without the body.
    pub fn on_paper(&self, row: usize) -> usize {
        let body = self.body.as_ref().map_or(0, |b| b.len);
        if row < self.rows.len() { row } else { row + body }
    }
}

fn unlink(value: &mut Value<'_>) {
    if leads_out(value)
        && let Value::Link(link) = value
    {
        *value = Value::text(std::mem::take(&mut link.text));
    }
}

/// Out of the workbook.
pub(super) fn leads_out(value: &Value<'_>) -> bool {
    matches!(value, Value::Link(link) if !link.target.starts_with(Link::INTERNAL))
}
