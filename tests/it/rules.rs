//! Rule packs: what loads, what is refused and with which words.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kesu::diag::{Code, Diag, Diags, Place, render};
use kesu::rules::kinds::{Amount, Base};
use kesu::rules::{
    Condition, Kind, Literal, Operand, Ordering, Param, Rule, RuleSet, Status, Test, cases, load, parameters, schema, sentence,
};
use rust_decimal::Decimal;

/// The packs that the repository's own settings name.
pub fn packs(params: &[Param]) -> (RuleSet, Diags) {
    load(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules")], &["kesu-banfa".to_owned()], params)
}

const PACK: &str = r#"schema = 1
[pack]
id = "test"
title = "试"
version = "1"
calendar = "cn-public"
approved_by = "总经理"
approved_on = 2020-01-01
[[source]]
id = "banfa"
title = "客诉管理办法"
"#;

/// A pack in `folder/pack` with the given files besides `pack.toml`.
pub fn write_pack(folder: &Path, files: &[(&str, &str)]) {
    let pack = folder.join("pack");
    for (path, text) in files.iter().chain(&[("pack.toml", PACK)]) {
        let full = pack.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }
}

const DATASET: &str = r#"
[dataset]
name = "表"
key = ["编号"]
at = "起"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "国内外"
type = "one_of"
values = ["国内", "国外"]
[[field]]
name = "金额"
type = "money"
[[field]]
name = "数量"
type = "decimal"
[[field]]
name = "件数"
type = "int"
[[field]]
name = "比率"
type = "percent"
[[field]]
name = "起"
type = "date"
[[field]]
name = "止"
type = "datetime"
[[field]]
name = "成立"
type = "bool"
"#;

/// Loads one rule file over the dataset 表.
fn loaded(rules: &str) -> (RuleSet, Vec<Diag>) {
    loaded_with(rules, &[])
}

fn loaded_with(rules: &str, params: &[Param]) -> (RuleSet, Vec<Diag>) {
    let folder = tempfile::tempdir().unwrap();
    write_pack(folder.path(), &[("rules.toml", rules), ("datasets/t.toml", DATASET)]);
    let (set, diags) = load(&[folder.path().join("pack")], &[], params);
    // The text is gone with the folder, so messages are all that is looked at.
    (set, diags.into_iter().collect())
}

fn deadline(scope: &str) -> String {
    format!(
        "[[deadline]]\nid = \"a\"\ntitle = \"甲\"\ndataset = \"表\"\n{scope}\nstart = \"起\"\nstop = \"止\"\n[[deadline.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\nrows = [{{ limit = \"5d\" }}]\n"
    )
}

fn rule<'a>(rules: &'a RuleSet, id: &str) -> &'a Rule {
    rules.rules().map(|(_, rule)| rule).find(|rule| rule.head.id == id).unwrap()
}

fn param(rule: &str, name: &str, value: &str) -> Param {
    Param {
        pack: "kesu-banfa".to_owned(),
        rule: rule.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
        cite: "公司自定".to_owned(),
        place: Place::Nowhere,
    }
}

#[test]
fn the_complaint_pack_loads_without_a_word() {
    let (rules, diags) = packs(&[]);
    let said: Vec<String> = diags.iter().map(render).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    let ids: Vec<&str> = rules.rules().map(|(_, rule)| rule.head.id.as_str()).collect();
    assert!(ids.contains(&"jiean") && ids.contains(&"hejue"), "{ids:?}");
}

