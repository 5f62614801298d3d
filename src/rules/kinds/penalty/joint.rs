//! The supervisor bears a fine along with whoever got it.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use, money};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;

#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Field with the supervisor's name.
    pub who: String,
    pub times: Decimal,
    pub reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The supervisor pays so many times the fine besides.
    Besides,
    /// Both together pay so many times the fine.
    Together,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenJoint {
    #[schemars(required, description = "主管字段")]
    pub who: Option<Mark<String>>,
    #[schemars(required, description = "倍数，如 2，或 ?参数名")]
    pub times: Option<Mark<String>>,
    #[schemars(required, description = "A 主管另付员工罚金的这么多倍；B 员工与主管合计这么多倍")]
    pub reading: Option<Mark<String>>,
}

impl Joint {
    /// What the supervisor pays, as a multiple of the fine.
    pub fn factor(&self) -> Decimal {
        match self.reading {
            Reading::Besides => self.times,
            Reading::Together => self.times - Decimal::ONE,
        }
    }

    /// `读法 A：主管另付员工罚金的 2 倍`
    pub fn chinese(&self) -> String {
        match self.reading {
            Reading::Besides => format!("读法 A：主管另付员工罚金的 {} 倍", self.times.normalize()),
            Reading::Together => {
                format!("读法 B：员工与主管合计为员工罚金的 {} 倍，主管付 {} 倍", self.times.normalize(), self.factor().normalize())
            }
        }
    }
}

impl Mark<WrittenJoint> {
    pub(super) fn check(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Joint> {
        const READINGS: &[(&str, Reading)] = &[("A", Reading::Besides), ("B", Reading::Together)];
        let who = check.required_field(shape, &self.who, "who", Use::Text);
        let times = check.required(&self.times, "times").and_then(|times| check.parsed(times, money));
        let reading = check.required(&self.reading, "reading").and_then(|word| check.word(word, READINGS));
        let joint = Joint { who: who?, times: times?, reading: reading? };
        if joint.factor() <= Decimal::ZERO {
            check.error(Code::RuleValue, self.span(), "按这个倍数主管不用付，不用写 joint");
            return None;
        }
        Some(joint)
    }
}
