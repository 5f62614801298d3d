//! What is found in the register's further columns, in approvals, and in the papers that a closed case must have.

use super::Book;
use crate::sample::case::{Case, Method};
use crate::sample::office::Office;
use crate::sample::record::Record;
use crate::sample::table::{Ledger, Spot};

/// Departments by the names that the policy takes for one.
pub const PRODUCTION_OFFICE: [&str; 3] = ["总经理室", "总经理室生产管理组", "生管组"];
pub const QUALITY: [&str; 3] = ["质管部", "质量管理部", "品管部"];
pub const WORKSHOP: [&str; 2] = ["制造部", "生产部"];
pub const SALES: [&str; 2] = ["业务部", "业务部门"];
pub const STORE: [&str; 2] = ["成品仓储", "仓储科"];
/// 调查 may be done by any of these; the register of this office says so in one of three ways.
pub const INVESTIGATORS: [&str; 5] = ["质管部", "质量管理部", "品管部", "制造部", "制造部（质量管理部）"];
pub const INSPECTORS: [&str; 4] = ["质管部", "质量管理部", "品管部", "品检科"];

/// One of the fields is empty.
pub fn lacks(record: &Record, fields: &[&str]) -> bool {
    fields.iter().any(|field| !record.has(field))
}

/// Filled, and by none of these.
fn other_than(record: &Record, field: &str, names: &[&str]) -> bool {
    !names.contains(&record.said(field))
}

/// Both days are known and in the wrong order.
pub fn reversed(record: &Record, earlier: &str, later: &str) -> bool {
    record.on(earlier).zip(record.on(later)).is_some_and(|(earlier, later)| later < earlier)
}

