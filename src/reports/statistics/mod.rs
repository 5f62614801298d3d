//! 客诉案件统计表 and its like: a summary of the period's closed cases, every figure a formula over the detail sheets.

mod charts;
mod detail;
mod figures;
mod losses;
mod summary;
mod tally;

use super::{Book, Month, Sheet};
use crate::calendar::Period;
use crate::diag::Diag;
use crate::evaluate::SummaryDetail;
use crate::rules::kinds::{Kind, Layout, Loss, Statistic};
use crate::rules::{Pack, Rule};

/// One book a summary.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.summaries.iter().filter_map(move |(pack, rule, detail)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let Layout::Summary { groups, pareto, loss } = &statistic.layout else { return None };
        let plan = Plan { month, pack, rule, statistic, groups, pareto: pareto.as_deref(), loss: loss.as_ref() };
        Some(Book::new(&rule.head.title, move || plan.sheets(detail)).sent_to(&statistic.send))
    })
}

/// A summary rule with what it needs from the month.
#[derive(Clone, Copy)]
struct Plan<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    groups: &'m [String],
    pareto: Option<&'m str>,
    loss: Option<&'m Loss>,
}

impl<'m> Plan<'m> {
    fn sheets(&self, from: &'m SummaryDetail) -> Result<Vec<Sheet<'m>>, Diag> {
        let subjects = detail::subjects(self, &from.subjects)?;
        let shares = from.shares.as_ref().map(|frame| detail::shares(self, frame)).transpose()?;
        let summary = summary::build(self, &from.subjects, &subjects)?;
        let charts = charts::build(self, &from.subjects, &subjects, &summary)?;
        let losses = match (&from.shares, &shares) {
            (Some(frame), Some(detail)) => losses::build(self, frame, detail, &summary)?,
            _ => None,
        };
        let mut sheets = vec![summary.sheet];
        sheets.extend(charts);
        sheets.extend(losses);
        sheets.push(subjects.sheet);
        sheets.extend(shares.map(|s| s.sheet));
        Ok(sheets)
    }

    /// This period, the one before it, the same a year ago: name and first and last month.
    fn spans(&self) -> [(&'static str, Option<figures::Months>); 3] {
        let period = self.month.period;
        [("本期", Some(period)), ("上期", period.previous()), ("去年同期", period.year_ago())]
            .map(|(name, period)| (name, period.map(months)))
    }
}

fn months(period: Period) -> figures::Months {
    use chrono::Datelike;
    let number = |day: chrono::NaiveDate| day.year() * 100 + day.month() as i32;
    figures::Months { first: number(period.first), last: number(period.last) }
}
