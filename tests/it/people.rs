//! Books of points and scores, from the tables of a small company to what a spreadsheet program reads.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, open_workbook_auto};

use crate::cli::kesu;
use crate::support::below;

const PACK: &str = r#"
schema = 1
[pack]
id = "p"
title = "考核办法"
version = "1"
calendar = "cn-public"
[conventions]
count_first_day = false
roll_last_day = false
[[source]]
id = "s"
title = "考核办法"
effective = 2020-01-01
"#;

const RULES: &str = r#"
[[notice]]
id = "renshi"
title = "人事公布单"
form = "人事公布单"
prefix = "RS"
body = "拟按制度处理。"
copies = [{ to = "{部门}", mark = "部门" }]
from = 2020-01-01
cite = "s 一条"

[[points]]
id = "koufen"
title = "员工扣分"
dataset = "扣分记录"
at = "日期"
person = "员工"
unit = "部门"
item = "条款"
points = "扣分"
notice = "人事公布单"
[[points.version]]
from = 2020-01-01
cite = "s 二条"
window = "half-year"
warn = ["20", "25"]
limit = "30"
action = "不再留任"
items = [
  { item = "一1", name = "卫生", points = "1" },
  { item = "二5", name = "擅离职守", points = "3..5" },
  { item = "大", name = "大过", points = "10" },
]

[[scorecard]]
id = "kaohe"
title = "员工绩效考核"
dataset = "考核评分"
period = "期间"
type = "考核类型"
person = "员工"
unit = "部门"
rater = "考核人"
bonus = "加分"
void = "触犯栏目"
[[scorecard.version]]
from = 2020-01-01
cite = "s 三条"
bonus = "[1..10]"
parts = [
  { name = "德", full = "20", field = "德", items = ["思想道德", "服务态度", "纪律作风", "人际关系"] },
  { name = "勤", full = "20", field = "勤" },
  { name = "能", full = "30", field = "能" },
  { name = "绩", full = "30", field = "绩" },
]
combine = [
  { name = "周检月检", weight = "20%", of = [{ type = "周检", at_least = 2 }, { type = "月检", each = "quarter" }] },
  { name = "月考核", weight = "30%", of = [{ type = "月考核", each = "month" }] },
  { name = "年终考评", weight = "50%", of = [{ type = "年终考评", each = "year" }] },
]
awards = [{ of = "year", score = "> 100", title = "优秀员工" }]

[[scorecard]]
id = "jiangjin"
title = "奖金评分"
dataset = "奖金评分"
at = "月份"
person = "员工"
unit = "部门"
[[scorecard.version]]
from = 2020-01-01
cite = "s 四条"
parts = [
  { name = "A", weight = "60%", share = { of = "按时完成数", by = "应完成数" } },
  { name = "B", weight = "30%", score = { rule = "kaohe", type = "月考核" } },
  { name = "C", weight = "10%", field = "C分" },
]
awards = [{ of = "A", score = "100", title = "本月基本奖金" }]

[[statistic]]
id = "b1"
title = "扣分月汇总与半年累计"
send = ["{部门}"]
cite = "s 二条"
[statistic.points]
rule = "koufen"
[[statistic]]
id = "b2"
title = "员工月绩效考核记录表"
send = ["{部门}"]
cite = "s 三条"
[statistic.scores]
rule = "kaohe"
type = "月考核"
book = "forms"
[[statistic]]
id = "b3"
title = "员工月年绩效考核情况统计表"
send = ["{部门}"]
cite = "s 三条"
[statistic.scores]
rule = "kaohe"
book = "summary"
[[statistic]]
id = "b4"
title = "年终绩效考核记录表"
send = ["{部门}"]
cite = "s 三条"
[statistic.scores]
rule = "kaohe"
type = "年终考评"
book = "forms"
[[statistic]]
id = "b5"
title = "年度统计表"
send = ["{部门}"]
cite = "s 三条"
[statistic.scores]
rule = "kaohe"
book = "year"
[[statistic]]
id = "b6"
title = "优秀员工名单"
cite = "s 三条"
[statistic.scores]
rule = "kaohe"
book = "awards"
[[statistic]]
id = "b7"
title = "奖金评分表"
send = ["{部门}"]
cite = "s 四条"
[statistic.scores]
rule = "jiangjin"
book = "bonus"
"#;

