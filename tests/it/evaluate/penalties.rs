//! Sanctions: fixed, by share, from findings, and never out of something unknown.

use kesu::ledger::Outcome::{Breached, Indeterminate, NotApplicable};

use super::deadlines::{CASES, CLOSING};
use super::world::{Row, World, refusals};

const TABLE: &str = r#"
[dataset]
name = "损失"
key = ["编号", "部门"]
at = "日期"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "日期"
type = "date"
[[field]]
name = "部门损失"
type = "money"
[[field]]
name = "次数"
type = "int"
"#;

const RULES: &str = r#"
[[notice]]
id = "通知"
title = "通知单"
form = "奖罚通知单"
prefix = "JF"
body = "b"
copies = ["自存"]
signatures = ["总经理"]
cite = "s 十二条"
from = 2020-01-01
[[penalty]]
id = "p"
title = "罚扣"
from_rows = { dataset = "损失", where = { "次数" = ">= 1" } }
unit = "部门"
notice = "通知"
[[penalty.version]]
from = 2020-01-01
cite = "s 十二条"
rows = [{ when = { "次数" = ">= 3" }, fine = "200" }, { share = "部门损失", rate = "12.5%" }]
"#;

fn row<'a>(number: &'a str, loss: &'a str, times: &'a str, day: &'a str) -> [(&'a str, &'a str); 5] {
    [("编号", number), ("部门", "制造部"), ("日期", day), ("部门损失", loss), ("次数", times)]
}

#[test]
fn a_share_is_rounded_half_up_to_the_fen() {
    let rows = [row("1", "1500.00", "1", "2026-10-05"), row("2", "0.36", "1", "2026-10-05"), row("3", "100", "3", "2026-10-05")];
    let rows: Vec<Row> = rows.iter().map(|r| r.as_slice()).collect();
    let all = World::new(&[TABLE], RULES).rows("损失", &rows).all("p", "2026-10", "2026-10-31");
    // 0.36 × 12.5 % = 0.045
    let told: Vec<String> = all.iter().map(|f| format!("{} {} {}", f.subject, f.outcome.name(), f.amount.unwrap())).collect();
    assert_eq!(told, ["1/制造部 breached 187.50", "2/制造部 breached 0.05", "3/制造部 breached 200.00"]);
}

#[test]
fn the_message_shows_how_the_amount_came_about() {
    let rows = [row("1", "1500.00", "1", "2026-10-05"), row("3", "100", "3", "2026-10-05")];
    let rows: Vec<Row> = rows.iter().map(|r| r.as_slice()).collect();
    let all = World::new(&[TABLE], RULES).rows("损失", &rows).all("p", "2026-10", "2026-10-31");
    assert_eq!((all[0].message.as_str(), all[1].message.as_str()), ("部门损失 1,500.00 × 12.5% = 187.50 元", "定额 200.00 元"));
}

#[test]
fn outside_the_scope_or_without_an_amount_nobody_is_fined() {
    let rows = [
        row("1", "1500", "0", "2026-10-05"),
        row("2", "", "1", "2026-10-05"),
        row("3", "0", "1", "2026-10-05"),
        row("4", "5", "", "2026-10-05"),
        row("5", "5", "1", "2026-09-30"),
    ];
    let rows: Vec<Row> = rows.iter().map(|r| r.as_slice()).collect();
    let all = World::new(&[TABLE], RULES).rows("损失", &rows).all("p", "2026-10", "2026-10-31");
    assert_eq!(all.iter().map(|f| f.outcome).collect::<Vec<_>>(), [NotApplicable, Indeterminate, NotApplicable, Indeterminate]);
    assert!(all.iter().all(|f| f.amount.is_none()));
    assert_eq!((all[1].message.as_str(), all[3].message.as_str()), ("无法判定：部门损失 为空", "无法判定：次数 为空"));
}

