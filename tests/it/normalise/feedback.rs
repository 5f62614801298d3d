//! Rows that were set aside, mended, and fed back.

use super::feed::*;
use kesu::normalise::{FEEDBACK, Normalised};
use kesu::rules::FieldType;

fn bad_book() -> Book {
    Book::default().sheet("1", ["编号|值|天气", "1|abc|晴", "2|6|雨"].map(texts).into())
}

/// The sheet of mended rows as it is written: three columns first, then the original heading.
fn mended(found: &Normalised, file: &str, place: &str, mend: impl Fn(&str) -> String) -> Book {
    let heading = FEEDBACK.iter().copied().chain(found.headers[0].1.iter().map(String::as_str)).map(t).collect();
    let reject = &found.rejects[0];
    let cells = [reject.problems[0].2.as_str(), file, place].map(t).into_iter().chain(reject.cells.iter().map(|c| t(&mend(c)))).collect();
    Book::default().sheet("样表", vec![heading, cells])
}

#[test]
fn a_mended_row_is_used_and_the_row_it_mends_is_settled() {
    let dataset = sample(field("值", FieldType::Money));
    let first = read(&[("a.xlsx", bad_book())], std::slice::from_ref(&dataset));
    let back = mended(&first, "a.xlsx", "[1]!B2", |c| c.replace("abc", "5"));
    let found = read(&[("a.xlsx", bad_book()), ("待修正.xlsx", back)], &[dataset]);
    assert_eq!(errors(&found), []);
    assert_eq!(column(&found, "样表", "值"), ["6.0000", "5.0000"]);
    assert_eq!(found.rejects.iter().map(|r| (r.source, r.row, r.resolved)).collect::<Vec<_>>(), [(0, 2, true)]);
    assert!(found.diags.iter().all(|d| !FEEDBACK.iter().any(|name| d.message.contains(name))));
}

#[test]
fn a_row_fed_back_without_being_mended_is_set_aside_again() {
    let dataset = sample(field("值", FieldType::Money));
    let first = read(&[("a.xlsx", bad_book())], std::slice::from_ref(&dataset));
    let back = mended(&first, "a.xlsx", "[1]!B2", str::to_owned);
    let found = read(&[("a.xlsx", bad_book()), ("待修正.xlsx", back)], &[dataset]);
    assert_eq!(found.rejects.iter().map(|r| (r.source, r.resolved)).collect::<Vec<_>>(), [(0, false), (1, false)]);
    assert_eq!(found.rejects[1].cells, found.rejects[0].cells);
    assert_eq!(found.headers[1].1, found.headers[0].1);
}

#[test]
fn a_repeated_key_is_settled_by_the_place_that_the_mended_row_names() {
    let dataset = sample(field("值", FieldType::Money));
    let book = || Book::default().sheet("1", ["编号|值", "1|5", "1|6"].map(texts).into());
    let first = read(&[("in/a.xlsx", book())], std::slice::from_ref(&dataset));
    assert!(!first.rejects[0].resolved);
    let back = mended(&first, "in/a.xlsx", "1 第 3 行", |c| if c == "1" { "3".to_owned() } else { c.to_owned() });
    let found = read(&[("in/a.xlsx", book()), ("待修正.xlsx", back)], &[dataset]);
    assert_eq!(column(&found, "样表", "编号"), ["1", "3"]);
    assert!(found.rejects[0].resolved);
}
