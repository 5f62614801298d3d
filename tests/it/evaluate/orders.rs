//! Stations in their order: skipped, out of order, twice, unknown; steps of one row.

use kesu::evaluate::smallest_change;
use kesu::ledger::Outcome::{Breached, Indeterminate, Met, NotApplicable, Pending};

use super::world::{Row, World};

const LOG: &str = r#"
[dataset]
name = "流转"
key = ["案号", "站序"]
[[lookup]]
from = "台账"
on = "案号"
take = ["结案日期", "要研发"]
[[field]]
name = "案号"
type = "text"
[[field]]
name = "站序"
type = "int"
[[field]]
name = "站别"
type = "text"
[[field]]
name = "收文时间"
type = "datetime"
"#;

const REGISTER: &str = r#"
[dataset]
name = "台账"
key = ["案号"]
[[field]]
name = "案号"
type = "text"
[[field]]
name = "要研发"
type = "bool"
[[field]]
name = "收表日期"
type = "date"
[[field]]
name = "登记日期"
type = "date"
[[field]]
name = "送质管部时间"
type = "datetime"
[[field]]
name = "结案日期"
type = "date"
"#;

const ROUTE: &str = r#"
[[order]]
id = "o"
title = "流转次序"
dataset = "流转"
case = "案号"
station = "站别"
at = "收文时间"
seq = "站序"
done = "结案日期"
[[order.version]]
from = 2020-01-01
cite = "s 九条"
route = [
  { station = "业务" },
  { station = "总经理室" },
  { station = "质管" },
  { station = ["生产", "制造"], title = "生产单位" },
  { station = "经理", optional = true },
  { station = "研发", when = { "要研发" = true } },
  { station = "总经理室", title = "总经理室查核" },
  { station = "业务", title = "业务办理" },
]
"#;

/// One case: its stations in order, a day and an order number each from 2026-10-01 on, and its line in the register.
fn world(stations: &[&str], register: Row) -> World {
    let days: Vec<String> = (1..=stations.len()).map(|day| format!("2026-10-{day:02} 09:00")).collect();
    let numbers: Vec<String> = (1..=stations.len()).map(|number| number.to_string()).collect();
    let rows: Vec<Vec<(&str, &str)>> = stations
        .iter()
        .zip(days.iter().zip(&numbers))
        .map(|(station, (day, number))| vec![("案号", "1"), ("站序", number.as_str()), ("站别", *station), ("收文时间", day.as_str())])
        .collect();
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    World::new(&[LOG, REGISTER], ROUTE).rows("流转", &rows).rows("台账", &[register])
}

const OPEN: Row = &[("案号", "1"), ("要研发", "否")];
const CLOSED: Row = &[("案号", "1"), ("要研发", "否"), ("结案日期", "2026-10-20")];
const WHOLE: [&str; 6] = ["业务", "总经理室", "质管", "制造", "总经理室", "业务"];

fn judged(stations: &[&str], register: Row) -> (kesu::ledger::Outcome, String, u32) {
    let found = world(stations, register).only("o", "2026-10", "2026-10-31");
    assert_eq!(found.subject, "1");
    (found.outcome, found.message, found.place.row)
}

#[test]
fn a_case_that_went_the_whole_route_is_met_with_and_without_the_optional_station() {
    assert_eq!(judged(&WHOLE, CLOSED).0, Met);
    assert_eq!(judged(&["业务", "总经理室", "质管", "生产", "经理", "总经理室", "业务"], CLOSED).0, Met);
}

#[test]
fn the_last_station_ends_the_route_even_before_the_case_is_closed() {
    assert_eq!(judged(&WHOLE, OPEN).0, Met);
}

#[test]
fn a_case_on_its_way_is_not_blamed_for_what_is_still_to_come() {
    for length in 1..WHOLE.len() {
        assert_eq!(judged(&WHOLE[..length], OPEN).0, Pending, "{length}");
    }
}

#[test]
fn a_skipped_station_is_named_between_its_neighbours_with_their_dates_and_the_cell_is_the_later_ones() {
    let (outcome, message, row) = judged(&["业务", "总经理室", "制造", "总经理室", "业务"], OPEN);
    assert_eq!(outcome, Breached);
    assert_eq!(message, "跳站：没有经过质管，总经理室（2026-10-02 09:00） 之后就到 制造（2026-10-03 09:00）");
    assert_eq!(row, 3);
}

