//! `kesu rules diff OLD NEW --over 2025-11..2026-10`.

use std::path::PathBuf;

use clap::Args;
use rust_decimal::Decimal;

use crate::calendar::Period;
use crate::diag::Diags;
use crate::run::Settings;
use crate::run::replay::{self, Replay};

use super::progress::Shown;
use super::{ExitStatus, tell};

/// Cases told one by one; all of them are in the sums.
const TOLD: usize = 200;

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// 旧的规则包，或装着规则包的文件夹
    #[arg(value_name = "旧")]
    old: PathBuf,
    /// 新的
    #[arg(value_name = "新")]
    new: PathBuf,
    /// 用哪些月份重算：2025-11..2026-10
    #[arg(long, value_name = "期间")]
    over: Period,
    /// 数据文件夹
    #[arg(long, value_name = "文件夹")]
    data: Option<PathBuf>,
}

pub fn run(args: DiffArgs) -> Result<ExitStatus, Diags> {
    let mut settings = Settings::read(std::path::Path::new(".")).map_err(Diags::from_iter)?;
    if let Some(data) = args.data {
        settings.data = data;
    }
    let shown = Shown::new();
    let replay = replay::replay(&settings, args.old, args.new, args.over, &shown);
    shown.finish();
    tell(told(&replay?, args.over));
    Ok(ExitStatus::Complete)
}

fn told(replay: &Replay, over: Period) -> String {
    let mut lines = vec![String::new(), format!("{} 按两套规则各重算一遍", over.chinese())];
    let changed = replay.rules.iter().filter(|(_, (before, after))| before != after);
    let changed: Vec<String> =
        changed.map(|(rule, (before, after))| format!("  {}：违规 {before} → {after}", replay.title(rule))).collect();
    lines.push(if changed.is_empty() {
        "各规则的违规件数没有变化。".to_owned()
    } else {
        "违规件数有变的规则：".to_owned()
    });
    lines.extend(changed);
    let moved = replay.people.iter().filter(|(_, (before, after))| before != after);
    let moved: Vec<String> =
        moved.map(|((unit, person), (before, after))| format!("  {}：{}", who(unit, person), yuan(*before, *after))).collect();
    if !moved.is_empty() {
        lines.push("谁多谁少：".to_owned());
        lines.extend(moved);
        lines.push("各部门：".to_owned());
        let units = replay.units();
        let moved = units.iter().filter(|(_, (before, after))| before != after);
        lines.extend(moved.map(|(unit, (before, after))| format!("  {}：{}", who(unit, ""), yuan(*before, *after))));
    }
    if !replay.lines.is_empty() {
        lines.push(format!("逐件（{} 件不同）：", replay.lines.len()));
        let amount = |amount: Option<Decimal>| amount.map_or("无".to_owned(), |amount| format!("{amount:.2}"));
        lines.extend(replay.lines.iter().take(TOLD).map(|line| {
            let (before, after) = (amount(line.before), amount(line.after));
            format!("  {} {} {} {}：{before} → {after}", line.month, replay.title(&line.rule), line.subject, who(&line.unit, &line.person))
        }));
        let more = replay.lines.len().saturating_sub(TOLD);
        lines.extend((more > 0).then(|| format!("  另有 {more} 件")));
    }
    if !replay.probes.is_empty() {
        lines.push("改动的限额，在它以下、恰好、以上各试一件：".to_owned());
        lines.extend(replay.probes.iter().map(|probe| {
            let differs = if probe.differs() { "  ← 不同" } else { "" };
            format!("  {} {}：{} → {}{differs}", replay.title(&probe.rule), probe.at, probe.before, probe.after)
        }));
    }
    lines.push(format!("合计 {}；逐件差额之和 {:.2} 元，与合计之差相符", yuan(replay.before, replay.after), replay.explained()));
    lines.push(String::new());
    lines.join("\n")
}

fn who(unit: &str, person: &str) -> String {
    match (unit, person) {
        ("", "") => "（未注明）".to_owned(),
        ("", name) | (name, "") => name.to_owned(),
        (unit, person) => format!("{unit} {person}"),
    }
}

fn yuan(before: Decimal, after: Decimal) -> String {
    format!("{before:.2} → {after:.2} 元（{:+.2}）", after - before)
}
