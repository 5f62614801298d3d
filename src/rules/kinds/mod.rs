//! One file a rule kind: the checked type, its as-written twin, its checks, its Chinese sentence.

mod approval;
mod deadline;
mod derive;
mod notice;
mod penalty;
mod require;
mod sending;
mod sequence;
mod statistic;

pub(super) use approval::WrittenApproval;
pub use approval::{Approval, ApprovalRow, ApprovalTable, Hit, Promise, Split};
pub(super) use deadline::WrittenDeadline;
pub use deadline::{Deadline, DeadlineNotices, LimitRow, Pause};
pub(super) use derive::WrittenDerive;
pub use derive::{Apportion, Derive};
pub(super) use notice::WrittenNotice;
pub use notice::{FormBlock, FormColumn, FormCopy, FormRows, Notice};
pub(super) use penalty::WrittenPenalty;
pub use penalty::{Base, Penalty, PenaltyRow, Sanction};
pub(super) use require::WrittenRequire;
pub use require::{Require, RequireRow};
pub use sending::SentTo;
pub(super) use sequence::WrittenSequence;
pub use sequence::{Numbering, Sequence, Token};
pub(super) use statistic::WrittenStatistic;
pub use statistic::{Layout, Loss, Stations, Statistic};

/// A checked rule's body.
#[derive(Debug, Clone)]
pub enum Kind {
    Deadline(Deadline),
    Approval(Approval),
    Require(Require),
    Sequence(Sequence),
    Derive(Derive),
    Penalty(Penalty),
    Notice(Notice),
    Statistic(Statistic),
}

impl Kind {
    /// As in the rule files and the csv outputs.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Deadline(_) => "deadline",
            Kind::Approval(_) => "approval",
            Kind::Require(_) => "require",
            Kind::Sequence(_) => "sequence",
            Kind::Derive(_) => "derive",
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
            Kind::Require(require) => Some(&require.dataset),
            Kind::Sequence(sequence) => Some(&sequence.dataset),
            Kind::Derive(derive) => Some(&derive.dataset),
            Kind::Penalty(penalty) => Some(penalty.base.dataset()),
            Kind::Statistic(statistic) => Some(&statistic.dataset),
            Kind::Notice(notice) => notice.rows.as_ref().map(|rows| rows.dataset.as_str()),
        }
    }
}
