//! `kesu audit`: every way around a limit that was walked is found, and what only looks like it is told as such.

use super::books::{Company, rows};

const RULES: &str = r#"
[[approval]]
id = "hejue"
title = "核决权限"
dataset = "核决记录"
at = "核决日期"
amount = "金额"
actor = "职务"
unit = "部门"
rank = ["经理", "副总经理"]
[[approval.version]]
from = 2020-01-01
cite = "jilv 一条"
rows = [{ when = { "金额" = "(0..1000]" }, at_least = "经理" }, { when = { "金额" = "> 1000" }, at_least = "副总经理" }]

[[deadline]]
id = "jiean"
title = "结案期限"
dataset = "案件"
start = "受理时间"
stop = "结案时间"
unit = "部门"
[[deadline.version]]
from = 2020-01-01
cite = "jilv 一条"
rows = [{ limit = "10d" }]

[[order]]
id = "liuzhuan"
title = "流转次序"
dataset = "流转"
case = "编号"
station = "站别"
at = "收文日期"
seq = "站序"
[[order.version]]
from = 2020-01-01
cite = "jilv 一条"
route = [{ station = "质管部" }, { station = "总经理室" }]

[[sequence]]
id = "bianhao"
title = "编号"
dataset = "案件"
number = "编号"
month_from = "受理时间"
[[sequence.version]]
from = 2020-01-01
cite = "jilv 一条"
template = "{yy}{mm}{seq:02}"
"#;

fn put(company: &Company, name: &str, key: &[&str], at: &str, fields: &[(&str, &str)], rows: &str) {
    company.dataset(name, key, at, fields);
    let heads: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    company.table(name, &heads.join(","), rows);
}

pub fn company() -> Company {
    let company = Company::new("");
    company.rules(RULES);
    // the limit is 1000: of 950.01 to 1000.00 one thinks twice
    let approvals =
        "1,2026-10-12,950,经理,甲部\n2,2026-10-12,950.01,经理,甲部\n3,2026-10-12,1000,经理,乙部\n4,2026-10-12,1000.01,副总经理,乙部\n";
    let fields = [("编号", "text"), ("核决日期", "date"), ("金额", "money"), ("职务", "text"), ("部门", "text")];
    put(&company, "核决记录", &["编号"], "核决日期", &fields, approvals);
    // 02 on its last day; 03 at night; 04 on a Sunday; 05 on a Saturday on which people work; 06 to 10 within one minute; 07 is missing
    let mut cases = "261001,2026-10-08 09:00,2026-10-09 10:00,甲部,一\n261002,2026-10-08 09:00,2026-10-18 17:00,甲部,二\n\
                     261003,2026-10-08 09:00,2026-10-09 22:30,甲部,三\n261004,2026-10-08 09:00,2026-10-11 10:00,乙部,四\n\
                     261005,2026-10-08 09:00,2026-10-10 11:00,乙部,五\n"
        .to_owned();
    for number in [6, 8, 9, 10, 11] {
        cases += &format!("2610{number:02},2026-10-12 09:00,2026-10-13 16:20,乙部,六{number}\n");
    }
    let fields = [("编号", "text"), ("受理时间", "datetime"), ("结案时间", "datetime"), ("部门", "text"), ("原因", "text")];
    put(&company, "案件", &["编号"], "受理时间", &fields, &cases);
    // 01 was closed on the 9th and went on to the 15th; 06 was sent on before it was closed
    let routes = "261001,1,质管部,2026-10-08,2026-10-09\n261001,2,总经理室,2026-10-14,2026-10-15\n261006,1,质管部,2026-10-12,2026-10-13\n";
    let fields = [("编号", "text"), ("站序", "int"), ("站别", "text"), ("收文日期", "date"), ("送出日期", "date")];
    put(&company, "流转", &["编号", "站序"], "收文日期", &fields, routes);
    // three callbacks say the same but for the number in it; the others have words of their own
    let same = ["客户表示满意，愿意再合作 1 次", "客户表示满意，愿意再合作 2 次", "客户表示满意。愿意再合作3次"];
    let own = [
        "客户说包装破了一角要求下次加固",
        "客户对交期不满意，约定下周答复",
        "电话打通，客户已收到更换的新品",
        "客户说没有人回电话，已转业务部",
    ];
    let said = same.iter().chain(&own).enumerate();
    let callbacks: String = said.map(|(at, text)| format!("H{at},2026-10-2{at},甲部,{text}\n")).collect();
    let fields = [("编号", "text"), ("回访日期", "date"), ("部门", "text"), ("内容", "text")];
    put(&company, "回访", &["编号"], "回访日期", &fields, &callbacks);
    company
}

#[test]
fn every_way_around_a_limit_is_found_with_its_population_and_a_note_on_false_alarms() {
    let company = company();
    company.kesu(&["audit", "--period", "2026-10", "--by", "金额"]).success();
    let book = company.path("out/2026-10-稽核/稽核抽样.xlsx");
    let tests = rows(&book, "规避测试");
    let found = |name: &str| {
        let row = tests.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name} in {tests:?}"));
        assert!(row[4].contains("误报") || row[4].contains("常事") || row[4].contains("正常"), "{name} has a note: {row:?}");
        let hits: Vec<String> = match row[3].as_str() {
            "0" => Vec::new(),
            _ => rows(&book, name).into_iter().skip_while(|row| row[0] != "命中").skip(1).map(|row| row[2].clone()).collect(),
        };
        (row[2].parse::<usize>().unwrap(), hits)
    };
    assert_eq!(found("金额刚好低于核决限额"), (4, vec!["2".into(), "3".into()]));
    let (looked, hits) = found("恰在期限最后一天办结");
    assert_eq!((looked, hits), (10, vec!["261002".to_owned()]), "all ten were closed in time");
    assert_eq!(found("办公时间以外的签办"), (10, vec!["261002".into(), "261003".into(), "261004".into()]), "the 18th is a Sunday, too");
    let (looked, hits) = found("同一分钟成批签办");
    assert_eq!((looked, hits), (10, [6, 8, 9, 10, 11].map(|number| format!("2610{number:02}")).to_vec()));
    assert_eq!(found("照抄的记录文字"), (7, vec!["H0".into(), "H1".into(), "H2".into()]));
    assert_eq!(found("结案后又重开"), (10, vec!["261001".into()]));
    let (_, hits) = found("缺号");
    assert_eq!(hits, ["261007"]);
    // the same seed draws the same; the strata are those of amounts
    let drawn = rows(&book, "随机抽样");
    assert!(drawn.iter().any(|row| row[1] == "层（金额）") && drawn.iter().any(|row| row[1] == "金额最大的四分之一"), "{drawn:?}");
}
