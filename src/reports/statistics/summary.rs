//! `统计表`: totals against earlier months, then a block a group.

use chrono::Months as ChronoMonths;
use rust_decimal::Decimal;

use super::Plan;
use super::detail::Detail;
use super::figures::{Figures, Key, Measure, MonthPick, Months, Pick, ratio};
use super::tally::{Gathered, Tallies, Tally};
use crate::diag::Diag;
use crate::reports::sheet::{Area, Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::wording;

/// Groups with more values than this are cut; the rest is one line.
const MOST_KEYS: usize = 500;

/// The sheet and where the others find things on it.
pub struct Summary<'m> {
    pub sheet: Sheet<'m>,
    /// Row of 本期, zero-based.
    pub current: usize,
    /// Names, counts and cumulative shares of the Pareto group; `None` without closed cases.
    pub pareto: Option<(String, usize, usize)>,
}

pub const NAME: &str = "统计表";
/// Columns of the sheet.
pub const COUNT: usize = 1;
pub const CUMULATIVE: usize = 3;
pub const LOSS: usize = 4;

pub fn build<'m>(plan: &Plan<'m>, gathered: &Gathered, detail: &Detail<'m>) -> Result<Summary<'m>, Diag> {
    let figures = Figures { ranges: &detail.ranges, live: detail.live, loss: "损失金额" };
    let month = plan.month;
    let mut sheet = Sheet::new(
        NAME,
        vec![
            Column::new("", Style::Label).at_least(18),
            Column::new("件数", Style::Int),
            Column::new("占比", Style::Percent),
            Column::new("累计占比", Style::Percent),
            Column::new("损失金额(元)", Style::Money),
            Column::new("按期", Style::Int),
            Column::new("逾期", Style::Int),
            Column::new("未判定", Style::Int),
            Column::new("及时率", Style::Percent),
            Column::new("平均天数", Style::Days),
            Column::new("最长天数", Style::Quantity),
        ],
    );
    sheet.about = "件数、损失、及时率,与上期和去年同期比较,各类分组".to_owned();
    wording::heading(&mut sheet, month, &plan.rule.head.title);
    if let Some(day) = plan.statistic.by_day
        && let Some(next) = month.period.first.checked_add_months(ChronoMonths::new(month.period.month_count()))
    {
        sheet.wide(format!("应于 {} {day} 日前编制    依据:{}", next.format("%Y 年 %-m 月"), plan.statistic.clause), Style::Subtitle);
    }
    if !detail.live && detail.sheet.body.as_ref().is_some_and(|b| b.len > 0) {
        sheet.wide("明细超过公式行数上限,本表各数字为数值,不是公式。", Style::Note);
    }
    let current = totals(&mut sheet, plan, &figures, &gathered.all);
    let period = super::months(month.period);
    let total = gathered.all.within(period);
    let mut pareto = None;
    match &total {
        None => {
            sheet.blank();
            sheet.wide("本月无结案案件。", Style::Section);
        }
        Some(total) => {
            for group in plan.groups {
                let ranked = gathered.ranked(group);
                let first = block(&mut sheet, &figures, group, &ranked, period, current, total);
                if plan.pareto == Some(group) {
                    pareto = Some((group.clone(), first, first + ranked.len().min(MOST_KEYS) - 1));
                }
            }
        }
    }
    notes(&mut sheet, plan);
    sheet.fit();
    sheet.signatures("会签:", &plan.statistic.signatures);
    Ok(Summary { sheet, current, pareto })
}

fn headings(sheet: &mut Sheet<'_>, first: &str) {
    let mut cells = vec![Cell::text(first.to_owned(), Style::Header)];
    cells.extend(sheet.columns[1..].iter().map(|c| Cell::text(c.header.clone(), Style::Header)).collect::<Vec<_>>());
    sheet.push(cells);
}