#[test]
fn several_stations_skipped_at_once_are_one_fault() {
    let (_, message, _) = judged(&["业务", "总经理室", "总经理室", "业务"], CLOSED);
    assert_eq!(message, "跳站：没有经过质管、生产单位，总经理室（2026-10-02 09:00） 之后就到 总经理室（2026-10-03 09:00）");
}

#[test]
fn a_first_station_that_is_skipped_is_told_of() {
    let (outcome, message, row) = judged(&["总经理室", "质管"], OPEN);
    assert_eq!((outcome, row), (Breached, 1));
    assert_eq!(message, "跳站：没有经过业务，第一站就是 总经理室（2026-10-01 09:00）");
}

#[test]
fn a_closed_case_is_blamed_for_the_stations_it_never_reached() {
    let (outcome, message, row) = judged(&WHOLE[..5], CLOSED);
    assert_eq!((outcome, row), (Breached, 5));
    assert_eq!(message, "跳站：没有经过业务办理，到 总经理室（2026-10-05 09:00） 为止就已走完（结案日期 2026-10-20）");
}

#[test]
fn two_stations_in_the_wrong_order_are_one_fault_with_both_dates() {
    let (outcome, message, row) = judged(&["业务", "总经理室", "制造", "质管", "总经理室", "业务"], CLOSED);
    assert_eq!((outcome, row), (Breached, 3));
    assert_eq!(message, "倒序：生产单位（2026-10-03 09:00） 在 质管（2026-10-04 09:00） 之前，应在其后");
    let found = world(&["业务", "总经理室", "制造", "质管"], OPEN).only("o", "2026-10", "2026-10-31");
    assert_eq!(found.message, message);
}

#[test]
fn a_station_that_comes_too_early_is_told_against_the_one_that_should_have_come_first() {
    let (_, message, _) = judged(&["制造", "业务", "总经理室", "质管", "总经理室", "业务"], CLOSED);
    assert_eq!(message, "倒序：生产单位（2026-10-01 09:00） 在 质管（2026-10-04 09:00） 之前，应在其后");
}

#[test]
fn a_station_that_comes_too_late_is_told_against_the_first_that_should_have_come_after_it() {
    let (_, message, row) = judged(&["业务", "质管", "制造", "总经理室", "业务", "总经理室"], CLOSED);
    assert_eq!((message.as_str(), row), ("倒序：总经理室（2026-10-06 09:00） 在 质管（2026-10-02 09:00） 之后，应在其前", 6));
}

#[test]
fn a_jump_over_several_stations_is_a_skip_even_while_the_case_is_open() {
    let (_, message, row) = judged(&["业务", "制造"], OPEN);
    assert_eq!(message, "跳站：没有经过总经理室、质管，业务（2026-10-01 09:00） 之后就到 制造（2026-10-02 09:00）");
    assert_eq!(row, 2);
}

/// The route of 客诉管理办法 九条(三) without its optional stations, as the log has it.
const OFFICE: [&str; 9] = ["甲", "总", "质", "生", "总", "甲", "总", "核", "甲"];

#[test]
fn each_single_slip_on_a_route_that_comes_by_the_same_stations_again_is_found_and_nothing_else() {
    let route: Vec<String> =
        OFFICE.iter().enumerate().map(|(at, name)| format!("{{ station = \"{name}\", title = \"{at}{name}\" }}")).collect();
    let begin = ROUTE.find("route = [").unwrap();
    let rule = format!("{}route = [{}]\n", &ROUTE[..begin], route.join(", "));
    let mut walks: Vec<(String, Vec<&str>, String)> = vec![("whole".into(), OFFICE.to_vec(), String::new())];
    for (at, station) in OFFICE.iter().enumerate() {
        let mut dropped = OFFICE.to_vec();
        let name = dropped.remove(at);
        walks.push((format!("drop{at}"), dropped, format!("跳站：没有经过{at}{name}，")));
        let mut strange = OFFICE.to_vec();
        strange.insert(at, "丁");
        walks.push((format!("strange{at}"), strange, "路线上没有的站：丁（".into()));
        let mut doubled = OFFICE.to_vec();
        doubled.insert(at, station);
        walks.push((format!("double{at}"), doubled, format!("重复到站：{name}（")));
        if at > 0 {
            let mut swapped = OFFICE.to_vec();
            swapped.swap(at - 1, at);
            walks.push((format!("swap{at}"), swapped, "倒序：".into()));
        }
    }
    let cells: Vec<Vec<(&str, &str, String)>> = walks
        .iter()
        .map(|(case, walk, _)| {
            walk.iter().enumerate().map(|(at, name)| (case.as_str(), *name, format!("2026-10-{:02} 09:00", at + 1))).collect()
        })
        .collect();
    let rows: Vec<Vec<(&str, &str)>> =
        cells.iter().flatten().map(|(case, name, at)| vec![("案号", *case), ("站别", *name), ("收文时间", at.as_str())]).collect();
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    let register: Vec<Vec<(&str, &str)>> =
        walks.iter().map(|(case, ..)| vec![("案号", case.as_str()), ("结案日期", "2026-10-31")]).collect();
    let register: Vec<Row> = register.iter().map(Vec::as_slice).collect();
    let found = World::new(&[LOG, REGISTER], &rule).rows("流转", &rows).rows("台账", &register).all("o", "2026-10", "2026-10-31");
    assert_eq!(found.len(), walks.len());
    for (case, walk, told) in &walks {
        let finding = found.iter().find(|finding| finding.subject == *case).unwrap();
        assert!(finding.message.starts_with(told.as_str()), "{case} {walk:?}: {}", finding.message);
        assert!(!finding.message.contains('；'), "{case} {walk:?}: {}", finding.message);
        assert_eq!(finding.outcome == Met, told.is_empty(), "{case}");
    }
}

