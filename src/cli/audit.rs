//! `kesu audit`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Diags;
use crate::reports::sampling::Strata;
use crate::run::audit::{self, Drawing};

use super::progress::Shown;
use super::{ExitStatus, MonthArgs, tell};

#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(flatten)]
    month: MonthArgs,
    /// 输出文件夹，其下按期间分
    #[arg(long, value_name = "文件夹")]
    out: Option<PathBuf>,
    /// 抽样的种子；同一种子抽出同样的件
    #[arg(long, value_name = "数", default_value_t = 1)]
    seed: u64,
    /// 随机样本按什么分层
    #[arg(long, value_name = "部门|金额", default_value = "部门", value_parser = strata)]
    by: Strata,
    /// 每种抽样抽几件
    #[arg(long, value_name = "数", default_value_t = 25)]
    size: usize,
}

pub fn run(args: AuditArgs) -> Result<ExitStatus, Diags> {
    let mut job = args.month.job()?;
    if let Some(out) = args.out {
        job.settings.out = out;
        job.ledger = Some(job.settings.ledger());
    }
    let shown = Shown::new();
    let written = audit::audit(&job, Drawing { seed: args.seed, by: args.by, size: args.size }, &shown);
    shown.finish();
    tell(format!("写出 {}\n", written?.display()));
    Ok(ExitStatus::Complete)
}

fn strata(text: &str) -> Result<Strata, String> {
    [Strata::Department, Strata::Amount].into_iter().find(|by| by.title() == text).ok_or_else(|| "只能按 部门 或 金额".to_owned())
}
