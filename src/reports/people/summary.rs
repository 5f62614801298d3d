//! 员工月/年绩效考核情况统计表: places by score, how scores are spread, how stable the places are, how raters mark.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::detail::{self, Key, Ranges};
use super::{Scores, distribution, earned, figured, header, line, place, raters, stability};
use crate::diag::column_letters;
use crate::dispose::scores::{Contest, ranked};
use crate::ledger::{Person, Score};
use crate::reports::sheet::{Column, Sheet, Style, Value};
use crate::rules::Fraction;
use crate::rules::kinds::Card;

/// Columns before those of the parts.
const BEFORE: usize = 4;

/// What a person's scores of one sort come to.
struct Mean<'m> {
    person: &'m Person,
    scores: Vec<&'m Score>,
    parts: Vec<Option<Fraction>>,
    /// `None`: one of them has no score.
    score: Option<Fraction>,
    /// Added to the parts whatever their weights.
    extra: Option<Fraction>,
}

pub fn sheets<'m>(scores: &Scores<'m>, card: &'m Card) -> Vec<Sheet<'m>> {
    let own = scores.scores();
    let (detail, ranges) = detail::build(scores, card, &own);
    let mut classes: Vec<&str> = Vec::new();
    for score in &own {
        if !classes.contains(&score.class.as_str()) {
            classes.push(&score.class);
        }
    }
    let Some(ranges) = ranges else { return vec![empty(scores), detail] };
    let mut sheets = Vec::new();
    let mut first_class = true;
    for class in classes {
        let of_class: Vec<&Score> = own.iter().copied().filter(|score| score.class == *class).collect();
        let means = means(&of_class, card);
        let (table, column) = table(scores, card, class, &means, &ranges);
        let name = table.name.clone();
        sheets.push(table);
        if first_class {
            let found: Vec<Decimal> = means.iter().filter_map(|mean| mean.score?.rounded(card.digits)).collect();
            let title = format!("{} · {}", titled(scores, class), distribution::NAME);
            sheets.push(distribution::build(card, &found, &format!("'{name}'!{column}"), |sheet| scores.of.heading(sheet, &title)));
            sheets.extend(stable(scores, card, class, &means));
        }
        first_class = false;
    }
    sheets.extend(raters::build(scores, card.digits, &own, Some(&ranges)));
    sheets.push(detail);
    sheets
}

fn empty<'m>(scores: &Scores<'m>) -> Sheet<'m> {
    let mut sheet = Sheet::new("统计表", vec![Column::new("统计表", Style::Wrapped).at_least(60)]);
    scores.of.heading(&mut sheet, &scores.of.rule.head.title);
    sheet.wide("本期没有评分。", Style::Paragraph);
    sheet
}

/// Several sorts of scores have a table each.
fn titled(scores: &Scores<'_>, class: &str) -> String {
    let title = &scores.of.rule.head.title;
    if class.is_empty() { title.clone() } else { format!("{title} · {class}") }
}

fn average(all: impl Iterator<Item = Option<Decimal>>) -> Option<Fraction> {
    let all: Vec<Fraction> = all.map(|mark| mark.map(Fraction::from)).collect::<Option<_>>()?;
    let count = i64::try_from(all.len()).ok()?;
    Fraction::sum(all)?.by(Fraction::whole(count))
}

fn means<'m>(scores: &[&'m Score], card: &Card) -> Vec<Mean<'m>> {
    let mut by_person: BTreeMap<&Person, Vec<&Score>> = BTreeMap::new();
    for score in scores {
        by_person.entry(&score.person).or_default().push(score);
    }
    let each = by_person.into_iter().map(|(person, scores)| {
        let score = average(scores.iter().map(|score| score.score));
        let part = |at: usize| average(scores.iter().map(|score| score.parts.get(at).copied().flatten())).filter(|_| score.is_some());
        let extra = |score: &&Score| Some(score.bonus.unwrap_or_default() - score.other.unwrap_or_default());
        let extra = average(scores.iter().map(extra));
        Mean { person, parts: (0..card.parts.len()).map(part).collect(), score, extra, scores }
    });
    each.collect()
}

