//! `sample.toml` as written to a checked [`Plan`]; every problem is said.

mod plants;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use super::condition::Condition;
use super::maker::Maker;
use super::plan::{Count, Each, Plan, Table};
use super::span;
use super::world::EachDay;
use super::written::{Fields, WrittenPlan, WrittenPlant, WrittenTable};
use crate::calendar::Period;
use crate::diag::{Code, Diag, Diags, nearest};
use crate::rules::{Dataset, Mark, Pack, RuleSet, SourceFile};

const COMPANY: &str = "示例公司";
const MONTHS: [&str; 2] = ["2026-09", "2026-10"];

/// # Errors
/// Everything that is wrong with the file.
pub fn read(path: &Path, pack: &Pack, rules: &RuleSet) -> Result<Plan, Diags> {
    let mut diags = Diags::default();
    let Some(file) = SourceFile::open(path, &mut diags) else { return Err(diags) };
    let Some(read) = file.read::<WrittenPlan>(&mut diags) else { return Err(diags) };
    let mut reader = Reader { file: &file, pack, rules, diags, months: Vec::new(), tables: Vec::new() };
    let plan = reader.plan(read.value);
    if reader.diags.has_errors() { Err(reader.diags) } else { Ok(plan) }
}

struct Reader<'a> {
    file: &'a SourceFile,
    pack: &'a Pack,
    rules: &'a RuleSet,
    diags: Diags,
    months: Vec<Period>,
    tables: Vec<Table>,
}

