//! Marks to scores, scores to a year's total, and what is missing on the way.

use kesu::ledger::Finding;
use kesu::ledger::Outcome::{self, Breached, Indeterminate, Met};
use kesu::rules::{lint, sentence};

use super::world::{Row, World, refusals};

const MARKS: &str = include_str!("../../../rules/datasets/考核评分.toml");
const SELF: &str = include_str!("../../../rules/datasets/自测答卷.toml");
const BONUS: &str = include_str!("../../../rules/datasets/奖金评分.toml");

const CARD: &str = r#"
[[scorecard]]
id = "k"
title = "员工绩效考核"
dataset = "考核评分"
period = "期间"
type = "考核类型"
person = "员工"
unit = "部门"
rater = "考核人"
KEYS
[[scorecard.version]]
from = 2020-01-01
cite = "s 4.5"
bonus = "[1..10]"
parts = [
  { name = "德", full = "20", field = "德", items = ["思想道德", "服务态度", "纪律作风", "人际关系"] },
  { name = "勤", full = "20", field = "勤", items = ["工作出勤", "参与性", "主动性", "协调性"] },
  { name = "能", full = "30", field = "能", items = ["业务能力", "组织能力", "管理能力", "创新能力"] },
  { name = "绩", full = "30", field = "绩", items = ["工作效率", "培训效果", "工作效果", "其它成绩"] },
]
COMBINE
"#;

const KEYS: &str = "bonus = \"加分\"\nother = \"其它扣分\"\nvoid = \"触犯栏目\"\ntotal = \"总分\"\ntotal_alone = true";

const YEAR: &str = r#"combine = [
  { name = "周检月检", weight = "20%", of = [{ type = "周检" }, { type = ["月检", "抽检"], each = "quarter" }] },
  { name = "月考核", weight = "30%", of = [{ type = "月考核", each = "month" }] },
  { name = "年终考评", weight = "50%", of = [{ type = "年终考评", each = "year" }] },
]
awards = [{ of = "year", score = "> 100", title = "优秀员工" }]"#;

fn card(keys: &str, combine: &str) -> String {
    CARD.replace("KEYS", keys).replace("COMBINE", combine)
}

fn marks(keys: &str, cells: Row) -> Finding {
    let head = [("员工", "张三"), ("部门", "一组"), ("期间", "2026年10月"), ("考核类型", "月考核")];
    let row: Vec<(&str, &str)> = head.iter().chain(cells).copied().collect();
    World::new(&[MARKS], &card(keys, "")).rows("考核评分", &[&row]).only("k", "2026-10", "2026-10-31")
}

fn points(finding: &Finding) -> String {
    finding.points.map_or("-".to_owned(), |points| points.normalize().to_string())
}

fn told(finding: &Finding) -> (Outcome, String, String) {
    (finding.outcome, points(finding), finding.message.clone())
}

const FOUR: Row = &[("德", "18"), ("勤", "19"), ("能", "27.5"), ("绩", "28")];

fn with<'a>(base: Row<'a>, more: Row<'a>) -> Vec<(&'a str, &'a str)> {
    base.iter().filter(|(field, _)| !more.iter().any(|(other, _)| other == field)).chain(more).copied().collect()
}

#[test]
fn four_parts_add_up_and_a_missing_one_is_not_a_zero() {
    assert_eq!(told(&marks(KEYS, FOUR)), (Met, "92.5".to_owned(), "得分 92.5".to_owned()));
    let short = marks(KEYS, &with(FOUR, &[("绩", "")]));
    assert_eq!(told(&short), (Indeterminate, "-".to_owned(), "无法判定：绩 为空".to_owned()));
}

#[test]
fn a_part_takes_its_full_mark_and_no_more() {
    let judged = |mark: &str| told(&marks(KEYS, &with(FOUR, &[("德", mark)])));
    assert_eq!(judged("20").0, Met);
    assert_eq!(judged("0").0, Met);
    assert_eq!(judged("20.01"), (Breached, "-".to_owned(), "德 分项越界，没有得分".to_owned()));
    assert_eq!(judged("-1").0, Breached);
}

