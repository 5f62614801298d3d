//! Judging alone: fifty rules over ten thousand to ten million subjects that lie in memory. `cargo run --release -p evaluate`
//! prints a line a size; see benches/README.md.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use kesu::calendar::Calendars;
use kesu::evaluate::{Horizon, Prepared, judge, prepare};
use kesu::normalise::{ROW, SOURCE, Source, Table, Tables};
use kesu::parallel;
use kesu::rules::{Pack, Rule, RuleSet, load};
use polars::prelude::*;

#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const DEADLINES: usize = 20;
const REQUIRES: usize = 30;
const SIZES: [u32; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const RUNS: usize = 5;

const DATASET: &str = r#"
[dataset]
name = "案件"
key = ["编号"]
at = "受理日期"
match = ["*"]
[[field]]
name = "编号"
type = "text"
required = true
[[field]]
name = "国内外"
type = "one_of"
values = ["国内", "国外"]
[[field]]
name = "部门"
type = "text"
[[field]]
name = "受理日期"
type = "date"
[[field]]
name = "结案日期"
type = "date"
[[field]]
name = "金额"
type = "money"
[[field]]
name = "数量"
type = "int"
[[field]]
name = "不良数量"
type = "int"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let rules = rules()?;
    let (calendars, ..) = Calendars::load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules/calendars"));
    let as_of = NaiveDate::from_ymd_opt(2026, 10, 31).and_then(|day| day.and_hms_opt(23, 59, 59)).ok_or("no such day")?;
    let horizon = Horizon { period: "2026-08..2026-10".parse()?, as_of };
    let count = rules.rules().count();
    println!("| subjects × {count} rules | best of {RUNS} | nanoseconds a subject and rule | verdicts |\n|---:|---:|---:|---:|");
    for rows in SIZES {
        let prepared = prepare(tables(&rules, rows)?, &rules).map_err(|diags| format!("{diags:?}"))?;
        let mut best = f64::INFINITY;
        let mut verdicts = 0;
        for _ in 0..RUNS {
            let begin = Instant::now();
            verdicts = judge_all(&rules, &prepared, &calendars, &horizon)?;
            best = best.min(begin.elapsed().as_secs_f64());
        }
        println!("| {rows} | {best:.3} s | {:.1} | {verdicts} |", best * 1e9 / f64::from(rows) / count as f64);
    }
    Ok(())
}

/// As a run does it: rules side by side.
fn judge_all(rules: &RuleSet, prepared: &Prepared, calendars: &Calendars, horizon: &Horizon) -> Result<u64, String> {
    let all: Vec<(&Pack, &Rule)> = rules.rules().collect();
    let counts =
        parallel::each(&all, |(pack, rule)| judge(pack, rule, prepared, calendars, horizon).map(|verdicts| verdicts.counts().population()));
    counts.into_iter().sum::<Result<u64, _>>().map_err(|diag| format!("{diag:?}"))
}

/// Deadlines of some days for one half of the subjects, and required fields with a comparison.
fn rules() -> Result<RuleSet, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let pack = folder.path().join("bench");
    std::fs::create_dir_all(pack.join("datasets"))?;
    let manifest = "schema = 1\n[pack]\nid = \"bench\"\ntitle = \"办法\"\nversion = \"1\"\ncalendar = \"cn-public\"\n\
                    [conventions]\ncount_first_day = false\nroll_last_day = false\n[[source]]\nid = \"s\"\ntitle = \"办法\"\n";
    let mut text = String::new();
    for at in 0..DEADLINES {
        write!(
            text,
            "[[deadline]]\nid = \"d{at}\"\ntitle = \"期限\"\ndataset = \"案件\"\nstart = \"受理日期\"\nstop = \"结案日期\"\nunit = \"部门\"\n\
             [[deadline.version]]\nfrom = 2020-01-01\ncite = \"s 一条\"\n\
             rows = [{{ when = {{ \"国内外\" = \"国内\" }}, limit = \"{}d\" }}, {{ when = {{ \"国内外\" = \"国外\" }}, limit = \"{}d\" }}]\n",
            10 + at,
            15 + at
        )?;
    }
    for at in 0..REQUIRES {
        write!(
            text,
            "[[require]]\nid = \"r{at}\"\ntitle = \"必填\"\ndataset = \"案件\"\nat = \"受理日期\"\nunit = \"部门\"\n\
             [[require.version]]\nfrom = 2020-01-01\ncite = \"s 二条\"\n\
             rows = [{{ present = [\"部门\", \"金额\"] }}, {{ when = {{ \"数量\" = \">= {at}\" }}, holds = {{ \"不良数量\" = \"<= {{数量}}\" }} }}]\n",
        )?;
    }
    std::fs::write(pack.join("pack.toml"), manifest)?;
    std::fs::write(pack.join("rules.toml"), text)?;
    std::fs::write(pack.join("datasets/案件.toml"), DATASET)?;
    let (rules, diags) = load(&[pack], &[], &[]);
    if diags.has_errors() { Err(format!("{diags:?}").into()) } else { Ok(rules) }
}

/// Three months of cases; one in forty is late, one in seventy lacks its department.
fn tables(rules: &RuleSet, rows: u32) -> Result<Tables, Box<dyn Error>> {
    let dataset = rules.dataset("案件").ok_or("no dataset")?;
    let first = NaiveDate::from_ymd_opt(2026, 8, 1).ok_or("no such day")?.to_epoch_days();
    let accepted = |at: u32| first + (u64::from(at) * 90 / u64::from(rows)) as i32;
    let date = |name: &str, day: &dyn Fn(u32) -> i32| -> PolarsResult<Column> {
        Ok(Int32Chunked::from_iter_values(name.into(), (0..rows).map(day)).into_series().cast(&DataType::Date)?.into_column())
    };
    let texts = |name: &str, text: &dyn Fn(u32) -> Option<String>| -> Column {
        StringChunked::from_iter_options(name.into(), (0..rows).map(text)).into_series().into_column()
    };
    let whole = |name: &str, number: &dyn Fn(u32) -> i64| -> Column {
        Int64Chunked::from_iter_values(name.into(), (0..rows).map(number)).into_series().into_column()
    };
    let place = |name: &str, number: &dyn Fn(u32) -> u32| -> Column {
        UInt32Chunked::from_iter_values(name.into(), (0..rows).map(number)).into_series().into_column()
    };
    let amount = Int128Chunked::from_iter_values("金额".into(), (0..rows).map(|at| i128::from(at % 9_000) * 1_000_000));
    let columns = vec![
        texts("编号", &|at| Some(format!("2608{at:07}"))),
        texts("国内外", &|at| Some(if at % 5 == 0 { "国外" } else { "国内" }.to_owned())),
        texts("部门", &|at| (at % 70 != 3).then(|| format!("制造{}部", at % 9))),
        date("受理日期", &accepted)?,
        date("结案日期", &|at| accepted(at) + if at % 40 == 7 { 30 } else { 8 })?,
        amount.into_series().into_decimal(38, 4)?.into_column(),
        whole("数量", &|at| i64::from(at % 500)),
        whole("不良数量", &|at| i64::from(at % 500 / 10) + i64::from(at % 300 == 0) * 500),
        place(SOURCE, &|_| 0),
        place(ROW, &|at| at + 2),
    ];
    let present = Arc::new(dataset.fields.iter().map(|field| field.name.clone()).collect());
    let table = Table { dataset: Arc::clone(dataset), frame: DataFrame::new(rows as usize, columns)?.into(), present };
    Ok(Tables { sources: vec![Source { file: "案件.xlsx".into(), sheet: "案件".into() }], tables: vec![table] })
}
