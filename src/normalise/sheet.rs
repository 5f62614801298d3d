//! One file's sheets as they stream in: find the heading, then read the rows below it.

use std::ops::ControlFlow;
use std::path::Path;

use super::Progress;
use super::coerce::Habits;
use super::furniture::{Furniture, Kind};
use super::heading::{KeptRow, LOOK};
use super::recognise::{Answer, Catalogue, FEEDBACK, Taken};
use super::rows::{Harvest, Plan, RowReader, required_key};
use super::table::Source;
use super::value::raw_text;
use crate::diag::Diag;
use crate::ingest::{FileSink, Limits, RawCell, RawValue, RowBatch, SheetSink};

/// So many rows below the heading are looked at for a sample of each column.
const SAMPLED_ROWS: u32 = 30;

/// A sheet that was read to its end.
pub struct SheetResult {
    pub source: Source,
    pub read: u64,
    pub furniture: u64,
    pub diags: Vec<Diag>,
    pub outcome: Outcome,
}

pub enum Outcome {
    /// All its rows are in `read`.
    Unrecognised {
        lacked: String,
        refused: Option<Box<Taken>>,
        samples: Samples,
    },
    Read(Box<ReadSheet>),
}

pub struct ReadSheet {
    pub taken: Box<Taken>,
    pub harvest: Harvest,
    pub samples: Samples,
    /// Columns that a rejected row's cells stand for.
    pub shown: Vec<u32>,
}

/// The first value of each column, `(column, text)`.
pub type Samples = Vec<(u32, String)>;

/// Reads one file's sheets.
pub struct FileReader<'a> {
    shared: Shared<'a>,
    file: String,
    sheets: Vec<SheetReader<'a>>,
}

#[derive(Clone, Copy)]
struct Shared<'a> {
    catalogue: &'a Catalogue,
    limits: &'a Limits,
    progress: &'a dyn Progress,
}

impl<'a> FileReader<'a> {
    pub fn new(path: &Path, catalogue: &'a Catalogue, limits: &'a Limits, progress: &'a dyn Progress) -> Self {
        let file = path.to_string_lossy().replace('\\', "/");
        Self { shared: Shared { catalogue, limits, progress }, file, sheets: Vec::new() }
    }

    pub fn finish(self) -> Vec<SheetResult> {
        self.sheets.into_iter().map(SheetReader::finish).collect()
    }
}

impl FileSink for FileReader<'_> {
    fn sheet(&mut self, name: &str) -> Option<Box<dyn SheetSink + '_>> {
        let source = Source { file: self.file.clone(), sheet: name.to_owned() };
        self.sheets.push(SheetReader {
            shared: self.shared,
            source,
            read: 0,
            furniture: 0,
            diags: Vec::new(),
            stage: Stage::Looking(Vec::new()),
        });
        self.sheets.last_mut().map(|sheet| Box::new(Feed(sheet)) as Box<dyn SheetSink + '_>)
    }
}

struct Feed<'r, 'a>(&'r mut SheetReader<'a>);

impl SheetSink for Feed<'_, '_> {
    fn rows(&mut self, batch: &RowBatch<'_>) -> ControlFlow<()> {
        for (row, cells) in batch.iter() {
            self.0.row(row, cells);
        }
        self.0.shared.progress.advance(batch.len() as u64);
        ControlFlow::Continue(())
    }
}

struct SheetReader<'a> {
    shared: Shared<'a>,
    source: Source,
    read: u64,
    furniture: u64,
    diags: Vec<Diag>,
    stage: Stage,
}

enum Stage {
    Looking(Vec<KeptRow>),
    Below(Box<Below>),
    Skipping { lacked: String, refused: Option<Box<Taken>>, samples: Samples },
}

struct Below {
    taken: Box<Taken>,
    reader: RowReader,
    furniture: Furniture,
    samples: Samples,
    sampled: u32,
    shown: Vec<u32>,
}

