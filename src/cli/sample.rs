//! `kesu sample 文件夹`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Diags;
use crate::run;
use crate::sample::{self, Options};

use super::{ExitStatus, PathArgs, one, say};

#[derive(Debug, Args)]
pub struct SampleArgs {
    /// 写到哪个文件夹
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 客诉办法以外的规则包：按它的 sample.toml 写（docs/sample.md）
    #[arg(long, value_name = "规则包", conflicts_with_all = ["rows", "flaws"])]
    pack: Option<String>,
    /// 写一份大台账：多少件客诉（压力测试用）；不写则为三个月、每月约 80 件
    #[arg(long, value_name = "件数")]
    rows: Option<u64>,
    /// 随机种子；同一种子写出同样的文件
    #[arg(long, value_name = "种子", default_value_t = 1)]
    seed: u64,
    /// 另放进几行读不懂的数据
    #[arg(long)]
    flaws: bool,
    /// 规则包，或装着规则包的文件夹；可以写多次
    #[arg(long, value_name = "文件夹", requires = "pack")]
    rules: Vec<PathBuf>,
}

/// The pack whose sample is written by a program of its own.
const OWN: &str = "kesu-banfa";

pub fn run(args: SampleArgs) -> Result<ExitStatus, Diags> {
    let described = args.pack.filter(|pack| pack != OWN);
    let written = match &described {
        Some(pack) => run::sample::write(&PathArgs::of(args.rules).settings()?, pack, &args.folder, args.seed)?,
        None => sample::write(&args.folder, &Options { rows: args.rows, seed: args.seed, flaws: args.flaws }).map_err(one)?,
    };
    for path in &written.files {
        say(args.folder.join(path).display());
    }
    say(format_args!("共 {} 行，逐月应查出 {} 个问题（见答案）", written.rows, written.planted));
    Ok(ExitStatus::Complete)
}
