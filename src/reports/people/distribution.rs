//! How many people scored how much: bands as a table and a picture.

use rust_decimal::Decimal;

use super::{figured, header, line};
use crate::reports::sheet::{Area, Cached, Column, Line, Sheet, Style, Value};
use crate::reports::statistics::chart;
use crate::rules::Band;
use crate::rules::kinds::Card;

pub const NAME: &str = "得分分布";

/// Grades where the rule has some, else tenths of the full mark.
fn bands(card: &Card) -> Vec<(String, Band)> {
    if !card.grades.is_empty() {
        return card.grades.iter().map(|grade| (format!("{}（{}）", grade.name, grade.band), grade.band.clone())).collect();
    }
    let share = |tenths: i64| card.full * Decimal::new(tenths, 1);
    let band = |low: Option<(Decimal, bool)>, high: Option<(Decimal, bool)>| Band { low, high };
    let mut bands = vec![band(Some((card.full, false)), None), band(Some((card.full, true)), Some((card.full, true)))];
    bands.extend((6..10).rev().map(|tenths| band(Some((share(tenths), true)), Some((share(tenths + 1), false)))));
    bands.push(band(None, Some((share(6), false))));
    bands.into_iter().map(|band| (band.to_string(), band)).collect()
}

/// `scores`: one a person. `column`: the range that holds them, on the sheet that they stand on.
pub fn build<'m>(card: &Card, scores: &[Decimal], column: &str, heading: impl FnOnce(&mut Sheet<'m>)) -> Sheet<'m> {
    let mut sheet = Sheet::new(
        NAME,
        vec![
            Column::new("分数段", Style::Label).at_least(24),
            Column::new("人数", Style::Int).at_least(12),
            Column::new("占比", Style::Percent).at_least(12),
            Column::new("累计占比", Style::Percent).at_least(12),
        ],
    )
    .about("各分数段的人数与占比");
    heading(&mut sheet);
    let first = header(&mut sheet);
    let bands = bands(card);
    let last = first + bands.len() - 1;
    let all = Decimal::from(scores.len());
    let mut so_far = Decimal::ZERO;
    for (name, band) in &bands {
        let row = sheet.next_row() + 1;
        let count = Decimal::from(scores.iter().filter(|score| band.contains(**score)).count());
        so_far += count;
        let whole = format!("SUM($B${first}:$B${last})");
        let share = |part: Decimal| part.checked_div(all).map_or(Cached::Text(""), Cached::Number);
        let values = [
            Value::text(name.clone()),
            figured(counted(band, column), Some(count), Some(count)),
            Value::formula(format!("IF({whole}=0,\"\",B{row}/{whole})"), share(count)),
            Value::formula(format!("IF({whole}=0,\"\",SUM(B${first}:B{row})/{whole})"), share(so_far)),
        ];
        line(&mut sheet, values);
    }
    sheet.fit();
    if !scores.is_empty() {
        let range = |column| Area { sheet: NAME.to_owned(), first: (first - 1, column), last: (last - 1, column) };
        chart(&mut sheet, NAME, range(0), ("人数", range(1)), Some(Line::joined("累计占比", range(3))), 0);
    }
    sheet
}

/// An empty cell is below everything, and must not be counted.
fn counted(band: &Band, column: &str) -> String {
    let mut factors = vec![format!("ISNUMBER({column})")];
    let end = |sign: &str, at: Decimal| format!("({column}{sign}{})", at.normalize());
    factors.extend(band.low.map(|(at, inside)| end(if inside { ">=" } else { ">" }, at)));
    factors.extend(band.high.map(|(at, inside)| end(if inside { "<=" } else { "<" }, at)));
    format!("SUMPRODUCT({}*1)", factors.join("*"))
}
