//! What all rule kinds share on the way from written to checked: references, fields, conditions, dated versions,
//! open parameters. Every problem is pushed; a check that returns `None` has said why.

use std::ops::Range;

use chrono::NaiveDate;

use super::cell;
use super::params::{Param, SuppliedParam};
use super::shape::{Shape, ShapeField, Shapes};
use super::source::SourceFile;
use super::sql;
use super::written::{HasVersion, Mark, WrittenCondition, WrittenDay, WrittenTest};
use super::{Cite, Condition, Dated, Every, Formula, PolicySource, Quantity, Version};
use crate::diag::{Code, Diag, Diags, Place, nearest};

/// A rule as other rules refer to it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub kind: &'static str,
    /// For notices.
    pub form: Option<String>,
    /// A notice whose lines are rows of a dataset.
    pub lists: bool,
    /// Where each verdict is about one row of it.
    pub dataset: Option<String>,
    /// The dataset that it judges, row by row or in sums; a list of its verdicts stands beside it.
    pub reads: Option<String>,
    /// The field that names the unit, of rules whose books are divided among units.
    pub unit: Option<String>,
}

/// A rule that a pack inherits no more.
#[derive(Debug, Clone)]
pub struct Gone {
    pub id: String,
    pub kind: &'static str,
    /// For notices.
    pub form: Option<String>,
    /// The field that a `derive` made.
    pub field: Option<String>,
    /// The pack that switched it off.
    pub by: String,
}

/// Looks at one rule of one pack.
pub struct Check<'a> {
    pub file: &'a SourceFile,
    pub pack: &'a str,
    pub sources: &'a [PolicySource],
    pub shapes: &'a Shapes,
    pub entries: &'a [Entry],
    /// What the pack switched off of the pack that it extends.
    pub gone: &'a [Gone],
    pub params: &'a [Param],
    pub diags: &'a mut Diags,
    /// The rule's id, and where it or else the rule stands.
    pub rule: String,
    pub span: Range<usize>,
    /// Something of the rule could not be read; that a key is absent is then no news.
    pub maimed: bool,
    /// The day whose parameters are looked up; none outside versions, where nothing can change with a parameter.
    pub day: Option<NaiveDate>,
    /// Open parameters asked for on that day and not found.
    pub open: Vec<String>,
    /// Whether the version that is looked at asks for a parameter at all.
    pub asks: bool,
    /// All names asked for.
    pub asked: Vec<String>,
    pub missing: Vec<String>,
    pub supplied: Vec<SuppliedParam>,
    pub cites: Vec<Cite>,
}

/// What a field has to be for its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Any,
    Moment,
    Amount,
    Text,
    Percent,
}

impl Use {
    pub fn takes(self, field: &ShapeField) -> bool {
        use super::FieldType as T;
        match self {
            Use::Any => true,
            Use::Moment => matches!(field.ty, T::Date | T::Datetime),
            Use::Amount => matches!(field.ty, T::Money | T::Decimal | T::Int),
            Use::Text => matches!(field.ty, T::Text | T::OneOf),
            Use::Percent => matches!(field.ty, T::Percent | T::Decimal | T::Money | T::Int),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Use::Any => "任意",
            Use::Moment => "日期或日期时间",
            Use::Amount => "金额或数字",
            Use::Text => "文字或枚举",
            Use::Percent => "百分比或数字",
        }
    }
}

impl<'a> Check<'a> {
    pub fn push(&mut self, diag: Diag) {
        if !self.diags.iter().any(|known| *known == diag) {
            self.diags.push(diag);
        }
    }

    pub fn error(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) {
        let diag = Diag::error(code, message).at(self.file.place(span));
        self.push(diag);
    }

    pub fn error_with(&mut self, code: Code, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let diag = Diag::error(code, message).at(self.file.place(span)).help(help);
        self.push(diag);
    }

