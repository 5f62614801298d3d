//! `图表`: the last months as a table and a picture, and the Pareto of one group.

use super::Plan;
use super::detail::Detail;
use super::figures::{Figures, Measure, MonthPick, Months, Pick, ratio};
use super::summary::{COUNT, CUMULATIVE, Summary, area};
use super::tally::Tallies;
use crate::ledger::Tally;
use crate::reports::sheet::{Area, Cell, Chart, Column, Line, Sheet, Style, Value};
use crate::reports::{text, width, wording};

const NAME: &str = "图表";
/// A year and the month a year before it.
const MONTHS: usize = 13;
/// More columns than this cannot be told apart on a page.
const BARS: usize = 15;
const CHART_ROWS: usize = 18;
/// Display columns of a slanted name that are as high as one row, and the most rows that names may take.
const SLANTED: usize = 4;
const MOST_SLANTED: usize = 12;

/// `None` for a period without closed cases: an empty chart says nothing.
pub fn build<'m>(plan: &Plan<'m>, tallies: &Tallies, detail: &Detail<'m>, summary: &Summary<'m>) -> Option<Sheet<'m>> {
    let period = super::months(plan.month.period);
    tallies.within(period)?;
    let figures = Figures { ranges: &detail.ranges, live: detail.live, loss: "损失金额" };
    let counts = format!("{}件数", plan.counted);
    let (times, loss) = (plan.statistic.on_time.is_some(), plan.loss.is_some());
    let mut columns = vec![Column::new("月份", Style::Month).at_least(14), Column::new(counts.clone(), Style::Int).at_least(14)];
    if times {
        let timely = [("按期", Style::Int), ("逾期", Style::Int), ("及时率", Style::Percent)];
        columns.extend(timely.map(|(title, style)| Column::new(title, style).at_least(14)));
    }
    columns.extend(loss.then(|| Column::new("损失金额（元）", Style::Money).at_least(18)));
    let mut sheet = Sheet::new(NAME, columns);
    let title = if times { format!("各月{counts}与及时率") } else { format!("各月{counts}") };
    sheet.about = if plan.pareto.is_some() { format!("{title}，柏拉图") } else { title.clone() };
    wording::heading(&mut sheet, plan.month, &format!("{} · {NAME}", plan.rule.head.title));
    sheet.headings();
    let known: Vec<i32> = tallies.months().into_iter().filter(|m| *m <= period.last).collect();
    // a month without cases has its place among the others
    let months: Vec<i32> =
        known.first().map_or_else(Vec::new, |first| (*first..=period.last).filter(|m| (1..=12).contains(&(m % 100))).collect());
    let months = &months[months.len().saturating_sub(MONTHS)..];
    let first = sheet.next_row();
    for month in months {
        let tally = tallies.within(Months { first: *month, last: *month }).unwrap_or_default();
        line(&mut sheet, &figures, *month, &tally, (times, loss));
    }
    let last = sheet.next_row() - 1;
    sheet.fit();
    if months.len() > 1 {
        let range = |column| Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) };
        chart(&mut sheet, &title, range(0), (&counts, range(1)), times.then(|| Line::joined("及时率", range(4))), 0);
    }
    if let Some((group, first, last)) = &summary.pareto {
        let last = (*last).min(first + BARS - 1);
        let range = |column| area(column, *first, last);
        let title = format!("{}（按{group}，{}）", "柏拉图", plan.month.period.chinese());
        let longest = longest(&summary.sheet, &range(0));
        chart(&mut sheet, &title, range(0), ("件数", range(COUNT)), Some(Line::joined("累计占比", range(CUMULATIVE))), longest);
    }
    Some(sheet)
}

fn line(sheet: &mut Sheet<'_>, figures: &Figures<'_>, month: i32, tally: &Tally, (times, loss): (bool, bool)) {
    let row = sheet.next_row() + 1;
    let pick = Pick { months: MonthPick::Cell(format!("$A{row}")), keys: Vec::new() };
    let mut values = vec![Value::Int(i64::from(month)), figures.cell(Measure::Count, &pick, tally)];
    if times {
        let rate = ratio(tally.on_time, tally.on_time + tally.late);
        values.push(figures.cell(Measure::OnTime, &pick, tally));
        values.push(figures.cell(Measure::Late, &pick, tally));
        values.push(figures.derived(format!("IF(C{row}+D{row}=0,\"\",C{row}/(C{row}+D{row}))"), rate));
    }
    values.extend(loss.then(|| figures.cell(Measure::Loss, &pick, tally)));
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
    sheet.push(cells);
}

/// Display columns of the longest name among the categories on a sheet.
pub fn longest(sheet: &Sheet<'_>, names: &Area) -> usize {
    let rows = sheet.rows.iter().take(names.last.0 + 1).skip(names.first.0);
    let cells = rows.filter_map(|row| row.get(names.first.1));
    cells.map(|cell| width::display(&text::shown(&cell.value, cell.style))).max().unwrap_or_default()
}

/// A chart below everything that is there, with empty rows under it. Where names of `longest` display columns do not fit
/// side by side they are slanted, and the chart grows by what they take.
pub fn chart(sheet: &mut Sheet<'_>, title: &str, categories: Area, bars: (&str, Area), line: Option<Line>, longest: usize) {
    sheet.blank();
    let at = (sheet.next_row(), 0);
    // a column of the sheet is five pixels wider than its eight a character
    let columns = sheet.columns.iter().map(|c| c.width).sum::<usize>() + sheet.columns.len() * 5 / 8;
    let bars_count = categories.last.0 - categories.first.0 + 1;
    let slanted = (longest + 2) * bars_count > columns;
    let rows = CHART_ROWS + if slanted { (longest / SLANTED).min(MOST_SLANTED) } else { 0 };
    sheet.charts.push(Chart {
        title: title.to_owned(),
        at,
        columns,
        rows,
        slanted,
        months: categories.sheet == self::NAME,
        categories,
        bars_axis: bars.0.to_owned(),
        bars: (bars.0.to_owned(), bars.1),
        line,
    });
    (0..rows).for_each(|_| sheet.blank());
}
