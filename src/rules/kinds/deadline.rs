//! From `start` to `stop` within a limit, or by the date in a field.

use crate::rules::{Condition, Dated, Quantity};

#[derive(Debug, Clone)]
pub struct Deadline {
    pub dataset: String,
    pub scope: Condition,
    pub start: String,
    pub stop: String,
    /// A field with the last permitted moment, instead of limits.
    pub due: Option<String>,
    /// Without a due date the verdict is `met` instead of `not_applicable`.
    pub no_due_is_met: bool,
    pub unit: Option<String>,
    pub person: Option<String>,
    pub pause: Option<Pause>,
    pub notices: DeadlineNotices,
    /// First row that applies; a subject that no row applies to is `not_applicable`. Empty where `due` is a field.
    pub limits: Dated<Vec<LimitRow>>,
}

#[derive(Debug, Clone)]
pub struct LimitRow {
    pub when: Condition,
    pub limit: Quantity,
}

/// Intervals during which the clock stands still; overlapping ones count once.
#[derive(Debug, Clone)]
pub struct Pause {
    pub dataset: String,
    /// Field with the same name and meaning in both datasets.
    pub on: String,
    pub scope: Condition,
    pub from: String,
    /// Empty: still paused at `as_of`.
    pub to: String,
}

/// Ids of `notice` rules: for a subject still open, and for one that ended late.
#[derive(Debug, Clone, Default)]
pub struct DeadlineNotices {
    pub open: Option<String>,
    pub late: Option<String>,
}
