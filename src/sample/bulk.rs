//! One large register for timing, and what goes with it. Rows are drawn and written one after the other; nothing is kept.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use fastrand::Rng;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::answers;
use super::book::{excel_date, fixed_properties};
use super::expected::{days_over, post_for, rule};
use super::folder::Trouble;
use super::names::*;
use super::office::{MONTHS, YEAR, day, month_end};
use super::untidy::yuan;

/// Rows of a sheet less its heading.
pub const MOST: u64 = 1_048_575;

const REGISTER: [&str; 20] = [
    "客诉编号",
    "客户",
    "国内外",
    "订单编号",
    "料号",
    "交运日期",
    "数量",
    "不良数量",
    "客户要求",
    "客诉原因类别",
    "是否附样品",
    "业务签注意见",
    "受理日期",
    "结案日期",
    "处理方式",
    "责任部门",
    "生产单位",
    "机班别",
    "生产人员",
    "生产日期",
];
const APPROVALS: [&str; 6] = ["客诉编号", "客诉金额", "核决人", "核决人职务", "核决日期", "对客户承诺日期"];
const LOSSES: [&str; 6] = ["客诉编号", "责任部门", "责任人", "责任比率", "损失类别", "实际折让金额"];
const ROUTES: [&str; 6] = ["客诉编号", "站序", "站别", "收文时间", "送出时间", "经手人"];

/// What is wrong with a row, if anything; about five in a hundred have something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    ClosedLate,
    NoSample,
    OrderMissing,
    MoreBad,
    WorkerMissing,
    Skipped,
}

struct Entry {
    number: String,
    customer: u64,
    abroad: bool,
    product: usize,
    quantity: i64,
    bad: i64,
    flaw: Flaw,
    accepted: NaiveDate,
    answered: NaiveDate,
    closed: NaiveDate,
    /// Fen.
    amount: i64,
    department: usize,
    /// Post, day of promise before (negative) or after the approval.
    approval: Option<(usize, i64)>,
    returned: bool,
    lost: bool,
    routed: bool,
}

impl Entry {
    fn decided(&self) -> NaiveDate {
        self.answered + Days::new(1)
    }
}

/// Draws the same rows again and again.
fn entries(rows: u64, seed: u64) -> impl Iterator<Item = Entry> {
    let customers = (rows / 4).max(500);
    let mut skipped = 0;
    let mut before = 0;
    (0..rows).map(move |at| {
        let month_at = (at * 3 / rows.max(1)) as usize;
        let first = (rows * month_at as u64).div_ceil(3);
        let next = (rows * (month_at as u64 + 1)).div_ceil(3);
        if month_at != before {
            (before, skipped) = (month_at, 0);
        }
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ at);
        let flaw = match rng.u32(0..1000) {
            0..15 => Flaw::ClosedLate,
            15..25 => Flaw::NoSample,
            25..35 => Flaw::OrderMissing,
            35..40 => Flaw::MoreBad,
            40..45 => Flaw::WorkerMissing,
            45..47 if at != first => Flaw::Skipped,
            _ => Flaw::None,
        };
        skipped += u64::from(flaw == Flaw::Skipped);
        let month = MONTHS[month_at];
        let accepted = day(month, 1) + Days::new((at - first) * u64::from(month_end(month).day()) / (next - first).max(1));
        let abroad = rng.u32(0..10) < 2;
        let answered = accepted + Days::new(rng.u64(3..=7));
        let closed = if flaw == Flaw::ClosedLate { accepted + Days::new(rng.u64(21..=35)) } else { answered + Days::new(rng.u64(2..=5)) };
        let amount = match rng.u32(0..100) {
            0..80 => rng.i64(100..2_000) * 1_000,
            80..95 => rng.i64(20..100) * 100_000,
            95..98 => rng.i64(101..=150) * 100_000,
            _ => rng.i64(151..400) * 100_000,
        };
        let quantity = rng.i64(10..1_000);
        let approval = (at % 4 == 1).then(|| {
            let needed = post_for(amount);
            let low = rng.u32(0..100) < 20 && needed > 0;
            (if low { needed - 1 } else { needed }, if rng.u32(0..100) == 0 { -1 } else { 1 })
        });
        Entry {
            number: format!("{:02}{month:02}{:02}", YEAR % 100, at - first + 1 + skipped),
            customer: at % customers,
            abroad,
            product: rng.usize(0..PRODUCTS.len()),
            quantity,
            bad: if flaw == Flaw::MoreBad { quantity + 1 } else { rng.i64(0..=quantity / 10) },
            flaw,
            accepted,
            answered,
            closed,
            amount,
            department: rng.usize(0..DEPARTMENTS.len()),
            approval,
            returned: at % 16 == 0,
            lost: at % 20 == 2,
            routed: at % 24 == 3,
        }
    })
}

