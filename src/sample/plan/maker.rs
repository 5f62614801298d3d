//! How one field is made, as a pack writes it.

use std::ops::Range;

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use toml::{Table, Value as Written};

use super::condition::{Condition, Test};
use super::span::{Lengths, Span};
use super::sum::Sum;
use super::text::{Ref, Text};
use super::value::Value;
use crate::diag::nearest;

/// The first way whose condition holds; blank where none does.
#[derive(Debug, Clone, PartialEq)]
pub struct Maker {
    pub ways: Vec<Way>,
    /// In the pack's file.
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub when: Condition,
    /// Of a hundred.
    pub blank: Option<Decimal>,
    pub make: Make,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Make {
    Plain(Plain),
    Choice { items: Vec<Plain>, weights: Vec<u32> },
    Cycle(Vec<Plain>),
    Day { days: Days, workday: bool, time: Option<Span<NaiveTime>>, month: i32 },
    Between { days: Span<NaiveDate>, workday: bool, time: Option<Span<NaiveTime>> },
    After { of: Ref, by: Lengths, workday: bool, time: Option<Span<NaiveTime>> },
    Time(Span<NaiveTime>),
    Number { span: Span<Decimal>, step: Decimal },
    Person(Pool),
    Customer(Pool),
    Calc { sum: Sum, round: Option<u32> },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    Value(Value),
    Text(Text),
}

/// Days of a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Days {
    Span(Span<u32>),
    Last,
    /// The day that the row is for.
    Each,
}

/// Which of the invented names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    First(usize),
    /// The next one for every row.
    Each,
}

/// The first key says what is made; the rest say more of it.
const KEYS: &[(&str, &[&str])] = &[
    ("choice", &["weights"]),
    ("cycle", &[]),
    ("day", &["workday", "time", "month"]),
    ("date", &["workday", "time"]),
    ("after", &["by", "workday", "time"]),
    ("int", &[]),
    ("decimal", &["step"]),
    ("money", &["step"]),
    ("percent", &["step"]),
    ("person", &[]),
    ("customer", &[]),
    ("calc", &["round"]),
    ("time", &[]),
];

impl Maker {
    /// The error is a Chinese sentence.
    pub fn read(written: &Written, span: Range<usize>) -> Result<Self, String> {
        let ways = match written {
            Written::Array(items) if items.iter().any(Written::is_table) => items.iter().map(Way::read).collect::<Result<_, _>>()?,
            Written::Array(items) => vec![Way::always(Make::Choice { items: plains(items)?, weights: vec![1; items.len()] })],
            other => vec![Way::read(other)?],
        };
        Ok(Self { ways, span })
    }

    /// Everything that it refers to.
    pub fn refs(&self) -> Vec<Ref> {
        self.ways.iter().flat_map(|way| way.refs()).collect()
    }
}

impl Way {
    fn always(make: Make) -> Self {
        Self { when: Condition::default(), blank: None, make }
    }

    fn read(written: &Written) -> Result<Self, String> {
        let Written::Table(table) = written else { return Plain::read(written).map(|plain| Self::always(Make::Plain(plain))) };
        let Some((main, more)) = KEYS.iter().find(|(main, _)| table.contains_key(*main)) else {
            return Err(format!("没有写怎么来，要有其中一个：{}", KEYS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("、")));
        };
        let allowed = || more.iter().chain([main, &"when", &"blank"]).copied();
        if let Some(wrong) = table.keys().find(|key| !allowed().any(|known| known == key.as_str())) {
            let near = nearest(wrong, allowed()).map(|near| format!("，是不是 {near}？")).unwrap_or_default();
            return Err(format!("{main} 里不认识的键「{wrong}」{near}这里可用：{}", allowed().collect::<Vec<_>>().join("、")));
        }
        let keys = Keys(table);
        let when = table.get("when").map(Condition::read).transpose()?.unwrap_or_default();
        let blank = keys.text("blank")?.map(|text| {
            text.strip_suffix('%')
                .and_then(|number| number.trim().parse().ok())
                .ok_or_else(|| format!("blank 写作 \"10%\"，不是「{text}」"))
        });
        Ok(Self { when, blank: blank.transpose()?, make: keys.make(main)? })
    }

    fn refs(&self) -> Vec<Ref> {
        let own = |field: &String| Ref { table: None, field: field.clone() };
        let mut refs: Vec<Ref> = self.when.0.iter().map(|(field, _): &(String, Test)| own(field)).collect();
        match &self.make {
            Make::Plain(plain) => refs.extend(plain.refs()),
            Make::Choice { items, .. } | Make::Cycle(items) => refs.extend(items.iter().flat_map(Plain::refs)),
            Make::After { of, .. } => refs.push(of.clone()),
            Make::Calc { sum, .. } => refs.extend(sum.refs().into_iter().cloned()),
            _ => {}
        }
        refs
    }
}

impl Plain {
    fn read(written: &Written) -> Result<Self, String> {
        match written {
            Written::String(text) if text.is_empty() => Ok(Plain::Value(Value::Blank)),
            Written::String(text) => Text::read(text).map(Plain::Text),
            other => Value::of(other).map(Plain::Value).ok_or_else(|| "这里只能写文字、数字、true/false 或日期".to_owned()),
        }
    }

    fn refs(&self) -> Vec<Ref> {
        match self {
            Plain::Value(_) => Vec::new(),
            Plain::Text(text) => text.refs().cloned().collect(),
        }
    }
}

fn plains(items: &[Written]) -> Result<Vec<Plain>, String> {
    match items.is_empty() {
        true => Err("至少要有一个值".to_owned()),
        false => items.iter().map(Plain::read).collect(),
    }
}

