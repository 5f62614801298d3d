//! 核决权限稽核表: who approved what against who had to, breaches first, and suspected splitting.

mod bands;

use bands::required;

use super::frame::FrameColumn;
use super::lookup::Lookup;
use super::sheet::{Column, Sheet, Stream, Style, Value};
use super::{Book, Month, wording};
use crate::ledger::{Finding, Outcome};
use crate::rules::kinds::{Approval, Kind};

const TITLE: &str = "核决权限稽核表";

pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    let has_rule = month.rules.rules().any(|(_, rule)| matches!(rule.kind, Kind::Approval(_)));
    (has_rule || !month.approvals.is_empty()).then(|| Book::new(TITLE, move || Ok(sheets(month))))
}

fn sheets<'m>(month: &'m Month<'m>) -> Vec<Sheet<'m>> {
    let (splits, single): (Vec<&Finding>, Vec<&Finding>) = month.approvals.iter().partition(|f| f.suspected);
    let counts = counts(&single);
    let is_wrong = |f: &&Finding| matches!(f.outcome, Outcome::Breached | Outcome::Indeterminate);
    let mut wrong: Vec<&Finding> = single.iter().copied().filter(is_wrong).collect();
    wrong.sort_by_key(|f| wording::rank(f.outcome));
    let exceeded = ("越权清单", "越权、先承诺后核决和无法判定的", "本期没有越权核决。");
    let all = ("全部核决记录", "本期每一笔核决的判定", "本期没有核决记录。");
    vec![
        verdicts(month, exceeded, wrong, &counts, records(month)),
        suspected(month, splits, records(month)),
        verdicts(month, all, single, &counts, records(month)),
    ]
}

