//! One binary for all integration tests: every further one would link polars again.
#![allow(clippy::unwrap_used, clippy::expect_used)]
mod calendar;
mod cli;
mod columns;
mod evaluate;
mod forms;
mod hostile;
mod ingest;
mod lint;
mod messages;
mod normalise;
mod repeatable;
mod reports;
mod rules;
mod sample;
mod support;
