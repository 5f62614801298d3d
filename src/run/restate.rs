//! A closed month run again: it stays as it is, and what it should have been goes into 更正表.xlsx and the ledger.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_decimal::Decimal;

use super::account::{self, finding_record, record};
use super::publish::Staging;
use super::{Job, Judged, Loaded};
use crate::diag::{Diag, Diags};
use crate::ledger::store::{ClosedNotice, Correction, FindingRecord, Kind, Known, NoticeRecord, Recorded, State, Turn};
use crate::reports::restatement::{self, Restatement};

/// Where the workbook of corrections of a month goes.
pub const SUFFIX: &str = "-更正";

/// What came of running a closed month again.
#[derive(Debug, Default)]
pub struct Restated {
    pub corrections: Vec<Correction>,
    pub changes: usize,
    pub written: Vec<PathBuf>,
}

/// Writes the corrections, and enters them where they are not those that were entered last.
///
/// # Errors
/// The ledger or the workbook cannot be written.
pub fn restate(job: &Job, loaded: &Loaded, judged: &mut Judged, turn: Turn) -> Result<Restated, Diags> {
    let period = job.period.to_string();
    let before = turn.findings_of(&period)?;
    let ids = account::ids(&judged.findings, &period);
    let now: Vec<FindingRecord> = judged.findings.iter().map(|finding| finding_record(finding, &ids)).collect();
    let changes = changes(before, now);
    let mut records = Vec::new();
    for form in &mut judged.notices {
        form.number = turn.number_of(&period, &form.rule, &form.recipient, &form.unit)?.unwrap_or_default();
    }
    for form in &judged.notices {
        records.push((form.recipient.clone(), form.unit.clone(), record(loaded, judged, form, &ids, &period)?));
    }
    let corrections = corrections(&turn, &period, &records, &changes)?;
    if corrections.is_empty() && changes.is_empty() {
        enter(turn, &period, &corrections)?;
        return Ok(Restated::default());
    }
    let target = job.settings.out.join(format!("{period}{SUFFIX}"));
    let staging = Staging::beside(&target)?;
    let closed = turn.closed(&period)?;
    let restatement = Restatement {
        company: &job.settings.company,
        period: job.period,
        as_of: job.as_of.date(),
        rules: &loaded.rules,
        closed: closed.as_ref(),
        corrections: &corrections,
        changes: &changes,
    };
    let name = restatement::write(&restatement, staging.path())?;
    enter(turn, &period, &corrections)?;
    staging.publish()?;
    Ok(Restated { corrections, changes: changes.len(), written: vec![target.join(name)] })
}

fn enter(turn: Turn, period: &str, corrections: &[Correction]) -> Result<(), Diag> {
    if turn.corrections_of(period)? == corrections {
        turn.leave();
        return Ok(());
    }
    let entry = turn.next_entry()?;
    turn.put_corrections(entry, period, corrections)?;
    let sum: Decimal = corrections.iter().map(Correction::difference).sum();
    turn.enter(entry, Kind::Restate, period, &format!("更正 {period}：{} 张单据，差额合计 {sum:.2} 元", corrections.len()))?;
    turn.commit()
}

/// The findings of the month as it was closed against those of now.
fn changes(before: Vec<FindingRecord>, now: Vec<FindingRecord>) -> Vec<Recorded> {
    let mut before: BTreeMap<String, FindingRecord> = before.into_iter().map(|finding| (finding.id.clone(), finding)).collect();
    let mut changes = Vec::new();
    for finding in now {
        match before.remove(&finding.id) {
            None => changes.push(Recorded { state: "new".to_owned(), finding, before: None }),
            Some(former) if former.is_same(&finding) => {}
            Some(former) => changes.push(Recorded { state: "changed".to_owned(), finding, before: Some(former) }),
        }
    }
    changes.extend(before.into_values().map(|finding| Recorded { state: "gone".to_owned(), finding, before: None }));
    changes.sort_by(|a, b| a.finding.id.cmp(&b.finding.id));
    changes
}

