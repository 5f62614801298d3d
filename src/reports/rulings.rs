//! 奖罚汇总表: the general manager's sheet. One row a notice that asks for approval, with room to decide; what is not to be filled
//! in is locked, and each row bears the fingerprint of the notice that was printed with it.

use rust_decimal::Decimal;

use super::sheet::{Cell, Column, FillIn, Offer, Sheet, Style, Value};
use super::{Book, Month, wording};
use crate::ledger::digest::short;
use crate::ledger::figure;
use crate::ledger::store::{Known, State};

pub const TITLE: &str = "奖罚汇总表";
/// Names of its sheets, by which they are read back.
pub const RULINGS: &str = "奖罚汇总";
pub const APPEALS: &str = "申诉";
pub const EXECUTIONS: &str = "执行";
/// Not decided yet; entered nowhere.
pub const LATER: &str = "待议";
/// Lines of a notice that are told here.
const TOLD: usize = 3;

pub fn book<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    let account = month.account.filter(|_| !month.is_part)?;
    account.notices.iter().any(|known| known.asks).then(|| {
        Book::new(TITLE, move || {
            let asks = || account.notices.iter().filter(|known| known.asks);
            let mut sheets = vec![rulings(month, asks().filter(|known| !known.is_void).collect())];
            let decided: Vec<&Known> = asks().filter(|known| !known.is_void && known.holding().is_some()).collect();
            sheets.extend((!decided.is_empty()).then(|| appeals(month, decided)));
            let due: Vec<&Known> = asks().filter(|known| is_due(known)).collect();
            sheets.extend((!due.is_empty()).then(|| executions(month, due)));
            let void: Vec<&Known> = account.notices.iter().filter(|known| known.is_void).collect();
            sheets.extend((!void.is_empty()).then(|| voided(month, void)));
            Ok(sheets)
        })
    })
}

fn notice_columns() -> Vec<Column> {
    vec![
        Column::new("单号", Style::Text),
        Column::new("单据", Style::Wrapped).at_most(12),
        Column::new("受文", Style::Wrapped).at_most(12).at_least(8),
        Column::new("部门", Style::Wrapped).at_most(12).at_least(8),
        Column::new("单上金额（元）", Style::Money).at_least(11),
        Column::new("可批范围", Style::Wrapped).at_most(14).at_least(12),
        Column::new("摘要", Style::Wrapped).at_most(40).at_least(30),
        Column::new("现状", Style::Wrapped).at_most(14).at_least(10),
    ]
}

fn rulings<'m>(month: &'m Month<'m>, notices: Vec<&'m Known>) -> Sheet<'m> {
    let mut columns = notice_columns();
    columns.extend([
        Column::new("决定", Style::Fill).at_least(8),
        Column::new("核定金额（元）", Style::FillMoney).at_least(11),
        Column::new("理由", Style::Fill).at_least(16),
        Column::new("批准人", Style::Fill).at_least(10),
        Column::new("职务", Style::Fill).at_least(10),
        Column::new("批准日期", Style::FillDate).at_least(11),
        Column::new("指纹", Style::Centre),
    ]);
    let mut sheet = Sheet::new(RULINGS, columns).landscape().about("逐张批示：批准、减免、驳回、待议");
    wording::heading(&mut sheet, month, TITLE);
    sheet.wide(
        "浅黄的格子由批准人填：决定从下拉里选；核定金额不填即照单上金额；减免、驳回要写理由。其余格子锁定。填好后运行：kesu approve 奖罚汇总表.xlsx",
        Style::Note,
    );
    let rows = notices.into_iter().map(|known| (known, known.holding().is_some())).collect();
    table(&mut sheet, rows, &[State::Approved.title(), State::Reduced.title(), State::Rejected.title(), LATER]);
    sheet
}

