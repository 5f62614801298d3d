//! 核决权限稽核表: who approved what against who had to, breaches first, and suspected splitting.

mod bands;

use std::collections::BTreeSet;
use std::ops::Range;

use bands::required;

use super::frame::{FrameColumn, RowVisit};
use super::lookup::Lookup;
use super::sheet::{Column, Sheet, Stream, Style, Value};
use super::{Book, Month, wording};
use crate::ledger::{Finding, Outcome};
use crate::rules::kinds::{Approval, Kind};

const TITLE: &str = "核决权限稽核表";

pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    let has_rule = month.rules.rules().any(|(_, rule)| matches!(rule.kind, Kind::Approval(_)));
    let has_records = !month.is_part || !month.approvals.is_empty();
    (has_rule && has_records).then(|| Book::new(TITLE, move || Ok(sheets(month))))
}

fn sheets<'m>(month: &'m Month<'m>) -> Vec<Sheet<'m>> {
    let exceeded = Page {
        name: "越权清单", about: "越权、先承诺后核决和无法判定的", none: "本期没有越权核决。", outcomes: &RANKED[..2]
    };
    let all = Page {
        name: "全部核决记录", about: "本期每一笔核决的判定", none: "本期没有核决记录。", outcomes: &RANKED
    };
    vec![verdicts(month, exceeded, records(month)), suspected(month, records(month)), verdicts(month, all, records(month))]
}

/// One sheet of verdicts.
#[derive(Clone, Copy)]
struct Page {
    name: &'static str,
    about: &'static str,
    /// Said where there are none.
    none: &'static str,
    outcomes: &'static [Outcome],
}

/// Breaches, then what could not be judged, then the rest, each in order of the sources.
const RANKED: [Outcome; 5] = [Outcome::Breached, Outcome::Indeterminate, Outcome::Pending, Outcome::Met, Outcome::NotApplicable];

fn count(month: &Month<'_>, outcome: Outcome, suspected: bool) -> usize {
    month.approvals.iter().map(|verdicts| verdicts.count(outcome, suspected)).sum()
}

/// The rules that judged anything.
fn judging<'m>(month: &'m Month<'m>) -> Vec<(&'m str, &'m Approval)> {
    let judged = month.results.iter().filter(|result| result.counts.population() > 0);
    judged
        .filter_map(|result| match &result.rule.kind {
            Kind::Approval(approval) => Some((result.rule.head.title.as_str(), approval)),
            _ => None,
        })
        .collect()
}

/// What the rules call the post that they look at: `核决人职务/送核层级`
fn posts(rules: &[(&str, &Approval)]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (_, approval) in rules {
        if !names.contains(&approval.actor.as_str()) {
            names.push(&approval.actor);
        }
    }
    names.join("/\n")
}

/// How many approvals there are, as each of them is judged by several rules.
fn explained(month: &Month<'_>, rules: &[(&str, &Approval)]) -> String {
    let titles = rules.iter().map(|(title, _)| *title).collect::<Vec<_>>().join("、");
    let judged: usize = RANKED.iter().map(|outcome| count(month, *outcome, false)).sum();
    // so many are not worth the memory that telling them apart takes
    if judged > month.formula_rows {
        return format!("每笔核决各按几条规则核，每条一项：{titles}。");
    }
    let mut places = BTreeSet::new();
    in_order(month, &RANKED, false, &(0..usize::MAX), &mut |_, finding| {
        places.insert(finding.place.clone());
    });
    format!("{} 笔核决，各按几条规则核，每条一项：{titles}。", places.len())
}

/// The verdicts in the order of the sheet, numbered.
fn in_order(month: &Month<'_>, outcomes: &[Outcome], suspected: bool, rows: &Range<usize>, visit: &mut dyn FnMut(usize, &Finding)) {
    let mut row = 0;
    for outcome in outcomes {
        for verdicts in &month.approvals {
            verdicts.each(*outcome, suspected, &mut |finding| {
                if rows.contains(&row) {
                    visit(row, finding);
                }
                row += 1;
            });
        }
    }
}