#[test]
fn a_station_may_come_as_often_as_the_route_has_it_and_not_more() {
    let (outcome, message, row) = judged(&["业务", "总经理室", "总经理室", "质管", "制造", "总经理室", "业务"], CLOSED);
    assert_eq!((outcome, row), (Breached, 3));
    assert_eq!(message, "重复到站：总经理室（2026-10-03 09:00） 在 2026-10-02 09:00 之外多到一次");
    assert_eq!(
        judged(&["业务", "总经理室", "质管", "质管"], OPEN).1,
        "重复到站：质管（2026-10-04 09:00） 在 2026-10-03 09:00 之外多到一次"
    );
}

#[test]
fn a_station_of_no_route_is_told_by_the_name_it_has_in_the_log() {
    let (outcome, message, row) = judged(&["业务", "总经理室", "品检"], OPEN);
    assert_eq!((outcome, message.as_str(), row), (Breached, "路线上没有的站：品检（2026-10-03 09:00）", 3));
}

#[test]
fn every_fault_of_a_case_is_told_at_once_in_the_order_of_its_rows() {
    let (_, message, row) = judged(&["业务", "质管", "品检", "制造"], OPEN);
    assert_eq!(
        message,
        "跳站：没有经过总经理室，业务（2026-10-01 09:00） 之后就到 质管（2026-10-02 09:00）；路线上没有的站：品检（2026-10-03 09:00）"
    );
    assert_eq!(row, 2);
}

#[test]
fn a_station_with_a_condition_is_needed_where_it_holds_and_allowed_where_it_does_not() {
    let needed: Row = &[("案号", "1"), ("要研发", "是"), ("结案日期", "2026-10-20")];
    let with = ["业务", "总经理室", "质管", "制造", "研发", "总经理室", "业务"];
    assert_eq!(judged(&with, needed).0, Met);
    assert_eq!(judged(&with, CLOSED).0, Met);
    let (outcome, message, _) = judged(&WHOLE, needed);
    assert_eq!((outcome, message.contains("没有经过研发，")), (Breached, true));
}

#[test]
fn a_condition_that_cannot_be_decided_matters_only_where_the_case_is_past_the_station_without_it() {
    let unknown: Row = &[("案号", "1"), ("结案日期", "2026-10-20")];
    assert_eq!(judged(&WHOLE, unknown), (Indeterminate, "无法判定：要研发 为空".to_owned(), 6));
    assert_eq!(judged(&["业务", "总经理室", "质管", "制造", "研发", "总经理室", "业务"], unknown).0, Met);
    assert_eq!(judged(&WHOLE[..3], &[("案号", "1")]).0, Pending);
    // what is known to be wrong stands
    assert_eq!(judged(&["业务", "质管", "制造", "总经理室", "业务"], unknown).0, Breached);
}