/// Fifty yuan for what a rule finds.
fn fifty_for(rule: &str, rules: &str) -> String {
    let fine = RULES
        .replace("from_rows = { dataset = \"损失\", where = { \"次数\" = \">= 1\" } }", &format!("findings = [\"{rule}\"]"))
        .replace("unit = \"部门\"", "unit = \"责任部门\"")
        .replace(
            "rows = [{ when = { \"次数\" = \">= 3\" }, fine = \"200\" }, { share = \"部门损失\", rate = \"12.5%\" }]",
            "rows = [{ fine = \"50\" }]",
        );
    format!("{rules}{fine}")
}

#[test]
fn what_a_silent_rule_would_have_found_is_not_fined() {
    let late: Row = &[("编号", "late"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-17")];
    let fines = |keys: &str| {
        let closing = CLOSING.replace("id = \"jiean\"", &format!("id = \"jiean\"\n{keys}"));
        World::new(&[CASES], &fifty_for("jiean", &closing)).rows("台账", &[late]).outcomes("p", "2026-10", "2026-10-31")
    };
    assert_eq!(fines(""), [("late".to_owned(), Breached)]);
    assert_eq!(fines("status = \"retired\""), []);
    assert_eq!(fines("status = \"preview\""), []);
    assert_eq!(fines("when_columns = [\"承诺日期\"]"), [], "the column is not there, and the rule sleeps");
}

#[test]
fn a_rule_without_anything_to_look_at_is_no_ground_for_a_fine() {
    let calls = "[dataset]\nname = \"回访\"\nat = \"日期\"\n[[field]]\nname = \"编号\"\ntype = \"text\"\n[[field]]\nname = \"日期\"\ntype = \"date\"\n";
    let call = "[[frequency]]\nid = \"f\"\ntitle = \"回访\"\ndataset = \"台账\"\nafter = \"结案日期\"\n\
                events = { dataset = \"回访\", on = \"编号\" }\n\
                [[frequency.version]]\nfrom = 2020-01-01\ncite = \"s 一条\"\nrows = [{ within = \"3d\", at_least = 1 }]\n";
    let closed: Row = &[("编号", "1"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-17")];
    let world = World::new(&[CASES, calls], &fifty_for("f", call)).rows("台账", &[closed]);
    assert_eq!(world.outcomes("p", "2026-10", "2026-10-31"), [], "nobody keeps the log");
    let other: Row = &[("编号", "2"), ("日期", "2026-10-02")];
    assert_eq!(world.rows("回访", &[other]).outcomes("p", "2026-10", "2026-10-31"), [("1".to_owned(), Breached)]);
}

#[test]
fn a_breach_of_another_rule_is_fined_and_what_is_not_known_is_not() {
    let rules = fifty_for("jiean", CLOSING);
    let world = World::new(&[CASES], &rules).rows(
        "台账",
        &[
            &[("编号", "met"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-16")],
            &[("编号", "late"), ("国内外", "国内"), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-17")],
            &[("编号", "unknown"), ("国内外", ""), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-31")],
        ],
    );
    let found = world.only("p", "2026-10", "2026-10-31");
    assert_eq!((found.subject.as_str(), found.outcome, found.amount.unwrap().to_string()), ("late", Breached, "50.00".to_owned()));
}

#[test]
fn a_rule_that_waits_for_a_parameter_says_nothing() {
    let world = World::banfa().rows(
        "责任与损失",
        &[&[("客诉编号", "1"), ("责任部门", "制造部"), ("责任比率", "100%"), ("损失类别", "索赔"), ("实际赔偿金额", "5")]],
    );
    assert_eq!(world.counts("bumen-fakou", "2026-10", "2026-10-31").population(), 0);
}

#[test]
fn a_verdict_about_no_single_row_is_no_ground_for_a_fine() {
    let ratio = "[[ratio]]\nid = \"r\"\ntitle = \"率\"\ndataset = \"损失\"\nnumerator = {}\ndenominator = {}\n\
                 [[ratio.version]]\nfrom = 2020-01-01\ncite = \"s 一条\"\ntarget = \"100%\"\n";
    let fine = "findings = [\"r\"]";
    let rules = RULES.replace("from_rows = { dataset = \"损失\", where = { \"次数\" = \">= 1\" } }", fine);
    let said = refusals(&[TABLE], &(rules + ratio));
    assert_eq!(said, "规则「r」不是逐行判定");
}
