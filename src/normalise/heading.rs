//! Where a sheet's heading stands, and which column is which field of a dataset.

use std::collections::HashMap;

use super::fold;
use super::value::raw_text;
use crate::ingest::{RawCell, RawValue};
use crate::rules::Dataset;

/// The heading is looked for in so many rows from the top.
pub const LOOK: usize = 30;

/// A row kept until the heading is found.
#[derive(Debug, Clone)]
pub struct KeptRow {
    pub row: u32,
    pub cells: Vec<RawCell<'static>>,
}

/// One or two rows taken as a heading.
#[derive(Debug, Clone)]
pub struct Heading {
    pub rows: Vec<u32>,
    /// Index of the first kept row below.
    pub below: usize,
    pub columns: Vec<HeadingColumn>,
}

#[derive(Debug, Clone)]
pub struct HeadingColumn {
    pub column: u32,
    /// Row of the cell that [`text`](Self::text) came from.
    pub row: u32,
    /// The lower text, else the upper.
    pub text: String,
    /// What the column may be called: group and name together, the lower text, the upper; with the folded form.
    names: Vec<(String, String)>,
    /// The group that a merged cell above spans, where there is one.
    pub group: Option<String>,
}

impl Heading {
    /// Every row, and every two rows below each other, that could be a heading.
    pub fn candidates(rows: &[KeptRow]) -> Vec<Heading> {
        let texts: Vec<Vec<(u32, String)>> = rows.iter().map(texts_of).collect();
        let mut found = Vec::new();
        for at in 0..rows.len() {
            if texts[at].len() >= 2 {
                found.push(Self::of_one(&rows[at], at, &texts[at]));
            }
            let is_label = |cell: &RawCell<'_>| matches!(cell.value, RawValue::Text(_) | RawValue::Empty);
            if let (Some(below), false) = (rows.get(at + 1), texts[at].is_empty())
                && below.cells.iter().all(is_label)
            {
                found.push(Self::of_two(&rows[at], below, at, &texts[at], &texts[at + 1]));
            }
        }
        found
    }

    fn of_one(row: &KeptRow, at: usize, texts: &[(u32, String)]) -> Self {
        let columns = texts.iter().map(|(column, text)| HeadingColumn::new(*column, row.row, text.clone(), None, None)).collect();
        Self { rows: vec![row.row], below: at + 1, columns }
    }

    /// A text above holds for the columns to its right until the next one: that is how a merged cell arrives.
    fn of_two(upper: &KeptRow, lower: &KeptRow, at: usize, above: &[(u32, String)], below: &[(u32, String)]) -> Self {
        let mut columns: Vec<HeadingColumn> = Vec::new();
        for (column, text) in below {
            let group = above.iter().take_while(|(c, _)| c <= column).last();
            let own = group.filter(|(c, _)| c == column).map(|(_, text)| text.clone());
            columns.push(HeadingColumn::new(*column, lower.row, text.clone(), group.map(|(_, text)| text.clone()), own));
        }
        for (column, text) in above {
            if below.iter().all(|(c, _)| c != column) {
                columns.push(HeadingColumn::new(*column, upper.row, text.clone(), None, None));
            }
        }
        columns.sort_by_key(|c| c.column);
        Self { rows: vec![upper.row, lower.row], below: at + 2, columns }
    }

    pub fn last_column(&self) -> u32 {
        self.columns.iter().map(|c| c.column).max().unwrap_or(0)
    }
}

impl HeadingColumn {
    fn new(column: u32, row: u32, text: String, group: Option<String>, own_upper: Option<String>) -> Self {
        let joined = group.as_ref().map(|group| format!("{group}{text}"));
        let names = joined.into_iter().chain([text.clone()]).chain(own_upper).map(|name| (fold::heading(&name), name));
        let names = names.map(|(folded, name)| (name, folded)).collect();
        Self { column, row, text, names, group }
    }
}

fn texts_of(row: &KeptRow) -> Vec<(u32, String)> {
    let filled = row.cells.iter().filter(|cell| !cell.value.is_empty());
    filled.map(|cell| (cell.column, fold::trim(&raw_text(&cell.value)).to_owned())).collect()
}

/// All names of a dataset's fields, folded.
#[derive(Debug)]
pub struct Lexicon {
    /// `(field, as written in the dataset, whether it is the field's own name)`
    known: HashMap<String, (usize, String, bool)>,
}

impl Lexicon {
    pub fn of(dataset: &Dataset) -> Self {
        let mut known = HashMap::new();
        for (at, field) in dataset.fields.iter().enumerate() {
            known.entry(fold::heading(&field.name)).or_insert_with(|| (at, field.name.clone(), true));
        }
        for (at, field) in dataset.fields.iter().enumerate() {
            for alias in &field.aliases {
                known.entry(fold::heading(alias)).or_insert_with(|| (at, alias.clone(), false));
            }
        }
        Self { known }
    }

