//! What the office owes every month (报表提交台账), who signed the month's statistics (会同签章), and what the general manager
//! put in force (制度核准). Few rows, so what is wrong with them is simply written so.

use chrono::NaiveDate;

use super::names::{CLERK, POSTS, REVIEWER};
use super::office::day;
use super::record::Record;
use super::table::Heading;

pub const REPORTS: [Heading; 6] = [
    ("报表名", "报表名称", None, 20.0),
    ("期间", "所属期间", None, 12.0),
    ("责任人", "编制人", None, 10.0),
    ("责任部门", "编制部门", None, 20.0),
    ("实际提交时间", "提交日期", None, 14.0),
    ("收件人/部门", "收件部门", None, 14.0),
];
pub const MEETINGS: [Heading; 4] = [
    ("期间", "统计期间", None, 12.0),
    ("会同部门", "会签部门", None, 14.0),
    ("会同签名", "会签人", None, 10.0),
    ("会同日期", "会签日期", None, 14.0),
];
pub const CHARTERS: [Heading; 6] = [
    ("规则包", "制度名称", None, 20.0),
    ("规则包版本", "修订版次", None, 12.0),
    ("实施日期", "生效日期", None, 14.0),
    ("核准人", "核准人", None, 10.0),
    ("核准人职务", "核准人职务", None, 14.0),
    ("核准日期", "核准日期", None, 14.0),
];

pub const CHARTER: &str = "客诉管理办法规则包";
pub const STATISTICS: &str = "客诉案件统计表";
pub const REVIEW: &str = "行政处分审视";
/// `(report, month that it is about, when it was handed in)`. One is late and one is missing of each.
const HANDED_IN: [(&str, u32, (u32, u32)); 6] = [
    (STATISTICS, 7, (8, 10)),
    (REVIEW, 7, (8, 14)),
    (STATISTICS, 8, (9, 12)),
    (REVIEW, 8, (9, 7)),
    (STATISTICS, 10, (11, 9)),
    (REVIEW, 10, (11, 6)),
];
/// `(month that the statistics are about, department, signed by, day)`. July lacks a signature, August a department.
const SIGNED: [(u32, &str, &str, (u32, u32)); 14] = [
    (7, "制造部", "周小满", (8, 7)),
    (7, "质管部", "冯小暑", (8, 7)),
    (7, "研发部", "", (8, 7)),
    (7, "业务部", "韩小雪", (8, 7)),
    (7, "总经理室", CLERK, (8, 7)),
    (8, "制造部", "周小满", (9, 8)),
    (8, "研发部", "谢当归", (9, 8)),
    (8, "业务部", "韩小雪", (9, 8)),
    (8, "总经理室", CLERK, (9, 9)),
    (10, "制造部", "周小满", (11, 6)),
    (10, "质管部", "冯小暑", (11, 6)),
    (10, "研发部", "谢当归", (11, 6)),
    (10, "业务部", "韩小雪", (11, 6)),
    (10, "总经理室", CLERK, (11, 6)),
];
/// Month and day.
type Day = (u32, u32);
/// `(version, in force, approved by, approved)`: the last two are wrong.
const APPROVED: [(&str, Day, usize, Day); 3] =
    [("2026.1", (8, 3), 2, (7, 28)), ("2026.2", (9, 14), 2, (9, 18)), ("2026.3", (10, 12), 1, (10, 8))];

/// `(subject, rule)` of what is wrong above.
pub const WRONG: [(&str, &str); 7] = [
    ("客诉案件统计表/2026-08", "tongji-biao"),
    ("客诉案件统计表/2026-09", "tongji-biao"),
    ("行政处分审视/2026-07", "chufen-shenshi"),
    ("行政处分审视/2026-09", "chufen-shenshi"),
    ("客诉案件统计表/2026-07", "tongji-huitong"),
    ("客诉案件统计表/2026-08", "tongji-huitong"),
    (CHARTER, "zhidu-hezhun"),
];

fn on((month, at): (u32, u32)) -> NaiveDate {
    day(month, at)
}

/// Clerks write a month in more than one way.
fn period(month: u32, turn: usize) -> String {
    if turn.is_multiple_of(2) { format!("2026-{month:02}") } else { format!("2026年{month}月") }
}

pub fn reports() -> Vec<Record> {
    let row = |(turn, (name, about, handed_in)): (usize, &(&str, u32, (u32, u32)))| {
        Record::about(&format!("{name}/2026-{about:02}"), handed_in.0.min(10))
            .with("报表名", *name)
            .with("期间", period(*about, turn / 2))
            .with("月", format!("2026-{about:02}"))
            .with("责任人", CLERK)
            .with("责任部门", "总经理室生产管理组")
            .with("实际提交时间", on(*handed_in))
            .with("收件人/部门", REVIEWER)
    };
    HANDED_IN.iter().enumerate().map(row).collect()
}

pub fn meetings() -> Vec<Record> {
    let row = |(about, department, name, at): &(u32, &str, &str, (u32, u32))| {
        Record::about("", at.0.min(10))
            .with("期间", period(*about, *about as usize))
            .with("月", format!("2026-{about:02}"))
            .with("会同部门", *department)
            .with_some("会同签名", (!name.is_empty()).then_some(*name))
            .with("会同日期", on(*at))
    };
    SIGNED.iter().map(row).collect()
}

pub fn charters() -> Vec<Record> {
    let row = |(version, in_force, post, approved): &(&str, (u32, u32), usize, (u32, u32))| {
        Record::about(CHARTER, 10)
            .with("规则包", CHARTER)
            .with("规则包版本", *version)
            .with("实施日期", on(*in_force))
            .with("核准人", POSTS[*post].1)
            .with("核准人职务", POSTS[*post].0)
            .with("核准日期", on(*approved))
    };
    APPROVED.iter().map(row).collect()
}
