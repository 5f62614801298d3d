//! A log of stations: each case's rows in their order, held against the route. Cases that went the same way share one answer.

use polars::prelude::*;

use super::walk::{Fault, Held, Place, hold};
use crate::evaluate::fields::{Fields, all, bits};
use crate::evaluate::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use crate::evaluate::lower::{choose, day_of, long, look_up, null_of, second_of, small};
use crate::evaluate::predicate::{Answer, Stage};
use crate::evaluate::version::{citations, index};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::kinds::{Log, Need, Order, Stop};

/// One letter a station; the last one stands for a station of no route.
const CODE: &str = "_k.code";
const WALK: &str = "_k.walk";
/// Version, whether it ended, what it needs, and the walk.
const KEY: &str = "_k.key";
const CASE: &str = "_k.case";
const PLACE: &str = "_k.place";
const ENDED: &str = "_k.ended";
const INSIDE: &str = "_k.inside";
const BEFORE: &str = "_k.before";
/// The first row that cannot be placed.
const UNPLACED: &str = "_k.unplaced";
const LAST: &str = "_k.last";
/// The walk's row that a verdict is about.
const AT_ROW: &str = "_k.at_row";
/// Number of the condition that would have to be known.
const UNKNOWN_NEED: &str = "_k.unknown_need";

/// The faults of all walks, and the rows that they speak of.
#[derive(Default)]
pub(in crate::evaluate) struct Walks {
    /// One a distinct walk.
    pub(super) faults: Vec<Vec<Fault>>,
    /// The table's rows, case by case in their order.
    pub(super) rows: UInt32Chunked,
}

/// A condition of the route, over all rows of a case: 2 holds, 1 does not, 0 unknown.
struct Needs {
    /// Version and place of each.
    of: Vec<(usize, usize)>,
    answers: Vec<Answer>,
}

impl Needs {
    fn new(rule: &Order, stage: &mut Stage) -> PolarsResult<Self> {
        let mut needs = Self { of: Vec::new(), answers: Vec::new() };
        for (version, dated) in rule.route.versions.iter().enumerate() {
            for (place, stop) in dated.body.iter().enumerate() {
                if let Need::When(when) = &stop.need {
                    needs.of.push((version, place));
                    needs.answers.push(stage.condition(when)?);
                }
            }
        }
        Ok(needs)
    }

    fn name(at: usize) -> String {
        format!("_k.need{at}")
    }

    fn lack_name(at: usize) -> String {
        format!("_k.need_lack{at}")
    }

    fn columns(&self) -> Vec<Expr> {
        let each = self.answers.iter().enumerate().flat_map(|(at, answer)| {
            let state = choose([(answer.holds(), small(2)), (answer.unknown(), small(0))], small(1));
            [state.alias(Self::name(at)), bits(answer.lack.clone()).alias(Self::lack_name(at))]
        });
        each.collect()
    }

    fn names(&self) -> impl Iterator<Item = String> {
        (0..self.of.len()).flat_map(|at| [Self::name(at), Self::lack_name(at)])
    }
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Order, log: &Log) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let stations = stations(rule);
    let mut stage = Stage::new(&fields, "_k.route");
    let needs = Needs::new(rule, &mut stage)?;
    let sorted = sorted(context, table, rule, log, &fields, &stations, stage, &needs)?;
    let rows = sorted.column(column::ROW)?.as_materialized_series().clone();
    let cases = cases(&sorted, &needs)?;

    let (held, faults) = hold_all(&cases, rule, &needs)?;
    let unknown_need = (0..needs.of.len()).map(|at| (col(UNKNOWN_NEED).eq(small(at as i32)), col(Needs::lack_name(at))));
    let need_lack = choose(unknown_need.collect::<Vec<_>>(), long(0));
    let breached = col(column::OUTCOME).eq(outcome(Outcome::Breached)).fill_null(lit(false));
    let (why, lack) = undecided(Some(col(BEFORE)), Some(breached), Some(need_lack));
    let row = |place: Expr| look_up(&rows, place);
    let decided = col(column::WHY).eq(Why::Decided.code());
    let shown = choose(
        [
            (col(UNPLACED).is_not_null(), row(col(UNPLACED))),
            (col(column::VERSION).is_null(), row(col(column::FIRST))),
            (col(AT_ROW).is_not_null(), row(col(column::FIRST) + col(AT_ROW))),
        ],
        row(col(LAST)),
    );
    let frame = cases
        .lazy()
        .join(held, [col(KEY)], [col(KEY)], JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) })
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK), shown.alias(column::ROW)])
        .select([
            col(column::ROW),
            choose([(decided, col(column::OUTCOME))], outcome(Outcome::Indeterminate)).alias(column::OUTCOME),
            col(column::VERSION),
            col(column::WHY),
            col(column::LACK),
            col(column::WALK),
            col(column::FIRST),
        ])
        .sort([column::ROW], SortMultipleOptions::default())
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.route),
        named_by: log.case.clone(),
        walks: Walks { faults, rows: rows.u32()?.clone() },
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        ..Judged::default()
    })
}

