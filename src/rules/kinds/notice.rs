//! A form: who gets it, in how many copies, title, body, lines, signatures.

use std::path::PathBuf;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::penalty::WrittenFromRows;
use super::sending::{SentTo, braced};
use crate::diag::Code;
use crate::rules::Condition;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::text_or::TextOr;
use crate::rules::written::{Mark, WrittenDay, written_rule};

/// In `to = "{部门}"`: the department whose cases the form is about.
const UNIT: &str = "部门";

/// Forms are not judged; other rules name them, or rows of a dataset call for them.
#[derive(Debug, Clone)]
pub struct Notice {
    /// `催办单`; also the workbook's name.
    pub form: String,
    /// Of the running number: `CB` in `CB-202610-001`.
    pub prefix: String,
    /// Chinese sentence above the table.
    pub body: String,
    /// Printed one after the other, a page each.
    pub copies: Vec<FormCopy>,
    /// The signed original is printed besides its copies.
    pub original_extra: bool,
    pub blocks: Vec<FormBlock>,
    pub rows: Option<FormRows>,
    /// Fields, wherever they stand, that say who decided what about a case.
    pub decided: Vec<String>,
    pub signatures: Vec<String>,
    pub appeal: Option<String>,
    /// Days to object, and since when; the last one that has begun holds. Empty: nobody set any.
    pub appeal_days: Vec<(NaiveDate, u32)>,
    /// The parameter that would set them and that nobody supplied; the form is drawn up without.
    pub appeal_open: Option<String>,
    pub clause: String,
    pub from: NaiveDate,
    /// A form of the company's own; the default pages where there is none.
    pub template: Option<PathBuf>,
}

/// One copy of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormCopy {
    /// Whose folder it goes to; `None`: it is only printed.
    pub to: Option<SentTo>,
    /// Printed above the title: `第二联 会计查核`.
    pub mark: String,
}

/// Lines whose rule looks at `dataset` stand together under a title.
#[derive(Debug, Clone)]
pub struct FormBlock {
    pub dataset: String,
    pub title: String,
}

/// A form that lists rows of a dataset.
#[derive(Debug, Clone)]
pub struct FormRows {
    pub dataset: String,
    pub scope: Condition,
    /// The date that places a row in a month; a row without it waits.
    pub at: String,
    /// One form a unit, where there is such a field; else one for all.
    pub unit: Option<String>,
    pub columns: Vec<FormColumn>,
}

#[derive(Debug, Clone)]
pub struct FormColumn {
    pub field: String,
    /// Heading on the form.
    pub title: String,
}

impl Notice {
    /// Days to object as they stand on that day.
    pub fn appeal_days_on(&self, day: NaiveDate) -> Option<u32> {
        self.appeal_days.iter().rev().find(|(from, _)| *from <= day).map(|(_, days)| *days)
    }
}

