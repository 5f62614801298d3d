//! `单据与金额`: every notice of every pack, and what falls to whom.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::TITLE;
use crate::diag::column_letters;
use crate::dispose::NoticeForm;
use crate::reports::formulas::Rows;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, Part, wording};

const RECIPIENT: usize = 3;
const UNIT: usize = 4;
const AMOUNT: usize = 6;
/// Rows above the list: a blank one, title, headings.
const LIST_HEAD: usize = 3;
/// Stands in the column of departments where none is known; an empty cell cannot be compared.
const NOWHERE: &str = "（未注明）";

pub fn sheet<'m>(month: &'m Month<'m>, parts: &'m [Part<'m>]) -> Sheet<'m> {
    let columns = vec![
        Column::new("制度包", Style::Wrapped).at_least(14).at_most(24),
        Column::new("单据", Style::Text).at_least(12),
        Column::new("编号", Style::Text),
        Column::new("受文", Style::Text).at_least(14),
        Column::new("部门", Style::Text).at_least(12),
        Column::new("件数", Style::Int),
        Column::new("金额（元）", Style::Money),
    ];
    let mut sheet = Sheet::new("单据与金额", columns).about("各包开了哪些单、给谁、多少钱，按人、按部门的合计");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 单据与金额"));
    sheet.wide("批准与否见 奖罚汇总表；没有批准的是草稿。同一个人因同一件事被几个包各开一张的，请总经理定夺后再发。", Style::Note);
    if month.notices.is_empty() {
        sheet.headings();
        sheet.wide("本期没有单据。", Style::Paragraph);
        return sheet;
    }
    // the list stands last, so that the headings which each page repeats are its own
    let blocks = [Block::of("金额按人", &[RECIPIENT, UNIT], month), Block::of("金额按部门", &[UNIT], month)];
    let first = sheet.next_row() + blocks.iter().map(Block::len).sum::<usize>() + LIST_HEAD + 1;
    let list = List { rows: Rows { first, last: first + month.notices.len() - 1 }, live: month.notices.len() <= month.formula_rows };
    for block in blocks {
        list.sums(&mut sheet, block);
    }
    sheet.blank();
    sheet.wide("单据", Style::Section);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    for form in month.notices.iter() {
        let title = parts.iter().find(|part| form.is_of(&part.pack.id)).map_or("", |part| part.pack.title.as_str());
        let texts = [title, &form.form, &form.number, recipient(form), unit(form)].map(Value::text);
        let figures = [Value::count((form.lines.len() + form.rows.len()) as u64), Value::number(form.total)];
        let cells = texts.into_iter().chain(figures).zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style));
        let cells = cells.collect();
        sheet.push(cells);
    }
    list.total(&mut sheet, month);
    sheet
}

fn recipient(form: &NoticeForm) -> &str {
    if form.recipient.is_empty() { NOWHERE } else { &form.recipient }
}

fn unit(form: &NoticeForm) -> &str {
    if form.unit.is_empty() { NOWHERE } else { &form.unit }
}

/// What falls to each, told apart by some columns of the list.
struct Block<'m> {
    title: &'static str,
    keys: &'static [usize],
    sums: BTreeMap<Vec<&'m str>, (u64, Decimal)>,
}

impl<'m> Block<'m> {
    fn of(title: &'static str, keys: &'static [usize], month: &'m Month<'m>) -> Self {
        let name = |form: &'m NoticeForm, key: &usize| if *key == UNIT { unit(form) } else { recipient(form) };
        let mut sums: BTreeMap<Vec<&str>, (u64, Decimal)> = BTreeMap::new();
        for (form, amount) in month.notices.iter().filter_map(|form| Some((form, form.total?))) {
            let (count, sum) = sums.entry(keys.iter().map(|key| name(form, key)).collect()).or_default();
            *count += 1;
            *sum += amount;
        }
        Self { title, keys, sums }
    }

    /// Rows: a blank one, title, headings, the lines, their total.
    fn len(&self) -> usize {
        if self.sums.is_empty() { 0 } else { self.sums.len() + 4 }
    }
}

struct List {
    rows: Rows,
    live: bool,
}

impl List {
    fn figure(&self, text: String, sum: Decimal) -> Value<'static> {
        if self.live { Value::formula(text, Cached::Number(sum)) } else { Value::Number(sum) }
    }

    fn sums<'m>(&self, sheet: &mut Sheet<'m>, block: Block<'m>) {
        let Block { title, keys, sums } = block;
        if sums.is_empty() {
            return;
        }
        sheet.blank();
        sheet.wide(format!("{title}（有金额的单据）"), Style::Section);
        let headings = keys.iter().map(|key| sheet.columns[*key].header.clone()).chain(["张数".to_owned(), "金额（元）".to_owned()]);
        let headings = headings.map(|text| Cell::text(text, Style::Header)).collect();
        sheet.push(headings);
        let top = sheet.next_row() + 1;
        let (count, whole) = sums.values().fold((0, Decimal::ZERO), |(count, whole), (own, sum)| (count + own, whole + sum));
        for (names, (count, sum)) in sums {
            let row = sheet.next_row() + 1;
            let same = |(at, key): (usize, &usize)| self.rows.same(*key, &format!("${}{row}", column_letters(at as u32)));
            let same: Vec<String> = keys.iter().enumerate().map(same).collect();
            let mut cells: Vec<Cell<'m>> = names.into_iter().map(|name| Cell::text(name, Style::Label)).collect();
            let amount = self.figure(self.rows.sum(&same, AMOUNT), sum);
            cells.extend([Cell::new(Value::count(count), Style::Int), Cell::new(amount, Style::Money)]);
            sheet.push(cells);
        }
        let last = sheet.next_row();
        let sum = |column: usize| format!("SUM({0}{top}:{0}{last})", column_letters(column as u32));
        let mut cells: Vec<Cell<'m>> = keys.iter().map(|_| Cell::new(Value::Blank, Style::Label)).collect();
        cells[0] = Cell::text("合计", Style::Label);
        cells.push(Cell::new(self.figure(sum(keys.len()), count.into()), Style::Int).strong());
        cells.push(Cell::new(self.figure(format!("ROUND({},2)", sum(keys.len() + 1)), whole), Style::Money).strong());
        sheet.push(cells);
    }

    /// 合计 below the list.
    fn total(&self, sheet: &mut Sheet<'_>, month: &Month<'_>) {
        let whole: Decimal = month.notices.iter().filter_map(|form| form.total).sum();
        let mut cells: Vec<Cell<'_>> = sheet.columns.iter().map(|column| Cell::new(Value::Blank, column.style).strong()).collect();
        cells[0] = Cell::text("合计", Style::Label);
        let letters = column_letters(AMOUNT as u32);
        cells[AMOUNT].value = self.figure(format!("ROUND(SUM({letters}{}:{letters}{}),2)", self.rows.first, self.rows.last), whole);
        sheet.push(cells);
    }
}
