//! `when` and `where`: which rows are meant.

use super::value::Value;

/// All of it holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Condition(pub Vec<(String, Test)>);

#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Any of these, as texts.
    Is(Vec<String>),
    IsNot(String),
    Present,
    Missing,
}

impl Condition {
    /// The error is a Chinese sentence.
    pub fn read(written: &toml::Value) -> Result<Self, String> {
        let toml::Value::Table(table) = written else { return Err("条件写作 { 字段 = 值 }".to_owned()) };
        table.iter().map(|(field, test)| Ok((field.clone(), Test::read(test)?))).collect::<Result<_, String>>().map(Self)
    }

    pub fn holds<E>(&self, mut value: impl FnMut(&str) -> Result<Value, E>) -> Result<bool, E> {
        for (field, test) in &self.0 {
            if !test.holds(&value(field)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Test {
    fn read(written: &toml::Value) -> Result<Self, String> {
        let one = |item: &toml::Value| match item {
            toml::Value::String(text) => Ok(text.clone()),
            other => Value::of(other).map(|value| value.text()).ok_or_else(|| "条件里只能写值".to_owned()),
        };
        match written {
            toml::Value::String(text) if text == "present" => Ok(Test::Present),
            toml::Value::String(text) if text == "missing" => Ok(Test::Missing),
            toml::Value::String(text) if text.starts_with("!=") => Ok(Test::IsNot(text[2..].trim().to_owned())),
            toml::Value::Array(items) => items.iter().map(one).collect::<Result<_, _>>().map(Test::Is),
            item => one(item).map(|text| Test::Is(vec![text])),
        }
    }

    fn holds(&self, value: &Value) -> bool {
        match self {
            Test::Is(texts) => texts.contains(&value.text()),
            Test::IsNot(text) => *text != value.text(),
            Test::Present => !value.is_blank(),
            Test::Missing => value.is_blank(),
        }
    }
}
