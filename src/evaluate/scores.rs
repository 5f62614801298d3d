//! Points and scores in words.

use rust_decimal::Decimal;

use super::lines::Line;
use super::message::failed;
use super::points::{OTHER, OUTSIDE, UNKNOWN_ITEM};
use super::verdicts::View;
use crate::rules::kinds::{AwardOf, Given, Points, Scorecard};

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// `二5 擅离职守 扣 3 分`, or what the sum says.
pub(super) fn points(rule: &Points, view: &View, line: &Line) -> String {
    if let Some(told) = line.told.and_then(|told| view.judged.told.get(told)) {
        return told.clone();
    }
    let items = rule.schedules.versions.iter().flat_map(|version| &version.body.items);
    let item = line.item.and_then(|index| items.into_iter().nth(index));
    let cell = |field: &str| line.row.and_then(|row| view.reader.text(field, row)).unwrap_or_default();
    let faults: Vec<&str> = failed(view, line).collect();
    let (written, said) = match &rule.given {
        Given::Rows { item, points, .. } => (cell(item), points.as_deref().map(cell).unwrap_or_default()),
        Given::Findings(_) => Default::default(),
    };
    match item {
        None if faults.contains(&UNKNOWN_ITEM) => format!("扣分标准里没有「{written}」这一条，记 {said} 分不计入合计"),
        None => String::new(),
        Some(item) if faults.contains(&OUTSIDE) || faults.contains(&OTHER) => {
            format!("{} 应扣 {}，记录扣 {said} 分，不计入合计", item.title(), item.chinese())
        }
        Some(item) => {
            let also = item.also.as_ref().map(|also| format!("，另{also}")).unwrap_or_default();
            format!("{} 扣 {} 分{also}", item.title(), plain(line.points.unwrap_or_default()))
        }
    }
}

/// Of a sum what follows, of a row what is wrong with it.
pub(super) fn points_fault(rule: &Points, view: &View, line: &Line) -> String {
    let version = line.version.and_then(|version| rule.schedules.versions.get(version));
    match (line.told, version.and_then(|version| version.body.line.as_ref())) {
        (Some(_), Some(reached)) => reached.action.clone(),
        _ => failed(view, line).collect::<Vec<_>>().join("、"),
    }
}

/// `得分 92.5（德 18、勤 19、能 27.5、绩 28），优秀`, or what the year says.
pub(super) fn score(rule: &Scorecard, view: &View, line: &Line) -> String {
    if let Some(told) = line.told.and_then(|told| view.judged.told.get(told)) {
        return told.clone();
    }
    let faults: Vec<&str> = failed(view, line).collect();
    if !faults.is_empty() {
        return format!("{}，没有得分", faults.join("、"));
    }
    let Some(score) = line.points else { return String::new() };
    let named = earned(rule, line);
    let named = if named.is_empty() { named } else { format!("，{named}") };
    format!("得分 {}{named}", plain(score))
}

/// Grade and titles of a score.
pub(super) fn earned(rule: &Scorecard, line: &Line) -> String {
    let card = line.version.and_then(|version| rule.cards.versions.get(version)).map(|version| &version.body);
    let (Some(card), Some(score)) = (card, line.points) else { return String::new() };
    if line.told.is_some() {
        return card.awarded(AwardOf::Year, score).collect::<Vec<_>>().join("、");
    }
    let grade = card.grade(score).map(|grade| grade.name.as_str());
    grade.into_iter().chain(card.awarded(AwardOf::Score, score)).collect::<Vec<_>>().join("、")
}
