//! A monthly table: a summary with groups and charts, a register of cases, lists of verdicts, times at the desks, losses.

mod dues;
mod listing;
mod scores;
mod tables;

use schemars::JsonSchema;
use serde::Deserialize;

use super::sending::{self, SentTo};
use crate::diag::Code;
use crate::rules::Condition;
use crate::rules::check::{Check, Entry, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule};

pub use dues::{Dues, WrittenDues};
pub use listing::{GroupBy, Listed, Section, Shown, WrittenSection};
pub use scores::{PointsBook, ScoreBook, ScoreBooks, WrittenPointsBook, WrittenScoreBook};
pub use tables::{LossTable, StationTimes, WrittenLossTable, WrittenStationTimes};

/// Columns that the detail of a statistic has besides its fields.
pub const MONTH: &str = "统计月";
pub const DAYS: &str = "天数";
pub const ON_TIME: &str = "按期";
pub const LOSS: &str = "损失金额";

#[derive(Debug, Clone)]
pub struct Statistic {
    /// Of the first list, where there are several.
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a subject in a month; lists leave that to their rules.
    pub at: Option<String>,
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

impl Statistic {
    /// The rule whose points or scores it shows.
    pub fn people_of(&self) -> Option<&str> {
        match &self.layout {
            Layout::Points(book) => Some(&book.rule),
            Layout::Scores(book) => Some(&book.rule),
            _ => None,
        }
    }

    /// Where its subjects' losses stand.
    pub fn loss(&self) -> Option<&Loss> {
        match &self.layout {
            Layout::Summary { loss, .. } => loss.as_ref(),
            _ => None,
        }
    }
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
        confirm: Option<Confirm>,
        /// Which cases it counts, in front of 件数: `结案`; may be empty.
        counted: String,
    },
    /// Every subject that was open at some time in the month, a line each.
    Register {
        stations: Option<Stations>,
    },
    /// A sheet each.
    Listing(Vec<Section>),
    StationTimes(StationTimes),
    Losses(LossTable),
    Dues(Dues),
    Points(PointsBook),
    Scores(ScoreBook),
}

impl Layout {
    /// What it reads beside the statistic's own dataset.
    pub fn datasets(&self) -> Vec<&str> {
        match self {
            Layout::Summary { loss, .. } => loss.iter().map(|loss| loss.dataset.as_str()).collect(),
            Layout::Register { stations } => stations.iter().map(|stations| stations.dataset.as_str()).collect(),
            Layout::Listing(sections) => sections.iter().map(|section| section.dataset.as_str()).collect(),
            Layout::Dues(dues) => dues.datasets.iter().map(String::as_str).collect(),
            Layout::Losses(_) | Layout::StationTimes(_) | Layout::Points(_) | Layout::Scores(_) => Vec::new(),
        }
    }
}

