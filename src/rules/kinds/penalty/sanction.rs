//! What one row of a penalty imposes: money, to be decided within bounds or not, and what is no money.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Wage;
use crate::diag::Code;
use crate::rules::check::{Check, Use, money, rate};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, WrittenTexts};

/// At least one of the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Sanction {
    pub amount: Option<Amount>,
    /// `除名`
    pub actions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// Yuan.
    Fixed(Decimal),
    /// `field × rate`, half up to the fen; `rate` is a fraction.
    Share { of: String, rate: Decimal },
    /// Decided by whoever approves, both ends inside; `given` is the field in which the record says it.
    Range { low: Decimal, high: Option<Decimal>, given: Option<String> },
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPenaltyRow {
    #[schemars(description = "本行适用的条件；不写则总适用")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(description = "本次是第几次：1、1..2、>= 3；只在 steps 里写")]
    pub nth: Option<Mark<String>>,
    #[schemars(description = "整段时间里一共几次：1..2、>= 3；只在 steps 里写")]
    pub total: Option<Mark<String>>,
    #[schemars(description = "固定金额（元），或 ?参数名")]
    pub fine: Option<Mark<String>>,
    #[schemars(description = "按哪个金额字段的比例")]
    pub share: Option<Mark<String>>,
    #[schemars(description = "比例，如 10%，或 ?参数名")]
    pub rate: Option<Mark<String>>,
    #[schemars(description = "限额，两端含在内：10000..100000，没有上限写 10..，或 ?参数名")]
    pub range: Option<Mark<String>>,
    #[schemars(description = "限额之内由记录给出金额的字段")]
    pub given: Option<Mark<String>>,
    #[schemars(description = "不带金额的处分：除名、调岗、批评；一项或一列")]
    pub action: Option<Mark<WrittenTexts>>,
}

impl WrittenPenaltyRow {
    pub(super) fn sanction(&self, check: &mut Check<'_>, shape: &Shape, wage: Option<&Wage>) -> Option<Sanction> {
        let actions: Vec<String> = self.action.as_ref().map(Mark::texts).unwrap_or_default().iter().map(|word| word.to_string()).collect();
        let amount = match (&self.fine, &self.share, &self.rate, &self.range, &self.given) {
            (Some(fine), None, None, None, None) => Some(check.parsed(fine, money).map(Amount::Fixed)?),
            (None, Some(of), Some(part), None, None) => Some(share(check, shape, wage, of, part)?),
            (None, None, None, Some(range), given) => {
                let bounds = check.parsed(range, bounds);
                let given = match given {
                    Some(field) => Some(check.field(shape, field, Use::Amount)?),
                    None => None,
                };
                let (low, high) = bounds?;
                Some(Amount::Range { low, high, given })
            }
            (None, None, None, None, None) if !actions.is_empty() => None,
            _ if check.maimed => return None,
            _ => {
                let first = [&self.fine, &self.share, &self.rate, &self.range, &self.given].into_iter().flatten().next();
                check.error_with(
                    Code::RuleSyntax,
                    first.map_or(check.span.clone(), Mark::span),
                    "罚扣写固定金额，或写比例，或写限额，只能一种",
                    "写 fine = \"100\"，或 share = \"部门损失\", rate = \"10%\"，或 range = \"10000..100000\"；没有金额的写 action = \"除名\"",
                );
                return None;
            }
        };
        Some(Sanction { amount, actions })
    }
}

/// Of a field of the row, or of the wage.
pub(super) fn share(check: &mut Check<'_>, shape: &Shape, wage: Option<&Wage>, of: &Mark<String>, part: &Mark<String>) -> Option<Amount> {
    let of = match wage {
        Some(wage) if wage.field == of.as_str() => Some(of.to_string()),
        _ => check.field(shape, of, Use::Amount),
    };
    let rate = check.parsed(part, rate);
    Some(Amount::Share { of: of?, rate: rate? })
}

/// `10000..100000` or `10..`
fn bounds(text: &str) -> Result<(Decimal, Option<Decimal>), String> {
    let wrong = || format!("读不懂限额「{text}」，应写作 10000..100000，没有上限写 10..");
    let (low, high) = text.split_once("..").ok_or_else(wrong)?;
    let low = money(low.trim()).map_err(|_| wrong())?;
    let high = match high.trim() {
        "" => None,
        high => Some(money(high).map_err(|_| wrong())?),
    };
    match high {
        Some(high) if high < low => Err(format!("限额「{text}」的上限小于下限")),
        _ => Ok((low, high)),
    }
}

impl Amount {
    /// `罚扣 100 元`, `罚扣基本工资的 5%`, `罚扣 10000 至 100000 元，由批准人定`
    pub fn chinese(&self) -> String {
        match self {
            Amount::Fixed(amount) => format!("罚扣 {} 元", amount.normalize()),
            Amount::Share { of, rate } => format!("罚扣{of}的 {}%", (rate * Decimal::ONE_HUNDRED).normalize()),
            Amount::Range { low, high, given } => {
                let by = given.as_ref().map_or_else(|| "由批准人定".to_owned(), |field| format!("以「{field}」为准，没有填的由批准人定"));
                match high {
                    Some(high) => format!("罚扣 {} 至 {} 元，{by}", low.normalize(), high.normalize()),
                    None => format!("罚扣至少 {} 元，{by}", low.normalize()),
                }
            }
        }
    }
}

impl Sanction {
    /// `罚扣 100 元，并除名`
    pub fn chinese(&self) -> String {
        let actions = self.actions.join("、");
        match &self.amount {
            Some(amount) if actions.is_empty() => amount.chinese(),
            Some(amount) => format!("{}，并{actions}", amount.chinese()),
            None => actions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_have_a_floor_and_perhaps_a_ceiling() {
        assert_eq!(bounds("10000..100000"), Ok((Decimal::from(10_000), Some(Decimal::from(100_000)))));
        assert_eq!(bounds("10 .."), Ok((Decimal::TEN, None)));
        assert!(bounds("10").is_err_and(|said| said.contains("读不懂限额")));
        assert!(bounds("200..100").is_err_and(|said| said.contains("上限小于下限")));
        assert!(bounds("..100").is_err());
    }
}
