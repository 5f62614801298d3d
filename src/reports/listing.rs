//! Lists of verdicts as rules ask for them: a book a statistic, a sheet a list.

mod columns;
mod groups;

use std::sync::Arc;

use rust_decimal::Decimal;

use super::lookup::Lookup;
use super::sheet::{Cached, Cell, Sheet, Stream, Style, Value};
use super::{Book, Month, RuleResult, wording};
use crate::diag::{Diag, column_letters};
use crate::evaluate::Counts;
use crate::ledger::{Finding, Outcome};
use crate::rules::kinds::{Kind, Layout, Listed, Section, Statistic};
use crate::rules::{Pack, Rule};

use columns::Columns;

/// One book a statistic of lists, unless the company keeps none of the tables that the lists are about.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.rules.rules().filter_map(move |(pack, rule)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let Layout::Listing(sections) = &statistic.layout else { return None };
        let kept = |section: &Section| month.tables.get(&section.dataset).is_some_and(|table| table.frame.height() > 0);
        if !sections.iter().any(kept) {
            return None;
        }
        let book = Book::new(&rule.head.title, move || {
            sections.iter().map(|section| sheet(&List { month, pack, rule, statistic, section })).collect()
        });
        Some(book.sent_to(&statistic.send))
    })
}

/// One list with what it is made of.
struct List<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    section: &'m Section,
}

impl<'m> List<'m> {
    /// What became of the rules that are listed, in the order of the list.
    fn results(&self) -> impl Iterator<Item = &'m RuleResult<'m>> {
        let (month, pack) = (self.month, self.pack);
        let result = move |id: &'m String| month.results.iter().find(move |r| r.pack.id == pack.id && r.rule.head.id == *id);
        self.section.rules.iter().filter_map(result)
    }

    fn holds(&self, finding: &Finding) -> bool {
        let listed = match finding.outcome {
            _ if finding.suspected => Listed::Suspected,
            Outcome::Met => Listed::Met,
            Outcome::Breached => Listed::Breached,
            Outcome::Pending => Listed::Pending,
            Outcome::NotApplicable => Listed::NotApplicable,
            Outcome::Indeterminate => Listed::Indeterminate,
        };
        self.section.outcomes.contains(&listed)
    }

    /// Breaches first, then what could not be judged, then the rest; in each by rule, then in order of the sources.
    fn findings(&self) -> Result<Vec<Arc<Finding>>, Diag> {
        let in_findings = |listed: &Listed| matches!(listed, Listed::Breached | Listed::Indeterminate | Listed::Suspected);
        let mut found: Vec<Arc<Finding>> = Vec::new();
        for result in self.results() {
            let (pack, rule) = (result.pack, result.rule);
            if self.section.outcomes.iter().all(in_findings) {
                let own = |f: &&Arc<Finding>| *f.pack == *pack.id && *f.rule == *rule.head.id && self.holds(f);
                found.extend(self.month.findings.iter().filter(own).cloned());
            } else {
                let all = self.month.every_verdict.of(pack, rule)?;
                found.extend(all.into_iter().filter(|f| self.holds(f)).map(Arc::new));
            }
        }
        found.sort_by_key(|finding| wording::rank(finding.outcome));
        Ok(found)
    }
}

fn sheet<'m>(list: &List<'m>) -> Result<Sheet<'m>, Diag> {
    let (month, section) = (list.month, list.section);
    let found = list.findings()?;
    let columns =
        Columns::new(section, Lookup::new(month, &section.dataset), month.rules.dataset(&section.dataset).map(std::convert::AsRef::as_ref));
    let rules: Vec<&Rule> = list.results().map(|result| result.rule).collect();
    let mut sheet = Sheet::new(section.title.as_str(), columns.headings(month, &rules)).landscape().about(said(list));
    sheet.fit();
    let title = &list.rule.head.title;
    // a title that ends with the section's says it already
    let heading = if title.ends_with(&section.title) { title.clone() } else { format!("{title} · {}", section.title) };
    wording::heading(&mut sheet, month, &heading);
    sheet.wide(said(list), Style::Subtitle);
    sheet.wide(format!("依据：{}", list.statistic.clause), Style::Note);
    for note in section.note.iter().chain(&list.rule.head.note) {
        sheet.wide(format!("口径：{note}"), Style::Note);
    }
    for result in list.results().filter(|r| !r.rule.head.missing.is_empty()) {
        let head = &result.rule.head;
        sheet.wide(format!("「{}」待补参数（{}），没有判定。", head.title, head.missing.join("、")), Style::Note);
    }
    if found.is_empty() {
        sheet.headings();
        sheet.wide(nothing(list), Style::Paragraph);
    } else {
        groups::put(&mut sheet, month, section, &columns, &found);
        let sums = columns.sums(&found);
        let len = found.len();
        sheet.table(Stream::made(found.len(), move |rows, visit| {
            for row in rows {
                let mut values = Vec::new();
                columns.fill(month, &found[row], &mut values);
                visit(row, &values);
            }
            Ok(())
        }));
        total(&mut sheet, sums, len, len <= month.formula_rows);
    }
    sheet.fit();
    sheet.signatures("", &list.statistic.signatures);
    Ok(sheet)
}

/// 合计 below the list, over its own rows.
fn total(sheet: &mut Sheet<'_>, sums: Vec<(usize, Decimal)>, len: usize, live: bool) {
    if sums.is_empty() {
        return;
    }
    let first = sheet.rows.len() + 1;
    let mut cells: Vec<Cell<'_>> = sheet.columns.iter().map(|column| Cell::new(Value::Blank, column.style).strong()).collect();
    cells[0] = Cell::text("合计", Style::Label).strong();
    for (at, sum) in sums {
        let letters = column_letters(at as u32);
        let formula = format!("ROUND(SUM({letters}{first}:{letters}{}),4)", first + len - 1);
        cells[at].value = if live { Value::formula(formula, Cached::Number(sum)) } else { Value::Number(sum) };
    }
    sheet.push(cells);
}

fn totals(list: &List<'_>) -> Counts {
    let mut counts = Counts::default();
    for result in list.results() {
        Outcome::ALL.iter().for_each(|outcome| counts.add(*outcome, result.counts.of(*outcome)));
    }
    counts
}

fn said(list: &List<'_>) -> String {
    let counts = totals(list);
    let rates =
        |rule: &Rule| matches!(&rule.kind, Kind::Ratio(ratio) if ratio.targets.versions.iter().all(|version| version.body.is_none()));
    let unasked = list.results().all(|result| rates(result.rule));
    let title = |outcome: Outcome| if unasked && outcome == Outcome::NotApplicable { wording::NO_TARGET } else { outcome.title() };
    wording::tally("项", title, |outcome| counts.of(outcome))
}

fn nothing(list: &List<'_>) -> &'static str {
    match totals(list).population() {
        0 => "本期没有可以判定的记录。",
        _ => "本期没有应列出的事项。",
    }
}
