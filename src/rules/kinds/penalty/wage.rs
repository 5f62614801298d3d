//! What a share is of where the row does not say: a wage out of another dataset. And the most that one month may cost.

use schemars::JsonSchema;
use serde::Deserialize;

use super::sanction::{Amount, share};
use crate::diag::Code;
use crate::rules::check::{Check, Use, money};
use crate::rules::kinds::Link;
use crate::rules::kinds::link::{WrittenLink, WrittenOn};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;

#[derive(Debug, Clone)]
pub struct Wage {
    /// `None`: the row says it itself.
    pub link: Option<Link>,
    /// The other dataset's month; `None`: a person has one row in it.
    pub month: Option<String>,
    /// The other dataset's field; shares name it.
    pub field: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenWage {
    #[schemars(description = "工资所在的数据表；不写就在本表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "两张表对应的字段")]
    pub on: Option<Mark<WrittenOn>>,
    #[schemars(description = "那张表的月份字段；不写就是一人一行")]
    pub month: Option<Mark<String>>,
    #[schemars(required, description = "工资字段，在 share 里按这个名字用")]
    pub field: Option<Mark<String>>,
}

impl Mark<WrittenWage> {
    pub(super) fn check(&self, check: &mut Check<'_>, own: &Shape) -> Option<Wage> {
        if let (None, None, None) = (&self.dataset, &self.on, &self.month) {
            let field = check.required_field(own, &self.field, "field", Use::Amount)?;
            return Some(Wage { link: None, month: None, field });
        }
        let link = WrittenLink { dataset: &self.dataset, on: &self.on, scope: &None };
        let (link, other) = link.check(check, own)?;
        let month = match &self.month {
            Some(month) => Some(check.field(other, month, Use::Moment)?),
            None => None,
        };
        let field = check.required_field(other, &self.field, "field", Use::Amount)?;
        Some(Wage { link: Some(link), month, field })
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCap {
    #[schemars(description = "固定金额（元），或 ?参数名")]
    pub fine: Option<Mark<String>>,
    #[schemars(description = "按哪个金额字段的比例")]
    pub share: Option<Mark<String>>,
    #[schemars(description = "比例，如 20%，或 ?参数名")]
    pub rate: Option<Mark<String>>,
}

impl Mark<WrittenCap> {
    pub(super) fn check(&self, check: &mut Check<'_>, shape: &Shape, wage: Option<&Wage>) -> Option<Amount> {
        match (&self.fine, &self.share, &self.rate) {
            (Some(fine), None, None) => check.parsed(fine, money).map(Amount::Fixed),
            (None, Some(of), Some(part)) => share(check, shape, wage, of, part),
            _ if check.maimed => None,
            _ => {
                let help = "写 cap = { fine = \"500\" }，或 cap = { share = \"基本工资\", rate = \"20%\" }";
                check.error_with(Code::RuleSyntax, self.span(), "封顶写固定金额，或写比例，只能一种", help);
                None
            }
        }
    }
}
