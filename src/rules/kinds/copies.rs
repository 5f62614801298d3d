//! So many copies of a form, each signed for by its department.

use schemars::JsonSchema;
use serde::Deserialize;

use super::link::{Link, WrittenLink, WrittenOn};
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::words;
use crate::rules::written::{Mark, WrittenCondition, WrittenTest};
use crate::rules::{Condition, Literal, Test};

#[derive(Debug, Clone)]
pub struct Copies {
    /// The records of receipt.
    pub link: Link,
    /// The field that tells the copies apart.
    pub copy: Option<String>,
    /// The department that signed.
    pub by: String,
    /// The day it signed.
    pub at: String,
    /// The row's own field with the day of issue; nothing is asked before it.
    pub issued: Option<String>,
    pub of: Vec<Slip>,
}

/// One copy.
#[derive(Debug, Clone)]
pub struct Slip {
    pub title: String,
    /// Which records are about it; `None`: those of its department.
    pub copy: Option<Condition>,
    /// Who must sign; `None`: anybody.
    pub by: Option<Condition>,
    /// Who must sign, in words.
    pub signer: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCopies {
    #[schemars(required, description = "签收记录所在的数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "两张表对应的字段")]
    pub on: Option<Mark<WrittenOn>>,
    #[schemars(description = "签收记录里哪些行算数，例如哪一种单据")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "联次字段；不写就只按部门认")]
    pub copy: Option<Mark<String>>,
    #[schemars(required, description = "签收部门字段")]
    pub by: Option<Mark<String>>,
    #[schemars(required, description = "签收日期字段")]
    pub at: Option<Mark<String>>,
    #[schemars(description = "本表的发出日期字段：签收不得早于它，没有它就还不用签收")]
    pub issued: Option<Mark<String>>,
    #[schemars(required, description = "各联")]
    #[serde(default)]
    pub of: Vec<Mark<WrittenSlip>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSlip {
    #[schemars(description = "联次")]
    pub copy: Option<Mark<WrittenTest>>,
    #[schemars(description = "由谁签收；不写则不论谁签收")]
    pub by: Option<Mark<WrittenTest>>,
    #[schemars(description = "说明里怎么称呼这一联")]
    pub title: Option<String>,
}

impl Mark<WrittenCopies> {
    pub fn check(&self, check: &mut Check<'_>, own: &Shape) -> Option<Copies> {
        let link = WrittenLink { dataset: &self.dataset, on: &self.on, scope: &self.r#where };
        let linked = link.check(check, own);
        let issued = check.optional_field(own, &self.issued, Use::Moment);
        let (link, shape) = linked?;
        let copy = check.optional_field(shape, &self.copy, Use::Any);
        let by = check.required_field(shape, &self.by, "by", Use::Text);
        let at = check.required_field(shape, &self.at, "at", Use::Moment);
        if self.of.is_empty() && !check.maimed {
            check.error_with(Code::RuleSyntax, self.span(), "没有写有哪几联", "of = [{ copy = \"1\", by = \"质管部\" }]");
        }
        let by = by?;
        let of = check.rows(&self.of, |check, slip| {
            let copy = match (&copy, &slip.copy) {
                (Some(field), Some(test)) => Some(check.cell(shape, field, test, test.span().start)?),
                (None, Some(test)) if !check.maimed => {
                    check.error_with(Code::RuleSyntax, test.span(), "没有写联次字段", "在 copies 里写 copy = \"联次\"");
                    return None;
                }
                _ => None,
            };
            let signer = match &slip.by {
                Some(test) => Some(check.cell(shape, &by, test, test.span().start)?),
                None => None,
            };
            let title = match (&copy, &signer) {
                (Some(copy), _) => called(copy),
                (None, Some(signer)) => words::short(signer, None),
                (None, None) if check.maimed => return None,
                (None, None) => {
                    check.error(Code::RuleSyntax, slip.span(), "这一联没有写 copy 也没有写 by");
                    return None;
                }
            };
            let title = slip.title.clone().unwrap_or(title);
            Some(Slip { title, copy, signer: signer.as_ref().map(|by| words::short(by, None)).unwrap_or_default(), by: signer })
        });
        Some(Copies { link, copy, by, at: at?, issued, of: of? })
    }
}

/// `第1联`
fn called(copy: &Condition) -> String {
    let number = match copy {
        Condition::Cell { test: Test::OneOf(values), .. } => match values.as_slice() {
            [Literal::Number(number)] => Some(number.normalize().to_string()),
            [Literal::Text(text)] if text.chars().all(|c| c.is_ascii_digit()) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    number.map_or_else(|| words::short(copy, None), |number| format!("第{number}联"))
}
