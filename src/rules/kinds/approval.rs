//! Who must at least approve what.

use crate::rules::{Condition, Dated, Quantity};

#[derive(Debug, Clone)]
pub struct Approval {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: Option<String>,
    pub amount: String,
    /// The field with the approver's post.
    pub actor: String,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Posts from low to high.
    pub rank: Vec<String>,
    pub promise: Option<Promise>,
    pub split: Option<Split>,
    pub tables: Dated<ApprovalTable>,
}

#[derive(Debug, Clone)]
pub struct ApprovalTable {
    pub hit: Hit,
    pub rows: Vec<ApprovalRow>,
}

/// What several rows that apply mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hit {
    /// Lint proves that no two rows apply at once.
    #[default]
    Unique,
    /// The first row that applies.
    First,
    /// The row with the highest post.
    Highest,
}

#[derive(Debug, Clone)]
pub struct ApprovalRow {
    pub when: Condition,
    pub at_least: String,
}

/// A promise to the customer must not precede the approval.
#[derive(Debug, Clone)]
pub struct Promise {
    pub at: String,
    pub approved: String,
}

/// Suspected splitting: rows alike in `by` whose approvals lie within a span and together need a higher post
/// than each of them had.
#[derive(Debug, Clone)]
pub struct Split {
    pub by: Vec<String>,
    /// Calendar days.
    pub within: Quantity,
}
