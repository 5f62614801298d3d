//! The rows behind the monthly tables.

use kesu::evaluate::{Parts, register, summary, table};
use polars::prelude::*;

use super::world::{World, horizon};

fn world() -> World {
    World::banfa()
        .rows(
            "客诉台账",
            &[
                &[
                    ("客诉编号", "261001"),
                    ("客户", "甲"),
                    ("国内外", "国内"),
                    ("责任部门", "制造部"),
                    ("受理日期", "2026-10-01"),
                    ("结案日期", "2026-10-16"),
                ],
                &[
                    ("客诉编号", "261002"),
                    ("客户", "乙"),
                    ("国内外", "国外"),
                    ("责任部门", "业务部"),
                    ("受理日期", "2026-10-01"),
                    ("结案日期", "2026-10-30"),
                ],
                &[("客诉编号", "261003"), ("客户", "乙"), ("国内外", "国内"), ("受理日期", "2026-10-10"), ("结案日期", "")],
                &[("客诉编号", "261004"), ("客户", "乙"), ("国内外", "国内"), ("受理日期", "2026-10-20"), ("结案日期", "")],
                &[("客诉编号", "250901"), ("客户", "丙"), ("国内外", "国内"), ("受理日期", "2025-09-01"), ("结案日期", "2025-10-02")],
                &[("客诉编号", "250801"), ("客户", "丙"), ("国内外", "国内"), ("受理日期", "2025-08-01"), ("结案日期", "2025-09-02")],
            ],
        )
        .rows(
            "责任与损失",
            &[
                &[("客诉编号", "261001"), ("责任部门", "制造部"), ("责任比率", "40%"), ("损失类别", "索赔"), ("实际赔偿金额", "100.01")],
                &[("客诉编号", "261001"), ("责任部门", "业务部"), ("责任比率", "60%"), ("损失类别", "索赔"), ("实际赔偿金额", "100.01")],
            ],
        )
        .rows(
            "流转记录",
            &[
                &[
                    ("客诉编号", "261003"),
                    ("站序", "1"),
                    ("站别", "总经理室"),
                    ("收文时间", "2026-10-10 09:00"),
                    ("送出时间", "2026-10-10 15:00"),
                ],
                &[
                    ("客诉编号", "261003"),
                    ("站序", "2"),
                    ("站别", "质管部"),
                    ("收文时间", "2026-10-10 16:00"),
                    ("送出时间", "2026-11-10 16:00"),
                ],
                &[("客诉编号", "261003"), ("站序", "3"), ("站别", "制造部"), ("收文时间", "2026-11-10 17:00")],
            ],
        )
}

fn texts(detail: &Parts<'_>, name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let read = detail.each(|part| {
        let column = part.column(name).unwrap().cast(&DataType::String).unwrap();
        texts.extend(column.str().unwrap().iter().map(|text| text.unwrap_or("").to_owned()));
        Ok(())
    });
    read.unwrap();
    texts
}

