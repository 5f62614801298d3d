//! A pack's own test cases: parsing them, and comparing what is expected with what was found.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::load::toml_files;
use super::source::{SourceFile, unknown_key};
use super::{Pack, Quantity, Rule};
use crate::calendar::Period;
use crate::diag::{Code, Diag, Diags};
use crate::ingest::RawValue;
use crate::ledger::{Finding, Moment, Outcome};

/// One case: rows as they would stand in a workbook, and what the rule must say about them.
#[derive(Debug, Clone)]
pub struct Case {
    pub rule: String,
    pub name: String,
    /// A date means its last moment.
    pub as_of: Moment,
    /// The month of `as_of` unless the case says otherwise.
    pub period: Period,
    pub expect: Vec<Expect>,
    /// `(dataset, its rows)`; a row is `(field, value)` in the order of the file.
    pub tables: Vec<(String, Vec<CaseRow>)>,
    /// Open parameters for this case: `(name, value)`.
    pub params: Vec<(String, String)>,
    pub file: PathBuf,
    /// Where the case's name stands.
    pub span: Range<usize>,
}

pub type CaseRow = Vec<(String, RawValue<'static>)>;

/// What is said of one subject; whatever is `None` may be anything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// Needed where the rule judges several subjects of the case.
    pub subject: Option<String>,
    pub outcome: Expected,
    pub limit: Option<Quantity>,
    pub elapsed: Option<Quantity>,
    pub overrun: Option<Quantity>,
    /// ISO 8601; a date alone leaves the time open.
    pub due: Option<String>,
    pub amount: Option<Decimal>,
    pub points: Option<Decimal>,
    /// Clause, without the document: `十条（一）`.
    pub clause: Option<String>,
    /// Part of the message: the field that is missing, say.
    pub because: Option<String>,
    /// The whole message.
    pub message: Option<String>,
}

/// The outcome that a case wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expected {
    /// No verdict at all: the subject is outside the rule or the month.
    #[default]
    Nothing,
    Verdict(Outcome),
}

/// Every case of a pack, from the toml files in its `cases` folder. Rules that it takes over as they are bring their cases along,
/// unless the pack has one of the same name.
pub fn cases(pack: &Pack) -> (Vec<Case>, Diags) {
    let mut diags = Diags::default();
    let mut all = read(&pack.folder, &mut diags);
    let own = all.len();
    for (at, base) in pack.bases.iter().enumerate() {
        // a pack in between that wrote over the rule has the last word
        let untouched =
            |rule: &Rule| rule.head.layers.last().is_some_and(|layer| pack.bases[at..].iter().any(|base| base.id == layer.pack));
        let taken_over = |case: &Case| {
            let inherited = pack.rules.iter().any(|rule| rule.head.id == case.rule && untouched(rule));
            inherited && !all.iter().any(|known| (&known.rule, &known.name) == (&case.rule, &case.name))
        };
        let mut more: Vec<Case> = read(&base.folder, &mut diags).into_iter().filter(taken_over).collect();
        all.append(&mut more);
    }
    for case in &all[..own] {
        if !pack.rules.iter().any(|rule| rule.head.id == case.rule) {
            let known: Vec<&str> = pack.rules.iter().map(|rule| rule.head.id.as_str()).collect();
            let near =
                crate::diag::nearest(&case.rule, known.iter().copied()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
            let diag = Diag::error(Code::RuleDangling, format!("用例「{}」的规则「{}」不存在", case.name, case.rule));
            diags.push(diag.in_text(&case.file, case.span.clone()).help(format!("{near}现有：{}", known.join("、"))));
        }
    }
    (all, diags)
}

fn read(folder: &Path, diags: &mut Diags) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in toml_files(&folder.join("cases")) {
        if let Some(file) = SourceFile::open(&path, diags) {
            cases.append(&mut parse(&file, diags));
        }
    }
    cases
}

