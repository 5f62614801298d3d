//! `kesu explain 客诉编号`.

use clap::Args;

use crate::diag::Diags;
use crate::run::explain;

use super::progress::Shown;
use super::{ExitStatus, MonthArgs, tell};

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// 客诉编号，例如 261001
    #[arg(value_name = "客诉编号")]
    subject: String,
    #[command(flatten)]
    month: MonthArgs,
}

pub fn run(args: ExplainArgs) -> Result<ExitStatus, Diags> {
    let job = args.month.job()?;
    let shown = Shown::new();
    let text = explain::explain(&job, &args.subject, &shown);
    shown.finish();
    tell(text?);
    Ok(ExitStatus::Complete)
}
