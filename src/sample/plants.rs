//! Violations put in on purpose: which case gets which, and what is bent.

use chrono::{Datelike, Days, NaiveDate};
use fastrand::Rng;

use super::case::{Case, Method};
use super::names::POSTS;
use super::timeline::Pace;

/// One thing that is wrong with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// Closed after its limit, mostly because 质管部 took its time.
    ClosedLate,
    /// Closed late and only in the month after.
    ClosedNextMonth,
    /// Lies with 制造部 for good.
    NeverClosed,
    FirstSlow,
    SalesSlow,
    /// More than half a day, within one day.
    OpinionHalfDay,
    OpinionTwoDays,
    AnswerSlow,
    ReportLate,
    PostTooLow,
    PromiseEarly,
    /// Two approvals of one customer within a week; the second one carries [`Plant::SplitSecond`].
    SplitFirst,
    SplitSecond,
    OrderMissing,
    QuantityMissing,
    MoreBadThanShipped,
    ProductionMissing,
    DemandMissing,
    NoSample,
    OpinionMissing,
    /// Sent back, but nobody says how many or why that is not known.
    ReturnUndecided,
    LossMissing,
    SharesShort,
}

/// What every month gets. Days of the month between which the case must have been accepted.
pub const MONTHLY: [(Plant, u32, u32); 22] = [
    (Plant::ClosedLate, 2, 6),
    (Plant::ClosedLate, 2, 6),
    (Plant::ClosedNextMonth, 10, 14),
    (Plant::NeverClosed, 3, 8),
    (Plant::FirstSlow, 5, 20),
    (Plant::SalesSlow, 5, 16),
    (Plant::OpinionHalfDay, 5, 18),
    (Plant::OpinionTwoDays, 5, 18),
    (Plant::AnswerSlow, 5, 14),
    (Plant::ReportLate, 5, 18),
    (Plant::PostTooLow, 5, 18),
    (Plant::PromiseEarly, 5, 18),
    (Plant::OrderMissing, 5, 20),
    (Plant::QuantityMissing, 5, 20),
    (Plant::MoreBadThanShipped, 5, 20),
    (Plant::ProductionMissing, 5, 20),
    (Plant::DemandMissing, 5, 20),
    (Plant::NoSample, 5, 24),
    (Plant::OpinionMissing, 5, 24),
    (Plant::ReturnUndecided, 5, 24),
    (Plant::LossMissing, 5, 14),
    (Plant::SharesShort, 5, 14),
];

/// Two neighbours that may become one customer's split approval.
pub const SPLIT_DAYS: (u32, u32) = (6, 16);

impl Plant {
    /// The pace of a case that carries this; everything else about it is brisk, so that nothing else is late.
    pub fn pace(self, abroad: bool) -> Pace {
        let mut pace = Pace {
            first_hours: 2,
            quality_days: 1,
            workshop_days: 1,
            research_days: None,
            sales_days: if abroad { 2 } else { 1 },
            opinion_hours: 2,
            answer_days: 1,
            report_days: 1,
            stuck_at: None,
        };
        match self {
            Plant::ClosedLate => pace.quality_days = if abroad { 19 } else { 15 },
            Plant::ClosedNextMonth => pace.quality_days = 22,
            Plant::NeverClosed => pace.stuck_at = Some(3),
            Plant::FirstSlow => pace.first_hours = 23,
            Plant::SalesSlow => pace.sales_days = if abroad { 9 } else { 5 },
            Plant::OpinionHalfDay => pace.opinion_hours = 22,
            Plant::OpinionTwoDays => pace.opinion_hours = 50,
            Plant::AnswerSlow => pace.answer_days = 8,
            Plant::ReportLate => pace.report_days = 5,
            _ => {}
        }
        pace
    }

    /// What the case must be before the plant fits.
    pub fn prepare(self, case: &mut Case, rng: &mut Rng) {
        match self {
            Plant::PostTooLow => case.amount = rng.i64(115..145) * 100_000,
            Plant::SplitFirst => case.amount = rng.i64(62..75) * 100_000,
            Plant::SplitSecond => case.amount = rng.i64(48..60) * 100_000,
            Plant::LossMissing | Plant::SharesShort | Plant::PromiseEarly if case.amount == 0 => case.amount = rng.i64(20..70) * 10_000,
            _ => {}
        }
        if self == Plant::ReturnUndecided {
            case.method = Method::Return;
            case.amount = case.amount.max(150_000);
        }
        if case.amount > 0 && case.method == Method::None {
            case.method = Method::Discount;
        }
        if matches!(self, Plant::PostTooLow | Plant::SplitFirst | Plant::SplitSecond) && case.method == Method::Return {
            case.method = Method::Compensation;
        }
        if self == Plant::LossMissing && case.method == Method::Rework {
            case.method = Method::Compensation;
        }
    }

    /// Bends the finished case.
    pub fn bend(self, case: &mut Case) {
        match self {
            Plant::PostTooLow => set_post(case, 0),
            Plant::SplitFirst | Plant::SplitSecond => set_post(case, 0),
            Plant::PromiseEarly => {
                if let Some(approval) = &mut case.approval {
                    approval.promised = approval.date - Days::new(2);
                }
            }
            Plant::OrderMissing => case.blank.extend(["订单编号", "料号"]),
            Plant::QuantityMissing => case.blank.push("不良数量"),
            Plant::MoreBadThanShipped => case.bad = case.quantity + 20,
            Plant::ProductionMissing => case.blank.extend(["机班别", "生产人员"]),
            Plant::DemandMissing => case.blank.push("客户要求"),
            Plant::NoSample => case.sample = false,
            Plant::OpinionMissing => case.blank.push("业务签注意见"),
            Plant::ReturnUndecided => case.blank.push("退换货数量"),
            Plant::LossMissing => {
                if let Some(loss) = &mut case.loss {
                    (loss.compensation, loss.discount, loss.price) = (None, None, None);
                }
            }
            Plant::SharesShort => {
                let second = if case.department == "质管部" { ("制造一部", "吴谷雨") } else { ("质管部", "卫寒露") };
                if let Some(loss) = &mut case.loss {
                    loss.shares = vec![(case.department, case.person, 60), (second.0, second.1, 30)];
                }
            }
            _ => {}
        }
    }
}

fn set_post(case: &mut Case, post: usize) {
    if let Some(approval) = &mut case.approval {
        approval.post = post.min(POSTS.len() - 1);
    }
}

pub fn fits(plant_days: (u32, u32), accepted: NaiveDate) -> bool {
    (plant_days.0..=plant_days.1).contains(&accepted.day())
}
