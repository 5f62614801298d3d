//! Which dataset a sheet is: by the name of its sheet, of its file, or by its heading.

use std::borrow::Borrow;
use std::path::PathBuf;
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use super::heading::{Heading, KeptRow, Lexicon, Matching};
use super::table::Source;
use crate::diag::{CellRef, Code, Diag, Place};
use crate::rules::Dataset;

/// The three columns that go before a row that was set aside; ignored when the row comes back mended.
pub const FEEDBACK: [&str; 3] = ["原因", "原文件", "原位置"];

/// Every dataset with what is needed to recognise it.
pub struct Catalogue {
    pub entries: Vec<Entry>,
}

pub struct Entry {
    pub dataset: Arc<Dataset>,
    lexicon: Lexicon,
    files: Vec<GlobMatcher>,
    sheets: Vec<GlobMatcher>,
}

/// A sheet taken for a dataset.
#[derive(Debug)]
pub struct Taken {
    /// Index into [`Catalogue::entries`].
    pub entry: usize,
    pub heading: Heading,
    pub matching: Matching,
    pub why: String,
    pub diags: Vec<Diag>,
}

pub enum Answer {
    Taken(Box<Taken>),
    /// Not for us; the words say what was lacking.
    Nothing {
        lacked: String,
        diag: Diag,
    },
    /// Meant for us but wrong: errors. With the heading that was looked at, when there was one.
    Refused {
        diags: Vec<Diag>,
        taken: Option<Box<Taken>>,
    },
}

/// A dataset laid over its best heading in the sheet.
struct Fit {
    entry: usize,
    heading: usize,
    matching: Matching,
    required: usize,
    required_found: usize,
    keys_found: bool,
}

impl Fit {
    fn is_complete(&self) -> bool {
        self.required_found == self.required && self.matching.fields() >= 2.min(self.matching.by_field.len())
    }

    /// Likely meant, though a column is missing.
    fn is_close(&self) -> bool {
        self.keys_found && self.required_found * 2 >= self.required && self.matching.fields() >= 2
    }

    fn rank(&self) -> (usize, usize) {
        (self.required_found, self.matching.fields())
    }

    /// A second heading row must earn its place.
    fn is_better(&self, other: &Fit, headings: &[Heading]) -> bool {
        let rows = |fit: &Fit| std::cmp::Reverse(headings[fit.heading].rows.len());
        (self.rank(), rows(self)) > (other.rank(), rows(other))
    }
}

impl Catalogue {
    pub fn of<D: Borrow<Dataset>>(datasets: &[D]) -> Self {
        let entries = datasets
            .iter()
            .filter(|dataset| !(*dataset).borrow().made)
            .map(|dataset| Entry::of(Arc::new(dataset.borrow().clone())))
            .collect();
        Self { entries }
    }

    /// `rows` are the first rows of the sheet.
    pub fn recognise(&self, source: &Source, rows: &[KeptRow]) -> Answer {
        let headings = Heading::candidates(rows);
        let fits: Vec<Fit> = (0..self.entries.len()).filter_map(|entry| self.best_fit(entry, &headings)).collect();
        let by_sheet: Vec<&Fit> = fits.iter().filter(|f| self.entries[f.entry].names_sheet(source)).collect();
        let by_file: Vec<&Fit> = fits.iter().filter(|f| self.entries[f.entry].names_file(source)).collect();
        let any: Vec<&Fit> = fits.iter().collect();

        let sheet_words = "工作表名符合";
        for (group, words) in [(&by_sheet, sheet_words), (&by_file, "文件名符合"), (&any, "表头符合")] {
            let mut complete: Vec<&Fit> = group.iter().copied().filter(|f| f.is_complete()).collect();
            complete.sort_by_key(|f| std::cmp::Reverse(f.rank()));
            match complete.as_slice() {
                [first, second, ..] if first.rank() == second.rank() => return self.tie(source, first, second),
                [first, ..] => return self.take(source, first, &headings, words),
                [] => {}
            }
            // a sheet whose own name says what it is, is not looked at for anything else
            if words == sheet_words
                && let Some(fit) = group.iter().max_by_key(|f| f.rank())
            {
                return self.lacking(source, fit, &headings);
            }
        }
        if let Some(fit) = by_file.iter().filter(|f| f.is_close()).max_by_key(|f| f.rank()) {
            return self.lacking(source, fit, &headings);
        }
        self.nothing(source, any.iter().max_by_key(|f| f.rank()).copied(), rows)
    }