/// Returns rows written and findings to be expected.
pub fn write(dir: &Path, rows: u64, seed: u64, files: &mut Vec<String>) -> Result<(u64, u64), Trouble> {
    std::fs::create_dir_all(dir)?;
    let mut written = 0;
    written += sheet(dir, "客诉台账.xlsx", "客诉台账", &REGISTER, files, |page| register(page, rows, seed))?;
    written += sheet(dir, "核决记录.xlsx", "核决记录", &APPROVALS, files, |page| approvals(page, rows, seed))?;
    written += sheet(dir, "责任与损失.xlsx", "责任与损失", &LOSSES, files, |page| losses(page, rows, seed))?;
    written += sheet(dir, "流转记录.xlsx", "流转记录", &ROUTES, files, |page| routes(page, rows, seed))?;
    let counts = counts(rows, seed);
    files.push("_答案/植入统计.csv".to_owned());
    std::fs::create_dir_all(dir.join("_答案"))?;
    let mut answers = answers::with_bom(&dir.join("_答案/植入统计.csv"))?;
    answers.write_record(["rule", "period", "outcome", "count"]).map_err(std::io::Error::from)?;
    for ((rule, month), count) in &counts {
        answers.write_record([*rule, &format!("{YEAR}-{month:02}"), "breached", &count.to_string()]).map_err(std::io::Error::from)?;
    }
    answers.flush()?;
    Ok((written, counts.values().sum()))
}

/// A page that is written row by row.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    date: Format,
    datetime: Format,
    row: u32,
    column: u16,
}

impl Page<'_> {
    fn text(&mut self, text: &str) -> Result<(), Trouble> {
        if !text.is_empty() {
            self.sheet.write_string(self.row, self.column, text)?;
        }
        self.column += 1;
        Ok(())
    }

    fn number(&mut self, number: f64) -> Result<(), Trouble> {
        self.sheet.write_number(self.row, self.column, number)?;
        self.column += 1;
        Ok(())
    }

    fn day(&mut self, day: NaiveDate) -> Result<(), Trouble> {
        self.sheet.write_datetime_with_format(self.row, self.column, &excel_date(day)?, &self.date)?;
        self.column += 1;
        Ok(())
    }

    fn minute(&mut self, day: NaiveDate, minute: u16) -> Result<(), Trouble> {
        let at = excel_date(day)?.and_hms(minute / 60, (minute % 60) as u8, 0)?;
        self.sheet.write_datetime_with_format(self.row, self.column, &at, &self.datetime)?;
        self.column += 1;
        Ok(())
    }

    fn end(&mut self) {
        self.row += 1;
        self.column = 0;
    }
}

fn sheet(
    dir: &Path,
    file: &str,
    name: &str,
    heading: &[&str],
    files: &mut Vec<String>,
    fill: impl FnOnce(&mut Page) -> Result<(), Trouble>,
) -> Result<u64, Trouble> {
    files.push(file.to_owned());
    let mut workbook = Workbook::new();
    workbook.set_tempdir(dir)?;
    workbook.set_properties(&fixed_properties()?);
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(name)?;
    let (date, datetime) = (Format::new().set_num_format("yyyy/m/d"), Format::new().set_num_format("yyyy/m/d h:mm"));
    let mut page = Page { sheet, date, datetime, row: 0, column: 0 };
    for name in heading {
        page.text(name)?;
    }
    page.end();
    fill(&mut page)?;
    let rows = u64::from(page.row) - 1;
    workbook.save(dir.join(file))?;
    Ok(rows)
}

fn register(page: &mut Page, rows: u64, seed: u64) -> Result<(), Trouble> {
    for entry in entries(rows, seed) {
        let missing = entry.flaw == Flaw::OrderMissing;
        page.text(&entry.number)?;
        page.text(&customer(entry.customer))?;
        page.text(if entry.abroad { "国外" } else { "国内" })?;
        page.text(&if missing { String::new() } else { format!("DD-{}", entry.number) })?;
        page.text(PRODUCTS[entry.product].0)?;
        page.day(entry.accepted - Days::new(20))?;
        page.number(entry.quantity as f64)?;
        page.number(entry.bad as f64)?;
        page.text(if entry.returned { UNDECIDED_DEMAND } else { DEMANDS[entry.product % DEMANDS.len()] })?;
        page.text("质量异常")?;
        page.text(if entry.flaw == Flaw::NoSample { "否" } else { "是" })?;
        page.text(OPINIONS[entry.product % OPINIONS.len()])?;
        page.day(entry.accepted)?;
        page.day(entry.closed)?;
        page.text(if entry.returned { "退货" } else { "折让" })?;
        page.text(DEPARTMENTS[entry.department].0)?;
        page.text(WORKSHOPS[entry.product % WORKSHOPS.len()])?;
        page.text(SHIFTS[entry.product % SHIFTS.len()])?;
        page.text(if entry.flaw == Flaw::WorkerMissing { "" } else { WORKERS[entry.product % WORKERS.len()] })?;
        page.day(entry.accepted - Days::new(30))?;
        page.end();
    }
    Ok(())
}

