//! Rows to typed tables: nothing silent, nothing lost.
mod balance;
mod cells;
mod duplicates;
pub mod feed;
mod feedback;
mod files;
mod headings;
mod rows;
