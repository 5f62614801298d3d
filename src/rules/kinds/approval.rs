//! Who must at least approve what.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::signing::{MOST_SIGNERS, Signing, WrittenSigner};
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, Quantity, Unit};

#[derive(Debug, Clone)]
pub struct Approval {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: Option<String>,
    pub amount: String,
    /// The field with the approver's post.
    pub actor: String,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Posts from low to high.
    pub rank: Vec<String>,
    pub promise: Option<Promise>,
    pub split: Option<Split>,
    pub tables: Dated<ApprovalTable>,
}

#[derive(Debug, Clone)]
pub struct ApprovalTable {
    pub hit: Hit,
    pub rows: Vec<ApprovalRow>,
}

/// What several rows that apply mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hit {
    /// Lint proves that no two rows apply at once.
    #[default]
    Unique,
    /// The first row that applies.
    First,
    /// The row with the highest post.
    Highest,
}

#[derive(Debug, Clone)]
pub struct ApprovalRow {
    pub when: Condition,
    pub at_least: String,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

/// A promise to the customer must not precede the approval.
#[derive(Debug, Clone)]
pub struct Promise {
    pub at: String,
    pub approved: String,
}

/// Suspected splitting: rows alike in `by` whose approvals lie within a span and together need a higher post
/// than each of them had.
#[derive(Debug, Clone)]
pub struct Split {
    pub by: Vec<String>,
    /// Calendar days.
    pub within: Quantity,
}

written_rule! {
    WrittenApproval {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(description = "金额字段；几道签核（signers）不看金额，不写")]
        amount: Option<Mark<String>>,
        #[schemars(description = "核决人职务字段；几道签核不写")]
        actor: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "职务，由低到高；几道签核里是认得的全部职务，可以不写")]
        #[serde(default)]
        rank: Vec<Mark<String>>,
        #[schemars(description = "几道签核：单据开出的日期字段；没有开出的未签不算违规")]
        issued: Option<Mark<String>>,
        #[schemars(description = "对客户的承诺不得早于核决")]
        promise: Option<Mark<WrittenPromise>>,
        #[schemars(description = "疑似拆单：同一对象在若干天内合计越档")]
        split: Option<Mark<WrittenSplit>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenApprovalVersion>>,
    }
}

