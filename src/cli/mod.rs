//! The command line: one file a subcommand, arguments and one call.

mod audit;
mod catalog;
mod close;
mod columns;
mod decide;
mod explain;
mod init;
mod ledger;
mod progress;
mod replay;
mod rules;
mod run;
mod sample;
mod usage;
mod verify;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::calendar::Period;
use crate::diag::{self, Code, Diag, Diags, Severity};
use crate::ingest;
use crate::run::decide::Sort;
use crate::run::{Job, Settings, end_of};

/// What a command ended with; the numbers are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// The run is complete, findings or not.
    Complete = 0,
    /// Findings, where `--fail-on-findings` was given.
    Findings = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Inputs or rules are wrong and nothing was written.
    Refused = 3,
    /// The run is complete but rows were set aside.
    SetAside = 4,
}

#[derive(Debug, Parser)]
#[command(
    name = "kesu",
    version,
    about = "客诉：把公司现有的登记表变成当月的统计、催办与奖罚通知",
    help_template = usage::TEMPLATE,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true,
    arg_required_else_help = true,
    next_help_heading = "选项"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 读数据、按规则判定、写出当月工作簿
    #[command(help_template = usage::TEMPLATE)]
    Run(run::RunArgs),
    /// 同 run，只打印摘要，不写任何文件
    #[command(help_template = usage::TEMPLATE)]
    Check(run::CheckArgs),
    /// 读回填好的奖罚汇总表：批准、减免、驳回入账
    #[command(help_template = usage::TEMPLATE)]
    Approve(decide::DecideArgs),
    /// 读回奖罚汇总表的申诉页：申诉与处理入账
    #[command(help_template = usage::TEMPLATE)]
    Appeal(decide::DecideArgs),
    /// 读回奖罚汇总表的执行页：批准以后的扣款、处分办理完毕
    #[command(help_template = usage::TEMPLATE)]
    Execute(decide::DecideArgs),
    /// 月结：封存一个月的数字与单据，以后只作更正
    #[command(help_template = usage::TEMPLATE)]
    Close(close::CloseArgs),
    /// 稽核：写出可以重抽的样本和由限额推出的规避测试
    #[command(help_template = usage::TEMPLATE)]
    Audit(audit::AuditArgs),
    /// 账本：转入以前的月份
    #[command(help_template = usage::TEMPLATE, subcommand_value_name = "命令", subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Ledger(ledger::LedgersArgs),
    /// 核对：账本、输入、输出是否被改过，并重做一遍逐字节比较
    #[command(help_template = usage::TEMPLATE)]
    Verify(verify::VerifyArgs),
    /// 讲清一个客诉编号：经过、每条规则的判定、逐日计数
    #[command(help_template = usage::TEMPLATE)]
    Explain(explain::ExplainArgs),
    /// 讲清表格的每一列被当作什么字段、为什么
    #[command(help_template = usage::TEMPLATE)]
    Columns(columns::ColumnsArgs),
    /// 规则包：检查、测试、列出、解释、字段说明
    #[command(help_template = usage::TEMPLATE, subcommand_value_name = "命令", subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Rules(rules::RulesArgs),
    /// 新建规则包，或写出要填的空表
    #[command(help_template = usage::TEMPLATE, subcommand_value_name = "命令", subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Init(init::InitArgs),
    /// 生成带有已知问题的示例工作簿
    #[command(help_template = usage::TEMPLATE)]
    Sample(sample::SampleArgs),
}

/// Runs the program on the given arguments, the program's own name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|first| first == ingest::child::COMMAND) {
        return ingest::child::serve(args.into_iter().skip(2));
    }
    // a panic inside a reader or a rule is caught there and becomes a diagnostic; only one that nobody caught is told here
    std::panic::set_hook(Box::new(|_| {}));
    let status = std::panic::catch_unwind(|| match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(cli.command),
        Err(error) => usage::report(&error),
    });
    let status = status.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let diag = Diag::error(Code::ProgramFault, format!("程序内部错误：{}", words.unwrap_or("原因不明")));
        print_diags(&one(diag.help("上次的输出未动；请把这条信息连同用到的命令反馈给维护者")));
        ExitStatus::Refused
    });
    ExitCode::from(status as u8)
}

/// A line on standard output. A reader that has gone away (`| head`) is no failure.
fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The same for text that brings its own line ends.
fn tell(text: impl Display) {
    let _ = write!(std::io::stdout(), "{text}");
}

