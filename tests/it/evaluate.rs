//! Verdicts: every kind's boundary, what is missing, what is not seen yet, and the exact figures of the policy.

mod approvals;
mod clocks;
mod deadlines;
mod duties;
mod long_tables;
mod money;
mod numbers;
mod penalties;
mod ratios;
mod reconciles;
mod requires;
mod statistics;
mod truth;
mod world;