#[test]
fn a_formula_waits_for_the_number_that_the_policy_does_not_give() {
    let formula = |text: &str, params: &[Param]| {
        let rules = format!(
            "[[derive]]\nid = \"ticheng\"\ntitle = \"提成\"\nstatus = \"missing-param\"\nmissing = [\"提成比例\"]\ndataset = \"表\"\n\
             field = \"提成\"\ntype = \"money\"\n[[derive.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\nformula = \"{text}\"\n"
        );
        let dataset = "[dataset]\nname = \"表\"\n[[field]]\nname = \"金额\"\ntype = \"money\"\n";
        let folder = tempfile::tempdir().unwrap();
        write_pack(folder.path(), &[("rules.toml", &rules), ("datasets/t.toml", dataset)]);
        let (rules, diags) = load(&[folder.path().join("pack")], &[], params);
        let said = diags.iter().map(render).collect::<String>();
        let read = rules.rules().find_map(|(_, rule)| match &rule.kind {
            Kind::Derive(derive) => Some(derive.formulas.versions.iter().map(|version| version.body.to_string()).collect::<Vec<_>>()),
            _ => None,
        });
        (read.unwrap_or_default(), said)
    };
    let text = "ROUND(金额 * ?提成比例, 2)";
    let given = |value: &str| [Param { pack: "test".to_owned(), ..param("ticheng", "提成比例", value) }];
    assert_eq!(formula(text, &[]), (Vec::new(), String::new()));
    assert_eq!(formula(text, &given("5%")), (vec!["四舍五入到 2 位小数（金额 × 0.05）".to_owned()], String::new()));
    assert!(formula(text, &given("一成")).1.contains("读不懂数字「一成」"));
    assert!(
        formula("ROUND(金款 * ?提成比例, 2)", &[]).1.contains("没有字段「金款」"),
        "what is written is checked before the number is known"
    );
}

#[test]
fn every_rule_of_the_complaint_pack_cites_a_clause_and_names_its_catalogue_rows() {
    let (rules, _) = packs(&[]);
    for (_, rule) in rules.rules() {
        assert!(!rule.head.cites.is_empty(), "{} cites nothing", rule.head.id);
        assert!(rule.head.catalog.iter().all(|id| id.starts_with("S0-")) && !rule.head.catalog.is_empty(), "{}", rule.head.id);
    }
}

#[test]
fn a_rule_whose_parameter_nobody_supplied_says_what_is_missing() {
    let (rules, _) = packs(&[]);
    let fine = rule(&rules, "bumen-fakou");
    assert_eq!(fine.head.status, Status::MissingParam);
    assert_eq!(fine.head.missing, ["部门罚扣比例"]);
    assert_eq!(parameters(fine), "待补：部门罚扣比例");
}

#[test]
fn a_supplied_parameter_completes_the_rule_and_leaves_its_origin() {
    let (rules, diags) = packs(&[param("bumen-fakou", "部门罚扣比例", "10%")]);
    assert!(diags.is_empty(), "{diags:?}");
    let fine = rule(&rules, "bumen-fakou");
    assert_eq!((fine.head.status, fine.head.missing.len()), (Status::Active, 0));
    assert_eq!(fine.head.params[0].cite, "公司自定");
    let Kind::Penalty(penalty) = &fine.kind else { panic!() };
    assert!(matches!(&penalty.base, Base::Rows { dataset, .. } if dataset == "责任与损失"));
    let amount = penalty.terms.versions[0].body.rows[0].sanction.amount.as_ref();
    assert_eq!(amount, Some(&Amount::Share { of: "部门损失".to_owned(), rate: Decimal::new(10, 2) }));
}

