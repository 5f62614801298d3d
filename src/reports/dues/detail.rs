//! `应做明细`: who owed what by when, and what became of it.

use super::{Due, Plan};
use crate::diag::column_letters;
use crate::ledger::{Figures, Finding};
use crate::reports::sheet::{Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, wording};

pub const NAME: &str = "应做明细";
const LINE: usize = 0;
const STATE: usize = 8;

/// The sheet, and where its columns stand that figures are made of.
pub struct Detail<'m> {
    pub sheet: Sheet<'m>,
    /// Short enough for formulas.
    pub live: bool,
    /// One-based.
    first: usize,
    last: usize,
}

impl Detail<'_> {
    fn range(&self, column: usize) -> String {
        let letters = column_letters(column as u32);
        format!("{NAME}!${letters}${}:${letters}${}", self.first, self.last)
    }

    /// Numbers of the lines that the rows count in.
    pub fn lines(&self) -> String {
        self.range(LINE)
    }

    pub fn states(&self) -> String {
        self.range(STATE)
    }
}

pub fn build<'m>(plan: &Plan<'m>, dues: Vec<Due>) -> Detail<'m> {
    let month = plan.month;
    let columns = vec![
        Column::new("组号", Style::Centre),
        Column::new("应完成", Style::Centre),
        Column::new("事项", Style::Wrapped).at_least(14).at_most(22),
        Column::new("对象", Style::Wrapped).at_least(12).at_most(26),
        Column::new("责任部门", Style::Text),
        Column::new("责任人", Style::Text),
        Column::new("要求", Style::Centre),
        Column::new("实际", Style::Centre),
        Column::new("状态", Style::Centre),
        Column::new("说明", Style::Wrapped).at_least(24).at_most(44),
        Column::new("出处", Style::Wrapped).at_most(44),
        Column::new("行", Style::Centre),
    ];
    let mut sheet = Sheet::new(NAME, columns).landscape().about("谁在哪天以前应做什么，做了没有");
    wording::heading(&mut sheet, month, &format!("{} · {NAME}", plan.rule.head.title));
    let len = dues.len();
    let live = len <= month.formula_rows;
    if !live {
        sheet.wide(format!("本表 {len} 行，超过 {} 行的公式上限：前表各数字为数值，不是公式。", month.formula_rows), Style::Note);
    }
    if dues.is_empty() {
        sheet.headings();
        sheet.wide("本期没有应做的事项。", Style::Paragraph);
    } else {
        sheet.table(Stream::made(len, move |rows, visit| {
            for row in rows {
                visit(row, &values(month, &dues[row]));
            }
            Ok(())
        }));
    }
    sheet.fit();
    let first = sheet.rows.len() + 1;
    Detail { sheet, live: live && len > 0, first, last: first + len.max(1) - 1 }
}

fn values<'x>(month: &Month<'_>, due: &'x Due) -> Vec<Value<'x>> {
    let finding = &due.finding;
    let [source, row] = wording::origin(month, &finding.place);
    vec![
        Value::Int(due.line as i64),
        Value::text(wording::due_text(finding.due)),
        Value::text(due.title.as_str()),
        Value::text(wording::subject(month, finding)),
        Value::text(finding.unit.as_str()),
        Value::text(finding.person.as_str()),
        Value::text(asked(finding)),
        Value::text(done(finding)),
        Value::text(due.state.shown()),
        Value::text(finding.message.as_str()),
        source,
        row,
    ]
}

/// `≥ 1 次`, `3天`
fn asked(finding: &Finding) -> String {
    match finding.figures.as_deref() {
        Some(Figures::Times { least, most, .. }) => {
            let least = least.map(|least| format!("≥ {least} 次"));
            let most = most.map(|most| format!("≤ {most} 次"));
            least.into_iter().chain(most).collect::<Vec<_>>().join(" ")
        }
        _ => finding.lengths().limit,
    }
}

/// How often, or when.
fn done(finding: &Finding) -> String {
    match finding.figures.as_deref() {
        Some(Figures::Times { done, .. }) => format!("{done} 次"),
        _ => wording::moment_text(finding.stop),
    }
}
