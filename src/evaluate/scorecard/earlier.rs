//! Scores of closed months that only the ledger knows.

use std::collections::BTreeSet;

use crate::evaluate::judged::Context;
use crate::evaluate::remembered::rule_name;
use crate::ledger::{Score, ScoreGiven, YearMonth};

/// Adds the scores from the widened horizon's first day on, of sorts and months of which the table has no score at all.
pub(super) fn with_ledger(
    context: &Context,
    wide: chrono::NaiveDate,
    mut entries: Vec<(Option<usize>, Score)>,
) -> Vec<(Option<usize>, Score)> {
    let (name, first) = (rule_name(context, &context.rule.head.id), context.horizon.period.first);
    let held: BTreeSet<(YearMonth, String)> =
        entries.iter().filter_map(|(_, score)| Some((YearMonth::of(score.day?), score.class.to_string()))).collect();
    let scores = context.prepared.history.scores.iter().filter(|given| given.rule == name && (wide..first).contains(&given.day));
    let missing = scores.filter(|given| !held.contains(&(YearMonth::of(given.day), given.class.clone())));
    entries.extend(missing.map(|given| (None, of_ledger(given))));
    entries
}

fn of_ledger(given: &ScoreGiven) -> Score {
    Score {
        person: given.person.clone(),
        class: given.class.as_str().into(),
        period: given.label.clone(),
        day: Some(given.day),
        score: given.score,
        why: if given.score.is_none() { "账本里没有得分".to_owned() } else { String::new() },
        ..Score::default()
    }
}
