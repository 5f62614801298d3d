//! Scores beside each other: how far a weight may be moved before two people change places.

use kesu::dispose::scores::{Contest, Interval, intervals};
use kesu::rules::Fraction;
use proptest::prelude::*;

fn part(number: i64, of: i64) -> Fraction {
    Fraction::whole(number).by(Fraction::whole(of)).unwrap()
}

fn contest(weights: &[i64], people: &[&[i64]]) -> Contest {
    let whole = weights.iter().sum();
    Contest {
        weights: weights.iter().map(|weight| part(*weight, whole)).collect(),
        people: people.iter().map(|values| (values.iter().map(|value| part(*value, 100)).collect(), Fraction::ZERO)).collect(),
    }
}

/// Whether all pairs that are apart at the weights as they are stand so at another one, too: apart, or at least not the other way
/// round.
fn holds(contest: &Contest, weight: usize, value: Fraction, apart: bool) -> bool {
    let scores =
        |value| -> Vec<Fraction> { (0..contest.people.len()).map(|person| contest.score(person, weight, value).unwrap()).collect() };
    let (now, then) = (scores(contest.weights[weight]), scores(value));
    (0..now.len())
        .all(|one| (0..now.len()).all(|other| now[one] <= now[other] || then[one] > then[other] || !apart && then[one] == then[other]))
}

#[test]
fn two_people_change_places_where_their_scores_are_equal() {
    // 甲 90 and 60, 乙 70 and 80: level where 90w + 60(1 - w) = 70w + 80(1 - w), at a half
    let contest = contest(&[60, 40], &[&[9000, 6000], &[7000, 8000]]);
    let found = intervals(&contest).unwrap();
    assert_eq!((found[0].low, found[0].high), (part(1, 2), Fraction::ONE));
    assert_eq!((found[0].below.len(), found[0].below[0].ahead, found[0].below[0].behind), (1, 0, 1));
    assert_eq!((found[1].low, found[1].high), (Fraction::ZERO, part(1, 2)));
    assert!(found[0].above.is_empty() && found[1].below.is_empty());
}

#[test]
fn who_is_better_in_everything_stays_ahead_whatever_the_weights() {
    let found = intervals(&contest(&[20, 20, 30, 30], &[&[1900, 1900, 2900, 2900], &[1500, 1500, 2500, 2500]])).unwrap();
    assert!(found.iter().all(|interval| (interval.low, interval.high) == (Fraction::ZERO, Fraction::ONE)));
}

#[test]
fn people_who_are_level_have_no_order_to_lose() {
    let found = intervals(&contest(&[50, 50], &[&[80, 60], &[60, 80]])).unwrap();
    assert!(found.iter().all(|interval| interval.below.is_empty() && interval.above.is_empty()));
}

/// Half way from the weight to an end, and a little beyond the end.
fn probes(interval: &Interval, now: Fraction) -> [(Fraction, Fraction, bool); 2] {
    let half = part(1, 2);
    let inside = |end: Fraction| now.plus(end).unwrap().times(half).unwrap();
    let beyond = |end: Fraction, limit: Fraction| end.plus(limit.minus(end).unwrap().times(part(1, 1_000_000_000)).unwrap()).unwrap();
    [
        (inside(interval.low), beyond(interval.low, Fraction::ZERO), !interval.below.is_empty()),
        (inside(interval.high), beyond(interval.high, Fraction::ONE), !interval.above.is_empty()),
    ]
}

proptest! {
    #[test]
    fn inside_the_interval_the_order_holds_and_just_outside_it_does_not(
        weights in prop::collection::vec(1_i64..60, 2..5),
        marks in prop::collection::vec(prop::collection::vec(0_i64..=10_000, 4), 2..8),
    ) {
        let people: Vec<&[i64]> = marks.iter().map(|values| &values[..weights.len()]).collect();
        let contest = contest(&weights, &people);
        for interval in intervals(&contest).unwrap() {
            let now = contest.weights[interval.weight];
            prop_assert!(interval.low <= now && now <= interval.high);
            for (inside, beyond, ends) in probes(&interval, now) {
                prop_assert!(holds(&contest, interval.weight, inside, true));
                // without an end the order holds to nothing or to the whole, where people may be level
                prop_assert_eq!(holds(&contest, interval.weight, beyond, ends), !ends);
            }
        }
    }
}