/// Name, team, marks of checks, of months, of the year's end.
const PEOPLE: [(&str, &str, &str, &str, &str); 6] = [
    ("甲一", "厨电组", "20,20,30,30,4", "20,20,30,30,3", "20,20,30,30,1"),
    ("乙二", "厨电组", "20,20,30,30,", "20,20,30,30,", "20,20,30,30,"),
    ("丙三", "厨电组", "18,19,27,28,", "17,18,26,27,", "19,19,28,29,"),
    ("丁四", "安装组", "18,18,25,29,", "18,19,25,28,", "18,18,26,28,"),
    ("戊五", "安装组", "19,17,28,25,", "19,17,28,25,", "19,17,28,25,"),
    ("A6", "安装组", "16,16,25,25,", "16,16,25,25,", "16,16,25,25,"),
];

fn marks(out: &mut String, who: &(&str, &str, &str, &str, &str), period: &str, class: &str, marks: &str) {
    let rater = if who.1 == "厨电组" { "赵经理" } else { "钱经理" };
    writeln!(out, "{},{},{period},{class},{rater},{marks},", who.0, who.1).unwrap();
}

/// 丁四 has no appraisal for March.
fn scores() -> String {
    let mut out = String::from("员工,部门,期间,考核类型,考核人,德,勤,能,绩,加分,触犯栏目\n");
    for who in &PEOPLE {
        for month in (1..=12).filter(|month| !(who.0 == "丁四" && *month == 3)) {
            marks(&mut out, who, &format!("2026-{month:02}"), "月考核", who.3);
        }
        ["2026-W10", "2026-W44"].iter().for_each(|week| marks(&mut out, who, week, "周检", who.2));
        (1..=4).for_each(|quarter| marks(&mut out, who, &format!("2026-Q{quarter}"), "月检", who.2));
        marks(&mut out, who, "2026", "年终考评", who.4);
    }
    out
}

const LOG: &str = "扣分编号,员工,部门,日期,条款,扣分\n\
    K1,甲一,厨电组,2026-10-08,一1,1\nK2,丙三,厨电组,2026-08-03,大,10\nK3,丙三,厨电组,2026-09-03,大,10\nK4,丙三,厨电组,2026-10-09,二5,5\n\
    K5,丙三,厨电组,2026-10-20,二5,5\nK6,丁四,安装组,2026-07-15,大,10\nK7,丁四,安装组,2026-10-15,大,10\nK8,A6,安装组,2026-10-16,二5,9\n";

const BONUS: &str =
    "员工,部门,月份,应完成数,按时完成数,C分\n甲一,厨电组,2026年10月,4,4,100\n丙三,厨电组,2026年10月,9,8,80\n丁四,安装组,2026年10月,5,3,\n";

struct Company(tempfile::TempDir);

impl Company {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules");
        let write = |path: &str, text: &str| {
            let full = home.path().join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
        };
        write("rules/p/pack.toml", PACK);
        write("rules/p/rules.toml", RULES);
        for name in ["扣分记录", "考核评分", "奖金评分"] {
            let dataset = std::fs::read_to_string(root.join(format!("datasets/{name}.toml"))).unwrap();
            write(&format!("rules/datasets/{name}.toml"), &dataset);
        }
        write("rules/calendars/cn-public.toml", &std::fs::read_to_string(root.join("calendars/cn-public.toml")).unwrap());
        write("data/考核评分.csv", &scores());
        write("data/扣分记录.csv", LOG);
        write("data/奖金评分.csv", BONUS);
        write("kesu.toml", "company = \"示例公司\"\nrules = [\"rules\"]\ndata = \"data\"\nout = \"out\"\n");
        Self(home)
    }

    fn run(&self, period: &str) -> PathBuf {
        kesu(self.0.path(), &["run", "--period", period]).success();
        self.0.path().join("out").join(period)
    }
}

fn rows(file: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book = open_workbook_auto(file).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let shown = |cell: &Data| match cell {
        Data::Float(number) => format!("{}", (number * 1e6).round() / 1e6),
        other => other.to_string(),
    };
    range.rows().map(|row| row.iter().map(shown).collect()).collect()
}

