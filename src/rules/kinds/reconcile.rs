//! Two figures that must agree, within what is allowed.

use rust_decimal::Decimal;

use crate::diag::Code;
use crate::rules::check::{Check, Use, rate};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated, FieldType, Formula, cell};

#[derive(Debug, Clone)]
pub struct Reconcile {
    pub dataset: String,
    pub scope: Condition,
    /// The field that places a row in a month; of a group the latest one.
    pub at: Option<String>,
    pub unit: Option<String>,
    pub person: Option<String>,
    /// One verdict a group of rows alike in these; empty: one a row.
    pub by: Vec<String>,
    pub left: Figure,
    pub right: Figure,
    pub margins: Dated<Margins>,
}

/// A figure of a row or of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub formula: Formula,
    /// Added up over the group; else it must be the same in every row of it.
    pub sum: bool,
    /// Shown as a percentage.
    pub percent: bool,
}

/// How far the left figure may lie from the right one, and what excuses it where it lies farther.
#[derive(Debug, Clone, PartialEq)]
pub struct Margins {
    pub over: Margin,
    pub under: Margin,
    pub unless: Option<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Margin {
    Any,
    /// In the figures' own unit.
    Amount(Decimal),
    /// Share of the right figure.
    Share(Decimal),
    /// Share of the right figure that a field names; where it is empty, `or`.
    ShareIn {
        field: String,
        or: Option<Decimal>,
    },
}

impl Figure {
    /// `责任比率合计`
    pub fn title(&self) -> String {
        match &self.formula {
            Formula::Number(_) => "规定数".to_owned(),
            // what it is rounded to belongs to the rule, not to its name
            Formula::Round(inner, _) if !self.sum => inner.to_string(),
            formula if self.sum => format!("{formula}合计"),
            formula => formula.to_string(),
        }
    }

    /// `100%`, `12.5`
    pub fn shown(&self, value: Decimal) -> String {
        if self.percent { format!("{}%", (value * Decimal::ONE_HUNDRED).normalize()) } else { value.normalize().to_string() }
    }
}

impl Margin {
    pub fn chinese(&self) -> String {
        let percent = |share: &Decimal| format!("{}%", (share * Decimal::ONE_HUNDRED).normalize());
        match self {
            Margin::Any => "不限".to_owned(),
            Margin::Amount(amount) if amount.is_zero() => "不可".to_owned(),
            Margin::Amount(amount) => amount.normalize().to_string(),
            Margin::Share(share) => percent(share),
            Margin::ShareIn { field, or: None } => format!("「{field}」"),
            Margin::ShareIn { field, or: Some(or) } => format!("「{field}」，未填按 {}", percent(or)),
        }
    }
}

written_rule! {
    WrittenReconcile {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "按哪个日期归入月份、选版本；几行合核时取最晚的")]
        at: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "这些字段相同的行合起来核对；不写则逐行核对")]
        #[serde(default)]
        by: Vec<Mark<String>>,
        #[schemars(required, description = "核对的数：字段或公式；几行合核时写 SUM(…)")]
        left: Option<Mark<String>>,
        #[schemars(required, description = "应有的数：字段、公式或常数（100、100%），也可以是 SUM(…)")]
        right: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenReconcileVersion>>,
    }
}

written_version! {
    WrittenReconcileVersion {
        #[schemars(description = "left 比 right 多时的允差：10%（占 right 的比率）、0.5（数）、any（不限）、{比率字段}、?参数名；不写则一点不能多")]
        over: Option<Mark<String>>,
        #[schemars(description = "over 写 {比率字段} 而该行空着时用的比率")]
        over_or: Option<Mark<String>>,
        #[schemars(description = "left 比 right 少时的允差，写法同 over；不写则一点不能少")]
        under: Option<Mark<String>>,
        #[schemars(description = "under 写 {比率字段} 而该行空着时用的比率")]
        under_or: Option<Mark<String>>,
        #[schemars(description = "超出允差而满足这个条件的，仍算合规")]
        unless: Option<Mark<WrittenCondition>>,
    }
}

