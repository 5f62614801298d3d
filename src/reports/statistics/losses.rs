//! `部门损失`: what each unit bears of the losses, over the shares' detail sheet.

use polars::prelude::DataFrame;
use rust_decimal::Decimal;

use super::Plan;
use super::detail::{self, Detail};
use super::figures::{Figures, Key, Measure, MonthPick, Months, Pick, ratio};
use super::summary::{LOSS, NAME as SUMMARY, Summary};
use super::tally::Tallies;
use crate::diag::Diag;
use crate::evaluate::Parts;
use crate::ledger::Tally;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::Loss;

const NAME: &str = "部门损失";

/// The sums, where the shares name a unit, and the shares.
pub fn build<'m>(plan: &Plan<'m>, parts: &'m Parts<'m>, summary: &Summary<'m>) -> Result<(Option<Sheet<'m>>, Sheet<'m>), Diag> {
    let unit = unit(plan, &parts.shape);
    let mut tallies = Tallies::default();
    let mut rows = 0;
    parts.each(|part| {
        rows += part.height();
        unit.zip(plan.loss).map_or(Ok(()), |(unit, loss)| tallies.add_shares(part, unit, &loss.share))
    })?;
    let detail = detail::shares(plan, parts, unit, rows)?;
    let sums = unit.zip(plan.loss).and_then(|(unit, loss)| sums(plan, unit, loss, &tallies, &detail, summary));
    Ok((sums, detail.sheet))
}

fn sums<'m>(
    plan: &Plan<'m>,
    unit: &'m str,
    loss: &Loss,
    tallies: &Tallies,
    detail: &Detail<'m>,
    summary: &Summary<'m>,
) -> Option<Sheet<'m>> {
    let figures = Figures { ranges: &detail.ranges, live: detail.live, loss: &loss.share };
    let spans = plan.spans();
    let mut sheet = Sheet::new(
        NAME,
        vec![
            Column::new(unit, Style::Label).at_least(18),
            Column::new("分摊笔数", Style::Int).at_least(10),
            Column::new("本期分摊损失（元）", Style::Money).at_least(18),
            Column::new("占比", Style::Percent).at_least(10),
            Column::new("未定笔数", Style::Int).at_least(10),
            Column::new("上期（元）", Style::Money).at_least(16),
            Column::new("去年同期（元）", Style::Money).at_least(16),
        ],
    );
    sheet.about = "各部门分摊的损失，与上期和去年同期比较".to_owned();
    wording::heading(&mut sheet, plan.month, &format!("{} · {NAME}", plan.rule.head.title));
    sheet.wide(
        "部门损失 = 案件损失 × 责任比率，各部门合计等于案件损失，分到分；未定笔数是损失或比率没有定的，不在金额里。统计表把整案记在责任比率最大的部门，同一部门的金额与本表可以不同，合计相同。",
        Style::Note,
    );
    sheet.headings();
    let current = spans[0].1?;
    let total = tallies.within(current).unwrap_or_default();
    let mut ranked = tallies.ranked(current);
    ranked.sort_by(|a, b| b.1.loss.cmp(&a.1.loss).then_with(|| a.0.cmp(&b.0)));
    let first = sheet.next_row();
    if ranked.is_empty() {
        sheet.wide("本月没有分摊损失。", Style::Paragraph);
        return Some(sheet);
    }
    let sum_row = first + ranked.len() + 1;
    for (name, tally) in &ranked {
        let row = sheet.next_row() + 1;
        let pick = |span: usize| {
            let months = spans[span].1?;
            let key = Key::new(unit, format!("$A{row}"), name);
            Some((Pick { months: MonthPick::Span(months), keys: vec![key] }, tallies.key(months, name)))
        };
        let earlier = |span: usize| match (pick(span), spans[span].1.and_then(|m| tallies.within(m))) {
            (Some((pick, tally)), Some(_)) => figures.cell(Measure::Loss, &pick, &tally.unwrap_or_default()),
            _ => Value::text("无数据"),
        };
        let Some((this, _)) = pick(0) else { continue };
        let share = figures.derived(format!("IF($C${sum_row}=0,\"\",C{row}/$C${sum_row})"), ratio(tally.loss, total.loss));
        let values = [
            Value::text(name.clone()),
            figures.cell(Measure::Count, &this, tally),
            figures.cell(Measure::Loss, &this, tally),
            share,
            figures.cell(Measure::UnknownLoss, &this, tally),
            earlier(1),
            earlier(2),
        ];
        push(&mut sheet, values, false);
    }
    let whole = |span: usize| match spans[span].1.and_then(|months| Some((months, tallies.within(months)?))) {
        Some((months, tally)) => figures.cell(Measure::Loss, &Pick { months: MonthPick::Span(months), keys: Vec::new() }, &tally),
        None => Value::text("无数据"),
    };
    let sum = |letter: char| format!("SUM({letter}{}:{letter}{})", first + 1, sum_row - 1);
    let values = [
        Value::text("合计"),
        figures.derived(sum('B'), Cached::Number(total.count.into())),
        figures.derived(format!("ROUND({},2)", sum('C')), Cached::Number(total.loss)),
        figures.derived(
            format!("IF($C${sum_row}=0,\"\",{})", sum('D')),
            if total.loss.is_zero() { Cached::Text("") } else { Cached::Number(Decimal::ONE) },
        ),
        figures.derived(sum('E'), Cached::Number((total.count - total.timed).into())),
        whole(1),
        whole(2),
    ];
    push(&mut sheet, values, true);
    if listed_less(&spans, tallies, &ranked) {
        sheet.wide(OTHERS, Style::Note);
    }
    check(&mut sheet, &figures, sum_row, summary, &total);
    Some(sheet)
}

