//! `评分明细`: every score of the period with the marks behind it and its row in the source.

use super::{Scores, header, line};
use crate::diag::column_letters;
use crate::ledger::Score;
use crate::reports::formulas::is_plain;
use crate::reports::sheet::{Column, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::Card;

pub const NAME: &str = "评分明细";

/// Where its columns stand, for formulas of other sheets.
#[derive(Debug, Clone, Copy)]
pub struct Ranges {
    first: usize,
    last: usize,
    parts: usize,
}

impl Ranges {
    fn of(&self, column: usize) -> String {
        let letters = column_letters(column as u32);
        format!("'{NAME}'!${letters}${}:${letters}${}", self.first, self.last)
    }

    pub fn unit(&self) -> String {
        self.of(0)
    }

    pub fn person(&self) -> String {
        self.of(1)
    }

    pub fn class(&self) -> String {
        self.of(2)
    }

    pub fn rater(&self) -> String {
        self.of(4)
    }

    pub fn part(&self, at: usize) -> String {
        self.of(5 + at)
    }

    pub fn score(&self) -> String {
        self.of(5 + self.parts + 2)
    }
}

/// The sheet, and its ranges where it has rows.
pub fn build<'m>(scores: &Scores<'m>, card: &Card, own: &[&'m Score]) -> (Sheet<'m>, Option<Ranges>) {
    let mut columns = vec![
        Column::new("部门", Style::Text),
        Column::new("员工", Style::Text),
        Column::new("类型", Style::Centre),
        Column::new("期间", Style::Centre),
        Column::new("考核人", Style::Text),
    ];
    columns.extend(card.parts.iter().map(|part| Column::new(part.name.as_str(), Style::Quantity)));
    columns.extend([
        Column::new("其它扣分", Style::Quantity),
        Column::new("嘉奖加分", Style::Quantity),
        Column::new("得分", Style::Quantity),
        Column::new("扣完栏目", Style::Wrapped).at_most(16),
        Column::new("没有得分的原因", Style::Wrapped).at_most(30),
        Column::new("出处", Style::Wrapped).at_most(30),
        Column::new("行", Style::Int),
    ]);
    let mut sheet = Sheet::new(NAME, columns).landscape().about("每一次评分的各面得分与出处");
    scores.of.heading(&mut sheet, &format!("{} · {NAME}", scores.of.rule.head.title));
    let first = header(&mut sheet);
    sheet.filter = !own.is_empty();
    for score in own {
        line(&mut sheet, cells(scores, card, score));
    }
    if own.is_empty() {
        sheet.wide("本期没有评分。", Style::Paragraph);
    }
    let ranges = Ranges { first, last: first + own.len().saturating_sub(1), parts: card.parts.len() };
    sheet.fit();
    (sheet, (!own.is_empty()).then_some(ranges))
}

fn cells<'m>(scores: &Scores<'m>, card: &Card, score: &'m Score) -> Vec<Value<'m>> {
    let mut values = vec![
        Value::text(score.person.unit.as_str()),
        Value::text(score.person.name.as_str()),
        Value::text(score.class.as_str()),
        Value::text(score.period.as_str()),
        Value::text(score.rater.as_str()),
    ];
    values.extend((0..card.parts.len()).map(|at| Value::number(score.parts.get(at).copied().flatten())));
    values.extend([score.other, score.bonus, score.score].map(Value::number));
    values.extend([Value::text(score.void.as_str()), Value::text(score.why.as_str())]);
    values.extend(wording::origin(scores.of.month, &score.place));
    values
}

/// A column of the detail, the cell that it must read as, and the text of that cell.
pub struct Key<'t> {
    pub range: String,
    pub cell: String,
    pub text: &'t str,
}

/// The mean of `range` over the rows that meet all keys, rounded; `count` is the cell with their number.
pub fn mean(range: &str, keys: &[Key<'_>], count: &str, digits: u32) -> String {
    if keys.iter().all(|key| is_plain(key.text)) {
        let pairs: Vec<String> = keys.iter().map(|key| format!("{},{}", key.range, key.cell)).collect();
        return format!("ROUND(AVERAGEIFS({range},{}),{digits})", pairs.join(","));
    }
    let product: Vec<String> = keys.iter().map(|key| format!("EXACT({},{})", key.range, key.cell)).collect();
    format!("ROUND(SUMPRODUCT({}*1,{range})/{count},{digits})", product.join("*"))
}