/// A sheet on which departments confirm who answers for each case, and sign.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// Columns of the cases or of their shares.
    pub columns: Vec<String>,
    /// Columns to be filled in by hand.
    pub write: Vec<String>,
    /// Departments that sign for each case.
    pub sign: Vec<String>,
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
        #[schemars(description = "数据表；清单（listing）、扣分、评分不写")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份；清单（listing）、扣分、评分不写")]
        at: Option<Mark<String>>,
        #[schemars(description = "次月几日前要做出来")]
        by_day: Option<u32>,
        #[schemars(description = "按哪条时限规则判断及时与天数")]
        on_time: Option<Mark<String>>,
        #[schemars(description = "明细表另外列出的字段")]
        #[serde(default)]
        columns: Vec<Mark<String>>,
        #[schemars(description = "汇总表；八种版式只写一种")]
        summary: Option<Mark<WrittenSummary>>,
        #[schemars(description = "登记表")]
        register: Option<Mark<WrittenRegister>>,
        #[schemars(description = "清单：一段一张工作表")]
        #[serde(default)]
        listing: Vec<Mark<WrittenSection>>,
        #[schemars(description = "各站时效")]
        stations: Option<Mark<WrittenStationTimes>>,
        #[schemars(description = "部门损失")]
        losses: Option<Mark<WrittenLossTable>>,
        #[schemars(description = "应做已做")]
        dues: Option<Mark<WrittenDues>>,
        #[schemars(description = "扣分汇总")]
        points: Option<Mark<WrittenPointsBook>>,
        #[schemars(description = "评分的记录表与统计表")]
        scores: Option<Mark<WrittenScoreBook>>,
        #[schemars(description = "会签部门")]
        #[serde(default)]
        signatures: Vec<String>,
        #[schemars(description = "送给谁：部门名称得全表；\"{字段}\" 让该字段里的每个部门得自己的行（只限 register、points、scores）")]
        #[serde(default)]
        send: Vec<Mark<String>>,
        #[schemars(required, description = "依据：文件编号 空格 条款")]
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
    #[schemars(description = "另做一张责任归属确认表，供会同签章")]
    pub confirm: Option<Mark<WrittenConfirm>>,
    #[schemars(description = "数的是哪种案件，写在「件数」前面：结案 印作「结案件数」；不写就是件数")]
    #[serde(default)]
    pub counted: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenConfirm {
    #[schemars(required, description = "列出案件或损失分摊的哪些列")]
    #[serde(default)]
    pub columns: Vec<Mark<String>>,
    #[schemars(description = "留空手填的栏")]
    #[serde(default)]
    pub write: Vec<String>,
    #[schemars(required, description = "逐案签章的部门")]
    #[serde(default)]
    pub sign: Vec<String>,
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
        let written = [
            self.summary.is_some(),
            self.register.is_some(),
            !self.listing.is_empty(),
            self.stations.is_some(),
            self.losses.is_some(),
            self.dues.is_some(),
            self.points.is_some(),
            self.scores.is_some(),
        ];
        if written.into_iter().filter(|is| *is).count() != 1 {
            if !check.maimed {
                let span = check.span.clone();
                let message = "统计规则要在 summary、register、listing、stations、losses、dues、points、scores 里写且只写一种";
                check.error(Code::RuleSyntax, span, message);
            }
            return None;
        }
        let statistic = match (self.listing.is_empty() && self.dues.is_none(), &self.points, &self.scores) {
            (false, ..) => self.of_verdicts(check),
            (true, Some(book), _) => book.check(check).and_then(|(book, entry)| self.of_people(check, entry, Layout::Points(book))),
            (true, _, Some(book)) => book.check(check).and_then(|(book, entry)| self.of_people(check, entry, Layout::Scores(book))),
            _ => self.of_subjects(check),
        };
        Some(Statistic { clause: check.clause(&cite?), ..statistic? })
    }

    /// Everything but the clause.
    fn of_subjects(&self, check: &mut Check<'_>) -> Option<Statistic> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.required_field(shape, &self.at, "at", Use::Moment);
        let on_time = self.on_time.as_ref().and_then(|name| check.rule_named(name, Some("deadline"))).map(|entry| entry.id.clone());
        let mut columns = check.fields(shape, &self.columns, Use::Any);
        let layout = match (&self.summary, &self.register, &self.stations, &self.losses) {
            (Some(summary), ..) => summary.check(check, shape, &columns),
            (_, Some(register), ..) => register.check(check, shape),
            (_, _, Some(stations), _) => stations.check(check, shape).map(Layout::StationTimes),
            (_, _, _, losses) => losses.as_ref().and_then(|losses| losses.check(check, shape, &columns)).map(Layout::Losses),
        };
        let send = if self.register.is_some() { sending::check(check, shape, &self.send) } else { self.offices(check, &shape.dataset) };
        for field in send.iter().filter_map(SentTo::field).filter(|_| self.register.is_some()) {
            if !columns.iter().any(|known| known == field) {
                columns.push(field.to_owned());
            }
        }
        Some(Statistic { scope: scope?, at: Some(at?), on_time, columns, ..self.over(&shape.dataset, layout?, send) })
    }

    /// Over all rows of a dataset, with no columns of their own.
    fn over(&self, dataset: &str, layout: Layout, send: Vec<SentTo>) -> Statistic {
        Statistic {
            dataset: dataset.to_owned(),
            scope: Condition::always(),
            at: None,
            by_day: self.by_day,
            on_time: None,
            columns: Vec::new(),
            layout,
            signatures: self.signatures.clone(),
            send,
            clause: String::new(),
        }
    }

    /// Who is sent a table that cannot be divided.
    fn offices(&self, check: &mut Check<'_>, dataset: &str) -> Vec<SentTo> {
        let Some(shape) = check.shapes.get(dataset) else { return Vec::new() };
        let send = sending::check(check, shape, &self.send);
        if let Some(field) = send.iter().find_map(SentTo::field) {
            let span = self.send.first().map_or(check.span.clone(), Mark::span);
            let message = format!("只有登记表能逐部门送，这张表不能按「{field}」拆开");
            check.error_with(Code::RuleValue, span, message, "写部门名称，如 send = [\"会计\"]；逐部门的行用 register");
        }
        send
    }

    fn leaves_rows_to_rules(&self, check: &mut Check<'_>, what: &str, hint: &str) {
        let unused = [&self.dataset, &self.where_sql, &self.at, &self.on_time].into_iter().flatten().chain(&self.columns);
        let spans = unused.map(Mark::span).chain(self.r#where.as_ref().map(Mark::span));
        for span in spans.collect::<Vec<_>>() {
            check.error(Code::RuleSyntax, span, format!("{what}的数据表、范围和月份由所列的规则决定，这里不写{hint}"));
        }
    }

    /// Books of people take everything from their rule.
    fn of_people(&self, check: &mut Check<'_>, entry: &Entry, layout: Layout) -> Option<Statistic> {
        self.leaves_rows_to_rules(check, "扣分、评分的表", "");
        let shape = entry.reads.as_deref().and_then(|dataset| check.shapes.get(dataset))?;
        let send = sending::check(check, shape, &self.send);
        scores::sent_by_unit(check, entry, &self.send);
        Some(self.over(&shape.dataset, layout, send))
    }

    /// Lists and dues take dataset and month from the rules whose verdicts they show.
    fn of_verdicts(&self, check: &mut Check<'_>) -> Option<Statistic> {
        let (what, hint) = if self.dues.is_some() { ("应做已做表", "") } else { ("清单", "；要列的字段写在清单里") };
        self.leaves_rows_to_rules(check, what, hint);
        let (dataset, layout) = match &self.dues {
            Some(dues) => {
                let dues = dues.check(check)?;
                (dues.datasets.first().cloned()?, Layout::Dues(dues))
            }
            None => {
                let sections: Vec<Section> = self.listing.iter().filter_map(|section| section.check(check)).collect();
                let dataset = sections.first().map(|section| section.dataset.clone())?;
                if sections.len() != self.listing.len() {
                    return None;
                }
                (dataset, Layout::Listing(sections))
            }
        };
        let send = self.offices(check, &dataset);
        Some(self.over(&dataset, layout, send))
    }
}

