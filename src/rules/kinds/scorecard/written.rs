//! The scorecard as written, and how it is checked.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Award, AwardOf, Block, Card, CardItem, CardPart, Grade, MarkSource, Piece, Scorecard};
use crate::diag::Code;
use crate::rules::check::{Check, Use, above_zero, rate};
use crate::rules::kinds::duty::tells_period;
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, WrittenTexts, written_rule, written_version};
use crate::rules::{Band, Every};

written_rule! {
    WrittenScorecard {
        #[schemars(required, description = "评分所在的数据表，一次评分一行")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "写着评哪一期的字段，评分归入那一期最后一天所在的月")]
        period: Option<Mark<String>>,
        #[schemars(description = "没有 period 的，按哪个日期归月；两个至少写一个")]
        at: Option<Mark<String>>,
        #[schemars(description = "写着周检、月检、月考核、年终的字段")]
        r#type: Option<Mark<String>>,
        #[schemars(required, description = "员工字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "部门或班组字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "考核人字段")]
        rater: Option<Mark<String>>,
        #[schemars(description = "格子里写的是 marks 得分（默认）还是 deductions 扣分")]
        entry: Option<Mark<String>>,
        #[schemars(description = "扣分格空着：none 算没有扣；不写则无法判定")]
        blank: Option<Mark<String>>,
        #[schemars(description = "嘉奖加分字段，加在总分上")]
        bonus: Option<Mark<String>>,
        #[schemars(description = "其它扣分字段，从总分里减")]
        other: Option<Mark<String>>,
        #[schemars(description = "写着哪几面、哪几小项扣完的字段，顿号隔开")]
        void: Option<Mark<String>>,
        #[schemars(description = "表上写的总分字段，要与算出来的一致")]
        total: Option<Mark<String>>,
        #[schemars(description = "各面都空着的，用表上写的总分")]
        #[serde(default)]
        total_alone: bool,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenCard>>,
    }
}

