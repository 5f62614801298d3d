//! 稽核抽样: what was drawn and how, so that it can be drawn again; and what the limits of the packs invite.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::sheet::{Column, Sheet, Stream, Style, Value};
use super::xlsx;
use crate::calendar::Period;
use crate::diag::Diag;
use crate::ledger::{Finding, Place, figure};
use crate::rules::RuleSet;

const TITLE: &str = "稽核抽样";

#[derive(Debug)]
pub struct Sampling<'a> {
    pub company: &'a str,
    pub period: Period,
    pub as_of: NaiveDate,
    pub rules: &'a RuleSet,
    pub seed: u64,
    pub by: Strata,
    pub random: Sample,
    pub money: Sample,
    pub tests: Vec<Test>,
}

/// What the random sample is drawn from in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strata {
    Department,
    Amount,
}

impl Strata {
    pub fn title(self) -> &'static str {
        match self {
            Strata::Department => "部门",
            Strata::Amount => "金额",
        }
    }
}

#[derive(Debug)]
pub struct Sample {
    pub population: usize,
    /// Yuan of the whole population, of each step, and of the first.
    pub sum: Option<Decimal>,
    pub step: Option<Decimal>,
    pub start: Option<Decimal>,
    pub drawn: Vec<Drawn>,
}

#[derive(Debug)]
pub struct Drawn {
    pub stratum: String,
    pub population: usize,
    /// Its lot, or which yuan hit it.
    pub why: String,
    pub finding: Finding,
}

/// One way around a limit.
#[derive(Debug)]
pub struct Test {
    pub name: &'static str,
    pub population: &'static str,
    pub looked: usize,
    /// When a hit means nothing.
    pub note: &'static str,
    pub hits: Vec<(String, Finding)>,
}

/// Writes the workbook into `folder`; its name comes back.
///
/// # Errors
/// It cannot be written.
pub fn write(sampling: &Sampling<'_>, folder: &Path) -> Result<PathBuf, Diag> {
    let name = format!("{TITLE}.xlsx");
    let mut sheets = vec![random(sampling), money(sampling), tests(sampling)];
    sheets.extend(sampling.tests.iter().filter(|test| !test.hits.is_empty()).map(|test| hits(sampling, test)));
    sheets.iter_mut().for_each(Sheet::fit);
    let period = &sampling.period.chinese();
    let properties = xlsx::Properties { title: TITLE, company: sampling.company, period, as_of: sampling.as_of };
    xlsx::write(&folder.join(&name), properties, &sheets)?;
    Ok(name.into())
}

fn heading(sheet: &mut Sheet<'_>, sampling: &Sampling<'_>, title: &str) {
    sheet.wide(format!("{}{TITLE} · {title}", sampling.company), Style::Title);
    sheet.wide(format!("期间：{}    截至：{}", sampling.period.chinese(), sampling.as_of), Style::Subtitle);
}

fn finding_columns() -> Vec<Column> {
    vec![
        Column::new("规则", Style::Wrapped).at_least(14).at_most(20),
        Column::new("编号", Style::Text),
        Column::new("部门", Style::Text),
        Column::new("责任人", Style::Text),
        Column::new("结果", Style::Centre),
        Column::new("金额（元）", Style::Money),
        Column::new("说明", Style::Wrapped).at_least(24).at_most(40),
        Column::new("出处", Style::Wrapped).at_least(20).at_most(34),
    ]
}

fn finding_values<'v>(sampling: &Sampling<'v>, finding: &'v Finding) -> [Value<'v>; 8] {
    let rule = sampling.rules.rules().find(|(pack, rule)| finding.pack == pack.id && finding.rule == rule.head.id);
    [
        Value::text(rule.map_or(finding.rule.as_str(), |(_, rule)| rule.head.title.as_str())),
        Value::text(finding.subject.as_str()),
        Value::text(finding.unit.as_str()),
        Value::text(finding.person.as_str()),
        Value::text(finding.outcome.title()),
        Value::number(finding.amount),
        Value::text(finding.message.as_str()),
        Value::text(place(&finding.place)),
    ]
}

/// `sample-data/台账.xlsx[10月] 第17行`; nothing where a verdict has no single row.
fn place(place: &Place) -> String {
    if place.file.is_empty() { String::new() } else { format!("{}[{}] 第{}行", place.file, place.sheet, place.row) }
}

/// What the auditor fills in.
fn checked_columns() -> [Column; 2] {
    [Column::new("复核结果", Style::Sign).at_least(12), Column::new("复核人/日期", Style::Sign).at_least(14)]
}

