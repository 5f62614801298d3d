//! Points, scores and totals of a run, from which later months add up and compare once the month is closed.

use rusqlite::{Row, params, types::Type};
use rust_decimal::Decimal;

use super::Turn;
use crate::diag::Diag;
use crate::ledger::{PointsGiven, ScoreGiven, Tally};

/// What a run says about people and cases in sum.
#[derive(Debug, Default)]
pub struct Sums {
    pub points: Vec<PointsGiven>,
    pub scores: Vec<ScoreGiven>,
    /// By statistic rule, `pack/rule`.
    pub figures: Vec<(String, Tally)>,
}

impl Turn {
    /// # Errors
    /// The ledger cannot be written.
    pub fn put_sums(&self, entry: i64, sums: &Sums) -> Result<(), Diag> {
        self.ask(|conn| {
            let sql = "INSERT INTO points (entry, line, rule, unit, person, day, item, points, cause, subject) \
                       VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)";
            let mut points = conn.prepare(sql)?;
            for (line, one) in (1i64..).zip(&sums.points) {
                let (unit, name, (cause, subject)) = (one.person.unit.as_str(), one.person.name.as_str(), &one.cause);
                points.execute(params![
                    entry,
                    line,
                    one.rule,
                    unit,
                    name,
                    one.day.to_string(),
                    one.item,
                    number(one.points),
                    cause,
                    subject
                ])?;
            }
            let sql = "INSERT INTO scores (entry, line, rule, unit, person, class, label, day, score) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)";
            let mut scores = conn.prepare(sql)?;
            for (line, one) in (1i64..).zip(&sums.scores) {
                let (unit, name) = (one.person.unit.as_str(), one.person.name.as_str());
                scores.execute(params![entry, line, one.rule, unit, name, one.class, one.label, one.day.to_string(), number(one.score)])?;
            }
            let sql =
                "INSERT INTO figures (entry, rule, cases, on_time, late, loss, timed, days, longest) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)";
            let mut figures = conn.prepare(sql)?;
            for (rule, tally) in &sums.figures {
                let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
                let Tally { count, on_time, late, loss, timed, days, longest } = tally;
                figures.execute(params![
                    entry,
                    rule,
                    whole(*count),
                    whole(*on_time),
                    whole(*late),
                    loss.to_string(),
                    whole(*timed),
                    days.to_string(),
                    longest.to_string()
                ])?;
            }
            Ok(())
        })
    }

    /// What a run said.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn sums_at(&self, entry: i64) -> Result<Sums, Diag> {
        self.ask(|conn| {
            let sql = "SELECT rule, unit, person, day, item, points, cause, subject FROM points WHERE entry = ?1 ORDER BY line";
            let points = conn.prepare(sql)?.query_map([entry], points_given)?.collect::<rusqlite::Result<_>>()?;
            let sql = "SELECT rule, unit, person, class, label, day, score FROM scores WHERE entry = ?1 ORDER BY line";
            let scores = conn.prepare(sql)?.query_map([entry], score_given)?.collect::<rusqlite::Result<_>>()?;
            let sql = "SELECT rule, cases, on_time, late, loss, timed, days, longest FROM figures WHERE entry = ?1 ORDER BY rule";
            let figures = conn.prepare(sql)?.query_map([entry], tally)?.collect::<rusqlite::Result<_>>()?;
            Ok(Sums { points, scores, figures })
        })
    }
}

fn points_given(row: &Row<'_>) -> rusqlite::Result<PointsGiven> {
    Ok(PointsGiven {
        rule: row.get(0)?,
        person: person(row, 1)?,
        day: read(row, 3)?,
        item: row.get(4)?,
        points: decimal(row, 5)?,
        cause: (row.get(6)?, row.get(7)?),
    })
}

fn score_given(row: &Row<'_>) -> rusqlite::Result<ScoreGiven> {
    Ok(ScoreGiven {
        rule: row.get(0)?,
        person: person(row, 1)?,
        class: row.get(3)?,
        label: row.get(4)?,
        day: read(row, 5)?,
        score: decimal(row, 6)?,
    })
}

fn tally(row: &Row<'_>) -> rusqlite::Result<(String, Tally)> {
    let whole = |column: usize| row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or_default());
    let tally = Tally {
        count: whole(1)?,
        on_time: whole(2)?,
        late: whole(3)?,
        loss: read(row, 4)?,
        timed: whole(5)?,
        days: read(row, 6)?,
        longest: read(row, 7)?,
    };
    Ok((row.get(0)?, tally))
}

fn person(row: &Row<'_>, first: usize) -> rusqlite::Result<crate::ledger::Person> {
    let (unit, name): (String, String) = (row.get(first)?, row.get(first + 1)?);
    Ok(crate::ledger::Person { unit: unit.as_str().into(), name: name.as_str().into() })
}

fn number(number: Option<Decimal>) -> String {
    number.map(|number| number.normalize().to_string()).unwrap_or_default()
}

fn decimal(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Decimal>> {
    if row.get_ref(column)?.as_str().is_ok_and(str::is_empty) { Ok(None) } else { read(row, column).map(Some) }
}

/// A day or a number that is kept as text.
fn read<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|e: T::Err| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, e.into()))
}
