//! What is found in 改善追踪, 环节记录, 申诉记录, 应收账款, and in what is owed every month.

use std::collections::BTreeSet;

use super::Book;
use super::register::{INVESTIGATORS, PRODUCTION_OFFICE, QUALITY, SALES, WORKSHOP, lacks};
use crate::sample::monthly::{REVIEW, STATISTICS};
use crate::sample::office::{Office, YEAR, day};
use crate::sample::receivables::TERM;
use crate::sample::record::Record;
use crate::sample::table::{Ledger, Spot};

impl Book<'_> {
    pub fn improvement(&mut self, sheet: &Record) {
        if sheet.is_in("提出日期", self.month) && !PRODUCTION_OFFICE.contains(&sheet.said("提出部门")) {
            self.wrong("gaishan-tichu", sheet, "不是生管组提出");
        }
        if !sheet.is_in("完成日期", self.month) {
            return;
        }
        if !WORKSHOP.contains(&sheet.said("拟定部门")) {
            self.wrong("gaishan-niding", sheet, "不是制造部拟定");
        }
        if !PRODUCTION_OFFICE.contains(&sheet.said("确认部门")) || !sheet.has("确认日期") {
            self.wrong("gaishan-queren", sheet, "没有生管组的确认");
        }
        if !sheet.has("执行部门") {
            self.wrong("gaishan-zhixing", sheet, "没有记明执行部门");
        }
        if !PRODUCTION_OFFICE.contains(&sheet.said("督促部门")) {
            self.wrong("gaishan-ducu", sheet, "不是生管组督促");
        }
        if !QUALITY.contains(&sheet.said("检查部门")) || !sheet.has("检查日期") {
            self.wrong("gaishan-jiancha", sheet, "没有质管部的检查");
        }
        let early = sheet.on("效果确认日期") < sheet.on("完成日期");
        if lacks(sheet, &["改善方案", "督促日期", "效果确认日期", "效果结论"]) || early {
            self.wrong("xiaoguo-queren", sheet, "效果没有确认");
        }
    }

    pub fn step(&mut self, step: &Record) {
        if !step.is_in("结案日期", self.month) {
            return;
        }
        let (rule, departments): (_, &[&str]) = match step.said("环节") {
            "客诉反应" => ("zhuban", &SALES),
            "调查" => ("zhuban", &INVESTIGATORS),
            "处理期限管理" => ("zhuban", &PRODUCTION_OFFICE),
            _ => ("panding-zhuban", &PRODUCTION_OFFICE),
        };
        if !departments.contains(&step.said("主办部门")) {
            self.wrong(rule, step, &format!("{}由{}主办", step.said("环节"), step.said("主办部门")));
        }
    }

    pub fn appeal(&mut self, appeal: &Record, known: &BTreeSet<&str>) {
        if !appeal.is_in("申诉日期", self.month) {
            return;
        }
        let visited = appeal.says_yes("是否造成损失") == Some(false) && appeal.has("前往处理单位");
        let number = appeal.said("客诉编号");
        let filed = known.contains(number) || number.is_empty() && visited;
        if appeal.says_yes("是否质量异常") == Some(true) && !filed {
            self.wrong("lian", appeal, "没有立案");
        }
        if visited && !appeal.has("异常处理单编号") {
            self.wrong("shensu-yichangdan", appeal, "没有异常处理单");
        }
    }

    pub fn receivable(&mut self, owed: &Record) {
        let Some(told) = owed.on("接表日期") else { return };
        let paid = owed.on("实收日期");
        let (rule, due) = match owed.on("收款到期日") {
            Some(due) => ("shoukuan", due),
            None => ("shoukuan-qi", told + chrono::TimeDelta::days(TERM)),
        };
        if told > self.last() || paid.is_some_and(|paid| paid < self.first()) {
            return;
        }
        if paid.filter(|paid| *paid <= self.last()).unwrap_or(self.last()) > due {
            self.wrong(rule, owed, &format!("应于 {due} 前收回"));
        }
    }

    /// By the 10th of this month, about the month before.
    pub fn monthly(&mut self, office: &Office) {
        let month = self.month;
        let due = day(month, 10);
        let about = format!("{YEAR}-{:02}", month - 1);
        for (report, rule) in [(STATISTICS, "tongji-biao"), (REVIEW, "chufen-shenshi")] {
            let row = office.ledger(Ledger::Reports).iter().find(|row| row.said("报表名") == report && row.said("月") == about);
            let handed_in = row.and_then(|row| row.on("实际提交时间"));
            if handed_in.is_none_or(|day| day > due) {
                let spot = row.map_or(Spot::Nowhere, Record::spot);
                self.line(rule, "breached", &format!("{report}/{about}"), spot, "没有在十日前办");
            }
        }
        for row in office.ledger(Ledger::Reports).iter().filter(|row| row.said("报表名") == STATISTICS && row.is_in("实际提交时间", month))
        {
            let signed = |departments: &[&str]| {
                let mut rows = office.ledger(Ledger::Meetings).iter().filter(|meeting| meeting.said("月") == row.said("月"));
                rows.any(|meeting| departments.contains(&meeting.said("会同部门")) && !lacks(meeting, &["会同签名", "会同日期"]))
            };
            if !signed(&WORKSHOP) || !signed(&QUALITY) || !signed(&["研发部"]) {
                self.wrong("tongji-huitong", row, "会同签章不齐");
            }
        }
        for row in office.ledger(Ledger::Charters).iter().filter(|row| row.is_in("实施日期", month)) {
            let early = row.on("核准日期") <= row.on("实施日期");
            if row.said("核准人职务") != "总经理" || !early {
                self.wrong("zhidu-hezhun", row, "没有总经理事先核准");
            }
        }
    }
}
