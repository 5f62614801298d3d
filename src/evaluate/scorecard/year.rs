//! A year's total out of the scores of its weeks and months. Persons are few: plain, exact arithmetic over rows that polars has scored.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::SUM_SCALE;
use crate::calendar::Period;
use crate::evaluate::judged::column;
use crate::evaluate::{people, periods};
use crate::ledger::{Outcome, Person, Score, YearBlock, YearScore};
use crate::rules::kinds::{AwardOf, Block, Card, Piece, Scorecard};
use crate::rules::{Every, Fraction};

/// More missing periods than this are counted, not listed.
const MOST_LISTED: usize = 6;

/// A person's year with what a verdict needs.
pub(super) struct Year {
    pub shown: YearScore,
    version: usize,
    row: Option<usize>,
    shared_name: bool,
}

/// Every person who has any score in a year that ends in the period.
pub(super) fn years(rule: &Scorecard, period: Period, scores: &[(Option<usize>, Score)]) -> Vec<Year> {
    let mut all = Vec::new();
    for year in super::years(period) {
        let Some(end) = NaiveDate::from_ymd_opt(year, 12, 31) else { continue };
        let Some(version) = rule.cards.versions.iter().rposition(|version| version.from <= end) else { continue };
        let card = &rule.cards.versions[version].body;
        if card.blocks.is_empty() {
            continue;
        }
        let inside = scores.iter().enumerate().filter(|(_, (_, score))| score.day.is_none_or(|day| day.year() == year));
        let assigned = people::assigned(inside.map(|(at, (_, score))| (at, &score.person)));
        let mut by_person: BTreeMap<Person, Vec<(Option<usize>, Score)>> = BTreeMap::new();
        for (person, at, doubt) in assigned.rows {
            let Some((row, score)) = scores.get(at).cloned() else { continue };
            let score = Score { score: score.score.filter(|_| !doubt), ..score };
            by_person.entry(person).or_default().push((row, score));
        }
        for (person, mut own) in by_person {
            own.sort_by_key(|(row, score)| (score.day, *row));
            let Some(row) = own.last().map(|(row, _)| *row) else { continue };
            let shared_name = assigned.shared.contains(person.name.as_str());
            all.push(Year { shown: one(person, year, card, &own), version, row, shared_name });
        }
    }
    all
}

fn one(person: Person, year: i32, card: &Card, own: &[(Option<usize>, Score)]) -> YearScore {
    let scores: Vec<&Score> = own.iter().map(|(_, score)| score).collect();
    let blocks: Vec<(YearBlock, Option<Fraction>)> = card.blocks.iter().map(|each| block(each, card, year, &scores)).collect();
    let exact: Option<Vec<Fraction>> = blocks.iter().map(|(_, mean)| *mean).collect();
    let weighed =
        |means: &[Fraction]| Fraction::sum(means.iter().zip(&card.blocks).map_while(|(mean, block)| mean.times(block.weight.into())));
    let total = exact.as_deref().and_then(weighed).and_then(|total| total.rounded(card.digits));
    let awards = total.iter().flat_map(|total| card.awarded(AwardOf::Year, *total)).map(str::to_owned).collect();
    let place = scores.last().map(|score| score.place.clone()).unwrap_or_default();
    YearScore { person, year, blocks: blocks.into_iter().map(|(block, _)| block).collect(), exact, total, awards, place }
}

fn block(block: &Block, card: &Card, year: i32, scores: &[&Score]) -> (YearBlock, Option<Fraction>) {
    let (mut missing, mut pieces, mut sum, mut weights) = (Vec::new(), Vec::new(), Some(Fraction::ZERO), Fraction::ZERO);
    for piece in &block.pieces {
        let own: Vec<&Score> = scores.iter().copied().filter(|score| takes(piece, score)).collect();
        let mean = mean(piece, year, &own, &mut missing);
        let weight = Fraction::from(piece.weight);
        sum = sum.zip(mean).and_then(|(sum, mean)| sum.plus(mean.times(weight)?));
        weights = weights.plus(weight).unwrap_or(weights);
        pieces.push((piece.title(), own.len(), mean.and_then(|mean| mean.rounded(card.digits))));
    }
    let mean = sum.and_then(|sum| sum.by(weights));
    let shown = YearBlock {
        name: block.name.clone(),
        weight: block.weight,
        mean: mean.and_then(|mean| mean.rounded(card.digits)),
        missing,
        pieces,
    };
    (shown, mean)
}

fn takes(piece: &Piece, score: &Score) -> bool {
    piece.classes.is_empty() || piece.classes.iter().any(|class| *class == score.class)
}

