//! Findings and what becomes of them.

mod finding;
mod scores;
mod shared;

pub use finding::{Figures, Finding, Findings, Moment, Outcome, Place};
pub use scores::{Person, PointBook, PointRecord, PointSum, PointWindow, Score, ScoreSheet, Standing, YearBlock, YearScore};
pub use shared::{Pool, Shared};