written_rule! {
    WrittenNotice {
        #[schemars(required, description = "单据名，也是工作簿的名字")]
        form: Option<Mark<String>>,
        #[schemars(required, description = "编号的字头，如 CB")]
        prefix: Option<Mark<String>>,
        #[schemars(required, description = "表格上方的正文")]
        body: Option<Mark<String>>,
        #[schemars(description = "各联：只印的写名称，要分送的写 { to = \"会计\", mark = \"第二联 会计查核\" };to = \"{部门}\" 是案件所属的部门")]
        #[serde(default)]
        copies: Vec<Mark<TextOr<WrittenCopy>>>,
        #[schemars(description = "各联以外另印正本")]
        #[serde(default)]
        original_extra: bool,
        #[schemars(description = "明细按数据表分段，如 { dataset = \"流转记录\", title = \"逾站期限\" }")]
        #[serde(default)]
        blocks: Vec<Mark<WrittenBlock>>,
        #[schemars(description = "单据的明细取自数据表的行；不写则由别的规则的违规开出")]
        from_rows: Option<Mark<WrittenFromRows>>,
        #[schemars(description = "from_rows 的行按哪个日期归入月份")]
        at: Option<Mark<String>>,
        #[schemars(description = "from_rows 的行属于哪个部门；写了就一个部门一张")]
        unit: Option<Mark<String>>,
        #[schemars(description = "from_rows 的列：字段名，或 { field = \"员工\", title = \"被处分人\" }")]
        #[serde(default)]
        columns: Vec<Mark<TextOr<WrittenFormColumn>>>,
        #[schemars(description = "附页「由谁决定」取这些字段，哪张数据表有就从哪张取")]
        #[serde(default)]
        decided: Vec<Mark<String>>,
        #[schemars(description = "签字栏")]
        #[serde(default)]
        signatures: Vec<String>,
        #[schemars(description = "几天内可以申诉：数字，或 ?参数名")]
        appeal_days: Option<Mark<TextOr<u32>>>,
        #[schemars(description = "申诉办法，印在单据末尾")]
        appeal: Option<String>,
        #[schemars(description = "公司自己的单据：有 {{占位}} 的 xlsx，路径从规则包的文件夹算起；kesu.toml 的 [[form]] 可以另指")]
        template: Option<PathBuf>,
        #[schemars(required, description = "从哪天起使用")]
        from: Option<Mark<WrittenDay>>,
        #[schemars(required, description = "依据：文件编号 空格 条款")]
        cite: Option<Mark<String>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCopy {
    #[schemars(required, description = "送给谁：部门名称，或 \"{部门}\"")]
    pub to: Option<Mark<String>>,
    #[schemars(required, description = "印在单据左上角的联别")]
    pub mark: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenBlock {
    #[schemars(required, description = "数据表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(required, description = "段名")]
    pub title: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFormColumn {
    #[schemars(required, description = "字段名")]
    pub field: Option<Mark<String>>,
    #[schemars(required, description = "单据上的列名")]
    pub title: Option<Mark<String>>,
}

impl WrittenNotice {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Notice> {
        let form = check.required(&self.form, "form");
        let prefix = check.required(&self.prefix, "prefix");
        let body = check.required(&self.body, "body");
        let from = check.required(&self.from, "from").and_then(|from| check.day(from));
        let cite = check.required(&self.cite, "cite").and_then(|cite| check.cite(cite));
        let copies = check.rows(&self.copies, |check, copy| self.copy(check, copy));
        let blocks = check.rows(&self.blocks, |check, block| {
            let title = check.required(&block.title, "title");
            let dataset = check.dataset(&block.dataset)?.dataset.clone();
            Some(FormBlock { dataset, title: title?.to_string() })
        });
        let rows = self.from_rows.as_ref().map(|rows| self.rows(check, rows));
        for name in &self.decided {
            if !check.shapes.0.iter().any(|shape| shape.field(name).is_some()) {
                check.error(Code::RuleFieldUnknown, name.span(), format!("没有哪张数据表有字段「{}」", name.as_str()));
            }
        }
        let from = from?;
        let appeal_days = self.appeal_days(check, from)?;
        Some(Notice {
            form: form?.to_string(),
            prefix: prefix?.to_string(),
            body: body?.to_string(),
            copies: copies?,
            original_extra: self.original_extra,
            blocks: blocks?,
            rows: match rows {
                Some(rows) => Some(rows?),
                None => None,
            },
            decided: self.decided.iter().map(|name| name.to_string()).collect(),
            signatures: self.signatures.clone(),
            appeal: self.appeal.clone(),
            appeal_open: check.missing.last().filter(|_| appeal_days.is_empty()).cloned(),
            appeal_days,
            clause: check.clause(&cite?),
            from,
            template: self.template.as_ref().map(|file| check.file.path.with_file_name("").join(file)),
        })
    }

    fn copy(&self, check: &mut Check<'_>, copy: &Mark<TextOr<WrittenCopy>>) -> Option<FormCopy> {
        let table = match &**copy {
            TextOr::Text(mark) => return Some(FormCopy { to: None, mark: mark.clone() }),
            TextOr::Other(table) => table,
        };
        let mark = check.required(&table.mark, "mark").map(|mark| mark.to_string());
        let to = check.required(&table.to, "to")?;
        let sent = match braced(to) {
            None => SentTo::Office(to.trim().to_owned()),
            Some(UNIT) if self.from_rows.is_none() || self.unit.is_some() => SentTo::Each(UNIT.to_owned()),
            Some(UNIT) => {
                check.error_with(Code::RuleValue, to.span(), "这张单据不分部门，不能送给 {部门}", "写明 unit = \"…\"，就一个部门一张");
                return None;
            }
            Some(_) => {
                check.error_with(
                    Code::RuleValue,
                    to.span(),
                    format!("不认识的去向「{}」", to.as_str()),
                    "写部门名称，如 \"会计\"，或写 \"{部门}\"",
                );
                return None;
            }
        };
        Some(FormCopy { to: Some(sent), mark: mark? })
    }

    fn rows(&self, check: &mut Check<'_>, rows: &Mark<WrittenFromRows>) -> Option<FormRows> {
        let shape = check.dataset(&rows.dataset)?;
        let scope = check.scope(shape, &rows.r#where, &rows.where_sql);
        let at = check.required_field(shape, &self.at, "at", Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        if self.columns.is_empty() && !check.maimed {
            check.error_with(Code::RuleSyntax, rows.span(), "没有写单据有哪些列", "写 columns = [\"字段\", …]");
        }
        let columns = check.rows(&self.columns, |check, column| column_of(check, shape, column));
        Some(FormRows { dataset: shape.dataset.clone(), scope: scope?, at: at?, unit, columns: columns? })
    }

    /// The days as written, or as a parameter says them from its own day on; an open one leaves the form without a day.
    fn appeal_days(&self, check: &mut Check<'_>, from: NaiveDate) -> Option<Vec<(NaiveDate, u32)>> {
        let Some(written) = &self.appeal_days else { return Some(Vec::new()) };
        let text = match &**written {
            TextOr::Other(days) => return Some(vec![(from, *days)]),
            TextOr::Text(text) => text,
        };
        let Some(name) = text.strip_prefix('?').map(str::trim) else {
            check.error_with(
                Code::RuleValue,
                written.span(),
                "申诉期限要写天数或 ?参数名",
                "例如 appeal_days = 7 或 appeal_days = \"?申诉期限\"",
            );
            return None;
        };
        let known = check.each_value(name, from, |text| {
            let days = text.trim().trim_end_matches(['d', '天']).parse::<u32>();
            days.map_err(|_| format!("读不懂天数「{text}」，应写作 7"))
        })?;
        if known.is_empty() {
            check.missing.push(name.to_owned());
        }
        Some(known)
    }
}

fn column_of(check: &mut Check<'_>, shape: &Shape, column: &Mark<TextOr<WrittenFormColumn>>) -> Option<FormColumn> {
    match &**column {
        TextOr::Other(table) => {
            let title = check.required(&table.title, "title").map(|title| title.to_string());
            let field = check.required_field(shape, &table.field, "field", Use::Any)?;
            Some(FormColumn { field, title: title? })
        }
        TextOr::Text(name) => match shape.field(name) {
            Some(_) => Some(FormColumn { field: name.clone(), title: name.clone() }),
            None => {
                let message = format!("数据表「{}」没有字段「{name}」", shape.dataset);
                let known: Vec<&str> = shape.fields.iter().map(|field| field.name.as_str()).collect();
                check.error_with(Code::RuleFieldUnknown, column.span(), message, format!("现有：{}", known.join("、")));
                None
            }
        },
    }
}
