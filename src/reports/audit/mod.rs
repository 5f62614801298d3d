//! 稽核底稿: what an auditor needs to do the work over again: control totals, rules, findings, repairs, sources.

mod changes;
mod findings;
mod matters;
mod readings;
mod reminders;
mod repairs;
mod rules;
mod sources;
mod totals;

use super::{Book, Month, Sheet};

pub use changes::{columns as change_columns, differences, row as change_row};
pub use findings::NAME as FINDINGS;

pub const TITLE: &str = "稽核底稿";

pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    Some(Book::new(TITLE, move || {
        let mut sheets = vec![totals::sheet(month), rules::sheet(month)];
        sheets.extend(readings::sheet(month));
        if !month.is_part {
            sheets.extend(across_packs(month, TITLE));
        }
        sheets.extend(changes::sheet(month, TITLE));
        sheets.extend([
            findings::sheet(month, TITLE, None),
            repairs::sheet(month),
            sources::duplicates(month),
            sources::rejects(month),
            sources::columns(month),
            sources::choices(month),
            rules::missing(month),
        ]);
        Ok(sheets)
    }))
}

/// What concerns several packs, in the book of this title: one thing under two of them, and what the manager is reminded of.
pub fn across_packs<'m>(month: &'m Month<'m>, title: &str) -> impl Iterator<Item = Sheet<'m>> {
    matters::sheet(month, title).into_iter().chain(reminders::sheet(month, title))
}

/// The findings of one department.
pub fn findings_of<'m>(month: &'m Month<'m>, unit: &str, rows: Vec<u32>) -> Sheet<'m> {
    findings::sheet(month, unit, Some(rows))
}

/// Of a rule, as the rule files have it: behind its pack's where there are several.
fn id(month: &Month<'_>, pack: &str, id: &str) -> String {
    if month.rules.packs.len() > 1 { format!("{pack}/{id}") } else { id.to_owned() }
}