/// The row that has this text in one of its first cells.
fn row_of(rows: &[Vec<String>], name: &str) -> Vec<String> {
    rows.iter().find(|row| row.iter().take(5).any(|cell| cell == name)).unwrap_or_else(|| panic!("{name} in {rows:#?}")).clone()
}

fn names(folder: &Path) -> BTreeSet<String> {
    below(folder).into_iter().filter_map(|file| file.to_str()?.strip_suffix(".xlsx").map(str::to_owned)).collect()
}

#[test]
fn a_month_has_its_own_books_and_the_years_end_those_of_the_year() {
    let company = Company::new();
    let yearly = ["年终绩效考核记录表", "年度统计表", "优秀员工名单"];
    let october = names(&company.run("2026-10"));
    for name in ["扣分月汇总与半年累计", "员工月绩效考核记录表", "员工月年绩效考核情况统计表", "奖金评分表"]
    {
        assert!(october.contains(name), "{october:?}");
    }
    assert!(yearly.iter().all(|name| !october.contains(*name)), "{october:?}");
    for period in ["2026-12", "2026"] {
        let december = names(&company.run(period));
        assert!(yearly.iter().all(|name| december.contains(*name)), "{december:?}");
    }
}

#[test]
fn the_years_totals_are_those_of_the_clause() {
    let company = Company::new();
    let out = company.run("2026-12");
    let table = rows(&out.join("年度统计表.xlsx"), "年度统计表");
    // 104 × 20% + 103 × 30% + 101 × 50%; 92 × 20% + 88 × 30% + 95 × 50%
    let of = |name: &str| row_of(&table, name);
    assert_eq!(of("甲一")[4..9], ["104", "103", "101", "102.2", "优秀员工"]);
    assert_eq!(of("乙二")[7..9], ["100", ""]);
    assert_eq!(of("丙三")[4..8], ["92", "88", "95", "92.3"]);
    assert_eq!((of("甲一")[0].as_str(), of("乙二")[0].as_str(), of("丙三")[0].as_str()), ("1", "2", "3"));
    let open = of("丁四");
    assert_eq!((open[0].as_str(), open[7].as_str(), open[9].as_str()), ("", "", "不出总分：月考核缺 2026-03"));
    let honoured = rows(&out.join("优秀员工名单.xlsx"), "名单");
    let listed: Vec<&str> = PEOPLE.iter().map(|who| who.0).filter(|name| honoured.iter().flatten().any(|cell| cell == name)).collect();
    assert_eq!(listed, ["甲一"]);
    assert!(honoured.iter().flatten().any(|cell| cell.contains("另有 1 人缺评分")));
}

#[test]
fn the_months_table_ranks_spreads_and_shows_how_stable_the_places_are() {
    let company = Company::new();
    let out = company.run("2026-10");
    let file = out.join("员工月年绩效考核情况统计表.xlsx");
    let table = rows(&file, "月考核");
    let places: Vec<(String, String)> =
        PEOPLE.iter().map(|who| row_of(&table, who.0)).map(|row| (row[0].clone(), row[8].clone())).collect();
    let said = [("1", "103"), ("2", "100"), ("5", "88"), ("3", "90"), ("4", "89"), ("6", "82")];
    assert_eq!(places, said.map(|(place, score)| (place.to_owned(), score.to_owned())));
    let spread = rows(&file, "得分分布");
    assert_eq!(row_of(&spread, "> 100")[1], "1");
    assert_eq!(row_of(&spread, "80 ≤ x < 90")[1], "3");
    let stable = rows(&file, "名次稳定性");
    // by hand: 丁四 and 戊五 are level where the weight of 绩 is 2/9, 戊五 and 丙三 where it is 9/23
    assert_eq!(row_of(&stable, "绩")[1..], ["0.3", "0.2222", "戊五 超过 丁四", "0.3913", "丙三 超过 戊五"]);
    let raters = rows(&file, "考核人松紧");
    // (103 + 100 + 88) / 3 = 97; (90 + 89 + 82) / 3 = 87; all 92
    assert_eq!(row_of(&raters, "赵经理")[1..], ["3", "97", "88", "103", "15", "5"]);
    assert_eq!(row_of(&raters, "钱经理")[1..], ["3", "87", "82", "90", "8", "-5"]);
}

