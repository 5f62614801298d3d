//! Which subjects are drawn. An order that follows from the seed and the subject alone can be made again by anybody.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Drawing;
use crate::ledger::digest::Fingerprint;
use crate::ledger::{Finding, figure, yuan};
use crate::reports::sampling::{Drawn, Sample, Strata};

/// What decides the order: SHA-256 over seed, pack, rule and subject.
fn lot(finding: &Finding, seed: u64) -> String {
    let texts = [finding.pack.as_str(), finding.rule.as_str(), finding.subject.as_str(), finding.person.as_str()];
    texts.iter().fold(Fingerprint::default().text(&seed.to_string()), |print, text| print.text(text)).finish()
}

/// As many of each stratum as its share of all verdicts, at least one; in each those with the lowest lots.
pub(super) fn random(all: &[Finding], drawing: Drawing) -> Sample {
    let bands = bands(all);
    let mut strata: BTreeMap<&str, Vec<(String, &Finding)>> = BTreeMap::new();
    for finding in all {
        let stratum = match drawing.by {
            Strata::Department => finding.unit.as_str(),
            Strata::Amount => band(&bands, finding.amount),
        };
        strata.entry(stratum).or_default().push((lot(finding, drawing.seed), finding));
    }
    let mut drawn = Vec::new();
    for (unit, mut own) in strata {
        own.sort_by(|a, b| a.0.cmp(&b.0));
        let share = (own.len() * drawing.size).div_ceil(all.len().max(1)).max(1);
        let population = own.len();
        drawn.extend(own.into_iter().take(share).map(|(lot, finding)| Drawn {
            stratum: unit.to_owned(),
            population,
            why: lot.chars().take(12).collect(),
            finding: finding.clone(),
        }));
    }
    Sample { population: all.len(), sum: None, step: None, start: None, drawn }
}

/// The amounts at which a quarter, a half and three quarters of those that have one are reached.
fn bands(all: &[Finding]) -> [Decimal; 3] {
    let mut amounts: Vec<Decimal> = all.iter().filter_map(|finding| finding.amount).filter(|amount| *amount > Decimal::ZERO).collect();
    amounts.sort_unstable();
    [1, 2, 3].map(|quarter| amounts.get(amounts.len() * quarter / 4).copied().unwrap_or_default())
}

fn band(bands: &[Decimal; 3], amount: Option<Decimal>) -> &'static str {
    match amount.filter(|amount| *amount > Decimal::ZERO) {
        None => "没有金额",
        Some(amount) if amount < bands[0] => "金额最小的四分之一",
        Some(amount) if amount < bands[1] => "金额次小的四分之一",
        Some(amount) if amount < bands[2] => "金额次大的四分之一",
        Some(_) => "金额最大的四分之一",
    }
}

/// Every so many yuan one: a large amount is drawn for certain, a small one by its share.
pub(super) fn money(all: &[Finding], drawing: Drawing) -> Sample {
    let charged: Vec<(&Finding, Decimal)> =
        all.iter().filter_map(|finding| Some((finding, finding.amount.filter(|amount| *amount > Decimal::ZERO)?))).collect();
    let sum: Decimal = charged.iter().map(|(_, amount)| *amount).sum();
    let mut sample = Sample { population: charged.len(), sum: Some(sum), step: None, start: None, drawn: Vec::new() };
    if charged.is_empty() || drawing.size == 0 {
        return sample;
    }
    let step = (sum / Decimal::from(drawing.size)).round_dp(2).max(Decimal::new(1, 2));
    // the first yuan lies somewhere in the first step, as the seed says
    let lot = Fingerprint::default().text(&drawing.seed.to_string()).text("money").finish();
    let part = u32::from_str_radix(&lot[..6], 16).unwrap_or_default();
    let start = (step * Decimal::from(part) / Decimal::from(0x0100_0000_u32)).round_dp(2);
    let (mut reached, mut next) = (Decimal::ZERO, start);
    for (finding, amount) in charged {
        let before = reached;
        reached += amount;
        let hits = next < reached;
        let at = next;
        while next < reached {
            next += step;
        }
        if hits {
            sample.drawn.push(Drawn {
                stratum: finding.unit.to_string(),
                population: sample.population,
                why: format!("第 {}落在累计 {}–{}", yuan(at), figure(before), figure(reached)),
                finding: finding.clone(),
            });
        }
    }
    (sample.step, sample.start) = (Some(step), Some(start));
    sample
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Finding, Outcome};
    use crate::rules::Severity;

    fn charged(subject: &str, unit: &str, amount: u32) -> Finding {
        Finding {
            pack: "p".into(),
            subject: subject.into(),
            unit: unit.into(),
            amount: Some(amount.into()),
            ..Finding::bare("r", "penalty", Outcome::Breached, Severity::Minor)
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_and_every_department_is_drawn_from() {
        let all: Vec<Finding> = (0..50).map(|at| charged(&at.to_string(), if at == 0 { "小部" } else { "大部" }, 10)).collect();
        let drawing = Drawing { seed: 7, by: Strata::Department, size: 10 };
        let subjects = |sample: &Sample| sample.drawn.iter().map(|drawn| drawn.finding.subject.clone()).collect::<Vec<_>>();
        let (one, two) = (random(&all, drawing), random(&all, drawing));
        assert_eq!(subjects(&one), subjects(&two));
        assert!(subjects(&one).contains(&"0".to_owned()), "the small department has one of its own");
        assert_ne!(subjects(&one), subjects(&random(&all, Drawing { seed: 8, ..drawing })));
    }

    #[test]
    fn by_amount_each_quarter_is_drawn_from_and_what_has_none_too() {
        let mut all: Vec<Finding> = (1..=40).map(|at| charged(&at.to_string(), "部", at)).collect();
        all.push(Finding { amount: None, ..charged("none", "部", 0) });
        let sample = random(&all, Drawing { seed: 3, by: Strata::Amount, size: 8 });
        let mut strata: BTreeMap<&str, Vec<Decimal>> = BTreeMap::new();
        for drawn in &sample.drawn {
            strata.entry(&drawn.stratum).or_default().push(drawn.finding.amount.unwrap_or_default());
        }
        assert_eq!(strata.len(), 5);
        // ten amounts in each quarter: 1 to 10, 11 to 20, …
        for (stratum, low, high) in [("金额最小的四分之一", 1, 10), ("金额次小的四分之一", 11, 20), ("金额最大的四分之一", 31, 40)]
        {
            assert!(strata[stratum].iter().all(|amount| (Decimal::from(low)..=Decimal::from(high)).contains(amount)), "{strata:?}");
        }
    }

    #[test]
    fn an_amount_of_more_than_a_step_is_always_drawn() {
        for seed in 0..20 {
            let mut all: Vec<Finding> = (0..30).map(|at| charged(&at.to_string(), "部", 1)).collect();
            all.push(charged("large", "部", 500));
            let sample = money(&all, Drawing { seed, by: Strata::Department, size: 5 });
            assert!(sample.drawn.iter().any(|drawn| drawn.finding.subject == "large"), "seed {seed}");
        }
    }
}
