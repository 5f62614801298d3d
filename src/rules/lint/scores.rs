//! Grades of a score: bands with holes or overlaps.

use rust_decimal::Decimal;

use crate::diag::{Code, Diag, Diags};
use crate::rules::{Band, Kind, Rule};

pub fn lint(rule: &Rule, diags: &mut Diags) {
    let Kind::Scorecard(scorecard) = &rule.kind else { return };
    for card in scorecard.cards.versions.iter().map(|version| &version.body).filter(|card| !card.grades.is_empty()) {
        let bonus = card.bonus.as_ref().and_then(|band| band.high).map_or(Decimal::ZERO, |(most, _)| most);
        let whole = Band { low: Some((Decimal::ZERO, true)), high: Some((card.full + bonus, true)) };
        let bands: Vec<Band> = card.grades.iter().map(|grade| grade.band.clone()).collect();
        for fault in Band::faults(&bands, &whole) {
            let example = fault.example.normalize();
            let named: Vec<&str> = fault.bands.iter().filter_map(|at| card.grades.get(*at)).map(|grade| grade.name.as_str()).collect();
            let at = fault.bands.first().and_then(|at| card.grades.get(*at));
            let place = at.map_or(rule.head.span.clone(), |grade| grade.span.clone());
            let diag = match named.is_empty() {
                true => Diag::error(Code::RuleGap, format!("「{}」分档漏档：例如 {example} 分不属于任何一档", rule.head.title))
                    .help("给这一段加一档，或把相邻一档的端点改到相接"),
                false => Diag::error(
                    Code::RuleOverlap,
                    format!("「{}」分档重档：例如 {example} 分同时属于{}", rule.head.title, named.join("与")),
                )
                .help("改端点使各档不相交；条文两头都说「以上」「以下」的，选定一种读法"),
            };
            diags.push(diag.at(rule.head.place(place)));
        }
    }
}
