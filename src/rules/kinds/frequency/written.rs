//! A frequency rule as written, and its checks.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Age, Ask, EventSource, Events, Frequency, Subjects, Trigger, Window, Within};
use crate::diag::Code;
use crate::rules::check::{Check, Use};
use crate::rules::kinds::deadline::{DeadlineNotices, WrittenNotices};
use crate::rules::kinds::link::{WrittenLink, WrittenOn};
use crate::rules::shape::Shape;
use crate::rules::text_or::TextOr;
use crate::rules::written::{Mark, WrittenCondition, WrittenTexts, written_rule, written_version};
use crate::rules::{Condition, Every, FieldType, Quantity, Unit};

written_rule! {
    WrittenFrequency {
        #[schemars(required, description = "对象所在的数据表：一行一个对象，或用 by 取其中的值")]
        dataset: Option<Mark<String>>,
        #[schemars(description = "哪些行是对象")]
        r#where: Option<Mark<WrittenCondition>>,
        #[schemars(description = "条件格写不出来时用的 SQL 条件")]
        where_sql: Option<Mark<String>>,
        #[schemars(description = "这些字段的每个值（组合）是一个对象")]
        #[serde(default)]
        by: Vec<Mark<String>>,
        #[schemars(description = "by 只有一个字段时，只看这些值，表里没有也算")]
        #[serde(default)]
        values: Vec<Mark<String>>,
        #[schemars(description = "只有一个对象，不分人不分户，这是它的名称")]
        name: Option<Mark<String>>,
        #[schemars(description = "对象从哪天起算（交付、入住、入职），年限也从它算")]
        since: Option<Mark<String>>,
        #[schemars(description = "对象到哪天为止，空着表示还在")]
        until: Option<Mark<String>>,
        #[schemars(description = "触发日期字段，从它往后数")]
        after: Option<Mark<String>>,
        #[schemars(description = "触发日期字段，从它往前数")]
        before: Option<Mark<String>>,
        #[schemars(description = "对象只占一期的一部分：owed 也要做；不写则这一期不适用")]
        partial: Option<Mark<String>>,
        #[schemars(description = "责任部门字段")]
        unit: Option<Mark<String>>,
        #[schemars(description = "责任人字段")]
        person: Option<Mark<String>>,
        #[schemars(description = "制度指定的责任部门，没有字段写明时用")]
        owner: Option<Mark<String>>,
        #[schemars(description = "通知单：open 到期没有做够用")]
        notice: Option<WrittenNotices>,
        #[schemars(required, description = "什么算一次")]
        events: Option<Mark<WrittenEvents>>,
        #[schemars(description = "按日期排列的版本")]
        #[serde(default)]
        version: Vec<Mark<WrittenFrequencyVersion>>,
    }
}

