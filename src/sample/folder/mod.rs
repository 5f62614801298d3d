//! The folder that the office keeps: which table is in which file, and how untidy it is.

mod ledgers;

use std::collections::BTreeSet;
use std::path::Path;

use rust_xlsxwriter::XlsxError;

use crate::sample::book::Book;
use crate::sample::case::Case;
use crate::sample::gbk;
use crate::sample::names::{CLERK, REVIEWER};
use crate::sample::office::Office;
use crate::sample::papers;
use crate::sample::register;
use crate::sample::table::{Frame, Places, Table, Wording};
use crate::sample::untidy::Clerk;

const COMPANY: &str = "示例制造有限公司";

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
}

/// Writes all workbooks below `dir` and says where every row went. `files` collects their names.
pub fn write(dir: &Path, office: &Office, seed: u64, flaws: bool, files: &mut Vec<String>) -> Result<Places, Trouble> {
    let mut folder = Folder { dir, files, places: Places::new(), clerk: Clerk::new(seed ^ 0x5eed, 22) };
    let [august, september, october] = [0, 1, 2].map(|at| office.months[at].iter().collect::<Vec<_>>());
    let all: Vec<&Case> = office.months.iter().flatten().collect();

    folder.august(&august, &all)?;
    let planted = office.planted.iter().map(|(number, _)| number.as_str());
    let planted = planted.chain(office.slips.iter().map(|(subject, _)| subject.as_str())).collect();
    folder.september(&september, &all, flaws.then_some(&planted))?;
    folder.october(&october, &all)?;
    folder.ledgers_of_august(office)?;
    folder.ledgers_of_september(office)?;
    folder.ledgers_of_october(office)?;
    folder.running_books(office)?;

    let mut book = Book::new("厂休日历.xlsx")?;
    let frame = Frame { titles: vec![format!("{COMPANY}厂休日历")], ..Frame::default() };
    book.sheet("厂休日历", &papers::days_off(), &frame, &mut folder.places)?;
    folder.save(book, "厂休日历.xlsx")?;
    Ok(folder.places)
}

struct Folder<'a> {
    dir: &'a Path,
    files: &'a mut Vec<String>,
    places: Places,
    clerk: Clerk,
}

