//! When a condition holds, these fields are present and have these values, and what belongs to the row elsewhere is there.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::copies::{Copies, WrittenCopies};
use super::link::{Link, WrittenLink, WrittenOn};
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Require {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Every row that applies must hold; none applies: `not_applicable`.
    pub rows: Dated<Vec<RequireRow>>,
}

#[derive(Debug, Clone)]
pub struct RequireRow {
    pub when: Condition,
    /// Fields that must not be empty.
    pub present: Vec<String>,
    /// What must hold besides; an empty field here is `indeterminate`.
    pub holds: Condition,
    /// Another dataset has a row that belongs to this one.
    pub exists: Option<Link>,
    pub copies: Option<Copies>,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

impl RequireRow {
    /// Where it looks for what belongs to a row.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        let links = self.exists.iter().chain(self.copies.iter().map(|copies| &copies.link));
        links.map(|link| link.dataset.as_str())
    }
}

written_rule! {
    WrittenRequire {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenRequireVersion>>,
    }
}

written_version! {
    WrittenRequireVersion {
        #[schemars(required, description = "要求表，适用的每一行都要满足")]
        #[serde(default)]
        rows: Vec<Mark<WrittenRequireRow>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenRequireRow {
    #[schemars(description = "本行适用的条件；不写则总适用")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(description = "必须填写的字段")]
    #[serde(default)]
    pub present: Vec<Mark<String>>,
    #[schemars(description = "还必须成立的条件")]
    pub holds: Option<Mark<WrittenCondition>>,
    #[schemars(description = "另一张表里必须有对应的行")]
    pub exists: Option<Mark<WrittenExists>>,
    #[schemars(description = "各联必须由规定的部门签收")]
    pub copies: Option<Mark<WrittenCopies>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenExists {
    #[schemars(required, description = "另一张表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "两张表对应的字段")]
    pub on: Option<Mark<WrittenOn>>,
    #[schemars(description = "另一张表里哪些行算数")]
    pub r#where: Option<Mark<WrittenCondition>>,
}

impl WrittenRequire {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Require> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let rows = check.versions(&self.version, |check, version| {
            if version.rows.is_empty() && !check.maimed {
                check.error(Code::RuleSyntax, version.span(), "这个版本没有任何要求");
            }
            check.rows(&version.rows, |check, row| {
                let when = check.condition(shape, &row.when);
                let present = check.fields(shape, &row.present, Use::Any);
                let holds = check.condition(shape, &row.holds);
                let exists = match &row.exists {
                    Some(exists) => {
                        let link = WrittenLink { dataset: &exists.dataset, on: &exists.on, scope: &exists.r#where };
                        Some(link.check(check, shape)?.0)
                    }
                    None => None,
                };
                let copies = match &row.copies {
                    Some(copies) => Some(copies.check(check, shape)?),
                    None => None,
                };
                let asks = !row.present.is_empty() || row.holds.is_some() || exists.is_some() || copies.is_some();
                if !asks && !check.maimed {
                    check.error_with(
                        Code::RuleSyntax,
                        row.span(),
                        "这一行没有要求任何东西",
                        "请写 present = [\"字段\"]、holds = { \"字段\" = 测试 }、exists = { … } 或 copies = { … }",
                    );
                }
                Some(RequireRow { when: when?, present, holds: holds?, exists, copies, span: row.span() })
            })
        });
        Some(Require { dataset: shape.dataset.clone(), scope: scope?, at, unit, person, rows })
    }
}
