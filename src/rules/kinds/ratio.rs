//! A numerator by a declared denominator, per group, against a target.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use, above_zero};
use crate::rules::shape::{Shape, ShapeField};
use crate::rules::text_or::TextOr;
use crate::rules::written::{Mark, WrittenCondition, WrittenTest, written_rule, written_version};
use crate::rules::{Condition, Dated, FieldType, Formula, Literal, Operand, Operator, Test, cell};

#[derive(Debug, Clone)]
pub struct Ratio {
    /// Fields with the same name in both parts' datasets; empty: one verdict for all.
    pub group: Vec<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    pub measured: Measured,
    /// `None`: a figure and nothing to hold it against.
    pub targets: Dated<Option<Test>>,
}

#[derive(Debug, Clone)]
pub enum Measured {
    /// The denominator's dataset is the one that verdicts point into.
    Parts { numerator: Part, denominator: Part },
    /// Rows over a number that each version gives.
    Per { numerator: Part, denominators: Dated<Decimal>, title: String },
    /// What a rule of the pack judged, and how much of it was kept.
    Kept { rule: String, dataset: String },
}

impl Ratio {
    /// Whose rows verdicts point into.
    pub fn dataset(&self) -> &str {
        match &self.measured {
            Measured::Per { numerator, .. } => &numerator.dataset,
            Measured::Parts { denominator, .. } => &denominator.dataset,
            Measured::Kept { dataset, .. } => dataset,
        }
    }

    /// What is added up of rows.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        let (numerator, denominator) = match &self.measured {
            Measured::Parts { numerator, denominator } => (Some(numerator), Some(denominator)),
            Measured::Per { numerator, .. } => (Some(numerator), None),
            Measured::Kept { .. } => (None, None),
        };
        numerator.into_iter().chain(denominator)
    }

    /// Of the numerator and the denominator.
    pub fn titles(&self) -> [&str; 2] {
        match &self.measured {
            Measured::Parts { numerator, denominator } => [&numerator.title, &denominator.title],
            Measured::Per { numerator, title, .. } => [&numerator.title, title],
            Measured::Kept { .. } => ["合规项数", "应做项数"],
        }
    }
}

/// What is added up.
#[derive(Debug, Clone)]
pub struct Part {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a row in the period.
    pub at: Option<String>,
    /// `None` counts rows.
    pub sum: Option<Formula>,
    /// In messages and headings.
    pub title: String,
}

/// `≥ 90%`
pub fn target_words(target: &Test) -> String {
    let percent = |literal: &Literal| match literal {
        Literal::Number(rate) => format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize()),
        _ => String::new(),
    };
    match target {
        Test::OneOf(rates) => rates.iter().map(percent).collect::<Vec<_>>().join(" 或 "),
        Test::Compare(ordering, Operand::Literal(rate)) => format!("{} {}", Operator::from(*ordering).sign(), percent(rate)),
        Test::Interval { low, high } => {
            let low = low.as_ref().map(|(rate, inside)| format!("{} {}", if *inside { "≥" } else { ">" }, percent(rate)));
            let high = high.as_ref().map(|(rate, inside)| format!("{} {}", if *inside { "≤" } else { "<" }, percent(rate)));
            low.into_iter().chain(high).collect::<Vec<_>>().join(" 且 ")
        }
        Test::Compare(_, Operand::Field(_)) | Test::Missing | Test::Present | Test::Like(_) => String::new(),
    }
}

written_rule! {
    WrittenRatio {
        #[schemars(description = "分母的数据表；分子没有另写的也用它")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "一条逐项判定的规则：合规的 ÷ 应做的；写了就不写 dataset、numerator、denominator")]
        of: Option<Mark<String>>,
        #[schemars(description = "按这些字段分组，每组一个比率；不写则全体一个")]
        #[serde(default)]
        group: Vec<Mark<String>>,
        #[schemars(description = "责任部门字段，要在 group 里")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段，要在 group 里")]
        person: Option<Mark<String>>,
        #[schemars(description = "分子")]
        numerator: Option<Mark<WrittenPart>>,
        #[schemars(description = "分母；没有写明分母的比率不算")]
        denominator: Option<Mark<WrittenPart>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenRatioVersion>>,
    }
}

