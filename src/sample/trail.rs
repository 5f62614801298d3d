//! What the register says of a case besides its bare facts: who registered, looked into, found, negotiated, decided, and when.

use chrono::{Datelike, NaiveDate};
use fastrand::Rng;

use super::case::Case;
use super::names::{HANDLERS, REVIEWER};
use super::office::{day, entered_until};
use super::record::Record;
use super::timeline::later;

const FINDINGS: [&str; 5] = ["与样品相符，属实", "尺寸超差，属实", "抽检复现不良", "外观不良属实", "批次混料属实"];
const MEASURES: [&str; 5] = ["加严首件检验", "更换刀具并复测", "增加老化测试工位", "调整工装夹具", "重新培训操作人员"];
const IMPROVEMENTS: [&str; 4] = ["修订作业指导书", "增设防错装置", "来料加抽一道", "每班点检并签名"];
const TALKS: [&str; 4] = ["客户同意处理方案", "客户要求三日内办妥", "双方已确认数量与金额", "客户无异议"];
const HELP: [&str; 4] = ["提供检验报告", "派员到客户现场", "寄送样品与图纸", "无"];
const HELPED: [&str; 4] = ["质管部", "制造部", "仓储科", "无"];
const OUTSIDERS: [&str; 3] = ["示例轴承供应厂", "示例漆包线供应厂", "示例包装材料公司"];
/// Days of the monthly meetings that look at what was closed the month before.
const MEETINGS: [(u32, u32); 3] = [(9, 8), (10, 9), (11, 6)];

/// Of a case whose route is known; what has not happened yet stays blank.
pub fn of(case: &Case, rng: &mut Rng) -> Record {
    let received = |seat: usize| case.stations.iter().find(|s| s.seat == seat).map(|s| s.received.date());
    let sent = |seat: usize| case.stations.iter().find(|s| s.seat == seat).and_then(|s| s.sent).map(|sent| sent.date());
    let begun = Record::default()
        .with("送总经理室日期", case.accepted)
        .with("收表日期", case.accepted)
        .with("登记日期", case.accepted)
        .with_some("送质管部日期", sent(1))
        .with_some("业务收回处理表日期", received(5))
        .with_some("交涉日期", received(5).map(|back| later(back, rng.u64(0..=1)).min(sent(5).unwrap_or(entered_until()))))
        .with("客诉成立与否", case.founded)
        .with("是否列入追踪", case.founded && !case.human)
        .with("客户是否接受", true)
        .with("我方责任", case.founded)
        .with("是否人为疏忽", case.human);
    let begun = if case.amount == 0 && case.founded { visited(begun, rng) } else { begun };
    let Some(closed) = case.closed else { return begun };
    let read = sent(5).unwrap_or(closed);
    let record = begun
        .with("理由是否确认", true)
        .with("协助记录", pick(&HELP, rng))
        .with("协助部门", pick(&HELPED, rng))
        .with("审核人", REVIEWER)
        .with_some("审核日期", sent(1))
        .with("调查部门", pick(&["质管部", "质量管理部", "制造部（质量管理部）"], rng))
        .with("拟定部门", pick(&["质管部", "品管部"], rng))
        .with("检验部门", pick(&["质管部", "品检科"], rng))
        .with_some("检验日期", sent(2))
        .with("检验结论", pick(&FINDINGS, rng))
        .with("报告人", HANDLERS[1])
        .with("总经理批示日期", later(case.reported, rng.u64(0..=1)))
        .with_some("制造部调查日期", sent(3))
        .with("处理对策", pick(&MEASURES, rng))
        .with("责任判定部门", pick(&["总经理室生产管理组", "生管组"], rng))
        .with_some("判定日期", received(6))
        .with("是否送研发部", sent(4).is_some())
        .with("交涉结果", pick(&TALKS, rng))
        .with("主管核阅人", "钱紫苏")
        .with("核阅日期", read)
        .with("送回日期", read)
        .with("发生单位", case.department)
        .with("改善对策", pick(&IMPROVEMENTS, rng));
    let record = seldom(record, case, closed, rng);
    match meeting(closed) {
        Some(met) => record.with("月会检查日期", met).with("检查结论", pick(&["对策有效", "继续观察", "同意结案"], rng)),
        None => record,
    }
    .until(entered_until())
}

/// No loss, and somebody went there.
fn visited(record: Record, rng: &mut Rng) -> Record {
    record.with("前往处理单位", pick(&["业务部", "质管部"], rng)).with("异常处理单编号", format!("YC26-{:03}", rng.u32(1..900)))
}

/// What only few cases have.
fn seldom(mut record: Record, case: &Case, closed: NaiveDate, rng: &mut Rng) -> Record {
    if rng.u32(0..7) == 0 {
        record.set("反应意见", "建议同批次在途货物一并复检");
        record.set("上报日期", closed);
        record.set("追踪部门", pick(&["质管部", "制造部"], rng));
    }
    if rng.u32(0..14) == 0 {
        record.set("异议部门", case.department);
        record.set("签呈编号", format!("QC26-{:03}", rng.u32(1..300)));
    }
    if rng.u32(0..10) == 0 {
        record.set("涉外责任方", pick(&OUTSIDERS, rng));
        record.set("会同单位", "采购科");
    }
    if case.founded && rng.u32(0..16) == 0 {
        record.set("客户是否接受", false);
        record.set("新处理表编号", format!("CB26-{:03}", rng.u32(1..900)));
    }
    if !case.founded {
        let objects = rng.u32(0..3) == 0;
        record.set("客户异议", objects);
        if objects {
            record.set("再呈日期", closed);
        }
    }
    record
}

/// The meeting of the month after.
fn meeting(closed: NaiveDate) -> Option<NaiveDate> {
    MEETINGS.iter().find(|(month, _)| *month == closed.month() + 1).map(|&(month, at)| day(month, at))
}

pub fn pick(words: &[&'static str], rng: &mut Rng) -> &'static str {
    words[rng.usize(0..words.len())]
}
