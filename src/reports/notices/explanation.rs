//! The appendix of a form: each case made plain, so that whoever gets the form can check it or object.

use std::collections::{BTreeMap, BTreeSet};

use crate::dispose::NoticeForm;
use crate::evaluate::{CountedDay, counted_days, smallest_change};
use crate::ledger::{Finding, Moment};
use crate::normalise::{RowText, events};
use crate::reports::lookup::Lookup;
use crate::reports::sheet::Value;
use crate::reports::{Month, wording};
use crate::rules::kinds::{Deadline, Kind, Notice};
use crate::rules::{Pack, Quantity, Rule};

use super::content::Explanation;
use super::{notice, ordered};

/// An appendix of more cases would not be read.
const MOST_A_FORM: usize = 50;
/// Of all forms together: what is said about a case takes memory.
const MOST_ALTOGETHER: usize = 5_000;
const LEAST_A_FORM: usize = 5;
/// Dates of one case.
const MOST_EVENTS: usize = 30;

/// What the tables hold about the cases that the month's forms explain.
pub struct Cases<'m> {
    numbers: Numbers<'m>,
    rows: BTreeMap<String, Vec<RowText>>,
    /// Datasets whose dates tell how a case went: those that a deadline or an approval looks at.
    logs: BTreeSet<&'m str>,
    most: usize,
}

impl<'m> Cases<'m> {
    pub fn new(month: &'m Month<'m>) -> Self {
        let most = (MOST_ALTOGETHER / month.notices.len().max(1)).clamp(LEAST_A_FORM, MOST_A_FORM);
        let numbers = Numbers::new(month);
        let explained = month.notices.iter().flat_map(|form| ordered(month, form).into_iter().take(most));
        let mut wanted: Vec<String> = explained.map(|(_, line)| numbers.of(&line.finding)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let rows = if wanted.is_empty() { BTreeMap::new() } else { month.tables.rows_about_each(&wanted) };
        let logs = month.rules.rules().filter(|(_, rule)| matches!(rule.kind, Kind::Deadline(_) | Kind::Approval(_)));
        let logs = logs.filter_map(|(_, rule)| rule.kind.dataset()).collect();
        Self { numbers, rows, logs, most }
    }

    /// The case that a finding is about; its whole subject where the tables do not say.
    pub fn number(&self, finding: &Finding) -> String {
        self.numbers.of(finding)
    }

    /// The first cases of a form, and how many more there are.
    pub fn explained(&self, month: &'m Month<'m>, form: &'m NoticeForm) -> (Vec<Explanation>, usize) {
        let notice = notice(month, form);
        let shown = ordered(month, form).into_iter().take(self.most);
        let cases = shown.map(|(_, line)| self.explain(month, notice, &line.finding)).collect();
        (cases, form.lines.len().saturating_sub(self.most))
    }

    fn explain(&self, month: &Month<'_>, notice: Option<&Notice>, finding: &Finding) -> Explanation {
        let number = self.number(finding);
        let rows = self.rows.get(&number).map_or(&[][..], Vec::as_slice);
        let mut facts = vec![("经过", self.timeline(month, rows))];
        if let Some((pack, rule)) = wording::rule(month, finding) {
            facts.push(("计日", days(month, pack, rule, finding)));
            facts.push(("怎样才合规", smallest_change(rule, finding)));
        }
        facts.push(("由谁决定", decided(month, notice, finding, rows)));
        facts.retain(|(_, words)| !words.is_empty());
        Explanation { heading: format!("{number}  {}（{}）", wording::rule_title(month, finding), finding.clause), facts }
    }

    /// `2026-10-01 受理；10-02 09:00 质管部收文；…`, as far as the month has seen it.
    fn timeline(&self, month: &Month<'_>, rows: &[RowText]) -> String {
        let logged = events(rows).into_iter().filter(|event| self.logs.contains(event.dataset.as_str()));
        let mut words: Vec<String> = Vec::new();
        let mut year = None;
        for event in logged.filter(|event| event.at.date() <= month.as_of) {
            let full = wording::moment_text(Some(event.at));
            let date = event.at.date().format("%Y-").to_string();
            let shown = if year.as_ref() == Some(&date) { full.trim_start_matches(&date).to_owned() } else { full };
            year = Some(date);
            let what = event.field.trim_end_matches("日期").trim_end_matches("时间");
            words.push(format!("{shown} {}{what}", event.station.unwrap_or_default()));
        }
        words.dedup();
        if words.len() > MOST_EVENTS {
            words.truncate(MOST_EVENTS);
            words.push("……".to_owned());
        }
        words.join("；")
    }
}

/// The number of the case that a finding is about: the first key field of its row.
struct Numbers<'m> {
    lookups: BTreeMap<(&'m str, &'m str), (Lookup<'m>, &'m str)>,
}

impl<'m> Numbers<'m> {
    fn new(month: &'m Month<'m>) -> Self {
        let mut lookups = BTreeMap::new();
        for (pack, rule) in month.rules.rules() {
            let Some(table) = rule.kind.dataset().and_then(|dataset| month.tables.get(dataset)) else { continue };
            if let Some(key) = table.dataset.key.first() {
                let found = (Lookup::new(month, &table.dataset.name), key.as_str());
                lookups.insert((pack.id.as_str(), rule.head.id.as_str()), found);
            }
        }
        Self { lookups }
    }

