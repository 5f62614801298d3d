//! Rows that are no data: totals, signatures, notes, repeated headings. In doubt a row is data.

use std::collections::HashSet;

use super::fold;
use super::heading::{Heading, KeptRow};
use crate::ingest::{RawCell, RawValue};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Blank,
    Total,
    Signature,
    Note,
    Heading,
    /// Nothing in any column that is used.
    Idle,
}

/// What a sheet's furniture looks like, given its heading.
#[derive(Debug)]
pub struct Furniture {
    /// Texts of the title rows above the heading, squeezed.
    titles: HashSet<String>,
    /// `(column, text)` of the heading's rows.
    headers: Vec<(u32, String)>,
    /// Columns whose cells make up the key; a row with one of them empty has no key.
    key: Vec<u32>,
    /// Columns of the key that a merged cell may leave empty.
    loose_key: Vec<u32>,
}

const TOTALS: [&str; 5] = ["合计", "总计", "小计", "累计", "共计"];
const SIGNERS: [&str; 18] = [
    "制表",
    "审核",
    "主管",
    "复核",
    "批准",
    "填表",
    "经办",
    "编制",
    "核准",
    "审批",
    "制单",
    "负责人",
    "总经理",
    "会签",
    "签字",
    "签章",
    "盖章",
    "打印",
];
const NOTES: [&str; 5] = ["备注", "说明", "附注", "填表说明", "注"];

impl Furniture {
    pub fn of(rows: &[KeptRow], heading: &Heading, key: Vec<u32>, loose_key: Vec<u32>) -> Self {
        let above = rows.iter().filter(|r| heading.rows.first().is_some_and(|first| r.row < *first));
        let titles = above.flat_map(|r| &r.cells).filter_map(|c| text(c)).map(fold::squeeze).collect();
        let own = rows.iter().filter(|r| heading.rows.contains(&r.row)).flat_map(|r| &r.cells);
        let headers = own.filter_map(|c| text(c).map(|t| (c.column, t.to_owned()))).collect();
        Self { titles, headers, key, loose_key }
    }

    /// `None`: the row is data. `is_used` says whether a column was taken for a field.
    pub fn kind(&self, cells: &[RawCell<'_>], is_used: impl Fn(u32) -> bool) -> Option<Kind> {
        let mut filled = cells.iter().filter(|c| !c.value.is_empty());
        let Some(first) = filled.next() else { return Some(Kind::Blank) };
        let second = filled.next();
        let key_cell = |column: &u32| cells.iter().find(|c| c.column == *column && !c.value.is_empty());

        if self.key.iter().chain(&self.loose_key).filter_map(key_cell).filter_map(text).any(is_total) {
            return Some(Kind::Total);
        }
        if [Some(first), second].into_iter().flatten().any(|c| self.repeats_header(c)) && self.is_heading(cells) {
            return Some(Kind::Heading);
        }
        let has_key =
            self.key.iter().all(|column| key_cell(column).is_some_and(|c| text(c).is_none_or(|t| !is_signature(t) && !is_note(t))));
        if second.is_none() {
            return self.alone(first, has_key, &is_used);
        }
        if has_key {
            return None;
        }
        let third = filled.next();
        if [Some(first), second, third].into_iter().flatten().filter_map(text).any(is_total) {
            return Some(Kind::Total);
        }
        if text(first).is_some_and(is_signature) {
            return Some(Kind::Signature);
        }
        if cells.iter().filter(|c| !c.value.is_empty()).all(|c| text(c).is_some_and(is_unit)) {
            return Some(Kind::Heading);
        }
        if third.is_none() && text(first).is_some_and(is_note) && second.is_some_and(|c| text(c).is_some()) {
            return Some(Kind::Note);
        }
        (!cells.iter().any(|c| is_used(c.column) && !c.value.is_empty())).then_some(Kind::Idle)
    }

    /// A row with a single filled cell.
    fn alone(&self, cell: &RawCell<'_>, has_key: bool, is_used: &impl Fn(u32) -> bool) -> Option<Kind> {
        let Some(words) = text(cell) else {
            return (!is_used(cell.column)).then_some(Kind::Idle);
        };
        if self.titles.contains(&fold::squeeze(words)) {
            return Some(Kind::Heading);
        }
        if is_total(words) {
            return Some(Kind::Total);
        }
        if is_signature(words) {
            return Some(Kind::Signature);
        }
        if is_note(words) {
            return Some(Kind::Note);
        }
        if !is_used(cell.column) {
            return Some(Kind::Idle);
        }
        let in_key = has_key || self.loose_key.contains(&cell.column) || self.key.contains(&cell.column);
        (in_key && !could_be_key(words)).then_some(Kind::Note)
    }

    fn repeats_header(&self, cell: &RawCell<'_>) -> bool {
        text(cell).is_some_and(|t| self.headers.iter().any(|(column, header)| *column == cell.column && header == t))
    }

    fn is_heading(&self, cells: &[RawCell<'_>]) -> bool {
        let filled = cells.iter().filter(|c| !c.value.is_empty()).count();
        let same = cells.iter().filter(|c| self.repeats_header(c)).count();
        same >= 2 && same * 2 >= filled
    }
}

/// The trimmed text of a text cell.
fn text<'a>(cell: &'a RawCell<'_>) -> Option<&'a str> {
    match &cell.value {
        RawValue::Text(text) => Some(fold::trim(text)).filter(|t| !t.is_empty()),
        _ => None,
    }
}

/// A row of units below the heading: (元), (天)
fn is_unit(text: &str) -> bool {
    fold::without_unit(&fold::heading(text)) == Some("")
}

/// 合计, 本月小计, 总 计:, 合计(3 件), 共 80 件
fn is_total(text: &str) -> bool {
    if text.len() > 60 || !text.contains(['计', '共']) {
        return false;
    }
    let folded = fold::heading(text);
    let bare = fold::without_unit(&folded).unwrap_or(&folded);
    let is_short = bare.chars().count() <= 8;
    let counted = || bare.strip_prefix('共').and_then(|rest| rest.strip_suffix(['件', '笔', '条', '项', '案', '行']));
    TOTALS.iter().any(|t| bare == *t || (is_short && bare.ends_with(t)) || folded.strip_prefix(t).is_some_and(|rest| rest.starts_with('(')))
        || counted().is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// 制表：张三, 审核人, 部门主管： …
fn is_signature(text: &str) -> bool {
    let starts = text.chars().next();
    if !starts.is_some_and(|c| "制审主复批填经编核负总会签盖打部单".contains(c)) {
        return false;
    }
    let folded = fold::squeeze(text);
    match folded.split_once(':') {
        Some((who, _)) => who.chars().count() <= 8 && SIGNERS.iter().any(|s| who.contains(s)),
        None => SIGNERS.iter().any(|s| folded.strip_prefix(s).is_some_and(|rest| matches!(rest, "" | "人" | "者" | "日期"))),
    }
}

/// 备注:…, 注1:…, 说明 …
fn is_note(text: &str) -> bool {
    let folded = fold::squeeze(text);
    NOTES.iter().any(|note| {
        folded
            .strip_prefix(note)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c == ':' || c == '、' || c == '.' || c.is_ascii_digit()))
    })
}

/// Short, with a digit, and no sentence.
fn could_be_key(text: &str) -> bool {
    text.chars().count() <= 24
        && text.chars().any(|c| fold::half(c).is_ascii_digit())
        && !text.chars().map(fold::half).any(|c| matches!(c, '。' | '、' | ',' | ';' | ':' | '!' | '?'))
}
