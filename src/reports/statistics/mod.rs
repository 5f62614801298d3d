//! 客诉案件统计表 and its like: tables of the period, every figure a formula over the detail sheets.

mod borne;
mod charts;
mod columns;
mod confirm;
mod detail;
mod figures;
mod losses;
mod summary;
mod tally;
mod times;

pub use charts::{chart, longest};
pub use figures::{plain, ratio};
pub use tally::group_value;

use super::{Book, Month, Sheet};
use crate::calendar::Period;
use crate::diag::Diag;
use crate::evaluate::SummaryDetail;
use crate::ledger::{Tally, YearMonth};
use crate::rules::kinds::{Confirm, Kind, Layout, Loss, Statistic};
use crate::rules::{Dataset, Pack, Rule};

/// One book a summary or other table.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    summaries(month).chain(tables(month))
}

fn tables<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.details.iter().filter_map(move |(pack, rule, detail)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let plan = Plan { month, pack, rule, statistic, groups: &[], pareto: None, loss: None, confirm: None, counted: "" };
        match &statistic.layout {
            Layout::StationTimes(spec) => {
                Some(Book::new(&rule.head.title, move || times::sheets(&plan, spec, detail)).sent_to(&statistic.send))
            }
            Layout::Losses(table) => {
                let plan = Plan { groups: &table.groups, loss: Some(&table.loss), ..plan };
                Some(Book::new(&rule.head.title, move || borne::sheets(&plan, table, detail)).sent_to(&statistic.send))
            }
            _ => None,
        }
    })
}

fn summaries<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.summaries.iter().filter_map(move |(pack, rule, detail)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let Layout::Summary { groups, pareto, loss, confirm, counted } = &statistic.layout else { return None };
        let (pareto, loss, confirm) = (pareto.as_deref(), loss.as_ref(), confirm.as_ref());
        let plan = Plan { month, pack, rule, statistic, groups, pareto, loss, confirm, counted };
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
    confirm: Option<&'m Confirm>,
    /// Which cases it counts: `结案`, or nothing.
    counted: &'m str,
}

impl<'m> Plan<'m> {
    fn sheets(&self, from: &'m SummaryDetail<'m>) -> Result<Vec<Sheet<'m>>, Diag> {
        let period = months(self.month.period);
        let gathered = tally::Gathered::of(&from.subjects, self.groups, self.lossless(), |group| self.blank(group), period)?;
        let subjects = detail::subjects(self, &from.subjects, gathered.rows)?;
        let summary = summary::build(self, &gathered, &subjects)?;
        let charts = charts::build(self, &gathered.all, &subjects, &summary);
        let shares = from.shares.as_ref().map(|parts| losses::build(self, parts, &summary)).transpose()?;
        let total = gathered.all.within(months(self.month.period)).unwrap_or_default();
        let closed = total.count;
        self.month.tallied.note(self.name(), total);
        let confirm = self.confirm.map(|confirm| confirm::build(self, confirm, from, closed)).transpose()?;
        let mut sheets = vec![summary.sheet];
        sheets.extend(confirm);
        sheets.extend(charts);
        let (losses, shares) = shares.unzip();
        sheets.extend(losses.flatten());
        sheets.push(subjects.sheet);
        sheets.extend(shares);
        Ok(sheets)
    }

    /// The group that is empty where a case has no loss; without one it is not told apart from a loss that is not decided.
    fn lossless(&self) -> Option<&'m str> {
        let taken = &self.loss?.take;
        self.groups.iter().find(|group| taken.contains(group)).map(String::as_str)
    }

    /// What an empty cell of a group is called.
    fn blank(&self, group: &str) -> &'static str {
        if self.loss.is_some_and(|loss| loss.take.iter().any(|taken| taken == group)) {
            return tally::NO_LOSS;
        }
        let dataset = self.month.rules.dataset(&self.statistic.dataset);
        blank(dataset.map(std::convert::AsRef::as_ref), group)
    }

    /// `pack/rule`
    fn name(&self) -> String {
        format!("{}/{}", self.pack.id, self.rule.head.id)
    }

    /// What the ledger says of a closed month; nothing where the span is not one.
    fn remembered(&self, span: figures::Months) -> Option<&'m Tally> {
        let month = YearMonth { year: span.first / 100, month: u32::try_from(span.first % 100).ok()? };
        self.month.history.figure(&self.name(), month).filter(|_| span.first == span.last)
    }

    fn nothing(&self) -> String {
        format!("本月无{}案件。", self.counted)
    }

    /// This period, the one before it, the same a year ago: name and first and last month.
    fn spans(&self) -> [(&'static str, Option<figures::Months>); 3] {
        let period = self.month.period;
        [("本期", Some(period)), ("上期", period.previous()), ("去年同期", period.year_ago())]
            .map(|(name, period)| (name, period.map(months)))
    }
}

/// What an empty cell of a field is called: whether it should have been filled in.
pub fn blank(dataset: Option<&Dataset>, field: &str) -> &'static str {
    let required = dataset
        .is_some_and(|dataset| dataset.key.iter().any(|key| key == field) || dataset.field(field).is_some_and(|field| field.required));
    if required { tally::BLANK } else { tally::NOT_RECORDED }
}

fn months(period: Period) -> figures::Months {
    use chrono::Datelike;
    let number = |day: chrono::NaiveDate| day.year() * 100 + day.month() as i32;
    figures::Months { first: number(period.first), last: number(period.last) }
}