written_version! {
    WrittenApprovalVersion {
        #[schemars(description = "几行同时适用时：unique 不允许（默认） · first 用第一行 · highest 用最高职务")]
        hit: Option<Mark<String>>,
        #[schemars(description = "权限表")]
        #[serde(default)]
        rows: Vec<Mark<WrittenApprovalRow>>,
        #[schemars(description = "几道签核，按先后；代替权限表")]
        #[serde(default)]
        signers: Vec<Mark<WrittenSigner>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenApprovalRow {
    #[schemars(description = "本行适用的条件")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(required, description = "至少由谁核决")]
    pub at_least: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPromise {
    #[schemars(required, description = "对客户承诺的日期字段")]
    pub at: Option<Mark<String>>,
    #[schemars(required, description = "核决日期字段")]
    pub approved: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSplit {
    #[schemars(required, description = "哪些字段相同算同一对象")]
    #[serde(default)]
    pub by: Vec<Mark<String>>,
    #[schemars(required, description = "多少天以内，如 7d")]
    pub within: Option<Mark<String>>,
}

impl WrittenApproval {
    /// A table over amounts, or several signers.
    pub fn check(&self, check: &mut Check<'_>) -> Option<Kind> {
        match self.version.iter().any(|version| !version.signers.is_empty()) {
            true => self.check_signing(check).map(Kind::Signing),
            false => self.check_table(check).map(Kind::Approval),
        }
    }

    fn check_signing(&self, check: &mut Check<'_>) -> Option<Signing> {
        let table = [("amount", &self.amount), ("actor", &self.actor)];
        let named = table.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?.span())));
        let more = [("promise", self.promise.as_ref().map(Mark::span)), ("split", self.split.as_ref().map(Mark::span))];
        for (key, span) in named.chain(more.into_iter().filter_map(|(key, span)| Some((key, span?)))) {
            check.error_with(Code::RuleSyntax, span, format!("几道签核不看金额，不能写 {key}"), "金额分档另写一条 [[approval]]");
        }
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let issued = check.optional_field(shape, &self.issued, Use::Moment);
        let signers = check.versions(&self.version, |check, version| {
            if version.signers.is_empty() || !version.rows.is_empty() {
                check.error(Code::RuleSyntax, version.span(), "这条规则是几道签核：每个版本写 signers，不写 rows");
                return None;
            }
            if version.signers.len() > MOST_SIGNERS {
                check.error(Code::RuleSyntax, version.span(), format!("签核最多 {MOST_SIGNERS} 道"));
                return None;
            }
            check.rows(&version.signers, |check, signer| signer.check(check, shape, signer.span()))
        });
        let rank = self.rank.iter().map(|post| post.to_string()).collect();
        Some(Signing { dataset: shape.dataset.clone(), scope: scope?, at, unit, person, issued, rank, signers })
    }

    fn check_table(&self, check: &mut Check<'_>) -> Option<Approval> {
        if let Some(issued) = &self.issued {
            check.error_with(Code::RuleSyntax, issued.span(), "issued 只用于几道签核", "去掉 issued，或在版本里写 signers");
        }
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let amount = check.required_field(shape, &self.amount, "amount", Use::Amount);
        let actor = check.required_field(shape, &self.actor, "actor", Use::Text);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let rank = self.check_rank(check, shape);
        let promise = self.promise.as_ref().and_then(|promise| {
            let at = check.required_field(shape, &promise.at, "promise.at", Use::Moment);
            let approved = check.required_field(shape, &promise.approved, "promise.approved", Use::Moment);
            Some(Promise { at: at?, approved: approved? })
        });
        let split = self.split.as_ref().and_then(|split| split.check(check, shape));
        let tables = check.versions(&self.version, |check, version| {
            const HITS: &[(&str, Hit)] = &[("unique", Hit::Unique), ("first", Hit::First), ("highest", Hit::Highest)];
            let hit = version.hit.as_ref().map_or(Some(Hit::Unique), |hit| check.word(hit, HITS));
            if version.rows.is_empty() && !check.maimed {
                check.error(Code::RuleSyntax, version.span(), "这个版本的权限表是空的");
            }
            let rows = check.rows(&version.rows, |check, row| {
                let when = check.condition(shape, &row.when);
                let known: Vec<&str> = rank.iter().map(String::as_str).collect();
                let at_least = check.required(&row.at_least, "at_least")?;
                if !known.contains(&at_least.as_str()) {
                    check.dangling(Code::RuleValue, at_least, "rank 里没有职务", &known);
                    return None;
                }
                Some(ApprovalRow { when: when?, at_least: at_least.to_string(), span: row.span() })
            });
            Some(ApprovalTable { hit: hit?, rows: rows? })
        });
        Some(Approval {
            dataset: shape.dataset.clone(),
            scope: scope?,
            at,
            amount: amount?,
            actor: actor?,
            unit,
            person,
            rank,
            promise,
            split,
            tables,
        })
    }

    /// Posts are values of the actor field, each once.
    fn check_rank(&self, check: &mut Check<'_>, shape: &Shape) -> Vec<String> {
        let allowed = self.actor.as_ref().and_then(|actor| shape.field(actor)).map_or(&[][..], |field| &field.values);
        let mut rank: Vec<String> = Vec::new();
        if self.rank.is_empty() && !check.maimed {
            let span = check.span.clone();
            check.error_with(Code::RuleSyntax, span, "权限规则缺少 rank", "请由低到高列出职务：rank = [\"业务部门经理\", \"总经理\"]");
        }
        for post in &self.rank {
            if rank.iter().any(|known| *known == **post) {
                check.error(Code::RuleValue, post.span(), format!("职务「{}」写了两次", post.as_str()));
            } else if !allowed.is_empty() && !allowed.iter().any(|value| *value == **post) {
                let known: Vec<&str> = allowed.iter().map(String::as_str).collect();
                check.dangling(Code::RuleValue, post, "职务字段没有取值", &known);
            }
            rank.push(post.to_string());
        }
        rank
    }
}

impl WrittenSplit {
    fn check(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Split> {
        let by = check.fields(shape, &self.by, Use::Any);
        let written = check.required(&self.within, "split.within")?;
        let within = check.quantity(written)?;
        if within.unit != Unit::Day || !within.amount.fract().is_zero() {
            check.error(Code::RuleValue, written.span(), "拆单的天数要写成整数的日历天，如 7d");
            return None;
        }
        Some(Split { by, within })
    }
}
