//! Penalties from the rules to the forms: who is sent what, what waits for the company, and what the manager is reminded of.

use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Reader, open_workbook_auto};

use crate::cli::kesu;

const MANIFEST: &str = "schema = 1\n[pack]\nid = \"ID\"\ntitle = \"TITLE\"\nversion = \"1\"\ncalendar = \"cn-public\"\n\
                        [[source]]\nid = \"s\"\ntitle = \"TITLE\"\n";

const FORMS: &str = r#"
[[notice]]
id = "fakuan"
title = "罚款通知单"
form = "罚款通知单"
prefix = "FK"
body = "拟予处罚。"
copies = [{ to = "会计", mark = "会计" }, { to = "{部门}", mark = "部门" }]
appeal = "收到后可以书面申诉。"
cite = "s 一条"
from = 2020-01-01
"#;

const FIRST: &str = r#"
[[notice]]
id = "gongbu"
title = "人事公布单"
form = "人事公布单"
prefix = "RS"
body = "下列处分拟予公布。"
copies = [{ to = "人事", mark = "公布" }]
cite = "s 一条"
from = 2020-01-01

[[penalty]]
id = "weigui"
title = "违反规定"
from_rows = { dataset = "违规记录", where = { "类别" = "规定" } }
person = "员工"
unit = "部门"
same = "条款"
wage = { dataset = "工资表", on = "员工", month = "月份", field = "月工资" }
notice = "罚款通知单"
announce = "人事公布单"
confirm = "总经理"
[[penalty.version]]
from = 2020-01-01
cite = "s 一条"
lookback = "all"
steps = [{ nth = "1", fine = "100" }, { nth = "2", fine = "200" }, { nth = ">= 3", action = "除名" }]
joint = { who = "部门主管", times = "2", reading = "A" }

[[penalty]]
id = "xiemi"
title = "泄密"
from_rows = { dataset = "违规记录", where = { "类别" = "泄密" } }
person = "员工"
unit = "部门"
wage = { dataset = "工资表", on = "员工", month = "月份", field = "月工资" }
notice = "罚款通知单"
announce = "人事公布单"
confirm = "总经理"
[[penalty.version]]
from = 2020-01-01
cite = "s 二条"
rows = [{ range = "10000..100000", given = "罚款额", action = "除名" }]

[[penalty]]
id = "chidao"
title = "迟到"
event = "迟到"
from_rows = { dataset = "违规记录", where = { "类别" = "迟到" } }
person = "员工"
unit = "部门"
notice = "罚款通知单"
[[penalty.version]]
from = 2020-01-01
cite = "s 三条"
rows = [{ fine = "30" }]
"#;

const SECOND: &str = r#"
[[penalty]]
id = "chidao"
title = "迟到另罚"
event = "迟到"
from_rows = { dataset = "违规记录", where = { "类别" = "迟到" } }
person = "员工"
unit = "部门"
notice = "罚款通知单"
[[penalty.version]]
from = 2020-01-01
cite = "s 九条"
rows = [{ fine = "50" }]
"#;

const RECORDS: &str = "记录编号,日期,员工,部门,部门主管,类别,条款,罚款额\n\
    V01,2026-03-02,张三,客服部,丁主管,规定,三1,\n\
    V02,2026-05-06,张三,客服部,丁主管,规定,三1,\n\
    V03,2026-10-08,张三,客服部,丁主管,规定,三1,\n\
    V04,2026-10-09,李四,物业部,戊主管,规定,三2,\n\
    V05,2026-10-12,王五,客服部,丁主管,泄密,,9000\n\
    V06,2026-10-13,赵六,客服部,丁主管,泄密,,20000\n\
    V07,2026-10-14,赵六,客服部,丁主管,泄密,,\n\
    V08,2026-10-15,李四,物业部,戊主管,迟到,,\n";

const WAGES: &str = "员工,部门,月份,月工资\n张三,客服部,2026-10,3000\n李四,物业部,2026-10,900\n赵六,客服部,2026-10,5000\n";

