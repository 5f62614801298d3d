//! The run and the ledger: which numbers the notices have, what was decided about them, and what the run enters.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::month::Piece;
use super::{Job, Judged, Loaded};
use crate::calendar::Period;
use crate::diag::Diag;
use crate::dispose::NoticeForm;
use crate::ledger::digest::{Fingerprint, of_text, root, short};
use crate::ledger::store::{FindingRecord, Kind as Entered, NoticeRecord, RunRecord, Sums, Turn, Wanted};
use crate::ledger::{Account, Finding};
use crate::reports;
use crate::rules::{Kind, RuleSet};

/// Stands for a pack in the rule of a correction: `更正/2026-10`.
const CORRECTION: &str = "更正";
const CORRECTION_FORM: &str = "更正单";
const CORRECTION_PREFIX: &str = "GZ";

/// The rule of a notice that asks for what a closed month should have been.
pub(super) fn is_carried(rule: &str) -> bool {
    rule.split_once('/').is_some_and(|(pack, _)| pack == CORRECTION)
}

/// The ledger during one run.
#[derive(Debug)]
pub struct Books<'t> {
    turn: &'t Turn,
    period: String,
    /// The entry that this run makes, or the one that it does over.
    entry: i64,
    /// The same was run last, over the same ledger: nothing is entered.
    repeats: bool,
    basis: String,
    /// Fingerprint of what the ledger held before this run.
    pub before: String,
    root: String,
}

impl<'t> Books<'t> {
    /// `basis`: fingerprint of everything besides the ledger that decides what comes out.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn open(turn: &'t Turn, job: &Job, basis: &str) -> Result<Self, Diag> {
        let period = job.period.to_string();
        let standing = turn.standing(&period)?;
        let over = |ledger: &str| Fingerprint::default().text(basis).text(ledger).finish();
        if let Some((entry, before)) = &standing.before
            && turn.run_at(*entry)?.is_some_and(|run| run.basis == over(before))
        {
            let (entry, basis) = (*entry, over(before));
            return Ok(Self { turn, period, entry, repeats: true, basis, before: before.clone(), root: String::new() });
        }
        let (entry, basis) = (turn.next_entry()?, over(&standing.now));
        Ok(Self { turn, period, entry, repeats: false, basis, before: standing.now, root: String::new() })
    }

    /// Gives the notices their numbers and what was decided about them, and enters what changed.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn take(&mut self, loaded: &Loaded, judged: &mut Judged) -> Result<(), Diag> {
        let packs: Vec<&str> = loaded.rules.packs.iter().map(|pack| pack.id.as_str()).collect();
        let ids = ids(&judged.findings, &self.period);
        let wanted: Vec<Wanted<'_>> = judged.notices.iter().map(wanted).collect();
        let numbers = self.turn.numbers(self.entry, &self.period, &wanted)?;
        for (form, number) in judged.notices.iter_mut().zip(numbers) {
            form.number = number;
        }
        let mut records = Vec::with_capacity(judged.notices.len());
        for form in &judged.notices {
            records.push(record(loaded, judged, form, &ids, &self.period)?);
        }
        let carried = self.carried()?;
        if !self.repeats {
            let findings = judged.findings.iter().map(|finding| finding_record(finding, &ids));
            self.turn.put_findings(self.entry, &self.period, &packs, findings)?;
            let owners: Vec<&str> = packs.iter().copied().chain([CORRECTION]).collect();
            self.turn.put_notices(self.entry, &self.period, &owners, &[records.as_slice(), &carried].concat())?;
        }
        let known = self.turn.notices_of(&self.period)?;
        for (form, record) in judged.notices.iter_mut().zip(&records) {
            form.code = short(&record.sha256);
            let known = known.iter().find(|known| known.number == form.number);
            form.decision = known.and_then(|known| known.holding()).cloned();
        }
        let leaves: Vec<String> = known.iter().map(|known| known.sha256.clone()).collect();
        self.root = root(&leaves);
        (judged.lifted, judged.notices) = std::mem::take(&mut judged.notices).into_iter().partition(NoticeForm::is_lifted);
        let changes = match self.turn.was_run_before(&self.period, self.entry)? {
            true => Some(self.turn.changes_at(self.entry)?),
            false => None,
        };
        judged.account = Some(Account { notices: known, changes, closed: self.turn.closed(&self.period)? });
        Ok(())
    }

    /// What closed months should have been and nobody has paid or got back yet: asked for in the first month that is open.
    fn carried(&self) -> Result<Vec<NoticeRecord>, Diag> {
        let is_next =
            |closed: &String| closed.parse::<Period>().ok().and_then(Period::next).is_some_and(|next| next.to_string() == self.period);
        if !self.turn.last_closed()?.as_ref().is_some_and(is_next) {
            return Ok(Vec::new());
        }
        let mut records = Vec::new();
        for closed in self.turn.corrected_before(&self.period)? {
            let rule = format!("{CORRECTION}/{closed}");
            let mut sums: BTreeMap<(String, String), (Decimal, Vec<String>)> = BTreeMap::new();
            for one in self.turn.corrections_of(&closed)? {
                let (sum, why) = sums.entry((one.recipient.clone(), one.unit.clone())).or_default();
                *sum += one.difference();
                why.push(format!("原单 {}：{:.2} → {:.2} 元，{}", one.number, one.closed, one.corrected, one.why));
            }
            for ((recipient, unit), (sum, why)) in sums {
                let amount = sum - self.turn.carried_before(&self.period, &rule, &recipient, &unit)?;
                if amount.is_zero() {
                    continue;
                }
                let wanted = Wanted { prefix: CORRECTION_PREFIX, rule: &rule, form: CORRECTION_FORM, recipient: &recipient, unit: &unit };
                let number = self.turn.numbers(self.entry, &self.period, &[wanted])?.concat();
                let lines: Vec<String> = (1..).zip(&why).map(|(at, why)| format!("{at}. {why}\n")).collect();
                let text = format!(
                    "单号 {number}\n单据 {CORRECTION_FORM}（{rule}）\n月份 {}\n受文 {recipient}\n部门 {unit}\n{}合计 {amount:.2} 元\n",
                    self.period,
                    lines.concat()
                );
                let sha256 = of_text(&text);
                records.push(NoticeRecord {
                    number,
                    asks: true,
                    amount: Some(amount),
                    low: amount,
                    high: Some(amount),
                    text,
                    sha256,
                    ..NoticeRecord::default()
                });
            }
        }
        Ok(records)
    }

    /// Enters the run over its finished outputs; `false` where they are those of the run before, and nothing is to be committed.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn close(self, run: RunRecord, manifest: String, sums: &Sums) -> Result<bool, Diag> {
        if self.repeats && self.turn.run_at(self.entry)?.is_some_and(|run| run.manifest == manifest) {
            return Ok(false);
        }
        let entry = if self.repeats { self.turn.next_entry()? } else { self.entry };
        let run = RunRecord { basis: self.basis, manifest, root: self.root, ..run };
        self.turn.put_run(entry, &run)?;
        self.turn.put_sums(entry, sums)?;
        let packs: Vec<&str> = run.packs.iter().map(|pack| pack.pack.as_str()).collect();
        self.turn.enter(
            entry,
            Entered::Run,
            &run.period,
            &format!("运行 {}，截止 {}，规则包 {}", run.period, run.as_of, packs.join("、")),
        )?;
        Ok(true)
    }
}

