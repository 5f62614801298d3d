//! Words and cells that several workbooks share.

use chrono::{NaiveDate, NaiveTime};

use crate::evaluate::act;
use crate::ledger::{Figures, Finding, Moment, Outcome, Place, subject};
use crate::rules::kinds::Approval;
use crate::rules::{Field, FieldType, Kind, Pack, Quantity, Rule, Unit};

use super::Month;
use super::sheet::{ALERT, Sheet, Style, Value};

/// Heading, company, period and day of judgement.
pub fn heading(sheet: &mut Sheet<'_>, month: &Month<'_>, title: &str) {
    sheet.wide(format!("{}{title}", month.company), Style::Title);
    sheet.wide(format!("期间：{}    截至：{}", month.period.chinese(), day(month.as_of)), Style::Subtitle);
}

/// How days were counted, where one of these limits counts whole days or longer; a clock has neither first nor last day.
pub fn conventions_of(month: &Month<'_>, pack: &str, limits: impl Iterator<Item = Quantity>) -> Vec<String> {
    let (mut by_days, mut by_clock) = (false, false);
    for limit in limits {
        match limit.unit {
            Unit::Minute | Unit::Hour | Unit::WorkHour => by_clock = true,
            Unit::Day if !limit.amount.is_integer() => by_clock = true,
            Unit::Day | Unit::WorkDay | Unit::Month | Unit::Quarter | Unit::Year => by_days = true,
        }
    }
    let days = by_days.then(|| conventions(month, pack)).map(|words| if by_clock { format!("整日的期限{words}") } else { words });
    let clock = by_clock.then(|| "半天、小时的期限从起算的时刻按钟点数".to_owned());
    days.into_iter().chain(clock).collect()
}

/// Every limit that a deadline has or had.
pub fn limits(kind: &Kind) -> impl Iterator<Item = Quantity> {
    let versions = if let Kind::Deadline(deadline) = kind { deadline.limits.versions.as_slice() } else { &[] };
    versions.iter().flat_map(|version| &version.body).map(|row| row.limit)
}

/// Whether the first day counts and whether the last one moves, for every pack: how days were counted.
pub fn conventions(month: &Month<'_>, pack: &str) -> String {
    let Some(pack) = month.rules.packs.iter().find(|p| p.id == pack) else { return String::new() };
    let first = if pack.conventions.count_first_day { "起算日计入" } else { "起算日不计入" };
    let last = if pack.conventions.roll_last_day { "末日逢休顺延" } else { "末日逢休不顺延" };
    format!("{first}；{last}")
}

pub fn moment(moment: Option<Moment>) -> Value<'static> {
    match moment {
        None => Value::Blank,
        Some(Moment::Date(date)) => Value::Date(date),
        Some(Moment::Datetime(at)) => Value::moment(at),
    }
}

/// A moment inside a text or in a column of mixed dates and date-times.
pub fn moment_text(moment: Option<Moment>) -> String {
    match moment {
        Some(Moment::Datetime(at)) if at.time() != NaiveTime::MIN => at.format("%Y-%m-%d %H:%M").to_string(),
        moment => moment.map(Moment::words).unwrap_or_default(),
    }
}

/// The end of a limit, inside a text.
pub fn due_text(due: Option<Moment>) -> String {
    match due {
        Some(Moment::Datetime(at)) if at.time() == NaiveTime::MIN => due.map(Moment::end_words).unwrap_or_default(),
        due => moment_text(due),
    }
}

/// A day in a heading or a sentence of a page; cells and messages have `2026-10-31`.
pub fn day(date: NaiveDate) -> String {
    date.format("%Y年%-m月%-d日").to_string()
}

/// What a finding is about, with periods in words and the numbers of a key behind their names: `261009/站序 5`.
pub fn subject(month: &Month<'_>, finding: &Finding) -> String {
    let dataset = rule(month, finding).and_then(|(_, rule)| month.rules.dataset(rule.kind.dataset()?));
    let Some(dataset) = dataset else { return subject::words(&finding.subject) };
    let words = if dataset.is_monthly() { subject::words_of_months(&finding.subject) } else { subject::words(&finding.subject) };
    let parts: Vec<&str> = words.split('/').collect();
    if parts.len() != dataset.key.len() || finding.place.row == 0 {
        return words;
    }
    let named = parts.iter().zip(&dataset.key).enumerate().map(|(at, (part, field))| named(at, dataset.field(field), part));
    named.collect::<Vec<_>>().join("/")
}

/// A number alone says nothing behind another part of a key.
fn named(at: usize, field: Option<&Field>, part: &str) -> String {
    match field {
        Some(field) if at > 0 && matches!(field.ty, FieldType::Int | FieldType::Decimal) => format!("{} {part}", field.name),
        _ => part.to_owned(),
    }
}

/// A breach bears a mark that is seen without colour.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Breached => format!("{ALERT} {}", outcome.title()),
        _ => outcome.title().to_owned(),
    }
}