#[test]
fn items_make_the_part_and_all_of_them_must_be_there() {
    let items: Row = &[("思想道德", "5"), ("服务态度", "4.5"), ("纪律作风", "5"), ("人际关系", "3.5")];
    let three = with(FOUR, items);
    assert_eq!(points(&marks(KEYS, &with(&three, &[("德", "")]))), "92.5");
    assert_eq!(points(&marks(KEYS, &three)), "92.5");
    let differs = marks(KEYS, &with(&three, &[("德", "17")]));
    assert_eq!((differs.outcome, differs.fault.as_str()), (Breached, "德 合计不符"));
    let lacking = marks(KEYS, &with(&three, &[("德", ""), ("人际关系", "")]));
    assert_eq!(lacking.message, "无法判定：人际关系 为空");
}

#[test]
fn a_commendation_is_added_to_the_total_within_its_range() {
    let judged = |bonus: &str| told(&marks(KEYS, &with(FOUR, &[("加分", bonus)])));
    assert_eq!(judged("1").1, "93.5");
    assert_eq!(judged("10").1, "102.5");
    assert_eq!(judged(""), (Met, "92.5".to_owned(), "得分 92.5".to_owned()));
    assert_eq!((judged("11").0, judged("0.5").0), (Breached, Breached));
    assert_eq!(marks(KEYS, &with(FOUR, &[("其它扣分", "2")])).points.map(|p| p.normalize().to_string()), Some("90.5".to_owned()));
}

#[test]
fn what_is_lost_altogether_counts_as_zero_by_part_or_by_item() {
    let by_part = marks(KEYS, &with(FOUR, &[("触犯栏目", "德、勤")]));
    assert_eq!(points(&by_part), "55.5");
    let items: Row = &[("德", ""), ("思想道德", "5"), ("服务态度", "4"), ("纪律作风", "5"), ("人际关系", "4"), ("触犯栏目", "服务态度")];
    assert_eq!(points(&marks(KEYS, &with(FOUR, items))), "88.5");
    let unknown = marks(KEYS, &with(FOUR, &[("触犯栏目", "品德")]));
    assert_eq!(unknown.message, "无法判定：触犯栏目 写的不是面也不是小项");
    let no_items = marks(KEYS, &with(FOUR, &[("触犯栏目", "服务态度")]));
    assert_eq!(no_items.message, "无法判定：扣完的是小项「服务态度」，而这一面只填了面分");
}

#[test]
fn a_total_on_the_form_must_agree_and_stands_alone_only_where_nothing_else_is_filled_in() {
    assert_eq!(marks(KEYS, &with(FOUR, &[("总分", "92.5")])).outcome, Met);
    let differs = marks(KEYS, &with(FOUR, &[("总分", "92")]));
    assert_eq!((differs.outcome, differs.fault.as_str(), points(&differs).as_str()), (Breached, "总分 合计不符", "-"));
    assert_eq!(points(&marks(KEYS, &[("总分", "88")])), "88");
    assert_eq!(marks(KEYS, &[("总分", "100.5")]).outcome, Breached);
    assert_eq!(marks(&KEYS.replace("total_alone = true", ""), &[("总分", "88")]).outcome, Indeterminate);
}

#[test]
fn deductions_are_taken_off_the_full_mark_down_to_nothing() {
    let keys = "entry = \"deductions\"";
    let taken: Row = &[("德", "2"), ("勤", "1"), ("能", "2.5"), ("绩", "2")];
    assert_eq!(points(&marks(keys, taken)), "92.5");
    let items: Row = &[("德", ""), ("思想道德", "9"), ("服务态度", "8"), ("纪律作风", "7"), ("人际关系", "0")];
    assert_eq!(points(&marks(keys, &with(taken, items))), "74.5", "24 of 20 marks leave none");
    let blank: Row = &[("德", "2"), ("勤", ""), ("能", "2.5"), ("绩", "2")];
    assert_eq!(marks(keys, blank).message, "无法判定：勤 为空");
    assert_eq!(points(&marks(&format!("{keys}\nblank = \"none\""), blank)), "93.5");
}

