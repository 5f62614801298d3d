//! `统计表`: totals against earlier months, then a block a group.

use chrono::Months as ChronoMonths;
use rust_decimal::Decimal;

use super::Plan;
use super::columns::{Columns, Figure};
use super::detail::Detail;
use super::figures::{Figures, Key, Measure, MonthPick, Months, Pick, ratio};
use super::tally::{BLANK, Gathered, NO_LOSS, Sums};
use crate::diag::Diag;
use crate::ledger::{Tally, yuan};
use crate::reports::sheet::{Area, Cached, Cell, Sheet, Style, Value};
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
    let columns = Columns::of(plan, gathered.leaves_losses_open());
    let mut sheet = Sheet::new(NAME, columns.titled());
    let (loss, times) = (columns.figures().contains(&Figure::Loss), columns.figures().contains(&Figure::Rate));
    let what = ["件数"].into_iter().chain(loss.then_some("损失")).chain(times.then_some("及时率")).collect::<Vec<_>>();
    sheet.about = format!("{}，与上期和去年同期比较，各类分组", what.join("、"));
    wording::heading(&mut sheet, month, &plan.rule.head.title);
    if let Some(day) = plan.statistic.by_day
        && let Some(next) = month.period.first.checked_add_months(ChronoMonths::new(month.period.month_count()))
    {
        sheet.wide(format!("应于 {} {day} 日前编制    依据：{}", next.format("%Y 年 %-m 月"), plan.statistic.clause), Style::Subtitle);
    }
    if !detail.live && detail.sheet.body.as_ref().is_some_and(|b| b.len > 0) {
        sheet.wide("明细超过公式行数上限，本表各数字为数值，不是公式。", Style::Note);
    }
    let current = totals(&mut sheet, plan, &columns, &figures, gathered);
    let period = super::months(month.period);
    let total = gathered.within(period);
    let mut pareto = None;
    let (mut blocks, mut empty): (Vec<usize>, Vec<&str>) = (Vec::new(), Vec::new());
    match &total {
        None => {
            sheet.blank();
            sheet.wide(plan.nothing(), Style::Section);
        }
        Some(total) => {
            for group in plan.groups {
                let ranked = gathered.ranked(group);
                if let [(only, _)] = ranked.as_slice()
                    && *only == plan.blank(group)
                    && *only != BLANK
                {
                    empty.push(group.as_str());
                    continue;
                }
                blocks.push(sheet.next_row() + 1);
                let numbered = format!("{}、按{group}", numeral(blocks.len() + 1));
                let block = Block { columns: &columns, figures: &figures, group, period, lossless: plan.lossless(), current, total };
                let first = block.put(&mut sheet, numbered, &ranked);
                if plan.pareto == Some(group) {
                    pareto = Some((group.clone(), first, first + ranked.len().min(MOST_KEYS) - 1));
                }
            }
        }
    }
    if !empty.is_empty() {
        sheet.wide(format!("本期各案都没有登记{}，不分组。", empty.join("、")), Style::Note);
    }
    notes(&mut sheet, plan, times, gathered.leaves_losses_open());
    sheet.fit();
    sheet.keep_together(&blocks);
    sheet.signatures("会签：", &plan.statistic.signatures);
    Ok(Summary { sheet, current, pareto })
}

/// Of a section; a sheet has few.
fn numeral(number: usize) -> String {
    const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    NUMERALS.get(number - 1).map_or_else(|| number.to_string(), |numeral| (*numeral).to_owned())
}

fn headings(sheet: &mut Sheet<'_>, first: &str) {
    let mut cells = vec![Cell::text(first.to_owned(), Style::Header)];
    cells.extend(sheet.columns[1..].iter().map(|c| Cell::text(c.header.clone(), Style::Header)).collect::<Vec<_>>());
    sheet.push(cells);
}

