//! 退货折让台账: a slip for every closed case with a loss, from its making out to the books.

use chrono::NaiveDate;
use fastrand::Rng;

use super::case::{Case, Method};
use super::names::{POSTS, PRODUCTS};
use super::office::{MONTHS, Office, entered_until, month_end};
use super::record::{Record, Value};
use super::table::Heading;
use super::timeline::later;
use super::trail::pick;

/// `（field, what 外销科 calls it, heading above, width）`
pub const HEADINGS: [Heading; 49] = [
    ("客诉编号", "案号", None, 12.0),
    ("退货单号", "成品退货单号", Some("单据"), 13.0),
    ("折让单号", "折让证明单号", Some("单据"), 13.0),
    ("料号", "品号", Some("单据"), 10.0),
    ("处理方式", "核决方式", Some("单据"), 10.0),
    ("第三联签收日期", "第3联签收日期", Some("单据"), 15.0),
    ("开立日期", "开单日期", Some("单据"), 13.0),
    ("联数", "一式几联", Some("单据"), 7.0),
    ("退货原因", "退货原因", Some("退货单"), 22.0),
    ("退回依据", "退货依据", Some("退货单"), 18.0),
    ("批示人", "批示人", Some("退货单"), 9.0),
    ("批示人职务", "批示人职务", Some("退货单"), 13.0),
    ("批示日期", "批示日期", Some("退货单"), 13.0),
    ("核签人", "经理核签人", Some("折让单"), 9.0),
    ("核签人职务", "初核签人职务", Some("折让单"), 13.0),
    ("核签日期", "经理核签日期", Some("折让单"), 13.0),
    ("二级核签人", "总经理核签人", Some("折让单"), 10.0),
    ("二级核签人职务", "复核签人职务", Some("折让单"), 13.0),
    ("二级核签日期", "总经理核签日期", Some("折让单"), 13.0),
    ("客户签章日期", "客户签章日期", Some("折让单"), 13.0),
    ("业务部签收", "业务部门签收", Some("折让单"), 10.0),
    ("会计签收", "会计科签收", Some("折让单"), 10.0),
    ("收料部门", "收料单位", Some("仓储收料"), 10.0),
    ("收料日期", "收料日期", Some("仓储收料"), 13.0),
    ("退货单数量", "退货单所列数量", Some("仓储收料"), 11.0),
    ("实收数量", "仓储实收数量", Some("仓储收料"), 10.0),
    ("是否相符", "核对是否相符", Some("仓储收料"), 9.0),
    ("请示日期", "请示日期", Some("仓储收料"), 13.0),
    ("签收日期", "仓储签收日期", Some("仓储收料"), 13.0),
    ("检验部门", "检验单位", Some("检验"), 10.0),
    ("检验日期", "检验日期", Some("检验"), 13.0),
    ("核定退货量", "核定退货数量", Some("核对转账"), 11.0),
    ("实退量", "实际退货量", Some("核对转账"), 9.0),
    ("客户超量允收比率", "客户允收比率", Some("核对转账"), 15.0),
    ("单价", "单价", Some("核对转账"), 10.0),
    ("退货金额", "实退金额", Some("核对转账"), 13.0),
    ("折让金额", "实际折让金额", Some("核对转账"), 13.0),
    ("传票号", "凭证号", Some("核对转账"), 12.0),
    ("转账日期", "传票日期", Some("核对转账"), 13.0),
    ("证明方式", "证明方式", Some("证明"), 15.0),
    ("取得日期", "证明取得日期", Some("证明"), 13.0),
    ("原发票号", "统一发票号", Some("证明"), 13.0),
    ("是否盖章", "买受人是否盖章", Some("证明"), 9.0),
    ("退货影本注记是否齐全", "影本注记6项", Some("证明"), 20.0),
    ("折让影本注记是否齐全", "影本注记4项", Some("证明"), 20.0),
    ("退回证明单号", "销货退回证明单号", Some("证明"), 14.0),
    ("签回日期", "证明单签回日期", Some("证明"), 13.0),
    ("送会计日期", "送会计科日期", Some("证明"), 13.0),
    ("会计收件人", "会计科收件人", Some("证明"), 10.0),
];

/// When the business department signed for the third copy of a closed form.
pub fn third_copy(closed: NaiveDate, month: u32) -> NaiveDate {
    later(closed, 1).min(month_end(month))
}

pub fn ledger(office: &mut Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for month in MONTHS {
        month_of(office, month, &mut records, rng);
    }
    records
}

