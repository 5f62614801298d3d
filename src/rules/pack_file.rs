//! `pack.toml` as written, and its checks.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::PolicySource;
use super::off::WrittenOff;
use super::reading::WrittenReading;
use super::resolve::WrittenResolve;
use super::source::SourceFile;
use super::written::{Mark, WrittenDay};
use crate::diag::{Code, Diag, Diags};

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(title = "kesu pack.toml", description = "规则包的名称、口径、依据、读法与取舍")]
#[serde(deny_unknown_fields)]
pub struct WrittenPackFile {
    #[schemars(required, description = "写法版本，现在是 1")]
    pub schema: Option<Mark<i64>>,
    #[schemars(required, description = "规则包")]
    pub pack: Option<WrittenPack>,
    #[schemars(description = "算法口径")]
    pub conventions: Option<WrittenConventions>,
    #[schemars(description = "依据文件")]
    #[serde(default)]
    pub source: Vec<WrittenSource>,
    #[schemars(description = "停用：所沿用的包里哪些规则不要")]
    #[serde(default)]
    pub off: Vec<Mark<WrittenOff>>,
    #[schemars(description = "读法：由规则包本身或一种读法落实的条目")]
    #[serde(default)]
    pub reading: Vec<WrittenReading>,
    #[schemars(description = "取舍：几条规则相冲突时用哪一条")]
    #[serde(default)]
    pub resolve: Vec<WrittenResolve>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPack {
    #[schemars(required, description = "包编号")]
    pub id: Option<Mark<String>>,
    #[schemars(required, description = "制度名称")]
    pub title: Option<String>,
    #[schemars(required, description = "包的版本")]
    pub version: Option<String>,
    #[schemars(description = "沿用哪个规则包：它的数据表、日历、口径、依据和规则都承接过来")]
    pub extends: Option<Mark<String>>,
    #[schemars(description = "写 false 的包只在点名时才启用：kesu.toml 的 packs，或 --rules 直接指到它")]
    pub enabled: Option<bool>,
    #[schemars(description = "工作日历编号；沿用别的包时可以不写")]
    pub calendar: Option<String>,
    #[schemars(description = "核准人")]
    pub approved_by: Option<String>,
    #[schemars(description = "核准日期")]
    pub approved_on: Option<Mark<WrittenDay>>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenConventions {
    #[schemars(description = "起算日是否计入，默认不计入")]
    pub count_first_day: Option<bool>,
    #[schemars(description = "末日逢休是否顺延，默认不顺延")]
    pub roll_last_day: Option<bool>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSource {
    #[schemars(required, description = "文件编号，cite 里用它")]
    pub id: Option<Mark<String>>,
    #[schemars(required, description = "文件名称")]
    pub title: Option<String>,
    #[schemars(description = "生效日期")]
    pub effective: Option<WrittenDay>,
}

/// A checked `pack.toml`; what the pack takes over from another is not in it yet.
pub struct PackHead {
    pub id: Mark<String>,
    pub title: String,
    pub version: String,
    pub extends: Option<Mark<String>>,
    /// Runs wherever it is found, not only where it is named.
    pub enabled: bool,
    /// Only a pack that extends another may leave it out.
    pub calendar: Option<String>,
    pub approved_by: Option<String>,
    pub approved_on: Option<NaiveDate>,
    pub conventions: WrittenConventions,
    pub sources: Vec<PolicySource>,
    pub off: Vec<Mark<WrittenOff>>,
    pub readings: Vec<WrittenReading>,
    pub resolves: Vec<WrittenResolve>,
}

pub fn load(file: &SourceFile, diags: &mut Diags) -> Option<PackHead> {
    let read = file.read::<WrittenPackFile>(diags)?;
    let mut missing = |there: bool, what: &str| {
        if !there && !read.maimed {
            diags.push(Diag::error(Code::RuleSyntax, format!("pack.toml 缺少 {what}")).in_file(&file.path));
        }
    };
    let written = read.value;
    missing(written.schema.is_some(), "schema = 1");
    missing(written.pack.is_some(), "[pack]");
    let pack = written.pack?;
    missing(pack.id.is_some(), "id");
    missing(pack.title.is_some(), "title");
    missing(pack.version.is_some(), "version");
    missing(pack.calendar.is_some() || pack.extends.is_some(), "calendar");
    if let Some(schema) = written.schema.filter(|schema| **schema != 1) {
        diags.push(Diag::error(Code::RuleValue, format!("不认识的写法版本 {}，现在是 1", *schema)).in_text(&file.path, schema.span()));
    }
    if let (None, Some(off)) = (&pack.extends, written.off.first()) {
        let diag = Diag::error(Code::RuleSyntax, "[[off]] 只能写在沿用别的包的规则包里").in_text(&file.path, off.span());
        diags.push(diag.help("请在 [pack] 里写 extends = \"包编号\"；自己的规则不要了，写 status = \"retired\""));
    }
    let approved_on = pack.approved_on.as_ref().and_then(|day| {
        let found = date(day);
        if found.is_none() {
            diags.push(Diag::error(Code::RuleValue, "approved_on 要一个日期，如 2026-01-05").in_text(&file.path, day.span()));
        }
        found
    });
    let sources = sources(written.source, file, diags);
    if pack.calendar.is_none() && pack.extends.is_none() {
        return None;
    }
    Some(PackHead {
        id: pack.id?,
        title: pack.title?,
        version: pack.version?,
        extends: pack.extends,
        enabled: pack.enabled.unwrap_or(true),
        calendar: pack.calendar,
        approved_by: pack.approved_by,
        approved_on,
        conventions: written.conventions.unwrap_or_default(),
        sources,
        off: written.off,
        readings: written.reading,
        resolves: written.resolve,
    })
}

fn sources(written: Vec<WrittenSource>, file: &SourceFile, diags: &mut Diags) -> Vec<PolicySource> {
    let mut sources: Vec<PolicySource> = Vec::new();
    for source in written {
        let (Some(id), Some(title)) = (&source.id, source.title) else {
            diags.push(Diag::error(Code::RuleSyntax, "[[source]] 要写 id 和 title").in_file(&file.path));
            continue;
        };
        if sources.iter().any(|known| known.id == **id) {
            diags.push(Diag::error(Code::RuleDuplicate, format!("依据文件「{}」写了两次", id.as_str())).in_text(&file.path, id.span()));
        }
        sources.push(PolicySource { id: id.to_string(), title, effective: source.effective.as_ref().and_then(date) });
    }
    sources
}

fn date(day: &WrittenDay) -> Option<NaiveDate> {
    let date = day.0.date?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}
