//! A computed field, seen by every later rule like a field of the file.

use crate::rules::{Condition, Dated, FieldType, Formula};

#[derive(Debug, Clone)]
pub struct Derive {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a row in a month and whose date picks the version.
    pub at: Option<String>,
    /// Name of the new field.
    pub field: String,
    /// `Money`, `Decimal`, `Percent` or `Int`.
    pub ty: FieldType,
    /// Fields whose absence where the formula needs them makes the verdict `indeterminate` are read off the formula.
    pub formulas: Dated<Formula>,
    /// Instead of a formula's own rounding: shares that add up to the whole, to the fen.
    pub apportion: Option<Apportion>,
}

/// The formula's value is rounded to the fen per row; what is left of `whole` within a group goes to the row with the
/// largest `by`, the first of equals.
#[derive(Debug, Clone)]
pub struct Apportion {
    pub within: String,
    pub whole: String,
    pub by: String,
}