#[test]
fn points_are_summed_by_month_and_who_reaches_thirty_is_told_alone() {
    let company = Company::new();
    let out = company.run("2026-10");
    let file = out.join("扣分月汇总与半年累计.xlsx");
    let table = rows(&file, "月汇总与累计");
    assert_eq!(row_of(&table, "丙三")[2..8], ["0", "10", "10", "10", "30", ""]);
    assert_eq!(row_of(&table, "丁四")[2..7], ["10", "0", "0", "10", "20"]);
    assert_eq!(row_of(&table, "A6")[2..8], ["0", "0", "0", "0", "0", "1"]);
    let listed = rows(&file, "到线与预警名单");
    let of = |name: &str| row_of(&listed, name)[5].clone();
    assert!(of("丙三").contains("到线：不再留任") && of("丁四").contains("预警（20 分）") && of("A6").contains("分不能定"));
    assert!(listed.iter().flatten().all(|cell| cell != "甲一"));
    let teams = rows(&file, "各部门扣分");
    assert_eq!((row_of(&teams, "厨电组")[1].as_str(), row_of(&teams, "安装组")[1].as_str()), ("11", "10"));
    let mut notice = open_workbook_auto(out.join("人事公布单.xlsx")).unwrap();
    let words: String = notice
        .sheet_names()
        .iter()
        .flat_map(|name| notice.worksheet_range(name).unwrap().used_cells().map(|c| c.2.to_string()).collect::<Vec<_>>())
        .collect();
    assert!(words.contains("丙三") && words.contains("2026-10-20 满 30 分：不再留任"), "{words}");
    assert!(PEOPLE.iter().filter(|who| who.0 != "丙三").all(|who| !words.contains(who.0)), "{words}");
}

#[test]
fn the_bonus_table_weighs_sixty_thirty_ten() {
    let company = Company::new();
    let out = company.run("2026-10");
    let table = rows(&out.join("奖金评分表.xlsx"), "评分表");
    // 100 × 60% + 103 × 30% + 100 × 10%; 88.89 × 60% + 88 × 30% + 80 × 10%
    assert_eq!(row_of(&table, "甲一")[3..9], ["100", "103", "100", "", "100.9", "本月基本奖金"]);
    assert_eq!(row_of(&table, "丙三")[3..8], ["88.89", "88", "80", "", "87.73"]);
    let open = row_of(&table, "丁四");
    assert_eq!((open[7].as_str(), open[9].as_str()), ("", "C分 为空"));
}

#[test]
fn a_departments_copy_holds_only_its_own_people() {
    let company = Company::new();
    let out = company.run("2026-12");
    for (unit, others) in [("厨电组", "安装组"), ("安装组", "厨电组")] {
        let folder = out.join("分送").join(unit);
        let files = names(&folder);
        assert!(files.contains("年度统计表") && files.contains("员工月绩效考核记录表"), "{files:?}");
        for name in &files {
            let mut book = open_workbook_auto(folder.join(format!("{name}.xlsx"))).unwrap();
            for sheet in book.sheet_names() {
                let range = book.worksheet_range(&sheet).unwrap();
                let words: Vec<String> = range.used_cells().map(|cell| cell.2.to_string()).collect();
                let strangers = PEOPLE.iter().filter(|who| who.1 == others);
                for stranger in strangers.map(|who| who.0).chain([others]) {
                    assert!(
                        !sheet.contains(stranger) && !words.iter().any(|word| word.contains(stranger)),
                        "{stranger} in {unit}/{name}/{sheet}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_form_is_made_for_each_person() {
    let company = Company::new();
    let out = company.run("2026-10");
    let mut book = open_workbook_auto(out.join("员工月绩效考核记录表.xlsx")).unwrap();
    let sheets = book.sheet_names();
    assert!(PEOPLE.iter().all(|who| sheets.contains(&who.0.to_owned())), "{sheets:?}");
    let form = rows(&out.join("员工月绩效考核记录表.xlsx"), "甲一");
    assert_eq!(row_of(&form, "嘉奖加分")[3], "3");
    assert_eq!(row_of(&form, "总分")[3], "103");
    assert!(book.worksheet_range("甲一").unwrap().used_cells().all(|cell| !cell.2.to_string().contains("乙二")));
}