fn dispatch(command: Command) -> ExitStatus {
    let outcome = match command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => run::check(args),
        Command::Approve(args) => decide::run(args, Sort::Rulings),
        Command::Appeal(args) => decide::run(args, Sort::Appeals),
        Command::Execute(args) => decide::run(args, Sort::Executions),
        Command::Close(args) => close::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Ledger(args) => ledger::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Columns(args) => columns::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Init(args) => init::run(args),
        Command::Sample(args) => sample::run(args),
    };
    outcome.unwrap_or_else(|problems| {
        print_diags(&problems);
        if problems.iter().any(|d| d.code == Code::SettingsInvalid && d.place == diag::Place::Nowhere) {
            ExitStatus::Usage
        } else {
            ExitStatus::Refused
        }
    })
}

/// Options of every command that works on a month.
#[derive(Debug, Args)]
struct MonthArgs {
    /// 期间：2026-10、2026-Q4、2026 或 2026-01..2026-06；不写则用 kesu.toml 的 period，再不写则为上个月
    #[arg(long, value_name = "期间")]
    period: Option<Period>,
    /// 截止日：此后发生的事视为尚未发生；不写则为期间末日
    #[arg(long, value_name = "日期")]
    as_of: Option<chrono::NaiveDate>,
    #[command(flatten)]
    paths: PathArgs,
    /// 数据文件夹
    #[arg(long, value_name = "文件夹")]
    data: Option<PathBuf>,
}

/// Options of every command that reads rules.
#[derive(Debug, Args)]
struct PathArgs {
    /// 规则包，或装着规则包的文件夹；可以写多次
    #[arg(long, value_name = "文件夹")]
    rules: Vec<PathBuf>,
    /// 只用这个规则包；可以写多次；不写则为 kesu.toml 的 packs
    #[arg(long, value_name = "规则包")]
    pack: Vec<String>,
}

impl PathArgs {
    /// With every pack of these folders.
    fn of(rules: Vec<PathBuf>) -> Self {
        Self { rules, pack: Vec::new() }
    }

    fn settings(self) -> Result<Settings, Diags> {
        let mut settings = Settings::read(std::path::Path::new(".")).map_err(Diags::from_iter)?;
        if !self.rules.is_empty() {
            settings.rules = self.rules;
            settings.packs.clear();
        }
        if !self.pack.is_empty() {
            settings.packs = self.pack;
        }
        Ok(settings)
    }
}

impl MonthArgs {
    fn job(self) -> Result<Job, Diags> {
        let mut settings = self.paths.settings()?;
        if let Some(data) = self.data {
            settings.data = data;
        }
        let period = match (self.period, &settings.period) {
            (Some(period), _) => period,
            (None, Some(text)) => text.parse().map_err(|message: String| one(settings_error(&settings, message)))?,
            (None, None) => last_month().ok_or_else(|| one(usage_error("请用 --period 写明期间")))?,
        };
        let as_of = self.as_of.unwrap_or(period.last);
        if as_of < period.first {
            return Err(one(usage_error(&format!("截止日 {as_of} 早于期间 {period} 的第一天"))));
        }
        let ledger = Some(settings.ledger());
        Ok(Job { settings, period, as_of: end_of(as_of), verdicts: false, ledger })
    }
}

/// The month before today's: what a clerk reports on by the tenth.
#[allow(clippy::disallowed_methods, reason = "only the default of --period looks at the clock, and the run prints the period it took")]
fn last_month() -> Option<Period> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let today = chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?.date_naive();
    Period::of(today)?.previous()
}

fn usage_error(message: &str) -> Diag {
    Diag::error(Code::SettingsInvalid, message).help("kesu --help 列出全部参数")
}

fn settings_error(settings: &Settings, message: String) -> Diag {
    let diag = Diag::error(Code::SettingsInvalid, message);
    match &settings.file {
        Some(file) => diag.in_file(file),
        None => diag,
    }
}

fn one(diag: Diag) -> Diags {
    Diags::from_iter([diag])
}

/// All of them, gravest first, on standard error.
fn print_diags(diags: &Diags) {
    let mut sorted: Vec<&Diag> = diags.iter().collect();
    sorted.sort_by_key(|d| std::cmp::Reverse(d.severity));
    for diag in &sorted {
        eprintln!("{}", diag::render(diag));
    }
    let errors = sorted.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 0 {
        eprintln!("共 {errors} 个错误，没有写出任何文件。");
    }
}