written_version! {
    WrittenFrequencyVersion {
        #[schemars(required, description = "要求表：先按 age 分段，每段里用第一个适用的行")]
        #[serde(default)]
        rows: Vec<Mark<WrittenAsk>>,
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenEvents {
    #[schemars(description = "登记次数的数据表；不写就是对象那张表")]
    pub dataset: Option<Mark<String>>,
    #[schemars(description = "对象与这张表对应的字段；同一张表时不写")]
    pub on: Option<Mark<WrittenOn>>,
    #[schemars(description = "哪些行算数")]
    pub r#where: Option<Mark<WrittenCondition>>,
    #[schemars(description = "条件格写不出来时用的 SQL 条件")]
    pub where_sql: Option<Mark<String>>,
    #[schemars(description = "日期字段；不写用数据表的 at；次数就在对象那一行里的，列出那几个日期字段")]
    pub at: Option<Mark<WrittenTexts>>,
    #[schemars(description = "这些字段都相同的行是同一次，只算第一行")]
    pub once: Option<Mark<WrittenTexts>>,
    #[schemars(description = "一行记几次的整数字段；不写一行算一次")]
    pub sum: Option<Mark<String>>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenAsk {
    #[schemars(description = "对象的条件；不写则总适用")]
    pub when: Option<Mark<WrittenCondition>>,
    #[schemars(description = "按 since 算的年限：<= 1y、> 1y、(1y..3y]")]
    pub age: Option<Mark<String>>,
    #[schemars(description = "每期：day workday week month quarter half-year year holiday holiday-block，或 ?参数名")]
    pub every: Option<Mark<String>>,
    #[schemars(description = "只在这些月份，如 [12]；只用于 every = \"month\"")]
    #[serde(default)]
    pub months: Vec<Mark<u32>>,
    #[schemars(description = "触发后多久以内：1d 24h 3wd 1mo、month-end、next-month-end、quarter-end、year-end，或 ?参数名")]
    pub within: Option<Mark<String>>,
    #[schemars(description = "触发后隔多久才算数，如 1d")]
    pub not_before: Option<Mark<String>>,
    #[schemars(description = "相隔最久多少，如 30d，或 ?参数名")]
    pub gap: Option<Mark<String>>,
    #[schemars(description = "至少几次，或 \"?参数名\"")]
    pub at_least: Option<Mark<TextOr<u32>>>,
    #[schemars(description = "至多几次，或 \"?参数名\"")]
    pub at_most: Option<Mark<TextOr<u32>>>,
}

/// Which fields the windows can be counted from.
struct Anchors {
    since: bool,
    trigger: Option<Trigger>,
    /// Trigger and events have a time of day.
    timed: bool,
}

impl WrittenFrequency {
    pub fn check(&self, check: &mut Check<'_>) -> Option<Frequency> {
        let shape = check.dataset(&self.dataset)?;
        let scope = check.scope(shape, &self.r#where, &self.where_sql);
        let subjects = self.subjects(check, shape);
        let since = check.optional_field(shape, &self.since, Use::Moment);
        let until = check.optional_field(shape, &self.until, Use::Moment);
        let trigger = self.trigger(check, shape);
        let owes_partial = self.partial.as_ref().and_then(|word| check.word(word, &[("owed", true), ("not_applicable", false)]));
        let unit = check.optional_field(shape, &self.unit, Use::Text);
        let person = check.optional_field(shape, &self.person, Use::Text);
        let notices = self.notice.as_ref().map_or_else(DeadlineNotices::default, |notice| notice.check(check));
        let events = match (check.required(&self.events, "events"), &subjects) {
            (Some(events), Some(subjects)) => events.check(check, shape, subjects),
            _ => None,
        };
        let is_timed = |shape: &Shape, field: &str| shape.field(field).is_some_and(|field| field.ty == FieldType::Datetime);
        let events_timed = events.as_ref().is_some_and(|events| match &events.source {
            EventSource::Own(fields) => fields.iter().all(|field| is_timed(shape, field)),
            EventSource::Rows { at, .. } => check.shapes.get(&events.dataset).is_some_and(|shape| is_timed(shape, at)),
        });
        let timed = events_timed && trigger.as_ref().is_some_and(|trigger| is_timed(shape, &trigger.field));
        let anchors = Anchors { since: since.is_some(), trigger: trigger.clone(), timed };
        let asks = check.versions(&self.version, |check, version| {
            if version.rows.is_empty() && !check.maimed {
                let help = "请写 rows = [{ every = \"month\", at_least = 1 }]";
                check.error_with(Code::RuleSyntax, version.span(), "这个版本没有写多少次", help);
            }
            let rows = check.rows(&version.rows, |check, row| row.check(check, shape, &anchors, row))?;
            ages_apart(check, &version.rows, &rows);
            Some(rows)
        });
        Some(Frequency {
            dataset: shape.dataset.clone(),
            scope: scope?,
            subjects: subjects?,
            since,
            until,
            trigger,
            owes_partial: owes_partial.unwrap_or(false),
            unit,
            person,
            owner: self.owner.as_ref().map(|owner| owner.to_string()),
            notices,
            events: events?,
            asks,
        })
    }

    fn subjects(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Subjects> {
        if let Some(name) = &self.name {
            let unused = [&self.since, &self.until, &self.after, &self.before, &self.unit, &self.person, &self.where_sql];
            let marks = unused.into_iter().flatten().map(Mark::span).chain(self.r#where.as_ref().map(Mark::span));
            for span in marks.chain(self.by.iter().map(Mark::span)).collect::<Vec<_>>() {
                check.error_with(
                    Code::RuleSyntax,
                    span,
                    "写了 name 就只有一个对象，没有自己的行",
                    "哪些行算数写在 events.where，责任部门写 owner",
                );
            }
            return Some(Subjects::One(name.to_string()));
        }
        if self.by.is_empty() {
            if let Some(value) = self.values.first() {
                check.error_with(Code::RuleSyntax, value.span(), "values 要和 by 一起写", "写作 by = [\"片区\"]");
            }
            return Some(Subjects::Rows);
        }
        for trigger in [&self.after, &self.before].into_iter().flatten() {
            check.error(Code::RuleSyntax, trigger.span(), "一行一个对象才有触发日期；写了 by 就不能写 after、before");
        }
        let fields = check.fields(shape, &self.by, Use::Text);
        if let (Some(value), true) = (self.values.first(), self.by.len() > 1) {
            check.error(Code::RuleSyntax, value.span(), "values 只能用于一个字段的 by");
        }
        let whole = fields.len() == self.by.len();
        let values = self.values.iter().map(|value| value.to_string()).collect();
        whole.then_some(Subjects::By { fields, values })
    }

    fn trigger(&self, check: &mut Check<'_>, shape: &Shape) -> Option<Trigger> {
        if let (Some(_), Some(before)) = (&self.after, &self.before) {
            check.error(Code::RuleSyntax, before.span(), "after 与 before 只能写一种");
        }
        let field = check.optional_field(shape, if self.after.is_some() { &self.after } else { &self.before }, Use::Moment)?;
        Some(Trigger { field, ahead: self.after.is_none() })
    }
}

impl Mark<WrittenEvents> {
    fn check(&self, check: &mut Check<'_>, own: &Shape, subjects: &Subjects) -> Option<Events> {
        let other = match &self.dataset {
            Some(name) => check.dataset_named(name)?,
            None => check.shapes.get(&own.dataset)?,
        };
        let scope = check.scope(other, &self.r#where, &self.where_sql);
        let sum = match &self.sum {
            Some(name) => Some(whole_number(check, other, name)?),
            None => None,
        };
        let once = self.once.as_ref().map(Mark::texts).unwrap_or_default();
        let once = check.fields(other, &once, Use::Any);
        let elsewhere = self.dataset.as_ref().is_some_and(|name| name.as_str() != own.dataset);
        let source = match subjects {
            Subjects::Rows if self.on.is_none() && !elsewhere => self.of_own_row(check, own)?,
            _ => EventSource::Rows { on: self.on(check, own, subjects, elsewhere)?, at: self.at(check, other)? },
        };
        Some(Events { dataset: other.dataset.clone(), source, scope: scope?, once, sum })
    }

    /// Dates in the subject's own row.
    fn of_own_row(&self, check: &mut Check<'_>, own: &Shape) -> Option<EventSource> {
        let texts = [&self.sum, &self.where_sql].map(|text| text.as_ref().map(Mark::span));
        let unused = texts.into_iter().chain([self.r#where.as_ref().map(Mark::span), self.once.as_ref().map(Mark::span)]);
        for span in unused.flatten().collect::<Vec<_>>() {
            check.error_with(
                Code::RuleSyntax,
                span,
                "次数在对象自己的行里，一个日期算一次，不写 where、sum 与 once",
                "次数登记在别的行里，请写 on",
            );
        }
        let at = check.required(&self.at, "events.at")?.texts();
        let fields = check.fields(own, &at, Use::Moment);
        (fields.len() == at.len() && !fields.is_empty()).then_some(EventSource::Own(fields))
    }

    fn on(&self, check: &mut Check<'_>, own: &Shape, subjects: &Subjects, elsewhere: bool) -> Option<Vec<(String, String)>> {
        match (subjects, &self.on) {
            (Subjects::One(_), None) => Some(Vec::new()),
            (Subjects::One(_), Some(on)) => {
                check.error(Code::RuleSyntax, on.span(), "只有一个对象，不用 on");
                None
            }
            (Subjects::By { fields, .. }, None) if !elsewhere => Some(fields.iter().map(|field| (field.clone(), field.clone())).collect()),
            _ => {
                let dataset = Some(self.dataset.clone().unwrap_or_else(|| Mark::new(self.span(), own.dataset.clone())));
                let (link, _) = WrittenLink { dataset: &dataset, on: &self.on, scope: &None }.check(check, own)?;
                if let (Subjects::By { fields, .. }, Some(on)) = (subjects, &self.on)
                    && let Some((field, _)) = link.on.iter().find(|(own, _)| !fields.contains(own))
                {
                    check.error(Code::RuleSyntax, on.span(), format!("「{field}」不在 by 里，对不上对象"));
                    return None;
                }
                Some(link.on)
            }
        }
    }

    /// The field with the date of an event, or the dataset's own.
    fn at(&self, check: &mut Check<'_>, other: &Shape) -> Option<String> {
        let Some(at) = &self.at else {
            if other.at.is_none() {
                let message = format!("数据表「{}」没有写按哪个日期归月，events 要写 at", other.dataset);
                check.error_with(Code::RuleSyntax, self.span(), message, "写作 at = \"日期字段\"");
            }
            return other.at.clone();
        };
        match at.texts().as_slice() {
            [one] => check.field(other, one, Use::Moment),
            _ => {
                check.error(Code::RuleSyntax, at.span(), "别的行里登记的次数，at 只写一个日期字段");
                None
            }
        }
    }
}

fn whole_number(check: &mut Check<'_>, shape: &Shape, name: &Mark<String>) -> Option<String> {
    let field = check.field(shape, name, Use::Amount)?;
    if shape.field(&field).is_some_and(|field| field.ty != FieldType::Int) {
        check.error(Code::RuleFieldType, name.span(), format!("字段「{field}」不是整数，不能作次数"));
        return None;
    }
    Some(field)
}

impl WrittenAsk {
    fn check(&self, check: &mut Check<'_>, shape: &Shape, anchors: &Anchors, row: &Mark<Self>) -> Option<Ask> {
        let when: Option<Condition> = check.condition(shape, &self.when);
        let age = match &self.age {
            Some(text) => Some(check.parsed(text, str::parse::<Age>)?),
            None => None,
        };
        if let (Some(text), false) = (&self.age, anchors.since) {
            check.error_with(Code::RuleSyntax, text.span(), "写了 age，规则要写 since", "since = \"交付日期\"");
        }
        let least = self.at_least.as_ref().map(|number| times(check, number, 1));
        let most = self.at_most.as_ref().map(|number| times(check, number, 0));
        let window = self.window(check, anchors, row);
        if let Some(number) = self.at_least.as_ref().or(self.at_most.as_ref()).filter(|_| self.gap.is_some()) {
            check.error(Code::RuleSyntax, number.span(), "gap 只管相隔多久，不写次数");
        }
        if self.gap.is_none() && self.at_least.is_none() && self.at_most.is_none() && !check.maimed {
            check.error_with(Code::RuleSyntax, row.span(), "没有写多少次", "写 at_least = 1 或 at_most = 3");
        }
        let least = match least {
            Some(least) => Some(least?),
            None => self.gap.is_some().then_some(1),
        };
        let most = match most {
            Some(most) => Some(most?),
            None => None,
        };
        if let (Some(least), Some(most), Some(number)) = (least, most, &self.at_most)
            && least > most
        {
            check.error(Code::RuleValue, number.span(), format!("至少 {least} 次，至多 {most} 次，永远做不到"));
        }
        Some(Ask { when: when?, age, window: window?, least, most, span: row.span() })
    }

    fn window(&self, check: &mut Check<'_>, anchors: &Anchors, row: &Mark<Self>) -> Option<Window> {
        let written = [&self.every, &self.within, &self.gap].into_iter().flatten().count();
        if written != 1 {
            if !check.maimed {
                check.error(Code::RuleSyntax, row.span(), "every、within、gap 要写且只写一种");
            }
            return None;
        }
        if let Some(every) = &self.every {
            let every = check.open_word(every, Every::WORDS);
            let months = check.months(every, &self.months);
            return Some(Window::Every { every: every?, months });
        }
        if let Some(gap) = &self.gap {
            let length = check.quantity(gap)?;
            if !by_day(&length) {
                check.error(Code::RuleValue, gap.span(), "gap 的单位用 d、wd、mo、q、y");
            }
            return Some(Window::Gap(length));
        }
        let text = self.within.as_ref()?;
        let Some(trigger) = &anchors.trigger else {
            check.error_with(Code::RuleSyntax, text.span(), "写了 within，规则要写触发日期", "after = \"离店日期\"");
            return None;
        };
        let within = check.parsed(text, |text| {
            let end = Within::ENDS.iter().find(|(word, ..)| *word == text);
            match end {
                Some((_, every, later, _)) => Ok(Within::End { every: *every, later: *later }),
                None => text
                    .parse::<Quantity>()
                    .map(Within::Length)
                    .map_err(|why| format!("{why}；或 month-end、next-month-end、quarter-end、year-end")),
            }
        })?;
        let not_before = match &self.not_before {
            Some(text) => Some(check.quantity(text)?),
            None => None,
        };
        let lengths = match within {
            Within::Length(length) => vec![length],
            Within::End { .. } => Vec::new(),
        };
        for length in lengths.iter().chain(&not_before) {
            if !by_day(length) && !anchors.timed {
                check.error(Code::RuleFieldType, text.span(), "按钟点计的，触发时间与登记时间都要是 datetime 字段");
            }
            if trigger.ahead && matches!(length.unit, Unit::WorkDay | Unit::WorkHour) {
                check.error(Code::RuleValue, text.span(), "往前数不能用工作日、工作小时");
            }
        }
        if trigger.ahead && lengths.is_empty() {
            check.error(Code::RuleValue, text.span(), "往前数要写多久，如 3d");
        }
        Some(Window::Within { within, not_before })
    }
}

/// Due at the end of a day.
fn by_day(length: &Quantity) -> bool {
    match length.unit {
        Unit::Minute | Unit::Hour | Unit::WorkHour => false,
        Unit::Day => length.amount.fract().is_zero(),
        Unit::WorkDay | Unit::Month | Unit::Quarter | Unit::Year => true,
    }
}

fn times(check: &mut Check<'_>, written: &Mark<TextOr<u32>>, least: u32) -> Option<u32> {
    let number = match &**written {
        TextOr::Other(number) => *number,
        TextOr::Text(text) => {
            let read = |text: &str| text.trim().parse::<u32>().map_err(|_| format!("读不懂次数「{text}」，要一个整数"));
            check.parsed(&Mark::new(written.span(), text.clone()), read)?
        }
    };
    if number < least {
        check.error(Code::RuleValue, written.span(), "至少的次数从 1 起");
        return None;
    }
    Some(number)
}

/// Rows with an age ask at different ages, or all at the same.
fn ages_apart(check: &mut Check<'_>, written: &[Mark<WrittenAsk>], rows: &[Ask]) {
    let Some(first) = rows.iter().find_map(|row| row.age) else { return };
    for (row, mark) in rows.iter().zip(written) {
        let Some(age) = row.age else {
            let help = format!("例如 age = \"<= 1y\"；别的行写了「{first}」");
            check.error_with(Code::RuleSyntax, mark.span(), "有一行写了 age，每一行都要写", help);
            continue;
        };
        if let Some(other) = rows.iter().filter_map(|row| row.age).find(|other| *other != age && other.overlaps(&age)) {
            check.error(Code::RuleValue, mark.span(), format!("年限「{age}」与「{other}」重叠"));
        }
    }
}
