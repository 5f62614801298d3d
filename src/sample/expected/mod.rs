//! What an honest reader of the policy finds in the office's own picture, month by month: plain loops over plain values,
//! with nothing of the program that is to be tested.

mod books;
mod register;
mod route;
mod slips;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::sample::case::{Case, Method};
use crate::sample::office::{MONTHS, Office, YEAR, day, month_end};
use crate::sample::table::{Ledger, Spot};

/// Ids of the complaint pack's rules.
pub mod rule {
    pub const CLOSING: &str = "jiean";
    pub const FIRST: &str = "zhan-shouzhan";
    pub const SALES: &str = "zhan-niyijian";
    pub const OPINION: &str = "zhan-zonghe";
    pub const OPINION_DAY: &str = "zonghe-yiri";
    pub const ANSWER: &str = "zhan-chuli";
    pub const REPORT: &str = "baogao";
    pub const AUTHORITY: &str = "hejue";
    pub const PRODUCT: &str = "chanpin";
    pub const PRODUCTION: &str = "shengchan";
    pub const FORM: &str = "chulibiao";
    pub const SAMPLE: &str = "yangpin";
    pub const UNDECIDED: &str = "weiding";
    pub const NUMBERING: &str = "bianhao";
    pub const LOSS: &str = "sunshi";
    pub const SHARES: &str = "fentan";
    pub const WHOLE: &str = "bilv-heji";
}

/// One finding of one month's run over all the data, judged at the month's end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    pub month: u32,
    pub rule: &'static str,
    /// `breached` or `indeterminate`
    pub outcome: &'static str,
    pub subject: String,
    pub spot: Spot,
    /// Chinese: what is wrong.
    pub note: String,
}

pub fn all(office: &Office) -> Vec<Expected> {
    let cases: Vec<&Case> = office.months.iter().flatten().collect();
    let known: BTreeSet<&str> = cases.iter().map(|case| case.number.as_str()).collect();
    let receipts = slips::by_document(office);
    let mut found = Vec::new();
    for month in MONTHS {
        let mut book = Book { month, receipts: &receipts, found: &mut found };
        for case in &cases {
            book.closing(case);
            book.report(case);
            book.stations(case);
            book.authority(case, &cases);
            book.required(case);
            book.loss(case);
            book.accepted(case);
            book.closed(case, office);
            book.at_the_meeting(case);
            book.waits(case);
            book.approval_paper(case);
            book.sanction(case);
            book.route(case);
            book.five_copies(case);
        }
        book.numbering(&cases);
        book.ledgers(office, &known);
    }
    found.sort();
    found
}

struct Book<'a> {
    month: u32,
    receipts: &'a slips::Receipts<'a>,
    found: &'a mut Vec<Expected>,
}