#[test]
fn the_summary_lists_what_ended_within_a_year_with_days_and_losses() {
    let world = world();
    let (pack, rule) = world.rule("kesu-tongji");
    let prepared = world.prepared();
    let detail = summary(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    let subjects = &detail.subjects;
    assert_eq!(texts(subjects, "客诉编号"), ["261001", "261002", "250901"]);
    assert_eq!(texts(subjects, "统计月"), ["2026-10", "2026-10", "2025-10"]);
    assert_eq!(texts(subjects, "天数"), ["15.0000", "29.0000", "31.0000"]);
    assert_eq!(texts(subjects, "按期"), ["是", "否", "否"]);
    assert_eq!(texts(subjects, "损失金额"), ["100.01", "0.00", "0.00"]);
    assert_eq!(texts(subjects, "损失类别"), ["索赔", "", ""]);
    assert_eq!(subjects.shape.column("损失金额").unwrap().dtype(), &DataType::Decimal(38, 2));
    assert_eq!(subjects.shape.column("天数").unwrap().dtype(), &DataType::Decimal(38, 4));
    let shares = detail.shares.unwrap();
    assert_eq!(texts(&shares, "部门损失"), ["40.00", "60.01"]);
    assert_eq!(texts(&shares, "统计月"), ["2026-10", "2026-10"]);
}

#[test]
fn the_register_shows_every_case_of_the_month_with_its_state_and_station() {
    let world = world();
    let (pack, rule) = world.rule("dengji");
    let prepared = world.prepared();
    let frame = register(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    assert_eq!(texts(&frame, "客诉编号"), ["261001", "261002", "261003", "261004"]);
    assert_eq!(texts(&frame, "状态"), ["已结", "逾期结案", "在办逾期", "在办"]);
    assert_eq!(texts(&frame, "应完成日"), ["2026-10-16", "2026-10-21", "2026-10-25", "2026-11-04"]);
    assert_eq!(texts(&frame, "逾期天数"), ["", "9.0000", "6.0000", ""]);
    assert_eq!(texts(&frame, "当前站"), ["", "", "质管部", ""]);
    assert_eq!(lists(&frame, "总经理室送出")[2], ["2026-10-10 15:00"]);
    assert_eq!(lists(&frame, "质管部收文")[2], ["2026-10-10 16:00"]);
    assert_eq!(lists(&frame, "质管部送出")[2], [""]);
    assert_eq!(lists(&frame, "制造部收文")[2], [""; 0]);
}

#[test]
fn the_register_shows_every_time_that_a_case_lay_at_a_station() {
    let world = routed();
    let (pack, rule) = world.rule("dengji");
    let prepared = world.prepared();
    let frame = register(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    assert_eq!(texts(&frame, "客诉编号"), ["260901", "260902", "260903"]);
    let [received, sent] = ["业务部门收文", "业务部门送出"].map(|name| lists(&frame, name));
    assert_eq!(received, [vec!["2026-10-01 10:00"], vec!["2026-10-01 10:00", "2026-10-09 10:00"], vec![]]);
    // in order of the route, the visit that is not over without an end
    assert_eq!(sent, [vec!["2026-10-05 10:00"], vec!["2026-10-08 10:00", ""], vec![]]);
}

/// The moments of each row's list, to the minute.
fn lists(detail: &Parts<'_>, name: &str) -> Vec<Vec<String>> {
    let mut lists = Vec::new();
    let read = detail.each(|part| {
        let column = part.column(name).unwrap().as_materialized_series();
        for row in 0..column.len() {
            let Some(list) = column.list().unwrap().get_as_series(row) else {
                lists.push(Vec::new());
                continue;
            };
            let texts = list.cast(column.list().unwrap().inner_dtype()).unwrap().cast(&DataType::String).unwrap();
            lists.push(
                texts.str().unwrap().iter().map(|text| text.unwrap_or("").chars().take("2026-10-10 15:00".len()).collect()).collect(),
            );
        }
        Ok(())
    });
    read.unwrap();
    lists
}

#[test]
fn a_register_does_not_tell_an_end_that_came_after_its_day() {
    let world = world();
    let (pack, rule) = world.rule("dengji");
    let prepared = world.prepared();
    let frame = register(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-25")).unwrap();
    assert_eq!(texts(&frame, "客诉编号")[..2], ["261001", "261002"]);
    assert_eq!(texts(&frame, "状态")[..2], ["已结", "在办逾期"]);
    assert_eq!(texts(&frame, "结案日期")[..2], ["2026-10-16", ""]);
}

#[test]
fn a_register_without_a_deadline_has_no_state_and_no_days() {
    const TABLE: &str = "[dataset]\nname = \"来访\"\nkey = [\"编号\"]\n[[field]]\nname = \"编号\"\ntype = \"text\"\n\
         [[field]]\nname = \"日期\"\ntype = \"date\"\n";
    let rule = "[[statistic]]\nid = \"laifang\"\ntitle = \"来访登记\"\ndataset = \"来访\"\nat = \"日期\"\ncolumns = [\"日期\"]\n\
         cite = \"s 五条\"\n[statistic.register]\n";
    let world =
        World::new(&[TABLE], rule).rows("来访", &[&[("编号", "L1"), ("日期", "2026-10-08")], &[("编号", "L2"), ("日期", "2026-11-08")]]);
    let (pack, rule) = world.rule("laifang");
    let prepared = world.prepared();
    let frame = register(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    let columns: Vec<&str> = frame.shape.get_column_names().into_iter().map(|name| name.as_str()).collect();
    assert_eq!(columns, ["编号", "日期", "_source", "_row"]);
    assert_eq!(texts(&frame, "编号"), ["L1"]);
}

#[test]
fn a_case_without_a_decision_stands_as_undecided() {
    let world = World::banfa()
        .rows("客诉台账", &[&[("客诉编号", "1"), ("客户", "甲"), ("国内外", ""), ("受理日期", "2026-10-01"), ("结案日期", "2026-10-02")]]);
    let (pack, rule) = world.rule("kesu-tongji");
    let prepared = world.prepared();
    let detail = summary(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    assert_eq!(texts(&detail.subjects, "按期"), ["无法判定"]);
}

/// Two cases closed in October, one still open: each visit `(case, order, desk, in, out)`.
fn routed() -> World {
    let case = |number: &'static str, market: &'static str, closed: &'static str| {
        [("客诉编号", number), ("客户", "甲"), ("国内外", market), ("受理日期", "2026-09-28"), ("结案日期", closed)]
    };
    let cases = [case("260901", "国内", "2026-10-10"), case("260902", "国外", "2026-10-12"), case("260903", "国内", "")];
    let cases: Vec<&[(&str, &str)]> = cases.iter().map(|case| case.as_slice()).collect();
    let visit = |number: &'static str, order: &'static str, desk: &'static str, from: &'static str, to: &'static str| {
        [("客诉编号", number), ("站序", order), ("站别", desk), ("收文时间", from), ("送出时间", to)]
    };
    let visits = [
        visit("260901", "1", "总经理室", "2026-09-28 08:00", "2026-09-28 14:00"),
        visit("260901", "2", "质管部", "2026-09-28 15:00", "2026-10-01 09:00"),
        visit("260901", "4", "经理室", "2026-10-01 09:00", "2026-10-01 10:00"),
        visit("260901", "5", "业务部门", "2026-10-01 10:00", "2026-10-05 10:00"),
        visit("260902", "1", "总经理室", "2026-09-28 08:00", "2026-09-29 02:00"),
        visit("260902", "5", "业务部门", "2026-10-01 10:00", "2026-10-08 10:00"),
        visit("260902", "8", "业务部门", "2026-10-09 10:00", ""),
        visit("260903", "1", "总经理室", "2026-09-28 08:00", "2026-09-28 09:00"),
    ];
    let visits: Vec<&[(&str, &str)]> = visits.iter().map(|visit| visit.as_slice()).collect();
    World::banfa().rows("客诉台账", &cases).rows("流转记录", &visits)
}

#[test]
fn times_at_the_desks_are_those_of_the_cases_that_ended() {
    let world = routed();
    let (pack, rule) = world.rule("zhan-shixiao");
    let prepared = world.prepared();
    let detail = table(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    let columns = ["时限规则", "时限", "客诉编号", "天数", "按期"].map(|name| texts(&detail, name));
    let lines: Vec<[&str; 5]> = (0..columns[0].len()).map(|row| columns.each_ref().map(|column| column[row].as_str())).collect();
    // the office has half a day, that is twelve hours: 6 hours and 18; sales has 3 days at home and 7 abroad; the last visit, of
    // 6 days, is not over; nobody gave 质管部 a limit, and no rule is about 经理室
    assert_eq!(
        lines,
        [
            ["总经理室首站时限", "0.5天", "260901", "0.2500", "是"],
            ["总经理室首站时限", "0.5天", "260902", "0.7500", "否"],
            ["质管部站时限", "", "260901", "3.0000", "不适用"],
            ["业务部门拟意见时限", "3天", "260901", "4.0000", "否"],
            ["业务部门拟意见时限", "7天", "260902", "7.0000", "是"],
            ["业务部门依批示处理时限", "6天", "260902", "", "否"],
            ["", "", "260901", "", "不适用"],
        ]
    );
}

#[test]
fn losses_borne_are_those_of_the_year_up_to_the_period() {
    let world = world();
    let (pack, rule) = world.rule("sunshi-biao");
    let prepared = world.prepared();
    let detail = table(pack, rule, &prepared, &world.calendars, &horizon("2026-10", "2026-10-31")).unwrap();
    assert_eq!(texts(&detail, "责任部门"), ["制造部", "业务部"]);
    assert_eq!(texts(&detail, "损失类别"), ["索赔", "索赔"]);
    assert_eq!(texts(&detail, "部门损失"), ["40.00", "60.01"]);
    assert_eq!(texts(&detail, "统计月"), ["2026-10", "2026-10"]);
}