fn appeals<'m>(month: &'m Month<'m>, notices: Vec<&'m Known>) -> Sheet<'m> {
    let mut columns = notice_columns();
    columns.extend([
        Column::new("申诉日期", Style::FillDate).at_least(11),
        Column::new("处理", Style::Fill).at_least(8),
        Column::new("核定金额（元）", Style::FillMoney).at_least(11),
        Column::new("理由", Style::Fill).at_least(16),
        Column::new("批准人", Style::Fill).at_least(10),
        Column::new("职务", Style::Fill).at_least(10),
        Column::new("批准日期", Style::FillDate).at_least(11),
        Column::new("指纹", Style::Centre),
    ]);
    let mut sheet = Sheet::new(APPEALS, columns).landscape().about("收到签呈后登记申诉与处理：维持、减免、撤销");
    wording::heading(&mut sheet, month, "申诉处理表");
    let words =
        "收到签呈先填申诉日期与理由；处理后再填处理、批准人、职务、批准日期，减免的填核定金额。填好后运行：kesu appeal 奖罚汇总表.xlsx";
    sheet.wide(words, Style::Note);
    let rows = notices.into_iter().map(|known| (known, false)).collect();
    table(&mut sheet, rows, &[State::Upheld.title(), State::Reduced.title(), State::Revoked.title()]);
    sheet
}

/// Something is still to be carried out, or to be paid back.
pub fn is_due(known: &Known) -> bool {
    let Some(decision) = known.holding().filter(|_| !known.is_void) else { return false };
    match (&known.executed, decision.state.is_final()) {
        (None, is_final) => is_final,
        (Some(_), is_final) => (is_final || decision.state.is_lifted()) && owed(known).is_some_and(|owed| !owed.is_zero()),
    }
}

/// What was decided less what was paid.
fn owed(known: &Known) -> Option<Decimal> {
    known.holding().and_then(|decision| decision.amount).map(|amount| amount - known.paid())
}

fn executions<'m>(month: &'m Month<'m>, notices: Vec<&'m Known>) -> Sheet<'m> {
    let mut columns = notice_columns();
    columns.extend([
        Column::new("应执行（元）", Style::Money).at_least(11),
        Column::new("执行日期", Style::FillDate).at_least(11),
        Column::new("执行金额（元）", Style::FillMoney).at_least(11),
        Column::new("经办人", Style::Fill).at_least(10),
        Column::new("备注", Style::Fill).at_least(16),
        Column::new("指纹", Style::Centre),
    ]);
    let mut sheet = Sheet::new(EXECUTIONS, columns).landscape().about("批准以后登记扣款、处分的办理");
    wording::heading(&mut sheet, month, "执行登记表");
    let words = "办理以后填执行日期与经办人；执行金额不填即照应执行的金额，负数是退还。填好后运行：kesu execute 奖罚汇总表.xlsx";
    sheet.wide(words, Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let paid = sheet.columns.iter().position(|column| column.header.starts_with("执行金额"));
    for known in notices {
        let (row, owed) = (sheet.next_row(), owed(known));
        let mut cells = notice_cells(known);
        cells.push(Cell::new(Value::number(owed), Style::Money));
        for column in &sheet.columns[cells.len()..] {
            cells.push(Cell::new(Value::Blank, column.style));
        }
        if let Some(last) = cells.last_mut() {
            last.value = Value::text(short(&known.sha256));
        }
        let owed = owed.unwrap_or_default();
        let between = Offer::Between(owed.min(Decimal::ZERO), Some(owed.max(Decimal::ZERO)));
        sheet.fill.extend(paid.map(|column| FillIn { row, column, offer: between }));
        sheet.push(cells);
    }
    sheet
}

/// `true`: decided already, and locked.
fn table<'m>(sheet: &mut Sheet<'m>, rows: Vec<(&'m Known, bool)>, offers: &[&'static str]) {
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let column = |sheet: &Sheet<'_>, header: &str| sheet.columns.iter().position(|column| column.header.starts_with(header));
    let choice = column(sheet, "决定").or(column(sheet, "处理"));
    let amount = column(sheet, "核定金额");
    for (known, decided) in rows {
        let row = sheet.next_row();
        let mut cells = notice_cells(known);
        for column in &sheet.columns[cells.len()..] {
            let style = if decided { locked(column.style) } else { column.style };
            cells.push(Cell::new(Value::Blank, style));
        }
        if let Some(last) = cells.last_mut() {
            last.value = Value::text(short(&known.sha256));
        }
        if let (Some(decision), true, Some(choice)) = (known.holding(), decided, choice) {
            let values = [
                Value::text(decision.state.title()),
                Value::number(decision.amount),
                Value::text(decision.reason.clone()),
                Value::text(decision.signed_by.clone()),
                Value::text(decision.post.clone()),
                Value::text(decision.on.clone()),
            ];
            cells[choice..].iter_mut().zip(values).for_each(|(cell, value)| cell.value = value);
        } else {
            let list = Offer::OneOf(offers.to_vec());
            sheet.fill.extend(choice.map(|column| FillIn { row, column, offer: list }));
            // what is paid back is less than nothing
            let low = known.high.map_or(Decimal::ZERO, |high| high.min(Decimal::ZERO));
            let between = Offer::Between(low, known.high.map(|high| high.max(Decimal::ZERO)));
            sheet.fill.extend(amount.map(|column| FillIn { row, column, offer: between }));
        }
        sheet.push(cells);
    }
    if sheet.fill.is_empty() {
        // nothing is left to be filled in; a plain sheet is not protected
        sheet.wide("没有待批的单据。", Style::Paragraph);
    }
}