/// 本期, 上期, 去年同期 and what has changed; the row of 本期.
fn totals(sheet: &mut Sheet<'_>, plan: &Plan<'_>, figures: &Figures<'_>, tallies: &Tallies) -> usize {
    sheet.blank();
    sheet.wide("一、总计", Style::Section);
    sheet.header = Some(sheet.next_row());
    headings(sheet, "");
    let first = sheet.next_row();
    let mut known: Vec<Option<Tally>> = Vec::new();
    for (at, (name, months)) in plan.spans().into_iter().enumerate() {
        let tally = months.and_then(|m| tallies.within(m)).or_else(|| (at == 0).then(Tally::default));
        let label = months.map_or_else(|| name.to_owned(), |m| format!("{name}({})", span_text(m)));
        match (&tally, months) {
            (Some(tally), Some(months)) => {
                let pick = Pick { months: MonthPick::Span(months), keys: Vec::new() };
                line(sheet, figures, Cell::text(label, Style::Label), &pick, tally, &Shares::None);
            }
            _ => {
                let mut cells = vec![Cell::text(label, Style::Label), Cell::text("无数据", Style::Centre)];
                cells.extend((2..sheet.columns.len()).map(|_| Cell::new(Value::Blank, Style::Text)));
                sheet.push(cells);
            }
        }
        known.push(tally);
    }
    for (at, name) in [(1, "较上期增减"), (2, "较去年同期增减")] {
        change(sheet, figures, name, (first, first + at), known[0].as_ref(), known[at].as_ref());
    }
    first
}

fn span_text(months: Months) -> String {
    let text = |m: i32| format!("{:04}-{:02}", m / 100, m % 100);
    if months.first == months.last { text(months.first) } else { format!("{}至{}", text(months.first), text(months.last)) }
}

/// Differences of two of the rows above.
fn change(sheet: &mut Sheet<'_>, figures: &Figures<'_>, name: &str, rows: (usize, usize), new: Option<&Tally>, old: Option<&Tally>) {
    let mut cells = vec![Cell::text(name.to_owned(), Style::Label)];
    let numbers = |tally: &Tally| -> [Option<Decimal>; 10] {
        let judged = tally.on_time + tally.late;
        let rate = match ratio(tally.on_time, judged) {
            Cached::Number(rate) => Some(rate),
            Cached::Text(_) => None,
        };
        [
            Some(tally.count.into()),
            None,
            None,
            Some(tally.loss),
            Some(tally.on_time.into()),
            Some(tally.late.into()),
            Some((tally.count - judged).into()),
            rate,
            tally.mean_days(),
            (tally.timed > 0).then_some(tally.longest),
        ]
    };
    for (at, column) in sheet.columns.iter().enumerate().skip(1) {
        let letter = crate::diag::column_letters(at as u32);
        let (now, then) = (format!("{letter}{}", rows.0 + 1), format!("{letter}{}", rows.1 + 1));
        let value = match (new.map(numbers), old.map(numbers)) {
            (Some(new), Some(old)) if at != 2 && at != CUMULATIVE => {
                let difference = new[at - 1].zip(old[at - 1]).map_or(Cached::Text(""), |(new, old)| Cached::Number(new - old));
                let text = match at {
                    LOSS => format!("ROUND({now}-{then},2)"),
                    1 | 5..=7 => format!("{now}-{then}"),
                    _ => format!("IF(OR({now}=\"\",{then}=\"\"),\"\",{now}-{then})"),
                };
                figures.derived(text, difference)
            }
            (Some(_), None) if at == COUNT => Value::text("—"),
            _ => Value::Blank,
        };
        let style = if matches!(value, Value::Text(_)) { Style::Centre } else { column.style };
        cells.push(Cell::new(value, style));
    }
    sheet.push(cells);
}

/// One group's table; the row of its first value.
fn block(
    sheet: &mut Sheet<'_>,
    figures: &Figures<'_>,
    group: &str,
    ranked: &[(String, Tally)],
    period: Months,
    current: usize,
    total: &Tally,
) -> usize {
    sheet.blank();
    sheet.wide(format!("按{group}"), Style::Section);
    headings(sheet, group);
    let first = sheet.next_row();
    let mut cumulative = 0;
    for (name, tally) in ranked.iter().take(MOST_KEYS) {
        cumulative += tally.count;
        let cell = format!("$A{}", sheet.next_row() + 1);
        let pick = Pick { months: MonthPick::Span(period), keys: vec![Key::new(group, cell, name)] };
        let shares = Shares::Of { total: current, all: total.count, first, cumulative };
        line(sheet, figures, Cell::text(name.clone(), Style::Label), &pick, tally, &shares);
    }
    if let Some(rest) = ranked.get(MOST_KEYS..).filter(|rest| !rest.is_empty()) {
        let count: u64 = rest.iter().map(|(_, t)| t.count).sum();
        let loss: Decimal = rest.iter().map(|(_, t)| t.loss).sum();
        sheet.wide(format!("另有 {} 项共 {count} 件、损失 {loss:.2} 元未逐项列出,见明细。", rest.len()), Style::Note);
    } else {
        sum_line(sheet, figures, first, total);
    }
    first
}

