//! A monthly table: a summary with groups, measures and charts, or a register of cases with their stations.

use schemars::JsonSchema;
use serde::Deserialize;

use super::sending::{self, SentTo};
use crate::diag::Code;
use crate::rules::Condition;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule};

#[derive(Debug, Clone)]
pub struct Statistic {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month.
    pub at: String,
    /// Day of the following month by which it is due.
    pub by_day: Option<u32>,
    /// Id of the deadline rule whose verdict is on time or late, and whose elapsed time is 天数.
    pub on_time: Option<String>,
    /// Further fields of the detail sheet or register, in order.
    pub columns: Vec<String>,
    pub layout: Layout,
    /// Departments that sign the sheet.
    pub signatures: Vec<String>,
    /// Whose folders it goes to.
    pub send: Vec<SentTo>,
    pub clause: String,
}

#[derive(Debug, Clone)]
pub enum Layout {
    /// Subjects that ended in the month, counted by group.
    Summary {
        /// One table each, in this order; each a field of the dataset.
        groups: Vec<String>,
        /// Group of the Pareto chart.
        pareto: Option<String>,
        loss: Option<Loss>,
    },
    /// Every subject that was open at some time in the month, a line each.
    Register { stations: Option<Stations> },
}

/// Where a subject's loss stands: rows of another dataset, several a subject, one a responsible unit.
#[derive(Debug, Clone)]
pub struct Loss {
    pub dataset: String,
    /// Field with the same meaning in both datasets: the subject's key.
    pub on: String,
    /// The unit's share in yuan; a subject's loss is the sum of its shares.
    pub share: String,
    /// Fields that the subject takes from its row with the largest share, the first of equals.
    pub take: Vec<String>,
    /// Further fields of the shares' detail sheet.
    pub columns: Vec<String>,
}

/// The route of a subject from desk to desk.
#[derive(Debug, Clone)]
pub struct Stations {
    pub dataset: String,
    pub on: String,
    pub order: String,
    pub name: String,
    pub received: String,
    pub sent: String,
}

