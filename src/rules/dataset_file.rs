//! A dataset file as written, and its checks.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::source::SourceFile;
use super::written::Mark;
use super::{Dataset, DayOrder, Field, FieldType, Lookup, OrderCheck};
use crate::diag::{Code, Diag, Diags, Place, nearest};

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenDatasetFile {
    #[schemars(required, description = "数据表")]
    pub dataset: Option<WrittenDataset>,
    #[schemars(description = "从另一张表带来的字段")]
    #[serde(default)]
    pub lookup: Vec<WrittenLookup>,
    #[schemars(description = "字段")]
    #[serde(default)]
    pub field: Vec<Mark<WrittenField>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenDataset {
    #[schemars(required, description = "数据表名，规则里用它")]
    pub name: Option<Mark<String>>,
    #[schemars(description = "合起来认定一行的字段")]
    #[serde(default)]
    pub key: Vec<Mark<String>>,
    #[schemars(description = "至少要有其中一列")]
    #[serde(default)]
    pub either: Vec<Mark<String>>,
    #[schemars(description = "按哪个日期归入月份")]
    pub at: Option<Mark<String>>,
    #[schemars(description = "文件名或 文件名#工作表 的样式")]
    #[serde(default)]
    pub r#match: Vec<String>,
    #[schemars(description = "由程序把本次拟开的处罚填进来（处罚明细、处罚合计），不从文件里读")]
    #[serde(default)]
    pub made: bool,
    #[schemars(description = "先后：later 不得早于 earlier")]
    #[serde(default)]
    pub order: Vec<WrittenOrder>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenOrder {
    pub earlier: Mark<String>,
    pub later: Mark<String>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenLookup {
    #[schemars(description = "哪张表")]
    pub from: Mark<String>,
    #[schemars(description = "两张表都有的编号字段")]
    pub on: Mark<String>,
    #[schemars(description = "带来哪些字段")]
    pub take: Vec<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenField {
    #[schemars(required, description = "规则里用的字段名")]
    pub name: Option<Mark<String>>,
    #[schemars(description = "表头的其他写法")]
    #[serde(default)]
    pub aliases: Vec<String>,
    #[schemars(required, description = "text int decimal money percent date datetime time bool one_of")]
    pub r#type: Option<Mark<String>>,
    #[schemars(description = "必须有这一列")]
    #[serde(default)]
    pub required: bool,
    #[schemars(description = "one_of 的取值")]
    #[serde(default)]
    pub values: Vec<String>,
    #[schemars(description = "one_of 的其他写法")]
    #[serde(default)]
    pub map: BTreeMap<String, Mark<String>>,
    #[schemars(description = "文字日期的次序：ymd dmy mdy;period 也读月、季、年")]
    pub order: Option<Mark<String>>,
    #[schemars(description = "当作空白的文字")]
    #[serde(default)]
    pub null: Vec<String>,
    #[schemars(description = "空白取上一行的值（合并单元格）")]
    #[serde(default)]
    pub fill_down: bool,
}

/// A checked dataset with the places that later checks need.
pub struct LoadedDataset {
    pub dataset: Dataset,
    pub file: SourceFile,
    pub name: Mark<String>,
    lookups: Vec<WrittenLookup>,
}

const TYPES: &[(&str, FieldType)] = &[
    ("text", FieldType::Text),
    ("int", FieldType::Int),
    ("decimal", FieldType::Decimal),
    ("money", FieldType::Money),
    ("percent", FieldType::Percent),
    ("date", FieldType::Date),
    ("datetime", FieldType::Datetime),
    ("time", FieldType::Time),
    ("bool", FieldType::Bool),
    ("one_of", FieldType::OneOf),
];
const ORDERS: &[(&str, DayOrder)] = &[("ymd", DayOrder::Ymd), ("dmy", DayOrder::Dmy), ("mdy", DayOrder::Mdy), ("period", DayOrder::Period)];

/// Reads and checks one dataset file; `None` where it has no usable name.
pub fn load(file: SourceFile, diags: &mut Diags) -> Option<LoadedDataset> {
    let read = file.read::<WrittenDatasetFile>(diags)?;
    let (written, maimed) = (read.value, read.maimed);
    let missing = |what: &str| Diag::error(Code::RuleSyntax, format!("数据表文件缺少 {what}")).in_file(&file.path);
    let Some(head) = written.dataset else {
        if !maimed {
            diags.push(missing("[dataset]"));
        }
        return None;
    };
    let Some(name) = head.name else {
        if !maimed {
            diags.push(missing("name"));
        }
        return None;
    };
    let fields: Vec<Field> = written.field.iter().filter_map(|field| check_field(&file, field, maimed, diags)).collect();
    let mut seen = BTreeSet::new();
    for (field, mark) in fields.iter().zip(&written.field) {
        if !seen.insert(&field.name) {
            diags.push(Diag::error(Code::RuleDuplicate, format!("字段「{}」写了两次", field.name)).in_text(&file.path, mark.span()));
        }
    }
    let taken: Vec<&str> = written.lookup.iter().flat_map(|lookup| lookup.take.iter().map(|take| take.as_str())).collect();
    let known: Vec<&str> = fields.iter().map(|f| f.name.as_str()).chain(taken).collect();
    for name in
        head.key.iter().chain(&head.either).chain(&head.at).chain(head.order.iter().flat_map(|order| [&order.earlier, &order.later]))
    {
        if !known.contains(&name.as_str()) && !maimed {
            diags.push(unknown(&file, Code::RuleFieldUnknown, name, "没有字段", &known));
        }
    }
    let text = |marks: &[Mark<String>]| -> Vec<String> { marks.iter().map(|mark| mark.to_string()).collect() };
    let lookups = written.lookup.iter().map(|l| Lookup { from: l.from.to_string(), on: l.on.to_string(), take: text(&l.take) });
    let order = head.order.iter().map(|o| OrderCheck { earlier: o.earlier.to_string(), later: o.later.to_string() });
    let dataset = Dataset {
        name: name.to_string(),
        key: text(&head.key),
        matches: head.r#match,
        at: head.at.as_ref().map(|at| at.to_string()),
        either: text(&head.either),
        fields,
        lookups: lookups.collect(),
        order: order.collect(),
        made: head.made,
    };
    Some(LoadedDataset { dataset, file, name, lookups: written.lookup })
}

fn check_field(file: &SourceFile, field: &Mark<WrittenField>, maimed: bool, diags: &mut Diags) -> Option<Field> {
    let Some(name) = &field.name else {
        if !maimed {
            diags.push(Diag::error(Code::RuleSyntax, "字段缺少 name").in_text(&file.path, field.span()));
        }
        return None;
    };
    let mut word = |mark: &Mark<String>, known: &[&str]| {
        if !known.contains(&mark.as_str()) {
            diags.push(unknown(file, Code::RuleValue, mark, "不认识的取值", known));
        }
    };
    if let Some(ty) = &field.r#type {
        word(ty, &TYPES.map_names());
    }
    if let Some(order) = &field.order {
        word(order, &ORDERS.map_names());
    }
    let values: Vec<&str> = field.values.iter().map(String::as_str).collect();
    field.map.values().for_each(|value| word(value, &values));
    if field.r#type.is_none() && !maimed {
        diags.push(Diag::error(Code::RuleSyntax, format!("字段「{}」缺少 type", name.as_str())).in_text(&file.path, name.span()));
    }
    let ty = field.r#type.as_ref().and_then(|ty| TYPES.value(ty)).unwrap_or_default();
    if (ty == FieldType::OneOf) == values.is_empty() {
        let message = match values.is_empty() {
            true => format!("枚举字段「{}」没有列出 values", name.as_str()),
            false => format!("字段「{}」列了 values，类型要写 one_of", name.as_str()),
        };
        diags.push(Diag::error(Code::RuleValue, message).in_text(&file.path, name.span()));
    }
    Some(Field {
        name: name.to_string(),
        aliases: field.aliases.clone(),
        ty,
        required: field.required,
        values: field.values.clone(),
        map: field.map.iter().map(|(from, to)| (from.clone(), to.to_string())).collect(),
        day_order: field.order.as_ref().and_then(|order| ORDERS.value(order)).unwrap_or_default(),
        null: field.null.clone(),
        fill_down: field.fill_down,
    })
}

/// Names across datasets: each once, and lookups that exist on the other side.
pub fn check_all(loaded: &[LoadedDataset], diags: &mut Diags) {
    for (at, one) in loaded.iter().enumerate() {
        if let Some(first) = loaded[..at].iter().find(|other| other.dataset.name == one.dataset.name) {
            let place = Place::Text { file: first.file.path.clone(), span: first.name.span() };
            let diag = Diag::error(Code::RuleDuplicate, format!("数据表「{}」定义了两次", one.dataset.name));
            diags.push(diag.in_text(&one.file.path, one.name.span()).label(place, "先在这里定义").help("改名或删掉一个"));
        }
        for lookup in &one.lookups {
            let Some(other) = loaded.iter().find(|other| other.dataset.name == *lookup.from) else {
                let known: Vec<&str> = loaded.iter().map(|d| d.dataset.name.as_str()).collect();
                diags.push(unknown(&one.file, Code::RuleDangling, &lookup.from, "没有数据表", &known));
                continue;
            };
            let known: Vec<&str> = other.dataset.fields.iter().map(|f| f.name.as_str()).collect();
            for name in lookup.take.iter().chain([&lookup.on]) {
                if !known.contains(&name.as_str()) {
                    let what = format!("数据表「{}」没有字段", other.dataset.name);
                    diags.push(unknown(&one.file, Code::RuleFieldUnknown, name, &what, &known));
                }
            }
            if other.dataset.key != [lookup.on.to_string()] {
                let message = format!("「{}」不是数据表「{}」的主键，一对多的表不能带字段", lookup.on.as_str(), other.dataset.name);
                diags.push(Diag::error(Code::RuleDangling, message).in_text(&one.file.path, lookup.on.span()));
            }
        }
    }
}

fn unknown(file: &SourceFile, code: Code, name: &Mark<String>, what: &str, known: &[&str]) -> Diag {
    let near = nearest(name, known.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
    let help = format!("{near}现有：{}", known.join("、"));
    Diag::error(code, format!("{what}「{}」", name.as_str())).in_text(&file.path, name.span()).help(help)
}

/// A short list of words and what they mean.
trait Words<T> {
    fn map_names(&self) -> Vec<&'static str>;
    fn value(&self, name: &str) -> Option<T>;
}

impl<T: Copy> Words<T> for [(&'static str, T)] {
    fn map_names(&self) -> Vec<&'static str> {
        self.iter().map(|(name, _)| *name).collect()
    }

    fn value(&self, name: &str) -> Option<T> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}