impl Book<'_> {
    fn add(&mut self, rule: &'static str, outcome: &'static str, case: &Case, spot: Spot, note: String) {
        self.found.push(Expected { month: self.month, rule, outcome, subject: case.number.clone(), spot, note });
    }

    fn breach(&mut self, rule: &'static str, case: &Case, note: String) {
        self.add(rule, "breached", case, Spot::Case(case.number.clone()), note);
    }

    fn first(&self) -> NaiveDate {
        day(self.month, 1)
    }

    fn last(&self) -> NaiveDate {
        month_end(self.month)
    }

    fn has(&self, day: NaiveDate) -> bool {
        (self.first()..=self.last()).contains(&day)
    }

    fn days_over(&self, start: NaiveDate, stop: Option<NaiveDate>, limit: i64) -> Option<i64> {
        days_over(self.month, start, stop, limit)
    }

    fn ledgers(&mut self, office: &Office, known: &BTreeSet<&str>) {
        for slip in office.ledger(Ledger::Returns) {
            self.returned(slip);
        }
        for notice in office.ledger(Ledger::Sanctions) {
            self.notice(notice);
        }
        for sheet in office.ledger(Ledger::Improvements) {
            self.improvement(sheet);
        }
        for step in office.ledger(Ledger::Steps) {
            self.step(step);
        }
        for appeal in office.ledger(Ledger::Appeals) {
            self.appeal(appeal, known);
        }
        for owed in office.ledger(Ledger::Receivables) {
            self.receivable(owed);
        }
        self.monthly(office);
    }

    fn closing(&mut self, case: &Case) {
        let limit = if case.abroad { 20 } else { 15 };
        if let Some(over) = self.days_over(case.accepted, case.closed, limit) {
            let state = if case.closed.is_some_and(|closed| closed <= self.last()) { "结案" } else { "未结" };
            self.breach(rule::CLOSING, case, format!("期限 {limit} 天，{state}，逾期 {over} 天"));
        }
    }

    fn report(&mut self, case: &Case) {
        if let Some(over) = self.days_over(case.investigated, Some(case.reported), 3) {
            self.breach(rule::REPORT, case, format!("报告期限 3 天，逾期 {over} 天"));
        }
    }

    fn stations(&mut self, case: &Case) {
        for station in &case.stations {
            let spot = Spot::Station(case.number.clone(), station.seat);
            let (received, sent) = (station.received.date(), station.sent.map(|sent| sent.date()));
            let whole_days: &[(&str, i64)] = match (station.seat, case.abroad) {
                (5, false) => &[(rule::SALES, 3)],
                (5, true) => &[(rule::SALES, 7)],
                (6, _) => &[(rule::OPINION_DAY, 1)],
                (7, _) => &[(rule::ANSWER, 6)],
                _ => &[],
            };
            for &(rule, limit) in whole_days {
                if let Some(over) = self.days_over(received, sent, limit) {
                    let note = format!("第 {} 站 {} 期限 {limit} 天，逾期 {over} 天", station.seat, station.desk);
                    self.add(rule, "breached", case, spot.clone(), note);
                }
            }
            let rule = match station.seat {
                1 => rule::FIRST,
                6 => rule::OPINION,
                _ => continue,
            };
            if received > self.last() || sent.is_some_and(|sent| sent < self.first()) {
                continue;
            }
            let close_of_month: NaiveDateTime = self.last().and_time(NaiveTime::MIN) + TimeDelta::days(1);
            let until = station.sent.filter(|sent| *sent < close_of_month).unwrap_or(close_of_month);
            if until - station.received > TimeDelta::hours(12) {
                let note =
                    format!("第 {} 站 {} 期限半天，用时 {} 小时", station.seat, station.desk, (until - station.received).num_hours());
                self.add(rule, "breached", case, spot, note);
            }
        }
    }

    fn authority(&mut self, case: &Case, cases: &[&Case]) {
        let Some(approval) = &case.approval else { return };
        if self.has(approval.promised) && approval.date > self.last() {
            // at the month's end there is a promise and no approval
            self.add(rule::AUTHORITY, "breached", case, Spot::Approval(case.number.clone()), "承诺时没有核决".to_owned());
        }
        if !self.has(approval.date) {
            return;
        }
        let mut wrong = Vec::new();
        if approval.post < post_for(approval.amount) {
            wrong.push("核决人职务低于权限".to_owned());
        }
        if approval.promised < approval.date {
            wrong.push("承诺早于核决".to_owned());
        }
        for other in cases {
            let Some(second) = &other.approval else { continue };
            let near = (second.date - approval.date).num_days().abs() <= 7;
            if other.number != case.number && other.customer == case.customer && near {
                let together = post_for(approval.amount + second.amount);
                if together > approval.post.max(second.post) {
                    wrong.push(format!("与 {} 合计越档，疑似拆单", other.number));
                }
            }
        }
        if !wrong.is_empty() {
            self.add(rule::AUTHORITY, "breached", case, Spot::Approval(case.number.clone()), wrong.join("；"));
        }
    }

    fn required(&mut self, case: &Case) {
        if !self.has(case.accepted) {
            return;
        }
        let missing =
            |fields: &[&str]| -> Vec<String> { fields.iter().filter(|f| case.is_blank(f)).map(|f| format!("{f}为空")).collect() };
        let wrong = missing(&["订单编号", "料号", "数量", "交运日期"]);
        if !wrong.is_empty() {
            self.breach(rule::PRODUCT, case, wrong.join("；"));
        }
        let mut wrong = missing(&["订单编号", "料号", "交运日期", "数量", "不良数量", "客户要求"]);
        if !case.is_blank("不良数量") && case.bad > case.quantity {
            wrong.push("不良数量大于数量".to_owned());
        }
        if !wrong.is_empty() {
            self.breach(rule::FORM, case, wrong.join("；"));
        }
        let wrong = missing(&["生产单位", "机班别", "生产人员", "生产日期"]);
        if !wrong.is_empty() && !case.human {
            self.breach(rule::PRODUCTION, case, wrong.join("；"));
        }
        let mut wrong = missing(&["业务签注意见"]);
        if !case.sample {
            wrong.push("没有附样品".to_owned());
        }
        if !wrong.is_empty() {
            self.breach(rule::SAMPLE, case, wrong.join("；"));
        }
        if case.method == Method::Return && case.is_blank("退换货数量") && !case.demand.contains("客户加工中未确定") {
            self.breach(rule::UNDECIDED, case, "退换货数量空白，客户要求没有注明".to_owned());
        }
    }

    fn loss(&mut self, case: &Case) {
        let (Some(loss), Some(closed)) = (&case.loss, case.closed) else { return };
        if !self.has(closed) {
            return;
        }
        let known = match case.method.loss_class() {
            "索赔" => loss.compensation.is_some(),
            "折让" => loss.discount.is_some(),
            "退回" => loss.returned.is_some() && loss.price.is_some(),
            _ => loss.rework.is_some() && loss.freight.is_some(),
        };
        let total: u32 = loss.shares.iter().map(|(_, _, percent)| percent).sum();
        if total != 100 {
            self.add(rule::WHOLE, "breached", case, Spot::Share(case.number.clone(), 0), format!("责任比率合计 {total}%"));
        }
        for at in 0..loss.shares.len() {
            let spot = Spot::Share(case.number.clone(), at);
            if !known {
                let note = format!("{}没有填损失数字", case.method.loss_class());
                self.add(rule::LOSS, "indeterminate", case, spot.clone(), note.clone());
                self.add(rule::SHARES, "indeterminate", case, spot, note);
            } else if total != 100 {
                self.add(rule::SHARES, "indeterminate", case, spot, format!("责任比率合计 {total}%"));
            }
        }
    }

    fn numbering(&mut self, cases: &[&Case]) {
        let mut taken: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.accepted <= self.last()) {
            if let Some((month, sequence)) = parse(&case.number) {
                taken.entry(month).or_default().insert(sequence);
            }
        }
        for case in cases {
            if !self.has(case.accepted) {
                continue;
            }
            match parse(&case.number) {
                None => self.breach(rule::NUMBERING, case, "编号格式不符".to_owned()),
                Some((month, _)) if month != case.accepted.month() => {
                    self.breach(rule::NUMBERING, case, format!("编号为 {month} 月，受理在 {} 月", case.accepted.month()));
                }
                Some(_) => {}
            }
        }
        let Some(numbers) = taken.get(&self.month) else { return };
        let most = numbers.last().copied().unwrap_or_default();
        for missing in (1..most).filter(|number| !numbers.contains(number)) {
            let number = format!("{:02}{:02}{missing:02}", YEAR % 100, self.month);
            self.found.push(Expected {
                month: self.month,
                rule: rule::NUMBERING,
                outcome: "breached",
                spot: Spot::Nowhere,
                note: "跳号".to_owned(),
                subject: number,
            });
        }
    }
}

/// Days over, where something begun on `start` and ended on `stop` concerns this month and took longer than `limit`.
pub fn days_over(month: u32, start: NaiveDate, stop: Option<NaiveDate>, limit: i64) -> Option<i64> {
    let (first, last) = (day(month, 1), month_end(month));
    if start > last || stop.is_some_and(|stop| stop < first) {
        return None;
    }
    let until = stop.filter(|stop| *stop <= last).unwrap_or(last);
    let days = (until - start).num_days();
    (days > limit).then_some(days - limit)
}

/// 0 业务部门经理, 1 副总经理, 2 总经理
pub fn post_for(fen: i64) -> usize {
    usize::from(fen > 100_000 * 100) + usize::from(fen > 150_000 * 100)
}

/// `(month, running number)` of YYMMNN.
fn parse(number: &str) -> Option<(u32, u32)> {
    if number.len() < 6 || !number.bytes().all(|b| b.is_ascii_digit()) || number[..2].parse() != Ok(YEAR % 100) {
        return None;
    }
    Some((number[2..4].parse().ok()?, number[4..].parse().ok()?))
}
