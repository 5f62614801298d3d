//! Verdicts as a list: which rules, which outcomes, which columns.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;

/// One list, a sheet of its own.
#[derive(Debug, Clone)]
pub struct Section {
    pub title: String,
    /// What all of its rules judge.
    pub dataset: String,
    /// Ids of rules of the same pack.
    pub rules: Vec<String>,
    pub outcomes: Vec<Listed>,
    /// Fields of the dataset, in order.
    pub columns: Vec<String>,
    /// What the verdict says, in order, behind the fields.
    pub show: Vec<Shown>,
    /// The list's totals are broken down by this.
    pub group: Option<GroupBy>,
    /// Fields of `columns` that are added up below the list.
    pub sum: Vec<String>,
    pub note: Option<String>,
}

/// Which verdicts a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Met,
    Breached,
    Pending,
    NotApplicable,
    Indeterminate,
    /// What is only suspected.
    Suspected,
}

impl Listed {
    const BY_DEFAULT: [Listed; 2] = [Listed::Breached, Listed::Indeterminate];
    /// Without suspicions, which are no verdicts.
    const ALL: [Listed; 5] = [Listed::Met, Listed::Breached, Listed::Pending, Listed::NotApplicable, Listed::Indeterminate];

    const WORDS: &[(&str, &[Listed])] = &[
        ("met", &[Listed::Met]),
        ("breached", &[Listed::Breached]),
        ("pending", &[Listed::Pending]),
        ("not_applicable", &[Listed::NotApplicable]),
        ("indeterminate", &[Listed::Indeterminate]),
        ("suspected", &[Listed::Suspected]),
        ("all", &Listed::ALL),
    ];
}

/// A column that the verdict fills; its name is the word in the rule file and the heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Rule,
    /// Kind of the breach, where a rule knows several.
    Fault,
    Unit,
    Person,
    Start,
    Due,
    Stop,
    Limit,
    Elapsed,
    Overrun,
    Amount,
    Clause,
    /// Of figures that must agree.
    Left,
    Right,
    Difference,
    /// Of ratios.
    Numerator,
    Denominator,
    Rate,
}

impl Shown {
    const WORDS: &[(&str, Shown)] = &[
        ("规则", Shown::Rule),
        ("问题", Shown::Fault),
        ("部门", Shown::Unit),
        ("责任人", Shown::Person),
        ("起", Shown::Start),
        ("应完成", Shown::Due),
        ("实际", Shown::Stop),
        ("期限", Shown::Limit),
        ("用时", Shown::Elapsed),
        ("逾期", Shown::Overrun),
        ("金额", Shown::Amount),
        ("条款", Shown::Clause),
        ("核对数", Shown::Left),
        ("应有数", Shown::Right),
        ("差额", Shown::Difference),
        ("分子", Shown::Numerator),
        ("分母", Shown::Denominator),
        ("比率", Shown::Rate),
    ];

    pub fn title(self) -> &'static str {
        Self::WORDS.iter().find(|(_, shown)| *shown == self).map_or("", |(word, _)| word)
    }

    fn is_text(self) -> bool {
        matches!(self, Shown::Rule | Shown::Fault | Shown::Unit | Shown::Person | Shown::Clause)
    }
}

/// What a list is broken down by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupBy {
    Field(String),
    Shown(Shown),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSection {
    #[schemars(required, description = "这张清单的名称，即工作表名")]
    pub title: Option<Mark<String>>,
    #[schemars(required, description = "列出哪些规则的判定；同一张清单的规则须判同一张数据表")]
    #[serde(default)]
    pub rules: Vec<Mark<String>>,
    #[schemars(
        description = "列出哪些结果：met breached pending not_applicable indeterminate suspected all；不写为 breached 与 indeterminate"
    )]
    #[serde(default)]
    pub outcomes: Vec<Mark<String>>,
    #[schemars(description = "数据表的哪些字段")]
    #[serde(default)]
    pub columns: Vec<Mark<String>>,
    #[schemars(
        description = "判定的哪些内容：规则 问题 部门 责任人 起 应完成 实际 期限 用时 逾期 金额 条款，reconcile 的 核对数 应有数 差额，ratio 的 分子 分母 比率；结果、编号、说明、出处总是列出"
    )]
    #[serde(default)]
    pub show: Vec<Mark<String>>,
    #[schemars(description = "按哪一列分组小计")]
    pub group: Option<Mark<String>>,
    #[schemars(description = "清单下面合计哪些列；要在 columns 里，是数字或金额")]
    #[serde(default)]
    pub sum: Vec<Mark<String>>,
    #[schemars(description = "印在表上的说明")]
    pub note: Option<String>,
}

