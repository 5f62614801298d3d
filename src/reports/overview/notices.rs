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
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let first = sheet.next_row() + 1;
    for form in month.notices.iter() {
        let title = parts.iter().find(|part| form.is_of(&part.pack.id)).map_or("", |part| part.pack.title.as_str());
        let texts = [title, &form.form, &form.number, recipient(form), unit(form)].map(Value::text);
        let figures = [Value::count((form.lines.len() + form.rows.len()) as u64), Value::number(form.total)];
        let cells = texts.into_iter().chain(figures).zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style));
        let cells = cells.collect();
        sheet.push(cells);
    }
    if month.notices.is_empty() {
        sheet.wide("本期没有单据。", Style::Paragraph);
        return sheet;
    }
    let list = List { rows: Rows { first, last: sheet.next_row() }, live: month.notices.len() <= month.formula_rows };
    list.sums(&mut sheet, "金额按人", &[RECIPIENT, UNIT], month);
    list.sums(&mut sheet, "金额按部门", &[UNIT], month);
    sheet
}

fn recipient(form: &NoticeForm) -> &str {
    if form.recipient.is_empty() { NOWHERE } else { &form.recipient }
}

fn unit(form: &NoticeForm) -> &str {
    if form.unit.is_empty() { NOWHERE } else { &form.unit }
}

struct List {
    rows: Rows,
    live: bool,
}

impl List {
    /// What falls to each, told apart by these columns of the list.
    fn sums<'m>(&self, sheet: &mut Sheet<'m>, title: &str, keys: &[usize], month: &'m Month<'m>) {
        let name = |form: &'m NoticeForm, key: &usize| if *key == UNIT { unit(form) } else { recipient(form) };
        let mut sums: BTreeMap<Vec<&str>, (u64, Decimal)> = BTreeMap::new();
        for (form, amount) in month.notices.iter().filter_map(|form| Some((form, form.total?))) {
            let (count, sum) = sums.entry(keys.iter().map(|key| name(form, key)).collect()).or_default();
            *count += 1;
            *sum += amount;
        }
        if sums.is_empty() {
            return;
        }
        sheet.blank();
        sheet.wide(format!("{title}（有金额的单据）"), Style::Section);
        let headings = keys.iter().map(|key| sheet.columns[*key].header.clone()).chain(["张数".to_owned(), "金额（元）".to_owned()]);
        let headings = headings.map(|text| Cell::text(text, Style::Header)).collect();
        sheet.push(headings);
        for (names, (count, sum)) in sums {
            let row = sheet.next_row() + 1;
            let same = |(at, key): (usize, &usize)| self.rows.same(*key, &format!("${}{row}", column_letters(at as u32)));
            let same: Vec<String> = keys.iter().enumerate().map(same).collect();
            let amount = match self.live {
                true => Value::formula(self.rows.sum(&same, AMOUNT), Cached::Number(sum)),
                false => Value::Number(sum),
            };
            let mut cells: Vec<Cell<'m>> = names.into_iter().map(|name| Cell::text(name, Style::Label)).collect();
            cells.extend([Cell::new(Value::count(count), Style::Int), Cell::new(amount, Style::Money)]);
            sheet.push(cells);
        }
    }
}
