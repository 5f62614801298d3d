//! Findings and what becomes of them.

mod finding;
mod shared;

pub use finding::{Figures, Finding, Findings, Moment, Outcome, Place};
pub use shared::{Pool, Shared};
