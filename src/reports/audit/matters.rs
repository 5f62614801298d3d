//! `同一事件跨包处罚对照`: what several packs say about one thing, side by side, and which of them charges it.

use crate::dispose::{Matter, Ruling};
use crate::ledger::Finding;
use crate::reports::sheet::{Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, wording};

/// `None` where no two packs speak about the same thing.
pub fn sheet<'m>(month: &'m Month<'m>, title: &str) -> Option<Sheet<'m>> {
    if month.matters.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("事件", Style::Centre),
        Column::new("日期", Style::Date),
        Column::new("责任人", Style::Text),
        Column::new("部门", Style::Text),
        Column::new("规则包", Style::Wrapped).at_least(16),
        Column::new("规则", Style::Wrapped).at_most(22),
        Column::new("依据条款", Style::Wrapped).at_most(20),
        Column::new("编号", Style::Text),
        Column::new("金额（元）", Style::Money),
        Column::new("其他处罚", Style::Wrapped).at_least(12),
        Column::new("怎样处理", Style::Wrapped).at_least(26).at_most(40),
    ];
    let mut sheet = Sheet::new("同一事件跨包处罚对照", columns).landscape().about("几个制度对同一件事都有规定的，各怎么说、按哪个罚");
    wording::heading(&mut sheet, month, &format!("{title} · 同一事件跨包处罚对照"));
    sheet.wide(
        "不同规则包里事件相同、同一个人、同一天的放在一起。公司没有在 kesu.toml 的 [[charge]] 里说按哪个包罚的，罚扣都先不开单。",
        Style::Note,
    );
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    for matter in month.matters {
        for finding in &matter.lines {
            let values = line(month, matter, finding);
            let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
            sheet.push(cells);
        }
    }
    Some(sheet)
}

fn line<'m>(month: &'m Month<'m>, matter: &'m Matter, finding: &'m Finding) -> Vec<Value<'m>> {
    let pack = month.rules.packs.iter().find(|pack| finding.pack == pack.id).map_or(finding.pack.as_str(), |pack| pack.title.as_str());
    vec![
        Value::text(matter.event.as_str()),
        Value::Date(matter.day),
        Value::text(matter.person.as_str()),
        Value::text(finding.unit.as_str()),
        Value::text(pack),
        Value::text(wording::rule_title(month, finding)),
        Value::text(finding.clause.as_str()),
        Value::text(finding.subject.as_str()),
        Value::number(finding.amount),
        Value::text(others(finding)),
        Value::text(handled(matter, finding)),
    ]
}

/// What is no money, or not yet.
fn others(finding: &Finding) -> String {
    let points = finding.points.map(|points| format!("{} 分", points.normalize()));
    let charge = finding.charge.as_deref();
    let open = charge.and_then(|charge| charge.open).map(|bounds| format!("待定（{bounds}）"));
    points.into_iter().chain(open).chain(charge.iter().flat_map(|charge| charge.actions.clone())).collect::<Vec<_>>().join("、")
}

fn handled(matter: &Matter, finding: &Finding) -> String {
    let held = finding.charge.as_ref().and_then(|charge| charge.held.clone());
    match (held, &matter.ruling) {
        (Some(why), _) => why,
        (None, Ruling::Decided { cite, .. }) if finding.charge.is_some() => format!("照罚；依据：{cite}"),
        (None, Ruling::Single) if finding.charge.is_some() => "照罚（只有这一个制度有罚则）".to_owned(),
        _ => "列出备查".to_owned(),
    }
}