impl WrittenReconcile {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Reconcile> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let at = check.optional_field(shape, &self.at, Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let by = check.fields(shape, &self.by, Use::Text);
        let left = check.required(&self.left, "left").and_then(|text| self.figure(check, shape, text));
        let right = check.required(&self.right, "right").and_then(|text| self.figure(check, shape, text));
        let margins = check.versions(&self.version, |check, version| {
            let over = self.margin(check, shape, &version.over, &version.over_or);
            let under = self.margin(check, shape, &version.under, &version.under_or);
            if let (Some(Margin::Any), Some(Margin::Any)) = (&over, &under) {
                check.error(Code::RuleValue, version.span(), "over 与 under 都不限，就没有什么可核对的");
            }
            if let (Some(unless), false) = (&version.unless, self.by.is_empty()) {
                check.error(Code::RuleSyntax, unless.span(), "几行合核时不能写 unless：条件看的是一行");
            }
            let unless = match &version.unless {
                Some(_) => Some(check.condition(shape, &version.unless)?),
                None => None,
            };
            Some(Margins { over: over?, under: under?, unless })
        });
        let dataset = shape.dataset.clone();
        Some(Reconcile { dataset, scope: scope?, at, unit, person, by, left: left?, right: right?, margins })
    }

    fn figure(&self, check: &mut Check<'_>, shape: &Shape, text: &Mark<String>) -> Option<Figure> {
        if let Some(constant) = text.trim().strip_suffix('%').and_then(cell::number) {
            return Some(Figure { formula: Formula::Number(constant / Decimal::ONE_HUNDRED), sum: false, percent: true });
        }
        let inner = text.trim().strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')'));
        let (formula, sum) = (check.formula_in(shape, text, inner.unwrap_or(text))?, inner.is_some());
        if sum && self.by.is_empty() {
            check.error_with(Code::RuleSyntax, text.span(), "逐行核对时没有 SUM", "写明哪些行合起来核对：by = [\"客诉编号\"]");
        }
        let percent = matches!(&formula, Formula::Field(name) if shape.field(name).is_some_and(|field| field.ty == FieldType::Percent));
        Some(Figure { formula, sum, percent })
    }

    fn margin(&self, check: &mut Check<'_>, shape: &Shape, text: &Option<Mark<String>>, or: &Option<Mark<String>>) -> Option<Margin> {
        let named = text.as_ref().and_then(|text| text.trim().strip_prefix('{')?.strip_suffix('}'));
        if let (Some(or), None) = (or, named) {
            check.error_with(Code::RuleSyntax, or.span(), "允差没有取自字段，用不着另写备用的比率", "写 over = \"{比率字段}\"");
        }
        let Some(text) = text else { return Some(Margin::Amount(Decimal::ZERO)) };
        let Some(field) = named else { return check.parsed(text, margin) };
        if !self.by.is_empty() {
            check.error(Code::RuleSyntax, text.span(), "几行合核时允差不能取自字段：各行可能不同");
        }
        let field = check.field_named(shape, field, text.span(), Use::Percent);
        let or = match or {
            Some(or) => Some(check.parsed(or, rate)?),
            None => None,
        };
        Some(Margin::ShareIn { field: field?, or })
    }
}

fn margin(text: &str) -> Result<Margin, String> {
    if text == "any" {
        return Ok(Margin::Any);
    }
    let found = match text.strip_suffix('%') {
        Some(_) => cell::percent(text).map(Margin::Share),
        None => cell::number(text).map(Margin::Amount),
    };
    let is_negative = |margin: &Margin| matches!(margin, Margin::Amount(size) | Margin::Share(size) if size.is_sign_negative());
    found.filter(|margin| !is_negative(margin)).ok_or_else(|| format!("读不懂允差「{text}」，应写作 10%、0.5、any 或 {{比率字段}}"))
}
