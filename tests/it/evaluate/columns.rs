//! Rules that are switched on by a column, and packs that share tables.

use kesu::ledger::Outcome::{Breached, Indeterminate, Met};
use kesu::rules::load;

use super::world::{Row, World};

const CASES: &str = r#"
[dataset]
name = "台账"
key = ["编号"]
[[lookup]]
from = "客户表"
on = "客户"
take = ["等级"]
[[field]]
name = "编号"
type = "text"
[[field]]
name = "客户"
type = "text"
[[field]]
name = "协助记录"
type = "text"
[[field]]
name = "数量"
type = "decimal"
[[field]]
name = "单价"
type = "money"
"#;

const CUSTOMERS: &str = r#"
[dataset]
name = "客户表"
key = ["客户"]
[[field]]
name = "客户"
type = "text"
[[field]]
name = "等级"
type = "text"
"#;

fn require(id: &str, when: &str, present: &str) -> String {
    format!(
        "[[require]]\nid = \"{id}\"\ntitle = \"{id}\"\ndataset = \"台账\"\nwhen_columns = [{when}]\n\
         [[require.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{{ present = [\"{present}\"] }}]\n"
    )
}

const DERIVE: &str = "[[derive]]\nid = \"d\"\ntitle = \"金额\"\ndataset = \"台账\"\nfield = \"合计\"\ntype = \"money\"\n\
    [[derive.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nformula = \"数量 * 单价\"\n";

fn outcomes(world: &World, id: &str) -> Vec<kesu::ledger::Outcome> {
    world.outcomes(id, "2026-10", "2026-10-31").into_iter().map(|(_, outcome)| outcome).collect()
}

fn absent(world: &World, id: &str) -> Vec<String> {
    world.prepared().absent(world.rule(id).1).to_vec()
}

#[test]
fn a_rule_judges_in_the_months_whose_data_have_its_column_filled_in_or_not() {
    let rules = require("a", "\"协助记录\"", "协助记录");
    let without = World::new(&[CASES, CUSTOMERS], &rules).rows("台账", &[&[("编号", "1")], &[("编号", "2")]]);
    assert!(outcomes(&without, "a").is_empty());
    assert_eq!(absent(&without, "a"), ["协助记录"]);
    let with =
        World::new(&[CASES, CUSTOMERS], &rules).rows("台账", &[&[("编号", "1"), ("协助记录", "")], &[("编号", "2"), ("协助记录", "有")]]);
    assert_eq!(outcomes(&with, "a"), [Breached, Met]);
    assert!(absent(&with, "a").is_empty());
}

#[test]
fn a_dataset_without_a_sheet_has_no_columns() {
    let world = World::new(&[CASES, CUSTOMERS], &require("a", "\"协助记录\", \"数量\"", "协助记录"));
    assert_eq!(absent(&world, "a"), ["协助记录", "数量"]);
}

#[test]
fn of_a_field_that_is_looked_up_the_other_datasets_column_counts() {
    let rules = require("a", "\"等级\"", "等级");
    let rows: &[Row] = &[&[("编号", "1"), ("客户", "甲")]];
    let without = World::new(&[CASES, CUSTOMERS], &rules).rows("台账", rows).rows("客户表", &[&[("客户", "甲")]]);
    assert_eq!(absent(&without, "a"), ["等级"]);
    let with = World::new(&[CASES, CUSTOMERS], &rules).rows("台账", rows).rows("客户表", &[&[("客户", "甲"), ("等级", "A")]]);
    assert_eq!(outcomes(&with, "a"), [Met]);
}

#[test]
fn of_a_field_that_is_computed_all_that_it_is_computed_from_counts() {
    let rules = format!("{DERIVE}{}", require("a", "\"合计\"", "合计"));
    let without = World::new(&[CASES, CUSTOMERS], &rules).rows("台账", &[&[("编号", "1"), ("数量", "2")]]);
    assert_eq!(absent(&without, "a"), ["合计"]);
    let with = World::new(&[CASES, CUSTOMERS], &rules).rows("台账", &[&[("编号", "1"), ("数量", "2"), ("单价", "3")]]);
    assert_eq!(outcomes(&with, "a"), [Met]);
}

