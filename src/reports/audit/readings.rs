//! `口径与取舍`: how the packs read their texts, which of two conflicting clauses was picked, what was switched off and what sleeps.

use super::TITLE;
use crate::reports::sheet::{Cell, Column, Sheet, Style};
use crate::reports::{Month, wording};
use crate::rules::{Pack, Rule, clause};

/// `None` where no pack has anything to say.
pub fn sheet<'m>(month: &'m Month<'m>) -> Option<Sheet<'m>> {
    let rows: Vec<[String; 5]> = month.rules.packs.iter().flat_map(|pack| of_pack(month, pack)).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("种类", Style::Centre),
        Column::new("编号", Style::Wrapped).at_least(18),
        Column::new("内容", Style::Wrapped).at_least(40).at_most(70),
        Column::new("对应条目", Style::Wrapped).at_most(20),
        Column::new("依据", Style::Wrapped).at_least(22).at_most(30),
    ];
    let mut sheet = Sheet::new("口径与取舍", columns).landscape().about("制度怎样读、冲突的条款用哪一条、停用和未启用的规则");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 口径与取舍"));
    sheet.wide("没有单独规则的条目怎样落实，冲突的条款用了哪一条，哪些规则停用，哪些因数据没有列而未启用。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    for row in rows {
        let cells = row.into_iter().zip(&sheet.columns).map(|(text, column)| Cell::text(text, column.style)).collect();
        sheet.push(cells);
    }
    Some(sheet)
}

fn of_pack(month: &Month<'_>, pack: &Pack) -> Vec<[String; 5]> {
    let id = |id: &str| super::id(month, &pack.id, id);
    let readings = pack.readings.iter().map(|reading| {
        let text = format!("{}：{}", reading.title, reading.text);
        ["读法".to_owned(), id(&reading.id), text, reading.catalog.join("、"), clause(pack, &reading.cite)]
    });
    let resolves = pack.resolves.iter().map(|resolve| {
        let note = resolve.note.as_ref().map(|note| format!("。{note}")).unwrap_or_default();
        let cite = match &resolve.company {
            Some(company) => format!("{}；公司另定：{company}", clause(pack, &resolve.cite)),
            None => clause(pack, &resolve.cite),
        };
        ["取舍".to_owned(), id(&resolve.id), format!("{}{note}", resolve.told(|id| title(pack, id))), resolve.catalog.join("、"), cite]
    });
    let off = pack.off.iter().map(|off| {
        let rules: Vec<String> = off.rules.iter().map(|rule| format!("「{}」", rule.title)).collect();
        let note = off.note.as_ref().map(|note| format!("{note}。")).unwrap_or_default();
        let text = if rules.is_empty() { note } else { format!("{note}停用：{}", rules.join("")) };
        [
            "停用".to_owned(),
            if month.rules.packs.len() > 1 { off.pack.clone() } else { String::new() },
            text,
            off.catalog.join("、"),
            clause(pack, &off.cite),
        ]
    });
    let asleep = month.results.iter().filter(|result| result.pack.id == pack.id && !result.absent.is_empty()).map(|result| {
        let Rule { head, .. } = result.rule;
        let cites: Vec<String> = head.cites.iter().map(|cite| clause(pack, cite)).collect();
        let text = format!("{}：{}", head.title, absent_words(result.absent));
        ["未启用".to_owned(), id(&head.id), text, head.catalog.join("、"), cites.join("；")]
    });
    readings.chain(resolves).chain(off).chain(asleep).collect()
}

/// What a rule of the pack is called; its id where there is none.
fn title(pack: &Pack, id: &str) -> String {
    pack.rules.iter().find(|rule| rule.head.id == id).map_or_else(|| id.to_owned(), |rule| format!("「{}」", rule.head.title))
}

/// `数据没有「协助记录」列`
pub fn absent_words(columns: &[String]) -> String {
    format!("数据没有「{}」列", columns.join("」「"))
}
