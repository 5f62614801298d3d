//! `kesu close --period 2026-10`.

use chrono::NaiveDate;
use clap::Args;

use crate::calendar::Period;
use crate::diag::Diags;
use crate::run::close::{self, Closing};

use super::decide::LedgerArgs;
use super::{ExitStatus, tell};

#[derive(Debug, Args)]
pub struct CloseArgs {
    /// 月结哪个月
    #[arg(long, value_name = "期间")]
    period: Period,
    /// 月结的日期
    #[arg(long, value_name = "日期")]
    on: NaiveDate,
    /// 谁月结
    #[arg(long, value_name = "姓名")]
    by: String,
    #[command(flatten)]
    ledger: LedgerArgs,
}

pub fn run(args: CloseArgs) -> Result<ExitStatus, Diags> {
    let (settings, ledger) = args.ledger.settings()?;
    let closing = Closing { period: args.period, on: args.on, by: args.by };
    let frozen = close::close(&ledger, &settings.out, &closing)?;
    tell(format!("{} 已月结，单据 {frozen} 张。以后的变动见 更正表.xlsx，不改这个月。\n", args.period));
    Ok(ExitStatus::Complete)
}
