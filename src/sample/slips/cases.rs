//! What can be wrong with one case of the register, its route, its approval and its loss.

use chrono::{Datelike, Days, NaiveDate};

use super::Slip;
use crate::sample::case::{Case, Station};

type CaseSlip = Slip<Case>;

fn closed(case: &Case) -> Option<u32> {
    case.closed.map(|day| day.month())
}

fn accepted(case: &Case) -> Option<u32> {
    Some(case.accepted.month())
}

fn approved(case: &Case) -> Option<u32> {
    case.approval.as_ref().map(|approval| approval.date.month())
}

fn met(case: &Case) -> Option<u32> {
    case.trail.on("月会检查日期").map(|day| day.month())
}

fn any(_: &Case) -> bool {
    true
}

/// Ours, and not a slip of somebody's hand.
fn quality(case: &Case) -> bool {
    case.founded && !case.human
}

/// The whole route lies in one month, without 研发部.
fn within_a_month(case: &Case) -> bool {
    closed(case) == accepted(case) && case.stations.iter().all(|station| station.seat != 4)
}

fn sanctioned(case: &Case) -> bool {
    case.loss.as_ref().is_some_and(|loss| loss.paper.has("惩处种类"))
}

fn before(day: Option<NaiveDate>, days: u64) -> NaiveDate {
    day.unwrap_or_default() - Days::new(days)
}

fn after(day: Option<NaiveDate>, days: u64) -> NaiveDate {
    day.unwrap_or_default() + Days::new(days)
}

const fn slip(
    rules: &'static [&'static str],
    months: &'static [u32],
    month: fn(&Case) -> Option<u32>,
    fits: fn(&Case) -> bool,
    spoil: fn(&mut Case),
) -> CaseSlip {
    Slip { rules, months, month, fits, spoil }
}

