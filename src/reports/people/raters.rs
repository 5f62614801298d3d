//! `考核人松紧`: how each rater marks beside all of them. Shown, never corrected.

use rust_decimal::Decimal;

use super::detail::Ranges;
use super::{Scores, header, line};
use crate::dispose::scores::raters;
use crate::ledger::Score;
use crate::reports::formulas::is_plain;
use crate::reports::sheet::{Cached, Column, Sheet, Style, Value};

const NAME: &str = "考核人松紧";

pub fn build<'m>(scores: &Scores<'m>, digits: u32, own: &[&'m Score], ranges: Option<&Ranges>) -> Option<Sheet<'m>> {
    scores.scorecard.rater.as_ref()?;
    let ranges = ranges?;
    let found = raters(own, digits);
    let mut sheet = Sheet::new(
        NAME,
        vec![
            Column::new("考核人", Style::Label).at_least(16),
            Column::new("评分次数", Style::Int),
            Column::new("平均", Style::Quantity).at_least(10),
            Column::new("最低", Style::Quantity).at_least(10),
            Column::new("最高", Style::Quantity).at_least(10),
            Column::new("全距", Style::Quantity).at_least(10),
            Column::new("比全体平均", Style::Quantity).at_least(12),
        ],
    )
    .about("各考核人打分的平均与高低，只列出，不改分");
    scores.of.heading(&mut sheet, &format!("{} · {NAME}", scores.of.rule.head.title));
    sheet.wide("只看有得分的评分。各考核人所评的人不同，平均高低不等于打分松紧；本表供参考，不改任何分。", Style::Note);
    let (score, rater) = (ranges.score(), ranges.rater());
    let all = format!("ROUND(AVERAGE({score}),{digits})");
    header(&mut sheet);
    for one in &found {
        let row = sheet.next_row() + 1;
        let number = |text: String, value: Decimal| Value::formula(text, Cached::Number(value));
        let name = one.name.to_string();
        // `SUMIFS` takes some names for patterns or numbers
        let exact = !is_plain(&name);
        let product = format!("EXACT({rater},$A{row})");
        let [count, mean, least, most] = match exact {
            true => [
                format!("SUMPRODUCT({product}*ISNUMBER({score}))"),
                format!("ROUND(SUMPRODUCT({product}*1,{score})/B{row},{digits})"),
                String::new(),
                format!("SUMPRODUCT(MAX({product}*{score}))"),
            ],
            false => [
                format!("COUNTIFS({rater},$A{row},{score},\"<>\")"),
                format!("ROUND(AVERAGEIFS({score},{rater},$A{row}),{digits})"),
                format!("MINIFS({score},{rater},$A{row})"),
                format!("MAXIFS({score},{rater},$A{row})"),
            ],
        };
        let values = [
            Value::text(name),
            number(count, Decimal::from(one.count)),
            number(mean, one.mean),
            if least.is_empty() { Value::Number(one.least) } else { number(least, one.least) },
            if exact { Value::Number(one.most) } else { number(most, one.most) },
            number(format!("E{row}-D{row}"), one.most - one.least),
            number(format!("C{row}-{all}"), one.above),
        ];
        line(&mut sheet, values);
    }
    if found.is_empty() {
        sheet.wide("本期没有得分。", Style::Paragraph);
    }
    sheet.fit();
    Some(sheet)
}