    /// A key that must be there.
    pub fn required<'m, T>(&mut self, value: &'m Option<Mark<T>>, key: &str) -> Option<&'m Mark<T>> {
        if value.is_none() && !self.maimed {
            let (rule, span) = (self.rule.clone(), self.span.clone());
            self.error_with(Code::RuleSyntax, span, format!("规则「{rule}」缺少 {key}"), format!("请补上一行 {key} = …"));
        }
        value.as_ref()
    }

    pub fn dataset(&mut self, name: &Option<Mark<String>>) -> Option<&'a Shape> {
        let name = self.required(name, "dataset")?;
        self.dataset_named(name)
    }

    pub fn dataset_named(&mut self, name: &Mark<String>) -> Option<&'a Shape> {
        let found = self.shapes.get(name);
        if found.is_none() {
            let known: Vec<&str> = self.shapes.0.iter().map(|s| s.dataset.as_str()).collect();
            self.dangling(Code::RuleDangling, name, "没有数据表", &known);
        }
        found
    }

    /// A name whose rule was switched off by the pack or one that it extends; whether it was said.
    fn switched_off(&mut self, name: &str, span: Range<usize>, what: &str, is_it: impl Fn(&Gone) -> bool) -> bool {
        let Some(gone) = self.gone.iter().find(|gone| is_it(gone)) else { return false };
        let message = format!("{what}「{}」所在的规则「{}」已在规则包 {} 停用", name, gone.id, gone.by);
        let help = format!("在 {} 的 [[off]] 里一并停用规则「{}」，或在那里改写它", self.pack, self.rule);
        self.error_with(Code::RuleDangling, span, message, help);
        true
    }

    /// A name that does not exist, with the nearest and the list.
    pub fn dangling(&mut self, code: Code, name: &Mark<String>, what: &str, known: &[&str]) {
        self.dangling_at(code, name, name.span(), what, known);
    }

    fn dangling_at(&mut self, code: Code, name: &str, span: Range<usize>, what: &str, known: &[&str]) {
        let near = nearest(name, known.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
        let list = if known.is_empty() { "现在一个也没有".to_owned() } else { format!("现有：{}", known.join("、")) };
        self.error_with(code, span, format!("{what}「{name}」"), format!("{near}{list}"));
    }

    pub fn field(&mut self, shape: &Shape, name: &Mark<String>, wanted: Use) -> Option<String> {
        self.field_named(shape, name, name.span(), wanted)
    }

    /// A field whose name is part of a text.
    pub fn field_named(&mut self, shape: &Shape, name: &str, span: Range<usize>, wanted: Use) -> Option<String> {
        let Some(field) = shape.field(name) else {
            if self.switched_off(name, span.clone(), "字段", |gone| gone.field.as_deref() == Some(name)) {
                return None;
            }
            let known: Vec<&str> = shape.fields.iter().map(|f| f.name.as_str()).collect();
            self.dangling_at(Code::RuleFieldUnknown, name, span, &format!("数据表「{}」没有字段", shape.dataset), &known);
            return None;
        };
        if !wanted.takes(field) {
            let (is, wants) = (cell::type_title(field.ty), wanted.title());
            self.error(Code::RuleFieldType, span, format!("字段「{}」是{is}，这里要{wants}", field.name));
            return None;
        }
        Some(field.name.clone())
    }

    pub fn required_field(&mut self, shape: &Shape, name: &Option<Mark<String>>, key: &str, wanted: Use) -> Option<String> {
        let name = self.required(name, key)?;
        self.field(shape, name, wanted)
    }

    pub fn optional_field(&mut self, shape: &Shape, name: &Option<Mark<String>>, wanted: Use) -> Option<String> {
        self.field(shape, name.as_ref()?, wanted)
    }

    pub fn fields(&mut self, shape: &Shape, names: &[Mark<String>], wanted: Use) -> Vec<String> {
        names.iter().filter_map(|name| self.field(shape, name, wanted)).collect()
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, word: &Mark<String>, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == word.as_str()).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let near = nearest(word, names.iter().copied()).map(|near| format!("是不是 {near}？")).unwrap_or_default();
            let message = format!("不认识的取值「{}」", word.as_str());
            self.error_with(Code::RuleValue, word.span(), message, format!("{near}可用：{}", names.join("、")));
        }
        found
    }

    /// One of a few words, or what a parameter says.
    pub fn open_word<T: Copy>(&mut self, text: &Mark<String>, known: &[(&str, T)]) -> Option<T> {
        if !text.starts_with('?') {
            return self.word(text, known);
        }
        self.parsed(text, |word| {
            let found = known.iter().find(|(name, _)| *name == word.trim()).map(|(_, value)| *value);
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            found.ok_or_else(|| format!("不认识的取值「{word}」，可用：{}", names.join("、")))
        })
    }

    /// The fields whose columns switch the rule on: of its own dataset, or of another one as `数据表.字段`.
    pub fn when_columns(&mut self, names: &[Mark<String>], dataset: Option<String>) -> Vec<String> {
        let Some(first) = names.first() else { return Vec::new() };
        match dataset.map(|name| self.shapes.get(&name)) {
            Some(Some(shape)) => names.iter().filter_map(|name| self.column_named(shape, name)).collect(),
            // that the dataset does not exist is said where it is named
            Some(None) => Vec::new(),
            None => {
                self.error_with(Code::RuleSyntax, first.span(), "这条规则不看数据表，不能写 when_columns", "去掉 when_columns");
                Vec::new()
            }
        }
    }

    fn column_named(&mut self, own: &Shape, name: &Mark<String>) -> Option<String> {
        let Some((dataset, field)) = name.split_once('.') else { return self.field(own, name, Use::Any) };
        let marked = |text: &str| Mark::new(name.span(), text.to_owned());
        let other = self.dataset_named(&marked(dataset))?;
        self.field(other, &marked(field), Use::Any).map(|_| name.to_string())
    }

    /// A text as written, or what a parameter says instead of `?name`; `None` while that is open.
    pub fn open(&mut self, text: &Mark<String>) -> Option<String> {
        let Some(name) = text.strip_prefix('?') else { return Some(text.to_string()) };
        self.open_named(name.trim(), text.span())
    }

    /// A text read with `read`; an error is placed at the text, or at the parameter that stands for it.
    pub fn parsed<T>(&mut self, text: &Mark<String>, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.open(text)?;
        match read(&value) {
            Ok(value) => Some(value),
            Err(message) => {
                let diag = Diag::error(Code::RuleValue, message);
                let place = self.place_of(text);
                self.push(diag.at(place));
                None
            }
        }
    }

    fn place_of(&self, text: &Mark<String>) -> Place {
        let name = text.strip_prefix('?').map(str::trim);
        let param = self
            .params
            .iter()
            .filter(|p| p.pack == self.pack && p.rule == self.rule && Some(p.name.as_str()) == name && Some(p.from) <= self.day);
        match param.max_by_key(|p| p.from) {
            Some(param) => param.place.clone(),
            None => self.file.place(text.span()),
        }
    }

    /// A formula that gives a number.
    pub fn formula(&mut self, shape: &Shape, text: &Mark<String>) -> Option<Formula> {
        self.formula_in(shape, text, text)
    }

    /// The formula that `part` of a text is, with the numbers that the company gave for each `?name` in it; `None` while one of
    /// them is open.
    pub fn formula_in(&mut self, shape: &Shape, text: &Mark<String>, part: &str) -> Option<Formula> {
        let names = sql::params(part);
        if names.is_empty() {
            return self.plain_formula(shape, text, part);
        }
        let mut supplied = part.to_owned();
        let mut whole = true;
        // from the end, so that the places before stay
        for name in names.into_iter().rev() {
            let asked = Mark::new(text.span(), part[name.clone()].to_owned());
            let number = self.parsed(&asked, |value| {
                cell::percent(value.trim()).ok_or_else(|| format!("读不懂数字「{value}」，应写作 5%、0.05 或 100"))
            });
            whole &= number.is_some();
            supplied.replace_range(name, &format!("({})", number.unwrap_or(rust_decimal::Decimal::ONE)));
        }
        let formula = match sql::number(&supplied, shape) {
            Ok(formula) => Some(formula),
            Err(error) => {
                self.error(Code::RuleSyntax, text.span(), error.message);
                None
            }
        };
        formula.filter(|_| whole)
    }

    fn plain_formula(&mut self, shape: &Shape, text: &Mark<String>, part: &str) -> Option<Formula> {
        match sql::number(part, shape) {
            Ok(formula) => Some(formula),
            Err(error) => {
                let before = text.find(part).map_or(0, |at| text[..at].chars().count());
                let span = self.inside(text, error.at.map(|at| at.start + before..at.end + before));
                self.error(Code::RuleSyntax, span, error.message);
                None
            }
        }
    }

    pub fn quantity(&mut self, text: &Mark<String>) -> Option<Quantity> {
        self.parsed(text, str::parse)
    }

    /// The only months in which something comes again every month.
    pub fn months(&mut self, every: Option<Every>, months: &[Mark<u32>]) -> Vec<u32> {
        for month in months {
            if every.is_some_and(|every| every != Every::Month) || !(1..=12).contains(&**month) {
                self.error(Code::RuleValue, month.span(), "months 只用于 every = \"month\"，取 1 到 12");
            }
        }
        months.iter().map(|month| **month).collect()
    }

    pub fn day(&mut self, day: &Mark<WrittenDay>) -> Option<NaiveDate> {
        let found = day.0.date.filter(|_| day.0.time.is_none());
        let found = found.and_then(|d| NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day)));
        if found.is_none() {
            self.error(Code::RuleValue, day.span(), "这里要一个日期，如 2020-01-01，不带时刻");
        }
        found
    }

    /// `banfa 十条（一）`
    pub fn cite(&mut self, text: &Mark<String>) -> Option<Cite> {
        match cite(text, self.sources) {
            Ok(cite) => {
                if !self.cites.contains(&cite) {
                    self.cites.push(cite.clone());
                }
                Some(cite)
            }
            Err(diag) => {
                let place = self.file.place(text.span());
                self.push(diag.at(place));
                None
            }
        }
    }

    /// `客诉管理办法 十条（一）`
    pub fn clause(&self, cite: &Cite) -> String {
        let title = self.sources.iter().find(|s| s.id == cite.source).map_or(cite.source.as_str(), |s| s.title.as_str());
        format!("{title} {}", cite.clause)
    }

    /// `where` and `where_sql` together.
    pub fn scope(&mut self, shape: &Shape, cells: &Option<Mark<WrittenCondition>>, text: &Option<Mark<String>>) -> Option<Condition> {
        let cells = self.condition(shape, cells)?;
        let Some(text) = text else { return Some(cells) };
        let formula = match sql::condition(text, shape) {
            Ok(formula) => Condition::Formula(formula),
            Err(error) => {
                let span = self.inside(text, error.at);
                self.error(Code::RuleSyntax, span, error.message);
                return None;
            }
        };
        Some(match cells {
            Condition::All(mut parts) => {
                parts.push(formula);
                Condition::All(parts)
            }
            other => Condition::All(vec![other, formula]),
        })
    }

    /// Bytes of the file for characters of a text in it, where that can be told.
    pub fn inside(&self, text: &Mark<String>, characters: Option<Range<usize>>) -> Range<usize> {
        let span = text.span();
        let raw = self.file.text.get(span.clone()).unwrap_or_default();
        let (Some(characters), Some(begin)) = (characters, raw.find(text.as_str())) else { return span };
        let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
        span.start + begin + byte(characters.start)..span.start + begin + byte(characters.end)
    }

    pub fn condition(&mut self, shape: &Shape, written: &Option<Mark<WrittenCondition>>) -> Option<Condition> {
        match written {
            Some(written) => self.all_cells(shape, written, written.span().start, true),
            None => Some(Condition::always()),
        }
    }

    /// `begin` is where the table opens; keys are looked for from there.
    fn all_cells(&mut self, shape: &Shape, written: &WrittenCondition, begin: usize, escapes: bool) -> Option<Condition> {
        let mut parts = Vec::new();
        let mut whole = true;
        for (key, test) in &written.0 {
            let part = match key.as_str() {
                "not" | "any" if !escapes => {
                    self.error_with(Code::RuleSyntax, test.span(), "not 与 any 只能用一层", "改成几行规则，或用 where_sql");
                    None
                }
                "not" => self.negation(shape, test),
                "any" => self.alternatives(shape, test),
                _ => self.cell(shape, key, test, begin),
            };
            whole &= part.is_some();
            parts.extend(part);
        }
        whole.then_some(Condition::All(parts))
    }

    fn negation(&mut self, shape: &Shape, test: &Mark<WrittenTest>) -> Option<Condition> {
        match &**test {
            WrittenTest::Table(inner) => self.all_cells(shape, inner, test.span().start, false).map(|c| Condition::Not(Box::new(c))),
            _ => {
                self.error_with(Code::RuleSyntax, test.span(), "not 后面要一个条件表", "写作 not = { \"字段\" = 测试 }");
                None
            }
        }
    }

    fn alternatives(&mut self, shape: &Shape, test: &Mark<WrittenTest>) -> Option<Condition> {
        let WrittenTest::List(items) = &**test else {
            self.error_with(Code::RuleSyntax, test.span(), "any 后面要一列条件表", "写作 any = [{ … }, { … }]");
            return None;
        };
        let mut any = Vec::new();
        for item in items {
            match &**item {
                WrittenTest::Table(inner) => any.push(self.all_cells(shape, inner, item.span().start, false)?),
                _ => {
                    self.error(Code::RuleSyntax, item.span(), "any 的每一项要是一个条件表 { … }");
                    return None;
                }
            }
        }
        if any.is_empty() {
            self.error(Code::RuleSyntax, test.span(), "any 是空的，永远不会成立");
            return None;
        }
        Some(Condition::Any(any))
    }

    /// `begin` as in [`Check::all_cells`].
    pub fn cell(&mut self, shape: &Shape, key: &str, written: &Mark<WrittenTest>, begin: usize) -> Option<Condition> {
        let Some(field) = shape.field(key) else {
            if self.switched_off(key, written.span(), "字段", |gone| gone.field.as_deref() == Some(key)) {
                return None;
            }
            let before = self.file.text.get(begin..written.span().start).unwrap_or_default();
            let span = before.rfind(key).map_or(written.span(), |at| begin + at..begin + at + key.len());
            let known: Vec<&str> = shape.fields.iter().map(|f| f.name.as_str()).collect();
            let near = nearest(key, known.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
            let message = format!("数据表「{}」没有字段「{key}」", shape.dataset);
            self.error_with(Code::RuleFieldUnknown, span, message, format!("{near}现有：{}", known.join("、")));
            return None;
        };
        if let WrittenTest::Text(text) = &**written
            && text.starts_with('?')
        {
            return self.open_cell(field, shape, written, text);
        }
        match cell::test(field, shape, written) {
            Ok(test) => Some(Condition::Cell { field: field.name.clone(), test }),
            Err(message) => {
                self.error(Code::RuleValue, written.span(), message);
                None
            }
        }
    }

    fn open_cell(&mut self, field: &ShapeField, shape: &Shape, written: &Mark<WrittenTest>, text: &str) -> Option<Condition> {
        let name = text.trim_start_matches('?').trim().to_owned();
        let value = self.open_named(&name, written.span())?;
        match cell::test(field, shape, &WrittenTest::Text(value)) {
            Ok(test) => Some(Condition::Cell { field: field.name.clone(), test }),
            Err(message) => {
                self.error(Code::RuleValue, written.span(), message);
                None
            }
        }
    }

    /// Rows of a version, checked one by one; `None` if any is wrong or open.
    pub fn rows<W, T>(&mut self, rows: &[Mark<W>], mut check: impl FnMut(&mut Self, &Mark<W>) -> Option<T>) -> Option<Vec<T>> {
        let checked: Vec<Option<T>> = rows.iter().map(|row| check(self, row)).collect();
        checked.into_iter().collect()
    }

    /// Dated versions: rising, no two alike, at least one. A version with open parameters holds from the day they are known.
    pub fn versions<W: HasVersion, T>(&mut self, written: &[Mark<W>], mut body: impl FnMut(&mut Self, &Mark<W>) -> Option<T>) -> Dated<T> {
        let mut dated = Dated { versions: Vec::new() };
        let mut starts: Vec<(NaiveDate, Range<usize>)> = Vec::new();
        if written.is_empty() && !self.maimed {
            let (rule, span) = (self.rule.clone(), self.span.clone());
            self.error_with(
                Code::RuleVersions,
                span,
                format!("规则「{rule}」没有一个版本"),
                "请写明从哪天起适用：[[….version]] from = 2020-01-01",
            );
        }
        for (at, version) in written.iter().enumerate() {
            let Some(from) = self.required(version.from(), "from").and_then(|from| self.day(from)) else { continue };
            let place = version.from().as_ref().map_or(version.span(), Mark::span);
            if let Some((earlier, other)) = starts.last().filter(|(earlier, _)| *earlier >= from) {
                let message =
                    if *earlier == from { "两个版本从同一天起适用" } else { "版本没有按日期从早到晚排列" };
                let other = self.file.place(other.clone());
                let diag = Diag::error(Code::RuleVersions, message).at(self.file.place(place.clone()));
                self.push(diag.label(other, "前一个版本").help("每个版本的 from 要晚于前一个版本"));
            }
            starts.push((from, place));
            let cite = self.required(version.cite(), "cite").and_then(|cite| self.cite(cite));
            let next = written.get(at + 1).and_then(|v| v.from().as_ref()).and_then(|day| self.day(day));
            self.version(version, from, next, cite, &mut body, &mut dated);
        }
        dated
    }

    fn version<W, T>(
        &mut self,
        version: &Mark<W>,
        from: NaiveDate,
        next: Option<NaiveDate>,
        cite: Option<Cite>,
        body: &mut impl FnMut(&mut Self, &Mark<W>) -> Option<T>,
        dated: &mut Dated<T>,
    ) {
        let of_rule = self.params.iter().filter(|p| p.pack == self.pack && p.rule == self.rule);
        let within = of_rule.map(|p| p.from).filter(|day| *day > from && next.is_none_or(|next| *day < next));
        let mut days: Vec<NaiveDate> = std::iter::once(from).chain(within).collect();
        days.sort_unstable();
        days.dedup();
        self.asks = false;
        let mut missing = Vec::new();
        let mut complete = false;
        for day in days {
            self.day = Some(day);
            self.open.clear();
            let checked = body(self, version);
            missing.append(&mut self.open);
            if let (Some(body), Some(cite)) = (checked, cite.clone()) {
                dated.versions.push(Version { from: day, cite, body });
                complete = true;
            }
            if !self.asks {
                break;
            }
        }
        self.day = None;
        if !complete {
            missing.retain(|name| !self.missing.contains(name));
            missing.sort();
            missing.dedup();
            self.missing.append(&mut missing);
        }
    }

    /// A notice by its id or its form; the id comes back.
    pub fn notice(&mut self, name: &Mark<String>) -> Option<String> {
        let notices = self.entries.iter().filter(|e| e.kind == "notice");
        let found = notices.clone().find(|e| e.id == name.as_str() || e.form.as_deref() == Some(name.as_str()));
        if found.is_none() && !self.switched_off(name, name.span(), "通知单", |gone| is_notice(gone, name)) {
            let known: Vec<&str> = notices.map(|e| e.form.as_deref().unwrap_or(&e.id)).collect();
            self.dangling(Code::RuleDangling, name, "没有通知单", &known);
        }
        found.map(|e| e.id.clone())
    }

    /// The same of a notice whose lines are findings.
    pub fn filled_notice(&mut self, name: &Mark<String>) -> Option<String> {
        let id = self.notice(name)?;
        if self.entries.iter().any(|entry| entry.kind == "notice" && entry.id == id && entry.lists) {
            let message = format!("单据「{}」列的是数据表的行，不能由罚扣开", name.as_str());
            self.error_with(Code::RuleValue, name.span(), message, "另写一个没有 from_rows 的 [[notice]]");
            return None;
        }
        Some(id)
    }

    /// The same where a rule does without: a notice that was switched off is sent to nobody.
    pub fn optional_notice(&mut self, name: &Mark<String>) -> Option<String> {
        let found = |e: &Entry| e.kind == "notice" && (e.id == name.as_str() || e.form.as_deref() == Some(name.as_str()));
        if !self.entries.iter().any(found) && self.gone.iter().any(|gone| is_notice(gone, name)) {
            return None;
        }
        self.notice(name)
    }

    /// A rule of the same pack, of some kind where one is given.
    pub fn rule_named(&mut self, name: &Mark<String>, kind: Option<&str>) -> Option<&'a Entry> {
        let entries = self.entries;
        let rules = entries.iter().filter(|e| kind.is_none_or(|kind| e.kind == kind));
        let found = rules.clone().find(|e| e.id == name.as_str());
        if found.is_none() && !self.switched_off(name, name.span(), "规则", |gone| gone.id == name.as_str()) {
            let known: Vec<&str> = rules.map(|e| e.id.as_str()).collect();
            let what = kind.map_or("没有规则".to_owned(), |kind| format!("没有 {kind} 规则"));
            self.dangling(Code::RuleDangling, name, &what, &known);
        }
        found
    }

    /// Every value that the company gave a parameter, and since when, from the one that holds on `from`; none where it gave none.
    pub fn each_value<T>(&mut self, name: &str, from: NaiveDate, read: impl Fn(&str) -> Result<T, String>) -> Option<Vec<(NaiveDate, T)>> {
        let (pack, rule, params) = (self.pack, self.rule.clone(), self.params);
        let own = || params.iter().filter(|p| p.pack == pack && p.rule == rule && p.name == name);
        let mut days: Vec<NaiveDate> = std::iter::once(from).chain(own().map(|p| p.from).filter(|day| *day > from)).collect();
        days.sort_unstable();
        let mut values = Vec::new();
        let mut whole = true;
        for day in days {
            let Some(text) = self.value_on(day, name) else { continue };
            match read(&text) {
                Ok(value) => values.push((day, value)),
                Err(message) => {
                    let place = own().filter(|p| p.from <= day).max_by_key(|p| p.from).map(|p| p.place.clone());
                    self.push(Diag::error(Code::RuleValue, message).at(place.unwrap_or(Place::Nowhere)));
                    whole = false;
                }
            }
        }
        whole.then_some(values)
    }

    fn open_named(&mut self, name: &str, span: Range<usize>) -> Option<String> {
        let Some(day) = self.day else {
            let message = format!("待补参数 ?{name} 只能写在 [[….version]] 里");
            self.error_with(Code::RuleSyntax, span, message, "参数从某一天起才有数：写到版本里，或直接写出值");
            return None;
        };
        self.asks = true;
        self.value_on(day, name)
    }

    fn value_on(&mut self, day: NaiveDate, name: &str) -> Option<String> {
        if !self.asked.iter().any(|known| known == name) {
            self.asked.push(name.to_owned());
        }
        let params = self.params.iter().filter(|p| p.pack == self.pack && p.rule == self.rule && p.name == name && p.from <= day);
        let Some(param) = params.max_by_key(|p| p.from) else {
            if !self.open.iter().any(|known| known == name) {
                self.open.push(name.to_owned());
            }
            return None;
        };
        let supplied = SuppliedParam { name: name.to_owned(), value: param.value.clone(), from: param.from, cite: param.cite.clone() };
        if !self.supplied.contains(&supplied) {
            self.supplied.push(supplied);
        }
        Some(param.value.clone())
    }
}

