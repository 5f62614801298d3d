//! What a penalty comes to, beyond its amount.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Shared, figure, yuan};

/// Of a breached verdict of a penalty rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Charge {
    /// The day on which it happened.
    pub day: Option<NaiveDate>,
    /// Whoever approves decides how much, within these bounds.
    pub open: Option<Bounds>,
    /// What is no money: `除名`.
    pub actions: Vec<String>,
    /// How it came about: `第 3 次（前次 V1、V2），基本工资 3,000.00 × 5% = 150.00 元`.
    pub derivation: String,
    /// Which time it was, or how often in all.
    pub times: Option<u32>,
    /// Earlier times that are on record.
    pub earlier: u32,
    /// The person's wage of the month, where the rule knows it.
    pub wage: Option<Decimal>,
    pub joint: Option<Box<Liability>>,
    /// Why it is not charged, or not yet.
    pub held: Option<String>,
    /// What the record says, and what the clause allows.
    pub given: Option<Decimal>,
    pub bounds: Option<Bounds>,
    /// Whoever bears it does so for somebody else: that person's name.
    pub for_whom: Option<Shared>,
}

/// Yuan, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub low: Decimal,
    pub high: Option<Decimal>,
}

/// What a supervisor bears along.
#[derive(Debug, Clone, PartialEq)]
pub struct Liability {
    /// Empty where the record does not say.
    pub who: Shared,
    /// The field that should have said so.
    pub field: String,
    pub amount: Option<Decimal>,
    pub open: Option<Bounds>,
    /// `100.00 × 2 = 200.00 元（读法 A：主管另付员工罚金的 2 倍）`
    pub derivation: String,
}

impl Charge {
    /// How it came about, and what the supervisor bears along: for those who see all of it.
    pub fn told(&self) -> String {
        let joint = self.joint.as_ref().map(|joint| match joint.who.is_empty() {
            true => format!("，主管连带：「{}」没有填，落不到人", joint.field),
            false => format!("，主管{}连带 {}", joint.who, joint.derivation),
        });
        format!("{}{}", self.derivation, joint.unwrap_or_default())
    }

    /// It costs money, known or still to be decided.
    pub fn costs(&self, amount: Option<Decimal>) -> bool {
        amount.is_some() || self.open.is_some()
    }
}

impl Bounds {
    #[must_use]
    pub fn times(self, factor: Decimal) -> Self {
        Self { low: self.low * factor, high: self.high.map(|high| high * factor) }
    }
}

impl fmt::Display for Bounds {
    /// `10,000.00–100,000.00 元`, `至少 10.00 元`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.high {
            Some(high) => write!(f, "{}–{}", figure(self.low), yuan(high)),
            None => write!(f, "至少 {}", yuan(self.low)),
        }
    }
}
