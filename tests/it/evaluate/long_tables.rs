//! Tables so long that they are judged part by part: the parts must not show.

use std::collections::BTreeMap;

use kesu::evaluate::register;
use kesu::ledger::Finding;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met};

use super::world::{Row, World, horizon};

/// Rows that are looked at together.
const PART: usize = 1 << 17;
const ROWS: usize = PART + 12;
/// A case behind the seam.
const BEHIND: usize = PART + 9;

const CASES: &str = r#"
[dataset]
name = "台账"
key = ["编号"]
at = "受理日期"
[[field]]
name = "编号"
type = "text"
[[field]]
name = "料号"
type = "text"
[[field]]
name = "部门"
type = "text"
[[field]]
name = "受理日期"
type = "date"
[[field]]
name = "结案日期"
type = "date"
"#;

const RECEIPTS: &str = r#"
[dataset]
name = "签收"
key = ["单据编号", "联次"]
[[field]]
name = "单据编号"
type = "text"
[[field]]
name = "联次"
type = "text"
[[field]]
name = "签收部门"
type = "text"
[[field]]
name = "签收日期"
type = "date"
"#;

const RULES: &str = r#"
[[deadline]]
id = "closing"
title = "结案"
dataset = "台账"
start = "受理日期"
stop = "结案日期"
unit = "部门"
[[deadline.version]]
from = 2020-01-01
cite = "s 十条"
rows = [{ limit = "15d" }]

[[require]]
id = "filled"
title = "填写"
dataset = "台账"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ present = ["料号", "部门"] }]

[[require]]
id = "signed"
title = "签收"
dataset = "台账"
[[require.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ when = { "料号" = "A-2" }, copies = { dataset = "签收", on = { "编号" = "单据编号" }, copy = "联次", by = "签收部门", at = "签收日期", of = [
  { copy = "1", by = "质管部" },
  { copy = "2", by = "会计科" },
] } }]

[[statistic]]
id = "register"
title = "登记表"
dataset = "台账"
at = "受理日期"
on_time = "closing"
columns = ["部门"]
cite = "s 九条"
[statistic.register]
"#;

/// All in order, except: late on both sides of the seam, a field missing in the first part and another in the second, and
/// a case that never began behind the seam. One case each side of it asks for two signatures and has one.
fn world() -> World {
    let numbers: Vec<String> = (0..ROWS).map(|at| format!("K{at:06}")).collect();
    let rows: Vec<Vec<(&str, &str)>> = (0..ROWS)
        .map(|at| {
            let late = at == PART - 1 || at == PART;
            vec![
                ("编号", numbers[at].as_str()),
                (
                    "料号",
                    match at {
                        5 => "",
                        7 | BEHIND => "A-2",
                        _ => "A-1",
                    },
                ),
                ("部门", if at == PART + 3 { "" } else { "制造部" }),
                ("受理日期", if at == PART + 7 { "" } else { "2026-10-01" }),
                ("结案日期", if late { "2026-10-17" } else { "2026-10-16" }),
            ]
        })
        .collect();
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let receipts = [numbers[7].as_str(), numbers[BEHIND].as_str()].map(receipt);
    let receipts: Vec<Row> = receipts.iter().map(|receipt| receipt.as_slice()).collect();
    World::new(&[CASES, RECEIPTS], RULES).rows("台账", &rows).rows("签收", &receipts)
}

fn receipt(number: &str) -> [(&str, &str); 4] {
    [("单据编号", number), ("联次", "1"), ("签收部门", "质管部"), ("签收日期", "2026-10-20")]
}

fn by_outcome(findings: &[Finding]) -> BTreeMap<Outcome, Vec<&Finding>> {
    let mut found: BTreeMap<Outcome, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        found.entry(finding.outcome).or_default().push(finding);
    }
    found
}

fn places(findings: &[&Finding]) -> Vec<(String, u32)> {
    findings.iter().map(|finding| (finding.subject.clone(), finding.place.row)).collect()
}

#[test]
fn verdicts_of_a_long_table_name_the_right_rows_and_the_right_fields() {
    let world = world();
    let row_of_first = world.all("closing", "2026-10", "2026-10-31")[0].place.row;
    let place = |at: usize| (format!("K{at:06}"), row_of_first + at as u32);

    let closing = world.all("closing", "2026-10", "2026-10-31");
    let found = by_outcome(&closing);
    assert_eq!(places(&found[&Breached]), [place(PART - 1), place(PART)]);
    assert_eq!(places(&found[&Indeterminate]), [place(PART + 7)]);
    assert!(found[&Indeterminate][0].message.contains("受理日期"), "{}", found[&Indeterminate][0].message);
    assert_eq!(found[&Met].len(), ROWS - 3);
    assert!(closing.iter().map(|finding| &finding.subject).is_sorted(), "the order of the sources");

    let filled = world.all("filled", "2026-10", "2026-10-31");
    let found = by_outcome(&filled);
    assert_eq!(places(&found[&Breached]), [place(5), place(PART + 3)]);
    let [material, unit] = [&found[&Breached][0].message, &found[&Breached][1].message];
    assert!(material.contains("料号") && !material.contains("部门"), "{material}");
    assert!(unit.contains("部门") && !unit.contains("料号"), "{unit}");
}

#[test]
fn what_was_signed_for_is_told_of_a_case_behind_the_seam_as_of_one_before_it() {
    let found = world().all("signed", "2026-10", "2026-10-31");
    let found = by_outcome(&found);
    let lacking: Vec<(&str, &str)> = found[&Breached].iter().map(|one| (one.subject.as_str(), one.message.as_str())).collect();
    let [(first, before), (second, behind)] = lacking[..] else { panic!("{lacking:?}") };
    assert_eq!((first, second), ("K000007", format!("K{BEHIND:06}").as_str()));
    assert!(before.contains("现有签收 1 质管部 2026-10-20"), "{before}");
    let place = |message: &str| message.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    assert_eq!(place(before), place(behind), "the same words but for the row");
}

#[test]
fn a_register_of_a_long_table_has_every_row_once() {
    let world = world();
    let (pack, rule) = world.rule("register");
    let prepared = world.prepared();
    let detail = register(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    let (mut numbers, mut late) = (Vec::new(), Vec::new());
    detail
        .each(|part| {
            let keys = part.column("编号").unwrap().str().unwrap().clone();
            let states = part.column("状态").unwrap().str().unwrap().clone();
            for (key, state) in keys.iter().zip(states.iter()) {
                numbers.push(key.unwrap().to_owned());
                late.extend((state == Some("逾期结案")).then(|| key.unwrap().to_owned()));
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(numbers.len(), ROWS);
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "in order, and none twice");
    assert_eq!(late, [format!("K{:06}", PART - 1), format!("K{PART:06}")]);
}
