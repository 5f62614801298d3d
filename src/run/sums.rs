//! Points, scores and totals of the month, for the ledger.

use super::{Job, Judged, Loaded};
use crate::diag::Diag;
use crate::evaluate;
use crate::ledger::store::Sums;
use crate::ledger::{PointsGiven, ScoreGiven};
use crate::rules::Kind;

/// What later months add up and compare with. The books are written by now: they noted the totals.
///
/// # Errors
/// A rule that fails inside.
pub(super) fn of(loaded: &Loaded, judged: &Judged, job: &Job) -> Result<Sums, Diag> {
    let mut sums = Sums { figures: judged.tallied.all(), ..Sums::default() };
    let (prepared, calendars, horizon) = (&loaded.prepared, &loaded.calendars, &job.horizon());
    for (pack, rule) in loaded.rules.rules() {
        let name = format!("{}/{}", pack.id, rule.head.id);
        match &rule.kind {
            Kind::Points(_) => {
                let book = evaluate::points(pack, rule, prepared, calendars, horizon)?;
                sums.points.extend(book.records.into_iter().filter_map(|record| {
                    let day = record.day.filter(|day| job.period.contains(*day))?;
                    let (rule, person, item) = (name.clone(), record.person, record.item);
                    Some(PointsGiven { rule, person, day, item, points: record.points, cause: record.cause })
                }));
            }
            Kind::Scorecard(_) => {
                let sheet = evaluate::scores(pack, rule, prepared, calendars, horizon)?;
                sums.scores.extend(sheet.scores.into_iter().filter_map(|score| {
                    let day = score.day.filter(|day| job.period.contains(*day))?;
                    let (rule, class) = (name.clone(), score.class.to_string());
                    Some(ScoreGiven { rule, person: score.person, class, label: score.period, day, score: score.score })
                }));
            }
            _ => {}
        }
    }
    Ok(sums)
}