fn locked(style: Style) -> Style {
    match style {
        Style::FillMoney => Style::Money,
        Style::FillDate => Style::Centre,
        Style::Fill => Style::Wrapped,
        other => other,
    }
}

fn notice_cells(known: &Known) -> Vec<Cell<'_>> {
    let texts = [known.number.as_str(), &known.form, &known.recipient, &known.unit];
    let mut values: Vec<Value<'_>> = texts.into_iter().map(Value::text).collect();
    values.extend([Value::number(known.amount), Value::text(range(known)), Value::text(told(&known.text)), Value::text(status(known))]);
    values.into_iter().zip(notice_columns()).map(|(value, column)| Cell::new(value, column.style)).collect()
}

/// What may be approved: `0.00–1,000.00`; nothing for what is no money.
fn range(known: &Known) -> String {
    match known.high {
        Some(high) if high.is_zero() => String::new(),
        Some(high) if known.low == high => format!("{}，减免 0.00 起", figure(high)),
        Some(high) => format!("{}–{}", figure(known.low), figure(high)),
        None => format!("{} 以上", figure(known.low)),
    }
}

/// `待批`, `减免 50.00`, `已执行 50.00`, `待批（批准后有变）`, `撤销 0.00（已执行 50.00）`
pub fn status(known: &Known) -> String {
    let with = |state: State, amount: Option<Decimal>| match amount {
        Some(amount) => format!("{} {}", state.title(), figure(amount)),
        None => state.title().to_owned(),
    };
    let executed = known.executed.as_ref().map(|executed| with(executed.state, executed.amount));
    match (&known.decision, known.holding(), executed) {
        (_, Some(decision), Some(executed)) if decision.state.is_final() && known.paid() == decision.amount.unwrap_or_default() => executed,
        (_, Some(decision), executed) => {
            format!("{}{}", with(decision.state, decision.amount), executed.map(|words| format!("（{words}）")).unwrap_or_default())
        }
        (Some(decision), None, executed) => {
            let executed = executed.map(|words| format!("；{words}")).unwrap_or_default();
            format!("待批（{}后内容有变{executed}）", decision.state.title())
        }
        (None, None, _) => "待批".to_owned(),
    }
}

/// The first lines of a notice, without their ids.
fn told(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| line.split_once(". ").is_some_and(|(at, _)| at.parse::<u32>().is_ok())).collect();
    let mut words: Vec<&str> = lines.iter().take(TOLD).map(|line| line.rsplit(" | ").next().unwrap_or(line)).collect();
    let more = format!("……共 {} 件", lines.len());
    if lines.len() > TOLD {
        words.push(&more);
    }
    words.join("\n")
}

fn voided<'m>(month: &'m Month<'m>, notices: Vec<&'m Known>) -> Sheet<'m> {
    let mut columns = notice_columns();
    columns.truncate(5);
    let mut sheet = Sheet::new("作废", columns).about("不再成立的单据；单号保留，不给别人用");
    wording::heading(&mut sheet, month, "作废单据");
    sheet.wide("下列单据开出后，数据或规则变了，不再成立。已经发出的请收回。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    for known in notices {
        let mut cells = notice_cells(known);
        cells.truncate(5);
        sheet.push(cells);
    }
    sheet
}
