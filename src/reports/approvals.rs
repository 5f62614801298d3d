//! 核决权限稽核表: who approved what against who had to, breaches first, and suspected splitting.

use std::collections::BTreeMap;

use super::frame::FrameColumn;
use super::sheet::{Column, Sheet, Stream, Style, Value};
use super::{Book, Month, wording};
use crate::diag::Diag;
use crate::ledger::{Finding, Outcome};
use crate::normalise::{ROW, SOURCE};
use crate::rules::kinds::{Approval, Kind};

const TITLE: &str = "核决权限稽核表";
/// Word by which a verdict on splitting is told from one on a single approval.
const SPLIT: &str = "拆单";

pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    let has_rule = month.rules.rules().any(|(_, rule)| matches!(rule.kind, Kind::Approval(_)));
    (has_rule || !month.approvals.is_empty()).then(|| Book::new(TITLE, move || sheets(month)))
}

fn sheets<'m>(month: &'m Month<'m>) -> Result<Vec<Sheet<'m>>, Diag> {
    let (splits, single): (Vec<&Finding>, Vec<&Finding>) = month.approvals.iter().partition(|f| f.message.contains(SPLIT));
    let records = Records::new(month)?;
    let mut sheets = vec![verdicts(month, single, records)];
    sheets.push(suspected(month, splits));
    Ok(sheets)
}

/// Breaches, then what could not be judged, then the rest, each in order of the sources.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Breached => 0,
        Outcome::Indeterminate => 1,
        Outcome::Pending => 2,
        Outcome::Met => 3,
        Outcome::NotApplicable => 4,
    }
}

