//! `名次稳定性`: how far each weight could be moved before two people change places, and who.

use rust_decimal::Decimal;

use super::{Of, header, line};
use crate::dispose::scores::{Contest, Interval, Swap, intervals};
use crate::ledger::Person;
use crate::reports::sheet::{Column, Sheet, Style, Value};
use crate::rules::Fraction;

const NAME: &str = "名次稳定性";
/// More pairs than this are counted, not named.
const MOST_PAIRS: usize = 3;
/// Digits of a weight as a fraction: two of a percentage.
const DIGITS: u32 = 4;

/// `names`: of the weights. `None` with fewer than two people: nobody could change places.
pub fn build<'m>(of: &Of<'m>, title: &str, names: &[String], people: &[&Person], contest: &Contest) -> Option<Sheet<'m>> {
    if people.len() < 2 {
        return None;
    }
    let found = intervals(contest)?;
    let mut sheet = Sheet::new(
        NAME,
        vec![
            Column::new("权重", Style::Label).at_least(16),
            Column::new("现值", Style::Percent).at_least(10),
            Column::new("不低于", Style::Percent).at_least(10),
            Column::new("再低时换位", Style::Wrapped).at_least(26),
            Column::new("不高于", Style::Percent).at_least(10),
            Column::new("再高时换位", Style::Wrapped).at_least(26),
        ],
    )
    .landscape()
    .about("每个权重在什么范围里名次不变，越过是谁换位");
    of.heading(&mut sheet, &format!("{title} · {NAME}"));
    sheet.wide(
        format!(
            "共比 {} 人。移动一个权重，其余权重按原来的比例让；到了界上两人同分，越过才换位。同分的人没有先后，不算换位。界值四舍五入到百分数两位。",
            people.len()
        ),
        Style::Note,
    );
    header(&mut sheet);
    for interval in &found {
        let values = [
            Value::text(names.get(interval.weight).cloned().unwrap_or_default()),
            percent(contest.weights.get(interval.weight).copied()),
            percent(Some(interval.low)),
            Value::text(swaps(&interval.below, people)),
            percent(Some(interval.high)),
            Value::text(swaps(&interval.above, people)),
        ];
        line(&mut sheet, values);
    }
    sheet.wide(tightest(&found, names, contest), Style::Paragraph);
    sheet.fit();
    Some(sheet)
}

fn percent(weight: Option<Fraction>) -> Value<'static> {
    Value::number(weight.and_then(|weight| weight.rounded(DIGITS)))
}

fn swaps(swaps: &[Swap], people: &[&Person]) -> String {
    if swaps.is_empty() {
        return "无人换位".to_owned();
    }
    let name = |at: usize| people.get(at).map_or("", |person| person.name.as_str());
    let pairs: Vec<String> = swaps.iter().take(MOST_PAIRS).map(|swap| format!("{} 超过 {}", name(swap.behind), name(swap.ahead))).collect();
    match swaps.len() > MOST_PAIRS {
        true => format!("{} 等 {} 对", pairs.join("、"), swaps.len()),
        false => pairs.join("、"),
    }
}

/// The weight that stands nearest to an end.
fn tightest(found: &[Interval], names: &[String], contest: &Contest) -> String {
    let room = |interval: &Interval| -> Option<Fraction> {
        let now = *contest.weights.get(interval.weight)?;
        let below = (!interval.below.is_empty()).then(|| now.minus(interval.low)).flatten();
        let above = (!interval.above.is_empty()).then(|| interval.high.minus(now)).flatten();
        below.into_iter().chain(above).min()
    };
    let nearest = found.iter().filter_map(|interval| Some((room(interval)?, interval))).min_by(|a, b| a.0.cmp(&b.0));
    match nearest {
        None => "无论怎样改一个权重，名次都不变。".to_owned(),
        Some((room, interval)) => {
            let points = room.rounded(DIGITS).unwrap_or_default() * Decimal::ONE_HUNDRED;
            let name = names.get(interval.weight).map_or("", String::as_str);
            format!("最敏感的是「{name}」：改动约 {} 个百分点就有人换位。", points.normalize())
        }
    }
}
