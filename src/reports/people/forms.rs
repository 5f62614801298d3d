//! 员工绩效考核记录表: a form a score, a sheet a person.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Scores, earned};
use crate::ledger::{Person, Score};
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::rules::half_up;
use crate::rules::kinds::{Card, CardPart, MarkSource};

/// Above this many people a book would have too many sheets: all go on one, a page each.
const MOST_SHEETS: usize = 60;
/// Excel knows 1023 page breaks a sheet.
const MOST_PAGES: usize = 1000;
const SIGN: [&str; 3] = ["被考核人", "考核人", "部门负责人"];

pub fn sheets<'m>(scores: &Scores<'m>) -> Vec<Sheet<'m>> {
    let mut by_person: BTreeMap<&Person, Vec<&Score>> = BTreeMap::new();
    for score in scores.scores() {
        by_person.entry(&score.person).or_default().push(score);
    }
    if by_person.is_empty() {
        let mut sheet = blank("记录表");
        scores.of.heading(&mut sheet, &scores.of.rule.head.title);
        sheet.wide("本期没有评分。", Style::Paragraph);
        return vec![sheet];
    }
    if by_person.len() > MOST_SHEETS {
        let all: Vec<&Score> = by_person.into_values().flatten().collect();
        let each = all.chunks(MOST_PAGES).zip(1..).map(|(own, number)| {
            let mut sheet = blank(&format!("记录表 {number}"));
            own.iter().for_each(|score| form(&mut sheet, scores, score));
            sheet.fit();
            sheet
        });
        return each.collect();
    }
    let each = by_person.into_iter().map(|(person, own)| {
        let mut sheet = blank(&person.name);
        sheet.about = format!("{} 的记录表", person.name);
        own.into_iter().for_each(|score| form(&mut sheet, scores, score));
        sheet.fit();
        sheet
    });
    each.collect()
}

fn blank<'m>(name: &str) -> Sheet<'m> {
    Sheet::new(
        name,
        vec![
            Column::new("面", Style::Label).at_least(22),
            Column::new("小项", Style::Text).at_least(18),
            Column::new("满分", Style::Quantity).at_least(10),
            Column::new("得分", Style::Quantity).at_least(12),
            Column::new("备注", Style::Wrapped).at_least(20).at_most(30),
        ],
    )
}

/// One score on a page of its own.
fn form<'m>(sheet: &mut Sheet<'m>, scores: &Scores<'m>, score: &'m Score) {
    if sheet.next_row() > 0 {
        sheet.breaks.push(sheet.next_row());
    }
    let versions = &scores.scorecard.cards.versions;
    let Some(card) = score.version.and_then(|at| versions.get(at)).map(|version| &version.body).or_else(|| scores.card()) else { return };
    scores.of.heading(sheet, &scores.of.rule.head.title);
    let facts = [
        ("员工", score.person.name.as_str()),
        ("部门", &score.person.unit),
        ("类型", &score.class),
        ("考核期间", &score.period),
        ("考核人", &score.rater),
    ];
    let facts: Vec<String> = facts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}：{text}")).collect();
    sheet.wide(facts.join("    "), Style::Paragraph);
    let written = if scores.scorecard.deductions { "扣分" } else { "得分" };
    let headings = ["面", "小项", "满分", written, "备注"];
    sheet.push(headings.iter().map(|text| Cell::text(*text, Style::Header)).collect());
    let mut marks = Vec::new();
    for (at, part) in card.parts.iter().enumerate() {
        marks.push(self::part(sheet, scores, score, part, at));
    }
    let other = extra(sheet, "其它扣分", score.other);
    let bonus = extra(sheet, "嘉奖加分", score.bonus);
    total(sheet, card, score, &marks, other, bonus);
    let remark = match score.score {
        Some(found) => earned(card, found, &score.parts),
        None => format!("没有得分：{}", score.why),
    };
    if !score.void.is_empty() {
        sheet.wide(format!("扣完的栏目：{}", score.void), Style::Note);
    }
    if !remark.is_empty() {
        sheet.wide(remark, Style::Paragraph);
    }
    let place = crate::reports::wording::place(scores.of.month, &score.place);
    sheet.wide(format!("出处：{place}"), Style::Note);
    let signs = &scores.of.statistic.signatures;
    let signs = if signs.is_empty() { SIGN.map(str::to_owned).to_vec() } else { signs.clone() };
    sheet.signatures("", &signs);
}

