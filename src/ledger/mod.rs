//! Findings and what becomes of them.

mod charge;
mod finding;
mod scores;
mod shared;
pub mod subject;

pub use charge::{Bounds, Charge, Liability};
pub use finding::{Figures, Finding, Findings, Moment, Outcome, Place};
pub use scores::{Person, PointBook, PointRecord, PointSum, PointWindow, Score, ScoreSheet, Standing, YearBlock, YearScore};
pub use shared::{Pool, Shared};
