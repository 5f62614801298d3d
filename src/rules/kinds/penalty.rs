//! Findings or rows to sanctions.

use rust_decimal::Decimal;

use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Penalty {
    pub base: Base,
    /// The field that places a row in a month; for findings the finding's own month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Id of a `notice` rule.
    pub notice: String,
    /// Post that must confirm.
    pub confirm: Option<String>,
    /// First row that applies.
    pub rows: Dated<Vec<PenaltyRow>>,
}

/// What is penalised.
#[derive(Debug, Clone)]
pub enum Base {
    /// Breaches of these rules of the same pack.
    Findings {
        rules: Vec<String>,
        dataset: String,
    },
    Rows {
        dataset: String,
        scope: Condition,
    },
}

impl Base {
    pub fn dataset(&self) -> &str {
        match self {
            Base::Findings { dataset, .. } | Base::Rows { dataset, .. } => dataset,
        }
    }
}

#[derive(Debug, Clone)]
pub struct PenaltyRow {
    pub when: Condition,
    pub sanction: Sanction,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sanction {
    /// Yuan.
    Fixed(Decimal),
    /// `field × rate`, half up to the fen; `rate` is a fraction.
    Share { of: String, rate: Decimal },
}
