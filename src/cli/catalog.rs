//! `kesu rules list --catalog`: the packs held against the catalogue of policies.

use std::path::Path;

use crate::diag::Diags;
use crate::reports::width;
use crate::rules::catalog::{Catalog, Cover, Covered, Grade};
use crate::rules::{self, RuleSet};
use crate::run::Settings;

use super::{ExitStatus, print_diags, say};

/// Characters of a row's title that are shown.
const TITLE: usize = 30;

/// Looks at every pack of the rules folders, switched on or not: the question is what is written, not what runs.
pub fn run(path: &Path, settings: &Settings) -> Result<ExitStatus, Diags> {
    let catalog = Catalog::read(path)?;
    let (rules, diags) = rules::load_for(&settings.rules, &rules::pack_ids(&settings.rules), settings.company_rules());
    if diags.has_errors() {
        return Err(diags);
    }
    let (rows, unknown) = catalog.compare(&rules);
    table(path, &catalog, &rows);
    list(&catalog, &rows, &rules);
    conclusion(&rows, &unknown);
    if unknown.is_empty() {
        return Ok(ExitStatus::Complete);
    }
    print_diags(&unknown);
    Ok(ExitStatus::Refused)
}

fn count(rows: &[&Covered<'_>], cover: Cover) -> usize {
    rows.iter().filter(|row| row.cover == cover).count()
}

fn table(path: &Path, catalog: &Catalog, rows: &[Covered<'_>]) {
    let all: Vec<&Covered<'_>> = rows.iter().collect();
    let figures = |rows: &[&Covered<'_>]| [rows.len(), count(rows, Cover::Done), count(rows, Cover::Waiting), count(rows, Cover::Open)];
    let line = |system: &str, grade: &str, figures: [usize; 4]| {
        let [all, done, waiting, open] = figures;
        say(format_args!("{system:<5} {grade:<2} {all:>6} {done:>8} {waiting:>10} {open:>8}"));
    };
    say(format_args!("目录 {}：{} 个系统，{} 条", path.display(), catalog.systems.len(), all.len()));
    say("系统  档   条数   已实现   待补参数   未覆盖");
    for system in &catalog.systems {
        for grade in Grade::ALL {
            let own: Vec<&Covered<'_>> = all
                .iter()
                .copied()
                .filter(|row| row.row.grade == grade && system.rows.iter().any(|known| known.id == row.row.id))
                .collect();
            if !own.is_empty() {
                line(&system.id, grade.name(), figures(&own));
            }
        }
    }
    for grade in Grade::ALL {
        let own: Vec<&Covered<'_>> = all.iter().copied().filter(|row| row.row.grade == grade).collect();
        line("合计", grade.name(), figures(&own));
    }
    line("合计", "", figures(&all));
}

fn list(catalog: &Catalog, rows: &[Covered<'_>], rules: &RuleSet) {
    let of = |cover: Cover| rows.iter().filter(move |row| row.cover == cover);
    say("\n已实现：");
    for row in of(Cover::Done) {
        say(format_args!("  {} {}  {}", pad(&row.row.id), row.row.grade.name(), row.by.join("、")));
    }
    say("\n待补参数：");
    for row in of(Cover::Waiting) {
        let waiting = rules.rules().filter(|(pack, rule)| rule.waits() && row.by.contains(&format!("{}/{}", pack.id, rule.head.id)));
        let mut missing: Vec<&str> = Vec::new();
        for name in waiting.flat_map(|(_, rule)| &rule.head.missing) {
            if !missing.contains(&name.as_str()) {
                missing.push(name);
            }
        }
        say(format_args!("  {} {}  {}：{}", pad(&row.row.id), row.row.grade.name(), row.by.join("、"), missing.join("、")));
    }
    say("\n未覆盖：");
    let mut untouched = Vec::new();
    for system in &catalog.systems {
        let own: Vec<&Covered<'_>> = rows.iter().filter(|row| system.rows.iter().any(|known| known.id == row.row.id)).collect();
        if count(&own, Cover::Open) == own.len() {
            untouched.push(format!("{}（{} 条）", system.id, own.len()));
            continue;
        }
        for row in own.iter().filter(|row| row.cover == Cover::Open) {
            say(format_args!("  {} {}  {}", pad(&row.row.id), row.row.grade.name(), shortened(&row.row.title)));
        }
    }
    if !untouched.is_empty() {
        say(format_args!("  整个系统没有规则：{}", untouched.join("、")));
    }
}

/// The last lines: how far all of it is.
fn conclusion(rows: &[Covered<'_>], unknown: &Diags) {
    say("\n合计：");
    for grade in Grade::ALL {
        let own: Vec<&Covered<'_>> = rows.iter().filter(|row| row.row.grade == grade).collect();
        let [done, waiting] = [Cover::Done, Cover::Waiting].map(|cover| count(&own, cover));
        let waits = if waiting > 0 { format!("，待补参数 {waiting} 条") } else { String::new() };
        say(format_args!("  {} 档 {} 条：已实现 {done} 条{waits}，未覆盖 {} 条", grade.name(), own.len(), own.len() - done - waiting));
    }
    say(format_args!("  目录里没有的编号：{} 个", unknown.iter().count()));
}

/// Ids may hold Chinese: `S0-附.1`.
fn pad(id: &str) -> String {
    format!("{id}{}", " ".repeat(14_usize.saturating_sub(width::display(id))))
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.to_owned(),
    }
}