/// Below sums of earlier periods that are more than the lines above them.
pub(super) const OTHERS: &str = "上期、去年同期的合计为当期全部部门，包括本期没有列出的部门。";

/// Whether an earlier period has units that this one does not list.
pub(super) fn listed_less(spans: &[(&str, Option<Months>)], tallies: &Tallies, ranked: &[(String, Tally)]) -> bool {
    let earlier = spans.iter().skip(1).filter_map(|(_, span)| *span).flat_map(|span| tallies.ranked(span));
    earlier.into_iter().any(|(unit, tally)| !tally.loss.is_zero() && !ranked.iter().any(|(listed, _)| *listed == unit))
}

/// The group that the shares themselves name, other than what a case takes from its largest share: who bears it.
fn unit<'m>(plan: &Plan<'m>, shape: &DataFrame) -> Option<&'m str> {
    let loss = plan.loss?;
    let named = plan.groups.iter().find(|group| !loss.take.contains(group) && shape.column(group).is_ok());
    named.map(String::as_str)
}

fn push<'m>(sheet: &mut Sheet<'m>, values: [Value<'m>; 7], strong: bool) {
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| {
        let style = if matches!(&value, Value::Text(text) if text == "无数据") { Style::Centre } else { column.style };
        Cell { value, style, strong }
    });
    let cells = cells.collect();
    sheet.push(cells);
}

/// The shares' sum is the cases' sum.
fn check(sheet: &mut Sheet<'_>, figures: &Figures<'_>, sum_row: usize, summary: &Summary<'_>, total: &Tally) {
    let Some(whole) = summary_loss(summary) else { return };
    let letter = crate::diag::column_letters(LOSS as u32);
    let text = format!("ROUND(C{sum_row}-{SUMMARY}!{letter}{},2)", summary.current + 1);
    let values = [
        Value::text("与统计表相差"),
        Value::Blank,
        figures.derived(text, Cached::Number(total.loss - whole)),
        Value::Blank,
        Value::Blank,
        Value::Blank,
        Value::Blank,
    ];
    push(sheet, values, false);
}

fn summary_loss(summary: &Summary<'_>) -> Option<Decimal> {
    match &summary.sheet.rows.get(summary.current)?.get(LOSS)?.value {
        Value::Number(number) => Some(*number),
        Value::Formula(formula) => match formula.cached {
            Cached::Number(number) => Some(number),
            Cached::Text(_) => None,
        },
        _ => None,
    }
}
