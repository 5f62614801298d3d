//! `kesu init pack | data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::diag::{Code, Diag, Diags, nearest};
use crate::rules;
use crate::scaffold::{self, NewPack};

use super::{ExitStatus, PathArgs, one, say, usage};

#[derive(Debug, Args)]
pub struct InitArgs {
    #[command(subcommand)]
    command: InitCommand,
}

#[derive(Debug, Subcommand)]
enum InitCommand {
    /// 新建一个规则包：带注释的例子、用例和示例数据，可以直接检查和运行
    #[command(help_template = usage::TEMPLATE)]
    Pack {
        /// 编号，也是文件夹名：小写字母、数字和短横
        #[arg(value_name = "编号")]
        id: String,
        /// 制度名称；不写用编号
        #[arg(long, value_name = "名称")]
        title: Option<String>,
        /// 沿用哪个规则包，只写差别
        #[arg(long, value_name = "规则包")]
        from: Option<String>,
        /// 放在哪个装规则包的文件夹；不写用 kesu.toml 的 rules
        #[arg(long, value_name = "文件夹")]
        rules: Option<PathBuf>,
    },
    /// 写出各规则要用的空表：只有表头和填写说明
    #[command(help_template = usage::TEMPLATE)]
    Data {
        /// 写到哪个文件夹
        #[arg(value_name = "文件夹")]
        folder: PathBuf,
        #[command(flatten)]
        paths: PathArgs,
    },
}

pub fn run(args: InitArgs) -> Result<ExitStatus, Diags> {
    let written = match args.command {
        InitCommand::Pack { id, title, from, rules } => pack(&id, title.as_deref(), from.as_deref(), rules)?,
        InitCommand::Data { folder, paths } => {
            let settings = paths.settings()?;
            let (rules, problems) = rules::load_for(&settings.rules, &settings.packs, settings.company_rules());
            if problems.has_errors() {
                return Err(problems);
            }
            scaffold::tables(&folder, &rules, &settings.company).map_err(one)?
        }
    };
    written.iter().for_each(|path| say(path.display()));
    Ok(ExitStatus::Complete)
}

fn pack(id: &str, title: Option<&str>, from: Option<&str>, rules: Option<PathBuf>) -> Result<Vec<PathBuf>, Diags> {
    let roots = PathArgs::of(rules.into_iter().collect()).settings()?.rules;
    let known = rules::pack_ids(&roots);
    if let Some(from) = from.filter(|from| !known.iter().any(|id| id == from)) {
        let near = nearest(from, known.iter().map(String::as_str)).map(|near| format!("是不是 {near}？")).unwrap_or_default();
        let diag = Diag::error(Code::RuleDangling, format!("没有规则包「{from}」可以沿用"));
        return Err(one(diag.help(format!("{near}找到的规则包：{}", known.join("、")))));
    }
    let Some(root) = roots.into_iter().find(|root| !root.join("pack.toml").is_file()) else {
        return Err(one(Diag::error(Code::FolderMissing, "不知道放在哪里").help("用 --rules 写明装规则包的文件夹")));
    };
    scaffold::pack(&root, NewPack { id, title: title.unwrap_or(id), from }).map_err(one)
}
