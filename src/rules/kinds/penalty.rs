//! Findings or rows to sanctions: how much, by which time, up to what, and who bears it besides.

mod joint;
mod sanction;
mod times;
mod wage;

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, WrittenTexts, written_rule, written_version};
use crate::rules::{Condition, Dated};

use joint::WrittenJoint;
pub use joint::{Joint, Reading as JointReading};
use sanction::WrittenPenaltyRow;
pub use sanction::{Amount, Sanction};
pub use times::{Lookback, Times};
pub use wage::Wage;
use wage::{WrittenCap, WrittenWage};

#[derive(Debug, Clone)]
pub struct Penalty {
    pub base: Base,
    /// The field that places a row in a month; for findings the finding's own month.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// Fields in which two times are the same thing done again.
    pub same: Vec<String>,
    /// Fields in which two rows are one and the same time.
    pub once: Vec<String>,
    pub wage: Option<Wage>,
    /// Ids of `notice` rules: what costs money, and what is made public. At least one of them is there.
    pub notice: Option<String>,
    pub announce: Option<String>,
    /// Post that must confirm.
    pub confirm: Option<String>,
    pub terms: Dated<Terms>,
}

/// One version of a penalty.
#[derive(Debug, Clone)]
pub struct Terms {
    /// First row that applies; rows with [`PenaltyRow::times`] cover every number of times once.
    pub rows: Vec<PenaltyRow>,
    /// How far back times are counted; there where rows ask for it.
    pub lookback: Option<Lookback>,
    pub joint: Option<Joint>,
    /// The most that a person bears in a calendar month.
    pub cap: Option<Amount>,
}

impl Terms {
    /// Whether the sanction depends on how often it happened.
    pub fn counts(&self) -> bool {
        self.rows.iter().any(|row| row.times.is_some())
    }
}

/// What is penalised.
#[derive(Debug, Clone)]
pub enum Base {
    /// Breaches of these rules of the same pack.
    Findings {
        rules: Vec<String>,
        dataset: String,
    },
    Rows {
        dataset: String,
        scope: Condition,
    },
}

impl Base {
    pub fn dataset(&self) -> &str {
        match self {
            Base::Findings { dataset, .. } | Base::Rows { dataset, .. } => dataset,
        }
    }
}

#[derive(Debug, Clone)]
pub struct PenaltyRow {
    pub when: Condition,
    pub times: Option<Times>,
    pub sanction: Sanction,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

impl Penalty {
    /// The row of a verdict's place among all rows of all versions.
    pub fn row(&self, index: usize) -> Option<&PenaltyRow> {
        self.terms.versions.iter().flat_map(|version| &version.body.rows).nth(index)
    }

    pub fn counts(&self) -> bool {
        self.terms.versions.iter().any(|version| version.body.counts())
    }
}

written_rule! {
    WrittenPenalty {
        #[schemars(description = "按数据表的行罚扣")]
        from_rows: Option<Mark<WrittenFromRows>>,
        #[schemars(description = "按这些规则查出的违规罚扣")]
        #[serde(default)]
        findings: Vec<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本、排先后")]
        at: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "计次时哪些字段相同才算同一种：一个字段或一列字段")]
        same: Option<Mark<WrittenTexts>>,
        #[schemars(description = "这些字段都相同的行是同一次，只算第一行；只用于 from_rows")]
        once: Option<Mark<WrittenTexts>>,
        #[schemars(description = "从别的表按人取工资，在 share 里用")]
        wage: Option<Mark<WrittenWage>>,
        #[schemars(description = "通知单：有金额的开这一张")]
        notice: Option<Mark<String>>,
        #[schemars(description = "公布单：有处分的开这一张")]
        announce: Option<Mark<String>>,
        #[schemars(description = "由谁批准")]
        confirm: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenPenaltyVersion>>,
    }
}