impl SheetReader<'_> {
    fn row(&mut self, row: u32, cells: &[RawCell<'_>]) {
        self.read += 1;
        match &mut self.stage {
            Stage::Below(below) => {
                if below.row(row, cells) {
                    self.furniture += 1;
                }
            }
            Stage::Skipping { .. } => {}
            Stage::Looking(kept) => {
                let cells = cells.iter().map(|c| RawCell { column: c.column, value: c.value.clone().into_owned() }).collect();
                kept.push(KeptRow { row, cells });
                if kept.len() == LOOK {
                    self.decide();
                }
            }
        }
    }

    /// Says what the sheet is and reads the rows kept so far.
    fn decide(&mut self) {
        let Stage::Looking(kept) = std::mem::replace(&mut self.stage, Stage::Looking(Vec::new())) else { return };
        self.stage = match self.shared.catalogue.recognise(&self.source, &kept) {
            Answer::Nothing { lacked, diag } => {
                self.diags.push(diag);
                Stage::Skipping { lacked, refused: None, samples: Vec::new() }
            }
            Answer::Refused { diags, taken } => {
                self.diags.extend(diags);
                let samples = taken.as_ref().map_or_else(Vec::new, |t| samples_of(kept.get(t.heading.below..).unwrap_or_default()));
                Stage::Skipping { lacked: "有错误，见提示".to_owned(), refused: taken, samples }
            }
            Answer::Taken(taken) => {
                let mut below = Below::new(taken, &kept, self.shared.catalogue, &self.source, self.shared.limits);
                let first = below.taken.heading.below;
                self.furniture += first as u64;
                for kept in &kept[first..] {
                    if below.row(kept.row, &kept.cells) {
                        self.furniture += 1;
                    }
                }
                Stage::Below(Box::new(below))
            }
        };
    }

    fn finish(mut self) -> SheetResult {
        if matches!(self.stage, Stage::Looking(_)) {
            self.decide();
        }
        let mut diags = self.diags;
        let outcome = match self.stage {
            Stage::Below(mut below) => {
                diags.append(&mut below.taken.diags);
                let Below { taken, reader, samples, shown, .. } = *below;
                Outcome::Read(Box::new(ReadSheet { taken, harvest: reader.finish(), samples, shown }))
            }
            Stage::Skipping { lacked, refused, samples } => Outcome::Unrecognised { lacked, refused, samples },
            Stage::Looking(_) => Outcome::Unrecognised { lacked: "空表".to_owned(), refused: None, samples: Vec::new() },
        };
        SheetResult { source: self.source, read: self.read, furniture: self.furniture, diags, outcome }
    }
}

impl Below {
    fn new(taken: Box<Taken>, kept: &[KeptRow], catalogue: &Catalogue, source: &Source, limits: &Limits) -> Self {
        let dataset = catalogue.entries[taken.entry].dataset.clone();
        let column_of: Vec<Option<u32>> = taken.matching.by_field.iter().map(|at| at.map(|at| taken.heading.columns[at].column)).collect();
        let is_1904 = kept.iter().flat_map(|r| &r.cells).any(|c| matches!(c.value, RawValue::Serial { is_1904: true, .. }));
        let habits = Habits { cell_chars: limits.cell_chars, is_1904, all_text: source.sheet.is_empty() };
        let feedback = feedback_columns(&taken);
        let shown: Vec<u32> =
            (0..=taken.heading.last_column()).filter(|column| feedback.is_none_or(|columns| !columns.contains(column))).collect();
        let (mut key, mut loose_key) = (Vec::new(), Vec::new());
        for field in required_key(&dataset) {
            let columns = if dataset.fields[field].fill_down { &mut loose_key } else { &mut key };
            columns.extend(column_of[field]);
        }
        let furniture = Furniture::of(kept, &taken.heading, key, loose_key);
        let mends = feedback.map(|[_, file, place]| (file, place));
        let reader = RowReader::new(Plan { dataset, column_of, shown: shown.clone(), mends, habits });
        Self { taken, reader, furniture, samples: Vec::new(), sampled: 0, shown }
    }

    /// Reads one row; `true` when it is no data.
    fn row(&mut self, row: u32, cells: &[RawCell<'_>]) -> bool {
        match self.furniture.kind(cells, |column| self.reader.is_used(column)) {
            Some(kind) => {
                if kind == Kind::Total {
                    self.reader.end_group();
                }
                true
            }
            None => {
                if self.sampled < SAMPLED_ROWS {
                    self.sampled += 1;
                    sample(&mut self.samples, cells);
                }
                self.reader.row(row, cells);
                false
            }
        }
    }
}

/// 原因, 原文件, 原位置, when the sheet has all three.
pub fn feedback_columns(taken: &Taken) -> Option<[u32; 3]> {
    let column = |name: &str| taken.heading.columns.iter().find(|c| c.text == name).map(|c| c.column);
    let [reason, file, place] = FEEDBACK.map(column);
    Some([reason?, file?, place?])
}

fn samples_of(rows: &[KeptRow]) -> Samples {
    let mut samples = Vec::new();
    for row in rows {
        sample(&mut samples, &row.cells);
    }
    samples
}

fn sample(samples: &mut Samples, cells: &[RawCell<'_>]) {
    for cell in cells.iter().filter(|c| !c.value.is_empty()) {
        if samples.iter().all(|(column, _)| *column != cell.column) {
            samples.push((cell.column, super::coerce::brief(&raw_text(&cell.value)).into_owned()));
        }
    }
}
