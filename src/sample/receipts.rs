//! 签收记录: who signed for which copy of which form, a row a copy.

use chrono::NaiveDate;
use fastrand::Rng;

use super::office::{MONTHS, Office, month_end};
use super::record::Record;
use super::returns::third_copy;
use super::table::{Heading, Ledger};
use super::timeline::later;
use super::trail::pick;

pub const HEADINGS: [Heading; 6] = [
    ("单据", "单据名称", None, 16.0),
    ("单据编号", "单号", None, 14.0),
    ("联次", "联别", None, 9.0),
    ("签收部门", "存放部门", None, 14.0),
    ("签收日期", "收件日期", None, 14.0),
    ("签收人", "收件人", None, 10.0),
];

const FORM: [(&str, &[&str], &str); 5] = [
    ("1", &["质管部", "品管部"], "冯小暑"),
    ("2", &["制造部", "生产部"], "周小满"),
    ("3", &["业务部", "业务部门"], "韩小雪"),
    ("4", &["会计科"], "穆丹参"),
    ("5", &["总经理室", "生管组"], "陶半夏"),
];
const SLIP: [(&str, &[&str], &str); 4] = [
    ("1", &["业务部", "业务部门"], "韩小雪"),
    ("2", &["成品仓储", "仓储科"], "朱惊蛰"),
    ("3", &["会计科"], "穆丹参"),
    ("4", &["业务部", "业务部门"], "韩小雪"),
];

/// Of the closed cases' forms, their return slips, and the notices of penalties.
pub fn ledger(office: &Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for month in MONTHS {
        for (case, closed) in office.closed_in(month) {
            let third = third_copy(closed, month);
            for (copy, departments, person) in FORM {
                let signed = if copy == "3" { third } else { later(closed, rng.u64(0..=2)).min(month_end(month)) };
                let written = if month == 9 { format!("第{copy}联") } else { copy.to_owned() };
                let record = receipt(&case.number, month, "客户抱怨处理表", &case.number).with("联次", written).with("联", copy);
                records.push(by(record, departments, signed, person, rng));
            }
        }
        for slip in office.ledger(Ledger::Returns).iter().filter(|slip| slip.filed == month && !slip.is_gone && slip.has("退货单号")) {
            let days = [slip.on("开立日期"), slip.on("收料日期"), slip.on("收料日期"), slip.on("收料日期")];
            for ((copy, departments, person), signed) in SLIP.into_iter().zip(days) {
                let Some(signed) = signed else { continue };
                let record = receipt(&slip.subject, month, "成品退货单", slip.said("退货单号")).with("联次", copy).with("联", copy);
                let record = record.with_some("转账日期", slip.on("转账日期"));
                records.push(by(record, departments, signed, person, rng));
            }
        }
        for notice in office.ledger(Ledger::Sanctions).iter().filter(|notice| notice.filed == month) {
            let Some(signed) = notice.on("批准日期") else { continue };
            let own = [notice.said("单位")];
            let copies: [(&str, &[&str]); 3] = [("自存", &["总经理室"]), ("会计", &["会计科"]), ("处罚部门", &own)];
            for (copy, departments) in copies {
                let record = receipt(&notice.subject, month, "奖罚通知单", notice.said("通知单号")).with("联次", copy).with("联", copy);
                let record = record.with("签收部门", departments[rng.usize(0..departments.len())]).with("签收日期", signed);
                records.push(record);
            }
        }
    }
    records
}

fn receipt(subject: &str, month: u32, form: &'static str, number: &str) -> Record {
    Record::about(subject, month).with("单据", form).with("单据编号", number)
}

fn by(record: Record, departments: &[&'static str], signed: NaiveDate, person: &'static str, rng: &mut Rng) -> Record {
    record.with("签收部门", pick(departments, rng)).with("签收日期", signed).with("签收人", person)
}
