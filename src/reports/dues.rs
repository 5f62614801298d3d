//! 应做已做: what was owed, by thing and unit, and how much of it was done; below it every single thing with its day.

mod detail;
mod table;

use super::{Book, Month, RuleResult, Sheet};
use crate::diag::Diag;
use crate::ledger::{Figures, Finding, Outcome};
use crate::reports::sheet::ALERT;
use crate::rules::kinds::{Dues, Kind, Layout, Statistic};
use crate::rules::{Pack, Rule};

/// One book a statistic of dues, unless the company keeps none of the tables that show what was done, or nothing was due,
/// done or on its way.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    month.rules.rules().filter_map(move |(pack, rule)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let Layout::Dues(dues) = &statistic.layout else { return None };
        if rule.is_at_rest() || !dues.datasets.iter().any(|dataset| month.tables.get(dataset).is_some_and(|table| table.frame.height() > 0))
        {
            return None;
        }
        let plan = Plan { month, pack, rule, statistic, dues };
        if plan.results().all(|result| ASKED.iter().all(|outcome| result.counts.of(*outcome) == 0)) {
            return None;
        }
        Some(Book::new(&rule.head.title, move || plan.sheets()).sent_to(&statistic.send))
    })
}

#[derive(Clone, Copy)]
struct Plan<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    dues: &'m Dues,
}

/// What became of one thing that was owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Done,
    Late,
    Missing,
    TooOften,
    Unknown,
    /// Not due yet: not owed by now.
    Ahead,
}

impl State {
    const ALL: [State; 6] = [State::Done, State::Late, State::Missing, State::TooOften, State::Unknown, State::Ahead];

    /// `None`: nothing was asked.
    fn of(finding: &Finding) -> Option<Self> {
        match finding.outcome {
            _ if finding.suspected => None,
            Outcome::Met => Some(State::Done),
            Outcome::Indeterminate => Some(State::Unknown),
            Outcome::Pending => Some(State::Ahead),
            Outcome::NotApplicable => None,
            Outcome::Breached => Some(match finding.figures.as_deref() {
                Some(Figures::Times { done, least, .. }) if least.is_none_or(|least| *done >= least as usize) => State::TooOften,
                Some(Figures::Times { .. }) => State::Missing,
                _ if finding.stop.is_some() => State::Late,
                _ => State::Missing,
            }),
        }
    }

    fn title(self) -> &'static str {
        match self {
            State::Done => "已做",
            State::Late => "迟做",
            State::Missing => "缺",
            State::TooOften => "超次",
            State::Unknown => "无法判定",
            State::Ahead => "未到期",
        }
    }

    /// As its cell shows it; what is missing is seen without colour, too.
    fn shown(self) -> String {
        if self == State::Missing { format!("{ALERT} {}", self.title()) } else { self.title().to_owned() }
    }
}

/// One thing owed.
struct Due {
    /// Number of its line in the table, from 1.
    line: usize,
    state: State,
    title: String,
    finding: Finding,
}

/// One line of the table: a rule and a unit.
struct Line {
    title: String,
    unit: String,
    counts: [u64; State::ALL.len()],
}

/// Outcomes of what was owed or will be.
const ASKED: [Outcome; 4] = [Outcome::Met, Outcome::Breached, Outcome::Indeterminate, Outcome::Pending];
const NOBODY: &str = "（未写明）";

impl<'m> Plan<'m> {
    fn sheets(&self) -> Result<Vec<Sheet<'m>>, Diag> {
        let (lines, dues) = self.gather()?;
        let detail = detail::build(self, dues);
        Ok(vec![table::build(self, &lines, &detail), detail.sheet])
    }

    /// What became of the rules, in their order.
    fn results(&self) -> impl Iterator<Item = &'m RuleResult<'m>> {
        let (month, pack) = (self.month, self.pack);
        let result = move |id: &'m String| month.results.iter().find(move |r| r.pack.id == pack.id && r.rule.head.id == *id);
        self.dues.rules.iter().filter_map(result)
    }

    /// Lines in order of the rules, in each by unit; things in order of the days on which they fall due.
    fn gather(&self) -> Result<(Vec<Line>, Vec<Due>), Diag> {
        let (mut lines, mut dues): (Vec<Line>, Vec<Due>) = (Vec::new(), Vec::new());
        for named in self.results() {
            let title = &named.rule.head.title;
            let mut own: Vec<(String, State, Finding)> = Vec::new();
            for finding in self.month.every_verdict.of(named.pack, named.rule)? {
                let Some(state) = State::of(&finding) else { continue };
                let unit = [&finding.unit, &finding.person].into_iter().find(|name| !name.is_empty()).map_or(NOBODY, |name| name.as_str());
                own.push((unit.to_owned(), state, finding));
            }
            let mut units: Vec<&str> = own.iter().map(|(unit, ..)| unit.as_str()).collect();
            units.sort_unstable();
            units.dedup();
            let first = lines.len();
            lines.extend(units.iter().map(|unit| Line { title: title.clone(), unit: (*unit).to_owned(), counts: Default::default() }));
            for (unit, state, finding) in own {
                let at = first + lines[first..].partition_point(|line| line.unit < unit);
                lines[at].counts[state as usize] += 1;
                dues.push(Due { line: at + 1, state, title: title.clone(), finding });
            }
        }
        dues.sort_by_cached_key(|due| (due.finding.due.is_none(), due.finding.due.map(|day| day.to_string()), due.line));
        Ok((lines, dues))
    }
}
