//! Findings to notices: who is told what, and what it costs.

use rust_decimal::Decimal;

use crate::ledger::Finding;

/// One form for one recipient.
#[derive(Debug, Clone)]
pub struct NoticeForm {
    /// Id of the `notice` rule, `pack/rule`.
    pub rule: String,
    /// `催办单`
    pub form: String,
    /// `CB-202610-001`: form, month, running number; a draft until the ledger gives the final one.
    pub number: String,
    /// A unit or a person.
    pub recipient: String,
    pub lines: Vec<NoticeLine>,
    /// Sum of the lines' amounts, where the form is about money.
    pub total: Option<Decimal>,
}

#[derive(Debug, Clone)]
pub struct NoticeLine {
    pub finding: Finding,
    /// How the amount came about: `损失 1500.00 × 责任比率 60% = 900.00`; empty without money.
    pub derivation: String,
}
