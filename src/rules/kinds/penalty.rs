//! Findings or rows to sanctions.

use std::ops::Range;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use, money, rate};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Penalty {
    pub base: Base,
    /// The field that places a row in a month; for findings the finding's own month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Id of a `notice` rule.
    pub notice: String,
    /// Post that must confirm.
    pub confirm: Option<String>,
    /// First row that applies.
    pub rows: Dated<Vec<PenaltyRow>>,
}

/// What is penalised.
#[derive(Debug, Clone)]
pub enum Base {
    /// Breaches of these rules of the same pack.
    Findings {
        rules: Vec<String>,
        dataset: String,
    },
    Rows {
        dataset: String,
        scope: Condition,
    },
}

impl Base {
    pub fn dataset(&self) -> &str {
        match self {
            Base::Findings { dataset, .. } | Base::Rows { dataset, .. } => dataset,
        }
    }
}

#[derive(Debug, Clone)]
pub struct PenaltyRow {
    pub when: Condition,
    pub sanction: Sanction,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sanction {
    /// Yuan.
    Fixed(Decimal),
    /// `field × rate`, half up to the fen; `rate` is a fraction.
    Share { of: String, rate: Decimal },
}

written_rule! {
    WrittenPenalty {
        #[schemars(description = "按数据表的行罚扣")]
        from_rows: Option<Mark<WrittenFromRows>>,
        #[schemars(description = "按这些规则查出的违规罚扣")]
        #[serde(default)]
        findings: Vec<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(required, description = "通知单")]
        notice: Option<Mark<String>>,
        #[schemars(description = "由谁批准")]
        confirm: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenPenaltyVersion>>,
    }
}

written_version! {
    WrittenPenaltyVersion {
        #[schemars(required, description = "罚扣表,用第一个适用的行")]
        #[serde(default)]
        rows: Vec<Mark<WrittenPenaltyRow>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFromRows {
    #[schemars(required, description = "数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "只看满足这些条件的行")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "条件格写不出来时用的 SQL 条件")]
    pub where_sql: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPenaltyRow {
    #[schemars(description = "本行适用的条件;不写则总适用")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(description = "固定金额(元),或 ?参数名")]
    pub fine: Option<Mark<String>>,
    #[schemars(description = "按哪个金额字段的比例")]
    pub share: Option<Mark<String>>,
    #[schemars(description = "比例,如 10%,或 ?参数名")]
    pub rate: Option<Mark<String>>,
}

impl WrittenPenalty {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Penalty> {
        let notice = check.required(&self.notice, "notice").and_then(|name| check.notice(name));
        let (base, shape) = self.check_base(check)?;
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let rows = check.versions(&self.version, |check, version| {
            if version.rows.is_empty() && !check.maimed {
                check.error(Code::RuleSyntax, version.span(), "这个版本没有罚扣标准");
            }
            check.rows(&version.rows, |check, row| {
                let when = check.condition(shape, &row.when);
                let sanction = row.sanction(check, shape);
                Some(PenaltyRow { when: when?, sanction: sanction?, span: row.span() })
            })
        });
        let confirm = self.confirm.as_ref().map(|post| post.to_string());
        Some(Penalty { base, at, unit, person, notice: notice?, confirm, rows })
    }

    fn check_base<'a>(&self, check: &mut Check<'a>) -> Option<(Base, &'a Shape)> {
        let span = check.span.clone();
        match (&self.from_rows, self.findings.is_empty()) {
            (Some(rows), true) => {
                let shape = check.dataset(&rows.dataset)?;
                let scope = check.scope(shape, &rows.r#where, &rows.where_sql)?;
                Some((Base::Rows { dataset: shape.dataset.clone(), scope }, shape))
            }
            (None, false) => {
                let found: Vec<_> = self.findings.iter().map(|name| (name, check.rule_named(name, None))).collect();
                let mut dataset: Option<&str> = None;
                for (name, entry) in &found {
                    let Some(of_rule) = (*entry)?.dataset.as_deref() else {
                        let help = "罚扣要落到一行记录上;改用逐行判定的规则,或写 from_rows";
                        check.error_with(Code::RuleDangling, name.span(), format!("规则「{}」不是逐行判定", name.as_str()), help);
                        return None;
                    };
                    if dataset.is_some_and(|dataset| dataset != of_rule) {
                        check.error(Code::RuleDangling, name.span(), "findings 里的规则要看同一张数据表");
                    }
                    dataset = Some(of_rule);
                }
                let shape = check.shapes.get(dataset?)?;
                let rules = self.findings.iter().map(|name| name.to_string()).collect();
                Some((Base::Findings { rules, dataset: shape.dataset.clone() }, shape))
            }
            (None, true) if check.maimed => None,
            _ => {
                let help = "写 from_rows = { dataset = \"责任与损失\" } 或 findings = [\"规则编号\"]";
                check.error_with(Code::RuleSyntax, span, "罚扣的依据要在 from_rows 和 findings 里写且只写一种", help);
                None
            }
        }
    }
}

impl WrittenPenaltyRow {
    fn sanction(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Sanction> {
        match (&self.fine, &self.share, &self.rate) {
            (Some(fine), None, None) => check.parsed(fine, money).map(Sanction::Fixed),
            (None, Some(of), Some(share)) => {
                let of = check.field(shape, of, Use::Amount);
                let rate = check.parsed(share, rate);
                Some(Sanction::Share { of: of?, rate: rate? })
            }
            _ if check.maimed => None,
            _ => {
                let span = self.fine.as_ref().or(self.share.as_ref()).or(self.rate.as_ref()).map_or(check.span.clone(), Mark::span);
                check.error_with(
                    Code::RuleSyntax,
                    span,
                    "罚扣写固定金额,或写比例,只能一种",
                    "写 fine = \"100\",或写 share = \"部门损失\", rate = \"10%\"",
                );
                None
            }
        }
    }
}