/// The pickiest first, so that they find their case.
pub const SLIPS: &[CaseSlip] = &[
    slip(
        &["songhe"],
        &[8, 9, 10],
        approved,
        |c| c.approval.as_ref().is_some_and(|a| a.amount > 10_000_000 && a.post > 0),
        |c| {
            if let Some(approval) = &mut c.approval {
                approval.paper.set("送核对象", "业务部门经理");
            }
        },
    ),
    slip(
        &["yiyi-zaicheng"],
        &[8, 9, 10],
        closed,
        |c| !c.founded,
        |c| {
            c.trail.set("客户异议", true);
            c.trail.clear("再呈日期");
        },
    ),
    slip(&["yichangdan"], &[8, 9, 10], accepted, |c| c.trail.has("前往处理单位"), |c| c.trail.clear("异常处理单编号")),
    slip(&["jiaoshe"], &[8, 9, 10], closed, talks_long, |c| {
        let back = c.trail.on("业务收回处理表日期");
        c.trail.set("交涉日期", after(back, 4));
    }),
    slip(&["chengchu-pishi"], &[8, 10], closed, sanctioned, |c| {
        if let Some(loss) = &mut c.loss {
            loss.paper.clear("主管批示日期");
        }
    }),
    slip(&["chufen-zhonglei"], &[9, 10], closed, sanctioned, |c| {
        if let Some(loss) = &mut c.loss {
            loss.paper.set("是否行政处分", true);
            loss.paper.clear("处分种类");
        }
    }),
    slip(&["liuzhuan"], &[8], closed, within_a_month, |c| c.stations.retain(|station| station.seat != 3)),
    slip(&["liuzhuan"], &[9], closed, within_a_month, |c| {
        // 制造部 has the form before 质管部
        if let [_, quality, workshop, ..] = c.stations.as_mut_slice() {
            (quality.desk, workshop.desk) = (workshop.desk, quality.desk);
        }
    }),
    slip(&["liuzhuan"], &[10], closed, within_a_month, |c| {
        // back to 质管部 once more
        if let Some((at, from)) = c.stations.iter().enumerate().find(|(_, station)| station.seat == 3).map(|(at, s)| (at, s.clone())) {
            let again = Station { seat: 4, desk: "质管部", received: from.sent.unwrap_or(from.received), sent: from.sent };
            c.stations.insert(at + 1, again);
        }
    }),
    slip(&["yanfa-zhan"], &[8, 9], closed, |c| c.stations.iter().all(|station| station.seat != 4), |c| c.trail.set("是否送研发部", true)),
    slip(
        &["tianbiao"],
        &[8, 10],
        accepted,
        |c| c.heard.month() == c.accepted.month() && c.accepted.day() > 7,
        |c| {
            c.heard = c.accepted - Days::new(5);
            c.filled = c.accepted - Days::new(1);
        },
    ),
    slip(&["tongzhi-kehu"], &[8, 9], approved, any, |c| {
        if let Some(approval) = &mut c.approval {
            approval.paper.set("通知客户日期", approval.date + Days::new(6));
        }
    }),
    slip(&["dafu-fangshi"], &[8, 10], approved, any, |c| {
        if let Some(approval) = &mut c.approval {
            approval.paper.set("答复方式", "电子邮件");
        }
    }),
    slip(&["waisong-yingben"], &[9, 10], approved, any, |c| {
        if let Some(approval) = &mut c.approval {
            approval.paper.set("是否外送处理表影本", true);
        }
    }),
    slip(&["dengji-jilu"], &[9, 10], accepted, any, |c| c.blank.push("登记人")),
    slip(&["leibie", "shengchan", "zhiguan-diaocha", "zhiguan-jianyan", "zhizao-diaocha"], &[8, 10], closed, quality, |c| {
        c.blank.push("客诉原因类别");
    }),
    slip(&["wofang-queding", "zhuizong-gaishanbiao"], &[8, 9], closed, quality, |c| c.trail.clear("是否列入追踪")),
    slip(&["lieru-zhuizong"], &[9, 10], closed, quality, |c| c.trail.set("是否列入追踪", false)),
    slip(&["zhiguan-diaocha"], &[8], closed, quality, |c| c.trail.set("调查部门", "业务部")),
    slip(&["zhiguan-diaocha"], &[9], closed, quality, |c| c.trail.clear("拟定部门")),
    slip(&["zhiguan-jianyan"], &[9], closed, quality, |c| c.trail.clear("检验结论")),
    slip(&["zhiguan-jianyan"], &[10], closed, quality, |c| c.trail.set("检验部门", "制造部")),
    slip(&["zhizao-diaocha"], &[8, 10], closed, quality, |c| c.trail.clear("处理对策")),
    slip(&["panding-shengguan"], &[8], closed, quality, |c| c.trail.set("责任判定部门", "质管部")),
    slip(&["panding-shengguan"], &[9], closed, quality, |c| c.trail.clear("责任判定部门")),
    slip(&["panding-cixu"], &[9, 10], closed, any, |c| c.trail.set("判定日期", c.investigated - Days::new(1))),
    slip(&["baogao-pishi"], &[8], closed, any, |c| c.trail.clear("报告人")),
    slip(&["baogao-pishi"], &[10], closed, any, |c| c.trail.set("总经理批示日期", c.reported - Days::new(1))),
    slip(
        &["chongti"],
        &[8, 9],
        closed,
        |c| c.founded,
        |c| {
            c.trail.set("客户是否接受", false);
            c.trail.clear("新处理表编号");
        },
    ),
    slip(&["yiyi-qiancheng"], &[9, 10], closed, any, |c| {
        c.trail.set("异议部门", c.department);
        c.trail.clear("签呈编号");
    }),
    slip(&["shewai-huitong"], &[8, 10], closed, any, |c| {
        c.trail.set("涉外责任方", "示例轴承供应厂");
        c.trail.clear("会同单位");
    }),
    slip(&["dengji-cixu"], &[8], closed, any, |c| c.trail.set("登记日期", after(c.trail.on("送质管部日期"), 1))),
    slip(&["dengji-cixu"], &[9], closed, any, |c| c.trail.clear("送质管部日期")),
    slip(&["jiaoshe-cixu"], &[9], closed, any, |c| c.trail.set("送回日期", before(c.trail.on("核阅日期"), 1))),
    slip(&["jiaoshe-cixu"], &[10], closed, any, |c| c.trail.clear("核阅日期")),
    slip(&["jiaoshe-heyue"], &[8, 10], closed, any, |c| c.trail.clear("主管核阅人")),
    slip(&["liyou-queren"], &[8, 9], closed, any, |c| c.trail.set("理由是否确认", false)),
    slip(&["xiezhu-jilu"], &[9, 10], closed, any, |c| c.trail.clear("协助记录")),
    slip(&["shenhe-jilu"], &[8, 10], closed, any, |c| c.trail.clear("审核人")),
    slip(&["xiezhu-bumen"], &[8, 9], closed, any, |c| c.trail.clear("协助部门")),
    slip(&["fanying-shangbao"], &[9, 10], closed, any, |c| {
        c.trail.set("反应意见", "建议更换包装方式");
        c.trail.clear("追踪部门");
    }),
    slip(&["yuehui-jiancha"], &[9], met, any, |c| c.trail.clear("检查结论")),
    slip(&["yuehui-jiancha"], &[10], met, any, |c| c.trail.clear("改善对策")),
];

/// The form lay with the business department long enough for a late talk before it went back.
fn talks_long(case: &Case) -> bool {
    let days = case.trail.on("核阅日期").zip(case.trail.on("业务收回处理表日期"));
    days.is_some_and(|(read, back)| (read - back).num_days() >= 4)
}