#[test]
fn the_self_test_has_a_total_only_with_all_ten_answers() {
    const RULE: &str = r#"
[[scorecard]]
id = "z"
title = "自测"
dataset = "自测答卷"
at = "测试日期"
person = "员工"
[[scorecard.version]]
from = 2020-01-01
cite = "s 自检"
parts = [{ name = "自测", items = ["第1题", "第2题", "第3题", "第4题", "第5题", "第6题", "第7题", "第8题", "第9题", "第10题"], item = "[1..10]", step = "1" }]
grades = [{ score = ">= 80", grade = "优秀" }, { score = "[50..80)", grade = "进修" }, { score = "< 50", grade = "不适合" }]
"#;
    let judged = |answers: [&'static str; 10]| {
        const NAMES: [&str; 10] = ["第1题", "第2题", "第3题", "第4题", "第5题", "第6题", "第7题", "第8题", "第9题", "第10题"];
        let head = [("员工", "张三"), ("测试日期", "2026-10-08")];
        let row: Vec<(&str, &str)> = head.into_iter().chain(NAMES.into_iter().zip(answers)).collect();
        World::new(&[SELF], RULE).rows("自测答卷", &[&row]).only("z", "2026-10", "2026-10-31")
    };
    let of = |finding: Finding| (points(&finding), finding.fault);
    let (good, learn, not) = ("优秀".to_owned(), "进修".to_owned(), "不适合".to_owned());
    assert_eq!(of(judged(["8"; 10])), ("80".to_owned(), good.clone()));
    assert_eq!(of(judged(["10"; 10])), ("100".to_owned(), good));
    assert_eq!(of(judged(["7", "8", "8", "8", "8", "8", "8", "8", "8", "8"])), ("79".to_owned(), learn.clone()));
    assert_eq!(of(judged(["5"; 10])), ("50".to_owned(), learn));
    assert_eq!(of(judged(["4", "5", "5", "5", "5", "5", "5", "5", "5", "5"])), ("49".to_owned(), not));
    let nine = judged(["8", "8", "8", "", "8", "8", "8", "8", "8", "8"]);
    assert_eq!(told(&nine), (Indeterminate, "-".to_owned(), "无法判定：第4题 为空".to_owned()));
    for wrong in ["0", "11", "7.5"] {
        let outside = judged(["8", "8", "8", wrong, "8", "8", "8", "8", "8", "8"]);
        assert_eq!((outside.outcome, outside.message.as_str()), (Breached, "第4题 分项越界，没有得分"));
    }
    let literal = RULE.replace("[50..80)", "[50..80]").replace("\"< 50\"", "\"<= 50\"");
    let world = World::new(&[SELF], &literal);
    let said: Vec<String> = lint::lint(&world.rules).iter().map(|diag| diag.message.clone()).collect();
    assert!(said.iter().any(|message| message.contains("例如 80 分同时属于优秀与进修")), "{said:?}");
    assert!(said.iter().any(|message| message.contains("例如 50 分同时属于进修与不适合")), "{said:?}");
}

#[test]
fn the_bonus_score_is_sixty_thirty_ten_and_takes_the_months_score_where_told() {
    const RULE: &str = r#"
[[scorecard]]
id = "j"
title = "奖金评分"
dataset = "奖金评分"
at = "月份"
person = "员工"
[[scorecard.version]]
from = 2020-01-01
cite = "s 绩效一"
parts = [
  { name = "A", weight = "60%", share = { of = "按时完成数", by = "应完成数" } },
  { name = "B", weight = "30%", B },
  { name = "C", weight = "10%", field = "C分" },
]
awards = [{ of = "A", score = "100", title = "本月基本奖金" }]
"#;
    let row = |due, done, b, c| [("员工", "张三"), ("月份", "2026年10月"), ("应完成数", due), ("按时完成数", done), ("B分", b), ("C分", c)];
    let by_column = RULE.replace("weight = \"30%\", B", "weight = \"30%\", field = \"B分\"");
    let judged = |cells: [(&'static str, &'static str); 6]| {
        World::new(&[BONUS], &by_column).rows("奖金评分", &[&cells]).only("j", "2026-10", "2026-10-31")
    };
    // 8 of 9 on time: 88.89; 88.89 × 0.6 + 90 × 0.3 + 80 × 0.1 = 88.334
    assert_eq!(points(&judged(row("9", "8", "90", "80"))), "88.33");
    assert_eq!(points(&judged(row("4", "4", "100", "100"))), "100");
    assert_eq!(judged(row("0", "0", "90", "80")).message, "无法判定：应完成数 不大于零");
    assert_eq!(judged(row("4", "5", "90", "80")).outcome, Breached);
    assert_eq!(judged(row("4", "", "90", "80")).message, "无法判定：按时完成数 为空");

    let by_score = RULE.replace("weight = \"30%\", B", "weight = \"30%\", score = { rule = \"k\", type = \"月考核\" }");
    let rules = format!("{}{by_score}", card(KEYS, ""));
    let appraised = |rows: &[Row]| {
        let world = World::new(&[MARKS, BONUS], &rules).rows("奖金评分", &[&row("4", "4", "", "80")]).rows("考核评分", rows);
        world.only("j", "2026-10", "2026-10-31")
    };
    let one: Vec<(&str, &str)> =
        [("员工", "张三"), ("期间", "2026-10"), ("考核类型", "月考核"), ("考核人", "甲")].iter().chain(FOUR).copied().collect();
    let check = with(&one, &[("考核类型", "月检")]);
    // 60 + 92.5 × 0.3 + 8 = 95.75
    assert_eq!(points(&appraised(&[&one, &check])), "95.75");
    assert_eq!(appraised(&[&check]).message, "无法判定：B：没有当月的月考核（规则 k）");
    let twice = with(&one, &[("考核人", "乙")]);
    assert_eq!(appraised(&[&one, &twice]).message, "无法判定：B：当月的月考核不止一次（规则 k）");
    let retired = format!("{}{by_score}", card(KEYS, "").replace("id = \"k\"", "id = \"k\"\nstatus = \"retired\""));
    let world = World::new(&[MARKS, BONUS], &retired).rows("奖金评分", &[&row("4", "4", "", "80")]).rows("考核评分", &[&one]);
    assert_eq!(world.only("j", "2026-10", "2026-10-31").message, "无法判定：B：没有当月的月考核（规则 k）");
}

