//! Forms by rule: rows that become a form, copies, blocks, appeal days, and what is refused.

use std::path::Path;

use kesu::calendar::Calendars;
use kesu::dispose::{Listed, notices};
use kesu::evaluate::{Horizon, notice_rows, prepare};
use kesu::ledger::Outcome;
use kesu::normalise::{Quiet, normalise};
use kesu::rules::kinds::{FormCopy, Kind, Notice, SentTo};
use kesu::rules::{Param, RuleSet};

use crate::reports::fixture::{day, finding};

const PACK: &str = r#"
schema = 1
[pack]
id = "renshi"
title = "人事"
version = "1"
calendar = "cn-public"
[[source]]
id = "banfa"
title = "客诉管理办法"
"#;

const DATASET: &str = r#"
[dataset]
name = "奖罚处分台账"
key = ["通知单号"]
[[field]]
name = "通知单号"
type = "text"
required = true
[[field]]
name = "客诉编号"
type = "text"
required = true
[[field]]
name = "员工"
type = "text"
required = true
[[field]]
name = "单位"
type = "text"
required = true
[[field]]
name = "处分种类"
type = "text"
[[field]]
name = "是否行政处分"
type = "bool"
[[field]]
name = "批示日期"
type = "date"
"#;

const FORM: &str = r#"
[[notice]]
id = "gongbu"
title = "人事公布单"
form = "人事公布单"
prefix = "RS"
body = "下列人员经批示行政处分。"
from_rows = { dataset = "奖罚处分台账", where = { "是否行政处分" = "是" } }
at = "批示日期"
columns = [{ field = "员工", title = "被处分人" }, "单位", "处分种类", "客诉编号", "批示日期"]
copies = [{ to = "人事", mark = "人事单位公布" }, "自存"]
from = 2020-01-01
cite = "banfa 十二条（一）"
"#;

const LEDGER: &str = "通知单号,客诉编号,员工,单位,处分种类,是否行政处分,批示日期\n\
    1,261001,甲,制造部,记过,是,2026-10-05\n\
    2,261002,乙,业务部,申诫,是,2026-10-31\n\
    3,261003,丙,制造部,记过,否,2026-10-06\n\
    4,261004,丁,制造部,记过,是,2026-09-30\n\
    5,261005,戊,制造部,记过,是,\n\
    6,261006,己,制造部,记过,,2026-10-07\n\
    7,261007,庚,制造部,记过,否,\n";

/// The pack with the form as written, and what loading it said.
fn load(home: &Path, form: &str, params: &[Param]) -> (RuleSet, Vec<String>) {
    let pack = home.join("rules/renshi");
    std::fs::create_dir_all(pack.join("datasets")).unwrap();
    std::fs::write(pack.join("pack.toml"), PACK).unwrap();
    std::fs::write(pack.join("datasets/台账.toml"), DATASET).unwrap();
    std::fs::write(pack.join("notices.toml"), form).unwrap();
    let (rules, diags) = kesu::rules::load(&[home.join("rules")], &[], params);
    (rules, diags.iter().map(|diag| format!("{} {}", diag.message, diag.help.as_deref().unwrap_or_default())).collect())
}

fn form(rules: &RuleSet) -> &Notice {
    let (_, rule) = rules.rules().next().unwrap();
    let Kind::Notice(notice) = &rule.kind else { panic!("not a notice") };
    notice
}

/// Employees that the form lists, and how many rows are undecided.
fn listed(form: &str) -> (Vec<String>, Vec<Option<String>>, u64) {
    let home = tempfile::tempdir().unwrap();
    let (rules, said) = load(home.path(), form, &[]);
    assert!(said.is_empty(), "{said:?}");
    let file = home.path().join("奖罚处分台账.csv");
    std::fs::write(&file, LEDGER).unwrap();
    let read = normalise(&[file], &rules.datasets, &Default::default(), &Quiet);
    let prepared = prepare(read.tables, &rules).unwrap();
    let (pack, rule) = rules.rules().next().unwrap();
    let horizon = Horizon { period: "2026-10".parse().unwrap(), as_of: day("2026-10-31").and_hms_opt(23, 59, 59).unwrap() };
    let rows = notice_rows(pack, rule, &prepared, &Calendars::default(), &horizon).unwrap().unwrap();
    let employees = rows.frame.column("员工").unwrap().as_materialized_series().str().unwrap().clone();
    let employees = employees.iter().flatten().map(str::to_owned).collect();
    (employees, rows.units, rows.undecided)
}

#[test]
fn a_form_lists_the_rows_of_the_month_for_which_its_condition_is_known_to_hold() {
    let (employees, units, undecided) = listed(FORM);
    assert_eq!(employees, ["甲", "乙"], "丙 is no sanction, 丁 of September");
    assert_eq!(units, [None, None]);
    // 戊 has no day yet, of 己 nobody wrote whether it is a sanction; 庚 is none in any case
    assert_eq!(undecided, 2);
}