written_version! {
    WrittenPenaltyVersion {
        #[schemars(description = "罚则，用第一个适用的行")]
        #[serde(default)]
        rows: Vec<Mark<WrittenPenaltyRow>>,
        #[schemars(description = "按第几次的罚则，代替 rows")]
        #[serde(default)]
        steps: Vec<Mark<WrittenPenaltyRow>>,
        #[schemars(description = "计次往前看多久：all month quarter half-year year，或 6mo 1y 30d，或 ?参数名")]
        lookback: Option<Mark<String>>,
        #[schemars(description = "主管连带")]
        joint: Option<Mark<WrittenJoint>>,
        #[schemars(description = "每人每月封顶：{ fine = \"500\" } 或 { share = \"基本工资\", rate = \"20%\" }")]
        cap: Option<Mark<WrittenCap>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFromRows {
    #[schemars(required, description = "数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "只看满足这些条件的行")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "条件格写不出来时用的 SQL 条件")]
    pub where_sql: Option<Mark<String>>,
}

impl WrittenPenalty {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Penalty> {
        let notice = self.notice.as_ref().map(|name| check.filled_notice(name));
        let announce = self.announce.as_ref().map(|name| check.filled_notice(name));
        let (base, shape) = self.check_base(check)?;
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let same = self.same.as_ref().map(Mark::texts).unwrap_or_default();
        let same = check.fields(shape, &same, Use::Any);
        let once = self.once.as_ref().map(Mark::texts).unwrap_or_default();
        let once = check.fields(shape, &once, Use::Any);
        if let (Some(once), Base::Findings { .. }) = (&self.once, &base) {
            check.error(Code::RuleSyntax, once.span(), "once 只用于 from_rows；按别的规则的违规罚扣的，在那条规则里写");
        }
        let wage = match &self.wage {
            Some(wage) => Some(wage.check(check, shape)?),
            None => None,
        };
        let terms = check.versions(&self.version, |check, version| version.check(check, shape, wage.as_ref()));
        self.asks_for_a_person(check);
        self.asks_for_a_form(check, &terms);
        let confirm = self.confirm.as_ref().map(|post| post.to_string());
        let (notice, announce) =
            (notice.map_or(Some(None), |found| found.map(Some))?, announce.map_or(Some(None), |found| found.map(Some))?);
        Some(Penalty { base, at, unit, person, same, once, wage, notice, announce, confirm, terms })
    }

    /// Whose times, whose month, whose supervisor.
    fn asks_for_a_person(&self, check: &mut Check<'_>) {
        let personal = |version: &Mark<WrittenPenaltyVersion>| {
            let steps = version.steps.first().map(Mark::span);
            steps.or(version.cap.as_ref().map(Mark::span)).or(version.joint.as_ref().map(Mark::span))
        };
        let span = self.version.iter().find_map(personal);
        if let (None, Some(span), false) = (&self.person, span, check.maimed) {
            check.error_with(Code::RuleSyntax, span, "计次、封顶、连带都按人算，规则没有写 person", "写明责任人字段：person = \"员工\"");
        }
    }

    /// Money needs a notice; an action alone may do with an announcement.
    fn asks_for_a_form(&self, check: &mut Check<'_>, terms: &Dated<Terms>) {
        let rows = || terms.versions.iter().flat_map(|version| &version.body.rows);
        let money = rows().any(|row| row.sanction.amount.is_some());
        let nothing = self.notice.is_none() && (money || self.announce.is_none());
        if nothing && !check.maimed {
            let (rule, span) = (check.rule.clone(), check.span.clone());
            check.error_with(Code::RuleSyntax, span, format!("规则「{rule}」缺少 notice"), "请补上一行 notice = …");
        }
    }

    fn check_base<'a>(&self, check: &mut Check<'a>) -> Option<(Base, &'a Shape)> {
        let span = check.span.clone();
        match (&self.from_rows, self.findings.is_empty()) {
            (Some(rows), true) => {
                let shape = check.dataset(&rows.dataset)?;
                let scope = check.scope(shape, &rows.r#where, &rows.where_sql)?;
                Some((Base::Rows { dataset: shape.dataset.clone(), scope }, shape))
            }
            (None, false) => {
                let found: Vec<_> = self.findings.iter().map(|name| (name, check.rule_named(name, None))).collect();
                let mut dataset: Option<&str> = None;
                for (name, entry) in &found {
                    let Some(of_rule) = (*entry)?.dataset.as_deref() else {
                        let help = "罚扣要落到一行记录上；改用逐行判定的规则，或写 from_rows";
                        check.error_with(Code::RuleDangling, name.span(), format!("规则「{}」不是逐行判定", name.as_str()), help);
                        return None;
                    };
                    if dataset.is_some_and(|dataset| dataset != of_rule) {
                        check.error(Code::RuleDangling, name.span(), "findings 里的规则要看同一张数据表");
                    }
                    dataset = Some(of_rule);
                }
                let shape = check.shapes.get(dataset?)?;
                let rules = self.findings.iter().map(|name| name.to_string()).collect();
                Some((Base::Findings { rules, dataset: shape.dataset.clone() }, shape))
            }
            (None, true) if check.maimed => None,
            _ => {
                let help = "写 from_rows = { dataset = \"责任与损失\" } 或 findings = [\"规则编号\"]";
                check.error_with(Code::RuleSyntax, span, "罚扣的依据要在 from_rows 和 findings 里写且只写一种", help);
                None
            }
        }
    }
}

impl Mark<WrittenPenaltyVersion> {
    fn check(&self, check: &mut Check<'_>, shape: &Shape, wage: Option<&Wage>) -> Option<Terms> {
        let written = match (self.rows.as_slice(), self.steps.as_slice()) {
            ([], []) => {
                if !check.maimed {
                    check.error(Code::RuleSyntax, self.span(), "这个版本没有罚扣标准");
                }
                return None;
            }
            (rows, []) => rows,
            ([], steps) => steps,
            ([_, ..], [step, ..]) => {
                check.error(Code::RuleSyntax, step.span(), "rows 和 steps 只能写一种");
                return None;
            }
        };
        let stepped = self.rows.is_empty();
        let rows = check.rows(written, |check, row| {
            let when = check.condition(shape, &row.when);
            let times = row.times(check, stepped);
            let sanction = row.sanction(check, shape, wage);
            Some(PenaltyRow { when: when?, times: times?, sanction: sanction?, span: row.span() })
        });
        let lookback = times::lookback(check, &self.lookback, stepped.then(|| self.span()));
        let joint = self.joint.as_ref().map(|joint| joint.check(check, shape));
        let cap = self.cap.as_ref().map(|cap| cap.check(check, shape, wage));
        let (rows, lookback) = (rows?, lookback?);
        if stepped {
            times::covers(check, &rows, lookback.as_ref())?;
        }
        let joint = joint.map_or(Some(None), |joint| joint.map(Some))?;
        let cap = cap.map_or(Some(None), |cap| cap.map(Some))?;
        Some(Terms { rows, lookback, joint, cap })
    }
}