fn month_of(office: &mut Office, month: u32, records: &mut Vec<Record>, rng: &mut Rng) {
    let (mut returns, mut allowances) = (0, 0);
    for (case, closed) in office.closed_in_mut(month) {
        if case.loss.is_none() {
            continue;
        }
        let third = third_copy(closed, month);
        let made_out = later(third, rng.u64(0..=1));
        let record = Record::about(&case.number, month)
            .with("客诉编号", case.number.as_str())
            .with("料号", case.product_code())
            .with("处理方式", case.method.title())
            .with("结案日期", closed)
            .with("第三联签收日期", third)
            .with("开立日期", made_out);
        let record = match case.method {
            Method::Return | Method::Rework => {
                returns += 1;
                goods(record.with("退货单号", format!("TH26{month:02}-{returns:03}")), case, made_out, rng)
            }
            _ => {
                allowances += 1;
                allowance(record.with("折让单号", format!("ZR26{month:02}-{allowances:03}")), case, made_out, rng)
            }
        };
        records.push(record.until(entered_until()));
    }
}

/// Goods come back: approved, received, inspected, proved, booked.
fn goods(record: Record, case: &mut Case, made_out: NaiveDate, rng: &mut Rng) -> Record {
    let price = PRODUCTS[case.product].2;
    let granted = if case.method == Method::Return { case.returned } else { case.bad };
    let (came, share) = match rng.u32(0..10) {
        0 if granted > 6 => (granted - rng.i64(1..4), None),
        // exactly as much more as the customer may send
        1 if granted >= 20 => (granted + granted * 5 / 100, Some(5)),
        2 | 3 => (granted, Some(3)),
        _ => (granted, None),
    };
    if let Some(returned) = case.loss.as_mut().and_then(|loss| loss.returned.as_mut()) {
        *returned = came;
    }
    let received = later(made_out, rng.u64(1..=2));
    let proved = later(received, rng.u64(0..=1));
    let booked = later(proved, 1);
    let asked = rng.u32(0..8) == 0;
    let listed = if asked { came + 1 } else { came };
    let record = record
        .with("联数", Value::Count(4))
        .with("退货原因", case.reason)
        .with("退回依据", format!("处理表 {} 批示", case.number))
        .with("批示人", POSTS[0].1)
        .with("批示人职务", pick(&["业务部门经理", "经理", "副经理"], rng))
        .with("批示日期", made_out)
        .with("收料部门", pick(&["成品仓储", "仓储科"], rng))
        .with("收料日期", received)
        .with("退货单数量", Value::Count(listed))
        .with("实收数量", Value::Count(came))
        .with("是否相符", !asked)
        .with_some("请示日期", asked.then_some(received))
        .with("签收日期", received)
        .with("检验部门", pick(&["品检科", "质管部"], rng))
        .with("检验日期", later(received, rng.u64(0..=1)))
        .with("核定退货量", Value::Count(granted))
        .with("实退量", Value::Count(came))
        .with_some("客户超量允收比率", share.map(Value::Percent))
        .with("单价", Value::Money(price))
        .with("退货金额", Value::Money(came * price))
        .with("传票号", format!("CP26-{:04}", rng.u32(1..9000)))
        .with("转账日期", booked)
        .with("取得日期", proved)
        .with("送会计日期", proved)
        .with("会计收件人", "穆丹参");
    match rng.u32(0..3) {
        0 => record.with("证明方式", "原统一发票").with("原发票号", format!("FP{:08}", rng.u32(1..90_000_000))).with("是否盖章", true),
        1 => record.with("证明方式", "发票影本").with("退货影本注记是否齐全", true).with("是否盖章", true),
        _ => {
            let number = format!("ZM26-{:03}", rng.u32(1..900));
            record.with("证明方式", "销货退回证明单").with("退回证明单号", number).with("签回日期", proved)
        }
    }
}

/// Money instead: two signatures, then the customer's seal.
fn allowance(record: Record, case: &Case, made_out: NaiveDate, rng: &mut Rng) -> Record {
    let signed = later(made_out, rng.u64(0..=1));
    let sealed = later(signed, rng.u64(1..=2));
    let post = rng.usize(1..=2);
    let record = record
        .with("联数", Value::Count(2))
        .with("核签人", POSTS[0].1)
        .with("核签人职务", pick(&["业务部门经理", "业务部经理", "副经理"], rng))
        .with("核签日期", made_out)
        .with("二级核签人", POSTS[post].1)
        .with("二级核签人职务", POSTS[post].0)
        .with("二级核签日期", signed)
        .with("客户签章日期", sealed)
        .with("业务部签收", "韩小雪")
        .with("会计签收", "穆丹参")
        .with("折让金额", Value::Money(case.amount))
        .with("取得日期", sealed)
        .with("送会计日期", sealed)
        .with("会计收件人", "穆丹参");
    if rng.bool() {
        record.with("证明方式", "发票影本").with("折让影本注记是否齐全", true).with("是否盖章", true)
    } else {
        record.with("证明方式", "销货折让证明单").with("签回日期", sealed)
    }
}