/// 合计 of a block, from the lines above it: agrees with 总计.
fn sum_line(sheet: &mut Sheet<'_>, figures: &Figures<'_>, first: usize, total: &Tally) {
    let last = sheet.next_row();
    let undecided = total.count - total.on_time - total.late;
    let mut cells = vec![Cell::text("合计", Style::Label)];
    for (at, column) in sheet.columns.iter().enumerate().skip(1) {
        let letter = crate::diag::column_letters(at as u32);
        let sum = format!("SUM({letter}{}:{letter}{last})", first + 1);
        let value: Option<(String, Decimal)> = match at {
            COUNT => Some((sum, total.count.into())),
            2 => Some((sum, Decimal::ONE)),
            LOSS => Some((format!("ROUND({sum},2)"), total.loss)),
            5 => Some((sum, total.on_time.into())),
            6 => Some((sum, total.late.into())),
            7 => Some((sum, undecided.into())),
            _ => None,
        };
        let value = value.map_or(Value::Blank, |(text, number)| figures.derived(text, Cached::Number(number)));
        cells.push(Cell::new(value, column.style).strong());
    }
    sheet.push(cells);
}

/// What a line's share is taken of.
enum Shares {
    None,
    /// `total`: row of 本期, zero-based, with `all` cases; `first`: first line of the block, up to here `cumulative` cases.
    Of {
        total: usize,
        all: u64,
        first: usize,
        cumulative: u64,
    },
}

/// One line of figures.
fn line(sheet: &mut Sheet<'_>, figures: &Figures<'_>, label: Cell<'static>, pick: &Pick, tally: &Tally, shares: &Shares) {
    let row = sheet.next_row() + 1;
    let judged = tally.on_time + tally.late;
    let (share, cumulative) = match shares {
        Shares::None => (Value::Blank, Value::Blank),
        Shares::Of { total, all, first, cumulative } => {
            let total = format!("$B${}", total + 1);
            (
                figures.derived(format!("IF({total}=0,\"\",B{row}/{total})"), ratio(tally.count, *all)),
                figures.derived(format!("IF({total}=0,\"\",SUM(B${}:B{row})/{total})", first + 1), ratio(*cumulative, *all)),
            )
        }
    };
    let values = [
        figures.cell(Measure::Count, pick, tally),
        share,
        cumulative,
        figures.cell(Measure::Loss, pick, tally),
        figures.cell(Measure::OnTime, pick, tally),
        figures.cell(Measure::Late, pick, tally),
        figures.derived(format!("B{row}-F{row}-G{row}"), Cached::Number((tally.count - judged).into())),
        figures.derived(format!("IF(F{row}+G{row}=0,\"\",F{row}/(F{row}+G{row}))"), ratio(tally.on_time, judged)),
        figures.cell(Measure::MeanDays, pick, tally),
        figures.cell(Measure::LongestDays, pick, tally),
    ];
    let mut cells = vec![label];
    cells.extend(values.into_iter().zip(&sheet.columns[1..]).map(|(value, column)| Cell::new(value, column.style)));
    sheet.push(cells);
}

fn notes(sheet: &mut Sheet<'_>, plan: &Plan<'_>) {
    sheet.blank();
    let mut words = format!(
        "口径:以「{}」落在当期的案件计件;及时率 = 按期 ÷(按期 + 逾期),未判定的不计入分母;{}。",
        plan.statistic.at.as_deref().unwrap_or_default(),
        wording::conventions(plan.month, &plan.pack.id)
    );
    if let Some(note) = &plan.rule.head.note {
        words.push_str(note);
    }
    sheet.wide(words, Style::Note);
}

/// The cells of one column of this sheet, ends inside.
pub fn area(column: usize, first: usize, last: usize) -> Area {
    Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) }
}
