//! Rule packs: what the TOML files say, checked. Evaluation sees only the checked types of this module.

pub mod cases;
mod cell;
mod check;
mod condition;
mod dataset;
mod dataset_file;
mod dated;
mod explain;
mod formula;
pub mod kinds;
pub mod lint;
mod load;
mod pack_file;
mod params;
mod quantity;
mod schema;
mod shape;
mod source;
mod sql;
mod text_or;
mod words;
mod written;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

pub use condition::{Condition, Literal, Operand, Ordering, Test};
pub use dataset::{Dataset, DayOrder, Field, FieldType, Lookup, OrderCheck};
pub use dated::{Cite, Dated, Version};
pub use explain::{clause, kind_title, parameters, sentence};
pub use formula::{Formula, Operator};
pub use kinds::Kind;
pub use load::load;
pub use params::{Param, SuppliedParam};
pub use quantity::{Quantity, Unit};
pub use schema::schema;
pub use shape::{Shape, ShapeField, Shapes};

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
#[derive(Debug, Clone)]
pub struct Pack {
    pub id: String,
    pub title: String,
    pub version: String,
    /// Id of the working-day calendar.
    pub calendar: String,
    pub approved_by: Option<String>,
    pub conventions: Conventions,
    pub sources: Vec<PolicySource>,
    pub rules: Vec<Rule>,
    /// Where its files stand; cases are in `cases` below.
    pub folder: PathBuf,
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
#[derive(Debug, Clone)]
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
    /// What the policy leaves open and nobody has supplied yet; not empty means no verdicts.
    pub missing: Vec<String>,
    /// What the company supplied for open parameters.
    pub params: Vec<SuppliedParam>,
    /// Every clause that the rule cites, in order of its versions; also there while a parameter is missing.
    pub cites: Vec<Cite>,
    pub file: PathBuf,
    /// Where the rule's id stands in `file`, in bytes.
    pub span: Range<usize>,
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

impl RuleSet {
    pub fn dataset(&self, name: &str) -> Option<&Arc<Dataset>> {
        self.datasets.iter().find(|d| d.name == name)
    }

    /// The fields that rules can name, derived ones too.
    pub fn shapes(&self) -> Shapes {
        let mut shapes = Shapes::new(&self.datasets);
        for (_, rule) in self.rules() {
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
