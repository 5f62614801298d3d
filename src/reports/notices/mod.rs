//! 催办单, 洽办单, 奖罚通知单: a book a form, a page a recipient.

mod penalty;
mod reminder;

use super::sheet::{Column, Merge, Sheet, Style, Value};
use super::{Book, Month};
use crate::dispose::NoticeForm;
use crate::rules::kinds::{Kind, Notice};

/// Above this many forms a book would have too many sheets: all go on one, a page each.
const MOST_SHEETS: usize = 60;
const CONTENTS: &str = "目录";

/// One book a form, in order of first use.
pub fn books<'m>(month: &'m Month<'m>) -> Vec<Book<'m>> {
    let mut names: Vec<&str> = Vec::new();
    for form in month.notices.iter() {
        if !names.contains(&form.form.as_str()) {
            names.push(&form.form);
        }
    }
    let of = |name: &'m str| month.notices.iter().filter(move |form| form.form == name).collect::<Vec<_>>();
    names.into_iter().map(|name| (name, of(name))).map(|(name, forms)| Book::new(name, move || Ok(sheets(month, &forms)))).collect()
}

fn sheets<'m>(month: &'m Month<'m>, forms: &[&'m NoticeForm]) -> Vec<Sheet<'m>> {
    let mut pages: Vec<Sheet<'m>> = forms.iter().map(|form| page(month, form)).collect();
    if pages.len() > MOST_SHEETS {
        pages = vec![stacked(pages)];
    }
    if forms.len() > 1 {
        let contents = contents(month, forms, &pages);
        pages.insert(0, contents);
    }
    pages
}

fn page<'m>(month: &'m Month<'m>, form: &'m NoticeForm) -> Sheet<'m> {
    let mut sheet = if form.total.is_some() { penalty::page(month, form) } else { reminder::page(month, form) };
    sheet.name = format!("{}-{}", form.recipient, form.number.rsplit('-').next().unwrap_or_default());
    sheet
}

/// The rule that says how the form looks.
fn notice<'m>(month: &'m Month<'m>, form: &NoticeForm) -> Option<&'m Notice> {
    month.rules.rules().find_map(|(pack, rule)| match &rule.kind {
        Kind::Notice(notice) if format!("{}/{}", pack.id, rule.head.id) == form.rule => Some(notice),
        _ => None,
    })
}

/// All pages on one sheet, a page break before each.
fn stacked<'m>(pages: Vec<Sheet<'m>>) -> Sheet<'m> {
    let mut pages = pages.into_iter();
    let Some(mut all) = pages.next() else { return Sheet::new(CONTENTS, Vec::new()) };
    all.name = "全部".to_owned();
    (all.header, all.freeze) = (None, None);
    for page in pages {
        let first = all.rows.len();
        all.breaks.push(first);
        all.merges.extend(page.merges.iter().map(|merge| Merge { row: merge.row + first, ..*merge }));
        all.rows.extend(page.rows);
        for (column, other) in all.columns.iter_mut().zip(page.columns) {
            column.width = column.width.max(other.width);
        }
    }
    all
}

fn contents<'m>(month: &'m Month<'m>, forms: &[&'m NoticeForm], pages: &[Sheet<'m>]) -> Sheet<'m> {
    let is_money = forms.iter().any(|form| form.total.is_some());
    let mut columns =
        vec![Column::new("编号", Style::Text), Column::new("受文", Style::Text).at_least(20), Column::new("案件数", Style::Int)];
    columns.extend(is_money.then(|| Column::new("金额(元)", Style::Money)));
    columns.push(Column::new("签收", Style::Text).at_least(16));
    let mut sheet = Sheet::new(CONTENTS, columns);
    super::wording::heading(&mut sheet, month, &format!("{}目录", forms[0].form));
    sheet.headings();
    let names = super::xlsx::sheet_names(std::iter::once(CONTENTS).chain(pages.iter().map(|p| p.name.as_str())));
    for (at, form) in forms.iter().enumerate() {
        let number = match names.get(at + 1).filter(|_| pages.len() == forms.len()) {
            Some(name) => Value::link(format!("internal:'{}'!A1", name.replace('\'', "''")), form.number.as_str()),
            None => Value::text(form.number.as_str()),
        };
        let mut values = vec![number, Value::text(form.recipient.as_str()), Value::count(form.lines.len() as u64)];
        if is_money {
            values.push(Value::number(form.total));
        }
        values.push(Value::Blank);
        let cells = values.into_iter().zip(&sheet.columns).map(|(v, c)| super::sheet::Cell::new(v, c.style)).collect();
        sheet.push(cells);
    }
    sheet
}

/// Clauses of the form itself and of its lines, each once.
fn clauses(notice: Option<&Notice>, form: &NoticeForm) -> String {
    let mut clauses: Vec<&str> = Vec::new();
    for clause in notice.map(|n| n.clause.as_str()).into_iter().chain(form.lines.iter().map(|line| line.finding.clause.as_str())) {
        if !clause.is_empty() && !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses.join(";")
}
