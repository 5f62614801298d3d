//! 奖罚处分台账: notices of penalties that the office has made out, some of them with a formal sanction.

use chrono::Datelike;
use fastrand::Rng;

use super::names::POSTS;
use super::office::{Office, day, entered_until};
use super::record::{Record, Value};
use super::table::Heading;
use super::timeline::later;
use super::trail::pick;

pub const HEADINGS: [Heading; 16] = [
    ("通知单号", "奖罚单号", None, 13.0),
    ("客诉编号", "案号", None, 11.0),
    ("员工", "责任人", None, 9.0),
    ("单位", "责任单位", None, 11.0),
    ("条款", "依据条款", None, 14.0),
    ("事由", "奖罚事由", None, 26.0),
    ("罚款额", "罚扣金额", None, 10.0),
    ("是否行政处分", "行政处分", None, 9.0),
    ("处分种类", "处分类别", None, 10.0),
    ("开立日期", "开单日期", None, 13.0),
    ("批准人", "核准人", None, 9.0),
    ("批准人职务", "核准人职务", None, 12.0),
    ("批准日期", "批示日期", None, 13.0),
    ("审视日期", "清理日期", None, 13.0),
    ("送人事日期", "送人事单位日期", None, 14.0),
    ("公布日期", "人事公布日期", None, 13.0),
];

/// A month, and the days after it on which its sanctions are looked through, sent on and made known.
const REVIEWS: [(u32, [(u32, u32); 3]); 3] =
    [(8, [(9, 7), (9, 8), (9, 10)]), (9, [(10, 8), (10, 9), (10, 12)]), (10, [(11, 6), (11, 7), (11, 9)])];
const NOTICES_A_MONTH: usize = 9;
/// A case closed later may be approved only after the review.
const LAST_FOR_REVIEW: u32 = 24;

/// Says in the losses, too, who is to be sanctioned.
pub fn ledger(office: &mut Office, rng: &mut Rng) -> Vec<Record> {
    let mut records = Vec::new();
    for (month, review) in REVIEWS {
        let mut number = 0;
        let mut formal = 0;
        for (case, closed) in office.closed_in_mut(month) {
            let Some(loss) = &mut case.loss else { continue };
            if number == NOTICES_A_MONTH || rng.u32(0..4) == 0 {
                continue;
            }
            number += 1;
            let (department, person, _) = loss.shares[0];
            let made_out = later(closed, 1);
            let fine = i64::from(rng.u32(1..=6)) * 5_000;
            let id = format!("JF26{month:02}-{number:02}");
            let is_formal = formal < 4 && closed.day() <= LAST_FOR_REVIEW && rng.bool();
            formal += usize::from(is_formal);
            let record = Record::about(&id, month)
                .with("通知单号", id.as_str())
                .with("客诉编号", case.number.as_str())
                .with("员工", person)
                .with("单位", department)
                .with("条款", "十二条（二）")
                .with("事由", case.reason)
                .with("罚款额", Value::Money(fine))
                .with("是否行政处分", is_formal)
                .with("开立日期", made_out)
                .with("批准人", POSTS[2].1)
                .with("批准人职务", POSTS[2].0)
                .with("批准日期", later(made_out, rng.u64(0..=1)));
            loss.paper.set("惩处种类", if is_formal { "记过" } else { "罚款" });
            loss.paper.set("主管批示日期", closed);
            loss.paper.set("是否行政处分", is_formal);
            let record = if is_formal {
                let kind = pick(&["警告", "记过"], rng);
                loss.paper.set("处分种类", kind);
                let [looked, sent, known] = review.map(|(month, at)| day(month, at));
                record.with("处分种类", kind).with("审视日期", looked).with("送人事日期", sent).with("公布日期", known)
            } else {
                record
            };
            records.push(record.until(entered_until()));
        }
    }
    records
}
