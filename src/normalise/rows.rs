//! A sheet's data rows, one after the other, into columns; what cannot be read is set aside whole.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use polars::prelude::PlFixedStateQuality;

use super::coerce::{CellReader, Habits, Unreadable};
use super::column::ColumnBuilder;
use super::value::{Value, raw_text};
use crate::diag::{CellRef, Code};
use crate::ingest::{RawCell, RawValue};
use crate::rules::Dataset;

/// The list of repairs ends here; the count goes on.
pub const REPAIRS_LISTED: usize = 100_000;

/// A repair before its source has a number.
#[derive(Debug)]
pub struct LocalRepair {
    pub cell: CellRef,
    pub field: usize,
    pub before: String,
    pub after: String,
    pub reason: &'static str,
}

/// A row set aside before its source has a number.
#[derive(Debug)]
pub struct LocalReject {
    pub row: u32,
    /// `None` when the key itself could not be read.
    pub key_hash: Option<u64>,
    pub problems: Vec<(CellRef, usize, Unreadable)>,
    pub cells: Vec<String>,
}

/// What a sheet's data rows became.
pub struct Harvest {
    /// One a field; `None`: the sheet has no such column.
    pub builders: Vec<Option<ColumnBuilder>>,
    /// Row numbers of the rows in the columns.
    pub rows: Vec<u32>,
    pub key_hashes: Vec<u64>,
    pub row_hashes: Vec<u64>,
    /// Original cells of rows whose key came before with other content, by index into `rows`.
    pub suspects: HashMap<u32, Vec<String>>,
    pub rejects: Vec<LocalReject>,
    pub repairs: Vec<LocalRepair>,
    pub repair_count: u64,
    /// `(file, place)` of the row that each row mends, in a sheet of mended rows.
    pub mends: Vec<(String, String)>,
}

/// Where things stand in a sheet.
pub struct Plan {
    pub dataset: Arc<Dataset>,
    /// Column of each field.
    pub column_of: Vec<Option<u32>>,
    /// Columns whose text goes with a rejected row.
    pub shown: Vec<u32>,
    /// Columns 原文件 and 原位置 in a sheet of mended rows.
    pub mends: Option<(u32, u32)>,
    pub habits: Habits,
}

/// The value that an empty cell of a merged column takes.
enum Above {
    Value(Value<'static>),
    Unreadable,
}

/// Turns rows into columns.
pub struct RowReader {
    plan: Plan,
    field_at: Vec<Option<usize>>,
    readers: Vec<CellReader>,
    key: Vec<usize>,
    must: Vec<usize>,
    order: Vec<(usize, usize)>,
    fill: Vec<usize>,
    above: Vec<Above>,
    group: Option<Value<'static>>,
    seen: HashMap<u64, u64, BuildHasherDefault<AsIs>>,
    /// The same for every sheet: a key has one hash wherever it stands.
    hasher: PlFixedStateQuality,
    harvest: Harvest,
}

/// Hashes are not hashed again.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl RowReader {
    pub fn new(plan: Plan) -> Self {
        let dataset = plan.dataset.clone();
        let index = |name: &String| dataset.fields.iter().position(|f| f.name == *name);
        let key: Vec<usize> = dataset.key.iter().filter_map(index).collect();
        let must = required_key(&dataset);
        let order = dataset.order.iter().filter_map(|o| index(&o.earlier).zip(index(&o.later))).collect();
        let fill = (0..dataset.fields.len()).filter(|&f| dataset.fields[f].fill_down && plan.column_of[f].is_some()).collect();
        let width = plan.column_of.iter().flatten().max().map_or(0, |c| *c as usize + 1);
        let mut field_at = vec![None; width];
        for (field, column) in plan.column_of.iter().enumerate() {
            if let Some(column) = column {
                field_at[*column as usize] = Some(field);
            }
        }
        let readers = dataset.fields.iter().enumerate().map(|(at, field)| CellReader::new(field, key.contains(&at))).collect();
        let builders = dataset.fields.iter().zip(&plan.column_of).map(|(f, c)| c.map(|_| ColumnBuilder::new(f))).collect();
        let harvest = Harvest {
            builders,
            rows: Vec::new(),
            key_hashes: Vec::new(),
            row_hashes: Vec::new(),
            suspects: HashMap::new(),
            rejects: Vec::new(),
            repairs: Vec::new(),
            repair_count: 0,
            mends: Vec::new(),
        };
        Self {
            plan,
            field_at,
            readers,
            key,
            must,
            order,
            fill,
            above: Vec::new(),
            group: None,
            seen: HashMap::default(),
            hasher: PlFixedStateQuality::default(),
            harvest,
        }
    }