/// Scores of 张三's year: all of a sort are the same.
fn year(check: &'static str, monthly: &'static str, end: &'static str, leave_out: &str) -> Finding {
    let months: Vec<String> = (1..=12).map(|month| format!("2026-{month:02}")).collect();
    let mut rows: Vec<Vec<(&str, &str)>> = Vec::new();
    let mut add = |period, class, score: &'static str| {
        if format!("{class}{period}") != leave_out {
            // more than a hundred only comes of a commendation
            let (base, bonus) = match score {
                "104" => ("100", "4"),
                "103" => ("100", "3"),
                "101" => ("100", "1"),
                _ => (score, ""),
            };
            let total = if bonus.is_empty() { base } else { score };
            rows.push(vec![("员工", "张三"), ("部门", "一组"), ("期间", period), ("考核类型", class), ("总分", total), ("加分", bonus)]);
        }
    };
    months.iter().for_each(|month| add(month, "月考核", monthly));
    ["2026-W02", "2026-W30"].iter().for_each(|week| add(week, "周检", check));
    ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"].iter().for_each(|quarter| add(quarter, "月检", check));
    add("2026", "年终考评", end);
    let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
    let all = World::new(&[MARKS], &card(KEYS, YEAR)).rows("考核评分", &rows).all("k", "2026-12", "2026-12-31");
    all.into_iter().find(|finding| finding.subject == "张三/2026").expect("a year")
}

#[test]
fn the_years_total_is_twenty_thirty_fifty() {
    let good = year("92", "88", "95", "");
    let words = "2026 年度总分 92.3 = 周检月检 92 × 20% + 月考核 88 × 30% + 年终考评 95 × 50%";
    assert_eq!(told(&good), (Met, "92.3".to_owned(), words.to_owned()));
    let best = year("104", "103", "101", "");
    assert_eq!((points(&best).as_str(), best.fault.as_str()), ("102.2", "优秀员工"));
    let just = year("100", "100", "100", "");
    assert_eq!((points(&just).as_str(), just.fault.as_str()), ("100", ""), "exactly 100 is not above 100");
}

#[test]
fn a_missing_month_is_neither_zero_nor_left_out_of_the_divisor() {
    let short = year("92", "88", "95", "月考核2026-03");
    assert_eq!(told(&short), (Indeterminate, "-".to_owned(), "无法判定：2026 年不出总分：月考核缺 2026-03".to_owned()));
    let no_end = year("92", "88", "95", "年终考评2026");
    assert_eq!(no_end.message, "无法判定：2026 年不出总分：年终考评缺 2026");
    let wrong = year("92", "101", "95", "");
    assert_eq!(wrong.outcome, Met, "101 with its commendation");
}

