//! One row against its notice.

use rust_decimal::Decimal;

use super::workbook::Row;
use crate::diag::{Diag, locate};
use crate::ledger::digest::short;
use crate::ledger::store::{Decision, Known, State};
use crate::reports::rulings::{LATER, status};

/// What a row comes to.
pub(super) enum Checked {
    Blank,
    /// The ledger says so already.
    Known,
    New(Decision),
}

/// A row of the sheet of rulings.
pub(super) fn ruling(row: &Row, known: &Known) -> Result<Checked, Vec<Diag>> {
    let mut problems = of_notice(row, known);
    let state = match row.text("决定") {
        "" => {
            return Err(vec![row.problem(
                "决定",
                format!("「{}」填了内容，没有选决定", row.number),
                "选批准、减免、驳回或待议，或清空这一行",
            )]);
        }
        LATER => return Ok(Checked::Blank),
        word => match word.parse::<State>() {
            Ok(state @ (State::Approved | State::Reduced | State::Rejected)) => state,
            _ => {
                problems.push(row.problem("决定", format!("不认识的决定「{word}」"), "只能选批准、减免、驳回、待议"));
                return Err(problems);
            }
        },
    };
    let amount = match state {
        State::Approved => approved(row, known),
        State::Reduced => reduced(row, known.high, has_money(known)),
        _ => nothing(row, has_money(known)),
    };
    let amount = amount.map_err(|problem| problems.push(problem)).ok().flatten();
    problems.extend(too_fine(row));
    signed(row, known, &mut problems);
    if state != State::Approved && row.text("理由").is_empty() {
        problems.push(row.problem("理由", format!("{}「{}」没有写理由", state.title(), row.number), "写明减免或驳回的理由"));
    }
    conclude(row, known, problems, decision(row, known, state, amount, row.text("批准日期")), |before| {
        format!("「{}」已有决定：{}（{} {}），与这一行不同", row.number, status(known), before.signed_by, before.on)
    })
}

/// A row of the sheet of appeals.
pub(super) fn appeal(row: &Row, known: &Known) -> Result<Checked, Vec<Diag>> {
    let mut problems = of_notice(row, known);
    let Some(before) =
        known.holding().filter(|before| before.state.is_final() || before.state == State::Appealed || known_row(row, before))
    else {
        problems.push(row.problem("单号", format!("「{}」现状是{}，没有可以申诉的决定", row.number, status(known)), "先批准，再受理申诉"));
        return Err(problems);
    };
    if row.text("申诉日期").is_empty() {
        problems.push(row.problem("申诉日期", format!("「{}」没有填申诉日期", row.number), "填收到签呈的日期"));
    }
    if row.text("理由").is_empty() {
        problems.push(row.problem("理由", format!("「{}」没有写申诉或处理的理由", row.number), "写明理由"));
    }
    let (state, amount) = match row.text("处理") {
        "" => (State::Appealed, Ok(before.amount)),
        word => match word.parse::<State>() {
            Ok(State::Upheld) => (State::Upheld, Ok(before.amount)),
            Ok(State::Reduced) => (State::Reduced, reduced(row, before.amount, before.amount.is_some())),
            Ok(State::Revoked) => (State::Revoked, nothing(row, before.amount.is_some())),
            _ => {
                problems.push(row.problem("处理", format!("不认识的处理「{word}」"), "只能选维持、减免、撤销"));
                return Err(problems);
            }
        },
    };
    let on = if state == State::Appealed { row.text("申诉日期") } else { row.text("批准日期") };
    problems.extend(too_fine(row));
    if state != State::Appealed {
        signed(row, known, &mut problems);
    }
    let amount = match amount {
        // the same row handed in again is measured against what it made of the notice
        Err(_) if known_row(row, before) => before.amount,
        other => other.map_err(|problem| problems.push(problem)).ok().flatten(),
    };
    let after_appeal = matches!(before.state, State::Upheld | State::Revoked);
    conclude(row, known, problems, decision(row, known, state, amount, on), |before| {
        if after_appeal {
            format!("「{}」的申诉已处理：{}（{} {}）", row.number, status(known), before.signed_by, before.on)
        } else {
            String::new()
        }
    })
}

/// The row says what this decision says.
fn known_row(row: &Row, before: &Decision) -> bool {
    row.text("处理") == before.state.title() && row.text("批准日期") == before.on && row.text("批准人") == before.signed_by
}

/// `clash`: why another decision cannot follow the one that holds; empty where it can.
fn conclude(
    row: &Row,
    known: &Known,
    mut problems: Vec<Diag>,
    decision: Decision,
    clash: impl FnOnce(&Decision) -> String,
) -> Result<Checked, Vec<Diag>> {
    if let Some(before) = known.holding() {
        let same = Decision { source: before.source.clone(), ..decision.clone() };
        if same == *before {
            return Ok(Checked::Known);
        }
        let words = clash(before);
        if !words.is_empty() {
            problems.insert(0, row.problem("单号", words, "一张单据只批一次；要改走申诉（kesu appeal）"));
        }
    }
    if problems.is_empty() { Ok(Checked::New(decision)) } else { Err(problems) }
}

fn decision(row: &Row, known: &Known, state: State, amount: Option<Decimal>, on: &str) -> Decision {
    let text = |field: &str| row.text(field).to_owned();
    Decision {
        state,
        amount,
        reason: text("理由"),
        signed_by: text("批准人"),
        post: text("职务"),
        on: on.to_owned(),
        notice: known.sha256.clone(),
        source: locate(&row.place("单号")).unwrap_or_default(),
    }
}

