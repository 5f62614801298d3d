//! A company's own form: an xlsx with `{{占位}}` cells and one repeating row, filled by changing only the parts of the package
//! that the values change.

mod book;
mod fill;
mod grid;
mod heights;
mod package;
mod parts;
mod refs;
mod results;
mod shift;
mod template;
mod words;
mod xml;

pub use fill::FormData;
pub use template::{Names, Template};
