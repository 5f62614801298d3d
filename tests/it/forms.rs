//! A company's own form: filled by changing only what the values change, or refused with every reason.

#[path = "forms/filling.rs"]
mod filling;
#[path = "forms/refusals.rs"]
mod refusals;
#[path = "forms/shifting.rs"]
mod shifting;
#[path = "forms/shipped.rs"]
mod shipped;
#[path = "forms/untouched.rs"]
mod untouched;
#[path = "forms/workbook.rs"]
mod workbook;
