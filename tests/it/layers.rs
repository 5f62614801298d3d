//! Packs on top of packs: what is taken over, written over, switched off, picked and read.

use std::fs;
use std::path::{Path, PathBuf};

use kesu::diag::{Code, Diag, Diags, Place, render};
use kesu::rules::kinds::Deadline;
use kesu::rules::lint::lint;
use kesu::rules::{Company, Kind, Pack, Pick, Quantity, Rule, RuleSet, cases, load, load_for, pack_ids, sentence};
use kesu::run::{Settings, cases::run_all};

const DATASET: &str = r#"
[dataset]
name = "台账"
key = ["编号"]
at = "起"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "起"
type = "date"
[[field]]
name = "止"
type = "date"
[[field]]
name = "金额"
type = "money"
"#;

const BASE: &str = r#"
[[deadline]]
id = "jiean"
title = "结案"
catalog = ["A-1", "A-3"]
dataset = "台账"
start = "起"
stop = "止"
severity = "critical"
notice = { open = "催办单" }
note = "原来的读法"
[[deadline.version]]
from = 2020-01-01
cite = "banfa 一条"
rows = [{ limit = "15d" }]
[[deadline.version]]
from = 2024-01-01
cite = "banfa 一条"
rows = [{ limit = "12d" }]

[[deadline]]
id = "zhan-yi"
title = "第一站"
catalog = ["A-2.1"]
dataset = "台账"
start = "起"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "banfa 二条"
rows = [{ limit = "3d" }]

[[deadline]]
id = "zhan-er"
title = "第二站"
catalog = ["A-2.2"]
dataset = "台账"
start = "起"
stop = "止"
[[deadline.version]]
from = 2020-01-01
cite = "banfa 二条"
rows = [{ limit = "4d" }]

[[notice]]
id = "cuiban"
title = "催办单"
catalog = ["A-3"]
form = "催办单"
prefix = "CB"
body = "请即办理。"
copies = ["承办部门"]
signatures = ["开单人"]
from = 2020-01-01
cite = "banfa 三条"

[[derive]]
id = "shuang"
title = "两倍金额"
catalog = ["A-4"]
dataset = "台账"
field = "两倍"
type = "money"
[[derive.version]]
from = 2020-01-01
cite = "banfa 四条"
formula = "金额 * 2"
"#;

const CASES: &str = r#"
[[case]]
rule = "zhan-yi"
name = "三天：合规"
as_of = 2026-10-31
expect = { outcome = "met", elapsed = "3d" }
[[case."台账"]]
"编号" = "1"
"起" = 2026-10-01
"止" = 2026-10-04
"#;

fn manifest(id: &str, more: &str) -> String {
    format!(
        "schema = 1\n[pack]\nid = \"{id}\"\ntitle = \"{id}\"\nversion = \"1\"\napproved_by = \"总经理\"\napproved_on = 2020-01-01\n{more}\n"
    )
}

const SOURCE: &str = "[[source]]\nid = \"banfa\"\ntitle = \"办法\"\n";

/// A folder of packs.
struct Shelf(tempfile::TempDir);

impl Shelf {
    /// The base pack, alone.
    fn new() -> Self {
        let shelf = Self(tempfile::tempdir().unwrap());
        let head = manifest("base", &format!("calendar = \"cn-public\"\n[conventions]\nroll_last_day = true\n{SOURCE}"));
        shelf.pack("base", &head, &[("rules.toml", BASE), ("datasets/t.toml", DATASET), ("cases/c.toml", CASES)])
    }

    fn pack(self, folder: &str, manifest: &str, files: &[(&str, &str)]) -> Self {
        for (path, text) in files.iter().chain(&[("pack.toml", manifest)]) {
            let full = self.0.path().join(folder).join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, text).unwrap();
        }
        self
    }

    /// `child` extends `base` with more of `pack.toml` and these rules.
    fn child(more: &str, rules: &str) -> Self {
        Self::new().pack("child", &manifest("child", &format!("extends = \"base\"\n{more}")), &[("own.toml", rules)])
    }

    fn load(&self, wanted: &[&str]) -> (RuleSet, Diags) {
        let wanted: Vec<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
        load(&[self.0.path().to_path_buf()], &wanted, &[])
    }

    /// The child alone, without an error.
    fn sound(&self) -> RuleSet {
        let (rules, diags) = self.load(&["child"]);
        assert!(!diags.has_errors(), "{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"));
        rules
    }

    /// What is said of the child.
    fn said(&self) -> Vec<Diag> {
        self.load(&["child"]).1.into_iter().collect()
    }
}

