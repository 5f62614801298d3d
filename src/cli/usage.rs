//! Help and complaints about the command line in Chinese.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::{ExitStatus, tell};

pub const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Prints help where it was asked for, otherwise what is wrong with the command line.
pub fn report(error: &Error) -> ExitStatus {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            tell(error.render());
            ExitStatus::Complete
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{}", error.render());
            ExitStatus::Usage
        }
        kind => {
            eprintln!("错误[usage] {}", sentence(error, kind));
            eprintln!("  下一步：kesu --help 列出命令，kesu 命令 --help 列出参数");
            ExitStatus::Usage
        }
    }
}

fn sentence(error: &Error, kind: ErrorKind) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match kind {
        ErrorKind::UnknownArgument => match context(error, ContextKind::SuggestedArg) {
            near if near.is_empty() => format!("不认识的参数「{argument}」"),
            near => format!("不认识的参数「{argument}」，是不是「{near}」？"),
        },
        ErrorKind::InvalidSubcommand => match context(error, ContextKind::SuggestedSubcommand) {
            near if near.is_empty() => format!("没有命令「{}」", context(error, ContextKind::InvalidSubcommand)),
            near => format!("没有命令「{}」，是不是「{near}」？", context(error, ContextKind::InvalidSubcommand)),
        },
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let cause = std::error::Error::source(error).map(|e| format!("：{e}")).unwrap_or_default();
            format!("参数 {argument} 的值「{value}」不对{cause}")
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("参数 {argument} 的值个数不对")
        }
        ErrorKind::ArgumentConflict => format!("参数 {argument} 不能和别的参数一起用，或写了两次"),
        _ => format!("命令行写法有误（{kind:?}）"),
    }
}

fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
