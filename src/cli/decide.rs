//! `kesu approve`, `kesu appeal` and `kesu execute`.

use std::path::PathBuf;

use clap::Args;

use crate::calendar::Period;
use crate::diag::{self, Diags};
use crate::run::Settings;
use crate::run::decide::{self, Sort};

use super::{ExitStatus, tell};

#[derive(Debug, Args)]
pub struct DecideArgs {
    /// 填好的 奖罚汇总表.xlsx
    #[arg(value_name = "工作簿")]
    workbook: PathBuf,
    /// 只收这个月的表；不写则照表里的单号
    #[arg(long, value_name = "期间")]
    period: Option<Period>,
    #[command(flatten)]
    ledger: LedgerArgs,
}

/// Options of every command that works on the ledger alone.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// 账本；不写则为输出文件夹里的 ledger.sqlite
    #[arg(long, value_name = "文件")]
    ledger: Option<PathBuf>,
    /// 输出文件夹
    #[arg(long, value_name = "文件夹")]
    out: Option<PathBuf>,
}

impl LedgerArgs {
    /// The settings with the output folder that was named, and the ledger.
    pub fn settings(self) -> Result<(Settings, PathBuf), Diags> {
        let mut settings = Settings::read(std::path::Path::new(".")).map_err(Diags::from_iter)?;
        if let Some(out) = self.out {
            settings.out = out;
        }
        let ledger = self.ledger.unwrap_or_else(|| settings.ledger());
        Ok((settings, ledger))
    }
}

pub fn run(args: DecideArgs, sort: Sort) -> Result<ExitStatus, Diags> {
    let (_, ledger) = args.ledger.settings()?;
    let decided = decide::decide(&ledger, &args.workbook, sort, args.period)?;
    for problem in decided.problems.iter() {
        eprintln!("{}", diag::render(problem));
    }
    let entered: Vec<String> = decided.entered.iter().map(|(state, count)| format!("{} {count} 张", state.title())).collect();
    let entered = if entered.is_empty() { "没有新的决定".to_owned() } else { format!("入账：{}", entered.join("、")) };
    tell(format!(
        "{} {entered}；已在账上 {} 行，未填 {} 行，有误未入账的问题 {} 处\n",
        decided.period,
        decided.known,
        decided.blank,
        decided.problems.iter().count()
    ));
    Ok(if decided.problems.is_empty() { ExitStatus::Complete } else { ExitStatus::SetAside })
}
