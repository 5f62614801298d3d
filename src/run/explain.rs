//! `kesu explain`: a case's timeline, every rule that looked at it, the counted days, and what would have complied.

use std::fmt::Write as _;

use crate::diag::{Code, Diag, Diags};
use crate::evaluate;
use crate::ledger::{Finding, Lengths, Outcome, yuan};
use crate::normalise::{Progress, RowText, events};
use crate::rules::{self, Kind};

use super::{Job, Keep, Loaded};

/// The explanation as text.
///
/// # Errors
/// What is wrong with inputs or rules, or that no row has this number.
pub fn explain(job: &Job, subject: &str, progress: &dyn Progress) -> Result<String, Diags> {
    let loaded = super::read(job, progress)?;
    let rows = loaded.prepared.tables.rows_about(subject);
    if rows.is_empty() {
        return Err(Diags::from_iter([Diag::error(Code::SubjectUnknown, format!("数据里没有编号「{subject}」"))
            .in_file(&job.settings.data)
            .help("核对编号；若该行被放进待修正，先更正再查")]));
    }
    let mut text = format!("{subject}  （期间 {}，截止 {}）\n", job.period, job.as_of.date());
    timeline(&mut text, &loaded, &rows);
    let judged = loaded.judge(job, Keep::Everything, progress)?;
    let _ = writeln!(text, "\n规则判定");
    let mut found = false;
    for finding in judged.verdicts().flat_map(|verdicts| verdicts.about(subject)) {
        found = true;
        verdict(&mut text, &loaded, &finding);
    }
    if !found {
        let _ = writeln!(text, "  本期没有规则涉及这个编号；用 --period 查它受理或结案的月份。");
    }
    Ok(text)
}

/// Dates of all rows about the subject, earliest first, then what else the rows hold.
fn timeline(text: &mut String, loaded: &Loaded, rows: &[RowText]) {
    let _ = writeln!(text, "\n经过");
    for event in events(rows) {
        let from = loaded.prepared.tables.source(event.origin.source);
        let place = from.map(|s| format!("{}[{}] 第{}行", s.file, s.sheet, event.origin.row)).unwrap_or_default();
        let station = event.station.map(|station| format!("（{station}）")).unwrap_or_default();
        let _ = writeln!(text, "  {}  {}{station}    ← {} {place}", event.at, event.field, event.dataset);
    }
    let _ = writeln!(text, "\n资料");
    for row in rows {
        let facts: Vec<String> = row.cells.iter().filter(|c| c.moment.is_none()).map(|c| format!("{} {}", c.field, c.text)).collect();
        let _ = writeln!(text, "  {}：{}", row.dataset, facts.join("；"));
    }
}

fn verdict(text: &mut String, loaded: &Loaded, finding: &Finding) {
    let Some((pack, rule)) = loaded.rules.rules().find(|(pack, rule)| pack.id == finding.pack && rule.head.id == finding.rule) else {
        return;
    };
    let outcome = if finding.suspected { "疑似" } else { finding.outcome.title() };
    let _ = writeln!(text, "\n  [{outcome}] {}  {}  （{}/{}）", rule.head.title, finding.clause, finding.pack, finding.rule);
    if !finding.message.is_empty() {
        let _ = writeln!(text, "    {}", finding.message);
    }
    let mut facts = Vec::new();
    let moments = [("起", finding.start), ("应完成", finding.due), ("止", finding.stop)];
    facts.extend(moments.iter().filter_map(|(name, moment)| moment.map(|m| format!("{name} {m}"))));
    let Lengths { limit, elapsed, overrun } = finding.lengths();
    let lengths = [("期限", limit), ("已用", elapsed), ("逾期", overrun)];
    facts.extend(lengths.iter().filter(|(_, length)| !length.is_empty()).map(|(name, length)| format!("{name} {length}")));
    facts.extend(finding.amount.map(|amount| format!("金额 {}", yuan(amount))));
    if !facts.is_empty() {
        let _ = writeln!(text, "    {}", facts.join("，"));
    }
    if !finding.place.file.is_empty() {
        let _ = writeln!(text, "    出处 {}[{}] 第{}行", finding.place.file, finding.place.sheet, finding.place.row);
    }
    let _ = writeln!(text, "    依据 {}", rules::sentence(&loaded.rules, pack, rule).replace('\n', "\n         "));
    if let (Kind::Deadline(deadline), Some(calendar)) = (&rule.kind, loaded.calendars.get(&pack.calendar)) {
        let days = evaluate::counted_days(deadline, finding, calendar, pack.conventions);
        for day in days {
            let mark = day.counted.map_or_else(|| "不计".to_owned(), |number| format!("第 {number} 天"));
            let _ = writeln!(text, "      {} {mark} {}", day.date, day.why);
        }
    }
    let remedy = evaluate::smallest_change(rule, finding);
    if finding.outcome == Outcome::Breached && !finding.suspected && !remedy.is_empty() {
        let _ = writeln!(text, "    {}：{remedy}", evaluate::REMEDY);
    }
}
