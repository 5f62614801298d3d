//! What one form says, before it is laid out: the default pages and a company's own form are filled from the same values.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::reports::sheet::{Column, Value};

/// One form for one recipient.
#[derive(Debug)]
pub struct Content<'m> {
    pub company: &'m str,
    /// `奖罚通知单`
    pub form: &'m str,
    /// `JF-202610-001`
    pub number: &'m str,
    /// A unit or a person; empty where the form is for all.
    pub recipient: &'m str,
    /// What the recipient is called on the form: `受文部门`, `受处罚人（单位）`.
    pub addressed: &'static str,
    /// The department whose cases these are; empty where it is not known or they are several.
    pub unit: &'m str,
    /// `2026年10月`
    pub period: String,
    pub date: NaiveDate,
    /// Until somebody approved what it imposes or makes public: `草稿·待批`.
    pub stamp: Option<&'static str>,
    /// The sentence above the table.
    pub body: &'m str,
    /// Of the lines; a heading is also the name by which a form of the company's own asks for the value.
    pub columns: Vec<Column>,
    /// Columns that are not printed where no line has anything in them.
    pub optional: &'static [usize],
    /// Columns of names that are broken between words only.
    pub names: &'static [usize],
    pub blocks: Vec<Block<'m>>,
    /// Each block is for somebody else to sign, and a form of its own.
    pub is_split: bool,
    /// Sum of the amounts, where the form is about money.
    pub total: Option<Decimal>,
    /// Column of the amounts.
    pub amount: Option<usize>,
    /// `客诉管理办法 十四条；客诉管理办法 十条（一）`
    pub clauses: String,
    /// Small print below the table: conventions, validity, appeal.
    pub remarks: Vec<String>,
    pub signatures: Vec<String>,
    /// Cases of the appendix, in order of the lines.
    pub cases: Vec<Explanation>,
    /// How many cases the appendix leaves out.
    pub unexplained: usize,
}

/// Lines of one sort: overdue by the total limit, overdue at a station. A form without sorts has one block without title.
#[derive(Debug)]
pub struct Block<'m> {
    pub title: &'m str,
    /// A value a column.
    pub lines: Vec<Vec<Value<'m>>>,
}

/// One case made plain: what happened when, how the days were counted, what would have complied, who decided.
#[derive(Debug)]
pub struct Explanation {
    /// `261002 结案期限（客诉管理办法 十条（一））`
    pub heading: String,
    /// `（"经过", "2026-10-01 受理日期；…"）`
    pub facts: Vec<(&'static str, String)>,
}

impl<'m> Content<'m> {
    pub fn lines(&self) -> impl Iterator<Item = &Vec<Value<'m>>> {
        self.blocks.iter().flat_map(|block| &block.lines)
    }
}