fn push<'m>(sheet: &mut Sheet<'m>, values: [Value<'m>; 5], strong: bool) {
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| {
        let cell = Cell::new(value, column.style);
        if strong { cell.strong() } else { cell }
    });
    let cells = cells.collect();
    sheet.push(cells);
}

/// The items of a part, then its mark; the cell of the mark.
fn part<'m>(sheet: &mut Sheet<'m>, scores: &Scores<'m>, score: &'m Score, part: &'m CardPart, at: usize) -> String {
    let mark = score.parts.get(at).copied().flatten();
    let written: &[Option<Decimal>] = score.items.get(at).map_or(&[], Vec::as_slice);
    let first = sheet.next_row() + 1;
    if let MarkSource::Cells { items, .. } = &part.source {
        for (number, (item, given)) in items.iter().zip(written).enumerate() {
            let name = if number == 0 { Value::text(part.name.as_str()) } else { Value::Blank };
            let values = [name, Value::text(item.field.as_str()), Value::number(item.most), Value::number(*given), Value::Blank];
            push(sheet, values, false);
        }
    }
    let row = sheet.next_row() + 1;
    let sum: Option<Decimal> = if written.is_empty() { None } else { written.iter().copied().sum() };
    let range = format!("SUM(D{first}:D{})", row - 1);
    let (text, says) = match scores.scorecard.deductions {
        true => (format!("MAX(0,C{row}-{range})"), sum.map(|sum| (part.most - sum).max(Decimal::ZERO))),
        false => (range, sum),
    };
    let weight = (part.factor != Decimal::ONE).then(|| format!("权重 {}%", (part.factor * Decimal::ONE_HUNDRED).normalize()));
    let name = if sheet.next_row() + 1 > first { format!("{}小计", part.name) } else { part.name.clone() };
    let values = [
        Value::text(name),
        Value::Blank,
        Value::Number(part.most),
        super::figured(text, says.map(|says| says.normalize()), mark.map(|mark| mark.normalize())),
        Value::text(weight.unwrap_or_default()),
    ];
    push(sheet, values, true);
    format!("D{row}")
}

fn extra(sheet: &mut Sheet<'_>, name: &'static str, points: Option<Decimal>) -> String {
    let row = sheet.next_row() + 1;
    push(sheet, [Value::text(name), Value::Blank, Value::Blank, Value::number(points), Value::Blank], false);
    format!("D{row}")
}

fn total(sheet: &mut Sheet<'_>, card: &Card, score: &Score, marks: &[String], other: String, bonus: String) {
    let terms = marks.iter().zip(&card.parts).map(|(cell, part)| match part.factor {
        factor if factor == Decimal::ONE => cell.clone(),
        factor => format!("{cell}*{}", factor.normalize()),
    });
    let text = format!("ROUND({}-{other}+{bonus},{})", terms.collect::<Vec<_>>().join("+"), card.digits);
    let sum: Option<Decimal> = card.parts.iter().zip(&score.parts).map(|(part, mark)| Some((*mark)? * part.factor)).sum();
    let says = sum.map(|sum| half_up(sum - score.other.unwrap_or_default() + score.bonus.unwrap_or_default(), card.digits));
    let value = match score.score {
        Some(found) if says == Some(found) => Value::formula(text, Cached::Number(found)),
        found => Value::number(found),
    };
    push(sheet, [Value::text("总分"), Value::Blank, Value::Number(card.full), value, Value::Blank], true);
}