impl Book<'_> {
    pub fn accepted(&mut self, case: &Case) {
        if !self.has(case.accepted) {
            return;
        }
        let trail = &case.trail;
        if case.amount == 0 && trail.has("前往处理单位") && !trail.has("异常处理单编号") {
            self.breach("yichangdan", case, "没有异常处理单".to_owned());
        }
        if case.is_blank("登记人") || !trail.has("登记日期") {
            self.breach("dengji-jilu", case, "没有登记人或登记日期".to_owned());
        }
        if case.is_blank("客诉原因类别") {
            self.unknown("shengchan", case);
        }
    }

    pub fn closed(&mut self, case: &Case, office: &Office) {
        let Some(closed) = case.closed.filter(|closed| self.has(*closed)) else { return };
        let trail = &case.trail;
        self.decided(case);
        self.investigated(case);
        self.handled(case);
        if lacks(trail, &["收表日期", "登记日期", "送质管部日期"])
            || reversed(trail, "收表日期", "登记日期")
            || reversed(trail, "登记日期", "送质管部日期")
        {
            self.breach("dengji-cixu", case, "收表、登记、送质管部的次序不对".to_owned());
        }
        if trail.on("判定日期").is_some_and(|found| found < case.investigated) {
            self.breach("panding-cixu", case, "判定早于调查完成".to_owned());
        }
        if trail.has("交涉日期") {
            let order = [("业务收回处理表日期", "交涉日期"), ("交涉日期", "核阅日期"), ("核阅日期", "送回日期"), ("交涉日期", "送回日期")];
            if lacks(trail, &["核阅日期", "送回日期"]) || order.iter().any(|(a, b)| reversed(trail, a, b)) {
                self.breach("jiaoshe-cixu", case, "交涉、核阅、送回的次序不对".to_owned());
            }
            if lacks(trail, &["交涉结果", "主管核阅人"]) {
                self.breach("jiaoshe-heyue", case, "没有交涉结果或主管核阅人".to_owned());
            }
        }
        if trail.says_yes("是否送研发部") == Some(true) && case.stations.iter().all(|station| station.desk != "研发部") {
            self.breach("yanfa-zhan", case, "标明送研发部，没有这一站".to_owned());
        }
        match trail.says_yes("是否列入追踪") {
            None => self.unknown("zhuizong-gaishanbiao", case),
            Some(true) if !of(office, Ledger::Improvements, case).any(|_| true) => {
                self.breach("zhuizong-gaishanbiao", case, "没有改善表".to_owned());
            }
            Some(_) => {}
        }
        let (rule, field) = match case.method {
            Method::None => return,
            Method::Discount | Method::Compensation => ("zherang-quedan", "折让单号"),
            Method::Return | Method::Rework => ("tuihuo-quedan", "退货单号"),
        };
        if !of(office, Ledger::Returns, case).any(|slip| slip.has(field)) {
            self.breach(rule, case, format!("{closed} 结案，没有开单"));
        }
    }

    fn decided(&mut self, case: &Case) {
        let trail = &case.trail;
        let early = trail.on("总经理批示日期").is_some_and(|read| read < case.reported);
        if lacks(trail, &["报告人", "总经理批示日期"]) || early {
            self.breach("baogao-pishi", case, "报告没有报告人，或批示缺漏、过早".to_owned());
        }
        if case.founded && !trail.has("是否列入追踪") {
            self.breach("wofang-queding", case, "没有定是否列入追踪".to_owned());
        }
        if case.founded && !case.human && trail.says_yes("是否列入追踪") == Some(false) {
            self.breach("lieru-zhuizong", case, "不是人为疏忽，没有列入追踪".to_owned());
        }
        if trail.says_yes("客户是否接受") == Some(false) && !trail.has("新处理表编号") {
            self.breach("chongti", case, "客户不接受，没有新处理表".to_owned());
        }
        if trail.has("异议部门") && !trail.has("签呈编号") {
            self.breach("yiyi-qiancheng", case, "有异议，没有签呈".to_owned());
        }
        if trail.has("涉外责任方") && !trail.has("会同单位") {
            self.breach("shewai-huitong", case, "涉外责任，没有会同单位".to_owned());
        }
        if !case.founded && trail.says_yes("客户异议") == Some(true) && !trail.has("再呈日期") {
            self.breach("yiyi-zaicheng", case, "客户有异议，没有再呈".to_owned());
        }
        if case.founded && other_than(trail, "责任判定部门", &PRODUCTION_OFFICE) {
            self.breach("panding-shengguan", case, "责任不是生管组判定的".to_owned());
        }
        if trail.has("反应意见") && lacks(trail, &["上报日期", "追踪部门"]) {
            self.breach("fanying-shangbao", case, "反应意见没有上报或追踪".to_owned());
        }
    }

    fn investigated(&mut self, case: &Case) {
        let trail = &case.trail;
        if case.is_blank("客诉原因类别") {
            self.breach("leibie", case, "没有分类".to_owned());
            for rule in ["zhiguan-diaocha", "zhiguan-jianyan", "zhizao-diaocha"] {
                self.unknown(rule, case);
            }
            return;
        }
        if case.human {
            return;
        }
        if other_than(trail, "调查部门", &INVESTIGATORS) || other_than(trail, "拟定部门", &QUALITY) {
            self.breach("zhiguan-diaocha", case, "调查或拟定的部门不对".to_owned());
        }
        if lacks(trail, &["检验日期", "检验结论"]) || other_than(trail, "检验部门", &INSPECTORS) {
            self.breach("zhiguan-jianyan", case, "没有检验确认".to_owned());
        }
        if lacks(trail, &["制造部调查日期", "处理对策"]) {
            self.breach("zhizao-diaocha", case, "没有制造部门的调查或对策".to_owned());
        }
    }

    fn handled(&mut self, case: &Case) {
        let trail = &case.trail;
        if case.is_blank("客户要求") || trail.says_yes("理由是否确认") != Some(true) {
            self.breach("liyou-queren", case, "客户要求没有记明，或理由没有确认".to_owned());
        }
        for (rule, field) in [("xiezhu-jilu", "协助记录"), ("xiezhu-bumen", "协助部门"), ("shenhe-jilu", "审核人")] {
            if !trail.has(field) {
                self.breach(rule, case, format!("{field}为空"));
            }
        }
    }

    pub fn at_the_meeting(&mut self, case: &Case) {
        if case.trail.is_in("月会检查日期", self.month) && lacks(&case.trail, &["改善对策", "检查结论"]) {
            self.breach("yuehui-jiancha", case, "月会检查没有对策或结论".to_owned());
        }
    }

    /// Limits that the policy leaves to the company; see `kesu.toml`.
    pub fn waits(&mut self, case: &Case) {
        if let Some(over) = self.days_over(case.heard, Some(case.filled), 1) {
            self.breach("tianbiao", case, format!("填表期限 1 天，逾期 {over} 天"));
        }
        if let Some(back) = case.trail.on("业务收回处理表日期")
            && let Some(over) = self.days_over(back, case.trail.on("交涉日期"), 3)
        {
            self.breach("jiaoshe", case, format!("交涉期限 3 天，逾期 {over} 天"));
        }
        let Some(approval) = &case.approval else { return };
        if let Some(over) = self.days_over(approval.date, approval.paper.on("通知客户日期"), 3) {
            let note = format!("通知客户期限 3 天，逾期 {over} 天");
            self.add("tongzhi-kehu", "breached", case, Spot::Approval(case.number.clone()), note);
        }
    }

    pub fn approval_paper(&mut self, case: &Case) {
        let Some(approval) = case.approval.as_ref().filter(|approval| self.has(approval.date)) else { return };
        let mut wrong = |rule: &'static str, note: &str| {
            self.add(rule, "breached", case, Spot::Approval(case.number.clone()), note.to_owned());
        };
        let sent_to = ["业务部门经理", "副总经理", "总经理"].iter().position(|post| *post == approval.paper.said("送核对象"));
        if sent_to.is_some_and(|post| post < super::post_for(approval.amount)) {
            wrong("songhe", "送核层级不够");
        }
        if !["书信", "电话"].contains(&approval.paper.said("答复方式")) {
            wrong("dafu-fangshi", "不是书信或电话");
        }
        if approval.paper.says_yes("是否外送处理表影本") == Some(true) {
            wrong("waisong-yingben", "影印给了客户");
        }
    }

    pub fn sanction(&mut self, case: &Case) {
        let (Some(loss), Some(closed)) = (&case.loss, case.closed) else { return };
        if !self.has(closed) {
            return;
        }
        let spot = Spot::Share(case.number.clone(), 0);
        if loss.paper.has("惩处种类") && !loss.paper.has("主管批示日期") {
            self.add("chengchu-pishi", "breached", case, spot.clone(), "惩处没有主管批示".to_owned());
        }
        if loss.paper.says_yes("是否行政处分") == Some(true) && !loss.paper.has("处分种类") {
            self.add("chufen-zhonglei", "breached", case, spot, "处分没有种类".to_owned());
        }
    }

    fn unknown(&mut self, rule: &'static str, case: &Case) {
        self.add(rule, "indeterminate", case, Spot::Case(case.number.clone()), "要看的栏空白，无法判定".to_owned());
    }
}

/// Rows of a ledger that belong to a case.
fn of<'a>(office: &'a Office, ledger: Ledger, case: &'a Case) -> impl Iterator<Item = &'a Record> {
    office.ledger(ledger).iter().filter(|record| record.said("客诉编号") == case.number)
}
