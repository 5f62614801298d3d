//! Rows of another dataset that belong to a row: by fields with the same value.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::diag::Code;
use crate::rules::cell;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::{Mark, WrittenCondition};
use crate::rules::{Condition, FieldType};

#[derive(Debug, Clone)]
pub struct Link {
    pub dataset: String,
    /// The row's own field, and the other dataset's.
    pub on: Vec<(String, String)>,
    /// Which of the other dataset's rows count.
    pub scope: Condition,
}

/// `"客诉编号"`, or `{ "客诉编号" = "单据编号" }`.
#[derive(Debug, Clone)]
pub enum WrittenOn {
    Same(String),
    Pairs(Vec<(String, Mark<String>)>),
}

impl<'de> Deserialize<'de> for WrittenOn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SameOrPairs;
        impl<'de> Visitor<'de> for SameOrPairs {
            type Value = WrittenOn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, name: &str) -> Result<WrittenOn, E> {
                Ok(WrittenOn::Same(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<WrittenOn, A::Error> {
                let mut pairs: Vec<(String, Mark<String>)> = Vec::new();
                while let Some(pair) = entries.next_entry()? {
                    pairs.push(pair);
                }
                pairs.sort_by_key(|(_, theirs)| theirs.span().start);
                Ok(WrittenOn::Pairs(pairs))
            }
        }
        deserializer.deserialize_any(SameOrPairs)
    }
}

impl JsonSchema for WrittenOn {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "On".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "两张表对应的字段：\"客诉编号\" 两边同名；{ \"客诉编号\" = \"单据编号\" } 左边是本表，右边是另一张表",
            "anyOf": [{ "type": "string" }, { "type": "object", "additionalProperties": { "type": "string" } }],
        })
    }
}

/// `dataset`, `on` and `where` of whatever looks into another dataset.
pub struct WrittenLink<'a> {
    pub dataset: &'a Option<Mark<String>>,
    pub on: &'a Option<Mark<WrittenOn>>,
    pub scope: &'a Option<Mark<WrittenCondition>>,
}

impl WrittenLink<'_> {
    /// The link and the other dataset's shape.
    pub fn check<'a>(&self, check: &mut Check<'a>, own: &Shape) -> Option<(Link, &'a Shape)> {
        let other = check.dataset(self.dataset)?;
        let on = check.required(self.on, "on");
        let scope = check.condition(other, self.scope);
        let on = on?;
        let pairs = match &**on {
            WrittenOn::Same(name) => vec![(name.clone(), Mark::new(on.span(), name.clone()))],
            WrittenOn::Pairs(pairs) => pairs.clone(),
        };
        if pairs.is_empty() {
            check.error_with(Code::RuleSyntax, on.span(), "on 是空的", "写作 on = \"客诉编号\"");
            return None;
        }
        let mut checked = Vec::new();
        for (name, theirs) in &pairs {
            // a key of a table has no place of its own; what it stands for does
            let mine = check.field(own, &Mark::new(theirs.span(), name.clone()), Use::Any)?;
            let theirs_field = check.field(other, theirs, Use::Any)?;
            let type_of = |shape: &Shape, field: &str| shape.field(field).map(|field| field.ty);
            let (Some(one), Some(two)) = (type_of(own, &mine), type_of(other, &theirs_field)) else { return None };
            if !alike(one, two) {
                let (is, wants) = (cell::type_title(two), cell::type_title(one));
                check.error(Code::RuleFieldType, theirs.span(), format!("「{mine}」是{wants}，「{theirs_field}」是{is}，对不上"));
                return None;
            }
            checked.push((mine, theirs_field));
        }
        Some((Link { dataset: other.dataset.clone(), on: checked, scope: scope? }, other))
    }
}

/// Values of both compare as they are.
fn alike(one: FieldType, two: FieldType) -> bool {
    let text = |ty: FieldType| matches!(ty, FieldType::Text | FieldType::OneOf);
    one == two || text(one) && text(two)
}