#[test]
fn a_computed_field_that_sleeps_is_empty_for_the_rules_that_name_it() {
    let derive = DERIVE.replace("field =", "when_columns = [\"协助记录\"]\nfield =");
    let bare = "[[require]]\nid = \"a\"\ntitle = \"a\"\ndataset = \"台账\"\nwhere = { \"合计\" = \"> 0\" }\n\
        [[require.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{ present = [\"编号\"] }]\n";
    let world = World::new(&[CASES, CUSTOMERS], &format!("{derive}{bare}")).rows("台账", &[&[("编号", "1"), ("数量", "2"), ("单价", "3")]]);
    assert_eq!(outcomes(&world, "a"), [Indeterminate]);
}

#[test]
fn the_column_must_be_a_field_of_the_dataset() {
    let folder = tempfile::tempdir().unwrap();
    let rules = require("a", "\"协助纪录\"", "编号").replace("\"s ", "\"banfa ");
    crate::rules::write_pack(folder.path(), &[("r.toml", &rules), ("datasets/t.toml", CASES), ("datasets/k.toml", CUSTOMERS)]);
    let (_, diags) = load(&[folder.path().join("pack")], &[], &[]);
    let diag = diags.iter().find(|diag| diag.message.contains("没有字段「协助纪录」")).unwrap_or_else(|| panic!("{diags:?}"));
    assert!(diag.help.as_ref().unwrap().contains("是不是「协助记录」？"));
}

/// Two packs compute one field each in its own way: neither sees the other's figures.
#[test]
fn a_pack_that_computes_a_field_otherwise_has_its_own_figures() {
    let folder = tempfile::tempdir().unwrap();
    let at_least = "[[require]]\nid = \"a\"\ntitle = \"a\"\ndataset = \"台账\"\n\
        [[require.version]]\nfrom = 2000-01-01\ncite = \"s 一\"\nrows = [{ holds = { \"合计\" = \"> 6\" } }]\n";
    let base =
        "schema = 1\n[pack]\nid = \"p\"\ntitle = \"p\"\nversion = \"1\"\ncalendar = \"cn-public\"\n[[source]]\nid = \"s\"\ntitle = \"s\"\n";
    let child = "schema = 1\n[pack]\nid = \"q\"\ntitle = \"q\"\nversion = \"1\"\nextends = \"p\"\n";
    let over = "[[derive]]\nid = \"d\"\n[[derive.version]]\nfrom = 2000-01-01\nformula = \"数量 * 单价 + 1\"\n";
    let rules = format!("{DERIVE}{at_least}");
    for (path, text) in [
        ("p/pack.toml", base),
        ("p/datasets/t.toml", CASES),
        ("p/datasets/k.toml", CUSTOMERS),
        ("p/r.toml", &rules),
        ("q/pack.toml", child),
        ("q/r.toml", over),
    ] {
        let full = folder.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }
    let (rules, diags) = load(&[folder.path().to_path_buf()], &[], &[]);
    assert!(!diags.has_errors(), "{diags:?}");
    let world = World { rules, ..World::new(&[CASES, CUSTOMERS], DERIVE) }.rows("台账", &[&[("编号", "1"), ("数量", "2"), ("单价", "3")]]);
    let prepared = world.prepared();
    let of = |pack: &str| {
        let (pack, rule) = world.rules.rules().find(|(p, rule)| p.id == pack && rule.head.id == "a").unwrap();
        let horizon = super::world::horizon("2026-10", "2026-10-31");
        let counts = kesu::evaluate::judge(pack, rule, &prepared, &world.calendars, &horizon).unwrap().counts();
        (counts.of(Met), counts.of(Breached))
    };
    assert_eq!((of("p"), of("q")), ((0, 1), (1, 0)));
}