impl WrittenSummary {
    fn check(&self, check: &mut Check<'_>, shape: &Shape, columns: &[String]) -> Option<Layout> {
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
        let confirm = match &self.confirm {
            Some(confirm) => Some(confirm.check(check, loss.as_ref(), groups.iter().chain(columns))?),
            None => None,
        };
        Some(Layout::Summary { groups, pareto, loss, confirm, counted: self.counted.clone() })
    }
}

impl WrittenConfirm {
    /// `fields`: what the cases' detail has.
    fn check<'a>(&self, check: &mut Check<'_>, loss: Option<&'a Loss>, fields: impl Iterator<Item = &'a String>) -> Option<Confirm> {
        let of_loss = loss.into_iter().flat_map(|loss| [&loss.on, &loss.share].into_iter().chain(&loss.columns));
        let mut known: Vec<&str> = fields.chain(of_loss).map(String::as_str).chain([DAYS, ON_TIME, LOSS]).collect();
        known.dedup();
        let mut columns = Vec::new();
        for name in &self.columns {
            if known.contains(&name.as_str()) {
                columns.push(name.to_string());
            } else {
                check.dangling(Code::RuleDangling, name, "统计明细里没有这一列：", &known);
            }
        }
        (columns.len() == self.columns.len()).then(|| Confirm { columns, write: self.write.clone(), sign: self.sign.clone() })
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
