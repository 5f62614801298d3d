//! Books of people: points added up, and scores. A department's copy is made as if there were nobody else.

mod awards;
mod bonus;
mod detail;
mod distribution;
mod forms;
mod points;
mod raters;
mod stability;
mod summary;
mod year;

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::sheet::{Cached, Cell, Sheet, Style, Value};
use super::{Book, Month, wording};
use crate::ledger::{Person, Score, ScoreSheet, YearScore};
use crate::rules::kinds::{AwardOf, Card, Kind, Layout, ScoreBook, ScoreBooks, Scorecard, SentTo, Statistic};
use crate::rules::{Pack, Rule};

/// A book's statistic, and whose people it shows.
#[derive(Clone)]
struct Of<'m> {
    month: &'m Month<'m>,
    pack: &'m Pack,
    rule: &'m Rule,
    statistic: &'m Statistic,
    /// `None`: everybody.
    unit: Option<String>,
}

impl<'m> Of<'m> {
    fn takes(&self, person: &Person) -> bool {
        self.unit.as_ref().is_none_or(|unit| person.unit == *unit)
    }

    /// Title, period, clause, and whose copy it is.
    fn heading(&self, sheet: &mut Sheet<'_>, title: &str) {
        let unit = self.unit.as_ref().map(|unit| format!(" · {unit}")).unwrap_or_default();
        wording::heading(sheet, self.month, &format!("{title}{unit}"));
        sheet.wide(format!("依据：{}", self.statistic.clause), Style::Subtitle);
    }

    /// How the rule reads the clause.
    fn notes(&self, sheet: &mut Sheet<'_>, judged: &Rule) {
        for note in self.rule.head.note.iter().chain(&judged.head.note) {
            sheet.wide(format!("口径：{note}"), Style::Note);
        }
    }
}

/// A book of scores with the rule behind it.
#[derive(Clone)]
struct Scores<'m> {
    of: Of<'m>,
    book: &'m ScoreBook,
    judged: &'m Rule,
    scorecard: &'m Scorecard,
    sheet: &'m ScoreSheet,
}

impl<'m> Scores<'m> {
    /// The card in force at the end of the period.
    fn card(&self) -> Option<&'m Card> {
        self.scorecard.cards.on(self.of.month.period.last).or(self.scorecard.cards.versions.first()).map(|version| &version.body)
    }

    /// Of the period, of the sort that the book asks for.
    fn scores(&self) -> Vec<&'m Score> {
        let class = self.book.class.as_deref();
        let own = self.sheet.scores.iter().filter(|score| self.of.takes(&score.person));
        own.filter(|score| class.is_none_or(|class| score.class == *class)).collect()
    }

    fn years(&self) -> Vec<&'m YearScore> {
        self.sheet.years.iter().filter(|year| self.of.takes(&year.person)).collect()
    }

    /// Whether there is anything to be made of it now.
    fn is_due(&self) -> bool {
        let Some(card) = self.card() else { return false };
        let yearly = match self.book.book {
            ScoreBooks::Year => true,
            ScoreBooks::Awards => card.awards.iter().any(|award| award.of == AwardOf::Year),
            ScoreBooks::Forms | ScoreBooks::Summary | ScoreBooks::Bonus => {
                self.book.class.as_deref().is_some_and(|class| card.is_yearly(class))
            }
        };
        !yearly || ends_a_year(self.of.month)
    }

    fn sheets(&self) -> Vec<Sheet<'m>> {
        let Some(card) = self.card() else { return Vec::new() };
        match self.book.book {
            ScoreBooks::Forms => forms::sheets(self),
            ScoreBooks::Summary => summary::sheets(self, card),
            ScoreBooks::Year => year::sheets(self, card),
            ScoreBooks::Awards => vec![awards::sheet(self, card)],
            ScoreBooks::Bonus => bonus::sheets(self, card),
        }
    }

    fn units(&self) -> BTreeSet<String> {
        let people = self.sheet.scores.iter().map(|score| &score.person).chain(self.sheet.years.iter().map(|year| &year.person));
        named(people)
    }
}

fn named<'p>(people: impl Iterator<Item = &'p Person>) -> BTreeSet<String> {
    people.filter(|person| !person.unit.is_empty()).map(|person| person.unit.to_string()).collect()
}

fn ends_a_year(month: &Month<'_>) -> bool {
    let period = month.period;
    (period.first.year()..=period.last.year()).any(|year| NaiveDate::from_ymd_opt(year, 12, 31).is_some_and(|day| period.contains(day)))
}