/// The mean over the periods that one piece asks for; what is missing is added to the list.
fn mean(piece: &Piece, year: i32, own: &[&Score], missing: &mut Vec<String>) -> Option<Fraction> {
    let title = piece.title();
    let unplaced = own.iter().filter(|score| score.day.is_none()).count();
    if unplaced > 0 {
        missing.push(format!("{title}有 {unplaced} 次评分不知道是哪一期"));
        return None;
    }
    let Some(every) = piece.each else {
        if own.len() < piece.at_least as usize {
            missing.push(format!("{title}只有 {} 次，至少要 {} 次", own.len(), piece.at_least));
            return None;
        }
        if own.iter().any(|score| score.score.is_none()) {
            missing
                .push(format!("{title}有评分而没有得分：{}", listed(own.iter().filter(|s| s.score.is_none()).map(|s| s.period.clone()))));
            return None;
        }
        return average(own);
    };
    // of several sorts together the first is the one that must be there
    let due = |score: &&&Score| piece.classes.first().is_none_or(|class| *class == score.class);
    let (mut absent, mut unscored, mut sum, mut weights) = (Vec::new(), Vec::new(), Some(Fraction::ZERO), Fraction::ZERO);
    for (at, (first, last)) in expected(every, year).into_iter().enumerate() {
        let inside: Vec<&Score> = own.iter().copied().filter(|score| score.day.is_some_and(|day| first <= day && day <= last)).collect();
        if !inside.iter().any(|score| due(&score)) {
            absent.push(periods::label(every, first));
        } else if inside.iter().any(|score| score.score.is_none()) {
            unscored.push(periods::label(every, first));
        } else {
            let weight = piece.by_month.get(at).map_or(Fraction::ONE, |weight| Fraction::from(*weight));
            sum = sum.zip(average(&inside)).and_then(|(sum, mean)| sum.plus(mean.times(weight)?));
            weights = weights.plus(weight)?;
        }
    }
    if absent.is_empty() && unscored.is_empty() {
        return sum?.by(weights);
    }
    if !absent.is_empty() {
        missing.push(format!("{title}缺 {}", listed(absent.into_iter())));
    }
    if !unscored.is_empty() {
        missing.push(format!("{title}有评分而没有得分：{}", listed(unscored.into_iter())));
    }
    None
}

fn listed(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    match all.len() > MOST_LISTED {
        true => format!("{} 等 {} 期", all[..MOST_LISTED].join("、"), all.len()),
        false => all.join("、"),
    }
}

fn average(scores: &[&Score]) -> Option<Fraction> {
    let sum = Fraction::sum(scores.iter().filter_map(|score| score.score).map(Fraction::from))?;
    sum.by(Fraction::whole(i64::try_from(scores.len()).ok()?))
}

/// First and last days of the periods that end in the year.
fn expected(every: Every, year: i32) -> Vec<(NaiveDate, NaiveDate)> {
    let start = NaiveDate::from_ymd_opt(year, 1, 1).and_then(|day| periods::first_day(every, day));
    let firsts = (0..).map_while(|by| periods::shifted(every, start?, by));
    let each = firsts.map_while(|first| Some((first, periods::shifted(every, first, 1)?.pred_opt()?)));
    each.skip_while(|(_, last)| last.year() < year).take_while(|(_, last)| last.year() == year).collect()
}

/// Whose the verdicts are, in their order.
pub(super) fn whose(years: &[Year]) -> Vec<Person> {
    years.iter().map(|year| year.shown.person.clone()).collect()
}

/// A verdict a person and year; what it says goes to `told`.
pub(super) fn verdicts(years: &[Year], told: &mut Vec<String>) -> PolarsResult<DataFrame> {
    let first = u32::try_from(told.len()).unwrap_or(u32::MAX);
    told.extend(years.iter().map(|year| words(&year.shown)));
    let outcome = |year: &Year| if year.shown.total.is_some() { Outcome::Met } else { Outcome::Indeterminate };
    let subject = |year: &Year| {
        let unit = if year.shared_name { format!("（{}）", year.shown.person.unit) } else { String::new() };
        format!("{}{unit}/{}", year.shown.person.name, year.shown.year)
    };
    let points: Int128Chunked = years.iter().map(|year| year.shown.total.map(scaled)).collect();
    let points = points.into_series().with_name(column::POINTS.into()).into_decimal(38, SUM_SCALE)?;
    let column = |name: &str, values: Vec<i32>| Column::new(name.into(), values);
    DataFrame::new(
        years.len(),
        vec![
            Column::new(column::ROW.into(), years.iter().map(|year| year.row.and_then(|row| u32::try_from(row).ok())).collect::<Vec<_>>()),
            Column::new(column::SUBJECT.into(), years.iter().map(subject).collect::<Vec<_>>()),
            column(column::OUTCOME, years.iter().map(|year| outcome(year) as i32).collect()),
            column(column::VERSION, years.iter().map(|year| year.version as i32).collect()),
            Column::new(column::TOLD.into(), (first..).take(years.len()).collect::<Vec<_>>()),
            points.into(),
        ],
    )
}

fn scaled(points: Decimal) -> i128 {
    let mut points = points;
    points.rescale(SUM_SCALE as u32);
    points.mantissa()
}

/// `年度总分 102.2 = 周检月检 104 × 20% + 月考核 103 × 30% + 年终考评 101 × 50%，优秀员工`
fn words(year: &YearScore) -> String {
    let percent = |weight: Decimal| (weight * Decimal::ONE_HUNDRED).normalize();
    let Some(total) = year.total else {
        let missing: Vec<&str> = year.blocks.iter().flat_map(|block| &block.missing).map(String::as_str).collect();
        return format!("{} 年不出总分：{}", year.year, missing.join("；"));
    };
    let blocks = year.blocks.iter().map(|block| {
        let mean = block.mean.unwrap_or_default().normalize();
        format!("{} {mean} × {}%", block.name, percent(block.weight))
    });
    let awards = if year.awards.is_empty() { String::new() } else { format!("，{}", year.awards.join("、")) };
    format!("{} 年度总分 {} = {}{awards}", year.year, total.normalize(), blocks.collect::<Vec<_>>().join(" + "))
}
