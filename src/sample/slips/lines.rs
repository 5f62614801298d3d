//! What can be wrong with one row of a ledger.

use chrono::{Datelike, Days};

use super::Slip;
use crate::sample::record::{Record, Value};
use crate::sample::table::Ledger;

type LineSlip = Slip<Record>;

fn month_of(record: &Record, field: &str) -> Option<u32> {
    record.on(field).map(|day| day.month())
}

fn made_out(record: &Record) -> Option<u32> {
    month_of(record, "开立日期")
}

fn received(record: &Record) -> Option<u32> {
    month_of(record, "签收日期")
}

fn booked(record: &Record) -> Option<u32> {
    month_of(record, "转账日期")
}

fn sealed(record: &Record) -> Option<u32> {
    month_of(record, "客户签章日期")
}

fn proved(record: &Record) -> Option<u32> {
    month_of(record, "取得日期")
}

fn finished(record: &Record) -> Option<u32> {
    month_of(record, "完成日期")
}

fn closed(record: &Record) -> Option<u32> {
    month_of(record, "结案日期")
}

fn filed(record: &Record) -> Option<u32> {
    Some(record.filed)
}

fn any(_: &Record) -> bool {
    true
}

fn goods(record: &Record) -> bool {
    record.has("退货单号")
}

fn money(record: &Record) -> bool {
    record.has("折让单号")
}

fn gone(record: &mut Record) {
    record.is_gone = true;
}

fn number(record: &Record, field: &str) -> i64 {
    record.number(field).unwrap_or_default()
}

/// Booked as it came, however much that was.
fn came(record: &mut Record, more: i64) {
    let count = number(record, "核定退货量") + more;
    for field in ["实退量", "退货单数量", "实收数量"] {
        record.set(field, Value::Count(count));
    }
    let price = number(record, "单价");
    record.set("退货金额", Value::Money(count * price));
    record.set("是否相符", true);
    record.clear("请示日期");
}

const fn slip(
    rules: &'static [&'static str],
    months: &'static [u32],
    month: fn(&Record) -> Option<u32>,
    fits: fn(&Record) -> bool,
    spoil: fn(&mut Record),
) -> LineSlip {
    Slip { rules, months, month, fits, spoil }
}

pub const SLIPS: &[(Ledger, &[LineSlip])] = &[
    (Ledger::Returns, RETURNS),
    (Ledger::Receipts, RECEIPTS),
    (Ledger::Sanctions, SANCTIONS),
    (Ledger::Improvements, IMPROVEMENTS),
    (Ledger::Steps, STEPS),
    (Ledger::Appeals, APPEALS),
    (Ledger::Receivables, RECEIVABLES),
];

