//! Checked rules over tables: a verdict for every subject in scope. Rules are lowered to polars expressions.

mod approval;
mod checks;
mod civil;
mod clock;
mod copies;
mod deadline;
mod derive;
mod duty;
mod explain;
mod fields;
mod figures;
mod formula;
mod frequency;
mod judged;
mod lines;
mod lower;
mod message;
mod notice;
mod once;
mod order;
mod others;
mod parts;
mod pause;
mod penalty;
mod people;
mod periods;
mod points;
mod predicate;
mod prepared;
mod ratio;
mod reader;
mod reconcile;
mod related;
mod remembered;
mod require;
mod scorecard;
mod scores;
mod sequence;
mod signing;
mod split;
mod statistic;
mod values;
mod verdicts;
mod version;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

pub use explain::{CountedDay, REMEDY, act, counted_days, smallest_change};
pub use parts::Parts;
pub use prepared::Prepared;
pub use verdicts::{Counts, Verdicts};

use chrono::{NaiveDate, NaiveDateTime};
use polars::prelude::{DataFrame, JoinArgs, JoinCoalesce, JoinType, JoinValidation, MaintainOrderJoin, PolarsResult, col, polars_err};

use crate::calendar::{Calendars, Period};
use crate::diag::{Code, Diag};
use crate::ledger::{PointBook, ScoreSheet};
use crate::normalise::{Frame, Table, Tables, table_from_rows};
use crate::rules::kinds::{Layout, Notice, Statistic};
use crate::rules::{Kind, Pack, Rule, RuleSet, Status};
use judged::{Context, Judged};
use reader::Reader;

/// What a run looks at: subjects of the period, as they stood at `as_of`. What happened later is not seen.
#[derive(Debug, Clone, Copy)]
pub struct Horizon {
    pub period: Period,
    pub as_of: NaiveDateTime,
}

impl Horizon {
    /// The same, from an earlier day on.
    pub(crate) fn since(&self, first: NaiveDate) -> Self {
        let first = first.min(self.period.first);
        Self { period: Period { first, ..self.period }, ..*self }
    }
}

/// Adds every dataset's lookups, then every pack's `derive` fields in order.
pub fn prepare(tables: Tables, rules: &RuleSet) -> Result<Prepared, Vec<Diag>> {
    let mut diags = Vec::new();
    let mut tables = tables;
    // a dataset without any sheet this month is an empty table to its rules
    for dataset in &rules.datasets {
        if tables.get(&dataset.name).is_none() {
            tables.tables.push(table_from_rows(Arc::clone(dataset), &[])?);
        }
    }
    let plain = tables.clone();
    for table in &mut tables.tables {
        match looked_up(table, &plain) {
            Ok(frame) => table.frame = frame,
            Err(error) => diags.push(
                Diag::error(Code::RuleFault, format!("数据表「{}」从别的表取字段时出错：{error}", table.dataset.name))
                    .help("请检查该数据表的 [[lookup]]"),
            ),
        }
    }
    let plain = tables.clone();
    let mut prepared = Prepared::new(tables, rules);
    for (at, pack) in rules.packs.iter().enumerate() {
        // two packs may compute a field of one name each in its own way
        let clashes = rules.packs[..at].iter().any(|before| pack.derived().any(|field| before.derived().any(|other| other == field)));
        let mut own = if clashes { Some(plain.clone()) } else { None };
        for rule in &pack.rules {
            let Kind::Derive(derive) = &rule.kind else { continue };
            let silent = prepared.is_silent(rule);
            let tables = own.as_mut().unwrap_or(&mut prepared.tables);
            let Some(table) = tables.tables.iter_mut().find(|table| table.dataset.name == derive.dataset) else { continue };
            let added = guarded(rule, || match silent {
                true => derive::add_nothing(table, derive),
                false => derive::add(table, derive),
            });
            match added {
                Ok(frame) => table.frame = frame,
                Err(diag) => diags.push(diag),
            }
        }
        prepared.own.extend(own.map(|tables| (pack.id.clone(), tables)));
    }
    if diags.is_empty() { Ok(prepared) } else { Err(diags) }
}

/// Row of the other table that a lookup found.
const PLACE: &str = "_k.place";

/// The table with the fields that other tables' rows with the same key give it; its own columns stay where they are.
fn looked_up(table: &Table, all: &Tables) -> PolarsResult<Frame> {
    let mut frame = table.frame.clone();
    for lookup in &table.dataset.lookups {
        let Some(other) = all.get(&lookup.from) else {
            return Err(polars_err!(ComputeError: "没有数据表「{}」", lookup.from));
        };
        let on = [col(lookup.on.as_str())];
        let rows = other.frame.lazy().select(on.clone()).with_row_index(PLACE, None).filter(on[0].clone().is_not_null());
        let how = JoinArgs {
            coalesce: JoinCoalesce::CoalesceColumns,
            // a key that stands twice would double the rows here; reading has set such rows aside
            validation: JoinValidation::ManyToOne,
            maintain_order: MaintainOrderJoin::Left,
            ..JoinArgs::new(JoinType::Left)
        };
        let found = frame.lazy().select(on.clone()).join(rows, on.clone(), on, how).collect()?;
        let taken = other.frame.select(lookup.take.iter().map(String::as_str))?;
        frame = frame.beside(taken.take(found.column(PLACE)?.idx()?)?)?;
    }
    Ok(frame)
}