#[test]
fn the_years_total_is_there_in_december_and_for_the_whole_year_only() {
    let rows: Vec<(&str, &str)> = vec![("员工", "张三"), ("期间", "2026-11"), ("考核类型", "月考核"), ("总分", "90")];
    let world = World::new(&[MARKS], &card(KEYS, YEAR)).rows("考核评分", &[&rows]);
    let subjects = |period: &str, end: &str| world.outcomes("k", period, end).into_iter().map(|(subject, _)| subject).collect::<Vec<_>>();
    assert_eq!(subjects("2026-11", "2026-11-30"), ["张三/月考核/2026-11"]);
    assert_eq!(subjects("2026-12", "2026-12-31"), ["张三/2026"]);
    assert_eq!(subjects("2026", "2026-12-31"), ["张三/月考核/2026-11", "张三/2026"]);
}

#[test]
fn spot_checks_count_with_the_monthly_ones_of_their_period() {
    let quarters = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"];
    let mut rows: Vec<Vec<(&str, &str)>> = Vec::new();
    let mut add =
        |period, class, score| rows.push(vec![("员工", "张三"), ("期间", period), ("考核类型", class), ("总分", score), ("考核人", "甲")]);
    quarters.iter().for_each(|quarter| add(quarter, "月检", "90"));
    add("2026-02", "抽检", "60");
    let combine = "combine = [{ name = \"检\", weight = \"100%\", of = [{ type = [\"月检\", \"抽检\"], each = \"quarter\" }] }]";
    let total = |rows: &[Vec<(&str, &str)>]| {
        let rows: Vec<Row> = rows.iter().map(Vec::as_slice).collect();
        let all = World::new(&[MARKS], &card(KEYS, combine)).rows("考核评分", &rows).all("k", "2026-12", "2026-12-31");
        all.into_iter().find(|finding| finding.subject == "张三/2026").map(|finding| (points(&finding), finding.message)).expect("a year")
    };
    // (75 + 90 + 90 + 90) / 4
    assert_eq!(total(&rows).0, "86.25");
    rows.remove(0);
    assert!(total(&rows).1.contains("月检、抽检缺 2026-Q1"), "a spot check does not stand for the monthly one");
}

#[test]
fn an_unknown_sort_of_score_is_told() {
    let row: Row = &[("员工", "张三"), ("期间", "2026-10"), ("考核类型", "月检"), ("总分", "90")];
    let combine = "combine = [{ name = \"月考核\", weight = \"100%\", of = [{ type = \"月考核\", each = \"month\" }] }]";
    let finding = World::new(&[MARKS], &card(KEYS, combine)).rows("考核评分", &[row]).only("k", "2026-10", "2026-10-31");
    assert_eq!((finding.outcome, finding.fault.as_str()), (Breached, "考核类型 类型不明"));
}

#[test]
fn weights_that_do_not_make_a_whole_are_refused() {
    let refused = |from: &str, to: &str| refusals(&[MARKS], &card(KEYS, YEAR).replacen(from, to, 1));
    assert_eq!(refused("", ""), "");
    assert!(refused("full = \"20\"", "full = \"25\"").contains("各面的满分加起来是 105，不是 100"));
    assert!(refused("weight = \"30%\"", "weight = \"40%\"").contains("各块的权重加起来是 110%，不是 100%"));
    assert!(
        refused("items = [\"思想", "marks = [\"5\", \"5\", \"5\", \"6\"], items = [\"思想")
            .contains("小项的满分加起来是 21，不是这一面的 20")
    );
    assert!(refused("of = \"year\"", "of = \"品\"").contains("没有这一面：「品」"));
    assert!(refused("period = \"期间\"", "").contains("没有写按什么归月"));
}

#[test]
fn the_card_reads_as_chinese() {
    let world = World::new(&[MARKS], &card(KEYS, YEAR));
    let (pack, rule) = world.rule("k");
    let said = sentence(&world.rules, pack, rule);
    assert!(said.contains("满分 100：德 20、勤 20、能 30、绩 30"), "{said}");
    assert!(said.contains("年度 = 周检月检 20%（周检至少 1 次，月检、抽检每季） + 月考核 30%（月考核每月） + 年终考评 50%"), "{said}");
    assert!(said.contains("年度总分 > 100 优秀员工"), "{said}");
}
