//! 总经理室汇总: all packs of a run side by side.

mod notices;
mod packs;
mod resting;
mod rules;

use super::{Book, Month, Part, audit};

pub const TITLE: &str = "总经理室汇总";

/// `whole` is the month of all packs together.
pub fn book<'m>(whole: &'m Month<'m>, parts: &'m [Part<'m>]) -> Book<'m> {
    Book::new(TITLE, move || {
        let mut sheets = vec![packs::sheet(whole, parts), rules::sheet(whole), notices::sheet(whole, parts)];
        sheets.extend(audit::across_packs(whole, TITLE));
        sheets.push(resting::sheet(whole, parts));
        Ok(sheets)
    })
}
