//! What is found in 退货折让台账, 签收记录 and 奖罚处分台账.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Book;
use super::register::{INSPECTORS, PRODUCTION_OFFICE, QUALITY, SALES, STORE, WORKSHOP, lacks, reversed};
use crate::sample::case::Case;
use crate::sample::office::Office;
use crate::sample::record::Record;
use crate::sample::table::{Ledger, Spot};

const ACCOUNTS: [&str; 1] = ["会计科"];
const MANAGERS: [&str; 5] = ["业务部门经理", "业务部经理", "经理", "副经理", "业务经理"];
const CHIEFS: [&str; 2] = ["总经理", "副总经理"];
/// Per cent; `kesu.toml` gives it.
const COMPANY_SHARE: i64 = 5;

/// A copy and who must have signed for it; nobody in particular where that is empty.
type Copy<'a> = (&'static str, &'a [&'a str]);

/// By form and its number.
pub type Receipts<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Record>>;

pub fn by_document(office: &Office) -> Receipts<'_> {
    let mut receipts = Receipts::new();
    for receipt in office.ledger(Ledger::Receipts) {
        receipts.entry((receipt.said("单据"), receipt.said("单据编号"))).or_default().push(receipt);
    }
    receipts
}

impl Book<'_> {
    pub fn returned(&mut self, slip: &Record) {
        if slip.is_in("开立日期", self.month) {
            self.made_out(slip);
        }
        if slip.is_in("取得日期", self.month) {
            self.proved(slip);
        }
        if slip.has("退货单号") {
            if slip.is_in("签收日期", self.month) {
                self.received(slip);
            }
            if slip.is_in("转账日期", self.month) {
                self.booked(slip);
            }
        } else if slip.is_in("客户签章日期", self.month) {
            self.sealed(slip);
        }
    }

    fn made_out(&mut self, slip: &Record) {
        let order = ["结案日期", "第三联签收日期", "开立日期"];
        // what lies behind the month's end has not happened yet
        let late = order[..2].iter().any(|field| slip.on(field).is_none_or(|day| day > self.last()));
        if late || order.windows(2).any(|pair| reversed(slip, pair[0], pair[1])) {
            self.wrong("kaidan-cixu", slip, "开单早于结案或签收第三联");
        }
        if slip.has("折让单号") {
            if slip.number("联数") != Some(2) {
                self.wrong("zherang-lianshu", slip, "不是一式两联");
            }
            if slip.said("处理方式") == "折让" && lacks(slip, &["证明方式", "取得日期"]) {
                self.wrong("zherang-zhengming", slip, "没有折让证明");
            }
        } else if lacks(slip, &["退货原因", "处理方式", "退回依据"]) {
            self.wrong("tuihuo-tianxie", slip, "退货单没有填齐");
        }
    }

    fn received(&mut self, slip: &Record) {
        if lacks(slip, &["证明方式", "取得日期"]) {
            self.wrong("tuihuo-zhengming", slip, "没有退货证明");
        }
        let number = |field: &str| slip.number(field).unwrap_or_default();
        let (granted, came) = (number("核定退货量"), number("实退量"));
        let (rule, share) = match slip.number("客户超量允收比率") {
            Some(share) => ("tuihuo-chayi", share),
            None => ("tuihuo-chaoliang", COMPANY_SHARE),
        };
        if (came - granted) * 100 > granted * share {
            self.wrong(rule, slip, &format!("核定 {granted}，实退 {came}，允收 {share}%"));
        }
        let asked = slip.on("请示日期").zip(slip.on("签收日期")).is_some_and(|(asked, signed)| asked <= signed);
        if number("实收数量") != number("退货单数量") && !asked {
            self.wrong("tuihuo-qianshou", slip, "数量不符，没有请示");
        }
        if !MANAGERS.contains(&slip.said("批示人职务")) || !slip.has("批示日期") {
            self.wrong("tuihuo-pishi", slip, "没有经（副）理批示");
        }
        let made_out = slip.on("开立日期");
        if self.copies("成品退货单", slip.said("退货单号"), made_out, &[("1", &SALES), ("2", &[]), ("3", &[]), ("4", &[])]) {
            self.wrong("tuihuo-silian", slip, "四联没有送到");
        }
    }

    fn booked(&mut self, slip: &Record) {
        if !slip.has("检验日期") || !INSPECTORS.contains(&slip.said("检验部门")) {
            self.wrong("tuihuo-jianyan", slip, "没有检验");
        }
        if !slip.has("收料日期") || !STORE.contains(&slip.said("收料部门")) {
            self.wrong("tuihuo-shouliao", slip, "不是仓储收料");
        }
        if lacks(slip, &["核定退货量", "实退量", "退货金额", "传票号"]) {
            self.wrong("zhuanzhang", slip, "没有传票");
        }
        let number = |field: &str| slip.number(field).unwrap_or_default();
        if number("退货金额") != number("实退量") * number("单价") {
            self.wrong("tuihuo-jine", slip, "金额不是实退量 × 单价");
        }
        let made_out = slip.on("开立日期");
        if self.copies("成品退货单", slip.said("退货单号"), made_out, &[("2", &STORE), ("3", &ACCOUNTS), ("4", &SALES)]) {
            self.wrong("tuihuo-fencun", slip, "二至四联没有分存");
        }
    }

    fn sealed(&mut self, slip: &Record) {
        if lacks(slip, &["业务部签收", "会计签收"]) {
            self.wrong("zherang-fencun", slip, "业务部或会计没有签收");
        }
        let signed = MANAGERS.contains(&slip.said("核签人职务")) && CHIEFS.contains(&slip.said("二级核签人职务"));
        let order = ["核签日期", "二级核签日期", "客户签章日期"];
        if !signed || lacks(slip, &order) || order.windows(2).any(|pair| reversed(slip, pair[0], pair[1])) {
            self.wrong("zherang-qianhe", slip, "核签不合规定");
        }
    }

    fn proved(&mut self, slip: &Record) {
        let goods = slip.has("退货单号");
        let stamped = slip.says_yes("是否盖章") == Some(true);
        let wrong = match (goods, slip.said("证明方式")) {
            (true, "原统一发票") => (!slip.has("原发票号") || !stamped).then_some("tuihuo-yuanfapiao"),
            (true, "发票影本") => (slip.says_yes("退货影本注记是否齐全") != Some(true) || !stamped).then_some("tuihuo-yingben"),
            (true, _) => lacks(slip, &["退回证明单号", "签回日期"]).then_some("tuihuo-zhengmingdan"),
            (false, "发票影本") => (slip.says_yes("折让影本注记是否齐全") != Some(true) || !stamped).then_some("zherang-yingben"),
            (false, _) => (!slip.has("签回日期")).then_some("zherang-qianhui"),
        };
        if let Some(rule) = wrong {
            self.wrong(rule, slip, "证明不全");
        }
        let unsent = !slip.has("送会计日期") || reversed(slip, "取得日期", "送会计日期");
        if unsent || goods && !slip.has("会计收件人") {
            self.wrong(if goods { "tuihuo-songkuaiji" } else { "zherang-songkuaiji" }, slip, "证明没有送会计");
        }
    }

    /// The five copies of a closed case's form.
    pub fn five_copies(&mut self, case: &Case) {
        let Some(closed) = case.closed.filter(|closed| self.has(*closed)) else { return };
        let copies: [Copy; 5] = [("1", &QUALITY), ("2", &WORKSHOP), ("3", &SALES), ("4", &ACCOUNTS), ("5", &PRODUCTION_OFFICE)];
        if self.copies("客户抱怨处理表", &case.number, Some(closed), &copies) {
            self.breach("chulibiao-lianci", case, "五联没有签收齐全".to_owned());
        }
    }

    pub fn notice(&mut self, notice: &Record) {
        if notice.is_in("批准日期", self.month) {
            if notice.said("批准人职务") != "总经理" {
                self.wrong("jiangfa-pizhun", notice, "不是总经理批准");
            }
            let approved = notice.on("批准日期");
            let copies: [Copy; 3] = [("自存", &PRODUCTION_OFFICE), ("会计", &ACCOUNTS), ("处罚部门", &[])];
            if self.copies("奖罚通知单", notice.said("通知单号"), approved, &copies) {
                self.wrong("jiangfa-fenfa", notice, "三份没有分存");
            }
        }
        if notice.is_in("审视日期", self.month) && notice.says_yes("是否行政处分") == Some(true) {
            let order = ["批准日期", "审视日期", "送人事日期", "公布日期"];
            if !notice.has("送人事日期") || order.windows(2).any(|pair| reversed(notice, pair[0], pair[1])) {
                self.wrong("renshi-cixu", notice, "批示、审视、送人事的次序不对");
            }
        }
    }

    /// One copy is missing, with somebody else, or was signed for too early.
    fn copies(&self, form: &str, number: &str, issued: Option<NaiveDate>, copies: &[Copy]) -> bool {
        let receipts = self.receipts.get(&(form, number)).map_or(&[][..], Vec::as_slice);
        copies.iter().any(|(copy, signers)| {
            let seen = |receipt: &&&Record| receipt.said("联") == *copy && receipt.on("签收日期").is_some_and(|day| day <= self.last());
            match receipts.iter().find(seen) {
                None => true,
                Some(receipt) => {
                    let other = !signers.is_empty() && !signers.contains(&receipt.said("签收部门"));
                    other || receipt.on("签收日期") < issued
                }
            }
        })
    }

    pub fn wrong(&mut self, rule: &'static str, record: &Record, note: &str) {
        self.line(rule, "breached", &record.subject, record.spot(), note);
    }

    pub fn line(&mut self, rule: &'static str, outcome: &'static str, subject: &str, spot: Spot, note: &str) {
        let (month, subject, note) = (self.month, subject.to_owned(), note.to_owned());
        self.found.push(super::Expected { month, rule, outcome, subject, spot, note });
    }
}
