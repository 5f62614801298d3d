//! Rules about what the run itself proposes: judged when that is known, and told as reminders.

use std::borrow::Cow;
use std::sync::Arc;

use super::month::{Keep, Loaded, Piece};
use super::{Job, month::Judged};
use crate::diag::Diags;
use crate::dispose::made::{self, Fact, Made};
use crate::evaluate;
use crate::ingest::RawValue;
use crate::ledger::{Finding, Outcome};
use crate::normalise::{Source, Tables, table_from_rows};
use crate::rules::{Rule, Severity};

/// Judges the rules that look at made tables, and puts what they say among the findings.
pub(super) fn remind(loaded: &Loaded, job: &Job, keep: Keep, judged: &mut Judged) -> Result<(), Diags> {
    if !loaded.rules.rules().any(|(_, rule)| rule.reads_made(&loaded.rules)) {
        return Ok(());
    }
    let findings = judged.findings.iter().map(|finding| &**finding);
    let made = made::tables(&loaded.rules, findings, &judged.notices, job.period);
    let mut tables = Tables { sources: vec![Source::default()], tables: Vec::new() };
    for one in &made {
        let Some(dataset) = loaded.rules.dataset(one.dataset) else { continue };
        let rows: Vec<_> = one.rows.iter().map(|row| cells(row, |name| dataset.field(name).is_some())).collect();
        tables.tables.push(table_from_rows(Arc::clone(dataset), &rows).map_err(Diags::from_iter)?);
    }
    let prepared = evaluate::prepare(tables, &loaded.rules).map_err(Diags::from_iter)?;
    for (at, (pack, rule)) in loaded.rules.rules().enumerate().filter(|(_, (_, rule))| rule.reads_made(&loaded.rules)) {
        let verdicts =
            evaluate::judge(pack, rule, &prepared, &loaded.calendars, &job.horizon()).map_err(|fault| Diags::from_iter([fault]))?;
        let mut piece = Piece::of(rule, verdicts, keep);
        if let Piece::Judged { findings, counts, .. } = &mut piece {
            // a reminder is a suspicion, and those are not counted among the verdicts
            counts.forget(Outcome::Breached);
            let told = std::mem::take(findings).into_iter().map(|finding| Arc::new(reminder(&finding, rule, &made)));
            judged.findings.extend(told);
        }
        judged.pieces[at] = piece;
    }
    let place = |finding: &Finding| {
        let own = |(pack, rule): (&crate::rules::Pack, &Rule)| pack.id == finding.pack && rule.head.id == finding.rule;
        loaded.rules.rules().position(own).unwrap_or(usize::MAX)
    };
    judged.findings.sort_by_cached_key(|finding| place(finding));
    Ok(())
}

/// Nobody broke a rule here: it is to be looked into, at the row that the sanction comes from.
fn reminder(finding: &Finding, rule: &Rule, made: &[Made]) -> Finding {
    let table = made.iter().find(|made| Some(made.dataset) == rule.kind.dataset());
    let place = table.and_then(|made| made.places.get((finding.place.row as usize).checked_sub(1)?)).cloned().unwrap_or_default();
    Finding {
        suspected: finding.outcome == Outcome::Breached,
        severity: Severity::Minor,
        message: format!("提示：{}", finding.message),
        place,
        ..finding.clone()
    }
}

fn cells(row: &[(&'static str, Fact)], knows: impl Fn(&str) -> bool) -> Vec<(String, RawValue<'static>)> {
    let raw = |fact: &Fact| match fact {
        Fact::Text(text) => RawValue::Text(Cow::Owned(text.clone())),
        Fact::Number(number) => RawValue::Text(Cow::Owned(number.to_string())),
        Fact::Day(day) => RawValue::Iso(Cow::Owned(day.to_string())),
        Fact::Flag(flag) => RawValue::Bool(*flag),
    };
    row.iter().filter(|(name, _)| knows(name)).map(|(name, fact)| ((*name).to_owned(), raw(fact))).collect()
}