impl Folder<'_> {
    fn save(&mut self, mut book: Book, file: &str) -> Result<(), Trouble> {
        let path = self.path(file)?;
        book.workbook.save(path)?;
        Ok(())
    }

    fn path(&mut self, file: &str) -> Result<std::path::PathBuf, Trouble> {
        let path = self.dir.join(file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        self.files.push(file.to_owned());
        Ok(path)
    }

    fn book(&mut self, file: &str, sheet: &str, table: &Table, frame: &Frame) -> Result<(), Trouble> {
        let mut book = Book::new(file)?;
        book.sheet(sheet, table, frame, &mut self.places)?;
        self.save(book, file)
    }

    /// Titles, two-row merged headings, gaps, subtotals, a total, signatures, and a sheet of notes.
    fn august(&mut self, cases: &[&Case], all: &[&Case]) -> Result<(), Trouble> {
        let file = "2026-08/客诉台账-2026年8月.xlsx";
        let mut book = Book::new(file)?;
        let table = register::table(cases, Wording::Canonical, &mut self.clerk);
        let turns = ten_days(cases);
        let frame = Frame {
            titles: titles("客户抱怨案件登记台账", "期间：2026 年 8 月 1 日至 8 月 31 日    单位：元、件"),
            grouped: true,
            gaps: turns.clone(),
            subtotals: turns,
            totals: register::totals(cases),
            signatures: Some(signatures("8")),
        };
        book.sheet("客诉台账", &table, &frame, &mut self.places)?;
        book.notes(
            "说明",
            &[
                "填表说明",
                "1. 受理日期以总经理室收件日为准。",
                "2. 未结案件结案日期留空或写「未结」。",
                "3. 金额单位为元，个别写「万」的已与会计核对。",
                "4. 编号由总经理室生产管理组统一编列，各部门不得自编。",
            ],
        )?;
        self.save(book, file)?;

        let frame = Frame {
            titles: titles("客户抱怨处理表流转记录", "2026 年 8 月受理案件"),
            signatures: Some(signatures("8")),
            ..Frame::default()
        };
        let table = papers::routes(cases, &mut self.clerk);
        self.book("2026-08/流转记录-2026年8月.xlsx", "流转", &table, &frame)?;
        let table = papers::approvals(&approved(all, 8), &mut self.clerk);
        self.book("2026-08/核决记录-2026年8月.xlsx", "核决", &table, &plain("客诉金额核决记录", 8))?;
        let table = papers::losses(&closed(all, 8), &mut self.clerk);
        self.book("2026-08/责任与损失-2026年8月.xlsx", "责任归属", &table, &plain("结案案件责任归属与损失", 8))
    }

    /// The route comes out of an old system as GBK csv; approvals and losses share a workbook.
    fn september(&mut self, cases: &[&Case], all: &[&Case], spare: Option<&BTreeSet<&str>>) -> Result<(), Trouble> {
        let frame = Frame {
            titles: titles("客户抱怨案件登记台账", "期间：2026 年 9 月 1 日至 9 月 30 日"),
            grouped: true,
            gaps: ten_days(cases),
            subtotals: Vec::new(),
            totals: register::totals(cases),
            signatures: Some(signatures("9")),
        };
        let table = register::table(cases, Wording::Canonical, &mut self.clerk);
        self.book("2026-09/客诉台账-2026年9月.xlsx", "9月", &table, &frame)?;

        let file = "2026-09/流转记录-2026年9月.csv";
        let table = papers::routes(cases, &mut self.clerk);
        let path = self.path(file)?;
        gbk::write(&path, file, &table, &mut self.places)?;

        let file = "2026-09/2026年9月结案资料.xlsx";
        let mut book = Book::new(file)?;
        let mut table = papers::approvals(&approved(all, 9), &mut self.clerk);
        if let Some(spare) = spare {
            papers::spoil(&mut table, spare);
        }
        book.sheet("核决记录", &table, &plain("客诉金额核决记录", 9), &mut self.places)?;
        let table = papers::losses(&closed(all, 9), &mut self.clerk);
        book.sheet("责任与损失", &table, &plain("结案案件责任归属与损失", 9), &mut self.places)?;
        self.save(book, file)
    }

    /// A tidy register, and 外销科 with a file and with words of its own.
    fn october(&mut self, cases: &[&Case], all: &[&Case]) -> Result<(), Trouble> {
        let (abroad, home): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| case.abroad);
        let frame = Frame { totals: register::totals(&home), signatures: Some(signatures("10")), ..Frame::default() };
        let table = register::table(&home, Wording::Canonical, &mut self.clerk);
        self.book("2026-10/客诉登记表-2026年10月.xlsx", "客诉登记", &table, &frame)?;
        let frame = Frame { titles: vec!["外销科客诉案件一览".to_owned()], ..Frame::default() };
        let table = register::table(&abroad, Wording::ExportOffice, &mut self.clerk);
        self.book("2026-10/外销科客诉登记-2026年10月.xlsx", "外销", &table, &frame)?;
        let table = papers::routes(cases, &mut self.clerk);
        self.book("2026-10/流转记录-2026年10月.xlsx", "流转记录", &table, &Frame::default())?;
        let table = papers::approvals(&approved(all, 10), &mut self.clerk);
        self.book("2026-10/核决记录-2026年10月.xlsx", "核决记录", &table, &plain("客诉金额核决记录", 10))?;
        let table = papers::losses(&closed(all, 10), &mut self.clerk);
        self.book("2026-10/责任与损失-2026年10月.xlsx", "责任与损失", &table, &plain("结案案件责任归属与损失", 10))
    }
}

fn titles(title: &str, below: &str) -> Vec<String> {
    vec![COMPANY.to_owned(), title.to_owned(), below.to_owned()]
}

fn plain(title: &str, month: u32) -> Frame {
    Frame { titles: titles(title, &format!("2026 年 {month} 月")), signatures: Some(signatures(&month.to_string())), ..Frame::default() }
}

fn signatures(month: &str) -> String {
    format!("制表：{CLERK}        审核：{REVIEWER}        日期：2026 年 {month} 月底")
}

/// First rows of the second and third ten days.
fn ten_days(cases: &[&Case]) -> Vec<usize> {
    use chrono::Datelike;
    [11, 21].iter().filter_map(|from| cases.iter().position(|case| case.accepted.day() >= *from)).collect()
}

fn approved<'a>(all: &[&'a Case], month: u32) -> Vec<&'a Case> {
    use chrono::Datelike;
    all.iter().copied().filter(|case| case.approval.as_ref().is_some_and(|a| a.date.month() == month)).collect()
}

fn closed<'a>(all: &[&'a Case], month: u32) -> Vec<&'a Case> {
    use chrono::Datelike;
    all.iter().copied().filter(|case| case.closed.is_some_and(|closed| closed.month() == month)).collect()
}
