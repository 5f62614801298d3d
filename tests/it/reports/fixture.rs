//! A small month by hand: twelve closed cases of two departments, two open ones, losses, breaches, approvals.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use kesu::calendar::{Calendars, Period};
use kesu::diag::CellRef;
use kesu::dispose::{NoticeForm, NoticeLine};
use kesu::evaluate::{Counts, NoticeRows, SummaryDetail};
use kesu::ledger::{Charge, Finding, History, Moment, Outcome, Place, Tallied};
use kesu::normalise::{ColumnMatch, ControlTotal, Duplicate, Normalised, Origin, Reject, Repair, Source, Table, Tables};
use kesu::reports::{EveryVerdict, Month, RuleResult};
use kesu::rules::kinds::{
    Amount, Approval, ApprovalRow, ApprovalTable, Base, Confirm, Deadline, DeadlineNotices, FormBlock, FormColumn, FormCopy, FormRows, Hit,
    Kind, Layout, LimitRow, Loss, Notice, Penalty, PenaltyRow, Promise, Sanction, SentTo, Statistic, Terms,
};
use kesu::rules::{
    Cite, Condition, Conventions, Dataset, Dated, Field, FieldType, Head, Literal, Pack, PolicySource, Quantity, Rule, RuleSet, Severity,
    Status, Test, Unit, Version,
};
use polars::prelude::*;
use rust_decimal::Decimal;

/// Number, customer, market, part, reason, unit, loss class, month, days, on time, loss.
pub type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Option<&'static str>,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
);

/// Parts that a spreadsheet would take for one another: `0012` and `12`, `3-4` and a date, `A-001` and `a-001`.
pub const CASES: [Case; 12] = [
    ("261001", "华东贸易", "国内", "A-001", Some("质量异常"), "制造部", Some("索赔"), "2026-10", Some("10"), "是", "1500.00"),
    ("261002", "华东贸易", "国内", "0012", Some("质量异常"), "制造部", Some("退回"), "2026-10", Some("16"), "否", "900.50"),
    ("261003", "=1+1", "国外", "12", Some("非质量异常"), "业务部", Some("折让"), "2026-10", Some("20"), "是", "300.00"),
    ("261004", "海外商社", "国外", "a-001", Some("质量异常"), "制造部", Some("重修"), "2026-10", Some("25.5"), "否", "2000.07"),
    ("261005", "海外商社", "国外", "3-4", None, "业务部", None, "2026-10", None, "无法判定", "0.00"),
    ("261006", "华东贸易", "国内", "A-001", Some("质量异常"), "制造部", Some("索赔"), "2026-10", Some("8"), "是", "100.10"),
    ("261007", "通配*", "国内", "料？", Some("质量异常"), "制造部", Some("索赔"), "2026-10", Some("15"), "是", "33.33"),
    ("260901", "华东贸易", "国内", "A-001", Some("质量异常"), "制造部", Some("索赔"), "2026-09", Some("12"), "是", "700.00"),
    ("260902", "海外商社", "国外", "12", Some("非质量异常"), "业务部", Some("折让"), "2026-09", Some("30"), "否", "1000.00"),
    ("260903", "海外商社", "国外", "12", Some("质量异常"), "制造部", Some("重修"), "2026-09", Some("18"), "是", "250.25"),
    ("260904", "南方实业", "国内", "0012", Some("质量异常"), "制造部", Some("退回"), "2026-09", Some("20"), "否", "80.00"),
    ("260801", "南方实业", "国内", "0012", Some("质量异常"), "制造部", Some("退回"), "2026-08", Some("9"), "是", "40.00"),
];

