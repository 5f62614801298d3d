//! `kesu close`: a month that stands for good.

use std::path::Path;

use chrono::NaiveDate;

use super::manifest;
use crate::calendar::Period;
use crate::diag::{Code, Diag, Diags};
use crate::ledger::store::{Closed, ClosedNotice, Kind, Known, State, Turn};
use crate::reports::rulings;

/// Who closes it, and when.
#[derive(Debug, Clone)]
pub struct Closing {
    pub period: Period,
    pub on: NaiveDate,
    pub by: String,
}

/// Freezes a month; how many notices it froze comes back.
///
/// # Errors
/// What keeps it open: nothing was run, notices wait, something was decided since the last run, or the outputs are not those of
/// that run.
pub fn close(ledger: &Path, out: &Path, closing: &Closing) -> Result<usize, Diags> {
    let period = closing.period.to_string();
    let refused = |message: String, help: &str| Diag::error(Code::MonthOpen, message).in_file(ledger).help(help);
    if closing.period.month_count() != 1 {
        return Err(refused(format!("{period} 不是一个月，不能月结"), "一个月一个月地结：--period 2026-10").into());
    }
    if closing.on <= closing.period.last {
        return Err(refused(format!("月结日期 {} 在 {period} 结束以前", closing.on), "月份结束后再结").into());
    }
    if !ledger.exists() {
        return Err(refused("没有账本".to_owned(), "先 kesu run；账本不在输出文件夹里的，用 --ledger 指明").into());
    }
    let turn = Turn::begin(ledger)?;
    if let Some(closed) = turn.closed(&period)? {
        let message = format!("{period} 已由{}于 {} 月结", closed.signed_by, closed.on);
        return Err(Diag::error(Code::MonthClosed, message).in_file(ledger).help("月结只做一次；更正另记").into());
    }
    let Some(run) = turn.last_run(&period)? else {
        return Err(refused(format!("账本里没有 {period} 的运行"), "先 kesu run").into());
    };
    let mut problems = Diags::default();
    if let Some(earlier) = turn.open_month_before(&period)? {
        problems.push(refused(format!("{earlier} 还没有月结"), "按月份先后月结"));
    }
    if turn.standing(&period)?.before.is_none_or(|(entry, _)| entry != run.entry) {
        problems.push(refused("最后一次运行以后，账上又有批示或变动，输出还没有跟上".to_owned(), "再运行一次 kesu run，核对后月结"));
    }
    let notices = turn.notices_of(&period)?;
    let waiting: Vec<&Known> = notices.iter().filter(|known| waits(known)).collect();
    if !waiting.is_empty() {
        let numbers: Vec<&str> = waiting.iter().take(5).map(|known| known.number.as_str()).collect();
        let more = if waiting.len() > numbers.len() { "等" } else { "" };
        let message = format!("还有 {} 张单据没有定：{}{more}", waiting.len(), numbers.join("、"));
        problems.push(refused(message, "在奖罚汇总表上批完（kesu approve），处理完申诉（kesu appeal），再运行一次"));
    }
    problems.extend(manifest::unlike(&out.join(&period), &run.manifest)?.into_iter().map(|words| refused(words, "再运行一次 kesu run")));
    if !problems.is_empty() {
        return Err(problems);
    }
    let frozen: Vec<ClosedNotice> = notices.iter().map(frozen).collect();
    let entry = turn.next_entry()?;
    let closed = Closed {
        period: period.clone(),
        run: run.entry,
        manifest: run.manifest,
        root: run.root,
        on: closing.on.to_string(),
        signed_by: closing.by.clone(),
    };
    turn.put_closed(entry, &closed, &frozen)?;
    turn.enter(entry, Kind::Close, &period, &format!("{}月结 {period}，单据 {} 张", closing.by, frozen.len()))?;
    turn.commit()?;
    Ok(frozen.len())
}

/// Nobody decided on it as it is, or an appeal is under way.
fn waits(known: &Known) -> bool {
    known.asks && !known.is_void && known.holding().is_none_or(|decision| decision.state == State::Appealed)
}

fn frozen(known: &Known) -> ClosedNotice {
    let state = match (known.is_void, known.holding()) {
        (true, _) => "作废".to_owned(),
        (false, None) if !known.asks => "发出".to_owned(),
        (false, None) => rulings::status(known),
        (false, Some(decision)) => decision.state.title().to_owned(),
    };
    let amount = if known.is_void { None } else { known.holding().and_then(|decision| decision.amount) };
    ClosedNotice { number: known.number.clone(), state, amount, sha256: known.sha256.clone() }
}