/// Every station of every version, each once.
fn stations(rule: &Order) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for name in rule.route.versions.iter().flat_map(|version| &version.body).flat_map(|stop| &stop.names) {
        if !all.contains(&name.as_str()) {
            all.push(name);
        }
    }
    all
}

fn letter(code: usize) -> String {
    u32::try_from(code).ok().and_then(|code| char::from_u32(u32::from('A') + code)).unwrap_or('?').to_string()
}

/// The rows that `as_of` sees, case by case in their order.
#[allow(clippy::too_many_arguments)]
fn sorted(
    context: &Context,
    table: &Table,
    rule: &Order,
    log: &Log,
    fields: &Fields,
    stations: &[&str],
    stage: Stage,
    needs: &Needs,
) -> PolarsResult<DataFrame> {
    let at = At::of(context, table, fields, rule.at.as_ref())?;
    let moment = rule.at.as_deref().unwrap_or_default();
    let (moment, dtype) = (fields.column(moment)?, fields.dtype(moment)?);
    let case = log.case.iter().map(|field| fields.lack(field)).collect::<PolarsResult<Vec<_>>>()?;
    let lack = all(case.into_iter().chain([at.lack.clone(), fields.lack(&log.station)?]));
    let version = index(&day_of(moment.clone(), &dtype), &rule.route);
    let scoped = scoped(table, fields, &rule.scope, at.seen.clone().fill_null(lit(true)), version, lack)?;

    let name = fields.column(&log.station)?;
    let code = stations.iter().enumerate().map(|(code, station)| (name.clone().eq(lit(*station)), lit(letter(code))));
    let code = choose(code.collect::<Vec<_>>(), lit(letter(stations.len())));
    let (ended, closed_inside) = match &rule.done {
        Some(done) => {
            let (column, dtype) = (fields.column(done)?, fields.dtype(done)?);
            let seen = context.seen(column.clone(), &dtype).fill_null(lit(false));
            let day = day_of(column, &dtype);
            let period = context.horizon.period;
            let inside = day.clone().gt_eq(small(period.first.to_epoch_days())).and(day.lt_eq(small(period.last.to_epoch_days())));
            (seen.clone(), seen.and(inside.fill_null(lit(false))))
        }
        None => (lit(false), lit(false)),
    };
    let keys: Vec<Expr> = log.case.iter().map(|field| col(field.as_str())).collect();
    let first_row = col(column::ROW).min().over(keys)?;
    let mut order = vec![CASE, "_k.second"];
    let mut columns = vec![first_row.alias(CASE), second_of(moment, &dtype).alias("_k.second")];
    if let Some(seq) = &log.seq {
        columns.push(fields.column(seq)?.alias("_k.seq"));
        order.push("_k.seq");
    }
    order.push(column::ROW);
    columns.extend([
        code.alias(CODE),
        at.within(context.horizon).or(closed_inside).alias(INSIDE),
        ended.alias(ENDED),
        bits(scoped.lack.clone()).alias(BEFORE),
    ]);
    let kept = [CASE, "_k.second", column::ROW, column::VERSION, CODE, INSIDE, ENDED, BEFORE].map(String::from);
    let kept = kept.into_iter().chain(log.seq.as_ref().map(|_| "_k.seq".to_owned())).chain(needs.names());
    scoped
        .rows
        .with_columns(stage.columns())
        .with_columns(columns)
        .with_columns(needs.columns())
        .select(kept.map(col).collect::<Vec<_>>())
        .sort(order, SortMultipleOptions::default())
        .with_row_index(PLACE, None)
        .collect()
}