fn is_notice(gone: &Gone, name: &str) -> bool {
    gone.kind == "notice" && (gone.id == name || gone.form.as_deref() == Some(name))
}

/// `banfa 十条（一）`, a document that the pack knows and a clause; the error has no place yet.
pub fn cite(text: &str, sources: &[PolicySource]) -> Result<Cite, Diag> {
    let Some((source, clause)) = text.trim().split_once(char::is_whitespace) else {
        let diag = Diag::error(Code::RuleValue, "依据要写文件编号和条款，中间空一格");
        return Err(diag.help("例如 cite = \"banfa 十条（一）\""));
    };
    if !sources.iter().any(|s| s.id == source) {
        let known: Vec<&str> = sources.iter().map(|s| s.id.as_str()).collect();
        let near = nearest(source, known.iter().copied()).map(|near| format!("是不是 {near}？")).unwrap_or_default();
        let help = format!("{near}pack.toml 的 [[source]] 里现有：{}", known.join("、"));
        return Err(Diag::error(Code::RuleDangling, format!("没有依据文件「{source}」")).help(help));
    }
    Ok(Cite { source: source.to_owned(), clause: clause.trim().to_owned() })
}

/// Yuan, never negative.
pub fn money(text: &str) -> Result<rust_decimal::Decimal, String> {
    let found = cell::number(text).filter(|n| !n.is_sign_negative());
    found.ok_or_else(|| format!("读不懂金额「{text}」，应写作 100 或 99.50"))
}

/// More than nothing.
pub fn above_zero(text: &str) -> Result<rust_decimal::Decimal, String> {
    let found = cell::number(text.trim()).filter(|number| *number > rust_decimal::Decimal::ZERO);
    found.ok_or_else(|| format!("「{text}」不能用：这里的数要大于零，如 20"))
}

/// A fraction from nothing to the whole.
pub fn rate(text: &str) -> Result<rust_decimal::Decimal, String> {
    let found = cell::percent(text).filter(|n| !n.is_sign_negative() && *n <= rust_decimal::Decimal::ONE);
    found.ok_or_else(|| format!("读不懂比例「{text}」，应写作 10% 或 0.1，不超过 100%"))
}
