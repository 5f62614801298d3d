//! Who is sent what: an office by name, or every unit its own part.

use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::shape::Shape;
use crate::rules::written::Mark;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentTo {
    /// `会计`: the whole.
    Office(String),
    /// `{责任部门}`: each unit the rows in which this field names it.
    Each(String),
}

impl SentTo {
    /// The field that names the units.
    pub fn field(&self) -> Option<&str> {
        match self {
            SentTo::Office(_) => None,
            SentTo::Each(field) => Some(field),
        }
    }
}

/// The name between braces, where there are some.
pub(super) fn braced(text: &str) -> Option<&str> {
    text.trim().strip_prefix('{')?.strip_suffix('}').map(str::trim)
}

/// `send = ["会计", "{责任部门}"]` of a rule over rows of `shape`.
pub(super) fn check(check: &mut Check<'_>, shape: &Shape, names: &[Mark<String>]) -> Vec<SentTo> {
    let mut sent = Vec::new();
    for name in names {
        match braced(name) {
            None if name.trim().is_empty() => check.error(Code::RuleValue, name.span(), "送给谁不能空着"),
            None => sent.push(SentTo::Office(name.trim().to_owned())),
            Some(field) => match shape.field(field) {
                Some(found) if Use::Text.takes(found) => sent.push(SentTo::Each(field.to_owned())),
                Some(_) => check.error(Code::RuleFieldType, name.span(), format!("字段「{field}」不是文字，不能当部门用")),
                None => {
                    let message = format!("数据表「{}」没有字段「{field}」", shape.dataset);
                    check.error_with(Code::RuleFieldUnknown, name.span(), message, "花括号里写部门所在的字段，如 \"{责任部门}\"");
                }
            },
        }
    }
    sent
}