/// A line a case of the period.
fn cases(sorted: &DataFrame, needs: &Needs) -> PolarsResult<DataFrame> {
    let unplaced = choose([(col(BEFORE).neq(long(0)), col(PLACE))], null_of(DataType::UInt32)).min();
    let mut aggregates = vec![
        col(CODE).str().join("", true).alias(WALK),
        col(PLACE).first().alias(column::FIRST),
        col(PLACE).last().alias(LAST),
        col(column::VERSION).first(),
        col(INSIDE).any(true),
        col(ENDED).any(true),
        unplaced.alias(UNPLACED),
    ];
    aggregates.extend(needs.names().map(|name| col(name).max()));
    let lacks = sorted.column(BEFORE)?.as_materialized_series().clone();
    let text = |expr: Expr| expr.cast(DataType::String);
    let mut key = vec![text(col(column::VERSION)), lit("|"), text(col(ENDED).cast(DataType::Int32)), lit("|")];
    key.extend((0..needs.of.len()).map(|at| text(col(Needs::name(at)))));
    key.extend([lit("|"), col(WALK)]);
    sorted
        .clone()
        .lazy()
        .group_by_stable([col(CASE)])
        .agg(aggregates)
        .filter(col(INSIDE))
        .with_columns([look_up(&lacks, col(UNPLACED)).fill_null(long(0)).alias(BEFORE), concat_str(key, "", false).alias(KEY)])
        .collect()
}

/// Each distinct walk held against its route: a line a key, and the faults by number.
fn hold_all(cases: &DataFrame, rule: &Order, needs: &Needs) -> PolarsResult<(LazyFrame, Vec<Vec<Fault>>)> {
    let mut first = vec![col(column::VERSION).first(), col(ENDED).first(), col(WALK).first()];
    first.extend((0..needs.of.len()).map(|at| col(Needs::name(at)).first()));
    let distinct = cases.clone().lazy().filter(col(KEY).is_not_null()).group_by_stable([col(KEY)]).agg(first).collect()?;
    let series = |name: &str| distinct.column(name).map(|column| column.as_materialized_series().clone());
    let (versions, ended, walks) = (series(column::VERSION)?, series(ENDED)?, series(WALK)?);
    let states = (0..needs.of.len()).map(|at| series(&Needs::name(at))).collect::<PolarsResult<Vec<_>>>()?;
    let states = states.iter().map(|series| series.i32()).collect::<PolarsResult<Vec<_>>>()?;
    let (mut outcomes, mut at_rows, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    let mut faults = Vec::new();
    let known = stations(rule);
    for (line, ((version, ended), walk)) in versions.i32()?.iter().zip(ended.bool()?.iter()).zip(walks.str()?.iter()).enumerate() {
        let version = version.and_then(|version| usize::try_from(version).ok()).unwrap_or_default();
        let Some(stops) = rule.route.versions.get(version).map(|version| &version.body) else { continue };
        let state = |place: usize| {
            let at = needs.of.iter().position(|of| *of == (version, place))?;
            Some((at, states.get(at)?.get(line)?))
        };
        let places: Vec<Place> =
            stops.iter().enumerate().map(|(at, stop)| place(stop, &known, state(at).map(|(_, state)| state))).collect();
        let codes: Vec<usize> = walk.unwrap_or_default().chars().map(|letter| letter as usize - 'A' as usize).collect();
        let held = hold(&codes, &places, ended.unwrap_or(false));
        let open = (0..places.len()).filter_map(|place| Some((place, state(place)?)));
        let open =
            open.filter(|(place, (_, state))| *state == 0 && !held.seen[*place] && *place < held.reached).map(|(_, (at, _))| at as i32);
        unknown.push(open.min());
        outcomes.push(verdict(&held) as i32);
        at_rows.push(held.faults.first().and_then(Fault::row).and_then(|row| u32::try_from(row).ok()));
        faults.push(held.faults);
    }
    let numbers: Vec<u32> = (0..).take(faults.len()).collect();
    let frame = DataFrame::new(
        faults.len(),
        vec![
            distinct.column(KEY)?.clone(),
            Column::new(column::OUTCOME.into(), outcomes),
            Column::new(column::WALK.into(), numbers),
            Column::new(AT_ROW.into(), at_rows),
            Column::new(UNKNOWN_NEED.into(), unknown),
        ],
    )?;
    Ok((frame.lazy(), faults))
}

fn verdict(held: &Held) -> Outcome {
    match (held.faults.is_empty(), held.finished) {
        (false, _) => Outcome::Breached,
        (true, true) => Outcome::Met,
        (true, false) => Outcome::Pending,
    }
}

/// `state` of the condition, where the place has one; not needed while that is unknown.
fn place(stop: &Stop, known: &[&str], state: Option<i32>) -> Place {
    let codes = known.iter().enumerate().filter(|(_, name)| stop.names.iter().any(|own| own == *name)).map(|(code, _)| code);
    let needed = match stop.need {
        Need::Always => true,
        Need::Never => false,
        Need::When(_) => state == Some(2),
    };
    Place { codes: codes.collect(), needed }
}