fn ids(pack: &Pack) -> Vec<&str> {
    pack.rules.iter().map(|rule| rule.head.id.as_str()).collect()
}

fn rule<'a>(rules: &'a RuleSet, id: &str) -> &'a Rule {
    rules.packs[0].rules.iter().find(|rule| rule.head.id == id).unwrap()
}

fn deadline(rule: &Rule) -> &Deadline {
    let Kind::Deadline(deadline) = &rule.kind else { panic!("{:?}", rule.kind) };
    deadline
}

fn limits(rule: &Rule) -> Vec<(String, Quantity)> {
    deadline(rule).limits.versions.iter().map(|version| (version.from.to_string(), version.body[0].limit)).collect()
}

fn days(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn only<'a>(diags: &'a [Diag], words: &str) -> &'a Diag {
    diags.iter().find(|diag| diag.message.contains(words)).unwrap_or_else(|| panic!("{words}: {diags:#?}"))
}

/// The quoted text that a diagnostic points at, and its file's name.
fn pointed(diag: &Diag) -> (String, String) {
    let Place::Text { file, span } = &diag.place else { panic!("{diag:?}") };
    let text = fs::read_to_string(file).unwrap();
    (file.file_name().unwrap().to_string_lossy().into_owned(), text[span.clone()].to_owned())
}

#[test]
fn a_child_takes_over_rules_datasets_sources_calendar_and_conventions_of_a_parent_that_is_not_switched_on() {
    let rules = Shelf::child("", "").sound();
    assert_eq!(rules.packs.len(), 1);
    let pack = &rules.packs[0];
    assert_eq!(ids(pack), ["jiean", "zhan-yi", "zhan-er", "cuiban", "shuang"]);
    assert_eq!((pack.calendar.as_str(), pack.conventions.roll_last_day, pack.sources.len()), ("cn-public", true, 1));
    assert!(rules.dataset("台账").is_some());
    assert!(rules.files.iter().any(|file| file.ends_with("base/rules.toml")), "the manifest must name it: {:?}", rules.files);
    assert!(pack.rules.iter().all(|rule| rule.head.pack == "child" && rule.head.is_inherited()));
}

#[test]
fn an_approval_of_the_parent_is_no_approval_of_the_child() {
    let head = "schema = 1\n[pack]\nid = \"child\"\ntitle = \"子\"\nversion = \"1\"\nextends = \"base\"\n";
    let rules = Shelf::new().pack("child", head, &[]).sound();
    assert_eq!(rules.packs[0].approved_by, None);
    let said: Vec<Diag> = lint(&rules).into_iter().filter(|diag| diag.code == Code::PackUnapproved).collect();
    assert!(said[0].message.contains("approved_by") && said[0].message.contains("approved_on"), "{said:?}");
}

#[test]
fn a_convention_that_the_child_states_replaces_only_itself() {
    let rules = Shelf::child("[conventions]\ncount_first_day = true", "").sound();
    let conventions = rules.packs[0].conventions;
    assert!(conventions.count_first_day && conventions.roll_last_day);
}

#[test]
fn keys_of_the_child_replace_those_of_the_parent_and_the_others_stay() {
    let over = "[[deadline]]\nid = \"jiean\"\ntitle = \"改\"\nwithout = [\"notice\", \"note\"]\n";
    let rules = Shelf::child("", over).sound();
    let head = &rule(&rules, "jiean").head;
    assert_eq!((head.title.as_str(), head.note.as_deref(), head.severity.name()), ("改", None, "critical"));
    assert_eq!(deadline(rule(&rules, "jiean")).notices.open, None);
    assert_eq!(ids(&rules.packs[0])[0], "jiean", "it keeps its place");
}

#[test]
fn a_version_of_the_same_day_is_written_over_and_another_day_is_one_more() {
    let over = "[[deadline]]\nid = \"jiean\"\n\
        [[deadline.version]]\nfrom = 2024-01-01\nrows = [{ limit = \"10d\" }]\n\
        [[deadline.version]]\nfrom = 2022-01-01\ncite = \"banfa 九条\"\nrows = [{ limit = \"14d\" }]\n";
    let rules = Shelf::child("", over).sound();
    let expected = [("2020-01-01", "15d"), ("2022-01-01", "14d"), ("2024-01-01", "10d")];
    assert_eq!(limits(rule(&rules, "jiean")), expected.map(|(day, limit)| (day.to_owned(), days(limit))));
    let clauses: Vec<&str> = deadline(rule(&rules, "jiean")).limits.versions.iter().map(|v| v.cite.clause.as_str()).collect();
    assert_eq!(clauses, ["一条", "九条", "一条"], "the cite of a day that is written over stays");
}

