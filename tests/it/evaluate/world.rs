//! A small company: a few tables and rules as text.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use kesu::calendar::Calendars;
use kesu::diag::{Diag, Diags, render};
use kesu::evaluate::{Counts, Horizon, Prepared, Verdicts, judge, prepare};
use kesu::ingest::RawValue;
use kesu::ledger::{Finding, Outcome};
use kesu::normalise::{Source, Tables, table_from_rows};
use kesu::rules::{Pack, Rule, RuleSet, load};

/// Cells of one row: `(field, text)`; an empty text is an empty cell.
pub type Row<'a> = &'a [(&'a str, &'a str)];

pub struct World {
    pub rules: RuleSet,
    pub calendars: Calendars,
    pub tables: Tables,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The last second of a day, or a moment as it is.
pub fn as_of(text: &str) -> NaiveDateTime {
    match text.parse::<NaiveDate>() {
        Ok(day) => day.and_hms_opt(23, 59, 59).unwrap(),
        Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap(),
    }
}

pub fn horizon(period: &str, end: &str) -> Horizon {
    Horizon { period: period.parse().unwrap(), as_of: as_of(end) }
}

fn calendars() -> Calendars {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules/calendars");
    let (calendars, diags, _) = Calendars::load(&folder);
    assert!(!diags.has_errors());
    calendars
}

fn loaded(datasets: &[&str], rules: &str, conventions: &str) -> (RuleSet, Diags) {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("p");
    std::fs::create_dir_all(pack.join("datasets")).unwrap();
    let manifest = format!(
        "schema = 1\n[pack]\nid = \"p\"\ntitle = \"办法\"\nversion = \"1\"\ncalendar = \"cn-public\"\n\
         [conventions]\n{conventions}\n[[source]]\nid = \"s\"\ntitle = \"办法\"\n"
    );
    write(&pack.join("pack.toml"), &manifest);
    write(&pack.join("rules.toml"), rules);
    for (number, dataset) in datasets.iter().enumerate() {
        write(&pack.join(format!("datasets/{number}.toml")), dataset);
    }
    load(&[pack], &[], &[])
}

/// What is said of rules that are wrong, one line a problem; empty where nothing is.
pub fn refusals(datasets: &[&str], rules: &str) -> String {
    let (_, diags) = loaded(datasets, rules, "");
    diags.iter().map(|diag| diag.message.clone()).collect::<Vec<_>>().join("\n")
}

impl World {
    /// A pack of datasets and rules as TOML, with the pack's conventions.
    pub fn with_conventions(datasets: &[&str], rules: &str, conventions: &str) -> Self {
        let (rules, diags) = loaded(datasets, rules, conventions);
        assert!(!diags.has_errors(), "{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"));
        Self {
            rules,
            calendars: calendars(),
            tables: Tables { sources: vec![Source { file: "a.xlsx".into(), sheet: "表".into() }], tables: vec![] },
        }
    }

    pub fn new(datasets: &[&str], rules: &str) -> Self {
        Self::with_conventions(datasets, rules, "count_first_day = false\nroll_last_day = false")
    }

    /// The repository's own pack, without data.
    pub fn banfa() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules");
        let (rules, diags) = load(&[root], &["kesu-banfa".to_owned()], &[]);
        assert!(!diags.has_errors(), "{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"));
        Self {
            rules,
            calendars: calendars(),
            tables: Tables { sources: vec![Source { file: "a.xlsx".into(), sheet: "表".into() }], tables: vec![] },
        }
    }

    pub fn rows(mut self, dataset: &str, rows: &[Row]) -> Self {
        let raw: Vec<Vec<(String, RawValue<'static>)>> = rows
            .iter()
            .map(|row| row.iter().map(|(field, text)| ((*field).to_owned(), RawValue::Text(Cow::Owned((*text).to_owned())))).collect())
            .collect();
        let dataset = self.rules.dataset(dataset).expect("a dataset of the pack");
        let table = table_from_rows(Arc::clone(dataset), &raw);
        self.tables.tables.push(table.unwrap_or_else(|diags| panic!("{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"))));
        self
    }

    pub fn rule(&self, id: &str) -> (&Pack, &Rule) {
        self.rules.rules().find(|(_, rule)| rule.head.id == id).expect("a rule of the pack")
    }

    pub fn prepared(&self) -> Prepared {
        prepare(self.tables.clone(), &self.rules)
            .unwrap_or_else(|diags| panic!("{}", diags.iter().map(render).collect::<Vec<_>>().join("\n")))
    }

    pub fn try_judge(&self, id: &str, period: &str, end: &str) -> Result<Verdicts, Diag> {
        let (pack, rule) = self.rule(id);
        judge(pack, rule, &self.prepared(), &self.calendars, &horizon(period, end))
    }

    pub fn judge(&self, id: &str, period: &str, end: &str) -> Verdicts {
        self.try_judge(id, period, end).unwrap_or_else(|diag| panic!("{}", render(&diag)))
    }

    /// Every verdict, in order.
    pub fn all(&self, id: &str, period: &str, end: &str) -> Vec<Finding> {
        let mut all = Vec::new();
        self.judge(id, period, end).for_each(&mut |finding| all.push(finding));
        all
    }

    /// `(subject, outcome)` of every verdict, in order.
    pub fn outcomes(&self, id: &str, period: &str, end: &str) -> Vec<(String, Outcome)> {
        self.all(id, period, end).into_iter().map(|finding| (finding.subject, finding.outcome)).collect()
    }

    pub fn counts(&self, id: &str, period: &str, end: &str) -> Counts {
        self.judge(id, period, end).counts()
    }

    /// The only verdict there is.
    pub fn only(&self, id: &str, period: &str, end: &str) -> Finding {
        let all = self.all(id, period, end);
        assert_eq!(all.len(), 1, "{all:#?}");
        all.into_iter().next().unwrap()
    }
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

pub fn text(quantity: Option<kesu::rules::Quantity>) -> String {
    quantity.map(|q| q.to_string()).unwrap_or_default()
}
