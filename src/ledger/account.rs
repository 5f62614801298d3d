//! What the ledger adds to the reports of a month.

use super::store::{Closed, Known, Recorded};

/// The month as the ledger knows it after the run.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Every notice that ever had a number, by number.
    pub notices: Vec<Known>,
    /// What changed against the run before; `None` for the month's first run.
    pub changes: Option<Vec<Recorded>>,
    pub closed: Option<Closed>,
}
