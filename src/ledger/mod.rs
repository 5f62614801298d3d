//! Findings and what becomes of them.

mod finding;

pub use finding::{Finding, Moment, Outcome, Place};