    fn best_fit(&self, entry: usize, headings: &[Heading]) -> Option<Fit> {
        let Entry { dataset, lexicon, .. } = &self.entries[entry];
        let required = dataset.fields.iter().filter(|f| f.required).count() + usize::from(!dataset.either.is_empty());
        let mut best: Option<Fit> = None;
        for (at, heading) in headings.iter().enumerate() {
            let matching = Matching::of(heading, dataset, lexicon);
            if matching.fields() == 0 {
                continue;
            }
            let required_found = required - matching.missing(dataset).count() - usize::from(matching.lacks_either(dataset));
            let keys = dataset.key.iter().filter(|key| dataset.field(key).is_some_and(|f| f.required));
            let keys_found =
                keys.clone().all(|key| dataset.fields.iter().position(|f| f.name == *key).is_some_and(|k| matching.by_field[k].is_some()));
            let fit = Fit { entry, heading: at, matching, required, required_found, keys_found };
            if best.as_ref().is_none_or(|best| fit.is_better(best, headings)) {
                best = Some(fit);
            }
        }
        best
    }

    fn taken(&self, source: &Source, fit: &Fit, headings: &[Heading], words: &str) -> Taken {
        let heading = headings[fit.heading].clone();
        let dataset = &self.entries[fit.entry].dataset;
        let mut diags = Vec::new();
        let cell = |at: usize| cell_of(source, heading.columns[at].column, heading.columns[at].row);
        for &(field, first, second) in &fit.matching.clashes {
            let (a, b) = (&heading.columns[first].text, &heading.columns[second].text);
            let field = &dataset.fields[field].name;
            diags.push(
                Diag::error(Code::ColumnRepeated, format!("「{a}」和「{b}」两列都对应「{}」的「{field}」", dataset.name))
                    .at(cell(first))
                    .label(cell(second), "第二列")
                    .help(format!("只留一列叫「{field}」，另一列改个名字")),
            );
        }
        for &(field, first, second) in &fit.matching.yielded {
            let (a, b) = (&heading.columns[first].text, &heading.columns[second].text);
            let field = &dataset.fields[field].name;
            diags.push(
                Diag::warning(Code::ColumnRepeated, format!("「{a}」和「{b}」都像「{field}」，采用与字段同名的「{a}」，「{b}」未采用"))
                    .at(cell(second))
                    .label(cell(first), "采用的列"),
            );
        }
        let matching = fit.matching.clone();
        Taken { entry: fit.entry, heading, matching, why: format!("{words}「{}」", dataset.name), diags }
    }

    fn take(&self, source: &Source, fit: &Fit, headings: &[Heading], words: &str) -> Answer {
        let mut taken = self.taken(source, fit, headings, words);
        if taken.matching.clashes.is_empty() {
            return Answer::Taken(Box::new(taken));
        }
        Answer::Refused { diags: std::mem::take(&mut taken.diags), taken: Some(Box::new(taken)) }
    }

    fn lacking(&self, source: &Source, fit: &Fit, headings: &[Heading]) -> Answer {
        let mut taken = self.taken(source, fit, headings, "名称像");
        let dataset = &self.entries[fit.entry].dataset;
        let mut diags = std::mem::take(&mut taken.diags);
        for (field, name) in taken.matching.missing(dataset) {
            let row = taken.heading.rows.last().copied().unwrap_or(1);
            let diag = Diag::error(Code::ColumnMissing, format!("「{}」缺少必需的列「{name}」", dataset.name));
            diags.push(match taken.matching.nearest(&taken.heading, dataset, field) {
                Some(near) => diag.at(cell_of(source, near.column, near.row)).help(format!(
                    "最接近的列名是「{}」；如果就是它，请把列名改成「{name}」，或在数据表定义的 aliases 里加上「{}」",
                    near.text, near.text
                )),
                None => diag.at(cell_of(source, taken.heading.columns.first().map_or(0, |c| c.column), row)).help(format!(
                    "表头读到：{}；请补上这一列。这张表若不是「{}」，请改工作表名或文件名",
                    taken.heading.columns.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("、"),
                    dataset.name
                )),
            });
        }
        if taken.matching.lacks_either(dataset) {
            let row = taken.heading.rows.last().copied().unwrap_or(1);
            let names = dataset.either.iter().map(|name| format!("「{name}」")).collect::<Vec<_>>().join("、");
            diags.push(
                Diag::error(Code::ColumnMissing, format!("「{}」的列{names}至少要有一个", dataset.name))
                    .at(cell_of(source, taken.heading.columns.first().map_or(0, |c| c.column), row))
                    .help(format!("补上其中一列。这张表若不是「{}」，请改工作表名或文件名", dataset.name)),
            );
        }
        Answer::Refused { diags, taken: Some(Box::new(taken)) }
    }