/// That the notice is the one that was printed, and asks for a decision at all.
pub(super) fn of_notice(row: &Row, known: &Known) -> Vec<Diag> {
    let mut problems = Vec::new();
    if known.is_void {
        problems.push(row.problem("单号", format!("「{}」已作废", row.number), "不用再批；收回已发出的单据"));
    } else if !known.asks {
        problems.push(row.problem("单号", format!("「{}」是{}，不用批准", row.number, known.form), "删去这一行"));
    }
    if row.text("指纹") != short(&known.sha256) {
        let message = format!("「{}」印出以后单据的内容变了，或指纹被改过", row.number);
        problems.push(row.problem("指纹", message, "看过新的单据，在最新的奖罚汇总表上重批"));
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    for (field, printed) in [("受文", &known.recipient), ("部门", &known.unit)] {
        if bare(row.text(field)) != bare(printed) {
            let message = format!("{field}「{}」被改过，单据上是「{printed}」", row.text(field));
            problems.push(row.problem(field, message, "用没有改过的奖罚汇总表重批"));
        }
    }
    let amount = row.text("单上金额").parse::<Decimal>().ok();
    if amount != known.amount {
        let printed = known.amount.map(|amount| format!("{amount:.2}")).unwrap_or_default();
        problems.push(row.problem("单上金额", format!("单上金额被改过，单据上是 {printed}"), "用没有改过的奖罚汇总表重批"));
    }
    problems
}

fn signed(row: &Row, known: &Known, problems: &mut Vec<Diag>) {
    if row.text("批准人").is_empty() {
        problems.push(row.problem("批准人", format!("「{}」没有签名", row.number), "填批准人的姓名"));
    }
    let post = row.text("职务");
    if !known.posts.is_empty() && !known.posts.iter().any(|may| may == post) {
        let who = if post.is_empty() { "没有填职务".to_owned() } else { format!("{post}无权批准") };
        let message = format!("「{}」{who}；有权批准的：{}", row.number, known.posts.join("、"));
        problems.push(row.problem("职务", message, "由有权批准的人签"));
    }
    match row.text("批准日期") {
        "" => problems.push(row.problem("批准日期", format!("「{}」没有填批准日期", row.number), "填签字的日期")),
        day if day < known.period.as_str() => {
            problems.push(row.problem("批准日期", format!("批准日期 {day} 早于单据的月份 {}", known.period), "核对日期"));
        }
        _ => {}
    }
}

/// It is about money, known or to be decided.
fn has_money(known: &Known) -> bool {
    known.amount.is_some() || known.high.is_none_or(|high| !high.is_zero())
}

fn given(row: &Row) -> Option<Decimal> {
    row.text("核定金额").parse().ok()
}

fn too_fine(row: &Row) -> Option<Diag> {
    let amount = given(row).filter(|amount| *amount != amount.round_dp(2))?;
    Some(row.problem("核定金额", format!("核定金额 {} 不到分以下", amount.normalize()), "金额写到分，如 50.25"))
}

/// An amount inside the clause's bounds; the notice's own where it leaves nothing to decide.
fn approved(row: &Row, known: &Known) -> Result<Option<Decimal>, Diag> {
    if !has_money(known) {
        return nothing(row, false);
    }
    let fixed = known.high == Some(known.low);
    let Some(amount) = given(row).or(known.high.filter(|_| fixed)) else {
        return Err(row.problem("核定金额", format!("「{}」的金额由批准人定，没有填", row.number), "在可批范围之内填一个金额"));
    };
    if amount < known.low || known.high.is_some_and(|high| amount > high) {
        let high = known.high.map(|high| format!("{high:.2}")).unwrap_or_else(|| "不限".to_owned());
        let message = format!("核定金额 {amount:.2} 不在可批范围 {:.2}–{high} 之内", known.low);
        return Err(row.problem("核定金额", message, "改成范围之内的金额；要少于范围的选减免"));
    }
    Ok(Some(amount))
}

/// Less than it was, and not less than nothing.
fn reduced(row: &Row, most: Option<Decimal>, has_money: bool) -> Result<Option<Decimal>, Diag> {
    if !has_money {
        return Err(row.problem("核定金额", format!("「{}」没有金额，不能减免", row.number), "选批准或驳回"));
    }
    match given(row) {
        Some(amount) if amount >= Decimal::ZERO && most.is_none_or(|most| amount < most) => Ok(Some(amount)),
        Some(amount) => {
            let most = most.map(|most| format!("{most:.2}")).unwrap_or_default();
            Err(row.problem(
                "核定金额",
                format!("减免后的金额 {amount:.2} 应在 0.00 与 {most} 之间（少于 {most}）"),
                "改金额；不减的选批准或维持",
            ))
        }
        None => Err(row.problem("核定金额", format!("减免「{}」没有填减到多少", row.number), "填减免后的金额，全免填 0")),
    }
}

/// No money is paid.
fn nothing(row: &Row, has_money: bool) -> Result<Option<Decimal>, Diag> {
    match given(row) {
        Some(amount) if !amount.is_zero() => Err(row.problem("核定金额", format!("这个决定不收钱，却填了 {amount:.2}"), "清空核定金额")),
        _ => Ok(has_money.then_some(Decimal::ZERO)),
    }
}
