//! `sample.toml` as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;

use crate::rules::Mark;

/// How the fields of a row are made; read by [`super::maker`].
pub type Fields = BTreeMap<String, Mark<Value>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPlan {
    #[serde(default)]
    pub sample: WrittenSample,
    #[serde(default)]
    pub dataset: Vec<Mark<WrittenTable>>,
    #[serde(default)]
    pub plant: Vec<Mark<WrittenPlant>>,
    #[serde(default)]
    pub expect: Vec<Mark<WrittenExpect>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenSample {
    pub company: Option<String>,
    pub months: Option<Mark<Vec<Mark<String>>>>,
    pub year: Option<Mark<i32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenTable {
    pub table: Option<Mark<String>>,
    pub monthly: Option<Mark<Value>>,
    pub once: Option<Mark<Value>>,
    pub rows: Option<Vec<Fields>>,
    pub each: Option<Mark<Value>>,
    pub times: Option<usize>,
    pub pick: Option<Mark<Value>>,
    pub months: Option<Vec<Mark<String>>>,
    #[serde(default)]
    pub hidden: bool,
    pub split: Option<bool>,
    pub book: Option<String>,
    pub title: Option<String>,
    #[serde(default)]
    pub headings: BTreeMap<String, Mark<String>>,
    #[serde(default)]
    pub fields: Fields,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPlant {
    pub table: Option<Mark<String>>,
    pub count: Option<Mark<Value>>,
    pub months: Option<Vec<Mark<String>>>,
    pub r#where: Option<Mark<Value>>,
    #[serde(default)]
    pub set: Fields,
    #[serde(default)]
    pub drop: bool,
    #[serde(default)]
    pub add: bool,
    #[serde(default)]
    pub finds: Vec<Mark<Value>>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenExpect {
    pub rule: Option<Mark<String>>,
    pub outcome: Option<Mark<String>>,
    pub subject: Option<Mark<String>>,
    pub months: Option<Vec<Mark<String>>>,
    #[serde(default)]
    pub note: String,
}