/// 本期, 上期, 去年同期 and what has changed; the row of 本期.
fn totals(sheet: &mut Sheet<'_>, plan: &Plan<'_>, columns: &Columns, figures: &Figures<'_>, gathered: &Gathered) -> usize {
    sheet.blank();
    sheet.wide("一、总计", Style::Section);
    sheet.header = Some(sheet.next_row());
    headings(sheet, "项目");
    let first = sheet.next_row();
    let mut known: Vec<Option<Sums>> = Vec::new();
    for (at, (name, months)) in plan.spans().into_iter().enumerate() {
        let tally = months.and_then(|m| gathered.within(m)).or_else(|| (at == 0).then(Sums::default));
        let remembered = months.filter(|_| tally.is_none()).and_then(|m| plan.remembered(m));
        let of_ledger = if remembered.is_some() { "，取自账本" } else { "" };
        let label = months.map_or_else(|| name.to_owned(), |m| format!("{name}（{}{of_ledger}）", span_text(m)));
        if let Some(closed) = remembered {
            let plain = Figures { live: false, ..*figures };
            let label = Cell::text(label, Style::Label);
            line(sheet, columns, &plain, (label, &Pick::nothing()), closed, Value::Blank, &Shares::None);
            known.push(Some(Sums { tally: closed.clone(), undecided: 0 }));
            continue;
        }
        match (&tally, months) {
            (Some(tally), Some(months)) => {
                let pick = Pick { months: MonthPick::Span(months), keys: Vec::new() };
                let open = undecided(figures, plan.lossless(), &pick, tally.undecided);
                line(sheet, columns, figures, (Cell::text(label, Style::Label), &pick), &tally.tally, open, &Shares::None);
            }
            _ => {
                let mut cells = vec![Cell::text(label, Style::Label), Cell::text("无数据", Style::Centre)];
                cells.extend((2..sheet.columns.len()).map(|_| Cell::new(Value::Blank, Style::Text)));
                sheet.push(cells);
            }
        }
        known.push(tally);
    }
    let told = |sums: &Option<Sums>| sums.as_ref().map(|sums| sums.tally.clone());
    for (at, name) in [(1, "较上期增减"), (2, "较去年同期增减")] {
        change(sheet, columns, figures, name, (first, first + at), told(&known[0]), told(&known[at]));
    }
    first
}

fn span_text(months: Months) -> String {
    let text = |m: i32| format!("{:04}-{:02}", m / 100, m % 100);
    if months.first == months.last { text(months.first) } else { format!("{}至{}", text(months.first), text(months.last)) }
}

/// Differences of two of the rows above.
fn change(
    sheet: &mut Sheet<'_>,
    columns: &Columns,
    figures: &Figures<'_>,
    name: &str,
    rows: (usize, usize),
    new: Option<Tally>,
    old: Option<Tally>,
) {
    let mut cells = vec![Cell::text(name.to_owned(), Style::Label)];
    for figure in columns.figures() {
        let letter = columns.letter(*figure);
        let (now, then) = (format!("{letter}{}", rows.0 + 1), format!("{letter}{}", rows.1 + 1));
        let text = match figure {
            Figure::Share | Figure::Cumulative | Figure::LossUndecided => None,
            Figure::Loss => Some(format!("ROUND({now}-{then},2)")),
            Figure::Count | Figure::OnTime | Figure::Late | Figure::Undecided => Some(format!("{now}-{then}")),
            Figure::Rate => Some(format!("IF(OR({now}=\"\",{then}=\"\"),\"\",100*({now}-{then}))")),
            Figure::MeanDays | Figure::LongestDays => Some(format!("IF(OR({now}=\"\",{then}=\"\"),\"\",{now}-{then})")),
        };
        let value = match (&new, &old, text) {
            (Some(new), Some(old), Some(text)) => {
                let times = if *figure == Figure::Rate { Decimal::ONE_HUNDRED } else { Decimal::ONE };
                let difference = figure.value(new).zip(figure.value(old));
                let difference = difference.map_or(Cached::Text(""), |(new, old)| Cached::Number(times * (new - old)));
                figures.derived(text, difference)
            }
            (Some(_), None, _) if *figure == Figure::Count => Value::text("—"),
            _ => Value::Blank,
        };
        let style = match figure {
            _ if matches!(value, Value::Text(_)) => Style::Centre,
            Figure::Rate => Style::Points,
            figure => figure.style(),
        };
        cells.push(Cell::new(value, style));
    }
    sheet.push(cells);
}