/// The table, and the range of its scores.
fn table<'m>(scores: &Scores<'m>, card: &Card, class: &str, means: &[Mean<'m>], ranges: &Ranges) -> (Sheet<'m>, String) {
    let name = if class.is_empty() { "统计表".to_owned() } else { class.to_owned() };
    let mut columns = vec![
        Column::new("名次", Style::Int),
        Column::new("部门", Style::Text).at_least(12),
        Column::new("员工", Style::Text).at_least(10),
        Column::new("次数", Style::Int),
    ];
    columns.extend(card.parts.iter().map(|part| Column::new(part.name.as_str(), Style::Quantity).at_least(8)));
    columns.extend([
        Column::new("得分", Style::Quantity).at_least(9),
        Column::new("档次·称号", Style::Wrapped).at_most(16),
        Column::new("说明", Style::Wrapped).at_least(20).at_most(36),
    ]);
    let score_at = BEFORE + card.parts.len();
    let mut sheet = Sheet::new(name.as_str(), columns).landscape().about("名次与各面得分");
    scores.of.heading(&mut sheet, &titled(scores, class));
    sheet.wide(card.chinese(), Style::Note);
    scores.of.notes(&mut sheet, scores.judged);
    sheet.wide("一个人有几次评分的取平均；有一次没有得分的不出平均。同分同名次，同分的按部门、员工排列。", Style::Note);
    let first = header(&mut sheet);
    let last = first + means.len().saturating_sub(1);
    let letter = column_letters(score_at as u32);
    let list: Vec<_> = means.iter().map(|mean| (mean.person, mean.score.and_then(|score| score.rounded(card.digits)))).collect();
    for found in ranked(&list) {
        let mean = &means[found.index];
        let row = sheet.next_row() + 1;
        let rounded = |mark: Option<Fraction>| mark.and_then(|mark| mark.rounded(card.digits));
        let figure = |range: String, mark: Option<Fraction>| {
            let keys = [
                Key { range: ranges.unit(), cell: format!("$B{row}"), text: &mean.person.unit },
                Key { range: ranges.person(), cell: format!("$C{row}"), text: &mean.person.name },
                Key { range: ranges.class(), cell: format!("\"{}\"", class.replace('"', "\"\"")), text: class },
            ];
            let text = detail::mean(&range, &keys, &format!("$D{row}"), card.digits);
            figured(text, rounded(mark), rounded(mark))
        };
        let score = rounded(mean.score);
        let parts: Vec<Option<Decimal>> = mean.parts.iter().map(|part| rounded(*part)).collect();
        let mut values = vec![
            place(&letter, row, first, last, found.place),
            Value::text(mean.person.unit.as_str()),
            Value::text(mean.person.name.as_str()),
            Value::count(mean.scores.len() as u64),
        ];
        values.extend(mean.parts.iter().enumerate().map(|(at, part)| figure(ranges.part(at), *part)));
        values.push(figure(ranges.score(), mean.score));
        values.push(Value::text(score.map(|score| earned(card, score, &parts)).unwrap_or_default()));
        values.push(Value::text(said(mean)));
        line(&mut sheet, values);
    }
    sheet.fit();
    sheet.signatures("", &scores.of.statistic.signatures);
    (sheet, format!("${letter}${first}:${letter}${last}"))
}

/// What is missing, or what moved the score.
fn said(mean: &Mean<'_>) -> String {
    let mut words = Vec::new();
    for score in &mean.scores {
        match score.score {
            None => words.push(format!("{} 没有得分：{}", score.period, score.why)),
            Some(_) => {
                words.extend(score.bonus.filter(|bonus| !bonus.is_zero()).map(|bonus| format!("嘉奖加 {} 分", bonus.normalize())));
                words.extend(score.other.filter(|other| !other.is_zero()).map(|other| format!("其它扣 {} 分", other.normalize())));
                if !score.void.is_empty() {
                    words.push(format!("扣完 {}", score.void));
                }
            }
        }
    }
    words.join("；")
}

fn stable<'m>(scores: &Scores<'m>, card: &Card, class: &str, means: &[Mean<'m>]) -> Option<Sheet<'m>> {
    let full = Fraction::from(card.full);
    let weights = card.parts.iter().map(|part| Fraction::from(part.share()).by(full)).collect::<Option<Vec<_>>>()?;
    let (mut people, mut values) = (Vec::new(), Vec::new());
    for mean in means {
        let marks: Option<Vec<Fraction>> =
            mean.parts.iter().zip(&card.parts).map(|(mark, part)| mark.as_ref()?.by(Fraction::from(part.most))).collect();
        if let (Some(marks), Some(extra)) = (marks, mean.extra.and_then(|extra| extra.by(full))) {
            people.push(mean.person);
            values.push((marks, extra));
        }
    }
    let names: Vec<String> = card.parts.iter().map(|part| part.name.clone()).collect();
    stability::build(&scores.of, &titled(scores, class), &names, &people, &Contest { weights, people: values })
}
