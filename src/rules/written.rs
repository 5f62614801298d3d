//! Rule files as written: everything optional, every value with its place in the file.

use std::fmt;
use std::ops::{Deref, Range};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_spanned::Spanned;
use toml::value::Datetime;

/// A value and where it stands, in bytes of its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Mark<T>(Spanned<T>);

impl<T> Mark<T> {
    pub fn new(span: Range<usize>, value: T) -> Self {
        Self(Spanned::new(span, value))
    }

    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<T> Deref for Mark<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get_ref()
    }
}

impl<T: JsonSchema> JsonSchema for Mark<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A bare TOML date.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct WrittenDay(pub Datetime);

impl JsonSchema for WrittenDay {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "日期，不加引号：2020-01-01" })
    }
}

/// One text, or a list of texts.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum WrittenTexts {
    One(String),
    Many(Vec<Mark<String>>),
}

impl Mark<WrittenTexts> {
    pub fn texts(&self) -> Vec<Mark<String>> {
        match &**self {
            WrittenTexts::One(text) => vec![Mark::new(self.span(), text.clone())],
            WrittenTexts::Many(texts) => texts.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for WrittenTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = WrittenTexts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<WrittenTexts, E> {
                Ok(WrittenTexts::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<WrittenTexts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(WrittenTexts::Many(texts))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

/// `{ "字段" = 测试，… }` in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct WrittenCondition(pub Vec<(String, Mark<WrittenTest>)>);

/// The right-hand side of one cell, or the inside of `not` and `any`.
#[derive(Debug, Clone)]
pub enum WrittenTest {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    Datetime(Datetime),
    List(Vec<Mark<WrittenTest>>),
    Table(WrittenCondition),
}

/// How toml hands over a date inside a value of any type.
const DATETIME_KEY: &str = "$__toml_private_datetime";

impl<'de> Deserialize<'de> for WrittenTest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTest)
    }
}

struct AnyTest;

impl<'de> Visitor<'de> for AnyTest {
    type Value = WrittenTest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a test")
    }

    fn visit_str<E>(self, text: &str) -> Result<WrittenTest, E> {
        Ok(WrittenTest::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<WrittenTest, E> {
        Ok(WrittenTest::Integer(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<WrittenTest, E> {
        Ok(WrittenTest::Float(number))
    }

    fn visit_bool<E>(self, value: bool) -> Result<WrittenTest, E> {
        Ok(WrittenTest::Bool(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<WrittenTest, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(WrittenTest::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<WrittenTest, A::Error> {
        let mut cells: Vec<(String, Mark<WrittenTest>)> = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == DATETIME_KEY {
                let text: String = entries.next_value()?;
                return text.parse().map(WrittenTest::Datetime).map_err(serde::de::Error::custom);
            }
            cells.push((key, entries.next_value()?));
        }
        cells.sort_by_key(|(_, test)| test.span().start);
        Ok(WrittenTest::Table(WrittenCondition(cells)))
    }
}

impl<'de> Deserialize<'de> for WrittenCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match WrittenTest::deserialize(deserializer)? {
            WrittenTest::Table(condition) => Ok(condition),
            _ => Err(serde::de::Error::custom("invalid type: expected a table")),
        }
    }
}

impl JsonSchema for WrittenCondition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let test = generator.subschema_for::<WrittenTest>();
        json_schema!({
            "type": "object",
            "description": "条件：每个字段一个测试，全部满足才成立；另有 not = {…} 与 any = [{…}, {…}]",
            "additionalProperties": test,
        })
    }
}

impl JsonSchema for WrittenTest {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Test".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "测试：\"国内\" 等于；[\"电话\", \"来函\"] 任一；\"> 5000\"、\"<= {数量}\" 比较；\"(100000..150000]\" 区间；\"missing\" 空；\"present\" 非空；\"like 客*\" 模式",
        })
    }
}

/// What every rule may say, whatever its kind.
pub struct WrittenHead<'a> {
    pub id: &'a Option<Mark<String>>,
    pub title: &'a Option<Mark<String>>,
    pub catalog: &'a [String],
    pub status: &'a Option<Mark<String>>,
    pub inferred: bool,
    pub severity: &'a Option<Mark<String>>,
    pub message: &'a Option<Mark<String>>,
    pub note: &'a Option<String>,
    pub event: &'a Option<Mark<String>>,
    pub missing: &'a [Mark<String>],
    pub when_columns: &'a [Mark<String>],
    pub without: &'a [Mark<String>],
}

/// An as-written rule of some kind.
pub trait HasHead {
    fn head(&self) -> WrittenHead<'_>;
}

/// The as-written struct of a rule kind: the common keys, then its own. `flatten` would lose the places, so a macro repeats them.
macro_rules! written_rule {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            #[schemars(required, description = "规则编号，包内唯一，定下后不再改")]
            pub id: Option<$crate::rules::written::Mark<String>>,
            #[schemars(required, description = "中文标题")]
            pub title: Option<$crate::rules::written::Mark<String>>,
            #[schemars(description = "所实现的目录条目编号")]
            #[serde(default)]
            pub catalog: Vec<String>,
            #[schemars(description = "preview 只统计 · active 生效（默认） · retired 停用 · missing-param 待补参数")]
            pub status: Option<$crate::rules::written::Mark<String>>,
            #[schemars(description = "本规则由我方推定，制度没有明写")]
            #[serde(default)]
            pub inferred: bool,
            #[schemars(description = "minor 轻微 · major 较重（默认） · critical 严重")]
            pub severity: Option<$crate::rules::written::Mark<String>>,
            #[schemars(description = "发现问题时的说明，可用 {字段} {elapsed} {limit} {overrun} {due}")]
            pub message: Option<$crate::rules::written::Mark<String>>,
            #[schemars(description = "口径：对条文的读法")]
            pub note: Option<String>,
            #[schemars(description = "事件名，如 迟到：别的规则包里同名的，同一个人同一天的放在一起对照，不重复罚")]
            pub event: Option<$crate::rules::written::Mark<String>>,
            #[schemars(description = "制度没有给出、待公司补充的参数")]
            #[serde(default)]
            pub missing: Vec<$crate::rules::written::Mark<String>>,
            #[schemars(description = "数据里有这些字段的列时才启用；没有就不判，列为未启用；别的数据表的字段写作 数据表.字段")]
            #[serde(default)]
            pub when_columns: Vec<$crate::rules::written::Mark<String>>,
            #[schemars(description = "改写所沿用的规则时，不要它的这些键")]
            #[serde(default)]
            pub without: Vec<$crate::rules::written::Mark<String>>,
            $($(#[$field_meta])* pub $field: $ty,)*
        }

        impl $crate::rules::written::HasHead for $name {
            fn head(&self) -> $crate::rules::written::WrittenHead<'_> {
                $crate::rules::written::WrittenHead {
                    id: &self.id,
                    title: &self.title,
                    catalog: &self.catalog,
                    status: &self.status,
                    inferred: self.inferred,
                    severity: &self.severity,
                    message: &self.message,
                    note: &self.note,
                    event: &self.event,
                    missing: &self.missing,
                    when_columns: &self.when_columns,
                    without: &self.without,
                }
            }
        }
    };
}
pub(crate) use written_rule;

/// The as-written struct of a rule kind's dated version: `from`, `cite`, and its own keys.
macro_rules! written_version {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            #[schemars(required, description = "从哪天起适用")]
            pub from: Option<$crate::rules::written::Mark<$crate::rules::written::WrittenDay>>,
            #[schemars(required, description = "依据：文件编号 空格 条款，如 banfa 十条（一）")]
            pub cite: Option<$crate::rules::written::Mark<String>>,
            $($(#[$field_meta])* pub $field: $ty,)*
        }

        impl $crate::rules::written::HasVersion for $name {
            fn from(&self) -> &Option<$crate::rules::written::Mark<$crate::rules::written::WrittenDay>> {
                &self.from
            }

            fn cite(&self) -> &Option<$crate::rules::written::Mark<String>> {
                &self.cite
            }
        }
    };
}
pub(crate) use written_version;

/// An as-written version of some kind.
pub trait HasVersion {
    fn from(&self) -> &Option<Mark<WrittenDay>>;
    fn cite(&self) -> &Option<Mark<String>>;
}
