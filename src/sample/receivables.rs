//! 应收账款: what each salesman had to collect in a month, and what is due from customers whose complaint was not upheld.

use chrono::Days;
use fastrand::Rng;

use super::names::{PRODUCTS, REGULARS, SALESMEN};
use super::office::{MONTHS, Office, day, entered_until};
use super::record::{Record, Value};
use super::table::Heading;
use super::timeline::later;

pub const HEADINGS: [Heading; 11] = [
    ("业务员", "业务人员", None, 10.0),
    ("客户", "客户名称", None, 24.0),
    ("料号", "品号", None, 10.0),
    ("月份", "账款月份", None, 11.0),
    ("应收金额", "应收款", Some("金额"), 14.0),
    ("受客诉影响应收额", "受客诉影响金额", Some("金额"), 16.0),
    ("实收金额", "实收款", Some("金额"), 14.0),
    ("客诉编号", "案号", Some("客诉不成立案件"), 11.0),
    ("接表日期", "业务员接表日期", Some("客诉不成立案件"), 13.0),
    ("收款到期日", "应收到期日", Some("客诉不成立案件"), 13.0),
    ("实收日期", "收款日期", Some("客诉不成立案件"), 13.0),
];

/// Days that the customers of cases without a due day have by `kesu.toml`.
pub const TERM: i64 = 20;

pub fn ledger(office: &Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    let mut turn = 0;
    for month in MONTHS {
        for (at, salesman) in SALESMEN.iter().enumerate() {
            for goods in 0..3 {
                let (customer, _) = REGULARS[(at + goods) % REGULARS.len()];
                let owed = rng.i64(40..400) * 10_000;
                // some goods that a complaint is about are not paid for yet
                let held_back = if goods == 0 { owed / 10 } else { 0 };
                let paid = (owed - held_back) * [100, 100, 95, 88][rng.usize(0..4)] / 100;
                let record = Record::about(salesman, month)
                    .with("业务员", *salesman)
                    .with("客户", customer)
                    .with("料号", PRODUCTS[(at * 3 + goods) % PRODUCTS.len()].0)
                    .with("月份", format!("2026-{month:02}"))
                    .with("应收金额", Value::Money(owed))
                    .with_some("受客诉影响应收额", (held_back > 0).then_some(Value::Money(held_back)))
                    .with("实收金额", Value::Money(paid));
                records.push(record);
            }
        }
        for (case, closed) in office.closed_in(month).into_iter().filter(|(case, _)| !case.founded) {
            let salesman = SALESMEN[turn % SALESMEN.len()];
            let told = later(closed, 1);
            let due = day(month, 1).max(told) + Days::new(rng.u64(8..15));
            let paid = later(told, rng.u64(4..8)).min(due);
            let owed = rng.i64(10..90) * 10_000;
            let known = paid <= entered_until();
            let record = Record::about(salesman, month)
                .with("业务员", salesman)
                .with("客户", case.customer.as_str())
                .with("料号", case.product_code())
                .with("月份", format!("2026-{month:02}"))
                .with("应收金额", Value::Money(owed))
                .with("实收金额", Value::Money(if known { owed } else { 0 }))
                .with("客诉编号", case.number.as_str())
                .with("客诉成立与否", false)
                .with("接表日期", told)
                .with_some("收款到期日", (turn % 2 == 0).then_some(due))
                .with_some("实收日期", known.then_some(paid));
            records.push(record);
            turn += 1;
        }
    }
    records
}
