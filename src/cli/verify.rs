//! `kesu verify`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::diag::{Code, Diag, Diags};
use crate::run::verify;

use super::progress::Shown;
use super::{ExitStatus, tell};

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// 输出文件夹，如 out/2026-10；在当时运行的文件夹里核对
    #[arg(value_name = "输出文件夹", required_unless_present = "notice")]
    out: Option<PathBuf>,
    /// 只核对这个文件里的单据
    #[arg(long, value_name = "文件", conflicts_with = "out")]
    notice: Option<PathBuf>,
    /// 账本；不写则为输出文件夹旁边的 ledger.sqlite
    #[arg(long, value_name = "文件")]
    ledger: Option<PathBuf>,
}

pub fn run(args: VerifyArgs) -> Result<ExitStatus, Diags> {
    match (args.notice, args.out) {
        (Some(file), _) => notices(&file, &ledger_of(&file, args.ledger)),
        (None, Some(out)) => whole(&out, &ledger_of(&out, args.ledger)),
        (None, None) => Ok(ExitStatus::Usage),
    }
}

/// The nearest `ledger.sqlite` above, unless another was named.
fn ledger_of(path: &Path, named: Option<PathBuf>) -> PathBuf {
    let above = || path.ancestors().skip(1).map(|folder| folder.join("ledger.sqlite")).find(|file| file.is_file());
    named.or_else(above).unwrap_or_else(|| path.with_file_name("ledger.sqlite"))
}

fn whole(out: &Path, ledger: &Path) -> Result<ExitStatus, Diags> {
    let shown = Shown::new();
    let verified = verify::verify(out, ledger, &shown);
    shown.finish();
    let verified = verified?;
    if verified.problems.is_empty() {
        tell(format!(
            "核对无误：日记账 {} 条首尾相接；输入与规则 {} 个文件、输出 {} 个文件与账本相符；重做一遍，逐字节相同。\n",
            verified.entries, verified.inputs, verified.outputs
        ));
        return Ok(ExitStatus::Complete);
    }
    Err(failed(verified.problems, out))
}

fn notices(file: &Path, ledger: &Path) -> Result<ExitStatus, Diags> {
    let proved = verify::prove(file, ledger)?;
    let mut problems = Vec::new();
    for one in proved {
        if one.problems.is_empty() {
            tell(format!("{} 属实：校验码 {}，经 {} 步到当月的根 {}\n", one.number, one.code, one.steps, one.root));
        }
        problems.extend(one.problems.into_iter().map(|words| format!("{}：{words}", one.number)));
    }
    if problems.is_empty() { Ok(ExitStatus::Complete) } else { Err(failed(problems, file)) }
}

fn failed(problems: Vec<String>, file: &Path) -> Diags {
    problems.into_iter().map(|words| Diag::error(Code::ProofFailed, words).in_file(file)).collect()
}