/// The keys of one inline table.
struct Keys<'t>(&'t Table);

impl Keys<'_> {
    fn make(&self, main: &str) -> Result<Make, String> {
        Ok(match main {
            "choice" => {
                let items = plains(self.list("choice")?)?;
                let weights = match self.0.get("weights") {
                    None => vec![1; items.len()],
                    Some(Written::Array(weights)) => {
                        let weight = |weight: &Written| weight.as_integer().and_then(|number| u32::try_from(number).ok());
                        weights.iter().map(weight).collect::<Option<Vec<u32>>>().unwrap_or_default()
                    }
                    Some(_) => Vec::new(),
                };
                if weights.len() != items.len() || weights.iter().sum::<u32>() == 0 {
                    return Err(format!("weights 要有 {} 个不小于 0 的整数，不全是 0", items.len()));
                }
                Make::Choice { items, weights }
            }
            "cycle" => Make::Cycle(plains(self.list("cycle")?)?),
            "day" => {
                let text = self.needed("day")?;
                let days = match text.as_str() {
                    "last" => Days::Last,
                    "each" => Days::Each,
                    text => Span::parse(text)
                        .filter(|span| span.low >= 1 && span.high <= 31)
                        .map(Days::Span)
                        .ok_or_else(|| format!("day 写作 \"1..20\"、\"5\"、\"last\" 或 \"each\"，不是「{text}」"))?,
                };
                let month = self.whole("month")?.unwrap_or(0);
                let month = i32::try_from(month).map_err(|_| "month 写作 -1（上个月）".to_owned())?;
                Make::Day { days, workday: self.flag("workday")?, time: self.times()?, month }
            }
            "date" => {
                let text = self.needed("date")?;
                let days = Span::parse(&text).ok_or_else(|| format!("date 写作 \"2025-01-01..2025-12-31\"，不是「{text}」"))?;
                Make::Between { days, workday: self.flag("workday")?, time: self.times()? }
            }
            "after" => {
                let of = Ref::read(&self.needed("after")?);
                let by = self.text("by")?.unwrap_or_else(|| "0d".to_owned());
                let by =
                    Lengths::read(&by).ok_or_else(|| format!("by 写作 \"1d..3d\"、\"2h..20h\"、\"3wd\" 或 \"-2d..0d\"，不是「{by}」"))?;
                Make::After { of, by, workday: self.flag("workday")?, time: self.times()? }
            }
            "time" => Make::Time(self.times()?.ok_or("time 是空的")?),
            "int" => Make::Number { span: self.numbers("int")?, step: Decimal::ONE },
            "decimal" => Make::Number { span: self.numbers("decimal")?, step: self.step(Decimal::new(1, 1))? },
            "money" => Make::Number { span: self.numbers("money")?, step: self.step(Decimal::new(1, 2))? },
            "percent" => Make::Number { span: self.numbers("percent")?, step: self.step(Decimal::ONE)? },
            "person" => Make::Person(self.pool("person")?),
            "customer" => Make::Customer(self.pool("customer")?),
            _ => {
                let round = self.whole("round")?.map(|round| u32::try_from(round).map_err(|_| "round 是小数位数".to_owned()));
                Make::Calc { sum: Sum::read(&self.needed("calc")?)?, round: round.transpose()? }
            }
        })
    }

    /// A text, or a number written without quotes.
    fn text(&self, key: &str) -> Result<Option<String>, String> {
        match self.0.get(key) {
            None => Ok(None),
            Some(Written::String(text)) => Ok(Some(text.clone())),
            Some(Written::Integer(number)) => Ok(Some(number.to_string())),
            Some(Written::Datetime(at)) => Ok(Some(at.to_string())),
            Some(_) => Err(format!("{key} 的值要加引号")),
        }
    }

    fn needed(&self, key: &str) -> Result<String, String> {
        self.text(key)?.ok_or_else(|| format!("缺少 {key}"))
    }

    fn list(&self, key: &str) -> Result<&[Written], String> {
        self.0.get(key).and_then(Written::as_array).map(Vec::as_slice).ok_or_else(|| format!("{key} 要写成列表 [ … ]"))
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        match self.0.get(key) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| format!("{key} 写 true 或 false")),
        }
    }

    fn whole(&self, key: &str) -> Result<Option<i64>, String> {
        match self.0.get(key) {
            None => Ok(None),
            Some(value) => value.as_integer().map(Some).ok_or_else(|| format!("{key} 要是整数")),
        }
    }

    fn times(&self) -> Result<Option<Span<NaiveTime>>, String> {
        let read = |text: String| Span::times(&text).ok_or_else(|| format!("time 写作 \"08:30..17:30\" 或 \"10:00\"，不是「{text}」"));
        self.text("time")?.map(read).transpose()
    }

    fn numbers(&self, key: &str) -> Result<Span<Decimal>, String> {
        let text = self.needed(key)?;
        Span::parse(&text).ok_or_else(|| format!("{key} 写作 \"1..100\"，不是「{text}」"))
    }

    fn step(&self, otherwise: Decimal) -> Result<Decimal, String> {
        let read = |text: String| {
            text.parse().ok().filter(|step: &Decimal| *step > Decimal::ZERO).ok_or_else(|| format!("step 要大于 0，不是「{text}」"))
        };
        Ok(self.text("step")?.map(read).transpose()?.unwrap_or(otherwise))
    }

    fn pool(&self, key: &str) -> Result<Pool, String> {
        match self.needed(key)?.as_str() {
            "each" => Ok(Pool::Each),
            text => match text.parse() {
                Ok(0) | Err(_) => Err(format!("{key} 写人数，或 \"each\"，不是「{text}」")),
                Ok(count) => Ok(Pool::First(count)),
            },
        }
    }
}
