//! Parameters that the policy leaves open and the company supplies in its settings.

use chrono::NaiveDate;

use crate::diag::Place;

/// One `[[param]]` of the settings file.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub pack: String,
    pub rule: String,
    /// As in the rule file behind the question mark: `部门罚扣比例`.
    pub name: String,
    /// As a rule file would write it: `10%`, `15d`, `100`.
    pub value: String,
    pub from: NaiveDate,
    /// Who decided it, and where it is written.
    pub cite: String,
    /// Where it stands in the settings file.
    pub place: Place,
}

/// A parameter that a rule was completed with, shown wherever the rule is explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppliedParam {
    pub name: String,
    pub value: String,
    pub from: NaiveDate,
    pub cite: String,
}
