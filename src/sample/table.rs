//! A plain table on its way to a sheet, and where each of its rows ended up.

use std::collections::BTreeMap;

use super::untidy::Cell;

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    Case(String),
    /// Case and station.
    Station(String, usize),
    Approval(String),
    /// Case and position among its shares.
    Share(String, usize),
    /// A row of a ledger, counted from 0.
    Line(Ledger, usize),
    /// A row of a described table, both by number.
    Row(usize, usize),
    Other(usize),
    /// A finding about what is not there.
    Nowhere,
}

/// Books that are kept beside the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger {
    /// 退货折让台账
    Returns,
    /// 签收记录
    Receipts,
    /// 奖罚处分台账
    Sanctions,
    /// 报表提交台账
    Reports,
    /// 会同签章
    Meetings,
    /// 改善追踪
    Improvements,
    /// 应收账款
    Receivables,
    /// 环节记录
    Steps,
    /// 申诉记录
    Appeals,
    /// 制度核准
    Charters,
}

/// Where a row stands, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    pub file: String,
    pub sheet: String,
    pub row: u32,
}

pub type Places = BTreeMap<Spot, Stand>;

/// One column's heading.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading above, shared by neighbours with the same one.
    pub group: Option<&'static str>,
    pub name: String,
    /// In characters of Excel's default font.
    pub width: f64,
}

/// How an office words its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    Canonical,
    ExportOffice,
}

/// `（field, what 外销科 calls it, heading above, width）`
pub type Heading = (&'static str, &'static str, Option<&'static str>, f64);

impl Column {
    pub fn of(&(name, alias, group, width): &Heading, wording: Wording) -> Self {
        Self { group, name: if wording == Wording::ExportOffice { alias } else { name }.to_owned(), width }
    }
}

pub struct Row {
    pub spot: Spot,
    pub cells: Vec<Cell>,
}

pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// `(first row, column, rows)`: cells that are one.
    pub merges: Vec<(usize, usize, usize)>,
}

/// What stands around the table.
#[derive(Default)]
pub struct Frame {
    pub titles: Vec<String>,
    /// Two heading rows with merged cells.
    pub grouped: bool,
    /// An empty row before these rows.
    pub gaps: Vec<usize>,
    /// A subtotal (小计) before these rows, summing this column since the last.
    pub subtotals: Vec<usize>,
    /// Columns summed in the 合计 row; `(column, sum)`.
    pub totals: Vec<(usize, f64)>,
    pub signatures: Option<String>,
}
