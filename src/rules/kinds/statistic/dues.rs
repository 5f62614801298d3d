//! What was owed and what was done of it, over the verdicts of several rules.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::Check;
use crate::rules::written::Mark;

/// Kinds whose verdicts are things owed.
const OWED: &[&str] = &["duty", "frequency", "deadline"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dues {
    /// Ids of rules of the same pack, in order.
    pub rules: Vec<String>,
    /// What they judge, one each.
    pub datasets: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenDues {
    #[schemars(required, description = "哪些 duty、frequency、deadline 规则")]
    #[serde(default)]
    pub rules: Vec<Mark<String>>,
}

impl Mark<WrittenDues> {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Dues> {
        if self.rules.is_empty() && !check.maimed {
            check.error_with(Code::RuleSyntax, self.span(), "应做已做表没有写哪些规则", "请写 rules = [\"规则编号\"]");
        }
        let (mut rules, mut datasets) = (Vec::new(), Vec::new());
        for name in &self.rules {
            let Some(entry) = check.rule_named(name, None) else { continue };
            if !OWED.contains(&entry.kind) {
                let message = format!("规则「{}」是 {}，不是应做的事项", name.as_str(), entry.kind);
                check.error_with(Code::RuleValue, name.span(), message, format!("可用的种类：{}", OWED.join("、")));
                continue;
            }
            rules.push(entry.id.clone());
            datasets.extend(entry.reads.clone());
        }
        (!rules.is_empty() && rules.len() == self.rules.len()).then_some(Dues { rules, datasets })
    }
}
