//! A form: who gets it, how many copies, title, body, signature lines.

use chrono::NaiveDate;

use crate::rules::check::Check;
use crate::rules::written::{Mark, WrittenDay, written_rule};

/// Forms are not judged; other rules name them.
#[derive(Debug, Clone)]
pub struct Notice {
    /// `催办单`; also the workbook's name.
    pub form: String,
    /// Of the running number: `CB` in `CB-202610-001`.
    pub prefix: String,
    /// Chinese sentence above the table.
    pub body: String,
    /// Names of the copies: `自存`, `会计`, …
    pub copies: Vec<String>,
    pub signatures: Vec<String>,
    /// Days to object, printed as the appeal line; `None`: the policy sets none.
    pub appeal_days: Option<u32>,
    pub appeal: Option<String>,
    pub clause: String,
    pub from: NaiveDate,
}

written_rule! {
    WrittenNotice {
        #[schemars(required, description = "单据名,也是工作簿的名字")]
        form: Option<Mark<String>>,
        #[schemars(required, description = "编号的字头,如 CB")]
        prefix: Option<Mark<String>>,
        #[schemars(required, description = "表格上方的正文")]
        body: Option<Mark<String>>,
        #[schemars(description = "各联的去向,如 自存、会计")]
        #[serde(default)]
        copies: Vec<String>,
        #[schemars(description = "签字栏")]
        #[serde(default)]
        signatures: Vec<String>,
        #[schemars(description = "几天内可以申诉")]
        appeal_days: Option<u32>,
        #[schemars(description = "申诉办法,印在单据末尾")]
        appeal: Option<String>,
        #[schemars(required, description = "从哪天起使用")]
        from: Option<Mark<WrittenDay>>,
        #[schemars(required, description = "依据:文件编号 空格 条款")]
        cite: Option<Mark<String>>,
    }
}

impl WrittenNotice {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Notice> {
        let form = check.required(&self.form, "form");
        let prefix = check.required(&self.prefix, "prefix");
        let body = check.required(&self.body, "body");
        let from = check.required(&self.from, "from").and_then(|from| check.day(from));
        let cite = check.required(&self.cite, "cite").and_then(|cite| check.cite(cite));
        Some(Notice {
            form: form?.to_string(),
            prefix: prefix?.to_string(),
            body: body?.to_string(),
            copies: self.copies.clone(),
            signatures: self.signatures.clone(),
            appeal_days: self.appeal_days,
            appeal: self.appeal.clone(),
            clause: check.clause(&cite?),
            from: from?,
        })
    }
}
