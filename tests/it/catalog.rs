//! The catalogue of policies against the packs.

use std::path::{Path, PathBuf};

use kesu::diag::{Code, Diag, Place};
use kesu::rules::catalog::{Catalog, Cover, Covered, Grade};
use kesu::rules::{load, load_for, pack_ids};
use kesu::run::Settings;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/catalog/catalog.md")
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

#[test]
fn only_tables_of_the_third_chapter_count_and_a_barred_cell_keeps_its_bar() {
    let catalog = Catalog::read(&fixture()).unwrap();
    let systems: Vec<(&str, &str, usize)> = catalog.systems.iter().map(|s| (s.id.as_str(), s.title.as_str(), s.rows.len())).collect();
    assert_eq!(systems, [("S0", "客诉管理办法（节选）", 4), ("Q1", "没有规则的系统", 2)]);
    let grades: Vec<Grade> = catalog.rows().map(|row| row.grade).collect();
    assert_eq!(grades, [Grade::A, Grade::B, Grade::C, Grade::C, Grade::A, Grade::B]);
    assert_eq!(catalog.systems[0].rows[2].title, "实施与修订须经核准");
}

#[test]
fn a_row_is_done_waits_for_a_parameter_or_is_open() {
    let (packs, _) = load(&[rules()], &pack_ids(&[rules()]), &[]);
    let catalog = Catalog::read(&fixture()).unwrap();
    let (rows, _) = catalog.compare(&packs);
    let covers: Vec<Cover> = rows.iter().map(|row| row.cover).collect();
    assert_eq!(covers, [Cover::Done, Cover::Waiting, Cover::Done, Cover::Open, Cover::Open, Cover::Open]);
    assert_eq!(
        rows[0].by,
        ["kesu-banfa/jiean", "kesu-yiwen/jiean"],
        "the variant wrote over it; what it takes over as it is does not count"
    );
    assert_eq!(rows[1].by, ["kesu-banfa/zhan-zhiguan"]);
    assert_eq!(rows[2].by, ["kesu-banfa/zhidu-hezhun", "读法 kesu-banfa/hezhun"]);
}

#[test]
fn an_id_that_the_catalogue_does_not_have_is_shown_at_the_rule_with_the_nearest() {
    let (packs, _) = load(&[rules()], &["kesu-banfa".to_owned()], &[]);
    let catalog = Catalog::read(&fixture()).unwrap();
    let unknown: Vec<Diag> = catalog.compare(&packs).1.into_iter().collect();
    let found = unknown.iter().find(|diag| diag.message.contains("「S0-10.2.1」")).unwrap();
    assert!(found.help.as_ref().unwrap().starts_with("是不是 S0-10.2.2？"), "{found:?}");
    assert!(matches!(&found.place, Place::Text { file, .. } if file.ends_with("deadlines.toml")));
}

#[test]
fn a_wrong_grade_a_repeated_id_and_a_file_without_tables_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.md");
    let read = |text: &str| -> Vec<Diag> {
        std::fs::write(&path, text).unwrap();
        Catalog::read(&path).unwrap_err().into_iter().collect()
    };
    let head = "### 3.1 S0 甲\n\n| 规则ID | 档 | 转述 |\n|---|---|---|\n| a | A | 甲 |\n";
    assert!(read(&format!("{head}| b | D | 乙 |\n"))[0].message.contains("「D」不是 A、B、C"));
    assert!(read(&format!("{head}| a | B | 乙 |\n"))[0].message.contains("两条「a」"));
    assert_eq!(read("# 别的\n")[0].code, Code::CatalogInvalid);
}

/// The sums stand in the catalogue's own §2.
#[test]
#[cfg_attr(not(shared_data), ignore = "reads ../shared")]
fn the_whole_catalogue_is_covered_and_every_id_of_the_packs_stands_in_it() {
    let catalog = Catalog::read(&crate::support::shared("policies/catalog.md")).unwrap();
    let of = |grade: Grade| catalog.rows().filter(|row| row.grade == grade).count();
    assert_eq!((catalog.systems.len(), of(Grade::A), of(Grade::B), of(Grade::C)), (42, 345, 112, 223));
    let (packs, _) = load(&[rules()], &pack_ids(&[rules()]), &[]);
    let (rows, unknown) = catalog.compare(&packs);
    assert!(unknown.is_empty(), "{unknown:?}");
    let of_variant = |row: &&Covered<'_>| row.row.id.starts_with("S0V-") && row.cover != Cover::Done;
    let open: Vec<&str> = rows.iter().filter(|row| row.cover == Cover::Open || of_variant(row)).map(|row| row.row.id.as_str()).collect();
    assert!(open.is_empty(), "{open:?}");
    // what the policy says outright waits for nothing but the rate of a fine, which the sample company gave
    let settings = Settings::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (packs, _) = load_for(&[rules()], &pack_ids(&[rules()]), settings.company_rules());
    let (rows, _) = catalog.compare(&packs);
    let of_grade_a = rows.iter().filter(|row| row.row.grade == Grade::A);
    let waiting: Vec<&str> = of_grade_a.filter(|row| row.cover != Cover::Done).map(|row| row.row.id.as_str()).collect();
    assert!(waiting.is_empty(), "{waiting:?}");
}
