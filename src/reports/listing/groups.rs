//! Above a list: how many of it fall to whom, as formulas over the list itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::columns::{Columns, OUTCOME};
use crate::ledger::{Finding, Outcome};
use crate::reports::formulas::Rows;
use crate::reports::sheet::{Cached, Cell, Merge, Sheet, Style, Value};
use crate::reports::{Month, width, wording};
use crate::rules::kinds::{Section, Shown};

/// More lines than this say less than the list does.
const MOST: usize = 40;
/// Cells of the name, merged: the first column alone is narrow.
const NAME: Merge = Merge { row: 0, first: 0, last: 1 };

/// Display columns of a name on one line.
const WIDEST: usize = 36;
const PADDING: usize = 2;

#[derive(Default)]
struct Sum {
    count: u64,
    breached: u64,
    unknown: u64,
    amount: Decimal,
}

/// Nothing where the list is not to be broken down, or into too much.
pub fn put<'m>(sheet: &mut Sheet<'m>, month: &Month<'_>, section: &Section, columns: &Columns<'_>, found: &[Arc<Finding>]) {
    let Some(at) = columns.group_at() else { return };
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for finding in found {
        let sum = sums.entry(columns.key(month, finding, at)).or_default();
        sum.count += 1;
        sum.breached += u64::from(finding.outcome == Outcome::Breached && !finding.suspected);
        sum.unknown += u64::from(finding.outcome == Outcome::Indeterminate);
        sum.amount += finding.amount.unwrap_or_default();
    }
    if sums.len() > MOST {
        sheet.wide(format!("分 {} 组，多于 {MOST} 组，不作小计。", sums.len()), Style::Note);
        return;
    }
    let mut sums: Vec<(String, Sum)> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    let amount_at = section.show.contains(&Shown::Amount).then(|| columns.shown_at(Shown::Amount)).flatten();
    let live = found.len() <= month.formula_rows;
    if !live {
        sheet.wide(format!("清单超过 {} 行的公式上限，小计为数值，不是公式。", month.formula_rows), Style::Note);
    }
    let heading = sheet.next_row();
    let title = format!("按{}小计", sheet.columns[at].header);
    let mut headings = vec![title.clone(), String::new(), "件数".into(), "违规".into(), "无法判定".into()];
    headings.extend(amount_at.map(|_| "金额（元）".to_owned()));
    line(sheet, headings.into_iter().map(|text| Cell::text(text, Style::Header)).collect());
    // the list begins below the sums, their total, a blank row and its own headings
    let first = heading + 1 + sums.len() + 3 + 1;
    let rows = Rows { first, last: first + found.len() - 1 };
    let (breached, unknown) = (wording::outcome(Outcome::Breached), wording::outcome(Outcome::Indeterminate));
    let figure = |text: String, value: Decimal| if live { Value::formula(text, Cached::Number(value)) } else { Value::Number(value) };
    room_for(sheet, sums.iter().map(|(name, _)| name.as_str()).chain([title.as_str()]));
    let mut total = Sum::default();
    for (name, sum) in &sums {
        let key = rows.same(at, &format!("$A{}", sheet.next_row() + 1));
        let with = |outcome: &str| rows.count(&[key.clone(), rows.same(OUTCOME, &format!("\"{outcome}\""))]);
        let mut cells = vec![
            Cell::text(name.clone(), Style::Label),
            Cell::new(Value::Blank, Style::Label),
            Cell::new(figure(rows.count(std::slice::from_ref(&key)), sum.count.into()), Style::Int),
            Cell::new(figure(with(&breached), sum.breached.into()), Style::Int),
            Cell::new(figure(with(&unknown), sum.unknown.into()), Style::Int),
        ];
        cells.extend(amount_at.map(|at| Cell::new(figure(rows.sum(std::slice::from_ref(&key), at), sum.amount), Style::Money)));
        line(sheet, cells);
        total.count += sum.count;
        total.breached += sum.breached;
        total.unknown += sum.unknown;
        total.amount += sum.amount;
    }
    let last = sheet.next_row();
    let sum = |letter: char| format!("SUM({letter}{}:{letter}{last})", heading + 2);
    let mut cells = vec![Cell::text("合计", Style::Label), Cell::new(Value::Blank, Style::Label)];
    for (letter, value) in [('C', total.count), ('D', total.breached), ('E', total.unknown)] {
        cells.push(Cell::new(figure(sum(letter), value.into()), Style::Int).strong());
    }
    let money = |_| Cell::new(figure(format!("ROUND({},2)", sum('F')), total.amount), Style::Money).strong();
    cells.extend(amount_at.map(money));
    line(sheet, cells);
    sheet.blank();
}

/// The merged cells are as wide as the names, up to a point: longer ones wrap.
fn room_for<'n>(sheet: &mut Sheet<'_>, names: impl Iterator<Item = &'n str>) {
    let widest = names.map(width::display).max().unwrap_or_default().min(WIDEST) + PADDING;
    let (first, last) = (sheet.columns[NAME.first].width, &mut sheet.columns[NAME.last]);
    last.width = last.width.max(widest.saturating_sub(first));
}

fn line<'m>(sheet: &mut Sheet<'m>, cells: Vec<Cell<'m>>) {
    let row = sheet.next_row();
    sheet.merges.push(Merge { row, ..NAME });
    sheet.push(cells);
}
