//! Findings and what becomes of them.

mod charge;
mod finding;
mod shared;

pub use charge::{Bounds, Charge, Liability};
pub use finding::{Figures, Finding, Findings, Moment, Outcome, Place};
pub use shared::{Pool, Shared};
