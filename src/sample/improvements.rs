//! 改善追踪: a sheet of improvement for every closed case that is followed up.

use fastrand::Rng;

use super::office::{MONTHS, Office, entered_until};
use super::record::Record;
use super::table::Heading;
use super::timeline::later;
use super::trail::pick;

pub const HEADINGS: [Heading; 18] = [
    ("改善表编号", "改善表号", None, 13.0),
    ("客诉编号", "案号", None, 11.0),
    ("改善项目", "改善内容", None, 20.0),
    ("改善方案", "改善措施", None, 26.0),
    ("提出部门", "提出部门", Some("提出"), 18.0),
    ("提出日期", "提出日期", Some("提出"), 13.0),
    ("拟定部门", "拟定部门", Some("拟定"), 10.0),
    ("拟定日期", "拟定日期", Some("拟定"), 13.0),
    ("确认部门", "确认部门", Some("确认"), 18.0),
    ("确认日期", "确认日期", Some("确认"), 13.0),
    ("执行部门", "执行部门", Some("执行"), 11.0),
    ("完成日期", "实际完成日期", Some("执行"), 13.0),
    ("督促部门", "督促部门", Some("督促检查"), 18.0),
    ("督促日期", "督促日期", Some("督促检查"), 13.0),
    ("检查部门", "检查部门", Some("督促检查"), 10.0),
    ("检查日期", "检查日期", Some("督促检查"), 13.0),
    ("效果确认日期", "效果确认日期", Some("效果"), 13.0),
    ("效果结论", "改善效果", Some("效果"), 14.0),
];

const ITEMS: [(&str, &str); 6] = [
    ("轴端跳动", "加工后增加跳动全检"),
    ("喷涂附着力", "前处理槽液每班化验"),
    ("绝缘电阻", "浸漆工序增加烘干时间"),
    ("端子压接", "压接高度每两小时抽测"),
    ("装箱核对", "装箱单扫码核对"),
    ("动平衡", "平衡机每日校准并记录"),
];
/// Spellings that the rules accept.
const OFFICE: [&str; 3] = ["总经理室生产管理组", "生管组", "总经理室"];

pub fn ledger(office: &Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for month in MONTHS {
        let mut number = 0;
        for (case, closed) in office.closed_in(month) {
            if case.trail.says_yes("是否列入追踪") != Some(true) {
                continue;
            }
            number += 1;
            let (item, plan) = ITEMS[rng.usize(0..ITEMS.len())];
            let id = format!("GS26{month:02}-{number:02}");
            let proposed = later(closed, rng.u64(0..=2));
            let drafted = later(proposed, 1);
            let confirmed = later(drafted, 1);
            let urged = later(confirmed, rng.u64(2..=4));
            let done = later(urged, rng.u64(2..=8));
            let checked = later(done, rng.u64(0..=1));
            let proved = later(checked, rng.u64(1..=4));
            let record = Record::about(&id, month)
                .with("改善表编号", id.as_str())
                .with("客诉编号", case.number.as_str())
                .with("改善项目", item)
                .with("改善方案", plan)
                .with("提出部门", pick(&OFFICE, rng))
                .with("提出日期", proposed)
                .with("拟定部门", pick(&["制造部", "生产部"], rng))
                .with("拟定日期", drafted)
                .with("确认部门", pick(&OFFICE, rng))
                .with("确认日期", confirmed)
                .with("执行部门", case.department)
                .with("完成日期", done)
                .with("督促部门", pick(&OFFICE, rng))
                .with("督促日期", urged)
                .with("检查部门", pick(&["质管部", "品管部"], rng))
                .with("检查日期", checked)
                .with("效果确认日期", proved);
            let record = record.with_some("效果结论", (proved <= entered_until()).then_some("有效"));
            records.push(record.until(entered_until()));
        }
    }
    records
}
