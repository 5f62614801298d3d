//! Stations in this order, none skipped, optional ones marked.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::diag::Code;
use crate::rules::cell;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, WrittenTexts, written_rule, written_version};
use crate::rules::{Condition, Dated};

/// More steps than this in one row cannot be told apart in a verdict.
const MOST_STEPS: usize = 10;

#[derive(Debug, Clone)]
pub struct Order {
    pub dataset: String,
    pub scope: Condition,
    /// Of a log the moment of its rows; else the field that places a row in a month.
    pub at: Option<String>,
    /// Where it is filled the case has ended: what is not there by then was left out.
    pub done: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// `None`: the steps are moments of one row.
    pub log: Option<Log>,
    pub route: Dated<Vec<Stop>>,
}

/// A row a station that a case came to.
#[derive(Debug, Clone)]
pub struct Log {
    /// Fields that together name a case.
    pub case: Vec<String>,
    pub station: String,
    /// Orders rows of the same moment.
    pub seq: Option<String>,
}

/// One place of the route.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Spellings of the station in a log; the field of a step.
    pub names: Vec<String>,
    pub title: String,
    pub need: Need,
    /// Where it stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

/// Whether a case must come by.
#[derive(Debug, Clone)]
pub enum Need {
    Always,
    Never,
    /// Where it does not hold the case may still come by.
    When(Condition),
}

written_rule! {
    WrittenOrder {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "流转记录用：哪个（哪些）字段相同算同一案；写了它，版本里用 route")]
        case: Option<Mark<WrittenTexts>>,
        #[schemars(description = "流转记录用：站别字段")]
        station: Option<Mark<String>>,
        #[schemars(description = "流转记录用：同一时刻的行按哪个字段排先后")]
        seq: Option<Mark<String>>,
        #[schemars(description = "流转记录：各站按它排先后的时间字段；一行多步：按哪个日期归入月份、选版本")]
        at: Option<Mark<String>>,
        #[schemars(description = "填了它就算走完：到那时还没有的站（步）就是漏掉的")]
        done: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenOrderVersion>>,
    }
}