/// Runs a rule's work; an error or a panic inside becomes a Diag with the rule's id and place.
fn guarded<T>(rule: &Rule, work: impl FnOnce() -> PolarsResult<T>) -> Result<T, Diag> {
    let fault = |why: String| {
        Diag::error(Code::RuleFault, format!("规则「{}」（{}）执行时出错：{why}", rule.head.id, rule.head.title))
            .in_text(&rule.head.file, rule.head.span.clone())
            .help("其余规则照常执行，但本次不会发布结果；请检查这条规则用到的字段与条件")
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(fault(error.to_string())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Err(fault(text.unwrap_or("内部错误").to_owned()))
        }
    }
}

/// One rule over its dataset. A rule that fails inside, a panic of polars included, is one Diag with the rule's id.
/// `notice` and `statistic` rules judge nothing and give no verdicts; neither does a rule that [`Prepared::is_silent`].
pub fn judge(pack: &Pack, rule: &Rule, prepared: &Prepared, calendars: &Calendars, horizon: &Horizon) -> Result<Verdicts, Diag> {
    if prepared.is_silent(rule) {
        return Ok(Verdicts::default());
    }
    let context = Context::new(pack, rule, prepared, calendars, horizon);
    let judged = guarded(rule, || {
        let judged = parts::judge(&context)?;
        Ok(judged.zip(judged_table(&context)))
    })?;
    Ok(judged.map_or_else(Verdicts::default, |(judged, table)| {
        let reader = Reader::of(&context, table);
        Verdicts::new(rule, reader, judged, horizon.as_of, calendars.get(&pack.calendar))
    }))
}

/// The rows that a rule looks at; `None`: it judges nothing, or the dataset is not there.
fn judged_table<'a>(context: &Context<'a>) -> Option<&'a Table> {
    context.rule.kind.dataset().and_then(|dataset| context.table(dataset))
}

/// `None`: a rule that judges nothing, or a dataset that is not there.
fn judge_rows<'a>(context: &Context<'a>) -> PolarsResult<Option<(&'a Table, Judged)>> {
    let Some(table) = judged_table(context) else { return Ok(None) };
    let judged = match &context.rule.kind {
        Kind::Deadline(rule) => deadline::judge(context, table, rule)?,
        Kind::Approval(rule) => approval::judge(context, table, rule)?,
        Kind::Signing(rule) => signing::judge(context, table, rule)?,
        Kind::Require(rule) => require::judge(context, table, rule)?,
        Kind::Sequence(rule) => sequence::judge(context, table, rule)?,
        Kind::Order(rule) => order::judge(context, table, rule)?,
        Kind::Derive(rule) => derive::judge(context, table, rule)?,
        Kind::Duty(rule) => duty::judge(context, table, rule)?,
        Kind::Frequency(rule) => frequency::judge(context, table, rule)?,
        Kind::Reconcile(rule) => reconcile::judge(context, table, rule)?,
        Kind::Ratio(rule) => ratio::judge(context, table, rule)?,
        Kind::Points(rule) => points::judge(context, table, rule)?,
        Kind::Scorecard(rule) => scorecard::judge(context, table, rule)?,
        Kind::Penalty(rule) => penalty::judge(context, table, rule)?,
        Kind::Notice(_) | Kind::Statistic(_) => return Ok(None),
    };
    Ok(Some((table, judged)))
}

/// The detail behind a summary statistic.
#[derive(Debug)]
pub struct SummaryDetail<'a> {
    /// A row a subject that ended in one of the months: key fields, groups, `columns`, then
    /// `统计月` (String `2026-10`), `天数` (Decimal(38,4), null unknown), `按期` (String `是`/`否`/`无法判定`/`不适用`),
    /// `损失金额` (Decimal(38,2), null where a share is unknown), `_source`, `_row`.
    pub subjects: Parts<'a>,
    /// A row a share: key, `columns`, `统计月`, the share in yuan (Decimal(38,2)), `_source`, `_row`.
    pub shares: Option<Parts<'a>>,
}

/// The detail behind a register: a row a subject, key fields, `columns`, then `应完成日`, `天数`, `逾期天数`, `状态`
/// (`在办` `在办逾期` `已结` `逾期结案` `无法判定`), and with stations `当前站` and, a station each, `<站别>收文` and `<站别>送出`.
pub type RegisterDetail<'a> = Parts<'a>;

/// The rows that a form lists.
#[derive(Debug, Clone)]
pub struct NoticeRows {
    /// The form's fields, its unit, `_source`, `_row`.
    pub frame: DataFrame,
    /// The unit of each row; `None` where the form has no units.
    pub units: Vec<Option<String>>,
    /// Rows that might belong on the form, were a date or a value there.
    pub undecided: u64,
}

