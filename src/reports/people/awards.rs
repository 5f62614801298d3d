//! 优秀员工名单: who has earned a title, and with what score.

use super::{Scores, earned, ends_a_year, header, line};
use crate::ledger::{Person, Place};
use crate::reports::sheet::{Column, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::{AwardOf, Card};
use rust_decimal::Decimal;

struct Titled<'m> {
    person: &'m Person,
    of: String,
    score: Decimal,
    title: String,
    place: &'m Place,
}

pub fn sheet<'m>(scores: &Scores<'m>, card: &Card) -> Sheet<'m> {
    let mut sheet = Sheet::new(
        "名单",
        vec![
            Column::new("序号", Style::Centre),
            Column::new("部门", Style::Text).at_least(14),
            Column::new("员工", Style::Text).at_least(12),
            Column::new("看什么分", Style::Text).at_least(12),
            Column::new("得分", Style::Quantity).at_least(10),
            Column::new("称号", Style::Wrapped).at_least(14).at_most(20),
            Column::new("出处", Style::Wrapped).at_most(30),
            Column::new("行", Style::Int),
        ],
    );
    scores.of.heading(&mut sheet, &scores.of.rule.head.title);
    let awards: Vec<String> = card.awards.iter().map(|award| format!("{} {}", award.band, award.title)).collect();
    sheet.wide(format!("条件：{}", awards.join("；")), Style::Note);
    scores.of.notes(&mut sheet, scores.judged);
    header(&mut sheet);
    let titled = titled(scores, card);
    for (at, found) in titled.iter().enumerate() {
        let mut values = vec![
            Value::count(at as u64 + 1),
            Value::text(found.person.unit.as_str()),
            Value::text(found.person.name.as_str()),
            Value::text(found.of.clone()),
            Value::Number(found.score),
            Value::text(found.title.clone()),
        ];
        values.extend(wording::origin(scores.of.month, found.place));
        line(&mut sheet, values);
    }
    if titled.is_empty() {
        sheet.wide("没有人符合条件。", Style::Paragraph);
    }
    let open = scores.years().iter().filter(|year| year.total.is_none()).count();
    if open > 0 && ends_a_year(scores.of.month) {
        sheet.wide(format!("另有 {open} 人缺评分，没有年度总分，不在比较之内；见年度统计表。"), Style::Note);
    }
    sheet.fit();
    sheet.signatures("", &scores.of.statistic.signatures);
    sheet
}

fn titled<'m>(scores: &Scores<'m>, card: &Card) -> Vec<Titled<'m>> {
    let mut titled = Vec::new();
    for year in scores.years() {
        if let (Some(total), false) = (year.total, year.awards.is_empty()) {
            let of = format!("{} 年度总分", year.year);
            titled.push(Titled { person: &year.person, of, score: total, title: year.awards.join("、"), place: &year.place });
        }
    }
    for score in scores.scores().into_iter().filter(|_| card.awards.iter().any(|award| award.of != AwardOf::Year)) {
        let Some(found) = score.score else { continue };
        let bare = Card { grades: Vec::new(), ..card.clone() };
        let title = earned(&bare, found, &score.parts);
        if !title.is_empty() {
            let of = format!("{} {}", score.period, score.class);
            titled.push(Titled { person: &score.person, of: of.trim().to_owned(), score: found, title, place: &score.place });
        }
    }
    titled.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.person.cmp(b.person)));
    titled
}