#[test]
fn explain_says_which_pack_gave_which_key() {
    let over = "[[deadline]]\nid = \"jiean\"\nnote = \"新的读法\"\n[[deadline.version]]\nfrom = 2024-01-01\nrows = [{ limit = \"10d\" }]\n";
    let rules = Shelf::child("", over).sound();
    let told = sentence(&rules, &rules.packs[0], rule(&rules, "jiean"));
    let line = |pack: &str| told.lines().find(|line| line.starts_with(&format!("来自 {pack}（"))).unwrap_or_else(|| panic!("{told}"));
    assert!(line("base").contains("base/rules.toml"), "{told}");
    assert!(
        line("base").contains("2024-01-01 版 cite") && !line("base").contains("2024-01-01 版 rows") && !line("base").contains("note"),
        "{told}"
    );
    assert!(line("child").contains("note、2024-01-01 版 rows"), "{told}");
}

#[test]
fn a_wrong_value_is_shown_in_the_file_that_it_was_written_in() {
    let over = "[[deadline]]\nid = \"jiean\"\nstop = \"止日\"\n";
    let shelf = Shelf::child("", over);
    let said = shelf.said();
    assert_eq!(pointed(only(&said, "没有字段「止日」")), ("own.toml".to_owned(), "\"止日\"".to_owned()));
    let shelf = Shelf::child("", "[[deadline]]\nid = \"jiean\"\ntitle = \"改\"\n");
    let broken = BASE.replace("rows = [{ limit = \"12d\" }]", "rows = [{ limit = \"12天\" }]");
    fs::write(shelf.0.path().join("base/rules.toml"), broken).unwrap();
    let said = shelf.said();
    assert_eq!(pointed(only(&said, "12天")), ("rules.toml".to_owned(), "\"12天\"".to_owned()));
    assert!(said[0].labels.iter().any(|(_, words)| words.contains("规则包 child 沿用了这条规则")), "{said:?}");
}

#[test]
fn what_parent_and_child_share_is_complained_of_once() {
    let shelf = Shelf::child("", "");
    fs::write(shelf.0.path().join("base/rules.toml"), BASE.replace("\"15d\"", "\"15天\"")).unwrap();
    let (_, diags) = shelf.load(&[]);
    assert_eq!(diags.iter().filter(|diag| diag.message.contains("15天")).count(), 1, "{diags:?}");
}

#[test]
fn a_key_to_do_without_must_be_there_and_a_rule_of_its_own_has_none() {
    let said = Shelf::child("", "[[deadline]]\nid = \"jiean\"\nwithout = [\"notise\"]\n").said();
    assert!(only(&said, "没有键「notise」").help.as_ref().unwrap().contains("是不是 notice？"));
    let own = BASE.split("[[notice]]").next().unwrap().split("[[deadline]]").nth(2).unwrap();
    let own = format!("[[deadline]]{}", own.replace("zhan-yi", "new").replace("start =", "without = [\"note\"]\nstart ="));
    only(&Shelf::child("", &own).said(), "没有沿用别的规则");
}

#[test]
fn an_id_of_the_parent_with_another_kind_is_refused() {
    let shelf = Shelf::child("", "[[require]]\nid = \"jiean\"\ntitle = \"别的\"\n");
    let said = shelf.said();
    let diag = only(&said, "在所沿用的包里是 deadline，这里写成 require");
    assert_eq!(pointed(diag).0, "own.toml");
}

#[test]
fn an_unknown_parent_is_named_with_the_nearest_and_a_circle_with_its_way() {
    let said = Shelf::new().pack("child", &manifest("child", "extends = \"bace\""), &[]).said();
    assert!(only(&said, "要沿用的规则包「bace」不存在").help.as_ref().unwrap().contains("是不是 base？"));
    let circle = Shelf::new().pack("child", &manifest("child", "extends = \"other\""), &[]).pack(
        "other",
        &manifest("other", "extends = \"child\""),
        &[],
    );
    only(&circle.said(), "没有尽头：child → other → child");
}

#[test]
fn a_pack_that_is_named_alone_finds_its_parent_beside_it() {
    let shelf = Shelf::child("", "");
    let (rules, diags) = load(&[shelf.0.path().join("child")], &[], &[]);
    assert!(!diags.has_errors(), "{diags:?}");
    assert_eq!(rules.packs.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>(), ["child"]);
}

