//! 稽核底稿: what an auditor needs to do the work over again: control totals, rules, findings, repairs, sources.

mod findings;
mod matters;
mod readings;
mod reminders;
mod repairs;
mod rules;
mod sources;
mod totals;

use super::{Book, Month, Sheet};

pub use findings::NAME as FINDINGS;

pub const TITLE: &str = "稽核底稿";

pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    Some(Book::new(TITLE, move || {
        let mut sheets = vec![totals::sheet(month), rules::sheet(month)];
        sheets.extend(readings::sheet(month));
        if !month.is_part {
            sheets.extend(across(month, TITLE));
        }
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

/// What is said of several packs at once: one thing that two of them speak about, and what the sanctions of all come to.
pub fn across<'m>(month: &'m Month<'m>, of: &str) -> impl Iterator<Item = Sheet<'m>> + use<'m> {
    [matters::sheet(month, of), reminders::sheet(month, of)].into_iter().flatten()
}

/// The findings of one department.
pub fn findings_of<'m>(month: &'m Month<'m>, unit: &str, rows: Vec<u32>) -> Sheet<'m> {
    findings::sheet(month, unit, Some(rows))
}
