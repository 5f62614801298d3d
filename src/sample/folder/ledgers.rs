//! The books beside the register: each month a little different, as the people who keep them are.

use super::{Folder, Trouble, plain, signatures, titles};
use crate::sample::book::Book;
use crate::sample::office::Office;
use crate::sample::record::{self, Record};
use crate::sample::table::{Frame, Heading, Ledger, Table, Wording};
use crate::sample::{appeals, improvements, monthly, receipts, receivables, returns, sanctions};

impl Folder<'_> {
    /// One workbook a ledger, titles and two-row headings.
    pub fn ledgers_of_august(&mut self, office: &Office) -> Result<(), Trouble> {
        let month = 8;
        let grouped = |title: &str| Frame { grouped: true, ..plain(title, month) };
        let table = self.lines(office, Ledger::Returns, month, &returns::HEADINGS);
        self.book("2026-08/退货折让台账-2026年8月.xlsx", "退货折让", &table, &grouped("成品退货与销货折让台账"))?;
        let table = self.lines(office, Ledger::Receipts, month, &receipts::HEADINGS);
        self.book("2026-08/签收记录-2026年8月.xlsx", "签收记录", &table, &plain("单据各联签收记录", month))?;
        let table = self.lines(office, Ledger::Steps, month, &appeals::STEPS);
        self.book("2026-08/责任分工环节-2026年8月.xlsx", "环节记录", &table, &Frame::default())?;
        let table = self.lines(office, Ledger::Appeals, month, &appeals::APPEALS);
        self.book("2026-08/申诉记录-2026年8月.xlsx", "申诉记录", &table, &plain("客户申诉记录", month))?;
        let table = self.lines(office, Ledger::Receivables, month, &receivables::HEADINGS);
        self.book("2026-08/应收账款-2026年8月.xlsx", "应收账款", &table, &grouped("业务员应收账款"))
    }

    /// Returns and allowances on sheets of their own; the papers of the month in one workbook.
    pub fn ledgers_of_september(&mut self, office: &Office) -> Result<(), Trouble> {
        let month = 9;
        let file = "2026-09/2026年9月退货与折让.xlsx";
        let mut book = Book::new(file)?;
        for (sheet, title, own, other) in
            [("退货台账", "成品退货台账", "退货单号", "折让单号"), ("折让台账", "销货折让台账", "折让单号", "退货单号")]
        {
            let records: Vec<&Record> = filed(office, Ledger::Returns, month).filter(|slip| slip.has(own)).collect();
            let unused = |field: &str| field == other || !records.iter().any(|record| record.has(field));
            let headings: Vec<Heading> = returns::HEADINGS.into_iter().filter(|(field, ..)| !unused(field)).collect();
            let table = record::table(&records, &headings, Wording::Canonical, &mut self.clerk);
            book.sheet(sheet, &table, &plain(title, month), &mut self.places)?;
        }
        self.save(book, file)?;

        let file = "2026-09/2026年9月随案资料.xlsx";
        let mut book = Book::new(file)?;
        let sheets: [(&str, Ledger, &[Heading]); 4] = [
            ("签收记录", Ledger::Receipts, &receipts::HEADINGS),
            ("环节记录", Ledger::Steps, &appeals::STEPS),
            ("申诉记录", Ledger::Appeals, &appeals::APPEALS),
            ("应收账款", Ledger::Receivables, &receivables::HEADINGS),
        ];
        for (sheet, ledger, headings) in sheets {
            let table = self.lines(office, ledger, month, headings);
            book.sheet(sheet, &table, &plain(sheet, month), &mut self.places)?;
        }
        self.save(book, file)
    }

    /// Tidy, and in words of its own.
    pub fn ledgers_of_october(&mut self, office: &Office) -> Result<(), Trouble> {
        let month = 10;
        let books: [(&str, &str, Ledger, &[Heading]); 5] = [
            ("2026-10/退货折让登记-2026年10月.xlsx", "退货折让登记", Ledger::Returns, &returns::HEADINGS),
            ("2026-10/各联签收-2026年10月.xlsx", "签收记录", Ledger::Receipts, &receipts::HEADINGS),
            ("2026-10/环节记录-2026年10月.xlsx", "环节记录", Ledger::Steps, &appeals::STEPS),
            ("2026-10/客户反映记录-2026年10月.xlsx", "客户反映", Ledger::Appeals, &appeals::APPEALS),
            ("2026-10/应收账款-2026年10月.xlsx", "应收账款", Ledger::Receivables, &receivables::HEADINGS),
        ];
        for (file, sheet, ledger, headings) in books {
            let records: Vec<&Record> = filed(office, ledger, month).collect();
            let table = record::table(&records, headings, Wording::ExportOffice, &mut self.clerk);
            self.book(file, sheet, &table, &Frame::default())?;
        }
        Ok(())
    }

    /// What is kept on from month to month.
    pub fn running_books(&mut self, office: &Office) -> Result<(), Trouble> {
        let file = "改善追踪表.xlsx";
        let mut book = Book::new(file)?;
        for month in [8, 9, 10] {
            let table = self.lines(office, Ledger::Improvements, month, &improvements::HEADINGS);
            let below = format!("2026 年 {month} 月结案案件");
            let frame =
                Frame {
                    titles: titles("客诉改善追踪表", &below), grouped: true, signatures: Some(signatures("10")), ..Frame::default()
                };
            book.sheet(&format!("{month}月"), &table, &frame, &mut self.places)?;
        }
        self.save(book, file)?;

        let table = self.all_lines(office, Ledger::Sanctions, &sanctions::HEADINGS);
        self.book("奖罚处分台账.xlsx", "奖罚处分", &table, &Frame { titles: titles("奖罚处分台账", "2026 年"), ..Frame::default() })?;

        let file = "总经理室报表与核准.xlsx";
        let mut book = Book::new(file)?;
        let sheets: [(&str, Ledger, &[Heading]); 3] = [
            ("报表提交台账", Ledger::Reports, &monthly::REPORTS),
            ("会同签章", Ledger::Meetings, &monthly::MEETINGS),
            ("制度核准", Ledger::Charters, &monthly::CHARTERS),
        ];
        for (sheet, ledger, headings) in sheets {
            let table = self.all_lines(office, ledger, headings);
            book.sheet(sheet, &table, &Frame { titles: vec![sheet.to_owned()], ..Frame::default() }, &mut self.places)?;
        }
        self.save(book, file)
    }

    fn lines(&mut self, office: &Office, ledger: Ledger, month: u32, headings: &[Heading]) -> Table {
        let records: Vec<&Record> = filed(office, ledger, month).collect();
        record::table(&records, headings, Wording::Canonical, &mut self.clerk)
    }

    fn all_lines(&mut self, office: &Office, ledger: Ledger, headings: &[Heading]) -> Table {
        let records: Vec<&Record> = office.ledger(ledger).iter().collect();
        record::table(&records, headings, Wording::Canonical, &mut self.clerk)
    }
}

fn filed(office: &Office, ledger: Ledger, month: u32) -> impl Iterator<Item = &Record> {
    office.ledger(ledger).iter().filter(move |record| record.filed == month)
}
