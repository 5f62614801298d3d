//! `kesu ledger import`: earlier months out of the company's own book of rewards and penalties.

use std::path::Path;

use crate::diag::{CellRef, Code, Diag, Diags, Place};
use crate::ingest::Limits;
use crate::ledger::store::{Kind, Past, Turn};
use crate::normalise::{Normalised, Quiet, RowText, normalise};
use crate::rules::{Dataset, Field, FieldType};

const NAME: &str = "奖罚台账";
const DAY: &str = "日期";

/// What became of the rows.
#[derive(Debug, Default)]
pub struct Imported {
    pub entered: usize,
    /// Rows that the ledger has already.
    pub known: usize,
}

fn dataset() -> Dataset {
    use FieldType::{Date, Decimal, Money, Text};
    let field = |name: &str, ty, required, aliases: &[&str]| Field {
        name: name.to_owned(),
        ty,
        required,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        null: ["-", "—", "/", "无"].map(str::to_owned).to_vec(),
        ..Field::default()
    };
    Dataset {
        name: NAME.to_owned(),
        fields: vec![
            field("单号", Text, false, &["通知单号", "奖罚单号", "处分单号", "奖罚通知单号"]),
            field(DAY, Date, true, &["发生日期", "开立日期", "开单日期", "批准日期"]),
            field("员工", Text, true, &["员工/单位", "责任人", "被处分人", "受罚人", "员工姓名", "姓名"]),
            field("部门", Text, false, &["单位", "责任单位", "责任部门", "受罚单位", "所属部门"]),
            field("事由", Text, false, &["项目原因", "奖罚事由", "处分事由"]),
            field("罚款额", Money, false, &["罚扣金额", "罚款金额", "扣款金额", "金额"]),
            field("分值", Decimal, false, &["扣分"]),
            field("规则", Text, false, &["规则编号"]),
        ],
        ..Dataset::default()
    }
}

/// Enters every row, or none where one of them cannot be.
///
/// # Errors
/// The workbook or the ledger cannot be read, or rows are wrong: all of them are told.
pub fn import(ledger: &Path, file: &Path, rule: Option<&str>) -> Result<Imported, Diags> {
    let normalised = normalise(&[file.to_path_buf()], &[dataset()], &Limits::default(), &Quiet);
    if normalised.diags.has_errors() {
        return Err(normalised.diags);
    }
    let mut problems = rejected(&normalised, file);
    let turn = Turn::begin(ledger)?;
    let known = turn.past()?;
    let mut imported = Imported::default();
    let mut rows = Vec::new();
    for row in normalised.tables.every_row(NAME) {
        let sheet = normalised.tables.source(row.origin.source).map(|source| source.sheet.clone()).unwrap_or_default();
        let past = past(&row, file, &sheet, rule);
        let place = Place::Cell { file: file.to_path_buf(), sheet, cell: CellRef { column: 0, row: row.origin.row } };
        let problem = |message: String, help: &str| Diag::error(Code::DecisionInvalid, message).at(place.clone()).help(help);
        if past.day.is_empty() || past.person.is_empty() {
            problems.push(problem("缺日期或员工".to_owned(), "补上再转入"));
        } else if turn.last_run(&past.period)?.is_some() {
            problems.push(problem(format!("账本里已有 {} 的运行，不能再从台账转入", past.period), "只转入开始用账本以前的月份"));
        } else if known.iter().any(|known| Past { place: known.place.clone(), ..past.clone() } == *known) {
            imported.known += 1;
        } else {
            rows.push(past);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    imported.entered = rows.len();
    if rows.is_empty() {
        turn.leave();
        return Ok(imported);
    }
    let entry = turn.next_entry()?;
    turn.put_past(entry, &rows)?;
    // no month of its own: it comes before all of them
    turn.enter(entry, Kind::Import, "", &format!("转入旧账 {} 行", rows.len()))?;
    turn.commit()?;
    Ok(imported)
}

fn rejected(normalised: &Normalised, file: &Path) -> Diags {
    let mut problems = Diags::default();
    for reject in &normalised.rejects {
        let sheet = normalised.tables.source(reject.source).map(|source| source.sheet.clone()).unwrap_or_default();
        for (cell, field, why) in &reject.problems {
            let place = Place::Cell { file: file.to_path_buf(), sheet: sheet.clone(), cell: *cell };
            problems.push(Diag::error(Code::DecisionInvalid, format!("「{field}」{why}")).at(place).help("改好这一格再转入"));
        }
    }
    problems
}

fn past(row: &RowText, file: &Path, sheet: &str, rule: Option<&str>) -> Past {
    let text = |field: &str| row.cells.iter().find(|cell| cell.field == field).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
    let day = text(DAY);
    let own = text("规则");
    Past {
        period: day.get(..7).unwrap_or_default().to_owned(),
        matter: Some(text("单号")).filter(|number| !number.is_empty()).unwrap_or_else(|| text("事由")),
        person: text("员工"),
        unit: text("部门"),
        rule: if own.is_empty() { rule.unwrap_or_default().to_owned() } else { own },
        amount: text("罚款额").parse().ok(),
        points: text("分值"),
        place: format!("{}[{sheet}] 第{}行", file.display(), row.origin.row),
        day,
    }
}
