//! `kesu rules lint | test | list | explain | schema`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::diag::{self, Code, Diag, Diags, Severity};
use crate::rules::{self, Rule, RuleSet, Status};
use crate::run::{self, Settings, cases};

use super::{ExitStatus, PathArgs, catalog, one, print_diags, replay, say, usage};

#[derive(Debug, Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// 查规则的漏档、重档、悬空引用、没有用例的规则
    #[command(help_template = usage::TEMPLATE)]
    Lint(PathArgs),
    /// 运行规则自带的用例
    #[command(help_template = usage::TEMPLATE)]
    Test(PathArgs),
    /// 列出规则
    #[command(help_template = usage::TEMPLATE)]
    List {
        /// 规则目录（markdown）：对照列出已实现、待补参数、未覆盖的条目
        #[arg(long, value_name = "文件")]
        catalog: Option<PathBuf>,
        #[command(flatten)]
        paths: PathArgs,
    },
    /// 用中文讲一条规则
    #[command(help_template = usage::TEMPLATE)]
    Explain {
        /// 规则编号：jiean，或 kesu-banfa/jiean
        #[arg(value_name = "规则")]
        id: String,
        #[command(flatten)]
        paths: PathArgs,
    },
    /// 两套规则各重算一遍：谁多谁少，逐件对得上
    #[command(help_template = usage::TEMPLATE)]
    Diff(replay::DiffArgs),
    /// 打印规则文件的 JSON Schema，供编辑器提示
    #[command(help_template = usage::TEMPLATE)]
    Schema {
        /// 改为打印 pack.toml 的
        #[arg(long)]
        pack: bool,
    },
}

pub fn run(args: RulesArgs) -> Result<ExitStatus, Diags> {
    match args.command {
        RulesCommand::Lint(paths) => lint(paths),
        RulesCommand::Test(paths) => test(paths),
        RulesCommand::List { catalog: Some(path), paths } => catalog::run(&path, &paths.settings()?),
        RulesCommand::List { catalog: None, paths } => list(paths),
        RulesCommand::Explain { id, paths } => explain(&id, paths),
        RulesCommand::Diff(args) => replay::run(args),
        RulesCommand::Schema { pack } => {
            let schema = if pack { rules::pack_schema() } else { rules::schema() };
            let schema = schema.map_err(|e| one(Diag::error(Code::RuleFault, format!("字段说明写不出来：{e}"))))?;
            say(schema);
            Ok(ExitStatus::Complete)
        }
    }
}

fn load(settings: &Settings) -> Result<(RuleSet, Diags), Diags> {
    let (rules, diags) = rules::load_for(&settings.rules, &settings.packs, settings.company_rules());
    if diags.has_errors() { Err(diags) } else { Ok((rules, diags)) }
}

fn lint(paths: PathArgs) -> Result<ExitStatus, Diags> {
    let settings = paths.settings()?;
    let (rules, mut diags) = load(&settings)?;
    diags.extend(rules::lint::lint(&rules));
    diags.extend(run::sample::check(&settings, &rules));
    for diag in diags.iter() {
        say(diag::render(diag));
    }
    let count = |severity| diags.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    say(format_args!("检查了 {} 个规则包、{} 条规则：{errors} 个错误，{warnings} 个警告", rules.packs.len(), rules.rules().count()));
    Ok(if errors > 0 { ExitStatus::Refused } else { ExitStatus::Complete })
}

fn test(paths: PathArgs) -> Result<ExitStatus, Diags> {
    let report = cases::run_all(&paths.settings()?)?;
    print_failures(&report.failures);
    let failed = report.failures.iter().count();
    for (rule, cases) in &report.by_rule {
        say(format_args!("{rule}  {cases} 个用例"));
    }
    say(format_args!("{} passed, {failed} failed", report.passed));
    Ok(if failed > 0 { ExitStatus::Refused } else { ExitStatus::Complete })
}

fn print_failures(failures: &Diags) {
    if !failures.is_empty() {
        print_diags(failures);
    }
}

fn list(paths: PathArgs) -> Result<ExitStatus, Diags> {
    let (rules, _) = load(&paths.settings()?)?;
    for pack in &rules.packs {
        let base = pack.bases.first().map(|base| format!("  沿用 {}", base.id)).unwrap_or_default();
        say(format_args!("{}  {} {}{base}", pack.id, pack.title, pack.version));
        for rule in &pack.rules {
            say(format_args!(
                "  {:<12} {:<10} {:<6} {}  [{}]",
                rule.head.id,
                rule.kind.name(),
                state(rule),
                rule.head.title,
                rule.head.catalog.join(" ")
            ));
        }
        for reading in &pack.readings {
            say(format_args!("  读法 {}  {}  [{}]", reading.id, reading.title, reading.catalog.join(" ")));
        }
        for resolve in &pack.resolves {
            say(format_args!("  取舍 {}  {}  [{}]", resolve.id, resolve.chinese(), resolve.catalog.join(" ")));
        }
        for off in &pack.off {
            let rules: Vec<&str> = off.rules.iter().map(|rule| rule.id.as_str()).collect();
            let rules = if rules.is_empty() { "没有规则".to_owned() } else { rules.join("、") };
            say(format_args!("  停用 {rules}  [{}]", off.catalog.join(" ")));
        }
    }
    Ok(ExitStatus::Complete)
}

fn state(rule: &Rule) -> &'static str {
    match rule.head.status {
        _ if !rule.head.missing.is_empty() => "待补",
        _ if rule.head.unpicked.is_some() => "未采用",
        Status::Active => "生效",
        Status::Preview => "试行",
        Status::Retired => "停用",
        Status::MissingParam => "待补",
    }
}

fn explain(id: &str, paths: PathArgs) -> Result<ExitStatus, Diags> {
    let (rules, _) = load(&paths.settings()?)?;
    let matching: Vec<_> =
        rules.rules().filter(|(pack, rule)| rule.head.id == id || format!("{}/{}", pack.id, rule.head.id) == id).collect();
    if matching.is_empty() {
        let near = diag::nearest(id, rules.rules().map(|(_, rule)| rule.head.id.as_str()));
        let help = near
            .map_or_else(|| "kesu rules list 列出全部规则".to_owned(), |near| format!("是不是「{near}」？kesu rules list 列出全部规则"));
        return Err(one(Diag::error(Code::RuleDangling, format!("没有规则「{id}」")).help(help)));
    }
    for (pack, rule) in matching {
        say(rules::sentence(&rules, pack, rule));
    }
    Ok(ExitStatus::Complete)
}