type Made = (String, String, NoticeRecord);

fn corrections(turn: &Turn, period: &str, made: &[Made], changes: &[Recorded]) -> Result<Vec<Correction>, Diag> {
    let frozen: BTreeMap<String, ClosedNotice> =
        turn.closed_notices(period)?.into_iter().map(|notice| (notice.number.clone(), notice)).collect();
    let mut corrections = Vec::new();
    for known in turn.notices_of(period)?.iter().filter(|known| known.asks) {
        let Some(frozen) = frozen.get(&known.number) else { continue };
        let record = made.iter().map(|(_, _, record)| record).find(|record| record.number == known.number);
        let closed = frozen.amount.unwrap_or_default();
        let (corrected, why) = corrected(known, frozen, record, changes);
        if corrected != closed {
            let (recipient, unit) = (known.recipient.clone(), known.unit.clone());
            corrections.push(Correction { number: known.number.clone(), recipient, unit, closed, corrected, why });
        }
    }
    for (recipient, unit, record) in made.iter().filter(|(_, _, record)| record.number.is_empty() && record.asks) {
        if let Some(corrected) = record.amount.filter(|amount| !amount.is_zero()) {
            let why = format!("月结时没有的：{}", subjects(record));
            let (recipient, unit) = (recipient.clone(), unit.clone());
            corrections.push(Correction { number: String::new(), recipient, unit, closed: Decimal::ZERO, corrected, why });
        }
    }
    Ok(corrections)
}

/// What should have been carried out, and why that is something else.
fn corrected(known: &Known, frozen: &ClosedNotice, record: Option<&NoticeRecord>, changes: &[Recorded]) -> (Decimal, String) {
    let closed = frozen.amount.unwrap_or_default();
    if known.is_void {
        return (closed, String::new());
    }
    let decided = known.decision.as_ref();
    let lifted = decided.is_some_and(|decision| decision.state.is_lifted());
    let after = decided.filter(|decision| decision.amount.unwrap_or_default() != closed);
    match record {
        // what this month took over from an earlier one does not follow from its own tables
        None if after.is_none() && account::is_carried(&known.rule) => (closed, String::new()),
        None if !account::is_carried(&known.rule) => (Decimal::ZERO, "重算以后不再成立".to_owned()),
        _ if lifted || after.is_some() => {
            let words = decided.map(|decision| format!("申诉{}：{}", decision.state.title(), decision.reason));
            (decided.and_then(|decision| decision.amount).unwrap_or_default(), words.unwrap_or_default())
        }
        Some(record) if record.sha256 != frozen.sha256 => {
            let amount = record.amount.unwrap_or(closed);
            let amount = if frozen.state == State::Reduced.title() { amount.min(closed) } else { amount };
            (amount, reasons(record, known, changes))
        }
        _ => (closed, String::new()),
    }
}

fn subjects(record: &NoticeRecord) -> String {
    let mut subjects: Vec<&str> = record.findings.iter().filter_map(|id| id.split('/').nth(2)).collect();
    subjects.dedup();
    subjects.join("、")
}

/// The changes among the findings of a notice, as it was and as it is.
fn reasons(record: &NoticeRecord, known: &Known, changes: &[Recorded]) -> String {
    let own =
        |change: &&Recorded| record.findings.contains(&change.finding.id) || known.text.contains(&format!(" {} |", change.finding.id));
    let words = changes.iter().filter(own).map(|change| {
        let subject = &change.finding.subject;
        match (&change.before, change.state.as_str()) {
            (Some(before), _) => format!("{subject} {}", restatement::differences(before, &change.finding)),
            (None, "gone") => format!("{subject} 不再成立"),
            (None, _) => format!("{subject} 新增"),
        }
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "单据的内容变了".to_owned() } else { words.join("；") }
}
