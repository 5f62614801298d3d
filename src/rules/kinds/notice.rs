//! A form: who gets it, how many copies, title, body, signature lines.

use chrono::NaiveDate;

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
