//! The appendix of a form: each case made plain, so that whoever gets the form can check it or object.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};

use crate::dispose::NoticeForm;
use crate::evaluate::{CountedDay, REMEDY, act, counted_days, smallest_change};
use crate::ledger::{Finding, Lengths, Moment};
use crate::normalise::{Event, RowText, events};
use crate::reports::{Month, wording};
use crate::rules::kinds::{Deadline, Kind, Notice};
use crate::rules::{Pack, Rule, Unit};

use super::content::Explanation;
use super::subject::Subjects;
use super::{notice, ordered};

/// An appendix of more cases would not be read.
const MOST_A_FORM: usize = 50;
/// Of all forms together: what is said about a case takes memory.
const MOST_ALTOGETHER: usize = 5_000;
const LEAST_A_FORM: usize = 5;
/// Dates of one case: how it began, and how it ended, on which the verdict rests.
const FIRST_EVENTS: usize = 10;
const LAST_EVENTS: usize = 20;

/// What the tables hold about the cases that the month's forms explain.
pub struct Cases<'m> {
    subjects: Subjects<'m>,
    rows: BTreeMap<String, Vec<RowText>>,
    /// Datasets whose dates tell how a case went: those that a deadline or an approval looks at.
    logs: BTreeSet<&'m str>,
    most: usize,
}

impl<'m> Cases<'m> {
    pub fn new(month: &'m Month<'m>) -> Self {
        let most = (MOST_ALTOGETHER / month.notices.len().max(1)).clamp(LEAST_A_FORM, MOST_A_FORM);
        let subjects = Subjects::new(month);
        let explained = month.notices.iter().flat_map(|form| ordered(month, form).into_iter().take(most));
        let mut wanted: Vec<String> = explained.filter_map(|(_, line)| subjects.of(&line.finding).case).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let rows = if wanted.is_empty() { BTreeMap::new() } else { month.tables.rows_about_each(&wanted) };
        let logs = month.rules.rules().filter(|(_, rule)| matches!(rule.kind, Kind::Deadline(_) | Kind::Approval(_)));
        let logs = logs.filter_map(|(_, rule)| rule.kind.dataset()).collect();
        Self { subjects, rows, logs, most }
    }

    /// The case that a finding is about, by its whole key.
    pub fn number(&self, finding: &Finding) -> String {
        self.subjects.of(finding).words
    }

    /// The station that got the case last, as far as the month has seen it; empty where the tables do not tell.
    pub fn station(&self, month: &Month<'_>, finding: &Finding) -> String {
        let rows = self.subjects.of(finding).case.and_then(|case| self.rows.get(&case)).map_or(&[][..], Vec::as_slice);
        let visits = events(rows).into_iter().filter(|event| self.logs.contains(event.dataset.as_str()) && event.at.date() <= month.as_of);
        let last = in_order(visits.filter(|event| event.station.is_some()).collect()).pop();
        last.and_then(|event| event.station).unwrap_or_default()
    }

    /// The first cases of a form, and how many more there are.
    pub fn explained(&self, month: &'m Month<'m>, form: &'m NoticeForm) -> (Vec<Explanation>, usize) {
        let notice = notice(month, form);
        let shown = ordered(month, form).into_iter().take(self.most);
        let cases = shown.map(|(_, line)| self.explain(month, notice, &line.finding));
        let cases = cases.filter(|case| !case.facts.is_empty()).collect();
        (cases, form.lines.len().saturating_sub(self.most))
    }

