//! Tables of one figure each: how long the desks took, and who bears the losses.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Loss;
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;

/// Times at the desks: a line a station, unit and limit.
#[derive(Debug, Clone)]
pub struct StationTimes {
    /// Deadline rules over the statistic's dataset, in order; each is a station.
    pub rules: Vec<String>,
    /// Field with the unit that sits there.
    pub unit: String,
}

/// What each unit bears, by class of loss.
#[derive(Debug, Clone)]
pub struct LossTable {
    /// Lines, then columns of the table.
    pub groups: [String; 2],
    /// Values of the class, in order.
    pub classes: Vec<String>,
    pub loss: Loss,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenStationTimes {
    #[schemars(required, description = "按哪些时限规则；一条规则一站")]
    #[serde(default)]
    pub rules: Vec<Mark<String>>,
    #[schemars(required, description = "部门（站别）字段")]
    pub unit: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenLossTable {
    #[schemars(required, description = "案件编号字段")]
    pub on: Option<Mark<String>>,
    #[schemars(required, description = "责任部门字段，一个部门一行")]
    pub unit: Option<Mark<String>>,
    #[schemars(required, description = "损失类别字段，一类一列；须是枚举")]
    pub class: Option<Mark<String>>,
    #[schemars(required, description = "部门分摊的损失字段")]
    pub share: Option<Mark<String>>,
}

impl WrittenStationTimes {
    pub fn check(&self, check: &mut Check<'_>, shape: &Shape) -> Option<StationTimes> {
        let unit = check.required_field(shape, &self.unit, "stations.unit", Use::Text);
        let mut rules = Vec::new();
        for name in &self.rules {
            let Some(entry) = check.rule_named(name, Some("deadline")) else { continue };
            if entry.dataset.as_deref() == Some(shape.dataset.as_str()) {
                rules.push(entry.id.clone());
            } else {
                let message = format!("时限规则「{}」判的不是数据表「{}」", name.as_str(), shape.dataset);
                check.error(Code::RuleValue, name.span(), message);
            }
        }
        if self.rules.is_empty() && !check.maimed {
            let span = check.span.clone();
            check.error_with(Code::RuleSyntax, span, "各站时效没有写按哪些时限规则", "请写 rules = [\"规则编号\"]");
        }
        Some(StationTimes { rules, unit: unit? })
    }
}

impl WrittenLossTable {
    /// `columns`: further fields of the detail sheet.
    pub fn check(&self, check: &mut Check<'_>, shape: &Shape, columns: &[String]) -> Option<LossTable> {
        let on = check.required_field(shape, &self.on, "losses.on", Use::Any);
        let unit = check.required_field(shape, &self.unit, "losses.unit", Use::Text);
        let class = check.required_field(shape, &self.class, "losses.class", Use::Text);
        let share = check.required_field(shape, &self.share, "losses.share", Use::Amount);
        let classes = class.as_ref().and_then(|class| shape.field(class)).map(|field| field.values.clone()).unwrap_or_default();
        if let (Some(class), true) = (&self.class, classes.is_empty() && class.is_some()) {
            check.error(Code::RuleFieldType, class.span(), format!("字段「{}」没有列出取值，不能一类一列", class.as_str()));
        }
        let loss = Loss { dataset: shape.dataset.clone(), on: on?, share: share?, take: Vec::new(), columns: columns.to_vec() };
        Some(LossTable { groups: [unit?, class?], classes, loss })
    }
}
