//! A report or an act that must exist for every period, by a day or a moment.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::deadline::{DeadlineNotices, WrittenNotices};
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, Due, Every, FieldType};

#[derive(Debug, Clone)]
pub struct Duty {
    /// The rows that show what was done.
    pub dataset: String,
    pub scope: Condition,
    /// What is owed, first part of the subject.
    pub name: String,
    /// The field that says which period a row is for; without it the period is told from `done`.
    pub period: Option<String>,
    pub done: String,
    /// A row without `done` says that nothing was handed in; else it cannot be judged.
    pub undated_is_missing: bool,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// The unit that owes it where no row names one.
    pub owner: Option<String>,
    pub notices: DeadlineNotices,
    pub terms: Dated<Term>,
}

/// What one version asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub every: Every,
    /// Only these months; empty: all.
    pub months: Vec<u32>,
    /// So many periods behind the one that is reported on.
    pub after: u32,
    pub due: Due,
    /// Instead of the pack's convention.
    pub roll: Option<bool>,
    /// One for each of several values: recipients, shifts, offices.
    pub each: Option<Each>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    pub field: String,
    pub values: Vec<String>,
}

impl Term {
    /// `每月，不晚于下一月第 10 天`
    pub fn chinese(&self) -> String {
        let every = self.every.title();
        let months: Vec<String> = self.months.iter().map(u32::to_string).collect();
        let months = if months.is_empty() { String::new() } else { format!("（{} 月）", months.join("、")) };
        let when = match self.after {
            0 => "当期".to_owned(),
            1 => format!("下一{every}"),
            periods => format!("往后第 {periods} {every}"),
        };
        let each = self.each.as_ref().map(|each| format!("，{} {} 各一份", each.field, each.values.join("、"))).unwrap_or_default();
        format!("每{every}{months}，不晚于{when}{}{each}", self.due)
    }
}

written_rule! {
    WrittenDuty {
        #[schemars(required, description = "登记提交情况的数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "哪些行是这件事的提交记录")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "报表或事项的名称，作判定的编号；不写用标题")]
        name: Option<Mark<String>>,
        #[schemars(description = "写明是哪一期的字段（2026-09、2026年9月、2026-Q3 …）；不写则按完成时间归期")]
        period: Option<Mark<String>>,
        #[schemars(required, description = "实际提交时间字段")]
        done: Option<Mark<String>>,
        #[schemars(description = "有行而没有提交时间：missing 算没有交；不写则无法判定")]
        undated: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "制度指定的责任部门，没有提交记录时用")]
        owner: Option<Mark<String>>,
        #[schemars(description = "通知单：open 到期未交用，late 迟交用")]
        notice: Option<WrittenNotices>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenDutyVersion>>,
    }
}