#[test]
fn a_pack_may_wait_to_be_named() {
    let head = manifest("child", "extends = \"base\"\nenabled = false");
    let shelf = Shelf::new().pack("child", &head, &[]);
    let root = shelf.0.path().to_path_buf();
    let ids = |roots: &[PathBuf], wanted: &[&str]| -> Vec<String> {
        let wanted: Vec<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
        load(roots, &wanted, &[]).0.packs.into_iter().map(|pack| pack.id).collect()
    };
    assert_eq!(ids(std::slice::from_ref(&root), &[]), ["base"]);
    assert_eq!(ids(std::slice::from_ref(&root), &["base", "child"]), ["base", "child"]);
    assert_eq!(ids(&[root.join("child")], &[]), ["child"]);
    assert_eq!(pack_ids(&[root]), ["base", "child"]);
}

#[test]
fn a_grandchild_stands_on_both() {
    let shelf = Shelf::child("", "[[deadline]]\nid = \"jiean\"\ntitle = \"子\"\nnote = \"子\"\n");
    let shelf =
        shelf.pack("grand", &manifest("grand", "extends = \"child\""), &[("g.toml", "[[deadline]]\nid = \"jiean\"\nnote = \"孙\"\n")]);
    let (rules, diags) = shelf.load(&["grand"]);
    assert!(!diags.has_errors(), "{diags:?}");
    let head = &rule(&rules, "jiean").head;
    assert_eq!((head.title.as_str(), head.note.as_deref()), ("子", Some("孙")));
    assert_eq!(head.layers.iter().map(|layer| layer.pack.as_str()).collect::<Vec<_>>(), ["base", "child", "grand"]);
    assert_eq!(limits(rule(&rules, "jiean"))[0].1, days("15d"));
}

const OFF: &str = "[[off]]\ncite = \"banfa 全文\"\nnote = \"没有表\"\n";

