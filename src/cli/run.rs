//! `kesu run` and `kesu check`.

use std::path::PathBuf;

use clap::Args;
use rust_decimal::Decimal;

use crate::diag::{self, Diags, Severity};
use crate::ledger::Outcome;
use crate::reports::{self, rulings};
use crate::run::{self, Job, PackSummary, Restated, RuleSummary, Summary};

use super::progress::Shown;
use super::{ExitStatus, MonthArgs, tell};

/// Warnings shown in full; the rest is counted and stands in the audit workbook.
const WARNINGS_SHOWN: usize = 20;
/// Rules that said nothing this month, by name.
const RESTING_SHOWN: usize = 4;

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    month: MonthArgs,
    /// 输出文件夹，其下按期间分
    #[arg(long, value_name = "文件夹")]
    out: Option<PathBuf>,
    /// 账本；不写则为输出文件夹里的 ledger.sqlite
    #[arg(long, value_name = "文件")]
    ledger: Option<PathBuf>,
    /// 不用账本：不知道以前各月，单号不入账，不可外发
    #[arg(long, conflicts_with = "ledger")]
    no_ledger: bool,
    /// 另写 verdicts.csv：每条规则对每个对象的判定
    #[arg(long)]
    verdicts: bool,
    /// 有违规时以状态 1 结束
    #[arg(long)]
    fail_on_findings: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    month: MonthArgs,
    /// 有违规时以状态 1 结束
    #[arg(long)]
    fail_on_findings: bool,
}

pub fn run(args: RunArgs) -> Result<ExitStatus, Diags> {
    let mut job = args.month.job()?;
    if let Some(out) = args.out {
        job.settings.out = out;
    }
    job.verdicts = args.verdicts;
    job.ledger = (!args.no_ledger).then(|| args.ledger.unwrap_or_else(|| job.settings.ledger()));
    let shown = Shown::new();
    let outcome = run::run(&job, &shown);
    shown.finish();
    Ok(conclude(&job, &outcome?, args.fail_on_findings))
}

pub fn check(args: CheckArgs) -> Result<ExitStatus, Diags> {
    let job = args.month.job()?;
    let shown = Shown::new();
    let outcome = run::check(&job, &shown);
    shown.finish();
    Ok(conclude(&job, &outcome?, args.fail_on_findings))
}

fn conclude(job: &Job, summary: &Summary, fail_on_findings: bool) -> ExitStatus {
    warnings(summary);
    tell(told(job, summary));
    if summary.set_aside() > 0 {
        ExitStatus::SetAside
    } else if fail_on_findings && summary.findings() > 0 {
        ExitStatus::Findings
    } else {
        ExitStatus::Complete
    }
}

fn warnings(summary: &Summary) {
    let grave = || summary.diags.iter().filter(|d| d.severity >= Severity::Warning);
    for diag in grave().take(WARNINGS_SHOWN) {
        eprintln!("{}", diag::render(diag));
    }
    let more = grave().count().saturating_sub(WARNINGS_SHOWN);
    if more > 0 {
        eprintln!("另有 {more} 条警告，见 稽核底稿.xlsx。");
    }
}

