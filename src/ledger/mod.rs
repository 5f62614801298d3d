//! Findings and what becomes of them.

mod finding;

pub use finding::{Figures, Finding, Moment, Outcome, Place};
