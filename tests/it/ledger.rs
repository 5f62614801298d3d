//! The ledger as its users meet it: numbers, approvals, closed months, proof, and what happens when things go wrong.

mod audits;
mod books;
mod decisions;
mod executions;
mod faults;
mod kills;
mod months;
mod proof;
mod replays;
mod sums;
