//! `应做已做`: a line a thing and unit, every figure a formula over the detail.

use rust_decimal::Decimal;

use super::detail::Detail;
use super::{Line, Plan, State};
use crate::diag::column_letters;
use crate::reports::sheet::{Area, Cached, Cell, Column, Line as Shares, Merge, Sheet, Style, Value};
use crate::reports::statistics::{chart, longest, plain, ratio};
use crate::reports::wording;

const NAME: &str = "应做已做";
const TITLE: usize = 1;
const OWED: usize = 3;
/// First of the columns of states that were owed; the last is what is not yet.
const STATES: usize = 4;
const RATE: usize = STATES + State::ALL.len();
/// More columns than this cannot be told apart on a page.
const BARS: usize = 15;

pub fn build<'m>(plan: &Plan<'m>, lines: &[Line], detail: &Detail<'_>) -> Sheet<'m> {
    let counts = State::ALL.map(|state| Column::new(state.title(), Style::Int));
    let mut columns = vec![
        Column::new("组号", Style::Centre),
        Column::new("事项", Style::Label).at_least(24),
        Column::new("责任部门", Style::Text).at_least(14),
        Column::new("应做", Style::Int),
    ];
    columns.extend(counts);
    columns.push(Column::new("完成率", Style::Percent).at_least(10));
    let mut sheet = Sheet::new(NAME, columns).landscape().about("按事项与责任部门：应做、已做、缺、完成率");
    wording::heading(&mut sheet, plan.month, &plan.rule.head.title);
    sheet.wide(format!("依据：{}    {}", plan.statistic.clause, wording::conventions(plan.month, &plan.pack.id)), Style::Subtitle);
    let note = "口径：应做 = 已做 + 迟做 + 缺 + 超次 + 无法判定；完成率 = 已做 ÷ 应做，无法判定的不算已做；未到期的不算应做，另列。";
    sheet.wide(note, Style::Note);
    if let Some(note) = &plan.rule.head.note {
        sheet.wide(note.as_str(), Style::Note);
    }
    for result in silent(plan) {
        let head = &result.rule.head;
        let why = if head.missing.is_empty() {
            "没有启用或没有对象".to_owned()
        } else {
            format!("待补参数（{}）", head.missing.join("、"))
        };
        sheet.wide(format!("「{}」{why}，不在表内。", head.title), Style::Note);
    }
    if !detail.live && !lines.is_empty() {
        sheet.wide("明细超过公式行数上限，本表各数字为数值，不是公式。", Style::Note);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    if lines.is_empty() {
        sheet.wide("本期没有应做的事项。", Style::Paragraph);
        sheet.fit();
        return sheet;
    }
    let first = sheet.next_row();
    for (at, line) in lines.iter().enumerate() {
        put(&mut sheet, at, line, detail);
    }
    let last = sheet.next_row() - 1;
    total(&mut sheet, lines, (first, last), detail.live);
    sheet.fit();
    let mut titles: Vec<&str> = lines.iter().map(|line| line.title.as_str()).collect();
    titles.dedup();
    // the names below the columns are the things, or of one thing the units
    let names = if titles.len() == lines.len() { Some(TITLE) } else { (titles.len() == 1).then_some(TITLE + 1) };
    if let Some(names) = names.filter(|_| lines.len() > 1 && lines.len() <= BARS && lines.iter().any(|line| owed(line) > 0)) {
        let range = |column| Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) };
        let title = format!("应做与完成率（{}）", plan.month.period.chinese());
        let longest = longest(&sheet, &range(names));
        chart(&mut sheet, &title, range(names), ("应做", range(OWED)), Some(Shares::marks("完成率", range(RATE), Decimal::ONE)), longest);
    }
    sheet.signatures("", &plan.statistic.signatures);
    sheet
}

/// Rules that said nothing this month.
fn silent<'p>(plan: &Plan<'p>) -> impl Iterator<Item = &'p crate::reports::RuleResult<'p>> {
    let (month, pack) = (plan.month, plan.pack);
    let result = move |id: &'p String| month.results.iter().find(move |result| result.pack.id == pack.id && result.rule.head.id == *id);
    plan.dues.rules.iter().filter_map(result).filter(|result| result.counts.population() == 0)
}

fn owed(line: &Line) -> u64 {
    State::ALL.iter().filter(|state| **state != State::Ahead).map(|state| line.counts[*state as usize]).sum()
}

fn figure(live: bool, text: String, value: Cached) -> Value<'static> {
    if live { Value::formula(text, value) } else { plain(value) }
}

/// `E5`
fn cell(column: usize, row: usize) -> String {
    format!("{}{row}", column_letters(column as u32))
}

fn rate(row: usize) -> String {
    let (owed, done) = (cell(OWED, row), cell(STATES, row));
    format!("IF({owed}=0,\"\",{done}/{owed})")
}

fn put(sheet: &mut Sheet<'_>, at: usize, line: &Line, detail: &Detail<'_>) {
    let row = sheet.next_row() + 1;
    let live = detail.live;
    let number = |count: u64| Cached::Number(count.into());
    let sum = format!("SUM({}:{})", cell(STATES, row), cell(RATE - 2, row));
    let mut values = vec![
        Value::Int(at as i64 + 1),
        Value::text(line.title.clone()),
        Value::text(line.unit.clone()),
        figure(live, sum, number(owed(line))),
    ];
    values.extend(State::ALL.map(|state| {
        let text = format!("COUNTIFS({},$A{row},{},\"{}\")", detail.lines(), detail.states(), state.shown());
        figure(live, text, number(line.counts[state as usize]))
    }));
    values.push(figure(live, rate(row), ratio(line.counts[State::Done as usize], owed(line))));
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
    sheet.push(cells);
}

fn total(sheet: &mut Sheet<'_>, lines: &[Line], (first, last): (usize, usize), live: bool) {
    let at = sheet.next_row();
    let whole = |of: &dyn Fn(&Line) -> u64| lines.iter().map(of).sum::<u64>();
    let sum = |column: usize, value: u64| {
        let text = format!("SUM({}:{})", cell(column, first + 1), cell(column, last + 1));
        Cell::new(figure(live, text, Cached::Number(Decimal::from(value))), Style::Int).strong()
    };
    let mut cells =
        vec![Cell::text("合计", Style::Label).strong(), Cell::new(Value::Blank, Style::Label), Cell::new(Value::Blank, Style::Label)];
    cells.push(sum(OWED, whole(&owed)));
    for (state, column) in State::ALL.into_iter().zip(STATES..) {
        cells.push(sum(column, whole(&|line| line.counts[state as usize])));
    }
    let done = whole(&|line| line.counts[State::Done as usize]);
    cells.push(Cell::new(figure(live, rate(at + 1), ratio(done, whole(&owed))), Style::Percent).strong());
    sheet.merges.push(Merge { row: at, first: 0, last: 2 });
    sheet.push(cells);
}
