//! What a supervisor bears along with somebody else's fine.

use crate::ledger::{Charge, Finding, Outcome, Shared};

/// The supervisor's own finding; `None` where nobody else is liable, or nothing is charged yet.
pub(super) fn borne(finding: &Finding) -> Option<Finding> {
    let charge = finding.charge.as_deref().filter(|charge| charge.held.is_none() && charge.for_whom.is_none())?;
    let joint = charge.joint.as_ref().filter(|_| finding.outcome == Outcome::Breached && !finding.suspected)?;
    let for_whom = finding.person.clone();
    let unknown = match (joint.who.is_empty(), joint.amount, joint.open) {
        (true, ..) => Some(format!("{for_whom}的罚扣由主管连带，「{}」没有填", joint.field)),
        (false, None, None) => Some(format!("主管{}的连带额{}", joint.who, joint.derivation)),
        _ => None,
    };
    let message = match &unknown {
        Some(why) => format!("无法判定：{why}"),
        None => format!("{for_whom}的罚扣由主管{}连带：{}", joint.who, joint.derivation),
    };
    let own =
        Charge { day: charge.day, open: joint.open, derivation: joint.derivation.clone(), for_whom: Some(for_whom), ..Charge::default() };
    Some(Finding {
        outcome: if unknown.is_some() { Outcome::Indeterminate } else { Outcome::Breached },
        person: if joint.who.is_empty() { Shared::default() } else { joint.who.clone() },
        amount: joint.amount.filter(|_| unknown.is_none()),
        charge: unknown.is_none().then(|| Box::new(own)),
        message,
        fault: "主管连带".to_owned(),
        ..finding.clone()
    })
}
