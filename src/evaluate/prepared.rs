//! Tables ready to be judged, and which rules they leave asleep.

use std::collections::BTreeMap;

use crate::ledger::History;
use crate::normalise::Tables;
use crate::rules::kinds::{Measured, Ratio};
use crate::rules::{Kind, Pack, Rule, RuleSet};

/// Tables with lookups and derived fields added.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub tables: Tables,
    /// By pack, for packs that compute a field that a pack before them computes too.
    pub(super) own: BTreeMap<String, Tables>,
    /// Earlier months, as the ledger knows them.
    pub history: History,
    /// By pack and rule: what the rule is switched on by and the data does not have.
    absent: BTreeMap<(String, String), Vec<String>>,
}

impl Prepared {
    pub(super) fn new(tables: Tables, rules: &RuleSet) -> Self {
        let mut absent = BTreeMap::new();
        for (pack, rule) in rules.rules() {
            let Some(dataset) = rule.kind.dataset() else { continue };
            // the rate of a rule that sleeps is no rate
            let judged = match &rule.kind {
                Kind::Ratio(Ratio { measured: Measured::Kept { rule, .. }, .. }) => pack.rules.iter().find(|other| other.head.id == *rule),
                _ => None,
            };
            let lacking = |name: &&String| {
                let (dataset, field) = name.split_once('.').unwrap_or((dataset, name));
                !has_column(&tables, pack, dataset, field, 0)
            };
            let needed = rule.head.when_columns.iter().chain(judged.iter().flat_map(|judged| &judged.head.when_columns));
            let lacking: Vec<String> = needed.filter(lacking).cloned().collect();
            if !lacking.is_empty() {
                absent.insert((pack.id.clone(), rule.head.id.clone()), lacking);
            }
        }
        Self { tables, own: BTreeMap::new(), history: History::default(), absent }
    }

    /// The tables as a pack sees them.
    pub fn of(&self, pack: &Pack) -> &Tables {
        self.own.get(&pack.id).unwrap_or(&self.tables)
    }

    /// The fields without a column for which the rule sleeps this month.
    pub fn absent(&self, rule: &Rule) -> &[String] {
        self.absent.get(&(rule.head.pack.clone(), rule.head.id.clone())).map_or(&[], Vec::as_slice)
    }

    /// A rule that gives no verdicts: retired, waiting for a parameter or a column, or not the one that was picked.
    pub fn is_silent(&self, rule: &Rule) -> bool {
        rule.is_at_rest() || !self.absent(rule).is_empty()
    }
}

/// Lookups and formulas that lead to each other end somewhere.
const DEEPEST: usize = 16;

/// Whether a field can have a value at all: its own column is there, or the one that it is looked up from, or all that it is
/// computed from.
fn has_column(tables: &Tables, pack: &Pack, dataset: &str, field: &str, depth: usize) -> bool {
    let Some(table) = tables.get(dataset).filter(|_| depth < DEEPEST) else { return false };
    if table.dataset.field(field).is_some() {
        return table.present.contains(field);
    }
    let derive = pack.rules.iter().find_map(|rule| match &rule.kind {
        Kind::Derive(derive) if derive.dataset == dataset && derive.field == field => Some(derive),
        _ => None,
    });
    if let Some(derive) = derive {
        let named = derive.formulas.versions.iter().flat_map(|version| version.body.fields());
        let shared = derive.apportion.iter().flat_map(|a| [a.within.as_str(), &a.whole, &a.by]);
        let mut inputs = named.chain(shared);
        return inputs.all(|input| input != field && has_column(tables, pack, dataset, input, depth + 1));
    }
    let from = table.dataset.lookups.iter().find(|lookup| lookup.take.iter().any(|taken| taken == field));
    from.is_some_and(|lookup| table.present.contains(&lookup.on) && has_column(tables, pack, &lookup.from, field, depth + 1))
}
