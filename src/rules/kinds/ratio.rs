//! A numerator by a declared denominator, per group, against a target.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::{Shape, ShapeField};
use crate::rules::written::{Mark, WrittenCondition, WrittenTest, written_rule, written_version};
use crate::rules::{Condition, Dated, FieldType, Formula, Literal, Operand, Operator, Test, cell};

#[derive(Debug, Clone)]
pub struct Ratio {
    /// Fields with the same name in both parts' datasets; empty: one verdict for all.
    pub group: Vec<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    pub numerator: Part,
    /// Its dataset is the one that verdicts point into.
    pub denominator: Part,
    /// `None`: a figure and nothing to hold it against.
    pub targets: Dated<Option<Test>>,
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
        Literal::Number(rate) => format!("{}%", (rate * rust_decimal::Decimal::ONE_HUNDRED).normalize()),
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
        #[schemars(required, description = "分母的数据表;分子没有另写的也用它")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "按这些字段分组,每组一个比率;不写则全体一个")]
        #[serde(default)]
        group: Vec<Mark<String>>,
        #[schemars(description = "责任部门字段,要在 group 里")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段,要在 group 里")]
        person: Option<Mark<String>>,
        #[schemars(required, description = "分子")]
        numerator: Option<Mark<WrittenPart>>,
        #[schemars(required, description = "分母;没有写明分母的比率不算")]
        denominator: Option<Mark<WrittenPart>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenRatioVersion>>,
    }
}

written_version! {
    WrittenRatioVersion {
        #[schemars(description = "目标:\">= 90%\"、\"< 1%\"、\"100%\"、\"[95%..100%]\" 或 ?参数名;不写则只列数字,不判")]
        target: Option<Mark<String>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPart {
    #[schemars(description = "数据表;不写用规则的 dataset")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "哪些行")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "条件格写不出来时用的 SQL 条件")]
    pub where_sql: Option<Mark<String>>,
    #[schemars(description = "按哪个日期归入期间;不写用数据表的 at")]
    pub at: Option<Mark<String>>,
    #[schemars(description = "合计的字段或公式;不写则数行数")]
    pub sum: Option<Mark<String>>,
    #[schemars(description = "在说明与表头里的名称")]
    pub name: Option<Mark<String>>,
}

impl WrittenRatio {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Ratio> {
        let shape = check.dataset(&self.dataset)?;
        let numerator = check.required(&self.numerator, "numerator").and_then(|part| part.check(check, shape));
        let denominator = check.required(&self.denominator, "denominator").and_then(|part| part.check(check, shape));
        let mut group = Vec::new();
        for part in [&denominator, &numerator].into_iter().flatten() {
            let Some(shape) = check.shapes.get(&part.dataset) else { continue };
            group = check.fields(shape, &self.group, Use::Text);
        }
        if let (Some(other), Some(part)) = (self.denominator.as_ref().and_then(|part| part.dataset.as_ref()), &denominator)
            && part.dataset != shape.dataset
        {
            check.error(Code::RuleValue, other.span(), "分母的数据表就是规则的 dataset,不能另写");
        }
        let unit = self.of_group(check, shape, &self.unit);
        let person = self.of_group(check, shape, &self.person);
        let targets = check.versions(&self.version, |check, version| match &version.target {
            None => Some(None),
            Some(text) => check.parsed(text, target).map(Some),
        });
        Some(Ratio { group, unit, person, numerator: numerator?, denominator: denominator?, targets })
    }

    fn of_group(&self, check: &mut Check<'_>, shape: &Shape, name: &Option<Mark<String>>) -> Option<String> {
        let field = check.optional_field(shape, name, Use::Text)?;
        if let Some(name) = name.as_ref().filter(|_| !self.group.iter().any(|group| **group == field)) {
            check.error(Code::RuleValue, name.span(), format!("「{field}」不在 group 里:一组里可能有几个"));
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
}

/// A test of the rate.
fn target(text: &str) -> Result<Test, String> {
    let rate = ShapeField { name: "目标".to_owned(), ty: FieldType::Percent, values: Vec::new() };
    let alone = Shape { dataset: "目标".to_owned(), at: None, fields: vec![rate.clone()] };
    match cell::test(&rate, &alone, &WrittenTest::Text(text.to_owned()))? {
        Test::Missing | Test::Present | Test::Like(_) | Test::Compare(_, Operand::Field(_)) => {
            Err(format!("目标「{text}」要是一个比率,如 >= 90%、< 1%、100%"))
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
