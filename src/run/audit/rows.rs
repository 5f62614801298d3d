//! Tests over the rows themselves: cases that went on after they were closed, and texts that were copied.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::ledger::{Finding, Moment, Outcome, Place};
use crate::normalise::{RowText, Tables};
use crate::reports::sampling::Test;
use crate::rules::kinds::Layout;
use crate::rules::{FieldType, Kind, RuleSet, Severity};

/// A shorter text says the same of many cases with good reason.
const LONG: usize = 8;
/// So many rows with one text are a copy.
const COPIES: usize = 3;

/// Of cases that a deadline saw closed, those that the log of their route saw on a later day.
pub(super) fn reopened(rules: &RuleSet, tables: &Tables, all: &[Finding], as_of: NaiveDate) -> Test {
    let routes = || rules.rules().filter_map(|(_, rule)| if let Kind::Order(order) = &rule.kind { Some(order) } else { None });
    let logs: BTreeSet<&str> = routes().filter(|order| order.log.is_some()).map(|order| order.dataset.as_str()).collect();
    // where a route says by which field a case has ended, no other end counts
    let ends: BTreeSet<&str> = routes().filter(|order| order.log.is_some()).filter_map(|order| order.done.as_deref()).collect();
    let closings = rules.rules().filter_map(|(pack, rule)| match &rule.kind {
        Kind::Deadline(deadline) if ends.is_empty() || ends.contains(deadline.stop.as_str()) => {
            Some((pack.id.as_str(), rule.head.id.as_str()))
        }
        _ => None,
    });
    let closings: BTreeSet<(&str, &str)> = closings.collect();
    let mut closed: BTreeMap<&str, (NaiveDate, &Finding)> = BTreeMap::new();
    for finding in
        all.iter().filter(|finding| closings.contains(&(finding.pack.as_str(), finding.rule.as_str())) && !finding.subject.contains('/'))
    {
        let Some(stop) = finding.stop.map(Moment::date) else { continue };
        let last = closed.entry(&finding.subject).or_insert((stop, finding));
        if stop > last.0 {
            *last = (stop, finding);
        }
    }
    let subjects: Vec<&str> = closed.keys().copied().collect();
    let mut rows = tables.rows_about_each(&subjects);
    let looked = closed.len();
    let hits = closed.into_iter().filter_map(|(subject, (stop, finding))| {
        let rows = rows.remove(subject)?;
        let later = rows
            .iter()
            .filter(|row| logs.contains(row.dataset.as_str()))
            .flat_map(|row| row.cells.iter().filter(|cell| cell.is_own).map(move |cell| (row, cell)));
        let later = later.filter_map(|(row, cell)| Some((cell.moment?.date(), row, cell))).filter(|(day, ..)| *day > stop && *day <= as_of);
        let (day, row, cell) = later.max_by_key(|(day, ..)| *day)?;
        Some((format!("{stop} 已结，{}的{}还有 {day}", row.dataset, cell.field), finding.clone()))
    });
    Test {
        name: "结案后又重开",
        population: "已结的案件",
        looked,
        note: "结案以后，流转记录里还有更晚的日期。补登、归档的日期会误报；先结案占住时限、以后再办的，正是这个样子。",
        hits: hits.collect(),
    }
}

/// Long texts that stand word by word in several rows of a column where most texts stand once.
pub(super) fn copied(tables: &Tables, rules: &RuleSet, period: Period) -> Test {
    let mut test = Test {
        name: "照抄的记录文字",
        population: "本期有八字以上文字说明的记录",
        looked: 0,
        note: "三分之二以上的文字只出现一次的栏目里，三行以上一字不差（数字、空白与标点不计）。系统模板、同一批货的同一原因会误报；回访内容照抄，多半是没有打电话。",
        hits: Vec::new(),
    };
    // what statistics are grouped by is no text of its own
    let groups = rules.rules().filter_map(|(_, rule)| match &rule.kind {
        Kind::Statistic(statistic) => match &statistic.layout {
            Layout::Summary { groups, .. } => Some(groups.iter().map(String::as_str)),
            _ => None,
        },
        _ => None,
    });
    let groups: BTreeSet<&str> = groups.flatten().collect();
    for dataset in rules.datasets.iter().filter(|dataset| !dataset.made) {
        let texts = dataset.fields.iter().filter(|field| field.ty == FieldType::Text && !dataset.key.contains(&field.name));
        let fields: BTreeSet<&str> = texts.map(|field| field.name.as_str()).filter(|name| !groups.contains(name)).collect();
        let mut by_text: BTreeMap<(String, String), Vec<RowText>> = BTreeMap::new();
        for row in tables.every_row(&dataset.name).into_iter().filter(|row| is_of(row, dataset.at.as_deref(), period)) {
            for cell in row.cells.iter().filter(|cell| cell.is_own && fields.contains(cell.field.as_str())) {
                let plain: String = cell.text.chars().filter(|c| c.is_alphabetic()).collect();
                if plain.chars().count() >= LONG {
                    by_text.entry((cell.field.clone(), plain)).or_default().push(row.clone());
                }
            }
        }
        for field in fields {
            let own = || by_text.iter().filter(|((of, _), _)| of == field).map(|(_, rows)| rows);
            test.looked += own().map(Vec::len).sum::<usize>();
            // names and kinds come again and again; what people write of a case hardly ever does
            if own().filter(|rows| rows.len() == 1).count() * 3 < own().count() * 2 {
                continue;
            }
            for rows in own().filter(|rows| rows.len() >= COPIES) {
                test.hits
                    .extend(rows.iter().map(|row| (format!("「{field}」{} 行相同", rows.len()), of_row(tables, row, field, &dataset.key))));
            }
        }
    }
    test
}

/// The row's own day lies in the period.
fn is_of(row: &RowText, at: Option<&str>, period: Period) -> bool {
    let mut own = row.cells.iter().filter(|cell| cell.is_own && at.is_none_or(|at| cell.field == at));
    own.find_map(|cell| cell.moment).is_some_and(|at| period.contains(at.date()))
}

/// A row in the looks of a verdict; its dataset stands for the rule.
fn of_row(tables: &Tables, row: &RowText, field: &str, key: &[String]) -> Finding {
    let text = |name: &str| row.cells.iter().find(|cell| cell.field == name).map(|cell| cell.text.as_str()).unwrap_or_default();
    let source = tables.source(row.origin.source);
    let subject: Vec<&str> = key.iter().map(|name| text(name)).filter(|text| !text.is_empty()).collect();
    Finding {
        subject: subject.join("/"),
        unit: text("部门").into(),
        place: Place {
            file: source.map_or("", |source| source.file.as_str()).into(),
            sheet: source.map_or("", |source| source.sheet.as_str()).into(),
            row: row.origin.row,
        },
        message: text(field).to_owned(),
        ..Finding::bare(&row.dataset, "row", Outcome::NotApplicable, Severity::Minor)
    }
}