written_version! {
    WrittenOrderVersion {
        #[schemars(description = "流转记录的路线：依次经过的站")]
        #[serde(default)]
        route: Vec<Mark<WrittenStop>>,
        #[schemars(description = "一行里依次发生的日期字段")]
        #[serde(default)]
        steps: Vec<Mark<WrittenStep>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenStop {
    #[schemars(required, description = "站别；几种写法都算这一站的写成列表")]
    pub station: Option<Mark<WrittenTexts>>,
    #[schemars(description = "说明里怎么称呼这一站；不写用站别")]
    pub title: Option<String>,
    #[schemars(description = "true：可以不经过")]
    pub optional: Option<Mark<bool>>,
    #[schemars(description = "条件成立时必须经过，不成立时可以不经过")]
    pub when: Option<Mark<WrittenCondition>>,
}

/// A field's name, or a table that says more.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum WrittenStep {
    Name(String),
    Table(WrittenStepTable),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenStepTable {
    #[schemars(required, description = "日期字段")]
    pub field: Option<Mark<String>>,
    #[schemars(description = "说明里怎么称呼这一步；不写用字段名")]
    pub title: Option<String>,
    #[schemars(description = "true：可以没有")]
    pub optional: Option<Mark<bool>>,
    #[schemars(description = "条件成立时必须有，不成立时可以没有")]
    pub when: Option<Mark<WrittenCondition>>,
}

impl<'de> Deserialize<'de> for WrittenStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrTable;
        impl<'de> Visitor<'de> for NameOrTable {
            type Value = WrittenStep;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, name: &str) -> Result<WrittenStep, E> {
                Ok(WrittenStep::Name(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WrittenStep, A::Error> {
                WrittenStepTable::deserialize(MapAccessDeserializer::new(table)).map(WrittenStep::Table)
            }
        }
        deserializer.deserialize_any(NameOrTable)
    }
}

impl WrittenOrder {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Order> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let is_log = self.case.is_some() || self.station.is_some();
        if is_log {
            check.required(&self.at, "at");
        } else if let Some(seq) = &self.seq {
            check.error_with(Code::RuleSyntax, seq.span(), "seq 只用于流转记录", "流转记录要写 case 与 station；一行多步的去掉 seq");
        }
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let done = check.optional_field(shape, &self.done, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let log = if is_log { self.log(check, shape) } else { None };
        let route = check.versions(&self.version, |check, version| match (&log, is_log) {
            (Some(log), _) => check.route(shape, log, version),
            (None, true) => None,
            (None, false) => check.steps(shape, version),
        });
        if is_log && (at.is_none() || log.is_none()) {
            return None;
        }
        Some(Order { dataset: shape.dataset.clone(), scope: scope?, at, done, unit, person, log, route })
    }

    fn log(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Log> {
        let names = check.required(&self.case, "case").map(|case| case.texts()).unwrap_or_default();
        let case = check.fields(shape, &names, Use::Any);
        let station = check.required_field(shape, &self.station, "station", Use::Text);
        let seq = check.optional_field(shape, &self.seq, Use::Amount);
        (!case.is_empty() && case.len() == names.len()).then_some(Log { case, station: station?, seq })
    }
}

impl Check<'_> {
    fn route(&mut self, shape: &Shape, log: &Log, version: &Mark<WrittenOrderVersion>) -> Option<Vec<Stop>> {
        if let Some(first) = version.steps.first() {
            self.error_with(
                Code::RuleSyntax,
                first.span(),
                "写了 case 与 station 的规则用 route，不用 steps",
                "route = [{ station = \"业务部\" }, …]",
            );
        }
        self.at_least_two(version, version.route.len(), "route = [{ station = \"业务部\" }, { station = \"总经理室\" }]");
        self.rows(&version.route, |check, stop| {
            let written = check.required(&stop.station, "station");
            let names = written.map(|names| check.stations(shape, &log.station, &names.texts())).unwrap_or_default();
            let need = check.need(shape, &stop.optional, &stop.when);
            let title = stop.title.clone().or_else(|| names.first().cloned())?;
            Some(Stop { names, title, need: need?, span: stop.span() })
        })
    }

    fn steps(&mut self, shape: &Shape, version: &Mark<WrittenOrderVersion>) -> Option<Vec<Stop>> {
        if let Some(first) = version.route.first() {
            self.error_with(
                Code::RuleSyntax,
                first.span(),
                "route 要同 case 与 station 一起写",
                "case = \"客诉编号\",station = \"站别\",at = \"收文时间\"",
            );
        }
        self.at_least_two(version, version.steps.len(), "steps = [\"收表日期\", \"登记日期\"]");
        if let Some(beyond) = version.steps.get(MOST_STEPS) {
            self.error(Code::RuleValue, beyond.span(), format!("一条规则最多 {MOST_STEPS} 步，请拆成两条"));
        }
        let mut seen: Vec<String> = Vec::new();
        self.rows(&version.steps, |check, step| {
            let (field, title, need) = match &**step {
                WrittenStep::Name(name) => {
                    (check.field(shape, &Mark::new(step.span(), name.clone()), Use::Moment), None, Some(Need::Always))
                }
                WrittenStep::Table(table) => {
                    let field = check.required_field(shape, &table.field, "field", Use::Moment);
                    (field, table.title.clone(), check.need(shape, &table.optional, &table.when))
                }
            };
            let field = field?;
            if seen.contains(&field) {
                check.error(Code::RuleDuplicate, step.span(), format!("「{field}」在同一版本里写了两次"));
            }
            seen.push(field.clone());
            Some(Stop { title: title.unwrap_or_else(|| field.clone()), names: vec![field], need: need?, span: step.span() })
        })
    }

    fn at_least_two(&mut self, version: &Mark<WrittenOrderVersion>, count: usize, example: &str) {
        if count < 2 && !self.maimed {
            self.error_with(Code::RuleSyntax, version.span(), "至少两站（步）才有先后", format!("例如 {example}"));
        }
    }

    /// Values that the station field can have.
    fn stations(&mut self, shape: &Shape, field: &str, names: &[Mark<String>]) -> Vec<String> {
        let Some(field) = shape.field(field) else { return Vec::new() };
        let mut known = Vec::new();
        for name in names {
            match cell::literal(field, name) {
                Ok(_) => known.push(name.trim().to_owned()),
                Err(message) => self.error(Code::RuleValue, name.span(), message),
            }
        }
        known
    }

    fn need(&mut self, shape: &Shape, optional: &Option<Mark<bool>>, when: &Option<Mark<WrittenCondition>>) -> Option<Need> {
        match (optional, when) {
            (Some(optional), Some(_)) => {
                let help = "when 不成立时本来就可以不经过；只留一个";
                self.error_with(Code::RuleSyntax, optional.span(), "optional 与 when 只能写一个", help);
                None
            }
            (Some(optional), None) if **optional => Some(Need::Never),
            (_, None) => Some(Need::Always),
            (None, when) => self.condition(shape, when).map(Need::When),
        }
    }
}
