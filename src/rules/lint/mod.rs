//! Looks over checked packs: what a table leaves open or answers twice, what no case touches, what words do not fit.

mod axis;
mod coverage;
mod names;
mod packs;
mod regions;
mod routes;
mod scores;
mod tables;
mod truth;

use super::{RuleSet, cases};
use crate::diag::Diags;

/// Every problem of every pack. Cases are read from the packs' folders.
pub fn lint(rules: &RuleSet) -> Diags {
    let mut diags = Diags::default();
    names::datasets(rules, &mut diags);
    for pack in &rules.packs {
        let shapes = rules.shapes(pack);
        packs::lint(pack, &mut diags);
        for rule in &pack.rules {
            names::rule(pack, rule, &shapes, &mut diags);
            tables::lint(rule, &shapes, &mut diags);
            routes::lint(rule, &mut diags);
            scores::lint(rule, &mut diags);
        }
        let (cases, problems) = cases::cases(pack);
        diags.extend(problems);
        names::cases(pack, &cases, &shapes, &mut diags);
        coverage::lint(pack, &cases, &shapes, &mut diags);
    }
    diags
}
