//! From `start` to `stop` within a limit, or by the date in a field.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, Quantity};

#[derive(Debug, Clone)]
pub struct Deadline {
    pub dataset: String,
    pub scope: Condition,
    pub start: String,
    pub stop: String,
    /// A field with the last permitted moment, instead of limits.
    pub due: Option<String>,
    /// Without a due date the verdict is `met` instead of `not_applicable`.
    pub no_due_is_met: bool,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// The unit that must act where no field names one.
    pub owner: Option<String>,
    pub pause: Option<Pause>,
    pub notices: DeadlineNotices,
    /// First row that applies; a subject that no row applies to is `not_applicable`. Empty where `due` is a field.
    pub limits: Dated<Vec<LimitRow>>,
}

#[derive(Debug, Clone)]
pub struct LimitRow {
    pub when: Condition,
    pub limit: Quantity,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

/// Intervals during which the clock stands still; overlapping ones count once.
#[derive(Debug, Clone)]
pub struct Pause {
    pub dataset: String,
    /// Field with the same name and meaning in both datasets.
    pub on: String,
    pub scope: Condition,
    pub from: String,
    /// Empty: still paused at `as_of`.
    pub to: String,
}

/// Ids of `notice` rules: for a subject still open, and for one that ended late.
#[derive(Debug, Clone, Default)]
pub struct DeadlineNotices {
    pub open: Option<String>,
    pub late: Option<String>,
}

written_rule! {
    WrittenDeadline {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(required, description = "起算日期字段")]
        start: Option<Mark<String>>,
        #[schemars(required, description = "完成日期字段；空着就是还没完成")]
        stop: Option<Mark<String>>,
        #[schemars(description = "应完成时间字段，代替时限")]
        due: Option<Mark<String>>,
        #[schemars(description = "没有应完成时间时：met 算合规；不写则不适用")]
        no_due: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "制度指定的责任部门，unit 没有写或空着时通知单开给它")]
        owner: Option<Mark<String>>,
        #[schemars(description = "停表：这些时段不计时")]
        pause: Option<Mark<WrittenPause>>,
        #[schemars(description = "通知单：open 未结逾期用，late 已结逾期用")]
        notice: Option<WrittenNotices>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenDeadlineVersion>>,
    }
}

written_version! {
    WrittenDeadlineVersion {
        #[schemars(description = "时限表，用第一个适用的行")]
        #[serde(default)]
        rows: Vec<Mark<WrittenLimitRow>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenLimitRow {
    #[schemars(description = "本行适用的条件；不写则总适用")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(required, description = "时限：30m 24h 4wh 15d 0.5d 3wd 1mo 1q 1y，或 ?参数名")]
    pub limit: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPause {
    #[schemars(required, description = "停表时段所在的数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "两张表都有的编号字段")]
    pub on: Option<Mark<String>>,
    #[schemars(description = "哪些行算停表")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(required, description = "停表开始字段")]
    pub from: Option<Mark<String>>,
    #[schemars(required, description = "停表结束字段")]
    pub to: Option<Mark<String>>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenNotices {
    #[schemars(description = "还没完成而已逾期时开的通知单")]
    pub open: Option<Mark<String>>,
    #[schemars(description = "已完成但逾期时开的通知单")]
    pub late: Option<Mark<String>>,
}

impl WrittenDeadline {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Deadline> {
        let shape = check.dataset(&self.dataset);
        let Some(shape) = shape else {
            check.versions(&self.version, |_, _| Some(()));
            return None;
        };
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let start = check.required_field(shape, &self.start, "start", Use::Moment);
        let stop = check.required_field(shape, &self.stop, "stop", Use::Moment);
        let due = check.optional_field(shape, &self.due, Use::Moment);
        let no_due_is_met = self.no_due.as_ref().and_then(|word| check.word(word, &[("met", true), ("not_applicable", false)]));
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let pause = self.pause.as_ref().and_then(|pause| pause.check(check, shape));
        let notices = self.notice.as_ref().map_or_else(DeadlineNotices::default, |notice| notice.check(check));
        let has_due = self.due.is_some();
        let limits = check.versions(&self.version, |check, version| {
            if version.rows.is_empty() && !has_due && !check.maimed {
                check.error_with(
                    Code::RuleSyntax,
                    version.span(),
                    "这个版本没有时限",
                    "请写 rows = [{ limit = \"15d\" }]，或用 due = \"日期字段\"",
                );
            }
            if has_due && !version.rows.is_empty() {
                check.error(Code::RuleSyntax, version.span(), "due 与 rows 只能写一种");
            }
            check.rows(&version.rows, |check, row| {
                let when = check.condition(shape, &row.when);
                let limit = check.required(&row.limit, "limit").and_then(|limit| check.quantity(limit));
                Some(LimitRow { when: when?, limit: limit?, span: row.span() })
            })
        });
        Some(Deadline {
            dataset: shape.dataset.clone(),
            scope: scope?,
            start: start?,
            stop: stop?,
            due,
            no_due_is_met: no_due_is_met.unwrap_or(false),
            unit,
            person,
            owner: self.owner.as_ref().map(|owner| owner.to_string()),
            pause,
            notices,
            limits,
        })
    }
}

impl WrittenNotices {
    pub fn check(&self, check: &mut Check<'_>) -> DeadlineNotices {
        let mut notice = |name: &Option<Mark<String>>| name.as_ref().and_then(|name| check.optional_notice(name));
        DeadlineNotices { open: notice(&self.open), late: notice(&self.late) }
    }
}

impl WrittenPause {
    fn check(&self, check: &mut Check<'_>, outer: &Shape) -> Option<Pause> {
        let shape = check.dataset(&self.dataset)?;
        let on = check.required_field(shape, &self.on, "on", Use::Any);
        check.optional_field(outer, &self.on, Use::Any);
        let scope = check.condition(shape, &self.r#where);
        let from = check.required_field(shape, &self.from, "from", Use::Moment);
        let to = check.required_field(shape, &self.to, "to", Use::Moment);
        Some(Pause { dataset: shape.dataset.clone(), on: on?, scope: scope?, from: from?, to: to? })
    }
}