/// What a form says, for the ledger.
pub(super) fn record(loaded: &Loaded, judged: &Judged, form: &NoticeForm, ids: &Ids, period: &str) -> Result<NoticeRecord, Diag> {
    let mut text = format!(
        "单号 {}\n单据 {}（{}）\n月份 {}\n受文 {}\n部门 {}\n",
        form.number, form.form, form.rule, period, form.recipient, form.unit
    );
    let mut record = NoticeRecord { number: form.number.clone(), asks: form.asks(), amount: form.total, ..NoticeRecord::default() };
    let mut high = Some(Decimal::ZERO);
    for (at, line) in (1..).zip(&form.lines) {
        let finding = &*line.finding;
        let id = ids.get(&Arc::as_ptr(&line.finding)).map_or("", String::as_str);
        let open = finding.charge.as_ref().and_then(|charge| charge.open);
        let amount = finding.amount.map(|amount| format!("{amount:.2} 元")).or(open.map(|bounds| bounds.to_string()));
        let points = finding.points.map(|points| format!("{} 分", points.normalize()));
        let actions = finding.charge.as_ref().map(|charge| charge.actions.join("、")).unwrap_or_default();
        let words = [id, &finding.clause, &amount.unwrap_or_default(), &points.unwrap_or_default(), &actions, &finding.message];
        let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        let _ = writeln!(text, "{at}. {}", words.join(" | "));
        record.findings.push(id.to_owned());
        record.low += finding.amount.or(open.map(|bounds| bounds.low)).unwrap_or_default();
        high = match (finding.amount, open) {
            (Some(amount), _) => high.map(|high| high + amount),
            (None, Some(bounds)) => high.zip(bounds.high).map(|(high, most)| high + most),
            (None, None) => high,
        };
    }
    let (rows, is_public) = listed(loaded, judged, form)?;
    record.asks |= is_public;
    for (at, row) in (1..).zip(rows) {
        let _ = writeln!(text, "{at}. {row}");
    }
    if let Some(total) = form.total {
        let _ = writeln!(text, "合计 {total:.2} 元");
    }
    record.high = high;
    record.posts = posts(&loaded.rules, form);
    record.sha256 = of_text(&text);
    record.text = text;
    Ok(record)
}