    fn explain(&self, month: &Month<'_>, notice: Option<&Notice>, finding: &Finding) -> Explanation {
        let subject = self.subjects.of(finding);
        let rows = subject.case.as_ref().and_then(|case| self.rows.get(case)).map_or(&[][..], Vec::as_slice);
        let rows = &subject.rows(month, finding, rows);
        let mut facts = vec![("经过", self.timeline(month, rows))];
        if let Some((pack, rule)) = wording::rule(month, finding) {
            facts.push(("计日", days(month, pack, rule, finding)));
            facts.push((REMEDY, smallest_change(rule, finding)));
        }
        let said = decided(month, notice, rows);
        facts.retain(|(_, words)| !words.is_empty());
        // that it waits for approval the form itself says: alone it is no explanation
        if !said.is_empty() || !facts.is_empty() {
            facts.push(("由谁决定", [said, waiting(month, finding)].into_iter().flatten().collect::<Vec<_>>().join("；")));
        }
        facts.retain(|(_, words)| !words.is_empty());
        Explanation { heading: format!("{}  {}（{}）", subject.words, wording::rule_title(month, finding), finding.clause), facts }
    }

    /// `2026-10-01 受理；10-02 09:00 质管部收文；…`, as far as the month has seen it.
    fn timeline(&self, month: &Month<'_>, rows: &[RowText]) -> String {
        // the month or day that names a row is nothing that happened
        let names = |event: &Event| month.tables.get(&event.dataset).is_some_and(|table| table.dataset.key.contains(&event.field));
        let logged = events(rows).into_iter().filter(|event| self.logs.contains(event.dataset.as_str()) && !names(event));
        let logged = in_order(logged.collect());
        let mut words: Vec<String> = Vec::new();
        let mut year = None;
        for event in logged.into_iter().filter(|event| event.at.date() <= month.as_of) {
            let full = wording::moment_text(Some(event.at));
            let date = event.at.date().format("%Y-").to_string();
            let shown = if year.as_ref() == Some(&date) { full.trim_start_matches(&date).to_owned() } else { full };
            year = Some(date);
            words.push(format!("{shown} {}{}", event.station.unwrap_or_default(), act(&event.field)));
        }
        words.dedup();
        shortened(words).join("；")
    }
}

/// Of one day's events those without a time come last, but for the day on which the case first went to a desk.
fn in_order(mut events: Vec<Event>) -> Vec<Event> {
    let time = |event: &Event| match event.at {
        Moment::Datetime(at) if at.time() != NaiveTime::MIN => Some(at.time()),
        _ => None,
    };
    let first = events.iter().filter(|event| time(event).is_some()).map(|event| event.at.date()).min();
    events.sort_by_key(|event| {
        let (day, time) = (event.at.date(), time(event));
        (day, time.is_none() && first != Some(day), time)
    });
    events
}

/// What is too long is left out in the middle.
fn shortened(mut words: Vec<String>) -> Vec<String> {
    let left_out = words.len().saturating_sub(FIRST_EVENTS + LAST_EVENTS);
    // an elision must be shorter than what it stands for
    if left_out > 1 {
        words.splice(FIRST_EVENTS..FIRST_EVENTS + left_out, [format!("……（略 {left_out} 项）……")]);
    }
    words
}

/// `期限 15天，已用 16天，逾期 1天：10-01 起算日（受理日期）不计入；10-02至10-16 第 1–15 天；10-17 第 16 天（逾期）`; of months and
/// years no days are counted: `期限 3 个月，起算日 2026-07-10（到货日期），应完成日 2026-10-10，逾期 21天`
fn days(month: &Month<'_>, pack: &Pack, rule: &Rule, finding: &Finding) -> String {
    let Kind::Deadline(deadline) = &rule.kind else { return String::new() };
    let Lengths { limit, elapsed, overrun } = finding.lengths();
    let length = |name: &str, length: String| (!length.is_empty()).then(|| format!("{name} {length}"));
    if finding.limit.is_some_and(|limit| matches!(limit.unit, Unit::Month | Unit::Quarter | Unit::Year)) {
        let on = |name: &str, moment: Option<Moment>| moment.map(|at| format!("{name} {}", wording::moment_text(Some(at))));
        let start = on("起算日", finding.start).map(|words| format!("{words}（{}）", deadline.start));
        let words = [length("期限", limit), start, on("应完成日", finding.due), length("逾期", overrun)];
        return words.into_iter().flatten().collect::<Vec<_>>().join("，");
    }
    let sums = [length("期限", limit), length("已用", elapsed), length("逾期", overrun)];
    let sums = sums.into_iter().flatten().collect::<Vec<_>>().join("，");
    match counted(month, pack, deadline, finding) {
        days if days.is_empty() => sums,
        days => format!("{sums}：{days}"),
    }
}