/// The cases of one file.
pub(super) fn parse(file: &SourceFile, diags: &mut Diags) -> Vec<Case> {
    let (tree, _) = file.tree(diags);
    let mut reader = Reader { file, diags };
    let mut cases = Vec::new();
    for (key, value) in tree.get_ref().iter() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("case", DeValue::Array(items)) => {
                for item in items.iter() {
                    if let DeValue::Table(table) = item.get_ref() {
                        cases.extend(reader.case(table, item.span()));
                    }
                }
            }
            ("case", _) => reader.error(key.span(), "用例要写成双方括号 [[case]]"),
            (name, _) => reader.diags.push(unknown_key(name, &["case"]).in_text(&file.path, key.span())),
        }
    }
    cases
}

struct Reader<'a> {
    file: &'a SourceFile,
    diags: &'a mut Diags,
}

const EXPECT_KEYS: &[&str] =
    &["subject", "outcome", "limit", "elapsed", "overrun", "due", "amount", "points", "cite", "because", "message"];

impl Reader<'_> {
    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.diags.push(Diag::error(Code::RuleSyntax, message).in_text(&self.file.path, span));
    }

    fn case(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<Case> {
        let mut rule = None;
        let mut name = None;
        let mut as_of = None;
        let mut period = None;
        let mut expect = Vec::new();
        let mut tables = Vec::new();
        let mut params = Vec::new();
        for (key, value) in table.iter() {
            let span = value.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("rule", DeValue::String(text)) => rule = Some((text.to_string(), span)),
                ("name", DeValue::String(text)) => name = Some((text.to_string(), span)),
                ("as_of", DeValue::Datetime(at)) => as_of = moment(at),
                ("period", DeValue::String(text)) => match text.parse::<Period>() {
                    Ok(parsed) => period = Some(parsed),
                    Err(message) => self.error(span, message),
                },
                ("expect", DeValue::Table(one)) => expect.extend(self.expect(one, span)),
                ("expect", DeValue::Array(many)) => {
                    for one in many.iter() {
                        match one.get_ref() {
                            DeValue::Table(table) => expect.extend(self.expect(table, one.span())),
                            _ => self.error(one.span(), "expect 的每一项要是 { outcome = … }"),
                        }
                    }
                }
                ("param", DeValue::Table(given)) => {
                    for (name, value) in given.iter() {
                        match value.get_ref() {
                            DeValue::String(text) => params.push((name.get_ref().to_string(), text.to_string())),
                            _ => self.error(value.span(), "参数的值要加引号"),
                        }
                    }
                }
                ("rule" | "name" | "as_of" | "period" | "expect" | "param", _) => {
                    self.error(span, format!("用例的 {} 写法不对", key.get_ref()));
                }
                (dataset, DeValue::Array(rows)) => {
                    let rows = rows.iter().filter_map(|row| self.row(row)).collect();
                    tables.push((value.span().start, dataset.to_owned(), rows));
                }
                (other, _) => {
                    let known = ["rule", "name", "as_of", "period", "expect", "param"];
                    self.diags.push(unknown_key(other, &known).in_text(&self.file.path, key.span()));
                }
            }
        }
        tables.sort_by_key(|(start, _, _)| *start);
        if expect.is_empty() {
            self.error(span.clone(), "用例没有写 expect");
        }
        for (there, what) in [(rule.is_some(), "rule"), (name.is_some(), "name"), (as_of.is_some(), "as_of")] {
            if !there {
                self.error(span.clone(), format!("用例缺少 {what}"));
            }
        }
        let as_of = as_of?;
        let (name, span) = name?;
        Some(Case {
            rule: rule?.0,
            name,
            as_of,
            period: period.or_else(|| Period::month(as_of.date().year(), as_of.date().month()))?,
            expect,
            tables: tables.into_iter().map(|(_, dataset, rows)| (dataset, rows)).collect(),
            params,
            file: self.file.path.clone(),
            span,
        })
    }

    fn row(&mut self, row: &serde_spanned::Spanned<DeValue<'_>>) -> Option<CaseRow> {
        let DeValue::Table(cells) = row.get_ref() else {
            self.error(row.span(), "数据行要是一个表");
            return None;
        };
        let mut cells: Vec<_> = cells.iter().collect();
        cells.sort_by_key(|(key, _)| key.span().start);
        let mut values = Vec::new();
        for (key, value) in cells {
            match raw(value.get_ref()) {
                Some(raw) => values.push((key.get_ref().to_string(), raw)),
                None => self.error(value.span(), "单元格的值只能是文字、数字、日期、true 或 false"),
            }
        }
        Some(values)
    }

    fn expect(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<Expect> {
        let mut expect = Expect::default();
        let mut outcome = None;
        for (key, value) in table.iter() {
            let (name, span): (&str, _) = (key.get_ref(), value.span());
            if !EXPECT_KEYS.contains(&name) {
                self.diags.push(unknown_key(name, EXPECT_KEYS).in_text(&self.file.path, key.span()));
                continue;
            }
            let text = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Datetime(at) => at.to_string().replace(' ', "T"),
                _ => {
                    self.error(span, format!("{name} 的值要加引号"));
                    continue;
                }
            };
            match name {
                "outcome" => outcome = self.outcome(&text, span),
                "subject" => expect.subject = Some(text),
                "limit" => expect.limit = self.parsed(&text, span),
                "elapsed" => expect.elapsed = self.parsed(&text, span),
                "overrun" => expect.overrun = self.parsed(&text, span),
                "due" => expect.due = Some(text),
                "amount" => match text.parse() {
                    Ok(amount) => expect.amount = Some(amount),
                    Err(_) => self.error(span, format!("读不懂金额「{text}」")),
                },
                "points" => match text.parse() {
                    Ok(points) => expect.points = Some(points),
                    Err(_) => self.error(span, format!("读不懂分数「{text}」")),
                },
                "cite" => {
                    expect.clause = Some(text.split_once(char::is_whitespace).map_or(text.clone(), |(_, clause)| clause.trim().to_owned()))
                }
                "because" => expect.because = Some(text),
                _ => expect.message = Some(text),
            }
        }
        match outcome {
            Some(outcome) => Some(Expect { outcome, ..expect }),
            None => {
                self.error(span, "expect 要写 outcome:met breached pending not_applicable indeterminate，或 none（没有判定）");
                None
            }
        }
    }

    fn outcome(&mut self, text: &str, span: Range<usize>) -> Option<Expected> {
        if text == "none" {
            return Some(Expected::Nothing);
        }
        let found = Outcome::ALL.into_iter().find(|outcome| outcome.name() == text);
        if found.is_none() {
            self.error(span, format!("不认识的结果「{text}」，可用：met breached pending not_applicable indeterminate none"));
        }
        found.map(Expected::Verdict)
    }

    fn parsed(&mut self, text: &str, span: Range<usize>) -> Option<Quantity> {
        text.parse().map_err(|message: String| self.error(span, message)).ok()
    }
}