fn drawn<'v>(sheet: &mut Sheet<'v>, sampling: &'v Sampling<'v>, drawn: &'v [Drawn], with_stratum: bool) {
    sheet.table(Stream::new(drawn.len(), move |at, values| {
        let one = &drawn[at];
        values.push(Value::text(one.why.as_str()));
        if with_stratum {
            values.push(Value::text(if one.stratum.is_empty() { "（未填）" } else { one.stratum.as_str() }));
            values.push(Value::count(one.population as u64));
        }
        values.extend(finding_values(sampling, &one.finding));
        values.extend([Value::Blank, Value::Blank]);
    }));
}

fn random<'v>(sampling: &'v Sampling<'v>) -> Sheet<'v> {
    let mut columns = vec![
        Column::new("签号", Style::Text),
        Column::new(format!("层（{}）", sampling.by.title()), Style::Text),
        Column::new("层内件数", Style::Int),
    ];
    columns.extend(finding_columns().into_iter().chain(checked_columns()));
    let mut sheet = Sheet::new("随机抽样", columns).landscape().about(format!("按{}分层，各层按比例，至少一件", sampling.by.title()));
    heading(&mut sheet, sampling, "随机抽样");
    let words = format!(
        "总体 {} 件判定，抽 {} 件，种子 {}。签号是 SHA-256（种子、规则包、规则、编号、责任人，各带八字节长度）的前 12 位，每层取最小的几个；照此可以原样重抽。",
        sampling.random.population,
        sampling.random.drawn.len(),
        sampling.seed
    );
    sheet.wide(words, Style::Note);
    drawn(&mut sheet, sampling, &sampling.random.drawn, true);
    sheet
}

fn money<'v>(sampling: &'v Sampling<'v>) -> Sheet<'v> {
    let mut columns = vec![Column::new("抽中的元", Style::Wrapped).at_least(24)];
    columns.extend(finding_columns().into_iter().chain(checked_columns()));
    let mut sheet = Sheet::new("金额单位抽样", columns).landscape().about("按金额大小：每隔若干元抽一件");
    heading(&mut sheet, sampling, "金额单位抽样");
    let yuan = |amount: Option<Decimal>| amount.map(figure).unwrap_or_default();
    let sample = &sampling.money;
    let words = match sample.step {
        None => "本期没有带金额的判定。".to_owned(),
        Some(_) => format!(
            "总体 {} 件，合计 {} 元；从第 {} 元起每隔 {} 元抽一件，按判定的次序累计；大于间隔的必被抽中。种子 {}。",
            sample.population,
            yuan(sample.sum),
            yuan(sample.start),
            yuan(sample.step),
            sampling.seed
        ),
    };
    sheet.wide(words, Style::Note);
    drawn(&mut sheet, sampling, &sample.drawn, false);
    sheet
}

fn tests<'v>(sampling: &'v Sampling<'v>) -> Sheet<'v> {
    let columns = vec![
        Column::new("测试", Style::Wrapped).at_least(18),
        Column::new("看的是", Style::Wrapped).at_least(16),
        Column::new("总体", Style::Int),
        Column::new("命中", Style::Int),
        Column::new("误报说明", Style::Wrapped).at_least(40).at_most(60),
    ];
    let mut sheet = Sheet::new("规避测试", columns).landscape().about("由规则包自己的限额推出的测试，各有总体与误报说明");
    heading(&mut sheet, sampling, "规避测试");
    sheet.wide("命中只是值得一看，不是违规。重号、疑似拆单见稽核底稿的问题清单。", Style::Note);
    sheet.table(Stream::new(sampling.tests.len(), move |at, values| {
        let test = &sampling.tests[at];
        values.extend([Value::text(test.name), Value::text(test.population)]);
        values.extend([Value::count(test.looked as u64), Value::count(test.hits.len() as u64), Value::text(test.note)]);
    }));
    sheet
}

fn hits<'v>(sampling: &'v Sampling<'v>, test: &'v Test) -> Sheet<'v> {
    let mut columns = vec![Column::new("命中", Style::Wrapped).at_least(24).at_most(34)];
    columns.extend(finding_columns().into_iter().chain(checked_columns()));
    let mut sheet = Sheet::new(test.name, columns).landscape().about(test.note);
    heading(&mut sheet, sampling, test.name);
    sheet.wide(test.note, Style::Note);
    sheet.table(Stream::new(test.hits.len(), move |at, values| {
        let (words, finding) = &test.hits[at];
        values.push(Value::text(words.as_str()));
        values.extend(finding_values(sampling, finding));
        values.extend([Value::Blank, Value::Blank]);
    }));
    sheet
}