fn verdicts<'m>(
    month: &'m Month<'m>,
    (name, about, none): (&str, &str, &'static str),
    found: Vec<&'m Finding>,
    counts: &str,
    records: Vec<Records<'m>>,
) -> Sheet<'m> {
    let columns = vec![
        Column::new("结果", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("金额(元)", Style::Money),
        Column::new("核决人职务", Style::Centre),
        Column::new("至少应由", Style::Centre),
        Column::new("承诺日期", Style::Date),
        Column::new("核决日期", Style::Date),
        Column::new("部门", Style::Text),
        Column::new("核决人", Style::Text),
        Column::new("说明", Style::Wrapped).at_most(44),
        Column::new("出处", Style::Wrapped).at_most(34),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new(name, columns).landscape().about(about);
    wording::heading(&mut sheet, month, &format!("{TITLE} · {name}"));
    sheet.wide(counts.to_owned(), Style::Subtitle);
    let mut clauses: Vec<&str> = found.iter().map(|f| f.clause.as_str()).filter(|c| !c.is_empty()).collect();
    clauses.sort_unstable();
    clauses.dedup();
    sheet.wide(format!("依据:{}", clauses.join(";")), Style::Note);
    if found.is_empty() {
        sheet.headings();
        sheet.wide(none, Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(found.len(), move |row, values| {
        let finding = found[row];
        let record = records.iter().find_map(|records| records.of(finding));
        let [source, at] = wording::origin(month, &finding.place);
        let (amount, actor, post) = match &record {
            Some(record) => (record.amount(), record.actor(), record.post()),
            None => (Value::number(finding.amount), Value::Blank, ""),
        };
        values.extend([
            Value::text(wording::outcome(finding.outcome)),
            Value::text(finding.subject.as_str()),
            amount,
            actor,
            Value::text(post),
            wording::moment(finding.start),
            wording::moment(finding.stop),
            Value::text(finding.unit.as_str()),
            Value::text(finding.person.as_str()),
            Value::text(finding.message.as_str()),
            source,
            at,
        ]);
    }));
    sheet
}

/// `共核 60 件:合规 58 件,违规 2 件`
fn counts(found: &[&Finding]) -> String {
    let each: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome.title(), found.iter().filter(|f| f.outcome == *outcome).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(title, count)| format!("{title} {count} 件"))
        .collect();
    let colon = if each.is_empty() { "" } else { ":" };
    format!("共核 {} 件{colon}{}", found.len(), each.join(","))
}

fn suspected<'m>(month: &'m Month<'m>, found: Vec<&'m Finding>, records: Vec<Records<'m>>) -> Sheet<'m> {
    let columns = vec![
        Column::new("编号", Style::Text),
        Column::new("金额(元)", Style::Money),
        Column::new("核决人职务", Style::Centre),
        Column::new("核决日期", Style::Date),
        Column::new("部门", Style::Text),
        Column::new("说明", Style::Wrapped).at_most(60).at_least(40),
        Column::new("出处", Style::Wrapped).at_most(34),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new("疑似拆单", columns).landscape().about("短期内多次核决、合计越档的,供查核");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 疑似拆单"));
    sheet.wide("同一对象在短期内多次核决、合计金额超过各次核决人权限的,列在下面供查核;是否拆单由查核人判断。", Style::Note);
    if found.is_empty() {
        sheet.headings();
        sheet.wide("本期没有发现。", Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(found.len(), move |row, values| {
        let finding = found[row];
        let record = records.iter().find_map(|records| records.of(finding));
        let [source, at] = wording::origin(month, &finding.place);
        values.extend([
            Value::text(finding.subject.as_str()),
            record.as_ref().map_or_else(|| Value::number(finding.amount), Record::amount),
            record.as_ref().map_or(Value::Blank, Record::actor),
            wording::moment(finding.stop),
            Value::text(finding.unit.as_str()),
            Value::text(finding.message.as_str()),
            source,
            at,
        ]);
    }));
    sheet
}

/// The rows that one approval rule judged.
struct Records<'m> {
    pack: &'m str,
    rule: &'m str,
    approval: &'m Approval,
    lookup: Lookup<'m>,
    amount: Option<FrameColumn<'m>>,
    actor: Option<FrameColumn<'m>>,
}

/// One approval as the sources have it.
struct Record<'a, 'm> {
    records: &'a Records<'m>,
    finding: &'a Finding,
    row: usize,
}

fn records<'m>(month: &'m Month<'m>) -> Vec<Records<'m>> {
    let rules = month.rules.rules().filter_map(|(pack, rule)| match &rule.kind {
        Kind::Approval(approval) => Some((pack, rule, approval)),
        _ => None,
    });
    rules
        .map(|(pack, rule, approval)| {
            let lookup = Lookup::new(month, &approval.dataset);
            let (amount, actor) = (lookup.column(&approval.amount), lookup.column(&approval.actor));
            Records { pack: &pack.id, rule: &rule.head.id, approval, lookup, amount, actor }
        })
        .collect()
}

impl<'m> Records<'m> {
    fn of<'a>(&'a self, finding: &'a Finding) -> Option<Record<'a, 'm>> {
        let is_own = self.pack == finding.pack && self.rule == finding.rule;
        let row = is_own.then(|| self.lookup.row(&finding.place)).flatten()?;
        Some(Record { records: self, finding, row })
    }
}

impl<'m> Record<'_, 'm> {
    fn amount(&self) -> Value<'m> {
        self.records.amount.as_ref().map_or(Value::Blank, |column| column.get(self.row))
    }

    fn actor(&self) -> Value<'m> {
        self.records.actor.as_ref().map_or(Value::Blank, |column| column.get(self.row))
    }

    /// The lowest post that may approve it, by the version that judged it.
    fn post(&self) -> &'m str {
        let tables = &self.records.approval.tables.versions;
        let Some(version) = tables.iter().find(|v| Some(v.from) == self.finding.version) else { return "" };
        required(&version.body, &|field| self.records.lookup.column(field).map(|column| column.get(self.row)))
    }
}
