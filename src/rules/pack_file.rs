//! `pack.toml` as written, and its checks.

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::SourceFile;
use super::written::{Mark, WrittenDay};
use super::{Conventions, PolicySource};
use crate::diag::{Code, Diag, Diags};

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenPackFile {
    #[schemars(required, description = "写法版本,现在是 1")]
    pub schema: Option<Mark<i64>>,
    #[schemars(required, description = "规则包")]
    pub pack: Option<WrittenPack>,
    #[schemars(description = "算法口径")]
    pub conventions: Option<WrittenConventions>,
    #[schemars(description = "依据文件")]
    #[serde(default)]
    pub source: Vec<WrittenSource>,
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
    #[schemars(required, description = "工作日历编号")]
    pub calendar: Option<String>,
    #[schemars(description = "核准人")]
    pub approved_by: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenConventions {
    #[schemars(description = "起算日是否计入")]
    #[serde(default)]
    pub count_first_day: bool,
    #[schemars(description = "末日逢休是否顺延")]
    #[serde(default)]
    pub roll_last_day: bool,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSource {
    #[schemars(required, description = "文件编号,cite 里用它")]
    pub id: Option<Mark<String>>,
    #[schemars(required, description = "文件名称")]
    pub title: Option<String>,
    #[schemars(description = "生效日期")]
    pub effective: Option<WrittenDay>,
}

/// A checked `pack.toml`.
pub struct PackHead {
    pub id: Mark<String>,
    pub title: String,
    pub version: String,
    pub calendar: String,
    pub approved_by: Option<String>,
    pub conventions: Conventions,
    pub sources: Vec<PolicySource>,
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
    missing(pack.calendar.is_some(), "calendar");
    if let Some(schema) = written.schema.filter(|schema| **schema != 1) {
        diags.push(Diag::error(Code::RuleValue, format!("不认识的写法版本 {},现在是 1", *schema)).in_text(&file.path, schema.span()));
    }
    let mut sources: Vec<PolicySource> = Vec::new();
    for source in written.source {
        let (Some(id), Some(title)) = (&source.id, source.title) else {
            diags.push(Diag::error(Code::RuleSyntax, "[[source]] 要写 id 和 title").in_file(&file.path));
            continue;
        };
        if sources.iter().any(|known| known.id == **id) {
            diags.push(Diag::error(Code::RuleDuplicate, format!("依据文件「{}」写了两次", id.as_str())).in_text(&file.path, id.span()));
        }
        let effective = source
            .effective
            .and_then(|day| day.0.date)
            .and_then(|d| chrono::NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day)));
        sources.push(PolicySource { id: id.to_string(), title, effective });
    }
    let conventions = written.conventions.unwrap_or_default();
    Some(PackHead {
        id: pack.id?,
        title: pack.title?,
        version: pack.version?,
        calendar: pack.calendar?,
        approved_by: pack.approved_by,
        conventions: Conventions { count_first_day: conventions.count_first_day, roll_last_day: conventions.roll_last_day },
        sources,
    })
}