written_version! {
    WrittenRatioVersion {
        #[schemars(description = "目标：\">= 90%\"、\"< 1%\"、\"100%\"、\"[95%..100%]\" 或 ?参数名；不写则只列数字，不判")]
        target: Option<Mark<String>>,
        #[schemars(description = "固定的分母，如户数，或 \"?参数名\"；规则的 denominator 只写 name")]
        denominator: Option<Mark<TextOr<u32>>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPart {
    #[schemars(description = "数据表；不写用规则的 dataset")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "哪些行")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "条件格写不出来时用的 SQL 条件")]
    pub where_sql: Option<Mark<String>>,
    #[schemars(description = "按哪个日期归入期间；不写用数据表的 at")]
    pub at: Option<Mark<String>>,
    #[schemars(description = "合计的字段或公式；不写则数行数")]
    pub sum: Option<Mark<String>>,
    #[schemars(description = "在说明与表头里的名称")]
    pub name: Option<Mark<String>>,
}

/// Kinds whose verdicts say of one thing each whether it was kept.
const JUDGES_ONE_BY_ONE: &[&str] = &["deadline", "approval", "require", "sequence", "order", "duty", "frequency", "reconcile"];

impl WrittenRatio {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Ratio> {
        let targets = check.versions(&self.version, |check, version| match &version.target {
            None => Some(None),
            Some(text) => check.parsed(text, target).map(Some),
        });
        if let Some(of) = &self.of {
            return self.kept(check, of, targets);
        }
        let shape = check.dataset(&self.dataset)?;
        let numerator = check.required(&self.numerator, "numerator").and_then(|part| part.check(check, shape));
        if self.version.iter().any(|version| version.denominator.is_some()) {
            return self.per(check, shape, numerator, targets);
        }
        let denominator = check.required(&self.denominator, "denominator").and_then(|part| part.check(check, shape));
        let mut group = Vec::new();
        for part in [&denominator, &numerator].into_iter().flatten() {
            let Some(shape) = check.shapes.get(&part.dataset) else { continue };
            group = check.fields(shape, &self.group, Use::Text);
        }
        if let (Some(other), Some(part)) = (self.denominator.as_ref().and_then(|part| part.dataset.as_ref()), &denominator)
            && part.dataset != shape.dataset
        {
            check.error(Code::RuleValue, other.span(), "分母的数据表就是规则的 dataset，不能另写");
        }
        let (unit, person) = (self.of_group(check, shape, &self.unit), self.of_group(check, shape, &self.person));
        let measured = Measured::Parts { numerator: numerator?, denominator: denominator? };
        Some(Ratio { group, unit, person, measured, targets })
    }

    /// By a number that no rows give.
    fn per(&self, check: &mut Check<'_>, shape: &Shape, numerator: Option<Part>, targets: Dated<Option<Test>>) -> Option<Ratio> {
        if let Some(group) = self.group.first() {
            check.error(Code::RuleSyntax, group.span(), "固定的分母不能分组：每组的分母是多少并不知道");
        }
        let denominators = check.versions(&self.version, |check, version| {
            let Some(number) = &version.denominator else {
                check.error(Code::RuleSyntax, version.span(), "有一个版本写了固定的分母，每个版本都要写");
                return None;
            };
            let text = match &**number {
                TextOr::Other(number) => number.to_string(),
                TextOr::Text(text) => text.clone(),
            };
            check.parsed(&Mark::new(number.span(), text), above_zero)
        });
        let title = match &self.denominator {
            Some(part) => part.only_named(check),
            None => "固定分母".to_owned(),
        };
        let (unit, person) = (self.of_group(check, shape, &self.unit), self.of_group(check, shape, &self.person));
        let measured = Measured::Per { numerator: numerator?, denominators, title };
        Some(Ratio { group: Vec::new(), unit, person, measured, targets })
    }

    /// The rate of another rule.
    fn kept(&self, check: &mut Check<'_>, of: &Mark<String>, targets: Dated<Option<Test>>) -> Option<Ratio> {
        let parts = [&self.numerator, &self.denominator].into_iter().flatten().map(Mark::span);
        for span in parts.chain(self.dataset.iter().map(Mark::span)).collect::<Vec<_>>() {
            check.error(Code::RuleSyntax, span, "写了 of，分子分母由那条规则决定，这里不写");
        }
        let entry = check.rule_named(of, None)?;
        if !JUDGES_ONE_BY_ONE.contains(&entry.kind) {
            let message = format!("规则「{}」是 {}，不逐项判定，没有合规率", of.as_str(), entry.kind);
            check.error_with(Code::RuleValue, of.span(), message, format!("可用的种类：{}", JUDGES_ONE_BY_ONE.join("、")));
            return None;
        }
        let shape = check.shapes.get(entry.reads.as_deref()?)?;
        if let Some(group) = self.group.first().filter(|_| entry.dataset.is_none()) {
            let message = format!("规则「{}」的判定不在数据表的行上，不能按字段分组", of.as_str());
            check.error(Code::RuleSyntax, group.span(), message);
        }
        let group = check.fields(shape, &self.group, Use::Text);
        let (unit, person) = (self.of_group(check, shape, &self.unit), self.of_group(check, shape, &self.person));
        let measured = Measured::Kept { rule: entry.id.clone(), dataset: shape.dataset.clone() };
        Some(Ratio { group, unit, person, measured, targets })
    }

    fn of_group(&self, check: &mut Check<'_>, shape: &Shape, name: &Option<Mark<String>>) -> Option<String> {
        let field = check.optional_field(shape, name, Use::Text)?;
        if let Some(name) = name.as_ref().filter(|_| !self.group.iter().any(|group| **group == field)) {
            check.error(Code::RuleValue, name.span(), format!("「{field}」不在 group 里：一组里可能有几个"));
        }
        Some(field)
    }
}

impl WrittenPart {
    fn check(&self, check: &mut Check<'_>, default: &Shape) -> Option<Part> {
        let shape = match &self.dataset {
            Some(name) => check.dataset_named(name)?,
            None => default,
        };
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let sum = match &self.sum {
            Some(text) => Some(check.formula(shape, text)?),
            None => None,
        };
        let title = match (&self.name, &sum) {
            (Some(name), _) => name.to_string(),
            (None, Some(formula)) => formula.to_string(),
            (None, None) => format!("{}件数", shape.dataset),
        };
        Some(Part { dataset: shape.dataset.clone(), scope: scope?, at, sum, title })
    }

    /// The name of a number that no rows give.
    fn only_named(&self, check: &mut Check<'_>) -> String {
        let marks = [&self.dataset, &self.where_sql, &self.at, &self.sum].into_iter().flatten().map(Mark::span);
        for span in marks.chain(self.r#where.iter().map(Mark::span)).collect::<Vec<_>>() {
            check.error(Code::RuleSyntax, span, "版本里写了固定的分母，这里只写 name");
        }
        self.name.as_ref().map_or_else(|| "固定分母".to_owned(), |name| name.to_string())
    }
}

/// A test of the rate.
fn target(text: &str) -> Result<Test, String> {
    let rate = ShapeField { name: "目标".to_owned(), ty: FieldType::Percent, values: Vec::new() };
    let alone = Shape { dataset: "目标".to_owned(), at: None, fields: vec![rate.clone()] };
    match cell::test(&rate, &alone, &WrittenTest::Text(text.to_owned()))? {
        Test::Missing | Test::Present | Test::Like(_) | Test::Compare(_, Operand::Field(_)) => {
            Err(format!("目标「{text}」要是一个比率，如 >= 90%、< 1%、100%"))
        }
        test => Ok(test),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_target_reads_as_chinese() {
        let table = [(">= 90%", "≥ 90%"), ("< 1%", "< 1%"), ("100%", "100%"), ("[95%..100%]", "≥ 95% 且 ≤ 100%"), ("!= 0", "≠ 0%")];
        for (text, chinese) in table {
            assert_eq!(target(text).map(|target| target_words(&target)), Ok(chinese.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_target_that_is_no_rate_is_refused() {
        for text in ["", "missing", "like 9*", ">= {目标}", "九成"] {
            assert!(target(text).is_err(), "{text}");
        }
    }
}
