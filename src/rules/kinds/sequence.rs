//! Numbering: format, repeats, gaps, month or day, overflow.

use crate::rules::check::{Check, Use};
use crate::rules::written::{Mark, WrittenCondition, written_rule, written_version};
use crate::rules::{Condition, Dated};

#[derive(Debug, Clone)]
pub struct Sequence {
    pub dataset: String,
    pub scope: Condition,
    /// The field with the number.
    pub number: String,
    /// The date whose year and month (and day) the number carries; it also places the subject in a month.
    pub month_from: String,
    pub unit: Option<String>,
    pub person: Option<String>,
    pub templates: Dated<Numbering>,
}

/// `{yy}{mm}{seq:02}`, counted anew each month; with `{dd}`, each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    pub tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Text(String),
    /// Four digits of the year.
    Year4,
    /// Last two digits of the year.
    Year2,
    Month2,
    Day2,
    /// The running number from 1, at least so many digits; a larger number grows a digit.
    Sequence(usize),
}

written_rule! {
    WrittenSequence {
        #[schemars(required, description = "数据表")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "只看满足这些条件的行")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(required, description = "编号字段")]
        number: Option<Mark<String>>,
        #[schemars(required, description = "编号里的年月（日）取自哪个日期字段")]
        month_from: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenSequenceVersion>>,
    }
}

written_version! {
    WrittenSequenceVersion {
        #[schemars(required, description = "编号样式：{yyyy} {yy} {mm} {dd} {seq:02}，其余文字照写；写了 {dd} 就逐日从 1 起编")]
        template: Option<Mark<String>>,
    }
}

impl WrittenSequence {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Sequence> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let number = check.required_field(shape, &self.number, "number", Use::Text);
        let month_from = check.required_field(shape, &self.month_from, "month_from", Use::Moment);
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let templates = check.versions(&self.version, |check, version| {
            let template = check.required(&version.template, "template")?;
            check.parsed(template, str::parse)
        });
        Some(Sequence { dataset: shape.dataset.clone(), scope: scope?, number: number?, month_from: month_from?, unit, person, templates })
    }
}

impl std::str::FromStr for Numbering {
    type Err = String;

    /// The error is a Chinese sentence.
    fn from_str(template: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut rest = template;
        while !rest.is_empty() {
            let Some(begin) = rest.find('{') else {
                tokens.push(Token::Text(rest.to_owned()));
                break;
            };
            if begin > 0 {
                tokens.push(Token::Text(rest[..begin].to_owned()));
            }
            let end = rest.find('}').filter(|end| *end > begin).ok_or_else(|| format!("编号样式「{template}」的花括号没有配对"))?;
            tokens.push(token(&rest[begin + 1..end])?);
            rest = &rest[end + 1..];
        }
        match tokens.iter().filter(|token| matches!(token, Token::Sequence(_))).count() {
            1 => Ok(Self { tokens }),
            _ => Err(format!("编号样式「{template}」要有且只有一个流水号 {{seq:02}}")),
        }
    }
}

fn token(name: &str) -> Result<Token, String> {
    match name {
        "yyyy" => Ok(Token::Year4),
        "yy" => Ok(Token::Year2),
        "mm" => Ok(Token::Month2),
        "dd" => Ok(Token::Day2),
        "seq" => Ok(Token::Sequence(1)),
        _ => name
            .strip_prefix("seq:0")
            .and_then(|digits| digits.parse().ok())
            .filter(|digits| (1..=18).contains(digits))
            .map(Token::Sequence)
            .ok_or_else(|| format!("不认识编号样式 {{{name}}}，可用：{{yyyy}} {{yy}} {{mm}} {{dd}} {{seq:02}}")),
    }
}

impl std::fmt::Display for Numbering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tokens.iter().try_for_each(|token| match token {
            Token::Text(text) => f.write_str(text),
            Token::Year4 => f.write_str("{yyyy}"),
            Token::Year2 => f.write_str("{yy}"),
            Token::Month2 => f.write_str("{mm}"),
            Token::Day2 => f.write_str("{dd}"),
            Token::Sequence(digits) => write!(f, "{{seq:0{digits}}}"),
        })
    }
}

impl Numbering {
    /// It restarts each day, not each month.
    pub fn daily(&self) -> bool {
        self.tokens.contains(&Token::Day2)
    }

    /// `年两位＋月两位＋流水号 2 位`
    pub fn chinese(&self) -> String {
        let part = |token: &Token| match token {
            Token::Text(text) => format!("「{text}」"),
            Token::Year4 => "年四位".to_owned(),
            Token::Year2 => "年两位".to_owned(),
            Token::Month2 => "月两位".to_owned(),
            Token::Day2 => "日两位".to_owned(),
            Token::Sequence(digits) => format!("流水号 {digits} 位"),
        };
        self.tokens.iter().map(part).collect::<Vec<_>>().join("＋")
    }
}