/// What a clerk reads at the end.
fn told(job: &Job, summary: &Summary) -> String {
    let mut lines = vec![
        String::new(),
        format!("期间 {}（截止 {}）  {}", job.period.chinese(), job.as_of.date(), job.settings.company),
        format!(
            "读入 {} 行：采用 {}，搁置 {}，重复 {}，标题合计签名等 {}，未采用的表 {}；修复 {} 处",
            summary.read, summary.used, summary.rejected, summary.duplicate, summary.furniture, summary.unrecognised, summary.repairs
        ),
    ];
    if summary.set_aside() > 0 {
        lines.push(format!("  有 {} 行读不懂，已放进 待修正.xlsx；改好后放回数据文件夹再运行一次", summary.set_aside()));
    }
    match summary.packs.as_slice() {
        [pack] => lines.extend(rule_lines(pack)),
        packs => {
            lines.push("各制度包：".to_owned());
            lines.extend(packs.iter().filter(|pack| pack.lacking.is_empty()).map(pack_line));
            let asleep = packs.iter().filter(|pack| !pack.lacking.is_empty());
            let asleep: Vec<String> = asleep.map(|pack| format!("{}（「{}」）", pack.title, pack.lacking.join("」「"))).collect();
            lines.extend((!asleep.is_empty()).then(|| format!("  没有数据：{}", asleep.join("、"))));
        }
    }
    if let Some(restated) = &summary.restated {
        lines.extend(restated_lines(restated));
        lines.push(String::new());
        return lines.join("\n");
    }
    lines.extend(ledger_lines(job, summary));
    if summary.written.is_empty() {
        lines.push("只检查，没有写文件。".to_owned());
    } else {
        lines.push(format!("写出 {} 个文件：", summary.written.len()));
        let folder = job.settings.out.join(job.period.to_string()).join(reports::SENT);
        let (sent, own): (Vec<_>, Vec<_>) = summary.written.iter().partition(|path| path.starts_with(&folder));
        lines.extend(own.iter().map(|path| format!("  {}", path.display())));
        if !sent.is_empty() {
            lines.push(format!("  {}：按部门分送，{} 个文件", folder.display(), sent.len()));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What a closed month should have been.
fn restated_lines(restated: &Restated) -> Vec<String> {
    if restated.written.is_empty() {
        return vec!["这个月已月结；重算的结果与月结时相同，没有写文件。".to_owned()];
    }
    let sum: Decimal = restated.corrections.iter().map(|one| one.difference()).sum();
    let mut lines = vec![format!(
        "这个月已月结，不再改。与月结时相比：问题变了 {} 条，要更正的单据 {} 张，差额合计 {sum:.2} 元；批准后记入下一个未月结的月份。",
        restated.changes,
        restated.corrections.len()
    )];
    lines.extend(restated.written.iter().map(|path| format!("  {}", path.display())));
    lines
}

/// What the ledger knew, and what changed against the run before.
fn ledger_lines(job: &Job, summary: &Summary) -> Vec<String> {
    let Some(account) = &summary.account else {
        let why = match (&job.ledger, summary.written.is_empty()) {
            (_, true) => return Vec::new(),
            (Some(_), false) => "期间不是一个自然月，不记入账本；单据只供查看，不可外发",
            (None, false) => "没有用账本：不知道以前各月的处罚、扣分、评分、统计、批准和编号；单号未入账，不可外发",
        };
        return vec![why.to_owned()];
    };
    let waiting = account.notices.iter().filter(|notice| notice.asks && !notice.is_void && notice.holding().is_none()).count();
    let void = account.notices.iter().filter(|notice| notice.is_void).count();
    let mut words = vec![format!("账本：单据 {} 张", account.notices.len() - void)];
    words.extend((waiting > 0).then(|| format!("待批 {waiting} 张，见 奖罚汇总表.xlsx")));
    let due = account.notices.iter().filter(|notice| rulings::is_due(notice)).count();
    words.extend((due > 0).then(|| format!("批准未执行 {due} 张")));
    words.extend((void > 0).then(|| format!("作废 {void} 张")));
    let mut lines = vec![words.join("，")];
    match &account.changes {
        None => {}
        Some(changes) if changes.is_empty() => lines.push("  与上次运行相比：问题没有变化".to_owned()),
        Some(changes) => {
            let of = |state: &str| changes.iter().filter(|change| change.state == state).count();
            let counts = [("新增", of("new")), ("有变", of("changed")), ("消失", of("gone"))];
            let counts: Vec<String> =
                counts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word} {count}")).collect();
            lines.push(format!("  与上次运行相比：问题{}，逐条见 稽核底稿.xlsx", counts.join("，")));
        }
    }
    lines
}

/// What a pack's rules said, rule by rule.
fn rule_lines(pack: &PackSummary) -> Vec<String> {
    let waiting = pack.waiting.iter().map(|(title, lacking)| format!("{title}（{}）", lacking.join("、")));
    let asleep = pack.asleep.iter().map(|(title, absent)| format!("{title}（「{}」）", absent.join("」「")));
    let mut lines = vec!["各规则：".to_owned()];
    lines.extend(pack.rules.iter().map(rule_line));
    lines.extend(gathered("本期没有对象", pack.idle.iter().cloned()));
    lines.extend(gathered("待补参数", waiting));
    lines.extend(gathered("未启用，数据没有所需的列", asleep));
    lines
}

/// The same in one line, where there are several packs.
fn pack_line(pack: &PackSummary) -> String {
    let mut parts = vec![format!("{} 条规则判了对象", pack.rules.len())];
    for outcome in [Outcome::Breached, Outcome::Met, Outcome::Pending, Outcome::Indeterminate] {
        if pack.of(outcome) > 0 {
            parts.push(format!("{} {}", outcome.title(), pack.of(outcome)));
        }
    }
    for (what, count) in [("没有对象", pack.idle.len()), ("待补参数", pack.waiting.len()), ("未启用", pack.asleep.len())] {
        if count > 0 {
            parts.push(format!("{what} {count} 条"));
        }
    }
    format!("  {}：{}", pack.title, parts.join("，"))
}

/// Rules that said nothing, in one line: the first few by name, all of them in 稽核底稿.
fn gathered(why: &str, rules: impl ExactSizeIterator<Item = String>) -> Option<String> {
    let count = rules.len();
    let named: Vec<String> = rules.take(RESTING_SHOWN).collect();
    let more = if count > named.len() { format!(" 等 {count} 条，见 稽核底稿.xlsx 的规则一览") } else { String::new() };
    (count > 0).then(|| format!("  {why}：{}{more}", named.join("、")))
}

fn rule_line(rule: &RuleSummary) -> String {
    let of = |outcome| rule.counts.of(outcome);
    let first = if rule.is_penalty {
        format!("拟罚 {}", of(Outcome::Breached))
    } else {
        format!("违规 {}，合规 {}", of(Outcome::Breached), of(Outcome::Met))
    };
    let mut parts = vec![first];
    if rule.suspected > 0 {
        parts.push(format!("疑似 {}", rule.suspected));
    }
    for outcome in [Outcome::Pending, Outcome::Indeterminate] {
        if of(outcome) > 0 {
            parts.push(format!("{} {}", outcome.title(), of(outcome)));
        }
    }
    format!("  {}：{}", rule.title, parts.join("，"))
}
