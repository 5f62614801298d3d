//! Verdicts: every kind's boundary, what is missing, what is not seen yet, and the exact figures of the policy.

mod approvals;
mod clocks;
mod columns;
mod copies;
mod deadlines;
mod duties;
mod frequencies;
mod long_tables;
mod money;
mod numbers;
mod orders;
mod penalties;
mod points;
mod ratios;
mod reconciles;
mod requires;
mod sanctions;
mod scorecards;
mod signing;
mod statistics;
mod truth;
mod world;
