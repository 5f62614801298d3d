//! Rule packs: what the TOML files say, checked. Evaluation sees only the checked types of this module.

mod band;
pub mod cases;
pub mod catalog;
mod cell;
mod check;
mod condition;
mod dataset;
mod dataset_file;
mod dated;
mod explain;
mod formula;
mod fraction;
pub mod kinds;
pub mod lint;
mod load;
mod off;
mod overlay;
mod pack_file;
mod params;
mod quantity;
mod reading;
mod recurrence;
mod resolve;
mod schema;
mod shape;
mod shelf;
mod source;
mod sql;
mod text_or;
pub mod words;
mod written;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diag::Place;

pub use band::Band;
pub use condition::{Condition, Literal, Operand, Ordering, Test};
pub use dataset::{Dataset, DayOrder, Field, FieldType, Lookup, OrderCheck};
pub use dated::{Cite, Dated, Version};
pub use explain::{clause, figure_titles, kind_title, parameters, sentence};
pub use formula::{Formula, Operator};
pub use fraction::{Fraction, half_up};
pub use kinds::Kind;
pub use load::{Company, SAMPLE, load, load_for, pack_ids};
pub use off::{Off, OffRule};
pub use params::{Param, SuppliedParam};
pub use quantity::{Quantity, Unit};
pub use reading::Reading;
pub(crate) use recurrence::WEEKDAYS;
pub use recurrence::{Due, DueDay, Every};
pub use resolve::{Pick, Resolve};
pub use schema::{pack_schema, schema};
pub use shape::{Shape, ShapeField, Shapes};
pub use source::Seams;
pub(crate) use source::SourceFile;
pub(crate) use written::Mark;

/// Every pack of a run, checked, with its datasets resolved.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    pub packs: Vec<Pack>,
    /// Shared and packs' own, by name; a name is unique in a run.
    pub datasets: Vec<Arc<Dataset>>,
    /// Every file that was read, for the manifest; sorted.
    pub files: Vec<PathBuf>,
}

/// One policy as rules.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    pub id: String,
    pub title: String,
    pub version: String,
    /// The packs that it extends, the nearest first.
    pub bases: Vec<Base>,
    /// Id of the working-day calendar.
    pub calendar: String,
    pub approved_by: Option<String>,
    pub approved_on: Option<chrono::NaiveDate>,
    pub conventions: Conventions,
    pub sources: Vec<PolicySource>,
    /// Own and inherited ones.
    pub rules: Vec<Rule>,
    pub readings: Vec<Reading>,
    pub resolves: Vec<Resolve>,
    /// What it does not take over.
    pub off: Vec<Off>,
    /// Where its files stand; cases are in `cases` below.
    pub folder: PathBuf,
}

/// A pack that another extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    pub id: String,
    pub folder: PathBuf,
}

/// Keys of one rule that one pack gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    pub pack: String,
    pub file: PathBuf,
    /// As written, those of versions with their day: `2020-01-01 版 rows`.
    pub keys: Vec<String>,
}

/// How days are counted; printed in the workbooks as 口径.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conventions {
    /// 起算日计入
    pub count_first_day: bool,
    /// 末日逢休顺延
    pub roll_last_day: bool,
}

/// A document that rules cite.
#[derive(Debug, Clone)]
pub struct PolicySource {
    pub id: String,
    pub title: String,
    pub effective: Option<chrono::NaiveDate>,
}

/// One checked rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub head: Head,
    pub kind: Kind,
}

/// What every rule has, whatever its kind.
#[derive(Debug, Clone, Default)]
pub struct Head {
    pub pack: String,
    /// Stable; unique in its pack.
    pub id: String,
    pub title: String,
    /// Ids of the catalogue's rows that this rule implements.
    pub catalog: Vec<String>,
    pub status: Status,
    /// Said by us, not by the policy.
    pub inferred: bool,
    pub severity: Severity,
    /// With `{字段}`, `{elapsed}`, `{limit}`, `{overrun}`, `{due}`.
    pub message: Option<String>,
    /// Reading of the clause, printed as 口径.
    pub note: Option<String>,
    /// What happened, in a word that rules of other packs about the same thing share.
    pub event: Option<String>,
    /// What the policy leaves open and nobody has supplied yet; not empty means no verdicts.
    pub missing: Vec<String>,
    /// What the company supplied for open parameters.
    pub params: Vec<SuppliedParam>,
    /// Every clause that the rule cites, in order of its versions; also there while a parameter is missing.
    pub cites: Vec<Cite>,
    /// Fields whose columns must be in the data, or the rule gives no verdicts.
    pub when_columns: Vec<String>,
    /// The `[[resolve]]` that picked another rule; this one gives no verdicts.
    pub unpicked: Option<String>,
    /// Which pack gave which keys, the pack that extends no other first.
    pub layers: Vec<Layer>,
    pub file: PathBuf,
    /// Where the rule's id stands in `file`, in bytes.
    pub span: Range<usize>,
    /// Where spans inside the rule stand; see [`Head::place`].
    pub seams: Seams,
}

