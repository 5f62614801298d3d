//! `没有判的规则`: which rules said nothing this month, and why.

use super::TITLE;
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, Part, RuleResult, wording};
use crate::rules::{Kind, Status};

pub fn sheet<'m>(month: &'m Month<'m>, parts: &'m [Part<'m>]) -> Sheet<'m> {
    let columns = vec![
        Column::new("制度包", Style::Wrapped).at_most(22),
        Column::new("规则编号", Style::Text),
        Column::new("标题", Style::Wrapped).at_least(20).at_most(30),
        Column::new("情形", Style::Centre).at_least(12),
        Column::new("说明", Style::Wrapped).at_least(30).at_most(56),
    ];
    let mut sheet = Sheet::new("没有判的规则", columns).landscape().about("等参数的、没有数据的、没有启用的");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 没有判的规则"));
    let rows: Vec<[String; 5]> = month.results.iter().filter_map(|result| row(result, parts)).collect();
    sheet.table(Stream::new(rows.len(), move |at, values| values.extend(rows[at].clone().map(Value::text))));
    sheet
}

fn row(result: &RuleResult<'_>, parts: &[Part<'_>]) -> Option<[String; 5]> {
    let (why, words) = reason(result, parts)?;
    let head = &result.rule.head;
    Some([result.pack.title.clone(), head.id.clone(), head.title.clone(), why.to_owned(), words])
}

fn reason(result: &RuleResult<'_>, parts: &[Part<'_>]) -> Option<(&'static str, String)> {
    let head = &result.rule.head;
    let is_table = matches!(result.rule.kind, Kind::Notice(_) | Kind::Statistic(_));
    Some(match head.status {
        _ if !head.missing.is_empty() => ("待补参数", head.missing.join("、")),
        Status::MissingParam => ("待补参数", String::new()),
        Status::Retired => ("停用", String::new()),
        _ if head.unpicked.is_some() => ("未采用", format!("取舍 {} 采用了别的读法", head.unpicked.as_deref().unwrap_or_default())),
        _ if !result.absent.is_empty() => ("未启用", format!("数据没有列：{}", result.absent.join("、"))),
        _ if is_table || result.counts.population() > 0 => return None,
        _ => match parts.iter().find(|part| part.pack.id == result.pack.id && part.month.is_none()) {
            Some(part) => ("没有数据", format!("没有这些表：{}", part.lacking.join("、"))),
            None => ("没有对象", result.rule.kind.dataset().map(|dataset| format!("看的是「{dataset}」")).unwrap_or_default()),
        },
    })
}
