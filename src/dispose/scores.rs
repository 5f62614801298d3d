//! What scores amount to beside each other: ranks, how stable they are, how raters differ.

mod ranks;
mod raters;
mod stability;

pub use ranks::{Ranked, ranked};
pub use raters::{Rater, raters};
pub use stability::{Contest, Interval, Swap, intervals};
