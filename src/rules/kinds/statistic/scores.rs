//! Books of people: points added up, and scores.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Entry};
use crate::rules::written::Mark;

/// 扣分月汇总与半年累计
#[derive(Debug, Clone)]
pub struct PointsBook {
    /// Id of a `points` rule of the same pack.
    pub rule: String,
}

#[derive(Debug, Clone)]
pub struct ScoreBook {
    /// Id of a `scorecard` rule of the same pack.
    pub rule: String,
    /// Only this sort of score.
    pub class: Option<String>,
    pub book: ScoreBooks,
}

/// Which of the books of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreBooks {
    /// A form a person.
    Forms,
    /// Ranks, distribution, stability and raters of the period.
    Summary,
    /// The year's totals.
    Year,
    /// Who has earned a title.
    Awards,
    /// Parts by their weights.
    Bonus,
}

impl ScoreBooks {
    const WORDS: &[(&str, ScoreBooks)] = &[
        ("forms", ScoreBooks::Forms),
        ("summary", ScoreBooks::Summary),
        ("year", ScoreBooks::Year),
        ("awards", ScoreBooks::Awards),
        ("bonus", ScoreBooks::Bonus),
    ];

    pub fn title(self) -> &'static str {
        match self {
            ScoreBooks::Forms => "一人一张记录表",
            ScoreBooks::Summary => "当期统计表",
            ScoreBooks::Year => "年度统计表",
            ScoreBooks::Awards => "称号名单",
            ScoreBooks::Bonus => "按权重的评分表",
        }
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPointsBook {
    #[schemars(required, description = "哪条扣分规则")]
    pub rule: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenScoreBook {
    #[schemars(required, description = "哪条评分规则")]
    pub rule: Option<Mark<String>>,
    #[schemars(description = "只列哪一种评分，如 月考核")]
    pub r#type: Option<String>,
    #[schemars(required, description = "forms 一人一张记录表；summary 当期统计表；year 年度统计表；awards 称号名单；bonus 按权重的评分表")]
    pub book: Option<Mark<String>>,
}

impl WrittenPointsBook {
    pub fn check<'a>(&self, check: &mut Check<'a>) -> Option<(PointsBook, &'a Entry)> {
        let entry = check.required(&self.rule, "points.rule").and_then(|name| check.rule_named(name, Some("points")))?;
        Some((PointsBook { rule: entry.id.clone() }, entry))
    }
}

impl WrittenScoreBook {
    pub fn check<'a>(&self, check: &mut Check<'a>) -> Option<(ScoreBook, &'a Entry)> {
        let entry = check.required(&self.rule, "scores.rule").and_then(|name| check.rule_named(name, Some("scorecard")));
        let book = check.required(&self.book, "scores.book").and_then(|word| check.word(word, ScoreBooks::WORDS));
        let entry = entry?;
        Some((ScoreBook { rule: entry.id.clone(), class: self.r#type.clone(), book: book? }, entry))
    }
}

/// Units are sent their own people by the field that the rule calls the unit, and by no other.
pub fn sent_by_unit(check: &mut Check<'_>, entry: &Entry, send: &[Mark<String>]) {
    for name in send {
        let Some(field) = super::sending::braced(name) else { continue };
        if entry.unit.as_deref() != Some(field) {
            let help = match &entry.unit {
                Some(unit) => format!("写 \"{{{unit}}}\""),
                None => format!("在规则「{}」里写 unit = \"部门\"", entry.id),
            };
            check.error_with(Code::RuleValue, name.span(), format!("这张表只能按规则「{}」的 unit 分送", entry.id), help);
        }
    }
}