written_version! {
    WrittenCard {
        #[schemars(description = "满分，默认 100")]
        full: Option<Mark<String>>,
        #[schemars(description = "舍入：half-up 0.01（默认）、half-up 0.1、half-up 1")]
        round: Option<Mark<String>>,
        #[schemars(description = "加分的范围，如 [1..10]，或 ?参数名")]
        bonus: Option<Mark<String>>,
        #[schemars(required, description = "各面")]
        #[serde(default)]
        parts: Vec<Mark<WrittenCardPart>>,
        #[schemars(description = "分档，要不漏不重")]
        #[serde(default)]
        grades: Vec<Mark<WrittenGrade>>,
        #[schemars(description = "称号")]
        #[serde(default)]
        awards: Vec<Mark<WrittenAward>>,
        #[schemars(description = "年度总分怎样合成")]
        #[serde(default)]
        combine: Vec<Mark<WrittenBlock>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCardPart {
    #[schemars(required, description = "面的名称")]
    pub name: Option<Mark<String>>,
    #[schemars(description = "满分，各面相加是总的满分；与 weight 只写一种")]
    pub full: Option<Mark<String>>,
    #[schemars(description = "权重，如 60%，各面相加是 100%")]
    pub weight: Option<Mark<String>>,
    #[schemars(description = "面分字段")]
    pub field: Option<Mark<String>>,
    #[schemars(description = "小项字段")]
    #[serde(default)]
    pub items: Vec<Mark<String>>,
    #[schemars(description = "各小项相同的范围，如 [1..10]")]
    pub item: Option<Mark<String>>,
    #[schemars(description = "各小项的满分，与 items 一一对应")]
    #[serde(default)]
    pub marks: Vec<Mark<String>>,
    #[schemars(description = "分只能是它的倍数，1 是整数")]
    pub step: Option<Mark<String>>,
    #[schemars(description = "两个数的比 × 100")]
    pub share: Option<Mark<WrittenMarkShare>>,
    #[schemars(description = "另一条评分规则的同一人、同一月的分")]
    pub score: Option<Mark<WrittenOtherScore>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenMarkShare {
    #[schemars(required, description = "分子字段，如 按时完成数")]
    pub of: Option<Mark<String>>,
    #[schemars(required, description = "分母字段，如 应完成数")]
    pub by: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenOtherScore {
    #[schemars(required, description = "评分规则的编号")]
    pub rule: Option<Mark<String>>,
    #[schemars(description = "那条规则的哪一种评分，如 月考核")]
    pub r#type: Option<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenGrade {
    #[schemars(required, description = "分数段，如 \">= 80\"、\"[50..80)\"")]
    pub score: Option<Mark<String>>,
    #[schemars(required, description = "档名")]
    pub grade: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenAward {
    #[schemars(description = "看什么分：year 年度总分，或面的名称；不写看每次的总分")]
    pub of: Option<Mark<String>>,
    #[schemars(required, description = "分数段，如 \"> 100\"")]
    pub score: Option<Mark<String>>,
    #[schemars(required, description = "称号，如 优秀员工")]
    pub title: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenBlock {
    #[schemars(required, description = "这一块的名称")]
    pub name: Option<Mark<String>>,
    #[schemars(required, description = "权重，如 20%，各块相加是 100%")]
    pub weight: Option<Mark<String>>,
    #[schemars(required, description = "由哪几种评分组成")]
    #[serde(default)]
    pub of: Vec<Mark<WrittenPiece>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPiece {
    #[schemars(description = "哪一种，或几种合在一起")]
    pub r#type: Option<Mark<WrittenTexts>>,
    #[schemars(description = "应有几次：week 每周、month 每月、quarter、half-year、year 一年一次")]
    pub each: Option<Mark<String>>,
    #[schemars(description = "不写 each 的，至少几次，默认 1")]
    pub at_least: Option<u32>,
    #[schemars(description = "块内的权重，默认等权")]
    pub weight: Option<Mark<String>>,
    #[schemars(description = "十二个月各自的权重，默认等权；只用于 each = \"month\"")]
    #[serde(default)]
    pub by_month: Vec<Mark<String>>,
}

/// Scores are out of this where parts are weighed.
const PERCENT: Decimal = Decimal::ONE_HUNDRED;

impl WrittenScorecard {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Scorecard> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let period = self.period.as_ref().map(|name| tells_period(check, shape, name));
        let at = check.optional_field(shape, &self.at, Use::Moment);
        if self.period.is_none() && self.at.is_none() && !check.maimed {
            let span = check.span.clone();
            check.error_with(Code::RuleSyntax, span, "评分规则没有写按什么归月", "请写 period = \"期间\" 或 at = \"考核日期\"");
            return None;
        }
        let class = check.optional_field(shape, &self.r#type, Use::Text);
        let person = check.required_field(shape, &self.person, "person", Use::Text);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let rater = check.optional_field(shape, &self.rater, Use::Text);
        let entry = self.entry.as_ref().and_then(|word| check.word(word, &[("marks", false), ("deductions", true)]));
        let deductions = entry.unwrap_or(false);
        let blank = self.blank.as_ref().and_then(|word| check.word(word, &[("none", true), ("indeterminate", false)]));
        if let Some(blank) = self.blank.as_ref().filter(|_| !deductions) {
            check.error(Code::RuleValue, blank.span(), "空着的分不当零分；blank 只用于 entry = \"deductions\"");
        }
        let bonus = check.optional_field(shape, &self.bonus, Use::Amount);
        let other = check.optional_field(shape, &self.other, Use::Amount);
        let void = check.optional_field(shape, &self.void, Use::Text);
        let total = check.optional_field(shape, &self.total, Use::Amount);
        let cards = check.versions(&self.version, |check, version| version.check(check, shape, self.r#type.is_some()));
        Some(Scorecard {
            dataset: shape.dataset.clone(),
            scope: scope?,
            period: match period {
                Some(found) => Some(found?),
                None => None,
            },
            at,
            class,
            person: person?,
            unit,
            rater,
            deductions,
            blank_is_none: blank.unwrap_or(false),
            bonus,
            other,
            void,
            total_alone: self.total_alone && total.is_some(),
            total,
            cards,
        })
    }
}

impl WrittenCard {
    fn check(&self, check: &mut Check<'_>, shape: &Shape, classed: bool) -> Option<Card> {
        let full = match &self.full {
            Some(text) => check.parsed(text, above_zero)?,
            None => PERCENT,
        };
        let digits = match &self.round {
            Some(text) => check.parsed(text, digits_of)?,
            None => 2,
        };
        let bonus = match &self.bonus {
            Some(text) => Some(check.parsed(text, str::parse::<Band>)?),
            None => None,
        };
        if self.parts.is_empty() && !check.maimed {
            let span = check.span.clone();
            check.error_with(
                Code::RuleSyntax,
                span,
                "评分没有写分哪几面",
                "请写 parts = [{ name = \"德\", full = \"20\", field = \"德\" }, …]",
            );
            return None;
        }
        let alone = self.parts.len() == 1;
        let parts = check.rows(&self.parts, |check, part| part.check(check, shape, full, alone))?;
        let shares: Decimal = parts.iter().map(CardPart::share).sum();
        if shares != full {
            let span = self.parts.first().map_or(check.span.clone(), Mark::span);
            let weighed = parts.iter().any(|part| part.factor != Decimal::ONE);
            let message = match weighed {
                true => format!("各面的权重加起来是 {}%，不是 100%", (shares / full * PERCENT).round_dp(2).normalize()),
                false => format!("各面的满分加起来是 {}，不是 {}", shares.normalize(), full.normalize()),
            };
            check.error_with(Code::RuleValue, span, message, "改 full 或 weight，使各面之和等于满分");
        }
        let grades = check.rows(&self.grades, |check, grade| grade.check(check))?;
        let awards = check.rows(&self.awards, |check, award| award.check(check, &parts, !self.combine.is_empty()))?;
        let blocks = check.rows(&self.combine, |check, block| block.check(check, classed))?;
        let weights: Decimal = blocks.iter().map(|block| block.weight).sum();
        if let Some(first) = self.combine.first().filter(|_| weights != Decimal::ONE) {
            let message = format!("年度总分各块的权重加起来是 {}%，不是 100%", (weights * PERCENT).normalize());
            check.error(Code::RuleValue, first.span(), message);
        }
        Some(Card { full, digits, bonus, parts, grades, awards, blocks })
    }
}

impl Mark<WrittenCardPart> {
    /// `full` is the card's; `alone`: it is the only part.
    fn check(&self, check: &mut Check<'_>, shape: &Shape, full: Decimal, alone: bool) -> Option<CardPart> {
        let name = check.required(&self.name, "parts.name").map(|name| name.to_string());
        let (most, factor) = match (&self.full, &self.weight) {
            (Some(most), None) => (check.parsed(most, above_zero)?, Decimal::ONE),
            (None, Some(weight)) => (full, check.parsed(weight, rate)?),
            (None, None) if alone => (full, Decimal::ONE),
            _ if check.maimed => return None,
            _ => {
                check.error(Code::RuleSyntax, self.span(), "每一面写满分 full 或权重 weight，只写一种");
                return None;
            }
        };
        let cells = self.field.is_some() || !self.items.is_empty();
        let source = match (cells, &self.share, &self.score) {
            (true, None, None) => self.cells(check, shape, most)?,
            (false, Some(share), None) => {
                let of = check.required_field(shape, &share.of, "share.of", Use::Amount);
                let by = check.required_field(shape, &share.by, "share.by", Use::Amount);
                if most != PERCENT {
                    check.error(Code::RuleValue, share.span(), "按比得分的一面是百分制，写 weight");
                }
                MarkSource::Share { of: of?, by: by? }
            }
            (false, None, Some(score)) => {
                let rule = check.required(&score.rule, "score.rule").and_then(|name| check.rule_named(name, Some("scorecard")))?;
                if rule.id == check.rule {
                    check.error(Code::RuleValue, score.span(), "评分不能引用自己");
                    return None;
                }
                MarkSource::Score { rule: rule.id.clone(), class: score.r#type.clone() }
            }
            _ if check.maimed => return None,
            _ => {
                let help = "写 field、items、share、score 中的一种；field 与 items 可以都写";
                check.error_with(Code::RuleSyntax, self.span(), "这一面的分从哪里来没有写清楚", help);
                return None;
            }
        };
        Some(CardPart { name: name?, most, factor, source })
    }

    fn cells(&self, check: &mut Check<'_>, shape: &Shape, most: Decimal) -> Option<MarkSource> {
        let field = match &self.field {
            Some(field) => Some(check.field(shape, field, Use::Amount)?),
            None => None,
        };
        let step = match &self.step {
            Some(text) => Some(check.parsed(text, above_zero)?),
            None => None,
        };
        let same = match &self.item {
            Some(text) => {
                let band = check.parsed(text, str::parse::<Band>)?;
                let (Some((least, true)), Some((most, true))) = (band.low, band.high) else {
                    check.error(Code::RuleValue, text.span(), "小项的范围两头都要写，如 [1..10]");
                    return None;
                };
                Some((least, most))
            }
            None => None,
        };
        let marks = check.rows(&self.marks, |check, mark| check.parsed(mark, above_zero))?;
        if !marks.is_empty() && (marks.len() != self.items.len() || same.is_some()) {
            let message = format!("marks 写了 {} 个，items 有 {} 个；item 与 marks 只写一种", marks.len(), self.items.len());
            check.error(Code::RuleValue, self.span(), message);
            return None;
        }
        let names = check.fields(shape, &self.items, Use::Amount);
        let sum: Option<Decimal> = match (same, marks.is_empty()) {
            (Some((_, most)), _) => Some(most * Decimal::from(names.len())),
            (None, false) => Some(marks.iter().sum()),
            (None, true) => None,
        };
        if sum.is_some_and(|sum| sum != most) {
            let message = format!("小项的满分加起来是 {}，不是这一面的 {}", sum.unwrap_or_default().normalize(), most.normalize());
            check.error(Code::RuleValue, self.span(), message);
        }
        let items = names.into_iter().enumerate().map(|(at, field)| CardItem {
            field,
            least: same.map_or(Decimal::ZERO, |(least, _)| least),
            most: same.map(|(_, most)| most).or(marks.get(at).copied()),
            step,
        });
        Some(MarkSource::Cells { field, items: items.collect() })
    }
}

impl Mark<WrittenGrade> {
    fn check(&self, check: &mut Check<'_>) -> Option<Grade> {
        let band = check.required(&self.score, "grades.score").and_then(|text| check.parsed(text, str::parse::<Band>));
        let name = check.required(&self.grade, "grades.grade").map(|name| name.to_string());
        Some(Grade { band: band?, name: name?, span: self.span() })
    }
}

impl WrittenAward {
    fn check(&self, check: &mut Check<'_>, parts: &[CardPart], yearly: bool) -> Option<Award> {
        let band = check.required(&self.score, "awards.score").and_then(|text| check.parsed(text, str::parse::<Band>));
        let title = check.required(&self.title, "awards.title").map(|title| title.to_string());
        let of = match &self.of {
            None => AwardOf::Score,
            Some(word) if word.as_str() == "year" && yearly => AwardOf::Year,
            Some(word) if word.as_str() == "year" => {
                check.error(Code::RuleValue, word.span(), "没有写 combine，就没有年度总分");
                return None;
            }
            Some(word) => match parts.iter().position(|part| part.name == word.as_str()) {
                Some(at) => AwardOf::Part(at),
                None => {
                    let known: Vec<&str> = ["year"].into_iter().chain(parts.iter().map(|part| part.name.as_str())).collect();
                    check.dangling(Code::RuleDangling, word, "没有这一面：", &known);
                    return None;
                }
            },
        };
        Some(Award { of, band: band?, title: title? })
    }
}

impl Mark<WrittenBlock> {
    fn check(&self, check: &mut Check<'_>, classed: bool) -> Option<Block> {
        let name = check.required(&self.name, "combine.name").map(|name| name.to_string());
        let weight = check.required(&self.weight, "combine.weight").and_then(|text| check.parsed(text, rate));
        if self.of.is_empty() && !check.maimed {
            let help = "请写 of = [{ type = \"月考核\", each = \"month\" }]";
            check.error_with(Code::RuleSyntax, self.span(), "这一块没有写由哪几种评分组成", help);
        }
        let pieces = check.rows(&self.of, |check, piece| piece.check(check, classed))?;
        Some(Block { name: name?, weight: weight?, pieces })
    }
}

impl Mark<WrittenPiece> {
    fn check(&self, check: &mut Check<'_>, classed: bool) -> Option<Piece> {
        const WORDS: &[(&str, Every)] = &[
            ("week", Every::Week),
            ("month", Every::Month),
            ("quarter", Every::Quarter),
            ("half-year", Every::HalfYear),
            ("year", Every::Year),
        ];
        let each = match &self.each {
            Some(word) => Some(check.word(word, WORDS)?),
            None => None,
        };
        let classes: Vec<String> = self.r#type.iter().flat_map(Mark::texts).map(|class| class.to_string()).collect();
        if let Some(named) = self.r#type.as_ref().filter(|_| !classed) {
            check.error_with(Code::RuleSyntax, named.span(), "规则没有写 type 字段，分不出是哪一种评分", "请写 type = \"类型\"");
        }
        let weight = match &self.weight {
            Some(text) => check.parsed(text, above_zero)?,
            None => Decimal::ONE,
        };
        let by_month = check.rows(&self.by_month, |check, weight| check.parsed(weight, above_zero))?;
        let twelve = by_month.is_empty() || by_month.len() == 12 && each == Some(Every::Month);
        if !twelve {
            check.error(Code::RuleValue, self.span(), "by_month 要写十二个权重，并写 each = \"month\"");
        }
        if self.at_least.is_some() && each.is_some() || self.at_least == Some(0) {
            check.error(Code::RuleValue, self.span(), "at_least 从 1 起，与 each 只写一种");
        }
        Some(Piece { classes, each, at_least: self.at_least.unwrap_or(1), weight, by_month })
    }
}

fn digits_of(text: &str) -> Result<u32, String> {
    let step = text.strip_prefix("half-up").map(str::trim);
    match step {
        Some("1") => Ok(0),
        Some("0.1") => Ok(1),
        Some("0.01") => Ok(2),
        Some("0.001") => Ok(3),
        Some("0.0001") => Ok(4),
        _ => Err(format!("读不懂舍入「{text}」，应写作 half-up 0.01")),
    }
}
