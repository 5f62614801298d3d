//! Several signers, one after the other: an `[[approval]]` without an amount.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;
use crate::rules::{Condition, Dated};

/// What is wrong with each is kept in one number of 64 bits.
pub const MOST_SIGNERS: usize = 20;

#[derive(Debug, Clone)]
pub struct Signing {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Until this day is there, what is not signed yet is pending. None: a row is due as it stands.
    pub issued: Option<String>,
    /// Every post that the rule knows; another one is no wrong signature but an unknown one. Empty: all are known.
    pub rank: Vec<String>,
    /// In the order in which they sign.
    pub signers: Dated<Vec<Signer>>,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct Signer {
    /// As messages call it.
    pub title: String,
    /// Who may sign; empty: anybody.
    pub posts: Vec<String>,
    /// The field with the signer's post.
    pub by: Option<String>,
    /// The field with the day.
    pub at: Option<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSigner {
    #[schemars(description = "说明里怎么称呼这一道；不写用 post")]
    pub title: Option<Mark<String>>,
    #[schemars(description = "哪些职务可以签；不写则不查职务")]
    #[serde(default)]
    pub post: Vec<Mark<String>>,
    #[schemars(description = "签的人的职务字段")]
    pub by: Option<Mark<String>>,
    #[schemars(description = "签的日期字段")]
    pub at: Option<Mark<String>>,
}

impl WrittenSigner {
    pub fn check(&self, check: &mut Check<'_>, shape: &Shape, place: std::ops::Range<usize>) -> Option<Signer> {
        let by = check.optional_field(shape, &self.by, Use::Text);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let posts: Vec<String> = self.post.iter().map(|post| post.to_string()).collect();
        if self.by.is_none() && self.at.is_none() && !check.maimed {
            check.error_with(Code::RuleSyntax, place, "这一道签核没有说看哪一列", "写 by = \"职务字段\"、at = \"日期字段\"，或其中一个");
            return None;
        }
        if let (None, Some(first)) = (&self.by, self.post.first()) {
            check.error_with(Code::RuleSyntax, first.span(), "写了 post 却没有说职务在哪一列", "写 by = \"职务字段\"");
            return None;
        }
        let allowed = self.by.as_ref().and_then(|by| shape.field(by)).map_or(&[][..], |field| &field.values);
        for post in self.post.iter().filter(|post| !allowed.is_empty() && !allowed.contains(post)) {
            let known: Vec<&str> = allowed.iter().map(String::as_str).collect();
            check.dangling(Code::RuleValue, post, "职务字段没有取值", &known);
        }
        if by.is_none() && at.is_none() {
            return None;
        }
        let title = self.title.as_ref().map(|title| title.to_string());
        let title = title.or_else(|| (!posts.is_empty()).then(|| posts.join("或"))).or_else(|| at.clone()).or_else(|| by.clone());
        Some(Signer { title: title?, posts, by, at })
    }
}
