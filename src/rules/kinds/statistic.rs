//! A monthly table: a summary with groups, measures and charts, or a register of cases with their stations.

use crate::rules::Condition;

#[derive(Debug, Clone)]
pub struct Statistic {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: String,
    /// Day of the following month by which it is due.
    pub by_day: Option<u32>,
    /// Id of the deadline rule whose verdict is on time or late, and whose elapsed time is 天数.
    pub on_time: Option<String>,
    /// Further fields of the detail sheet or register, in order.
    pub columns: Vec<String>,
    pub layout: Layout,
    /// Departments that sign the sheet.
    pub signatures: Vec<String>,
    pub clause: String,
}

#[derive(Debug, Clone)]
pub enum Layout {
    /// Subjects that ended in the month, counted by group.
    Summary {
        /// One table each, in this order; each a field of the dataset.
        groups: Vec<String>,
        /// Group of the Pareto chart.
        pareto: Option<String>,
        loss: Option<Loss>,
    },
    /// Every subject that was open at some time in the month, a line each.
    Register { stations: Option<Stations> },
}

/// Where a subject's loss stands: rows of another dataset, several a subject, one a responsible unit.
#[derive(Debug, Clone)]
pub struct Loss {
    pub dataset: String,
    /// Field with the same meaning in both datasets: the subject's key.
    pub on: String,
    /// The unit's share in yuan; a subject's loss is the sum of its shares.
    pub share: String,
    /// Fields that the subject takes from its row with the largest share, the first of equals.
    pub take: Vec<String>,
    /// Further fields of the shares' detail sheet.
    pub columns: Vec<String>,
}

/// The route of a subject from desk to desk.
#[derive(Debug, Clone)]
pub struct Stations {
    pub dataset: String,
    pub on: String,
    pub order: String,
    pub name: String,
    pub received: String,
    pub sent: String,
}