/// `None` for a form that other rules' findings call for.
pub fn notice_rows(
    pack: &Pack,
    rule: &Rule,
    prepared: &Prepared,
    calendars: &Calendars,
    horizon: &Horizon,
) -> Result<Option<NoticeRows>, Diag> {
    let Kind::Notice(Notice { rows: Some(rows), .. }) = &rule.kind else { return Ok(None) };
    if prepared.is_silent(rule) || rule.head.status == Status::Preview {
        return Ok(None);
    }
    let context = Context::new(pack, rule, prepared, calendars, horizon);
    guarded(rule, || notice::rows(&context, rows)).map(Some)
}

/// Months from a year before the period to its end.
pub fn summary<'a>(
    pack: &'a Pack,
    rule: &'a Rule,
    prepared: &'a Prepared,
    calendars: &'a Calendars,
    horizon: &Horizon,
) -> Result<SummaryDetail<'a>, Diag> {
    let (statistic, horizon) = (statistic_of(rule)?, statistic::year(horizon));
    let parts = move |dataset: &str, make: fn(&Context, &Statistic) -> PolarsResult<DataFrame>| {
        let table = guarded(rule, || statistic::table(prepared.of(pack), dataset))?.clone();
        Parts::new(table, move |part| {
            let context = Context { part: Some(part), ..Context::new(pack, rule, prepared, calendars, &horizon) };
            guarded(rule, || make(&context, statistic))
        })
    };
    let shares = statistic.loss().map(|loss| parts(&loss.dataset, statistic::shares)).transpose()?;
    Ok(SummaryDetail { subjects: parts(&statistic.dataset, statistic::subjects)?, shares })
}

pub fn register<'a>(
    pack: &'a Pack,
    rule: &'a Rule,
    prepared: &'a Prepared,
    calendars: &'a Calendars,
    horizon: &Horizon,
) -> Result<RegisterDetail<'a>, Diag> {
    let (statistic, horizon) = (statistic_of(rule)?, *horizon);
    let table = guarded(rule, || statistic::table(prepared.of(pack), &statistic.dataset))?.clone();
    Parts::new(table, move |part| {
        let context = Context { part: Some(part), ..Context::new(pack, rule, prepared, calendars, &horizon) };
        guarded(rule, || statistic::register(&context, statistic))
    })
}

/// The rows behind a table of times at the desks or of losses borne, in columns:
/// * times, a row a visit and station: `时限规则` (null where no rule is about the visit), `承办部门`, `时限` (null where nobody has said it),
///   key, `columns`, `天数` (Decimal(38,4), null where it is not over or not known), `按期`, `_source`, `_row`.
/// * losses, a row a share of the period and of the year before: key, unit, class, `columns`, `统计月`, the share in yuan, `_source`, `_row`.
pub type TableDetail<'a> = Parts<'a>;

pub fn table<'a>(
    pack: &'a Pack,
    rule: &'a Rule,
    prepared: &'a Prepared,
    calendars: &'a Calendars,
    horizon: &Horizon,
) -> Result<TableDetail<'a>, Diag> {
    let (statistic, horizon) = (statistic_of(rule)?, *horizon);
    let table = guarded(rule, || statistic::table(prepared.of(pack), &statistic.dataset))?.clone();
    Parts::new(table, move |part| {
        let context = Context { part: Some(part), ..Context::new(pack, rule, prepared, calendars, &horizon) };
        guarded(rule, || match &statistic.layout {
            Layout::StationTimes(spec) => statistic::times(&context, statistic, spec),
            Layout::Losses(spec) => statistic::borne(&context, statistic, spec),
            _ => Err(polars_err!(ComputeError: "不是时效或损失统计")),
        })
    })
}

/// What a `points` rule says of the period and of the windows that end in it, for its book.
pub fn points(pack: &Pack, rule: &Rule, prepared: &Prepared, calendars: &Calendars, horizon: &Horizon) -> Result<PointBook, Diag> {
    let context = Context::new(pack, rule, prepared, calendars, horizon);
    match (&rule.kind, judged_table(&context)) {
        (Kind::Points(points), Some(table)) if !prepared.is_silent(rule) => guarded(rule, || points::book(&context, table, points)),
        _ => Ok(PointBook::default()),
    }
}

/// What a `scorecard` rule says of the period, and of the years that end in it, for its books.
pub fn scores(pack: &Pack, rule: &Rule, prepared: &Prepared, calendars: &Calendars, horizon: &Horizon) -> Result<ScoreSheet, Diag> {
    let context = Context::new(pack, rule, prepared, calendars, horizon);
    match (&rule.kind, judged_table(&context)) {
        (Kind::Scorecard(card), Some(table)) if !prepared.is_silent(rule) => guarded(rule, || scorecard::sheet(&context, table, card)),
        _ => Ok(ScoreSheet::default()),
    }
}

fn statistic_of(rule: &Rule) -> Result<&Statistic, Diag> {
    match &rule.kind {
        Kind::Statistic(statistic) => Ok(statistic),
        _ => guarded(rule, || Err(polars_err!(ComputeError: "不是统计规则"))),
    }
}