/// One group's table, its shares taken of `total` in the row `current`.
struct Block<'b> {
    columns: &'b Columns,
    figures: &'b Figures<'b>,
    group: &'b str,
    period: Months,
    /// As in [`Plan::lossless`].
    lossless: Option<&'b str>,
    current: usize,
    total: &'b Sums,
}

impl Block<'_> {
    /// The row of its first value.
    fn put(&self, sheet: &mut Sheet<'_>, title: String, ranked: &[(String, Sums)]) -> usize {
        sheet.blank();
        sheet.wide(title, Style::Section);
        headings(sheet, self.group);
        let first = sheet.next_row();
        let mut cumulative = 0;
        for (name, sums) in ranked.iter().take(MOST_KEYS) {
            cumulative += sums.tally.count;
            let cell = format!("$A{}", sheet.next_row() + 1);
            let pick = Pick { months: MonthPick::Span(self.period), keys: vec![Key::new(self.group, cell, name)] };
            let shares = Shares::Of { total: self.current, all: self.total.tally.count, first, cumulative };
            let open = undecided(self.figures, self.lossless, &pick, sums.undecided);
            line(sheet, self.columns, self.figures, (Cell::text(name.clone(), Style::Label), &pick), &sums.tally, open, &shares);
        }
        if let Some(rest) = ranked.get(MOST_KEYS..).filter(|rest| !rest.is_empty()) {
            let count: u64 = rest.iter().map(|(_, sums)| sums.tally.count).sum();
            let loss: Decimal = rest.iter().map(|(_, sums)| sums.tally.loss).sum();
            sheet.wide(format!("另有 {} 项共 {count} 件、损失 {}未逐项列出，见明细。", rest.len(), yuan(loss)), Style::Note);
        } else {
            self.sum_line(sheet, first);
        }
        first
    }

    /// 合计 of a block, from the lines above it: agrees with 总计.
    fn sum_line(&self, sheet: &mut Sheet<'_>, first: usize) {
        let (columns, total) = (self.columns, &self.total.tally);
        let last = sheet.next_row();
        let row = last + 1;
        let mut cells = vec![Cell::text("合计", Style::Label)];
        for figure in columns.figures() {
            let letter = columns.letter(*figure);
            let sum = format!("SUM({letter}{}:{letter}{last})", first + 1);
            let value = match figure {
                Figure::Share => Some((sum, Decimal::ONE)),
                Figure::Loss => Some((format!("ROUND({sum},2)"), total.loss)),
                Figure::LossUndecided => Some((sum, self.total.undecided.into())),
                Figure::Count | Figure::OnTime | Figure::Late | Figure::Undecided => figure.value(total).map(|value| (sum, value)),
                Figure::Rate => {
                    let (on_time, late) = (columns.letter(Figure::OnTime), columns.letter(Figure::Late));
                    let judged = format!("({on_time}{row}+{late}{row})");
                    figure.value(total).map(|value| (format!("{on_time}{row}/{judged}"), value))
                }
                // what the lines share is the same as of all of them together
                Figure::MeanDays => figure.value(total).map(|value| (format!("{letter}{}", self.current + 1), value)),
                Figure::LongestDays => figure.value(total).map(|value| (format!("MAX({letter}{}:{letter}{last})", first + 1), value)),
                Figure::Cumulative => None,
            };
            let value = value.map_or(Value::Blank, |(text, number)| self.figures.derived(text, Cached::Number(number)));
            cells.push(Cell::new(value, figure.style()).strong());
        }
        sheet.push(cells);
    }
}

