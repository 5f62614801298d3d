//! Days that are not what their weekday says, and why.

use chrono::{Datelike, NaiveDate, Weekday};

/// A later variant outweighs an earlier one on the same day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Special {
    /// A day off by the year's notice, with the holiday's name.
    Holiday(String),
    /// A weekend worked to make up for the holiday of that name.
    MakeUp(String),
    /// The company is closed, with the reason.
    Closed(String),
    /// The company works, with the reason.
    Open(String),
    /// From the company's own 日历 dataset.
    Listed(bool),
}

impl Special {
    pub fn working(&self) -> bool {
        match self {
            Special::Holiday(_) | Special::Closed(_) => false,
            Special::MakeUp(_) | Special::Open(_) => true,
            Special::Listed(working) => *working,
        }
    }

    pub fn why(&self, day: NaiveDate) -> String {
        match self {
            Special::Holiday(name) => format!("{name}放假"),
            // a notice may also say when work begins again after a holiday was lengthened
            Special::MakeUp(_) if !is_weekend(day) => weekday(day).to_owned(),
            Special::MakeUp(name) => format!("调休上班（{name}）"),
            Special::Closed(reason) => format!("公司厂休：{reason}"),
            Special::Open(reason) => format!("公司上班：{reason}"),
            Special::Listed(true) => "公司日历：上班".to_owned(),
            Special::Listed(false) => "公司日历：休息".to_owned(),
        }
    }
}

pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

pub(super) fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}
