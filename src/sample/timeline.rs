//! When a case is at which desk. Everybody is in time unless a plant says otherwise.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use fastrand::Rng;

use super::case::{Case, Station, desk};

/// What decides a route. Hours are clock hours at the desk, days are date differences.
#[derive(Debug, Clone)]
pub struct Pace {
    pub first_hours: i64,
    pub quality_days: u64,
    pub workshop_days: u64,
    /// `None`: 研发部 is not asked.
    pub research_days: Option<u64>,
    pub sales_days: u64,
    pub opinion_hours: i64,
    pub answer_days: u64,
    pub report_days: u64,
    /// Last station that the case reached and never left.
    pub stuck_at: Option<usize>,
}

impl Pace {
    /// Comfortably inside every limit, Sundays included: at home at most 14 days of 15, abroad at most 17 of 20.
    pub fn comfortable(abroad: bool, rng: &mut Rng) -> Self {
        Self {
            first_hours: rng.i64(1..=5),
            quality_days: rng.u64(1..=3),
            workshop_days: rng.u64(1..=2),
            research_days: (rng.u32(0..4) == 0).then_some(1),
            sales_days: if abroad { rng.u64(2..=5) } else { rng.u64(1..=2) },
            opinion_hours: rng.i64(1..=5),
            answer_days: rng.u64(1..=3),
            report_days: rng.u64(1..=2),
            stuck_at: None,
        }
    }
}

/// Sets stations, investigation, report and closing of `case` from its day of acceptance.
pub fn walk(case: &mut Case, pace: &Pace, rng: &mut Rng) {
    let mut stations = Vec::new();
    let morning = |day: NaiveDate, rng: &mut Rng| at(day, rng.u32(8 * 60 + 30..10 * 60 + 30));
    let mut now = morning(case.accepted, rng);
    let mut stuck = false;
    for seat in 1..=7 {
        let sent = match seat {
            1 => now + TimeDelta::hours(pace.first_hours) + TimeDelta::minutes(rng.i64(0..50)),
            6 => now + TimeDelta::hours(pace.opinion_hours) + TimeDelta::minutes(rng.i64(0..50)),
            4 => match pace.research_days {
                None => continue,
                Some(days) => morning(later(now.date(), days), rng),
            },
            _ => {
                let days = [pace.quality_days, pace.workshop_days, 0, pace.sales_days, 0, pace.answer_days][seat - 2];
                morning(later(now.date(), days), rng)
            }
        };
        stuck = pace.stuck_at == Some(seat);
        stations.push(Station { seat, desk: desk(seat), received: now, sent: (!stuck).then_some(sent) });
        if seat == 2 {
            case.investigated = sent.date();
            case.reported = later(sent.date(), pace.report_days);
        }
        if stuck {
            break;
        }
        now = sent + TimeDelta::minutes(rng.i64(5..40));
    }
    case.closed = if stuck { None } else { stations.last().and_then(|s| s.sent).map(|sent| sent.date()) };
    case.stations = stations;
}

/// `days` on; a Sunday becomes Monday.
pub fn later(day: NaiveDate, days: u64) -> NaiveDate {
    let day = day + Days::new(days);
    if day.weekday() == Weekday::Sun { day + Days::new(1) } else { day }
}

fn at(day: NaiveDate, minute: u32) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute))
}