/// How many of a line's cases have a loss that is not decided: those without an amount, less those without a loss.
fn undecided(figures: &Figures<'_>, lossless: Option<&str>, pick: &Pick, count: u64) -> Value<'static> {
    let Some(group) = lossless else { return Value::Blank };
    let mut none = pick.clone();
    none.keys.push(Key::new(group, format!("\"{NO_LOSS}\""), NO_LOSS));
    let formula = |pick: &Pick| figures.formula(Measure::UnknownLoss, pick);
    figures.derived(format!("{}-{}", formula(pick), formula(&none)), Cached::Number(count.into()))
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
fn line(
    sheet: &mut Sheet<'_>,
    columns: &Columns,
    figures: &Figures<'_>,
    (label, pick): (Cell<'static>, &Pick),
    tally: &Tally,
    undecided: Value<'static>,
    shares: &Shares,
) {
    let row = sheet.next_row() + 1;
    let judged = tally.on_time + tally.late;
    let at = |figure: Figure| format!("{}{row}", columns.letter(figure));
    let share = |wanted: Figure| match shares {
        Shares::None => Value::Blank,
        Shares::Of { total, all, first, cumulative } => {
            let total = format!("$B${}", total + 1);
            match wanted {
                Figure::Share => figures.derived(format!("IF({total}=0,\"\",B{row}/{total})"), ratio(tally.count, *all)),
                _ => {
                    let text = format!("IF({total}=0,\"\",SUM(B${}:B{row})/{total})", first + 1);
                    figures.derived(text, ratio(*cumulative, *all))
                }
            }
        }
    };
    let mut cells = vec![label];
    for figure in columns.figures() {
        let value = match figure {
            Figure::Count => figures.cell(Measure::Count, pick, tally),
            Figure::Share | Figure::Cumulative => share(*figure),
            Figure::Loss => figures.cell(Measure::Loss, pick, tally),
            Figure::LossUndecided => undecided.clone(),
            Figure::OnTime => figures.cell(Measure::OnTime, pick, tally),
            Figure::Late => figures.cell(Measure::Late, pick, tally),
            Figure::Undecided => {
                let text = format!("{}-{}-{}", at(Figure::Count), at(Figure::OnTime), at(Figure::Late));
                figures.derived(text, Cached::Number((tally.count - judged).into()))
            }
            Figure::Rate => {
                let (on_time, late) = (at(Figure::OnTime), at(Figure::Late));
                figures.derived(format!("IF({on_time}+{late}=0,\"\",{on_time}/({on_time}+{late}))"), ratio(tally.on_time, judged))
            }
            Figure::MeanDays => figures.cell(Measure::MeanDays, pick, tally),
            Figure::LongestDays => figures.cell(Measure::LongestDays, pick, tally),
        };
        cells.push(Cell::new(value, figure.style()));
    }
    sheet.push(cells);
}

fn notes(sheet: &mut Sheet<'_>, plan: &Plan<'_>, times: bool, open: bool) {
    sheet.blank();
    let at = plan.statistic.at.as_deref().unwrap_or_default();
    let rate = if times { "及时率 = 按期 ÷（按期 + 逾期），未判定的不计入分母；" } else { "" };
    let mut words = format!("口径：以「{at}」落在当期的案件计件；{rate}{}。", wording::conventions(plan.month, &plan.pack.id));
    let led: Vec<&str> =
        plan.loss.iter().flat_map(|loss| &loss.take).filter(|taken| plan.groups.contains(taken)).map(String::as_str).collect();
    if !led.is_empty() {
        words.push_str(&format!(
            "按{}分的，整案的件数与损失记在责任比率最大的一份上；各部门按比率分摊的金额见「部门损失」。",
            led.join("、")
        ));
    }
    if open {
        words.push_str("损失未定是损失或责任比率没有定的件数，不在金额里。");
    }
    if let Some(note) = &plan.rule.head.note {
        words.push_str(note);
    }
    sheet.wide(words, Style::Note);
}

/// The cells of one column of this sheet, ends inside.
pub fn area(column: usize, first: usize, last: usize) -> Area {
    Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) }
}
