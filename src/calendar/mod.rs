//! Working days with make-up days and public holidays, shifts, company closures, periods.
//! A year without data is not a year without holidays: it is not covered.

mod period;

pub use period::Period;

/// Every calendar of a run by id.
#[derive(Debug, Clone, Default)]
pub struct Calendars;
