//! What is said of routes, links and copies that are written wrong; and how right ones read in Chinese.

use kesu::diag::{Code, Diag};
use kesu::rules::lint::lint;
use kesu::rules::{RuleSet, load, parameters, sentence};

use crate::rules::write_pack;

const LOG: &str = r#"
[dataset]
name = "流转"
key = ["案号", "站序"]
[[field]]
name = "案号"
type = "text"
[[field]]
name = "站序"
type = "int"
[[field]]
name = "站别"
type = "one_of"
values = ["业务部", "总经理室", "质管部"]
[[field]]
name = "收文"
type = "date"
[[field]]
name = "送出"
type = "date"
[[field]]
name = "急件"
type = "bool"
"#;

/// Loads one rule file; its problems, and where there are none those of the lint.
fn loaded(rules: &str) -> (RuleSet, Vec<Diag>) {
    let folder = tempfile::tempdir().unwrap();
    write_pack(folder.path(), &[("rules.toml", rules), ("datasets/log.toml", LOG)]);
    let (set, diags) = load(&[folder.path().join("pack")], &[], &[]);
    let mut diags: Vec<Diag> = diags.into_iter().collect();
    if diags.is_empty() {
        diags.extend(lint(&set).into_iter().filter(|diag| diag.code != Code::RuleNoCases));
    }
    (set, diags)
}

fn order(keys: &str, version: &str) -> String {
    format!(
        "[[order]]\nid = \"o\"\ntitle = \"次序\"\ndataset = \"流转\"\n{keys}\n[[order.version]]\nfrom = 2020-01-01\ncite = \"banfa 九条\"\n{version}\n"
    )
}

const KEYS: &str = "case = \"案号\"\nstation = \"站别\"\nat = \"收文\"";

fn said(rules: &str) -> Vec<(Code, String)> {
    loaded(rules).1.into_iter().map(|diag| (diag.code, diag.message)).collect()
}

fn require(row: &str) -> String {
    format!(
        "[[require]]\nid = \"r\"\ntitle = \"要求\"\ndataset = \"流转\"\n[[require.version]]\nfrom = 2020-01-01\ncite = \"banfa 九条\"\nrows = [{{ {row} }}]\n"
    )
}