fn moment(at: &toml::value::Datetime) -> Option<Moment> {
    let date = at.date?;
    let date = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))?;
    match at.time {
        None => Some(Moment::Date(date)),
        Some(time) => {
            let second = u32::from(time.second.unwrap_or(0));
            date.and_hms_opt(u32::from(time.hour), u32::from(time.minute), second).map(Moment::Datetime)
        }
    }
}

fn raw(value: &DeValue<'_>) -> Option<RawValue<'static>> {
    match value {
        DeValue::String(text) => Some(RawValue::Text(Cow::Owned(text.to_string()))),
        DeValue::Integer(number) => number.to_string().parse().ok().map(RawValue::Number),
        DeValue::Float(number) => number.to_string().parse().ok().map(RawValue::Number),
        DeValue::Boolean(value) => Some(RawValue::Bool(*value)),
        DeValue::Datetime(at) => Some(RawValue::Iso(Cow::Owned(at.to_string().replace(' ', "T")))),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// What differs, one Chinese line each; empty where the case passes.
pub fn compare(expect: &Expect, found: &[Finding]) -> Vec<String> {
    let mut about: Vec<&Finding> = found.iter().filter(|f| expect.subject.as_ref().is_none_or(|subject| f.subject == *subject)).collect();
    // A subject can be told of twice: on its own, and as one of several. The reason says which is meant.
    if let (Some(because), true) = (&expect.because, about.len() > 1) {
        about.retain(|finding| finding.message.contains(because.as_str()));
    }
    let who = expect.subject.as_ref().map(|subject| format!("{subject}：")).unwrap_or_default();
    let finding = match (expect.outcome, about.as_slice()) {
        (Expected::Nothing, []) => return Vec::new(),
        (Expected::Nothing, [first, ..]) => return vec![format!("{who}多报：不应有判定，却判为{}", first.outcome.title())],
        (Expected::Verdict(wanted), []) => {
            let word = if wanted == Outcome::Breached { "漏报：" } else { "" };
            return vec![format!("{who}{word}应判{}，却没有判定", wanted.title())];
        }
        (Expected::Verdict(_), [one]) => *one,
        (Expected::Verdict(_), many) => {
            let subjects: Vec<&str> = many.iter().map(|f| f.subject.as_str()).collect();
            return vec![format!("{who}有 {} 条判定（{}），请用 subject 写明是哪一条", many.len(), subjects.join("、"))];
        }
    };
    let mut differences = Vec::new();
    if let Expected::Verdict(wanted) = expect.outcome
        && wanted != finding.outcome
    {
        let word = match (wanted, finding.outcome) {
            (Outcome::Breached, _) => "漏报：",
            (_, Outcome::Breached) => "多报：",
            _ => "",
        };
        let why = if finding.message.is_empty() { String::new() } else { format!("（{}）", finding.message) };
        differences.push(format!("{who}{word}应判{}，实判{}{why}", wanted.title(), finding.outcome.title()));
    }
    let mut differ = |what: &str, wanted: Option<String>, is: Option<String>| {
        if let Some(wanted) = wanted
            && is.as_ref() != Some(&wanted)
        {
            differences.push(format!("{who}{what}应为 {wanted}，实为 {}", is.unwrap_or_else(|| "空".to_owned())));
        }
    };
    let quantity = |quantity: &Option<Quantity>| quantity.as_ref().map(Quantity::to_string);
    differ("期限", quantity(&expect.limit), quantity(&finding.limit));
    differ("用时", quantity(&expect.elapsed), quantity(&finding.elapsed));
    differ("逾期", quantity(&expect.overrun), quantity(&finding.overrun));
    differ("分数", expect.points.map(|p| p.normalize().to_string()), finding.points.map(|p| p.normalize().to_string()));
    differ("金额", expect.amount.map(|a| a.normalize().to_string()), finding.amount.map(|a| a.normalize().to_string()));
    let due = finding.due.map(|due| match &expect.due {
        Some(wanted) if !wanted.contains('T') => due.date().to_string(),
        _ => due.to_string(),
    });
    differ(
        "应完成日",
        expect.due.clone().map(|due| due.strip_suffix(":00").filter(|d| d.contains(':')).map_or(due.clone(), str::to_owned)),
        due,
    );
    let clause = finding.clause.split_once(' ').map_or(finding.clause.as_str(), |(_, clause)| clause).to_owned();
    differ("条款", expect.clause.clone(), Some(clause));
    differ("说明", expect.message.clone(), Some(finding.message.clone()));
    if let Some(because) = &expect.because
        && !finding.message.contains(because.as_str())
    {
        differences.push(format!("{who}说明里应有「{because}」，实为「{}」", finding.message));
    }
    differences
}