fn verdicts<'m>(month: &'m Month<'m>, page: Page, records: Vec<Records<'m>>) -> Sheet<'m> {
    let rules = judging(month);
    let several = rules.len() > 1;
    let mut columns = vec![Column::new("结果", Style::Centre)];
    columns.extend(several.then(|| Column::new("核查", Style::Wrapped).at_most(18)));
    columns.extend([
        Column::new("编号", Style::Text),
        Column::new("金额（元）", Style::Money),
        Column::new(if several { posts(&rules) } else { "核决人职务".to_owned() }, Style::Centre),
        Column::new("至少应由", Style::Centre),
        Column::new("承诺日期", Style::Date),
        Column::new("核决日期", Style::Date),
        Column::new("部门", Style::Text),
        Column::new("核决人", Style::Text),
        Column::new("说明", Style::Wrapped).at_most(44),
        Column::new("出处", Style::Wrapped).at_most(34),
        Column::new("行", Style::Centre),
    ]);
    let each = if several { "，每条规则一行" } else { "" };
    let mut sheet = Sheet::new(page.name, columns).landscape().about(format!("{}{each}", page.about));
    wording::heading(&mut sheet, month, &format!("{TITLE} · {}", page.name));
    let of = |outcome| count(month, outcome, false);
    let len: usize = page.outcomes.iter().map(|outcome| of(*outcome)).sum();
    let unit = if several { "项" } else { "件" };
    sheet.wide(wording::tally(unit, Outcome::title, |outcome| of(outcome) as u64), Style::Subtitle);
    if several {
        sheet.wide(explained(month, &rules), Style::Note);
    }
    let clauses: BTreeSet<String> = month.approvals.iter().flat_map(|verdicts| verdicts.clauses()).filter(|c| !c.is_empty()).collect();
    sheet.wide(format!("依据：{}", clauses.into_iter().collect::<Vec<_>>().join("；")), Style::Note);
    if len == 0 {
        sheet.headings();
        sheet.wide(page.none, Style::Paragraph);
        return sheet;
    }
    let row = move |finding: &Finding, visit: &mut RowVisit<'_>| {
        let record = records.iter().find_map(|records| records.of(finding));
        let [source, at] = wording::origin(month, &finding.place);
        let (amount, actor, post) = match &record {
            Some(record) => (record.amount(), record.actor(), record.post()),
            None => (Value::number(finding.amount), Value::Blank, ""),
        };
        let mut values = vec![Value::text(wording::outcome(finding.outcome))];
        values.extend(several.then(|| Value::text(wording::rule_title(month, finding))));
        values.extend([
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
        visit(&values);
    };
    sheet.table(body(month, page.outcomes, false, len, row));
    signed(sheet)
}

fn suspected<'m>(month: &'m Month<'m>, records: Vec<Records<'m>>) -> Sheet<'m> {
    let columns = vec![
        Column::new("编号", Style::Text),
        Column::new("金额（元）", Style::Money),
        Column::new("核决人职务", Style::Centre),
        Column::new("核决日期", Style::Date),
        Column::new("部门", Style::Text),
        Column::new("说明", Style::Wrapped).at_most(60).at_least(40),
        Column::new("出处", Style::Wrapped).at_most(34),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new("疑似拆单", columns).landscape().about("短期内多次核决、合计越档的，供查核");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 疑似拆单"));
    sheet.wide("同一对象在短期内多次核决、合计金额超过各次核决人权限的，列在下面供查核；是否拆单由查核人判断。", Style::Note);
    let len = Outcome::ALL.into_iter().map(|outcome| count(month, outcome, true)).sum();
    if len == 0 {
        sheet.headings();
        sheet.wide("本期没有发现。", Style::Paragraph);
        return sheet;
    }
    let row = move |finding: &Finding, visit: &mut RowVisit<'_>| {
        let record = records.iter().find_map(|records| records.of(finding));
        let [source, at] = wording::origin(month, &finding.place);
        visit(&[
            Value::text(finding.subject.as_str()),
            record.as_ref().map_or_else(|| Value::number(finding.amount), Record::amount),
            record.as_ref().map_or(Value::Blank, Record::actor),
            wording::moment(finding.stop),
            Value::text(finding.unit.as_str()),
            Value::text(finding.message.as_str()),
            source,
            at,
        ]);
    };
    sheet.table(body(month, &RANKED, true, len, row));
    signed(sheet)
}

fn signed(mut sheet: Sheet<'_>) -> Sheet<'_> {
    sheet.fit();
    sheet.signatures("", &["稽核", "复核", "主管"].map(str::to_owned));
    sheet
}

fn body<'m>(
    month: &'m Month<'m>,
    outcomes: &'static [Outcome],
    suspected: bool,
    len: usize,
    row: impl Fn(&Finding, &mut RowVisit<'_>) + Send + Sync + 'm,
) -> Stream<'m> {
    Stream::made(len, move |rows, visit| {
        in_order(month, outcomes, suspected, &rows, &mut |at, finding| row(finding, &mut |values| visit(at, values)));
        Ok(())
    })
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