#[test]
fn a_route_that_says_what_it_means_is_clean_and_reads_as_a_sentence() {
    let route = r#"route = [{ station = "业务部" }, { station = "总经理室", title = "审核" }, { station = "质管部", when = { "急件" = true } }, { station = "业务部", optional = true }]"#;
    let (rules, diags) = loaded(&order(&format!("{KEYS}\nseq = \"站序\"\ndone = \"送出\""), route));
    assert!(diags.is_empty(), "{diags:?}");
    let (pack, rule) = rules.rules().next().unwrap();
    let told = sentence(&rules, pack, rule);
    for line in [
        "次序（test/o，先后次序）",
        "「流转」的每一行是一站，「案号」相同的是一案，按「收文」排先后，同一时刻的按「站序」。",
        "业务部→审核→[质管部]（只在急件为 是 时必经）→[业务部]。",
        "填了「送出」就算走完，没有走完的不追究还没到的。跳站、倒序、重复到站、路线上没有的站都列出。",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(parameters(rule).starts_with("业务部→审核→"), "{}", parameters(rule));
}

#[test]
fn a_station_that_the_log_cannot_hold_is_named_with_those_it_can() {
    let told = said(&order(KEYS, r#"route = [{ station = "业务部" }, { station = "质管科" }]"#));
    let [(code, message)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(*code, Code::RuleValue);
    assert!(message.contains("质管科") && message.contains("质管部"), "{message}");
}

#[test]
fn optional_and_a_condition_exclude_each_other() {
    let told = said(&order(KEYS, r#"route = [{ station = "业务部" }, { station = "质管部", optional = true, when = { "急件" = true } }]"#));
    assert_eq!(told, [(Code::RuleSyntax, "optional 与 when 只能写一个".to_owned())]);
}

#[test]
fn the_two_shapes_are_not_mixed() {
    let told = said(&order(KEYS, r#"steps = ["收文", "送出"]"#));
    assert!(told.iter().any(|(_, message)| message.contains("用 route，不用 steps")), "{told:?}");
    let told = said(&order("at = \"收文\"", r#"route = [{ station = "业务部" }, { station = "质管部" }]"#));
    assert!(told.iter().any(|(_, message)| message.contains("route 要同 case 与 station 一起写")), "{told:?}");
    let told = said(&order("case = \"案号\"", r#"route = [{ station = "业务部" }, { station = "质管部" }]"#));
    assert!(told.iter().any(|(_, message)| message.contains("缺少 station")), "{told:?}");
}

#[test]
fn one_station_alone_has_no_order() {
    let told = said(&order(KEYS, r#"route = [{ station = "业务部" }]"#));
    assert_eq!(told, [(Code::RuleSyntax, "至少两站（步）才有先后".to_owned())]);
}

#[test]
fn the_same_station_twice_in_a_row_is_warned_of_and_so_is_a_route_that_asks_for_nothing() {
    let told = said(&order(KEYS, r#"route = [{ station = "业务部" }, { station = "质管部" }, { station = ["总经理室", "质管部"] }]"#));
    assert_eq!(told, [(Code::RuleDuplicate, "「次序」的路线上「质管部」连着两站".to_owned())]);
    let told = said(&order(KEYS, r#"route = [{ station = "业务部", optional = true }, { station = "质管部", optional = true }]"#));
    assert_eq!(told, [(Code::RuleUnreachable, "「次序」从 2020-01-01 起的路线上每一站都可以不经过".to_owned())]);
}

#[test]
fn a_step_must_be_a_date_and_stand_once() {
    let told = said(&order("", r#"steps = ["收文", { field = "站别" }]"#));
    assert_eq!(told, [(Code::RuleFieldType, "字段「站别」是枚举，这里要日期或日期时间".to_owned())]);
    let told = said(&order("", r#"steps = ["收文", "送出", { field = "收文" }]"#));
    assert_eq!(told, [(Code::RuleDuplicate, "「收文」在同一版本里写了两次".to_owned())]);
    let told = said(&order("", r#"steps = ["收文", { field = "送出", optinal = true }]"#));
    assert!(told.iter().any(|(code, message)| *code == Code::RuleUnknownKey && message.contains("optinal")), "{told:?}");
}

#[test]
fn a_link_needs_fields_of_both_datasets_that_can_be_alike() {
    let told = said(&require(r#"exists = { dataset = "流传", on = "案号" }"#));
    assert_eq!(told, [(Code::RuleDangling, "没有数据表「流传」".to_owned())]);
    let told = said(&require(r#"exists = { dataset = "流转", on = { "案号" = "案好" } }"#));
    assert_eq!(told, [(Code::RuleFieldUnknown, "数据表「流转」没有字段「案好」".to_owned())]);
    let told = said(&require(r#"exists = { dataset = "流转", on = { "案号" = "站序" } }"#));
    assert_eq!(told, [(Code::RuleFieldType, "「案号」是文字，「站序」是整数，对不上".to_owned())]);
}

#[test]
fn copies_say_which_and_by_whom() {
    let copies = |of: &str| {
        require(&format!(
            r#"copies = {{ dataset = "流转", on = "案号", copy = "站序", by = "站别", at = "收文", issued = "送出", of = [{of}] }}"#
        ))
    };
    let (rules, diags) = loaded(&copies(r#"{ copy = 1, by = "业务部" }, { copy = 2 }"#));
    assert!(diags.is_empty(), "{diags:?}");
    let (pack, rule) = rules.rules().next().unwrap();
    let told = sentence(&rules, pack, rule);
    assert!(told.contains("「流转」里（案号相同）必须有：第1联由业务部签收、第2联有人签收，签收不早于「送出」"), "{told}");
    assert_eq!(said(&copies("{ title = \"存查\" }")).len(), 1);
    assert!(said(&copies("{ copy = \"一\", by = \"业务部\" }")).iter().any(|(code, _)| *code == Code::RuleValue));
    assert_eq!(said(&copies(""))[0].1, "没有写有哪几联");
}