impl WrittenSection {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Section> {
        let title = check.required(&self.title, "listing.title").map(|title| title.to_string());
        let (rules, shape) = self.rules(check)?;
        let columns = check.fields(shape, &self.columns, Use::Any);
        let show: Vec<Shown> = self.show.iter().filter_map(|word| check.word(word, Shown::WORDS)).collect();
        let mut outcomes: Vec<Listed> = Vec::new();
        for word in &self.outcomes {
            outcomes.extend(check.word(word, Listed::WORDS).into_iter().flatten());
        }
        if self.outcomes.is_empty() {
            outcomes.extend(Listed::BY_DEFAULT);
        }
        let group = match &self.group {
            Some(name) => Some(self.group(check, shape, name)?),
            None => None,
        };
        let sum = self.sums(check, shape, &columns);
        let dataset = shape.dataset.clone();
        Some(Section { title: title?, dataset, rules, outcomes, columns, show, group, sum, note: self.note.clone() })
    }

    /// The rules, and the one dataset that they judge.
    fn rules<'a>(&self, check: &mut Check<'a>) -> Option<(Vec<String>, &'a Shape)> {
        if self.rules.is_empty() && !check.maimed {
            let span = self.title.as_ref().map_or(check.span.clone(), Mark::span);
            check.error_with(Code::RuleSyntax, span, "清单没有写列出哪些规则", "请写 rules = [\"规则编号\"]");
        }
        let (mut rules, mut judged) = (Vec::new(), None);
        for name in &self.rules {
            let Some(entry) = check.rule_named(name, None) else { continue };
            let Some(shape) = entry.reads.as_deref().and_then(|dataset| check.shapes.get(dataset)) else {
                check.error(Code::RuleValue, name.span(), format!("规则「{}」不判定任何数据表，不能列成清单", name.as_str()));
                continue;
            };
            let first: &Shape = judged.get_or_insert(shape);
            if first.dataset != shape.dataset {
                let message =
                    format!("规则「{}」判的是「{}」，同一张清单里别的规则判的是「{}」", name.as_str(), shape.dataset, first.dataset);
                check.error_with(Code::RuleValue, name.span(), message, "请另写一张清单 [[statistic.listing]]");
                continue;
            }
            rules.push(entry.id.clone());
        }
        judged.map(|shape| (rules, shape))
    }

    /// Each row stands once in a list of one rule; in others it would be added as often as rules judge it.
    fn sums(&self, check: &mut Check<'_>, shape: &Shape, columns: &[String]) -> Vec<String> {
        if let (Some(sum), true) = (self.sum.first(), self.rules.len() > 1) {
            check.error(Code::RuleValue, sum.span(), "合计只用于列一条规则的清单：列几条规则的，同一行会加几次");
        }
        for name in self.sum.iter().filter(|name| !columns.iter().any(|column| column == name.as_str())) {
            let known: Vec<&str> = columns.iter().map(String::as_str).collect();
            check.dangling(Code::RuleDangling, name, "清单的 columns 里没有", &known);
        }
        let own: Vec<Mark<String>> = self.sum.iter().filter(|name| columns.iter().any(|column| column == name.as_str())).cloned().collect();
        check.fields(shape, &own, Use::Amount)
    }

    fn group(&self, check: &mut Check<'_>, shape: &Shape, name: &Mark<String>) -> Option<GroupBy> {
        let named = |words: &[Mark<String>]| words.iter().any(|word| word.as_str() == name.as_str());
        if named(&self.columns) {
            return check.field(shape, name, Use::Text).map(GroupBy::Field);
        }
        let texts: Vec<(&str, Shown)> =
            Shown::WORDS.iter().copied().filter(|(word, shown)| shown.is_text() && self.show.iter().any(|s| s.as_str() == *word)).collect();
        if let Some((_, shown)) = texts.iter().find(|(word, _)| *word == name.as_str()) {
            return Some(GroupBy::Shown(*shown));
        }
        let known: Vec<&str> = self.columns.iter().map(|c| c.as_str()).chain(texts.iter().map(|(word, _)| *word)).collect();
        check.dangling(Code::RuleDangling, name, "清单里没有可以分组的列", &known);
        None
    }
}