#[test]
fn rules_are_switched_off_by_id_by_pattern_and_by_row_of_the_catalogue() {
    let off = |what: &str| {
        let rules = Shelf::child(&format!("{OFF}{what}"), "").sound();
        (ids(&rules.packs[0]).join(" "), rules.packs[0].off[0].rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(off("rules = [\"zhan-yi\"]"), ("jiean zhan-er cuiban shuang".into(), "zhan-yi".into()));
    assert_eq!(off("rules = [\"zhan-*\"]"), ("jiean cuiban shuang".into(), "zhan-yi zhan-er".into()));
    assert_eq!(off("catalog_off = [\"A-2.*\"]"), ("jiean cuiban shuang".into(), "zhan-yi zhan-er".into()));
}

#[test]
fn a_rule_that_keeps_a_row_of_the_catalogue_stays_with_that_row_and_a_notice_that_is_gone_is_sent_to_nobody() {
    let rules = Shelf::child(&format!("{OFF}catalog_off = [\"A-3\"]"), "").sound();
    assert_eq!(rule(&rules, "jiean").head.catalog, ["A-1"]);
    assert!(!ids(&rules.packs[0]).contains(&"cuiban"));
    assert_eq!(deadline(rule(&rules, "jiean")).notices.open, None);
}

#[test]
fn an_id_to_switch_off_must_exist_and_a_pattern_that_meets_nothing_is_noted_by_lint() {
    let said = Shelf::child(&format!("{OFF}rules = [\"zhan-yy\"]"), "").said();
    assert!(only(&said, "要停用的规则「zhan-yy」不存在").help.as_ref().unwrap().contains("是不是「zhan-yi」？"));
    let shelf = Shelf::child(&format!("{OFF}catalog_off = [\"B-*\"]"), "");
    let rules = shelf.sound();
    let said: Vec<Diag> = lint(&rules).into_iter().collect();
    assert_eq!(pointed(only(&said, "停用「B-*」没有碰到")), ("pack.toml".to_owned(), "\"B-*\"".to_owned()));
}

#[test]
fn a_rule_that_needs_what_was_switched_off_is_an_error_that_says_so() {
    let penalty = "[[penalty]]\nid = \"fa\"\ntitle = \"罚\"\nfrom_rows = { dataset = \"台账\", where = { \"两倍\" = \"> 0\" } }\nnotice = \"催办单\"\n\
        [[penalty.version]]\nfrom = 2020-01-01\ncite = \"banfa 五条\"\nrows = [{ fine = \"1\" }]\n";
    let shelf = Shelf::child(&format!("{OFF}rules = [\"shuang\", \"cuiban\"]"), penalty);
    let said = shelf.said();
    assert!(only(&said, "字段「两倍」所在的规则「shuang」已在规则包 child 停用").help.as_ref().unwrap().contains("一并停用规则「fa」"));
    only(&said, "通知单「催办单」所在的规则「cuiban」已在规则包 child 停用");
}

#[test]
fn a_rule_that_was_switched_off_may_be_written_anew() {
    let anew = "[[require]]\nid = \"zhan-yi\"\ntitle = \"必填\"\ndataset = \"台账\"\n\
        [[require.version]]\nfrom = 2020-01-01\ncite = \"banfa 二条\"\nrows = [{ present = [\"止\"] }]\n";
    let rules = Shelf::child(&format!("{OFF}rules = [\"zhan-yi\"]"), anew).sound();
    assert!(matches!(rule(&rules, "zhan-yi").kind, Kind::Require(_)));
    assert!(!rule(&rules, "zhan-yi").head.is_inherited());
}

#[test]
fn off_without_extends_is_refused() {
    let shelf = Shelf::new().pack("child", &manifest("child", &format!("calendar = \"cn-public\"\n{SOURCE}{OFF}rules = [\"a\"]")), &[]);
    only(&shelf.said(), "[[off]] 只能写在沿用别的包的规则包里");
}

#[test]
fn rules_that_are_taken_over_bring_their_cases_and_a_rule_that_was_written_over_needs_its_own() {
    let names = |shelf: &Shelf| -> Vec<String> {
        let rules = shelf.sound();
        let (cases, problems) = cases::cases(&rules.packs[0]);
        assert!(!problems.has_errors(), "{problems:?}");
        cases.into_iter().map(|case| case.name).collect()
    };
    assert_eq!(names(&Shelf::child("", "")), ["三天：合规"]);
    assert!(names(&Shelf::child("", "[[deadline]]\nid = \"zhan-yi\"\nnote = \"改\"\n")).is_empty());
    assert!(names(&Shelf::child(&format!("{OFF}rules = [\"zhan-yi\"]"), "")).is_empty());
}

const RESOLVE: &str = "[[resolve]]\nid = \"X01\"\nrules = [\"zhan-yi\", \"zhan-er\"]\ncite = \"banfa 二条\"\nnote = \"两个数\"\n";

fn unpicked(rules: &RuleSet) -> Vec<&str> {
    rules.packs[0].rules.iter().filter(|rule| rule.head.unpicked.is_some()).map(|rule| rule.head.id.as_str()).collect()
}

#[test]
fn of_rules_that_conflict_the_picked_ones_judge() {
    let picked = |pick: &str| Shelf::child(&format!("{RESOLVE}pick = {pick}"), "").sound();
    assert_eq!(unpicked(&picked("\"zhan-yi\"")), ["zhan-er"]);
    assert_eq!(unpicked(&picked("[\"zhan-er\"]")), ["zhan-yi"]);
    assert!(unpicked(&picked("\"both\"")).is_empty());
}

#[test]
fn a_resolve_names_known_rules_and_picks_among_them() {
    let said = Shelf::child(&format!("{RESOLVE}pick = \"zhan-san\""), "").said();
    assert!(only(&said, "pick「zhan-san」不在相冲突的规则里").help.as_ref().unwrap().contains("both、zhan-yi、zhan-er"));
    let said = Shelf::child(&RESOLVE.replace("\"zhan-er\"]", "\"zhan-erh\"]\npick = \"both\""), "").said();
    assert!(only(&said, "没有规则「zhan-erh」").help.as_ref().unwrap().contains("是不是「zhan-er」？"));
}

#[test]
fn the_company_picks_for_itself_and_a_wrong_pick_is_shown_in_its_settings() {
    let shelf = Shelf::child(&format!("{RESOLVE}pick = \"zhan-yi\""), "");
    let with = |id: &str, pick: &str| {
        let picks =
            [Pick { pack: "child".into(), id: id.into(), pick: vec![pick.into()], cite: "会议纪要".into(), place: Place::Nowhere }];
        load_for(&[shelf.0.path().to_path_buf()], &["child".to_owned()], Company { params: &[], picks: &picks })
    };
    let (rules, diags) = with("X01", "zhan-er");
    assert!(!diags.has_errors(), "{diags:?}");
    assert_eq!((unpicked(&rules), rules.packs[0].resolves[0].company.as_deref()), (vec!["zhan-yi"], Some("会议纪要")));
    assert!(with("X02", "both").1.iter().any(|diag| diag.message.contains("没有取舍「X02」")));
    assert!(with("X01", "zhan").1.iter().any(|diag| diag.message.contains("pick「zhan」不在")));
}

#[test]
fn a_conflict_of_which_one_side_is_switched_off_is_none() {
    let base = manifest("base", &format!("calendar = \"cn-public\"\n{SOURCE}{RESOLVE}pick = \"zhan-yi\"\n"));
    let shelf = Shelf::child(&format!("{OFF}rules = [\"zhan-yi\"]"), "").pack("base", &base, &[]);
    let rules = shelf.sound();
    assert!(rules.packs[0].resolves.is_empty() && unpicked(&rules).is_empty());
}

#[test]
fn readings_are_taken_over_replaced_by_id_and_go_with_their_rows() {
    let reading = |id: &str, row: &str, text: &str| {
        format!("[[reading]]\nid = \"{id}\"\ncatalog = [\"{row}\"]\ntitle = \"题\"\ntext = \"{text}\"\ncite = \"banfa 六条\"\n")
    };
    let base = manifest("base", &format!("calendar = \"cn-public\"\n{SOURCE}{}{}", reading("r1", "A-5", "旧"), reading("r2", "A-6", "旧")));
    let child = format!("{OFF}catalog_off = [\"A-6\"]\n{}", reading("r1", "A-5", "新"));
    let rules = Shelf::child(&child, "").pack("base", &base, &[]).sound();
    let told: Vec<_> = rules.packs[0].readings.iter().map(|r| (r.id.as_str(), r.text.as_str(), r.pack.as_str())).collect();
    assert_eq!(told, [("r1", "新", "child")]);
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// What the variant text lacks is off, what it keeps is judged as before: the catalogue's §3.2.
#[test]
fn the_variant_of_the_complaint_policy_has_no_classes_stations_authority_reminders_or_losses() {
    let (rules, diags) = load(&[repository().join("s0v")], &[], &[]);
    assert!(!diags.has_errors(), "{}", diags.iter().map(render).collect::<Vec<_>>().join("\n"));
    let pack = &rules.packs[0];
    for gone in ["S0-5.1", "S0-6.", "S0-10.2.", "S0-11.", "S0-13.2.5.", "S0-14.", "S0-15.", "S0-附."] {
        let left: Vec<&str> =
            pack.rules.iter().filter(|r| r.head.catalog.iter().any(|row| row.starts_with(gone))).map(|r| r.head.id.as_str()).collect();
        assert!(left.is_empty(), "{gone} is still realised by {left:?}");
    }
    assert!(pack.rules.iter().all(|rule| !matches!(&rule.kind, Kind::Deadline(d) if d.notices.open.is_some() || d.notices.late.is_some())));
    let jiean = rule(&rules, "jiean");
    let limits: Vec<Quantity> = deadline(jiean).limits.versions[0].body.iter().map(|row| row.limit).collect();
    assert_eq!((limits, jiean.head.inferred), (vec![days("15d"), days("20d")], true));
    let realised: Vec<&str> = pack
        .off
        .iter()
        .flat_map(|off| &off.catalog)
        .chain(pack.readings.iter().flat_map(|reading| &reading.catalog))
        .chain(pack.rules.iter().flat_map(|rule| &rule.head.catalog))
        .map(String::as_str)
        .collect();
    for row in 1..=8 {
        assert!(realised.contains(&format!("S0V-d{row}").as_str()), "S0V-d{row}");
    }
}

#[test]
fn the_variants_cases_pass_and_nothing_is_wrong_with_it_but_that_nobody_approved_it_yet() {
    let (rules, _) = load(&[repository().join("s0v")], &[], &[]);
    let said: Vec<String> = lint(&rules).iter().filter(|d| d.severity > kesu::diag::Severity::Note).map(render).collect();
    assert!(said.iter().all(|text| text.contains("pack-unapproved")), "{}", said.join("\n"));
    let settings = Settings { rules: vec![repository().join("s0v")], packs: vec![], ..Settings::read(&repository().join("..")).unwrap() };
    let report = run_all(&settings).unwrap();
    assert!(report.failures.is_empty(), "{}", report.failures.iter().map(render).collect::<Vec<_>>().join("\n"));
    assert!(report.by_rule.iter().any(|(rule, cases)| rule == "kesu-yiwen/bianhao" && *cases > 0), "inherited rules bring their cases");
}
