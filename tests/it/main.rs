//! One binary for all integration tests: every further one would link polars again.
#![allow(clippy::unwrap_used, clippy::expect_used)]
