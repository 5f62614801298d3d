//! A calendar file as written: sections with the place of every value that can be wrong.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::diag::{Code, Diag, Diags, nearest};

/// Sections in file order; a section that could not be read is left out and has its Diag.
#[derive(Debug, Default)]
pub(super) struct CalendarFile {
    pub head: Option<Head>,
    pub hours: Option<Hours>,
    pub years: Vec<Year>,
    pub closures: Vec<OwnDays>,
    pub openings: Vec<OwnDays>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub id: Spanned<String>,
    pub title: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hours {
    pub shifts: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Year {
    pub year: Spanned<i64>,
    pub source: Spanned<Vec<Notice>>,
    #[serde(default)]
    pub off: Vec<NamedDays>,
    #[serde(default)]
    pub work: Vec<NamedDays>,
}

/// The notice that arranged a year's holidays.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub title: String,
    pub url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedDays {
    pub name: String,
    pub days: Vec<Spanned<toml::Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnDays {
    pub days: Vec<Spanned<toml::Value>>,
    pub reason: String,
}

const SECTIONS: [&str; 5] = ["calendar", "hours", "year", "closure", "open"];

/// Reads section by section, so that one wrong section does not hide the next.
pub(super) fn read(text: &str, path: &Path, diags: &mut Diags) -> CalendarFile {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let structural = errors.iter().filter(|error| !stands_alone(error)).take(1);
        diags.extend(errors.iter().filter(|error| stands_alone(error)).chain(structural).map(|error| syntax(error, path)));
        return CalendarFile::default();
    }
    let mut file = CalendarFile::default();
    for (key, value) in document.into_inner() {
        match key.get_ref().as_ref() {
            "calendar" => file.head = section(value, path, diags),
            "hours" => file.hours = section(value, path, diags),
            "year" => file.years = sections(value, path, diags),
            "closure" => file.closures = sections(value, path, diags),
            "open" => file.openings = sections(value, path, diags),
            unknown => {
                let mut diag = Diag::error(Code::CalendarInvalid, format!("日历里没有「{unknown}」这一节")).in_text(path, key.span());
                diag.help = Some(known(unknown, &SECTIONS));
                diags.push(diag);
            }
        }
    }
    file
}

fn section<T: DeserializeOwned>(value: Spanned<DeValue<'_>>, path: &Path, diags: &mut Diags) -> Option<T> {
    let span = value.span();
    match T::deserialize(ValueDeserializer::from(value)) {
        Ok(section) => Some(section),
        Err(error) => {
            diags.push(misfit(&error).in_text(path, error.span().unwrap_or(span)));
            None
        }
    }
}

fn sections<T: DeserializeOwned>(value: Spanned<DeValue<'_>>, path: &Path, diags: &mut Diags) -> Vec<T> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Array(items) => items.into_iter().filter_map(|item| section(item, path, diags)).collect(),
        _ => {
            let diag = Diag::error(Code::CalendarInvalid, "这一节可以有多个，节名要写两层方括号").in_text(path, span);
            diags.push(diag.help("例如 [[year]]、[[closure]]、[[open]]"));
            Vec::new()
        }
    }
}

/// Whether an error says something of its own; of the others, those after the first are mostly its echo.
fn stands_alone(error: &toml::de::Error) -> bool {
    error.message().starts_with("invalid date") || error.message() == "duplicate key"
}

/// The parser's English, by its beginning.
const SYNTAX: [(&str, &str); 5] = [
    ("invalid date", "没有这一天"),
    ("duplicate key", "同一个键写了两次"),
    ("string values must be quoted", "文字要放在半角引号里"),
    ("missing comma", "这里缺一个逗号，或前一行的方括号没有合上"),
    ("unclosed", "括号没有合上"),
];

fn syntax(error: &toml::de::Error, path: &Path) -> Diag {
    let words = SYNTAX.iter().find(|(english, _)| error.message().starts_with(english)).map(|(_, chinese)| (*chinese).to_owned());
    Diag::error(Code::CalendarInvalid, words.unwrap_or_else(|| format!("这里不合 TOML 的写法（{}）", error.message())))
        .in_text(path, error.span().unwrap_or(0..0))
        .help("检查引号、括号、逗号是否成对，是否混进了全角标点；对照 docs/calendar.md 的例子")
}

/// serde's English about a value of another type, by its end.
const TYPES: [(&str, &str); 3] =
    [("a string", "这里要写文字，加半角引号"), ("a sequence", "这里要写成方括号里的一列"), ("i64", "这里要写整数，不加引号")];

/// serde's English about a value that does not fit, in the operator's words.
fn misfit(error: &toml::de::Error) -> Diag {
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let fault = |words: String| Diag::error(Code::CalendarInvalid, words);
    match quoted.split_first() {
        Some((unknown, allowed)) if message.starts_with("unknown field") => {
            fault(format!("不认识的键「{unknown}」")).help(known(unknown, allowed))
        }
        Some((missing, _)) if message.starts_with("missing field") => {
            fault(format!("缺少「{missing}」")).help(format!("补上 {missing} = …"))
        }
        _ => {
            let words = TYPES.iter().find(|(english, _)| message.ends_with(english)).map(|(_, chinese)| (*chinese).to_owned());
            fault(words.unwrap_or_else(|| format!("值的类型不对（{message}）"))).help("对照 docs/calendar.md 的例子改写")
        }
    }
}

fn known(wrong: &str, allowed: &[&str]) -> String {
    let list = allowed.join("、");
    match nearest(wrong, allowed.iter().copied()) {
        Some(near) => format!("是不是「{near}」？可用的有：{list}"),
        None => format!("可用的有：{list}"),
    }
}
