//! Points and scores as Chinese sentences.

use super::{Teller, joined};
use crate::rules::kinds::{Card, Given, Item, MarkSource, Points, Reached, Schedule, Scorecard};

/// `一1 1 分；二5 3–5 分；自然半年满 30 分不再留任`
pub(super) fn schedule(schedule: &Schedule) -> String {
    let items = schedule.items.iter().map(|item| format!("{} {}", item.key, item.chinese()));
    joined(items.chain(schedule.line.iter().map(reached)))
}

fn reached(line: &Reached) -> String {
    let warn: Vec<String> = line.warn.iter().map(|level| level.normalize().to_string()).collect();
    let warn = if warn.is_empty() { String::new() } else { format!("，{} 分预警", warn.join("、")) };
    format!("{}累计满 {} 分{}{warn}", line.window.chinese(), line.limit.normalize(), line.action)
}

impl Teller<'_> {
    pub(super) fn points(&self, points: &Points) -> Vec<String> {
        let given = match &points.given {
            Given::Rows { scope, item, points: Some(given) } => {
                format!("{}按「{item}」核对「{given}」", self.scope(&points.dataset, scope))
            }
            Given::Rows { scope, item, points: None } => format!("{}按「{item}」扣分", self.scope(&points.dataset, scope)),
            Given::Findings(rules) => format!("规则 {} 查出的每一件违规扣分", rules.join("、")),
        };
        let mut lines = vec![format!("{given}，按「{}」归入月份，按「{}」合计。", points.at, points.person)];
        lines.extend(self.versions(&points.schedules, |body| {
            let item = |item: &Item| {
                let also = item.also.as_ref().map(|also| format!("，另{also}")).unwrap_or_default();
                format!("{} {}{also}", item.title(), item.chinese())
            };
            joined(body.items.iter().map(item).chain(body.line.iter().map(reached)))
        }));
        let notice = points.notice.as_ref().map(|id| format!("到线那个月开{}。", self.form(id))).unwrap_or_default();
        lines.push(format!("条款不在标准里、分值不在范围里的为违规，不计入合计；分不能定的，没有到线就不下结论。{notice}"));
        lines
    }

    pub(super) fn scorecard(&self, card: &Scorecard) -> Vec<String> {
        let by = card.period.as_ref().or(card.at.as_ref()).map(String::as_str).unwrap_or_default();
        let entry = if card.deductions { "格子里是扣分" } else { "格子里是得分" };
        let mut lines = vec![format!("{}是一次评分，按「{by}」归期，{entry}。", self.scope(&card.dataset, &card.scope))];
        lines.extend(self.versions(&card.cards, Card::chinese));
        if let Some(last) = card.cards.versions.last() {
            for part in &last.body.parts {
                let from = match &part.source {
                    MarkSource::Cells { field, items } => {
                        let items: Vec<&str> = items.iter().map(|item| item.field.as_str()).collect();
                        let field = field.as_ref().map(|field| format!("「{field}」"));
                        let items = (!items.is_empty()).then(|| format!("{} 之和", items.join("、")));
                        field.into_iter().chain(items).collect::<Vec<_>>().join("或 ")
                    }
                    MarkSource::Share { of, by } => format!("{of} ÷ {by} × 100"),
                    MarkSource::Score { rule, class } => format!("规则 {rule} 同月的{}得分", class.as_deref().unwrap_or_default()),
                };
                lines.push(format!("{}：{from}。", part.name));
            }
        }
        let void = card.void.as_ref().map(|void| format!("「{void}」写的面和小项按零分。")).unwrap_or_default();
        lines.push(format!("少一面、少一小项就没有得分；缺一期就没有年度总分。{void}"));
        lines
    }
}
