//! What goes with the register: routes, approvals, losses, days off.

use std::collections::BTreeSet;

use super::case::Case;
use super::names::{HANDLERS, POSTS};
use super::office::day;
use super::table::{Column, Row, Spot, Table};
use super::untidy::{Cell, Clerk};

fn columns(named: &[(&str, f64)]) -> Vec<Column> {
    named.iter().map(|&(name, width)| Column { group: None, name: name.to_owned(), width }).collect()
}

/// A row a station.
pub fn routes(cases: &[&Case], clerk: &mut Clerk) -> Table {
    let mut rows = Vec::new();
    for case in cases {
        for station in &case.stations {
            let names: &[&str] = match station.desk {
                "质管部" => &["质管部", "品管部"],
                "制造部" => &["制造部", "生产部"],
                "业务部门" => &["业务部门", "业务部"],
                "总经理室" => &["总经理室", "生管组"],
                _ => &["研发部", "研发"],
            };
            let opinion =
                ["收案登记", "原因与责任归属已拟", "对策已拟", "技术意见已附", "处理意见已拟", "综合意见已拟，呈核", "已依批示办理"]
                    [station.seat - 1];
            rows.push(Row {
                spot: Spot::Station(case.number.clone(), station.seat),
                cells: vec![
                    Cell::Text(case.number.clone()),
                    Cell::Number(station.seat as f64),
                    clerk.one_of(names),
                    clerk.datetime(station.received),
                    match station.sent {
                        Some(sent) => clerk.datetime(sent),
                        None => clerk.one_of(&["", "未送", "-"]),
                    },
                    HANDLERS[station.seat - 1].into(),
                    if station.sent.is_some() { opinion.into() } else { Cell::Blank },
                ],
            });
        }
    }
    let columns = columns(&[
        ("客诉编号", 12.0),
        ("站序", 7.0),
        ("站别", 13.0),
        ("收文时间", 21.0),
        ("送出时间", 21.0),
        ("经手人", 10.0),
        ("会签/批示", 24.0),
    ]);
    Table { columns, rows, merges: Vec::new() }
}

/// A row an approved case, by day.
pub fn approvals(cases: &[&Case], clerk: &mut Clerk) -> Table {
    let mut approved: Vec<_> = cases.iter().filter_map(|case| Some((case.approval.as_ref()?, *case))).collect();
    approved.sort_by_key(|(approval, case)| (approval.date, case.number.clone()));
    let rows = approved
        .into_iter()
        .map(|(approval, case)| {
            let posts = [["业务部门经理", "业务经理"], ["副总经理", "副总"], ["总经理", "总经理"]][approval.post];
            Row {
                spot: Spot::Approval(case.number.clone()),
                cells: vec![
                    Cell::Text(case.number.clone()),
                    clerk.money(approval.amount),
                    POSTS[approval.post].1.into(),
                    clerk.one_of(&posts),
                    clerk.date(approval.date),
                    clerk.date(approval.promised),
                    Cell::Text(format!("按核决金额{}", case.method.title())),
                    approval.paper.cell("答复方式", clerk),
                    approval.paper.cell("是否外送处理表影本", clerk),
                    approval.paper.cell("送核对象", clerk),
                    approval.paper.cell("通知客户日期", clerk),
                ],
            }
        })
        .collect();
    let columns = columns(&[
        ("客诉编号", 12.0),
        ("核决金额", 14.0),
        ("核决人", 10.0),
        ("核决人职务", 14.0),
        ("核决日期", 14.0),
        ("对客户承诺日期", 16.0),
        ("承诺内容", 24.0),
        ("答复方式", 10.0),
        ("是否外送处理表影本", 22.0),
        ("送核对象", 14.0),
        ("通知客户日期", 15.0),
    ]);
    Table { columns, rows, merges: Vec::new() }
}

/// A row a responsible department; what belongs to the whole case stands once, in merged cells.
pub fn losses(cases: &[&Case], clerk: &mut Clerk) -> Table {
    let mut lost: Vec<_> = cases.iter().filter_map(|case| Some((case.loss.as_ref()?, *case))).collect();
    lost.sort_by_key(|(_, case)| (case.closed, case.number.clone()));
    let mut table = Table {
        columns: columns(&[
            ("客诉编号", 12.0),
            ("责任部门", 12.0),
            ("责任人", 10.0),
            ("责任比率", 10.0),
            ("损失类别", 10.0),
            ("实际赔偿金额", 14.0),
            ("实际折让金额", 14.0),
            ("实际退回数量", 13.0),
            ("实际售价", 11.0),
            ("重新处理费用", 14.0),
            ("搬运费", 11.0),
            ("损耗金额", 11.0),
            ("惩处种类", 10.0),
            ("主管批示日期", 14.0),
            ("是否行政处分", 13.0),
            ("处分种类", 10.0),
            ("备注", 14.0),
        ]),
        rows: Vec::new(),
        merges: Vec::new(),
    };
    for (loss, case) in lost {
        let first = table.rows.len();
        for (at, &(department, person, percent)) in loss.shares.iter().enumerate() {
            let mut cells = vec![Cell::Blank; table.columns.len()];
            cells[1] = department.into();
            cells[2] = person.into();
            cells[3] = clerk.percent(percent);
            if at == 0 {
                cells[0] = Cell::Text(case.number.clone());
                cells[4] = case.method.loss_class().into();
                for (column, fen) in
                    [(5, loss.compensation), (6, loss.discount), (8, loss.price), (9, loss.rework), (10, loss.freight), (11, loss.waste)]
                {
                    cells[column] = fen.map_or(Cell::Blank, |fen| clerk.money(fen));
                }
                for (column, field) in [(12, "惩处种类"), (13, "主管批示日期"), (14, "是否行政处分"), (15, "处分种类")]
                {
                    cells[column] = loss.paper.cell(field, clerk);
                }
                cells[7] = loss.returned.map_or(Cell::Blank, |count| clerk.count(count));
            }
            table.rows.push(Row { spot: Spot::Share(case.number.clone(), at), cells });
        }
        if loss.shares.len() > 1 {
            table.merges.extend([0, 4, 5, 6, 7, 8, 9, 10, 11].map(|column| (first, column, loss.shares.len())));
        }
    }
    table
}

/// The company's own days.
pub fn days_off() -> Table {
    let days = [
        (day(8, 15), "否", "厂庆休息"),
        (day(9, 19), "否", "盘点休息"),
        (day(10, 10), "否", "停电检修"),
        (day(10, 18), "是", "补 10 月 10 日"),
    ];
    let rows = days
        .into_iter()
        .enumerate()
        .map(|(at, (day, works, why))| Row { spot: Spot::Other(at), cells: vec![Cell::Date(day), works.into(), "否".into(), why.into()] })
        .collect();
    Table {
        columns: columns(&[("日期", 14.0), ("是否工作日", 12.0), ("是否法定节假日", 16.0), ("说明", 24.0)]), rows, merges: Vec::new()
    }
}

/// Two rows of approvals that nobody can read, a day that does not exist and an amount that is none; cases with a plant are
/// left alone.
pub fn spoil(approvals: &mut Table, planted: &BTreeSet<&str>) {
    let is_free = |row: &&mut Row| matches!(&row.spot, Spot::Approval(number) if !planted.contains(number.as_str()));
    let mut free = approvals.rows.iter_mut().filter(is_free);
    if let Some(row) = free.next() {
        row.cells[4] = "2026-02-30".into();
    }
    if let Some(row) = free.next() {
        row.cells[1] = "abc".into();
    }
}
