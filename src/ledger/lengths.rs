//! A limit, the time used and what is over, as one line tells them: in units that add up.

use super::Finding;
use crate::rules::{Quantity, Unit};

/// In words; empty what is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lengths {
    pub limit: String,
    pub elapsed: String,
    pub overrun: String,
}

impl Finding {
    /// Where a clock measured one of them all are hours and minutes: `0.5天（12小时）`, `50小时30分`, `38小时30分`.
    pub fn lengths(&self) -> Lengths {
        let told = [self.limit, self.elapsed, self.overrun];
        let by_clock = told.iter().flatten().count() > 1 && told.iter().flatten().any(|length| !length.is_round());
        let words = |length: Option<Quantity>| match length {
            Some(length) if by_clock => length.in_hours(),
            Some(length) => length.chinese(),
            None => String::new(),
        };
        let limit = match self.limit {
            // a limit stays as its clause writes it
            Some(limit) if by_clock && limit.unit == Unit::Day => format!("{}（{}）", limit.chinese(), limit.in_hours()),
            Some(limit) => limit.chinese(),
            None => String::new(),
        };
        Lengths { limit, elapsed: words(self.elapsed), overrun: words(self.overrun) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Outcome;
    use crate::rules::Severity;

    fn told(limit: &str, elapsed: (i64, Unit), overrun: (i64, Unit)) -> [String; 3] {
        let length = |(minutes, unit)| Some(Quantity::from_seconds(minutes * 60, unit));
        let bare = Finding::bare("r", "deadline", Outcome::Breached, Severity::Minor);
        let limit = Some(limit.parse().expect("a length"));
        let Lengths { limit, elapsed, overrun } = Finding { limit, elapsed: length(elapsed), overrun: length(overrun), ..bare }.lengths();
        [limit, elapsed, overrun]
    }

    #[test]
    fn what_a_clock_measured_adds_up_on_its_line() {
        let day = |minutes| (minutes, Unit::Day);
        assert_eq!(told("0.5d", day(50 * 60 + 30), day(38 * 60 + 30)), ["0.5天（12小时）", "50小时30分", "38小时30分"]);
        let hour = |minutes| (minutes, Unit::Hour);
        assert_eq!(told("24h", hour(110 * 60 + 49), hour(86 * 60 + 49)), ["24小时", "110小时49分", "86小时49分"]);
        // a tenth of an hour is no reason to tell one of them otherwise
        assert_eq!(told("24h", hour(60 * 60 + 20), hour(36 * 60 + 20)), ["24小时", "60小时20分", "36小时20分"]);
        let shift = |minutes| (minutes, Unit::WorkHour);
        assert_eq!(told("4wh", shift(5 * 60 + 20), shift(60 + 20)), ["4工作小时", "5工作小时20分", "1工作小时20分"]);
    }

    #[test]
    fn days_that_were_counted_stay_days() {
        assert_eq!(told("15d", (88 * 1440, Unit::Day), (73 * 1440, Unit::Day)), ["15天", "88天", "73天"]);
        assert_eq!(told("24h", (26 * 60, Unit::Hour), (2 * 60, Unit::Hour)), ["24小时", "26小时", "2小时"]);
    }
}