    pub fn is_used(&self, column: u32) -> bool {
        self.field_at.get(column as usize).is_some_and(Option::is_some)
    }

    /// A total ends what merged cells span.
    pub fn end_group(&mut self) {
        self.above.clear();
        self.group = None;
    }

    pub fn finish(self) -> Harvest {
        self.harvest
    }

    /// One data row.
    pub fn row(&mut self, row: u32, cells: &[RawCell<'_>]) {
        let mut values = vec![Value::Null; self.readers.len()];
        let mut problems: Vec<(CellRef, usize, Unreadable)> = Vec::new();
        // `(field, before, reason)`: a repair only counts when its row is used
        let mut changed: Vec<(usize, Option<&RawValue<'_>>, &'static str)> = Vec::new();
        for cell in cells {
            let Some(field) = self.field_at.get(cell.column as usize).copied().flatten() else { continue };
            match self.readers[field].read(&cell.value, self.plan.habits) {
                Ok((value, reason)) => {
                    values[field] = value;
                    if let Some(reason) = reason {
                        changed.push((field, Some(&cell.value), reason));
                    }
                }
                Err(bad) => problems.push((CellRef { column: cell.column, row }, field, bad)),
            }
        }
        if !self.fill.is_empty() {
            self.fill_down(row, cells, &mut values, &mut problems, &mut changed);
        }
        self.check(row, &values, &mut problems);
        if problems.is_empty() {
            self.keep(row, cells, &values, &changed);
        } else {
            let key_read = problems.iter().all(|(_, field, _)| !self.key.contains(field));
            let key_hash = (key_read && !self.key.is_empty()).then(|| self.key_hash(&values));
            let cells = self.texts(cells);
            self.harvest.rejects.push(LocalReject { row, key_hash, problems, cells });
        }
    }

    fn cell(&self, field: usize, row: u32) -> CellRef {
        CellRef { column: self.plan.column_of[field].unwrap_or(0), row }
    }

    fn texts(&self, cells: &[RawCell<'_>]) -> Vec<String> {
        let most = self.plan.habits.cell_chars;
        let mut cells = cells.iter().peekable();
        let shown = self.plan.shown.iter().map(|column| {
            while cells.next_if(|c| c.column < *column).is_some() {}
            let text = cells.next_if(|c| c.column == *column).map_or_else(String::new, |c| raw_text(&c.value));
            match text.char_indices().nth(most) {
                Some((end, _)) if text.len() > most => text[..end].to_owned(),
                _ => text,
            }
        });
        shown.collect()
    }

    fn fill_down<'r, 'c: 'r>(
        &mut self,
        row: u32,
        cells: &'r [RawCell<'c>],
        values: &mut [Value<'_>],
        problems: &mut Vec<(CellRef, usize, Unreadable)>,
        changed: &mut Vec<(usize, Option<&'r RawValue<'c>>, &'static str)>,
    ) {
        let column_of = &self.plan.column_of;
        let is_blank = |field: usize| !cells.iter().any(|c| Some(c.column) == column_of[field] && !c.value.is_empty());
        let is_bad = |problems: &[(CellRef, usize, Unreadable)], field: usize| problems.iter().any(|(_, f, _)| *f == field);
        let lead = self.key.first().copied();
        let same = match lead {
            Some(lead) => is_blank(lead) || (!values[lead].is_null() && self.group.as_ref() == Some(&values[lead])),
            None => true,
        };
        if !same {
            self.above.clear();
        }
        if !self.above.is_empty() {
            for (&field, above) in self.fill.iter().zip(&self.above) {
                if !is_blank(field) {
                    continue;
                }
                match above {
                    Above::Value(value) => {
                        if !value.is_null() {
                            values[field] = value.clone();
                            changed.push((field, None, "合并单元格，取上一行的值"));
                        }
                    }
                    Above::Unreadable => {
                        let reason = "本格为空要取上一行的值，而上一行的读不懂".to_owned();
                        problems.push((self.cell(field, row), field, Unreadable { code: Code::CellError, reason }));
                    }
                }
            }
        }
        let kept = self
            .fill
            .iter()
            .map(|&field| if is_bad(problems, field) { Above::Unreadable } else { Above::Value(values[field].clone().into_owned()) });
        self.above = kept.collect();
        if let Some(lead) = lead
            && !values[lead].is_null()
        {
            self.group = Some(values[lead].clone().into_owned());
        } else if lead.is_some_and(|lead| is_bad(problems, lead)) {
            self.group = None;
        }
    }

    fn check(&self, row: u32, values: &[Value<'_>], problems: &mut Vec<(CellRef, usize, Unreadable)>) {
        let fields = &self.plan.dataset.fields;
        for &field in &self.must {
            if values[field].is_null() && problems.iter().all(|(_, f, _)| *f != field) {
                let reason = format!("主键「{}」为空", fields[field].name);
                problems.push((self.cell(field, row), field, Unreadable { code: Code::KeyBlank, reason }));
            }
        }
        for &(earlier, later) in &self.order {
            if is_reversed(&values[earlier], &values[later]) {
                let (a, b) = (&fields[earlier], &fields[later]);
                let reason = format!("{} {} 早于{} {}", b.name, values[later].show(b), a.name, values[earlier].show(a));
                problems.push((self.cell(later, row), later, Unreadable { code: Code::OrderReversed, reason }));
            }
        }
    }

    fn key_hash(&self, values: &[Value<'_>]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for &field in &self.key {
            values[field].hash(&mut hasher);
        }
        hasher.finish()
    }

    fn keep(&mut self, row: u32, cells: &[RawCell<'_>], values: &[Value<'_>], changed: &[(usize, Option<&RawValue<'_>>, &'static str)]) {
        let mut content = 0u64;
        for (at, (builder, value)) in self.harvest.builders.iter_mut().zip(values).enumerate() {
            if let Some(builder) = builder {
                builder.push(value);
            }
            if !value.is_null() {
                content = content.wrapping_add(self.hasher.hash_one((at, value)));
            }
        }
        if !self.key.is_empty() {
            let key = self.key_hash(values);
            let first = *self.seen.entry(key).or_insert(content);
            if first != content {
                let texts = self.texts(cells);
                self.harvest.suspects.insert(self.harvest.rows.len() as u32, texts);
            }
            self.harvest.key_hashes.push(key);
            self.harvest.row_hashes.push(content);
        }
        self.harvest.rows.push(row);
        if let Some((file, place)) = self.plan.mends {
            let text = |column: u32| cells.iter().find(|c| c.column == column).map_or_else(String::new, |c| raw_text(&c.value));
            self.harvest.mends.push((text(file), text(place)));
        }
        self.harvest.repair_count += changed.len() as u64;
        for &(field, before, reason) in changed {
            if self.harvest.repairs.len() == REPAIRS_LISTED {
                break;
            }
            let after = values[field].show(&self.plan.dataset.fields[field]);
            let before = before.map_or_else(String::new, raw_text);
            self.harvest.repairs.push(LocalRepair { cell: self.cell(field, row), field, before, after, reason });
        }
    }
}

/// Key fields that must not be empty: those whose column is required, and the first in any case.
pub fn required_key(dataset: &Dataset) -> Vec<usize> {
    let keys = dataset.key.iter().filter_map(|name| dataset.fields.iter().position(|f| f.name == *name));
    keys.enumerate().filter(|(at, field)| *at == 0 || dataset.fields[*field].required).map(|(_, field)| field).collect()
}

/// Days are compared with days when one side has no time.
fn is_reversed(earlier: &Value<'_>, later: &Value<'_>) -> bool {
    const DAY: i64 = 86_400_000;
    match (earlier, later) {
        (Value::Date(a), Value::Date(b)) => b < a,
        (Value::Datetime(a), Value::Datetime(b)) => b < a,
        (Value::Date(a), Value::Datetime(b)) => b.div_euclid(DAY) < i64::from(*a),
        (Value::Datetime(a), Value::Date(b)) => i64::from(*b) < a.div_euclid(DAY),
        (Value::Decimal(a), Value::Decimal(b)) => b < a,
        (Value::Int(a), Value::Int(b)) => b < a,
        (Value::Time(a), Value::Time(b)) => b < a,
        _ => false,
    }
}
