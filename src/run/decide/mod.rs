//! Decisions, appeals and executions that come back in the general manager's workbook: every row is checked, every problem told with its cell, and the
//! good rows are entered in one transaction.

mod check;
mod execution;
mod workbook;

use std::path::Path;

use crate::calendar::Period;
use crate::diag::{Code, Diag, Diags};
use crate::ledger::store::{ClosedNotice, Decision, Kind, Known, State, Turn};

use check::Checked;
use workbook::Row;
pub use workbook::Sort;

/// What became of a workbook.
#[derive(Debug, Default)]
pub struct Decided {
    pub period: String,
    /// `批准 3、减免 1`; empty where nothing was entered.
    pub entered: Vec<(State, usize)>,
    /// Rows that say what the ledger says already.
    pub known: usize,
    /// Rows without a decision.
    pub blank: usize,
    /// Rows that were not entered, with their cells.
    pub problems: Diags,
}

/// Reads the decisions of a workbook into the ledger.
///
/// # Errors
/// The workbook or the ledger cannot be read, or the workbook is of another month or of one that is closed: nothing is entered.
pub fn decide(ledger: &Path, file: &Path, sort: Sort, period: Option<Period>) -> Result<Decided, Diags> {
    let (rows, problems) = workbook::read(file, sort)?;
    if !ledger.exists() {
        let diag = Diag::error(Code::FileUnreadable, "没有账本").in_file(ledger);
        return Err(diag.help("先 kesu run 生成奖罚汇总表；账本不在输出文件夹里的，用 --ledger 指明").into());
    }
    let turn = Turn::begin(ledger)?;
    let mut decided = Decided { problems, ..Decided::default() };
    let known = rows.iter().map(|row| turn.notice(&row.number)).collect::<Result<Vec<_>, Diag>>()?;
    decided.period = month_of(file, &known, period)?;
    if sort == Sort::Rulings && turn.closed(&decided.period)?.is_some() {
        let diag = Diag::error(Code::MonthClosed, format!("{} 已月结，不能再批", decided.period)).in_file(file);
        return Err(diag.help("月结以后的变动走申诉（kesu appeal）或更正").into());
    }
    let frozen = turn.closed_notices(&decided.period)?;
    let mut good: Vec<(&str, Decision)> = Vec::new();
    for (row, known) in rows.iter().zip(&known) {
        match checked(row, known.as_ref(), sort, &decided.period, &frozen) {
            Ok(Checked::Blank) => decided.blank += 1,
            Ok(Checked::Known) => decided.known += 1,
            Ok(Checked::New(decision)) => good.push((&row.number, decision)),
            Err(problems) => decided.problems.extend(problems),
        }
    }
    for state in State::ALL {
        let count = good.iter().filter(|(_, decision)| decision.state == state).count();
        decided.entered.extend((count > 0).then_some((state, count)));
    }
    if good.is_empty() {
        turn.leave();
        return Ok(decided);
    }
    let entry = turn.next_entry()?;
    for (number, decision) in &good {
        turn.put_decision(entry, number, decision)?;
    }
    let (kind, word) = match sort {
        Sort::Rulings => (Kind::Approve, "批示"),
        Sort::Appeals => (Kind::Appeal, "申诉"),
        Sort::Executions => (Kind::Execute, "执行"),
    };
    let counts: Vec<String> = decided.entered.iter().map(|(state, count)| format!("{} {count} 张", state.title())).collect();
    turn.enter(entry, kind, &decided.period, &format!("{word}：{}", counts.join("、")))?;
    turn.commit()?;
    Ok(decided)
}

/// The month that the workbook is about: all of its notices are of one.
fn month_of(file: &Path, known: &[Option<Known>], wanted: Option<Period>) -> Result<String, Diag> {
    let first = known.iter().flatten().map(|known| known.period.clone()).next();
    match (wanted.map(|period| period.to_string()), first) {
        (Some(wanted), Some(first)) if wanted != first => {
            let message = format!("这是 {first} 的表，不是 {wanted} 的，没有入账");
            Err(Diag::error(Code::DecisionInvalid, message).in_file(file).help("换成那个月的表，或改 --period"))
        }
        (Some(month), _) | (None, Some(month)) => Ok(month),
        (None, None) => {
            let message = "表里没有一个单号是这本账里的，没有入账";
            Err(Diag::error(Code::DecisionInvalid, message).in_file(file).help("核对账本（--ledger）与表是不是同一家、同一个月的"))
        }
    }
}

fn checked(row: &Row, known: Option<&Known>, sort: Sort, period: &str, frozen: &[ClosedNotice]) -> Result<Checked, Vec<Diag>> {
    if row.is_blank() {
        return Ok(Checked::Blank);
    }
    let Some(known) = known else {
        return Err(vec![row.problem("单号", format!("账本里没有单号「{}」", row.number), "单号不要改动；用最新的奖罚汇总表")]);
    };
    if known.period != period {
        let message = format!("「{}」是 {} 的单据，这张表是 {period} 的", row.number, known.period);
        return Err(vec![row.problem("单号", message, "各月的表分别提交")]);
    }
    match sort {
        Sort::Rulings => check::ruling(row, known),
        Sort::Appeals => check::appeal(row, known),
        Sort::Executions => execution::execution(row, known, frozen.iter().find(|frozen| frozen.number == known.number)),
    }
}
