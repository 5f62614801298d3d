//! 申诉记录, a row each time a customer complains, and 环节记录, a row a step of a closed case.

use chrono::Days;
use fastrand::Rng;

use super::names::{OCCASIONAL, PRODUCTS};
use super::office::{MONTHS, Office, day, entered_until, month_end};
use super::record::Record;
use super::table::Heading;
use super::trail::pick;

pub const APPEALS: [Heading; 10] = [
    ("申诉编号", "反映编号", None, 13.0),
    ("申诉日期", "反映日期", None, 13.0),
    ("客户", "客户名称", None, 24.0),
    ("料号", "品号", None, 10.0),
    ("是否质量异常", "质量异常", None, 9.0),
    ("是否造成损失", "造成损失", None, 9.0),
    ("客诉编号", "案号", None, 11.0),
    ("前往处理单位", "前往单位", None, 13.0),
    ("反应单位", "反映单位", None, 10.0),
    ("异常处理单编号", "异常处理单号", None, 14.0),
];
pub const STEPS: [Heading; 4] = [
    ("客诉编号", "案号", None, 12.0),
    ("环节", "办理环节", None, 14.0),
    ("主办部门", "主办单位", None, 20.0),
    ("办理日期", "主办日期", None, 14.0),
];

/// Complaints that became no case: nothing was lost, somebody went there.
const VISITS_A_MONTH: usize = 7;

pub fn ledger(office: &Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for (month, cases) in MONTHS.into_iter().zip(&office.months) {
        let mut heard: Vec<Record> = cases
            .iter()
            .map(|case| {
                Record::about("", month)
                    .with("申诉日期", case.heard)
                    .with("客户", case.customer.as_str())
                    .with("料号", case.product_code())
                    .with("是否质量异常", !case.human)
                    .with("是否造成损失", case.amount > 0)
                    .with("客诉编号", case.number.as_str())
                    .with("反应单位", "业务部")
            })
            .collect();
        for at in 0..VISITS_A_MONTH {
            let day = (day(month, 4) + Days::new(rng.u64(0..22))).min(month_end(month));
            let visit = Record::about("", month)
                .with("申诉日期", day)
                .with("客户", OCCASIONAL[rng.usize(0..OCCASIONAL.len())])
                .with("料号", PRODUCTS[rng.usize(0..PRODUCTS.len())].0)
                .with("是否质量异常", rng.bool())
                .with("是否造成损失", false)
                .with("前往处理单位", pick(&["业务部", "质管部", "售后服务组"], rng))
                .with("反应单位", "业务部")
                .with("异常处理单编号", format!("YC26{month:02}-{:02}", at + 1));
            heard.push(visit);
        }
        heard.sort_by_key(|record| record.on("申诉日期"));
        for (at, mut record) in heard.into_iter().enumerate() {
            record.subject = format!("SS26{month:02}-{:03}", at + 1);
            record.set("申诉编号", record.subject.clone());
            records.push(record.until(entered_until()));
        }
    }
    records
}

pub fn steps(office: &Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for month in MONTHS {
        for (case, closed) in office.closed_in(month) {
            let received = |seat: usize| case.stations.iter().find(|s| s.seat == seat).map(|s| s.received.date());
            let steps = [
                ("客诉反应", pick(&["业务部门", "业务部"], rng), Some(case.heard)),
                ("处理期限管理", pick(&["总经理室生产管理组", "生管组"], rng), Some(case.accepted)),
                ("调查", pick(&["质管部", "制造部（质量管理部）", "制造部"], rng), received(2)),
                ("责任归属判定", pick(&["总经理室生产管理组", "生管组"], rng), received(6)),
            ];
            for (step, department, day) in steps {
                let record = Record::about(&case.number, month).with("客诉编号", case.number.as_str()).with("环节", step);
                records.push(record.with("主办部门", department).with_some("办理日期", day).with("结案日期", closed));
            }
        }
    }
    records
}