written_version! {
    WrittenDutyVersion {
        #[schemars(required, description = "多久一次：day workday week month quarter half-year year holiday holiday-block，或 ?参数名")]
        every: Option<Mark<String>>,
        #[schemars(description = "只在这些月份，如 [12]；只用于 every = \"month\"")]
        #[serde(default)]
        months: Vec<Mark<u32>>,
        #[schemars(description = "所报期间之后第几期交：0 当期（默认），1 下一期")]
        #[serde(default)]
        after: u32,
        #[schemars(required, description = "最迟：day 10、end、before、周五 10:00、month 12 end，可加钟点")]
        due: Option<Mark<String>>,
        #[schemars(description = "末日逢休顺延；不写按 pack.toml 的口径")]
        roll: Option<bool>,
        #[schemars(description = "每个收件部门、班次、办事处各要一份")]
        each: Option<Mark<WrittenEach>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenEach {
    #[schemars(required, description = "字段；一格里可以用顿号、逗号、分号隔开几个")]
    pub field: Option<Mark<String>>,
    #[schemars(required, description = "一个都不能少的值")]
    #[serde(default)]
    pub values: Vec<Mark<String>>,
}

/// More periods than this between a period and its due day are a slip of the pen.
const LONGEST_AFTER: u32 = 12;

impl WrittenDuty {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Duty> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let name = self.name.as_ref().or(self.title.as_ref()).map(|name| name.to_string());
        let period = self.period.as_ref().map(|period| tells_period(check, shape, period));
        let done = check.required_field(shape, &self.done, "done", Use::Moment);
        let undated = self.undated.as_ref().and_then(|word| check.word(word, &[("missing", true), ("indeterminate", false)]));
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let notices = self.notice.as_ref().map_or_else(DeadlineNotices::default, |notice| notice.check(check));
        let timed = done.as_deref().and_then(|done| shape.field(done)).is_some_and(|field| field.ty == FieldType::Datetime);
        let terms = check.versions(&self.version, |check, version| version.check(check, shape, timed, period.is_some()));
        Some(Duty {
            dataset: shape.dataset.clone(),
            scope: scope?,
            name: name?,
            period: match period {
                Some(found) => Some(found?),
                None => None,
            },
            done: done?,
            undated_is_missing: undated.unwrap_or(false),
            unit,
            person,
            owner: self.owner.as_ref().map(|owner| owner.to_string()),
            notices,
            terms,
        })
    }
}

/// A text, or a date that lies in the period.
pub(super) fn tells_period(check: &mut Check<'_>, shape: &Shape, name: &Mark<String>) -> Option<String> {
    let dated = shape.field(name).is_some_and(|field| matches!(field.ty, FieldType::Date | FieldType::Datetime));
    check.field(shape, name, if dated { Use::Moment } else { Use::Text })
}

impl WrittenDutyVersion {
    /// `timed`: the field with the submission has a time of day. `has_period`: a field says which period a row is for.
    fn check(&self, check: &mut Check<'_>, shape: &Shape, timed: bool, has_period: bool) -> Option<Term> {
        let every = check.required(&self.every, "every").and_then(|word| check.open_word(word, Every::WORDS));
        let due = check.required(&self.due, "due").and_then(|text| check.parsed(text, str::parse::<Due>));
        if let (Some(every), Some(due), Some(text)) = (every, due, &self.due) {
            if let Some(misfit) = due.misfit(every) {
                check.error(Code::RuleValue, text.span(), misfit);
            }
            if due.time.is_some() && !timed {
                let help = "把字段的类型改成 datetime，或去掉钟点";
                check.error_with(Code::RuleFieldType, text.span(), "due 写了钟点，提交时间字段却只有日期，当天的分不出先后", help);
            }
        }
        let months = check.months(every, &self.months);
        if let (Some(every @ (Every::Holiday | Every::HolidayBlock)), Some(word)) = (every, &self.every) {
            if self.after > 0 {
                check.error(Code::RuleValue, word.span(), "放假日、假期没有「下一期」，不写 after");
            }
            if every == Every::HolidayBlock && !has_period {
                let help = "写 period = \"期间\"，登记假期里的任一天";
                check.error_with(Code::RuleSyntax, word.span(), "holiday-block 要有写明是哪段假期的字段", help);
            }
        }
        if self.after > LONGEST_AFTER {
            let span = self.every.as_ref().map_or(check.span.clone(), Mark::span);
            check.error(Code::RuleValue, span, format!("after 最多 {LONGEST_AFTER} 期"));
        }
        let each = self.each.as_ref().map(|each| each.check(check, shape, each.span()));
        let each = match each {
            Some(found) => Some(found?),
            None => None,
        };
        Some(Term { every: every?, months, after: self.after, due: due?, roll: self.roll, each })
    }
}

impl WrittenEach {
    fn check(&self, check: &mut Check<'_>, shape: &Shape, span: Range<usize>) -> Option<Each> {
        let field = check.required_field(shape, &self.field, "each.field", Use::Text);
        let values: Vec<String> = self.values.iter().map(|value| value.to_string()).collect();
        if values.is_empty() && !check.maimed {
            check.error_with(Code::RuleSyntax, span, "each 没有列出任何值", "请写 values = [\"营销部\", \"生产部\"]");
        }
        Some(Each { field: field?, values })
    }
}