#[test]
fn a_form_with_a_unit_is_one_form_a_department() {
    let home = tempfile::tempdir().unwrap();
    let text = FORM.replace("at = \"批示日期\"", "at = \"批示日期\"\nunit = \"单位\"");
    let (_, units, _) = listed(&text);
    assert_eq!(units, [Some("制造部".to_owned()), Some("业务部".to_owned())]);
    let (rules, _) = load(home.path(), &text, &[]);
    let (_, rule) = rules.rules().next().unwrap();
    let forms = notices(&rules, &[], &[Listed { rule, units }], "2026-10".parse().unwrap());
    let told: Vec<_> = forms.iter().map(|form| (form.number.as_str(), form.recipient.as_str(), form.rows.as_slice())).collect();
    assert_eq!(told, [("RS-202610-001", "业务部", &[1][..]), ("RS-202610-002", "制造部", &[0][..])]);
}

#[test]
fn a_copy_says_whose_it_is_or_is_only_printed() {
    let home = tempfile::tempdir().unwrap();
    let (rules, _) = load(home.path(), FORM, &[]);
    let expected =
        [FormCopy { to: Some(SentTo::Office("人事".into())), mark: "人事单位公布".into() }, FormCopy { to: None, mark: "自存".into() }];
    assert_eq!(form(&rules).copies, expected);
}

#[test]
fn what_makes_no_sense_in_a_form_is_refused_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    for (wrong, right, words) in [
        ("to = \"{部门}\"", "to = \"人事\"", "不分部门"),
        ("to = \"{员工}\"", "to = \"人事\"", "不认识的去向"),
        ("field = \"员功\"", "field = \"员工\"", "是不是「员工」"),
        ("\"单伟\"", "\"单位\"", "没有字段「单伟」"),
        ("at = \"处分种类\"", "at = \"批示日期\"", "这里要日期"),
        ("decided = [\"谁\"]\ncopies", "copies", "没有哪张数据表有字段「谁」"),
        ("appeal_days = \"七\"\ncopies", "copies", "?参数名"),
        ("copies = [{ mark = \"自存\" }]\nfrom =", "copies = [{ to = \"人事\", mark = \"人事单位公布\" }, \"自存\"]\nfrom =", "缺少 to"),
    ] {
        assert!(FORM.contains(right), "{right}");
        let (_, said) = load(home.path(), &FORM.replacen(right, wrong, 1), &[]);
        assert!(said.iter().any(|said| said.contains(words)), "{wrong}: {said:?}");
    }
}

#[test]
fn appeal_days_come_from_the_rule_or_from_the_company_and_are_never_made_up() {
    let home = tempfile::tempdir().unwrap();
    let with = |days: &str| FORM.replace("from = 2020", &format!("appeal_days = {days}\nfrom = 2020"));
    let (rules, _) = load(home.path(), &with("3"), &[]);
    assert_eq!(form(&rules).appeal_days_on(day("2026-10-31")), Some(3));

    let (rules, _) = load(home.path(), &with("\"?申诉期限\""), &[]);
    assert_eq!(form(&rules).appeal_days_on(day("2026-10-31")), None);
    assert_eq!(rules.rules().next().unwrap().1.head.missing, ["申诉期限"]);

    let param = |value: &str, from: &str| Param {
        pack: "renshi".into(),
        rule: "gongbu".into(),
        name: "申诉期限".into(),
        value: value.into(),
        from: day(from),
        cite: "会议纪要".into(),
        place: kesu::diag::Place::Nowhere,
    };
    let params = [param("10", "2026-11-01"), param("7天", "2026-01-01")];
    let (rules, said) = load(home.path(), &with("\"?申诉期限\""), &params);
    assert!(said.is_empty(), "{said:?}");
    let on = |date| form(&rules).appeal_days_on(day(date));
    assert_eq!([on("2025-12-31"), on("2026-10-31"), on("2026-11-01")], [None, Some(7), Some(10)]);
    assert!(rules.rules().next().unwrap().1.head.missing.is_empty());

    let (_, said) = load(home.path(), &with("\"?申诉期限\""), &[param("一周", "2026-01-01")]);
    assert!(said.iter().any(|said| said.contains("一周")), "{said:?}");
}

#[test]
fn two_people_of_one_name_in_two_departments_get_a_notice_each() {
    let fixture = crate::reports::fixture::Fixture::new();
    let fine = |unit: &str, row| {
        let mut fine = finding("fakou", "261001", Outcome::Breached, unit, row);
        (fine.kind, fine.person, fine.amount) = ("penalty", "王白露".into(), Some(crate::reports::fixture::dec("100")));
        fine
    };
    let forms = notices(&fixture.rules, &[fine("制造部", 2).into(), fine("业务部", 3).into()], &[], "2026-10".parse().unwrap());
    let told: Vec<_> = forms.iter().map(|form| (form.recipient.as_str(), form.unit.as_str(), form.lines.len())).collect();
    assert_eq!(told, [("王白露", "业务部", 1), ("王白露", "制造部", 1)]);
}