const RETURNS: &[LineSlip] = &[
    slip(
        &["tuihuo-chayi"],
        &[9, 10],
        received,
        |r| goods(r) && number(r, "核定退货量") >= 20,
        |r| {
            r.set("客户超量允收比率", Value::Percent(3));
            came(r, number(r, "核定退货量") / 10);
        },
    ),
    slip(
        &["tuihuo-chaoliang"],
        &[8, 10],
        received,
        |r| goods(r) && number(r, "核定退货量") >= 20,
        |r| {
            r.clear("客户超量允收比率");
            came(r, number(r, "核定退货量") / 10);
        },
    ),
    slip(&["tuihuo-yuanfapiao"], &[8], proved, |r| r.said("证明方式") == "原统一发票", |r| r.clear("原发票号")),
    slip(&["tuihuo-yuanfapiao"], &[9], proved, |r| r.said("证明方式") == "原统一发票", |r| r.set("是否盖章", false)),
    slip(&["tuihuo-yingben"], &[9, 10], proved, |r| goods(r) && r.said("证明方式") == "发票影本", |r| r.set("退货影本注记是否齐全", false)),
    slip(&["tuihuo-zhengmingdan"], &[8, 10], proved, |r| r.said("证明方式") == "销货退回证明单", |r| r.clear("签回日期")),
    slip(&["zherang-yingben"], &[8, 9], proved, |r| money(r) && r.said("证明方式") == "发票影本", |r| r.set("折让影本注记是否齐全", false)),
    slip(&["zherang-qianhui"], &[9, 10], proved, |r| r.said("证明方式") == "销货折让证明单", |r| r.clear("签回日期")),
    slip(&["tuihuo-zhengming"], &[8, 9], received, goods, |r| ["证明方式", "取得日期", "送会计日期"].into_iter().for_each(|f| r.clear(f))),
    slip(
        &["zherang-zhengming"],
        &[8, 10],
        made_out,
        |r| r.said("处理方式") == "折让",
        |r| {
            ["证明方式", "取得日期", "送会计日期"].into_iter().for_each(|f| r.clear(f));
        },
    ),
    slip(&["tuihuo-jianyan"], &[8], booked, goods, |r| r.clear("检验日期")),
    slip(&["tuihuo-jianyan"], &[10], booked, goods, |r| r.set("检验部门", "业务部")),
    slip(&["tuihuo-shouliao"], &[8, 9], booked, goods, |r| r.set("收料部门", "业务部")),
    slip(&["zherang-lianshu"], &[8, 10], made_out, money, |r| r.set("联数", Value::Count(1))),
    slip(&["zherang-fencun"], &[9, 10], sealed, money, |r| r.clear("会计签收")),
    slip(&["tuihuo-tianxie"], &[8, 9], made_out, goods, |r| r.clear("退回依据")),
    slip(&["zhuanzhang"], &[9, 10], booked, goods, |r| r.clear("传票号")),
    slip(&["tuihuo-songkuaiji"], &[8], proved, goods, |r| r.clear("送会计日期")),
    slip(&["tuihuo-songkuaiji"], &[10], proved, goods, |r| r.clear("会计收件人")),
    slip(&["zherang-songkuaiji"], &[8], proved, money, |r| r.clear("送会计日期")),
    slip(&["zherang-songkuaiji"], &[9], proved, money, |r| r.set("送会计日期", r.on("取得日期").unwrap_or_default() - Days::new(1))),
    slip(&["tuihuo-jine"], &[9, 10], booked, goods, |r| r.set("退货金额", Value::Money(number(r, "退货金额") + number(r, "单价")))),
    slip(&["tuihuo-qianshou"], &[8, 10], received, goods, |r| {
        r.set("退货单数量", Value::Count(number(r, "实收数量") + 2));
        r.set("是否相符", false);
        r.clear("请示日期");
    }),
    slip(&["zherang-qianhe"], &[8], sealed, money, |r| r.set("二级核签人职务", "业务部门经理")),
    slip(&["zherang-qianhe"], &[9], sealed, money, |r| {
        r.clear("核签人职务");
        r.clear("核签日期");
    }),
    slip(&["tuihuo-pishi"], &[9], received, goods, |r| r.set("批示人职务", "业务员")),
    slip(&["tuihuo-pishi"], &[10], received, goods, |r| {
        r.clear("批示人职务");
        r.clear("批示日期");
    }),
    slip(
        &["kaidan-cixu"],
        &[8, 10],
        closed,
        |r| r.on("结案日期").is_some_and(|day| day.day() > 6),
        |r| {
            r.set("开立日期", r.on("结案日期").unwrap_or_default() - Days::new(3));
        },
    ),
    slip(&["zherang-quedan"], &[8, 9], closed, money, gone),
    slip(&["tuihuo-quedan"], &[9, 10], closed, goods, gone),
];

fn is_form(record: &Record) -> bool {
    record.said("单据") == "客户抱怨处理表"
}

fn is_slip(record: &Record, copy: &str) -> bool {
    record.said("单据") == "成品退货单" && record.said("联") == copy
}

const RECEIPTS: &[LineSlip] = &[
    slip(&["chulibiao-lianci"], &[8], filed, |r| is_form(r) && r.said("联") == "4", gone),
    slip(&["chulibiao-lianci"], &[9], filed, |r| is_form(r) && r.said("联") == "2", |r| r.set("签收部门", "仓储科")),
    slip(
        &["chulibiao-lianci"],
        &[10],
        filed,
        |r| is_form(r) && r.said("联") == "1",
        |r| {
            r.set("签收日期", r.on("签收日期").unwrap_or_default() - Days::new(6));
        },
    ),
    slip(&["tuihuo-silian"], &[8, 9], filed, |r| is_slip(r, "1"), |r| r.set("签收部门", "仓储科")),
    slip(&["tuihuo-fencun"], &[8, 10], filed, |r| is_slip(r, "3") && r.is_in("转账日期", r.filed), |r| r.set("签收部门", "业务部")),
    slip(&["tuihuo-silian", "tuihuo-fencun"], &[9], filed, |r| is_slip(r, "3") && r.is_in("转账日期", 9), gone),
    slip(&["jiangfa-fenfa"], &[8, 9], filed, |r| r.said("联") == "会计", gone),
    slip(&["jiangfa-fenfa"], &[10], filed, |r| r.said("联") == "自存", |r| r.set("签收部门", "业务部")),
];

