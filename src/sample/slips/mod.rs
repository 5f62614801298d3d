//! Slips of the pen in the records that go with a case: what is left out, out of order, or by the wrong department.

mod cases;
mod lines;

use fastrand::Rng;

use super::case::Case;
use super::office::Office;
use super::record::Record;
use super::table::Ledger;

/// One slip: what it breaks, and in the records of which cases.
struct Slip<T: ?Sized + 'static> {
    /// Ids of the rules that it breaks.
    rules: &'static [&'static str],
    /// One is made in each of these months.
    months: &'static [u32],
    /// The month that a record belongs to.
    month: fn(&T) -> Option<u32>,
    fits: fn(&T) -> bool,
    spoil: fn(&mut T),
}

/// Spoils registers, routes, approvals and losses; each case has one thing wrong at most.
pub fn in_cases(office: &mut Office, rng: &mut Rng) {
    let mut taken: Vec<String> = office.planted.iter().map(|(number, _)| number.clone()).collect();
    for slip in cases::SLIPS {
        for month in slip.months {
            let fit = |case: &Case| {
                (slip.month)(case) == Some(*month) && case.closed_in_time() && !taken.contains(&case.number) && (slip.fits)(case)
            };
            let free: Vec<(usize, usize)> = office
                .months
                .iter()
                .enumerate()
                .flat_map(|(at, cases)| cases.iter().enumerate().filter(|(_, case)| fit(case)).map(move |(index, _)| (at, index)))
                .collect();
            if free.is_empty() {
                continue;
            }
            let (at, index) = free[rng.usize(0..free.len())];
            let case = &mut office.months[at][index];
            (slip.spoil)(case);
            taken.push(case.number.clone());
            let subject = case.number.clone();
            office.slips.extend(slip.rules.iter().map(|rule| (subject.clone(), *rule)));
        }
    }
}

/// Spoils a ledger; each row has one thing wrong at most, and each subject.
pub fn in_ledger(office: &mut Office, ledger: Ledger, rng: &mut Rng) {
    let mut taken: Vec<String> = Vec::new();
    let records = office.ledgers.entry(ledger).or_default();
    for slip in lines::SLIPS.iter().filter(|(of, _)| *of == ledger).flat_map(|(_, slips)| *slips) {
        for month in slip.months {
            let fit = |record: &Record| (slip.month)(record) == Some(*month) && !taken.contains(&record.subject) && (slip.fits)(record);
            let free: Vec<usize> = (0..records.len()).filter(|at| fit(&records[*at])).collect();
            if free.is_empty() {
                continue;
            }
            let record = &mut records[free[rng.usize(0..free.len())]];
            (slip.spoil)(record);
            taken.push(record.subject.clone());
            // what is not there is missed by its case
            let case = record.said("客诉编号");
            let subject = if record.is_gone && !case.is_empty() { case } else { &record.subject };
            office.slips.extend(slip.rules.iter().map(|rule| (subject.to_owned(), *rule)));
        }
    }
}
