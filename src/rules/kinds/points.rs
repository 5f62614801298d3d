//! So many points for a log row or a breach; added up by person, with what happens where a sum reaches the line.

use std::ops::Range;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use, above_zero};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, Every};

#[derive(Debug, Clone)]
pub struct Points {
    pub dataset: String,
    pub given: Given,
    /// Places a row in a month.
    pub at: String,
    pub person: String,
    pub unit: Option<String>,
    /// Id of the `notice` rule for who has reached the line.
    pub notice: Option<String>,
    pub schedules: Dated<Schedule>,
}

/// What points are given for.
#[derive(Debug, Clone)]
pub enum Given {
    Rows {
        scope: Condition,
        /// The field with the clause.
        item: String,
        /// The field with the points; without it every item is fixed.
        points: Option<String>,
    },
    /// Breaches of these rules, which judge the same rows.
    Findings(Vec<String>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub items: Vec<Item>,
    pub line: Option<Reached>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// As the log writes it; of a breach the rule's id.
    pub key: String,
    pub name: String,
    /// Both inside; equal where the points are fixed.
    pub least: Decimal,
    pub most: Decimal,
    /// What else the clause asks.
    pub also: Option<String>,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

impl Item {
    /// `二5 擅离职守`
    pub fn title(&self) -> String {
        if self.name == self.key { self.name.clone() } else { format!("{} {}", self.key, self.name) }
    }

    /// `3–5 分`, `1 分`
    pub fn chinese(&self) -> String {
        match self.least == self.most {
            true => format!("{} 分", self.least.normalize()),
            false => format!("{}–{} 分", self.least.normalize(), self.most.normalize()),
        }
    }
}

/// A sum over some months, and what it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    pub window: Accumulation,
    /// Rising.
    pub warn: Vec<Decimal>,
    /// Reached where the sum is not less.
    pub limit: Decimal,
    pub action: String,
}

/// The months whose points are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accumulation {
    /// Quarter, half-year or year of the calendar.
    Calendar(Every),
    /// The month that is judged and those before it, so many together.
    Rolling(u32),
}

impl Accumulation {
    /// `自然半年`, `滚动 6 个月`
    pub fn chinese(self) -> String {
        match self {
            Accumulation::Calendar(every) => format!("自然{}", every.title()),
            Accumulation::Rolling(months) => format!("滚动 {months} 个月"),
        }
    }
}

/// Longer than this is no window but a slip of the pen.
const LONGEST_WINDOW: u32 = 36;

written_rule! {
    WrittenPoints {
        #[schemars(required, description = "扣分记录所在的数据表；按违规扣分的，写那些规则判的数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按这些规则查出的违规扣分；不写 item、points")]
        #[serde(default)]
        findings: Vec<Mark<String>>,
        #[schemars(required, description = "按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(required, description = "员工字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "部门或班组字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "写着哪一条的字段")]
        item: Option<Mark<String>>,
        #[schemars(description = "写着扣几分的字段；都是固定分的可以不写")]
        points: Option<Mark<String>>,
        #[schemars(description = "累计到线那个月开的单")]
        notice: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenSchedule>>,
    }
}