/// What the fields of one table may name.
struct Scope<'a> {
    own: &'a [String],
    dataset: Option<&'a Dataset>,
    /// Tables that stand above it.
    before: usize,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.diags.push(Diag::error(Code::RuleValue, message.into()).in_text(&self.file.path, span).help("写法见 docs/sample.md"));
    }

    fn unknown<'n>(&mut self, span: Range<usize>, what: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) {
        let near = nearest(name, known.clone()).map(|near| format!("是不是「{near}」？")).unwrap_or_default();
        let help = format!("{near}现有：{}", known.collect::<Vec<_>>().join("、"));
        self.diags.push(Diag::error(Code::RuleDangling, format!("{what}「{name}」")).in_text(&self.file.path, span).help(help));
    }

    fn plan(&mut self, written: WrittenPlan) -> Plan {
        match (&written.sample.year, &written.sample.months) {
            (Some(year), None) => {
                self.months = (1..=12).filter_map(|month| Period::month(**year, month)).collect();
                if self.months.is_empty() {
                    self.wrong(year.span(), format!("日历里没有 {} 年", **year));
                }
            }
            (Some(year), Some(_)) => self.wrong(year.span(), "months 和 year 只写一个"),
            (None, None) => self.months = MONTHS.iter().filter_map(|month| month.parse().ok()).collect(),
            (None, Some(months)) => {
                if months.is_empty() {
                    self.wrong(months.span(), "months 至少写一个月，如 [\"2026-09\"]");
                }
                for month in months.iter() {
                    match month.parse::<Period>() {
                        Ok(period) if period.month_count() == 1 => self.months.push(period),
                        _ => self.wrong(month.span(), format!("月份写作 2026-09，不是「{}」", month.as_str())),
                    }
                }
            }
        }
        self.months.sort_by_key(|month| month.first);
        self.months.dedup();
        for table in &written.dataset {
            if let Some(table) = self.table(table, &written.plant) {
                self.tables.push(table);
            }
        }
        let plants = written.plant.iter().filter_map(|plant| self.plant(plant)).collect();
        let expects = written.expect.iter().filter_map(|expect| self.expect(expect)).collect();
        Plan {
            company: written.sample.company.unwrap_or_else(|| COMPANY.to_owned()),
            months: self.months.clone(),
            tables: std::mem::take(&mut self.tables),
            plants,
            expects,
        }
    }

    fn table(&mut self, written: &Mark<WrittenTable>, plants: &[Mark<WrittenPlant>]) -> Option<Table> {
        let Some(name) = &written.table else {
            self.wrong(written.span(), "[[dataset]] 缺少 table");
            return None;
        };
        if self.tables.iter().any(|table| table.name == **name) {
            self.wrong(name.span(), format!("表「{}」写了两次", name.as_str()));
            return None;
        }
        let dataset = self.rules.dataset(name).cloned();
        if dataset.is_none() && !written.hidden {
            let known: Vec<String> = self.rules.datasets.iter().map(|dataset| dataset.name.clone()).collect();
            self.unknown(name.span(), "没有数据表", name, known.iter().map(String::as_str));
            return None;
        }
        let sets = plants.iter().filter(|plant| plant.table.as_ref().is_some_and(|table| **table == **name)).map(|plant| &plant.set);
        let makers = [&written.fields].into_iter().chain(written.rows.iter().flatten()).chain(sets);
        let mut own: Vec<String> = makers.flat_map(|fields| fields.keys().cloned()).collect();
        own.extend(dataset.iter().flat_map(|dataset| dataset.fields.iter().map(|field| field.name.clone())));
        let scope = Scope { own: &own, dataset: dataset.as_deref(), before: self.tables.len() };
        let fields = self.fields(&written.fields, &scope);
        let lines: Vec<_> = written.rows.iter().flatten().map(|line| self.fields(line, &scope)).collect();
        let each = written.each.as_ref().map(|each| self.each(each)).unwrap_or_default();
        let pick = written.pick.as_ref().map(|pick| self.pick(pick)).unwrap_or_default();
        let months = self.months_of(written.months.as_deref());
        let (count, once) = self.count(written, name.span(), each.is_empty() && lines.is_empty())?;
        let headings = written.headings.iter().map(|(field, heading)| (field.clone(), heading.to_string())).collect();
        for (field, heading) in &written.headings {
            let found = dataset.as_ref().and_then(|dataset| dataset.field(field));
            match found {
                None => self.unknown(heading.span(), "headings 里没有字段", field, own.iter().map(String::as_str)),
                Some(found) if found.name == **heading || found.aliases.contains(heading) => {}
                Some(found) => {
                    let aliases = found.aliases.clone();
                    self.unknown(heading.span(), &format!("字段「{field}」没有别名"), heading, aliases.iter().map(String::as_str));
                }
            }
        }
        Some(Table {
            name: name.to_string(),
            dataset,
            hidden: written.hidden,
            count,
            each,
            lines,
            fields,
            pick,
            months: if once { Vec::new() } else { months },
            split: written.split.unwrap_or(true),
            book: written.book.clone().unwrap_or_else(|| name.to_string()),
            title: written.title.clone().unwrap_or_else(|| name.to_string()),
            headings,
        })
    }

    /// Also whether the table belongs to no month.
    fn count(&mut self, written: &WrittenTable, span: Range<usize>, bare: bool) -> Option<(Count, bool)> {
        let whole = |value: &toml::Value| value.as_integer().and_then(|number| usize::try_from(number).ok());
        let count = match (&written.monthly, &written.once) {
            (Some(_), Some(once)) => {
                self.wrong(once.span(), "monthly 和 once 只写一个");
                return None;
            }
            (Some(monthly), None) if bare => {
                let counts: Option<Vec<usize>> = match monthly.as_array() {
                    Some(items) => items.iter().map(whole).collect(),
                    None => whole(monthly).map(|count| vec![count; self.months.len()]),
                };
                match counts.filter(|counts| counts.len() == self.months.len()) {
                    Some(counts) => (Count::Monthly(counts), false),
                    None => {
                        self.wrong(monthly.span(), format!("monthly 写一个行数，或 {} 个月各自的行数", self.months.len()));
                        return None;
                    }
                }
            }
            (Some(monthly), None) => {
                self.wrong(monthly.span(), "有 each 或 rows 的表不写 monthly：几行由它们定");
                return None;
            }
            (None, Some(once)) => match (whole(once).filter(|_| bare), once.as_bool()) {
                (Some(count), _) => (Count::Once(count), true),
                (None, Some(once)) if !bare => (Count::Each(written.times.unwrap_or(1)), once),
                _ => {
                    self.wrong(once.span(), "once 写行数；配 each、rows 时写 once = true");
                    return None;
                }
            },
            (None, None) if bare => {
                self.wrong(span, "没有写几行：monthly、once、rows、each 至少写一个");
                return None;
            }
            (None, None) => (Count::Each(written.times.unwrap_or(1)), false),
        };
        Some(count)
    }

    fn fields(&mut self, written: &Fields, scope: &Scope<'_>) -> BTreeMap<String, Maker> {
        let mut makers = BTreeMap::new();
        for (name, value) in written {
            if let Some(dataset) = scope.dataset.filter(|dataset| dataset.field(name).is_none()) {
                let what = format!("数据表「{}」没有字段", dataset.name);
                self.unknown(value.span(), &what, name, dataset.fields.iter().map(|field| field.name.as_str()));
                continue;
            }
            match Maker::read(value, value.span()) {
                Ok(maker) => {
                    self.refs(&maker, scope);
                    makers.insert(name.clone(), maker);
                }
                Err(message) => self.wrong(value.span(), format!("字段「{name}」：{message}")),
            }
        }
        makers
    }

    fn refs(&mut self, maker: &Maker, scope: &Scope<'_>) {
        for of in maker.refs() {
            let (what, wrong, known) = match &of.table {
                None => ("引用的字段不存在".to_owned(), &of.field, scope.own.to_vec()),
                Some(name) => {
                    let tables = &self.tables[..scope.before];
                    match tables.iter().find(|table| table.name == *name) {
                        Some(table) => (format!("表「{name}」没有字段"), &of.field, known_fields(table)),
                        None => ("前面没有表".to_owned(), name, tables.iter().map(|table| table.name.clone()).collect()),
                    }
                }
            };
            let stands = of.table.as_ref().is_none_or(|name| name != wrong) && known.contains(wrong);
            if !stands {
                self.unknown(maker.span.clone(), &what, wrong, known.iter().map(String::as_str));
            }
        }
    }

    /// A table by name, or `{ table, where }`.
    fn chosen(&mut self, item: &toml::Value, span: Range<usize>) -> Option<(usize, Condition)> {
        let (name, condition) = match item {
            toml::Value::String(name) => (name.as_str(), Ok(Condition::default())),
            toml::Value::Table(keys) => (
                keys.get("table").and_then(toml::Value::as_str).unwrap_or_default(),
                keys.get("where").map(Condition::read).transpose().map(Option::unwrap_or_default),
            ),
            _ => ("", Ok(Condition::default())),
        };
        let Some(at) = self.tables.iter().position(|table| table.name == name) else {
            let known: Vec<String> = self.tables.iter().map(|table| table.name.clone()).collect();
            self.unknown(span, "前面没有表", name, known.iter().map(String::as_str));
            return None;
        };
        match condition {
            Ok(condition) => Some((at, condition)),
            Err(message) => {
                self.wrong(span, message);
                None
            }
        }
    }

    fn each(&mut self, written: &Mark<toml::Value>) -> Vec<Each> {
        let items = written.as_array().cloned().unwrap_or_else(|| vec![(**written).clone()]);
        let each = |item: &toml::Value| match item.as_str() {
            Some("day") => Some(Each::Days(EachDay::All)),
            Some("workday") => Some(Each::Days(EachDay::Working)),
            Some(text) if span::weekday(text).is_some() => span::weekday(text).map(|day| Each::Days(EachDay::On(day))),
            _ => self.chosen(item, written.span()).map(|(table, condition)| Each::Table(table, condition)),
        };
        items.iter().filter_map(each).collect()
    }

    fn pick(&mut self, written: &Mark<toml::Value>) -> Vec<(usize, Condition)> {
        let items = written.as_array().cloned().unwrap_or_else(|| vec![(**written).clone()]);
        items.iter().filter_map(|item| self.chosen(item, written.span())).collect()
    }

    fn months_of(&mut self, written: Option<&[Mark<String>]>) -> Vec<usize> {
        let Some(written) = written else { return (0..self.months.len()).collect() };
        let mut months = Vec::new();
        for month in written {
            match self.months.iter().position(|known| known.to_string() == **month) {
                Some(at) => months.push(at),
                None => self.wrong(month.span(), format!("示例里没有「{}」这个月", month.as_str())),
            }
        }
        months
    }
}

/// The fields that are made, then those of the dataset.
fn known_fields(table: &Table) -> Vec<String> {
    let made: BTreeSet<&String> = table.fields.keys().chain(table.lines.iter().flat_map(|line| line.keys())).collect();
    let typed = table.dataset.iter().flat_map(|dataset| dataset.fields.iter().map(|field| &field.name));
    made.into_iter().chain(typed).cloned().collect()
}
