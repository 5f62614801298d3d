//! Findings and what becomes of them.

mod account;
mod charge;
pub mod digest;
mod finding;
mod history;
mod lengths;
mod scores;
mod shared;
pub mod store;
pub mod subject;
mod tally;
mod yuan;

pub use account::Account;
pub use charge::{Bounds, Charge, Liability};
pub use finding::{Figures, Finding, Findings, Moment, Outcome, Place};
pub use history::{History, PointsGiven, ScoreGiven, Time, YearMonth};
pub use lengths::Lengths;
pub use scores::{Person, PointBook, PointRecord, PointSum, PointWindow, Score, ScoreSheet, Standing, YearBlock, YearScore};
pub use shared::{Pool, Shared};
pub use tally::{Tallied, Tally};
pub use yuan::{figure, grouped, yuan};