fn verdicts<'m>(month: &'m Month<'m>, mut found: Vec<&'m Finding>, records: Records<'m>) -> Sheet<'m> {
    found.sort_by_key(|f| rank(f.outcome));
    let columns = vec![
        Column::new("结果", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("金额(元)", Style::Money),
        Column::new("核决人职务", Style::Centre),
        Column::new("至少应由", Style::Centre),
        Column::new("承诺日期", Style::Date),
        Column::new("核决日期", Style::Date),
        Column::new("部门", Style::Text),
        Column::new("依据", Style::Wrapped).at_most(20),
        Column::new("说明", Style::Wrapped).at_most(48),
        Column::new("出处", Style::Wrapped).at_most(24),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new(TITLE, columns).landscape();
    wording::heading(&mut sheet, month, TITLE);
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| format!("{} {} 件", outcome.title(), found.iter().filter(|f| f.outcome == *outcome).count()))
        .collect();
    sheet.wide(format!("共核 {} 件:{}", found.len(), counts.join(",")), Style::Subtitle);
    if found.is_empty() {
        sheet.headings();
        sheet.wide("本期没有核决记录。", Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(found.len(), move |row, values| {
        let finding = found[row];
        let record = records.of(finding);
        let [source, at] = wording::origin(month, &finding.place);
        values.extend([
            Value::text(wording::outcome(finding.outcome)),
            Value::text(finding.subject.as_str()),
            Value::number(finding.amount),
            record.as_ref().map_or(Value::Blank, |r| r.actor.clone()),
            Value::text(records.required(finding)),
            record.as_ref().map_or(Value::Blank, |r| r.promised.clone()),
            record.as_ref().map_or_else(|| wording::moment(finding.stop), |r| r.approved.clone()),
            Value::text(finding.unit.as_str()),
            Value::text(finding.clause.as_str()),
            Value::text(finding.message.as_str()),
            source,
            at,
        ]);
    }));
    sheet
}

fn suspected<'m>(month: &'m Month<'m>, found: Vec<&'m Finding>) -> Sheet<'m> {
    let columns = vec![
        Column::new("结果", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("金额(元)", Style::Money),
        Column::new("部门", Style::Text),
        Column::new("说明", Style::Wrapped).at_most(60).at_least(40),
        Column::new("出处", Style::Wrapped).at_most(34),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new("疑似拆单", columns).landscape();
    wording::heading(&mut sheet, month, "疑似拆单");
    sheet.wide("同一对象在短期内多次核决、合计金额超过各次核决人权限的,列在下面供查核;是否拆单由查核人判断。", Style::Note);
    if found.is_empty() {
        sheet.headings();
        sheet.wide("本期没有发现。", Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(found.len(), move |row, values| {
        let finding = found[row];
        let [source, at] = wording::origin(month, &finding.place);
        values.extend([
            Value::text(wording::outcome(finding.outcome)),
            Value::text(finding.subject.as_str()),
            Value::number(finding.amount),
            Value::text(finding.unit.as_str()),
            Value::text(finding.message.as_str()),
            source,
            at,
        ]);
    }));
    sheet
}

/// The approval's own row in the sources.
struct Record<'m> {
    actor: Value<'m>,
    promised: Value<'m>,
    approved: Value<'m>,
}

/// Rows of the approval rules' datasets by file, sheet and row.
struct Records<'m> {
    /// Pack, rule.
    rules: Vec<(&'m str, &'m str, Columns<'m>)>,
}

struct Columns<'m> {
    approval: &'m Approval,
    sources: BTreeMap<(String, String), u32>,
    /// Row of the table by source and row of the sheet.
    rows: BTreeMap<(u32, u32), usize>,
    actor: Option<FrameColumn<'m>>,
    promised: Option<FrameColumn<'m>>,
    approved: Option<FrameColumn<'m>>,
}

impl<'m> Records<'m> {
    fn new(month: &'m Month<'m>) -> Result<Self, Diag> {
        let mut rules = Vec::new();
        for (pack, rule) in month.rules.rules() {
            let Kind::Approval(approval) = &rule.kind else { continue };
            let Some(table) = month.input.tables.get(&approval.dataset) else { continue };
            let column = |name: &str| FrameColumn::new(&table.frame, name).ok();
            let (source, row) = (FrameColumn::new(&table.frame, SOURCE)?, FrameColumn::new(&table.frame, ROW)?);
            let rows = (0..table.frame.height())
                .filter_map(|at| match (source.get(at), row.get(at)) {
                    (Value::Int(source), Value::Int(row)) => Some(((u32::try_from(source).ok()?, u32::try_from(row).ok()?), at)),
                    _ => None,
                })
                .collect();
            let columns = Columns {
                approval,
                sources: (0..).zip(&month.input.tables.sources).map(|(at, s)| ((s.file.clone(), s.sheet.clone()), at)).collect(),
                rows,
                actor: column(&approval.actor),
                promised: approval.promise.as_ref().and_then(|p| column(&p.at)),
                approved: approval.promise.as_ref().and_then(|p| column(&p.approved)),
            };
            rules.push((pack.id.as_str(), rule.head.id.as_str(), columns));
        }
        Ok(Self { rules })
    }

    fn columns(&self, finding: &Finding) -> Option<&Columns<'m>> {
        self.rules.iter().find(|(pack, rule, _)| *pack == finding.pack && *rule == finding.rule).map(|(_, _, columns)| columns)
    }

    fn of(&self, finding: &Finding) -> Option<Record<'m>> {
        let columns = self.columns(finding)?;
        let place = &finding.place;
        let source = *columns.sources.get(&(place.file.clone(), place.sheet.clone()))?;
        let at = *columns.rows.get(&(source, place.row))?;
        let get = |column: &Option<FrameColumn<'m>>| column.as_ref().map_or(Value::Blank, |c| c.get(at));
        Some(Record { actor: get(&columns.actor), promised: get(&columns.promised), approved: get(&columns.approved) })
    }

    /// The post that the message names behind 应由; empty where it names none.
    fn required(&self, finding: &Finding) -> &'m str {
        let Some(columns) = self.columns(finding) else { return "" };
        let Some((_, behind)) = finding.message.split_once("应由") else { return "" };
        let mut posts: Vec<(usize, &'m str)> =
            columns.approval.rank.iter().filter_map(|post| Some((behind.find(post.as_str())?, post.as_str()))).collect();
        // 总经理 also stands inside 副总经理, one character later
        posts.sort_unstable();
        posts.first().map_or("", |(_, post)| post)
    }
}
