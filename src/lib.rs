//! kesu (客诉): from the spreadsheets a company already keeps to the month's statistics, reminders and notices.
//!
//! Data flows one way:
//!
//! ```text
//! files ─ ingest ─▶ rows ─ normalise ─▶ Tables ─ evaluate ─▶ verdicts ─▶ findings ─ dispose ─▶ notices ─ reports ─▶ xlsx, csv
//!                                                  ▲
//!                              rules, calendar ────┘
//! ```
//!
//! A [`diag::Diag`] says that a file or a rule is wrong and is for the operator; a [`ledger::Finding`] says that
//! the work broke a rule and is for the business.

pub mod calendar;
pub mod cli;
pub mod diag;
pub mod dispose;
pub mod evaluate;
mod fault;
pub mod ingest;
pub mod ledger;
pub mod normalise;
pub mod parallel;
pub mod reports;
pub mod rules;
pub mod run;
pub mod sample;
pub mod scaffold;