/// A project of two packs and the reminders, with these `[[charge]]` settings.
fn project(charges: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("rules");
    let put = |path: &str, text: &str| {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let settings =
        "company = \"示例公司\"\nrules = \"rules\"\ndata = \"data\"\nout = \"out\"\npacks = [\"jia\", \"yi\", \"laodong-tishi\"]\n";
    put("kesu.toml", &format!("{settings}{charges}"));
    put("rules/jia/pack.toml", &MANIFEST.replace("ID", "jia").replace("TITLE", "甲制度"));
    put("rules/jia/rules.toml", &format!("{FORMS}{FIRST}"));
    put("rules/yi/pack.toml", &MANIFEST.replace("ID", "yi").replace("TITLE", "乙制度"));
    put("rules/yi/rules.toml", &format!("{}{SECOND}", FORMS.replace("appeal = \"收到后可以书面申诉。\"\n", "")));
    for folder in ["laodong-tishi", "laodong-tishi/datasets", "calendars"] {
        for file in fs::read_dir(own.join(folder)).unwrap().flatten().filter(|file| file.path().is_file()) {
            put(&format!("rules/{folder}/{}", file.file_name().to_str().unwrap()), &fs::read_to_string(file.path()).unwrap());
        }
    }
    for dataset in ["违规记录", "工资表"] {
        put(&format!("rules/datasets/{dataset}.toml"), &fs::read_to_string(own.join(format!("datasets/{dataset}.toml"))).unwrap());
    }
    put("data/违规记录.csv", RECORDS);
    put("data/工资表.csv", WAGES);
    home
}

fn month(project: &Path) -> PathBuf {
    kesu(project, &["run", "--period", "2026-10"]).success();
    project.join("out/2026-10")
}

/// The notices of one form, of both packs.
fn notices(out: &Path, form: &str) -> String {
    let of = |pack: &str| out.join(pack).join(form);
    [of("甲制度"), of("乙制度")].iter().filter(|path| path.exists()).map(|path| book(path)).collect()
}

/// The texts of a book, a line a row, cells apart by `|`; `# name` before each sheet.
fn book(path: &Path) -> String {
    let mut book = open_workbook_auto(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    for name in book.sheet_names() {
        text.push_str(&format!("# {name}\n"));
        for row in book.worksheet_range(&name).unwrap().rows() {
            let cells: Vec<String> = row.iter().map(|cell| cell.to_string().replace('\n', " ")).collect();
            text.push_str(cells.join("|").trim_end_matches('|'));
            text.push('\n');
        }
    }
    text
}

fn sheet<'b>(book: &'b str, name: &str) -> &'b str {
    let (_, rest) = book.split_once(&format!("# {name}")).unwrap_or_else(|| panic!("no sheet {name} in\n{book}"));
    rest.split("\n# ").next().unwrap()
}

#[test]
fn a_dismissal_is_announced_and_a_supervisor_gets_a_notice_of_his_own() {
    let home = project("");
    let out = month(home.path());
    let announced = notices(&out, "人事公布单.xlsx");
    assert!(announced.contains("|张三|客服部|除名|违反规定|"), "{announced}");
    assert!(!announced.contains("V01"), "earlier times are between the company and the person: {announced}");
    assert!(announced.contains("|赵六|客服部|除名|"), "{announced}");
    assert!(!announced.contains("李四"), "a fine is not made public: {announced}");
    let fined = notices(&out, "罚款通知单.xlsx");
    let supervisor = sheet(&fined, "戊主管-");
    assert!(supervisor.contains("李四罚金的 2 倍|200"), "{supervisor}");
    for other in ["张三", "赵六", "V03", "V06"] {
        assert!(!supervisor.contains(other), "{other} is none of his business: {supervisor}");
    }
    let own = sheet(&fined, "李四-");
    assert!(own.contains("第 1 次（计次：全部数据），定额 100.00 元") && !own.contains("戊主管"), "{own}");
    // the department's folder holds its own people
    let sent = book(&out.join("分送/物业部/甲制度/罚款通知单.xlsx"));
    assert!(sent.contains("李四") && sent.contains("戊主管") && !sent.contains("赵六"), "{sent}");
}

#[test]
fn what_is_still_to_be_decided_stands_on_the_notice_without_an_amount() {
    let home = project("");
    let fined = notices(&month(home.path()), "罚款通知单.xlsx");
    let own = sheet(&fined, "赵六-");
    assert!(own.contains("罚款额 20,000.00 元（限额 10,000.00–100,000.00 元）"), "{own}");
    assert!(own.contains("待定：限额 10,000.00–100,000.00 元，由总经理定"), "{own}");
    assert!(own.contains("另有 1 件金额待定"), "{own}");
    assert!(!own.contains("另有 2 件"), "{own}");
    assert!(!fined.contains("王五"), "9000 is below what the clause allows: {fined}");
}

