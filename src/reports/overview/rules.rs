//! `违规按规则`: every rule of every pack that judged something.

use super::TITLE;
use crate::ledger::Outcome;
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, RuleResult, wording};
use crate::rules;

const OUTCOMES: [Outcome; 5] = [Outcome::Breached, Outcome::Met, Outcome::Pending, Outcome::NotApplicable, Outcome::Indeterminate];

pub fn sheet<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let mut columns = vec![
        Column::new("制度包", Style::Wrapped).at_most(20),
        Column::new("标题", Style::Wrapped).at_least(18).at_most(26),
        Column::new("依据条款", Style::Wrapped).at_most(26),
        Column::new("总体", Style::Int),
    ];
    columns.extend(OUTCOMES.map(|outcome| Column::new(outcome.title(), Style::Int)));
    let mut sheet = Sheet::new("违规按规则", columns).landscape().about("哪个包的哪一条查出多少");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 违规按规则"));
    sheet.wide("只列本期判了对象的规则；逐件见各包的 稽核底稿.xlsx 和 findings.csv。", Style::Note);
    let judged: Vec<&RuleResult<'m>> = month.results.iter().filter(|result| result.counts.population() > 0).collect();
    sheet.table(Stream::new(judged.len(), move |at, values| {
        let result = judged[at];
        let head = &result.rule.head;
        let clause = head.cites.last().map(|cite| rules::clause(result.pack, cite)).unwrap_or_default();
        values.extend([result.pack.title.clone(), head.title.clone(), clause].map(Value::text));
        values.push(Value::count(result.counts.population()));
        values.extend(OUTCOMES.map(|outcome| Value::count(result.counts.of(outcome))));
    }));
    sheet
}