written_rule! {
    WrittenStatistic {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(required, description = "按哪个日期归入月份")]
        at: Option<Mark<String>>,
        #[schemars(description = "次月几日前要做出来")]
        by_day: Option<u32>,
        #[schemars(description = "按哪条时限规则判断及时与天数")]
        on_time: Option<Mark<String>>,
        #[schemars(description = "明细表另外列出的字段")]
        #[serde(default)]
        columns: Vec<Mark<String>>,
        #[schemars(description = "汇总表;与 register 二选一")]
        summary: Option<Mark<WrittenSummary>>,
        #[schemars(description = "登记表;与 summary 二选一")]
        register: Option<Mark<WrittenRegister>>,
        #[schemars(description = "会签部门")]
        #[serde(default)]
        signatures: Vec<String>,
        #[schemars(description = "送给谁:部门名称得全表;\"{字段}\" 让该字段里的每个部门得自己的行(只限 register)")]
        #[serde(default)]
        send: Vec<Mark<String>>,
        #[schemars(required, description = "依据:文件编号 空格 条款")]
        cite: Option<Mark<String>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSummary {
    #[schemars(required, description = "按这些字段各做一张表")]
    #[serde(default)]
    pub groups: Vec<Mark<String>>,
    #[schemars(description = "柏拉图用哪个字段")]
    pub pareto: Option<Mark<String>>,
    #[schemars(description = "损失金额从哪里来")]
    pub loss: Option<Mark<WrittenLoss>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenLoss {
    #[schemars(required, description = "损失所在的数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "两张表都有的编号字段")]
    pub on: Option<Mark<String>>,
    #[schemars(required, description = "部门分摊的损失字段")]
    pub share: Option<Mark<String>>,
    #[schemars(description = "案件从分摊最大的一行取这些字段")]
    #[serde(default)]
    pub take: Vec<Mark<String>>,
    #[schemars(description = "损失明细另外列出的字段")]
    #[serde(default)]
    pub columns: Vec<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenRegister {
    #[schemars(description = "各站收送时间从哪里来")]
    pub stations: Option<Mark<WrittenStations>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenStations {
    #[schemars(required, description = "流转所在的数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "两张表都有的编号字段")]
    pub on: Option<Mark<String>>,
    #[schemars(required, description = "站序字段")]
    pub order: Option<Mark<String>>,
    #[schemars(required, description = "站别字段")]
    pub name: Option<Mark<String>>,
    #[schemars(required, description = "收文时间字段")]
    pub received: Option<Mark<String>>,
    #[schemars(required, description = "送出时间字段")]
    pub sent: Option<Mark<String>>,
}

impl WrittenStatistic {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Statistic> {
        let cite = check.required(&self.cite, "cite").and_then(|cite| check.cite(cite));
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.required_field(shape, &self.at, "at", Use::Moment);
        let on_time = self.on_time.as_ref().and_then(|name| check.rule_named(name, Some("deadline"))).map(|entry| entry.id.clone());
        let mut columns = check.fields(shape, &self.columns, Use::Any);
        let layout = match (&self.summary, &self.register) {
            (Some(summary), None) => summary.check(check, shape),
            (None, Some(register)) => register.check(check, shape),
            _ if check.maimed => None,
            _ => {
                let span = check.span.clone();
                check.error(Code::RuleSyntax, span, "统计规则要在 summary 和 register 里写且只写一种");
                None
            }
        };
        let send = sending::check(check, shape, &self.send);
        for field in send.iter().filter_map(SentTo::field).filter(|_| self.register.is_some()) {
            if !columns.iter().any(|known| known == field) {
                columns.push(field.to_owned());
            }
        }
        if let (Some(_), Some(SentTo::Each(field))) = (&self.summary, send.iter().find(|to| matches!(to, SentTo::Each(_)))) {
            let span = self.send.first().map_or(check.span.clone(), Mark::span);
            let message = format!("汇总表只能整张送,不能按「{field}」拆开");
            check.error_with(Code::RuleValue, span, message, "写部门名称,如 send = [\"会计\"];逐部门的行用 register");
        }
        Some(Statistic {
            dataset: shape.dataset.clone(),
            scope: scope?,
            at: at?,
            by_day: self.by_day,
            on_time,
            columns,
            layout: layout?,
            signatures: self.signatures.clone(),
            send,
            clause: check.clause(&cite?),
        })
    }
}

impl WrittenSummary {
    fn check(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Layout> {
        let loss = self.loss.as_ref().and_then(|loss| loss.check(check, shape));
        let taken: &[String] = loss.as_ref().map_or(&[], |loss: &Loss| &loss.take);
        let mut groups = Vec::new();
        for group in self.groups.iter().chain(&self.pareto) {
            if taken.contains(group) {
                groups.push(group.to_string());
            } else {
                groups.extend(check.field(shape, group, Use::Any));
            }
        }
        let pareto = self.pareto.as_ref().and_then(|_| groups.pop());
        Some(Layout::Summary { groups, pareto, loss })
    }
}

impl WrittenLoss {
    fn check(&self, check: &mut Check<'_>, outer: &Shape) -> Option<Loss> {
        let shape = check.dataset(&self.dataset)?;
        let on = check.required_field(shape, &self.on, "loss.on", Use::Any);
        check.optional_field(outer, &self.on, Use::Any);
        let share = check.required_field(shape, &self.share, "loss.share", Use::Amount);
        let take = check.fields(shape, &self.take, Use::Any);
        let columns = check.fields(shape, &self.columns, Use::Any);
        Some(Loss { dataset: shape.dataset.clone(), on: on?, share: share?, take, columns })
    }
}

impl WrittenRegister {
    fn check(&self, check: &mut Check<'_>, outer: &Shape) -> Option<Layout> {
        let Some(stations) = &self.stations else { return Some(Layout::Register { stations: None }) };
        let shape = check.dataset(&stations.dataset)?;
        let on = check.required_field(shape, &stations.on, "stations.on", Use::Any);
        check.optional_field(outer, &stations.on, Use::Any);
        let order = check.required_field(shape, &stations.order, "stations.order", Use::Any);
        let name = check.required_field(shape, &stations.name, "stations.name", Use::Text);
        let received = check.required_field(shape, &stations.received, "stations.received", Use::Moment);
        let sent = check.required_field(shape, &stations.sent, "stations.sent", Use::Moment);
        let dataset = shape.dataset.clone();
        let stations = Stations { dataset, on: on?, order: order?, name: name?, received: received?, sent: sent? };
        Some(Layout::Register { stations: Some(stations) })
    }
}
