//! One verdict, made plain: which days counted, and what little would have complied.

use chrono::{Days, NaiveDate};

use super::copies;
use super::frequency;
use super::order;
use super::words::{ABSENT, NEEDS_POST, SIGNED_BY};
use crate::calendar::Calendar;
use crate::ledger::{Finding, Moment};
use crate::rules::kinds::{Deadline, target_words};
use crate::rules::{Conventions, Kind, Rule, Unit};

/// More days than this are not listed one by one.
const MOST_DAYS: usize = 1000;

/// What [`smallest_change`] is called where it is read.
pub const REMEDY: &str = "怎样就合规";

/// One day between the start of a case and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedDay {
    pub date: NaiveDate,
    /// The day's running number; `None`: not counted.
    pub counted: Option<u32>,
    /// Chinese, a few words: `起算日不计入`, `国庆节放假`, `周六`.
    pub why: String,
}

/// The days of a deadline that is counted in days or working days, from its start to its stop, or to as many days as the
/// verdict had elapsed. Empty for clocks of hours, for limits of months and years, and where there is no verdict to count.
/// Pauses are not shown day by day.
pub fn counted_days(rule: &Deadline, finding: &Finding, calendar: &Calendar, conventions: Conventions) -> Vec<CountedDay> {
    let (Some(start), Some(elapsed)) = (finding.start.map(Moment::date), finding.elapsed) else { return Vec::new() };
    // what is told in days may be limited by months, of which no day is the n-th
    let working = match (elapsed.unit, finding.limit.map_or(elapsed.unit, |limit| limit.unit)) {
        (Unit::Day, Unit::Day) => false,
        (Unit::WorkDay, Unit::WorkDay) => true,
        _ => return Vec::new(),
    };
    let whole = u32::try_from(elapsed.amount.trunc()).unwrap_or(u32::MAX);
    let mut days = Vec::new();
    let mut count = 0;
    for date in (0..).map_while(|offset| start.checked_add_days(Days::new(offset))).take(MOST_DAYS) {
        let ended = finding.stop.map_or_else(|| count >= whole && date != start, |stop| date > stop.date());
        if ended {
            break;
        }
        let is_working = calendar.is_working(date);
        let why = calendar.why(date).unwrap_or_else(|| "日历没有该年数据".to_owned());
        let (counts, why) = match (date == start && !conventions.count_first_day, working, is_working) {
            (true, ..) => (false, format!("起算日（{}）不计入", rule.start)),
            (false, true, Some(false) | None) => (false, why),
            _ => (true, why),
        };
        if counts {
            count += 1;
        }
        days.push(CountedDay { date, counted: counts.then_some(count), why });
    }
    days
}

/// What little would have complied, in Chinese; made for a breached finding. Empty where that is not for the rule to say.
pub fn smallest_change(rule: &Rule, finding: &Finding) -> String {
    match &rule.kind {
        Kind::Deadline(deadline) => earlier(deadline, finding),
        Kind::Approval(approval) => {
            let mut changes = Vec::new();
            if let Some(post) = between(&finding.message, NEEDS_POST, SIGNED_BY) {
                changes.push(format!("由{post}核决"));
            }
            if let (Some(promise), Some(made)) = (&approval.promise, finding.start) {
                match finding.stop {
                    Some(approved) if made.date() < approved.date() => {
                        changes.push(format!("{}不早于{} {}", promise.at, promise.approved, approved.date()));
                    }
                    None => changes.push(format!("先核决，再向客户承诺（{}须不早于{}）", promise.at, promise.approved)),
                    Some(_) => {}
                }
            }
            if changes.is_empty() { String::new() } else { hindsight(&changes.join("，且")) }
        }
        Kind::Signing(_) => format!("按规定的先后补齐签核：{}", detail(rule, &finding.message)),
        Kind::Require(_) => {
            let mut changes = Vec::new();
            let said = finding.message.split(copies::RECEIPTS).next().unwrap_or_default();
            for part in detail(rule, said).split('；') {
                match part.strip_prefix(ABSENT) {
                    Some(fields) => changes.push(format!("补填 {fields}")),
                    None => changes.push(format!("更正「{part}」")),
                }
            }
            changes.join("；")
        }
        Kind::Order(_) => order::changes(&finding.message),
        Kind::Sequence(_) if finding.place.row == 0 => format!("补登 {} 号案件，或登记作废", finding.subject),
        Kind::Sequence(sequence) => format!("按编号办法更正{}", sequence.number),
        Kind::Duty(_) => {
            let due = finding.due.map(Moment::end_words).unwrap_or_default();
            hindsight(&format!("不晚于 {due} 提交并登记"))
        }
        Kind::Frequency(rule) => frequency::change(rule, finding),
        Kind::Reconcile(rule) => format!("查明差额，使「{}」与「{}」相符，或补办规定手续", rule.left.title(), rule.right.title()),
        Kind::Ratio(rule) => {
            let target = rule.targets.versions.iter().find(|version| Some(version.from) == finding.version);
            let target = target.and_then(|version| version.body.as_ref()).map(target_words).unwrap_or_default();
            let [numerator, denominator] = rule.titles();
            format!("「{numerator}」达到「{denominator}」的 {target}")
        }
        Kind::Points(_) => "更正记录的条款或分值，或经核准撤销扣分".to_owned(),
        Kind::Scorecard(_) => "更正评分表里的分".to_owned(),
        // what would have complied is said of the breach that is penalised, where there is one
        Kind::Penalty(_) | Kind::Derive(_) | Kind::Notice(_) | Kind::Statistic(_) => String::new(),
    }
}

/// `若结案不晚于 2026-10-16（早 3天），则合规`
fn earlier(rule: &Deadline, finding: &Finding) -> String {
    let stop = act(&rule.stop);
    let due = finding.due.map(Moment::end_words).unwrap_or_default();
    let by = finding.lengths().overrun;
    match finding.stop {
        Some(_) => hindsight(&format!("{stop}不晚于 {due}（早 {by}）")),
        None => format!("{}；到现在已迟 {by}", hindsight(&format!("{stop}不晚于 {due}"))),
    }
}

/// What can no longer be done is no order to do it.
pub(super) fn hindsight(done: &str) -> String {
    format!("若{done}，则合规")
}

/// What is done on a date, by the name of its field: `结案` of `结案日期`, `返还` of `返还日`.
pub fn act(field: &str) -> &str {
    let done = ["日期", "时间", "日"].into_iter().find_map(|word| field.strip_suffix(word));
    // 生日 is no act
    done.filter(|done| done.chars().count() > 1).unwrap_or(field)
}

/// The part of a message that the rule's template did not give.
fn detail<'a>(rule: &Rule, message: &'a str) -> &'a str {
    match (&rule.head.message, message.find(ABSENT)) {
        (_, Some(at)) => &message[at..],
        (Some(_), None) => message.rsplit_once('：').map_or(message, |(_, detail)| detail),
        (None, None) => message,
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_named_after_what_is_done_on_it() {
        for (field, done) in [("结案日期", "结案"), ("收文时间", "收文"), ("返还日", "返还"), ("生日", "生日"), ("日期", "日期")]
        {
            assert_eq!(act(field), done);
        }
    }
}