pub struct Fixture {
    pub rules: RuleSet,
    pub input: Normalised,
    pub tables: Tables,
    pub listed: NoticeRows,
    calendars: Calendars,
    /// None: every form has its default pages.
    templates: BTreeMap<String, PathBuf>,
    history: History,
    tallied: Tallied,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn decimals(name: &str, values: &[Option<&str>], scale: usize) -> Column {
    Series::new(name.into(), values).cast(&DataType::Decimal(38, scale)).unwrap().into()
}

pub fn dates(name: &str, values: &[Option<&str>]) -> Column {
    let days: Vec<Option<i32>> = values.iter().map(|v| v.map(|v| (day(v) - day("1970-01-01")).num_days() as i32)).collect();
    Series::new(name.into(), days).cast(&DataType::Date).unwrap().into()
}

pub fn summary(cases: &[Case]) -> SummaryDetail<'static> {
    let text = |of: fn(&Case) -> &'static str| cases.iter().map(of).collect::<Vec<_>>();
    let rows: Vec<u32> = (0..cases.len() as u32).map(|at| at + 3).collect();
    let mut subjects = df!(
        "客诉编号" => text(|c| c.0), "责任部门" => text(|c| c.5), "客诉原因类别" => cases.iter().map(|c| c.4).collect::<Vec<_>>(),
        "料号" => text(|c| c.3), "客户" => text(|c| c.1), "国内外" => text(|c| c.2),
        "损失类别" => cases.iter().map(|c| c.6).collect::<Vec<_>>(), "统计月" => text(|c| c.7),
        "按期" => text(|c| c.9), "_source" => vec![0_u32; cases.len()], "_row" => rows,
    )
    .unwrap();
    subjects.with_column(decimals("天数", &cases.iter().map(|c| c.8).collect::<Vec<_>>(), 4)).unwrap();
    subjects
        .with_column(decimals("损失金额", &cases.iter().map(|c| Some(c.10).filter(|loss| !loss.is_empty())).collect::<Vec<_>>(), 2))
        .unwrap();
    // shares: 制造部 bears its cases whole but for the first, which it shares with 业务部 60:40
    let mut shares: Vec<(&str, &str, &str, String)> = Vec::new();
    for case in cases.iter().filter(|c| !["", "0.00"].contains(&c.10)) {
        if case.0 == "261001" {
            shares.push((case.0, "制造部", case.7, "900.00".into()));
            shares.push((case.0, "业务部", case.7, "600.00".into()));
        } else {
            shares.push((case.0, case.5, case.7, case.10.to_owned()));
        }
    }
    let amounts: Vec<Option<&str>> = shares.iter().map(|s| Some(s.3.as_str())).collect();
    let mut frame = df!(
        "客诉编号" => shares.iter().map(|s| s.0).collect::<Vec<_>>(), "责任部门" => shares.iter().map(|s| s.1).collect::<Vec<_>>(),
        "统计月" => shares.iter().map(|s| s.2).collect::<Vec<_>>(),
        "_source" => vec![1_u32; shares.len()], "_row" => (0..shares.len() as u32).map(|at| at + 2).collect::<Vec<_>>(),
    )
    .unwrap();
    frame.with_column(decimals("部门损失", &amounts, 2)).unwrap();
    SummaryDetail { subjects: subjects.into(), shares: Some(frame.into()) }
}

