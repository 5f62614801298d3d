//! Cells to be filled in: what they take, and a lock on all others.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{DataValidation, DataValidationRule, Worksheet, XlsxError};

use crate::reports::sheet::{FillIn, Offer};

/// Locks the sheet but for what is to be filled in. Without a password: the lock is against slips, and what was written in spite
/// of it is found when the workbook is read back.
pub fn open(page: &mut Worksheet, cells: &[FillIn]) -> Result<(), XlsxError> {
    for cell in cells {
        let (row, column) = (cell.row as u32, cell.column as u16);
        let validation = match &cell.offer {
            Offer::OneOf(words) => DataValidation::new().allow_list_strings(words)?.set_error_message("请从下拉里选")?,
            Offer::Between(low, high) => {
                let low = low.to_f64().unwrap_or_default();
                let rule = match high.and_then(|high| high.to_f64()) {
                    Some(high) => DataValidationRule::Between(low, high),
                    None => DataValidationRule::GreaterThanOrEqualTo(low),
                };
                DataValidation::new().allow_decimal_number(rule).set_error_message("金额不在可批范围之内")?
            }
        };
        page.add_data_validation(row, column, row, column, &validation)?;
    }
    if !cells.is_empty() {
        page.protect();
    }
    Ok(())
}
