//! Rule packs: what loads, what is refused and with which words.

use std::path::PathBuf;

use kesu::diag::{Diags, render};
use kesu::rules::{Param, RuleSet, load};

/// The repository's own packs.
pub fn packs(params: &[Param]) -> (RuleSet, Diags) {
    load(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules")], &[], params)
}

#[test]
fn the_complaint_pack_loads_without_a_word() {
    let (rules, diags) = packs(&[]);
    let said: Vec<String> = diags.iter().map(render).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    let ids: Vec<&str> = rules.rules().map(|(_, rule)| rule.head.id.as_str()).collect();
    assert!(ids.contains(&"jiean") && ids.contains(&"hejue"), "{ids:?}");
}
