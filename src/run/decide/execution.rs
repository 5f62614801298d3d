//! A row that says that a notice was carried out.

use super::check::{Checked, of_notice};
use super::workbook::Row;
use crate::diag::{Diag, locate};
use crate::ledger::store::{ClosedNotice, Decision, Known, State};
use crate::reports::rulings::status;

/// `frozen`: the notice as its month was closed. What changed since is asked for by a correction, and must not be paid twice.
pub(super) fn execution(row: &Row, known: &Known, frozen: Option<&ClosedNotice>) -> Result<Checked, Vec<Diag>> {
    let mut problems = of_notice(row, known);
    let can_be = |decision: &State| decision.is_final() || decision.is_lifted() && known.executed.is_some();
    let decided = known.holding().filter(|decision| match frozen {
        Some(frozen) => frozen.state.parse().is_ok_and(|state: State| state.is_final()),
        None => can_be(&decision.state),
    });
    let Some(decided) = decided else {
        let message = format!("「{}」现状是{}，没有可以执行的决定", row.number, status(known));
        problems.push(row.problem("单号", message, "先批准（kesu approve），有申诉的先处理（kesu appeal），再登记执行"));
        return Err(problems);
    };
    let amount = frozen.map_or(decided.amount, |frozen| frozen.amount);
    let execution = Decision {
        state: State::Executed,
        amount,
        reason: row.text("备注").to_owned(),
        signed_by: row.text("经办人").to_owned(),
        post: String::new(),
        on: row.text("执行日期").to_owned(),
        notice: known.sha256.clone(),
        source: locate(&row.place("单号")).unwrap_or_default(),
    };
    if let Some(before) = known.executed.as_ref().filter(|before| before.amount == amount) {
        let same = Decision { source: before.source.clone(), ..execution.clone() };
        if same == *before {
            return Ok(Checked::Known);
        }
        let message = format!("「{}」已执行（{} {}），与这一行不同", row.number, before.signed_by, before.on);
        problems.push(row.problem("单号", message, "一张单据只执行一次；删去这一行"));
        return Err(problems);
    }
    let owed = amount.map(|amount| amount - known.paid());
    match (row.text("执行金额").parse().ok(), owed) {
        (None, _) => {}
        (given, owed) if given == owed => {}
        (Some(given), owed) => {
            let owed = owed.map_or_else(|| "没有金额".to_owned(), |owed| format!("是 {owed:.2}"));
            let message = format!("执行金额 {given:.2} 与应执行的不同，应执行的{owed}");
            problems.push(row.problem("执行金额", message, "不填即照应执行的金额；要少收的走申诉（kesu appeal）减免"));
        }
    }
    if execution.signed_by.is_empty() {
        problems.push(row.problem("经办人", format!("「{}」没有填经办人", row.number), "填办理扣款或处分的人"));
    }
    if execution.on.is_empty() {
        problems.push(row.problem("执行日期", format!("「{}」没有填执行日期", row.number), "填办理的日期"));
    } else if frozen.is_none() && execution.on < decided.on {
        let message = format!("执行日期 {} 早于决定的日期 {}", execution.on, decided.on);
        problems.push(row.problem("执行日期", message, "核对日期"));
    }
    if problems.is_empty() { Ok(Checked::New(execution)) } else { Err(problems) }
}