/// As [`outcome`]; a suspicion is none, and a rate without a target is not held against anything.
pub fn verdict(finding: &Finding) -> String {
    match finding.figures.as_deref() {
        _ if finding.suspected => "疑似".to_owned(),
        Some(Figures::Share { rate: Some(_), .. }) if finding.outcome == Outcome::NotApplicable => NO_TARGET.to_owned(),
        _ => outcome(finding.outcome),
    }
}

/// Instead of an outcome, of a rate that no target was set for.
pub const NO_TARGET: &str = "未定目标";

/// `共核 60 件：合规 58 件，违规 2 件`; `unit` is `件`, or `项` where one thing may be judged more than once.
pub fn tally<'t>(unit: &str, title: impl Fn(Outcome) -> &'t str, of: impl Fn(Outcome) -> u64) -> String {
    let counts = Outcome::ALL.map(|outcome| (title(outcome), of(outcome)));
    let each: Vec<String> = counts.iter().filter(|(_, count)| *count > 0).map(|(title, count)| format!("{title} {count} {unit}")).collect();
    let colon = if each.is_empty() { "" } else { "：" };
    format!("共核 {} {unit}{colon}{}", counts.iter().map(|(_, count)| count).sum::<u64>(), each.join("，"))
}

/// Breaches, then what could not be judged, then the rest.
pub fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Breached => 0,
        Outcome::Indeterminate => 1,
        Outcome::Pending => 2,
        Outcome::Met => 3,
        Outcome::NotApplicable => 4,
    }
}

/// `file[sheet]`; a csv has no sheet.
pub fn source(file: &str, sheet: &str) -> String {
    if sheet.is_empty() { file.to_owned() } else { format!("{file}[{sheet}]") }
}

/// Two cells: the sheet in words, and the row as a link to it.
pub fn origin(month: &Month<'_>, place: &Place) -> [Value<'static>; 2] {
    let row = if place.row == 0 { Value::Blank } else { link(month, place, place.row.to_string()) };
    [Value::text(source(month.shown_file(&place.file), &place.sheet)), row]
}

/// `file[sheet] 第 17 行`
pub fn place(month: &Month<'_>, place: &Place) -> String {
    let row = if place.row == 0 { String::new() } else { format!(" 第 {} 行", place.row) };
    format!("{}{row}", source(month.shown_file(&place.file), &place.sheet))
}

/// A link to the row's first cell in the operator's own workbook; a csv is opened as it is.
pub fn link(month: &Month<'_>, place: &Place, words: impl Into<String>) -> Value<'static> {
    let words = words.into();
    if place.file.is_empty() {
        return Value::text(words);
    }
    let root = if is_absolute(&place.file) { "" } else { month.source_root };
    let file = place.file.replace('%', "%25").replace('#', "%23").replace(' ', "%20");
    let anchor =
        if place.sheet.is_empty() { String::new() } else { format!("#'{}'!A{}", place.sheet.replace('\'', "''"), place.row.max(1)) };
    Value::link(format!("{root}{file}{anchor}"), words)
}

fn is_absolute(file: &str) -> bool {
    file.starts_with('/') || file.as_bytes().get(1) == Some(&b':')
}

/// What the first and the last moment of a finding are called: by the fields that the rule takes them from.
pub fn ends<'m>(month: &Month<'m>, finding: &Finding) -> [&'m str; 2] {
    match rule(month, finding).map(|(_, rule)| &rule.kind) {
        Some(Kind::Deadline(deadline)) => [act(&deadline.start), act(&deadline.stop)],
        Some(Kind::Approval(Approval { promise: Some(promise), .. })) => [act(&promise.at), act(&promise.approved)],
        Some(Kind::Signing(signing)) => ["起", signing.issued.as_deref().map_or("止", act)],
        _ => ["起", "止"],
    }
}

/// The rule that a finding is of.
pub fn rule<'m>(month: &Month<'m>, finding: &Finding) -> Option<(&'m Pack, &'m Rule)> {
    month.rules.rules().find(|(pack, rule)| pack.id == finding.pack && rule.head.id == finding.rule)
}

/// Of a text about a penalty, without the person's wage: `基本工资 3,000.00 × 1% = 30.00 元` becomes `基本工资 × 1% = 30.00 元`.
pub fn without_wage(month: &Month<'_>, finding: &Finding, text: &str) -> String {
    let wage = match rule(month, finding).map(|(_, rule)| &rule.kind) {
        Some(Kind::Penalty(penalty)) => penalty.wage.as_ref(),
        _ => None,
    };
    let Some(wage) = wage else { return text.to_owned() };
    let mut parts = text.split(wage.field.as_str());
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let behind = part.trim_start_matches(|c: char| c.is_ascii_digit() || [' ', '.', ','].contains(&c));
        let is_figure = behind.starts_with('×');
        bare.extend([wage.field.as_str(), if is_figure { " " } else { "" }, if is_figure { behind } else { part }]);
    }
    bare
}

/// Its title; its id where the rule is gone.
pub fn rule_title<'f>(month: &Month<'f>, finding: &'f Finding) -> &'f str {
    rule(month, finding).map_or(finding.rule.as_str(), |(_, rule)| rule.head.title.as_str())
}