fn register() -> DataFrame {
    let mut frame = df!(
        "客诉编号" => ["261002", "261008", "261009", "261005"], "客户" => ["华东贸易", "南方实业股份有限公司深圳分公司", "海外商社", "海外商社"],
        "国内外" => ["国内", "国内", "国外", "国外"], "责任部门" => ["制造部", "制造部", "业务部", "业务部"],
        "状态" => ["逾期结案", "在办逾期", "在办", "无法判定"], "当前站" => [None, Some("质管部"), Some("业务部门"), None],
    )
    .unwrap();
    for (name, values) in [
        ("受理日期", [Some("2026-10-01"), Some("2026-10-05"), Some("2026-10-20"), Some("2026-10-06")]),
        ("应完成日", [Some("2026-10-16"), Some("2026-10-20"), Some("2026-11-09"), None]),
        ("结案日期", [Some("2026-10-17"), None, None, Some("2026-10-28")]),
    ] {
        frame.with_column(dates(name, &values)).unwrap();
    }
    // 261002 came to the office twice; nobody came to 经理室
    type Times<'t> = [&'t [Option<&'t str>]; 4];
    let stations: [(&str, Times, Times); 4] = [
        (
            "总经理室",
            [&[Some("2026-10-01"), Some("2026-10-09")], &[Some("2026-10-05")], &[Some("2026-10-20")], &[]],
            [&[Some("2026-10-01"), Some("2026-10-10")], &[Some("2026-10-06")], &[Some("2026-10-20")], &[]],
        ),
        ("质管部", [&[Some("2026-10-02")], &[Some("2026-10-06")], &[], &[]], [&[Some("2026-10-05")], &[None], &[], &[]]),
        ("经理室", [&[], &[], &[], &[]], [&[], &[], &[], &[]]),
        ("业务部门", [&[Some("2026-10-06")], &[], &[Some("2026-10-21")], &[]], [&[Some("2026-10-08")], &[], &[None], &[]]),
    ];
    for (station, received, sent) in stations {
        for (ending, times) in [("收文", received), ("送出", sent)] {
            let lists = times.map(|times| dates("", times).take_materialized_series());
            frame.with_column(Series::new(format!("{station}{ending}").into(), lists).into()).unwrap();
        }
    }
    frame.with_column(decimals("天数", &[Some("16"), Some("26"), Some("11"), None], 4)).unwrap();
    frame.with_column(decimals("逾期天数", &[Some("1"), Some("11"), None, None], 4)).unwrap();
    frame
}

pub fn head(id: &str, title: &str) -> Head {
    Head {
        pack: "kesu-banfa".into(),
        id: id.into(),
        title: title.into(),
        catalog: vec!["S0-10.1".into()],
        file: PathBuf::from("rules/kesu-banfa/deadlines.toml"),
        ..Head::default()
    }
}

fn dated<T>(clause: &str, body: T) -> Dated<T> {
    let cite = Cite { source: "banfa".into(), clause: clause.into() };
    Dated { versions: vec![Version { from: day("2020-01-01"), cite, body }] }
}

fn is(field: &str, value: &str) -> Condition {
    Condition::Cell { field: field.into(), test: Test::OneOf(vec![Literal::Text(value.into())]) }
}

fn above(low: Option<&str>, high: Option<&str>) -> Condition {
    let end = |text: &str, inside| (Literal::Number(dec(text)), inside);
    let test = Test::Interval { low: low.map(|l| end(l, false)), high: high.map(|h| end(h, true)) };
    Condition::Cell { field: "客诉金额".into(), test }
}

pub fn days(amount: &str) -> Quantity {
    Quantity { amount: dec(amount), unit: Unit::Day }
}

fn copy(mark: &str, to: &str) -> FormCopy {
    let to = match to {
        "" => None,
        "{部门}" => Some(SentTo::Each("部门".into())),
        office => Some(SentTo::Office(office.into())),
    };
    FormCopy { to, mark: mark.into() }
}

fn notice(form: &str, body: &str, signatures: &[&str], copies: &[(&str, &str)]) -> Notice {
    Notice {
        form: form.into(),
        prefix: String::new(),
        body: body.into(),
        copies: copies.iter().map(|(mark, to)| copy(mark, to)).collect(),
        original_extra: false,
        blocks: Vec::new(),
        rows: None,
        decided: Vec::new(),
        signatures: signatures.iter().map(|s| (*s).to_owned()).collect(),
        appeal_days: Vec::new(),
        appeal_open: None,
        appeal: None,
        clause: "客诉管理办法 十四条".into(),
        from: day("2020-01-01"),
        template: None,
    }
}

fn forms() -> [(&'static str, Notice); 4] {
    let mut reminder = notice(
        "催办单",
        "下列案件已逾期限，请即处理，并填明要求完成日送回总经理室。",
        &["承办", "总经理室"],
        &[("受文部门", "{部门}"), ("总经理室存", "总经理室")],
    );
    reminder.blocks = ["客诉台账", "流转记录"]
        .iter()
        .zip(["逾总期限", "逾站期限"])
        .map(|(dataset, title)| FormBlock { dataset: (*dataset).into(), title: title.into() })
        .collect();
    let inquiry = notice("洽办单", "下列案件结案逾期，请查明原因填复。", &["承办", "部门主管"], &[("逾期部门", "{部门}")]);
    let mut penalty = notice(
        "奖罚通知单",
        "经总经理室查核，下列事项应由受处罚人（单位）负担。",
        &["拟单", "总经理批准"],
        &[("自存", "总经理室"), ("会计查核", "会计"), ("处罚部门", "{部门}")],
    );
    penalty.original_extra = true;
    penalty.decided = ["核决人职务", "核决日期"].map(str::to_owned).to_vec();
    penalty.appeal_days = vec![(day("2020-01-01"), 3), (day("2026-10-01"), 7), (day("2026-11-01"), 10)];
    let mut publication = notice("人事公布单", "下列人员经批示行政处分，公布周知。", &["人事主管"], &[("人事单位公布", "人事")]);
    let column = |field: &str, title: &str| FormColumn { field: field.into(), title: title.into() };
    publication.rows = Some(FormRows {
        dataset: "奖罚处分台账".into(),
        scope: is("是否行政处分", "是"),
        at: "批示日期".into(),
        unit: None,
        columns: vec![
            column("员工", "被处分人"),
            column("单位", "部门"),
            column("处分种类", "处分种类"),
            column("客诉编号", "案号"),
            column("批示日期", "批示日期"),
        ],
    });
    [("cuiban", reminder), ("qiaban", inquiry), ("jiangfa", penalty), ("renshi", publication)]
}

fn listed() -> NoticeRows {
    let mut frame = df!(
        "员工" => ["周小满", "吴谷雨"], "单位" => ["制造部", "业务部"], "处分种类" => ["记过", "申诫"], "客诉编号" => ["261001", "261003"],
        "_source" => [4_u32, 4], "_row" => [2_u32, 5],
    )
    .unwrap();
    frame.with_column(dates("批示日期", &[Some("2026-10-20"), Some("2026-10-22")])).unwrap();
    NoticeRows { frame, units: vec![None; 2], undecided: 1 }
}

fn rules() -> Vec<Rule> {
    let limits = vec![
        LimitRow { when: is("国内外", "国内"), limit: days("15"), span: 0..0 },
        LimitRow { when: is("国内外", "国外"), limit: days("20"), span: 0..0 },
    ];
    let deadline = Kind::Deadline(Deadline {
        dataset: "客诉台账".into(),
        scope: Condition::always(),
        start: "受理日期".into(),
        stop: "结案日期".into(),
        due: None,
        no_due_is_met: false,
        unit: Some("责任部门".into()),
        person: None,
        owner: None,
        pause: None,
        notices: DeadlineNotices { open: Some("cuiban".into()), late: Some("qiaban".into()) },
        limits: dated("十条（一）", limits),
    });
    let bands = ApprovalTable {
        hit: Hit::Unique,
        rows: vec![
            ApprovalRow { when: above(Some("0"), Some("100000")), at_least: "业务部门经理".into(), span: 0..0 },
            ApprovalRow { when: above(Some("100000"), Some("150000")), at_least: "副总经理".into(), span: 0..0 },
            ApprovalRow { when: above(Some("150000"), None), at_least: "总经理".into(), span: 0..0 },
        ],
    };
    let approval = Kind::Approval(Approval {
        dataset: "核决记录".into(),
        scope: Condition::always(),
        at: None,
        amount: "客诉金额".into(),
        actor: "核决人职务".into(),
        unit: None,
        person: None,
        rank: ["业务部门经理", "副总经理", "总经理"].map(str::to_owned).to_vec(),
        promise: Some(Promise { at: "对客户承诺日期".into(), approved: "核决日期".into() }),
        split: None,
        tables: dated("十一条", bands),
    });
    let penalty = Kind::Penalty(Penalty {
        base: Base::Rows { dataset: "责任与损失".into(), scope: Condition::always() },
        at: Some("结案日期".into()),
        unit: Some("责任部门".into()),
        person: None,
        once: vec![],
        same: Vec::new(),
        wage: None,
        notice: Some("jiangfa".into()),
        announce: None,
        confirm: Some("总经理".into()),
        terms: dated(
            "十二条（二）",
            Terms {
                rows: vec![PenaltyRow {
                    when: Condition::always(),
                    times: None,
                    sanction: Sanction { amount: Some(Amount::Share { of: "部门损失".into(), rate: dec("0.1") }), actions: Vec::new() },
                    span: 0..0,
                }],
                lookback: None,
                joint: None,
                cap: None,
            },
        ),
    });
    let statistic = Kind::Statistic(Statistic {
        dataset: "客诉台账".into(),
        scope: Condition::always(),
        at: Some("结案日期".into()),
        by_day: Some(10),
        on_time: Some("jiean".into()),
        columns: Vec::new(),
        layout: Layout::Summary {
            groups: ["责任部门", "客诉原因类别", "料号", "客户", "国内外", "损失类别"].map(str::to_owned).to_vec(),
            pareto: Some("料号".into()),
            loss: Some(Loss {
                dataset: "责任与损失".into(),
                on: "客诉编号".into(),
                share: "部门损失".into(),
                take: vec!["损失类别".into()],
                columns: vec!["责任部门".into()],
            }),
            confirm: Some(Confirm {
                columns: ["客诉编号", "客户", "责任部门", "部门损失", "损失类别"].map(str::to_owned).to_vec(),
                write: vec!["改善对策与处理结果".into()],
                sign: vec!["制造部".into(), "质管部".into()],
            }),
            counted: "结案".into(),
        },
        signatures: ["制造部", "质管部", "研发部", "业务部", "总经理室"].map(str::to_owned).to_vec(),
        send: vec![SentTo::Office("会计".into())],
        clause: "客诉管理办法 九条（九）".into(),
    });
    let register = Kind::Statistic(Statistic {
        dataset: "客诉台账".into(),
        scope: Condition::always(),
        at: Some("受理日期".into()),
        by_day: None,
        on_time: Some("jiean".into()),
        columns: Vec::new(),
        layout: Layout::Register { stations: None },
        signatures: vec!["制表".into(), "审核".into()],
        send: vec![SentTo::Each("责任部门".into())],
        clause: "客诉管理办法 七条".into(),
    });
    let mut waiting = head("hanchuan", "退货超量允收");
    waiting.status = Status::MissingParam;
    waiting.missing = vec!["公司默认允收比率：制度未写，须由总经理室核定".into()];
    let mut reading = head("jiean", "结案期限");
    reading.note = Some("天数按日期差计".into());
    let mut station = head("zhan", "质管部站时限");
    station.cites = Vec::new();
    let mut rules = vec![
        Rule { head: station, kind: on_route(&deadline) },
        Rule { head: reading, kind: deadline },
        Rule { head: head("hejue", "客诉金额核决权限"), kind: approval },
        Rule { head: head("fakou", "责任部门罚扣"), kind: penalty },
        Rule { head: head("tongji", "客诉案件统计表"), kind: statistic },
        Rule { head: head("zhuizong", "登记追踪表"), kind: register },
        Rule { head: waiting, kind: Kind::Notice(notice("退货差异表", "", &[], &[])) },
    ];
    rules.extend(forms().map(|(id, notice)| Rule { head: head(id, &notice.form), kind: Kind::Notice(notice.clone()) }));
    rules
}

/// The same deadline over the route.
fn on_route(deadline: &Kind) -> Kind {
    let Kind::Deadline(deadline) = deadline else { panic!() };
    Kind::Deadline(Deadline {
        dataset: "流转记录".into(), start: "收文时间".into(), stop: "送出时间".into(), ..deadline.clone()
    })
}

pub fn finding(rule: &str, subject: &str, outcome: Outcome, unit: &str, row: u32) -> Finding {
    Finding {
        pack: "kesu-banfa".into(),
        version: Some(day("2020-01-01")),
        clause: "客诉管理办法 十条（一）".into(),
        subject: subject.into(),
        unit: unit.into(),
        place: Place { file: "sample-data/客诉台账 2026年.xlsx".into(), sheet: "10月".into(), row },
        ..Finding::bare(rule, "deadline", outcome, Severity::Major)
    }
}

pub fn late(subject: &str, unit: &str, row: u32, span: [&str; 2], stop: Option<&str>, quantities: [&str; 3]) -> Finding {
    let date = |text: &str| Some(Moment::Date(day(text)));
    let mut late = finding("jiean", subject, Outcome::Breached, unit, row);
    (late.start, late.due, late.stop) = (date(span[0]), date(span[1]), stop.and_then(date));
    let [limit, elapsed, overrun] = quantities.map(|text| Some(days(text)));
    (late.limit, late.elapsed, late.overrun) = (limit, elapsed, overrun);
    late.message = format!("{subject} 受理后 {} 天未结/结案，期限 {} 天，逾期 {} 天", quantities[1], quantities[0], quantities[2]);
    late
}

fn findings() -> Vec<Finding> {
    let mut unknown = finding("jiean", "261005", Outcome::Indeterminate, "业务部", 7);
    unknown.message = "261005 缺「国内外」，无法判定".into();
    vec![
        late("261002", "制造部", 4, ["2026-10-01", "2026-10-16"], Some("2026-10-17"), ["15", "16", "1"]),
        late("261004", "制造部", 6, ["2026-10-01", "2026-10-21"], Some("2026-10-27"), ["20", "25.5", "5.5"]),
        late("261008", "制造部", 10, ["2026-10-05", "2026-10-20"], None, ["15", "26", "11"]),
        late("261011", "业务部", 12, ["2026-10-02", "2026-10-22"], None, ["20", "29", "9"]),
        unknown,
        approvals()[1].clone(),
        approvals()[2].clone(),
    ]
}

fn approvals() -> Vec<Finding> {
    let approval = |subject: &str, outcome, row, approved: &str, message: &str| {
        let mut one = finding("hejue", subject, outcome, "业务部", row);
        (one.kind, one.stop, one.message) = ("approval", Some(Moment::Date(day(approved))), message.to_owned());
        one.person = "钱紫苏".into();
        one.clause = "客诉管理办法 十一条".into();
        one.place = Place { file: "sample-data/核决记录.xlsx".into(), sheet: "核决".into(), row };
        one
    };
    let mut split =
        approval("261010", Outcome::Breached, 4, "2026-10-12", "疑似拆单：同客户 7 日内 2 案合计 190,000.00 元，应由总经理核决");
    split.suspected = true;
    vec![
        approval("261001", Outcome::Met, 2, "2026-10-08", ""),
        approval("261003", Outcome::Breached, 3, "2026-10-09", "客诉金额 100,000.01 元应由副总经理核决，实为业务部门经理"),
        split,
    ]
}

fn notices(findings: &[Finding]) -> Vec<NoticeForm> {
    let line = |finding: &Finding| NoticeLine { finding: Arc::new(finding.clone()) };
    let form = |rule: &str, form: &str, number: &str, recipient: &str, lines: Vec<NoticeLine>| NoticeForm {
        rule: format!("kesu-banfa/{rule}"),
        form: form.into(),
        prefix: number.split('-').next().unwrap().into(),
        number: number.into(),
        code: String::new(),
        decision: None,
        recipient: recipient.into(),
        unit: recipient.into(),
        lines,
        rows: Vec::new(),
        total: None,
        announces: false,
    };
    let fine = |subject: &str, row, amount: &str, message: &str| {
        let mut fine = finding("fakou", subject, Outcome::Breached, "制造部", row);
        (fine.kind, fine.amount, fine.message) = ("penalty", Some(dec(amount)), message.to_owned());
        fine.clause = "客诉管理办法 十二条（二）".into();
        fine.place = Place { file: "sample-data/责任与损失.csv".into(), sheet: "".into(), row };
        let (closed, loss) = if subject == "261001" { ("2026-10-11", "9,000.00") } else { ("2026-10-14", "1,050.70") };
        let derivation = format!("部门损失 {loss} × 10% = {amount} 元");
        fine.charge = Some(Box::new(Charge { day: Some(day(closed)), derivation, ..Charge::default() }));
        NoticeLine { finding: Arc::new(fine) }
    };
    let lines =
        vec![fine("261001", 2, "900.00", "责任归属制造部，责任比率 60%"), fine("261006", 7, "105.07", "责任归属制造部，责任比率 100%")];
    let mut penalty = form("jiangfa", "奖罚通知单", "JF-202610-001", "制造部", lines);
    penalty.total = Some(dec("1005.07"));
    let own = fine("261006", 7, "105.07", "责任人周小满（制造部）");
    let mut personal = form("jiangfa", "奖罚通知单", "JF-202610-002", "周小满", vec![own]);
    (personal.unit, personal.total) = ("制造部".into(), Some(dec("105.07")));
    let mut station = finding("zhan", "261008/3", Outcome::Breached, "制造部", 2);
    station.clause = "客诉管理办法 十条（二）".into();
    station.place = Place { file: "sample-data/流转记录.csv".into(), sheet: "".into(), row: 2 };
    station.start = Some(Moment::Datetime(day("2026-10-06").and_hms_opt(9, 5, 0).unwrap()));
    station.due = Some(Moment::Date(day("2026-10-07")));
    (station.limit, station.elapsed, station.overrun) = (Some(days("1")), Some(days("25")), Some(days("24")));
    let mut publication = form("renshi", "人事公布单", "RS-202610-001", "", Vec::new());
    publication.rows = vec![0, 1];
    vec![
        form("cuiban", "催办单", "CB-202610-001", "业务部", vec![line(&findings[3])]),
        form("cuiban", "催办单", "CB-202610-002", "制造部", vec![line(&station), line(&findings[2])]),
        form("qiaban", "洽办单", "QB-202610-001", "制造部", vec![line(&findings[0]), line(&findings[1])]),
        penalty,
        personal,
        publication,
    ]
}

fn input() -> Normalised {
    let source = |file: &str, sheet: &str| Source { file: file.into(), sheet: sheet.into() };
    let mut input = Normalised::default();
    input.tables.sources = vec![
        source("sample-data/客诉台账 2026年.xlsx", "10月"),
        source("sample-data/责任与损失.csv", ""),
        source("sample-data/核决记录.xlsx", "核决"),
        source("sample-data/客诉台账 2026年.xlsx", "说明"),
        source("sample-data/奖罚处分台账.xlsx", "台账"),
        source("sample-data/流转记录.csv", ""),
    ];
    let total = |source, dataset: Option<&str>, [read, used, rejected, duplicate, furniture, unrecognised]: [u64; 6]| ControlTotal {
        source,
        dataset: dataset.map(str::to_owned),
        read,
        used,
        rejected,
        duplicate,
        furniture,
        unrecognised,
    };
    input.totals = vec![
        total(0, Some("客诉台账"), [20, 14, 1, 1, 4, 0]),
        total(1, Some("责任与损失"), [13, 12, 0, 0, 1, 0]),
        total(2, Some("核决记录"), [4, 3, 0, 0, 1, 0]),
        total(3, None, [6, 0, 0, 0, 0, 6]),
    ];
    input.repair_count = 2;
    let repair = |column, row, field: &str, before: &str, after: &str, reason| Repair {
        source: 0,
        cell: CellRef { column, row },
        field: field.into(),
        before: before.into(),
        after: after.into(),
        reason,
    };
    input.repairs =
        vec![repair(4, 3, "受理日期", "2026.10.1", "2026-10-01", "文本转日期"), repair(8, 5, "客诉金额", "1,500元", "1500", "文本转金额")];
    let header = ["编号", "客户名称", "受理日期", "结案日"].map(str::to_owned).to_vec();
    input.headers = vec![(0, header)];
    input.rejects = vec![Reject {
        source: 0,
        row: 15,
        dataset: "客诉台账".into(),
        resolved: false,
        problems: vec![(CellRef { column: 2, row: 15 }, "受理日期".into(), "日期读不懂「十月初」".into())],
        cells: ["261012", "@华南", "十月初", ""].map(str::to_owned).to_vec(),
    }];
    input.duplicates = vec![Duplicate {
        dataset: "客诉台账".into(),
        key: "261006".into(),
        first: Origin { source: 0, row: 8 },
        second: Origin { source: 0, row: 16 },
        identical: true,
    }];
    let column = |column, header: &str, field: Option<&str>, why: &str| ColumnMatch {
        source: 0,
        column,
        header: header.into(),
        field: field.map(str::to_owned),
        why: why.into(),
        sample: String::new(),
    };
    input.columns = vec![
        column(0, "编号", Some("客诉编号"), "别名「编号」"),
        column(1, "客户名称", Some("客户"), "别名「客户名称」"),
        column(2, "备注", None, "没有这个字段"),
    ];
    input.choices = vec![("sample-data/责任与损失.csv".into(), "文字编码推定为 GB18030，分隔符为逗号".into())];
    input
}

/// Tables as they were judged: what notices look up and tell.
fn tables(input: &Normalised) -> Tables {
    let numbers = ["261002", "261004", "261008", "261011"];
    let mut register = df!("客诉编号" => numbers, "_source" => [0_u32; 4], "_row" => [4_u32, 6, 10, 12]).unwrap();
    let received = [Some("2026-10-01"), Some("2026-10-01"), Some("2026-10-05"), Some("2026-10-02")];
    register.with_column(dates("受理日期", &received)).unwrap();
    // closed after the day that the month is seen on: not told
    let closed = [Some("2026-10-17"), Some("2026-10-27"), None, Some("2026-11-03")];
    register.with_column(dates("结案日期", &closed)).unwrap();
    let mut route = df!(
        "客诉编号" => ["261008"], "站序" => [3_i64], "站别" => ["质管部"], "_source" => [5_u32], "_row" => [2_u32],
    )
    .unwrap();
    route.with_column(dates("收文时间", &[Some("2026-10-06")])).unwrap();
    let mut approvals = df!(
        "客诉编号" => ["261001", "261003", "261010"], "核决人职务" => ["业务部门经理"; 3],
        "_source" => [2_u32, 2, 2], "_row" => [2_u32, 3, 4],
    )
    .unwrap();
    approvals.with_column(decimals("客诉金额", &[Some("100000"), Some("100000.01"), Some("98000")], 4)).unwrap();
    approvals.with_column(dates("核决日期", &[Some("2026-10-08"), Some("2026-10-09"), Some("2026-10-12")])).unwrap();
    let mut shares = df!("客诉编号" => ["261001", "261006"], "_source" => [1_u32, 1], "_row" => [2_u32, 7]).unwrap();
    shares.with_column(decimals("部门损失", &[Some("9000.00"), Some("1050.70")], 2)).unwrap();
    shares.with_column(dates("结案日期", &[Some("2026-10-11"), Some("2026-10-14")])).unwrap();
    let table = |name: &str, own: &[&str], frame: DataFrame| {
        let fields = own.iter().map(|name| Field { name: (*name).into(), ..Field::default() }).collect();
        let dataset = Dataset { name: name.into(), key: vec!["客诉编号".into()], fields, ..Dataset::default() };
        Table { dataset: Arc::new(dataset), frame: frame.into(), present: Arc::default() }
    };
    Tables {
        sources: input.tables.sources.clone(),
        tables: vec![
            table("客诉台账", &["客诉编号", "受理日期", "结案日期"], register),
            table("流转记录", &["客诉编号", "站序", "站别", "收文时间"], route),
            table("核决记录", &["客诉编号", "核决人职务", "客诉金额", "核决日期"], approvals),
            table("责任与损失", &["客诉编号"], shares),
        ],
    }
}

impl Fixture {
    pub fn new() -> Self {
        let field = |name: &str, ty| Field { name: name.into(), ty, ..Field::default() };
        let dataset = Dataset {
            name: "客诉台账".into(),
            fields: vec![field("客诉编号", FieldType::Text), field("国内外", FieldType::OneOf), field("受理日期", FieldType::Date)],
            ..Dataset::default()
        };
        let pack = Pack {
            id: "kesu-banfa".into(),
            title: "客诉管理办法".into(),
            folder: PathBuf::from("rules/kesu-banfa"),
            version: "2026.1".into(),
            calendar: "cn-public".into(),
            approved_by: Some("总经理".into()),
            conventions: Conventions::default(),
            sources: vec![PolicySource { id: "banfa".into(), title: "公司客户投诉管理制度".into(), effective: None }],
            rules: rules(),
            ..Pack::default()
        };
        let rules = RuleSet { packs: vec![pack], datasets: vec![Arc::new(dataset)], files: Vec::new() };
        let input = input();
        let tables = tables(&input);
        let (calendars, ..) = Calendars::load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules/calendars"));
        Self {
            rules,
            input,
            tables,
            listed: listed(),
            calendars,
            templates: BTreeMap::new(),
            history: History::default(),
            tallied: Tallied::default(),
        }
    }

    pub fn month(&self) -> Month<'_> {
        self.month_of(&CASES)
    }

    pub fn month_of(&self, cases: &[Case]) -> Month<'_> {
        let pack = &self.rules.packs[0];
        let rule = |id: &str| pack.rules.iter().find(|r| r.head.id == id).unwrap();
        let counts = |numbers: [u64; 5]| {
            let mut counts = Counts::default();
            Outcome::ALL.iter().zip(numbers).for_each(|(outcome, number)| counts.add(*outcome, number));
            counts
        };
        let results = pack
            .rules
            .iter()
            .map(|rule| RuleResult {
                pack,
                rule,
                absent: &[],
                counts: match rule.head.id.as_str() {
                    "jiean" => counts([4, 4, 1, 0, 1]),
                    "hejue" => counts([1, 2, 0, 0, 0]),
                    _ => Counts::default(),
                },
            })
            .collect();
        let findings = findings();
        Month {
            company: "示例制造有限公司",
            period: "2026-10".parse::<Period>().unwrap(),
            as_of: day("2026-10-31"),
            rules: &self.rules,
            input: &self.input,
            tables: &self.tables,
            calendars: &self.calendars,
            listed: vec![(pack, rule("renshi"), &self.listed)],
            results,
            matters: &[],
            notices: notices(&findings).into(),
            findings: findings.into_iter().map(Arc::new).collect(),
            summaries: vec![(pack, rule("tongji"), summary(cases))],
            registers: vec![(pack, rule("zhuizong"), register().into())],
            details: Vec::new(),
            points: Vec::new(),
            scores: Vec::new(),
            approvals: vec![Box::new(approvals())],
            every_verdict: EveryVerdict::new(|_, rule| Ok(if rule.head.id == "hejue" { approvals() } else { Vec::new() })),
            formula_rows: 20_000,
            templates: &self.templates,
            account: None,
            history: &self.history,
            tallied: &self.tallied,
            is_part: false,
            source_root: "../../",
            source_folder: 0,
        }
    }
}
