//! A checked `sample.toml`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::condition::Condition;
use super::found::{Expect, Find};
use super::maker::Maker;
use super::world::EachDay;
use crate::calendar::Period;
use crate::rules::Dataset;

#[derive(Debug)]
pub struct Plan {
    pub company: String,
    /// Single months, rising.
    pub months: Vec<Period>,
    /// Each refers to those before it alone.
    pub tables: Vec<Table>,
    pub plants: Vec<Plant>,
    pub expects: Vec<Expect>,
}

#[derive(Debug)]
pub struct Table {
    pub name: String,
    /// Only a hidden table may be without.
    pub dataset: Option<Arc<Dataset>>,
    pub hidden: bool,
    pub count: Count,
    pub each: Vec<Each>,
    /// Rows that are written out, over `fields`.
    pub lines: Vec<BTreeMap<String, Maker>>,
    pub fields: BTreeMap<String, Maker>,
    /// Which rows of another table are referred to where nothing says which.
    pub pick: Vec<(usize, Condition)>,
    /// By place in the plan.
    pub months: Vec<usize>,
    /// A file a month.
    pub split: bool,
    pub book: String,
    pub title: String,
    pub headings: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq)]
pub enum Count {
    /// By month of the plan.
    Monthly(Vec<usize>),
    /// The table belongs to no month.
    Once(usize),
    /// So many for each of the combinations.
    Each(usize),
}

#[derive(Debug)]
pub enum Each {
    Table(usize, Condition),
    Days(EachDay),
}

#[derive(Debug)]
pub struct Plant {
    pub table: usize,
    /// All that fit where there is none.
    pub count: Option<usize>,
    pub months: Vec<usize>,
    pub condition: Condition,
    pub set: BTreeMap<String, Maker>,
    pub drop: bool,
    pub add: bool,
    pub finds: Vec<Find>,
    pub note: String,
    pub span: Range<usize>,
}

impl Table {
    /// The months that it is made for, or once for none.
    pub fn stretches(&self) -> Vec<Option<usize>> {
        match self.is_once() {
            true => vec![None],
            false => self.months.iter().copied().map(Some).collect(),
        }
    }

    pub fn is_once(&self) -> bool {
        self.months.is_empty()
    }
}

impl Plant {
    pub fn is_in(&self, month: Option<usize>) -> bool {
        month.is_none_or(|month| self.months.contains(&month))
    }
}