    fn tie(&self, source: &Source, first: &Fit, second: &Fit) -> Answer {
        let (a, b) = (&self.entries[first.entry].dataset.name, &self.entries[second.entry].dataset.name);
        let diag = Diag::error(Code::SheetUnrecognised, format!("这张表既像「{a}」又像「{b}」，分不出来"))
            .at(sheet_of(source))
            .help(format!("把工作表名改成「{a}」或「{b}」"));
        Answer::Refused { diags: vec![diag], taken: None }
    }

    fn nothing(&self, source: &Source, best: Option<&Fit>, rows: &[KeptRow]) -> Answer {
        let close = best.filter(|f| f.is_close());
        let lacked = match best {
            _ if rows.is_empty() => "空表".to_owned(),
            None => "没有找到表头".to_owned(),
            Some(fit) => {
                let dataset = &self.entries[fit.entry].dataset;
                let mut missing: Vec<String> = fit.matching.missing(dataset).map(|(_, name)| name.to_owned()).collect();
                missing.extend(fit.matching.lacks_either(dataset).then(|| dataset.either.join("或")));
                format!("最像「{}」，缺：{}", dataset.name, missing.join("、"))
            }
        };
        let named = self.entries.iter().any(|e| e.names_sheet(source)) && !rows.is_empty();
        let words = format!("未采用：{lacked}");
        let diag = if close.is_some() || named {
            Diag::warning(Code::SheetUnrecognised, words).help("这张表若要采用，请补齐所缺的列或改列名")
        } else {
            Diag::note(Code::SheetUnrecognised, words)
        };
        Answer::Nothing { lacked, diag: diag.at(sheet_of(source)) }
    }
}

impl Entry {
    fn of(dataset: Arc<Dataset>) -> Self {
        let (sheets, files): (Vec<&String>, Vec<&String>) = dataset.matches.iter().partition(|pattern| pattern.contains('#'));
        let (sheets, files) = (sheets.into_iter().filter_map(|p| glob(p)).collect(), files.into_iter().filter_map(|p| glob(p)).collect());
        Self { lexicon: Lexicon::of(&dataset), dataset, files, sheets }
    }

    fn names_sheet(&self, source: &Source) -> bool {
        !source.sheet.is_empty()
            && spellings(&source.file).any(|file| self.sheets.iter().any(|g| g.is_match(format!("{file}#{}", source.sheet))))
    }

    fn names_file(&self, source: &Source) -> bool {
        spellings(&source.file).any(|file| self.files.iter().any(|g| g.is_match(file)))
    }
}

/// A file's name with and without its extension.
fn spellings(file: &str) -> impl Iterator<Item = &str> {
    let name = file.rsplit('/').next().unwrap_or(file);
    std::iter::once(name).chain(name.rsplit_once('.').map(|(stem, _)| stem))
}

/// Only `*` and `?` have a meaning of their own.
fn glob(pattern: &str) -> Option<GlobMatcher> {
    let mut plain = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if matches!(c, '[' | ']' | '{' | '}' | '\\') {
            plain.extend(['[', c, ']']);
        } else {
            plain.push(c);
        }
    }
    GlobBuilder::new(&plain).case_insensitive(true).build().ok().map(|g| g.compile_matcher())
}

/// `投诉.xlsx[3月]`, as problems name it.
pub fn words_of(source: &Source) -> String {
    if source.sheet.is_empty() { source.file.clone() } else { format!("{}[{}]", source.file, source.sheet) }
}

pub fn sheet_of(source: &Source) -> Place {
    if source.sheet.is_empty() {
        return Place::File(PathBuf::from(&source.file));
    }
    Place::Sheet { file: PathBuf::from(&source.file), sheet: source.sheet.clone() }
}

pub fn cell_of(source: &Source, column: u32, row: u32) -> Place {
    Place::Cell { file: PathBuf::from(&source.file), sheet: source.sheet.clone(), cell: CellRef { column, row } }
}