const SANCTIONS: &[LineSlip] = &[
    slip(
        &["renshi-cixu"],
        &[9],
        |r| month_of(r, "审视日期"),
        any,
        |r| {
            r.set("送人事日期", r.on("批准日期").unwrap_or_default());
        },
    ),
    slip(&["renshi-cixu"], &[10], |r| month_of(r, "审视日期"), any, |r| r.clear("送人事日期")),
    slip(&["jiangfa-pizhun"], &[8, 9], |r| month_of(r, "批准日期"), |r| !r.has("审视日期"), |r| r.set("批准人职务", "副总经理")),
];

const IMPROVEMENTS: &[LineSlip] = &[
    slip(&["zhuizong-gaishanbiao"], &[8, 10], filed, any, gone),
    slip(&["gaishan-tichu"], &[8, 9], |r| month_of(r, "提出日期"), any, |r| r.set("提出部门", "制造部")),
    slip(&["gaishan-niding"], &[8, 10], finished, any, |r| r.set("拟定部门", "质管部")),
    slip(&["gaishan-queren"], &[9, 10], finished, any, |r| r.clear("确认日期")),
    slip(&["gaishan-zhixing"], &[8, 9], finished, any, |r| r.clear("执行部门")),
    slip(&["gaishan-ducu"], &[8, 10], finished, any, |r| r.set("督促部门", "业务部")),
    slip(&["gaishan-jiancha"], &[9, 10], finished, any, |r| r.clear("检查日期")),
    slip(&["xiaoguo-queren"], &[8], finished, any, |r| r.clear("效果结论")),
    slip(&["xiaoguo-queren"], &[10], finished, any, |r| r.set("效果确认日期", r.on("完成日期").unwrap_or_default() - Days::new(1))),
];

const STEPS: &[LineSlip] = &[
    slip(&["zhuban"], &[8], closed, |r| r.said("环节") == "客诉反应", |r| r.set("主办部门", "质管部")),
    slip(&["zhuban"], &[9], closed, |r| r.said("环节") == "调查", |r| r.set("主办部门", "仓储科")),
    slip(&["zhuban"], &[10], closed, |r| r.said("环节") == "处理期限管理", |r| r.set("主办部门", "业务部")),
    slip(&["panding-zhuban"], &[8, 10], closed, |r| r.said("环节") == "责任归属判定", |r| r.set("主办部门", "质管部")),
];

fn visit(record: &Record) -> bool {
    !record.has("客诉编号")
}

fn heard(record: &Record) -> Option<u32> {
    month_of(record, "申诉日期")
}

const APPEALS: &[LineSlip] = &[
    slip(
        &["lian"],
        &[8, 10],
        heard,
        |r| visit(r) && r.says_yes("是否质量异常") == Some(true),
        |r| {
            r.set("是否造成损失", true);
            r.clear("前往处理单位");
        },
    ),
    // a number that the register does not know
    slip(&["lian"], &[9], heard, |r| visit(r) && r.says_yes("是否质量异常") == Some(true), |r| r.set("客诉编号", "260888")),
    slip(&["shensu-yichangdan"], &[8, 9], heard, visit, |r| r.clear("异常处理单编号")),
];

const RECEIVABLES: &[LineSlip] = &[
    slip(&["shoukuan"], &[8, 9, 10], filed, due_this_month, |r| {
        r.set("实收日期", r.on("收款到期日").unwrap_or_default() + Days::new(5));
    }),
    slip(
        &["shoukuan-qi"],
        &[8, 9, 9],
        filed,
        |r| r.has("接表日期") && !r.has("收款到期日"),
        |r| {
            r.clear("实收日期");
            r.set("实收金额", Value::Money(0));
        },
    ),
];

/// Told early enough that it is overdue within the months that are reported on.
fn due_this_month(owed: &Record) -> bool {
    owed.has("收款到期日") && owed.is_in("接表日期", owed.filed) && owed.on("接表日期").is_some_and(|day| day.day() < 16)
}