#[test]
fn a_row_without_its_moment_or_station_makes_the_case_indeterminate_and_is_the_cell_to_mend() {
    let rows: [Row; 3] = [
        &[("案号", "1"), ("站序", "1"), ("站别", "业务"), ("收文时间", "2026-10-01 09:00")],
        &[("案号", "1"), ("站序", "2"), ("站别", "质管")],
        &[("案号", "2"), ("站序", "1"), ("收文时间", "2026-10-03 09:00")],
    ];
    let world = World::new(&[LOG, REGISTER], ROUTE).rows("流转", &rows).rows("台账", &[OPEN]);
    let found = world.all("o", "2026-10", "2026-10-31");
    let told: Vec<(&str, &str, u32)> = found.iter().map(|f| (f.subject.as_str(), f.message.as_str(), f.place.row)).collect();
    assert_eq!(told, [("1", "无法判定：收文时间 为空", 2), ("2", "无法判定：站别 为空", 3)]);
    assert!(found.iter().all(|finding| finding.outcome == Indeterminate));
}

#[test]
fn rows_are_put_in_order_by_their_moment_and_then_by_their_number() {
    let rows: [Row; 4] = [
        &[("案号", "1"), ("站序", "4"), ("站别", "制造"), ("收文时间", "2026-10-02 10:00")],
        &[("案号", "1"), ("站序", "3"), ("站别", "质管"), ("收文时间", "2026-10-02 10:00")],
        &[("案号", "1"), ("站序", "2"), ("站别", "总经理室"), ("收文时间", "2026-10-02 09:00")],
        &[("案号", "1"), ("站序", "1"), ("站别", "业务"), ("收文时间", "2026-10-01 09:00")],
    ];
    let world = World::new(&[LOG, REGISTER], ROUTE).rows("流转", &rows).rows("台账", &[OPEN]);
    assert_eq!(world.only("o", "2026-10", "2026-10-31").outcome, Pending);
}

#[test]
fn a_case_is_looked_at_in_the_months_in_which_it_moved_or_was_closed_with_all_its_rows() {
    let rows: [Row; 3] = [
        &[("案号", "1"), ("站序", "1"), ("站别", "业务"), ("收文时间", "2026-09-01 09:00")],
        &[("案号", "1"), ("站序", "2"), ("站别", "总经理室"), ("收文时间", "2026-09-02 09:00")],
        &[("案号", "1"), ("站序", "3"), ("站别", "质管"), ("收文时间", "2026-11-02 09:00")],
    ];
    let world = |register: Row| World::new(&[LOG, REGISTER], ROUTE).rows("流转", &rows).rows("台账", &[register]);
    assert_eq!(world(OPEN).only("o", "2026-09", "2026-09-30").outcome, Pending);
    assert!(world(OPEN).all("o", "2026-10", "2026-10-31").is_empty());
    assert_eq!(world(OPEN).only("o", "2026-11", "2026-11-30").outcome, Pending);
    let closed = world(CLOSED).only("o", "2026-10", "2026-10-31");
    assert!(closed.message.starts_with("跳站：没有经过质管、生产单位、总经理室查核、业务办理，到 总经理室"), "{}", closed.message);
    // what happens later is not seen
    assert_eq!(world(CLOSED).only("o", "2026-09", "2026-09-30").outcome, Pending);
}

#[test]
fn each_case_has_one_verdict_and_the_version_of_its_first_day() {
    let rows: [Row; 4] = [
        &[("案号", "a"), ("站序", "1"), ("站别", "业务"), ("收文时间", "2019-12-31 09:00")],
        &[("案号", "a"), ("站序", "2"), ("站别", "总经理室"), ("收文时间", "2026-10-02 09:00")],
        &[("案号", "b"), ("站序", "1"), ("站别", "业务"), ("收文时间", "2026-10-02 09:00")],
        &[("案号", "b"), ("站序", "2"), ("站别", "质管"), ("收文时间", "2026-10-03 09:00")],
    ];
    let newer = ROUTE.to_owned()
        + "[[order.version]]\nfrom = 2026-10-03\ncite = \"s 十条\"\nroute = [{ station = \"业务\" }, { station = \"质管\" }]\n";
    let world = World::new(&[LOG, REGISTER], &newer).rows("流转", &rows).rows("台账", &[OPEN]);
    let found = world.all("o", "2026-10", "2026-10-31");
    assert_eq!(found.iter().map(|f| (f.subject.as_str(), f.outcome)).collect::<Vec<_>>(), [("a", Indeterminate), ("b", Breached)]);
    assert_eq!(found[0].message, "无法判定：2019-12-31 09:00 早于规则的第一个版本");
    assert_eq!(found[1].clause, "办法 九条");
}