written_version! {
    WrittenSchedule {
        #[schemars(required, description = "扣分标准")]
        #[serde(default)]
        items: Vec<Mark<WrittenItem>>,
        #[schemars(description = "累计多久：half-year 自然半年、quarter、year;6mo 滚动六个月")]
        window: Option<Mark<String>>,
        #[schemars(description = "预警的分数，可以几档，或 ?参数名")]
        #[serde(default)]
        warn: Vec<Mark<String>>,
        #[schemars(description = "累计到几分处理，恰好也算；或 ?参数名")]
        limit: Option<Mark<String>>,
        #[schemars(description = "到了怎样处理，如 不再留任")]
        action: Option<Mark<String>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenItem {
    #[schemars(description = "条款，与记录里写的一样")]
    pub item: Option<Mark<String>>,
    #[schemars(description = "按违规扣分的，写规则编号")]
    pub rule: Option<Mark<String>>,
    #[schemars(description = "什么行为；不写用 item")]
    pub name: Option<String>,
    #[schemars(required, description = "分值：\"1\" 固定，\"3..5\" 区间（两头都算），或 ?参数名")]
    pub points: Option<Mark<String>>,
    #[schemars(description = "附带的要求，如 抄写试卷 5 遍")]
    pub also: Option<String>,
}

impl WrittenPoints {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Points> {
        let shape = check.dataset(&self.dataset)?;
        let at = check.required_field(shape, &self.at, "at", Use::Moment);
        let person = check.required_field(shape, &self.person, "person", Use::Text);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let notice = self.notice.as_ref().and_then(|name| check.optional_notice(name));
        let given = self.given(check, shape);
        let schedules = check.versions(&self.version, |check, version| version.check(check, given.as_ref()));
        Some(Points { dataset: shape.dataset.clone(), given: given?, at: at?, person: person?, unit, notice, schedules })
    }

    fn given(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Given> {
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        if self.findings.is_empty() {
            let item = check.required_field(shape, &self.item, "item", Use::Text);
            let points = check.optional_field(shape, &self.points, Use::Amount);
            return Some(Given::Rows { scope: scope?, item: item?, points });
        }
        let unused = [&self.item, &self.points, &self.where_sql].into_iter().flatten().map(Mark::span);
        for span in unused.chain(self.r#where.as_ref().map(Mark::span)).collect::<Vec<_>>() {
            check.error(Code::RuleSyntax, span, "按违规扣分的，哪些行、几分由规则和 items 决定，这里不写");
        }
        let mut rules = Vec::new();
        for name in &self.findings {
            let Some(entry) = check.rule_named(name, None) else { continue };
            if entry.dataset.as_deref() == Some(shape.dataset.as_str()) {
                rules.push(entry.id.clone());
            } else {
                let message = format!("规则「{}」不是逐行判「{}」的", name.as_str(), shape.dataset);
                check.error_with(Code::RuleDangling, name.span(), message, "扣分要落到这张数据表的一行上；另一张表的规则另写一条扣分规则");
            }
        }
        (rules.len() == self.findings.len()).then_some(Given::Findings(rules))
    }
}

impl WrittenSchedule {
    fn check(&self, check: &mut Check<'_>, given: Option<&Given>) -> Option<Schedule> {
        if self.items.is_empty() && !check.maimed {
            let span = check.span.clone();
            check.error_with(Code::RuleSyntax, span, "这个版本没有扣分标准", "请写 items = [{ item = \"一1\", points = \"1\" }]");
        }
        let items = check.rows(&self.items, |check, item| item.check(check, given, item.span()));
        let mut seen: Vec<&str> = Vec::new();
        for item in items.iter().flatten() {
            if seen.contains(&item.key.as_str()) {
                check.error(Code::RuleDuplicate, item.span.clone(), format!("扣分标准里「{}」写了两次", item.key));
            }
            seen.push(&item.key);
        }
        let line = self.line(check)?;
        Some(Schedule { items: items?, line })
    }

    /// `None` where it is wrong.
    fn line(&self, check: &mut Check<'_>) -> Option<Option<Reached>> {
        let (Some(window), Some(limit), Some(action)) = (&self.window, &self.limit, &self.action) else {
            let some = [&self.window, &self.limit, &self.action].into_iter().flatten().chain(&self.warn).next();
            if let Some(some) = some.filter(|_| !check.maimed) {
                let help = "例如 window = \"half-year\", limit = \"30\", action = \"不再留任\"；不累计的都不写";
                check.error_with(Code::RuleSyntax, some.span(), "window、limit、action 要一起写", help);
                return None;
            }
            return Some(None);
        };
        let window = check.parsed(window, window_of);
        let limit_points = check.parsed(limit, above_zero);
        let mut warn = Vec::new();
        for level in &self.warn {
            warn.push((level, check.parsed(level, above_zero)?));
        }
        let limit_points = limit_points?;
        for (level, _) in warn.iter().filter(|(_, points)| *points >= limit_points) {
            check.error(Code::RuleValue, level.span(), format!("预警的分数要小于 {}", limit_points.normalize()));
        }
        let mut warn: Vec<Decimal> = warn.into_iter().map(|(_, points)| points).collect();
        warn.sort_unstable();
        warn.dedup();
        Some(Some(Reached { window: window?, warn, limit: limit_points, action: action.to_string() }))
    }
}

impl WrittenItem {
    fn check(&self, check: &mut Check<'_>, given: Option<&Given>, span: Range<usize>) -> Option<Item> {
        let range = check.required(&self.points, "points").and_then(|text| check.parsed(text, range_of));
        let key = match (given?, &self.item, &self.rule) {
            (Given::Rows { .. }, Some(item), None) => item,
            (Given::Findings(rules), None, Some(rule)) => {
                if !rules.iter().any(|id| id == rule.as_str()) {
                    let known: Vec<&str> = rules.iter().map(String::as_str).collect();
                    check.dangling(Code::RuleDangling, rule, "findings 里没有", &known);
                    return None;
                }
                rule
            }
            _ if check.maimed => return None,
            _ => {
                let help = "按记录扣分写 item = \"一1\"，按违规扣分写 rule = \"规则编号\"";
                check.error_with(Code::RuleSyntax, span, "扣分标准的一行要写 item 或 rule", help);
                return None;
            }
        };
        let (least, most) = range?;
        let needs_record = matches!(given?, Given::Findings(_) | Given::Rows { points: None, .. });
        if needs_record && least != most {
            check.error(Code::RuleValue, span, format!("「{}」是区间分，要有写着扣几分的字段（points）", key.as_str()));
            return None;
        }
        let name = self.name.clone().unwrap_or_else(|| key.to_string());
        Some(Item { key: key.to_string(), name, least, most, also: self.also.clone(), span })
    }
}

/// `3..5` or `1`.
fn range_of(text: &str) -> Result<(Decimal, Decimal), String> {
    let Some((least, most)) = text.split_once("..") else { return above_zero(text).map(|points| (points, points)) };
    let (least, most) = (above_zero(least)?, above_zero(most)?);
    if least < most { Ok((least, most)) } else { Err(format!("分值「{text}」里小的写前面，如 3..5")) }
}

fn window_of(text: &str) -> Result<Accumulation, String> {
    match text {
        "quarter" => Ok(Accumulation::Calendar(Every::Quarter)),
        "half-year" => Ok(Accumulation::Calendar(Every::HalfYear)),
        "year" => Ok(Accumulation::Calendar(Every::Year)),
        _ => {
            let months = text.strip_suffix("mo").and_then(|months| months.parse().ok());
            let months = months.filter(|months| (1..=LONGEST_WINDOW).contains(months));
            months.map(Accumulation::Rolling).ok_or_else(|| format!("读不懂累计的时段「{text}」，应写作 half-year、quarter、year 或 6mo"))
        }
    }
}