#[test]
fn a_parameter_that_changes_makes_a_version_of_its_own() {
    let mut later = param("bumen-fakou", "部门罚扣比例", "12.5%");
    later.from = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    let (rules, _) = packs(&[param("bumen-fakou", "部门罚扣比例", "10%"), later]);
    let Kind::Penalty(penalty) = &rule(&rules, "bumen-fakou").kind else { panic!() };
    let rates: Vec<String> = penalty
        .terms
        .versions
        .iter()
        .map(|version| match &version.body.rows[0].sanction.amount {
            Some(Amount::Share { rate, .. }) => format!("{} {rate}", version.from),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(rates, ["2020-01-01 0.10", "2026-07-01 0.125"]);

    // also where an earlier version of the same rule asked for it before
    let version = |from: &str| {
        format!(
            "[[deadline.version]]\nfrom = {from}\ncite = \"banfa 一条\"\nrows = [{{ when = {{ \"金额\" = \"> 1\" }}, limit = \"?期限\" }}]\n"
        )
    };
    let rule_text = "[[deadline]]\nid = \"a\"\ntitle = \"甲\"\ndataset = \"表\"\nstart = \"起\"\nstop = \"止\"\n";
    let given = |year: i32, value: &str| {
        let from = NaiveDate::from_ymd_opt(year, 7, 1).unwrap();
        Param { pack: "test".to_owned(), from, ..param("a", "期限", value) }
    };
    let text = format!("{rule_text}{}{}", version("2020-01-01"), version("2023-01-01"));
    let (rules, diags) = loaded_with(&text, &[given(2019, "5d"), given(2021, "6d"), given(2024, "7d")]);
    assert!(diags.is_empty(), "{diags:?}");
    let Kind::Deadline(deadline) = &rule(&rules, "a").kind else { panic!() };
    let limits: Vec<String> = deadline.limits.versions.iter().map(|v| format!("{} {}", v.from, v.body[0].limit.amount)).collect();
    assert_eq!(limits, ["2020-01-01 5", "2021-07-01 6", "2023-01-01 6", "2024-07-01 7"]);
}

#[test]
fn a_parameter_outside_a_version_is_refused_where_it_stands() {
    let reconcile = |left: &str, scope: &str| {
        format!(
            "[[reconcile]]\nid = \"r\"\ntitle = \"核\"\nstatus = \"missing-param\"\nmissing = [\"系数\"]\ndataset = \"表\"\nright = \"数量\"\n\
             left = \"{left}\"\n{scope}\n[[reconcile.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\n"
        )
    };
    let ratio = "[[ratio]]\nid = \"q\"\ntitle = \"率\"\nstatus = \"missing-param\"\nmissing = [\"系数\"]\ndataset = \"表\"\n\n\n\
                 numerator = { sum = \"金额 * ?系数\" }\ndenominator = { sum = \"数量\" }\n\
                 [[ratio.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\n";
    let given = Param { pack: "test".to_owned(), ..param("r", "系数", "2") };
    let texts = [
        (reconcile("金额 * ?系数", ""), 8),
        (reconcile("SUM(金额 * ?系数)", "by = [\"国内外\"]"), 8),
        (reconcile("金额", "where = { \"金额\" = \"?系数\" }"), 9),
        (ratio.to_owned(), 9),
    ];
    for (text, line) in texts {
        for params in [&[][..], std::slice::from_ref(&given)] {
            let folder = tempfile::tempdir().unwrap();
            write_pack(folder.path(), &[("rules.toml", &text), ("datasets/t.toml", DATASET)]);
            let (_, diags) = load(&[folder.path().join("pack")], &[], params);
            let said = diags.iter().map(render).collect::<String>();
            assert!(said.contains("待补参数 ?系数 只能写在 [[….version]] 里"), "{text}\n{said}");
            assert!(said.contains(&format!("rules.toml:{line}")), "line {line}\n{said}");
        }
    }
}

#[test]
fn a_parameter_for_no_rule_or_with_a_wrong_value_is_refused() {
    let (_, diags) = packs(&[param("bumen-fakuo", "部门罚扣比例", "10%")]);
    let said: Vec<String> = diags.iter().map(render).collect();
    assert!(said[0].contains("是不是 kesu-banfa/bumen-fakou？"), "{said:?}");
    let (_, diags) = packs(&[param("bumen-fakou", "部门罚扣比例", "一成")]);
    assert!(diags.iter().any(|d| d.code == Code::RuleValue && d.message.contains("一成")), "{diags:?}");
}

/// The test of the cell `field = cell`, or the words that refuse it.
fn cell(field: &str, cell: &str) -> Result<Test, String> {
    let (rules, diags) = loaded(&deadline(&format!("where = {{ \"{field}\" = {cell} }}")));
    if let Some(diag) = diags.first() {
        return Err(diag.message.clone());
    }
    let Kind::Deadline(deadline) = &rule(&rules, "a").kind else { panic!() };
    let Condition::All(parts) = &deadline.scope else { panic!() };
    let [Condition::Cell { test, .. }] = parts.as_slice() else { panic!("{parts:?}") };
    Ok(test.clone())
}

#[test]
fn every_test_of_the_rule_language_is_read() {
    let number = |digits: i64| Literal::Number(Decimal::from(digits));
    let day = |d: u32| Literal::Date(NaiveDate::from_ymd_opt(2026, 10, d).unwrap());
    let compare = |ordering, literal| Test::Compare(ordering, Operand::Literal(literal));
    let text = |text: &str| Literal::Text(text.to_owned());
    let table: Vec<(&str, &str, Test)> = vec![
        ("国内外", "\"国内\"", Test::OneOf(vec![text("国内")])),
        ("国内外", "[\"国内\", \"国外\"]", Test::OneOf(vec![text("国内"), text("国外")])),
        ("金额", "\"> 5000\"", compare(Ordering::Greater, number(5000))),
        ("金额", "\">= 5000\"", compare(Ordering::AtLeast, number(5000))),
        ("金额", "\"< 3\"", compare(Ordering::Less, number(3))),
        ("金额", "\"<=3\"", compare(Ordering::AtMost, number(3))),
        ("金额", "\"!= 0\"", compare(Ordering::NotEqual, number(0))),
        ("金额", "5000", Test::OneOf(vec![number(5000)])),
        ("金额", "0.1", Test::OneOf(vec![Literal::Number(Decimal::new(1, 1))])),
        ("数量", "\"<= {金额}\"", Test::Compare(Ordering::AtMost, Operand::Field("金额".to_owned()))),
        ("金额", "\"(100000..150000]\"", Test::Interval { low: Some((number(100_000), false)), high: Some((number(150_000), true)) }),
        ("金额", "\"(150000..)\"", Test::Interval { low: Some((number(150_000), false)), high: None }),
        ("金额", "\"(..0]\"", Test::Interval { low: None, high: Some((number(0), true)) }),
        ("比率", "\"25%\"", Test::OneOf(vec![Literal::Number(Decimal::new(25, 2))])),
        ("起", "\">= 2026-10-01\"", compare(Ordering::AtLeast, day(1))),
        ("起", "2026-10-02", Test::OneOf(vec![day(2)])),
        ("起", "\"[2026-10-01..2026-10-03]\"", Test::Interval { low: Some((day(1), true)), high: Some((day(3), true)) }),
        ("成立", "true", Test::OneOf(vec![Literal::Bool(true)])),
        ("成立", "\"否\"", Test::OneOf(vec![Literal::Bool(false)])),
        ("编号", "\"like 客*\"", Test::Like("客*".to_owned())),
        ("金额", "\"missing\"", Test::Missing),
        ("金额", "\"present\"", Test::Present),
    ];
    for (field, written, wanted) in table {
        assert_eq!(cell(field, written), Ok(wanted), "{field} = {written}");
    }
}

#[test]
fn a_cell_that_cannot_be_meant_is_refused_with_a_hint() {
    let table = [
        ("国内外", "\"国内销\"", "是不是「国内」"),
        ("金额", "\"\u{ff1e} 5000\"", "> 5000"),
        ("金额", "\"\u{ff08}0..100\u{ff09}\"", "(0..100)"),
        ("金额", "\"100\u{ff0c}000\"", "不要写逗号"),
        ("金额", "\"= 5\"", "直接写"),
        ("金额", "\"(5..3)\"", "一个值也没有"),
        ("金额", "\"[..3]\"", "圆括号"),
        ("金额", "\"很多\"", "金额"),
        ("国内外", "\"> 国内\"", "不能比大小"),
        ("数量", "\"<= {起}\"", "不能相比"),
        ("数量", "\"<= {全额}\"", "是不是「金额」"),
        ("起", "\"> 2026-02-30\"", "2026-02-30"),
        ("件数", "\"1.5\"", "整数"),
        ("金额", "\"like 5*\"", "只用于文字"),
        ("金额", "\"\"", "空"),
        ("金额", "[]", "空"),
        ("金额", "true", "类型不合"),
    ];
    for (field, written, hint) in table {
        let said = cell(field, written).expect_err(written);
        assert!(said.contains(hint), "{field} = {written}: {said}");
    }
}

#[test]
fn not_and_any_are_read_one_level_deep() {
    let (rules, diags) =
        loaded(&deadline("where = { not = { \"国内外\" = \"国内\" }, any = [{ \"金额\" = \"> 5\" }, { \"成立\" = true }] }"));
    assert!(diags.is_empty(), "{diags:?}");
    let Kind::Deadline(found) = &rule(&rules, "a").kind else { panic!() };
    assert!(matches!(&found.scope, Condition::All(parts) if matches!(parts.as_slice(), [Condition::Not(_), Condition::Any(_)])));
    let (_, diags) = loaded(&deadline("where = { not = { not = { \"国内外\" = \"国内\" } } }"));
    assert!(diags[0].message.contains("只能用一层"), "{diags:?}");
}

#[test]
fn all_problems_of_all_rules_come_at_once() {
    let (_, diags) = loaded(
        r#"
[[deadline]]
id = "a"
title = "甲"
dataset = "表"
strat = "起"
stop = "金额"
severity = "majro"
notice = { open = "催办单" }
[[deadline.version]]
from = 2020-01-01
cite = "banfaa 一条"
rows = [{ limit = "5天" }, { limti = "3d" }]

[[deadline]]
id = "a"
title = "乙"
dataset = "表格"
start = "起"
stop = "止"

[[dedline]]
id = "c"
"#,
    );
    let said: Vec<String> =
        diags.iter().map(|d| format!("{} {} {}", d.code.name(), d.message, d.help.clone().unwrap_or_default())).collect();
    let all = said.join("\n");
    for hint in [
        "rule-unknown-key 不认识的键「strat」 是不是 start？",
        "rule-field-type 字段「金额」是金额",
        "rule-value 不认识的取值「majro」 是不是 major？",
        "rule-dangling 没有通知单「催办单」",
        "rule-dangling 没有依据文件「banfaa」 是不是 banfa？",
        "rule-value 读不懂时长「5天」",
        "rule-unknown-key 不认识的键「limti」 是不是 limit？",
        "rule-duplicate 规则包「test」里有两条规则叫「a」",
        "rule-dangling 没有数据表「表格」 是不是「表」？",
        "rule-unknown-key 不认识的键「dedline」 是不是 deadline？",
    ] {
        assert!(all.contains(hint), "{hint} is not in\n{all}");
    }
}

/// The deadline `a` and the statistic `s` with this layout.
fn statistic(layout: &str) -> Vec<String> {
    let head = "[[statistic]]\nid = \"s\"\ntitle = \"清单\"\ncite = \"banfa 一条\"\n";
    let (_, diags) = loaded(&format!("{}\n{head}{layout}", deadline("")));
    diags.iter().map(|d| format!("{} {} {}", d.code.name(), d.message, d.help.clone().unwrap_or_default())).collect()
}

#[test]
fn a_list_that_cannot_be_meant_is_refused_with_a_hint() {
    let section = "[[statistic.listing]]\ntitle = \"逾期\"\n";
    assert_eq!(statistic(&format!("{section}rules = [\"a\"]\ncolumns = [\"起\"]\nshow = [\"用时\", \"部门\"]\ngroup = \"部门\"")), [""; 0]);
    for (layout, hint) in [
        (section.to_owned(), "清单没有写列出哪些规则"),
        (format!("{section}rules = [\"b\"]"), "没有规则「b」 现有：a、s"),
        (format!("{section}rules = [\"s\"]"), "规则「s」不判定任何数据表"),
        (format!("{section}rules = [\"a\"]\ncolumns = [\"起始\"]"), "数据表「表」没有字段「起始」"),
        (format!("{section}rules = [\"a\"]\nshow = [\"用时间\"]"), "不认识的取值「用时间」 是不是 用时？"),
        (format!("{section}rules = [\"a\"]\noutcomes = [\"braeched\"]"), "不认识的取值「braeched」 是不是 breached？"),
        (format!("{section}rules = [\"a\"]\nshow = [\"用时\"]\ngroup = \"用时\""), "清单里没有可以分组的列「用时」"),
        (format!("dataset = \"表\"\n{section}rules = [\"a\"]"), "数据表、范围和月份由所列的规则决定"),
        ("dataset = \"表\"\nat = \"起\"".to_owned(), "写且只写一种"),
        ("dataset = \"表\"\nat = \"起\"\n[statistic.stations]\nunit = \"起\"\nrules = [\"a\"]".to_owned(), "字段「起」是日期"),
        ("dataset = \"表\"\nat = \"起\"\n[statistic.losses]\non = \"起\"".to_owned(), "缺少 losses.unit"),
    ] {
        let said = statistic(&layout);
        assert!(said.iter().any(|line| line.contains(hint)), "{hint} is not in {said:?}\n{layout}");
    }
}

#[test]
fn a_slip_is_shown_on_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let rules = deadline("where = { \"国内外\" = \"国内\", \"全额\" = \"> 5\" }");
    write_pack(folder.path(), &[("rules.toml", &rules), ("datasets/t.toml", DATASET)]);
    let (_, diags) = load(&[folder.path().join("pack")], &[], &[]);
    let said: Vec<String> = diags.iter().map(render).collect();
    let said = said.join("\n").replace(&format!("{}/", folder.path().display()), "");
    insta::assert_snapshot!(said, @r#"
    错误[rule-field-unknown] 数据表「表」没有字段「全额」
     --> pack/rules.toml:5:26
      |
    5 | where = { "国内外" = "国内", "全额" = "> 5" }
      |                               ^^^^
      下一步：是不是「金额」？现有：编号、国内外、金额、数量、件数、比率、起、止、成立
    "#);
}

#[test]
fn broken_toml_is_shown_where_it_breaks() {
    let (_, diags) = loaded("[[deadline]]\nid = \"a\ntitle = \"甲\"\n");
    assert!(diags.iter().any(|d| d.code == Code::RuleSyntax && matches!(&d.place, Place::Text { .. })), "{diags:?}");
}

#[test]
fn versions_must_rise_and_differ() {
    let version = |from: &str| format!("[[deadline.version]]\nfrom = {from}\ncite = \"banfa 一条\"\nrows = [{{ limit = \"5d\" }}]\n");
    let head = "[[deadline]]\nid = \"a\"\ntitle = \"甲\"\ndataset = \"表\"\nstart = \"起\"\nstop = \"止\"\n";
    for (second, words) in [("2020-01-01", "同一天"), ("2019-01-01", "从早到晚")] {
        let (_, diags) = loaded(&format!("{head}{}{}", version("2020-01-01"), version(second)));
        assert!(diags.iter().any(|d| d.code == Code::RuleVersions && d.message.contains(words)), "{diags:?}");
    }
    let (_, diags) = loaded(head);
    assert!(diags.iter().any(|d| d.code == Code::RuleVersions && d.message.contains("没有一个版本")), "{diags:?}");
}

fn derive(formula: &str) -> Result<String, String> {
    let (rules, diags) = loaded(&format!(
        "[[derive]]\nid = \"a\"\ntitle = \"甲\"\ndataset = \"表\"\nfield = \"新\"\ntype = \"money\"\n[[derive.version]]\nfrom = 2020-01-01\ncite = \"banfa 一条\"\nformula = \"{formula}\"\n"
    ));
    match diags.first() {
        Some(diag) => Err(diag.message.clone()),
        None => match &rule(&rules, "a").kind {
            Kind::Derive(derive) => Ok(derive.formulas.versions[0].body.to_string()),
            _ => panic!(),
        },
    }
}

#[test]
fn formulas_over_chinese_fields_are_read_and_typed() {
    let table = [
        ("数量 * 金额 * 0.25", "数量 × 金额 × 0.25"),
        ("ROUND(数量 * (金额 + 1), 2)", "四舍五入到 2 位小数（数量 × （金额 + 1））"),
        ("CASE 国内外 WHEN '国内' THEN 金额 ELSE 0 END", "国内外 = 「国内」 时为 金额；其余为 0"),
        ("CASE WHEN 成立 AND 金额 > 5 THEN 1 END", "成立 且 金额 > 5 时为 1；其余为空"),
        ("COALESCE(金额, 0) - 数量", "金额（未填按 0） - 数量"),
        ("GREATEST(金额, LEAST(数量, 3))", "最大（金额，最小（数量，3））"),
        ("CASE WHEN 件数 IN (1, 2) OR 金额 BETWEEN 1 AND 3 THEN -1 END", "件数 = 1 或 件数 = 2 或 金额 ≥ 1 且 金额 ≤ 3 时为 -1；其余为空"),
    ];
    for (formula, chinese) in table {
        assert_eq!(derive(formula), Ok(chinese.to_owned()), "{formula}");
    }
}

#[test]
fn a_formula_that_makes_no_sense_is_refused() {
    let table = [
        ("数量 * 起", "是日期，这里要数字"),
        ("数量 * 全额", "是不是「金额」"),
        ("国内外", "要得出数字"),
        ("数量 *", "公式写法有误"),
        ("SUM(金额)", "没有函数"),
        ("金额 > 5", "要得出数字"),
        ("金额 数量", "读不下去"),
        ("ROUND(金额, 数量)", "位数"),
        ("CASE WHEN 国内外 > '国内' THEN 1 END", "不能比大小"),
        ("(SELECT 1)", "公式里不能用"),
    ];
    for (formula, hint) in table {
        let said = derive(formula).expect_err(formula);
        assert!(said.contains(hint), "{formula}: {said}");
    }
}

#[test]
fn a_condition_in_sql_is_kept_as_a_formula() {
    let (rules, diags) = loaded(&deadline("where_sql = \"金额 > 数量 * 2\""));
    assert!(diags.is_empty(), "{diags:?}");
    let Kind::Deadline(found) = &rule(&rules, "a").kind else { panic!() };
    assert!(matches!(&found.scope, Condition::All(parts) if matches!(parts.as_slice(), [Condition::Formula(_)])));
}

#[test]
fn the_closing_deadline_reads_as_chinese() {
    let (rules, _) = packs(&[]);
    let found = rule(&rules, "jiean");
    assert_eq!(parameters(found), "国内 15天；国外 20天");
    insta::assert_snapshot!(sentence(&rules, &rules.packs[0], found), @r"
    结案期限（kesu-banfa/jiean，时限）
    依据：客诉管理办法 十条（一）
    「客诉台账」的每一行，从「受理日期」起到「结案日期」止。
    2020-01-01 起（客诉管理办法 十条（一））：国内外为国内的，限 15天；国内外为国外的，限 20天。
    超过期限为违规（较重）。未完成而逾期的开催办单，完成而逾期的开洽办单。
    算法：起算日不计入，末日逢休不顺延。
    口径：自总经理室受理日起按日历日计，受理当日不计入；等待客户的时间不停表。
    ");
}

#[test]
fn the_authority_table_reads_as_chinese() {
    let (rules, _) = packs(&[]);
    insta::assert_snapshot!(sentence(&rules, &rules.packs[0], rule(&rules, "hejue")), @r"
    客诉金额核决权限（kesu-banfa/hejue，核决权限）
    依据：客诉管理办法 十一条
    「核决记录」的每一行，按「客诉金额」核对「核决人职务」。职务由低到高：业务部门经理、副总经理、总经理。
    2020-01-01 起（客诉管理办法 十一条）：客诉金额大于 0 元且不超过 100,000 元的，至少由业务部门经理核决；客诉金额大于 100,000 元且不超过 150,000 元的，至少由副总经理核决；客诉金额大于 150,000 元的，至少由总经理核决。
    「对客户承诺日期」不得早于「核决日期」。
    同一客户 7天内合计越档的，提示疑似拆单。
    口径：「以下」含本数；原文 100,000 与 100,001 之间落空、恰 150,000 两档重叠，读作 100,000 元以内（含）、超过 100,000 元到 150,000 元（含）、超过 150,000 元三档，重叠的归较低层级；金额指核决记录所列客诉金额；拆单为稽核提示，由我方推定。
    ");
}

#[test]
fn every_rule_can_be_said() {
    let (rules, _) = packs(&[]);
    for (pack, rule) in rules.rules() {
        let said = sentence(&rules, pack, rule);
        assert!(said.starts_with(&rule.head.title) && said.lines().count() >= 2, "{said}");
    }
}

#[test]
fn the_schema_describes_every_kind_in_chinese() {
    let schema: serde_json::Value = serde_json::from_str(&schema().unwrap()).unwrap();
    for kind in
        ["deadline", "approval", "require", "sequence", "order", "derive", "duty", "reconcile", "ratio", "penalty", "notice", "statistic"]
    {
        assert!(schema["properties"][kind]["description"].is_string(), "{kind}");
    }
    let limit = &schema["$defs"]["WrittenLimitRow"]["properties"]["limit"]["description"];
    assert!(limit.as_str().unwrap().contains("时限"), "{limit}");
}

#[test]
fn every_judged_rule_of_the_complaint_pack_has_cases() {
    let (rules, _) = packs(&[]);
    let (cases, diags) = cases::cases(&rules.packs[0]);
    assert!(diags.is_empty(), "{diags:?}");
    for (_, rule) in rules.rules().filter(|(_, rule)| !matches!(rule.kind, Kind::Notice(_) | Kind::Statistic(_))) {
        let own = cases.iter().filter(|case| case.rule == rule.head.id).count();
        assert!(own >= 2, "{} has {own} cases", rule.head.id);
    }
}

#[test]
fn the_handbooks_rules_are_valid() {
    let rules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules");
    let folder = rules.join("handbook");
    let dataset_folders = [rules.join("datasets"), rules.join("kesu-banfa/datasets")];
    let mut pages = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for heading in ["## 规定内容", "## 依据条款", "## 怎么写", "## 怎么算", "## 例子", "## 常见误判"] {
            assert!(text.contains(heading), "{} has no {heading}", path.display());
        }
        let blocks: String = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let home = tempfile::tempdir().unwrap();
        write_pack(home.path(), &[("rules.toml", &blocks)]);
        fs::create_dir_all(home.path().join("pack/datasets")).unwrap();
        for dataset in dataset_folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
            let dataset = dataset.unwrap().path();
            fs::copy(&dataset, home.path().join("pack/datasets").join(dataset.file_name().unwrap())).unwrap();
        }
        let (rules, diags) = load(&[home.path().join("pack")], &[], &[]);
        let said: Vec<String> = diags.iter().map(render).collect();
        assert!(said.is_empty(), "{}:\n{}", path.display(), said.join("\n"));
        assert!(rules.rules().count() > 0, "{} shows no rule", path.display());
        pages += 1;
    }
    let schema: serde_json::Value = serde_json::from_str(&schema().unwrap()).unwrap();
    assert_eq!(pages, schema["properties"].as_object().unwrap().len(), "a page a kind");
}