pub(super) type Ids = HashMap<*const Finding, String>;

/// Rule, subject and month make a finding what it is; those that share all of it are counted in their order.
pub(super) fn ids(findings: &[Arc<Finding>], period: &str) -> Ids {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let id = |finding: &Arc<Finding>| {
        let fault = if finding.fault.is_empty() { String::new() } else { format!("/{}", finding.fault) };
        let plain = format!("{}/{}/{}/{period}{fault}", finding.pack, finding.rule, finding.subject);
        let count = seen.entry(plain.clone()).or_default();
        *count += 1;
        (Arc::as_ptr(finding), if *count == 1 { plain } else { format!("{plain}#{count}") })
    };
    findings.iter().map(id).collect()
}

pub(super) fn finding_record(finding: &Arc<Finding>, ids: &Ids) -> FindingRecord {
    let charge = finding.charge.as_deref();
    let day = charge.and_then(|charge| charge.day).map(|day| day.to_string());
    let place = &finding.place;
    FindingRecord {
        id: ids.get(&Arc::as_ptr(finding)).cloned().unwrap_or_default(),
        pack: finding.pack.to_string(),
        rule: finding.rule.to_string(),
        version: finding.version.map(|version| version.to_string()).unwrap_or_default(),
        clause: finding.clause.to_string(),
        outcome: if finding.suspected { "suspected".to_owned() } else { finding.outcome.name().to_owned() },
        subject: finding.subject.clone(),
        unit: finding.unit.to_string(),
        person: finding.person.to_string(),
        day: day.or(finding.start.map(|start| start.to_string())).unwrap_or_default(),
        amount: finding.amount.map(|amount| format!("{amount:.2}")).unwrap_or_default(),
        points: finding.points.map(|points| points.normalize().to_string()).unwrap_or_default(),
        actions: charge.map(|charge| charge.actions.join("、")).unwrap_or_default(),
        message: finding.message.clone(),
        place: if place.file.is_empty() { String::new() } else { format!("{}[{}] 第{}行", place.file, place.sheet, place.row) },
    }
}

fn wanted(form: &NoticeForm) -> Wanted<'_> {
    Wanted { prefix: &form.prefix, rule: &form.rule, form: &form.form, recipient: &form.recipient, unit: &form.unit }
}

/// The rows of a form that lists rows, in words, and whether it makes them public.
fn listed(loaded: &Loaded, judged: &Judged, form: &NoticeForm) -> Result<(Vec<String>, bool), Diag> {
    if form.rows.is_empty() {
        return Ok((Vec::new(), false));
    }
    for ((pack, rule), piece) in loaded.rules.rules().zip(&judged.pieces) {
        if let (Kind::Notice(notice), Piece::Listed(rows)) = (&rule.kind, piece)
            && let Some(shape) = notice.rows.as_ref().filter(|_| form.rule == format!("{}/{}", pack.id, rule.head.id))
        {
            let texts = reports::row_texts(shape, rows)?;
            let own = form.rows.iter().filter_map(|row| texts.get(*row).cloned()).collect();
            return Ok((own, reports::is_public(form, &notice.body)));
        }
    }
    Ok((Vec::new(), false))
}

/// Who may approve a form: the post that its rules name, and every post that the pack ranks above it. Where its rules name
/// several, those that may stand for all of them.
fn posts(rules: &RuleSet, form: &NoticeForm) -> Vec<String> {
    let mut allowed: Option<Vec<String>> = None;
    for line in &form.lines {
        let own = rules.rules().find(|(pack, rule)| line.finding.pack == pack.id && line.finding.rule == rule.head.id);
        let Some((pack, Kind::Penalty(penalty))) = own.map(|(pack, rule)| (pack, &rule.kind)) else { continue };
        let Some(post) = &penalty.confirm else { continue };
        let mut may = vec![post.clone()];
        for rule in &pack.rules {
            if let Kind::Approval(approval) = &rule.kind
                && let Some(at) = approval.rank.iter().position(|ranked| ranked == post)
            {
                may.extend(approval.rank[at + 1..].iter().filter(|above| !may.contains(above)).cloned().collect::<Vec<_>>());
            }
        }
        allowed = Some(match allowed {
            None => may,
            Some(before) if before.iter().any(|post| may.contains(post)) => before.into_iter().filter(|post| may.contains(post)).collect(),
            Some(before) => before,
        });
    }
    allowed.unwrap_or_default()
}