impl Head {
    /// Where a span inside the rule stands, a row of a table, say: in the file of the pack that wrote it.
    pub fn place(&self, span: Range<usize>) -> Place {
        let (file, span) = self.seams.locate(&self.file, span);
        Place::Text { file, span }
    }

    /// Taken over from another pack as it is.
    pub fn is_inherited(&self) -> bool {
        self.layers.iter().all(|layer| layer.pack != self.pack) && !self.layers.is_empty()
    }
}

impl Rule {
    /// It does nothing until somebody supplies a parameter.
    pub fn waits(&self) -> bool {
        let head = &self.head;
        match &self.kind {
            // a form without a known appeal period is sent all the same
            Kind::Notice(notice) => head.missing.iter().any(|name| Some(name) != notice.appeal_open.as_ref()),
            _ => !head.missing.is_empty() || head.status == Status::MissingParam,
        }
    }

    /// Whether it looks at what the run itself proposes.
    pub fn reads_made(&self, rules: &RuleSet) -> bool {
        self.kind.dataset().is_some_and(|dataset| rules.is_made(dataset))
    }

    /// Whatever the data: retired, waiting for a parameter, or a reading that was not picked.
    pub fn is_at_rest(&self) -> bool {
        let head = &self.head;
        self.waits() || head.status == Status::Retired || head.unpicked.is_some()
    }
}

/// A rule's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Counts and reports, penalises nobody.
    Preview,
    #[default]
    Active,
    Retired,
    MissingParam,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Severity {
    Minor,
    #[default]
    Major,
    Critical,
}

impl Severity {
    /// As in the csv outputs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Critical => "critical",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Severity::Minor => "轻微",
            Severity::Major => "较重",
            Severity::Critical => "严重",
        }
    }
}

impl Pack {
    /// `(dataset, field)` of every field that the pack computes.
    pub fn derived(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rules.iter().filter_map(|rule| match &rule.kind {
            Kind::Derive(derive) => Some((derive.dataset.as_str(), derive.field.as_str())),
            _ => None,
        })
    }

    /// Whether some statistic of the pack is a book of this rule's people.
    pub fn shows_people(&self, id: &str) -> bool {
        let mut shown = self.rules.iter().filter(|rule| !rule.is_at_rest()).filter_map(|rule| match &rule.kind {
            Kind::Statistic(statistic) => statistic.people_of(),
            _ => None,
        });
        shown.any(|rule| rule == id)
    }
}

impl RuleSet {
    /// As if every `[[resolve]]` with this rule had picked it alone.
    pub fn pick_only(&mut self, pack: &str, rule: &str) {
        for pack in self.packs.iter_mut().filter(|known| known.id == pack) {
            let rivals = pack.resolves.iter().filter(|resolve| resolve.rules.iter().any(|id| id == rule));
            for resolve in rivals {
                for known in pack.rules.iter_mut().filter(|known| resolve.rules.contains(&known.head.id)) {
                    known.head.unpicked = (known.head.id != rule).then(|| resolve.id.clone());
                }
            }
        }
    }

    pub fn dataset(&self, name: &str) -> Option<&Arc<Dataset>> {
        self.datasets.iter().find(|d| d.name == name)
    }

    /// Whether the run fills the table itself.
    pub fn is_made(&self, dataset: &str) -> bool {
        self.dataset(dataset).is_some_and(|dataset| dataset.made)
    }

    /// The fields that a pack's rules can name, those that it derives too.
    pub fn shapes(&self, pack: &Pack) -> Shapes {
        let mut shapes = Shapes::new(&self.datasets);
        for rule in &pack.rules {
            if let Kind::Derive(derive) = &rule.kind {
                shapes.add(&derive.dataset, ShapeField { name: derive.field.clone(), ty: derive.ty, values: Vec::new() });
            }
        }
        shapes
    }

    pub fn rules(&self) -> impl Iterator<Item = (&Pack, &Rule)> {
        self.packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
    }
}