    fn find(&self, column: &HeadingColumn) -> Option<Hit> {
        column.names.iter().find_map(|(name, folded)| {
            let known = self.known.get(folded).or_else(|| self.known.get(fold::without_unit(folded)?));
            let (field, spelled, is_name) = known?;
            let how = match (is_name, name == spelled) {
                (true, true) => "与字段同名".to_owned(),
                (true, false) => "去掉空格、单位、符号后与字段同名".to_owned(),
                (false, true) => format!("别名「{spelled}」"),
                (false, false) => format!("去掉空格、单位、符号后同别名「{spelled}」"),
            };
            let why = if *name == column.text { how } else { format!("两行表头合读「{name}」，{how}") };
            Some(Hit { field: *field, is_name: *is_name, header: name.clone(), why })
        })
    }
}

/// A column that was taken for a field.
#[derive(Debug, Clone)]
pub struct Hit {
    pub field: usize,
    pub is_name: bool,
    /// The text that matched, which matches again when the sheet is written anew with one heading row.
    pub header: String,
    pub why: String,
}

/// A dataset laid over a heading.
#[derive(Debug, Clone)]
pub struct Matching {
    /// One a heading column.
    pub hits: Vec<Option<Hit>>,
    /// Index into the heading's columns, one a field.
    pub by_field: Vec<Option<usize>>,
    /// `(field, first column, second column)`: neither has the better claim.
    pub clashes: Vec<(usize, usize, usize)>,
    /// `(field, column taken, column left out)`: the field's own name before an alias.
    pub yielded: Vec<(usize, usize, usize)>,
}

impl Matching {
    pub fn of(heading: &Heading, dataset: &Dataset, lexicon: &Lexicon) -> Self {
        let mut hits: Vec<Option<Hit>> = heading.columns.iter().map(|column| lexicon.find(column)).collect();
        let mut by_field: Vec<Option<usize>> = vec![None; dataset.fields.len()];
        let (mut clashes, mut yielded) = (Vec::new(), Vec::new());
        let claims: Vec<(usize, usize, bool)> =
            hits.iter().enumerate().filter_map(|(at, hit)| hit.as_ref().map(|h| (at, h.field, h.is_name))).collect();
        let is_name = |at: usize| claims.iter().any(|(a, _, is_name)| *a == at && *is_name);
        for &(at, field, named) in &claims {
            let Some(first) = by_field[field] else {
                by_field[field] = Some(at);
                continue;
            };
            match (is_name(first), named) {
                (true, false) => yielded.push((field, first, at)),
                (false, true) => {
                    yielded.push((field, at, first));
                    by_field[field] = Some(at);
                }
                _ => clashes.push((field, first, at)),
            }
        }
        for (at, hit) in hits.iter_mut().enumerate() {
            if hit.as_ref().is_some_and(|h| by_field[h.field] != Some(at)) {
                *hit = None;
            }
        }
        Self { hits, by_field, clashes, yielded }
    }

    pub fn fields(&self) -> usize {
        self.by_field.iter().flatten().count()
    }

    /// Required fields without a column.
    pub fn missing<'d>(&self, dataset: &'d Dataset) -> impl Iterator<Item = (usize, &'d str)> {
        let fields = dataset.fields.iter().enumerate().filter(|(at, field)| field.required && self.by_field[*at].is_none());
        fields.map(|(at, field)| (at, field.name.as_str())).collect::<Vec<_>>().into_iter()
    }

    /// None of the columns is there of which the dataset needs at least one.
    pub fn lacks_either(&self, dataset: &Dataset) -> bool {
        let has = |name: &String| dataset.fields.iter().position(|f| f.name == *name).is_some_and(|at| self.by_field[at].is_some());
        !dataset.either.is_empty() && !dataset.either.iter().any(has)
    }

    /// The header nearest to a field's name or aliases among the columns that nothing else has claimed.
    pub fn nearest<'h>(&self, heading: &'h Heading, dataset: &Dataset, field: usize) -> Option<&'h HeadingColumn> {
        let free = || heading.columns.iter().enumerate().filter(|(at, _)| self.hits[*at].is_none()).map(|(_, c)| c);
        let field = dataset.fields.get(field)?;
        let names = std::iter::once(&field.name).chain(&field.aliases);
        let near = names.filter_map(|name| crate::diag::nearest(name, free().map(|c| c.text.as_str())));
        let near = near.max_by(|a, b| likeness(field, a).total_cmp(&likeness(field, b)))?;
        free().find(|c| c.text == near)
    }
}

fn likeness(field: &crate::rules::Field, header: &str) -> f64 {
    let names = std::iter::once(&field.name).chain(&field.aliases);
    names.map(|name| strsim::normalized_damerau_levenshtein(name, header)).fold(0.0, f64::max)
}
