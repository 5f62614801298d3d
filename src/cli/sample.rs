//! `kesu sample 文件夹`.

use std::path::PathBuf;

use clap::Args;

use crate::diag::Diags;
use crate::sample::{self, Options};

use super::{ExitStatus, one, say};

#[derive(Debug, Args)]
pub struct SampleArgs {
    /// 写到哪个文件夹
    #[arg(value_name = "文件夹")]
    folder: PathBuf,
    /// 写一份大台账:多少件客诉(压力测试用);不写则为三个月、每月约 80 件
    #[arg(long, value_name = "件数")]
    rows: Option<u64>,
    /// 随机种子;同一种子写出同样的文件
    #[arg(long, value_name = "种子", default_value_t = 1)]
    seed: u64,
    /// 另放进几行读不懂的数据
    #[arg(long)]
    flaws: bool,
}

pub fn run(args: SampleArgs) -> Result<ExitStatus, Diags> {
    let options = Options { rows: args.rows, seed: args.seed, flaws: args.flaws };
    let written = sample::write(&args.folder, &options).map_err(one)?;
    for path in &written.files {
        say(args.folder.join(path).display());
    }
    say(format_args!("共 {} 行,三个月应查出 {} 个问题(见答案)", written.rows, written.planted));
    Ok(ExitStatus::Complete)
}
