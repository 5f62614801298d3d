//! One file a rule kind: the checked type, its as-written twin, its checks, its Chinese sentence.

mod approval;
mod copies;
mod deadline;
mod derive;
mod duty;
mod frequency;
mod link;
mod notice;
mod order;
mod penalty;
mod points;
mod ratio;
mod reconcile;
mod require;
mod scorecard;
mod sending;
mod sequence;
mod signing;
mod statistic;

pub(super) use approval::WrittenApproval;
pub use approval::{Approval, ApprovalRow, ApprovalTable, Hit, Promise, Split};
pub use copies::{Copies, Slip};
pub(super) use deadline::WrittenDeadline;
pub use deadline::{Deadline, DeadlineNotices, LimitRow, Pause};
pub(super) use derive::WrittenDerive;
pub use derive::{Apportion, Derive};
pub(super) use duty::WrittenDuty;
pub use duty::{Duty, Each, Term};
pub(super) use frequency::WrittenFrequency;
pub use frequency::{Age, Ask, EventSource, Events, Frequency, Subjects, Trigger, Window, Within};
pub use link::Link;
pub(super) use notice::WrittenNotice;
pub use notice::{FormBlock, FormColumn, FormCopy, FormRows, Notice};
pub(super) use order::WrittenOrder;
pub use order::{Log, Need, Order, Stop};
pub(super) use penalty::WrittenPenalty;
pub use penalty::{Amount, Base, Joint, JointReading, Lookback, Penalty, PenaltyRow, Sanction, Terms, Times, Wage};
pub(super) use points::WrittenPoints;
pub use points::{Accumulation, Given, Item, Points, Reached, Schedule};
pub(super) use ratio::WrittenRatio;
pub use ratio::{Measured, Part, Ratio, target_words};
pub(super) use reconcile::WrittenReconcile;
pub use reconcile::{Figure, Margin, Margins, Reconcile};
pub(super) use require::WrittenRequire;
pub use require::{Require, RequireRow};
pub(super) use scorecard::WrittenScorecard;
pub use scorecard::{AwardOf, Block, Card, CardItem, CardPart, MarkSource, Piece, Scorecard};
pub use sending::SentTo;
pub(super) use sequence::WrittenSequence;
pub use sequence::{Numbering, Sequence, Token};
pub use signing::{Signer, Signing};
pub(super) use statistic::WrittenStatistic;
pub use statistic::{
    Confirm, DAYS, Dues, GroupBy, LOSS, Layout, Listed, Loss, LossTable, MONTH, ON_TIME, PointsBook, ScoreBook, ScoreBooks, Section, Shown,
    StationTimes, Stations, Statistic,
};

/// A checked rule's body.
#[derive(Debug, Clone)]
pub enum Kind {
    Deadline(Deadline),
    Approval(Approval),
    /// An `[[approval]]` by several signers.
    Signing(Signing),
    Require(Require),
    Sequence(Sequence),
    Order(Order),
    Derive(Derive),
    Duty(Duty),
    Frequency(Box<Frequency>),
    Reconcile(Reconcile),
    Ratio(Ratio),
    Points(Points),
    Scorecard(Box<Scorecard>),
    Penalty(Penalty),
    Notice(Notice),
    Statistic(Statistic),
}

impl Kind {
    /// As in the rule files and the csv outputs.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Deadline(_) => "deadline",
            Kind::Approval(_) | Kind::Signing(_) => "approval",
            Kind::Require(_) => "require",
            Kind::Sequence(_) => "sequence",
            Kind::Order(_) => "order",
            Kind::Derive(_) => "derive",
            Kind::Duty(_) => "duty",
            Kind::Frequency(_) => "frequency",
            Kind::Reconcile(_) => "reconcile",
            Kind::Ratio(_) => "ratio",
            Kind::Points(_) => "points",
            Kind::Scorecard(_) => "scorecard",
            Kind::Penalty(_) => "penalty",
            Kind::Notice(_) => "notice",
            Kind::Statistic(_) => "statistic",
        }
    }

    /// The dataset whose rows it looks at.
    pub fn dataset(&self) -> Option<&str> {
        match self {
            Kind::Deadline(deadline) => Some(&deadline.dataset),
            Kind::Approval(approval) => Some(&approval.dataset),
            Kind::Signing(signing) => Some(&signing.dataset),
            Kind::Require(require) => Some(&require.dataset),
            Kind::Sequence(sequence) => Some(&sequence.dataset),
            Kind::Order(order) => Some(&order.dataset),
            Kind::Derive(derive) => Some(&derive.dataset),
            Kind::Duty(duty) => Some(&duty.dataset),
            Kind::Frequency(frequency) => Some(&frequency.dataset),
            Kind::Reconcile(reconcile) => Some(&reconcile.dataset),
            Kind::Ratio(ratio) => Some(ratio.dataset()),
            Kind::Points(points) => Some(&points.dataset),
            Kind::Scorecard(card) => Some(&card.dataset),
            Kind::Penalty(penalty) => Some(penalty.base.dataset()),
            Kind::Statistic(statistic) => Some(&statistic.dataset),
            Kind::Notice(notice) => notice.rows.as_ref().map(|rows| rows.dataset.as_str()),
        }
    }

    /// Every dataset that it reads, its own first; one may stand twice.
    pub fn datasets(&self) -> Vec<&str> {
        let beside: Vec<&str> = match self {
            Kind::Deadline(deadline) => deadline.pause.iter().map(|pause| pause.dataset.as_str()).collect(),
            Kind::Require(require) => {
                require.rows.versions.iter().flat_map(|version| &version.body).flat_map(RequireRow::datasets).collect()
            }
            Kind::Frequency(frequency) => vec![&frequency.events.dataset],
            Kind::Ratio(ratio) => ratio.parts().map(|part| part.dataset.as_str()).collect(),
            Kind::Penalty(penalty) => penalty.wage.iter().filter_map(|wage| wage.link.as_ref()).map(|link| link.dataset.as_str()).collect(),
            Kind::Statistic(statistic) => statistic.layout.datasets(),
            Kind::Approval(_)
            | Kind::Signing(_)
            | Kind::Sequence(_)
            | Kind::Order(_)
            | Kind::Derive(_)
            | Kind::Duty(_)
            | Kind::Reconcile(_)
            | Kind::Points(_)
            | Kind::Scorecard(_)
            | Kind::Notice(_) => Vec::new(),
        };
        self.dataset().into_iter().chain(beside).collect()
    }
}