    fn of(&self, finding: &Finding) -> String {
        let read = || {
            let (lookup, key) = self.lookups.get(&(finding.pack.as_str(), finding.rule.as_str()))?;
            match lookup.column(key)?.get(lookup.row(&finding.place)?) {
                Value::Text(number) => Some(number.into_owned()),
                _ => None,
            }
        };
        read().unwrap_or_else(|| finding.subject.clone())
    }
}

/// `期限 15天，已用 16天，逾期 1天：10-01 起算日（受理日期）不计入；10-02至10-16 第 1–15 天；10-17 第 16 天（逾期）`
fn days(month: &Month<'_>, pack: &Pack, rule: &Rule, finding: &Finding) -> String {
    let Kind::Deadline(deadline) = &rule.kind else { return String::new() };
    let lengths = [("期限", finding.limit), ("已用", finding.elapsed), ("逾期", finding.overrun)];
    let sums: Vec<String> = lengths.iter().filter_map(|(name, length)| length.map(|q| format!("{name} {}", q.chinese()))).collect();
    let sums = sums.join("，");
    match counted(month, pack, deadline, finding) {
        days if days.is_empty() => sums,
        days => format!("{sums}：{days}"),
    }
}

fn counted(month: &Month<'_>, pack: &Pack, deadline: &Deadline, finding: &Finding) -> String {
    if let Some(pause) = &deadline.pause {
        return format!("扣除「{}」的停表时段", pause.dataset);
    }
    let Some(calendar) = month.calendars.get(&pack.calendar) else { return String::new() };
    spans(&counted_days(deadline, finding, calendar, pack.conventions), finding.limit)
}

/// Days side by side that count for the same reason are one span.
fn spans(days: &[CountedDay], limit: Option<Quantity>) -> String {
    let is_over = |day: &CountedDay| match (day.counted, limit) {
        (Some(number), Some(limit)) => rust_decimal::Decimal::from(number) > limit.amount,
        _ => false,
    };
    let same = |a: &CountedDay, b: &CountedDay| match (a.counted, b.counted) {
        (None, None) => a.why == b.why,
        (Some(_), Some(_)) => is_over(a) == is_over(b),
        _ => false,
    };
    let mut words = Vec::new();
    for span in days.chunk_by(same) {
        let (Some(first), Some(last)) = (span.first(), span.last()) else { continue };
        let date = |day: &CountedDay| day.date.format("%m-%d").to_string();
        let dates = if first.date == last.date { date(first) } else { format!("{}至{}", date(first), date(last)) };
        words.push(match (first.counted, last.counted) {
            (Some(one), Some(other)) => {
                let numbers = if one == other { one.to_string() } else { format!("{one}–{other}") };
                format!("{dates} 第 {numbers} 天{}", if is_over(first) { "（逾期）" } else { "" })
            }
            _ if first.why.ends_with("不计入") => format!("{dates} {}", first.why),
            _ => format!("{dates} {}，不计", first.why),
        });
    }
    words.join("；")
}

/// What the named fields of the case's rows say, and who has yet to approve a fine.
fn decided(month: &Month<'_>, notice: Option<&Notice>, finding: &Finding, rows: &[RowText]) -> String {
    let mut words: Vec<String> = Vec::new();
    for row in rows {
        let seen = |moment: Option<Moment>| moment.is_none_or(|at| at.date() <= month.as_of);
        let said: Vec<String> = notice
            .map_or(&[][..], |notice| notice.decided.as_slice())
            .iter()
            .filter_map(|field| row.cells.iter().find(|cell| cell.is_own && cell.field == *field && seen(cell.moment)))
            .map(|cell| format!("{} {}", cell.field, cell.text))
            .collect();
        let said = said.join("，");
        if !said.is_empty() && !words.contains(&said) {
            words.push(said);
        }
    }
    if let Some((_, Rule { kind: Kind::Penalty(penalty), .. })) = wording::rule(month, finding) {
        words.extend(penalty.confirm.as_ref().map(|post| format!("罚扣待{post}批准")));
    }
    words.join("；")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Unit;

    fn day(date: &str, counted: Option<u32>, why: &str) -> CountedDay {
        CountedDay { date: date.parse().expect("a date"), counted, why: why.to_owned() }
    }

    #[test]
    fn days_that_count_alike_are_told_as_one_span() {
        let days = [
            day("2026-09-29", None, "起算日（受理日期）不计入"),
            day("2026-09-30", Some(1), "周三"),
            day("2026-10-01", None, "国庆节放假"),
            day("2026-10-02", None, "国庆节放假"),
            day("2026-10-08", Some(2), "周四"),
            day("2026-10-09", Some(3), "周五"),
        ];
        let limit = Quantity { amount: rust_decimal::Decimal::TWO, unit: Unit::WorkDay };
        let expected = "09-29 起算日（受理日期）不计入；09-30 第 1 天；10-01至10-02 国庆节放假，不计；10-08 第 2 天；10-09 第 3 天（逾期）";
        assert_eq!(spans(&days, Some(limit)), expected);
    }
}