#[test]
fn nobody_is_charged_twice_for_one_thing_by_accident() {
    let home = project("");
    let out = month(home.path());
    let fined = notices(&out, "罚款通知单.xlsx");
    assert!(!fined.contains("迟到"), "{fined}");
    let audit = book(&out.join("总经理室汇总.xlsx"));
    let compared = sheet(&audit, "同一事件跨包处罚对照");
    let lines: Vec<&str> = compared.lines().filter(|line| line.starts_with("迟到|")).collect();
    assert_eq!(lines.len(), 2, "{compared}");
    for (line, (pack, amount)) in lines.iter().zip([("甲制度", "30"), ("乙制度", "50")]) {
        assert!(line.contains("|李四|物业部|") && line.contains(pack) && line.contains(&format!("|{amount}|")), "{line}");
        assert!(line.ends_with("待公司定由哪个制度罚，先不开单"), "{line}");
    }
}

#[test]
fn the_company_says_which_pack_charges() {
    let charge = |packs: &str| format!("[[charge]]\nevent = \"迟到\"\npack = {packs}\ncite = \"经营会议\"\n");
    let home = project(&charge("\"yi\""));
    let out = month(home.path());
    let fined = notices(&out, "罚款通知单.xlsx");
    assert!(fined.contains("迟到另罚") && !fined.contains("s 三条") && !fined.contains("甲制度 三条"), "{fined}");
    let audit = book(&out.join("总经理室汇总.xlsx"));
    let compared = sheet(&audit, "同一事件跨包处罚对照");
    assert!(compared.contains("同一事件由 yi 罚，本件不另罚；依据：经营会议"), "{compared}");
    assert!(compared.contains("照罚；依据：经营会议"), "{compared}");
    let both = project(&charge("[\"jia\", \"yi\"]"));
    let fined = notices(&month(both.path()), "罚款通知单.xlsx");
    assert!(fined.contains("乙制度 九条") && fined.contains("甲制度 三条"), "{fined}");
    let wrong = project(&charge("\"yi\"").replace("迟到", "早退"));
    let refused = kesu(wrong.path(), &["run", "--period", "2026-10"]).failure();
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("规则包「yi」没有事件「早退」"), "{said}");
}

#[test]
fn the_manager_is_reminded_and_no_amount_changes() {
    let home = project("[[charge]]\nevent = \"迟到\"\npack = \"yi\"\ncite = \"经营会议\"\n");
    let out = month(home.path());
    let audit = book(&out.join("总经理室汇总.xlsx"));
    let told = sheet(&audit, "用工提示");
    assert!(told.contains("不是法律意见"), "{told}");
    // 赵六 is to bear 20000 of a wage of 5000, 李四 150 of 900
    assert!(told.contains("提示：赵六本月拟扣 20,000.00 元，月工资 5,000.00 元，另有 1 件金额待定"), "{told}");
    assert!(!told.contains("李四本月拟扣"), "150 is less than a fifth of 900: {told}");
    assert!(told.contains("提示：赵六拟除名（泄密），数据里没有查到同一种的前次处罚"), "{told}");
    assert!(!told.contains("张三拟除名"), "张三 was punished before: {told}");
    assert!(!told.contains("王五拟除名"), "nothing is proposed for 王五：{told}");
    assert!(!told.contains("处分 为空"), "a fine is no dismissal: {told}");
    assert!(told.contains("提示：王五 V05：泄密：记录金额少于限额下限"), "{told}");
    assert!(told.contains("提示：李四 V08：罚款通知单上没有写明怎样提出异议"), "{told}");
    assert!(told.contains("工资支付暂行规定（劳部发〔1994〕489号） 第十六条"), "{told}");
    let fined = notices(&out, "罚款通知单.xlsx");
    assert!(sheet(&fined, "赵六-").contains("合计|||||"), "{fined}");
    assert!(sheet(&fined, "赵六-").contains("|20000"), "{fined}");
    // what is only a reminder is sent to no department
    let department = book(&out.join("分送/客服部/甲制度/问题清单.xlsx"));
    assert!(!department.contains("提示："), "{department}");
    assert!(!out.join("分送/客服部/用工提示").exists());
}
