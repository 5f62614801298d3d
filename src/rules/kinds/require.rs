//! When a condition holds, these fields are present and have these values.

use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Require {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Every row that applies must hold; none applies: `not_applicable`.
    pub rows: Dated<Vec<RequireRow>>,
}

#[derive(Debug, Clone)]
pub struct RequireRow {
    pub when: Condition,
    /// Fields that must not be empty.
    pub present: Vec<String>,
    /// What must hold besides; an empty field here is `indeterminate`.
    pub holds: Condition,
}
