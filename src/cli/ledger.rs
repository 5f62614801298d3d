//! `kesu ledger import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::diag::Diags;
use crate::run::import;

use super::decide::LedgerArgs;
use super::{ExitStatus, tell, usage};

#[derive(Debug, Args)]
pub struct LedgersArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 从公司自己的奖罚台账转入以前的月份，供计次
    #[command(help_template = usage::TEMPLATE)]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
struct ImportArgs {
    /// 奖罚台账：要有日期、员工；可有单号、部门、事由、罚款额、分值、规则
    #[arg(value_name = "工作簿")]
    workbook: PathBuf,
    /// 没有「规则」列的行算哪条规则的次数：规则包/规则；不写则只备查
    #[arg(long, value_name = "规则")]
    rule: Option<String>,
    #[command(flatten)]
    ledger: LedgerArgs,
}

pub fn run(args: LedgersArgs) -> Result<ExitStatus, Diags> {
    let Command::Import(args) = args.command;
    let (_, ledger) = args.ledger.settings()?;
    let imported = import::import(&ledger, &args.workbook, args.rule.as_deref())?;
    tell(format!("转入旧账 {} 行；已在账上 {} 行\n", imported.entered, imported.known));
    Ok(ExitStatus::Complete)
}