fn counted(month: &Month<'_>, pack: &Pack, deadline: &Deadline, finding: &Finding) -> String {
    if let Some(pause) = &deadline.pause {
        return format!("扣除「{}」的停表时段", pause.dataset);
    }
    if finding.limit.is_some_and(|limit| limit.unit == Unit::Day && !limit.amount.is_integer()) {
        return "期限不是整日，从起算的时刻按钟点数".to_owned();
    }
    let Some(calendar) = month.calendars.get(&pack.calendar) else { return String::new() };
    spans(&counted_days(deadline, finding, calendar, pack.conventions), finding.due.map(Moment::date))
}

/// Days side by side that count for the same reason are one span.
fn spans(days: &[CountedDay], due: Option<NaiveDate>) -> String {
    let is_over = |day: &CountedDay| day.counted.is_some() && due.is_some_and(|due| day.date > due);
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

/// What the named fields of the case's rows say.
fn decided(month: &Month<'_>, notice: Option<&Notice>, rows: &[RowText]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for row in rows {
        let seen = |moment: Option<Moment>| moment.is_none_or(|at| at.date() <= month.as_of);
        let fields = notice.map_or(&[][..], |notice| notice.decided.as_slice());
        let cells = fields.iter().filter_map(|field| row.cells.iter().find(|cell| cell.is_own && cell.field == *field));
        // who decides later is not known yet
        if !cells.clone().all(|cell| seen(cell.moment)) {
            continue;
        }
        let said: Vec<String> = cells.map(|cell| format!("{} {}", cell.field, cell.text)).collect();
        let said = said.join("，");
        if !said.is_empty() && !words.contains(&said) {
            words.push(said);
        }
    }
    words
}

/// Who has yet to approve a fine.
fn waiting(month: &Month<'_>, finding: &Finding) -> Vec<String> {
    match wording::rule(month, finding) {
        Some((_, Rule { kind: Kind::Penalty(penalty), .. })) => penalty.confirm.iter().map(|post| format!("罚扣待{post}批准")).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let expected = "09-29 起算日（受理日期）不计入；09-30 第 1 天；10-01至10-02 国庆节放假，不计；10-08 第 2 天；10-09 第 3 天（逾期）";
        assert_eq!(spans(&days, "2026-10-08".parse().ok()), expected);
    }

    #[test]
    fn what_has_no_time_of_day_comes_last_but_on_the_first_day() {
        let event = |at: &str| {
            let at = match at.parse() {
                Ok(date) => Moment::Date(date),
                Err(_) => Moment::Datetime(at.parse().expect("a moment")),
            };
            let origin = crate::normalise::Origin { source: 0, row: 0 };
            Event { at, field: String::new(), station: None, dataset: String::new(), origin }
        };
        let days = ["2026-10-01", "2026-10-02", "2026-10-02T09:00:00", "2026-10-03", "2026-10-03T08:00:00", "2026-10-03T10:00:00"];
        let told: Vec<String> = in_order(days.map(event).to_vec()).iter().map(|event| wording::moment_text(Some(event.at))).collect();
        let expected = ["2026-10-01", "2026-10-02", "2026-10-02 09:00", "2026-10-03 08:00", "2026-10-03 10:00", "2026-10-03"];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_long_story_keeps_how_it_began_and_how_it_ended() {
        let story = |events: usize| shortened((1..=events).map(|at| at.to_string()).collect());
        assert_eq!(story(31).len(), 31, "one event is no longer than what would stand for it");
        let told = story(40);
        assert_eq!(told[..2], ["1", "2"]);
        assert_eq!(told[9..12], ["10", "……（略 10 项）……", "21"]);
        assert_eq!(told.last().map(String::as_str), Some("40"));
    }
}
