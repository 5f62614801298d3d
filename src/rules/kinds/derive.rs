//! A computed field, seen by every later rule like a field of the file.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, FieldType, Formula};

#[derive(Debug, Clone)]
pub struct Derive {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a row in a month and whose date picks the version.
    pub at: Option<String>,
    /// Name of the new field.
    pub field: String,
    /// `Money`, `Decimal`, `Percent` or `Int`.
    pub ty: FieldType,
    /// Fields whose absence where the formula needs them makes the verdict `indeterminate` are read off the formula.
    pub formulas: Dated<Formula>,
    /// Instead of a formula's own rounding: shares that add up to the whole, to the fen.
    pub apportion: Option<Apportion>,
}

/// The formula's value is rounded to the fen per row; what is left of `whole` within a group goes to the row with the
/// largest `by`, the first of equals.
#[derive(Debug, Clone)]
pub struct Apportion {
    pub within: String,
    pub whole: String,
    pub by: String,
}

written_rule! {
    WrittenDerive {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只算满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(required, description = "新字段的名字，后面的规则可以当作数据表的字段使用")]
        field: Option<Mark<String>>,
        #[schemars(required, description = "新字段的类型：money decimal percent int")]
        r#type: Option<Mark<String>>,
        #[schemars(description = "分摊：各份加起来正好等于总数，尾差归比率最大的一份")]
        apportion: Option<Mark<WrittenApportion>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenDeriveVersion>>,
    }
}

written_version! {
    WrittenDeriveVersion {
        #[schemars(required, description = "公式：+ - * / CASE COALESCE ROUND LEAST GREATEST；制度没有给的数写 ?参数名")]
        formula: Option<Mark<String>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenApportion {
    #[schemars(required, description = "在哪个字段相同的行之间分摊")]
    pub within: Option<Mark<String>>,
    #[schemars(required, description = "总数字段")]
    pub whole: Option<Mark<String>>,
    #[schemars(required, description = "比率字段")]
    pub by: Option<Mark<String>>,
}

/// What a derived field can be.
const TYPES: &[(&str, FieldType)] =
    &[("money", FieldType::Money), ("decimal", FieldType::Decimal), ("percent", FieldType::Percent), ("int", FieldType::Int)];

impl WrittenDerive {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Derive> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let field = check.required(&self.field, "field");
        if let Some(field) = field
            && shape.field(field).is_some()
        {
            check.error(Code::RuleDuplicate, field.span(), format!("数据表「{}」已经有字段「{}」", shape.dataset, field.as_str()));
        }
        let ty = check.required(&self.r#type, "type").and_then(|word| check.word(word, TYPES));
        let apportion = self.apportion.as_ref().and_then(|apportion| {
            let within = check.required_field(shape, &apportion.within, "apportion.within", Use::Any);
            let whole = check.required_field(shape, &apportion.whole, "apportion.whole", Use::Amount);
            let by = check.required_field(shape, &apportion.by, "apportion.by", Use::Percent);
            Some(Apportion { within: within?, whole: whole?, by: by? })
        });
        let formulas = check.versions(&self.version, |check, version| {
            let text = check.required(&version.formula, "formula")?;
            check.formula(shape, text)
        });
        Some(Derive { dataset: shape.dataset.clone(), scope: scope?, at, field: field?.to_string(), ty: ty?, formulas, apportion })
    }
}
