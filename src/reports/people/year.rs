//! 年度员工绩效考核情况统计表: the blocks of a year, their weighted sum, places, and what is missing.

use rust_decimal::Decimal;

use super::{Scores, distribution, header, line, place, stability};
use crate::diag::column_letters;
use crate::dispose::scores::{Contest, ranked};
use crate::ledger::YearScore;
use crate::reports::sheet::{Cached, Column, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::Card;
use crate::rules::{Fraction, half_up};

const NAME: &str = "年度统计表";
/// Digits that a mean is kept with, so that the formula over it gives the exact total.
const DIGITS: u32 = 10;
/// Columns before those of the blocks.
const BEFORE: usize = 4;

pub fn sheets<'m>(scores: &Scores<'m>, card: &'m Card) -> Vec<Sheet<'m>> {
    let years = scores.years();
    let (table, range) = table(scores, card, &years);
    let mut sheets = vec![table];
    let totals: Vec<Decimal> = years.iter().filter_map(|year| year.total).collect();
    if !totals.is_empty() {
        let title = format!("{} · {}", scores.of.rule.head.title, distribution::NAME);
        sheets.push(distribution::build(card, &totals, &format!("'{NAME}'!{range}"), |sheet| scores.of.heading(sheet, &title)));
    }
    sheets.extend(stable(scores, card, &years));
    sheets
}

fn table<'m>(scores: &Scores<'m>, card: &'m Card, years: &[&'m YearScore]) -> (Sheet<'m>, String) {
    let mut columns = vec![
        Column::new("名次", Style::Int),
        Column::new("年度", Style::Centre),
        Column::new("部门", Style::Text).at_least(12),
        Column::new("员工", Style::Text).at_least(10),
    ];
    let percent = |weight: Decimal| (weight * Decimal::ONE_HUNDRED).normalize();
    columns.extend(
        card.blocks.iter().map(|block| Column::new(format!("{}（{}%）", block.name, percent(block.weight)), Style::Days).at_least(12)),
    );
    for column in &mut columns[BEFORE..] {
        column.style = Style::Money;
    }
    columns.extend([
        Column::new("总分", Style::Money).at_least(10),
        Column::new("称号", Style::Wrapped).at_most(14),
        Column::new("组成与缺项", Style::Wrapped).at_least(30).at_most(48),
        Column::new("出处", Style::Wrapped).at_most(30),
        Column::new("行", Style::Int),
    ]);
    let mut sheet = Sheet::new(NAME, columns).landscape().about("各块平均、年度总分与名次");
    scores.of.heading(&mut sheet, &scores.of.rule.head.title);
    sheet.wide(card.chinese(), Style::Note);
    scores.of.notes(&mut sheet, scores.judged);
    sheet.wide("缺一期就不出总分：缺的不当零分，也不从除数里去掉。各块平均不舍入，只在显示时取两位；总分最后舍入一次。", Style::Note);
    let first = header(&mut sheet);
    let last = first + years.len().saturating_sub(1);
    let at = BEFORE + card.blocks.len();
    let letter = column_letters(at as u32);
    let list: Vec<_> = years.iter().map(|year| (&year.person, year.total)).collect();
    for found in ranked(&list) {
        let year = years[found.index];
        let row = sheet.next_row() + 1;
        let means: Vec<Option<Decimal>> = match &year.exact {
            Some(exact) => exact.iter().map(|mean| mean.rounded(DIGITS).map(|mean| mean.normalize())).collect(),
            None => year.blocks.iter().map(|block| block.mean).collect(),
        };
        let mut values = vec![
            place(&letter, row, first, last, found.place),
            Value::text(year.year.to_string()),
            Value::text(year.person.unit.as_str()),
            Value::text(year.person.name.as_str()),
        ];
        values.extend(means.iter().map(|mean| Value::number(*mean)));
        values.push(total(card, year, &means, row));
        values.push(Value::text(year.awards.join("、")));
        values.push(Value::text(said(year)));
        values.extend(wording::origin(scores.of.month, &year.place));
        line(&mut sheet, values);
    }
    if years.is_empty() {
        sheet.wide("本年没有评分。", Style::Paragraph);
    }
    sheet.fit();
    sheet.signatures("", &scores.of.statistic.signatures);
    (sheet, format!("${letter}${first}:${letter}${last}"))
}

/// The weighted sum as a formula over the means, where it says what exact arithmetic says.
fn total(card: &Card, year: &YearScore, means: &[Option<Decimal>], row: usize) -> Value<'static> {
    let Some(total) = year.total else { return Value::Blank };
    let sum: Option<Decimal> = means.iter().zip(&card.blocks).map(|(mean, block)| Some((*mean)? * block.weight)).sum();
    let term = |(at, block): (usize, &crate::rules::kinds::Block)| {
        format!("{}{row}*{}", column_letters((BEFORE + at) as u32), block.weight.normalize())
    };
    let terms: Vec<String> = card.blocks.iter().enumerate().map(term).collect();
    match sum.map(|sum| half_up(sum, card.digits)) {
        Some(says) if says == total => Value::formula(format!("ROUND({},{})", terms.join("+"), card.digits), Cached::Number(total)),
        _ => Value::Number(total),
    }
}

/// `周检 52 次 平均 92、月检 12 次 平均 91;…`, or what is missing.
fn said(year: &YearScore) -> String {
    let missing: Vec<&str> = year.blocks.iter().flat_map(|block| &block.missing).map(String::as_str).collect();
    if !missing.is_empty() {
        return format!("不出总分：{}", missing.join("；"));
    }
    let piece = |(name, count, mean): &(String, usize, Option<Decimal>)| {
        format!("{name} {count} 次 平均 {}", mean.map(|mean| mean.normalize().to_string()).unwrap_or_default())
    };
    let blocks = year.blocks.iter().map(|block| block.pieces.iter().map(piece).collect::<Vec<_>>().join("、"));
    blocks.collect::<Vec<_>>().join("；")
}

fn stable<'m>(scores: &Scores<'m>, card: &Card, years: &[&'m YearScore]) -> Option<Sheet<'m>> {
    let (mut people, mut values) = (Vec::new(), Vec::new());
    for year in years {
        if let Some(exact) = &year.exact {
            people.push(&year.person);
            values.push((exact.clone(), Fraction::ZERO));
        }
    }
    let names: Vec<String> = card.blocks.iter().map(|block| block.name.clone()).collect();
    let weights = card.blocks.iter().map(|block| Fraction::from(block.weight)).collect();
    stability::build(&scores.of, &scores.of.rule.head.title, &names, &people, &Contest { weights, people: values })
}