/// Statistics in use, with what a book of each is made from.
fn statistics<'m>(month: &'m Month<'m>) -> impl Iterator<Item = (Of<'m>, &'m Rule)> {
    month.rules.rules().filter(|(_, rule)| !rule.is_at_rest()).filter_map(move |(pack, rule)| {
        let Kind::Statistic(statistic) = &rule.kind else { return None };
        let of = Of { month, pack, rule, statistic, unit: None };
        let judged = pack.rules.iter().find(|known| Some(known.head.id.as_str()) == statistic.people_of())?;
        is_kept(month, &judged.kind).then_some((of, judged))
    })
}

fn every_score<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Scores<'m>> {
    statistics(month).filter_map(move |(of, judged)| {
        let (Layout::Scores(book), Kind::Scorecard(scorecard)) = (&of.statistic.layout, &judged.kind) else { return None };
        let (.., sheet) = month.scores.iter().find(|(pack, rule, _)| pack.id == of.pack.id && rule.head.id == judged.head.id)?;
        Some(Scores { of, book, judged, scorecard, sheet }).filter(Scores::is_due)
    })
}

fn every_sum<'m>(month: &'m Month<'m>) -> impl Iterator<Item = points::Sums<'m>> {
    statistics(month).filter_map(move |(of, judged)| {
        let Kind::Points(points) = &judged.kind else { return None };
        let (.., book) = month.points.iter().find(|(pack, rule, _)| pack.id == of.pack.id && rule.head.id == judged.head.id)?;
        Some(points::Sums { of, judged, points, book })
    })
}

/// A company that does not keep the table gets no book of it.
fn is_kept(month: &Month<'_>, kind: &Kind) -> bool {
    let table = kind.dataset().and_then(|dataset| month.tables.get(dataset));
    table.is_some_and(|table| table.frame.height() > 0)
}

/// One book a statistic.
pub fn books<'m>(month: &'m Month<'m>) -> impl Iterator<Item = Book<'m>> {
    let sums = every_sum(month).map(move |sums| {
        let (title, send) = (&sums.of.rule.head.title, &sums.of.statistic.send);
        Book::new(title, move || Ok(sums.sheets())).sent_to(send)
    });
    let scores = every_score(month).map(move |scores| {
        let (title, send) = (&scores.of.rule.head.title, &scores.of.statistic.send);
        Book::new(title, move || Ok(scores.sheets())).sent_to(send)
    });
    sums.chain(scores)
}

/// Each department with its own people, of the books that are sent so.
pub fn parts<'m>(month: &'m Month<'m>) -> Vec<(String, Book<'m>)> {
    let divided = |statistic: &Statistic| statistic.send.iter().any(|to| matches!(to, SentTo::Each(_)));
    let mut parts = Vec::new();
    for sums in every_sum(month).filter(|sums| divided(sums.of.statistic)) {
        let title = &sums.of.rule.head.title;
        for unit in sums.units() {
            let own = points::Sums { of: Of { unit: Some(unit.clone()), ..sums.of.clone() }, ..sums.clone() };
            parts.push((unit, Book::new(title, move || Ok(own.sheets()))));
        }
    }
    for scores in every_score(month).filter(|scores| divided(scores.of.statistic)) {
        let title = &scores.of.rule.head.title;
        for unit in scores.units() {
            let own = Scores { of: Of { unit: Some(unit.clone()), ..scores.of.clone() }, ..scores.clone() };
            parts.push((unit, Book::new(title, move || Ok(own.sheets()))));
        }
    }
    parts
}

/// A row in the looks of the columns.
fn line<'m>(sheet: &mut Sheet<'m>, values: impl IntoIterator<Item = Value<'m>>) {
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
    sheet.push(cells);
}

/// Headings that stay in sight and are repeated on each page; the one-based row of the first line below them.
fn header(sheet: &mut Sheet<'_>) -> usize {
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    sheet.next_row() + 1
}

/// A formula where there is a value, and where the formula says just that.
fn figured(text: String, says: Option<Decimal>, value: Option<Decimal>) -> Value<'static> {
    match value {
        Some(value) if says == Some(value) => Value::formula(text, Cached::Number(value)),
        value => Value::number(value),
    }
}

/// `第 1 名`'s number by a formula: how many are above, and one.
fn place(column: &str, row: usize, first: usize, last: usize, place: Option<usize>) -> Value<'static> {
    let Some(place) = place else { return Value::Blank };
    let text = format!("RANK({column}{row},${column}${first}:${column}${last})");
    Value::formula(text, Cached::Number(Decimal::from(place)))
}

/// Grade and titles of a score.
fn earned(card: &Card, score: Decimal, parts: &[Option<Decimal>]) -> String {
    let grade = card.grade(score).map(|grade| grade.name.as_str());
    let of_parts = parts.iter().enumerate().filter_map(|(at, mark)| Some((at, (*mark)?)));
    let of_parts = of_parts.flat_map(|(at, mark)| card.awarded(AwardOf::Part(at), mark));
    grade.into_iter().chain(card.awarded(AwardOf::Score, score)).chain(of_parts).collect::<Vec<_>>().join("、")
}