fn approvals(page: &mut Page, rows: u64, seed: u64) -> Result<(), Trouble> {
    for entry in entries(rows, seed) {
        let Some((post, promise)) = entry.approval else { continue };
        page.text(&entry.number)?;
        page.number(yuan(entry.amount))?;
        page.text(POSTS[post].1)?;
        page.text(POSTS[post].0)?;
        page.day(entry.decided())?;
        page.day(entry.decided() + TimeDelta::days(promise))?;
        page.end();
    }
    Ok(())
}

fn losses(page: &mut Page, rows: u64, seed: u64) -> Result<(), Trouble> {
    for entry in entries(rows, seed).filter(|entry| entry.lost) {
        let (name, _, people) = DEPARTMENTS[entry.department];
        page.text(&entry.number)?;
        page.text(name)?;
        page.text(people[entry.product % people.len()])?;
        page.number(1.0)?;
        page.text("折让")?;
        page.number(yuan(entry.amount))?;
        page.end();
    }
    Ok(())
}

/// Every desk that a form must pass, all of them in time.
fn routes(page: &mut Page, rows: u64, seed: u64) -> Result<(), Trouble> {
    for entry in entries(rows, seed).filter(|entry| entry.routed) {
        let middle = entry.answered - Days::new(2);
        let days = [entry.accepted, entry.accepted, middle, middle + Days::new(1), entry.answered];
        let desks = [(1, "总经理室"), (2, "质管部"), (3, "制造部"), (5, "业务部门"), (6, "总经理室"), (7, "业务部门")];
        for (at, (seat, name)) in desks.into_iter().enumerate() {
            page.text(&entry.number)?;
            page.number(f64::from(seat))?;
            page.text(name)?;
            let (received, sent) = match seat {
                6 => ((entry.decided(), 660), (entry.decided(), 900)),
                7 => ((entry.decided(), 910), (entry.closed, 1_020)),
                1 => ((days[at], 540), (days[at + 1], 650)),
                _ => ((days[at], 660), (days[at + 1], 650)),
            };
            page.minute(received.0, received.1)?;
            page.minute(sent.0, sent.1)?;
            page.text(HANDLERS[seat as usize - 1])?;
            page.end();
        }
    }
    Ok(())
}

fn customer(at: u64) -> String {
    format!("{}{at:06}", ["红狐狸商行", "蓝鲸商行", "白鹭商行", "青蛙商行"][(at % 4) as usize])
}

/// Breaches by rule and month of three monthly runs.
fn counts(rows: u64, seed: u64) -> BTreeMap<(&'static str, u32), u64> {
    let mut counts = BTreeMap::new();
    for entry in entries(rows, seed) {
        for month in MONTHS {
            let mut add = |rule, wrong: bool| *counts.entry((rule, month)).or_insert(0) += u64::from(wrong);
            let begun = entry.accepted.month() == month;
            let limit = if entry.abroad { 20 } else { 15 };
            add(rule::CLOSING, days_over(month, entry.accepted, Some(entry.closed), limit).is_some());
            add(rule::ANSWER, entry.routed && days_over(month, entry.decided(), Some(entry.closed), 6).is_some());
            add(rule::PRODUCT, begun && entry.flaw == Flaw::OrderMissing);
            add(rule::FORM, begun && matches!(entry.flaw, Flaw::OrderMissing | Flaw::MoreBad));
            add(rule::SAMPLE, begun && entry.flaw == Flaw::NoSample);
            add(rule::PRODUCTION, begun && entry.flaw == Flaw::WorkerMissing);
            add(rule::NUMBERING, begun && entry.flaw == Flaw::Skipped);
            if let Some((post, promise)) = entry.approval {
                let (decided, promised) = (entry.decided(), entry.decided() + TimeDelta::days(promise));
                // at the month's end there was a promise and no approval
                let alone = promised.month() == month && decided > month_end(month);
                let wrong = decided.month() == month && (post < post_for(entry.amount) || promised < decided);
                add(rule::AUTHORITY, alone || wrong);
            }
        }
    }
    counts
}
