//! 奖金评分表: each part on a full mark of its own, its weight, and the weighted sum.

use rust_decimal::Decimal;

use super::{Scores, earned, header, line};
use crate::diag::column_letters;
use crate::ledger::Score;
use crate::reports::sheet::{Cached, Column, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::half_up;
use crate::rules::kinds::Card;

const BEFORE: usize = 3;

pub fn sheets<'m>(scores: &Scores<'m>, card: &Card) -> Vec<Sheet<'m>> {
    let mut columns = vec![
        Column::new("部门", Style::Text).at_least(12),
        Column::new("员工", Style::Text).at_least(10),
        Column::new("期间", Style::Centre).at_least(10),
    ];
    columns.extend(card.parts.iter().map(|part| {
        let share = (part.share() / card.full * Decimal::ONE_HUNDRED).round_dp(2).normalize();
        Column::new(format!("{}（{share}%）", part.name), Style::Quantity).at_least(12)
    }));
    columns.extend([
        Column::new("加分", Style::Quantity),
        Column::new("评分", Style::Quantity).at_least(10),
        Column::new("称号", Style::Wrapped).at_most(16),
        Column::new("说明", Style::Wrapped).at_least(20).at_most(40),
        Column::new("出处", Style::Wrapped).at_most(30),
        Column::new("行", Style::Int),
    ]);
    let mut sheet = Sheet::new("评分表", columns).landscape().about("各项得分、权重与评分");
    scores.of.heading(&mut sheet, &scores.of.rule.head.title);
    sheet.wide(card.chinese(), Style::Note);
    scores.of.notes(&mut sheet, scores.judged);
    header(&mut sheet);
    let own = scores.scores();
    sheet.filter = !own.is_empty();
    for score in &own {
        let row = sheet.next_row() + 1;
        let mut values =
            vec![Value::text(score.person.unit.as_str()), Value::text(score.person.name.as_str()), Value::text(score.period.as_str())];
        values.extend((0..card.parts.len()).map(|at| Value::number(score.parts.get(at).copied().flatten())));
        let extra = score.bonus.unwrap_or_default() - score.other.unwrap_or_default();
        values.push(if extra.is_zero() { Value::Blank } else { Value::Number(extra) });
        values.push(total(card, score, extra, row));
        values.push(Value::text(score.score.map(|found| earned(card, found, &score.parts)).unwrap_or_default()));
        values.push(Value::text(score.why.as_str()));
        values.extend(wording::origin(scores.of.month, &score.place));
        line(&mut sheet, values);
    }
    if own.is_empty() {
        sheet.wide("本期没有评分。", Style::Paragraph);
    }
    sheet.fit();
    sheet.signatures("", &scores.of.statistic.signatures);
    vec![sheet]
}

fn total(card: &Card, score: &Score, extra: Decimal, row: usize) -> Value<'static> {
    let Some(found) = score.score else { return Value::Blank };
    let term = |at: usize, factor: Decimal| {
        let cell = format!("{}{row}", column_letters((BEFORE + at) as u32));
        if factor == Decimal::ONE { cell } else { format!("{cell}*{}", factor.normalize()) }
    };
    let mut terms: Vec<String> = card.parts.iter().enumerate().map(|(at, part)| term(at, part.factor)).collect();
    terms.push(term(card.parts.len(), Decimal::ONE));
    let sum: Option<Decimal> = card.parts.iter().zip(&score.parts).map(|(part, mark)| Some((*mark)? * part.factor)).sum();
    match sum.map(|sum| half_up(sum + extra, card.digits)) {
        Some(says) if says == found => Value::formula(format!("ROUND({},{})", terms.join("+"), card.digits), Cached::Number(found)),
        _ => Value::Number(found),
    }
}