#[test]
fn the_smallest_change_names_the_station_to_go_by() {
    let world = world(&["业务", "质管"], OPEN);
    let found = world.only("o", "2026-10", "2026-10-31");
    assert_eq!(smallest_change(world.rule("o").1, &found), "送经 总经理室");
    assert_eq!(world.judge("o", "2026-10", "2026-10-31").about("1").len(), 1);
}

const STEPS: &str = r#"
[[order]]
id = "o"
title = "收表登记"
dataset = "台账"
at = "收表日期"
done = "结案日期"
[[order.version]]
from = 2020-01-01
cite = "s 九条"
steps = ["收表日期", { field = "登记日期" }, { field = "送质管部时间", title = "送质管部", when = { "要研发" = false } }]
"#;

fn steps(register: Row) -> (kesu::ledger::Outcome, String) {
    let found = World::new(&[LOG, REGISTER], STEPS).rows("台账", &[register]).only("o", "2026-10", "2026-10-31");
    (found.outcome, found.message)
}

#[test]
fn steps_on_the_same_day_are_in_order_whatever_their_time() {
    let row: Row =
        &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05"), ("登记日期", "2026-10-05"), ("送质管部时间", "2026-10-05 00:00")];
    assert_eq!(steps(row).0, Met);
}

#[test]
fn a_step_a_day_too_early_is_out_of_order_and_all_dates_are_told() {
    let row: Row =
        &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05"), ("登记日期", "2026-10-06"), ("送质管部时间", "2026-10-05 18:00")];
    let told = "倒序：送质管部 早于登记日期（收表日期 2026-10-05、登记日期 2026-10-06、送质管部 2026-10-05 18:00）";
    assert_eq!(steps(row), (Breached, told.to_owned()));
}

#[test]
fn an_empty_step_before_a_filled_one_is_skipped() {
    let row: Row = &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05"), ("送质管部时间", "2026-10-04 18:00")];
    let told = "跳步：没有登记日期；倒序：送质管部 早于收表日期（收表日期 2026-10-05、送质管部 2026-10-04 18:00）";
    assert_eq!(steps(row), (Breached, told.to_owned()));
}

#[test]
fn steps_still_to_come_are_pending_until_the_case_is_closed() {
    let open: Row = &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05")];
    assert_eq!(steps(open).0, Pending);
    let unseen: Row = &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05"), ("登记日期", "2026-11-01")];
    assert_eq!(steps(unseen).0, Pending);
    let closed: Row = &[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05"), ("结案日期", "2026-10-09")];
    assert_eq!(steps(closed), (Breached, "跳步：没有登记日期；跳步：没有送质管部（收表日期 2026-10-05）".to_owned()));
}

#[test]
fn a_step_with_a_condition_may_be_left_out_where_it_does_not_hold() {
    let no: Row = &[("案号", "1"), ("要研发", "是"), ("收表日期", "2026-10-05"), ("登记日期", "2026-10-05")];
    assert_eq!(steps(no).0, Met);
    let unknown: Row = &[("案号", "1"), ("收表日期", "2026-10-05"), ("登记日期", "2026-10-05"), ("结案日期", "2026-10-09")];
    assert_eq!(steps(unknown), (Indeterminate, "无法判定：要研发 为空".to_owned()));
}

#[test]
fn a_closed_case_without_any_of_its_dates_is_indeterminate_as_it_may_only_not_be_written_up() {
    let rule = STEPS.replace("at = \"收表日期\"\n", "");
    let judged = |row: Row| {
        let found = World::new(&[LOG, REGISTER], &rule).rows("台账", &[row]).only("o", "2026-10", "2026-10-31");
        (found.outcome, found.message)
    };
    let closed: Row = &[("案号", "1"), ("要研发", "否"), ("结案日期", "2026-10-09")];
    assert_eq!(judged(closed), (Indeterminate, "无法判定：收表日期 为空、登记日期 为空、送质管部时间 为空".to_owned()));
    assert_eq!(judged(&[("案号", "1"), ("要研发", "否")]).0, NotApplicable);
}

#[test]
fn a_row_where_nothing_happened_yet_is_not_applicable() {
    let rule =
        STEPS.replace("steps = [\"收表日期\", { field", "steps = [{ field").replace("\"登记日期\" }", "\"登记日期\", optional = true }");
    let world = World::new(&[LOG, REGISTER], &rule).rows("台账", &[&[("案号", "1"), ("要研发", "否"), ("收表日期", "2026-10-05")]]);
    assert_eq!(world.only("o", "2026-10", "2026-10-31").outcome, NotApplicable);
}
