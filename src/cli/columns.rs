//! `kesu columns 文件…`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::{Diags, Severity};
use crate::normalise::{self, Quiet};
use crate::rules;

use super::{ExitStatus, PathArgs, print_diags, tell};

#[derive(Debug, Args)]
pub struct ColumnsArgs {
    /// 表格文件
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    paths: PathArgs,
}

pub fn run(args: ColumnsArgs) -> Result<ExitStatus, Diags> {
    let settings = args.paths.settings()?;
    let (rules, problems) = rules::load_for(&settings.rules, &settings.packs, settings.company_rules());
    if problems.has_errors() {
        return Err(problems);
    }
    let normalised = normalise::normalise(&args.files, &rules.datasets, &settings.limits, &Quiet);
    tell(normalise::explain_columns(&normalised));
    let mut grave = Diags::default();
    grave.extend(normalised.diags.iter().filter(|d| d.severity == Severity::Error).cloned());
    if grave.is_empty() {
        return Ok(ExitStatus::Complete);
    }
    print_diags(&grave);
    Ok(ExitStatus::Refused)
}
